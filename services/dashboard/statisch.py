"""The files that a page loads, each at an address that changes with its content; and answers made small."""

import gzip
from collections.abc import Mapping
from functools import cache
from hashlib import blake2b
from importlib.resources import files

from fastapi import Request
from fastapi.responses import Response

from services.web.addresses import ICON, SCRIPT, STYLE, Address
from services.web.formats import best

FILES: Mapping[Address, str] = {
    STYLE: "text/css; charset=utf-8",
    SCRIPT: "text/javascript; charset=utf-8",
    ICON: "image/svg+xml",
}
"""Address → media type."""
LEVEL = 4
"""Of gzip: a page of 100 kB takes 1 ms. A higher level gains little and takes long."""
_YEAR_SECONDS = 31_536_000
_PARTS: Mapping[Address, tuple[str, ...]] = {
    STYLE: (
        "basis.css",
        "overzicht.css",
        "alarmen.css",
        "kaart.css",
        "tabel.css",
        "cel.css",
        "toezicht.css",
        "grafiek.css",
        "melden.css",
        "inlezen.css",
        "tijd.css",
        "verschil.css",
        "uitleg.css",
        "wand.css",
        "papier.css",
    ),
    SCRIPT: (
        "wissel.js",
        "levend.js",
        "menu.js",
        "wand.js",
        "grafiek.js",
        "kaart.js",
        "tabel.js",
        "tijd.js",
        "hint.js",
        "inlezen.js",
    ),
    ICON: ("opvangpeil.svg",),
}
"""What each file is made of, in order. A page loads one style sheet and one script."""


@cache
def content(file: Address) -> bytes:
    """Returns what stands in a file."""
    return b"".join(files(__package__).joinpath("static", part).read_bytes() for part in _PARTS[file])


@cache
def versioned(name: str) -> str:
    """Returns where to load a file from. The address changes with the content, so a browser may keep what it has."""
    file = next(one for one in FILES if _name(one) == name)
    return f"{file.path}?v={blake2b(content(file), digest_size=6).hexdigest()}"


def static(request: Request, file: Address) -> Response:
    """Answers with a file, which a browser may keep for a year."""
    kept = {"Cache-Control": f"public, max-age={_YEAR_SECONDS}, immutable"}
    return packed(request, content(file), FILES[file], kept)


def packed(
    request: Request, content: bytes, media_type: str, headers: Mapping[str, str], status: int = 200
) -> Response:
    """Makes an answer, with gzip if the caller can unpack that (RFC 9110 §8.4.1): pages are text and repeat much."""
    said = {**headers, "Vary": "Accept-Encoding"}
    wanted = request.headers.get("accept-encoding", "")
    if wanted and best(wanted, ["gzip"]):
        content = gzip.compress(content, LEVEL, mtime=0)
        said["Content-Encoding"] = "gzip"
    return Response(content, status, said, media_type)


def _name(file: Address) -> str:
    return file.path.rpartition("/")[2]
