"""`/v1/ontvangers`: who receives alarms, how that goes and what waits; sending again what was given up, and a test."""

from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from schemas.fields import Json, format_moment
from services.access import audit, caller_of
from services.alarms.deliver.stand import Ontvangers
from services.web.addresses import HERZENDEN, ONTVANGER, ONTVANGERS, PROEFBERICHT, at
from services.web.formats import JSON, require_json
from services.web.problems import refuse_parameters

_UNKNOWN: dict[int | str, dict[str, Any]] = {404: {"description": "Er is geen ontvanger met deze naam."}}


class OntvangerUit(BaseModel):
    """Een ontvanger van alarmen, zonder wat geheim is."""

    naam: str
    soort: str
    adres: str
    regels: list[str]
    ernst: list[str]
    vertrouwelijk: bool = Field(description="Hoort ook alarmen over afgeschermde locaties")
    zietAfgeschermd: bool = Field(description="Hetzelfde, onder de naam van eerder")
    bevestigingen: bool
    bundel: dict[str, int] = Field(description="Ernst → seconden die wordt gespaard voor er één bericht van komt")
    ingeschakeld: bool
    reden: str | None
    laatsteSucces: str | None
    wachtend: int
    mislukt: int
    laatsteFout: str | None


class MeldingUit(BaseModel):
    """Iets dat nog niet is bezorgd."""

    alarmId: str
    overgang: str
    soort: str
    regel: str
    onderwerp: str
    status: str
    pogingen: int
    volgendePoging: str | None
    fout: str | None


class OntvangerLijst(BaseModel):
    """Alle ontvangers."""

    items: list[OntvangerUit]
    volgende: None


class OntvangerMetMeldingen(OntvangerUit):
    """Een ontvanger, met wat nog niet is bezorgd."""

    meldingen: list[MeldingUit]


class Herzending(BaseModel):
    """Wat opnieuw wordt gestuurd."""

    ontvanger: str
    opnieuw: int


class Proefbericht(BaseModel):
    """Een bericht dat zegt dat het een proef is, en wat de ontvanger ermee deed."""

    ontvanger: str
    id: str = Field(description="De id van het bericht; van een webhook ook `webhook-id`")
    op: str
    uitkomst: Literal["bezorgd", "mislukt"]
    httpStatus: int | None = Field(description="Wat de ontvanger antwoordde; null: er kwam geen antwoord")
    fout: str | None


def receivers_router(ontvangers: Ontvangers) -> APIRouter:
    """Returns the routes under `/v1/ontvangers`."""
    router = APIRouter(tags=["alarmen"], dependencies=[Depends(require_json), Depends(refuse_parameters)])
    name = Annotated[str, Path(description="Naam van de ontvanger, zoals in het bestand")]

    @at(router, ONTVANGERS, response_model=OntvangerLijst)
    def ontvangers_tonen(request: Request) -> Response:
        """Wie alarmen ontvangt, en hoe dat gaat."""
        audience = caller_of(request).audience
        items = [ontvangers.stand(naam, audience)[0] for naam in ontvangers.namen]
        return _json({"items": items, "volgende": None}, 200)

    @at(router, ONTVANGER, response_model=OntvangerMetMeldingen, responses=_UNKNOWN)
    def ontvanger_tonen(request: Request, naam: name) -> Response:
        """Eén ontvanger, met wat nog niet is bezorgd."""
        head, meldingen = ontvangers.stand(naam, caller_of(request).audience)
        return _json(head | {"meldingen": meldingen}, 200)

    @at(
        router,
        HERZENDEN,
        status_code=201,
        response_model=Herzending,
        responses=_UNKNOWN | {202: {"model": Herzending, "description": "Vastgelegd; het gebeurt zo."}},
    )
    async def herzenden(request: Request, naam: name) -> Response:
        """Weer inschakelen, en opnieuw sturen wat was opgegeven."""
        status, many = await ontvangers.herzenden(naam, caller_of(request))
        audit.act(request, caller_of(request), "opnieuw sturen", ontvanger=naam)
        return _json({"ontvanger": naam, "opnieuw": many}, status)

    @at(router, PROEFBERICHT, status_code=201, response_model=Proefbericht, responses=_UNKNOWN)
    async def proefbericht(request: Request, naam: name) -> Response:
        """Een bericht sturen dat zegt dat het een proef is, en horen wat de ontvanger ermee doet."""
        proef = await ontvangers.proef(naam)
        audit.act(request, caller_of(request), "proefbericht", ontvanger=naam, bezorgd=proef.tried.taken)
        return _json(
            {
                "ontvanger": naam,
                "id": proef.id,
                "op": format_moment(proef.op),
                "uitkomst": "bezorgd" if proef.tried.taken else "mislukt",
                "httpStatus": proef.tried.status,
                "fout": proef.tried.why or None,
            },
            201,
        )

    return router


def _json(answer: Json, status: int) -> Response:
    return Response(orjson.dumps(answer), status, media_type=JSON)
