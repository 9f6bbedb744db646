"""The shape of the map: borders between provincies, and names that stand beside what they name."""

import re
from collections import Counter
from itertools import pairwise

import pytest

from schemas.reference import PROVINCIES, gemeenten, zeshoeken
from services.dashboard.kaart.vorm import BREEDTE, HALF, HOOGTE, ROW, SIDE, grenslijn, grenzen, midden, namen, randen

PROVINCIE = {one.code: one.provincie for one in gemeenten()}
EVERY = frozenset(zeshoeken())
LETTER = 7
"""About how wide a letter of a name is, in units of the drawing."""


def drawn(path):
    """The sides that a path draws, each with its ends in order."""
    sides = []
    for line in re.findall(r"M([^M]+)", path):
        x, y = map(int, re.match(r"(\d+) (\d+)", line).groups())
        points = [(x, y)]
        for dx, dy, down in re.findall(r"l(-?\d+) (-?\d+)|v(-?\d+)", line):
            x, y = x + int(dx or 0), y + int(dy or down)
            points.append((x, y))
        sides += [tuple(sorted(side)) for side in pairwise(points)]
    return sides


def touching(codes):
    """Each pair of gemeenten that touch, found by the distance between their centres."""
    centres = {code: midden(zeshoeken()[code]) for code in codes}
    for one in codes:
        for other in codes:
            if one < other:
                dx, dy = (abs(a - b) for a, b in zip(centres[one], centres[other], strict=True))
                if (dx, dy) in ((2 * HALF, 0), (HALF, ROW)):
                    yield one, other


@pytest.mark.parametrize("codes", [EVERY, frozenset(sorted(EVERY)[:200]), frozenset(sorted(EVERY)[::3]), frozenset()])
def test_each_border_between_two_provincies_is_drawn_exactly_once(codes):
    expected = Counter(
        frozenset((PROVINCIE[one], PROVINCIE[other]))
        for one, other in touching(codes)
        if PROVINCIE[one] != PROVINCIE[other]
    )
    assert Counter(grenzen(codes).values()) == expected
    lines = drawn(grenslijn(codes))
    assert Counter(lines) == Counter(dict.fromkeys(map(tuple, grenzen(codes)), 1))


def test_a_side_that_two_cells_share_is_the_same_side():
    for one, other in touching(EVERY):
        assert len(set(randen(zeshoeken()[one])) & set(randen(zeshoeken()[other]))) == 1


def test_a_name_stands_beside_the_hexagons_within_the_drawing():
    found = {one.naam: one for one in namen(EVERY)}
    assert set(found) == set(PROVINCIES.values())
    centres = [midden(cell) for cell in zeshoeken().values()]
    for naam, one in found.items():
        long = len(naam) * LETTER
        left = one.x - {"start": 0, "middle": long / 2, "end": long}[one.anker]
        assert left >= 0, naam
        assert left + long <= BREEDTE, naam
        assert 0 < one.y < HOOGTE, naam
        over = [c for c in centres if left - SIDE < c.x < left + long + SIDE and abs(one.y - 4 - c.y) < SIDE]
        assert over == [], naam  # Utrecht too: it stands between two rows
    assert namen({"GM1950"}) == tuple(one for one in namen(EVERY) if one.naam == "Groningen")
