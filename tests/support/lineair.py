"""What a reader can work out from sums: the least and the most that an unknown can be, exactly."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

Vergelijking = tuple[Mapping[str, int], int]
"""Unknown → how many times it counts, and what they add up to."""


def bereik(sums: Sequence[Vergelijking], name: str) -> tuple[Fraction, Fraction | None]:
    """Returns the least and the most of an unknown, all unknowns being 0 or more. None: there is no most."""
    names = sorted({one for row, _ in sums for one in row} | {name})
    rows = [[Fraction(row.get(one, 0)) for one in names] for row, _ in sums]
    wanted = [Fraction(one == name) for one in names]
    least = _most(rows, [Fraction(total) for _, total in sums], [-one for one in wanted])
    assert least is not None, "an unknown that is 0 or more has a least"
    return -least, _most(rows, [Fraction(total) for _, total in sums], wanted)


def _most(rows: list[list[Fraction]], totals: list[Fraction], wanted: list[Fraction]) -> Fraction | None:
    """The simplex method in two phases, by the rule of Bland, so that it ends."""
    many, width = len(rows), len(wanted)
    table = []
    for at, (row, total) in enumerate(zip(rows, totals, strict=True)):
        sign = -1 if total < 0 else 1
        extra = [Fraction(other == at) for other in range(many)]
        table.append([sign * value for value in row] + extra + [sign * total])
    basis = list(range(width, width + many))
    first = [Fraction(0)] * width + [Fraction(-1)] * many
    assert _climb(table, basis, first, width + many) == 0, "what is told contradicts itself"
    for at in range(many):  # What was added for the first phase leaves, where it can.
        if basis[at] >= width:
            column = next((column for column in range(width) if table[at][column]), None)
            if column is not None:
                _turn(table, basis, at, column)
    kept = [at for at in range(many) if basis[at] < width]
    table, basis = [table[at][:width] + table[at][-1:] for at in kept], [basis[at] for at in kept]
    return _climb(table, basis, wanted, width)


def _climb(table: list[list[Fraction]], basis: list[int], wanted: list[Fraction], width: int) -> Fraction | None:
    while True:
        gain = (
            column
            for column in range(width)
            if column not in basis
            and wanted[column] > sum(wanted[own] * row[column] for own, row in zip(basis, table, strict=True))
        )
        column = next(gain, None)
        if column is None:
            return sum((wanted[own] * row[-1] for own, row in zip(basis, table, strict=True)), Fraction(0))
        bounds = [(row[-1] / row[column], basis[at], at) for at, row in enumerate(table) if row[column] > 0]
        if not bounds:
            return None
        _turn(table, basis, min(bounds)[2], column)


def _turn(table: list[list[Fraction]], basis: list[int], at: int, column: int) -> None:
    by = table[at][column]
    table[at] = [value / by for value in table[at]]
    for other, row in enumerate(table):
        if other != at and row[column]:
            times = row[column]
            table[other] = [value - times * one for value, one in zip(row, table[at], strict=True)]
    basis[at] = column
