"""Two stores that somebody must not be able to tell apart, and everything that is said about each."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import httpx

from services.access import Role
from services.export import FORMATS
from services.export.parsing import read_back
from services.store.store import Store
from services.store.tokens import TokenTable
from tests.support.access_help import access_of, bearer, serving, token
from tests.support.shielded_walk import producer, receivers
from tests.support.web_events import SOURCE

_SEALED = re.compile(rb"z[A-Za-z0-9_-]{100,}")
"""A positie that is sealed: made anew for each answer."""
_CODE = re.compile(rb"([0-9A-HJKMNP-TV-Z]{4}-){23}[0-9A-HJKMNP-TV-Z]{4}")
"""The code of a report, sealed anew for each answer."""
_OWN_ID = re.compile(rb'"gebeurtenis":\{"specversion":"1.0","id":"[0-9a-f-]{36}"')
"""An event that can be sent has an id that is made anew for each answer."""
_CLOCKS = re.compile(r"^(process_|python_|opvangpeil_http|.*_(created|bytes\w*)).*$", re.MULTILINE)


@contextmanager
def asking(
    store: Store, now: datetime, *roles: Role, subjects: Sequence[str] = ()
) -> Iterator[tuple[httpx.Client, dict[str, str]]]:
    """Gives a client of a store at a moment, and the headers of a caller with these roles and onderwerpen."""
    table = TokenTable(store.connection)
    source = SOURCE if Role.INVOER in roles else None
    headers = bearer(token(table, lambda: now, *roles, source=source, subjects=subjects))
    headers["Accept-Encoding"] = "identity"  # What is sealed compresses a little better or worse each time.
    with (
        producer() as nowhere,
        serving(store, access_of(table, lambda: now), lambda: now, *receivers(store, lambda: now, nowhere)) as client,
    ):
        yield client, headers


def said(path: str, answer: httpx.Response) -> tuple[str, int, str, bytes]:
    """Returns all that an answer says, apart from its clock and what is sealed in it."""
    head = {name: value for name, value in answer.headers.items() if name != "date"}
    body = answer.content
    if path == "/metrics":
        body = _CLOCKS.sub("", answer.text).encode()
        del head["content-length"]
    if path.startswith("/v1/meldformulieren/"):
        body = _OWN_ID.sub(b'"gebeurtenis":{"id":"nieuw"', body)
    if packed := _packed(head.get("content-type", "")):
        body = repr(read_back(body, packed)).encode()
        del head["content-length"]
    return path, answer.status_code, str(head), _CODE.sub(b"code", _SEALED.sub(b"verzegeld", body))


def _packed(media_type: str) -> str | None:
    """Returns the format of a file whose bytes are packed, so that what is sealed in it stands nowhere by itself."""
    return next((name for name in ("xlsx", "parquet") if media_type == FORMATS[name].media_type), None)


def differs(one: tuple[str, int, str, bytes], other: tuple[str, int, str, bytes]) -> str:
    """Returns where two answers first say something else; empty when they don't."""
    if one == other:
        return ""
    if one[:3] != other[:3]:
        return f"{one[:3]}\n{other[:3]}"
    mine, theirs = one[3], other[3]
    at = next((n for n, (a, b) in enumerate(zip(mine, theirs, strict=False)) if a != b), min(len(mine), len(theirs)))
    part = slice(max(0, at - 200), at + 200)
    return f"{one[0]} at {at}:\n{mine[part]!r}\n{theirs[part]!r}"


def walked(
    one: Iterable[tuple[str, httpx.Response]], other: Iterable[tuple[str, httpx.Response]]
) -> Iterator[tuple[str, str]]:
    """Yields each path, and where the answers of the two differ."""
    for mine, theirs in zip(one, other, strict=True):
        yield mine[0], differs(said(*mine), said(*theirs))
