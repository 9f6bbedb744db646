"""Reads the body of a request: bytes of one media type, a form, or one JSON object as a model."""

from typing import Any, TypeVar

import orjson
from fastapi import Request
from pydantic import BaseModel, ValidationError

from schemas.errors import describe, field_path
from services.web.formats import JSON, media_type
from services.web.problems import ProblemError, Veldfout, invalid

BodyModel = TypeVar("BodyModel", bound=BaseModel)
BODY_BYTES_MAX = 64 * 1024
FORM = "application/x-www-form-urlencoded"


def described(model: type[BaseModel]) -> dict[str, Any]:
    """Returns what the description of a route says of its body."""
    return {"requestBody": {"required": True, "content": {JSON: {"schema": model.model_json_schema()}}}}


async def read_bytes(request: Request, media: str, refusal: str, name: str, bytes_max: int = BODY_BYTES_MAX) -> bytes:
    """Returns the body. Raises ProblemError 413 for one that is too long, 415 with `refusal` for another media type."""
    kind, charset = media_type(request.headers.get("content-type", ""))
    if kind != media or charset not in (None, "utf-8", "utf8"):
        raise ProblemError(415, refusal)
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > bytes_max:
            raise ProblemError(413, f"{name} is groter dan {bytes_max} bytes.")
    return bytes(body)


async def read_form(request: Request) -> bytes:
    """Returns the form that was sent, as a query. Raises ProblemError 400, 413 or 415."""
    body = await read_bytes(request, FORM, f"Stuur het formulier als {FORM}.", "Het formulier")
    if not body.isascii():  # a browser writes everything else with percent signs
        raise ProblemError(400, "Het formulier bevat bytes die niet in een formulier horen.")
    return body


async def read_json(request: Request, bytes_max: int = BODY_BYTES_MAX) -> bytes:
    """Returns the body, for `as_model`. Raises ProblemError 413 or 415."""
    return await read_bytes(request, JSON, f"Stuur {JSON} in UTF-8 (header Content-Type).", "Het bericht", bytes_max)


async def read_body(request: Request, model: type[BodyModel]) -> BodyModel:
    """Returns the body as a model. Raises ProblemError 400 with every error, 413, or 415."""
    return as_model(await read_json(request), model)


def as_model(body: bytes, model: type[BodyModel]) -> BodyModel:
    """Returns one JSON object as a model. Raises ProblemError 400 with every error."""
    try:
        return model.model_validate(orjson.loads(body))
    except orjson.JSONDecodeError as error:
        raise invalid([Veldfout(veld="", melding="is geen geldige JSON")]) from error
    except ValidationError as error:
        raise invalid(
            Veldfout(veld=field_path(details["loc"], tagged=False), melding=describe(details))
            for details in error.errors()
        ) from error
