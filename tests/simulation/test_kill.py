"""Nothing is lost after kill -9 at seeded moments during a stream: every acknowledged event is there once."""

import random
import threading
import time
from datetime import date
from pathlib import Path

import httpx
import pytest

from services.clock import system_clock
from services.core.bezetting import bezetting
from services.core.fold import fold
from services.core.locaties import locaties
from services.core.standen import standen
from services.voorbeeld import simulatie
from tests.support.server import Server, alive, opvangpeil
from tests.support.strategies import read

SEEDS = (1, 2)
KILLS = 3
BATCH = 60
BATCHES = 90


@pytest.mark.volledig
@pytest.mark.parametrize("seed", SEEDS)
def test_every_acknowledged_event_survives(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    stream = list(simulatie.genereer(locaties=235, zaad=seed, tot=date(2023, 3, 1)))[: BATCH * BATCHES]
    batches = [stream[start : start + BATCH] for start in range(0, len(stream), BATCH)]
    folder = tmp_path / "data"
    waiting = list(enumerate(batches))
    acknowledged: set[int] = set()
    for _ in range(KILLS):
        server = Server(folder)
        brokers = server.broker_pids()
        killer = threading.Timer(chance.uniform(0.05, 2.0), server.process.kill)
        killer.start()
        for number, batch in list(waiting):
            try:
                answer = server.post(batch)
            except httpx.HTTPError:
                break  # killed; the batch may be stored already, and is sent again
            assert answer.status_code in (200, 201), answer.text
            acknowledged.add(number)
            waiting.remove((number, batch))
        killer.cancel()
        server.kill()
        _gone(brokers)
    with Server(folder) as server:
        present = [event["id"] for event in server.log()]
        assert len(present) == len(set(present)), "an event is there twice"
        missing = {event["id"] for number in acknowledged for event in batches[number]} - set(present)
        assert not missing, f"{len(missing)} acknowledged events are gone"
        for _, batch in waiting:
            assert server.post(batch).status_code in (200, 201)
        now = system_clock()
        expected = bezetting(standen(locaties(fold(read(stream), now, now), now)), now)
        answer = server.get("/v1/bezetting")
        assert (answer["locaties"], answer["aanwezig"], answer["bezettingsgraad"]) == (
            expected.locaties,
            expected.aanwezig,
            expected.bezettingsgraad,
        )
        assert server.stop() == 0
    checked = opvangpeil("controleer", "--data", str(folder))
    assert checked.returncode == 0, checked.stdout + checked.stderr


def _gone(pids: set[int]) -> None:
    """Waits until the brokers are gone. A broker dies with its parent, but the kernel needs a moment."""
    deadline = time.monotonic() + 10
    while any(alive(pid) for pid in pids):
        assert time.monotonic() < deadline, f"the broker outlives its parent: {pids}"
        time.sleep(0.01)
