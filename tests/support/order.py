"""Decides the order of tests and which ones share a worker, by how long they took before.

`tests/duur.json` holds the seconds of every test that took more than a moment; `make meet` writes it. Tests of one file
share their servers, so they stay together. A file that takes long is cut into pieces that run beside each other. The
longest piece begins first, so that no piece runs alone at the end.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

FILE = Path(__file__).parents[1] / "duur.json"
MOMENT = 0.5
"""In seconds. Shorter tests are not recorded."""
SHORT = 0.02
"""The assumed seconds of a test that is not recorded."""
PIECE_MAX = 40.0
"""The maximum seconds of one piece of a file, unless one test takes longer."""


def in_order(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """Returns the tests, each marked with the piece that it belongs to, the longest piece first."""
    pieces: dict[str, list[pytest.Item]] = defaultdict(list)
    lasts: dict[str, float] = defaultdict(float)
    number: dict[Path, int] = defaultdict(int)
    for item in items:
        seconds = seconds_of(item.nodeid)
        piece = f"{item.path.stem}-{number[item.path]}"
        if lasts[piece] and lasts[piece] + seconds > PIECE_MAX:
            number[item.path] += 1
            piece = f"{item.path.stem}-{number[item.path]}"
        item.add_marker(pytest.mark.xdist_group(piece))
        pieces[piece].append(item)
        lasts[piece] += seconds
    longest = sorted(pieces, key=lambda piece: -lasts[piece])
    return [item for piece in longest for item in pieces[piece]]


def seconds_of(nodeid: str) -> float:
    """Returns how many seconds a test took."""
    return read().get(place_of(nodeid), {}).get(name_of(nodeid), SHORT)


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


class Durations:
    """Records how long each test took, including its fixtures."""

    def __init__(self) -> None:
        self._seconds: dict[tuple[str, str], float] = defaultdict(float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Adds one step of a test."""
        self._seconds[place_of(report.nodeid), name_of(report.nodeid)] += report.duration

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
