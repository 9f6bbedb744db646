"""`POST /v1/vergelijkingen`: what events would do, without storing any."""

from typing import Any, Literal

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from services.access import Caller, Right, caller_of
from services.access.refusals import lacks
from services.api.answering import Responses, with_positie
from services.ingest.proef import VergelijkingIn, proef
from services.reads import models
from services.reads.reader import Reader
from services.web.addresses import VERGELIJKEN, at
from services.web.body import as_model, described, read_json
from services.web.edge import BODY_BYTES_MAX
from services.web.formats import JSON, require_json
from services.web.problems import refuse_parameters

Uitkomst = Literal["nieuw", "gelijk", "wijkt af", "geweigerd"]


class Vervangen(models.Model):
    """Wat nu geldt en zou worden vervangen."""

    register_: str = Field(alias="register")
    waarde: Any
    geldigVanaf: models.Moment
    vastgelegdOp: models.Moment
    gebeurtenisId: str | None = Field(description="null: een andere gebeurtenis uit dit verzoek")
    zin: str


class Veldfout(models.Model):
    """Wat er mis is, en wat goed zou zijn."""

    veld: str
    melding: str


class Rij(models.Model):
    """Wat één gebeurtenis zou doen."""

    index: int = Field(ge=0, description="De hoeveelste gebeurtenis van het verzoek, vanaf 0")
    uitkomst: Uitkomst = Field(
        description="nieuw: hierover is nog niets gezegd; gelijk: dit geldt al, dus niet insturen; wijkt af: dit "
        "vervangt wat geldt; geweigerd: dit kan niet"
    )
    time: models.Moment | None = Field(
        description="De time waarmee de gebeurtenis wint; null als er niets in te sturen is"
    )
    data: Any = Field(description="data om in te sturen: zoals gegeven, met beschikbaarVanaf waar plaatsen doorlopen")
    vervangt: list[Vervangen]
    zin: str | None = Field(description="Wat de gebeurtenis zegt; null als zij niet te lezen is, of zonder zinnen")
    fouten: list[Veldfout]


class Aantallen(models.Model):
    """Hoeveel gebeurtenissen van elke uitkomst."""

    nieuw: models.Aantal
    gelijk: models.Aantal
    wijktAf: models.Aantal
    geweigerd: models.Aantal


class Verandering(models.Model):
    """Een cijfer dat zou veranderen."""

    onderwerp: str
    onderwerpNaam: str
    grootheid: str
    label: str
    van: bool | int | float | str | None
    naar: bool | int | float | str | None


class Verdwenen(models.Model):
    """Een gebeurtenis die nog geldt, over wat de bron niet meer noemt; intrekken doet alleen wie dat zelf doet."""

    gebeurtenisId: str
    type: str
    subject: str
    register_: str = Field(alias="register")
    waarde: Any
    zin: str
    geldigVanaf: models.Moment


class Vergelijking(models.Kop, models.Omvattend):
    """Wat gebeurtenissen zouden doen; er is niets opgeslagen."""

    rijen: list[Rij]
    aantallen: Aantallen
    cijfers: list[Verandering] | None = Field(
        description="Alleen de cijfers die zouden veranderen, op geldigOp; null als er niet om is gevraagd"
    )
    later: int = Field(ge=0, description="Hoeveel gebeurtenissen om in te sturen pas na geldigOp ingaan of bekend zijn")
    verdwenen: list[Verdwenen]


def vergelijkingen_router(reader: Reader) -> APIRouter:
    """The dry run: a question, though it takes a body."""
    router = APIRouter(tags=["gebeurtenissen"], dependencies=[Depends(require_json), Depends(refuse_parameters)])
    said: Responses = {415: {"description": f"Stuur {JSON}."}, 413: {"description": "Te groot."}}

    @at(router, VERGELIJKEN, response_model=Vergelijking, responses=said, openapi_extra=described(VergelijkingIn))
    async def vergelijking(request: Request) -> Response:
        """Gebeurtenissen vergelijken met wat geldt: wat zou elk doen? Er wordt niets opgeslagen."""
        caller = caller_of(request)
        if not caller.may(Right.READ):
            raise lacks(caller, Right.READ)
        body = await read_json(request, BODY_BYTES_MAX)
        return await run_in_threadpool(_answer, reader, request, caller, body)

    return router


def _answer(reader: Reader, request: Request, caller: Caller, body: bytes) -> Response:
    question, said = proef(reader, caller, as_model(body, VergelijkingIn))
    request.state.sealed = reader.store.sealed
    return Response(orjson.dumps(with_positie(request, question, said)), media_type=JSON)
