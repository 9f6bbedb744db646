"""Fair shares: no caller takes what others need, and whoever wants more hears which share was used up."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
import pytest

from services.access import Caller, Role
from services.access.guard import CALLER
from services.access.roles import EVERYBODY, NOBODY
from services.access.shares import Lane, Share, Shares, costs
from services.dashboard.pages import PAGES
from services.web.addresses import ADDRESSES

COST = costs([*ADDRESSES, *(page.address for page in PAGES)])
ONE, OTHER = (Caller("token", name, frozenset({Role.LEZER})) for name in ("een", "ander"))
LITTLE, COSTLY, STREAM = "/v1/bezetting", "/v1/bezetting/verklaring", "/v1/stroom"


class App:
    """Answers when it is told to. It knows who is being served, and takes in whole bodies."""

    def __init__(self) -> None:
        self.inside: list[str] = []
        self.go_on = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.inside.append(scope[CALLER].id)
        try:
            while (await receive()).get("more_body"):
                pass
            await self.go_on.wait()
        finally:
            self.inside.remove(scope[CALLER].id)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"goed"})


class Asked:
    """One request on its way, and what was answered."""

    def __init__(
        self,
        shares: Shares,
        caller: Caller,
        path: str,
        body: tuple[int, ...] = (),
        receive: Any = None,
        send: Any = None,
    ) -> None:
        """`receive` and `send` are what it waits for before it sends or reads anything."""
        self._slow_receive, self._slow_send = receive, send
        self._parts = [{"type": "http.request", "body": b"x" * size, "more_body": True} for size in body]
        self._said: list[Any] = []
        scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b"", CALLER: caller}
        self.task = asyncio.create_task(shares(scope, self._receive, self._send))

    async def _receive(self) -> Any:
        if self._slow_receive is not None:
            await self._slow_receive()
        return self._parts.pop(0) if self._parts else {"type": "http.request", "body": b"", "more_body": False}

    async def _send(self, message: Any) -> None:
        if self._slow_send is not None:
            await self._slow_send()
        self._said.append(message)

    async def answer(self) -> tuple[int, str]:
        await self.task
        body = self._said[1]["body"]
        return self._said[0]["status"], body.decode() if body == b"goed" else orjson.loads(body)["detail"]

    @property
    def retry_after(self) -> bool:
        return b"retry-after" in dict(self._said[0]["headers"])


async def settled() -> None:
    """Lets every task go as far as it can."""
    for _ in range(20):
        await asyncio.sleep(0)


def scenario(body: Callable[[App, Shares], Awaitable[None]], **share: int) -> None:
    async def run() -> None:
        app = App()
        await asyncio.wait_for(body(app, Shares(app, COST, Share(**share))), 30)

    asyncio.run(run())


@pytest.mark.parametrize(
    ("path", "share", "what"),
    [
        (LITTLE, {"running": 3}, "3 verzoeken tegelijk"),
        (COSTLY, {"costly": 3}, "3 zware vragen tegelijk"),
        (STREAM, {"streams": 3}, "3 open stromen"),
    ],
)
def test_whoever_wants_more_than_a_share_hears_which_one_and_others_go_on(
    path: str, share: dict[str, int], what: str
) -> None:
    async def body(app: App, shares: Shares) -> None:
        mine = [Asked(shares, ONE, path) for _ in range(3)]
        await settled()
        more = Asked(shares, ONE, path)
        status, detail = await more.answer()
        assert (status, what in detail, more.retry_after) == (429, True, True)
        other = Asked(shares, OTHER, LITTLE)
        await settled()
        assert "ander" in app.inside
        app.go_on.set()
        assert [await one.answer() for one in [*mine, other]] == [(200, "goed")] * 4
        assert await Asked(shares, ONE, path).answer() == (200, "goed"), "what is done is given back"

    scenario(body, **share)


def test_bodies_that_come_in_have_a_share_too() -> None:
    async def body(app: App, shares: Shares) -> None:
        held = Asked(shares, ONE, LITTLE, (600,))
        await settled()
        status, detail = await Asked(shares, ONE, LITTLE, (300, 300)).answer()
        assert (status, "1000 bytes" in detail) == (429, True)
        other = Asked(shares, OTHER, LITTLE, (600,))
        await settled()
        app.go_on.set()
        assert [(await one.answer())[0] for one in (held, other)] == [200, 200]
        assert (await Asked(shares, ONE, LITTLE, (900,)).answer())[0] == 200

    scenario(body, body_bytes=1000)


def test_of_the_callers_that_wait_each_goes_in_turn() -> None:
    order: list[str] = []

    async def ask(lane: Lane, key: str) -> None:
        async with lane.turn(key):
            order.append(key)
            await everybody_waits.wait()

    everybody_waits = asyncio.Event()

    async def run() -> None:
        lane = Lane(1, 100)
        asked = [asyncio.create_task(ask(lane, key)) for key in ("veel", "veel", "veel", "veel", "een", "twee")]
        await settled()
        everybody_waits.set()
        await asyncio.gather(*asked)

    asyncio.run(run())
    assert order[:5] == ["veel", "veel", "een", "twee", "veel"]


def test_a_caller_that_leaves_gives_its_turn_to_the_next_and_a_full_lane_says_so() -> None:
    async def body(app: App, shares: Shares) -> None:
        first, second, third = (Asked(shares, who, COSTLY) for who in (ONE, ONE, OTHER))
        await settled()
        assert app.inside == ["een"]
        status, detail = await Asked(shares, OTHER, COSTLY).answer()
        assert (status, "van iedereen samen" in detail) == (503, True)
        second.task.cancel()
        await settled()
        app.go_on.set()
        assert [await one.answer() for one in (first, third)] == [(200, "goed")] * 2

    scenario(body, at_once=1, waiting=2)


def test_who_sends_or_reads_slowly_holds_up_nobody_in_the_lane() -> None:
    async def body(app: App, shares: Shares) -> None:
        never = asyncio.Event()
        slow_sender = Asked(shares, ONE, COSTLY, receive=never.wait)
        app.go_on.set()
        slow_reader = Asked(shares, ONE, COSTLY, send=never.wait)
        await settled()
        assert await Asked(shares, OTHER, COSTLY).answer() == (200, "goed")
        for one in (slow_sender, slow_reader):
            one.task.cancel()

    scenario(body, at_once=1)


def test_open_addresses_have_no_share_and_one_machine_only_that_of_costly_questions() -> None:
    async def body(app: App, shares: Shares) -> None:
        asked = [Asked(shares, who, path) for who in (NOBODY, EVERYBODY) for path in (LITTLE, STREAM) for _ in range(9)]
        await settled()
        assert len(app.inside) == 36
        app.go_on.set()
        assert {await one.answer() for one in asked} == {(200, "goed")}

    scenario(body, running=1, streams=1)


CHECK = "/controle/9999"


def test_at_an_address_for_strangers_all_of_them_are_one_caller_and_leave_the_lane_to_others() -> None:
    async def body(app: App, shares: Shares) -> None:
        strangers = [Asked(shares, NOBODY, CHECK) for _ in range(3)]
        await settled()
        assert len(app.inside) == 1, "they wait for each other"
        status, detail = await Asked(shares, NOBODY, "/controle").answer()
        assert (status, "van iedereen samen" in detail or "voor iedereen samen" in detail) == (429, True)
        known = [Asked(shares, ONE, COSTLY), Asked(shares, ONE, LITTLE)]
        await settled()
        assert "een" in app.inside, "what takes little waits for nobody"
        app.go_on.set()
        assert [await one.answer() for one in [*known, *strangers]] == [(200, "goed")] * 5

    scenario(body, strangers=3)


def test_strangers_have_a_rate_together_and_hear_when_to_come_back() -> None:
    async def body(app: App, shares: Shares) -> None:
        app.go_on.set()
        asked = [Asked(shares, who, CHECK) for who in (NOBODY, NOBODY, EVERYBODY)]
        said = [await one.answer() for one in asked]
        assert [status for status, _ in said] == [200, 200, 429]
        assert ("voor iedereen samen" in said[-1][1], asked[-1].retry_after) == (True, True)
        assert await Asked(shares, ONE, COSTLY).answer() == (200, "goed")
        assert await Asked(shares, NOBODY, "/gezond").answer() == (200, "goed")

    scenario(body, strangers_in_a_burst=2)


def test_a_body_that_never_comes_holds_up_no_stranger() -> None:
    async def body(app: App, shares: Shares) -> None:
        never = asyncio.Event()
        waits = Asked(shares, NOBODY, CHECK, receive=never.wait)
        await settled()
        assert app.inside == [NOBODY.id], "it is served without its body"
        waits.task.cancel()

    scenario(body, strangers=1)


def test_what_takes_much_computing_is_declared() -> None:
    much = {one.path for one in [*ADDRESSES, *(page.address for page in PAGES)] if one.costly}
    for path in ("/v1/bezetting", "/v1/naleving", "/v1/locaties", "/", "/gezond", "/metrics", "/v1/alarmen"):
        assert path not in much
        assert COST(path) == "little"
    for part in (
        "verklaring",
        "reeks",
        "vooruitblik",
        "rapporten",
        "verschil",
        "aansluiting",
        "alarmtoetsen",
        "vergelijkingen",
    ):
        assert any(part in path for path in much), part
    assert (COST("/v1/locaties/LOC-A/verklaring"), COST("/gemeenten/GM0344/verklaring")) == ("much", "much")
    assert COST("/v1/stroom") == "stream"
    assert {COST(path) for path in (CHECK, "/controle")} == {"strangers"}
