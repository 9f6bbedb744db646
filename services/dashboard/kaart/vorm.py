"""The shape of the map: where the hexagons stand, the borders between provincies, and where these are named.

All sizes are whole numbers in units of the drawing, so a hexagon is a hundredth taller than a regular one.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from schemas.reference import PROVINCIES, Zeshoek, gemeenten, zeshoeken

HALF, SIDE = 12, 7
"""Half the width of a hexagon, and half the length of a side. From its centre to its top is twice `SIDE`."""
ROW = 3 * SIDE
_MARGIN = 1
BREEDTE, HOOGTE = 600, 34 * ROW
"""The size of the drawing: that of all hexagons, and some room at the right for names."""
_SETS_MAX = 8
"""How many sets of gemeenten are remembered: one for each year in which some end."""


class Punt(NamedTuple):
    """A place in the drawing; y grows to the south."""

    x: int
    y: int


class Naam(NamedTuple):
    """The name of a provincie, in the water or abroad beside it."""

    naam: str
    x: int
    y: int
    anker: str
    """Which part of the text stands at x: `start`, `middle` or `end`."""


Rand = tuple[Punt, Punt]
"""A side of a hexagon, its ends in order."""
CORNERS = (
    Punt(0, -2 * SIDE),
    Punt(HALF, -SIDE),
    Punt(HALF, SIDE),
    Punt(0, 2 * SIDE),
    Punt(-HALF, SIDE),
    Punt(-HALF, -SIDE),
)
"""The corners around the centre, from the top and with the clock."""
ZESHOEK = " ".join(f"{x},{y}" for x, y in CORNERS)
_PLACED: Mapping[str, tuple[float, float, str]] = {
    "PV20": (20.2, 1.4, "start"),
    "PV21": (14.4, 3.2, "middle"),
    "PV22": (21.6, 6.2, "start"),
    "PV23": (21.2, 8.4, "start"),
    "PV24": (13.5, 8.6, "middle"),
    "PV25": (18.6, 17.2, "start"),
    "PV26": (11.3, 14.7, "middle"),
    "PV27": (6.6, 8.6, "end"),
    "PV28": (3.4, 14.2, "end"),
    "PV29": (1.4, 19.7, "middle"),
    "PV30": (10.4, 26.2, "end"),
    "PV31": (18.6, 24.2, "start"),
}
"""Code of a provincie → where its name stands: column, row, and which part of the text. Utrecht has no water and no
foreign country beside it, so its name stands between two rows, where no sign is."""


def midden(cell: Zeshoek) -> Punt:
    """Returns the centre of a cell."""
    return Punt((2 * cell.kolom + cell.rij % 2 + 1) * HALF + _MARGIN, cell.rij * ROW + 2 * SIDE + _MARGIN)


def randen(cell: Zeshoek) -> Iterator[Rand]:
    """Yields the six sides of a cell. Cells that touch have one of them in common."""
    x, y = midden(cell)
    at = [Punt(x + dx, y + dy) for dx, dy in CORNERS]
    for begin, end in zip(at, (*at[1:], at[0]), strict=True):
        yield (begin, end) if begin < end else (end, begin)


def grenzen(codes: Collection[str]) -> dict[Rand, frozenset[str]]:
    """Returns each side between two gemeenten of different provincies → these two provincies."""
    beside: defaultdict[Rand, set[str]] = defaultdict(set)
    provincie = {one.code: one.provincie for one in gemeenten()}
    for code in codes:
        for side in randen(zeshoeken()[code]):
            beside[side].add(provincie[code])
    return {side: frozenset(both) for side, both in beside.items() if len(both) > 1}


@lru_cache(_SETS_MAX)
def grenslijn(codes: frozenset[str]) -> str:
    """Returns the borders between provincies as one path of SVG, each side drawn once."""
    sides: defaultdict[Punt, set[Punt]] = defaultdict(set)
    for begin, end in grenzen(codes):
        sides[begin].add(end)
        sides[end].add(begin)
    drawn = []
    while loose := [point for point, others in sides.items() if others]:
        # First the ends and the forks, so that a line is as long as it can be.
        at = min(loose, key=lambda point: (len(sides[point]) % 2 == 0, point))
        drawn.append(f"M{at.x} {at.y}")
        while sides[at]:
            to = min(sides[at])
            sides[at].remove(to)
            sides[to].remove(at)
            dx, dy = to.x - at.x, to.y - at.y
            drawn.append(f"l{dx} {dy}" if dx else f"v{dy}")
            at = to
    return "".join(drawn)


def namen(codes: Collection[str]) -> tuple[Naam, ...]:
    """Returns the names of the provincies that have one of these gemeenten."""
    shown = {one.provincie for one in gemeenten() if one.code in codes}
    return tuple(
        Naam(PROVINCIES[code], round((2 * kolom + 1) * HALF) + _MARGIN, round(rij * ROW) + 2 * SIDE + _MARGIN, anker)
        for code, (kolom, rij, anker) in _PLACED.items()
        if code in shown
    )
