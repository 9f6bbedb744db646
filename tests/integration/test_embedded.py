"""The embedded form for an operator: it starts, stops, refuses a folder in use, is repaired, and loses its broker."""

import os
import shutil
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from services.store.queries import DERIVED
from services.wiring import embedded_store
from tests.support.facts import capacity, reading, registered
from tests.support.server import Server, opvangpeil

FACTS = [registered("LOC-A"), capacity("LOC-A", 200), reading("LOC-A", 150)]


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a few events, left by a clean stop."""
    folder = tmp_path_factory.mktemp("ingebouwd") / "data"
    with Server(folder) as server:
        assert server.post(FACTS).status_code == 201
        assert server.get("/v1/bezetting")["aanwezig"] == 150
        assert server.stop() == 0
    return folder


@pytest.fixture
def folder(left: Path, tmp_path: Path) -> Path:
    """A copy of that folder, so that tests that add to it do not meet each other."""
    return Path(shutil.copytree(left, tmp_path / "gegevens", symlinks=True))


def test_a_repeat_is_recognised_and_a_reuse_refused(folder: Path) -> None:
    with Server(folder) as server:
        assert server.post(FACTS).status_code == 200
        refused = server.post([FACTS[0], FACTS[2] | {"data": {"peilmoment": "2024-01-01", "aanwezig": 1}}])
        assert refused.status_code == 409
        assert [fout["index"] for fout in refused.json()["fouten"]] == [1]
        assert len(list(server.log())) == len(FACTS)


def test_what_a_dry_run_says_would_happen_does_happen_once(folder: Path) -> None:
    counted = FACTS[2]
    with Server(folder) as server:

        def tried(*rows: dict[str, Any]) -> list[dict[str, Any]]:
            asked = {"gebeurtenissen": rows, "cijfers": True}
            answer = server.client.post(f"{server.url}/v1/vergelijkingen", json=asked)
            assert answer.status_code == 200, answer.text
            told.append(answer.json())
            found: list[dict[str, Any]] = told[-1]["rijen"]
            return found

        told: list[dict[str, Any]] = []
        assert {one["uitkomst"] for one in tried(*FACTS)} == {"gelijk"}
        bare = {name: counted[name] for name in ("type", "source", "subject")}
        row = bare | {"data": counted["data"] | {"aanwezig": 160}}
        (found,) = tried(row)
        assert (found["uitkomst"], found["vervangt"][0]["gebeurtenisId"]) == ("wijkt af", counted["id"])
        changed = {(one["onderwerp"], one["grootheid"]): (one["van"], one["naar"]) for one in told[-1]["cijfers"]}
        assert changed["NL", "aanwezig"] == (150, 160)
        assert server.get("/v1/bezetting")["aanwezig"] == 150, "nothing is stored"
        event = counted | row | {"id": str(uuid4()), "time": found["time"], "data": found["data"]}
        assert server.post([event]).status_code == 201
        assert server.get("/v1/bezetting")["aanwezig"] == 160
        assert [one["uitkomst"] for one in tried(row, event)] == ["gelijk", "gelijk"]


def test_two_batches_that_use_one_id_for_two_things_are_not_mixed(folder: Path) -> None:
    """They are sent at the same moment. One is stored whole, and nothing of the other."""
    with Server(folder) as server, ThreadPoolExecutor(2) as pool:
        for number in range(6):
            shared = reading(f"LOC-R{number}", 1)
            batches = [
                [shared, reading(f"LOC-R{number}", 2)],
                [shared | {"data": {"peilmoment": "2024-01-01", "aanwezig": 99}}, reading(f"LOC-R{number}", 3)],
            ]
            answers = list(pool.map(server.post, batches))
            assert sorted(answer.status_code for answer in answers) == [201, 409]
            present = {event["id"] for event in server.log()}
            for batch, answer in zip(batches, answers, strict=True):
                assert (batch[1]["id"] in present) == (answer.status_code == 201)


def test_a_second_start_on_the_same_folder_says_so(folder: Path) -> None:
    with Server(folder) as server:
        for command in (("start", "--port", "0"), ("controleer",), ("herbouw",)):
            second = opvangpeil(*command, "--data", str(folder))
            assert second.returncode == 2
            assert f"in gebruik door een ander proces (proces {server.process.pid})" in second.stderr
        assert server.get("/v1/bezetting")["aanwezig"] == 150


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = opvangpeil("start", "--port", str(port), "--data", str(tmp_path))
    assert refused.returncode == 2
    assert f"poort {port}" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_it_listens_on_loopback_only(folder: Path) -> None:
    with Server(folder) as server:
        found = [address for pid in (server.process.pid, *server.broker_pids()) for address in _listening(pid)]
    assert len(found) >= 2, "the server and its broker"
    assert set(found) == {"0100007F"}, f"listens elsewhere too: {found}"


def test_a_broker_that_hangs_is_a_503_within_five_seconds(folder: Path) -> None:
    with Server(folder) as server:
        (broker,) = server.broker_pids()
        one = reading("LOC-A", 151)
        os.kill(broker, signal.SIGSTOP)
        try:
            started = time.monotonic()
            answer = server.post([one])
            took = time.monotonic() - started
        finally:
            os.kill(broker, signal.SIGCONT)
        assert answer.status_code == 503
        assert answer.headers["retry-after"].isdigit()
        assert answer.headers["content-type"] == "application/problem+json"
        assert took < 5, f"answered after {took:.1f} s"  # the time-out is 4 s
        server.until("/v1/bezetting", lambda _: server.post([one]).status_code in (200, 201))
        assert [event["id"] for event in server.log()].count(one["id"]) == 1


def test_a_broker_that_dies_ends_the_process_with_a_word(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    server = Server(folder)
    server.post(FACTS)
    for broker in server.broker_pids():
        os.kill(broker, signal.SIGKILL)
    assert server.process.wait(30) != 0
    assert "broker is gestopt" in server.output.read_text()
    server.kill()
    with Server(folder) as server:
        assert server.get("/v1/bezetting")["aanwezig"] == 150


def test_drift_is_found_named_and_repaired(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with Server(folder) as server:
        server.post(FACTS)
    with embedded_store(folder) as store:
        store.command("ALTER TABLE schrijving DELETE WHERE register = 'aanwezig' SETTINGS mutations_sync = 1")
    found = opvangpeil("controleer", "--data", str(folder))
    assert found.returncode == 1
    assert "LOC-A aanwezig" in found.stderr
    assert opvangpeil("herbouw", "--data", str(folder)).returncode == 0
    assert opvangpeil("controleer", "--data", str(folder)).returncode == 0


def test_what_a_kill_left_behind_is_made_up_for_before_it_is_ready(tmp_path: Path) -> None:
    """The derived tables hold only a part of the log, as after a kill while they were being filled."""
    folder = tmp_path / "data"
    with Server(folder) as server:
        server.post(FACTS)
    with embedded_store(folder) as store:
        for table in ("cel", "bekend", "positie"):
            store.command(f"TRUNCATE TABLE {table}")
    with Server(folder) as server:
        assert server.get("/v1/bezetting")["aanwezig"] == 150
        assert server.post(FACTS).status_code == 200
    assert opvangpeil("controleer", "--data", str(folder)).returncode == 0


def test_log_and_tables_are_written_through_to_disk(tmp_path: Path) -> None:
    """The table `positie` says how far the derived tables follow the log. It must not alone survive a power cut."""
    with embedded_store(tmp_path) as store:
        for table in ("gebeurtenis", "begonnen", *DERIVED):
            shown = store.connection.client().command(f"SHOW CREATE TABLE {table}")
            for setting in ("fsync_after_insert = 1", "fsync_part_directory = 1", "min_rows_to_fsync_after_merge = 1"):
                assert setting in str(shown)


def _listening(pid: int) -> list[str]:
    """Returns the local addresses on which a process accepts connections, in the kernel's hexadecimal."""
    inodes = set()
    for handle in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = str(handle.readlink())
        except FileNotFoundError:
            continue
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    rows = [
        row.split() for name in ("tcp", "tcp6") for row in Path(f"/proc/{pid}/net/{name}").read_text().splitlines()[1:]
    ]
    return [row[1].split(":")[0] for row in rows if row[3] == "0A" and row[9] in inodes]
