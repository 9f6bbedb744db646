"""The hexagon map: a cell for every gemeente, reproducible with the maker, in the shape of the country."""

import re
from collections.abc import Iterator

import numpy as np
import pytest

from schemas.reference import PROVINCIES, Zeshoek, gemeenten, read_zeshoeken, zeshoeken
from schemas.reference.zeshoekkaart import FILE, ISLANDS, gabriel, lay_out, text

TABLE = [g for g in gemeenten() if g.geldig_tot is None]
NAMED = {g.naam: zeshoeken()[g.code] for g in TABLE}
CENTRES = np.array([(g.lengte * np.cos(np.radians(52.1)), -g.breedte) for g in TABLE])
WADDEN = ("Texel", "Vlieland", "Terschelling", "Ameland", "Schiermonnikoog")
ZEEUWS_VLAANDEREN = {"Sluis", "Terneuzen", "Hulst"}


def around(cell: tuple[int, int]) -> Iterator[Zeshoek]:
    """Yields the six cells around one."""
    kolom, rij = cell
    beside = kolom + (1 if rij % 2 else -1)
    yield from (Zeshoek(kolom - 1, rij), Zeshoek(kolom + 1, rij))
    yield from (Zeshoek(x, rij + down) for down in (-1, 1) for x in (kolom, beside))


def pieces(cells: set[Zeshoek]) -> int:
    """Returns the number of connected pieces."""
    todo, count = set(cells), 0
    while todo:
        count += 1
        stack = [todo.pop()]
        while stack:
            found = todo.intersection(around(stack.pop()))
            todo -= found
            stack += found
    return count


def neighbours() -> Iterator[tuple[int, int]]:
    """Returns pairs of gemeenten whose centroids are the ends of a diameter of a circle without a third centroid."""
    for i in range(len(TABLE)):
        for j in range(i):
            middle, radius = (CENTRES[i] + CENTRES[j]) / 2, np.hypot(*(CENTRES[i] - CENTRES[j])) / 2
            within = np.hypot(*(CENTRES - middle).T) < radius * (1 - 1e-9)
            if not within.any():
                yield i, j


def ranks(values: np.ndarray) -> np.ndarray:
    """Returns ranks 1, 2, 3 …, and the mean rank for equal values."""
    return (values[:, None] > values).sum(axis=1) + (values[:, None] >= values).sum(axis=1)


# The map as it is ----------------------------------------------------------------------------------------------------


@pytest.mark.volledig
def test_the_file_is_what_the_maker_makes() -> None:
    made = text(lay_out([*reversed(TABLE)]))
    assert made == FILE.read_text(encoding="utf-8"), "bijwerken: python -m schemas.reference.zeshoekkaart"


def test_every_gemeente_has_one_cell_of_its_own() -> None:
    assert [*zeshoeken()] == sorted(g.code for g in TABLE)
    assert len(set(zeshoeken().values())) == len(TABLE)


def test_the_map_begins_at_0_and_fits_a_phone() -> None:
    kolommen, rijen = zip(*zeshoeken().values(), strict=True)
    assert (min(kolommen), min(rijen)) == (0, 0)
    assert max(kolommen) <= 23
    assert max(rijen) <= 34


def test_neighbours_stay_neighbours() -> None:
    pairs = [(zeshoeken()[TABLE[i].code], zeshoeken()[TABLE[j].code]) for i, j in neighbours()]
    assert len(pairs) > 700
    assert sum(b in around(a) for a, b in pairs) / len(pairs) > 0.79
    assert sum(b in around(a) or not set(around(a)).isdisjoint(around(b)) for a, b in pairs) / len(pairs) > 0.95


def test_north_stays_north_and_west_west() -> None:
    cells = [zeshoeken()[g.code] for g in TABLE]
    x = np.array([cell.kolom + 0.5 * (cell.rij % 2) for cell in cells])
    y = np.array([float(cell.rij) for cell in cells])
    for here, there in ((x, CENTRES[:, 0]), (y, CENTRES[:, 1])):
        assert np.corrcoef(ranks(here), ranks(there))[0, 1] > 0.98


@pytest.mark.parametrize("provincie", PROVINCIES)
def test_a_provincie_is_one_piece_but_for_its_islands(provincie: str) -> None:
    islands = {"PV21": 4, "PV27": 1, "PV29": 1}  # Wadden islands; Texel; Zeeuws-Vlaanderen
    cells = {zeshoeken()[g.code] for g in TABLE if g.provincie == provincie}
    assert pieces(cells) == 1 + islands.get(provincie, 0)


def test_no_gaps_inland() -> None:
    empty = {Zeshoek(x, y) for x in range(-1, 25) for y in range(-1, 36)} - {*zeshoeken().values()}
    assert pieces(empty) == 1


def test_islands_lie_apart() -> None:
    land = {*zeshoeken().values()}
    for name in WADDEN:
        assert land.isdisjoint(around(NAMED[name])), name
    south = {NAMED[name] for name in ZEEUWS_VLAANDEREN}
    assert pieces(south) == 1
    assert all((land - south).isdisjoint(around(cell)) for cell in south)
    assert {g.naam for g in TABLE if g.code in ISLANDS} == {*WADDEN, *ZEEUWS_VLAANDEREN}


def test_places_lie_where_one_looks_for_them() -> None:
    west_to_east = [NAMED[name].kolom for name in ("Vlissingen", "Rotterdam", "Utrecht", "Apeldoorn", "Enschede")]
    north_to_south = [NAMED[name].rij for name in ("Groningen", "Zwolle", "Arnhem", "Eindhoven", "Maastricht")]
    wadden = [NAMED[name].kolom for name in WADDEN]
    assert west_to_east == sorted(set(west_to_east))
    assert north_to_south == sorted(set(north_to_south))
    assert wadden == sorted(set(wadden))
    assert NAMED["Westerwolde"].kolom > NAMED["Groningen"].kolom
    assert NAMED["Den Helder"].rij < NAMED["Amsterdam"].rij < NAMED["Utrecht"].rij
    assert all(NAMED["Maastricht"].rij > NAMED[g.naam].rij for g in TABLE if g.provincie != "PV31")


# The parts -----------------------------------------------------------------------------------------------------------


def test_a_third_point_between_two_makes_them_no_neighbours() -> None:
    corner_on_the_circle, inside = (0.0, 1.0), (0.0, 0.5)
    ends = [(-1.0, 0.0), (1.0, 0.0)]
    assert (0, 1) in gabriel(np.array([*ends, corner_on_the_circle]))
    assert gabriel(np.array([*ends, inside])) == [(0, 2), (1, 2)]


def test_reads_a_map() -> None:
    assert read_zeshoeken("code,kolom,rij\nGM0014,3,0\nGM0034,3,1") == {"GM0014": (3, 0), "GM0034": (3, 1)}


@pytest.mark.parametrize(
    ("second", "why"),
    [
        ("GM0014,4,0", "regel 3: GM0014 heeft al een zeshoek"),
        ("GM0034,3,0", "regel 3: kolom 3, rij 0 is al van GM0014"),
    ],
)
def test_refuses_what_is_there_twice(second: str, why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)):
        read_zeshoeken(f"code,kolom,rij\nGM0014,3,0\n{second}")


@pytest.mark.parametrize("row", ["GM0034,drie,0", "GM0034,3", "GM0034,-1,0", ",3,0"])
def test_refuses_what_is_no_cell(row: str) -> None:
    with pytest.raises(ValueError, match="regel 2: "):
        read_zeshoeken(f"code,kolom,rij\n{row}")
