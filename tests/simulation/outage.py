"""Takes a part away for long. The others must wait, report it, and catch up without a restart.

`python -m tests.simulation.outage [SECONDS]` takes Kafka and ClickHouse away, one after the other; 600 by default.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import orjson

from tests.simulation.world import World, world
from tests.support.facts import capacity, reading, registered
from tests.support.server import BATCH

ANSWER_SECONDS_MAX = 5.0
NOTICED_SECONDS_MAX = 20
CAUGHT_UP_SECONDS_MAX = 60
LOCATIE = "LOC-UITVAL"


def outages(folder: Path, seconds: float, say: Callable[[str], None] = print) -> None:
    """Takes each part away in turn. Raises AssertionError when a service fails where it must wait."""
    with world(folder) as running:
        _post(running, [registered(LOCATIE), capacity(LOCATIE, 1_000), reading(LOCATIE, 0)])
        _until(running, lambda: _present(running) == 0, "het begin")
        before = {name: service.child.process.pid for name, service in running.services.items()}
        _away(running, "kafka", seconds, say)
        _away(running, "front", seconds, say)
        after = {name: service.child.process.pid for name, service in running.services.items()}
        assert before == after, f"begon opnieuw: {[name for name in before if before[name] != after[name]]}"


def _away(running: World, part: str, seconds: float, say: Callable[[str], None]) -> None:
    """Takes a part away for some seconds, while events keep coming."""
    names = {"kafka": "broker", "front": "clickhouse"}
    last = _present(running)
    node = running.kafka if part == "kafka" else running.front
    node.kill()
    began, slowest, answers = time.monotonic(), 0.0, 0
    while time.monotonic() - began < seconds:
        asked = time.monotonic()
        answer = _post(running, [reading(LOCATIE, last + 1)])
        slowest, answers = max(slowest, time.monotonic() - asked), answers + 1
        if part == "kafka":
            assert answer.status_code == 503, answer.text
            assert int(answer.headers["retry-after"]) > 0
        else:
            assert answer.status_code == 202, answer.text
            last += 1
        running.must_all_run()
        time.sleep(max(0.0, min(1.0, seconds / 20) - (time.monotonic() - asked)))
    assert slowest <= ANSWER_SECONDS_MAX, f"een antwoord duurde {slowest:.1f} s"
    concerned = [name for name in running.services if not name.startswith("api") or part == "front"]
    for name in concerned:
        _until(running, lambda n=name: names[part] in _not_ready(running, n), f"/gereed van {name} noemt {names[part]}")
    node.start()
    back = time.monotonic()
    if part == "kafka":
        _until(running, lambda: _post(running, [reading(LOCATIE, last + 1)]).status_code == 202, "ingest gaat verder")
        last += 1
    _until(running, lambda: _present(running) == last, f"{part} terug: het inhalen", CAUGHT_UP_SECONDS_MAX)
    _until(running, running.all_ready, f"{part} terug: alles gereed", CAUGHT_UP_SECONDS_MAX)
    say(
        f"{names[part]} {seconds:.0f} s weg: {answers} antwoorden, traagste {slowest:.2f} s; "
        f"bij en gereed {time.monotonic() - back:.1f} s na terugkeer"
    )


def _post(running: World, events: list[dict[str, object]]) -> httpx.Response:
    return httpx.post(
        f"{running.services['ingest-1'].url}/v1/gebeurtenissen", content=orjson.dumps(events), headers=BATCH, timeout=30
    )


def _present(running: World) -> int | None:
    answer = httpx.get(f"{running.services['api-1'].url}/v1/bezetting", timeout=30)
    return answer.json()["aanwezig"] if answer.status_code == httpx.codes.OK else None


def _not_ready(running: World, name: str) -> set[str]:
    """Returns the parts that a service reports as missing."""
    answer = httpx.get(f"{running.services[name].url}/gereed", timeout=30)
    return {fout["veld"] for fout in answer.json().get("fouten", [])}


def _until(running: World, holds: Callable[[], bool], what: str, seconds: float = NOTICED_SECONDS_MAX) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        running.must_all_run()
        assert time.monotonic() < deadline, f"niet binnen {seconds} s: {what}\n{running.said()}"
        time.sleep(0.1)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        outages(Path(temporary), float(sys.argv[1]) if len(sys.argv) > 1 else 600)
