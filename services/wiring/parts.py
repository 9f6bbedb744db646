"""The four services, as parts of a process: each by itself, or all of them together."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from fastapi import APIRouter

from services.access.app import access_router
from services.access.browser import browser_router
from services.alarms.watch import Watch
from services.api.app import api_router
from services.api.gauges import live_figures
from services.api.refused import refused_router
from services.dashboard.app import dashboard_router
from services.ingest.accept import Ingest
from services.ingest.app import ingest_router
from services.metrics import register_figures
from services.processor.aside import set_aside
from services.processor.process import Processor
from services.processor.progress import Progress
from services.processor.worker import Handler, Worker
from services.store.derive import keep_near
from services.store.model import StoreUnavailableError
from services.store.store import Store
from services.web.health import Check, NotReadyError
from services.wiring.resources import Resources

DERIVE_SECONDS = 0.5
STOP_SECONDS_MAX = 3
log = structlog.get_logger("start")


async def _nothing() -> None:
    """There is nothing to stop."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a service adds to the process that runs it."""

    routers: Sequence[APIRouter] = ()
    checks: Mapping[str, Check] = field(default_factory=dict)
    tasks: Mapping[str, Callable[[], Coroutine[Any, Any, None]]] = field(default_factory=dict)
    """By name; begun once the store and the broker are there. One that ends ends the process."""
    stop: Callable[[], Awaitable[None]] = _nothing


def ingest(shared: Resources, progress: Progress | None = None) -> Part:
    """Events in over HTTP. With the progress of the only processor, answers wait until events are stored."""
    assert shared.producer is not None  # noqa: S101
    taken = Ingest(shared.producer, shared.store, shared.clock, progress.outcome if progress else None)
    return Part(routers=[ingest_router(taken, shared.metrics)])


def processor(shared: Resources, folder: Path, progress: Progress | None = None) -> Part:
    """From the topics into the store."""
    member = Member(shared, folder, progress or Progress())
    return Part(
        checks={"verwerker": member.check},
        tasks={
            "verwerker": member.run,
            "afgeleide tabellen": partial(_keep_near, shared.store),
            "het topic": shared.topic_lasts,
        },
        stop=member.stop,
    )


def alarms(shared: Resources) -> Part:
    """Looks at the live view, and says what changed. Two of them do as one."""
    assert shared.producer is not None  # noqa: S101
    return Part(tasks={"alarmen": Watch(shared.store, shared.producer, shared.clock).run})


def api(shared: Resources) -> Part:
    """The figures, over HTTP and in `/metrics`, and the page."""
    register_figures(shared.metrics.registry, live_figures(shared.store, shared.clock))
    return Part(
        routers=[
            api_router(shared.store, shared.clock),
            refused_router(shared.store),
            dashboard_router(shared.store, shared.clock),
            access_router(shared.access, shared.clock),
            browser_router(shared.access),
        ]
    )


class Member:
    """A processor as a member of its consumer group."""

    def __init__(self, shared: Resources, folder: Path, progress: Progress) -> None:
        self._shared = shared
        self._folder = folder
        self._progress = progress
        self._worker: Worker | None = None

    async def run(self) -> None:
        """Join, and stay; returns when Faust gave up."""
        shared = self._shared
        assert shared.broker is not None  # noqa: S101
        assert shared.producer is not None  # noqa: S101
        aside = partial(set_aside, shared.producer)
        handling = Processor(shared.store, aside, self._progress, shared.clock, shared.metrics)
        self._worker = Worker(
            shared.broker.brokers,
            epoch=await asyncio.to_thread(shared.store.epoch_of, shared.topic_id),
            events=Handler(handling.read, handling.decide, handling.store),
            alarms=Handler(handling.as_it_is, handling.as_it_is, handling.store_alarms),
            session_seconds=shared.broker.session_seconds,
            fetch_wait_ms=shared.broker.fetch_wait_ms,
            folder=self._folder,
        )
        await self._worker.start()
        while not self._worker.crashed():  # noqa: ASYNC110 - Faust tells nobody
            await asyncio.sleep(0.5)

    def check(self) -> None:
        """Raises while it has no partitions."""
        if self._worker is None or not self._worker.ready():
            raise NotReadyError("de verwerker heeft zijn partities nog niet")

    async def stop(self) -> None:
        """Leave the group."""
        if self._worker is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._worker.stop(), STOP_SECONDS_MAX)


async def _keep_near(store: Store) -> None:
    while True:
        began = time.monotonic()
        try:
            await asyncio.to_thread(keep_near, store)
        except StoreUnavailableError as error:
            log.warning("afgeleide tabellen blijven achter", reden=str(error))
        took = time.monotonic() - began
        await asyncio.sleep(max(DERIVE_SECONDS, 3 * took))  # in an import: more at a time, which costs less
