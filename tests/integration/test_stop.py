"""A stop takes at most 10 s, whatever the program is doing, because an orchestrator kills a slower one."""

import os
import signal
import socket
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import orjson
import pytest

from services.voorbeeld import naar_jsonl, simulatie
from tests.support.facts import capacity, reading, registered
from tests.support.server import Server

LIMIT = 10  # seconds: one more than the program allows itself
EVENTS = 150_000


@pytest.fixture
def server(tmp_path: Path) -> Server:
    server = Server(tmp_path / "data")
    assert server.post([registered("LOC-A"), capacity("LOC-A", 200), reading("LOC-A", 150)]).status_code == 201
    yield server
    if server.process.poll() is None:
        server.kill()


def stopped(server: Server) -> int:
    """Returns the exit code after SIGTERM. 0 means a clean end; after STOP_SECONDS_MAX the program breaks off."""
    server.process.send_signal(signal.SIGTERM)
    return server.process.wait(LIMIT)


def test_a_stop_in_the_middle_of_an_import_is_tidy(server: Server, tmp_path: Path) -> None:
    file = tmp_path / "veel.jsonl"
    with file.open("wb") as lines:
        lines.writelines(naar_jsonl(simulatie.genereer(gebeurtenissen=EVENTS, tot=date(2026, 11, 20))))
    command = [sys.executable, "-m", "services.cli", "importeer", str(file), "--url", server.url]
    importing = subprocess.Popen([*command, "--afgewezen", str(tmp_path / "afgewezen.jsonl")], stderr=subprocess.PIPE)
    try:
        while (server.metric("opvangpeil_gebeurtenissen_opgeslagen") or 0) <= 5000:
            time.sleep(0.05)
        code = stopped(server)
    finally:
        importing.kill()
        importing.communicate()
    assert code == 0, server.output.read_text()[-2000:]
    with Server(server.folder) as again:
        assert 5000 < (again.metric("opvangpeil_gebeurtenissen_opgeslagen") or 0) < EVENTS + 3


def test_who_sends_half_a_request_holds_nothing_up(server: Server) -> None:
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port)) as slow:
        slow.sendall(f"POST /v1/gebeurtenissen HTTP/1.1\r\nHost: {address.netloc}\r\n".encode())
        slow.sendall(b"Content-Type: application/cloudevents+json\r\n")
        slow.sendall(b"Expect: 100-continue\r\nContent-Length: 1000\r\n\r\n{")
        assert b"100 Continue" in slow.recv(1000), "the server waits for the rest of this request"
        assert stopped(server) == 0


def test_a_broker_that_hangs_holds_nothing_up_and_the_log_says_so(server: Server) -> None:
    for broker in server.broker_pids():
        os.kill(broker, signal.SIGSTOP)
    code = stopped(server)
    lines = [orjson.loads(line) for line in server.output.read_text().splitlines()]
    assert code == 0 or "het stoppen duurde te lang" in lines[-1]["message"]
