"""Runs a processor on a real broker and a real store for as long as a test needs it."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from prometheus_client import CollectorRegistry

from services.clock import system_clock
from services.eventlog.brokers import Brokers
from services.eventlog.producer import Producer
from services.eventlog.topics import ALARMS, EVENTS
from services.metrics import make_metrics
from services.processor.process import Outcomes, Processor, append_unprocessable
from services.processor.worker import GROUP, Handler, Worker
from services.store.store import Store

SECONDS_MAX = 30


@asynccontextmanager
async def running(brokers: Brokers, store: Store, producer: Producer, folder: Path) -> AsyncIterator[CollectorRegistry]:
    registry = CollectorRegistry()
    processor = Processor(
        store, partial(append_unprocessable, producer), Outcomes(), system_clock, make_metrics(registry)
    )
    worker = Worker(
        brokers,
        group=GROUP,
        epoch=1,
        handlers={
            EVENTS: Handler(processor.parse, processor.decide, processor.store),
            ALARMS: Handler(processor.as_it_is, processor.as_it_is, processor.store_alarms),
        },
        session_seconds=4,
        fetch_wait_ms=20,
        folder=folder,
    )
    await worker.start()
    try:
        yield registry
    finally:
        await worker.stop()


async def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS_MAX
    while not await asyncio.to_thread(holds):
        assert time.monotonic() < deadline, "it did not come about in time"
        await asyncio.sleep(0.05)


def run(scenario: Awaitable[None]) -> None:
    asyncio.run(asyncio.wait_for(scenario, 120))
