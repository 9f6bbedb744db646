"""What rows can be chosen by: the choices of each filter add up to the rows under the other ones."""

from collections import Counter
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from services.dashboard.tabellen.keuze import Filter, gekozen

NAMES = {"a": "A", "b": "B", "c": "C"}
FILTERS = [Filter(str(n), f"Filter {n}", lambda row, n=n: row[n], NAMES) for n in range(3)]
ROWS = st.lists(st.tuples(*[st.sampled_from(sorted(NAMES))] * 3), max_size=40)
ASKED = st.tuples(*[st.none() | st.sampled_from(sorted(NAMES))] * 3)


@given(ROWS, ASKED)
def test_the_choices_of_a_filter_add_up_to_what_the_other_filters_leave(rows, asked):
    kept, lists = gekozen(rows, FILTERS, SimpleNamespace(**{str(n): one for n, one in enumerate(asked)}))
    assert kept == [row for row in rows if all(one in (None, row[n]) for n, one in enumerate(asked))]
    for n in range(3):
        left = [row for row in rows if all(one in (None, row[m]) for m, one in enumerate(asked) if m != n)]
        found = lists[str(n)]
        assert found.totaal == len(left) == sum(one.aantal for one in found.keuzes)
        assert {one.waarde: one.aantal for one in found.keuzes if one.aantal} == Counter(row[n] for row in left)
        if asked[n] is not None:
            assert next(one.aantal for one in found.keuzes if one.waarde == asked[n]) == len(kept)


def test_what_is_asked_can_be_chosen_though_no_row_has_it():
    _, lists = gekozen([("a", "a", "a")], FILTERS, SimpleNamespace(**{"0": "zz", "1": None, "2": None}))
    assert [one.waarde for one in lists["0"].keuzes] == ["a", "b", "c", "zz"]
    assert lists["0"].gekozen == "zz"
