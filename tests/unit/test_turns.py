"""Callers at the same time share one turn of work, which begins after each of them asked: in threads and on a loop."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest

from services.store.turns import Turns

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
WAIT = 10.0


class Asked(NamedTuple):
    """A question: its moment, and the work it needs."""

    now: datetime
    about: str = ""


class Gate:
    """Work that counts its turns, and that waits in each turn until a test releases it."""

    def __init__(self, fails_at: int = 0) -> None:
        self.fails_at = fails_at
        self.asked: list[Asked] = []
        self.open, self.entered = threading.Semaphore(0), threading.Semaphore(0)

    def __call__(self, asked: Asked) -> int:
        self.asked.append(asked)
        turn = len(self.asked)
        self.entered.release()
        assert self.open.acquire(timeout=WAIT)
        if turn == self.fails_at:
            raise OSError("weg")
        return turn


Outcome = int | BaseException
Meanwhile = Callable[[Gate, list[Asked]], list[Outcome]]


def turns_of(gate: Gate) -> Turns[Asked, int]:
    alike: Callable[[Asked], Hashable] = lambda asked: asked.about  # noqa: E731
    return Turns(gate, alike=alike)


def in_threads(gate: Gate, asked: list[Asked]) -> list[Outcome]:
    """Lets the others ask in threads while the first is at work, and returns the outcome of each."""
    turns = turns_of(gate)

    def ask(one: Asked) -> Outcome:
        try:
            return turns.after(one)
        except OSError as error:
            return error

    with ThreadPoolExecutor() as pool:
        begun = pool.submit(ask, asked[0])
        assert gate.entered.acquire(timeout=WAIT)
        joined = _counting_joins(turns)
        others = [pool.submit(ask, one) for one in asked[1:]]
        for _ in others:
            assert joined.acquire(timeout=WAIT)
        gate.open.release(10)
        return [begun.result(), *(other.result() for other in others)]


def _counting_joins(turns: Turns[Asked, int]) -> threading.Semaphore:
    joined, join = threading.Semaphore(0), turns._join

    def counted(asked: Asked):
        found = join(asked)
        joined.release()
        return found

    turns._join = counted
    return joined


def on_a_loop(gate: Gate, asked: list[Asked]) -> list[Outcome]:
    """Does the same with tasks on one event loop."""

    async def scenario() -> list[Outcome]:
        turns = turns_of(gate)
        begun = asyncio.create_task(turns.awaited(asked[0]))
        assert await asyncio.to_thread(gate.entered.acquire, timeout=WAIT)
        others: list[Awaitable[int]] = [asyncio.create_task(turns.awaited(one)) for one in asked[1:]]
        await asyncio.sleep(0)  # every task has asked now
        gate.open.release(10)
        return await asyncio.gather(begun, *others, return_exceptions=True)

    return asyncio.run(scenario())


both = pytest.mark.parametrize("meanwhile", [in_threads, on_a_loop])
LATER = [Asked(NOW + timedelta(seconds=n)) for n in range(4)]


@both
def test_those_who_ask_meanwhile_share_the_next_turn_and_the_latest_of_their_moments(meanwhile: Meanwhile) -> None:
    gate = Gate()
    assert meanwhile(gate, LATER) == [1, 2, 2, 2]
    assert gate.asked == [LATER[0], LATER[3]]


@both
def test_what_fails_fails_for_all_who_share_it_and_for_nobody_else(meanwhile: Meanwhile) -> None:
    first, *others = meanwhile(Gate(fails_at=2), LATER)
    assert first == 1
    assert [str(one) for one in others] == ["weg"] * 3
    failed, *others = meanwhile(Gate(fails_at=1), LATER)
    assert str(failed) == "weg"
    assert others == [2, 2, 2]


@both
def test_what_differs_in_anything_but_the_moment_is_shared_with_nobody(meanwhile: Meanwhile) -> None:
    gate = Gate()
    got = meanwhile(gate, [Asked(NOW, "nu"), Asked(NOW, "toen"), Asked(NOW, "nu")])
    assert len({*got}) == 3
    assert [one.about for one in sorted(gate.asked)] == ["nu", "nu", "toen"]


def test_who_gives_up_takes_nothing_away_from_the_others() -> None:
    async def one_leaves(gate: Gate) -> int:
        turns = turns_of(gate)
        leaves, stays = [asyncio.create_task(turns.awaited(Asked(NOW))) for _ in range(2)]
        assert await asyncio.to_thread(gate.entered.acquire, timeout=WAIT)
        leaves.cancel()
        with suppress(asyncio.CancelledError):
            await leaves
        gate.open.release()
        return await stays

    gate = Gate()
    assert asyncio.run(one_leaves(gate)) == 1


def test_threads_and_the_loop_share_a_turn() -> None:
    async def scenario(gate: Gate) -> list[int]:
        turns = turns_of(gate)
        begun = asyncio.create_task(asyncio.to_thread(turns.after, Asked(NOW)))
        assert await asyncio.to_thread(gate.entered.acquire, timeout=WAIT)
        joined = _counting_joins(turns)
        others = [asyncio.create_task(asyncio.to_thread(turns.after, Asked(NOW)))]
        others.append(asyncio.create_task(turns.awaited(Asked(NOW))))
        for _ in others:
            assert await asyncio.to_thread(joined.acquire, timeout=WAIT)
        gate.open.release(10)
        return await asyncio.gather(begun, *others)

    assert asyncio.run(scenario(Gate())) == [1, 2, 2]


def test_what_is_given_was_always_begun_after_it_was_asked() -> None:
    begun = 0

    def work(_: datetime) -> int:
        nonlocal begun
        begun += 1
        time.sleep(0.0005)  # gives others time to ask
        return begun

    turns = Turns(work)

    def ask(_: int) -> bool:
        before = begun
        return turns.after(NOW) > before

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(ask, range(400)))
    assert begun <= 400
    assert not turns._next, "nothing is kept of who has gone"
    assert not turns._last


def test_alone_each_takes_a_turn() -> None:
    turns = Turns(lambda now: now)
    assert [turns.after(NOW + timedelta(n)) for n in range(3)] == [NOW + timedelta(n) for n in range(3)]
    with pytest.raises(ZeroDivisionError):
        Turns(lambda _: 1 // 0).after(NOW)
