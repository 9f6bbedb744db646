"""The four services, as parts of a process: each by itself, or all of them together."""

import asyncio
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
from services.alarms.app import alarm_router
from services.alarms.deliver.agent import DELIVERY_GROUP, hearing
from services.alarms.deliver.app import receivers_router
from services.alarms.deliver.courier import Courier
from services.alarms.watch import Watch
from services.api.app import api_router
from services.api.gauges import live_figures
from services.api.refused import refused_router
from services.api.stroom import Stroom, stroom_router
from services.dashboard.app import dashboard_router
from services.eventlog.topics import ALARMS, EVENTS
from services.ingest.accept import Ingest
from services.ingest.app import ingest_router
from services.ingest.counted import counted
from services.metrics import register_figures
from services.processor.aside import set_aside
from services.processor.process import Processor
from services.processor.progress import Progress
from services.processor.worker import GROUP, Handler
from services.reads.reader import Reader
from services.store.derive import keep_near
from services.store.model import StoreUnavailableError
from services.store.store import Store
from services.web.health import Check
from services.wiring.alarmering import Alarmering
from services.wiring.member import Handlers, Member
from services.wiring.resources import Resources

DERIVE_SECONDS = 0.5
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


def way_in(shared: Resources, progress: Progress | None = None) -> Ingest:
    """The one way in of this process. With the progress of the only processor, answers wait until events are stored."""
    assert shared.producer is not None  # noqa: S101
    return Ingest(shared.producer, shared.store, shared.clock, progress.outcome if progress else None)


def ingest(shared: Resources, taken: Ingest) -> Part:
    """Events in over HTTP."""
    return Part(routers=[ingest_router(taken, shared.metrics)])


def processor(shared: Resources, folder: Path, progress: Progress | None = None) -> Part:
    """From the topics into the store."""
    assert shared.producer is not None  # noqa: S101
    aside = partial(set_aside, shared.producer)
    handling = Processor(shared.store, aside, progress or Progress(), shared.clock, shared.metrics)

    async def prepare() -> tuple[int, Handlers]:
        return await asyncio.to_thread(shared.store.epoch_of, shared.topic_id), {
            EVENTS: Handler(handling.read, handling.decide, handling.store),
            ALARMS: Handler(handling.as_it_is, handling.as_it_is, handling.store_alarms),
        }

    member = Member(shared, folder, GROUP, prepare)
    return Part(
        checks={"verwerker": member.check},
        tasks={
            "verwerker": member.run,
            "afgeleide tabellen": partial(_keep_near, shared.store),
            "het topic": shared.topic_lasts,
        },
        stop=member.stop,
    )


def alarms(shared: Resources, folder: Path, rules: Alarmering) -> Part:
    """Looks at the live view, says what changed, and tells receivers. Of several the one does it whose turn it is."""
    assert shared.producer is not None  # noqa: S101
    reader = Reader(shared.store, shared.clock)

    async def prepare() -> tuple[int, Handlers]:
        return 0, {ALARMS: hearing(courier)}

    member = Member(shared, folder, DELIVERY_GROUP, prepare)
    watch = Watch(
        reader, shared.producer, rules.regels, lambda: shared.lag, shared.metrics, member.holds_any, shared.broker_near
    )
    courier = Courier(reader, shared.producer, rules.receivers, shared.metrics, member.holds_any, watch.alive)
    tasks = {"alarmen": watch.run, "bezorging": member.run, "bezorger": courier.run}
    routers = [
        alarm_router(reader, shared.producer, frozenset(regel.naam for regel in rules.regels)),
        receivers_router(reader, shared.producer, [receiver.ontvanger for receiver in rules.receivers]),
    ]
    return Part(routers=routers, checks={"alarmen": watch.warning}, tasks=tasks, stop=member.stop)


def api(shared: Resources, taken: Ingest | None) -> Part:
    """The figures, over HTTP and in `/metrics`, and the pages. `taken`: where people report; None: not here."""
    register_figures(shared.metrics.registry, live_figures(shared.store, shared.clock))
    stroom = Stroom(Reader(shared.store, shared.clock), shared.metrics)
    return Part(
        tasks={"stroom": stroom.run},
        routers=[
            stroom_router(stroom),
            api_router(shared.store, shared.clock),
            refused_router(shared.store),
            dashboard_router(
                shared.store, shared.clock, None if taken is None else partial(counted, taken, shared.metrics)
            ),
            access_router(shared.access, shared.clock),
            browser_router(shared.access),
        ],
    )


async def _keep_near(store: Store) -> None:
    while True:
        began = time.monotonic()
        try:
            await asyncio.to_thread(keep_near, store)
        except StoreUnavailableError as error:
            log.warning("afgeleide tabellen blijven achter", reden=str(error))
        took = time.monotonic() - began
        await asyncio.sleep(max(DERIVE_SECONDS, 3 * took))  # in an import: more at a time, which costs less
