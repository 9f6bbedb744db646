"""Runs the parts of a process until it is told to stop, or until one of them ends."""

import asyncio
import errno
import gc
import os
import resource
import signal
import socket
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any, NoReturn

import structlog
import uvicorn
from starlette.middleware import Middleware

from services.access import Guard
from services.processor.worker import SOFTWARE_FAULT
from services.store.migrate import migrations
from services.store.model import StoreUnavailableError
from services.web.app import make_app
from services.web.health import Check, NotReadyError
from services.web.patience import PatientProtocol
from services.wiring.admission import check_set_up, keep_up, reached_at
from services.wiring.folder import StartError
from services.wiring.parts import Part
from services.wiring.resources import Resources

SWITCH_SECONDS = 0.001
"""A request passes some threads on its way; judging a large batch should not make it wait for 5 ms at each."""
REQUESTS_SECONDS_MAX = 4
"""How long a stop waits for requests that are being answered; their senders repeat what was not confirmed."""
TASKS_SECONDS_MAX = 5
STOP_SECONDS_MAX = 9
"""Then by force: an orchestrator waits 10 s before it kills, and what we leave by ourselves is said in the log."""
log = structlog.get_logger("start")

Sample = Callable[[str, str, Callable[[], bool]], None]
"""(URL of the server, a token for it, whether it stops) → loads sample data into it."""


@contextmanager
def listen(host: str, port: int) -> Iterator[socket.socket]:
    """A port of our own. Raises StartError when another has it."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                raise StartError(f"{host} is geen adres van deze machine; kies een ander met --host") from error
            raise StartError(
                f"poort {port} op {host} is al in gebruik; neem een andere: --port (0 = een vrije) of OPVANGPEIL_PORT"
            ) from error
        yield listener
    finally:
        listener.close()


async def run(
    listener: socket.socket,
    shared: Resources,
    parts: Sequence[Part],
    *,
    sample: Sample | None = None,
    announce: Callable[[str], None],
) -> None:
    """Run everything until SIGTERM or SIGINT; `announce` hears the URL once all of it is ready.

    Raises what a part raises, and what is wrong with the store or the broker that waiting will not help.
    """
    access, (host, port) = shared.access, listener.getsockname()[:2]
    url = reached_at(host, port)
    await access.first_look()
    check_set_up(access, host)
    checks = _checks(shared, parts)
    app = make_app(
        "Opvangpeil",
        [router for part in parts for router in part.routers],
        metrics=shared.metrics,
        checks=checks,
        versions={"programma": version("opvangpeil"), "schema": str(migrations()[-1][0])},
        around=[Middleware(Guard, access=access)],
    )
    server = _Server(
        uvicorn.Config(
            app,
            http=PatientProtocol,
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=REQUESTS_SECONDS_MAX,
            forwarded_allow_ips=shared.proxies,
        )
    )
    stop = _stop_signal()
    _settle_down()

    async def work() -> None:
        await shared.prepare()
        await asyncio.gather(
            become_ready(), *(_lasting(name, task) for part in parts for name, task in part.tasks.items())
        )

    async def become_ready() -> None:
        if sample is not None:
            await _until_ready(checks, besides="voorbeeld")
            await asyncio.to_thread(sample, url, access.own_token, stop.is_set)
            del shared.pending["voorbeeld"]
        await _until_ready(checks)
        announce(url)

    if sample is not None:
        shared.pending["voorbeeld"] = "de voorbeeldgegevens worden nog ingelezen"
    tasks = [asyncio.create_task(server.serve(sockets=[listener])), asyncio.create_task(work())]
    tasks.append(asyncio.create_task(keep_up(access, host)))
    if shared.lag_of is not None:
        tasks.append(asyncio.create_task(shared.measure_lag()))
    try:
        await _until(stop, tasks)
    finally:
        stop.set()
        _stop_in_time()
        server.should_exit = True
        for task in tasks[1:]:
            task.cancel()
        await asyncio.wait(tasks, timeout=TASKS_SECONDS_MAX)
        await asyncio.gather(*(part.stop() for part in parts))


def leave(reason: str) -> NoReturn:
    """End the process at once: what hangs on the part that is gone would hold up a tidy stop.

    As a kill -9, which loses nothing.
    """
    log.error(f"{reason}; start opnieuw: alles wat bevestigd is blijft bewaard")
    os._exit(SOFTWARE_FAULT)


def _checks(shared: Resources, parts: Sequence[Part]) -> dict[str, Check]:
    checks: dict[str, Check] = {"clickhouse": shared.check_store}
    if shared.broker is not None:
        checks["broker"] = shared.check_broker
    for part in parts:
        checks |= part.checks
    checks["voorbeeld"] = lambda: shared.check("voorbeeld")
    return checks


async def _lasting(name: str, task: Callable[[], Coroutine[Any, Any, None]]) -> None:
    await task()
    leave(f"{name} is gestopt")


async def _until_ready(checks: Mapping[str, Check], besides: str = "") -> None:
    while not await asyncio.to_thread(_all_ready, checks, besides):  # noqa: ASYNC110 - parts are polled, as /gereed does
        await asyncio.sleep(0.05)


def _all_ready(checks: Mapping[str, Check], besides: str) -> bool:
    try:
        for name, check in checks.items():
            if name != besides:
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


def _settle_down() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(
        resource.RLIMIT_NOFILE, (most, most)
    )  # a connection is an open file, and so is a part of a table
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.freeze()  # what is loaded by now stays: the collector need not look at it again
    gc.set_threshold(500_000, 20, 100)  # an import makes millions of short-lived objects, none of them in cycles


def _stop_in_time() -> None:
    """However something hangs, a stop ends: by force after a while, which loses nothing."""
    last_resort = threading.Timer(STOP_SECONDS_MAX, leave, ["het stoppen duurde te lang"])
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
