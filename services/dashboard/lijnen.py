"""What the charts of pages share: points of lines that stop where readings stop, and the name of another now."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby, pairwise

from services.core.dutch import dutch_day
from services.dashboard.grafiek import Grafiek, Grafiekpunt

POINTS_MAX = 400
"""More points than this are no longer told apart in a drawing."""


def van_metingen(readings: Sequence[tuple[datetime, float]], recent: timedelta, until: datetime) -> list[Grafiekpunt]:
    """Returns a point for each reading, and a gap after each that is followed by nothing while it is recent.

    `readings` are (peilmoment, people), oldest first. `until` is the moment up to which readings were looked for.
    """
    points: list[Grafiekpunt] = []
    for (moment, value), (then, _) in pairwise([*readings, (until, 0)]):
        points.append((moment, value))
        if then - moment > recent:
            points.append((moment + recent, None))
    return points


def uitgedund(points: Sequence[Grafiekpunt], borders: Sequence[datetime]) -> list[Grafiekpunt]:
    """Keeps the last known point of each period between these borders, and every gap."""
    if len(points) <= POINTS_MAX:
        return list(points)
    found: list[Grafiekpunt] = []
    for _, period in groupby(points, key=lambda point: bisect_right(borders, point[0])):
        found += _thinned(list(period))
    return found


def van_toen(drawn: Grafiek, nu: datetime) -> Grafiek:
    """Names the moment that is shown by its day, in a chart of another moment than the present."""
    return replace(drawn, nu_naam=dutch_day(nu))


def _thinned(period: Sequence[Grafiekpunt]) -> Iterator[Grafiekpunt]:
    """Returns the last known point, with a gap before it and after it where the period has one."""
    last = max((at for at, (_, value) in enumerate(period) if value is not None), default=-1)
    yield from [point for point in period[: max(last, 0)] if point[1] is None][:1]
    if last >= 0:
        yield period[last]
    yield from period[last + 1 :][:1]
