"""Reporting by people: a form, what its figures will be, and only then the event, by the same way in as all others.

Everything until it is sent is a GET with all of it in the URL. What is sent carries its own id and moment, so sending
it twice is a repeat of one event.
"""

from collections.abc import Callable
from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from schemas.fields import EventId, LocatieId
from services.access import Right, caller_of
from services.access.refusals import lacks
from services.dashboard.blad import Blad, Bladen, Bladtijd, V
from services.dashboard.meldcontrole import Controle
from services.dashboard.melding import Meldvraag, stel_op
from services.ingest.accept import ConflictError, Neem, Receipt, RefusedError, UnavailableError
from services.ingest.permit import ForbiddenError
from services.web.addresses import MELDEN, at
from services.web.body import read_bytes
from services.web.problems import PROBLEM, ProblemError, Veldfout

FORM = "application/x-www-form-urlencoded"
_NOT_HERE = (
    "Insturen kan hier niet: dit proces schrijft niet naar het logboek. Zet OPVANGPEIL_KAFKA voor deze dienst, of "
    "stuur de gebeurtenis naar POST /v1/gebeurtenissen van de dienst ingest."
)


class Klaarvraag(Bladtijd):
    """What was sent, and what became of it."""

    id: EventId
    locatie: LocatieId
    status: Literal["200", "201", "202"]


def add_melden(router: APIRouter, bladen: Bladen, neem: Neem | None) -> None:
    """`/melden` and what follows it. `neem` None: this process can't write to the log, and says so."""

    @router.get("/melden")
    def melden(request: Request) -> Response:
        return _shown(bladen, request, can_send=neem is not None)

    @at(router, MELDEN)
    async def verzenden(request: Request) -> Response:
        try:
            _check_rights(request)
            asked = await _as_asked(request)
            if neem is None:
                raise ProblemError(503, _NOT_HERE)
            return await _send(bladen, asked, neem)
        except ProblemError as problem:
            return bladen.fout(request, problem.status, problem.detail, problem.fouten)

    @router.get("/melden/klaar")
    def klaar(request: Request) -> Response:
        return bladen.toon(request, "gemeld.html", Klaarvraag, _without_time(lambda _: {}))


async def _send(bladen: Bladen, asked: Request, neem: Neem) -> Response:
    """Send what the form says, or show it again with what is wrong. Raises ProblemError for what is no form."""
    vraag = bladen.gevraagd(asked, Meldvraag).vraag
    locatie, source = vraag.locatie.strip().upper(), vraag.source.strip()
    made = stel_op(vraag, locatie, source, vraag.id.strip(), vraag.time.strip())
    try:
        receipt: Receipt = await neem(made.body, caller_of(asked))
    except (RefusedError, ForbiddenError) as error:
        fouten, status, wait = [made.veldfout(fout) for fout in error.fouten], _status_of(error), None
    except UnavailableError as error:
        fouten, status, wait = [Veldfout(veld="", melding=f"Niet verzonden: {error}")], 503, error.retry_after_seconds
    else:
        return RedirectResponse(f"/melden/klaar?id={receipt.ids[0]}&locatie={locatie}&status={receipt.status}", 303)
    answer = await run_in_threadpool(
        lambda: _shown(bladen, asked, status=status, fouten=fouten, opnieuw=wait is not None)
    )
    if wait is not None:
        answer.headers["Retry-After"] = str(wait)
    return answer


def _status_of(error: RefusedError | ForbiddenError) -> int:
    if isinstance(error, ForbiddenError):
        return 403
    return 409 if isinstance(error, ConflictError) else 400


def _shown(
    bladen: Bladen,
    request: Request,
    *,
    can_send: bool = True,
    status: int = 200,
    fouten: list[Veldfout] | None = None,
    opnieuw: bool = False,
) -> Response:
    def make(blad: Blad[Meldvraag]) -> dict[str, Any]:
        _check_rights(request)
        if not can_send:
            return {"niet_hier": _NOT_HERE, "fouten": []}
        return Controle(blad).formulier(fouten or (), opnieuw=opnieuw) | {"niet_hier": None}

    answer = bladen.toon(request, "melden.html", Meldvraag, _without_time(make))
    if answer.status_code == 200:
        answer.status_code = status
    return answer


def _without_time(make: Callable[[Blad[V]], dict[str, Any]]) -> Callable[[Blad[V]], dict[str, Any] | Response]:
    """A report is of now: a link that was followed from another moment leads to now."""

    def made(blad: Blad[V]) -> dict[str, Any] | Response:
        if blad.gevraagd.keys() & {"geldigOp", "bekendOp", "positie"}:
            return RedirectResponse(blad.hier(geldigOp=None, bekendOp=None, positie=None), 303)
        return make(blad)

    return made


def _check_rights(request: Request) -> None:
    """To send, and to read, since all of it shows figures. Raises ProblemError 403."""
    caller = caller_of(request)
    for right in (Right.SEND, Right.READ):
        if not caller.may(right):
            problem = lacks(caller, right)
            request.scope.get(PROBLEM, {})["detail"] = problem.detail  # for the audit log
            raise problem


async def _as_asked(request: Request) -> Request:
    """The same, with what stands in its form as if it stood in its URL. Raises ProblemError 413 or 415."""
    body = await read_bytes(request, FORM, f"Stuur het formulier als {FORM}.", "Het formulier")
    if not body.isascii():  # a browser writes everything else with percent signs
        raise ProblemError(400, "Het formulier bevat bytes die niet in een formulier horen.")
    return Request({**request.scope, "query_string": body})
