"""Series of now that are kept: periods that are over as points, the running period as a stair.

When events come in, only the periods that they touch are computed again. An answer is always the same as when
everything had been computed anew.
"""

import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import count, pairwise
from typing import NamedTuple

from services.core.history.reeks import Reekspunt
from services.reads.lijnen import Compute, Lijnen, verlopen
from services.store.store import Store
from services.store.touched import Changes, Since

PERIODS_MAX = 20_000
"""Periods over all series: with their figures they take some tens of MB."""
TRIES_MAX = 3
"""After this many tries in which events came in, everything is computed from one positie, however long it takes."""
Period = tuple[datetime, datetime]


class _Over(NamedTuple):
    """A period that is over, and what it was computed from."""

    known: Since
    points: Mapping[str, Reekspunt]


class _Running(NamedTuple):
    """The period that is not over yet, computed until its end from what is announced."""

    period: Period
    known: Since
    lijnen: Lijnen


class Kept:
    """The series that were asked for lately. The oldest make room."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._series: OrderedDict[Hashable, Series] = OrderedDict()

    def series(self, name: Hashable, compute: Compute) -> "Series":
        """Returns the series of this name. `compute` makes it when there is none yet."""
        with self._lock:
            found = self._series.setdefault(name, Series(self._store, compute))
            self._series.move_to_end(name)
            while len(self._series) > 1 and sum(map(len, self._series.values())) > PERIODS_MAX:
                self._series.popitem(last=False)
            return found


class Series:
    """One series, with every figure that it has."""

    def __init__(self, store: Store, compute: Compute) -> None:
        self._store, self._changes, self._compute = store, Changes(store), compute
        self._lock = threading.Lock()
        self._known: Since | None = None
        self._over: dict[Period, _Over] = {}
        self._running: _Running | None = None

    def __len__(self) -> int:
        """Returns how many periods it holds."""
        return len(self._over)

    def points(self, grootheid: str, periods: Sequence[Period], now: datetime) -> tuple[list[Reekspunt], Since]:
        """Returns the points of these periods as far as they are over at `now`, and what they were computed from.

        The last of them may still run. They are known at `now`, or at the latest moment that anyone asked for.
        """
        with self._lock:
            known = self._brought_up_to(periods, max(now, self._known.known_at) if self._known else now)
            return [point for period in periods for point in self._points(grootheid, period, known)], known

    def _points(self, grootheid: str, period: Period, known: Since) -> list[Reekspunt]:
        if self._running and self._running.period == period:
            return self._running.lijnen.points(grootheid, [period[0], min(period[1], known.known_at)])
        return [self._over[period].points[grootheid]]

    def _brought_up_to(self, periods: Sequence[Period], now: datetime) -> Since:
        """Computes what is missing, until everything was computed from the same events."""
        at = self._store.position()
        for tries in count():
            known = Since(at, now)
            self._drop(known)
            self._close(now)
            positie = None if tries < TRIES_MAX else str(at)
            for run in self._missing(periods, now):
                borders = [run[0][0], *(end for _, end in run)]
                for part, lines, at in verlopen(self._store, self._compute, borders, now, positie):
                    self._keep(list(pairwise(part)), Since(at, now), lines)
            if at == known.at:
                break
        return known

    def _drop(self, known: Since) -> None:
        """Forgets what the events since the last look touch, except what was computed with them."""
        touched = self._changes.touched(self._known, known) if self._known else []
        self._known = known
        if touched is None:
            self._over, self._running = {}, None
            return
        for one in touched:
            self._over = {p: kept for p, kept in self._over.items() if kept.known == known or not one.overlaps(*p)}
            running = self._running
            if running and running.known != known and one.overlaps(*running.period):
                self._running = None

    def _close(self, now: datetime) -> None:
        """Makes points of the running period when its end has passed."""
        if self._running and self._running.period[1] <= now:
            period, known, lijnen = self._running
            self._over[period] = _Over(known, {name: lijnen.points(name, period)[0] for name in lijnen.lijnen})
            self._running = None

    def _missing(self, periods: Sequence[Period], now: datetime) -> Iterator[list[Period]]:
        """Gives the missing periods, with those that follow each other together. The running one stands by itself."""
        run: list[Period] = []
        for period in periods:
            if period in self._over or (self._running and self._running.period == period):
                continue
            if run and (run[-1][1] != period[0] or period[1] > now):
                yield run
                run = []
            run.append(period)
        if run:
            yield run

    def _keep(self, run: Sequence[Period], known: Since, lijnen: Lijnen) -> None:
        if run[-1][1] > known.known_at:
            self._running = _Running(run[-1], known, lijnen)
            return
        borders = [run[0][0], *(end for _, end in run)]
        columns = {name: lijnen.points(name, borders) for name in lijnen.lijnen}
        for n, period in enumerate(run):
            self._over[period] = _Over(known, {name: points[n] for name, points in columns.items()})
