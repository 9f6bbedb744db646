"""How pages write figures and moments: as the Dutch do, and never as zero when they are unknown."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from schemas.alarmregels import TE_BEWAKEN, AlarmEenheid
from schemas.data import MOMENTEN
from schemas.fields import AMSTERDAM, format_moment, parse_moment
from services.core import dutch, genoemd
from services.core.alarms.bewaakt import BEWAAKT
from services.core.delen import Wetsdelen, nu, per_1000_inwoners
from services.core.grootheden import BIJ_NAAM, GROOTHEDEN, vormen
from services.core.grootheden.declaratie import Eenheid
from services.core.grootheden.namen import cijfernaam, eenheid_van_cijfer
from services.core.grootheden.vormen import NOT_STATED, UNKNOWN
from services.core.grootheden.wet import ONBEKEND
from services.core.registers import Register, SubjectKind
from services.web.addresses import GEMEENTE, LOCATIE, PROVINCIE, page_of

_ADDRESSES = {SubjectKind.LOCATIE: LOCATIE, SubjectKind.GEMEENTE: GEMEENTE, SubjectKind.PROVINCIE: PROVINCIE}


def getal(value: float | str | None) -> str:
    """Writes a number, or the word in its place (a regime, a class)."""
    if isinstance(value, str):
        return value or UNKNOWN
    return dutch.number(value)


def van_eenheid(eenheid: Eenheid) -> Callable[[Any], str]:
    """Returns how a page writes a value of a unit."""
    return lambda value: vormen.geschreven(value, eenheid)


procent = van_eenheid(Eenheid.GRAAD)
euro = van_eenheid(Eenheid.EURO)
duur = van_eenheid(Eenheid.SECONDEN)
per_1000 = van_eenheid(Eenheid.PER_1000)
janee = van_eenheid(Eenheid.JA_NEE)


def geteld(many: int, one: str, more: str, none: str = "0") -> str:
    """Writes how many there are of something, in the singular for one."""
    return dutch.count(many, one, more, none)


def teken(value: float | None) -> str:
    """Writes a change, with its sign."""
    return UNKNOWN if value is None else dutch.signed(value)


def punten(ratio: float | None) -> str:
    """Writes a difference between two ratios, in percentage points."""
    return UNKNOWN if ratio is None else dutch.points(ratio)


def moment(value: datetime | str | None) -> str:
    """Writes a moment on the Dutch clock, to the minute."""
    found = _moment(value)
    return UNKNOWN if found is None else dutch.dutch_moment(found)


def dag(value: datetime | str | None) -> str:
    """Writes a moment as people say it: the day, and the time unless that is midnight."""
    found = _moment(value)
    return UNKNOWN if found is None else dutch.dutch_day(found)


def begin(value: datetime) -> str:
    """Writes until when something counts: at the beginning of a day, or on a day at a time."""
    return dutch.dutch_begin(value)


def datum(value: str) -> str:
    """Writes a date without a time."""
    return dutch.dutch_date(date.fromisoformat(value))


def veldmoment(value: datetime | None) -> str:
    """Writes a moment for a field of a form, on the Dutch clock; empty for none.

    A browser takes no more than milliseconds: a field with more stays empty there.
    """
    if value is None:
        return ""
    local = value.astimezone(AMSTERDAM).replace(tzinfo=None)
    return local.isoformat(timespec="milliseconds" if local.microsecond else "seconds")


def stap_van(moment: str) -> str:
    """Returns the steps of a field with this moment, so that a browser takes it: whole minutes where that is enough."""
    return "any" if "." in moment else "60" if not moment or moment.endswith(":00") else "1"


def iso(value: datetime | str | None) -> str:
    """Writes a moment for a machine, in an attribute."""
    found = _moment(value)
    return "" if found is None else found.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def waarde(value: Any) -> str:
    """Writes whatever a figure or a register holds."""
    match value:
        case None:
            return UNKNOWN
        case bool():
            return janee(value)
        case dict():
            return ", ".join(
                f"{name} {moment(one) if name in MOMENTEN else waarde(one)}" for name, one in value.items()
            )
        case list():
            return ", ".join(map(waarde, value))
        case int() | float():
            return getal(value)
    return str(value)


_IN_EENHEID: Mapping[AlarmEenheid, Callable[[float], str]] = {
    "seconden": lambda value: duur(int(value)),
    "aandeel": procent,
    "personen": lambda value: dutch.count(int(value), "mens", "mensen"),
    "dagen": lambda value: f"{getal(value)} {'dag' if value == 1 else 'dagen'}",
}


def gemeten(value: float | str | None, grootheid: str | None) -> str:
    """Writes what an alarm saw, or its threshold, in the unit of what it watches."""
    if value is None:
        return "niet bekend"
    bewaakt = TE_BEWAKEN.get(grootheid or "")
    if bewaakt is None or isinstance(value, str):
        return getal(value)
    woorden = BEWAAKT[bewaakt.naam]
    if value == 0 and woorden.nul:
        return woorden.nul
    if woorden.erachter:
        fraction = not float(value).is_integer()
        return f"{dutch.side_by_side([value], 1)[0] if fraction else getal(value)} {woorden.erachter}"
    return _IN_EENHEID.get(bewaakt.eenheid, getal)(value)


def regelnaam(slug: str) -> str:
    """Writes the name of a rule for alarms as words."""
    return genoemd.regel(slug).capitalize()


def grootheid(name: str) -> str:
    """Writes the name of a figure as words."""
    found = cijfernaam(name)
    return found[:1].upper() + found[1:]


def van_grootheid(value: Any, name: str) -> str:
    """Writes a figure in the unit that people use for it."""
    eenheid = eenheid_van_cijfer(name)
    return waarde(value) if value is None or eenheid is None else van_eenheid(eenheid)(value)


_STATED = frozenset(
    one.naam for one in GROOTHEDEN if not one.geen and (one.land is not None or Register.AANWEZIG in one.rust_op)
)
"""The figures that need enough to be known."""


def gesteld(value: Any, name: str) -> str:
    """Writes a figure in its unit, or why it has no value: there is none, it can't be stated, or it is not known."""
    if value is not None:
        return van_grootheid(value, name)
    found = BIJ_NAAM.get(name)
    if found is not None and found.geen:
        return "geen"
    return NOT_STATED if name in _STATED else UNKNOWN


def gemeten_grens(sums: Mapping[str, Any]) -> str:
    """Writes what was measured in an area, however long ago, as a sentence of its own. Empty without a reading.

    `sums` are the sums of the area, by the names that they have in answers.
    """
    many, ratio = sums["locatiesGemeten"], sums["bezettingsgraadGemeten"]
    if not many:
        return ""
    full = "" if ratio is None else f"{procent(ratio)} en "
    oldest, middle = sums["dataOuderdomSeconden"], sums["dataOuderdomMediaanSeconden"]
    if many == 1:
        return (
            f"Gemeten: {full}{getal(sums['aanwezigGemeten'])} aanwezig over 1 locatie, meting van {duur(oldest)} oud."
        )
    ages = f"de oudste meting is {duur(oldest)} oud, de middelste {duur(middle)}"
    return f"Gemeten: {full}{getal(sums['aanwezigGemeten'])} aanwezig over {getal(many)} locaties; {ages}."


def aantal_in(totalen: Mapping[Any, Any], klasse: str) -> str:
    """Writes how many gemeenten are in a class: at least so many, where the class of others is not known."""
    many = totalen[klasse]
    return getal(many) if klasse == ONBEKEND.naam or not totalen[ONBEKEND.naam] else ondergrens(many)


def ondergrens(value: float, vorm: Callable[[Any], str] = getal) -> str:
    """Writes a figure that may be higher, since not everything is known. At 0 nothing of it is known."""
    return f"minstens {vorm(value)}" if value else "niet bekend"


def per_1000_van(parts: Wetsdelen[int]) -> str | None:
    """Places for each thousand inhabitants: at least so many, by a cyclus of which not all is known.

    None where that can't be stated.
    """
    value = nu(per_1000_inwoners, parts)
    if value is None:
        return None
    return ondergrens(value, per_1000) if parts.onvolledig else per_1000(value)


def verschil_van(value: float | None, name: str) -> str:
    """Writes a difference in that unit; empty when there is none to tell, as between classes."""
    if value is None or value == 0:
        return "" if value is None else "0"
    return vormen.verschil(value, eenheid_van_cijfer(name))


def dubbel(values: Iterable[str]) -> list[tuple[str, str]]:
    """Returns the options of a choice whose values are their own names."""
    return [(value, value) for value in values]


def pad_van(subject: str) -> str:
    """Returns the path of the page about a subject."""
    address = next((address for kind, address in _ADDRESSES.items() if kind.holds(subject)), None)
    return "/" if address is None else page_of(address.to(subject))


def anker(naam: str) -> str:
    """Returns where a figure is explained on the page of words; the list of figures where it is not."""
    found = BIJ_NAAM.get(naam)
    return "cijfers" if found is None else f"cijfer-{found.naam}"


def vast(value: datetime) -> str:
    """Writes exactly this moment for a URL."""
    return format_moment(value)


FILTERS: Mapping[str, Callable[..., Any]] = {
    "getal": getal,
    "geteld": geteld,
    "teken": teken,
    "procent": procent,
    "punten": punten,
    "euro": euro,
    "moment": moment,
    "dag": dag,
    "begin": begin,
    "datum": datum,
    "duur": duur,
    "janee": janee,
    "per_1000": per_1000,
    "veldmoment": veldmoment,
    "stap_van": stap_van,
    "iso": iso,
    "vast": vast,
    "anker": anker,
    "dubbel": dubbel,
    "waarde": waarde,
    "regelnaam": regelnaam,
    "grootheid": grootheid,
    "van_grootheid": van_grootheid,
    "verschil_van": verschil_van,
    "gesteld": gesteld,
    "gemeten_grens": gemeten_grens,
    "gemeten": gemeten,
    "aantal_in": aantal_in,
    "ondergrens": ondergrens,
}
"""The names of these functions in templates."""


def _moment(value: datetime | str | None) -> datetime | None:
    return parse_moment(value) if isinstance(value, str) else value
