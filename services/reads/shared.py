"""An answer that many ask for at the same time, made once for all of them."""

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

from starlette.concurrency import run_in_threadpool

T = TypeVar("T")


class Shared(Generic[T]):
    """Whoever asks gets an answer that was begun after that; who asks before it begins gets the same one.

    As `services.store.turns`, of which each asker keeps a thread: here only the making takes one. For one event loop.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        """`make` blocks, and is called in a thread, one call at a time."""
        self._make = make
        self._one_at_a_time = asyncio.Lock()
        self._next: asyncio.Task[T] | None = None

    async def get(self) -> T:
        """What was made; raises what making it raised."""
        if self._next is None or self._next.done():
            self._next = asyncio.create_task(self._made())
        return await asyncio.shield(self._next)

    async def _made(self) -> T:
        async with self._one_at_a_time:
            self._next = None  # who asks from here on waits for another
            return await run_in_threadpool(self._make)
