"""Why figures are what they are: explanations, differences, and what others published beside ours."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from services.api.answering import Code, LocatieInPath, Responses, answer
from services.api.params import (
    AansluitingVraag,
    NalevingUitlegVraag,
    TelregelUitlegVraag,
    UitlegVraag,
    VerschilVraag,
    Vraag,
    asked,
    both_asked,
    read_cursor,
    write_cursor,
    wrong_cursor,
)
from services.reads import answers
from services.reads import derived_models as models
from services.reads.aansluiting import GepubliceerdCijfer, beside, published
from services.reads.definities import definities as van_cijfers
from services.reads.reader import Reader
from services.reads.verklaring import verklaring
from services.reads.verschil import verschil as between
from services.web import addresses
from services.web.addresses import at

_ONE: Responses = {404: {"description": "Niet bekend op dit moment, met deze kennis."}}
_OF_TWO: Responses = {404: {"description": "Niet bekend op deze momenten, met deze kennis."}}
Uitlegvragen = UitlegVraag | TelregelUitlegVraag | NalevingUitlegVraag


def add_verklaringen(router: APIRouter, reader: Reader) -> None:
    """The explanations, of everything that has figures."""

    def explained(request: Request, vraag: Uitlegvragen, kind: str, code: str = "") -> Response:
        question = asked(reader, request, vraag)
        _, said = verklaring(reader, question, kind, code, zinnen=vraag.zinnen)
        return answer(request, question, said)

    @at(router, addresses.BEZETTING_VERKLARING, response_model=models.Verklaring, tags=["verklaringen"])
    def bezetting_verklaring(request: Request, vraag: Annotated[UitlegVraag, Query()]) -> Response:
        """Waarom de landelijke bezetting is wat zij is."""
        return explained(request, vraag, "bezetting")

    @at(router, addresses.NALEVING_VERKLARING, response_model=models.Verklaring, responses=_ONE, tags=["verklaringen"])
    def naleving_verklaring(request: Request, vraag: Annotated[NalevingUitlegVraag, Query()]) -> Response:
        """Waarom de aantallen gemeenten per klasse zijn wat zij zijn."""
        return explained(request, vraag, "naleving")

    @at(router, addresses.TOEZICHT_VERKLARING, response_model=models.Verklaring, responses=_ONE, tags=["verklaringen"])
    def toezicht_verklaring(request: Request, vraag: Annotated[NalevingUitlegVraag, Query()]) -> Response:
        """Waarom de cijfers van het toezicht zijn wat zij zijn, zover wie vraagt de stappen mag zien."""
        return explained(request, vraag, "toezicht")

    @at(router, addresses.LOCATIE_VERKLARING, response_model=models.Verklaring, responses=_ONE, tags=["verklaringen"])
    def locatie_verklaring(request: Request, own_id: LocatieInPath, vraag: Annotated[UitlegVraag, Query()]) -> Response:
        """Waarom de cijfers van een locatie zijn wat zij zijn."""
        return explained(request, vraag, "locaties", own_id)

    @at(router, addresses.GEMEENTE_VERKLARING, response_model=models.Verklaring, responses=_ONE, tags=["verklaringen"])
    def gemeente_verklaring(request: Request, code: Code, vraag: Annotated[TelregelUitlegVraag, Query()]) -> Response:
        """Waarom de naleving en de bezetting van een gemeente zijn wat zij zijn."""
        return explained(request, vraag, "gemeenten", code)

    @at(router, addresses.PROVINCIE_VERKLARING, response_model=models.Verklaring, responses=_ONE, tags=["verklaringen"])
    def provincie_verklaring(request: Request, code: Code, vraag: Annotated[TelregelUitlegVraag, Query()]) -> Response:
        """Waarom de bezetting en de opgave van een provincie zijn wat zij zijn."""
        return explained(request, vraag, "provincies", code)


def add_verschillen(router: APIRouter, reader: Reader) -> None:
    """The differences between two points."""

    @at(router, addresses.VERSCHILLEN, response_model=models.Verschillen, responses=_OF_TWO, tags=["verklaringen"])
    def verschil(request: Request, vraag: Annotated[VerschilVraag, Query()]) -> Response:
        """Wat er tussen twee momenten verschilt: wat er veranderde, en wat pas later bekend werd."""
        van, naar = both_asked(reader, request, vraag)
        _, said = between(reader, van, naar, vraag.onderwerp)
        return answer(request, max(van, naar, key=lambda question: question.bekend_op), said)


def add_aansluiting(router: APIRouter, reader: Reader) -> None:
    """The reconciliation."""

    @at(router, addresses.AANSLUITING, response_model=models.Aansluiting, tags=["verklaringen"])
    def aansluiting(request: Request, vraag: Annotated[AansluitingVraag, Query()]) -> Response:
        """Wat anderen publiceerden naast wat onze gebeurtenissen voor die datum geven, de nieuwste peildatum eerst."""
        question = asked(reader, request, vraag)
        found, at = published(reader, question)
        page, volgende = _page([one for one in found if _wanted(one, vraag)], vraag)
        items = beside(reader, question.counted_at(str(at)), page)
        head = answers.head(at.herkomst(*question.point))
        return answer(
            request, question, head | {"omvat": question.audience.omvat, "items": items, "volgende": volgende}
        )


def add_definities(router: APIRouter, reader: Reader) -> None:
    """What every figure means."""

    @at(router, addresses.DEFINITIES, response_model=models.Definities, tags=["verklaringen"])
    def definities(request: Request, vraag: Annotated[Vraag, Query()]) -> Response:
        """Wat elk cijfer betekent: in één zin, in welke eenheid, uit welke registers, en hoe het is geteld."""
        question = asked(reader, request, vraag)
        return answer(request, question, van_cijfers(reader.figures(question)))


def _wanted(one: GepubliceerdCijfer, vraag: AansluitingVraag) -> bool:
    return vraag.onderwerp in (None, one.key[0]) and vraag.grootheid in (None, one.winner.value["grootheid"])


def _page(found: Sequence[GepubliceerdCijfer], vraag: AansluitingVraag) -> tuple[list[GepubliceerdCijfer], str | None]:
    """The rows of one page, and the cursor of the next. Raises ProblemError 400 for a wrong cursor."""
    ordered = sorted(found, key=lambda one: one.order, reverse=True)
    if vraag.na is not None:
        last = read_cursor(vraag.na)
        if len(last) != len(ordered[0].order if ordered else last) or not all(isinstance(part, str) for part in last):
            raise wrong_cursor()
        ordered = [one for one in ordered if list(one.order) < last]
    page = ordered[: vraag.aantal]
    return page, write_cursor(page[-1].order) if len(ordered) > len(page) else None
