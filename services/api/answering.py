"""From an answer to a response: its form, and its ETag."""

from collections.abc import Mapping
from functools import partial
from hashlib import blake2b
from importlib.metadata import version
from types import MappingProxyType
from typing import Annotated, Any
from urllib.parse import quote, urlencode

import orjson
from fastapi import Path, Request
from fastapi.responses import Response
from pydantic import BaseModel

from schemas.fields import format_moment
from services.api.definities import kolomsoort, meanings
from services.core.grootheden.velden import WOORDEN, eenheid_van, kop_van, vorm_van
from services.core.reasons.aansluiting import BETEKENIS
from services.export import FORMATS, Beschrijving, FileFormat, as_table
from services.reads.question import Question
from services.web.addresses import API
from services.web.formats import JSON, best
from services.web.problems import ProblemError
from services.web.publicatie import gebruik, links, publicatie_of

_MEDIA_TYPES = [JSON, *(form.media_type for form in FORMATS.values())]
LocatieInPath = Annotated[str, Path(alias="id", description="Id van de locatie", examples=["LOC-TER-APEL"])]
Code = Annotated[str, Path(description="Code van CBS", examples=["GM0344", "PV26"])]
Responses = dict[int | str, dict[str, Any]]
"""What a route answers besides its model, by status."""
BESCHRIJVING = Beschrijving(kop_van, vorm_van, eenheid_van)


async def choose_form(request: Request) -> None:
    """Dependency of every read: finds the form in which the answer is wanted. Raises ProblemError 406."""
    asked = request.query_params.get("formaat")
    if asked is None:
        liked = best(request.headers.get("accept", ""), _MEDIA_TYPES)
        if liked is None:
            raise ProblemError(406, f"Dit adres antwoordt als {', '.join(_MEDIA_TYPES)}; vraag een daarvan in Accept.")
        asked = next((name for name, form in FORMATS.items() if form.media_type == liked), None)
    request.state.form = FORMATS.get(asked or "")


def answer(
    request: Request,
    question: Question,
    said: dict[str, Any],
    sealed: Mapping[str, Any] = MappingProxyType({}),
    model: type[BaseModel] | None = None,
) -> Response:
    """The answer to a question, in the form that is asked for. `sealed`: what it also says, made anew each time.

    `model`: what describes the columns of a file, where that is not the model of the route.

    For a past K it has an ETag, to ask again with: what comes late may change it. The ETag is weak: it stands for the
    question and the figures, not for every byte. The positie is no part of it, since events about something else change
    no figure, and neither is what is sealed.
    """
    form: FileFormat | None = request.state.form
    headers = {"Vary": "Accept", "Link": links(request)}
    if question.known_in_the_past:
        extension = form.extension if form else ""
        same = orjson.dumps([_figures(said), extension, str(question.counted_at(None).cache_key)])
        etag = f'W/"{blake2b(same, digest_size=16).hexdigest()}"'
        headers |= {"ETag": etag, "Cache-Control": "private, no-cache"}
        if _holds(request.headers.get("if-none-match", ""), etag):
            return Response(status_code=304, headers=headers)
    said = with_positie(request, question, said) | dict(sealed)
    if form is None:
        return Response(orjson.dumps(said), headers=headers, media_type=JSON)
    name = request.url.path.removeprefix(f"{API}/").replace("/", "-")
    made = {"gemaaktOp": format_moment(question.now), "versie": version("opvangpeil"), "betekenis": BETEKENIS}
    made |= gebruik(request)
    model = model or request.scope["route"].response_model
    table = as_table(name, said, meanings(model), partial(kolomsoort, model), BESCHRIJVING, **made)
    table = table._replace(
        herkomst={"gevraagd": asked_of(request), "uitgever": publicatie_of(request).uitgever}, woorden=WOORDEN
    )
    headers["Content-Disposition"] = f'attachment; filename="{quote(name)}.{form.extension}"'
    return Response(form.render(table), headers=headers, media_type=form.media_type)


def asked_of(request: Request) -> str:
    """Returns what a request asks, as it stands in a file: its path, and its query without the sealed positie."""
    query = urlencode([pair for pair in request.query_params.multi_items() if pair[0] != "positie"])
    return f"{request.url.path}?{query}" if query else str(request.url.path)


def with_positie(request: Request, question: Question, said: dict[str, Any]) -> dict[str, Any]:
    """Returns an answer with its positie as the caller may have it: sealed, unless it may see all that it counts.

    It is sealed here, last of all: so what callers share and what is kept holds the true one.
    """
    if question.audience.sees_shielded or "positie" not in said:
        return said
    return _given(said, request.state.sealed.positie(said["positie"]))


def _given(said: dict[str, Any], positie: str) -> dict[str, Any]:
    """Puts this positie in the place of the true one, also in what an answer contains of another."""
    return {
        name: positie if name == "positie" else _given(value, positie) if isinstance(value, dict) else value
        for name, value in said.items()
    }


def _figures(said: dict[str, Any]) -> dict[str, Any]:
    """Leaves out when the answer was made and from what: events about something else change no figure."""
    return {
        name: _figures(value) if isinstance(value, dict) else value
        for name, value in said.items()
        if name not in ("gemaaktOp", "positie")
    }


def _holds(if_none_match: str, etag: str) -> bool:
    tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return etag.removeprefix("W/") in tags or tags == ["*"]
