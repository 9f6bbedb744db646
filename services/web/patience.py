"""Cuts off clients that take too long to ask, or that say too much before they do (CWE-400).

By itself uvicorn waits for ever for the rest of a request, and reads headers for as long as they come.
"""

import asyncio
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_TOO_MUCH = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class PatientProtocol(HttpToolsProtocol):
    """A connection of uvicorn, with a deadline for what the client still has to send, and a limit on its headers."""

    HEAD_SECONDS_MAX: ClassVar[float] = 10.0
    BODY_SECONDS_MAX: ClassVar[float] = 120.0
    """Long enough for the largest batch over a slow line."""
    HEAD_BYTES_MAX: ClassVar[int] = 32 * 1024
    HEADERS_MAX: ClassVar[int] = 100
    _deadline: asyncio.TimerHandle | None = None
    _in_head, _ended = True, False
    """Whether a head is coming in, and whether the piece at hand ended a request: then it was no head."""
    _head_bytes = _head_read = _headers = 0
    """What arrived of the present head in earlier pieces, what the parser read of it, and its headers so far."""
    _too_much = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begins to wait for a first request."""
        super().connection_made(transport)
        self._within(self.HEAD_SECONDS_MAX)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stops waiting."""
        self._satisfied()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Begins to wait again when blank lines come between two requests, so that they can't come for ever."""
        self._ended = False
        super().data_received(data)
        if self._in_head and not self._ended:
            self._head_bytes += len(data)
            if self._head_bytes > self.HEAD_BYTES_MAX and not self.transport.is_closing():
                self._refuse(_TOO_MUCH)
        idle = self.cycle is None or self.cycle.response_complete
        if idle and self._deadline is None and not self.transport.is_closing():
            self._within(self.HEAD_SECONDS_MAX)

    def on_message_begin(self) -> None:
        """Begins to wait for the headers of a request."""
        super().on_message_begin()
        self._in_head, self._head_bytes, self._head_read, self._headers = True, 0, 0, 0
        self._within(self.HEAD_SECONDS_MAX)

    def on_url(self, url: bytes) -> None:
        """Takes a piece of the URL. Raises ValueError for a head that is too long, which ends the parsing."""
        self._read(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Takes a header. Raises ValueError for one too many, or for a head that is too long."""
        self._headers += 1
        self._read(len(name) + len(value) + len(b": \r\n"))
        super().on_header(name, value)

    def send_400_response(self, msg: str) -> None:
        """Refuses what the parser could not take."""
        if self._too_much:
            self._refuse(_TOO_MUCH)
        else:
            super().send_400_response(msg)

    def on_headers_complete(self) -> None:
        """Begins to wait for the body."""
        self._in_head = False
        self._within(self.BODY_SECONDS_MAX)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Stops waiting: the request is complete."""
        self._in_head, self._ended, self._head_bytes = True, True, 0
        self._satisfied()
        super().on_message_complete()

    def _read(self, size: int) -> None:
        # Here too, since a head that came in one piece with its body was never seen to be coming in.
        self._head_read += size
        self._too_much = self._head_read > self.HEAD_BYTES_MAX or self._headers > self.HEADERS_MAX
        if self._too_much:
            raise ValueError(self._head_read)

    def _within(self, seconds: float) -> None:
        self._satisfied()
        self._deadline = self.loop.call_later(seconds, self._too_slow)

    def _satisfied(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_slow(self) -> None:
        self._deadline = None
        if self.transport.is_closing():
            return
        cycle = self.cycle
        if cycle is None or cycle.response_complete or not cycle.response_started:  # never in the middle of an answer
            self._refuse(_TOO_SLOW)
        self.transport.close()

    def _refuse(self, answer: bytes) -> None:
        self._satisfied()
        self.transport.write(answer)
        self.transport.close()
