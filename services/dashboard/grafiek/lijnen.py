"""What the charts of pages share: points of lines that stop where readings stop, and the name of another now."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby, pairwise

from services.core.dutch import dutch_day
from services.core.grootheden.opvang import AANWEZIG, MAXIMUM
from services.core.history.verloop import Verloop
from services.core.registers import Register, Winner, end_of
from services.core.voorbehoud import zonder_meting
from services.dashboard.grafiek.vorm import Grafiek, Grafiekpunt, Lijn

POINTS_MAX = 400
"""More points than this are no longer told apart in a drawing."""


def lijn_van_metingen(
    readings: Sequence[tuple[datetime, float]], recent: timedelta, until: datetime, borders: Sequence[datetime]
) -> Lijn:
    """Returns the people of a locatie, from its readings. Of very many the last of each period is drawn."""
    points = uitgedund(van_metingen(readings, recent, until), borders)
    why = zonder_meting(recent)
    return Lijn(AANWEZIG.label, AANWEZIG.naam, points, waarom={at: why for at, value in points if value is None})


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


def van_maximum(verloop: Verloop, tot: datetime) -> Lijn:
    """Returns the maximum of the only locatie of `verloop`, with a gap where none was in force."""
    begin = [(verloop.van, winner) for key, winner in verloop.begin.items() if Register.of(key) is Register.MAXIMUM]
    later = [(one.effective_at, one) for key, one in verloop.steps if Register.of(key) is Register.MAXIMUM]
    return Lijn(MAXIMUM.label, MAXIMUM.naam, list(_until_they_end([*begin, *later], tot)), trap=True)


def _until_they_end(steps: Sequence[tuple[datetime, Winner]], tot: datetime) -> Iterator[Grafiekpunt]:
    for n, (moment, winner) in enumerate(steps):
        then = steps[n + 1][0] if n + 1 < len(steps) else tot
        end = end_of(winner)
        if end is None or moment < end:
            yield moment, winner.value["maximum"]
        if end is not None and end < then:
            yield max(moment, end), None


def uitgedund(points: Sequence[Grafiekpunt], borders: Sequence[datetime], most: int = POINTS_MAX) -> list[Grafiekpunt]:
    """Keeps every point up to `most`. Of more it keeps the last known of each period between borders, and every gap."""
    if len(points) <= most:
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
