"""Whether an alarm is among those that a receiver asks for.

What a receiver can ask for is declared in `schemas/ontvangers.py`. Here stands, under the same names, what an alarm is
held against. Kinds go together: of each that a receiver names, one value must fit.
"""

from collections.abc import Callable, Collection, Mapping

from schemas.fields import AMSTERDAM
from schemas.ontvangers import KINDS, Filter
from schemas.reference import Gemeente, gemeente_van
from services.core.alarms.alarmen import Alarm
from services.core.gemeenten import verder_als

Values = Collection[str] | None
"""What an alarm has of one kind: nothing, when that is not what it is about; None: it is not known.

What is not known never keeps an alarm away: to be told of one too many is better than to miss one.
"""


def past(asked: Filter, alarm: Alarm) -> bool:
    """Whether an alarm is among those that are asked for."""
    return all(_fits(kind, wanted, alarm) for kind in KINDS if (wanted := getattr(asked, kind)))


def _fits(kind: str, wanted: list[str], alarm: Alarm) -> bool:
    found = _OF_ALARM[kind](alarm)
    if kind == "gemeenten":  # A code that ended by merger names the gemeente that it became.
        wanted = [_then(code, alarm).code for code in wanted]
    return found is None or not set(wanted).isdisjoint(found)


def _gemeente(alarm: Alarm) -> tuple[bool, Gemeente | None]:
    """Returns whether an alarm is about one gemeente or about something in it, and which, if that is known."""
    if alarm.onderwerp.startswith("GM"):
        return True, _then(alarm.onderwerp, alarm)
    if not alarm.onderwerp.startswith("LOC-"):
        return False, None
    return True, None if alarm.gemeente is None else _then(alarm.gemeente, alarm)


def _then(code: str, alarm: Alarm) -> Gemeente:
    return verder_als(gemeente_van(code), alarm.sinds.astimezone(AMSTERDAM).date(), gemeente_van)


def _gemeenten(alarm: Alarm) -> Values:
    inside, found = _gemeente(alarm)
    return () if not inside else None if found is None else (found.code,)


def _provincies(alarm: Alarm) -> Values:
    if alarm.onderwerp.startswith("PV"):
        return (alarm.onderwerp,)
    inside, found = _gemeente(alarm)
    return () if not inside else None if found is None else (found.provincie,)


def _locatiesoorten(alarm: Alarm) -> Values:
    if not alarm.onderwerp.startswith("LOC-"):
        return ()
    return None if alarm.locatiesoort is None else (alarm.locatiesoort,)


_OF_ALARM: Mapping[str, Callable[[Alarm], Values]] = {
    "regels": lambda alarm: alarm.regels,
    "ernst": lambda alarm: (alarm.ernst,),
    "onderwerpen": lambda alarm: (alarm.onderwerp,),
    "provincies": _provincies,
    "gemeenten": _gemeenten,
    "locatiesoorten": _locatiesoorten,
}
if missing := set(KINDS) ^ _OF_ALARM.keys():
    raise AssertionError(f"what an alarm has of {', '.join(sorted(missing))} stands in one of two places only")
