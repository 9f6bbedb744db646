"""Sends raw requests, and says what came back."""

import asyncio
from typing import NamedTuple

import orjson

from services.web.problems import MEDIA_TYPE

ANSWER_SECONDS_MAX = 60.0
CLOSED = 0
"""Stands for the status of an answer that did not come: the server closed the connection."""
LATE = -1
"""Stands for the status of an answer that did not come in time."""
_OWN = {429, 503}


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def fault(self) -> str | None:
        """Returns why this answer should not have been given, or None."""
        if self.status == LATE:
            return f"geen antwoord binnen {ANSWER_SECONDS_MAX:.0f} s"
        if self.status in _OWN and self._is_ours():
            return None
        if self.status in _OWN:
            return f"{self.status} zonder Retry-After of uitleg: {self.body[:200]!r}"
        return f"{self.status}: {self.body[:200]!r}" if self.status >= 500 else None

    def _is_ours(self) -> bool:
        if not self.headers.get("retry-after", "").isdecimal():
            return False
        if self.headers.get("content-type") != MEDIA_TYPE:  # a browser gets a page
            return self.headers.get("content-type", "").startswith("text/html")
        return not self.body or bool(orjson.loads(self.body)["detail"])  # HEAD has no body


class Connection:
    """A connection to the server, made anew when the server closed it."""

    def __init__(self, host: str, port: int) -> None:
        self._where = host, port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, raw: bytes, *, alone: bool = False) -> Answer:
        """Sends bytes and returns the first answer. `alone`: on a connection of its own."""
        if alone:
            await self.close()
        try:
            async with asyncio.timeout(ANSWER_SECONDS_MAX if not alone else 3.0):
                return await self._sent(raw, head_only=raw.startswith(b"HEAD "))
        except TimeoutError:
            await self.close()
            return Answer(CLOSED if alone else LATE, {}, b"")  # half a request has no answer yet
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            await self.close()
            return Answer(CLOSED, {}, b"")
        finally:
            if alone:
                await self.close()

    async def close(self) -> None:
        """Closes the connection."""
        if self._streams is not None:
            self._streams[1].transport.abort()
            self._streams = None

    async def _sent(self, raw: bytes, *, head_only: bool) -> Answer:
        if self._streams is None:
            self._streams = await asyncio.open_connection(*self._where, limit=2**20)
        reader, writer = self._streams
        writer.write(raw)
        await writer.drain()
        status, headers = await _head(reader)
        body = b"" if head_only or status in (204, 304) else await _body(reader, headers)
        if headers.get("connection") == "close":
            await self.close()
        return Answer(status, headers, body)


async def _head(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines if ": " in line)
    return int(first.split(" ")[1]), headers


async def _body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding") != "chunked":
        return await reader.readexactly(int(headers.get("content-length", "0")))
    found = b""
    while size := int((await reader.readuntil(b"\r\n")).strip(), 16):
        found += (await reader.readexactly(size + 2))[:-2]
    await reader.readexactly(2)
    return found
