"""Access in one process: whether it is set up, who a caller is, and how often a caller may ask."""

import asyncio
import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address, ip_network
from urllib.parse import urlsplit

import structlog
from starlette.requests import Request

from services.access.oidc import LOCAL_HOSTS, Issuer
from services.access.refusals import WrongCredentialError, nothing_shown, too_often
from services.access.roles import Caller, Role
from services.access.session import Seals
from services.access.tokens import PREFIX, Tokens
from services.store.model import StoreUnavailableError
from services.web.problems import ProblemError

REFRESH_SECONDS = 2.0
"""A token that is withdrawn elsewhere ends here within 5 s."""
FIRST_LOOK_SECONDS_MAX = 3.0
FAILURES_PER_SECOND, FAILURES_AT_ONCE = 0.5, 20
REMEMBERED_MAX = 10_000
"""Callers in memory. The one who was away longest is forgotten, and so begins with a full bucket."""
_ITSELF = Caller("opvangpeil", "opvangpeil", frozenset({Role.IMPORTEUR}))
_log = structlog.get_logger("toegang")


@dataclass(frozen=True, slots=True)
class Limits:
    """How often one caller may ask, and how often wrong tokens may come from one address."""

    per_second: float = 100
    failures_per_second: float = FAILURES_PER_SECOND
    failures_at_once: float = FAILURES_AT_ONCE


class Buckets:
    """A token bucket for each key: `burst` at once, then `rate` a second. Only for the event loop."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> float:
        """Takes one and returns 0, or returns the seconds to wait when none is left."""
        left, now = self._now(key)
        if left < 1:
            return (1 - left) / self._rate
        self._left[key] = left - 1, now
        self._left.move_to_end(key)
        if len(self._left) > REMEMBERED_MAX:
            self._left.popitem(last=False)
        return 0.0

    def _now(self, key: str) -> tuple[float, float]:
        now = self._clock()
        left, since = self._left.get(key, (self._burst, now))
        return min(self._burst, left + (now - since) * self._rate), now


class Access:
    """Everything a process knows about who may do what."""

    def __init__(
        self,
        tokens: Tokens,
        seals: Seals,
        issuer: Issuer | None = None,
        *,
        public_url: str | None = None,
        limits: Limits | None = None,
        local_hosts: frozenset[str] = frozenset(),
    ) -> None:
        """Sets up access for one process.

        Args:
            tokens: our own tokens.
            seals: seals and opens the cookies of browsers.
            issuer: an OIDC issuer whose tokens are believed.
            public_url: how browsers reach us; None: as each request says.
            limits: how often a caller may ask.
            local_hosts: more names of this machine.
        """
        limits = limits or Limits()
        self.tokens, self.seals, self.issuer, self.public_url = tokens, seals, issuer, public_url
        self.local_hosts = local_hosts | LOCAL_HOSTS
        self.own_token = secrets.token_urlsafe(32)
        """Known to this process only, which sends itself the sample data."""
        self._per_second = limits.per_second
        self._asked = Buckets(limits.per_second, 2 * limits.per_second)
        self._failed = Buckets(limits.failures_per_second, limits.failures_at_once)

    @property
    def set_up(self) -> bool | None:
        """Whether a caller has to show something. None: not known yet, because the store never answered."""
        return True if self.issuer is not None else self.tokens.known

    @property
    def login(self) -> bool:
        """Whether a browser can log in."""
        return self.issuer is not None and self.issuer.settings.client is not None

    async def first_look(self) -> None:
        """Reads the tokens before the first request. Goes on when the store does not answer in time."""
        self._first = asyncio.create_task(self._look())
        await asyncio.wait([self._first], timeout=FIRST_LOOK_SECONDS_MAX)

    async def looks(self) -> AsyncIterator[None]:
        """Reads the tokens again and again, once for each item that is asked for."""
        while True:
            await self._look()
            yield
            await asyncio.sleep(REFRESH_SECONDS)

    async def _look(self) -> None:
        try:
            await asyncio.to_thread(self.tokens.refresh)
        except StoreUnavailableError as error:
            _log.warning("tokens niet bijgewerkt; wat bekend was geldt nog", reden=str(error))

    async def caller(self, request: Request) -> Caller:
        """Returns who asks. Raises ProblemError 401 or 429, and 503 while the tokens are not known yet."""
        shown = request.headers.getlist("authorization")
        if not shown:
            return self._with_session(request)
        address = request.client.host if request.client else ""
        try:
            return await self._with_token(shown)
        except WrongCredentialError:  # only what is wrong counts, so nobody can lock out a token that is right
            if seconds := self._failed.take(counted_as(address)):
                raise _too_often_wrong(seconds) from None
            raise

    def throttle(self, caller: Caller) -> None:
        """Raises ProblemError 429 when a caller asks too often."""
        if caller is not _ITSELF and (seconds := self._asked.take(caller.key)):
            raise too_often(seconds, f"Uw aandeel is op: {self._per_second:g} verzoeken per seconde.")

    def cookie_name(self, request: Request, kind: str) -> str:
        """Returns the name of a cookie. Over https its prefix lets only this very host set it."""
        return f"__Host-opvangpeil-{kind}" if self.secure(request) else f"opvangpeil-{kind}"

    def secure(self, request: Request) -> bool:
        """Whether the browser reaches us over https."""
        return urlsplit(self.base_url(request)).scheme == "https"

    def base_url(self, request: Request) -> str:
        """Returns how the browser reaches us, without a path."""
        return self.public_url or f"{request.url.scheme}://{request.url.netloc}"

    async def _with_token(self, shown: list[str]) -> Caller:
        scheme, _, text = shown[0].partition(" ")
        text = text.strip()
        if len(shown) > 1 or scheme.lower() != "bearer" or not text.isascii():
            raise WrongCredentialError("Verwacht één header `Authorization: Bearer …` met een token.")
        if hmac.compare_digest(text, self.own_token):
            return _ITSELF
        if self.issuer is not None and not text.startswith(PREFIX):
            return await self.issuer.caller(text)
        return await self.tokens.verify(text)

    def _with_session(self, request: Request) -> Caller:
        sealed = request.cookies.get(self.cookie_name(request, "sessie"))
        caller = self.seals.caller(sealed) if sealed and self.login else None
        if caller is None:
            raise nothing_shown()
        return caller


def counted_as(address: str) -> str:
    """Returns what a refusal counts against: an IPv4 address, or the /64 that one customer of IPv6 has."""
    try:
        found = ip_address(address)
    except ValueError:  # no address of a network: a socket, or a test
        return address
    if isinstance(found, IPv4Address):
        return address
    return str(found.ipv4_mapped or ip_network((int(found) >> 64 << 64, 64)))


def _too_often_wrong(seconds: float) -> ProblemError:
    return too_often(seconds, "Van dit adres kwamen te veel foute tokens.")
