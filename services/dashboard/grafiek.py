"""Lines over time as a chart: the place of everything in the drawing, and the same in words and as a table.

The drawing is WIJDTE by WIJDTE, from the left and from the top. A template may stretch it.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from operator import itemgetter
from string import ascii_uppercase
from typing import Literal, NamedTuple

from schemas.fields import AMSTERDAM
from services.core.dutch import MAANDEN_KORT, dutch_day, number, percentage, short_percentage

WIJDTE = 1_000
"""The size of the drawing."""
_STREPEN_MIN, _STREPEN_MAX = 4, 8
_EINDE_HOOGTE = 75
"""The part of WIJDTE that the name at the end of a line takes."""
_GENOEMD_MAX = 4
"""How many announced changes of one line are named one by one."""
_UITSNEDE_MIN = 0.04
"""An axis that is cut off shows at least 4 percentage points: less would make much of little."""

Tijdeenheid = Literal["minuut", "dag", "maand"]
_STAPPEN: tuple[tuple[Tijdeenheid, int], ...] = (
    *(("minuut", many) for many in (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720)),
    *(("dag", many) for many in (1, 2, 7, 14)),
    *(("maand", many) for many in (1, 2, 3, 6, 12, 24, 60, 120)),
    # These are less usual. They serve when the others give too few marks or too many.
    ("minuut", 3),
    ("dag", 4),
    ("dag", 21),
    ("maand", 48),
)
"""How far marks may be apart, best first."""
_MINSTENS: dict[Tijdeenheid, timedelta] = {
    "minuut": timedelta(minutes=1),
    "dag": timedelta(hours=23),
    "maand": timedelta(days=28),
}

Grafiekpunt = tuple[datetime, float | None]
"""A moment and a value. None: not known."""


class Lijn(NamedTuple):
    """A figure over time."""

    naam: str
    soort: str
    """How it looks: `lijn-<soort>` in `grafiek.css`. An unknown soort looks by its turn among the lines."""
    punten: Sequence[Grafiekpunt]
    """The last point of a moment counts. A value of None leaves a gap."""
    trap: bool = False
    """Whether a value holds until the next one, as places do. If not, a straight line runs between them."""


class Streep(NamedTuple):
    """A mark on an axis."""

    plek: float
    tekst: str
    onder: str = ""
    """The day or year, where a new one begins."""


class Getekend(NamedTuple):
    """A line as it is drawn."""

    letter: str
    """Stands for its name where there is no room."""
    naam: str
    soort: str
    pad: str
    """Its pieces as the `d` of an SVG path; empty when none has any length."""
    stippen: Sequence[tuple[float, float]]
    """Pieces that are a single point."""
    einde: tuple[float, float] | None
    """The height of its name: its end, or just above or below when others end there too. None: nothing is drawn."""


class Rij(NamedTuple):
    """A row of the table."""

    moment: str
    waarden: Sequence[str]


@dataclass(frozen=True, slots=True)
class Grafiek:
    """Everything that a template needs to draw a chart."""

    id: str
    titel: str
    eenheid: str
    beschrijving: str
    """What an eye would see, in Dutch words."""
    leeg: bool
    """Whether no value is known, so that nothing is drawn."""
    lijnen: Sequence[Getekend]
    waarden: Sequence[Streep]
    """Marks of the vertical axis, lowest value first."""
    tijd: Sequence[Streep]
    """Marks of the horizontal axis."""
    honderd: Streep | None
    """The line of 100 %, with a text unless a mark says it already."""
    nu: float | None
    """The place of now, when that is in sight."""
    later: float | None
    """The place where announcements begin, when that is in sight."""
    rijen: Sequence[Rij]
    wijdte: int = WIJDTE
    nu_naam: str = "nu"
    """What stands at the place of now: another moment has its day there."""


class _Kader(NamedTuple):
    van: datetime
    tot: datetime
    onder: float
    boven: float

    def x(self, moment: datetime) -> float:
        return round(WIJDTE * ((moment - self.van) / (self.tot - self.van)), 1)

    def y(self, value: float) -> float:
        return round(WIJDTE * (self.boven - value) / (self.boven - self.onder), 1)


def grafiek(
    ident: str,
    titel: str,
    lijnen: Sequence[Lijn],
    *,
    van: datetime,
    tot: datetime,
    nu: datetime,
    eenheid: str,
    procent: bool = False,
) -> Grafiek:
    """Makes the chart of some lines from `van` to `tot`.

    `ident` is its id in the page. With `procent` a value of 1 is 100 %. Points outside are left out, but a stair begins
    with its value at `van`.

    Raises:
        ValueError: `van` does not come before `tot`.
    """
    van, tot, nu = (moment.astimezone(UTC) for moment in (van, tot, nu))
    if van >= tot:
        raise ValueError(f"a chart from {van} to {tot} has no width")
    shown = [lijn._replace(punten=_in_sight(lijn, van, tot)) for lijn in lijnen]
    known = [value for lijn in shown for _, value in lijn.punten if value is not None]
    ticks = _ticks(known or [0], procent=procent)
    kader = _Kader(van, tot, ticks[0], ticks[-1])
    return Grafiek(
        id=ident,
        titel=titel,
        eenheid=eenheid,
        beschrijving=" ".join(_said(shown, kader, nu, eenheid, procent=procent)),
        leeg=not known,
        lijnen=_drawn(shown, kader),
        waarden=[Streep(kader.y(value), _tick(value, procent=procent)) for value in ticks],
        tijd=[streep._replace(plek=kader.x(moment)) for moment, streep in _time_marks(van, tot)],
        honderd=Streep(kader.y(1), "" if 1 in ticks else short_percentage(1)) if procent else None,
        nu=kader.x(nu) if van <= nu <= tot else None,
        later=kader.x(max(van, nu)) if any(_changes_after(nu, lijn.punten) for lijn in shown) else None,
        rijen=_rows(shown, procent=procent),
    )


def einde(lijnen: Sequence[Lijn], van: datetime, tot: datetime, nu: datetime) -> datetime:
    """Returns where a chart that runs until `tot` may end: at `nu`, when no line changes after that."""
    return tot if any(_changes_after(nu, _in_sight(lijn, van, tot)) for lijn in lijnen) else nu


def _in_sight(lijn: Lijn, van: datetime, tot: datetime) -> list[Grafiekpunt]:
    """Sorts the points by time, one for each moment, in UTC: on the Dutch clock an hour comes twice each autumn."""
    points = sorted({moment.astimezone(UTC): value for moment, value in lijn.punten}.items(), key=itemgetter(0))
    within = [(moment, value) for moment, value in points if van <= moment <= tot]
    before = [value for moment, value in points if moment < van]
    if lijn.trap and before and (not within or within[0][0] > van):
        within.insert(0, (van, before[-1]))
    return within


# Lines ------------------------------------------------------------------------------------------------------------


def _drawn(lijnen: Sequence[Lijn], kader: _Kader) -> list[Getekend]:
    found = []
    for at, lijn in enumerate(lijnen):
        pieces = [_places(piece, kader) for piece in _pieces(lijn, kader.tot)]
        path = "".join("M" + "L".join(f"{x:g} {y:g}" for x, y in piece) for piece in pieces if len(piece) > 1)
        dots = [piece[0] for piece in pieces if len(piece) == 1]
        found.append(
            Getekend(ascii_uppercase[at % 26], lijn.naam, lijn.soort, path, dots, pieces[-1][-1] if pieces else None)
        )
    return _apart(found)


def _pieces(lijn: Lijn, tot: datetime) -> Iterator[list[tuple[datetime, float]]]:
    """Returns the pieces of a line that are drawn without lifting the pen."""
    piece: list[tuple[datetime, float]] = []
    for moment, value in _corners(lijn.punten, tot) if lijn.trap else lijn.punten:
        if value is not None:
            piece.append((moment, value))
        elif piece:
            yield piece
            piece = []
    if piece:
        yield piece


def _corners(points: Sequence[Grafiekpunt], tot: datetime) -> Iterator[Grafiekpunt]:
    """Returns a stair as points with straight lines between them."""
    changes = [*points[:1], *(new for old, new in pairwise(points) if new[1] != old[1])]
    for (moment, value), (until, _) in pairwise([*changes, (tot, None)]):
        yield moment, value
        yield until, value


def _places(piece: Sequence[tuple[datetime, float]], kader: _Kader) -> list[tuple[float, float]]:
    places = [(kader.x(moment), kader.y(value)) for moment, value in piece]
    return places[:1] + [new for old, new in pairwise(places) if new != old]


def _apart(lijnen: Sequence[Getekend]) -> list[Getekend]:
    """Moves the names so far apart that each can be read, in the order in which the lines end."""
    named = sorted((lijn.einde[1], at) for at, lijn in enumerate(lijnen) if lijn.einde)
    heights: list[float] = []
    for height, _ in named:
        heights.append(max(height, heights[-1] + _EINDE_HOOGTE) if heights else height)
    lowest = float(WIJDTE)
    for at in reversed(range(len(heights))):
        heights[at] = min(heights[at], lowest)
        lowest = heights[at] - _EINDE_HOOGTE
    height_of = {at: height for (_, at), height in zip(named, heights, strict=True)}
    return [
        lijn._replace(einde=(lijn.einde[0], round(height_of[at], 1))) if lijn.einde else lijn
        for at, lijn in enumerate(lijnen)
    ]


# Axes -------------------------------------------------------------------------------------------------------------


def _ticks(known: Sequence[float], *, procent: bool) -> list[float]:
    """Returns round values around all values: from 0, unless all are shares above a half."""
    top, low = max(*known, 1 if procent else 0), min(*known, 0)
    if procent and min(known) > 0.5:
        lowest = min(*known, 1)
        low = min(lowest - (top - lowest) / 10, top - _UITSNEDE_MIN)
    # Decimals, because 0.3 is three steps of 0.1, and in binary it is not.
    exact_low, exact_top = Decimal(str(low)), Decimal(str(top))
    step = _round_up((exact_top - exact_low) / 5 or Decimal(1))
    step = step if procent else max(step, Decimal(1))  # everything else is counted, and there is no half a place
    first, last = math.floor(exact_low / step), math.ceil(exact_top / step)
    return [float(at * step) for at in range(first, max(last, first + 1) + 1)]


def _round_up(size: Decimal) -> Decimal:
    """Returns the next step: 1, 2 or 5, with zeros."""
    unit = Decimal(10) ** size.adjusted()
    return next(many * unit for many in (1, 2, 5, 10) if many * unit >= size)


def _time_marks(van: datetime, tot: datetime) -> list[tuple[datetime, Streep]]:
    """Returns marks at round moments on the Dutch clock, as close together as stays readable, without their places."""
    for unit, many in _STAPPEN:
        if (tot - van) / (many * _MINSTENS[unit]) > _STREPEN_MAX + 2:
            continue  # there are too many, and counting them takes long
        moments = list(_marks(van, tot, unit, many))
        if _STREPEN_MIN <= len(moments) <= _STREPEN_MAX:
            return list(zip(moments, _only_new([_mark(moment, unit, many) for moment in moments]), strict=True))
    return []


def _only_new(marks: Sequence[Streep]) -> Iterator[Streep]:
    """Names the day or year at its first mark. Of two neighbours only the second is named, since they would touch."""
    before = [None, *(mark.onder for mark in marks)]
    for at, mark in enumerate(marks):
        passed = at == 0 and len(marks) > 1 and marks[1].onder != mark.onder
        yield mark._replace(onder="") if passed or mark.onder == before[at] else mark


def _marks(van: datetime, tot: datetime, unit: Tijdeenheid, many: int) -> Iterator[datetime]:
    if unit == "minuut":
        moment = van.replace(minute=0, second=0, microsecond=0)
        while moment <= tot:
            local = moment.astimezone(AMSTERDAM)
            if moment >= van and (60 * local.hour + local.minute) % many == 0:
                yield moment
            moment += timedelta(minutes=min(many, 60))  # in UTC, so also right when the clock changes
        return
    day = van.astimezone(AMSTERDAM).date()
    day = day.replace(day=1) if unit == "maand" else day
    while (moment := datetime.combine(day, time(), AMSTERDAM).astimezone(UTC)) <= tot:
        # Day 1 of the calendar was a Monday, so weeks begin on Monday.
        count = day.toordinal() - 1 if unit == "dag" else 12 * day.year + day.month - 1
        if moment >= van and count % many == 0:
            yield moment
        day = day + timedelta(days=1) if unit == "dag" else (day + timedelta(days=32)).replace(day=1)


def _mark(moment: datetime, unit: Tijdeenheid, many: int) -> Streep:
    local = moment.astimezone(AMSTERDAM)
    day, year = f"{local.day} {MAANDEN_KORT[local.month - 1]}", str(local.year)
    if unit == "minuut":
        return Streep(0, f"{local:%H:%M}", day)
    if unit == "dag":
        return Streep(0, day, year)
    return Streep(0, year) if many % 12 == 0 else Streep(0, MAANDEN_KORT[local.month - 1], year)


# Words ------------------------------------------------------------------------------------------------------------


def _text(value: float | None, *, procent: bool) -> str:
    if value is None:
        return "onbekend"
    return percentage(value) if procent else number(round(value, 2))


def _tick(value: float, *, procent: bool) -> str:
    return short_percentage(value) if procent else _text(value, procent=False)


def _rows(lijnen: Sequence[Lijn], *, procent: bool) -> list[Rij]:
    """Returns a row for each moment."""
    moments = sorted({moment for lijn in lijnen for moment, _ in lijn.punten})
    columns = [_column(lijn, moments, procent=procent) for lijn in lijnen]
    return [Rij(dutch_day(moment), texts) for moment, *texts in zip(moments, *columns, strict=True)]


def _column(lijn: Lijn, moments: Sequence[datetime], *, procent: bool) -> Iterator[str]:
    """Returns the value at a moment. Without a point there, a stair keeps its value and another line has none."""
    own, text = dict(lijn.punten), "–"
    for moment in moments:
        if moment in own:
            text = _text(own[moment], procent=procent)
        elif not lijn.trap:
            text = "–"
        yield text


def _said(lijnen: Sequence[Lijn], kader: _Kader, nu: datetime, eenheid: str, *, procent: bool) -> Iterator[str]:
    yield f"Van {dutch_day(kader.van)} tot {dutch_day(kader.tot)}; eenheid: {eenheid}."
    if procent:
        yield f"Een lijn geeft {short_percentage(1)} aan."
    if kader.onder > 0:
        yield f"De verticale as begint niet bij {short_percentage(0)}, maar bij {_tick(kader.onder, procent=procent)}."
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
        return f"{_text(point[1], procent=procent)} op {dutch_day(point[0])}"

    lowest, highest = min(known, key=itemgetter(1)), max(known, key=itemgetter(1))
    if len(known) == 1 and not lijn.trap:
        said = f"alleen {at(known[0])}"
    elif lowest[1] == highest[1]:
        until = "" if lijn.trap else f" tot en met {dutch_day(known[-1][0])}"
        said = f"steeds {_text(lowest[1], procent=procent)}, vanaf {dutch_day(known[0][0])}{until}"
    else:
        said = f"eerst {at(known[0])}, laatst {at(known[-1])}; laagst {at(lowest)}, hoogst {at(highest)}"
    unknown = len(lijn.punten) - len(known)
    return f"{lijn.naam}: {said}." + (f" Onbekend: {unknown} van de {len(lijn.punten)} punten." if unknown else "")


def _changes_after(nu: datetime, points: Sequence[Grafiekpunt]) -> list[Grafiekpunt]:
    return [new for old, new in pairwise([(nu, None), *points]) if new[0] > nu and new[1] != old[1]]


def _announced(lijn: Lijn, nu: datetime, *, procent: bool) -> str:
    """Says how a line changes after now; empty when it does not."""
    changes = _changes_after(nu, lijn.punten)
    if not changes:
        return ""
    told = [f"{_text(value, procent=procent)} op {dutch_day(moment)}" for moment, value in changes]
    if len(told) > _GENOEMD_MAX:
        told[2:-1] = [f"nog {len(told) - 3} veranderingen"]
    return f"{lijn.naam} wordt {', '.join(told[:-1])}{' en ' if told[1:] else ''}{told[-1]}"
