"""Figures through time: series, and a look ahead at what is announced."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from services.api.answering import Code, LocatieInPath, Responses, answer
from services.api.params import (
    BezettingReeksVraag,
    GebiedReeksVraag,
    LocatieReeksVraag,
    NalevingReeksVraag,
    ReeksVraag,
    ToezichtReeksVraag,
    VooruitblikVraag,
    asked,
)
from services.reads import derived_models as models
from services.reads import vooruitblik
from services.reads.question import Question
from services.reads.reader import Reader
from services.reads.reeksen import Reeksen, Tijdreeks
from services.web import addresses
from services.web.addresses import at

_THEN: Responses = {404: {"description": "Niet bekend in deze tijd, met deze kennis."}}
_ONE: Responses = {404: {"description": "Niet bekend op dit moment, met deze kennis."}}


def add_reeksen(router: APIRouter, reader: Reader) -> None:
    """The series, of everything that has figures."""
    reeksen = Reeksen(reader)

    def reeks(request: Request, vraag: ReeksVraag) -> Tijdreeks:
        question = asked(reader, request, vraag)
        reader.check_rule(question)
        return Tijdreeks.asked(question, vraag.grootheid, vraag.stap, vraag.van, vraag.tot)

    @at(router, addresses.BEZETTING_REEKS, response_model=models.Reeks, tags=["reeksen"])
    def bezetting_reeks(request: Request, vraag: Annotated[BezettingReeksVraag, Query()]) -> Response:
        """De landelijke bezetting door de tijd."""
        return answer(request, *reeksen.landelijk(reeks(request, vraag)))

    @at(router, addresses.PROVINCIE_REEKS, response_model=models.Reeks, responses=_THEN, tags=["reeksen"])
    def provincie_reeks(request: Request, code: Code, vraag: Annotated[GebiedReeksVraag, Query()]) -> Response:
        """Een provincie door de tijd."""
        return answer(request, *reeksen.provincie(reeks(request, vraag), code))

    @at(router, addresses.GEMEENTE_REEKS, response_model=models.Reeks, responses=_THEN, tags=["reeksen"])
    def gemeente_reeks(request: Request, code: Code, vraag: Annotated[GebiedReeksVraag, Query()]) -> Response:
        """Een gemeente door de tijd."""
        return answer(request, *reeksen.gemeente(reeks(request, vraag), code))

    @at(router, addresses.LOCATIE_REEKS, response_model=models.Reeks, responses=_THEN, tags=["reeksen"])
    def locatie_reeks(
        request: Request, own_id: LocatieInPath, vraag: Annotated[LocatieReeksVraag, Query()]
    ) -> Response:
        """Een locatie door de tijd, ook als zij gesloten is."""
        return answer(request, *reeksen.locatie(reeks(request, vraag), own_id))

    @at(router, addresses.NALEVING_REEKS, response_model=models.Reeks, responses=_THEN, tags=["reeksen"])
    def naleving_reeks(request: Request, vraag: Annotated[NalevingReeksVraag, Query()]) -> Response:
        """De naleving van de Spreidingswet door de tijd."""
        return answer(request, *reeksen.naleving(reeks(request, vraag)))

    @at(router, addresses.TOEZICHT_REEKS, response_model=models.Reeks, responses=_THEN, tags=["reeksen"])
    def toezicht_reeks(request: Request, vraag: Annotated[ToezichtReeksVraag, Query()]) -> Response:
        """Het toezicht door de tijd, op elk moment zoals de vrager het van dat moment te horen krijgt."""
        return answer(request, *reeksen.toezicht(reeks(request, vraag)))


def add_vooruitblik(router: APIRouter, reader: Reader) -> None:
    """What is announced, for everything that has places and an opgave."""

    def ruled(request: Request, vraag: VooruitblikVraag) -> Question:
        question = asked(reader, request, vraag)
        reader.check_rule(question)
        return question

    @at(router, addresses.BEZETTING_VOORUITBLIK, response_model=models.Vooruitblik, responses=_ONE, tags=["reeksen"])
    def landelijk_vooruit(request: Request, vraag: Annotated[VooruitblikVraag, Query()]) -> Response:
        """De bekende plaatsen van de komende maanden, landelijk."""
        question = ruled(request, vraag)
        return answer(request, question, vooruitblik.landelijk(reader, question, vraag.maanden))

    @at(router, addresses.PROVINCIE_VOORUITBLIK, response_model=models.Vooruitblik, responses=_ONE, tags=["reeksen"])
    def provincie_vooruit(request: Request, code: Code, vraag: Annotated[VooruitblikVraag, Query()]) -> Response:
        """De bekende plaatsen van de komende maanden in een provincie."""
        question = ruled(request, vraag)
        return answer(request, question, vooruitblik.provincie(reader, question, vraag.maanden, code))

    @at(router, addresses.GEMEENTE_VOORUITBLIK, response_model=models.Vooruitblik, responses=_ONE, tags=["reeksen"])
    def gemeente_vooruit(request: Request, code: Code, vraag: Annotated[VooruitblikVraag, Query()]) -> Response:
        """De bekende plaatsen van de komende maanden in een gemeente."""
        question = ruled(request, vraag)
        return answer(request, question, vooruitblik.gemeente(reader, question, vraag.maanden, code))
