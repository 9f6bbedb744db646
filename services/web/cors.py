"""Lets pages of other sites read the API, where the operator allows it. Reads only, and without credentials.

A browser asks by the header Origin whether a page may have an answer. What such a page gets is what anybody gets who
shows nothing: it can't show a token, and a session stays home. This stands before the question who asks, so a preflight
is answered alike for every path, also for one that does not exist.
"""

from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.web.addresses import API

EVERYWHERE = "*"
"""In the place of origins: pages of any site."""
READS = ("GET", "HEAD", "OPTIONS")
_MAY_SEND = "If-None-Match, Last-Event-ID"
"""The headers that a page may add, beside those that every page may (Accept, Range). Never Authorization."""
_MAY_READ = "API-Version, Content-Disposition, ETag, Link, Retry-After"
"""The headers of an answer that a page may read, beside those that every page may (Cache-Control, Content-Type)."""
_PREFLIGHT_SECONDS = 600
_ALLOW = "Access-Control-Allow-Origin"


class Cors:
    """Adds to an answer which pages may have it, and answers preflights."""

    def __init__(self, app: ASGIApp, origins: Collection[str]) -> None:
        """`origins`: those whose pages may read, such as https://kaart.example.org; `*` among them: all."""
        self._app, self._origins, self._everywhere = app, frozenset(origins), EVERYWHERE in origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request. What is no read of the API passes untouched."""
        if scope["type"] != "http" or scope["method"] not in READS or not scope["path"].startswith(f"{API}/"):
            await self._app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        allowed = self._allowed(asked.get("origin"))
        if scope["method"] == "OPTIONS" and "origin" in asked and "access-control-request-method" in asked:
            await self._preflight(asked["access-control-request-method"], allowed, send)
            return

        async def said(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if not self._everywhere:
                    headers.add_vary_header("Origin")
                if allowed is not None:
                    headers.setdefault(_ALLOW, allowed)  # The description of the API allows everybody by itself.
                    headers["Access-Control-Expose-Headers"] = _MAY_READ
            await send(message)

        await self._app(scope, receive, said)

    def _allowed(self, origin: str | None) -> str | None:
        """Returns who may have the answer. For everybody that is the same without an Origin, so a cache may keep it."""
        if self._everywhere:
            return EVERYWHERE
        return origin if origin in self._origins else None

    async def _preflight(self, method: str, allowed: str | None, send: Send) -> None:
        headers = MutableHeaders()
        headers["Vary"] = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"
        if allowed is not None and method in READS:
            headers[_ALLOW] = allowed
            headers["Access-Control-Allow-Methods"] = ", ".join(READS)
            headers["Access-Control-Allow-Headers"] = _MAY_SEND
            headers["Access-Control-Max-Age"] = str(_PREFLIGHT_SECONDS)
        await send({"type": "http.response.start", "status": 204, "headers": headers.raw})
        await send({"type": "http.response.body", "body": b""})
