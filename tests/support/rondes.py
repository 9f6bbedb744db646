"""The three rounds in which tests run, chosen by `RONDE`: `snel`, `test` or `volledig`.

* `snel` needs no store, broker, browser or server, and tries every law with few examples.
* `test` is everything except the slowest tests. Of these it runs a slice with a fixed seed.
* `volledig` is the rest: the tests marked `volledig`, what a file has beyond its budget, and all examples of laws and
  slices.

`test` and `volledig` together run every test.
"""

import os
from collections.abc import Sequence, Set
from typing import TypeVar

import pytest

from tests.support.order import place_of, seconds_of

T = TypeVar("T")

RONDE = os.environ.get("RONDE", "")
"""The current round. Empty: the tests named on the command line, with the number of examples of `test`."""
WHOLE = RONDE == "volledig"
BUDGET_SECONDS = 7.0
"""How long the tests of one file may take in `test`, by `tests/duur.json`, without what they share. What is beyond it
runs in `volledig`."""
QUICK_SECONDS_MAX = 2.0
"""Slower tests are not in `snel`."""
_SHARE = {"snel": 10, "volledig": 1}.get(RONDE, 4)


def examples(full: int) -> int:
    """Returns how many examples a law gets in this round: `full` in `volledig`."""
    return max(2, full // _SHARE)


def slice_of(cases: Sequence[T], every: int, first: int = 0) -> Sequence[T]:
    """Returns all cases in `volledig`, and otherwise one in `every`. The selection never changes."""
    return cases if WHOLE else cases[first::every]


def of_round(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """Returns the tests that belong to the current round."""
    late = _beyond_budget([item for item in items if not _marked(item)])
    return [item for item in items if _in_round(item, late)]


def _beyond_budget(items: Sequence[pytest.Item]) -> set[str]:
    """Returns the ids of the tests that a file has beyond its budget: its longest. The shortest is never one."""
    left: dict[str, float] = {}
    late = set()
    for item in sorted(items, key=lambda item: (seconds_of(item.nodeid), item.nodeid)):
        place, seconds = place_of(item.nodeid), seconds_of(item.nodeid)
        if place in left and seconds > left[place]:
            late.add(item.nodeid)
        else:
            left[place] = left.get(place, BUDGET_SECONDS) - seconds
    return late


def _marked(item: pytest.Item) -> bool:
    return item.get_closest_marker("volledig") is not None or _over_http_later(item)


def _in_round(item: pytest.Item, late: Set[str]) -> bool:
    marked = _marked(item) or item.nodeid in late
    if RONDE == "volledig":
        return marked or item.get_closest_marker("deel") is not None or _tries_examples(item)
    if RONDE == "test":
        return not marked
    return RONDE != "snel" or not (marked or _needs_much(item) or seconds_of(item.nodeid) > QUICK_SECONDS_MAX)


def _over_http_later(item: pytest.Item) -> bool:
    """Whether a test repeats over HTTP what it has tried in this process already. The SQL is the same."""
    params = getattr(getattr(item, "callspec", None), "params", {})
    return item.get_closest_marker("http_later") is not None and params.get("new_store") == "http"


def _tries_examples(item: pytest.Item) -> bool:
    """Whether Hypothesis draws its examples. In `volledig` there are more of them."""
    return getattr(getattr(item, "obj", None), "is_hypothesis_test", False)


_FOLDERS = ("alarms", "browser", "integration", "simulation")
_MUCH = frozenset({"store", "new_store", "chdb_folder", "front", "broker", "kafka", "outside"})


def _needs_much(item: pytest.Item) -> bool:
    """Whether a test needs a store, a broker, a browser or a server."""
    fixtures = frozenset(getattr(item, "fixturenames", ()))
    return item.path.parent.name in _FOLDERS or not fixtures.isdisjoint(_MUCH)


def only_whole(*values: object, **options: str) -> object:
    """Makes a case of `pytest.mark.parametrize` that runs only in `volledig`."""
    return pytest.param(*values, marks=pytest.mark.volledig, **options)


on_both_stores = pytest.mark.parametrize("new_store", ["chdb", only_whole("http")], indirect=True)
"""Marks a test that runs on a store in this process, and in `volledig` over HTTP as well."""
