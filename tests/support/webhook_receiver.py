"""A real HTTP server that records requests and answers as a test decides."""

import contextlib
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, TypeVar

import orjson

HANG_SECONDS_MAX = 120
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a request."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    hang: bool = False
    """Wait for `release` before this answer."""


@dataclass(frozen=True, slots=True)
class Request:
    """A recorded request."""

    method: str
    path: str
    headers: Mapping[str, str]
    """The names are in lower case."""
    body: bytes
    time: float
    """When it was read, by time.time()."""

    def json(self) -> Any:
        """Returns the parsed body."""
        return orjson.loads(self.body)


class WebhookReceiver:
    """Listens from the start until it is left or stopped. `start` uses the same port again."""

    def __init__(self, port: int = 0) -> None:
        self._changed = threading.Condition()
        self._requests: list[Request] = []
        self._script: deque[Answer] = deque()
        self._otherwise = Answer()
        self._released = threading.Event()
        self.port = port
        self.start()

    def __enter__(self) -> "WebhookReceiver":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def requests(self) -> list[Request]:
        """Returns all requests so far, in order."""
        with self._changed:
            return list(self._requests)

    def start(self) -> None:
        """Starts to listen."""
        self._released.clear()
        self._server = _Server(("127.0.0.1", self.port), _handler(self))
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Refuses connections, and breaks off the open ones. The recorded requests stay."""
        self._server.shutdown()
        self._server.server_close()
        self._server.break_off()
        self._released.set()
        self._thread.join()

    def answer(self, *answers: int | Answer) -> None:
        """Answers the next requests with these, in this order."""
        with self._changed:
            self._script.extend(_whole(answer) for answer in answers)

    def otherwise(self, answer: int | Answer) -> None:
        """Gives this answer to every other request. The default is 200 without a body."""
        with self._changed:
            self._otherwise = _whole(answer)

    def release(self) -> None:
        """Answers the requests that hang, and lets no later one hang."""
        self._released.set()

    def forget(self) -> None:
        """Forgets all requests."""
        with self._changed:
            self._requests.clear()

    def wait_for(self, wanted: Callable[[Sequence[Request]], Found], seconds: float = 20) -> Found:
        """Waits until `wanted` returns something true for the requests, and returns that."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while not (found := wanted(self._requests)):
                left = deadline - time.monotonic()
                assert left > 0, f"niet gekomen binnen {seconds} s; wel: {[_short(one) for one in self._requests]}"
                self._changed.wait(left)
            return found

    def take(self, request: Request) -> Answer:
        """Records a request, and returns its answer."""
        with self._changed:
            self._requests.append(request)
            self._changed.notify_all()
            answer = self._script.popleft() if self._script else self._otherwise
        if answer.hang:
            self._released.wait(HANG_SECONDS_MAX)
        return answer


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, *arguments: Any) -> None:
        self._open: set[socket.socket] = set()
        super().__init__(*arguments)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def break_off(self) -> None:
        """Breaks off connections that clients keep open. The server would go on answering them otherwise."""
        for connection in list(self._open):
            with contextlib.suppress(OSError):  # the client closed it just now
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignores clients that did not wait for the answer, since some tests have such clients."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


def _handler(receiver: WebhookReceiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = HANG_SECONDS_MAX

        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = receiver.take(Request(self.command, self.path, headers, body, time.time()))
            self.send_response(answer.status)
            for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        do_GET = do_POST = do_PUT = do_DELETE = _any

        def log_message(self, *_: Any) -> None:
            """Logs nothing, since the requests are recorded."""

    return Handler


def _whole(answer: int | Answer) -> Answer:
    return Answer(answer) if isinstance(answer, int) else answer


def _short(request: Request) -> str:
    return f"{request.method} {request.path} {request.body[:300]!r}"
