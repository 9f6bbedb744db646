"""Draws when alarms were active, as lines along a time axis, for a terminal.

Each character stands for a length of time. It can be read without colour, and 80 columns are enough.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from schemas.fields import AMSTERDAM
from schemas.moments import start_of_day
from services.core.dutch import MAANDEN_KORT, UNITS, number

LIJNEN_MAX = 12
"""The most lines of one rule. What was active for the shortest time is put together on the last line."""
_LABEL, _LABEL_MAX, _CELLS_MIN = 24, 40, 20
_FULL, _PARTLY, _WAITS, _NONE = "█", "▄", "░", "·"
_STYLES = {_FULL: "red", _PARTLY: "red", _WAITS: "yellow", _NONE: "dim"}
_DAYS = (1, 2, 7, 14)
_MONTHS = (1, 3, 6, 12, 24, 60)


class Alarmtijd(NamedTuple):
    """A time in which something was an alarm, or waited to become one or to end."""

    begin: datetime
    eind: datetime
    actief: bool

    @property
    def duur(self) -> timedelta:
        """How long it lasted."""
        return self.eind - self.begin


class Onderwerplijn(NamedTuple):
    """The line of one onderwerp, or of all the onderwerpen that have no line of their own."""

    naam: str
    blokken: list[Alarmtijd]

    @property
    def actief(self) -> timedelta:
        """How long it was an alarm in all."""
        return sum((blok.duur for blok in self.blokken if blok.actief), timedelta())


class Regelgroep(NamedTuple):
    """The lines of one rule."""

    regel: str
    lijnen: Sequence[Onderwerplijn]
    tot: datetime
    """Until when all of its alarms are known. Of very many, the answer holds only the first."""


class Tijdlijn(NamedTuple):
    """The whole drawing."""

    van: datetime
    tot: datetime
    groepen: Sequence[Regelgroep]


def tijdlijn(found: dict[str, Any], most: int = LIJNEN_MAX) -> Tijdlijn:
    """Returns the lines for an answer of `POST /v1/alarmtoetsen`: at most `most` of each rule, the longest first."""
    van, tot = (datetime.fromisoformat(found[name]) for name in ("van", "tot"))
    by_rule = {names: list(own) for names, own in groupby(found["alarmen"], key=namen)}
    return Tijdlijn(van, tot, [_groep(regel, by_rule.get(namen(regel), []), tot, most) for regel in found["regels"]])


def namen(one: dict[str, Any]) -> tuple[str, str | None]:
    """Returns the name of the rule of an answer, and the name of the rule that could not judge."""
    return one["regel"], one.get("voorRegel")  # The server may be older, and know no such rules.


def titel(regel: dict[str, Any]) -> str:
    """Returns what a rule is called above its alarms."""
    naam, voor = (None if one is None else one.replace("-", " ") for one in namen(regel))
    return f"{naam}" if voor is None else f"{naam} voor {voor}"


def _groep(regel: dict[str, Any], alarmen: list[dict[str, Any]], tot: datetime, most: int) -> Regelgroep:
    lines: dict[str, Onderwerplijn] = {}
    for alarm in alarmen:
        line = lines.setdefault(alarm["onderwerp"], Onderwerplijn(alarm["onderwerpNaam"] or alarm["onderwerp"], []))
        line.blokken.extend(_blokken(alarm, tot))
    shown, naam, many = _lijnen(lines.values(), most), titel(regel), regel["aantal"] + regel["wacht"]
    if len(alarmen) == many:
        return Regelgroep(naam, shown, tot)
    told = f"{naam}: de eerste {number(len(alarmen))} van {number(many)} keer"
    return Regelgroep(told, shown, datetime.fromisoformat(alarmen[-1]["verloop"][0]["sinds"]))


def _blokken(alarm: dict[str, Any], tot: datetime) -> Iterator[Alarmtijd]:
    steps = [(one["status"], datetime.fromisoformat(one["sinds"])) for one in alarm["verloop"]]
    ends = [*(moment for _, moment in steps[1:]), tot]
    for (status, begin), end in zip(steps, ends, strict=True):
        if status != "hersteld":
            yield Alarmtijd(begin, end, status == "actief")


def _lijnen(found: Iterable[Onderwerplijn], most: int) -> list[Onderwerplijn]:
    lines = sorted(found, key=_longest_first)
    if len(lines) <= most:
        return lines
    rest = lines[most - 1 :]
    return [
        *lines[: most - 1],
        Onderwerplijn(f"en {number(len(rest))} andere", [one for line in rest for one in line.blokken]),
    ]


def _longest_first(line: Onderwerplijn) -> tuple[timedelta, str]:
    return -line.actief, line.naam


class Asstreep(NamedTuple):
    """A mark on the axis."""

    moment: datetime
    tekst: str


def strepen(van: datetime, tot: datetime, most: int) -> list[Asstreep]:
    """Returns at most `most` marks at round Dutch dates, as close together as that allows."""
    for marks in (*(_days(van, tot, step) for step in _DAYS), *(_months(van, tot, step) for step in _MONTHS)):
        found = list(marks)
        if len(found) <= most:
            return found
    return []


def _days(van: datetime, tot: datetime, step: int) -> Iterator[Asstreep]:
    """Yields a mark for every so many days. By the week, these are Mondays."""
    day = van.astimezone(AMSTERDAM).date()
    day -= timedelta(days=day.weekday() if step >= 7 else 0)
    while (moment := start_of_day(day).astimezone(UTC)) < tot:
        if moment >= van:
            yield Asstreep(moment, f"{day.day} {MAANDEN_KORT[day.month - 1]}")
        day += timedelta(days=step)


def _months(van: datetime, tot: datetime, step: int) -> Iterator[Asstreep]:
    first = van.astimezone(AMSTERDAM).date()
    month = (first.year * 12 + first.month - 1) // step * step
    first_one = True
    while (moment := start_of_day(date(month // 12, month % 12 + 1, 1)).astimezone(UTC)) < tot:
        if moment >= van:
            with_year = step < 12 and (first_one or month % 12 == 0)
            name = MAANDEN_KORT[month % 12] if step < 12 else ""
            yield Asstreep(moment, f"{name} {month // 12}".strip() if with_year or not name else name)
            first_one = False
        month += step


def als_tekst(beeld: Tijdlijn, width: int) -> Iterator[Text]:
    """Yields the lines of text, none wider than `width` unless there is hardly any room."""
    label = min(_LABEL_MAX, max(_LABEL, width * 3 // 10))
    cells = max(_CELLS_MIN, width - label - 1)
    each = (beeld.tot - beeld.van) / cells
    for groep in beeld.groepen:
        yield Text(groep.regel, style="bold")
        for lijn in groep.lijnen or (Onderwerplijn("geen alarm", []),):
            yield Text(f"  {_fitted(lijn.naam, label - 2)} ") + _bar(beeld, lijn, cells, groep.tot)
    yield from _axis(beeld, label + 1, cells)
    yield Text(f"{_FULL} alarm  {_PARTLY} een deel van die tijd  {_WAITS} wacht, of herstelt  {_NONE} geen alarm")
    yield Text(f"Elk teken is {lengte(each)}; tijden zijn Nederlandse tijden.")


def lengte(duration: timedelta) -> str:
    """Returns a duration in the largest unit that it fills, rounded: 1,5 dag, 40 minuten."""
    seconds = duration.total_seconds()
    size, one, more = next((unit for unit in UNITS if round(seconds / unit[0], 1) >= 1), UNITS[-1])
    count = round(seconds / size, 1)
    count = count if count < 10 else round(count)
    return f"{number(count)} {one if 1 <= count < 2 else more}"


def _fitted(naam: str, width: int) -> str:
    """Returns a name in exactly so many columns. Some characters take two."""
    return set_cell_size(naam if cell_len(naam) <= width else f"{set_cell_size(naam, width - 1)}…", width)


def _bar(beeld: Tijdlijn, lijn: Onderwerplijn, cells: int, tot: datetime) -> Text:
    """Returns the bar of a line. It ends where nothing is known any more."""
    bar, each = Text(), (beeld.tot - beeld.van) / cells
    for n, sign in enumerate(_signs(beeld, lijn.blokken, cells)):
        bar.append(" " if sign == _NONE and beeld.van + n * each > tot else sign, _STYLES[sign])
    return bar


def _signs(beeld: Tijdlijn, blokken: Iterable[Alarmtijd], cells: int) -> list[str]:
    """Returns a character for each length of time. An alarm that lasted less than half of it is shown too."""
    each = (beeld.tot - beeld.van) / cells
    on, waits = [0.0] * cells, [False] * cells
    for blok in blokken:
        first, last = (blok.begin - beeld.van) / each, (blok.eind - beeld.van) / each
        for n in range(int(first), min(cells, int(last) + 1)):
            if blok.actief:
                on[n] += max(0.0, min(last, n + 1) - max(first, n))
            else:
                waits[n] = True
    return [
        _FULL if share >= 0.5 else _PARTLY if share > 0 else _WAITS if waiting else _NONE
        for share, waiting in zip(on, waits, strict=True)
    ]


def _axis(beeld: Tijdlijn, before: int, cells: int) -> Iterator[Text]:
    marks, labels, free = ["─"] * cells, "", 0
    for mark in strepen(beeld.van, beeld.tot, cells // 6):
        at = int((mark.moment - beeld.van) / (beeld.tot - beeld.van) * cells)
        marks[at] = "┴"
        if at >= free and at + len(mark.tekst) <= cells:
            labels = labels.ljust(at) + mark.tekst
            free = len(labels) + 1
    yield Text(" " * before + "".join(marks), style="dim")
    yield Text(" " * before + labels)
