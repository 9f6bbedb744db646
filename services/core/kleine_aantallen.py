"""Counts that are too small to tell, and which others would give them away.

A count of a few says something of each of them. A total and its other parts give a count away that is left out, so
some of these are left out too. What is left out never depends on who asked what before: it follows from the table.
"""

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import gcd, inf, lcm
from typing import Generic, NamedTuple, TypeVar

C = TypeVar("C", bound=Hashable)
"""What names a cell of a table."""


class Som(NamedTuple, Generic[C]):
    """A total that is told, and the cells that make it."""

    totaal: C
    delen: Collection[C]

    @property
    def cellen(self) -> tuple[C, ...]:
        """Returns the total and its parts."""
        return self.totaal, *self.delen


class Tabel(NamedTuple, Generic[C]):
    """Counts that are told side by side, and the sums that link them, in as many dimensions as there are.

    A total is told itself, or it is no cell. Each one is a sum of cells that are no total.
    """

    cellen: Mapping[C, int]
    sommen: Sequence[Som[C]] = ()


def verborgen(tabel: Tabel[C], minstens: int) -> frozenset[C]:
    """Returns the cells that can't be told.

    These are the counts from 1 up to `minstens`, and what would give one of them away. 0 is told. Of each cell that
    can't be told, at least `minstens` values go with all that is told, also for a reader who knows that it isn't 0.
    """
    hidden = {cel for cel, aantal in tabel.cellen.items() if 0 < aantal < minstens}
    while open_ones := _given_away(tabel, hidden, minstens):
        also = _also(tabel, hidden, open_ones)
        if also is None:
            break
        hidden.add(also)
    return frozenset(hidden)


def _given_away(tabel: Tabel[C], hidden: Collection[C], minstens: int) -> set[C]:
    """The hidden cells of which fewer values are found than `minstens`.

    Each way to change hidden cells without changing a sum gives other tables that look the same.
    """
    safe: set[C] = set()
    for way in _ways(tabel, hidden):
        down = min(((tabel.cellen[cel] - 1) // by for cel, by in way.items() if by > 0), default=inf)
        up = min(((tabel.cellen[cel] - 1) // -by for cel, by in way.items() if by < 0), default=inf)
        if down + up + 1 >= minstens:
            safe |= way.keys()
    return {cel for cel in hidden if cel not in safe}


def _ways(tabel: Tabel[C], hidden: Collection[C]) -> Iterator[Mapping[C, int]]:
    """Ways to change hidden cells that leave all sums as they are: of each cell in it, by how much it changes."""
    totals = {som.totaal for som in tabel.sommen}
    # What comes first follows from the rest. So totals follow from parts, and each way changes one small count, and
    # otherwise large ones, which can change by more.
    order = {cel: (cel not in totals, -aantal) for cel, aantal in tabel.cellen.items() if cel in hidden}
    cells = sorted(order, key=order.__getitem__)
    rows = [
        [Fraction((cel == som.totaal) - (cel in som.delen)) for cel in cells]
        for som in tabel.sommen
        if any(cel in hidden for cel in som.cellen)
    ]
    follows = _reduced(rows)
    for free, name in enumerate(cells):
        if free not in follows:
            way = {name: Fraction(1)} | {cells[at]: -row[free] for at, row in follows.items() if row[free]}
            whole = lcm(*(by.denominator for by in way.values()))
            numbers = {cel: int(by * whole) for cel, by in way.items()}
            common = gcd(*numbers.values())
            yield {cel: number // common for cel, number in numbers.items()}


def _reduced(rows: list[list[Fraction]]) -> dict[int, list[Fraction]]:
    """Solves the sums exactly: column that follows from others → its row in reduced form."""
    found: dict[int, list[Fraction]] = {}
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows = [row for row in rows if row is not pivot]
        unit = [value / pivot[column] for value in pivot]
        rows = [_minus(row, unit, column) for row in rows]
        found = {at: _minus(row, unit, column) for at, row in found.items()}
        found[column] = unit
    return found


def _minus(row: list[Fraction], unit: list[Fraction], column: int) -> list[Fraction]:
    times = row[column]
    return [value - times * one for value, one in zip(row, unit, strict=True)] if times else row


def _also(tabel: Tabel[C], hidden: Collection[C], open_ones: Collection[C]) -> C | None:
    """The next cell to hide: one that shares a sum with a cell that is given away. None when nothing is left to hide.

    It comes from the sum that hides the fewest cells. Parts go before totals, then what closes another sum as well,
    then the smallest, and then the first of the table.
    """
    place = {cel: at for at, cel in enumerate(tabel.cellen)}

    def cost(som: Som[C]) -> Callable[[C], tuple[int, ...]]:
        few = sum(cel in hidden for cel in som.cellen)
        return lambda cel: (
            few,
            cel == som.totaal,
            -sum(cel in one.cellen and any(other in hidden for other in one.cellen) for one in tabel.sommen),
            tabel.cellen[cel],
            place[cel],
        )

    for which in (open_ones, hidden):
        found = [
            (cost(som)(cel), cel)
            for som in tabel.sommen
            if any(cel in which for cel in som.cellen)
            for cel in som.cellen
            if tabel.cellen[cel] and cel not in hidden
        ]
        if found:
            return min(found, key=lambda pair: pair[0])[1]
    return None
