"""Access of one process: whether it is set up, who shows what, and how often."""

import asyncio
import hmac
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import structlog
from starlette.requests import Request

from services.access.limit import Buckets
from services.access.oidc import LOCAL_HOSTS, Issuer
from services.access.refusals import WrongCredentialError, nothing_shown, too_often
from services.access.roles import Caller, Role
from services.access.session import Seals
from services.access.tokens import PREFIX, Tokens
from services.store.model import StoreUnavailableError
from services.web.problems import ProblemError

REFRESH_SECONDS = 2.0
"""So that what was withdrawn elsewhere ends here within 5 s."""
FIRST_LOOK_SECONDS_MAX = 3.0
FAILURES_PER_SECOND, FAILURES_AT_ONCE = 0.5, 20
_ITSELF = Caller("opvangpeil", "opvangpeil", frozenset({Role.IMPORTEUR}))
_log = structlog.get_logger("toegang")


@dataclass(frozen=True, slots=True)
class Limits:
    """How often one caller may ask, and one address may be wrong."""

    per_second: float = 100
    failures_per_second: float = FAILURES_PER_SECOND
    failures_at_once: float = FAILURES_AT_ONCE


class Access:
    """What a process knows of who may do what."""

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
        """`public_url`: how browsers reach us; None: as the request says. `local_hosts`: more names of this machine."""
        limits = limits or Limits()
        self.tokens, self.seals, self.issuer, self.public_url = tokens, seals, issuer, public_url
        self.local_hosts = local_hosts | LOCAL_HOSTS
        self.own_token = secrets.token_urlsafe(32)
        """Of this process alone, for the sample data that it sends itself."""
        self._asked = Buckets(limits.per_second, 2 * limits.per_second)
        self._failed = Buckets(limits.failures_per_second, limits.failures_at_once)

    @property
    def set_up(self) -> bool | None:
        """Whether anybody has to show something. None: not known yet, since the store was never seen."""
        return True if self.issuer is not None else self.tokens.known

    @property
    def login(self) -> bool:
        """Whether a browser can log in."""
        return self.issuer is not None and self.issuer.settings.client is not None

    async def first_look(self) -> None:
        """See what the store says, before the first request; if it does not answer, go on."""
        self._first = asyncio.create_task(self._look())
        await asyncio.wait([self._first], timeout=FIRST_LOOK_SECONDS_MAX)

    async def looks(self) -> AsyncIterator[None]:
        """Look at the store, for ever: once for each that is asked for."""
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
        """Who asks. Raises ProblemError 401, 429, or 503 when that can't be told yet."""
        shown = request.headers.getlist("authorization")
        if not shown:
            return self._with_session(request)
        address = request.client.host if request.client else ""
        try:
            return await self._with_token(shown, address)
        except WrongCredentialError:
            if seconds := self._failed.take(address):
                raise _too_often_wrong(seconds) from None
            raise

    def throttle(self, caller: Caller) -> None:
        """Raises ProblemError 429 when this caller asks too often."""
        if caller is not _ITSELF and (seconds := self._asked.take(caller.key)):
            raise too_often(seconds, "Er komen te veel verzoeken met dit token.")

    def cookie_name(self, request: Request, kind: str) -> str:
        """Of a cookie: over https a browser lets only this very host set it."""
        return f"__Host-opvangpeil-{kind}" if self.secure(request) else f"opvangpeil-{kind}"

    def secure(self, request: Request) -> bool:
        """Whether the browser reaches us over https."""
        return urlsplit(self.base_url(request)).scheme == "https"

    def base_url(self, request: Request) -> str:
        """How the browser reaches us, without a path."""
        return self.public_url or f"{request.url.scheme}://{request.url.netloc}"

    async def _with_token(self, shown: list[str], address: str) -> Caller:
        scheme, _, text = shown[0].partition(" ")
        text = text.strip()
        if len(shown) > 1 or scheme.lower() != "bearer" or not text.isascii():
            raise WrongCredentialError("Verwacht één header `Authorization: Bearer …` met een token.")
        if hmac.compare_digest(text, self.own_token):
            return _ITSELF
        if self.issuer is not None and not text.startswith(PREFIX):
            return await self.issuer.caller(text)
        if not self.tokens.remembers(text) and (seconds := self._failed.wait(address)):
            raise _too_often_wrong(seconds)
        return await self.tokens.verify(text)

    def _with_session(self, request: Request) -> Caller:
        sealed = request.cookies.get(self.cookie_name(request, "sessie"))
        caller = self.seals.caller(sealed) if sealed and self.login else None
        if caller is None:
            raise nothing_shown()
        return caller


def _too_often_wrong(seconds: float) -> ProblemError:
    return too_often(seconds, "Van dit adres kwamen te veel foute tokens.")
