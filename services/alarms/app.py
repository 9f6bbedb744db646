"""What operators do about alarms: take one up, or silence some for a while. Each act is an event, and audited."""

import asyncio
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from schemas.alarmregels import TE_WEINIG_GEGEVENS, van_toezicht
from schemas.fields import ElkOnderwerp, Moment, Regel, Strict, Tekst, format_moment
from services.access import Caller, audit, caller_of
from services.alarms.acts import Daden, Wens
from services.core.alarms.alarmen import Alarm
from services.core.alarms.stiltes import Stilte
from services.core.registers import SubjectKind
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


def alarm_router(daden: Daden) -> APIRouter:
    """Returns the routes under `/v1/alarmen` and `/v1/stiltes` that change something."""
    router = APIRouter(
        tags=["alarmen"],
        dependencies=[Depends(require_json), Depends(refuse_parameters)],
    )
    _add_confirming(router, daden)
    _add_silences(router, daden)
    return router


def _add_confirming(router: APIRouter, daden: Daden) -> None:
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
        caller = caller_of(request)
        alarm = await asyncio.to_thread(alarm_of, daden.reader, caller, own_id)
        status, (taken_up,) = await daden.oppakken(caller, [alarm], wanted.notitie)
        audit.act(request, caller, "alarm bevestigd", alarm=alarm.id, regel=alarm.regel)
        answer = {
            "alarmId": alarm.id,
            "bevestigdDoor": taken_up.door,
            "bevestigdOp": format_moment(taken_up.op),
            "notitie": taken_up.notitie,
        }
        return Response(orjson.dumps(answer), status, media_type=JSON)


def _add_silences(router: APIRouter, daden: Daden) -> None:
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
        caller = caller_of(request)
        regels = daden.regels(caller)
        check(wanted, regels.keys(), daden.reader.clock())
        await asyncio.to_thread(_check_locatie, daden.reader, caller, wanted.onderwerp)
        await asyncio.to_thread(_check_gebrek, daden.reader, caller, wanted)
        times = wanted.vanaf, wanted.tot, wanted.reden
        wens = Wens(wanted.regel, wanted.onderwerp, *times, regels.get(wanted.regel or ""))
        status, (stilte,) = await daden.stilleggen(caller, [wens])
        audit.act(request, caller, "stilte ingesteld", stilte=stilte.id, regel=stilte.regel, onderwerp=stilte.onderwerp)
        return Response(orjson.dumps(alarm_answers.stilte(stilte, daden.reader.clock())), status, media_type=JSON)

    @at(router, STILTE_BEEINDIGEN, status_code=204, responses=ended)
    async def stilte_beeindigen(
        request: Request, own_id: Annotated[str, Path(alias="id", description="Id van de stilte")]
    ) -> Response:
        """Een stilte eerder laten eindigen. Wat was gezegd blijft bewaard."""
        caller = caller_of(request)
        (stilte,) = await asyncio.to_thread(stiltes_of, daden.reader, caller, [own_id])
        await daden.beeindigen(caller, [stilte])
        audit.act(request, caller, "stilte beëindigd", stilte=stilte.id)
        return Response(status_code=204)


_OVER = ("al-voorbij", "Al voorbij")


def alarm_of(reader: Reader, caller: Caller, own_id: str) -> Alarm:
    """Returns an alarm that is not over, as the caller may see it. Raises ProblemError 404 or 409."""
    shown = reader.alarmen(question_of_now(reader.clock(), caller.audience))
    found = next((one for one in shown if one.id == own_id.lower()), None)
    if found is None:
        raise ProblemError(404, _GONE)
    if found.status == "hersteld":
        raise ProblemError(409, "Dit alarm is al voorbij; er valt niets meer op te pakken.", kind=_OVER)
    return found


def stiltes_of(reader: Reader, caller: Caller, ids: Iterable[str]) -> list[Stilte]:
    """Returns silences that are not over, as the caller may see them. Raises ProblemError 404 or 409."""
    now = reader.clock()
    shown = {one.id: one for one in reader.stiltes(question_of_now(now, caller.audience))}
    found = []
    for own_id in ids:
        stilte = shown.get(own_id.lower())
        if stilte is None:
            raise ProblemError(404, "Er is geen stilte met dit id.")
        if stilte.tot <= now:
            raise ProblemError(409, "Deze stilte is al voorbij.", kind=_OVER)
        found.append(stilte)
    return found


def _check_locatie(reader: Reader, caller: Caller, onderwerp: str | None) -> None:
    """Raises ProblemError 400 for a locatie that nobody knows, or that the caller may not meet: in the same words.

    Else the silence would show in the list when it is about the first, and not when it is about the second.
    """
    if onderwerp is not None and SubjectKind.LOCATIE.holds(onderwerp) and not reader.knows(onderwerp, caller.audience):
        melding = "is geen locatie die bekend is, of een die u niet mag zien"
        raise invalid([Veldfout(veld="onderwerp", melding=melding)])


def _check_gebrek(reader: Reader, caller: Caller, wanted: StilteIn) -> None:
    """Raises ProblemError 400 for a silence of a lack of data that only the toezicht may know of.

    It would be there for everybody to see. One by the name of the rule that can't judge is there for the toezicht.
    """
    if wanted.regel != TE_WEINIG_GEGEVENS or wanted.onderwerp is None:
        return
    shown = reader.alarmen(question_of_now(reader.clock(), caller.audience))
    lacking = {
        one.voor_regel
        for one in shown
        if one.open and one.voor_regel and one.onderwerp == wanted.onderwerp and van_toezicht(one.grootheid)
    }
    if lacking:
        wel = " of ".join(sorted(lacking))
        melding = (
            f"zou aan ieder zeggen wat alleen voor het toezicht is; leg de regel stil die niet kan oordelen: {wel}"
        )
        raise invalid([Veldfout(veld="regel", melding=melding)])


def check(wanted: StilteIn, rule_names: Collection[str], now: datetime) -> None:
    """Raises ProblemError 400 with all that is wrong."""
    fouten = []
    if wanted.regel is None and wanted.onderwerp is None:
        fouten.append(Veldfout(veld="regel", melding="ontbreekt, en onderwerp ook: alles stilleggen kan niet"))
    if wanted.regel is not None and wanted.regel not in rule_names:
        wel = ", ".join(sorted(rule_names))
        fouten.append(Veldfout(veld="regel", melding=f"is geen regel; wel: {wel}"))
    if (melding := einde_fout(wanted.vanaf, wanted.tot, now)) is not None:
        fouten.append(Veldfout(veld="tot", melding=melding))
    if fouten:
        raise invalid(fouten)


def einde_fout(vanaf: datetime | None, tot: datetime, now: datetime) -> str | None:
    """Returns what is wrong with the end of a silence; None when nothing is."""
    begin = vanaf or now
    if tot <= max(begin, now):
        return "moet later zijn dan nu" if vanaf is None else "moet later zijn dan nu, en dan vanaf"
    if tot - begin > STILTE_MAX:
        return f"ligt meer dan een jaar na {'nu' if vanaf is None else 'vanaf'}; kies een eerder einde"
    return None
