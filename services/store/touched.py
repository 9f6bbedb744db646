"""Finds what became known after a given point, and which times that affects. Figures of other times still stand."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from schemas.fields import EARLIEST
from services.core.fold import writes
from services.core.registers import Key, Register
from services.store.consistent import ConsistentReads
from services.store.position import Position
from services.store.queries import Query, filled
from services.store.store import Store

TOUCHED = Query("registers/touched")
MOMENTS = Query("registers/moments")
TOUCHED_MAX = 1_000
"""With more events than this, finding out what they touch takes longer than computing everything again."""


class Geraakt(NamedTuple):
    """A time in which a register has another value than before. `end`: None when nothing follows yet."""

    begin: datetime
    end: datetime | None

    def overlaps(self, begin: datetime, end: datetime) -> bool:
        """Whether any of it lies from `begin` until `end`."""
        return self.begin < end and (self.end is None or begin < self.end)


class Since(NamedTuple):
    """A point: all that was stored up to a positie, as known at K."""

    at: Position
    known_at: datetime


class Changes(ConsistentReads):
    """Finds what became known after a given point."""

    def __init__(self, store: Store) -> None:
        super().__init__(store.connection)
        self._store = store

    def touched(self, since: Since, now: Since) -> list[Geraakt] | None:
        """Returns the times in which something may have changed; None when there are too many events to tell.

        A write counts from its moment of effect until the next one to its register. A new or retracted write affects
        that time.
        """
        asked = {"after": since.known_at, "k": now.known_at, "count": TOUCHED_MAX + 1}
        beyond, upto = self._derived_lately().to.beyond(), now.at.upto()
        query = filled(TOUCHED.sql(), since=since.at.beyond(), rest=f"{beyond} AND {upto}", upto=upto)
        rows = self._rows(query, asked)
        if len(rows) > TOUCHED_MAX:
            return None
        written = [
            ((subject, register), effective)
            for _, _, _, subject, registers, moments in rows
            for register, effective in zip(registers, moments, strict=True)
        ]
        retracted = {(target, source) for source, retracts, target, *_ in rows if retracts}
        targets = self._store.by_id([target for target, _ in retracted], str(now.at)) if retracted else []
        written += [
            ((one.event.subject, write.register), write.effective_at)
            for one in targets
            if (one.event.id, one.event.source) in retracted
            for write in writes(one.event)
        ]
        return self._times(written, now)

    def _times(self, written: Iterable[tuple[Key, datetime]], now: Since) -> list[Geraakt]:
        touched = sorted({one for one in written if Register.of(one[0]) is not Register.GEPUBLICEERD})
        if not touched:
            return []
        if any(Register.of(key).declared.lens for key, _ in touched):
            return [Geraakt(EARLIEST, None)]
        asked = {
            "subjects": sorted({subject for (subject, _), _ in touched}),
            "registers": sorted({register for (_, register), _ in touched}),
            "after": min(moment for _, moment in touched),
            "v": now.known_at,
            "k": now.known_at,
        }
        rows, _ = self._read(lambda ask: ask(MOMENTS, asked), str(now.at))
        following: dict[Key, list[datetime]] = defaultdict(list)
        for subject, register, moment in rows:
            following[subject, register].append(moment)
        return [Geraakt(moment, _next(following[key], moment)) for key, moment in touched]


def _next(moments: Sequence[datetime], after: datetime) -> datetime | None:
    later = bisect_right(moments, after)
    return moments[later] if later < len(moments) else None
