"""From event to alarm and back, through the whole chain; and none about the past."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.facts import access, capacity, moment, reading, registered
from tests.kafka_node import KafkaNode
from tests.server import Server

Answer = dict[str, Any]


def active(answer: Answer) -> set[tuple[str, str, str]]:
    return {(a["regel"], a["onderwerp"], a["ernst"]) for a in answer["items"] if a["status"] == "actief"}


def exactly(*wanted: tuple[str, str, str]) -> Callable[[Answer], bool]:
    return lambda answer: active(answer) == set(wanted)


COUNTRY = ("landelijke-bezetting", "NL", "kritiek")
CENTRE = ("toegang", "LOC-AC", "hoog")


def test_alarms_come_stay_over_a_restart_and_go(tmp_path: Path, outside: KafkaNode | None) -> None:
    folder = tmp_path / "data"
    with Server(folder, kafka=outside) as server:
        facts = [registered("LOC-AC", "GM1950", "aanmeldcentrum"), capacity("LOC-AC", 100), reading("LOC-AC", 100)]
        assert server.post(facts).status_code in (201, 202)
        assert server.post([reading("LOC-AC", 101), access("LOC-AC", "gecontroleerd")]).status_code in (201, 202)
        first = server.until("/v1/alarmen", exactly(COUNTRY, CENTRE))
        name = 'opvangpeil_alarmen{ernst="kritiek",status="actief"}'
        server.until("/v1/bezetting", lambda _: server.metric(name) == 1)
        server.kill()
    with Server(folder, kafka=outside) as server:
        again = server.until("/v1/alarmen", exactly(COUNTRY, CENTRE))
        assert {a["id"] for a in again["items"]} == {a["id"] for a in first["items"]}, "a restart repeats an alarm"
        assert server.post([reading("LOC-AC", 99), access("LOC-AC", "open", moment())]).status_code in (201, 202)
        server.until("/v1/alarmen", exactly())
        healed = server.get("/v1/alarmen")["items"]
        assert {a["status"] for a in healed} == {"hersteld"}
        assert {a["id"] for a in healed} == {a["id"] for a in first["items"]}


def test_importing_history_raises_nothing_about_the_past(tmp_path: Path, outside: KafkaNode | None) -> None:
    """A year in which access was restricted and the country overfull, sent in its own order, ends well."""
    with Server(tmp_path / "data", kafka=outside) as server:
        then = {"time": moment(timedelta(days=300))}
        server.post([registered("LOC-AC", "GM1950", "aanmeldcentrum", **then), capacity("LOC-AC", 100, **then)])
        for days in range(300, 0, -5):
            at = moment(timedelta(days=days))
            restricted = "gecontroleerd" if days > 100 else "open"
            batch = [
                reading("LOC-AC", 150 if days > 100 else 90, at, time=at),
                access("LOC-AC", restricted, at, time=at),
            ]
            assert server.post(batch).status_code in (201, 202)
        # What is raised next shows that the watch has looked since.
        assert server.post([access("LOC-AC", "gesloten", moment())]).status_code in (201, 202)
        answer = server.until("/v1/alarmen", exactly(CENTRE))
        assert len(answer["items"]) == 1, f"an alarm about the past: {answer['items']}"
