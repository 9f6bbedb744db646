"""Reads all that was ever written to very many registers at once, to hold what may be sent against it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from schemas.fields import END_OF_TIME
from schemas.moments import micros
from services.core.registers import Key, Register, Winner
from services.store.consistent import ConsistentReads
from services.store.figures import BEFORE_ALL
from services.store.queries import Query
from services.store.rows import steps_of

WRITTEN = Query("registers/written")
AT_MOMENTS = Query("registers/at_moments")
BYTES_MAX = 64 * 1024
"""ClickHouse takes 128 KiB of a parameter over HTTP, and some letters take two bytes there."""
_INSTANT = timedelta(microseconds=1)
_MOMENTS_MAX = BYTES_MAX // 20


class Wanted(NamedTuple):
    """Where and when something may be written."""

    subject: str
    register: str
    moment: datetime


class WrittenReads(ConsistentReads):
    """Reads writes by their places. Every method may be called from any thread; raises StoreUnavailableError."""

    def written(self, places: Iterable[Wanted], positie: str) -> dict[Key, list[Winner]]:
        """Returns what was ever said of the registers of these places: of each moment the greatest write that stands.

        Of a register about one moment these are only the writes about the moments of its places. There may be writes
        of other registers and moments among them.
        """
        asked = asked_for(places)
        found: dict[Key, list[Winner]] = defaultdict(list)
        if asked:
            rows, _ = self._read(lambda ask: [ask(WRITTEN, one) for one in asked], positie)
            for key, winner in steps_of([row for some in rows for row in some]):
                found[key].append(winner)
        return found

    def at_moments(self, moments: Collection[datetime], positie: str) -> list[tuple[Key, Winner]]:
        """Returns the greatest write that stands about each of these moments, of registers about one moment."""
        listed = sorted(map(micros, set(moments)))
        parts = [listed[start : start + _MOMENTS_MAX] for start in range(0, len(listed), _MOMENTS_MAX)]
        asked = [{"after": BEFORE_ALL, "v": END_OF_TIME, "k": END_OF_TIME, "moments": part} for part in parts]
        rows, _ = self._read(lambda ask: [ask(AT_MOMENTS, one) for one in asked], positie)
        return steps_of([row for some in rows for row in some])


def asked_for(places: Iterable[Wanted]) -> list[dict[str, Any]]:
    """Returns the parameters of each question that together ask for all of these places. Pure."""
    kinds: dict[bool, set[Wanted]] = {True: set(), False: set()}
    for place in places:
        kinds[Register.of_name(place.register).declared.of_moment].add(place)
    return [_asked(part, always=not at_moments) for at_moments, some in kinds.items() for part in _parts_of(some)]


def _asked(part: Collection[Wanted], *, always: bool) -> dict[str, Any]:
    """Returns the parameters that find these, whenever they were recorded: also by a clock that runs ahead."""
    moments = {one.moment for one in part}
    return {
        "registers": sorted({one.register for one in part}),
        "subjects": sorted({one.subject for one in part}),
        "always": always,
        "moments": [] if always else sorted(map(micros, moments)),
        "after": BEFORE_ALL if always else min(moments) - _INSTANT,
        "v": END_OF_TIME if always else max(moments),
        "k": END_OF_TIME,
    }


def _parts_of(places: Collection[Wanted]) -> Iterator[list[Wanted]]:
    """Cuts places into parts of which every list fits in a parameter."""
    part: list[Wanted] = []
    seen: set[Any] = set()
    size = 0
    for place in sorted(places):
        more = _size(one for one in place if one not in seen)
        if size + more > BYTES_MAX:
            yield part
            part, seen, size, more = [], set(), 0, _size(place)
        part.append(place)
        seen.update(place)
        size += more
    if part:
        yield part


def _size(values: Iterable[Any]) -> int:
    """Returns how many bytes these take in lists, with what stands around them."""
    return sum(len(str(one).encode()) + 3 for one in values)
