"""Keeps the memory of the process near what it needs, also after a burst of requests.

By itself glibc gives every thread an arena of its own, raises the size from which a block goes back to the system when
it is freed, and keeps what lies between blocks that are in use. A burst then costs hundreds of MB for good.
"""

import asyncio
import contextlib
import ctypes
import gc
from collections.abc import Callable
from itertools import count

from services.store.model import StoreUnavailableError

ARENAS_MAX = 1
"""Python runs one thread at a time, so more arenas spare no waiting. The engine of the store has its own."""
MAPPED_BYTES_MIN = 256 * 1024
"""A block of this size or more goes back to the system as soon as it is freed."""
EVERY_SECONDS = 20.0
WHOLE_EVERY = 15
"""Once in so many times the collector looks at all objects. Meanwhile everything waits: 130 to 260 ms, measured on a
busy server. The other times it looks at what is new, and nearly all that is no longer in use is there."""
_ARENA_MAX, _MMAP_THRESHOLD = -8, -3
"""What `mallopt` calls these two (malloc.h)."""


def bound() -> None:
    """Sets the limits. Call it before there are threads. It does nothing where the system has no glibc."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(_ARENA_MAX, ARENAS_MAX)
        libc.mallopt(_MMAP_THRESHOLD, MAPPED_BYTES_MIN)


async def give_back(of_store: Callable[[], None]) -> None:
    """Gives back now and then, for ever, what is no longer in use. `of_store` does so in the engine of the store."""
    for turn in count(1):
        await asyncio.sleep(EVERY_SECONDS)
        await asyncio.to_thread(_give_back, of_store, whole=turn % WHOLE_EVERY == 0)


def _give_back(of_store: Callable[[], None], *, whole: bool) -> None:
    with contextlib.suppress(StoreUnavailableError):  # the next time will do
        of_store()
    # Requests leave cycles behind, and the collector only looks after a great many objects.
    gc.collect(2 if whole else 1)
    libc = ctypes.CDLL(None)
    if hasattr(libc, "malloc_trim"):
        libc.malloc_trim(0)
