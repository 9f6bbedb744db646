"""`/v1/ontvangers`: who receives alarms, how that goes, what is waiting, and sending again what was given up."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from schemas.events import AlarmGemeld
from schemas.fields import Json, format_known, format_moment
from schemas.ontvangers import Ontvanger
from services.access import audit, caller_of
from services.alarms.acts import Acts, pseudonym
from services.core.alarms.alarmen import kind_of
from services.core.alarms.bezorging import Bezorging, switch, te_bezorgen
from services.core.alarms.boek import Alarmboek
from services.core.alarms.bundels import zendingen
from services.eventlog.producer import Producer, new_id
from services.reads.question import question_of_now
from services.reads.reader import Reader
from services.web.addresses import HERZENDEN, ONTVANGER, ONTVANGERS, at
from services.web.formats import JSON, require_json
from services.web.problems import ProblemError, refuse_parameters

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


def receivers_router(reader: Reader, producer: Producer, ontvangers: Sequence[Ontvanger]) -> APIRouter:
    """Returns the routes under `/v1/ontvangers`."""
    router = APIRouter(tags=["alarmen"], dependencies=[Depends(require_json), Depends(refuse_parameters)])
    said = Acts(reader, producer)
    by_name = {ontvanger.naam: ontvanger for ontvanger in ontvangers}
    name = Annotated[str, Path(description="Naam van de ontvanger, zoals in het bestand")]

    def of(naam: str) -> Ontvanger:
        if naam not in by_name:
            raise ProblemError(404, f"Er is geen ontvanger {naam[:60]!r}; zie {ONTVANGERS.path}.")
        return by_name[naam]

    def stand(one: Ontvanger, request: Request) -> tuple[Json, list[Json]]:
        now, audience = reader.clock(), caller_of(request).audience
        with reader.alarmboek(question_of_now(now, audience)) as boek:
            # Asked while nothing more is heard, so what was shielded meanwhile is not counted.
            hidden, not_shown = reader.shielded(), reader.hidden_from(audience)
            to_do, _ = te_bezorgen(boek.alarmen(), boek.bezorgd, [one], boek.stiltes, hidden, now)
            waiting = [bezorging for bezorging in to_do if bezorging.alarm.onderwerp not in not_shown]
            failed = [row for row in _given_up(boek, one) if row["onderwerp"] not in not_shown]
            told = [said for (naam, _), said in boek.bezorgd.last.items() if naam == one.naam]
            shown = [said for said in told if said.subject not in not_shown]
            head = _described(one, boek, shown, len(waiting), len(failed))
            listed = [
                _waiting(bezorging, zending.vanaf, boek)
                for zending in zendingen(waiting)
                for bezorging in zending.leden
            ]
        return head, listed + failed

    @at(router, ONTVANGERS, response_model=OntvangerLijst)
    def ontvangers_tonen(request: Request) -> Response:
        """Wie alarmen ontvangt, en hoe dat gaat."""
        return _json({"items": [stand(one, request)[0] for one in by_name.values()], "volgende": None}, 200)

    @at(router, ONTVANGER, response_model=OntvangerMetMeldingen, responses=_UNKNOWN)
    def ontvanger_tonen(request: Request, naam: name) -> Response:
        """Eén ontvanger, met wat nog niet is bezorgd."""
        head, meldingen = stand(of(naam), request)
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
        one, caller = of(naam), caller_of(request)
        before, _ = await asyncio.to_thread(stand, one, request)
        now = reader.clock()
        event = switch(
            naam, actief=True, reden="opnieuw sturen gevraagd", door=pseudonym(caller), own_id=new_id(now), now=now
        )
        status = await said(event)
        audit.act(request, caller, "opnieuw sturen", ontvanger=naam)
        return _json({"ontvanger": naam, "opnieuw": before["mislukt"]}, status)

    return router


def _described(one: Ontvanger, boek: Alarmboek, own: Sequence[AlarmGemeld], waiting: int, failed: int) -> Json:
    """`own`: what was told to it, as far as the caller may know. `waiting`, `failed`: how many of those it may see."""
    off = boek.bezorgd.off(one.naam)
    taken = [event.time for event in own if event.data.uitkomst == "bezorgd"]
    failures = [event for event in own if event.data.uitkomst in ("uitgesteld", "opgegeven")]
    last = max(failures, key=lambda event: event.time, default=None)
    return {
        "naam": one.naam,
        "soort": one.soort,
        "adres": one.adres,
        "regels": one.regels,
        "ernst": one.ernst,
        "vertrouwelijk": one.vertrouwelijk,
        "zietAfgeschermd": one.vertrouwelijk,
        "bevestigingen": one.bevestigingen,
        "bundel": {ernst: int(wait.total_seconds()) for ernst, wait in one.bundel.items() if wait},
        "ingeschakeld": off is None,
        "reden": off.data.reden if off else None,
        "laatsteSucces": format_known(max(taken, default=None)),
        "wachtend": waiting,
        "mislukt": failed,
        "laatsteFout": last.data.fout if last else None,
    }


def _waiting(bezorging: Bezorging, due: datetime, boek: Alarmboek) -> Json:
    said = boek.bezorgd.of(bezorging.ontvanger.naam, bezorging.overgang.id)
    return {
        "alarmId": bezorging.alarm.id,
        "overgang": bezorging.overgang.id,
        "soort": kind_of(bezorging.alarm, bezorging.overgang.id),
        "regel": bezorging.alarm.regel,
        "onderwerp": bezorging.alarm.onderwerp,
        "status": "wacht",
        "pogingen": bezorging.pogingen,
        "volgendePoging": format_moment(due),
        "fout": said.data.fout if said else None,
    }


def _given_up(boek: Alarmboek, one: Ontvanger) -> list[Json]:
    alarmen = {alarm.id: alarm for alarm in boek.alarmen()}
    found = []
    for said in boek.bezorgd.given_up(one.naam):
        alarm = alarmen.get(said.data.alarmId)
        if alarm is not None:
            found.append(
                {
                    "alarmId": alarm.id,
                    "overgang": said.data.overgang,
                    "soort": kind_of(alarm, said.data.overgang) or "",
                    "regel": alarm.regel,
                    "onderwerp": alarm.onderwerp,
                    "status": "mislukt",
                    "pogingen": said.data.poging,
                    "volgendePoging": None,
                    "fout": said.data.fout,
                }
            )
    return found


def _json(answer: Json, status: int) -> Response:
    return Response(orjson.dumps(answer), status, media_type=JSON)
