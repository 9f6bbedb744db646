"""Takes events in over HTTP: CloudEvents 1.0 in structured, batched and binary mode (HTTP protocol binding, §3)."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from schemas.errors import Fout
from schemas.parsing import BATCH, BATCH_MAX, STRUCTURED, from_binary, not_json
from services.access import caller_of
from services.ingest.accept import ConflictError, Ingest, Receipt, RefusedError, UnavailableError
from services.ingest.permit import ForbiddenError
from services.web.addresses import GEBEURTENIS, INSTUREN, at
from services.web.formats import JSON, media_type, require_json
from services.web.problems import ProblemError, Veldfout, invalid, refuse_parameters, unavailable

_ONE_SCHEMA = {"$ref": "#/components/schemas/GebeurtenisIn"}
_BATCH_SCHEMA = {"type": "array", "items": _ONE_SCHEMA, "minItems": 1, "maxItems": BATCH_MAX}
_EXAMPLE = {
    "specversion": "1.0",
    "id": "0190f1f5-6f5a-7c39-9d5c-2f9d8f4b5a10",
    "source": "urn:nld:oin:00000000000000000000:systeem:voorbeeld",
    "type": "nl.opvanglocaties.bezetting-gemeld.v1",
    "subject": "LOC-VOORBEELD",
    "time": "2026-05-26T06:10:00Z",
    "data": {"peilmoment": "2026-05-26T06:00:00Z", "aanwezig": 412},
}
_DESCRIPTION = f"""Eén gebeurtenis ({STRUCTURED}, of {JSON} met de kenmerken in `ce-…`-headers) of een batch ({BATCH}),
die in zijn geheel wordt aangenomen of geweigerd. Nog eens sturen kan nooit kwaad: `id` wijst één gebeurtenis aan."""


class Ontvangst(BaseModel):
    """Wat er met de gebeurtenissen is gebeurd."""

    ids: list[str] = Field(description="De aangenomen gebeurtenissen")
    nieuw: int = Field(ge=0, description="Hoeveel er nieuw waren")
    herhaald: int = Field(ge=0, description="Hoeveel er al bekend waren, met dezelfde inhoud")


_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"model": Ontvangst, "description": "Alles was al bekend; er is niets veranderd."},
    201: {"description": "Opgeslagen: een volgende vraag telt de gebeurtenissen mee."},
    202: {"model": Ontvangst, "description": "Aangenomen en veilig; de cijfers volgen zo."},
    409: {"description": "Een id hoort al bij een gebeurtenis met andere inhoud."},
    413: {"description": "Het bericht is te groot; verdeel de gebeurtenissen over meer berichten."},
    415: {"description": "Het formaat van het bericht (Content-Type) wordt niet ondersteund."},
}
_REQUEST_BODY = {
    "required": True,
    "content": {
        STRUCTURED: {"schema": _ONE_SCHEMA, "example": _EXAMPLE},
        BATCH: {"schema": _BATCH_SCHEMA, "example": [_EXAMPLE]},
        JSON: {"schema": {"anyOf": [_ONE_SCHEMA, _BATCH_SCHEMA]}, "example": _EXAMPLE},
    },
}


def ingest_router(ingest: Ingest) -> APIRouter:
    """Returns the route that takes events in."""
    router = APIRouter(dependencies=[Depends(require_json), Depends(refuse_parameters)])

    @at(
        router,
        INSTUREN,
        status_code=201,
        response_model=Ontvangst,
        responses=_RESPONSES,
        tags=["gebeurtenissen"],
        description=_DESCRIPTION,
        openapi_extra={"requestBody": _REQUEST_BODY},
    )
    async def ontvang(request: Request) -> Response:
        """Gebeurtenissen insturen."""
        body = await _events_of(request)
        is_batch = body.lstrip()[:1] == b"["
        try:
            receipt = await ingest.accept(body, caller_of(request))
        except RefusedError as error:
            raise _refusal(error, is_batch) from error
        except ForbiddenError as error:
            raise ProblemError(403, str(error), [_veldfout(fout, is_batch) for fout in error.fouten]) from error
        except UnavailableError as error:
            raise unavailable(str(error), error.retry_after_seconds) from error
        return _answer(receipt)

    return router


async def _events_of(request: Request) -> bytes:
    """Returns the events as structured JSON, whatever the mode. Raises ProblemError 400 or 415."""
    kind, charset = media_type(request.headers.get("content-type", ""))
    if kind not in (STRUCTURED, BATCH, JSON) or charset not in (None, "utf-8", "utf8"):
        raise ProblemError(415, f"Stuur {STRUCTURED}, {BATCH} of {JSON} in UTF-8 (header Content-Type).")
    if request.headers.get("content-encoding", "identity") != "identity":
        raise ProblemError(415, "Stuur het bericht zonder compressie (header Content-Encoding weglaten).")
    body = await request.body()
    attributes = [(name[3:], value) for name, value in request.headers.items() if name.startswith("ce-")]
    if kind == JSON and attributes:
        return _structured(attributes, body)
    is_list = body.lstrip()[:1] == b"["
    if kind == BATCH and not is_list:
        raise invalid([Veldfout(veld="", melding=f"is geen lijst; stuur één gebeurtenis als {STRUCTURED}")])
    if kind == STRUCTURED and is_list:
        raise invalid([Veldfout(veld="", melding=f"is een lijst; stuur een batch als {BATCH}")])
    return body


def _structured(attributes: Iterable[tuple[str, str]], body: bytes) -> bytes:
    """Makes one structured event of binary mode: attributes in headers, percent-encoded UTF-8 (binding, §3.1.3)."""
    try:
        decoded = [(name, unquote(value, errors="strict")) for name, value in attributes]
        orjson.loads(body)  # Parsed by itself, so that nothing in the body can become an attribute.
    except UnicodeDecodeError as error:
        raise invalid([Veldfout(veld="", melding="een ce-header bevat %-tekens die geen UTF-8 zijn")]) from error
    except orjson.JSONDecodeError as error:
        raise invalid([Veldfout(veld="data", melding=not_json(error, body))]) from error
    return from_binary(decoded, body)


def _refusal(error: RefusedError, is_batch: bool) -> ProblemError:
    fouten = [_veldfout(fout, is_batch) for fout in error.fouten]
    if isinstance(error, ConflictError):
        return ProblemError(409, "Er is niets aangenomen: een id hoort al bij een andere gebeurtenis.", fouten)
    return invalid(fouten)


def _veldfout(fout: Fout, is_batch: bool) -> Veldfout:
    if not is_batch or fout.index is None:
        return Veldfout(veld=fout.veld, melding=fout.melding)
    return Veldfout(veld=f"{fout.index}.{fout.veld}".rstrip("."), melding=fout.melding, index=fout.index)


def _answer(receipt: Receipt) -> Response:
    body = {"ids": receipt.ids, "nieuw": receipt.nieuw, "herhaald": receipt.herhaald}
    location = {"Location": GEBEURTENIS.to(receipt.ids[0])} if len(receipt.ids) == 1 else {}
    return Response(orjson.dumps(body), receipt.status, location, JSON)
