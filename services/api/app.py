"""The reads of the API: which address asks what. Each asks once, and answers from the figures that it got."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from schemas.fields import Json, format_moment, parse_moment
from schemas.ids import is_uuid
from schemas.reference import PROVINCIES
from services.access import caller_of
from services.api.alarmen import add_alarmen, alarmtoets_router
from services.api.answering import LocatieInPath, Responses, answer, choose_form
from services.api.catalogus import catalogus_router
from services.api.pages import gemeente_page, locatie_page, provincie_page, unknown_locaties
from services.api.params import (
    CyclusVraag,
    GemeenteVraag,
    LocatieVraag,
    LogVraag,
    NalevingVraag,
    ProvincieVraag,
    TelregelVraag,
    Vraag,
    asked,
    read_cursor,
    write_cursor,
    wrong_cursor,
)
from services.api.reeksen import add_reeksen, add_vooruitblik
from services.api.toezicht import add_toezicht
from services.api.vergelijkingen import vergelijkingen_router
from services.api.verklaringen import add_aansluiting, add_definities, add_verklaringen, add_verschillen
from services.export import FORMATS
from services.reads import answers, derived_models, models, rapporten, telregels
from services.reads.controle import code_of
from services.reads.gemeentebrief import brief, nobody
from services.reads.question import NotKnownError, Question
from services.reads.reader import Reader
from services.store.position import Position
from services.store.turns import Turns
from services.web import addresses
from services.web.addresses import at
from services.web.publicatie import controle_at, gebruik

# Any text: what can't be the id of anything is not there either, so 404 and not 400.
GemeenteInPath = Annotated[str, Path(description="Code van CBS", examples=["GM0344"])]
ProvincieInPath = Annotated[str, Path(description="Code van CBS", examples=["PV26"])]
EventInPath = Annotated[str, Path(alias="id", description="Id van de gebeurtenis, een UUID")]
_READ: Responses = {
    200: {"content": {form.media_type: {"schema": {"type": "string"}} for form in FORMATS.values()}},
    304: {"description": "Niet veranderd sinds het antwoord met deze ETag (alleen bij een bekendOp in het verleden)."},
}
_ONE: Responses = _READ | {404: {"description": "Niet bekend op dit moment, met deze kennis."}}


def api_router(reader: Reader) -> APIRouter:
    """All reads under `/v1`."""
    router = APIRouter(dependencies=[Depends(choose_form)], responses=_READ)
    _add_landelijk(router, reader)
    _add_figures(router, reader)
    _add_locaties(router, reader)
    _add_log(router, reader)
    add_toezicht(router, reader)
    add_verklaringen(router, reader)
    add_verschillen(router, reader)
    add_reeksen(router, reader)
    add_vooruitblik(router, reader)
    add_alarmen(router, reader)
    add_aansluiting(router, reader)
    add_definities(router, reader)
    _add_rapporten(router, reader)
    router.routes.extend(catalogus_router(reader).routes)  # in forms of its own
    for json_only in (alarmtoets_router(reader), vergelijkingen_router(reader)):
        router.routes.extend(json_only.routes)  # without choosing a form
    return router


def _add_landelijk(router: APIRouter, reader: Reader) -> None:
    """The figure that is asked for most. Callers that ask for it at the same time share one answer."""

    def landelijk(question: Question) -> tuple[Question, Json]:
        reader.store.sealed.load()  # The first time it asks the store. The loop, which seals the answer, has no time.
        # While this one waited, another may have brought the figures past the moment of asking.
        if question.follows_new_events:
            question = question.moved_to(reader.clock())
        return question, answers.landelijk(reader.totalen(question))

    turns = Turns(landelijk, latest=Question.latest, alike=lambda question: question.cache_key)

    @at(router, addresses.BEZETTING, response_model=models.Bezetting, tags=["bezetting"])
    async def bezetting(request: Request, vraag: Annotated[Vraag, Query()]) -> Response:
        """Landelijke bezetting."""
        if vraag.positie is None:
            question = asked(reader, request, vraag)
        else:  # To open one may ask the store.
            question = await run_in_threadpool(asked, reader, request, vraag)
        if question.follows_new_events:
            question, said = await turns.awaited(question)
        else:
            question, said = await run_in_threadpool(turns.after, question)
        if request.state.form is None:
            return answer(request, question, said)
        return await run_in_threadpool(answer, request, question, said)


def _add_figures(router: APIRouter, reader: Reader) -> None:
    @at(router, addresses.NALEVING, response_model=models.Naleving, responses=_ONE, tags=["naleving"])
    def naleving(request: Request, vraag: Annotated[NalevingVraag, Query()]) -> Response:
        """Naleving van de Spreidingswet: aantallen per klasse, en elke gemeente."""
        question = asked(reader, request, vraag)
        cijfers = reader.totalen(question)
        if vraag.cyclus is not None and cijfers.cyclus is None:
            raise NotKnownError("cyclus", vraag.cyclus, question)
        return answer(request, question, answers.naleving(cijfers))

    @at(
        router, addresses.NALEVING_TELREGELS, response_model=derived_models.Telregels, responses=_ONE, tags=["naleving"]
    )
    def naleving_telregels(request: Request, vraag: Annotated[CyclusVraag, Query()]) -> Response:
        """De naleving volgens elke telregel van de cyclus, en welke gemeenten daardoor in een andere klasse vallen."""
        question = asked(reader, request, vraag)
        return answer(request, question, telregels.naast_elkaar(reader, question))

    @at(router, addresses.GEMEENTEN, response_model=models.Gemeenten, responses=_ONE, tags=["naleving"])
    def gemeenten(request: Request, vraag: Annotated[GemeenteVraag, Query()]) -> Response:
        """Gemeenten, met hun opgave en hun bezetting."""
        question = asked(reader, request, vraag)
        cijfers = reader.totalen(question)
        return answer(request, question, answers.gemeenten(cijfers, *gemeente_page(cijfers, vraag)))

    @at(router, addresses.GEMEENTE, response_model=models.Gemeente, responses=_ONE, tags=["naleving"])
    def gemeente(request: Request, code: GemeenteInPath, vraag: Annotated[TelregelVraag, Query()]) -> Response:
        """Eén gemeente."""
        question = asked(reader, request, vraag)
        cijfers = reader.totalen(question)
        row = next((row for row in cijfers.naleving if row.gemeente.code == code), None)
        if row is None:
            raise NotKnownError("gemeente", code, question, successor=cijfers.indeling.current(code))
        return answer(request, question, answers.gemeente(cijfers, row))

    @at(router, addresses.PROVINCIES, response_model=models.Provincies, responses=_ONE, tags=["bezetting"])
    def provincies(request: Request, vraag: Annotated[ProvincieVraag, Query()]) -> Response:
        """De twaalf provincies."""
        question = asked(reader, request, vraag)
        cijfers = reader.totalen(question)
        return answer(request, question, answers.provincies(cijfers, *provincie_page(cijfers, vraag)))

    @at(router, addresses.PROVINCIE, response_model=models.Provincie, responses=_ONE, tags=["bezetting"])
    def provincie(request: Request, code: ProvincieInPath, vraag: Annotated[TelregelVraag, Query()]) -> Response:
        """Eén provincie."""
        question = asked(reader, request, vraag)
        cijfers = reader.totalen(question)
        if code not in PROVINCIES:
            raise NotKnownError("provincie", code, question)
        return answer(request, question, answers.provincie(cijfers, code))


def _add_locaties(router: APIRouter, reader: Reader) -> None:
    @at(router, addresses.LOCATIES, response_model=models.Locaties, tags=["locaties"])
    def locaties(request: Request, vraag: Annotated[LocatieVraag, Query()]) -> Response:
        """Locaties, een bladzijde tegelijk."""
        question = asked(reader, request, vraag)
        cijfers = reader.figures(question)
        page, volgende = locatie_page(cijfers, vraag)
        onbekend = unknown_locaties(cijfers, vraag)
        days = reader.breaches(cijfers, page + onbekend)
        listed = {
            name: [answers.locatie_row(cijfers, locatie, days.get(locatie.id)) for locatie in rows]
            for name, rows in (("items", page), ("onbekend", onbekend))
        }
        return answer(
            request,
            question,
            answers.head(cijfers.herkomst) | {"omvat": cijfers.omvat} | listed | {"volgende": volgende},
        )

    @at(router, addresses.LOCATIE, response_model=models.Locatie, responses=_ONE, tags=["locaties"])
    def locatie(request: Request, own_id: LocatieInPath, vraag: Annotated[Vraag, Query()]) -> Response:
        """Eén locatie."""
        question = asked(reader, request, vraag)
        reader.check_locatie(own_id, question)
        cijfers = reader.figures(question)
        found = next((locatie for locatie in cijfers.locaties if locatie.id == own_id), None)
        if found is None:
            raise NotKnownError("locatie", own_id, question)
        days = reader.breaches(cijfers, [found])
        return answer(request, question, answers.locatie(cijfers, found, days.get(found.id)))


def _add_log(router: APIRouter, reader: Reader) -> None:
    def head(question: Question, at: Position) -> Json:
        return answers.head(at.herkomst(*question.point))

    @at(router, addresses.LOGBOEK, response_model=models.Logboek, tags=["gebeurtenissen"])
    def logboek(request: Request, vraag: Annotated[LogVraag, Query()]) -> Response:
        """Het logboek: elke opgeslagen gebeurtenis, oudste `time` eerst."""
        question = asked(reader, request, vraag)
        found, at = reader.log(
            question,
            subject=vraag.onderwerp,
            type=vraag.type,
            source=vraag.bron,
            na=None if vraag.na is None else _log_place(vraag.na),
            aantal=vraag.aantal + 1,
        )
        page = found[: vraag.aantal]
        more = len(found) > len(page)
        volgende = write_cursor([format_moment(page[-1].time), page[-1].id]) if more else None
        items = [answers.log_entry(entry) for entry in page]
        return answer(request, question, head(question, at) | {"items": items, "volgende": volgende})

    @at(router, addresses.GEBEURTENIS, response_model=models.GebeurtenisAlleen, responses=_ONE, tags=["gebeurtenissen"])
    def gebeurtenis(request: Request, own_id: EventInPath, vraag: Annotated[Vraag, Query()]) -> Response:
        """Eén gebeurtenis, zoals zij is opgeslagen."""
        question = asked(reader, request, vraag)
        if not is_uuid(own_id.lower()):
            raise NotKnownError("gebeurtenis", own_id, question)
        reads_back = caller_of(request).reads_back if vraag.omvat is None else None
        entry, at = reader.event_of(question, own_id.lower(), reads_back)
        if entry is None:
            raise NotKnownError("gebeurtenis", own_id, question)
        return answer(request, question, head(question, at) | answers.log_entry(entry))


def _add_rapporten(router: APIRouter, reader: Reader) -> None:
    @at(router, addresses.RAPPORT_BEZETTING, response_model=derived_models.RapportBezetting, tags=["rapporten"])
    def rapport_bezetting(request: Request, vraag: Annotated[Vraag, Query()]) -> Response:
        """De bezetting landelijk, per provincie, per gemeente met open locaties en per open locatie."""
        question = asked(reader, request, vraag)
        return answer(request, question, rapporten.bezetting(reader, question) | gebruik(request))

    @at(
        router,
        addresses.RAPPORT_NALEVING,
        response_model=derived_models.RapportNaleving,
        responses=_ONE,
        tags=["rapporten"],
    )
    def rapport_naleving(request: Request, vraag: Annotated[NalevingVraag, Query()]) -> Response:
        """De naleving van de Spreidingswet: de aantallen per klasse, en elke gemeente."""
        question = asked(reader, request, vraag)
        return answer(request, question, rapporten.naleving(reader, question) | gebruik(request))

    @at(
        router,
        addresses.RAPPORT_KAMERBRIEF,
        response_model=derived_models.RapportKamerbrief,
        responses=_ONE,
        tags=["rapporten"],
    )
    def rapport_kamerbrief(request: Request, vraag: Annotated[NalevingVraag, Query()]) -> Response:
        """De cijfers van een alinea aan de Tweede Kamer, elk met het aantal gebeurtenissen waarop het rust."""
        question = asked(reader, request, vraag)
        return answer(request, question, rapporten.brief(reader, question) | gebruik(request))

    @at(
        router,
        addresses.RAPPORT_GEMEENTE,
        response_model=derived_models.RapportGemeente,
        responses=_ONE,
        tags=["rapporten"],
    )
    def rapport_gemeente(request: Request, code: GemeenteInPath, vraag: Annotated[TelregelVraag, Query()]) -> Response:
        """De cijfers van één gemeente voor een brief, met een code waarmee de ontvanger ze kan laten nakijken."""
        over = nobody if vraag.omvat is not None else caller_of(request).toezicht_over
        found = brief(reader, asked(reader, request, vraag), code, over)
        own_code = code_of(reader.store.sealed, found.uitgegeven)
        sealed = {"code": own_code, "controle": controle_at(request, own_code)}
        return answer(request, found.question, found.said | gebruik(request), sealed)


def _log_place(cursor: str) -> tuple[datetime, str]:
    match read_cursor(cursor):
        case [str(moment), str(last)]:
            try:
                return parse_moment(moment), str(UUID(last))
            except ValueError as error:
                raise wrong_cursor() from error
    raise wrong_cursor()
