"""The outer edge of a service: what holds for every answer, also for errors of the framework and faults of ours.

This is a plain ASGI middleware, because only the outermost layer sees every answer. The framework answers an unforeseen
exception outside its own middleware, and its own limit on a body answers in plain text.
"""

import time
from collections.abc import MutableMapping
from typing import Any

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.logs import HEADER, begin_trace
from services.metrics import Metrics
from services.web.addresses import declared_at, loggable
from services.web.problems import TOO_OFTEN, ProblemError, internal

API_VERSION = "1.0.0"
"""The version of the interface (semver). The software has its own."""
BODY_BYTES_MAX = 8 * 1024 * 1024
"""The longest body, at every address that does not declare another."""

HEADERS = {
    "API-Version": API_VERSION,
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}
"""Headers of every answer that does not set them itself (API Design Rules, /core/transport/security-headers)."""

HEAD_ONLY = "opvangpeil.head"
"""Stands in the scope of a request that wants no body, so that a stream knows not to begin one."""
_NOTED = {"GET": 500, "HEAD": 500}
"""The lowest status that the log notes, for each method. For methods that send something in it is 400."""
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_NO_HOST = ProblemError(400, "Stuur precies één header `Host` mee (RFC 9112 §3.2).")
_log = structlog.get_logger(__name__)


class Edge:
    """Adds headers, answers HEAD, limits bodies, counts requests, and answers a fault of ours with a calm 500."""

    def __init__(self, app: ASGIApp, metrics: Metrics, body_bytes_max: int = BODY_BYTES_MAX) -> None:
        self._app, self._metrics, self._limit = app, metrics, body_bytes_max

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request. Other protocols pass untouched."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begin = time.perf_counter()
        begin_trace(Headers(scope=scope).get(HEADER))
        inner = {**scope, "method": "GET", HEAD_ONLY: True} if scope["method"] == "HEAD" else scope
        answer = _Answer(send, without_body=inner is not scope)
        try:
            if len(Headers(scope=scope).getlist("host")) != 1:  # a proxy before us might have read another one
                await _NO_HOST.response(Request(inner))(inner, receive, answer.send)
                return
            await self._app(inner, self._limited(scope, receive), answer.send)
        except ClientDisconnect:
            return
        except Exception:  # the last resort: whatever went wrong, the caller gets a calm answer
            _log.exception("onvoorziene fout", methode=scope["method"], pad=loggable(scope["path"]))
            if answer.status is not None:
                raise  # another answer is too late, so the server breaks the connection off
            await internal().response(Request(inner))(inner, receive, answer.send)
        finally:
            self._count(scope["method"], inner, answer, time.perf_counter() - begin)

    def _limited(self, scope: Scope, receive: Receive) -> Receive:
        declared = Headers(scope=scope).get("content-length", "")
        own = [one.body_bytes_max for one in declared_at(scope["path"]) if one.method == scope["method"]]
        limit = next((most for most in own if most is not None), None) or self._limit
        total = 0

        async def limited() -> Message:
            nonlocal total
            if declared.isdecimal() and int(declared) > limit:
                raise _too_large(limit)
            message = await receive()
            total += len(message.get("body", b""))
            if total > limit:
                raise _too_large(limit)
            return message

        return limited

    def _count(self, method: str, scope: MutableMapping[str, Any], answer: "_Answer", seconds: float) -> None:
        status = answer.status
        route = getattr(scope.get("route"), "path", "onbekend")
        label = method if method in _METHODS else "anders"
        if status is not None and status >= _NOTED.get(label, 400):
            _log.info("verzoek", methode=label, route=route, status=status, milliseconden=round(seconds * 1000, 1))
        self._metrics.http_verzoeken.labels(label, route, "afgebroken" if status is None else str(status)).inc()
        if not answer.streams and status != TOO_OFTEN:  # Who asks too often is made to wait.
            self._metrics.http_duur.labels(route).observe(seconds)


def _too_large(limit: int) -> ProblemError:
    return ProblemError(
        413,
        f"Het bericht is groter dan {limit} bytes; verdeel de gebeurtenissen over meer berichten.",
        headers={"Connection": "close"},
    )


class _Answer:
    """Watches one answer pass, and completes its headers."""

    def __init__(self, send: Send, *, without_body: bool) -> None:
        self._send, self._without_body = send, without_body
        self.status: int | None = None
        self.streams = False
        """The answer lasts as long as the client likes, so its duration says nothing."""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            self.streams = headers.get("content-type", "").startswith("text/event-stream")
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        elif self._without_body and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self._send(message)
