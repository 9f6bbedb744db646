"""What rules watch of Opvangpeil itself: whether events come in and are processed, and whether its figures hold."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from schemas.alarmregels import AlarmRegel
from services.core.alarms.beeld import Achterhaald, Afwijkend, Beeld, Uitzoekwerk, Waarden, landelijke_waarde
from services.core.alarms.bewaakt.declaratie import Bewaakt, GeenVerleden, niet_bekend
from services.core.alarms.woorden import naam
from services.core.dutch import count, dutch_date, dutch_moment, length, number, percentage, short_percentage
from services.core.grootheden.namen import cijfernaam, eenheid_van_cijfer
from services.core.grootheden.vormen import geschreven


def _stilte(_: AlarmRegel, beeld: Beeld) -> Waarden:
    last = beeld.gevonden.laatste_ontvangst
    return landelijke_waarde(None if last is None else max(0.0, (beeld.now - last).total_seconds()))


def _stilte_zin(regel: AlarmRegel, _onderwerp: str, waarde: float, beeld: Beeld) -> str:
    last = dutch_moment(beeld.now - timedelta(seconds=waarde))
    return f"De laatste gebeurtenis kwam binnen op {last}, {length(waarde)} geleden (drempel {length(regel.gaat_af)})."


def _onverwerkbaar(_: AlarmRegel, beeld: Beeld) -> Waarden:
    return landelijke_waarde(beeld.gevonden.aandeel_onverwerkbaar)


def _onverwerkbaar_zin(regel: AlarmRegel, _onderwerp: str, waarde: float, _: Beeld) -> str:
    share, limit = percentage(waarde, regel.gaat_af), short_percentage(regel.gaat_af)
    return f"Van wat het laatste uur binnenkwam was {share} niet te verwerken (drempel {limit})."


def _achterstand(_: AlarmRegel, beeld: Beeld) -> Waarden:
    return landelijke_waarde(beeld.achterstand)


def _achterstand_zin(regel: AlarmRegel, _onderwerp: str, waarde: float, _: Beeld) -> str:
    waiting = count(int(waarde), "bericht is", "berichten zijn", "geen")
    return f"{waiting[0].upper()}{waiting[1:]} nog niet verwerkt (drempel {number(regel.gaat_af)})."


def _achterhaald(regel: AlarmRegel, beeld: Beeld) -> Waarden | None:
    found = beeld.gevonden.achterhaald
    if found is None:
        return None
    return Waarden([*found], np.array([_changed(regel, figures) for figures in found.values()], dtype=np.float64))


def _changed(regel: AlarmRegel, figures: Sequence[Achterhaald]) -> float:
    """Returns how many changed. NaN where that turns on figures that can't be stated now: they may have changed too."""
    known = sum(one.nu is not None for one in figures)
    surely = known == len(figures) or (regel.richting == "boven" and known > regel.gaat_af)
    return known if surely else np.nan


def _achterhaald_zin(_: AlarmRegel, onderwerp: str, _waarde: float, beeld: Beeld) -> str:
    found = [(one, one.nu) for one in (beeld.gevonden.achterhaald or {})[onderwerp] if one.nu is not None]
    if not found:
        return f"Van {naam(onderwerp, beeld)} kloppen alle vastgelegde cijfers weer."
    first, now = found[0]
    day = dutch_date(date.fromisoformat(first.peildatum))
    more = len(found) - 1
    others = "" if not more else f" Nog {more} {'ander cijfer klopt' if more == 1 else 'andere cijfers kloppen'} niet."
    return (
        f"Van {naam(onderwerp, beeld)} is {_called(first.grootheid)} op {day} vastgelegd als "
        f"{_said(first.grootheid, first.vastgelegd)}; met wat nu bekend is, is dat {_said(first.grootheid, now)}."
        f"{others}"
    )


def _afwijkend(regel: AlarmRegel, beeld: Beeld) -> Waarden | None:
    found = beeld.gevonden.afwijkend
    if found is None:
        return None
    return Waarden([*found], np.array([_farthest(regel, figures) for figures in found.values()], dtype=np.float64))


def _farthest(regel: AlarmRegel, figures: Sequence[Afwijkend]) -> float:
    """Returns the largest deviation. NaN where that turns on figures that can't be compared: they may deviate more."""
    worst = _worst(figures)
    if worst is None:
        return np.nan
    surely = all(one.onze is not None for one in figures)
    return worst.aandeel if surely or (regel.richting == "boven" and worst.aandeel > regel.gaat_af) else np.nan


def _worst(found: Sequence[Afwijkend]) -> Afwijkend | None:
    """Returns the figure that is farthest from what others published; None when none can be compared."""
    return max((one for one in found if one.onze is not None), key=lambda one: one.aandeel, default=None)


def _afwijkend_zin(regel: AlarmRegel, onderwerp: str, waarde: float, beeld: Beeld) -> str:
    figures, name = (beeld.gevonden.afwijkend or {}).get(onderwerp, ()), naam(onderwerp, beeld)
    one = _worst(figures)
    if one is None or one.onze is None:
        return _AFWIJKEND_ONBEKEND.format(name)
    if not waarde:
        return _none_deviates(figures, name)
    day = dutch_date(date.fromisoformat(one.peildatum))
    about = "" if one.nauwkeurigheid == "exact" else f"{one.nauwkeurigheid} "
    figure, theirs, ours = _called(one.grootheid), one.gepubliceerd, _said(one.grootheid, one.onze)
    both = f"op {day} volgens {one.bron} {about}{_said(one.grootheid, theirs)} en volgens ons {ours}"
    limit = short_percentage(regel.gaat_af)
    if np.isinf(waarde):
        return f"Van {name} is {figure} {both} (drempel {limit})."
    share = percentage(waarde, regel.gaat_af)
    if waarde <= regel.gaat_af:
        return f"Het grootste verschil over {name} is {share} (drempel {limit}): {figure} is {both}."
    return f"Van {name} is {figure} {both}, een verschil van {share} (drempel {limit})."


def _called(grootheid: str) -> str:
    return f"'{cijfernaam(grootheid)}'"


def _said(grootheid: str, value: float) -> str:
    return geschreven(value, eenheid_van_cijfer(grootheid))


def _none_deviates(figures: Sequence[Afwijkend], name: str) -> str:
    told = (
        f"Het ene cijfer dat anderen over {name} publiceerden, wijkt niet af"
        if len(figures) == 1
        else f"Geen van de {number(len(figures))} cijfers die anderen over {name} publiceerden, wijkt af"
    )
    return f"{told} van het onze."


_ONE_MOMENT = "een toets kijkt met de kennis van één moment"
_AFWIJKEND_ONBEKEND = "Niet alles wat anderen over {} publiceerden is met onze cijfers te vergelijken."


VAN_OPVANGPEIL = (
    Bewaakt(
        naam="stilte-van-stroom",
        waarden=_stilte,
        verleden=GeenVerleden(
            "gaat over wanneer berichten binnenkwamen; de geschiedenis zegt over welk moment zij gaan, "
            "en wat later is ingelezen kwam in één keer binnen"
        ),
        zin=_stilte_zin,
        onbekend=niet_bekend("Er is geen gebeurtenis bekend."),
        verklaring=None,
        uitzoekwerk=Uitzoekwerk.ONTVANGST,
    ),
    Bewaakt(
        naam="aandeel-onverwerkbaar",
        waarden=_onverwerkbaar,
        verleden=GeenVerleden("gaat over berichten die niet te verwerken waren; die staan niet in het logboek"),
        zin=_onverwerkbaar_zin,
        onbekend=niet_bekend("Het laatste uur kwam er niets binnen."),
        verklaring=None,
        uitzoekwerk=Uitzoekwerk.ONVERWERKBAAR,
        waarschuwt=True,
    ),
    Bewaakt(
        naam="achterstand",
        waarden=_achterstand,
        verleden=GeenVerleden("gaat over berichten die nog niet waren opgeslagen; daarvan blijft geen geschiedenis"),
        zin=_achterstand_zin,
        onbekend=niet_bekend("De achterstand is niet bekend: de broker antwoordt niet."),
        verklaring=None,
    ),
    Bewaakt(
        naam="publicaties-achterhaald",
        waarden=_achterhaald,
        verleden=GeenVerleden(f"vergelijkt wat gepubliceerd is met wat later bekend werd; {_ONE_MOMENT}"),
        zin=_achterhaald_zin,
        onbekend=niet_bekend("Of de vastgelegde cijfers van {} nog kloppen, is niet bekend."),
        verklaring=None,
        uitzoekwerk=Uitzoekwerk.ACHTERHAALD,
    ),
    Bewaakt(
        naam="afwijking-van-publicatie",
        waarden=_afwijkend,
        verleden=GeenVerleden(f"vergelijkt met wat anderen later publiceerden; {_ONE_MOMENT}"),
        zin=_afwijkend_zin,
        onbekend=niet_bekend(_AFWIJKEND_ONBEKEND),
        verklaring=None,
        uitzoekwerk=Uitzoekwerk.AFWIJKENDE_PUBLICATIES,
        oneindig="alles",
    ),
)
