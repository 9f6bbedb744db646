"""The audit log: a line of JSON for each refusal and each act of administration: who, what, from where and why.

Of a caller that gets many 429s only some have a line, which counts the others (see `guard`).

A token never stands in it.
"""

from typing import Any

import structlog
from starlette.requests import Request

from services.access.roles import Caller
from services.access.tokens import ANYWHERE
from services.store.tokens import TokenRow
from services.web.addresses import loggable
from services.web.problems import TOO_OFTEN

_log = structlog.get_logger("audit", logboek="audit")
REFUSED = frozenset({401, 403, TOO_OFTEN})


def refused(request: Request, caller: Caller | None, status: int, reason: str, unlogged: int = 0) -> None:
    """Logs that a caller was refused.

    `unlogged`: how many 429s it got without a line of their own since the last one with a line.
    """
    before = {"ookGeweigerd": unlogged} if unlogged else {}
    _log.warning("geweigerd", status=status, reden=_clean(reason), **_circumstances(request, caller), **before)


def act(request: Request, caller: Caller, what: str, **about: Any) -> None:
    """Logs that a caller changed who may do what, or what is known."""
    _log.info(what, **_circumstances(request, caller), **about)


def act_at_the_console(what: str, **about: Any) -> None:
    """Logs an act of somebody at the console, who may write to the store itself."""
    _log.info(what, wie="opdrachtregel", **about)


def about(row: TokenRow) -> dict[str, Any]:
    """Returns a token as a line of the audit log shows it."""
    about = {"token": row.id, "tokennaam": row.name, "rollen": list(row.roles), "source": row.source}
    return about | ({"types": list(row.types), "onderwerpen": list(row.subjects)} if row.types or row.subjects else {})


def _circumstances(request: Request, caller: Caller | None) -> dict[str, Any]:
    """Returns who and where. Of the address only the path: a query may hold what only the caller may know."""
    who = {"wie": caller.key if caller and caller.id else "onbekend"} | (
        {"naam": caller.name} if caller and caller.name else {}
    )
    address = request.client.host if request.client else "onbekend"
    return who | {"wat": f"{request.method} {_clean(loggable(request.url.path))}", "adres": address}


def _clean(text: str) -> str:
    return ANYWHERE.sub("<token>", text)[:300]
