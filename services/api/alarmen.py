"""The alarms and the silences as they stood at K, and testing rules for alarms against history."""

from typing import Annotated, Literal

import orjson
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from schemas.data import Ernst
from schemas.fields import Moment, Regel, Strict, format_known
from services.access import caller_of
from services.api.answering import Responses, answer, with_positie
from services.api.pages import alarm_page
from services.api.params import AlarmVraag, StilteVraag, asked, asked_positie
from services.core.alarms.alarmen import Status
from services.core.alarms.bewaakt import telt_dagen
from services.core.alarms.stiltes import by_key
from services.reads import alarm_answers, answers, models
from services.reads.alarm_nu import Regelblik
from services.reads.alarmtoets import Toetsing
from services.reads.alarmtoets import alarmtoets as tested
from services.reads.question import Question, QuestionError
from services.reads.reader import Reader
from services.web import addresses
from services.web.addresses import at
from services.web.asked import filled_in, not_known_yet
from services.web.body import described, read_body
from services.web.formats import JSON, require_json
from services.web.problems import invalid, refuse_parameters, veldfouten


def add_alarmen(router: APIRouter, reader: Reader) -> None:
    """`GET /v1/alarmen` and `GET /v1/stiltes`."""

    @at(router, addresses.ALARMEN, response_model=models.Alarmen, tags=["alarmen"])
    def alarmen(request: Request, vraag: Annotated[AlarmVraag, Query()]) -> Response:
        """Alarmen zoals zij op bekendOp stonden, het nieuwste eerst."""
        question = asked(reader, request, vraag)
        named = reader.figures(question) if vraag.noemt_namen else None
        with reader.alarmboek(question) as boek:
            shown = reader.shown(boek.alarmen(), question.audience)
            page, volgende = alarm_page(shown, named, vraag)
            still_open, moment = by_key(shown), question.bekend_op
            head = {
                "bewaaktSinds": format_known(boek.sinds),
                "aantallen": alarm_answers.aantallen(shown, boek.stiltes, moment),
            }
            items = [alarm_answers.alarm_of_boek(boek, one, still_open, moment) for one in page]
        above = {one.onderwerp for one in page if one.open and telt_dagen(one.grootheid)}
        days = reader.overschrijdingen(above, question)
        seen = Regelblik(reader, question, page)
        for item, one in zip(items, page, strict=True):
            now = days.get(one.onderwerp) if one.open and telt_dagen(one.grootheid) else None
            item["overschrijding"] = None if now is None else answers.days_above(now)
            item.update(alarm_answers.van_nu(seen.nu(one, days)))
        head = answers.head(reader.herkomst(question)) | head
        return answer(request, question, head | {"items": items, "volgende": volgende})

    @at(router, addresses.STILTES, response_model=models.Stiltes, tags=["alarmen"])
    def stiltes(request: Request, vraag: Annotated[StilteVraag, Query()]) -> Response:
        """Stiltes zoals zij op bekendOp waren ingesteld, die het laatst eindigt eerst."""
        question = asked(reader, request, vraag)
        found = [alarm_answers.stilte(one, question.bekend_op) for one in reader.stiltes(question)]
        items = [one for one in found if vraag.status in (None, one["status"])]
        head = answers.head(reader.herkomst(question))
        return answer(request, question, head | {"items": items, "volgende": None})


class ToetsIn(Strict):
    """Welke regels, over welke tijd, met welke kennis."""

    regels: str = Field(min_length=1, max_length=60_000, description="De tekst van een bestand met regels (TOML)")
    van: Moment | None = Field(None, description="Begin. Zonder: 90 dagen voor tot")
    tot: Moment | None = Field(None, description="Einde, zelf niet meegeteld. Zonder: bekendOp, of nu")
    bekendOp: Moment | None = Field(None, description="Met wat toen bekend was; niet later dan nu. Zonder: nu")
    alleen: Annotated[list[Regel], Field(max_length=200)] = Field([], description="Alleen de regels met deze namen")
    positie: Annotated[str, Field(max_length=2000)] | None = Field(
        None, description="`positie` uit een eerder antwoord: tel alleen wat toen was opgeslagen"
    )


class Stap(models.Model):
    """In welke staat het alarm kwam, en wanneer."""

    status: Status
    sinds: models.Moment


class GetoetstAlarm(models.Model):
    """Een alarm zoals het geweest zou zijn."""

    regel: str
    voorRegel: str | None = Field(description="Van te-weinig-gegevens: de regel die niet kon oordelen")
    onderwerp: str = Field(description="NL, of het id of de code van een locatie of gemeente")
    onderwerpNaam: str | None
    ernst: Ernst
    wachtendSinds: models.Moment | None = Field(description="null als het meteen afging")
    actiefSinds: models.Moment | None = Field(description="Wanneer het afging; null als het op tot nog wachtte")
    hersteldOp: models.Moment | None = Field(description="null als het op tot nog niet over was")
    duurSeconden: int | None = Field(description="Van actiefSinds tot hersteldOp, of tot tot")
    waarde: float | str | None = Field(description="Toen het afging, of begon te wachten; null: niet bekend")
    uiterste: float | str | None = Field(description="Het ergste voorbij de drempel; null: steeds niet bekend")
    verloop: list[Stap]


class GetoetsteRegel(models.Model):
    """Wat een regel zou hebben gedaan, alle keren geteld."""

    regel: str
    voorRegel: str | None = Field(description="Van te-weinig-gegevens: de regel die niet kon oordelen")
    grootheid: str
    omschrijving: str
    richting: Literal["boven", "onder"]
    drempel: float | str | None = Field(description="null van te-weinig-gegevens")
    aantal: int = Field(description="Hoe vaak het afging")
    duurSeconden: int = Field(description="Hoe lang het een alarm was, alle keren samen")
    langsteSeconden: int = Field(description="Hoe lang de langste keer")
    alleenGewacht: int = Field(description="Hoe vaak het wachtte en ophield voordat het afging")
    wacht: int = Field(description="Over hoeveel onderwerpen het op tot nog wachtte")


class NietTeToetsen(models.Model):
    """Een regel waarvan het verleden niet uit het logboek volgt."""

    regel: str
    reden: str


class Alarmtoets(models.Grond):
    """Wanneer elk alarm zou zijn afgegaan en geëindigd, als er elk ogenblik was gekeken."""

    van: models.Moment
    tot: models.Moment
    bekendOp: models.Moment = Field(description=models.KNOWN_WHEN)
    regels: list[GetoetsteRegel]
    nietTeToetsen: list[NietTeToetsen]
    alarmen: list[GetoetstAlarm] = Field(description="Per regel, die het eerst begon eerst")
    meer: int = Field(ge=0, description="Hoeveel alarmen hier niet staan; van elke regel de laatste")


def alarmtoets_router(reader: Reader) -> APIRouter:
    """`POST /v1/alarmtoetsen`: a question, though it takes a body."""
    router = APIRouter(tags=["alarmen"], dependencies=[Depends(require_json), Depends(refuse_parameters)])
    said: Responses = {415: {"description": f"Stuur {JSON}."}, 413: {"description": "Te groot."}}

    @at(router, addresses.ALARMTOETSEN, response_model=Alarmtoets, responses=said, openapi_extra=described(ToetsIn))
    async def alarmtoets(request: Request) -> Response:
        """Alarmregels toetsen aan de geschiedenis: wanneer zou elk zijn afgegaan, en wanneer was het over?"""
        wanted = await run_in_threadpool(_wanted, reader, request, await read_body(request, ToetsIn))
        answered = await run_in_threadpool(tested, reader, wanted)
        return Response(orjson.dumps(with_positie(request, wanted.question, answered)), media_type=JSON)

    return router


def _wanted(reader: Reader, request: Request, asked_in: ToetsIn) -> Toetsing:
    """Raises ProblemError 400 with everything that is wrong."""
    now = reader.clock()
    fouten = not_known_yet(now, bekendOp=asked_in.bekendOp)
    point = filled_in(asked_in.bekendOp, asked_in.bekendOp, now)
    question = Question(*point, now, caller_of(request).audience, asked_positie(reader, request, asked_in.positie))
    try:
        wanted = Toetsing.asked(question, asked_in.regels, asked_in.alleen, asked_in.van, asked_in.tot)
    except QuestionError as error:
        raise invalid([*fouten, *veldfouten(error)]) from error
    if fouten:
        raise invalid(fouten)
    return wanted
