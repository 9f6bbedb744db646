"""The repaired delivery of messages in Faust. tests/integration shows what is acknowledged."""

import asyncio
from typing import Any

import pytest
from faust.transport.consumer import Consumer
from mode import Service

from services.processor import safe_faust

safe_faust.install(fetch_wait_ms=None)


class Anything(Service):
    """A service that waits as a consumer does."""

    wait_first: Any = Consumer.wait_first


async def at_once() -> str:
    return "bezorgd"


async def when(room: asyncio.Future[str]) -> str:
    try:
        return await room
    except ValueError as error:
        return f"opgevangen: {error}"


def test_what_can_be_delivered_at_once_needs_no_task() -> None:
    async def run() -> None:
        before = asyncio.all_tasks()
        won = await Anything().wait_first(at_once(), asyncio.Event().wait())
        assert (won.results, won.stopped, asyncio.all_tasks()) == (["bezorgd"], False, before)

    asyncio.run(run())


@pytest.mark.parametrize(("outcome", "result"), [("plaats", "plaats"), (ValueError("vol"), "opgevangen: vol")])
def test_what_has_to_wait_goes_on_where_it_was(outcome: str | ValueError, result: str) -> None:
    async def run() -> None:
        room: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        settle = room.set_exception if isinstance(outcome, ValueError) else room.set_result
        asyncio.get_running_loop().call_soon(settle, outcome)  # type: ignore[arg-type]
        assert (await Anything().wait_first(when(room), asyncio.Event().wait())).results == [result]

    asyncio.run(run())


def test_an_error_is_the_callers() -> None:
    async def fails() -> None:
        raise KeyError("onbekend")

    async def fails_later(room: asyncio.Future[str]) -> None:
        await room
        raise KeyError("onbekend")

    async def run() -> None:
        with pytest.raises(KeyError):
            await Anything().wait_first(fails(), asyncio.Event().wait())
        room: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_soon(room.set_result, "plaats")
        with pytest.raises(KeyError):
            await Anything().wait_first(fails_later(room), asyncio.Event().wait())

    asyncio.run(run())


def test_a_pause_that_comes_first_wins_and_cancels_the_wait() -> None:
    async def run() -> None:
        room: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        paused = asyncio.Event()
        asyncio.get_running_loop().call_soon(paused.set)
        won = await Anything().wait_first(when(room), paused.wait())
        assert won.results == [True]
        await asyncio.sleep(0)
        assert room.cancelled()

    asyncio.run(run())
