"""Mends faust-streaming 0.15.3 in three places. The version is pinned: read this again before you raise it.

1. `Consumer._new_offset` commits past a message that was never acknowledged, when nothing was committed before or
   when exactly one message is missing (it says `> 1` and means `> 0`). That message would be lost. See
   faust-streaming/faust#606.
2. The driver waits 1.5 s for a fetch, and tansu does not wake a waiting fetch when data arrives.
3. Faust starts four tasks to deliver a message. When there is room it needs none of them, and they take a third of
   the time that a message costs.

All of this replaces private members of Faust, which offers no other way; hence the `SLF001` below.
"""

import asyncio
import types
from typing import Any

import faust
from faust.transport.consumer import Consumer
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread
from mode.services import WaitResults

EXPECTED_VERSION = "0.15.3"


def install(*, fetch_wait_ms: int | None) -> None:
    """Applies the three, once. None leaves the fetch as it is. Raises RuntimeError on another version of Faust."""
    if faust.__version__ != EXPECTED_VERSION:
        raise RuntimeError(
            f"faust-streaming {faust.__version__} is geen {EXPECTED_VERSION}: kijk eerst of "
            "services/processor/safe_faust.py nog nodig is en klopt"
        )
    if getattr(Consumer._new_offset, "guarded", False):  # noqa: SLF001
        return
    _guard_offsets()
    _deliver_at_once()
    if fetch_wait_ms is not None:
        _shorten_fetch(fetch_wait_ms)


def _guard_offsets() -> None:
    original = Consumer._new_offset  # noqa: SLF001

    def new_offset(self: Any, tp: Any) -> int | None:
        acked = self._acked[tp]
        if not acked:
            return None
        base = self._committed_offset.get(tp)
        if base is None:
            base = 0  # Our topics keep everything, so a new group starts at the beginning of the log.
        if min(acked) > base and not self._gap[tp]:
            return None
        committed: int | None = original(self, tp)
        return committed

    new_offset.guarded = True  # type: ignore[attr-defined]  # It marks Faust's own function as replaced.
    Consumer._new_offset = new_offset  # noqa: SLF001


def _shorten_fetch(fetch_wait_ms: int) -> None:
    original = AIOKafkaConsumerThread._create_worker_consumer  # noqa: SLF001

    def create(self: Any, transport: Any) -> Any:
        consumer = original(self, transport)
        consumer._fetch_max_wait_ms = fetch_wait_ms  # noqa: SLF001
        return consumer

    AIOKafkaConsumerThread._create_worker_consumer = create  # noqa: SLF001


def _deliver_at_once() -> None:
    original = Consumer.wait_first

    async def wait_first(self: Any, *waits: Any, **named: Any) -> Any:
        delivery, *others = waits
        if not asyncio.iscoroutine(delivery):
            return await original(self, *waits, **named)
        try:
            first = delivery.send(None)
        except BaseException as ended:
            for other in others:
                other.close()
            if isinstance(ended, StopIteration):
                return WaitResults([delivery], [ended.value], stopped=False)
            raise
        return await original(self, _rest_of(delivery, first), *others, **named)

    Consumer.wait_first = wait_first


async def _rest_of(coroutine: Any, first: Any) -> Any:
    """Finishes a coroutine that was begun and waits for `first`. Python does not let anybody await such a coroutine."""
    return await _going_on(coroutine, first)


@types.coroutine
def _going_on(coroutine: Any, waits_for: Any) -> Any:
    step, given = coroutine.send, None
    while True:
        try:
            step, given = coroutine.send, (yield waits_for)
        except BaseException as error:  # noqa: BLE001 - also a cancellation is for the coroutine itself to handle
            step, given = coroutine.throw, error
        try:
            waits_for = step(given)
        except StopIteration as done:
            return done.value
