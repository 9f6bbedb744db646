"""A service with wrong settings reports that at once and ends. A service that must wait tells what it waits for."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from services.store.store import Store
from tests.simulation.world import Service
from tests.support.child import free_port
from tests.support.front import ClickHouseFront
from tests.support.rondes import only_whole

ONE_SERVICE = ("api", only_whole("processor"))
"""All services check their store with the same code: one is enough, and in `make volledig` one that writes too."""
NOWHERE = "127.0.0.1:1"
pytestmark = pytest.mark.parametrize("new_store", ["http"], indirect=True)


@pytest.fixture
def environment(store: Store, tmp_path: Path) -> dict[str, str]:
    """The settings of a good store and a broker that does not exist."""
    return {
        "OPVANGPEIL_KAFKA": f"kafka://{NOWHERE}",
        "OPVANGPEIL_CLICKHOUSE": store.connection.url,
        "OPVANGPEIL_PORT": str(free_port()),
        "OPVANGPEIL_DATA": str(tmp_path / "gegevens"),
    }


def told(service: str, environment: dict[str, str]) -> tuple[int, str]:
    """Runs a service to its end. Returns the exit code and the last message."""
    done = subprocess.run(
        [sys.executable, "-m", f"services.{service}"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, **environment},
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("service", "setting", "value", "expected"),
    [
        ("processor", "OPVANGPEIL_KAFKA", "", r"services\.processor .* zet OPVANGPEIL_KAFKA=kafka://"),
        ("ingest", "OPVANGPEIL_KAFKA", "http://h1", r"OPVANGPEIL_KAFKA='http://h1' is geen adres van Kafka"),
        only_whole("alarms", "OPVANGPEIL_KAFKA_SASL", "GSSAPI", r"OPVANGPEIL_KAFKA_SASL='GSSAPI' kan niet; kies uit"),
        only_whole("alarms", "OPVANGPEIL_KAFKA_CA", "/weg", r"OPVANGPEIL_KAFKA_CA='/weg' is geen bestand"),
        ("api", "OPVANGPEIL_CLICKHOUSE", "", r"services\.api .* zet OPVANGPEIL_CLICKHOUSE=clickhouse://"),
        only_whole("api", "OPVANGPEIL_CLICKHOUSE", "mysql://u:geheim@h", r"OPVANGPEIL_CLICKHOUSE=.* is geen adres"),
        only_whole("ingest", "OPVANGPEIL_PORT", "tachtig", r"OPVANGPEIL_PORT='tachtig' is niet een poort"),
        only_whole("processor", "OPVANGPEIL_PARTITIES", "0", r"OPVANGPEIL_PARTITIES='0' is niet een aantal partities"),
    ],
)
def test_a_setting_that_can_not_be(
    environment: dict[str, str], service: str, setting: str, value: str, expected: str
) -> None:
    code, said = told(service, environment | {setting: value})
    assert code == 2, said
    assert re.search(expected, said), said
    assert "Traceback" not in said
    assert "geheim" not in said


@pytest.mark.parametrize("service", ONE_SERVICE)
def test_a_wrong_password_of_the_store(environment: dict[str, str], service: str) -> None:
    wrong = environment["OPVANGPEIL_CLICKHOUSE"].replace("://", "://default:fout@")
    code, said = told(service, environment | {"OPVANGPEIL_CLICKHOUSE": wrong})
    assert code == 2, said
    assert "ClickHouse laat ons niet toe; klopt OPVANGPEIL_CLICKHOUSE?" in said
    assert "default:fout" not in said


@pytest.mark.parametrize("service", ONE_SERVICE)
def test_a_store_that_is_newer_than_the_program(environment: dict[str, str], store: Store, service: str) -> None:
    store.connection.client().insert(
        "migratie",
        [[9999, "9999_later.sql", "", datetime.now(UTC)]],
        column_names=["number", "name", "sha256", "applied_at"],
    )
    code, said = told(service, environment)
    assert code == 2, said
    assert "9999" in said
    assert "nieuwer" in said


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Callable[[str, dict[str, str]], Service]]:
    """Starts a service that waits."""
    running: list[Service] = []

    def start(name: str, environment: dict[str, str]) -> Service:
        running.append(Service(name, tmp_path, environment))
        return running[-1]

    yield start
    for service in running:
        service.child.kill()


@pytest.mark.parametrize("service", ["processor", "api", only_whole("ingest"), only_whole("alarms")])
def test_parts_that_are_away_are_waited_for_and_named(
    environment: dict[str, str], started: Callable[[str, dict[str, str]], Service], service: str
) -> None:
    away = environment | {"OPVANGPEIL_CLICKHOUSE": f"clickhouse://{NOWHERE}/opvang"}
    waiting = started(service, away)
    parts = {fout["veld"]: fout["melding"] for fout in _not_ready(waiting)}
    assert "clickhouse" in parts
    assert ("broker" in parts) == (service != "api")
    assert httpx.get(f"{waiting.url}/gezond").status_code == 200
    waiting.child.must_run()


def _not_ready(service: Service) -> list[dict[str, str]]:
    """Waits until /gereed answers, and returns which parts it reports as missing."""
    while True:
        service.child.must_run()
        try:
            answer = httpx.get(f"{service.url}/gereed", timeout=30)
        except httpx.ConnectError:
            continue
        assert answer.status_code == 503
        fouten: list[dict[str, str]] = answer.json()["fouten"]
        return fouten


def test_a_port_that_is_taken(environment: dict[str, str], front: ClickHouseFront) -> None:
    code, said = told("api", environment | {"OPVANGPEIL_PORT": str(front.port)})
    assert code == 2, said
    assert f"poort {front.port} op 127.0.0.1 is al in gebruik" in said
