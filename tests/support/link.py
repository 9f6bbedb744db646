"""A small TCP proxy between two processes, which can be cut, hang, and be restored."""

import asyncio
import contextlib
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

CHUNK = 256 * 1024
Result = TypeVar("Result")


class Links:
    """All links of a run, in one thread."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def to(self, target: int) -> "Link":
        """Makes a link to a port of 127.0.0.1."""
        return self.run(Link.open(self, target))

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Runs a coroutine in that thread, and waits for it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def close(self) -> None:
        """Ends every link."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()


class Link:
    """A link from `port` to its target."""

    def __init__(self, links: Links, target: int) -> None:
        self._links = links
        self._target = target
        self._open = True
        self._flows = asyncio.Event()
        self._flows.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self.port = 0
        self.passed = 0
        """How many bytes went through, in both directions together."""

    @classmethod
    async def open(cls, links: Links, target: int) -> "Link":
        """Starts to listen."""
        link = cls(links, target)
        server = await asyncio.start_server(link._connected, "127.0.0.1", 0)
        link.port = server.sockets[0].getsockname()[1]
        link._server = server
        return link

    def cut(self) -> None:
        """Breaks every connection, and each new one at once."""
        self._links.run(self._cut())

    def hang(self) -> None:
        """Keeps connections open but lets nothing through, as if a cable were pulled out."""
        self._links.run(self._set(flows=False))

    def restore(self) -> None:
        """Restores the normal state."""
        self._links.run(self._set(flows=True))

    async def _cut(self) -> None:
        self._open = False
        for writer in self._writers:
            writer.transport.abort()

    async def _set(self, *, flows: bool) -> None:
        self._open = True
        if flows:
            self._flows.set()
        else:
            self._flows.clear()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            if not self._open:
                return
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
            self._writers.add(far_writer)
            try:
                await asyncio.gather(self._pump(reader, far_writer), self._pump(far_reader, writer))
            finally:
                self._writers.discard(far_writer)
                far_writer.transport.abort()
        except OSError:
            return  # the target is away; the client notices its closed connection
        finally:
            self._writers.discard(writer)
            writer.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(CHUNK):
                await self._flows.wait()
                self.passed += len(data)
                writer.write(data)
                await writer.drain()
        writer.transport.abort()
