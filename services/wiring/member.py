"""A part of a process that reads topics with Faust, as a member of a consumer group."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from services.processor.worker import Handler, Worker
from services.web.health import NotReadyError
from services.wiring.resources import Resources

STOP_SECONDS_MAX = 3
Handlers = Mapping[str, Handler[Any, Any]]


class Member:
    """A member of a group: joins, stays, leaves."""

    def __init__(
        self, shared: Resources, folder: Path, group: str, prepare: Callable[[], Awaitable[tuple[int, Handlers]]]
    ) -> None:
        """`prepare`: the life of the topic, and what is done with the messages of each."""
        self._shared, self._folder, self._group, self._prepare = shared, folder, group, prepare
        self._worker: Worker | None = None

    async def run(self) -> None:
        """Join, and stay; returns when Faust gave up."""
        broker = self._shared.broker
        assert broker is not None  # noqa: S101
        epoch, handlers = await self._prepare()
        self._worker = Worker(
            broker.brokers,
            group=self._group,
            epoch=epoch,
            handlers=handlers,
            session_seconds=broker.session_seconds,
            fetch_wait_ms=broker.fetch_wait_ms,
            folder=self._folder,
        )
        await self._worker.start()
        while not self._worker.crashed():  # noqa: ASYNC110 - Faust tells nobody
            await asyncio.sleep(0.5)

    def check(self) -> None:
        """Raises while it has no partitions."""
        if self._worker is None or not self._worker.ready():
            raise NotReadyError("de verwerker heeft zijn partities nog niet")

    def holds_any(self) -> bool:
        """Whether it is this member's turn: it has a partition to read."""
        return self._worker is not None and self._worker.holds_any()

    async def stop(self) -> None:
        """Leave the group."""
        if self._worker is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._worker.stop(), STOP_SECONDS_MAX)
