"""The processor limits what it holds in bytes, not in messages."""

import asyncio
from types import SimpleNamespace
from typing import Any

from mode.utils.queues import FlowControlEvent

from services.processor.worker import BUFFER_MAX, BYTES_MAX, MESSAGE_BYTES, RoomyQueue, Waiting

LARGE = BYTES_MAX // 4


def event(size: int) -> Any:
    return SimpleNamespace(message=SimpleNamespace(value=b"x" * size))


def queue() -> RoomyQueue:
    control = FlowControlEvent()
    control.resume()
    return RoomyQueue(maxsize=BUFFER_MAX, flow_control=control, clear_on_resume=True)


def test_what_faust_keeps_ready_is_full_by_bytes() -> None:
    async def run() -> None:
        ready = queue()
        for _ in range(4):
            assert not ready.full()
            await ready.put(event(LARGE))
        assert ready.full(), "four of these are all that may be in hand"
        waits = asyncio.create_task(ready.put(event(1)))
        await asyncio.sleep(0)
        assert not waits.done()
        assert len((await ready.get()).message.value) == LARGE
        await waits
        ready.clear()
        assert not ready.full()
        await ready.put(event(LARGE))

    asyncio.run(run())


def test_small_messages_are_bounded_by_their_number() -> None:
    async def run() -> None:
        ready = queue()
        for _ in range(BUFFER_MAX):
            assert not ready.full()
            await ready.put(event(0))
        assert ready.full()

    asyncio.run(run())


def test_of_what_waits_so_much_is_taken_as_may_be_in_hand() -> None:
    async def run() -> None:
        waiting = Waiting()
        adding = asyncio.create_task(waiting.put([event(LARGE) for _ in range(6)]))  # noqa: RUF006 - awaited below
        assert len(await waiting.take()) == 3, "a fourth would be too much: a message weighs more than it says"
        assert waiting.much()
        await adding
        assert len(await waiting.take()) == 3
        assert not waiting.much()
        huge = asyncio.create_task(waiting.put([event(2 * BYTES_MAX), event(1)]))
        assert len(await waiting.take()) == 1, "one that is larger goes alone"
        assert len(await waiting.take()) == 1
        await huge

    asyncio.run(run())


def test_a_message_without_a_value_counts_for_its_overhead() -> None:
    async def run() -> None:
        waiting = Waiting()
        waits = asyncio.create_task(waiting.put([SimpleNamespace(message=SimpleNamespace(value=None))] * 20_000))
        await asyncio.sleep(0)
        assert not waits.done()
        assert len(await waiting.take()) == BYTES_MAX // MESSAGE_BYTES
        await waits

    asyncio.run(run())
