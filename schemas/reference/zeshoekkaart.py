"""Lays the gemeenten out on a map of equal hexagons: `python -m schemas.reference.zeshoekkaart` writes zeshoeken.csv.

It takes four steps:

1. Find which gemeenten are neighbours: the Gabriel graph of the centroids, with points in the large waters between
them. 2. Draw them so that neighbours lie one hexagon apart in their true direction, and even that out until all have
room. 3. Give each the nearest free cell. 4. Search, by swaps and pushes, for the layout that costs least.

The costs of a layout are whole numbers, so that every machine finds the same layout:

- For each pair of neighbours, 100 times the square of the distance (in hexagon widths) between where one lies and where
  it would touch the other in the true direction. Two of the mainland, or of one island, that don't touch at all cost
  more: `APART`, or `APART_IN_PROVINCIE`.
- For each cell that stays empty `OPEN`, by the number of its sides at the mainland. So there are no gaps inland, and
the
  coast is not ragged.
- For each side that an island shares with the mainland `ISLAND_TOUCHES`, and with another island `ISLANDS_TOUCH`,
twice. - For each piece, beyond the first, in which the mainland of a provincie lies `PIECE`.

The same table always gives the same file, since chance has a fixed seed. Of eleven seeds this one was taken for its
result: no gaps inland, and open waters.
"""

import csv
import io
import random
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from schemas.reference import PROVINCIES, Gemeente, Zeshoek, gemeenten

FILE = Path(__file__).with_name("zeshoeken.csv")
WATER = (
    (53.02, 4.95),
    (53.17, 5.2),
    (53.28, 5.45),
    (53.37, 5.75),
    (53.42, 6.05),
    (53.44, 6.35),  # Waddenzee
    (52.92, 5.22),
    (52.86, 5.33),
    (52.78, 5.2),
    (52.77, 5.45),
    (52.68, 5.42),  # IJsselmeer
    (52.6, 5.2),
    (52.52, 5.13),
    (52.5, 5.25),  # Markermeer
    (51.6, 3.85),
    (51.56, 4.0),  # Oosterschelde
    (51.42, 3.5),
    (51.425, 3.68),
    (51.38, 3.95),  # Westerschelde
)
"""Points (latitude, longitude) in the water. Each takes a hexagon, which stays empty; else the waters would close."""
ISLANDS = {
    "GM0448": "Texel",
    "GM0096": "Vlieland",
    "GM0093": "Terschelling",
    "GM0060": "Ameland",
    "GM0088": "Schiermonnikoog",
    "GM0677": "Zeeuws-Vlaanderen",
    "GM0715": "Zeeuws-Vlaanderen",
    "GM1714": "Zeeuws-Vlaanderen",
}
"""The gemeenten that stay off the mainland, and the island that each is part of. All others are the mainland."""
MAINLAND, SEA = "vasteland", "water"
APART, APART_IN_PROVINCIE = 200, 280
OPEN = (0, 30, 80, 250, 1000, 2500, 4000)
ISLAND_TOUCHES, ISLANDS_TOUCH = 2000, 150
PIECE = 2000
SEED, MOVES, START = 8, 400_000, 600
"""The seed, how many moves to try, and by how much a move may raise the costs at first. That goes down to 0."""
PUSHES, LONGEST = 0.15, 12
"""The share of moves that push a line of cells, and the most cells in such a line."""
ROUNDS, STEP, PULL = 200, 0.25, 0.3
MARGIN = 3
"""By how many hexagon widths the map may grow beyond the drawing."""

Cell = tuple[int, int]
"""(twice x, rij). Two cells touch when the square of the first difference plus 3 times that of the second is 4."""
Floats = npt.NDArray[np.float64]
SIDES = ((2, 0), (-2, 0), (1, 1), (-1, 1), (1, -1), (-1, -1))
AROUND = (*SIDES, (0, 0))
SWAPS = tuple((x, y) for y in range(-2, 3) for x in range(-4, 5) if (x + y) % 2 == 0 and 0 < x * x + 3 * y * y <= 16)
"""The steps to all cells at most two hexagon widths away."""


def project(points: Iterable[tuple[float, float]]) -> Floats:
    """Turns (latitude, longitude) into (x, y) in degrees of latitude, y to the south. Shapes are true around 52.1 N."""
    return np.array([(lengte * np.cos(np.radians(52.1)), -breedte) for breedte, lengte in points])


def gabriel(points: Floats) -> list[tuple[int, int]]:
    """Returns the pairs of points for which the circle with the two as ends of a diameter holds no other point."""
    square = ((points[:, None] - points[None]) ** 2).sum(axis=2)
    pairs = []
    for i in range(len(points)):
        between = (square[i][None] + square < square[i][:, None] * (1 - 1e-9)).any(axis=1)
        pairs += [(i, int(j)) for j in np.flatnonzero(~between) if j > i]
    return pairs


def stretch(points: Floats, pairs: list[tuple[int, int]]) -> Floats:
    """Returns the drawing in which neighbours lie as near as possible to 1 apart in their true direction.

    It is the solution by least squares.
    """
    a, b = np.array(pairs).T
    apart = points[b] - points[a]
    apart /= np.linalg.norm(apart, axis=1, keepdims=True)
    edges = np.zeros((len(pairs), len(points)))
    edges[np.arange(len(pairs)), a], edges[np.arange(len(pairs)), b] = -1, 1
    return np.asarray(np.linalg.solve(edges.T @ edges + 1, edges.T @ apart))  # The + 1 puts the centre at 0.


def even_out(points: Floats, pairs: list[tuple[int, int]]) -> Floats:
    """Moves the points until hardly any two lie within 1 of each other, and neighbours not much more than 1 apart."""
    near = np.zeros((len(points), len(points), 1))
    for i, j in pairs:
        near[i, j] = near[j, i] = 1
    for _ in range(ROUNDS):
        apart = points[:, None] - points[None]
        far = np.sqrt((apart**2).sum(axis=2, keepdims=True)) + np.eye(len(points))[..., None] * 9
        push = np.clip(1 - far, 0, None) - near * np.clip(far - 1, 0, None) * PULL
        points = points + (apart / far * push).sum(axis=1) * STEP
    return points


def nearest_cells(points: Floats) -> list[Cell]:
    """Returns a cell for each point. The nearest pair of point and cell is chosen first."""
    low, high = points.min(axis=0) - MARGIN, points.max(axis=0) + MARGIN
    cells = [
        (x, y)
        for y in range(int(low[1] / 0.75**0.5), int(high[1] / 0.75**0.5) + 1)
        for x in range(int(2 * low[0]), int(2 * high[0]) + 1)
        if (x + y) % 2 == 0
    ]
    at = np.array(cells) * (0.5, 0.75**0.5)
    far = ((points[:, None] - at[None]) ** 2).sum(axis=2).round(6)
    found: dict[int, Cell] = {}
    taken: set[int] = set()
    for k in np.argsort(far, axis=None, kind="stable").tolist():
        i, cell = divmod(k, len(cells))
        if i not in found and cell not in taken:
            found[i] = cells[cell]
            taken.add(cell)
    return [found[i] for i in range(len(points))]


class Layout:
    """A layout under search: the cell of each item (the gemeenten, then the waters), and what a move would cost."""

    def __init__(self, cells: list[Cell], pairs: list[tuple[int, int]], points: Floats, table: list[Gemeente]) -> None:
        waters = len(cells) - len(table)
        self.cells = cells
        self.item = {cell: i for i, cell in enumerate(cells)}
        self.open = len(cells)
        """The number that stands for no item."""
        self.provincie = [gemeente.provincie for gemeente in table] + [""] * (waters + 1)
        self.kind = [ISLANDS.get(gemeente.code, MAINLAND) for gemeente in table] + [SEA] * waters + [""]
        self.neighbours: list[list[tuple[int, int, int, int]]] = [[] for _ in range(self.open + 1)]
        for i, j in pairs:
            for a, b in ((i, j), (j, i)):
                self.neighbours[a].append((b, *self._wanted(a, b, points[b] - points[a])))
        self.counted: dict[str, int] = {}
        self.pieces = {provincie: self._pieces(provincie) for provincie in PROVINCIES}

    def search(self) -> None:
        """Tries moves, and accepts fewer and fewer of those that raise the costs."""
        chance = random.Random(SEED)  # noqa: S311 - it must be repeatable, and protects no secret
        for k in range(MOVES):
            bound = START * (1 - k / MOVES) ** 2 * chance.random()
            x, y = self.cells[int(chance.random() * len(self.cells))]
            if chance.random() < PUSHES:
                path = self._line((x, y), SIDES[int(chance.random() * len(SIDES))])
            else:
                dx, dy = SWAPS[int(chance.random() * len(SWAPS))]
                path = [(x, y), (x + dx, y + dy)]
            self._try(path, bound)

    def _line(self, cell: Cell, side: Cell) -> list[Cell]:
        """Returns the cells in one direction, up to and including the first that is not on the mainland."""
        path = [cell]
        while len(path) < LONGEST and (len(path) == 1 or self.kind[self.item.get(path[-1], self.open)] == MAINLAND):
            path.append((path[-1][0] + side[0], path[-1][1] + side[1]))
        return path

    def _try(self, path: list[Cell], bound: float) -> None:
        """Moves everything in a path by one cell, unless that raises the costs by more than the bound."""
        items = [self.item.get(cell, self.open) for cell in path]
        moved = [items[-1], *items[:-1]]
        shore = {
            (cell[0] + dx, cell[1] + dy)
            for cell, i, j in zip(path, items, moved, strict=True)
            if self.kind[i] != self.kind[j]
            for dx, dy in AROUND
        }
        before = self._cost(items, shore)
        self._put(path, moved)
        rise = self._cost(items, shore) - before
        if (
            rise > bound + PIECE * (max(self.pieces.values()) > 1)
            or rise + self._rise_of_pieces({self.provincie[i] for i in items}) > bound
        ):
            self._put(path, items)
        else:
            self.pieces |= self.counted

    def _rise_of_pieces(self, provincies: set[str]) -> int:
        """Returns how much more the pieces of these provincies cost than before."""
        if len(provincies) > 1:
            self.counted = {provincie: self._pieces(provincie) for provincie in provincies if provincie}
        else:
            self.counted = {}
        return PIECE * sum(count - self.pieces[provincie] for provincie, count in self.counted.items())

    def _put(self, path: list[Cell], items: list[int]) -> None:
        for cell, i in zip(path, items, strict=True):
            if i == self.open:
                self.item.pop(cell, None)
            else:
                self.item[cell], self.cells[i] = i, cell

    def _cost(self, items: list[int], shore: Iterable[Cell]) -> int:
        cost = sum(map(self._shore_cost, shore))
        for k, i in enumerate(items):
            cost += self._pairs_cost(i, items[:k])
        return cost

    def _pairs_cost(self, i: int, but: Sequence[int] = ()) -> int:
        """Returns the costs of the pairs of an item, without its pairs with the items in `but`."""
        if i == self.open:
            return 0
        at_x, at_y = self.cells[i]
        cost = 0
        for j, x, y, lose in self.neighbours[i]:
            if j not in but:
                there = self.cells[j]
                dx, dy = there[0] - at_x, there[1] - at_y
                square = dx * dx + 3 * dy * dy
                cost += 25 * square - dx * x - dy * y + 100 + (lose if square > 4 else 0)
        return cost

    def _shore_cost(self, cell: Cell) -> int:
        """Returns the costs of a cell that is empty, or part of an island."""
        get, kinds = self.item.get, self.kind
        kind = kinds[get(cell, self.open)]
        if kind in {MAINLAND, SEA}:
            return 0
        x, y = cell
        sides = [kinds[get((x + dx, y + dy), self.open)] for dx, dy in SIDES]
        if kind:
            others = sum(side not in {MAINLAND, SEA, "", kind} for side in sides)
            return ISLAND_TOUCHES * sides.count(MAINLAND) + ISLANDS_TOUCH * others
        return OPEN[sides.count(MAINLAND)]

    def _pieces(self, provincie: str) -> int:
        """Returns the number of pieces in which the mainland of a provincie lies."""
        todo = {cell for cell, i in self.item.items() if self.provincie[i] == provincie and self.kind[i] == MAINLAND}
        count = 0
        while todo:
            count += 1
            stack = [todo.pop()]
            while stack:
                x, y = stack.pop()
                found = [cell for dx, dy in SIDES if (cell := (x + dx, y + dy)) in todo]
                todo.difference_update(found)
                stack += found
        return count

    def _wanted(self, a: int, b: int, apart: Floats) -> tuple[int, int, int]:
        """Returns where b should lie as seen from a, for `_pairs_cost`, and the costs when they don't touch."""
        x, y = apart / np.linalg.norm(apart)
        lose = APART_IN_PROVINCIE if self.provincie[a] == self.provincie[b] else APART
        alike = self.kind[a] == self.kind[b] != SEA
        return round(100 * float(x)), round(100 * 3**0.5 * float(y)), lose if alike else 0


def lay_out(table: Sequence[Gemeente]) -> dict[str, Zeshoek]:
    """Returns the hexagon of each gemeente of a table, by code, in the order of the codes. It takes some seconds."""
    table = sorted(table, key=lambda gemeente: gemeente.code)
    points = project([*((gemeente.breedte, gemeente.lengte) for gemeente in table), *WATER])
    pairs = gabriel(points)
    layout = Layout(nearest_cells(even_out(stretch(points, pairs), pairs)), pairs, points, table)
    layout.search()
    cells = layout.cells[: len(table)]
    top = min(y for _, y in cells)
    # In every cell x + y is even. With an odd top row, everything moves by half a hexagon, so that this row gets whole
    # x.
    shift = top % 2
    left = min((x - shift - (y - top) % 2) // 2 for x, y in cells)
    return {
        gemeente.code: Zeshoek((x - shift - (y - top) % 2) // 2 - left, y - top)
        for gemeente, (x, y) in zip(table, cells, strict=True)
    }


def text(zeshoeken: dict[str, Zeshoek]) -> str:
    """Returns the text of the file."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("code", *Zeshoek._fields))
    writer.writerows((code, *zeshoek) for code, zeshoek in zeshoeken.items())
    return out.getvalue()


def main() -> int:
    """Runs the command, and returns its exit code."""
    table = [gemeente for gemeente in gemeenten() if gemeente.geldig_tot is None]
    FILE.write_text(text(lay_out(table)), encoding="utf-8")
    sys.stdout.write(f"{len(table)} zeshoeken geschreven in {FILE.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
