"""What rules watch of Opvangpeil itself: whether events come in and are processed, and whether its figures hold."""

from datetime import date, timedelta

import numpy as np

from schemas.alarmregels import AlarmRegel
from services.core.alarms.beeld import Beeld, Uitzoekwerk, Waarden, landelijke_waarde
from services.core.alarms.bewaakt.declaratie import Bewaakt, GeenVerleden
from services.core.alarms.woorden import count, length, naam, percentage, plain
from services.core.dutch import dutch_moment


def _stilte(_: AlarmRegel, beeld: Beeld) -> Waarden:
    last = beeld.gevonden.laatste_ontvangst
    return landelijke_waarde(None if last is None else max(0.0, (beeld.now - last).total_seconds()))


def _stilte_zin(regel: AlarmRegel, _onderwerp: str, waarde: float, beeld: Beeld) -> str:
    last = dutch_moment(beeld.now - timedelta(seconds=waarde))
    return f"De laatste gebeurtenis kwam binnen op {last}, {length(waarde)} geleden (grens {length(regel.gaat_af)})."


def _onverwerkbaar(_: AlarmRegel, beeld: Beeld) -> Waarden:
    return landelijke_waarde(beeld.gevonden.aandeel_onverwerkbaar)


def _onverwerkbaar_zin(regel: AlarmRegel, _onderwerp: str, waarde: float, _: Beeld) -> str:
    share, limit = percentage(waarde, regel.gaat_af), percentage(regel.gaat_af)
    return f"Van wat het laatste uur binnenkwam was {share} niet te verwerken (grens {limit})."


def _achterstand(_: AlarmRegel, beeld: Beeld) -> Waarden:
    return landelijke_waarde(beeld.achterstand)


def _achterstand_zin(regel: AlarmRegel, _onderwerp: str, waarde: float, _: Beeld) -> str:
    waiting = count(int(waarde), "bericht is", "berichten zijn", "geen")
    return f"{waiting[0].upper()}{waiting[1:]} nog niet verwerkt (grens {plain(regel.gaat_af)})."


def _achterhaald(_: AlarmRegel, beeld: Beeld) -> Waarden | None:
    found = beeld.gevonden.achterhaald
    if found is None:
        return None
    return Waarden([*found], np.array([len(figures) for figures in found.values()], dtype=np.float64))


def _achterhaald_zin(_: AlarmRegel, onderwerp: str, _waarde: float, beeld: Beeld) -> str:
    found = (beeld.gevonden.achterhaald or {})[onderwerp]
    if not found:
        return f"Van {naam(onderwerp, beeld)} kloppen alle vastgelegde cijfers weer."
    first = found[0]
    day = date.fromisoformat(first.peildatum).strftime("%d-%m-%Y")
    more = len(found) - 1
    others = "" if not more else f" Nog {more} {'ander cijfer klopt' if more == 1 else 'andere cijfers kloppen'} niet."
    return (
        f"Van {naam(onderwerp, beeld)} is '{first.grootheid}' op {day} vastgelegd als "
        f"{plain(first.vastgelegd)}; met wat nu bekend is, is dat {plain(first.nu)}.{others}"
    )


VAN_OPVANGPEIL = (
    Bewaakt(
        naam="stilte-van-stroom",
        waarden=_stilte,
        verleden=GeenVerleden(
            "gaat over wanneer berichten binnenkwamen; de geschiedenis zegt over welk moment zij gaan, "
            "en wat later is ingelezen kwam in één keer binnen"
        ),
        zin=_stilte_zin,
        onbekend="Er is nog nooit een gebeurtenis binnengekomen.",
        verklaring=None,
        uitzoekwerk=Uitzoekwerk.ONTVANGST,
    ),
    Bewaakt(
        naam="aandeel-onverwerkbaar",
        waarden=_onverwerkbaar,
        verleden=GeenVerleden("gaat over berichten die niet te verwerken waren; die staan niet in het logboek"),
        zin=_onverwerkbaar_zin,
        onbekend="Het laatste uur kwam er niets binnen.",
        verklaring=None,
        uitzoekwerk=Uitzoekwerk.ONVERWERKBAAR,
        waarschuwt=True,
    ),
    Bewaakt(
        naam="achterstand",
        waarden=_achterstand,
        verleden=GeenVerleden("gaat over berichten die nog niet waren opgeslagen; daarvan blijft geen geschiedenis"),
        zin=_achterstand_zin,
        onbekend="De achterstand is niet bekend: de broker antwoordt niet.",
        verklaring=None,
    ),
    Bewaakt(
        naam="publicaties-achterhaald",
        waarden=_achterhaald,
        verleden=GeenVerleden("vergelijkt wat gepubliceerd is met wat later bekend werd; een toets kent één bekendOp"),
        zin=_achterhaald_zin,
        onbekend="Of de vastgelegde cijfers van {} nog kloppen, is niet bekend.",
        verklaring=None,
        uitzoekwerk=Uitzoekwerk.ACHTERHAALD,
    ),
)
