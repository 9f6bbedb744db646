"""What pages load: style, script and icon, each under an address that changes with its content."""

from collections.abc import Mapping
from functools import cache
from hashlib import blake2b
from importlib.resources import files

from fastapi import Request
from fastapi.responses import Response

from services.dashboard.klein import klein

STATIC: Mapping[str, str] = {
    "opvangpeil.css": "text/css; charset=utf-8",
    "opvangpeil.js": "text/javascript; charset=utf-8",
    "opvangpeil.svg": "image/svg+xml",
}
"""All of them → what they are. They ask no role: a page that says why not needs them too."""
_YEAR_SECONDS = 31_536_000


_STYLE = ("opvangpeil.css", "grafiek.css", "melden.css")
"""What the one style sheet is made of."""


@cache
def content(name: str) -> bytes:
    """One of them."""
    parts = _STYLE if name == "opvangpeil.css" else (name,)
    return b"".join(files(__package__).joinpath("static", part).read_bytes() for part in parts)


@cache
def address(name: str) -> str:
    """Where to load it from. Another content has another address, so a browser may keep what it has."""
    return f"/static/{name}?v={blake2b(content(name), digest_size=6).hexdigest()}"


def static(request: Request, name: str) -> Response:
    """One of them, as an answer."""
    kept = {"Cache-Control": f"public, max-age={_YEAR_SECONDS}, immutable"}
    return klein(request, content(name), STATIC[name], kept)
