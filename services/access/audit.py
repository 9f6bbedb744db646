"""The audit log: one line of JSON per refusal and per administrative act. Who, what, from where, why; never a token."""

from typing import Any

import structlog
from starlette.requests import Request

from services.access.roles import Caller
from services.access.tokens import ANYWHERE
from services.store.tokens import TokenRow

_log = structlog.get_logger("audit", logboek="audit")
REFUSED = frozenset({401, 403, 429})


def refused(request: Request, caller: Caller | None, status: int, reason: str) -> None:
    """Somebody may not."""
    _log.warning("geweigerd", status=status, reden=_clean(reason), **_circumstances(request, caller))


def act(request: Request, caller: Caller, what: str, **about: Any) -> None:
    """Somebody did what changes who may do what, or what is known."""
    _log.info(what, **_circumstances(request, caller), **about)


def act_at_the_console(what: str, **about: Any) -> None:
    """The same, by whoever may write to the store itself."""
    _log.info(what, wie="opdrachtregel", **about)


def about(row: TokenRow) -> dict[str, Any]:
    """A token in a line of the audit log."""
    return {"token": row.id, "tokennaam": row.name, "rollen": list(row.roles), "source": row.source}


def _circumstances(request: Request, caller: Caller | None) -> dict[str, Any]:
    """Of the address the path only: a query is for the caller."""
    who = {"wie": caller.key if caller and caller.id else "onbekend"} | (
        {"naam": caller.name} if caller and caller.name else {}
    )
    address = request.client.host if request.client else "onbekend"
    return who | {"wat": f"{request.method} {_clean(request.url.path)}", "adres": address}


def _clean(text: str) -> str:
    return ANYWHERE.sub("<token>", text)[:300]
