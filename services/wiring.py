"""The one place that builds real things: the embedded form, all of Opvangpeil in one process.

Broker (tansu, a child) → processor (Faust) → store (chDB) → API, page and alarms, on 127.0.0.1 only.
"""

import asyncio
import contextlib
import fcntl
import gc
import math
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, NoReturn

import structlog
import uvicorn
from prometheus_client import CollectorRegistry

from services.alarms.watch import Watch
from services.api.app import api_router
from services.api.gauges import live_figures
from services.clock import Clock, system_clock
from services.dashboard.app import dashboard_router
from services.eventlog.lag import LagReader
from services.eventlog.producer import BrokerUnavailableError, Producer
from services.eventlog.tansu import Tansu
from services.eventlog.topics import EVENTS, MESSAGE_BYTES_MAX, create_topics
from services.ingest.accept import Ingest
from services.ingest.app import ingest_router
from services.metrics import Metrics, make_metrics, register_figures
from services.processor.aside import set_aside
from services.processor.process import Processor
from services.processor.progress import Progress
from services.processor.worker import GROUP, SOFTWARE_FAULT, Worker
from services.store.connect import Connection
from services.store.derive import bring_up_to_date, keep_near
from services.store.migrate import migrate
from services.store.model import StoreUnavailableError
from services.store.store import Store
from services.web.app import make_app
from services.web.health import Check, NotReadyError

HOST = "127.0.0.1"
EMBEDDED_PARTITIONS = 1
TANSU_SESSION_SECONDS = 4
"""tansu lets a member wait half of this before it gets its partitions."""
TANSU_FETCH_WAIT_MS = 20
LAG_SECONDS = 2.0
DERIVE_SECONDS = 0.5
SWITCH_SECONDS = 0.001
"""A request passes some threads on its way; judging a large batch should not make it wait for 5 ms at each."""
BROKER_SILENT_SECONDS_MAX = 10.0
STOP_SECONDS_MAX = 10
log = structlog.get_logger("start")


Sample = Callable[[str, Callable[[], bool]], None]
"""Loads sample data into the server at a URL; stops waiting for it when the second argument says that it stops."""


class StartError(Exception):
    """Opvangpeil can't start; the message says why and what to do."""


@dataclass(slots=True)
class Readiness:
    """Parts that become ready once, and the reason while they are not."""

    pending: dict[str, str] = field(default_factory=dict)
    broker_seen: float = -math.inf
    """When the broker last answered, on the monotonic clock."""
    stopping: bool = False

    def check(self, part: str) -> None:
        """Raises while the part is not ready."""
        if part in self.pending:
            raise NotReadyError(self.pending[part])

    def check_broker(self) -> None:
        """Raises when the broker has not answered lately: it is asked for the lag all the time."""
        if time.monotonic() - self.broker_seen > BROKER_SILENT_SECONDS_MAX:
            raise NotReadyError("de broker antwoordt niet")


@contextmanager
def data_folder(folder: Path) -> Iterator[None]:
    """Hold a data folder. Raises StartError when another process holds it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "slot").open("a+") as lock:
        _lock(lock, folder)
        yield


def open_store(connection: Connection) -> Store:
    """A store with its schema and its derived tables up to date."""
    for name in migrate(connection):
        log.debug("migratie", bestand=name)
    store = Store(connection)
    bring_up_to_date(store)
    return store


@contextmanager
def embedded_store(folder: Path) -> Iterator[Store]:
    """The store in a data folder, whatever way it was left in."""
    with data_folder(folder):
        connection = Connection(f"chdb://{(folder / 'clickhouse').resolve()}")
        try:
            yield open_store(connection)
        finally:
            connection.close()


async def run_embedded(
    folder: Path,
    port: int,
    *,
    sample: Sample | None,
    announce: Callable[[str], None],
    clock: Clock = system_clock,
) -> None:
    """Run everything until SIGTERM or SIGINT; `announce` hears the URL once all of it is ready.

    Raises StartError when it can't start.
    """
    with _listen(port) as listener, embedded_store(folder) as store:
        tansu = Tansu(folder / "broker.log")
        try:
            async with _services(folder, tansu, store, clock) as (app_parts, readiness):
                await _serve(listener, tansu, app_parts, readiness, sample, announce)
        finally:
            tansu.stop()


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a running embedded system."""

    store: Store
    producer: Producer
    ingest: Ingest
    worker: Worker
    watch: Watch
    metrics: Metrics
    clock: Clock
    lag: LagReader


@asynccontextmanager
async def _services(folder: Path, tansu: Tansu, store: Store, clock: Clock) -> AsyncIterator[tuple[Parts, Readiness]]:
    create_topics(tansu.address, partitions=EMBEDDED_PARTITIONS, replication=1)
    metrics = make_metrics(CollectorRegistry())
    producer = Producer(tansu.address, message_bytes_max=MESSAGE_BYTES_MAX)
    progress = Progress()
    processor = Processor(store, partial(set_aside, producer), progress, clock, metrics)
    worker = Worker(
        tansu.address,
        epoch=store.next_epoch(),
        events=processor.handle,
        alarms=processor.handle_alarms,
        session_seconds=TANSU_SESSION_SECONDS,
        fetch_wait_ms=TANSU_FETCH_WAIT_MS,
        folder=folder / "faust",
    )
    parts = Parts(
        store=store,
        producer=producer,
        ingest=Ingest(producer, store, clock, progress.outcome),
        worker=worker,
        watch=Watch(store, producer, clock),
        metrics=metrics,
        clock=clock,
        lag=LagReader(tansu.address, GROUP, EVENTS),
    )
    try:
        yield parts, Readiness()
    finally:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(worker.stop(), STOP_SECONDS_MAX)
        parts.lag.close()
        producer.close()


async def _serve(
    listener: socket.socket,
    tansu: Tansu,
    parts: Parts,
    readiness: Readiness,
    sample: Sample | None,
    announce: Callable[[str], None],
) -> None:
    url = f"http://{HOST}:{listener.getsockname()[1]}"
    checks: dict[str, Check] = {
        "clickhouse": parts.store.ping,
        "broker": readiness.check_broker,
        "verwerker": lambda: _must(parts.worker.ready(), "de verwerker heeft zijn partities nog niet"),
        "voorbeeld": lambda: readiness.check("voorbeeld"),
    }
    if sample is not None:
        readiness.pending["voorbeeld"] = "de voorbeeldgegevens worden nog ingelezen"
    app = make_app(
        "Opvangpeil",
        [
            ingest_router(parts.ingest, parts.metrics),
            api_router(parts.store, parts.clock),
            dashboard_router(parts.store, parts.clock),
        ],
        metrics=parts.metrics,
        checks=checks,
    )
    register_figures(parts.metrics.registry, live_figures(parts.store, parts.clock))
    server = _Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", server_header=False))
    stop = _stop_signal()
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.freeze()  # what is loaded by now stays: the collector need not look at it again
    gc.set_threshold(500_000, 20, 100)  # an import makes millions of short-lived objects, none of them in cycles

    async def become_ready() -> None:
        await parts.worker.start()
        if sample is not None:
            await asyncio.to_thread(sample, url, lambda: readiness.stopping)
            readiness.pending.pop("voorbeeld")
        while not await asyncio.to_thread(_all_ready, checks):  # noqa: ASYNC110 - parts are polled, as /gereed does
            await asyncio.sleep(0.05)
        announce(url)

    tasks = [
        asyncio.create_task(server.serve(sockets=[listener]), name="http"),
        asyncio.create_task(become_ready(), name="voorbeeld"),
        asyncio.create_task(parts.watch.run(), name="alarmen"),
        asyncio.create_task(_measure_lag(parts, readiness), name="achterstand"),
        asyncio.create_task(_keep_near(parts.store), name="afgeleide tabellen"),
        asyncio.create_task(_watch_children(tansu, parts.worker), name="bewaking"),
    ]
    try:
        await _until(stop, tasks)
    finally:
        readiness.stopping = True
        _stop_in_time()
        server.should_exit = True
        for task in tasks[1:]:
            task.cancel()
        await asyncio.wait(tasks, timeout=STOP_SECONDS_MAX)


def _all_ready(checks: Mapping[str, Check]) -> bool:
    try:
        for check in checks.values():
            check()
    except (NotReadyError, StoreUnavailableError):
        return False
    return True


async def _until(stop: asyncio.Event, tasks: list["asyncio.Task[None]"]) -> None:
    """Wait for the signal to stop; a task that fails is a reason to stop too, and is raised."""
    stopping = asyncio.create_task(stop.wait())
    waiting: set[asyncio.Task[object]] = {stopping, *tasks}
    while not stopping.done():
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()  # raises what it raised
    for task in waiting - set(tasks):
        task.cancel()


async def _watch_children(tansu: Tansu, worker: Worker) -> None:
    while True:
        await asyncio.sleep(0.5)
        if tansu.ended():
            _leave("de ingebouwde broker is gestopt")
        if worker.crashed():
            _leave("de verwerker is gestopt")


def _leave(reason: str) -> NoReturn:
    """End the process at once: what hangs on the part that is gone would hold up a tidy stop.

    As a kill -9, which loses nothing.
    """
    log.error(f"{reason}; start opnieuw: alles wat bevestigd is staat in de opslag")
    os._exit(SOFTWARE_FAULT)


async def _measure_lag(parts: Parts, readiness: Readiness) -> None:
    while True:
        try:
            for partition, behind in (await asyncio.to_thread(parts.lag.read)).items():
                parts.metrics.achterstand.labels(str(partition)).set(behind)
            readiness.broker_seen = time.monotonic()
        except BrokerUnavailableError as error:
            log.warning("achterstand onbekend", reden=str(error))
        await asyncio.sleep(LAG_SECONDS)


async def _keep_near(store: Store) -> None:
    while True:
        began = time.monotonic()
        try:
            await asyncio.to_thread(keep_near, store)
        except StoreUnavailableError as error:
            log.warning("afgeleide tabellen blijven achter", reden=str(error))
        took = time.monotonic() - began
        await asyncio.sleep(max(DERIVE_SECONDS, 3 * took))  # in an import: more at a time, which costs less


def _stop_in_time() -> None:
    """However something hangs, a stop ends: by force after a while, which loses nothing."""
    last_resort = threading.Timer(3 * STOP_SECONDS_MAX, _leave, ["het stoppen duurde te lang"])
    last_resort.daemon = True
    last_resort.start()


class _Server(uvicorn.Server):
    """uvicorn without its own signal handlers: it is one part of a process that stops as a whole."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _stop_signal() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


@contextmanager
def _listen(port: int) -> Iterator[socket.socket]:
    listener = socket.socket()
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError as error:
            raise StartError(
                f"poort {port} op {HOST} is al in gebruik; kies een andere met --port (0 = een vrije)"
            ) from error
        yield listener
    finally:
        listener.close()


def _lock(lock: IO[str], folder: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.seek(0)
        owner = lock.read().strip()
        raise StartError(
            f"de gegevensmap {folder} is in gebruik door een ander proces{f' ({owner})' if owner else ''}; "
            "stop dat eerst, of kies een andere map met --data"
        ) from error
    lock.truncate(0)
    lock.write(f"proces {os.getpid()}")
    lock.flush()


def _must(condition: bool, otherwise: str) -> None:
    if not condition:
        raise NotReadyError(otherwise)


__all__ = ["StartError", "data_folder", "embedded_store", "open_store", "run_embedded"]
