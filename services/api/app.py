"""The reads of the API. Each asks the store for a view once, and answers from the figures of that view."""

import re
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from schemas.fields import format_moment, parse_moment
from schemas.reference import PROVINCIES
from services.access import caller_of
from services.api.aansluiting import add_aansluiting
from services.api.alarmen import add_alarmen
from services.api.alarmtoets import alarmtoets_router
from services.api.answering import LocatieId, answer, choose_form, figures, not_found, totals
from services.api.pages import locatie_page, unknown_locaties
from services.api.params import (
    LocatieVraag,
    LogVraag,
    Momenten,
    NalevingVraag,
    Vraag,
    read_cursor,
    write_cursor,
    wrong_cursor,
)
from services.api.rapporten import add_rapporten
from services.api.reeksen import add_reeksen
from services.api.verklaring import add_verklaringen
from services.api.verschil import add_verschillen
from services.api.vooruitblik import add_vooruitblik
from services.clock import Clock
from services.export import FORMATS
from services.reads import answers, models
from services.reads.reader import Reader
from services.reads.shared import Shared
from services.store.position import Position
from services.store.store import Store

Json = dict[str, Any]
# Any text: what can't be the id of anything is not there either, so 404 and not 400.
GemeenteCode = Annotated[str, Path(description="Code van CBS", examples=["GM0344"])]
ProvincieCode = Annotated[str, Path(description="Code van CBS", examples=["PV26"])]
EventId = Annotated[str, Path(description="Id van de gebeurtenis, een UUID")]
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_READ: dict[int | str, dict[str, Any]] = {
    200: {"content": {form.media_type: {"schema": {"type": "string"}} for form in FORMATS.values()}},
    304: {"description": "Niet veranderd sinds het antwoord met deze ETag (alleen bij een bekendOp in het verleden)."},
}
_ONE: dict[int | str, dict[str, Any]] = _READ | {404: {"description": "Niet bekend op dit moment, met deze kennis."}}


def api_router(store: Store, clock: Clock) -> APIRouter:
    """All reads under `/v1`."""
    router = APIRouter(prefix="/v1", dependencies=[Depends(choose_form)], responses=_READ)
    reader = Reader(store, clock)
    _add_landelijk(router, reader)
    _add_figures(router, reader)
    _add_locaties(router, reader)
    _add_log(router, reader)
    add_verklaringen(router, reader)
    add_verschillen(router, reader)
    add_reeksen(router, reader)
    add_vooruitblik(router, reader)
    add_alarmen(router, reader)
    add_aansluiting(router, reader)
    add_rapporten(router, reader)
    router.routes.extend(alarmtoets_router(reader).routes)  # as they are: no form is chosen, there is only JSON
    return router


def _add_landelijk(router: APIRouter, reader: Reader) -> None:
    """The figure that is asked most: of those who ask for it at once, one waits for the store."""

    def landelijk(momenten: Momenten, positie: str | None = None) -> Json:
        return answers.landelijk(reader.totalen(momenten, positie))

    def landelijk_now() -> tuple[Momenten, Json]:
        now = reader.clock()
        momenten = Momenten(now, now, now)
        return momenten, landelijk(momenten)

    shared = Shared(landelijk_now)

    @router.get("/bezetting", response_model=models.Bezetting, tags=["bezetting"])
    async def bezetting(request: Request, vraag: Annotated[Vraag, Query()]) -> Response:
        """Landelijke bezetting."""
        momenten = Momenten.of(request, vraag, reader.clock())
        if momenten.present and vraag.positie is None:
            momenten, said = await shared.get()
        else:
            said = await run_in_threadpool(landelijk, momenten, vraag.positie)
        if request.state.form is None:
            return answer(request, momenten, said)
        return await run_in_threadpool(answer, request, momenten, said)


def _add_figures(router: APIRouter, reader: Reader) -> None:
    @router.get("/naleving", response_model=models.Naleving, responses=_ONE, tags=["naleving"])
    def naleving(request: Request, vraag: Annotated[NalevingVraag, Query()]) -> Response:
        """Naleving van de Spreidingswet: aantallen per klasse, en elke gemeente."""
        momenten, cijfers = totals(reader, request, vraag)
        if vraag.cyclus is not None and cijfers.cyclus is None:
            raise not_found("cyclus", vraag.cyclus, momenten)
        return answer(request, momenten, answers.naleving(cijfers))

    @router.get("/gemeenten", response_model=models.Gemeenten, tags=["naleving"])
    def gemeenten(request: Request, vraag: Annotated[Vraag, Query()]) -> Response:
        """Alle gemeenten, met hun opgave en hun bezetting."""
        momenten, cijfers = totals(reader, request, vraag)
        return answer(request, momenten, answers.gemeenten(cijfers))

    @router.get("/gemeenten/{code}", response_model=models.Gemeente, responses=_ONE, tags=["naleving"])
    def gemeente(request: Request, code: GemeenteCode, vraag: Annotated[Vraag, Query()]) -> Response:
        """Eén gemeente."""
        momenten, cijfers = totals(reader, request, vraag)
        row = next((row for row in cijfers.naleving if row.gemeente.code == code), None)
        if row is None:
            raise not_found("gemeente", code, momenten, successor=cijfers.indeling.current(code))
        return answer(request, momenten, answers.gemeente(cijfers, row))

    @router.get("/provincies", response_model=models.Provincies, tags=["bezetting"])
    def provincies(request: Request, vraag: Annotated[Vraag, Query()]) -> Response:
        """De twaalf provincies."""
        momenten, cijfers = totals(reader, request, vraag)
        return answer(request, momenten, answers.provincies(cijfers))

    @router.get("/provincies/{code}", response_model=models.Provincie, responses=_ONE, tags=["bezetting"])
    def provincie(request: Request, code: ProvincieCode, vraag: Annotated[Vraag, Query()]) -> Response:
        """Eén provincie."""
        momenten, cijfers = totals(reader, request, vraag)
        if code not in PROVINCIES:
            raise not_found("provincie", code, momenten)
        return answer(request, momenten, answers.provincie(cijfers, code))


def _add_locaties(router: APIRouter, reader: Reader) -> None:
    @router.get("/locaties", response_model=models.Locaties, tags=["locaties"])
    def locaties(request: Request, vraag: Annotated[LocatieVraag, Query()]) -> Response:
        """Locaties, een bladzijde tegelijk."""
        momenten, cijfers = figures(reader, request, vraag)
        page, volgende = locatie_page(cijfers, vraag)
        onbekend = unknown_locaties(cijfers, vraag)
        days = reader.breaches(cijfers, page + onbekend)
        listed = {
            name: [answers.locatie_row(cijfers, locatie, days.get(locatie.id)) for locatie in rows]
            for name, rows in (("items", page), ("onbekend", onbekend))
        }
        return answer(request, momenten, answers.head(cijfers.herkomst) | listed | {"volgende": volgende})

    @router.get("/locaties/{id}", response_model=models.Locatie, responses=_ONE, tags=["locaties"])
    def locatie(request: Request, id: LocatieId, vraag: Annotated[Vraag, Query()]) -> Response:  # noqa: A002
        """Eén locatie."""
        momenten, cijfers = figures(reader, request, vraag)
        found = next((locatie for locatie in cijfers.shown if locatie.id == id), None)
        if found is None:
            raise not_found("locatie", id, momenten)
        days = reader.breaches(cijfers, [found])
        return answer(request, momenten, answers.locatie(cijfers, found, days.get(found.id)))


def _add_log(router: APIRouter, reader: Reader) -> None:
    def head(momenten: Momenten, at: Position) -> Json:
        return answers.head(at.herkomst(momenten.geldig_op, momenten.bekend_op))

    @router.get("/gebeurtenissen", response_model=models.Logboek, tags=["gebeurtenissen"])
    def logboek(request: Request, vraag: Annotated[LogVraag, Query()]) -> Response:
        """Het logboek: elke opgeslagen gebeurtenis, oudste `time` eerst."""
        momenten = Momenten.of(request, vraag, reader.clock())
        found, at = reader.log(
            caller_of(request),
            bekend_op=momenten.bekend_op,
            subject=vraag.onderwerp,
            type=vraag.type,
            source=vraag.bron,
            na=None if vraag.na is None else _log_place(vraag.na),
            aantal=vraag.aantal + 1,
            positie=vraag.positie,
        )
        page = found[: vraag.aantal]
        more = len(found) > len(page)
        volgende = write_cursor([format_moment(page[-1].time), page[-1].id]) if more else None
        items = [answers.log_entry(entry) for entry in page]
        return answer(request, momenten, head(momenten, at) | {"items": items, "volgende": volgende})

    @router.get(
        "/gebeurtenissen/{id}", response_model=models.GebeurtenisAlleen, responses=_ONE, tags=["gebeurtenissen"]
    )
    def gebeurtenis(request: Request, id: EventId, vraag: Annotated[Vraag, Query()]) -> Response:  # noqa: A002
        """Eén gebeurtenis, zoals zij is opgeslagen."""
        momenten = Momenten.of(request, vraag, reader.clock())
        if _UUID.fullmatch(id.lower()) is None:
            raise not_found("gebeurtenis", id, momenten)
        entry, at = reader.event(caller_of(request), id.lower(), momenten.bekend_op, vraag.positie)
        if entry is None:
            raise not_found("gebeurtenis", id, momenten)
        return answer(request, momenten, head(momenten, at) | answers.log_entry(entry))


def _log_place(cursor: str) -> tuple[datetime, str]:
    match read_cursor(cursor):
        case [str(moment), str(last)]:
            try:
                return parse_moment(moment), str(UUID(last))
            except ValueError as error:
                raise wrong_cursor() from error
    raise wrong_cursor()
