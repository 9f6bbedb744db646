"""`/v1/ontvangers`: who receives alarms, how that goes and what waits; sending again what was given up, and a test."""

from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from schemas.fields import Json, format_moment
from services.access import audit, caller_of
from services.alarms.deliver.stand import Ontvangers
from services.web.addresses import HERZENDEN, ONTVANGER, ONTVANGER_GESCHIEDENIS, ONTVANGERS, PROEFBERICHT, at
from services.web.formats import JSON, require_json
from services.web.problems import refuse_parameters

Naam = Annotated[str, Path(description="Naam van de ontvanger, zoals in het bestand")]
_BARE = [Depends(refuse_parameters)]
"""Of the addresses that take no parameters."""
_UNKNOWN: dict[int | str, dict[str, Any]] = {404: {"description": "Er is geen ontvanger met deze naam."}}


class OntvangerUit(BaseModel):
    """Een ontvanger van alarmen, zonder wat geheim is."""

    naam: str
    soort: str
    adres: str
    regels: list[str] = Field(description="Alleen alarmen van deze regels; leeg: van alle. Zo ook wat hieronder staat")
    ernst: list[str]
    onderwerpen: list[str] = Field(description="Alleen alarmen precies hierover")
    onderwerpenNietGenoemd: int = Field(description="Hoeveel onderwerpen hier niet staan: u kent ze niet, of niemand")
    provincies: list[str] = Field(description="Alleen alarmen over deze provincies, en over wat daarin ligt")
    gemeenten: list[str] = Field(description="Alleen alarmen over deze gemeenten, en over locaties daarin")
    locatiesoorten: list[str] = Field(description="Alleen alarmen over locaties van deze soort")
    vertrouwelijk: bool = Field(description="Hoort ook alarmen over afgeschermde locaties")
    zietAfgeschermd: bool = Field(description="Hetzelfde, onder de naam van eerder")
    toezicht: bool = Field(description="Hoort ook alarmen die alleen voor het toezicht op gemeenten zijn")
    bevestigingen: bool
    bundel: dict[str, int] = Field(description="Ernst → seconden die wordt gespaard voor er één bericht van komt")
    ingeschakeld: bool
    reden: str | None
    laatsteSucces: str | None
    wachtend: int
    mislukt: int
    laatsteFout: str | None
    laatsteFoutOp: str | None


class WijzigingUit(BaseModel):
    """Een ontvanger kwam, ging, krijgt andere alarmen, of werd in- of uitgeschakeld."""

    op: str
    reden: str
    door: str | None = Field(description="null: niemand, of wie het bestand wijzigde")
    ingeschakeld: bool


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


class Bestand(BaseModel):
    """Of het bestand van de ontvangers klopt. Klopt het niet, dan blijven de ontvangers van daarvoor gelden."""

    geldig: bool
    fout: str | None = Field(description="Wat er niet klopt; alleen voor wie alarmen mag bevestigen")


class OntvangerLijst(BaseModel):
    """Alle ontvangers."""

    bestand: Bestand
    items: list[OntvangerUit]
    volgende: None


class OntvangerMetMeldingen(OntvangerUit):
    """Een ontvanger, met wat nog niet is bezorgd."""

    meldingen: list[MeldingUit]
    wijzigingen: list[WijzigingUit] = Field(description="Wat er over de ontvanger zelf is gezegd, het nieuwste eerst")


class Melding(BaseModel):
    """Hoe het ging met het melden van één ding."""

    op: str = Field(description="Wanneer dit het laatst werd geprobeerd of tegengehouden")
    alarmId: str
    overgang: str = Field(description="De id van wat werd gemeld; van een webhook ook `webhook-id`, of in een bundel")
    soort: str = Field(description="actief, hersteld of bevestigd")
    regel: str
    ernst: str
    onderwerp: str
    uitkomst: Literal["bezorgd", "uitgesteld", "opgegeven", "onderdrukt"]
    pogingen: int
    volgendePoging: str | None
    fout: str | None = Field(
        description="Waarom het niet werd aangenomen. Bij onderdrukt: `stilte ID` of `alarm ID`, van wat het tegenhield"
    )


class Geschiedenis(BaseModel):
    """Wat een ontvanger is gemeld, het nieuwste eerst."""

    items: list[Melding]
    volgende: str | None


class GeschiedenisVraag(BaseModel):
    """Welk deel van de geschiedenis."""

    model_config = ConfigDict(extra="forbid")

    aantal: Annotated[int, Field(ge=1, le=1000, description="Hoeveel regels hoogstens")] = 100
    na: Annotated[str, Field(max_length=100, description="`volgende` uit het vorige antwoord")] | None = None


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
    router = APIRouter(tags=["alarmen"], dependencies=[Depends(require_json)])
    _add_acts(router, ontvangers)

    @at(router, ONTVANGERS, response_model=OntvangerLijst, dependencies=_BARE)
    def ontvangers_tonen(request: Request) -> Response:
        """Wie alarmen ontvangt, en hoe dat gaat."""
        caller = caller_of(request)
        items = [head for head, _ in ontvangers.standen(caller.audience)]
        return _json({"bestand": ontvangers.bestand(caller), "items": items, "volgende": None}, 200)

    @at(router, ONTVANGER, response_model=OntvangerMetMeldingen, responses=_UNKNOWN, dependencies=_BARE)
    def ontvanger_tonen(request: Request, naam: Naam) -> Response:
        """Eén ontvanger, met wat nog niet is bezorgd."""
        audience = caller_of(request).audience
        head, meldingen = ontvangers.stand(naam, audience)
        return _json(head | {"meldingen": meldingen, "wijzigingen": ontvangers.wijzigingen(naam, audience)}, 200)

    @at(router, ONTVANGER_GESCHIEDENIS, response_model=Geschiedenis, responses=_UNKNOWN)
    def geschiedenis(request: Request, naam: Naam, vraag: Annotated[GeschiedenisVraag, Query()]) -> Response:
        """Wat een ontvanger is gemeld: wanneer, en met welke uitkomst."""
        items, volgende = ontvangers.geschiedenis(naam, caller_of(request).audience, vraag.aantal, vraag.na)
        return _json({"items": items, "volgende": volgende}, 200)

    return router


def _add_acts(router: APIRouter, ontvangers: Ontvangers) -> None:
    @at(
        router,
        HERZENDEN,
        status_code=201,
        dependencies=_BARE,
        response_model=Herzending,
        responses=_UNKNOWN | {202: {"model": Herzending, "description": "Vastgelegd; het gebeurt zo."}},
    )
    async def herzenden(request: Request, naam: Naam) -> Response:
        """Weer inschakelen, en opnieuw sturen wat was opgegeven."""
        status, many = await ontvangers.herzenden(naam, caller_of(request))
        audit.act(request, caller_of(request), "opnieuw sturen", ontvanger=naam)
        return _json({"ontvanger": naam, "opnieuw": many}, status)

    @at(router, PROEFBERICHT, status_code=201, response_model=Proefbericht, responses=_UNKNOWN, dependencies=_BARE)
    async def proefbericht(request: Request, naam: Naam) -> Response:
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


def _json(answer: Json, status: int) -> Response:
    return Response(orjson.dumps(answer), status, media_type=JSON)
