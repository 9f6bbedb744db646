"""`POST /v1/alarmtoetsen`: what rules for alarms would have said of what is recorded, before anyone relies on them."""

import asyncio
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from schemas.alarmregels import AlarmRegel, read_regels
from schemas.data import Ernst
from schemas.fields import Moment, Regel, Strict, format_known, format_moment
from schemas.moments import from_micros
from schemas.reference import gemeenten
from schemas.toml_lines import BestandError
from services.access import caller_of
from services.api.params import not_known_yet
from services.core.alarms.toets import Episode, Toets, Uitkomst, niet_te_toetsen
from services.core.history.reeks import perioden
from services.core.history.verloop import Verloop
from services.reads import answers, models
from services.reads.lijnen import in_parts
from services.reads.reader import Reader
from services.store.position import Position
from services.web.body import described, read_body
from services.web.formats import JSON, require_json
from services.web.problems import Veldfout, invalid, refuse_parameters, unavailable

ALARMEN_MAX = 10_000
"""In one answer; all are counted."""
READINGS_MAX, READINGS_PART = 10_000_000, 500_000
"""In one test, which takes a minute and a half then; and of these at once, which is what the memory is for."""
WAITING_MAX = 4
"""One test runs at a time, as it takes memory and one of the cores: so many may wait for their turn."""
BACK = timedelta(days=90)
_REGELS = "regels"
_ONE_FAULT = re.compile(rf"\n(?={_REGELS}, regel \d+: )")


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

    status: Literal["wachtend", "actief", "herstellend", "hersteld"]
    sinds: models.Moment


class GetoetstAlarm(models.Model):
    """Een alarm zoals het geweest zou zijn."""

    regel: str
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
    grootheid: str
    omschrijving: str
    richting: Literal["boven", "onder"]
    drempel: float | str
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
    """A question, though it takes a body."""
    router = APIRouter(prefix="/v1", tags=["alarmen"], dependencies=[Depends(require_json), Depends(refuse_parameters)])
    said: dict[int | str, dict[str, Any]] = {415: {"description": f"Stuur {JSON}."}, 413: {"description": "Te groot."}}
    turn, there = asyncio.Lock(), 0

    @router.post("/alarmtoetsen", response_model=Alarmtoets, responses=said, openapi_extra=described(ToetsIn))
    async def alarmtoets(request: Request) -> Response:
        """Alarmregels toetsen aan de geschiedenis: wanneer zou elk zijn afgegaan, en wanneer was het over?"""
        nonlocal there
        wanted = Gevraagd(await read_body(request, ToetsIn), reader.clock())
        if there > WAITING_MAX:
            raise unavailable("Er wachten al toetsen; één tegelijk wordt uitgevoerd. Probeer het zo weer.")
        there += 1
        try:
            async with turn:
                answer = await run_in_threadpool(_answer, reader, request, wanted)
        finally:
            there -= 1
        return Response(orjson.dumps(answer), media_type=JSON)

    return router


class Gevraagd:
    """What a question comes down to. Raises ProblemError 400 with all that is wrong."""

    def __init__(self, asked: ToetsIn, now: datetime) -> None:
        self.positie = asked.positie
        self.bekend_op = asked.bekendOp or now
        self.tot = asked.tot or self.bekend_op
        self.van = asked.van or self.tot - BACK
        fouten = not_known_yet(now, bekendOp=asked.bekendOp)
        if self.van >= self.tot:
            fouten.append(Veldfout(veld="van", melding=f"moet voor het einde liggen, {format_moment(self.tot)}"))
        regels, wrong = _read(asked.regels)
        if regels:
            names = {regel.naam for regel in regels}
            wel = ", ".join(regel.naam for regel in regels)
            fouten += [
                Veldfout(veld=f"alleen.{number}", melding=f"is geen regel van dit bestand; wel: {wel}")
                for number, naam in enumerate(asked.alleen)
                if naam not in names
            ]
        if fouten or wrong:
            raise invalid([*fouten, *wrong])
        self.regels = [regel for regel in regels if not asked.alleen or regel.naam in asked.alleen]


def _read(text: str) -> tuple[Sequence[AlarmRegel], list[Veldfout]]:
    try:
        return read_regels(text, _REGELS), []
    except BestandError as error:
        begin = f"{_REGELS}, "
        return (), [Veldfout(veld=_REGELS, melding=one.removeprefix(begin)) for one in _ONE_FAULT.split(str(error))]


def _answer(reader: Reader, request: Request, wanted: Gevraagd) -> dict[str, Any]:
    caller = caller_of(request)
    toets, at = reader.unhidden(caller, lambda hidden: _tested(reader, wanted, hidden))
    outcomes = toets.outcome()
    shown = list(_shown(outcomes))
    head = answers.head(at.herkomst(wanted.bekend_op, wanted.bekend_op))
    del head["geldigOp"]
    return head | {
        "van": format_moment(wanted.van),
        "tot": format_moment(wanted.tot),
        "regels": [_outcome(one) for one in outcomes],
        "nietTeToetsen": [{"regel": naam, "reden": reden} for naam, reden in niet_te_toetsen(wanted.regels)],
        "alarmen": [_episode(one, toets.naam(one.onderwerp), wanted.tot) for one in shown],
        "meer": sum(one.aantal + one.wacht for one in outcomes) - len(shown),
    }


def _tested(reader: Reader, wanted: Gevraagd, hidden: frozenset[str]) -> tuple[Toets, Position]:
    """All of it read in parts, of one positie."""
    store, at, positie = reader.store, reader.store.position_of(wanted.positie), wanted.positie
    toets = Toets(wanted.regels, gemeenten(), wanted.van, wanted.tot, hidden)

    def show(
        see: Callable[[Verloop], None], van: datetime, tot: datetime, *, metingen: Collection[str] | None
    ) -> Position:
        """One part, of which nothing is held once it was seen."""
        verloop, at = store.verloop(van, tot, wanted.bekend_op, positie=positie, metingen=metingen)
        see(verloop)
        return at

    if toets.leest_metingen:
        _check_size(reader, wanted)
        for part in in_parts(store, perioden(wanted.van, wanted.tot, "dag"), READINGS_PART):
            at = show(toets.see, part[0], part[-1], metingen=None)
            positie = str(at)
    if toets.terugblik is not None:
        at = show(toets.see_naleving, wanted.van - toets.terugblik, wanted.tot, metingen=())
    return toets, at


def _check_size(reader: Reader, wanted: Gevraagd) -> None:
    """Raises ProblemError 400 when there are too many readings, with what is possible."""
    counts = reader.store.readings_count(wanted.van, wanted.tot)
    total = sum(count for _, count in counts)
    if total > READINGS_MAX:
        left = total
        for day, count in counts:
            left -= count
            if left <= READINGS_MAX:
                since = format_moment(from_micros(day) + timedelta(days=1))
                break
        melding = (
            f"geeft ongeveer {total} metingen, en een toets neemt er hoogstens {READINGS_MAX}; "
            f"dat kan vanaf {since}, of in stukken"
        )
        raise invalid([Veldfout(veld="van", melding=melding)])


def _shown(outcomes: Sequence[Uitkomst]) -> Iterator[Episode]:
    """The first alarms of each rule: as many as fit, so that a rule that goes off all the time hides no other."""
    counts = sorted(len(one.episodes) for one in outcomes)
    most, left = 0, ALARMEN_MAX
    for number, count in enumerate(counts):
        most = max(most, min(count, left // (len(counts) - number)))
        left -= min(count, most)
    for one in outcomes:
        yield from one.episodes[:most]


def _outcome(one: Uitkomst) -> dict[str, Any]:
    regel = one.regel
    return {
        "regel": regel.naam,
        "grootheid": regel.grootheid,
        "omschrijving": regel.omschrijving,
        "richting": regel.richting,
        "drempel": regel.getoonde_drempel,
        "aantal": one.aantal,
        "duurSeconden": int(one.duur.total_seconds()),
        "langsteSeconden": int(one.langste.total_seconds()),
        "alleenGewacht": one.alleen_gewacht,
        "wacht": one.wacht,
    }


def _episode(one: Episode, naam: str | None, tot: datetime) -> dict[str, Any]:
    active, over = one.actief_sinds, one.hersteld_op
    return {
        "regel": one.regel,
        "onderwerp": one.onderwerp,
        "onderwerpNaam": naam,
        "ernst": one.ernst,
        "wachtendSinds": format_known(one.wachtend_sinds),
        "actiefSinds": format_known(active),
        "hersteldOp": format_known(over),
        "duurSeconden": None if active is None else int(((over or tot) - active).total_seconds()),
        "waarde": one.waarde,
        "uiterste": one.uiterste,
        "verloop": [{"status": status, "sinds": format_moment(moment)} for status, moment in one.overgangen],
    }
