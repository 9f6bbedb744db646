"""A figure of each hour, day, week or month: the last, the most and the mean, exactly.

Between two changes nothing changes: a figure is a stair, and its mean weighs each instant the same.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from schemas.fields import AMSTERDAM
from schemas.moments import NEVER, from_micros, micros
from services.core.history.sommen import Trap
from services.core.standen import Bools, Ints

Stap = Literal["uur", "dag", "week", "maand"]
PUNTEN_MAX = 20_000
"""More than two years of hours."""
_HOUR = timedelta(hours=1)


class Punt(NamedTuple):
    """A figure from `begin` until the next. None: not known."""

    begin: datetime
    laatste: int | float | None
    """At the last instant."""
    maximum: int | float | None
    """The most it ever was."""
    gemiddelde: float | None
    """The mean over the time that it is known, each instant as heavy."""
    dekking: float | None
    """At the last instant."""


class TooManyError(ValueError):
    """More points than are given at once."""


def perioden(van: datetime, tot: datetime, stap: Stap) -> list[datetime]:
    """The borders of the periods from `van` until `tot`: Dutch hours, days, weeks (from Monday) and months.

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


def border_after(moment: datetime, stap: Stap) -> datetime:
    """The first border of a period after a moment."""
    return next(_borders(moment, stap))


def _borders(after: datetime, stap: Stap) -> Iterator[datetime]:
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
        yield datetime.combine(day, time(), AMSTERDAM).astimezone(UTC)


Lijn = tuple[npt.NDArray[np.int64 | np.float64], Bools]
"""A figure at each moment of a stair, and whether it is known there."""


def van_som(trap: Trap, grootheid: str) -> Lijn:
    """A figure of an area. One of VAN_SOM."""
    sums = trap.waarden
    if grootheid == "bezettingsgraad":
        return _known(share(sums["aanwezigOpPlaatsen"], sums["plaatsenMetMeting"]))
    known = sums["gemeten"] > 0 if grootheid == "aanwezig" else np.ones(len(trap.moment), dtype=np.bool_)
    return sums[grootheid], known


def van_locatie(trap: Trap, grootheid: str) -> Lijn:
    """A figure of a locatie by itself. One of VAN_LOCATIE."""
    sums = trap.waarden
    if grootheid == "bezettingsgraad":
        return _known(share(sums["aanwezigOpPlaatsen"], sums["plaatsenMetMeting"]))
    known = sums["gemeten" if grootheid == "aanwezig" else "geplaatst"] > 0
    return sums["plaatsen" if grootheid == "totaalPlaatsen" else grootheid], known


VAN_SOM = ("aanwezig", "bezettingsgraad", "inzetbaar", "plaatsen", "locaties")
VAN_LOCATIE = ("aanwezig", "bezettingsgraad", "inzetbaar", "totaalPlaatsen")


def dekking(trap: Trap) -> npt.NDArray[np.float64]:
    """At each moment the share of the usable places that have a fresh reading; NaN where there are none."""
    return share(trap.waarden["vers"], trap.waarden["inzetbaar"])


def van_gemeenten(trap: Trap, grootheid: str) -> Lijn:
    """How many gemeenten are of a class, or a sum over them: by its name in a `naleving_trap`."""
    known = trap.waarden["gemeenten"] > 0
    if grootheid in ("opgave", "tekort"):
        known &= trap.waarden["opgaveBekend"] > 0
    return trap.waarden[grootheid], known


def only_since(begin: datetime, trap: Trap) -> Trap:
    """The same stair, with a step where something begins to be."""
    since = micros(begin)
    at = int(np.searchsorted(trap.moment, since))
    if at == 0 or (at < len(trap.moment) and trap.moment[at] == since):
        return trap
    return Trap(
        np.insert(trap.moment, at, since), {name: np.insert(v, at, v[at - 1]) for name, v in trap.waarden.items()}
    )


def punten(moment: Ints, lijn: Lijn, covered: npt.NDArray[np.float64], borders: Sequence[datetime]) -> list[Punt]:
    """The points of a stair. `covered` is NaN where it is not known."""
    waarde, known = lijn
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
        Punt(
            begin,
            value[last].item() if is_known[last] else None,
            most[n].item() if known_for[n] else None,
            area[n].item() / known_for[n].item() if known_for[n] else None,
            None if np.isnan(part := covered[until_last[n]]) else part.item(),
        )
        for n, (begin, last) in enumerate(zip(borders, lasts.tolist(), strict=False))
    ]


def _with(moment: Ints, also: Ints) -> Ints:
    """Both in order, each once; both are ascending."""
    place = np.searchsorted(moment, also)
    new = np.append(moment, NEVER)[place] != also
    return np.insert(moment, place[new], also[new])


def _changes(moment: Ints, value: npt.NDArray[Any], known: Bools) -> tuple[Ints, npt.NDArray[Any], Bools]:
    """Only the steps at which anything changes, so that a mean is the same by whatever steps it was computed."""
    same = (known[1:] == known[:-1]) & ((value[1:] == value[:-1]) | ~known[1:])
    kept = np.append(True, ~same)
    return moment[kept], value[kept], known[kept]


def at_moments(moment: Ints, lijn: Lijn, moments: Sequence[datetime]) -> list[int | float | None]:
    """What a stair is at these moments, none of them before it begins."""
    waarde, known = lijn
    at = np.searchsorted(moment, np.array([micros(one) for one in moments]), "right") - 1
    return [waarde[step].item() if known[step] else None for step in at]


def first_below(moment: Ints, waarde: Ints, limit: float, since: datetime) -> datetime | None:
    """The first moment from `since` on at which a stair is lower than a limit; None when it never is."""
    begin = max(int(np.searchsorted(moment, micros(since), "right")) - 1, 0)
    low = np.flatnonzero(waarde[begin:] < limit)
    return max(since, from_micros(int(moment[begin + low[0]]))) if len(low) else None


def _least(values: npt.NDArray[np.int64 | np.float64]) -> int | float:
    return -np.inf if values.dtype == np.float64 else int(np.iinfo(np.int64).min)


def _known(values: npt.NDArray[np.float64]) -> Lijn:
    return values, ~np.isnan(values)


def share(part: Ints, whole: Ints) -> npt.NDArray[np.float64]:
    """A part of a whole; NaN where the whole is 0."""
    parts: npt.NDArray[np.float64] = np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole != 0)
    return parts
