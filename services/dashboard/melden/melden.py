"""People report: a form, the figures that would follow, and only then an event, taken in like every other.

Until it is sent, every step is a GET with the whole form in the URL. What is sent carries its own id and moment, so
sending it twice repeats one event.
"""

from collections.abc import Collection
from typing import Any, NamedTuple

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from schemas.fields import ElkOnderwerp, EventId
from services.access import Caller, Right, caller_of
from services.core.registers import SubjectKind
from services.dashboard.melden.controle import Controle
from services.dashboard.melden.formulier import GROEPEN
from services.dashboard.melden.formulieren import FORMULIEREN, Meldsoort
from services.dashboard.melden.onderwerp import kan_over, naam, zoek
from services.dashboard.melden.ontvangen import KOP, Status, ontvangen
from services.dashboard.melden.vraag import Meldvraag, stel_op
from services.dashboard.page import Maker, Page, Proces, Renderer, check_right
from services.dashboard.page_request import Blad, Bladtijd, without_time
from services.ingest.accept import ConflictError, Neem, Receipt, RefusedError, UnavailableError
from services.ingest.permit import ForbiddenError
from services.reads.uitlegbaar import explained_of, pad_van_uitleg
from services.web.addresses import INSTUREN, MELDEN, at
from services.web.body import read_form
from services.web.problems import ProblemError, Veldfout, unavailable

KLAAR = "/melden/klaar"
"""The page about a report that was sent."""
_NOT_HERE = (
    "Insturen kan hier niet: dit proces schrijft niet naar het logboek. Zet OPVANGPEIL_KAFKA voor deze dienst, of "
    f"stuur de gebeurtenis naar {INSTUREN.method} {INSTUREN.path} van de dienst ingest."
)
_NOTHING = f"Met uw rechten kunt u hier niets melden: {{}}. Stuur het anders naar {INSTUREN.method} {INSTUREN.path}."
_NOT_THIS = "Dit kunt u hier niet melden. Kies hieronder iets anders."


class Klaarvraag(Bladtijd):
    """The report that was sent, and what became of it."""

    id: EventId
    over: ElkOnderwerp
    status: Status
    soort: Meldsoort


class Keuze(NamedTuple):
    """A form that the caller may fill in."""

    soort: Meldsoort
    titel: str
    zin: str


def of_process(proces: Proces) -> Maker[Meldvraag]:
    """Makes the form in one process, or says there that it can't send anything."""

    def make(blad: Blad[Meldvraag]) -> dict[str, Any]:
        if proces.neem is None:
            return {"stap": "niet", "zegt": _NOT_HERE, "fouten": []}
        return _form(blad)

    return without_time(make)


def _form(blad: Blad[Meldvraag], fouten: Collection[Veldfout] = (), *, opnieuw: bool = False) -> dict[str, Any]:
    """Returns the form that is asked for, or the choice between those that the caller may fill in."""
    soort, may = blad.vraag.soort, [one for one in FORMULIEREN if mag(blad.caller, one)]
    if soort is not None and (soort in may or fouten):
        return Controle(blad, FORMULIEREN[soort]).toon(fouten, opnieuw=opnieuw)
    if not may:
        return {"stap": "niet", "zegt": _NOTHING.format(blad.caller.writes), "fouten": []}
    cijfers, over = blad.cijfers(), blad.vraag.over
    own_id = zoek(frozenset(SubjectKind), cijfers, over).id if over else None
    about = [one for one in may if own_id is None or any(kind.holds(own_id) for kind in FORMULIEREN[one].onderwerpen)]
    grouped = {
        titel: [
            Keuze(one, FORMULIEREN[one].titel, FORMULIEREN[one].zin) for one in about if FORMULIEREN[one].groep == groep
        ]
        for groep, titel in GROEPEN.items()
    }
    return {
        "stap": "kies",
        "fouten": [],
        "zegt": "" if soort is None else _NOT_THIS,
        "groepen": grouped,
        "over": own_id,
        "naam": "" if own_id is None else naam(cijfers, own_id),
        "simulatie": cijfers.herkomst.simulatie,
    }


def mag(caller: Caller, soort: Meldsoort) -> bool:
    """Whether the caller may send such an event about anything. It may retract what it may send."""
    formulier = FORMULIEREN[soort]
    if formulier.register is None:
        return any(mag(caller, one) for one, other in FORMULIEREN.items() if other.register is not None)
    return caller.may_write_type(formulier.type) and kan_over(caller, formulier.type, formulier.onderwerpen)


def klaar(blad: Blad[Klaarvraag]) -> dict[str, Any] | Response:
    """Says what became of a report that was sent."""

    def make(_: Blad[Klaarvraag]) -> dict[str, Any]:
        over, formulier = blad.vraag.over, FORMULIEREN[blad.vraag.soort]
        explained = explained_of(over)
        return {
            "titel": formulier.titel,
            "kop": KOP[blad.vraag.status],
            "zegt": ontvangen(blad.vraag.status, formulier),
            "intrekken": formulier.register is not None,
            "naam": naam(blad.cijfers(), over),
            "verklaring": None if explained is None else pad_van_uitleg(explained, over),
        }

    return without_time(make)(blad)


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
    if vraag.soort is None:
        raise ProblemError(400, "Het formulier zegt niet wat u meldt.", [Veldfout(veld="soort", melding="ontbreekt")])
    over, source = vraag.over.strip().upper(), vraag.source.strip()
    made = stel_op(FORMULIEREN[vraag.soort], vraag.teksten, over, source, vraag.id.strip(), vraag.time.strip())
    try:
        receipt: Receipt = await neem(made.body, caller_of(asked))
    except (RefusedError, ForbiddenError) as error:
        fouten, status, wait = [made.veldfout(fout) for fout in error.fouten], status_of(error), None
    except UnavailableError as error:
        fouten, status, wait = [Veldfout(veld="", melding=f"Niet verzonden: {error}")], 503, error.retry_after_seconds
    else:
        sent = f"id={receipt.ids[0]}&over={over}&soort={vraag.soort}&status={receipt.status}"
        return RedirectResponse(f"{KLAAR}?{sent}", 303)

    def again(blad: Blad[Meldvraag]) -> dict[str, Any]:
        return _form(blad, fouten, opnieuw=wait is not None)

    answer = await run_in_threadpool(renderer.show, asked, page, without_time(again))
    if answer.status_code == 200:
        answer.status_code = status
    if wait is not None:
        answer.headers["Retry-After"] = str(wait)
    return answer


def status_of(error: RefusedError | ForbiddenError) -> int:
    """Returns the status of an answer that says why events were not taken in."""
    if isinstance(error, ForbiddenError):
        return 403
    return 409 if isinstance(error, ConflictError) else 400


async def _as_asked(request: Request) -> Request:
    """Returns the request with its form read as a query. Raises ProblemError 400, 413 or 415."""
    return Request({**request.scope, "query_string": await read_form(request)})
