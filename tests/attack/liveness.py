"""How long simple answers take, and how much memory the server has."""

import http.client
import math
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from services.web.addresses import BEZETTING, GEZOND

PATHS = ("/", BEZETTING.path, GEZOND.path)
EVERY_SECONDS = 0.05


class Times(NamedTuple):
    """How long answers took, in ms."""

    count: int
    p50: float
    p99: float
    longest: float


def times(seconds: Sequence[float]) -> Times:
    """Returns what the durations come down to."""
    ordered = sorted(1e3 * one for one in seconds)
    return Times(len(ordered), ordered[len(ordered) // 2], ordered[math.ceil(len(ordered) * 0.99) - 1], ordered[-1])


def ask(host: str, port: int, token: str, seconds: float) -> Mapping[str, Times]:
    """Asks for all of PATHS at once, each again and again, and returns how long the answers took.

    Raises AssertionError for an answer that is not 200.
    """
    with ThreadPoolExecutor(len(PATHS)) as pool:
        return dict(zip(PATHS, pool.map(lambda path: _asked(host, port, token, path, seconds), PATHS), strict=True))


def _asked(host: str, port: int, token: str, path: str, seconds: float) -> Times:
    found: list[float] = []
    client = http.client.HTTPConnection(host, port, timeout=60)
    headers = {"Authorization": f"Bearer {token}", "Accept": "text/html, application/json"}
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        began = time.perf_counter()
        client.request("GET", path, headers=headers)
        answer = client.getresponse()
        said = answer.read()
        found.append(time.perf_counter() - began)
        assert answer.status == 200, f"{path}: {answer.status} {said[:300]!r}"
        time.sleep(EVERY_SECONDS)
    return times(found)


def megabytes(pids: Sequence[int]) -> float:
    """Returns the memory that these processes have of their own, together.

    What of their program files was read is left out: the system drops that when it needs the room.
    """
    lines = [line for pid in pids for line in Path(f"/proc/{pid}/status").read_text().splitlines() if "RssAnon" in line]
    return sum(int(line.split()[1]) for line in lines) / 1024


class Peak:
    """Looks at the memory of processes during a `with` block, and keeps the highest."""

    def __init__(self, pids: Sequence[int]) -> None:
        self.megabytes = 0.0
        self._pids, self._done = pids, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "Peak":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._done.wait(0.2):
            self.megabytes = max(self.megabytes, megabytes(self._pids))
