"""From a request to figures, and from what is said of them to a response."""

from hashlib import blake2b
from importlib.metadata import version
from typing import Annotated, Any
from urllib.parse import quote

import orjson
from fastapi import Path, Request
from fastapi.responses import Response

from schemas.fields import format_moment
from services.access import caller_of
from services.api.definities import meanings
from services.api.params import Momenten, NalevingVraag, Vraag
from services.export import FORMATS, Format, as_table
from services.reads.cijfers import Cijfers, Totalen
from services.reads.reader import Reader
from services.web.formats import JSON, best
from services.web.problems import ProblemError

_MEDIA_TYPES = [JSON, *(form.media_type for form in FORMATS.values())]
LocatieId = Annotated[str, Path(description="Id van de locatie", examples=["LOC-TER-APEL"])]


def figures(reader: Reader, request: Request, vraag: Vraag) -> tuple[Momenten, Cijfers]:
    """What is asked for, as this caller may see it. Raises ProblemError 400 for moments that can't be."""
    momenten = Momenten.of(request, vraag, reader.clock())
    cyclus = vraag.cyclus if isinstance(vraag, NalevingVraag) else None
    return momenten, reader.figures(momenten, caller_of(request), vraag.positie, cyclus)


def totals(reader: Reader, request: Request, vraag: Vraag) -> tuple[Momenten, Totalen]:
    """What is asked for, where it is sums only. Raises ProblemError 400 for moments that can't be."""
    momenten = Momenten.of(request, vraag, reader.clock())
    cyclus = vraag.cyclus if isinstance(vraag, NalevingVraag) else None
    return momenten, reader.totalen(momenten, vraag.positie, cyclus)


async def choose_form(request: Request) -> None:
    """Dependency of every read: in which form the answer is wanted. Raises ProblemError 406."""
    asked = request.query_params.get("formaat")
    if asked is None:
        liked = best(request.headers.get("accept", ""), _MEDIA_TYPES)
        if liked is None:
            raise ProblemError(406, f"Dit adres antwoordt als {', '.join(_MEDIA_TYPES)}; vraag een daarvan in Accept.")
        asked = next((name for name, form in FORMATS.items() if form.media_type == liked), None)
    request.state.form = FORMATS.get(asked or "")


def answer(request: Request, momenten: Momenten, said: dict[str, Any]) -> Response:
    """In the form that is asked for. For a past K with an ETag, to be asked again: what comes late may change it.

    A weak one: the figures are the same, not every byte.
    """
    form: Format | None = request.state.form
    headers = {"Vary": "Accept"}
    if momenten.past:
        figures = orjson.dumps(_figures(said))
        etag = f'W/"{blake2b(figures + (form.extension if form else "").encode(), digest_size=16).hexdigest()}"'
        headers |= {"ETag": etag, "Cache-Control": "private, no-cache"}
        if _holds(request.headers.get("if-none-match", ""), etag):
            return Response(status_code=304, headers=headers)
    if form is None:
        return Response(orjson.dumps(said), headers=headers, media_type=JSON)
    name = request.url.path.removeprefix("/v1/").replace("/", "-")
    made = {"gemaaktOp": format_moment(momenten.now), "versie": version("opvangpeil")}
    table = as_table(name, said, meanings(request.scope["route"].response_model), **made)
    headers["Content-Disposition"] = f'attachment; filename="{quote(name)}.{form.extension}"'
    return Response(form.render(table), headers=headers, media_type=form.media_type)


def not_found(kind: str, code: str, momenten: Momenten, successor: str | None = None) -> ProblemError:
    """There is none with this code, at these moments."""
    later = f" De locaties en de opgave staan bij {successor}." if successor not in (None, code) else ""
    return ProblemError(
        404,
        f"Geen {kind} {code[:60]!r} op {format_moment(momenten.geldig_op)}, "
        f"met wat bekend was op {format_moment(momenten.bekend_op)}.{later}",
    )


def _figures(said: dict[str, Any]) -> dict[str, Any]:
    """Without when it was made and from what: what comes in meanwhile about something else changes no figure."""
    return {
        name: _figures(value) if isinstance(value, dict) else value
        for name, value in said.items()
        if name not in ("gemaaktOp", "positie")
    }


def _holds(if_none_match: str, etag: str) -> bool:
    tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return etag.removeprefix("W/") in tags or tags == ["*"]
