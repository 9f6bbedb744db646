"""People report: a form, the figures that would follow, and only then an event, taken in like every other.

Until it is sent, every step is a GET with the whole form in the URL. What is sent carries its own id and moment, so
sending it twice repeats one event.
"""

from collections.abc import Callable
from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from schemas.fields import EventId, LocatieId
from services.access import Right, caller_of
from services.dashboard.meldcontrole import Controle
from services.dashboard.meldformulier import Meldvraag, stel_op
from services.dashboard.page import Maker, Page, Proces, Renderer, check_right
from services.dashboard.page_request import Asked, Blad, Bladtijd
from services.ingest.accept import ConflictError, Neem, Receipt, RefusedError, UnavailableError
from services.ingest.permit import ForbiddenError
from services.web.addresses import INSTUREN, MELDEN, at
from services.web.body import read_bytes
from services.web.problems import ProblemError, Veldfout, unavailable

FORM = "application/x-www-form-urlencoded"
KLAAR = "/melden/klaar"
"""The page about a report that was sent."""
_NOT_HERE = (
    "Insturen kan hier niet: dit proces schrijft niet naar het logboek. Zet OPVANGPEIL_KAFKA voor deze dienst, of "
    f"stuur de gebeurtenis naar {INSTUREN.method} {INSTUREN.path} van de dienst ingest."
)
_NOT_THESE = (
    f"Op dit formulier staan meldingen over locaties, en {{}}. Stuur dat naar {INSTUREN.method} {INSTUREN.path}."
)


class Klaarvraag(Bladtijd):
    """The report that was sent, and what became of it."""

    id: EventId
    locatie: LocatieId
    status: Literal["200", "201", "202"]


def of_process(proces: Proces) -> Maker[Meldvraag]:
    """Makes the form in one process, or says there that it can't send anything."""

    def make(blad: Blad[Meldvraag]) -> dict[str, Any]:
        if proces.neem is None:
            return {"niet_hier": _NOT_HERE, "fouten": []}
        if not blad.mag_insturen:
            return {"niet_hier": _NOT_THESE.format(blad.caller.writes), "fouten": []}
        return Controle(blad).formulier() | {"niet_hier": None}

    return without_time(make)


def klaar(blad: Blad[Klaarvraag]) -> dict[str, Any] | Response:
    """Says what became of a report that was sent."""
    return without_time(lambda _: {})(blad)


def add_sending(router: APIRouter, renderer: Renderer, page: Page[Meldvraag], proces: Proces) -> None:
    """Adds the way in for the form: it sends one report, or shows the form again with what is wrong."""

    @at(router, MELDEN)
    async def verzenden(request: Request) -> Response:
        try:
            for right in (Right.SEND, Right.READ):  # to read too, since the form shows figures
                check_right(request, right)
            asked = await _as_asked(request)
            if proces.neem is None:
                raise unavailable(_NOT_HERE)
            return await _send(renderer, page, asked, proces.neem)
        except ProblemError as problem:
            return renderer.fault(request, problem.status, problem.detail, problem.fouten)


async def _send(renderer: Renderer, page: Page[Meldvraag], asked: Request, neem: Neem) -> Response:
    """Sends what the form says, or shows the form again. Raises ProblemError for a request that is no form."""
    vraag = renderer.asked(asked, Meldvraag).vraag
    locatie, source = vraag.locatie.strip().upper(), vraag.source.strip()
    made = stel_op(vraag, locatie, source, vraag.id.strip(), vraag.time.strip())
    try:
        receipt: Receipt = await neem(made.body, caller_of(asked))
    except (RefusedError, ForbiddenError) as error:
        fouten, status, wait = [made.veldfout(fout) for fout in error.fouten], _status_of(error), None
    except UnavailableError as error:
        fouten, status, wait = [Veldfout(veld="", melding=f"Niet verzonden: {error}")], 503, error.retry_after_seconds
    else:
        return RedirectResponse(f"{KLAAR}?id={receipt.ids[0]}&locatie={locatie}&status={receipt.status}", 303)

    def again(blad: Blad[Meldvraag]) -> dict[str, Any]:
        return Controle(blad).formulier(fouten, opnieuw=wait is not None) | {"niet_hier": None}

    answer = await run_in_threadpool(renderer.show, asked, page, without_time(again))
    if answer.status_code == 200:
        answer.status_code = status
    if wait is not None:
        answer.headers["Retry-After"] = str(wait)
    return answer


def _status_of(error: RefusedError | ForbiddenError) -> int:
    if isinstance(error, ForbiddenError):
        return 403
    return 409 if isinstance(error, ConflictError) else 400


def without_time(make: Callable[[Blad[Asked]], dict[str, Any]]) -> Callable[[Blad[Asked]], dict[str, Any] | Response]:
    """Leads to now whoever followed a link from another moment, since a report is made now.

    Links on these pages keep the telregel of their URL, so one that nobody set raises NotKnownError here too.
    """

    def made(blad: Blad[Asked]) -> dict[str, Any] | Response:
        blad.reader.check_rule(blad.question)
        if blad.gevraagd.keys() & {"geldigOp", "bekendOp", "positie"}:
            return RedirectResponse(blad.hier(geldigOp=None, bekendOp=None, positie=None), 303)
        return make(blad)

    return made


async def _as_asked(request: Request) -> Request:
    """Returns the request with its form read as a query. Raises ProblemError 413 or 415."""
    body = await read_bytes(request, FORM, f"Stuur het formulier als {FORM}.", "Het formulier")
    if not body.isascii():  # a browser writes everything else with percent signs
        raise ProblemError(400, "Het formulier bevat bytes die niet in een formulier horen.")
    return Request({**request.scope, "query_string": body})
