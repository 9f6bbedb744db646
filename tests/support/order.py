"""Decides the order of tests and which ones share a worker, by how long they took before.

`tests/duur.json` holds the seconds of every test that took more than a moment; `make meet` writes it. Tests of one file
share their servers, so they stay together. A file that takes long is cut into pieces that run beside each other. Each
piece starts the servers of its file anew, so what these take is recorded apart, and counted once for each piece. The
longest piece begins first, so that no piece runs alone at the end.
"""

import json
from collections import defaultdict
from collections.abc import Generator, Iterable
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

FILE = Path(__file__).parents[1] / "duur.json"
MOMENT = 0.5
"""In seconds. Shorter tests are not recorded."""
SHORT = 0.02
"""The assumed seconds of a test that is not recorded."""
PIECE_MAX = 90.0
"""The maximum seconds of the tests in one piece of a file, unless one test takes longer."""
SHARED = "gedeeld"
"""The name in `duur.json` of what the tests of a file share, such as a server. No test has it."""


def in_order(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """Returns the tests, each marked with the piece that it belongs to, the longest piece first."""
    pieces: dict[str, list[pytest.Item]] = defaultdict(list)
    lasts: dict[str, float] = defaultdict(float)
    number: dict[str, int] = defaultdict(int)
    for item in items:
        seconds, place = seconds_of(item.nodeid), place_of(item.nodeid)
        piece = f"{place}-{number[place]}"
        if lasts[piece] and lasts[piece] + seconds > PIECE_MAX:
            number[place] += 1
            piece = f"{place}-{number[place]}"
        item.add_marker(pytest.mark.xdist_group(piece))
        pieces[piece].append(item)
        lasts[piece] += seconds
    longest = sorted(pieces, key=lambda piece: -lasts[piece] - shared_seconds_of(pieces[piece][0].nodeid))
    return [item for piece in longest for item in pieces[piece]]


def seconds_of(nodeid: str) -> float:
    """Returns how many seconds a test took, without what it shares with others."""
    return read().get(place_of(nodeid), {}).get(name_of(nodeid), SHORT)


def shared_seconds_of(nodeid: str) -> float:
    """Returns how many seconds it takes to make what the tests of the same file share."""
    return read().get(place_of(nodeid), {}).get(SHARED, 0.0)


@cache
def read() -> dict[str, dict[str, float]]:
    """Returns the seconds of each test, by its file and its name."""
    found: dict[str, dict[str, float]] = json.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else {}
    return found


def place_of(nodeid: str) -> str:
    """Returns the file of a test."""
    return nodeid.partition("::")[0]


def name_of(nodeid: str) -> str:
    """Returns the name of a test, without the group that xdist adds to it."""
    name = nodeid.partition("::")[2]
    return name.rpartition("@")[0] if "@" in name.rpartition("]")[2] else name


class SharedFixtures:
    """Says in the report of each test how long the fixtures took that it made and that others use too."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self._depth = 0

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Generator[None, Any, Any]:
        """Times a fixture that lasts longer than a test. One that it needs is part of it."""
        if fixturedef.scope == "function":
            return (yield)
        self._depth += 1
        begun = perf_counter()
        try:
            return (yield)
        finally:
            self._depth -= 1
            if not self._depth:
                self._seconds += perf_counter() - begun

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, None, None]:
        """Adds it to the test that made them first."""
        self._seconds = 0.0
        try:
            yield
        finally:
            item.user_properties.append((SHARED, self._seconds))


class Durations:
    """Records how long each test took, and what the tests of each file share."""

    def __init__(self) -> None:
        self._seconds: dict[tuple[str, str], float] = defaultdict(float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Adds one step of a test."""
        place, own = place_of(report.nodeid), report.duration
        if report.when == "setup":
            shared = float(str(dict(report.user_properties)[SHARED]))
            own -= shared
            self._seconds[place, SHARED] = max(self._seconds[place, SHARED], shared)
        self._seconds[place, name_of(report.nodeid)] += own

    def pytest_sessionfinish(self) -> None:
        """Writes the new durations, and keeps the old ones of tests that did not run."""
        known = read()
        for (place, name), seconds in self._seconds.items():
            known.setdefault(place, {}).pop(name, None)
            if seconds >= MOMENT:
                known[place][name] = round(seconds, 1)
        root = Path(__file__).parents[2]
        kept = {place: dict(sorted(tests.items())) for place, tests in sorted(known.items()) if tests}
        kept = {place: tests for place, tests in kept.items() if (root / place).is_file()}
        FILE.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
