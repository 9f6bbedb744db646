"""A figure per hour, day, week or month: its last value, its maximum and its mean, exactly.

A figure is a stair: between two changes it stays the same. Its mean gives every instant the same weight.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, NamedTuple

import numpy as np

from schemas.fields import AMSTERDAM
from schemas.moments import NEVER, day_of, from_micros, micros, start_of_day
from services.core.delen import Bools, Delen, Floats, Ints, Reekslijn
from services.core.history.sommen import D, Trap

Tijdstap = Literal["uur", "dag", "week", "maand"]
PUNTEN_MAX = 20_000
"""More than two years of hours."""
_HOUR = timedelta(hours=1)


class Reekspunt(NamedTuple):
    """A figure from `begin` until the next point. None means not known."""

    begin: datetime
    laatste: int | float | None
    """At the last instant."""
    maximum: int | float | None
    """The highest value at any instant."""
    gemiddelde: float | None
    """The mean over the time in which it is known, weighed by time."""
    dekking: float | None
    """At the last instant."""


class TooManyError(ValueError):
    """There are more points than one answer gives."""


def perioden(van: datetime, tot: datetime, stap: Tijdstap) -> list[datetime]:
    """Gives the borders of the periods from `van` until `tot`: Dutch hours, days, weeks (from Monday) and months.

    The first begins at `van` and the last ends at `tot`. Raises TooManyError.
    """
    borders = [van]
    for border in _borders(van, stap):
        if border >= tot:
            break
        if len(borders) == PUNTEN_MAX:
            raise TooManyError
        borders.append(border)
    return [*borders, tot]


def border_after(moment: datetime, stap: Tijdstap) -> datetime:
    """Gives the first border of a period after a moment."""
    return next(_borders(moment, stap))


def laatste_dagen(now: datetime, aantal: int) -> list[datetime]:
    """Gives the borders of the last Dutch days that are over: where each begins, and where the last one ends."""
    midnight = start_of_day(day_of(now))
    first = border_after(midnight - timedelta(days=aantal, hours=2), "dag")  # A day may have 25 hours.
    return perioden(first, midnight, "dag")


def _borders(after: datetime, stap: Tijdstap) -> Iterator[datetime]:
    if stap == "uur":  # whole hours on the Dutch clock are whole hours everywhere, and so it ticks on at a clock change
        border = after.replace(minute=0, second=0, microsecond=0)
        while True:
            border += _HOUR
            yield border
    day = after.astimezone(AMSTERDAM).date()
    while True:
        if stap == "maand":
            day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        else:
            day += timedelta(days=7 - day.weekday() if stap == "week" else 1)
        yield start_of_day(day).astimezone(UTC)


def lijn(sluiting: Callable[[D], tuple[Any, Any]], trap: Trap[D]) -> Reekslijn:
    """Closes a figure over the parts of a stair."""
    waarde, bekend = sluiting(trap.delen)
    return waarde, bekend


def only_since(begin: datetime, trap: Trap[Delen[Ints]]) -> Trap[Delen[Ints]]:
    """Gives the same stair, with a step where something begins to exist."""
    since = micros(begin)
    at = int(np.searchsorted(trap.moment, since))
    if at == 0 or (at < len(trap.moment) and trap.moment[at] == since):
        return trap
    return Trap(np.insert(trap.moment, at, since), Delen(*(np.insert(part, at, part[at - 1]) for part in trap.delen)))


def punten(moment: Ints, line: Reekslijn, covered: Floats, borders: Sequence[datetime]) -> list[Reekspunt]:
    """Gives the points of a stair between these borders. `covered` is NaN where it is not known."""
    waarde, known = line
    own = moment
    moment, waarde, known = _changes(moment, waarde, known)
    edges = np.array([micros(border) for border in borders], dtype=np.int64)
    at = _with(moment[(moment > edges[0]) & (moment < edges[-1])], edges[:-1])
    step = np.searchsorted(moment, at, "right") - 1
    value, is_known = waarde[step], known[step]
    first = np.searchsorted(at, edges[:-1])
    lasts = np.append(first[1:], len(at)) - 1
    took = np.diff(np.append(at, edges[-1]))
    known_for = np.add.reduceat(np.where(is_known, took, 0), first)
    most = np.maximum.reduceat(np.where(is_known, value, _least(value)), first)
    until_last = np.searchsorted(own, edges[1:], "left") - 1
    area = np.add.reduceat(np.where(is_known, value, 0) * took.astype(np.float64), first)
    return [
        Reekspunt(
            begin,
            value[last].item() if is_known[last] else None,
            most[n].item() if known_for[n] else None,
            area[n].item() / known_for[n].item() if known_for[n] else None,
            None if np.isnan(part := covered[until_last[n]]) else part.item(),
        )
        for n, (begin, last) in enumerate(zip(borders, lasts.tolist(), strict=False))
    ]


def _with(moment: Ints, also: Ints) -> Ints:
    """Merges two ascending arrays: in order, each moment once."""
    place = np.searchsorted(moment, also)
    new = np.append(moment, NEVER)[place] != also
    return np.insert(moment, place[new], also[new])


def _changes(moment: Ints, value: Any, known: Bools) -> tuple[Ints, Any, Bools]:
    """Keeps only the steps at which something changes, so that a mean does not depend on the other steps."""
    same = (known[1:] == known[:-1]) & ((value[1:] == value[:-1]) | ~known[1:])
    kept = np.append(True, ~same)
    return moment[kept], value[kept], known[kept]


def veranderingen(moment: Ints, line: Reekslijn, van: datetime) -> list[tuple[datetime, int | float | None]]:
    """Gives each moment from `van` on at which a stair changes, with the value from there; the first is `van`."""
    own, value, known = _changes(moment, *line)
    begin = micros(van)
    first = int(np.searchsorted(own, begin, "right")) - 1
    moments = [begin, *own[first + 1 :].tolist()]
    values = zip(value[first:].tolist(), known[first:].tolist(), strict=True)
    return [(from_micros(at), one if is_known else None) for at, (one, is_known) in zip(moments, values, strict=True)]


def at_moments(moment: Ints, line: Reekslijn, moments: Sequence[datetime]) -> list[int | float | None]:
    """Gives the value of a stair at these moments. None of them may be before it begins."""
    waarde, known = line
    at = np.searchsorted(moment, np.array([micros(one) for one in moments]), "right") - 1
    return [waarde[step].item() if known[step] else None for step in at]


def at_moment(moment: Ints, delen: Delen[Ints], when: datetime) -> Delen[Ints]:
    """Gives the parts of a stair at one moment, which is not before it begins."""
    step = np.searchsorted(moment, micros(when), "right") - 1
    return Delen(*(part[step] for part in delen))


def first_below(moment: Ints, waarde: Ints, limit: float, since: datetime) -> datetime | None:
    """Finds the first moment from `since` on at which a stair is below a limit; None when it never is."""
    begin = max(int(np.searchsorted(moment, micros(since), "right")) - 1, 0)
    low = np.flatnonzero(waarde[begin:] < limit)
    return max(since, from_micros(int(moment[begin + low[0]]))) if len(low) else None


def _least(values: Ints | Floats) -> int | float:
    return -np.inf if values.dtype == np.float64 else int(np.iinfo(np.int64).min)
