"""Fair shares: what one caller takes leaves enough for all others.

Answers that cost a lot of computing go through a lane of their own, where callers take turns. Each caller also has a
share of the requests that run, of the streams that stay open, and of the memory for bodies that are still coming in.
Whoever wants more is told which share was used up, and when to come back. It stands inside the guard, which says who
asks. What the process itself and most open addresses ask costs nothing and has no share. At an open address whose
answer costs much, all strangers together are one caller, with a share of its own and a rate.
"""

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, Self

from starlette.requests import Request
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.access.access import Buckets
from services.access.guard import caller_of
from services.access.refusals import too_often
from services.web.addresses import Address
from services.web.problems import PROBLEM, ProblemError, unavailable

Cost = Literal["little", "much", "stream", "strangers"]
"""What an answer takes: little, much computing (of those who are known or of strangers), or a connection for as long as
the caller listens."""
_STRANGERS = "vreemden"
"""The key of all strangers together."""
_COUNTED = frozenset({"lokaal", "token", "oidc", "sessie"})
_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Share:
    """What one caller may take at once, and how much of the lane for costly answers all have together."""

    running: int = 32
    costly: int = 10
    """Costly questions of one caller that run or wait."""
    streams: int = 100
    body_bytes: int = 32 * 1024 * 1024
    """Bytes of bodies that are still coming in."""
    at_once: int = 1
    """Costly questions that run, of all callers."""
    waiting: int = 40
    """Costly questions that wait, of all callers."""
    strangers: int = 4
    """Costly questions of all strangers together that run or wait."""
    strangers_per_second: float = 2
    strangers_in_a_burst: float = 20


def costs(addresses: Iterable[Address]) -> Callable[[str], Cost]:
    """Returns what the answer at a path takes, by the declarations of these addresses. An unknown path takes little."""
    every = [(compile_path(one.path)[0], one) for one in addresses]
    streams = [form for form, one in every if one.live]
    costly = [form for form, one in every if one.costly and not one.open]
    strangers = [form for form, one in every if one.costly and one.open]

    @lru_cache(4096)
    def cost(path: str) -> Cost:
        if any(form.match(path) for form in strangers):
            return "strangers"
        if any(form.match(path) for form in streams):
            return "stream"
        return "much" if any(form.match(path) for form in costly) else "little"

    return cost


class Lane:
    """Lets a few through at once. Of the callers that wait, each goes in turn, however much one of them asks."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._free, self._room = at_once, waiting
        self._queues: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    @asynccontextmanager
    async def turn(self, key: str) -> AsyncIterator[Callable[[], None]]:
        """Waits for a turn, and yields what ends it early. Raises ProblemError 503 when too many wait."""
        if self._free:
            self._free -= 1
        else:
            await self._wait(key)
        left = [self._pass_on]

        def end() -> None:
            if left:
                left.pop()()

        try:
            yield end
        finally:
            end()

    async def _wait(self, key: str) -> None:
        if sum(map(len, self._queues.values())) >= self._room:
            raise unavailable("Er wachten al te veel zware vragen van iedereen samen. Probeer het zo weer.")
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queues.setdefault(key, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._pass_on()  # The turn came just as the caller left.
            raise

    def _pass_on(self) -> None:
        while self._queues:
            key, queue = self._queues.popitem(last=False)
            turn = queue.popleft()
            if queue:
                self._queues[key] = queue  # Behind all other callers.
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1


class Shares:
    """Lets a request through, or says which share was used up."""

    def __init__(self, app: ASGIApp, cost: Callable[[str], Cost], share: Share | None = None) -> None:
        """`cost` says what the answer at a path takes."""
        self._app, self._cost, self._share = app, cost, share or Share()
        self._lane = Lane(self._share.at_once, self._share.waiting)
        self._taken: dict[str, Counter[str]] = {name: Counter() for name in ("running", "costly", "streams", "bytes")}
        self._strangers = Buckets(self._share.strangers_per_second, self._share.strangers_in_a_burst)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        strange = scope["type"] == "http" and self._cost(scope["path"]) == "strangers"
        if scope["type"] != "http" or not (strange or caller_of(Request(scope)).kind in _COUNTED):
            await self._app(scope, receive, send)
            return
        try:
            await (self._served_to_strangers if strange else self._served)(scope, receive, send)
        except ProblemError as problem:  # one of ours: what the app raises it answers itself
            scope.get(PROBLEM, {})["detail"] = problem.detail
            await problem.response(Request(scope))(scope, receive, send)

    async def _served(self, scope: Scope, receive: Receive, send: Send) -> None:
        caller, share = caller_of(Request(scope)), self._share
        alone = caller.kind == "lokaal"  # without access set up all programs on this machine are one caller
        cost = self._cost(scope["path"])
        with ExitStack() as held:
            if not alone and cost == "stream":
                held.enter_context(
                    self._holding("streams", caller.key, share.streams, _yours(share.streams, "open stromen"))
                )
            elif not alone:
                said = _yours(share.running, "verzoeken tegelijk")
                held.enter_context(self._holding("running", caller.key, share.running, said))
                receive = held.enter_context(_Body(receive, self._taken["bytes"], caller.key, share.body_bytes))
            if cost == "much":
                said = _yours(share.costly, "zware vragen tegelijk")
                held.enter_context(self._holding("costly", caller.key, share.costly, said))
                body = await _whole(receive)  # whoever sends slowly waits outside the lane
                async with self._lane.turn(caller.key) as end:
                    await self._app(scope, _again(body, receive), _ending(end, send))
            else:
                await self._app(scope, receive, send)

    async def _served_to_strangers(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves what anybody may ask. Nothing waits for a body here, since that could come in for ever."""
        most = self._share.strangers
        if seconds := self._strangers.take(_STRANGERS):
            raise too_often(seconds, "Dit adres is voor iedereen samen, en wordt nu te vaak gevraagd.")
        with self._holding("costly", _STRANGERS, most, "Dit adres is voor iedereen samen, en is nu bezet."):
            async with self._lane.turn(_STRANGERS) as end:
                await self._app(scope, receive, _ending(end, send))

    @contextmanager
    def _holding(self, name: str, key: str, most: int, used_up: str) -> Iterator[None]:
        """Raises ProblemError 429, with the sentence `used_up`, when the share is used up."""
        taken = self._taken[name]
        if taken[key] >= most:
            raise too_often(_SECONDS, used_up)
        taken[key] += 1
        try:
            yield
        finally:
            _less(taken, key, 1)


class _Body:
    """Receives a body, and counts what of it is held."""

    def __init__(self, receive: Receive, taken: Counter[str], key: str, most: int) -> None:
        self._receive, self._taken, self._key, self._most, self._held = receive, taken, key, most, 0

    async def __call__(self) -> Message:
        message = await self._receive()
        size = len(message.get("body", b""))
        if size and self._taken[self._key] + size > self._most:
            self._give_up()  # before the answer, which may be made to wait
            raise too_often(_SECONDS, f"Er zijn al {self._most} bytes van u onderweg; stuur eerst minder tegelijk.")
        self._held += size
        self._taken[self._key] += size
        return message

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._give_up()

    def _give_up(self) -> None:
        _less(self._taken, self._key, self._held)
        self._held = 0


def _yours(most: int, what: str) -> str:
    return f"U heeft al {most} {what}; meer is er niet voor één aanvrager."


async def _whole(receive: Receive) -> list[Message]:
    found = [await receive()]
    while found[-1].get("more_body"):
        found.append(await receive())
    return found


def _again(body: list[Message], receive: Receive) -> Receive:
    """Receives a body that was received already, and then whatever comes."""
    left = deque(body)

    async def again() -> Message:
        return left.popleft() if left else await receive()

    return again


def _ending(end: Callable[[], None], send: Send) -> Send:
    """Ends a turn when the answer begins: it is computed by then, and whoever reads slowly holds up nobody."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            end()
        await send(message)

    return sent


def _less(taken: Counter[str], key: str, many: int) -> None:
    taken[key] -= many
    if not taken[key]:
        del taken[key]
