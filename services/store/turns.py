"""Work that many ask for at the same time, done once for all of them."""

import asyncio
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

A = TypeVar("A")
T = TypeVar("T")


class _Turn(Generic[A, T]):
    """One time that the work is done, for everyone who asked before it began."""

    def __init__(self, asked: A, alike: Hashable, previous: "Future[T] | None") -> None:
        self.asked, self.alike, self.previous = asked, alike, previous
        self.found: Future[T] = Future()
        self.found.set_running_or_notify_cancel()  # A caller that gives up takes nothing away from the others.
        self.awaited: asyncio.Future[T] | None = None


class Turns(Generic[A, T]):
    """Each caller gets work that begins after the call, and shares it with all who call before it begins.

    Work that is alike runs one turn at a time. An error of a turn is raised for all who share it.
    """

    def __init__(
        self,
        work: Callable[[A], T],
        *,
        latest: Callable[[A, A], A] = max,  # type: ignore[assignment]
        alike: Callable[[A], Hashable] = lambda _: None,
    ) -> None:
        """`work` blocks. `latest` picks one of two askers to do it for; `alike` tells which askers may share it."""
        self._work, self._latest, self._alike = work, latest, alike
        self._lock = threading.Lock()
        self._next: dict[Hashable, _Turn[A, T]] = {}
        self._last: dict[Hashable, _Turn[A, T]] = {}
        self._thread = ThreadPoolExecutor(1)
        """Does the work for those who wait without a thread of their own."""

    def after(self, asked: A) -> T:
        """Returns what the work gives, or raises what it raises. Blocks."""
        turn, first = self._join(asked)
        if first:
            self._take(turn)
        return turn.found.result()

    async def awaited(self, asked: A) -> T:
        """Does what `after` does, without keeping a thread while it waits. Call it from one event loop only."""
        turn, first = self._join(asked)
        if first:
            # Not at once: whoever else asks in this same round of the loop shares the turn.
            asyncio.get_running_loop().call_soon(self._thread.submit, self._take, turn)
        if turn.awaited is None:  # one for all, since each that is woken from another thread costs a system call
            turn.awaited = asyncio.wrap_future(turn.found)
        return await asyncio.shield(turn.awaited)

    def _join(self, asked: A) -> tuple[_Turn[A, T], bool]:
        """Returns the next turn of this work, and whether this caller asks first and so has to take it."""
        alike = self._alike(asked)
        with self._lock:
            turn = self._next.get(alike)
            if turn is not None:
                turn.asked = self._latest(turn.asked, asked)
                return turn, False
            last = self._last.get(alike)
            turn = _Turn(asked, alike, last.found if last else None)
            self._next[alike] = self._last[alike] = turn
            return turn, True

    def _take(self, turn: _Turn[A, T]) -> None:
        if turn.previous is not None:
            turn.previous.exception()  # waits until it is done
            turn.previous = None
        with self._lock:
            del self._next[turn.alike]  # who asks from here on waits for another
        try:
            found = self._work(turn.asked)
        except BaseException as error:  # noqa: BLE001 - raised for all who asked
            self._end(turn)
            turn.found.set_exception(error)
        else:
            self._end(turn)
            turn.found.set_result(found)

    def _end(self, turn: _Turn[A, T]) -> None:
        with self._lock:
            if self._last[turn.alike] is turn:
                del self._last[turn.alike]
