"""Holds pages, explanations and commands against their budgets, in one run of some three minutes.

Time is that of the processor, for the whole process and all of its threads: on a machine that others use too the time
on the wall says more about them. The speed of the machine stands above the table, to compare runs by. A budget is for
a page while nothing new comes in. Beside it stands what the same page costs right after a new reading.
"""

import itertools
import logging
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
import structlog

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
from tests.bench import many, toezicht
from tests.support.facts import accepted, limit, reading
from tests.support.server import Server
from tests.support.strategies import read
from tests.support.web_client import client_of, fresh_metrics

READINGS = 200_000
LOCATIES = 10_000
BATCH = 5_000
REPEATS, REPEATS_THEN = 7, 3
"""How often a page of now is asked, and one that reads another moment."""
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


Costs = list[list[float]]
"""Of each time: seconds of the processor, and seconds on the wall."""


class Budget(NamedTuple):
    """A page, and what it may cost."""

    path: str
    ms: int | None = None
    """In milliseconds. None: the cost is printed, and there is no budget for it."""
    kb: int | None = None
    repeats: int = REPEATS


def _explained(locatie: str) -> tuple[str, ...]:
    return (f"/locaties/{locatie}", "/gemeenten/GM0344", "/provincies/PV26", "/bezetting", "/naleving")


OVERVIEW = (Budget("/", 50, 150), Budget("/?periode=jaar", 50, 150))
"""Of each sample."""
EXPLAINED = (
    *(Budget(f"{path}/verklaring", 150) for path in _explained("LOC-TER-APEL")),
    *(Budget(f"{path}/verklaring?{_THEN}", 500, repeats=REPEATS_THEN) for path in _explained("LOC-TER-APEL")),
    Budget("/verschil", repeats=REPEATS_THEN),
)
"""Of as many locaties as there are: the simulation has 310, and a reading of each for every day."""
LARGE = (
    Budget("/gemeenten/GM0344", 150),
    Budget("/provincies/PV26", 150),
    *(Budget(path) for path in ("/locaties", "/locaties?sorteer=-bezettingsgraad", "/gemeenten")),
    *(Budget(f"{path}/verklaring", repeats=REPEATS_THEN) for path in _explained("LOC-1")),
    *(Budget(f"{path}/verklaring?{_THEN}", repeats=REPEATS_THEN) for path in _explained("LOC-1")),
)
"""With LOCATIES."""
TOEZICHT = (
    *(Budget(f"/toezicht{which}", 100) for which in ("", "?lijst=zonder", "?lijst=volgorde", "?stap=besluit")),
    Budget("/toezicht/GM0344", 100),
    Budget("/v1/toezicht"),
    Budget(f"/toezicht?{_THEN}", repeats=REPEATS_THEN),
)
"""With as many steps of all gemeenten as `toezicht` makes."""


def run() -> None:
    """Prints the table."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    _add_up()
    print(f"snelheid: een miljoen kwadraten optellen kost {_add_up():.0f} ms; {_load()}")
    print(f"{'budget':<78}{'CPU p50':>12}{'max':>7}{'p50':>9}{'na nieuws':>12}{'kB':>8}{'max':>6}")
    now = datetime.combine(date(2026, 11, 24), datetime.min.time(), many.UNTIL.tzinfo)
    for name, events in (("publiek", publiek.gebeurtenissen()), ("simulatie", simulatie.genereer(tot=now.date()))):
        with tempfile.TemporaryDirectory() as temporary, embedded_store(Path(temporary)) as store:
            _store(store, events, now)
            pages = OVERVIEW + EXPLAINED if name == "simulatie" else OVERVIEW
            _pages(store, pages, now, name, "LOC-TER-APEL")
    with tempfile.TemporaryDirectory() as temporary, embedded_store(Path(temporary)) as store:
        for _ in many.fill(store, READINGS, LOCATIES):
            pass
        begin = many.UNTIL + timedelta(minutes=1)
        store.insert([_accepted(limit("LOC-1", 100, "2026-01-01", dwangsomPerDag=1_000), begin, 0)])
        _pages(store, LARGE, begin, f"{LOCATIES} locaties", "LOC-0")
    with tempfile.TemporaryDirectory() as temporary, embedded_store(Path(temporary)) as store:
        _store(store, toezicht.events(now), now)
        _pages(store, TOEZICHT, now, f"{toezicht.STEPS} stappen", "LOC-0")
    _commands()
    print(f"{'een bladzijde die niemand aanraakt: < 2 kB per minuut':<78}  tests/browser/test_rust.py")
    print(_load())


def _pages(store: Store, budgets: Iterable[Budget], now: datetime, name: str, own_id: str) -> None:
    """Measures pages through the whole ASGI stack, in this process."""
    bring_up_to_date(store)
    store.connection.command("SYSTEM STOP MERGES")  # What the engine does by itself is no page's work.
    clock, numbers = [now], itertools.count(1)
    reader = Reader(store, lambda: clock[0])
    app = make_app("Meting", [dashboard_router(reader), api_router(reader)], metrics=fresh_metrics(), checks={})

    def news() -> None:
        number, at = next(numbers), format_moment(clock[0])
        store.insert([_accepted(reading(own_id, 90 + number % 50, at, time=at), clock[0], number)])

    with client_of(app) as client:

        def measured(path: str, repeats: int, *, after_news: bool) -> tuple[Costs, int]:
            spent = []
            for _ in range(1 + repeats):
                clock[0] += timedelta(seconds=1)
                if after_news:
                    news()
                with _spent() as cost:
                    answer = client.get(path)
                assert answer.status_code == httpx.codes.OK, answer.text
                spent.append(cost)
            return spent[1:], len(answer.content)

        for one in budgets:
            at_rest, size = measured(one.path, one.repeats, after_news=False)
            after, _ = measured(one.path, one.repeats, after_news=True)
            _row(f"{name}: {one.path}", at_rest, one.ms, after, size / 1e3, one.kb)


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


def _row(
    name: str,
    spent: Costs,
    most: int | None,
    after: Costs | None = None,
    kb: float | None = None,
    kb_most: int | None = None,
) -> None:
    cpu, wall = _p50(spent, 0), _p50(spent, 1)
    over = "  te veel" if (most and cpu > most) or (kb_most and kb and kb > kb_most) else ""
    news = "" if after is None else f"{_p50(after, 0):>9.0f} ms"
    size = "" if kb is None else f"{kb:>8.0f}{kb_most or '':>6}"
    print(f"{name:<78}{cpu:>9.0f} ms{most or '':>7}{wall:>6.0f} ms{news:>12}{size}{over}", flush=True)


def _p50(spent: Costs, which: int) -> float:
    """The median in milliseconds: of the processor (0), or on the wall (1)."""
    return statistics.median(one[which] for one in spent) * 1e3


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
