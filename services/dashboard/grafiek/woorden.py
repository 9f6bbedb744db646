"""What a chart says in words, and its table: the same values as in the drawing."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from operator import itemgetter

from services.core.dutch import dutch_day, number, percentage, short_percentage
from services.core.grootheden.vormen import NOT_STATED, UNKNOWN
from services.dashboard.grafiek.vorm import Grafiekpunt, Kader, Lijn, Rij

ALARM = "alarm"
_GENOEMD_MAX = 4
"""How many announced changes of one line are named one by one."""


def tekst(value: float | None, *, procent: bool, waarom: str = "") -> str:
    """Writes a value; where it has none, that it is not known or why it can't be stated."""
    if value is None:
        return f"{NOT_STATED}: {waarom}" if waarom else UNKNOWN
    return percentage(value) if procent else number(round(value, 2))


def asgetal(value: float, *, procent: bool) -> str:
    """Writes a value of the vertical axis."""
    return short_percentage(value) if procent else tekst(value, procent=False)


def tabel(lijnen: Sequence[Lijn], *, procent: bool) -> list[Rij]:
    """Returns a row for each moment."""
    moments = sorted({moment for lijn in lijnen for moment, _ in lijn.punten})
    columns = [_column(lijn, moments, procent=procent) for lijn in lijnen]
    return [Rij(moment, dutch_day(moment), texts) for moment, *texts in zip(moments, *columns, strict=True)]


def _column(lijn: Lijn, moments: Sequence[datetime], *, procent: bool) -> Iterator[str]:
    """Returns the value at a moment. Without a point there, a stair keeps its value and another line has none."""
    own, text = dict(lijn.punten), "–"
    for moment in moments:
        if moment in own:
            text = tekst(own[moment], procent=procent, waarom=lijn.waarom.get(moment, ""))
        elif not lijn.trap:
            text = "–"
        yield text


def beschreven(lijnen: Sequence[Lijn], kader: Kader, nu: datetime, eenheid: str, *, procent: bool) -> Iterator[str]:
    """Returns what an eye would see, a sentence at a time."""
    yield f"Van {dutch_day(kader.van)} tot {dutch_day(kader.tot)}; eenheid: {eenheid}."
    if procent and kader.boven >= 1:
        yield f"Een lijn geeft {short_percentage(1)} aan."
    if kader.onder > 0:
        zero, first = asgetal(0, procent=procent), asgetal(kader.onder, procent=procent)
        yield f"De verticale as begint niet bij {zero}, maar bij {first}."
    for lijn in lijnen:
        yield _said_of(lijn, procent=procent)
    if nu < kader.tot:
        announced = [text for lijn in lijnen if (text := _announced(lijn, nu, procent=procent))]
        after = dutch_day(max(nu, kader.van))
        yield f"Aangekondigd na {after}: {'; '.join(announced) or 'niets'}."


def _said_of(lijn: Lijn, *, procent: bool) -> str:
    known = [(moment, value) for moment, value in lijn.punten if value is not None]
    if not known:
        return f"{lijn.naam}: niets bekend."

    def at(point: tuple[datetime, float]) -> str:
        return f"{tekst(point[1], procent=procent)} op {dutch_day(point[0])}"

    lowest, highest = min(known, key=itemgetter(1)), max(known, key=itemgetter(1))
    if len(known) == 1 and not lijn.trap:
        said = f"alleen {at(known[0])}"
    elif lowest[1] == highest[1]:
        until = "" if lijn.trap else f" tot en met {dutch_day(known[-1][0])}"
        said = f"steeds {tekst(lowest[1], procent=procent)}, vanaf {dutch_day(known[0][0])}{until}"
    else:
        said = f"eerst {at(known[0])}, laatst {at(known[-1])}; laagst {at(lowest)}, hoogst {at(highest)}"
    unknown = len(lijn.punten) - len(known)
    return f"{lijn.naam}: {said}." + (f" Onbekend: {unknown} van de {len(lijn.punten)} punten." if unknown else "")


def bewaakt(kader: Kader, nu: datetime, sinds: datetime | None) -> tuple[str, str]:
    """Returns what the legend says of alarms, and a sentence where nobody watched for some of the time.

    Without it a time of which no alarm can be known would look like a time without an alarm.
    """
    if sinds is None or sinds > min(kader.tot, nu):
        return "alarmen: niet bewaakt", "Alarmen: niet bewaakt; of er een was, is niet bekend."
    if sinds <= kader.van:
        return ALARM, ""
    since = f"bewaakt sinds {dutch_day(sinds)}"
    return f"{ALARM} ({since})", f"Alarmen: {since}; of er daarvoor een was, is niet bekend."


def veranderd_na(nu: datetime, points: Sequence[Grafiekpunt]) -> list[Grafiekpunt]:
    """Returns the points after now at which a line changes."""
    return [new for old, new in pairwise([(nu, None), *points]) if new[0] > nu and new[1] != old[1]]


def _announced(lijn: Lijn, nu: datetime, *, procent: bool) -> str:
    """Says how a line changes after now; empty when it does not."""
    changes = veranderd_na(nu, lijn.punten)
    if not changes:
        return ""
    told = [f"{tekst(value, procent=procent)} op {dutch_day(moment)}" for moment, value in changes]
    if len(told) > _GENOEMD_MAX:
        told[2:-1] = [f"nog {len(told) - 3} veranderingen"]
    return f"{lijn.naam} wordt {', '.join(told[:-1])}{' en ' if told[1:] else ''}{told[-1]}"
