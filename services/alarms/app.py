"""What operators do about alarms: take one up, or silence some for a while. Each act is an event, and audited."""

import asyncio
from datetime import datetime, timedelta
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from schemas.alarm_data import BevestigingData, StilteData
from schemas.events import AlarmBevestigd, StilteBeeindigd, StilteIngesteld
from schemas.fields import ElkOnderwerp, Moment, Regel, Strict, Tekst, format_moment
from services.access import Caller, audit, caller_of
from services.alarms.acts import Acts, pseudonym
from services.core.alarms.alarmen import Alarm, envelope
from services.core.alarms.stiltes import Stilte
from services.core.registers import LANDELIJK, SubjectKind
from services.eventlog.producer import Producer, new_id
from services.reads import alarm_answers, models
from services.reads.question import question_of_now
from services.reads.reader import Reader
from services.web.addresses import ALARM_BEVESTIGEN, STILTE_BEEINDIGEN, STILTE_INSTELLEN, at
from services.web.body import described, read_body
from services.web.formats import JSON, require_json
from services.web.problems import ProblemError, Veldfout, invalid, refuse_parameters

STILTE_MAX = timedelta(days=366)
_GONE = "Er is geen alarm met dit id, of u mag het niet zien."


class BevestigingIn(Strict):
    """Wie dit stuurt heeft het alarm opgepakt."""

    notitie: Tekst | None = Field(None, description="Wat er wordt gedaan; nooit een naam van een mens")


class Bevestigd(BaseModel):
    """Een alarm dat is opgepakt."""

    alarmId: str
    bevestigdDoor: str
    bevestigdOp: str
    notitie: str | None


class StilteIn(Strict):
    """Waarover een tijd lang niets wordt gemeld; regel en onderwerp samen: alleen als beide kloppen."""

    regel: Regel | None = Field(None, description="Alleen alarmen van deze regel")
    onderwerp: ElkOnderwerp | None = Field(None, description="Alleen alarmen over dit onderwerp")
    vanaf: Moment | None = Field(None, description="Zonder: nu")
    tot: Moment = Field(description="Het eerste moment waarop weer wordt gemeld; hoogstens een jaar later")
    reden: Tekst = Field(description="Waarom; nooit een naam van een mens")


def alarm_router(reader: Reader, producer: Producer, rule_names: frozenset[str]) -> APIRouter:
    """Returns the routes under `/v1/alarmen` and `/v1/stiltes` that change something."""
    router = APIRouter(
        tags=["alarmen"],
        dependencies=[Depends(require_json), Depends(refuse_parameters)],
    )
    said = Acts(reader, producer)
    _add_confirming(router, reader, said)
    _add_silences(router, reader, said, rule_names)
    return router


def _add_confirming(router: APIRouter, reader: Reader, said: Acts) -> None:
    missing: dict[int | str, dict[str, Any]] = {
        202: {"model": Bevestigd, "description": "Vastgelegd; een volgende vraag laat het zo zien."},
        404: {"description": _GONE},
        409: {"description": "Het alarm is al voorbij."},
        415: {"description": f"Stuur {JSON}."},
    }

    @at(
        router,
        ALARM_BEVESTIGEN,
        status_code=201,
        response_model=Bevestigd,
        responses=missing,
        openapi_extra=described(BevestigingIn),
    )
    async def bevestig(
        request: Request, own_id: Annotated[str, Path(alias="id", description="Id van het alarm")]
    ) -> Response:
        """Een alarm oppakken. Het blijft een alarm: wie bevestigt legt niets stil."""
        wanted = await read_body(request, BevestigingIn)
        caller, now = caller_of(request), reader.clock()
        alarm = await asyncio.to_thread(_alarm_of, reader, caller, own_id.lower(), now)
        if alarm.status == "hersteld":
            raise ProblemError(409, "Dit alarm is al voorbij; er valt niets meer op te pakken.", kind=_OVER)
        event = _confirmation(alarm, pseudonym(caller), wanted.notitie, now)
        status = await said(event)
        audit.act(request, caller, "alarm bevestigd", alarm=alarm.id, regel=alarm.regel)
        answer = {
            "alarmId": alarm.id,
            "bevestigdDoor": event.data.bevestigdDoor,
            "bevestigdOp": format_moment(event.time),
            "notitie": event.data.notitie,
        }
        return Response(orjson.dumps(answer), status, media_type=JSON)


def _add_silences(router: APIRouter, reader: Reader, said: Acts, rule_names: frozenset[str]) -> None:
    made: dict[int | str, dict[str, Any]] = {
        202: {"model": models.Stilte, "description": "Vastgelegd; een volgende vraag laat het zo zien."},
        415: {"description": f"Stuur {JSON}."},
    }
    ended: dict[int | str, dict[str, Any]] = {
        404: {"description": "Er is geen stilte met dit id."},
        409: {"description": "De stilte is al voorbij."},
    }

    @at(
        router,
        STILTE_INSTELLEN,
        status_code=201,
        response_model=models.Stilte,
        responses=made,
        openapi_extra=described(StilteIn),
    )
    async def stilte_instellen(request: Request) -> Response:
        """Een tijd lang over iets niets melden. De alarmen zelf blijven te zien."""
        wanted = await read_body(request, StilteIn)
        caller, now = caller_of(request), reader.clock()
        _check(wanted, rule_names, now)
        await asyncio.to_thread(_check_locatie, reader, caller, wanted.onderwerp)
        own_id = new_id(now)
        data = StilteData.model_validate(
            {
                "stilteId": own_id,
                "regel": wanted.regel,
                "onderwerp": wanted.onderwerp,
                "vanaf": format_moment(wanted.vanaf or now),
                "tot": format_moment(wanted.tot),
                "reden": wanted.reden,
                "doorWie": pseudonym(caller),
            }
        )
        said_by = StilteIngesteld.model_validate(
            envelope(StilteIngesteld, own_id, wanted.onderwerp or LANDELIJK, now)
            | {"data": data.model_dump(mode="json")}
        )
        status = await said(said_by)
        audit.act(request, caller, "stilte ingesteld", stilte=own_id, regel=wanted.regel, onderwerp=wanted.onderwerp)
        stilte = Stilte(own_id, data.regel, data.onderwerp, data.vanaf, data.tot, data.reden, data.doorWie, now)
        return Response(orjson.dumps(alarm_answers.stilte(stilte, now)), status, media_type=JSON)

    @at(router, STILTE_BEEINDIGEN, status_code=204, responses=ended)
    async def stilte_beeindigen(
        request: Request, own_id: Annotated[str, Path(alias="id", description="Id van de stilte")]
    ) -> Response:
        """Een stilte eerder laten eindigen. Wat was gezegd blijft bewaard."""
        caller, now = caller_of(request), reader.clock()
        stilte = await asyncio.to_thread(_stilte_of, reader, caller, own_id.lower(), now)
        if stilte.tot <= now:
            raise ProblemError(409, "Deze stilte is al voorbij.", kind=_OVER)
        said_then = {
            "stilteId": stilte.id,
            "regel": stilte.regel,
            "onderwerp": stilte.onderwerp,
            "reden": stilte.reden,
            "vanaf": format_moment(stilte.vanaf),
            "tot": format_moment(now),
            "doorWie": pseudonym(caller),
        }
        event = StilteBeeindigd.model_validate(
            envelope(StilteBeeindigd, new_id(now), stilte.onderwerp or LANDELIJK, now) | {"data": said_then}
        )
        await said(event)
        audit.act(request, caller, "stilte beëindigd", stilte=stilte.id)
        return Response(status_code=204)


_OVER = ("al-voorbij", "Al voorbij")


def _alarm_of(reader: Reader, caller: Caller, own_id: str, now: datetime) -> Alarm:
    found = next((one for one in reader.alarmen(question_of_now(now, caller.audience)) if one.id == own_id), None)
    if found is None:
        raise ProblemError(404, _GONE)
    return found


def _stilte_of(reader: Reader, caller: Caller, own_id: str, now: datetime) -> Stilte:
    found = next((one for one in reader.stiltes(question_of_now(now, caller.audience)) if one.id == own_id), None)
    if found is None:
        raise ProblemError(404, "Er is geen stilte met dit id.")
    return found


def _confirmation(alarm: Alarm, who: str, notitie: str | None, now: datetime) -> AlarmBevestigd:
    said = alarm.overgangen[-1].data.model_dump(mode="json", exclude_none=True)
    kept = {name: value for name, value in said.items() if name in BevestigingData.model_fields}
    data = kept | {"bevestigdDoor": who, "notitie": notitie}
    return AlarmBevestigd.model_validate(envelope(AlarmBevestigd, new_id(now), alarm.onderwerp, now) | {"data": data})


def _check_locatie(reader: Reader, caller: Caller, onderwerp: str | None) -> None:
    """Raises ProblemError 400 for a locatie that nobody knows, or that the caller may not meet: in the same words.

    Else the silence would show in the list when it is about the first, and not when it is about the second.
    """
    if onderwerp is not None and SubjectKind.LOCATIE.holds(onderwerp) and not reader.knows(onderwerp, caller.audience):
        melding = "is geen locatie die bekend is, of een die u niet mag zien"
        raise invalid([Veldfout(veld="onderwerp", melding=melding)])


def _check(wanted: StilteIn, rule_names: frozenset[str], now: datetime) -> None:
    """Raises ProblemError 400 with all that is wrong."""
    begin = wanted.vanaf or now
    fouten = []
    if wanted.regel is None and wanted.onderwerp is None:
        fouten.append(Veldfout(veld="regel", melding="ontbreekt, en onderwerp ook: alles stilleggen kan niet"))
    if wanted.regel is not None and wanted.regel not in rule_names:
        wel = ", ".join(sorted(rule_names))
        fouten.append(Veldfout(veld="regel", melding=f"is geen regel; wel: {wel}"))
    if wanted.tot <= max(begin, now):
        fouten.append(Veldfout(veld="tot", melding="moet later zijn dan nu, en dan vanaf"))
    elif wanted.tot - begin > STILTE_MAX:
        fouten.append(Veldfout(veld="tot", melding="ligt meer dan een jaar na vanaf; kies een eerder einde"))
    if fouten:
        raise invalid(fouten)
