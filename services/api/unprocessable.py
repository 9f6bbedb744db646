"""`/v1/onverwerkbaar`: what could not be accepted, for the people who keep the system going.

Its bytes are given as they came; they were never judged.
"""

from base64 import b64encode
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from schemas.fields import format_moment
from services.reads.models import Moment
from services.store.store import Store
from services.store.unprocessable import Numbered
from services.web import addresses
from services.web.addresses import at
from services.web.formats import JSON, require_json
from services.web.problems import ProblemError, refuse_parameters

BEGINNING_BYTES = 1000
"""How much of each item a list shows: a whole one may be 12 MB."""
NUMBER_MAX = 2**53
Nummer = Annotated[int, Path(ge=1, le=NUMBER_MAX, description="1 is het oudste")]


class OnverwerkbaarVraag(BaseModel):
    """Welke berichten."""

    model_config = ConfigDict(extra="forbid")

    reden: str | None = Field(default=None, min_length=1, max_length=200, description="Alleen met deze tekst erin")
    na: int | None = Field(default=None, ge=1, le=NUMBER_MAX, description="`volgende` uit het vorige antwoord")
    aantal: Annotated[int, Field(ge=1, le=1000, description="Hoeveel regels hoogstens")] = 50


class Geweigerd(BaseModel):
    """Een bericht, of een gebeurtenis uit een batch, die niet aangenomen kon worden."""

    nummer: int = Field(description="1 is het oudste; een nummer blijft")
    ontvangenOp: Moment
    topic: str
    partitie: int
    offset: int
    index: int = Field(description="De hoeveelste gebeurtenis van het bericht, vanaf 0")
    reden: str
    lengte: int = Field(description="Aantal bytes van het origineel")
    inhoud: str = Field(description="De oorspronkelijke bytes in base64; in een lijst alleen het begin")


class GeweigerdeItems(BaseModel):
    """Het nieuwste eerst."""

    items: list[Geweigerd]
    volgende: int | None


def unprocessable_router(store: Store) -> APIRouter:
    """The routes to look at the unprocessable. One is offered again by an ordinary `POST /v1/gebeurtenissen`."""
    router = APIRouter(dependencies=[Depends(require_json)], tags=["beheer"])

    @at(router, addresses.ONVERWERKBAAR, response_model=GeweigerdeItems)
    def onverwerkbaar(vraag: Annotated[OnverwerkbaarVraag, Query()]) -> Response:
        """Wat niet aangenomen kon worden, het nieuwste eerst."""
        found = store.unprocessable.page(
            below=vraag.na, reason=vraag.reden or "", count=vraag.aantal + 1, bytes_max=BEGINNING_BYTES
        )
        shown = found[: vraag.aantal]
        more = shown[-1].number if len(found) > len(shown) else None
        return _json({"items": [_told(numbered) for numbered in shown], "volgende": more})

    @at(
        router,
        addresses.ONVERWERKBAAR_EEN,
        response_model=Geweigerd,
        responses={404: {"description": "Er is geen onverwerkbaar bericht met dit nummer."}},
        dependencies=[Depends(refuse_parameters)],
    )
    def onverwerkbaar_een(nummer: Nummer) -> Response:
        """Eén ervan, in zijn geheel."""
        numbered = store.unprocessable.one(nummer)
        if numbered is None:
            raise ProblemError(404, f"Er is geen onverwerkbaar bericht met nummer {nummer}.")
        return _json(_told(numbered))

    return router


def _told(numbered: Numbered) -> dict[str, Any]:
    item = numbered.item
    return {
        "nummer": numbered.number,
        "ontvangenOp": format_moment(item.ontvangen_op),
        "topic": item.topic,
        "partitie": item.place.partition,
        "offset": item.place.offset,
        "index": item.index,
        "reden": item.reason,
        "lengte": numbered.length,
        "inhoud": b64encode(item.raw).decode(),
    }


def _json(answer: dict[str, Any]) -> Response:
    return Response(orjson.dumps(answer), media_type=JSON)
