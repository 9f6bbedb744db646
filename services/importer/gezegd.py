"""Remembers what the earlier pieces of a file said, so that a later row that contradicts one is known for that.

A server sees such rows itself where it compares them at once. Between two pieces it sees a correction, and would take
both rows, again each time that the file comes.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import orjson

from schemas.parsing import Invalid
from services.core.fold import writes
from services.importer.profiel import Geweigerd, Kandidaat, gelezen

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_TEGELIJK = 500
"""How many rows are parsed at once. More take twice as long: Python then looks at all of the piece for garbage."""


class _Schrijving(NamedTuple):
    sleutel: int
    """Hash of the subject, the register and the moment."""
    waarde: int
    """Hash of what is said of these."""
    plek: int
    """Which sheet and row says it."""
    nummer: int
    """The place of that row among those that are weighed now."""


class Gezegd:
    """What a file said so far. It takes 24 bytes for each value, since a file may have millions of rows."""

    def __init__(self) -> None:
        self._stukken: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]] = []
        """Of each piece: its keys in ascending order, and what is said of each by which row."""
        self._nu = self._stukken[:0]
        """Of the piece that is weighed now, in the order of the file."""
        self._bladen: list[str] = []

    def zeef(self, rijen: Sequence[Kandidaat]) -> tuple[list[Kandidaat], list[Geweigerd]]:
        """Takes a piece. Returns the rows that contradict no earlier piece, and those that do, which don't count."""
        import numpy as np  # noqa: PLC0415 - loading it takes longer than a whole command that tells its options

        found = np.fromiter(chain.from_iterable(self._schrijvingen(rijen)), np.int64).reshape(-1, 4)
        keys, values, places, numbers = found.T
        eerder: dict[int, int] = {}
        for known, said, by in reversed(self._stukken):  # The earliest row is told.
            at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
            wrong = (known[at] == keys) & (said[at] != values)
            eerder.update(zip(numbers[wrong].tolist(), by[at[wrong]].tolist(), strict=True))
        counts = ~np.isin(numbers, [*eerder])
        self._nu = [(keys[counts], values[counts], places[counts])]
        refused = [self._weiger(rijen[number], place) for number, place in sorted(eerder.items())]
        return [one for number, one in enumerate(rijen) if number not in eerder], refused

    def onthoud(self, geweigerd: Iterable[tuple[str, int]]) -> None:
        """Remembers the piece that was weighed last, without the rows that were refused, each as its sheet and number.

        A later row may say what a refused one should have said.
        """
        import numpy as np  # noqa: PLC0415 - loading it takes longer than a whole command that tells its options

        gone = [self._plek(blad, rij) for blad, rij in geweigerd]
        for keys, values, places in self._nu:
            stands = ~np.isin(places, gone)
            known, first = np.unique(keys[stands], return_index=True)
            if len(known):
                self._stukken.append((known, values[stands][first], places[stands][first]))

    def _plek(self, blad: str, rij: int) -> int:
        if blad not in self._bladen:
            self._bladen.append(blad)
        return self._bladen.index(blad) << 32 | rij

    def _schrijvingen(self, rijen: Sequence[Kandidaat]) -> Iterator[_Schrijving]:
        """Yields what the rows write. A line of a log, which has its own id, is what it was, whatever others say."""
        asked = [(number, one) for number, one in enumerate(rijen) if "id" not in one.gebeurtenis]
        for begin in range(0, len(asked), _TEGELIJK):
            some = asked[begin : begin + _TEGELIJK]
            for (number, one), event in zip(some, gelezen([one for _, one in some]), strict=True):
                if isinstance(event, Invalid):  # The server refuses it, and says why.
                    continue
                place = self._plek(one.blad, one.rij)
                for write in writes(event):
                    key = hash((event.subject, write.register, write.effective_at))
                    value = hash(orjson.dumps(write.value, option=orjson.OPT_SORT_KEYS))
                    yield _Schrijving(key, value, place, number)

    def _weiger(self, one: Kandidaat, plek: int) -> Geweigerd:
        other = one._replace(blad=self._bladen[plek >> 32], rij=plek & 0xFFFFFFFF)
        why = (
            f"geeft een andere waarde dan {other.plaats}, over hetzelfde onderwerp en hetzelfde moment; "
            "laat een van de twee weg"
        )
        return Geweigerd(one.blad, one.rij, why, one.inhoud)
