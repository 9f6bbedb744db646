"""From a request to figures, and from what is said of them to a response."""

from hashlib import blake2b
from typing import Annotated, Any

import orjson
from fastapi import Path, Request
from fastapi.responses import Response

from schemas.fields import format_moment
from services.access import caller_of
from services.api.cijfers import Cijfers
from services.api.params import Momenten, NalevingVraag, Vraag
from services.api.read import Reader
from services.web.formats import JSON
from services.web.problems import ProblemError

LocatieId = Annotated[str, Path(description="Id van de locatie", examples=["LOC-TER-APEL"])]


def figures(reader: Reader, request: Request, vraag: Vraag) -> tuple[Momenten, Cijfers]:
    """What is asked for, as this caller may see it. Raises ProblemError 400 for moments that can't be."""
    momenten = Momenten.of(request, vraag, reader.clock())
    cyclus = vraag.cyclus if isinstance(vraag, NalevingVraag) else None
    return momenten, reader.figures(momenten, caller_of(request), vraag.positie, cyclus)


def answer(request: Request, momenten: Momenten, said: dict[str, Any]) -> Response:
    """For a past K with an ETag, to be asked again before use: what comes late may still change it (past law)."""
    body = orjson.dumps(said)
    if not momenten.past:
        return Response(body, media_type=JSON)
    etag = f'"{blake2b(body, digest_size=16).hexdigest()}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if _holds(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=JSON)


def not_found(kind: str, code: str, momenten: Momenten, successor: str | None = None) -> ProblemError:
    """There is none with this code, at these moments."""
    later = f" De locaties en de opgave staan bij {successor}." if successor not in (None, code) else ""
    return ProblemError(
        404,
        f"Geen {kind} {code[:60]!r} op {format_moment(momenten.geldig_op)}, "
        f"met wat bekend was op {format_moment(momenten.bekend_op)}.{later}",
    )


def _holds(if_none_match: str, etag: str) -> bool:
    tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return etag in tags or tags == ["*"]
