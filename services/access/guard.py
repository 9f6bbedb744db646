"""Stands around every request: who asks, whether they may, and whether they ask too often.

Only an address that is declared open asks for nothing. One that nobody declared asks for the right to read, or the
rights of a beheerder for any other method than reading. This is a plain ASGI middleware inside the edge.
"""

import asyncio
import re
from collections import OrderedDict
from urllib.parse import parse_qsl, quote, urlsplit

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.access import audit
from services.access.access import REMEMBERED_MAX, Access, Buckets, counted_as
from services.access.refusals import WrongCredentialError, forbidden, lacks
from services.access.roles import EVERYBODY, NOBODY, Caller, is_open, right_for
from services.access.tokens import ANYWHERE
from services.web.addresses import INLOGGEN, INLOGGEN_TERUG, Right
from services.web.edge import TOO_OFTEN
from services.web.health import Scraper
from services.web.problems import PROBLEM, ProblemError, Veldfout, unavailable, wants_page

CALLER = "opvangpeil.caller"
REFUSED_PER_SECOND, REFUSED_AT_ONCE = 1.0, 30.0
"""How often one caller is told at once that it asks too much, with a line in the log each time."""
HELD_SECONDS = 1.0
"""How long it waits for that answer when it is refused more often. Refusing costs too, and would take from others."""
HELD_MAX = 200
"""How many wait at once, of all callers. Beyond that they are answered at once."""
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_TOKEN_NAMES = re.compile(r"(access|id|refresh)?[_-]?token|api[_-]?key|authorization|bearer", re.IGNORECASE)
_FROM_ISSUER = INLOGGEN_TERUG.path
"""The issuer chooses its `code` and `state`, which may look like a token."""
_IN_URL = (
    "Een token hoort in de header `Authorization: Bearer …`, nooit in een URL: die komt in logboeken en geschiedenis."
)


def caller_of(request: Request) -> Caller:
    """Returns the caller whom the guard let in; EVERYBODY in an app without a guard."""
    caller: Caller = request.scope.get(CALLER, EVERYBODY)
    return caller


def scraper_of(request: Request) -> Scraper:
    """Returns what the caller of `/metrics` may see there."""
    caller = caller_of(request)
    return Scraper(caller.audience, caller.may(Right.METEN))


class Guard:
    """Lets a request through, or answers it with a refusal."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app, self._access = app, access
        self._refused = Buckets(REFUSED_PER_SECOND, REFUSED_AT_ONCE)
        self._unlogged = OrderedDict[str, int]()
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if scope["type"] == "websocket":  # there are none here
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        try:
            await self._admit(request)
        except ProblemError as problem:
            answer = await self._answer(request, problem)
            await answer(scope, receive, send)
            return
        said: dict[str, str] = scope.setdefault(PROBLEM, {})

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in audit.REFUSED:
                await self._note(request, caller_of(request), message["status"], said.get("detail", ""))
            await send(message)

        await self._app(scope, receive, watched)

    async def _admit(self, request: Request) -> None:
        """Notes in the request who asks. Raises ProblemError when the caller may not."""
        _refuse_token_in_url(request)
        set_up, scope = self._access.set_up, request.scope
        if set_up is False:
            self._only_this_machine(request)
            scope[CALLER] = EVERYBODY
            return
        if is_open(scope["path"]):
            scope[CALLER] = NOBODY
            return
        if set_up is None:
            raise unavailable("Nog niet bekend wie wat mag: de gegevensopslag antwoordt niet. Probeer het zo weer.")
        caller = scope[CALLER] = await self._access.caller(request)
        if caller.kind == "sessie" and request.method not in _SAFE and not self._same_origin(request):
            raise forbidden("Dit verzoek komt niet van een pagina van Opvangpeil zelf.")
        self._access.throttle(caller)
        right = right_for(request.method, scope["path"])
        if right is not None and not caller.may(right):
            raise lacks(caller, right)

    async def _note(self, request: Request, caller: Caller | None, status: int, reason: str) -> None:
        """Logs a refusal. Of whoever asks too much again and again only some are logged, and the others take longer."""
        if status != TOO_OFTEN:
            audit.refused(request, caller, status, reason)
            return
        address = request.client.host if request.client else ""
        key = caller.key if caller and caller.id else counted_as(address)
        if not self._refused.take(key):
            audit.refused(request, caller, status, reason, self._unlogged.pop(key, 0))
            return
        self._unlogged[key] = self._unlogged.get(key, 0) + 1
        if len(self._unlogged) > REMEMBERED_MAX:
            self._unlogged.popitem(last=False)
        await self._hold()

    async def _hold(self) -> None:
        if self._held >= HELD_MAX:
            return
        self._held += 1
        try:
            await asyncio.sleep(HELD_SECONDS)
        finally:
            self._held -= 1

    async def _answer(self, request: Request, problem: ProblemError) -> Response:
        path = request.url.path
        if problem.status == 401 and request.method in _SAFE and wants_page(request) and self._access.login:
            back = path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(f"{INLOGGEN.path}?naar={quote(back, safe='')}", 303)
        if problem.status in audit.REFUSED:
            who = problem.who if isinstance(problem, WrongCredentialError) else request.scope.get(CALLER)
            await self._note(request, who, problem.status, problem.detail)
        return problem.response(request)

    def _only_this_machine(self, request: Request) -> None:
        """Raises ProblemError 403 for requests from elsewhere, as long as access is not set up.

        A page of another site can make a browser on this machine ask us things, under its own name or ours.
        """
        host = urlsplit(f"//{request.headers.get('host', '')}").hostname
        if host not in self._access.local_hosts:
            raise forbidden(
                "Zolang er geen toegang is ingesteld antwoordt Opvangpeil alleen op localhost, 127.0.0.1 en [::1]."
            )
        if request.method not in _SAFE and self._same_origin(request) is False:
            raise forbidden("Dit verzoek komt van een pagina van een andere site.")

    def _same_origin(self, request: Request) -> bool | None:
        """Whether a page of ours sent it. None: the browser does not say, or it is no browser."""
        site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
        if site is not None:
            return site in ("same-origin", "none")
        if origin is not None:
            return urlsplit(origin).netloc == urlsplit(self._access.base_url(request)).netloc
        return None


def _refuse_token_in_url(request: Request) -> None:
    """Raises ProblemError 400 for a token in the URL, without repeating it."""
    path = request.url.path
    for name, value in parse_qsl(request.url.query, keep_blank_values=True):
        holds_one = path != _FROM_ISSUER and ANYWHERE.search(f"{name} {value}") is not None
        if holds_one or _TOKEN_NAMES.fullmatch(name):
            veld = "een parameter" if ANYWHERE.search(name) else name[:60]
            fout = Veldfout(veld=veld, melding="bevat een token; trek dat in en maak een nieuw")
            raise ProblemError(400, _IN_URL, [fout])
