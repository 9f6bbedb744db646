"""The axes of a chart: round values around what is drawn, and round moments on the Dutch clock."""

import math
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

from schemas.fields import AMSTERDAM
from schemas.moments import start_of_day
from services.core.dutch import MAANDEN_KORT
from services.dashboard.grafiek.vorm import Streep

_STREPEN_MIN, _STREPEN_MAX = 4, 8
_UITSNEDE_MIN = 0.04
"""An axis that is cut off shows at least this share of the highest value: less would make much of little."""
_UITSNEDE_VANAF = 0.5
"""An axis is cut off when its lowest value is more than this share of its highest, or of 100 %."""
_HEEL_VANAF = 0.5
"""An axis of shares shows 100 % from this highest value on: of small shares it would flatten the line."""
_TELBAAR = 20
"""Of fewer people or places than this, the axis is not cut off."""

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


def waardestrepen(known: Sequence[float], *, procent: bool) -> list[float]:
    """Returns round values around all values: from 0, unless that would flatten what is drawn."""
    highest = max(known)
    top = max(highest, 1 if procent and highest >= _HEEL_VANAF else 0)
    lowest = min(*known, 1) if procent else min(known)
    low = min(lowest, 0.0)
    if lowest > _UITSNEDE_VANAF * (1 if procent else top) and (procent or top >= _TELBAAR):
        least = _UITSNEDE_MIN * (1 if procent else top)
        low = min(lowest - (top - lowest) / 10, top - least)
    # Decimals, because 0.3 is three steps of 0.1, and in binary it is not.
    exact_low, exact_top = Decimal(str(low)), Decimal(str(top))
    step = _round_up((exact_top - exact_low) / 5 or Decimal(1))
    step = step if procent else max(step, Decimal(1))  # everything else is counted, and there is no half a place
    first, last = math.floor(exact_low / step), math.ceil(exact_top / step)
    return [float(at * step) for at in range(first, max(last, first + 1) + 1)]


def tijdstrepen(van: datetime, tot: datetime) -> list[tuple[datetime, Streep]]:
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
    while (moment := start_of_day(day).astimezone(UTC)) <= tot:
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


def _round_up(size: Decimal) -> Decimal:
    """Returns the next step: 1, 2 or 5, with zeros."""
    unit = Decimal(10) ** size.adjusted()
    return next(many * unit for many in (1, 2, 5, 10) if many * unit >= size)
