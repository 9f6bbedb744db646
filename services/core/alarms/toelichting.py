"""What an alarm says to people: one Dutch sentence, with the figures that it rests on."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import numpy as np

from schemas.alarmregels import AlarmRegel
from schemas.fields import TEXT_MAX
from schemas.reference import PROVINCIES, gemeenten
from services.core.alarms.beeld import Beeld
from services.core.bezetting import FRESHNESS_LIMIT, Overschrijding
from services.core.dutch import dutch_moment, number
from services.core.locaties import locatie

_UNITS = ((86_400, "dag", "dagen"), (3_600, "uur", "uur"), (60, "minuut", "minuten"), (1, "seconde", "seconden"))
_DECIMALS_MAX = 4


def toelichting(regel: AlarmRegel, onderwerp: str, waarde: float, beeld: Beeld) -> str:
    """What is the matter, or no longer is."""
    if np.isnan(waarde):
        text = _UNKNOWN[regel.grootheid].format(_name(onderwerp, beeld))
    else:
        text = _SENTENCES[regel.grootheid](regel, onderwerp, waarde, beeld)
    return text if len(text) <= TEXT_MAX else f"{text[: TEXT_MAX - 1]}…"


def verdwenen(onderwerp: str, beeld: Beeld) -> str:
    """Of what the rule no longer looks at: a locatie that closed, a maximum that expired."""
    return f"{_name(onderwerp, beeld)} telt hiervoor niet meer mee."


def percentage(share: float, besides: float | None = None) -> str:
    """101,2 %; with so many more decimals as it takes to see that it is not the other: 100,001 % beside 100 %."""
    for decimals in range(1, _DECIMALS_MAX + 1):
        hundredths = round(100.0 * share, decimals)
        if besides is None or share == besides or hundredths != round(100.0 * besides, decimals):
            break
    return f"{number(int(hundredths) if hundredths.is_integer() else hundredths, decimals)} %"


def length(seconds: float) -> str:
    """In the largest unit of which there are two, rounded down: 47 uur, 3 dagen."""
    for size, one, more in _UNITS:
        if seconds >= 2 * size or size == 1:
            return _count(int(seconds // size), one, more)
    raise AssertionError  # the last unit takes everything


def _count(many: int, one: str, more: str, none: str = "0") -> str:
    said = number(many) if many else none
    return f"{said} {one if many == 1 else more}"


def _people(many: int) -> str:
    return _count(many, "aanwezige", "aanwezigen", "geen")


def _plain(value: float) -> str:
    return number(int(value)) if float(value).is_integer() else number(value)


def _name(onderwerp: str, beeld: Beeld) -> str:
    if onderwerp == "NL":
        return "Nederland"
    registratie = beeld.registers.get((onderwerp, "registratie"))
    if registratie is not None:
        return f"{registratie.value['naam']} ({onderwerp})"
    names = PROVINCIES | {gemeente.code: gemeente.naam for gemeente in gemeenten()}
    return f"{names[onderwerp]} ({onderwerp})" if onderwerp in names else onderwerp


def _landelijk(regel: AlarmRegel, _: str, waarde: float, beeld: Beeld) -> str:
    limit = regel.gaat_af
    return (
        f"De landelijke bezettingsgraad is {percentage(waarde, limit)} (drempel {percentage(limit)}): "
        f"{_people(beeld.landelijk.aanwezig or 0)} op de locaties die meldden. "
        f"Van {percentage(beeld.landelijk.dekking or 0)} van de inzetbare plaatsen is de meting hoogstens "
        f"{length(FRESHNESS_LIMIT.total_seconds())} oud."
    )


def _locatie(regel: AlarmRegel, onderwerp: str, waarde: float, beeld: Beeld) -> str:
    found = locatie(beeld.registers, onderwerp, beeld.now)
    people, name = _people(found.aanwezig or 0), _name(onderwerp, beeld)
    if not found.inzetbaar:
        return f"{name} heeft {people} en geen inzetbare plaatsen."
    places = _count(found.inzetbaar, "inzetbare plaats", "inzetbare plaatsen")
    share, limit = percentage(waarde, regel.gaat_af), percentage(regel.gaat_af)
    return f"{name} is voor {share} bezet (drempel {limit}): {people} op {places}."


def _toegang(_: AlarmRegel, onderwerp: str, _waarde: float, beeld: Beeld) -> str:
    winner = beeld.registers[onderwerp, "toegang"]
    return f"De toegang tot {_name(onderwerp, beeld)} is {winner.value}, sinds {dutch_moment(winner.effective_at)}."


def _boven_maximum(_: AlarmRegel, onderwerp: str, waarde: float, beeld: Beeld) -> str:
    found = locatie(beeld.registers, onderwerp, beeld.now)
    limit = number(found.maximum.maximum if found.maximum else 0)
    people = f"{_name(onderwerp, beeld)} heeft {_people(found.aanwezig or 0)}"
    if waarde == 0:
        return f"{people}, precies het maximum van {limit}."
    if waarde < 0:
        return f"{people}, {_plain(-waarde)} onder het maximum van {limit}."
    return f"{people}, {_plain(waarde)} boven het maximum van {limit}{_days(beeld.overschrijdingen.get(onderwerp))}."


def _days(found: Overschrijding | None) -> str:
    if found is None:
        return ""
    days = _count(found.dagen, "dag", "dagen")
    text = f"; tot nu toe {days} erboven, van {_count(found.dagen_met_meting, 'dag', 'dagen')} met een meting"
    if found.dwangsom is None:
        return text
    most = "" if found.plafond is None else f" van hoogstens € {number(found.plafond)}"
    return f"{text}; dwangsom € {number(found.dwangsom)}{most}"


def _stilte_van_locatie(regel: AlarmRegel, onderwerp: str, waarde: float, beeld: Beeld) -> str:
    read_at = locatie(beeld.registers, onderwerp, beeld.now).peilmoment
    when = "" if read_at is None else f" van {dutch_moment(read_at)},"
    limit = length(regel.gaat_af)
    return f"De laatste meting van {_name(onderwerp, beeld)} is{when} {length(waarde)} geleden (grens {limit})."


def _stilte_van_stroom(regel: AlarmRegel, _onderwerp: str, waarde: float, beeld: Beeld) -> str:
    last = dutch_moment(beeld.now - timedelta(seconds=waarde))
    return f"De laatste gebeurtenis kwam binnen op {last}, {length(waarde)} geleden (grens {length(regel.gaat_af)})."


def _dagen_tot_tekort(regel: AlarmRegel, _onderwerp: str, waarde: float, beeld: Beeld) -> str:
    known = beeld.landelijk.aanwezig
    people = "de aanwezigen van nu" if known is None else f"de {_people(known)} van nu"
    limit = _count_of(regel.gaat_af)
    short = beeld.uitgezocht.tekort_vanaf if beeld.uitgezocht else None
    if np.isinf(waarde) or short is None:
        return f"De komende {limit} blijven er genoeg bekende inzetbare plaatsen voor {people}."
    if waarde <= 0:
        return f"Er zijn nu minder bekende inzetbare plaatsen dan {people}."
    left = length(waarde * 86_400)
    return (
        f"Vanaf {dutch_moment(short)}, over {left}, zijn er minder bekende inzetbare plaatsen dan {people} "
        f"(grens {limit})."
    )


def _count_of(days: float) -> str:
    return f"{_plain(days)} {'dag' if days == 1 else 'dagen'}"


def _verslechterd(regel: AlarmRegel, onderwerp: str, _waarde: float, beeld: Beeld) -> str:
    row = next(row for row in beeld.naleving if row.gemeente.code == onderwerp)
    ago = length(regel.terugblik.total_seconds())
    task = "" if row.opgave is None else f" ({number(row.meetellend)} van {number(row.opgave.opgave)} plaatsen)"
    before = beeld.uitgezocht.nalevingen_toen if beeld.uitgezocht else {}
    was = before[regel.terugblik.total_seconds()][onderwerp]
    return (
        f"De naleving van {row.gemeente.naam} ({onderwerp}) is '{row.naleving}'{task}; {ago} geleden was dat '{was}'."
    )


def _achterhaald(_: AlarmRegel, onderwerp: str, _waarde: float, beeld: Beeld) -> str:
    outdated = beeld.uitgezocht.achterhaald if beeld.uitgezocht else None
    found = (outdated or {})[onderwerp]
    if not found:
        return f"Van {_name(onderwerp, beeld)} kloppen alle vastgelegde cijfers weer."
    first = found[0]
    day = date.fromisoformat(first.peildatum).strftime("%d-%m-%Y")
    more = len(found) - 1
    others = "" if not more else f" Nog {more} {'ander cijfer klopt' if more == 1 else 'andere cijfers kloppen'} niet."
    return (
        f"Van {_name(onderwerp, beeld)} is '{first.grootheid}' op {day} vastgelegd als "
        f"{_plain(first.vastgelegd)}; met wat nu bekend is, is dat {_plain(first.nu)}.{others}"
    )


def _onverwerkbaar(regel: AlarmRegel, _onderwerp: str, waarde: float, _: Beeld) -> str:
    share, limit = percentage(waarde, regel.gaat_af), percentage(regel.gaat_af)
    return f"Van wat het laatste uur binnenkwam was {share} niet te verwerken (grens {limit})."


def _achterstand(regel: AlarmRegel, _onderwerp: str, waarde: float, _: Beeld) -> str:
    waiting = _count(int(waarde), "bericht is", "berichten zijn", "geen")
    return f"{waiting[0].upper()}{waiting[1:]} nog niet verwerkt (grens {_plain(regel.gaat_af)})."


_UNKNOWN: Mapping[str, str] = {
    "landelijke-bezettingsgraad": "De landelijke bezettingsgraad is niet bekend.",
    "locatie-bezettingsgraad": "De bezettingsgraad van {} is niet bekend.",
    "toegang": "De toegang tot {} is niet bekend.",
    "personen-boven-maximum": "Of {} boven het maximum is, is niet bekend.",
    "stilte-van-locatie": "Van {} is nog nooit een meting gemeld.",
    "stilte-van-stroom": "Er is nog nooit een gebeurtenis binnengekomen.",
    "dagen-tot-tekort": "Of er een tekort aan plaatsen komt is niet bekend: van geen enkele locatie is er een meting.",
    "naleving-verslechterd": "Of de naleving van {} slechter is geworden, is niet te zeggen.",
    "publicaties-achterhaald": "Of de vastgelegde cijfers van {} nog kloppen, is niet bekend.",
    "aandeel-onverwerkbaar": "Het laatste uur kwam er niets binnen.",
    "achterstand": "De achterstand is niet bekend: de broker antwoordt niet.",
}
_SENTENCES: Mapping[str, Callable[[AlarmRegel, str, float, Beeld], str]] = {
    "landelijke-bezettingsgraad": _landelijk,
    "locatie-bezettingsgraad": _locatie,
    "toegang": _toegang,
    "personen-boven-maximum": _boven_maximum,
    "stilte-van-locatie": _stilte_van_locatie,
    "stilte-van-stroom": _stilte_van_stroom,
    "dagen-tot-tekort": _dagen_tot_tekort,
    "naleving-verslechterd": _verslechterd,
    "publicaties-achterhaald": _achterhaald,
    "aandeel-onverwerkbaar": _onverwerkbaar,
    "achterstand": _achterstand,
}
