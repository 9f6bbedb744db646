"""A file is brought in on a page: chosen, tried, looked at, and only then sent.

Nothing is kept meanwhile. What the try would send stands in the form of the page, each event with its id and its
`time`, so pressing the button twice sends the same events.
"""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from services.access import audit, caller_of
from services.access.shares import Lane
from services.dashboard.alarmen import gedaan
from services.dashboard.inlezen.ontvangst import ANDERS, bestand_van, formulier, mag_sturen, naam_van, tekst_van, weer
from services.dashboard.inlezen.proef import GEBEURTENISSEN_MAX, Proef, lees_profielen, maak_proef
from services.dashboard.melden.melden import status_of
from services.dashboard.page import Maker, Page, Proces, Renderer
from services.dashboard.page_request import GEDAAN, Blad, Bladtijd, Gedaan, address_of, without_time
from services.dashboard.tekst import geteld
from services.importer import ImporterError
from services.importer.model import os_reason
from services.ingest.accept import RefusedError, UnavailableError
from services.ingest.permit import ForbiddenError
from services.reads.question import QuestionError
from services.store.model import StoreUnavailableError
from services.web.addresses import FILE_BYTES_MAX, INLEZEN, INLEZEN_VERSTUREN, at
from services.web.problems import ProblemError, Veldfout, invalid, unavailable, veldfouten

ACCEPTED = 202
"""The events are in the log, and not yet in the figures."""
AT_ONCE, WAITING = 1, 8
"""How many files are read at once in a process, and how many wait: a workbook may take 400 MB while it is read."""
FAULTS_MAX = 20
"""The most faults of events that a page tells."""
_NOT_HERE = (
    "Inlezen kan hier niet: dit proces schrijft niet naar het logboek. Zet OPVANGPEIL_KAFKA voor deze dienst, of "
    "gebruik `opvangpeil importeer`."
)
_NOTHING_CHOSEN = "Kies een bestand, of sleep het naar deze bladzijde."


class Inleesvraag(Bladtijd):
    """The page to bring a file in, and what was sent just now."""

    gedaan: Gedaan | None = None


@dataclass(slots=True)
class _Getoond:
    """What the page shows beside its form."""

    profiel: str = ""
    """The profile that was chosen."""
    proef: Proef | None = None
    opnieuw: str = ""
    """The events of a form that could not be sent just now."""


Daad = Callable[[Request, FormData, Proces, _Getoond], Awaitable[str]]
"""Does what a form asks, and notes what to show. Returns what was done, for the URL; empty: show the page."""


def of_process(proces: Proces) -> Maker[Inleesvraag]:
    """Makes the page in one process, or says there that it can't bring anything in."""

    def make(_: Blad[Inleesvraag]) -> dict[str, Any]:
        return _blad(proces, _Getoond())

    return without_time(make)


def _blad(proces: Proces, shown: _Getoond) -> dict[str, Any]:
    if proces.neem is None or proces.profielen is None:
        return {"zegt": _NOT_HERE}
    profielen = lees_profielen(proces.profielen)
    return {
        "zegt": "",
        "keuzes": profielen.keuzes,
        "onleesbaar": profielen.fout,
        "gekozen": shown.profiel,
        "proef": shown.proef,
        "opnieuw": shown.opnieuw,
        "bytes_max": FILE_BYTES_MAX,
        "gebeurtenissen_max": GEBEURTENISSEN_MAX,
        "anders": ANDERS,
    }


def add_inlezen(router: APIRouter, renderer: Renderer, page: Page[Inleesvraag], proces: Proces) -> None:
    """Adds the two ways in of the page: one tries a file, the other sends what a try said."""
    lane = Lane(AT_ONCE, WAITING)

    @at(router, INLEZEN)
    async def proberen(request: Request) -> Response:
        return await _answered(renderer, request, page, proces, partial(_try, lane))

    @at(router, INLEZEN_VERSTUREN)
    async def versturen(request: Request) -> Response:
        return await _answered(renderer, request, page, proces, _send)


async def _answered(
    renderer: Renderer, request: Request, page: Page[Inleesvraag], proces: Proces, act: Daad
) -> Response:
    """Does what a form asks, and answers with the page."""
    try:
        mag_sturen(request)
        if proces.neem is None or proces.profielen is None:
            raise unavailable(_NOT_HERE)
    except ProblemError as problem:
        return renderer.fault(request, problem.status, problem.detail, problem.fouten)
    shown, wrong = _Getoond(), None
    try:
        async with formulier(request) as form:
            done = await act(request, form, proces, shown)
    except ProblemError as problem:
        wrong = problem
    else:
        if done:
            return RedirectResponse(address_of(page.path, {GEDAAN: done}) + gedaan.ANKER, 303)

    def make(_: Blad[Inleesvraag]) -> dict[str, Any]:
        return _blad(proces, shown)

    return await weer(renderer, request, page, make, wrong)


async def _try(lane: Lane, request: Request, form: FormData, proces: Proces, shown: _Getoond) -> str:
    """Reads the file that was sent, and notes what it would do. Raises ProblemError."""
    file = bestand_van(form)
    if file is None or proces.profielen is None:
        raise invalid([Veldfout(veld="", melding=_NOTHING_CHOSEN)])
    caller, name, shown.profiel = caller_of(request), naam_van(file), tekst_van(form, "profiel")
    read = partial(maak_proef, proces.reader, caller, proces.profielen, file.file)
    try:
        async with lane.turn(caller.key):
            shown.proef = await run_in_threadpool(read, bestandsnaam=name, profiel=shown.profiel)
    except ImporterError as error:  # whole sentences, which need no field in front
        raise invalid([Veldfout(veld="", melding=str(error))]) from error
    except QuestionError as error:
        raise invalid(veldfouten(error)) from error
    except StoreUnavailableError as error:
        raise unavailable("De gegevensopslag antwoordt niet; probeer het zo weer.") from error
    except OSError as error:
        raise unavailable(f"Het bestand is hier nu niet te lezen: {os_reason(error)}. Probeer het zo weer.") from error
    return ""


async def _send(request: Request, form: FormData, proces: Proces, shown: _Getoond) -> str:
    """Sends the events of a try, and returns what the page says of that. Raises ProblemError."""
    body, caller = tekst_van(form, "gebeurtenissen"), caller_of(request)
    if not body or proces.neem is None:
        raise invalid([Veldfout(veld="", melding="Er is niets te versturen. Lees het bestand opnieuw in.")])
    try:
        receipt = await proces.neem(body.encode(), caller)
    except (RefusedError, ForbiddenError) as error:
        raise ProblemError(status_of(error), "", list(_faults(error))) from error
    except UnavailableError as error:
        shown.opnieuw = body
        raise unavailable(f"Niet verzonden: {error}.", error.retry_after_seconds) from error
    audit.act(request, caller, "bestand ingelezen", nieuw=receipt.nieuw, herhaald=receipt.herhaald)
    kind = gedaan.AANGENOMEN if receipt.status == ACCEPTED else gedaan.INGELEZEN
    return gedaan.gedaan(kind, receipt.nieuw, receipt.herhaald)


def _faults(error: RefusedError | ForbiddenError) -> Iterator[Veldfout]:
    """Yields what is wrong, event by event: nothing of a try is sent when one of its events is refused."""
    for fout in error.fouten[:FAULTS_MAX]:
        where = f"Gebeurtenis {(fout.index or 0) + 1}: " if fout.index is not None else ""
        yield Veldfout(veld="", melding=f"{where}{fout.veld} {fout.melding}".strip())
    if (more := len(error.fouten) - FAULTS_MAX) > 0:
        yield Veldfout(veld="", melding=f"En nog {geteld(more, 'fout', 'fouten')}.")
    yield Veldfout(veld="", melding="Lees het bestand opnieuw in: misschien is er intussen iets veranderd.")
