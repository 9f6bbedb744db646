"""Who asks for the same at the same time shares what is made, which was begun after each of them asked."""

import asyncio
import threading

import pytest

from services.reads.shared import Shared

WAIT = 10.0


class Maker:
    """Makes a number at each call, and waits to be let through."""

    def __init__(self) -> None:
        self.begun = 0
        self.open, self.entered = threading.Semaphore(0), threading.Semaphore(0)
        self.fails_at = 0

    def __call__(self) -> int:
        self.begun += 1
        mine = self.begun
        self.entered.release()
        assert self.open.acquire(timeout=WAIT)
        if mine == self.fails_at:
            raise OSError("weg")
        return mine


async def three_while_one_is_made(maker: Maker) -> list[int | BaseException]:
    shared = Shared(maker)
    first = asyncio.create_task(shared.get())
    assert await asyncio.to_thread(maker.entered.acquire, timeout=WAIT)
    others = [asyncio.create_task(shared.get()) for _ in range(3)]
    await asyncio.sleep(0)
    maker.open.release(10)
    return await asyncio.gather(first, *others, return_exceptions=True)


def test_those_who_ask_meanwhile_share_the_next() -> None:
    maker = Maker()
    assert asyncio.run(three_while_one_is_made(maker)) == [1, 2, 2, 2]
    assert maker.begun == 2


def test_what_fails_fails_for_all_who_share_it() -> None:
    maker = Maker()
    maker.fails_at = 2
    first, *others = asyncio.run(three_while_one_is_made(maker))
    assert first == 1
    assert [str(one) for one in others] == ["weg"] * 3


def test_who_gives_up_takes_nothing_away_from_the_others() -> None:
    async def one_leaves(maker: Maker) -> int:
        shared = Shared(maker)
        leaves, stays = asyncio.create_task(shared.get()), asyncio.create_task(shared.get())
        assert await asyncio.to_thread(maker.entered.acquire, timeout=WAIT)
        leaves.cancel()
        with pytest.raises(asyncio.CancelledError):
            await leaves
        maker.open.release()
        return await stays

    maker = Maker()
    assert asyncio.run(one_leaves(maker)) == 1
