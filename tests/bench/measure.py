"""Parts that all measurements share: the speed of the machine, medians, and a probe from POST to figure."""

import http.client
import itertools
import statistics
import threading
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import orjson

from schemas.parsing import parse_stored
from services.clock import system_clock
from services.store.model import Accepted, Place
from services.store.position import Position
from tests.support.facts import accepted, reading
from tests.support.strategies import read

RATE = 100
LOADERS = 25
SECONDS = 20
REPEATS = 15
ACCEPTED = (200, 201, 202)


def judging(source: Path) -> float:
    """Returns how many events a second one core reads and judges now, as a measure of the speed of this machine."""
    with source.open("rb") as file:
        body = b"[" + b",".join(islice(file, 4000)) + b"]"
    return 4000 / median(lambda: parse_stored(body))


def probe(how: str, ingest: str, api: str) -> None:
    """Sends one event after the other while RATE events a second come in, and waits until each is counted.

    The client is as plain as possible, since it shares the cores with what it measures.
    """
    sender, reader = _connection(ingest), _connection(api)
    base = _present(reader)
    stop = threading.Event()
    loads = [threading.Thread(target=_load, args=(ingest, number, stop)) for number in range(LOADERS)]
    for load in loads:
        load.start()
    answered, seen = [], []
    for number in range(1, SECONDS * 5):
        started = time.perf_counter()
        assert _post(sender, reading("LOC-BENCH", number)) in ACCEPTED
        answered.append(time.perf_counter() - started)
        while _present(reader) - base < number:
            time.sleep(0.002)
        seen.append(time.perf_counter() - started)
        time.sleep(max(0.0, 0.2 - (time.perf_counter() - started)))
    stop.set()
    for load in loads:
        load.join()
    print(f"POST bij {RATE} gebeurtenissen/s, {how}: antwoord {spread(answered)}; zichtbaar {spread(seen)}")


def _load(ingest: str, number: int, stop: threading.Event) -> None:
    """Sends a share of RATE readings a second, evenly spread, each in its own POST, at locaties that count nowhere."""
    client = _connection(ingest)
    begin = time.perf_counter() + number / RATE
    for turn in itertools.count():
        time.sleep(max(0.0, begin + turn * LOADERS / RATE - time.perf_counter()))
        if stop.is_set():
            return
        assert _post(client, reading(f"LOC-LAST-{number}", 1)) in ACCEPTED


def _connection(url: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(url.removeprefix("http://"), timeout=30)


def _post(client: http.client.HTTPConnection, event: dict[str, object]) -> int:
    client.request("POST", "/v1/gebeurtenissen", orjson.dumps(event), {"content-type": "application/cloudevents+json"})
    answer = client.getresponse()
    answer.read()
    return answer.status


def _present(client: http.client.HTTPConnection) -> int:
    client.request("GET", "/v1/bezetting")
    return int(orjson.loads(client.getresponse().read())["aanwezig"] or 0)


def median(action: Callable[[], object], repeats: int = REPEATS) -> float:
    """Returns the median in seconds, after one run to warm up."""
    action()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        action()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def all_but_one(at: Position) -> str:
    """Returns a positie that only the log can answer. That is the plainest way to read, to compare the others with."""
    first, *others = at.offsets
    return str(Position(at.epoch, (first - 1, *others)))


def spread(seconds: list[float]) -> str:
    """Returns p50 and p99 in ms."""
    ordered = sorted(seconds)
    return f"p50 {ordered[len(ordered) // 2] * 1e3:.0f} ms, p99 {ordered[int(len(ordered) * 0.99)] * 1e3:.0f} ms"


def one_accepted(number: int) -> Accepted:
    """An event to store; its number is its offset."""
    (event,) = read([reading(f"LOC-{number % 300}", 1)])
    return accepted(event, system_clock(), Place(1, 0, number))
