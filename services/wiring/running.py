"""Runs the parts of a process until it must stop, or until one of them ends."""

import asyncio
import errno
import gc
import os
import resource
import signal
import socket
import sys
import threading
from collections.abc import Callable, Collection, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from ipaddress import ip_address
from typing import Any, NoReturn

import structlog
import uvicorn
from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from starlette.middleware import Middleware

from services.access import Access, Guard
from services.access.guard import scraper_of
from services.access.shares import Shares, costs
from services.config import is_loopback
from services.dashboard.pages import PAGES
from services.processor.worker import SOFTWARE_FAULT
from services.store.migrate import migrations
from services.store.model import StoreUnavailableError
from services.web.addresses import ADDRESSES
from services.web.app import make_app
from services.web.cors import EVERYWHERE, Cors
from services.web.health import Check, NotReadyError, Scraped
from services.web.patience import PatientProtocol
from services.wiring import memory
from services.wiring.folder import StartError
from services.wiring.parts import ProcessPart
from services.wiring.resources import Resources

SWITCH_SECONDS = 0.001
"""How long a thread keeps the interpreter. A request passes several threads; when another thread judges a large batch,
the request should not wait 5 ms (Python's default) at each of them."""
THREADS = 16
"""How many answers are made at once. More would wait for each other longer, and each thread has a client of its own."""
REQUESTS_SECONDS_MAX = 4
"""How long a stop waits for requests that are being answered. Senders repeat what was not confirmed."""
TASKS_SECONDS_MAX = 5
STOP_SECONDS_MAX = 9
"""After this a stop goes by force. An orchestrator kills after 10 s; only a process that ends itself can log why."""
log = structlog.get_logger("start")

EVERY_ADDRESS = (*ADDRESSES, *(page.address for page in PAGES))
Sample = Callable[[str, str, Callable[[], bool]], None]
"""Loads sample data, given the URL of the server, a token for it, and a function that tells whether it is stopping."""


@contextmanager
def listen(host: str, port: int) -> Iterator[socket.socket]:
    """Yields a socket bound to this port. Raises StartError when another process has it."""
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
    parts: Sequence[ProcessPart],
    *,
    sample: Sample | None = None,
    announce: Callable[[str], None],
) -> None:
    """Runs everything until SIGTERM or SIGINT. Calls `announce` with the URL once everything is ready.

    Raises what a part raises, and a fault of the store or the broker that waiting will not mend.
    """
    access, (host, port) = shared.access, listener.getsockname()[:2]
    url = reached_at(host, port)
    await access.first_look()
    check_set_up(access, host, shared.cors)
    checks = _checks(shared, parts)
    app = make_app(
        "Opvangpeil",
        [router for part in parts for router in part.routers],
        metrics=shared.metrics,
        checks=checks,
        versions={"programma": version("opvangpeil"), "schema": str(migrations()[-1][0])},
        around=[
            *([Middleware(Cors, origins=shared.cors)] if shared.cors else []),
            Middleware(Guard, access=access),
            Middleware(Shares, cost=costs(EVERY_ADDRESS)),
        ],
        scraped=Scraped(next((part.figures for part in parts if part.figures is not None), lambda _: {}), scraper_of),
    )
    app.state.publicatie = shared.publicatie
    app.state.missing = next((part.missing for part in parts if part.missing is not None), None)
    server = _server(app, shared.proxies)
    stop = _stop_signal()
    _settle_down()

    async def work() -> None:
        await asyncio.gather(shared.prepare(), *(part.prepare() for part in parts))
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
    beside = [keep_up(access, host, shared.cors), memory.give_back(shared.store.connection.give_back)]
    tasks += map(asyncio.create_task, [*beside, *(task() for part in parts for task in part.at_once)])
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


def _server(app: FastAPI, proxies: str) -> "_Server":
    return _Server(
        uvicorn.Config(
            app,
            http=PatientProtocol,
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=REQUESTS_SECONDS_MAX,
            forwarded_allow_ips=proxies,
        )
    )


def leave(reason: str) -> NoReturn:
    """Ends the process at once, as a kill -9 would, which loses nothing.

    A tidy stop would wait for everything that depends on the part that is gone.
    """
    log.error(f"{reason}; start opnieuw: alles wat bevestigd is blijft bewaard")
    os._exit(SOFTWARE_FAULT)


async def keep_up(access: Access, host: str, cors: Collection[str] = ()) -> None:
    """Follows the tokens for ever. Raises StartError once it turns out that access was never set up."""
    async for _ in access.looks():
        check_set_up(access, host, cors)


def check_set_up(access: Access, host: str, cors: Collection[str] = ()) -> None:
    """Raises StartError when others can reach this address and nobody asks who they are.

    They are other machines, and pages of any site in a browser on this one.

    Until the store has answered it is not known whether access is set up. Every request is refused until then, so that
    is no reason to stop.
    """
    if access.set_up is False and not is_loopback(host):
        raise StartError(
            f"op {host} kan iedereen erbij, en er is nog geen toegang ingesteld: maak eerst een token met "
            "`opvangpeil toegang maak --naam beheer --rol beheerder` (met --data voor deze gegevensmap), of stel OIDC "
            "in met OPVANGPEIL_OIDC_UITGEVER; of luister op 127.0.0.1"
        )
    if access.set_up is False and EVERYWHERE in cors:
        raise StartError(
            "met OPVANGPEIL_CORS=* kan elke website die iemand op deze machine bezoekt alles lezen, want er is nog "
            "geen toegang ingesteld: noem de sites (https://kaart.example.org), of maak eerst een token met "
            "`opvangpeil toegang maak --naam beheer --rol beheerder`"
        )


def reached_at(host: str, port: int) -> str:
    """Returns the URL of a server that listens here. For an address that stands for all of them, that of loopback."""
    address = ip_address(host)
    if address.is_unspecified:
        address = ip_address("127.0.0.1" if address.version == 4 else "::1")
    return f"http://[{address}]:{port}" if address.version == 6 else f"http://{address}:{port}"


def _checks(shared: Resources, parts: Sequence[ProcessPart]) -> dict[str, Check]:
    checks: dict[str, Check] = {"clickhouse": shared.check_store}
    for part in parts:
        checks |= part.checks
    checks["voorbeeld"] = lambda: shared.check("voorbeeld")
    return checks


async def _lasting(name: str, task: Callable[[], Coroutine[Any, Any, None]]) -> None:
    await task()
    leave(f"{name} is gestopt")


async def _until_ready(checks: Mapping[str, Check], besides: str = "") -> None:
    while not await asyncio.to_thread(_all_ready, checks, besides):  # noqa: ASYNC110 - checks have no event, only answers
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
    """Waits for the signal to stop. Raises what a task raises: that is a reason to stop too."""
    stopping = asyncio.create_task(stop.wait())
    waiting: set[asyncio.Task[object]] = {stopping, *tasks}
    while not stopping.done():
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()  # This raises what the task raised.
    for task in waiting - set(tasks):
        task.cancel()


def _settle_down() -> None:
    # Each connection is an open file, and so is each part of a table.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    sys.setswitchinterval(SWITCH_SECONDS)
    current_default_thread_limiter().total_tokens = THREADS
    # Everything loaded by now stays, so the garbage collector need not look at it again. An import makes millions of
    # short-lived objects, none of them in cycles, so it may run less often.
    gc.freeze()
    gc.set_threshold(500_000, 20, 100)


def _stop_in_time() -> None:
    """Makes sure that a stop ends, whatever hangs: after a while by force, which loses nothing."""
    last_resort = threading.Timer(STOP_SECONDS_MAX, leave, ["het stoppen duurde te lang"])
    last_resort.daemon = True
    last_resort.start()


class _Server(uvicorn.Server):
    """uvicorn without its own signal handlers, since it is one part of a process that stops as a whole."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _stop_signal() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop
