"""Holds pages, explanations and commands against their budgets, in one run of some three minutes.

Time is that of the processor, for the whole process and all of its threads: on a machine that others use too the time
on the wall says more about them. The speed of the machine stands above the table, to compare runs by.
"""

import itertools
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import httpx

from schemas.fields import format_moment
from services.api.app import api_router
from services.dashboard.app import dashboard_router
from services.reads.reader import Reader
from services.store.derive import bring_up_to_date
from services.store.model import Accepted, Place
from services.store.store import Store
from services.voorbeeld import publiek, simulatie
from services.web import make_app
from services.wiring import embedded_store
from tests.bench import many
from tests.support.facts import accepted, limit, reading
from tests.support.server import Server
from tests.support.strategies import read
from tests.support.web_client import client_of, fresh_metrics

READINGS = 200_000
LOCATIES = 10_000
BATCH = 5_000
REPEATS, REPEATS_THEN = 7, 3
"""Of a page of now, and of one that reads another moment."""
COMMANDS = (
    "--help",
    "status",
    "verklaar landelijk",
    "verklaar locatie LOC-TER-APEL",
    "verschil --van 2024-05-10 --naar 2024-05-12 --onderwerp LOC-TER-APEL",
    "rapport naleving",
    "onverwerkbaar lijst",
    "toegang lijst",
)
COMMAND_MS = 400
_THEN = "geldigOp=2026-05-10&bekendOp=2026-05-11"


class Budget(NamedTuple):
    """A page, and what it may cost."""

    path: str
    ms: int
    kb: int | None = None
    repeats: int = REPEATS


OVERVIEW = (Budget("/", 50, 150), Budget("/?periode=jaar", 50, 150))
"""Of each sample."""
EXPLAINED = ("/locaties/LOC-1", "/gemeenten/GM0344", "/provincies/PV26", "/bezetting", "/naleving")
LARGE = (
    Budget("/locaties", 150),
    Budget("/locaties?sorteer=-bezettingsgraad", 150),
    Budget("/gemeenten", 150),
    Budget("/gemeenten/GM0344", 150),
    Budget("/provincies/PV26", 150),
    *(Budget(f"{path}/verklaring", 150) for path in EXPLAINED),
    *(Budget(f"/v1{path}/verklaring", 150) for path in EXPLAINED[:2]),
    *(Budget(f"{path}/verklaring?{_THEN}", 500, repeats=REPEATS_THEN) for path in EXPLAINED),
    *(Budget(f"/v1{path}/verklaring?{_THEN}", 500, repeats=REPEATS_THEN) for path in EXPLAINED[:2]),
    Budget(f"/gemeenten/GM0344?{_THEN}", 500, repeats=REPEATS_THEN),
    Budget("/verschil", 500, repeats=REPEATS_THEN),
)
"""With LOCATIES."""


def run() -> None:
    """Prints the table."""
    _add_up()
    print(f"snelheid: een miljoen kwadraten optellen kost {_add_up():.0f} ms; {_load()}")
    print(f"{'budget':<78}{'CPU p50':>12}{'p50':>9}{'max':>7}{'kB':>8}{'max':>6}")
    now = datetime.combine(date(2026, 11, 24), datetime.min.time(), many.UNTIL.tzinfo)
    for name, events in (("publiek", publiek.gebeurtenissen()), ("simulatie", simulatie.genereer(tot=now.date()))):
        with tempfile.TemporaryDirectory() as temporary, embedded_store(Path(temporary)) as store:
            _store(store, events, now)
            _pages(store, OVERVIEW, now, name, "LOC-TER-APEL")
    with tempfile.TemporaryDirectory() as temporary, embedded_store(Path(temporary)) as store:
        for _ in many.fill(store, READINGS, LOCATIES):
            pass
        begin = many.UNTIL + timedelta(minutes=1)
        store.insert([_accepted(limit("LOC-1", 100, "2026-01-01", dwangsomPerDag=1_000), begin, 0)])
        _pages(store, LARGE, begin, f"{LOCATIES} locaties", "LOC-0")
    _commands()
    print(f"{'een bladzijde die niemand aanraakt: < 2 kB per minuut':<78}  tests/browser/test_rust.py")
    print(_load())


def _pages(store: Store, budgets: Iterable[Budget], now: datetime, name: str, own_id: str) -> None:
    """Measures pages through the whole ASGI stack, in this process. A new reading comes in before each."""
    bring_up_to_date(store)
    store.connection.command("SYSTEM STOP MERGES")  # What the engine does by itself is no page's work.
    clock, numbers = [now], itertools.count(1)
    reader = Reader(store, lambda: clock[0])
    app = make_app("Meting", [dashboard_router(reader), api_router(reader)], metrics=fresh_metrics(), checks={})
    with client_of(app) as client:
        for one in budgets:
            spent = []
            for _ in range(1 + one.repeats):
                clock[0] += timedelta(seconds=1)
                number, at = next(numbers), format_moment(clock[0])
                store.insert([_accepted(reading(own_id, 90 + number % 50, at, time=at), clock[0], number)])
                with _spent() as cost:
                    answer = client.get(one.path)
                assert answer.status_code == httpx.codes.OK, answer.text
                spent.append(cost)
            _row(f"{name}: {one.path}", spent[1:], one.ms, len(answer.content) / 1e3, one.kb)


def _commands() -> None:
    """Measures what commands cost that ask a server."""
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder) / "data", "--voorbeeld", "publiek") as server:
        for command in COMMANDS:
            asked = [] if command == "--help" else ["--url", server.url]
            spent = []
            for _ in range(4):
                before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
                own = [sys.executable, "-m", "services.cli", *command.split(), *asked]
                subprocess.run(own, stdout=subprocess.DEVNULL, check=True)
                after = resource.getrusage(resource.RUSAGE_CHILDREN)
                cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
                spent.append([cpu, time.perf_counter() - began])
            _row(f"opvangpeil {command}", spent[1:], COMMAND_MS)


def _row(name: str, spent: list[list[float]], most: int, kb: float | None = None, kb_most: int | None = None) -> None:
    cpu, wall = (statistics.median(one[n] for one in spent) * 1e3 for n in (0, 1))
    over = "  te veel" if cpu > most or (kb_most and kb and kb > kb_most) else ""
    size = f"{kb:>8.0f}{kb_most or '':>6}" if kb is not None else ""
    print(f"{name:<78}{cpu:>9.0f} ms{wall:>6.0f} ms{most:>7}{size}{over}", flush=True)


@contextmanager
def _spent() -> Iterator[list[float]]:
    """Gives what is done meanwhile costs: seconds of the processor, and seconds on the wall."""
    spent = list[float]()
    cpu, began = time.process_time(), time.perf_counter()
    yield spent
    spent += [time.process_time() - cpu, time.perf_counter() - began]


def _add_up() -> float:
    with _spent() as cost:
        sum(one * one for one in range(1_000_000))
    return cost[0] * 1e3


def _load() -> str:
    return f"uptime {subprocess.run(['uptime'], capture_output=True, text=True, check=True).stdout.strip()}"


def _store(store: Store, events: Iterable[dict[str, object]], now: datetime) -> None:
    numbered = enumerate(events)
    while some := [*itertools.islice(numbered, BATCH)]:
        numbers, raw = zip(*some, strict=True)
        facts = read([*raw])
        store.insert([accepted(one, now, Place(1, 0, number)) for one, number in zip(facts, numbers, strict=True)])


def _accepted(event: dict[str, object], now: datetime, number: int) -> Accepted:
    (one,) = read([event])
    return accepted(one, now, Place(1, 9, number))
