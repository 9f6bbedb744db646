"""A real HTTP server that keeps the contract of `POST /v1/gebeurtenissen`, for the tests of the importer.

It validates as ingest does and keeps the events in memory. A script decides its faults.
"""

import socket
import threading
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.importer import Report
from services.ingest.accept import RefusedError, judge
from services.store.entries import Said, read_entries
from tests.support import wire

SOURCE = "urn:nld:oin:00000000000000000001:systeem:proef"
NOW = datetime(2026, 6, 1, tzinfo=UTC)
Step = Callable[[bytes], Response | None]
"""What to answer to a body. None means the correct answer."""


class Server:
    """Answers `POST /v1/gebeurtenissen` by the contract. `script` decides the answers to the first requests."""

    def __init__(self) -> None:
        self.events: dict[str, Said] = {}
        self.script: deque[Step] = deque()
        self.rule: Step = lambda _body: None
        self.bodies: list[int] = []
        self.busiest = 0
        self._active = 0
        self.port = 0
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        listener = socket.create_server(("127.0.0.1", self.port))  # it accepts connections from here on
        self.port = listener.getsockname()[1]
        app = Starlette(routes=[Route("/v1/gebeurtenissen", self._post, methods=["POST"])])
        self._uvicorn = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
        self._thread = threading.Thread(target=self._uvicorn.run, kwargs={"sockets": [listener]})
        self._thread.start()

    def stop(self) -> None:
        self._uvicorn.should_exit = True
        self._thread.join()

    async def _post(self, request: Request) -> Response:
        self._active += 1
        self.busiest = max(self.busiest, self._active)
        try:
            assert request.headers["content-type"] == "application/cloudevents-batch+json"
            body = await request.body()
            self.bodies.append(len(body))
            step = self.script.popleft() if self.script else self.rule
            return step(body) or self.accept(body)
        finally:
            self._active -= 1

    def accept(self, body: bytes) -> Response:
        try:
            events = judge(read_entries(body), NOW)
        except RefusedError as error:
            return problem(400, [(fout.index, fout.veld, fout.melding) for fout in error.fouten])
        incoming: dict[str, Said] = {}
        conflicts = []
        for index, event in enumerate(events):
            if self.events.get(event.event_id, incoming.setdefault(event.event_id, event.said)) != event.said:
                conflicts.append((index, "id", "hoort al bij een gebeurtenis met andere inhoud"))
        if conflicts:
            return problem(409, conflicts)
        nieuw = len(incoming.keys() - self.events.keys())
        self.events |= incoming
        return JSONResponse({"nieuw": nieuw, "herhaald": len(incoming) - nieuw}, 201 if nieuw else 200)


def problem(status: int, fouten: list[tuple[int, str, str]], headers: dict[str, str] | None = None) -> Response:
    listed = [{"index": i, "veld": f"{i}.{veld}".rstrip("."), "melding": melding} for i, veld, melding in fouten]
    body = {"type": "about:blank", "title": "Fout", "status": status, "detail": "Er ging iets mis.", "fouten": listed}
    return JSONResponse(body, status, headers, "application/problem+json")


def busy(_body: bytes) -> Response:
    return problem(503, [], {"Retry-After": "0"})


class Watcher:
    """A progress that records each call, and can run something at the first wait or update."""

    def __init__(self) -> None:
        self.total: int | None = -1
        self.updates: list[tuple[int, Report]] = []
        self.waits: list[tuple[str, float]] = []
        self.on_wait: Callable[[], None] | None = None
        self.on_update: Callable[[], None] | None = None
        self._lock = threading.Lock()

    def begin(self, total_bytes: int | None) -> None:
        self.total = total_bytes

    def update(self, bytes_done: int, report: Report) -> None:
        self.updates.append((bytes_done, report))
        act, self.on_update = self.on_update, None
        if act:
            act()

    def waiting(self, reason: str, seconds: float) -> None:
        with self._lock:
            self.waits.append((reason, seconds))
            act, self.on_wait = self.on_wait, None
            if act:
                act()


def event(n: int, **changes: Any) -> dict[str, Any]:
    body, own_id = wire.reading(n, "2026-05-26T06:00:00Z"), str(uuid5(NAMESPACE_URL, str(n)))
    return wire.event(f"LOC-{n % 7}", body, time="2026-05-26T06:10:00Z", source=SOURCE, own_id=own_id) | changes


def file_of(folder: Path, *lines: dict[str, Any] | bytes, name: str = "in.jsonl") -> Path:
    path = folder / name
    path.write_bytes(b"\n".join(line if isinstance(line, bytes) else orjson.dumps(line) for line in lines) + b"\n")
    return path


def refused(path: Path) -> dict[int, str]:
    return {line["regel"]: line["reden"] for line in map(orjson.loads, path.read_bytes().splitlines())}


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.aangeboden, report.opgeslagen, report.herhaald, report.geweigerd
