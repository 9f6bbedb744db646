"""Who asks at the same time shares one turn, which began after each of them asked."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from services.store.turns import Turns

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
WAIT = 10.0


class Gate:
    """Work that counts its turns, and waits to be let through in each."""

    def __init__(self) -> None:
        self.asked: list[datetime] = []
        self.open = threading.Semaphore(0)
        self.entered = threading.Semaphore(0)

    def __call__(self, now: datetime) -> int:
        self.asked.append(now)
        turn = len(self.asked)
        self.entered.release()
        assert self.open.acquire(timeout=WAIT)
        if turn == 2 and now == NOW:
            raise OSError("weg")
        return turn


@contextmanager
def three_waiting(first: int, *, later: timedelta) -> Iterator[tuple[Gate, list[int | BaseException]]]:
    """One is at work, and three ask meanwhile; what they got."""
    gate = Gate()
    turns = Turns(gate)
    got: list[int | BaseException] = []

    def ask(now: datetime) -> int | BaseException:
        try:
            return turns.after(now)
        except OSError as error:
            return error

    with ThreadPoolExecutor() as pool:
        begun = pool.submit(ask, NOW)
        assert gate.entered.acquire(timeout=WAIT)
        others = [pool.submit(ask, NOW + n * later) for n in range(3)]
        deadline = time.monotonic() + WAIT
        while len(turns._asked) < 3:
            assert time.monotonic() < deadline
            time.sleep(0.001)
        gate.open.release(10)
        assert begun.result() == first
        got += [other.result() for other in others]
    yield gate, got


def test_those_who_wait_share_the_next_turn_and_the_latest_of_their_moments() -> None:
    with three_waiting(1, later=timedelta(seconds=1)) as (gate, got):
        assert got == [2, 2, 2]
        assert gate.asked == [NOW, NOW + timedelta(seconds=2)]


def test_a_turn_that_fails_fails_for_one_and_the_next_takes_another() -> None:
    with three_waiting(1, later=timedelta(0)) as (gate, got):
        assert sorted(str(one) for one in got) == ["3", "3", "weg"]
        assert len(gate.asked) == 3


def test_what_is_given_was_always_begun_after_it_was_asked() -> None:
    begun = 0

    def work(_: datetime) -> int:
        nonlocal begun
        begun += 1
        time.sleep(0.0005)  # so that others ask meanwhile
        return begun

    turns = Turns(work)

    def ask(_: int) -> bool:
        before = begun
        return turns.after(NOW) > before

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(ask, range(400)))
    assert begun <= 400


def test_alone_each_takes_a_turn() -> None:
    turns = Turns(lambda now: now)
    assert [turns.after(NOW + timedelta(n)) for n in range(3)] == [NOW + timedelta(n) for n in range(3)]
    with pytest.raises(ZeroDivisionError):
        Turns(lambda _: 1 // 0).after(NOW)
