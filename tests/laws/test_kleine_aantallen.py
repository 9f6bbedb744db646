"""What is told gives no small count away: not by sums in any dimension, by differences, nor through time."""

from datetime import UTC, datetime, timedelta
from itertools import combinations, product
from math import ceil, floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core.history.reeks import punten
from services.core.kleine_aantallen import Som, Tabel, verborgen
from services.core.reasons.verschil import verschillen
from tests.support.lineair import Vergelijking, bereik
from tests.support.strategies import LAW

ALL = "*"
COUNTS = st.sampled_from([0, 0, 1, 1, 2, 2, 3, 4, 5, 9, 40])


@st.composite
def tables(draw: st.DrawFn, shape: tuple[int, ...] | None = None) -> Tabel[str]:
    """Counts by soort, gebied and more, with the totals over some of these dimensions."""
    shape = shape or draw(st.sampled_from([(1,), (2,), (4,), (2, 2), (3, 2), (3, 3), (2, 4), (2, 2, 2)]))
    counts = {at: draw(COUNTS) for at in product(*(range(size) for size in shape))}
    dims = range(len(shape))
    over = [one for many in range(1, len(shape) + 1) for one in combinations(dims, many) if draw(st.booleans())]
    return _table(counts, over)


def _table(counts: dict[tuple[int, ...], int], over: list[tuple[int, ...]]) -> Tabel[str]:
    """`over`: the sets of dimensions over which totals are told."""
    cells, sums = {_name(at): count for at, count in counts.items()}, []
    for summed in over:
        for total in sorted({_without(at, summed) for at in counts}):
            below = [at for at in counts if _without(at, summed) == total]
            cells[total] = sum(counts[at] for at in below)
            # A total is told as the sum of cells, and of each kind of smaller totals.
            ways = {(), *(finer for finer in over if set(finer) < set(summed))}
            sums += [Som(total, tuple(dict.fromkeys(_without(at, finer) for at in below))) for finer in sorted(ways)]
    return Tabel(cells, sums)


def _name(at: tuple[int, ...]) -> str:
    return "-".join(map(str, at))


def _without(at: tuple[int, ...], summed: tuple[int, ...]) -> str:
    return "-".join(ALL if dim in summed else str(place) for dim, place in enumerate(at))


def _told(tabel: Tabel[str], minstens: int) -> dict[str, int | None]:
    gone = verborgen(tabel, minstens)
    return {cel: None if cel in gone else aantal for cel, aantal in tabel.cellen.items()}


def _sums(told: dict[str, int | None], sommen: list[Som[str]], when: str = "") -> list[Vergelijking]:
    """What a reader knows: hidden cells as unknowns, less the 1 that each is at least."""
    found = []
    for som in sommen:
        signs = {som.totaal: 1} | dict.fromkeys(som.delen, -1)
        known = sum(sign * (told[cel] or 0) for cel, sign in signs.items())
        unknown = {f"{when}{cel}": sign for cel, sign in signs.items() if told[cel] is None}
        found.append((unknown, -known - sum(unknown.values())))
    return [pair for pair in found if pair[0]]


def _wide_enough(sums: list[Vergelijking], hidden: set[str], minstens: int) -> None:
    for cel in sorted(hidden):
        least, most = bereik(sums, cel)
        assert most is None or floor(most) - ceil(least) + 1 >= minstens, (cel, least + 1, most + 1)


@LAW
@given(tables(), st.sampled_from([2, 3, 5]))
def test_no_hidden_count_is_determined_or_narrowed_by_the_sums(tabel: Tabel[str], minstens: int) -> None:
    told = _told(tabel, minstens)
    assert not [cel for cel, aantal in told.items() if aantal is not None and 0 < aantal < minstens]
    assert all(told[cel] == 0 for cel, aantal in tabel.cellen.items() if aantal == 0)
    _wide_enough(_sums(told, list(tabel.sommen)), {cel for cel, aantal in told.items() if aantal is None}, minstens)


@LAW
@given(st.sampled_from([(3,), (2, 2)]).flatmap(lambda shape: st.tuples(*[tables(shape)] * 4)), st.integers(2, 4))
def test_the_differences_between_moments_give_nothing_away(points: tuple[Tabel[str], ...], minstens: int) -> None:
    told = [_told(tabel, minstens) for tabel in points]
    sums = [one for at, tabel in enumerate(points) for one in _sums(told[at], list(tabel.sommen), f"{at} ")]
    for row in verschillen(*({(cel, ""): aantal for cel, aantal in one.items()} for one in told)):
        for at, step in enumerate((row.inzicht, row.wereld, row.regel)):
            if step is not None:
                ends = ((at, row.waarden[at], -1), (at + 1, row.waarden[at + 1], 1))
                known = sum(sign * (value or 0) for _, value, sign in ends)
                unknown = {f"{when} {row.onderwerp}": sign for when, value, sign in ends if value is None}
                sums.append((unknown, step - known - sum(unknown.values())))
    _wide_enough(
        [pair for pair in sums if pair[0]],
        {f"{at} {cel}" for at, one in enumerate(told) for cel, aantal in one.items() if aantal is None},
        minstens,
    )


@LAW
@given(st.lists(st.tuples(COUNTS, st.booleans()), min_size=1, max_size=30), st.sampled_from([1, 7, 30]), st.data())
def test_a_series_is_made_of_what_is_told_alone(counts: list[tuple[int, bool]], days: int, data: st.DataObject) -> None:
    """The same series comes out, whatever stands where nothing is told."""
    begin, day = datetime(2026, 1, 1, tzinfo=UTC), 86_400_000_000
    moment = np.array([int(begin.timestamp()) * 1_000_000 + at * day for at in range(len(counts))], dtype=np.int64)
    known = np.array([told for _, told in counts])
    true = np.array([count for count, _ in counts], dtype=np.int64)
    other = np.where(known, true, np.array([data.draw(COUNTS) for _ in counts], dtype=np.int64))
    borders = [begin + timedelta(days=at) for at in range(0, len(counts) + days, days)]
    covered = np.full(len(counts), np.nan)
    assert punten(moment, (true, known), covered, borders) == punten(moment, (other, known), covered, borders)


@pytest.mark.parametrize(
    ("counts", "over", "hidden"),
    [
        # A count by itself, and 0.
        ({(0,): 2, (1,): 0, (2,): 7}, [], {"0"}),
        # The total and the other part would give it away; 3 is what hides it best.
        ({(0,): 1, (1,): 3, (2,): 9}, [(0,)], {"0", "1"}),
        # Three times 1 is the only way to make 3 of three counts that are not 0, so the total goes too.
        ({(0,): 1, (1,): 1, (2,): 1}, [(0,)], {"0", "1", "2", "*"}),
        # 1 + 1 = 2: all of it is small.
        ({(0,): 1, (1,): 1}, [(0,)], {"0", "1", "*"}),
        # In two dimensions it takes a rectangle.
        (
            {(0, 0): 1, (0, 1): 5, (0, 2): 9, (1, 0): 4, (1, 1): 8, (1, 2): 9},
            [(0,), (1,), (0, 1)],
            {"0-0", "0-1", "1-0", "1-1"},
        ),
        # Nothing small, nothing hidden.
        ({(0, 0): 3, (0, 1): 0, (1, 0): 5, (1, 1): 9}, [(0,), (1,), (0, 1)], set()),
    ],
)
def test_no_more_is_hidden_than_it_takes(
    counts: dict[tuple[int, ...], int], over: list[tuple[int, ...]], hidden: set[str]
) -> None:
    assert verborgen(_table(counts, over), 3) == hidden
