"""The toezicht on gemeenten: its figures for everybody, and its gemeenten for whoever may see their steps."""

from collections.abc import Collection
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from services.access import caller_of
from services.api.answering import Responses, answer
from services.api.params import ToezichtRapportVraag, ToezichtVraag, asked
from services.reads import rapporten, toezicht
from services.reads import toezicht_models as models
from services.reads.cijfers import Totaalcijfers
from services.reads.question import NotKnownError, Question
from services.reads.reader import Reader
from services.web import addresses
from services.web.addresses import at
from services.web.publicatie import gebruik

_ONE: Responses = {404: {"description": "Niet bekend op dit moment, met deze kennis."}}


def add_toezicht(router: APIRouter, reader: Reader) -> None:
    """The toezicht at one moment, and as a report."""

    def cijfers_of(question: Question) -> Totaalcijfers:
        cijfers = reader.totalen(question)
        if question.cyclus is not None and cijfers.cyclus is None:
            raise NotKnownError("cyclus", question.cyclus, question)
        return cijfers

    @at(router, addresses.TOEZICHT, response_model=models.Toezicht, responses=_ONE, tags=["toezicht"])
    def van_gemeenten(request: Request, vraag: Annotated[ToezichtVraag, Query()]) -> Response:
        """Hoeveel gemeenten in elke stap zijn, wat dat aan uren en fte kost, en voor het toezicht ook welke."""
        question = asked(reader, request, vraag)
        cijfers = cijfers_of(question)
        over = toezicht_over(request, cijfers, everybody=vraag.omvat is not None)
        eigen = caller_of(request).toezichthouders or ()
        said = toezicht.toezicht(
            reader, question, cijfers, over, eigen=eigen, keuze=vraag.keuze, stel=vraag.stel, weken=vraag.weken
        )
        if request.state.form is None:
            return answer(request, question, said)
        return answer(request, question, rapporten.rijen_van_toezicht(said), model=models.RapportToezicht)

    @at(router, addresses.RAPPORT_TOEZICHT, response_model=models.RapportToezicht, responses=_ONE, tags=["rapporten"])
    def rapport(request: Request, vraag: Annotated[ToezichtRapportVraag, Query()]) -> Response:
        """Het toezicht om mee te nemen: de cijfers, en voor het toezicht een rij voor elke gemeente in een stap."""
        question = asked(reader, request, vraag)
        cijfers = cijfers_of(question)
        over = toezicht_over(request, cijfers, everybody=vraag.omvat is not None)
        eigen = caller_of(request).toezichthouders or ()
        said = toezicht.toezicht(reader, question, cijfers, over, eigen=eigen, stel=vraag.stel)
        return answer(request, question, rapporten.van_toezicht(said, question) | gebruik(request))


def toezicht_over(request: Request, cijfers: Totaalcijfers, *, everybody: bool) -> Collection[str]:
    """Returns the codes of the gemeenten whose steps the caller may see; none where it asks what everybody may see."""
    return frozenset() if everybody else caller_of(request).toezicht_over(cijfers.indeling.geldig)
