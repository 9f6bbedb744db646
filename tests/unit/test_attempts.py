"""Attempts under way: some at once for each receiver, the rest in turn. A fault in one attempt harms no other."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from services.alarms.deliver.attempts import AT_ONCE, Attempts
from services.core.alarms.bezorging import Bezorging
from services.core.alarms.boek import Alarmboek
from services.core.alarms.bundels import Zending
from tests.support.bezorg_help import NOW, receiver, steps

EEN, TWEE = receiver("een"), receiver("twee")


def some(count: int, ontvanger: Any = EEN) -> list[Zending]:
    """Makes `count` messages."""
    found = []
    for n in range(count):
        key = ("toegang", f"LOC-{n}")
        (alarm,) = Alarmboek(steps(key, "actief")).of(key)
        bezorging = Bezorging(ontvanger, alarm, alarm.overgangen[0], 0, 0, NOW)
        found.append(Zending(ontvanger, (bezorging,), NOW))
    return found


class Gate:
    """Attempts that last until a test opens the gate."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.open = asyncio.Event()

    def __call__(self, one: Zending) -> "asyncio.Future[None]":
        async def attempt() -> None:
            self.begun.append(one.leden[0].alarm.onderwerp)
            await self.open.wait()

        return asyncio.ensure_future(attempt())


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    async def within() -> None:
        await asyncio.wait_for(scenario(), 10)

    asyncio.run(within())


async def settle() -> None:
    for _ in range(50):
        await asyncio.sleep(0)


def test_what_is_being_told_in_a_bundle_is_not_told_in_another_too() -> None:
    async def scenario() -> None:
        attempts, gate, leden = Attempts(lambda: None), Gate(), [one.leden[0] for one in some(3)]
        attempts.queue("een", [Zending(EEN, tuple(leden), NOW)], gate, anew=True)
        await settle()
        attempts.queue("een", [Zending(EEN, tuple(leden[1:]), NOW), *some(5)[2:]], gate, anew=True)
        await settle()
        assert gate.begun == ["LOC-0", "LOC-3", "LOC-4"]
        attempts.drop()

    run(scenario)


def test_so_many_at_once_and_then_the_rest_each_once() -> None:
    async def scenario() -> None:
        attempts, gate, ended = Attempts(lambda: ended.append(1)), Gate(), []
        attempts.queue("een", some(20), gate, anew=True)
        attempts.queue("een", some(20), gate, anew=True)
        await settle()
        assert len(gate.begun) == AT_ONCE
        gate.open.set()
        await settle()
        assert sorted(gate.begun) == sorted(one.leden[0].alarm.onderwerp for one in some(20))
        assert len(ended) == 20

    run(scenario)


def test_who_hangs_holds_up_nobody_else() -> None:
    async def scenario() -> None:
        attempts, hangs, goes = Attempts(lambda: None), Gate(), Gate()
        attempts.queue("een", some(20), hangs, anew=True)
        goes.open.set()
        attempts.queue("twee", some(20, TWEE), goes, anew=True)
        await settle()
        assert (len(hangs.begun), len(goes.begun)) == (AT_ONCE, 20)
        attempts.drop()

    run(scenario)


def test_what_waits_is_what_was_asked_last_and_can_be_forgotten() -> None:
    async def scenario() -> None:
        attempts, gate = Attempts(lambda: None), Gate()
        attempts.queue("een", some(20), gate, anew=True)
        attempts.queue("een", some(10), gate, anew=True)  # the second call replaces the waiting ones by ten
        gate.open.set()
        await settle()
        assert len(gate.begun) == 10
        again = Gate()
        attempts.queue("een", some(20), again, anew=True)
        attempts.forget("een")
        again.open.set()
        await settle()
        assert len(again.begun) == AT_ONCE

    run(scenario)


def test_a_fault_in_one_is_told_and_the_next_goes_on() -> None:
    async def fails() -> None:
        raise KeyError("onvoorzien")

    async def scenario() -> None:
        attempts, begun = Attempts(lambda: None), []

        def attempt(one: Bezorging) -> "asyncio.Future[None]":
            begun.append(one)
            return asyncio.ensure_future(fails())

        attempts.queue("een", some(20), attempt, anew=True)
        await settle()
        assert len(begun) == 20

    with capture_logs() as said:
        run(scenario)
    assert [one["event"] for one in said] == ["fout bij het bezorgen"] * 20


def test_what_is_dropped_ends_and_says_nothing() -> None:
    async def scenario() -> None:
        attempts, gate = Attempts(lambda: None), Gate()
        attempts.queue("een", some(20), gate, anew=True)
        await settle()
        attempts.drop()
        await settle()
        attempts.queue("een", some(1), gate, anew=True)
        await settle()
        assert len(gate.begun) == AT_ONCE + 1
        attempts.drop()
        await settle()

    with capture_logs() as said:
        run(scenario)
    assert said == []


@pytest.mark.parametrize("times", [1, 2])
def test_of_one_place_there_is_one_attempt_at_a_time(times: int) -> None:
    async def scenario() -> None:
        attempts, begun, gate = Attempts(lambda: None), [], asyncio.Event()

        async def attempt() -> None:
            begun.append(1)
            await gate.wait()

        for _ in range(times):
            attempts.start(("am", ""), attempt)
        await settle()
        assert len(begun) == 1
        gate.set()
        await settle()

    run(scenario)
