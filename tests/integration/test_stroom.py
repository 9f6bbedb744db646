"""`/v1/stroom` as a browser reads it: it misses no message, shows nothing that is forbidden, and blocks nobody."""

import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from tests.support.facts import access, capacity, moment, reading, registered
from tests.support.server import Server, made, with_token
from tests.support.web_client import problem_of


class Listener:
    """Reads the stream in a thread, as an EventSource does."""

    def __init__(self, url: str, headers: dict[str, str] | None = None) -> None:
        self._client = httpx.Client(timeout=httpx.Timeout(30, read=30))
        self._changed = threading.Condition()
        self.heard: list[tuple[str, str, Any]] = []
        """(last id, event, data)."""
        self.last_id = ""
        self.retry = 0
        self.ended = False
        self._stream = self._client.stream("GET", f"{url}/v1/stroom", headers=headers or {})
        self.response = self._stream.__enter__()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        event, data = "message", ""
        try:
            for line in self.response.iter_lines():
                name, _, value = line.partition(": ")
                match name:
                    case "id":
                        self.last_id = value
                    case "event":
                        event = value
                    case "data":
                        data = value
                    case "retry":
                        self.retry = int(value)
                    case "" if data:
                        with self._changed:
                            self.heard.append((self.last_id, event, orjson.loads(data)))
                            self._changed.notify_all()
                        event, data = "message", ""
        except (httpx.TransportError, httpx.StreamError):
            pass  # cut off, by the test or by the server
        with self._changed:
            self.ended = True
            self._changed.notify_all()

    def wait_for(self, wanted: Any, seconds: float = 20) -> Any:
        deadline = time.monotonic() + seconds
        with self._changed:
            while not (found := wanted(self)):
                left = deadline - time.monotonic()
                assert left > 0, f"not heard: {[(one[0], one[1]) for one in self.heard]}"
                self._changed.wait(left)
            return found

    def alarms(self) -> list[tuple[str, str]]:
        """Returns (kind, onderwerp) of each alarm about toegang."""
        return [
            (data["type"].split(".")[2], data["subject"])
            for _, event, data in self.heard
            if event == "alarm" and data["data"].get("regel") == "toegang"
        ]

    def close(self) -> None:
        self.response.close()
        self._stream.__exit__(None, None, None)
        self._client.close()


@contextmanager
def listening(url: str, **headers: str) -> Iterator[Listener]:
    listener = Listener(url, {name.replace("_", "-"): value for name, value in headers.items()})
    try:
        yield listener
    finally:
        listener.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("stroom") / "data") as server:
        server.post(
            [registered(f"LOC-{n}") for n in range(9)]
            + [capacity("LOC-0", 100), reading("LOC-0", 50)]
            + [reading(f"LOC-{n}", 0) for n in range(1, 9)]
        )
        yield server


def test_it_begins_with_the_figures_and_tells_what_changes(server: Server) -> None:
    with listening(server.url) as one:
        assert one.response.headers["content-type"].startswith("text/event-stream")
        assert (one.response.headers["cache-control"], one.response.headers["x-accel-buffering"]) == ("no-store", "no")
        _, event, first = one.wait_for(lambda it: it.heard)[0]
        assert (event, first["bezettingsgraad"], one.retry) == ("cijfers", 0.5, 2000)
        assert sum(first["naleving"].values()) == 342
        server.post([reading("LOC-0", 80), access("LOC-0", "beperkt")])
        one.wait_for(
            lambda it: any(data.get("bezettingsgraad") == 0.8 for _, kind, data in it.heard if kind == "cijfers")
        )
        one.wait_for(lambda it: ("alarm-geactiveerd", "LOC-0") in it.alarms())
        shown = server.get("/v1/bezetting")
        assert shown["bezettingsgraad"] == 0.8, "the same figure as the API"


def test_who_comes_back_hears_exactly_what_was_missed(server: Server) -> None:
    with listening(server.url) as one:
        server.post([access("LOC-1", "beperkt")])
        one.wait_for(lambda it: ("alarm-geactiveerd", "LOC-1") in it.alarms())
        last = next(own_id for own_id, event, data in one.heard if event == "alarm" and data["subject"] == "LOC-1")
    for n in (2, 3):
        server.post([access(f"LOC-{n}", "beperkt")])
        server.until("/v1/alarmen", lambda a: a["items"], regel="toegang", onderwerp=f"LOC-{n}")
    with listening(server.url, Last_Event_ID=last) as again:
        server.post([access("LOC-4", "beperkt")])
        again.wait_for(lambda it: ("alarm-geactiveerd", "LOC-4") in it.alarms())
        assert again.alarms() == [("alarm-geactiveerd", f"LOC-{n}") for n in (2, 3, 4)]
    with listening(server.url) as fresh:
        fresh.wait_for(lambda it: it.heard)
        server.post([access("LOC-5", "beperkt")])
        fresh.wait_for(lambda it: it.alarms())
        assert fresh.alarms() == [("alarm-geactiveerd", "LOC-5")], "who is new hears nothing of before"


def test_ids_grow_and_one_that_is_none_is_refused(server: Server) -> None:
    with listening(server.url) as one:
        server.post([access("LOC-6", "beperkt"), access("LOC-7", "beperkt")])
        one.wait_for(lambda it: len(it.alarms()) == 2)
        places = [tuple(map(int, own_id.split("."))) for own_id, event, _ in one.heard if event == "alarm"]
        assert places == sorted(places)
    problem_of(server.client.get(f"{server.url}/v1/stroom", headers={"Last-Event-ID": "gisteren"}), 400)
    problem_of(server.client.get(f"{server.url}/v1/stroom", headers={"Accept": "application/json"}), 406)
    for wrong in ({"sinds": "nu"}, {"alleen": "alarmen"}):
        problem_of(server.client.get(f"{server.url}/v1/stroom", params=wrong), 400)
    head = server.client.head(f"{server.url}/v1/stroom")
    assert (head.status_code, head.headers["content-type"].partition(";")[0]) == (200, "text/event-stream")


def test_who_does_not_read_holds_up_nobody(server: Server) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    deaf = []
    for _ in range(20):
        connection = socket.create_connection((host, int(port)))
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        connection.sendall(b"GET /v1/stroom HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        deaf.append(connection)
    with listening(server.url) as one:
        one.wait_for(lambda it: it.heard)
        wanted = Counter[str]()
        for regime in ("beperkt", "open") * 5:
            server.post([access("LOC-8", regime, moment())])
            kind = "alarm-geactiveerd" if regime == "beperkt" else "alarm-hersteld"
            wanted[kind] += 1
            one.wait_for(lambda it, kind=kind: it.alarms().count((kind, "LOC-8")) == wanted[kind])
        assert server.get("/v1/bezetting")["locaties"] >= 9
    for connection in deaf:
        connection.close()
    deadline = time.monotonic() + 30
    while server.metric("opvangpeil_stroom_lezers"):
        assert time.monotonic() < deadline, "who left is still counted"
        time.sleep(0.1)


def test_a_stop_lets_everybody_go(tmp_path: Path) -> None:
    server = Server(tmp_path / "data")
    with listening(server.url) as one:
        one.wait_for(lambda it: it.heard)
        assert server.stop() == 0
        one.wait_for(lambda it: it.ended)


def test_of_what_is_afgeschermd_only_a_beheerder_hears(tmp_path: Path) -> None:
    beheer = made("--naam", "beheer", "--rol", "beheerder", "--data", str(tmp_path / "data"))
    with Server(tmp_path / "data") as server:
        server.client.headers["Authorization"] = f"Bearer {beheer}"
        reader = made("--naam", "scherm", "--rol", "lezer", "--url", server.url, **with_token(beheer))
        secret = registered("LOC-GEHEIM")
        secret["data"]["zichtbaarheid"] = "afgeschermd"
        server.post([secret, registered("LOC-OPEN")])
        problem_of(httpx.get(f"{server.url}/v1/stroom"), 401)
        with (
            listening(server.url, Authorization=f"Bearer {beheer}") as all_of_it,
            listening(server.url, Authorization=f"Bearer {reader}") as some,
        ):
            server.post([access("LOC-GEHEIM", "gesloten")])
            all_of_it.wait_for(lambda it: ("alarm-geactiveerd", "LOC-GEHEIM") in it.alarms())
            server.post([access("LOC-OPEN", "gesloten")])
            some.wait_for(lambda it: it.alarms())
            assert some.alarms() == [("alarm-geactiveerd", "LOC-OPEN")]
            last = some.last_id
            assert re.fullmatch(r"z[\w-]{50,60}", last)
        server.post([access("LOC-GEHEIM", "open"), access("LOC-OPEN", "open")])
        server.until("/v1/alarmen", lambda a: a["items"], status="hersteld", onderwerp="LOC-GEHEIM")
        server.until("/v1/alarmen", lambda a: a["items"], status="hersteld", onderwerp="LOC-OPEN")
        with listening(server.url, Authorization=f"Bearer {reader}", Last_Event_ID=last) as later:
            later.wait_for(lambda it: it.alarms())
            assert later.alarms() == [("alarm-hersteld", "LOC-OPEN")]
            assert "GEHEIM" not in orjson.dumps([data for *_, data in later.heard]).decode()
            assert all(data["positie"].startswith("z") for _, event, data in later.heard if event == "cijfers")
        for raw in ("0.0", last[:-6] + "AAAAAA"):  # of before, or of another store: begin anew
            with listening(server.url, Authorization=f"Bearer {reader}", Last_Event_ID=raw) as anew:
                anew.wait_for(lambda it: len(it.heard) > 1)
                assert [event for _, event, _ in anew.heard][:2] == ["opnieuw", "cijfers"]
        with listening(server.url, Authorization=f"Bearer {beheer}", Last_Event_ID=last) as all_of_it:
            all_of_it.wait_for(lambda it: ("alarm-hersteld", "LOC-GEHEIM") in it.alarms())
