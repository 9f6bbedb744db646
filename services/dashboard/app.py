"""The routes of the pages: one for each that is declared, those of the forms, and the files that pages load.

Pages are made on the server, so they need nothing but a browser.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.alarms.acts import Daden
from services.alarms.deliver.stand import Ontvangers
from services.dashboard.alarmen.daden import add_acts
from services.dashboard.inlezen.inlezen import add_inlezen
from services.dashboard.inlezen.namen import add_namen
from services.dashboard.melden.antwoord import meldformulieren_router
from services.dashboard.melden.melden import add_sending
from services.dashboard.page import Maker, Page, Proces, Renderer
from services.dashboard.page_request import Daadvraag
from services.dashboard.pages import PAGES
from services.dashboard.statisch import FILES, static
from services.ingest.accept import Neem
from services.reads.reader import Reader
from services.web.addresses import INLEZEN, MELDEN, NAMEN, Address, Owner, at


def dashboard_router(
    reader: Reader,
    neem: Neem | None = None,
    receivers: Callable[[], int] | None = None,
    profielen: Path | None = None,
) -> APIRouter:
    """Returns every page and what it loads, and the form of the page for programs.

    `neem` takes in what people report; None: not in this process. `receivers`: how many receive alarms; None: only
    another process knows that. `profielen`: the folder with the profiles of files; None: this process reads no files.
    """
    router = APIRouter(include_in_schema=False)
    proces = Proces(reader, neem, receivers=receivers, profielen=profielen)
    renderer = _with_pages(router, proces, "api")
    for add, address in ((add_sending, MELDEN), (add_inlezen, INLEZEN), (add_namen, NAMEN)):
        add(router, renderer, next(page for page in PAGES if page.path == address.path), proces)
    router.routes.extend(meldformulieren_router(reader).routes)
    for file in FILES:
        _add_file(router, file)
    return router


def alarm_pages_router(daden: Daden, ontvangers: Ontvangers) -> APIRouter:
    """Returns the pages of the service that watches and tells, and what the forms about alarms are sent to."""
    router = APIRouter(include_in_schema=False)
    proces = Proces(daden.reader, ontvangers=ontvangers, receivers=lambda: ontvangers.aantal)
    renderer = _with_pages(router, proces, "alarms")
    add_acts(
        router,
        renderer,
        {page: page.make(proces) for page in PAGES if issubclass(page.vraag, Daadvraag)},
        daden,
        ontvangers,
    )
    return router


def missing_page(reader: Reader) -> Callable[[Request], Response]:
    """Returns what makes the page of an address that does not exist: with the menu, like every other page."""
    renderer = Renderer(reader, PAGES)
    return lambda request: renderer.fault(request, 404, "Dit adres bestaat niet.")


def _with_pages(router: APIRouter, proces: Proces, owner: Owner) -> Renderer:
    """Adds the pages that a service serves."""
    renderer = Renderer(proces.reader, PAGES)
    for page in PAGES:
        if page.owner == owner:
            _add_page(router, renderer, page, page.make(proces))
    return renderer


def _add_page(router: APIRouter, renderer: Renderer, page: Page[Any], make: Maker[Any]) -> None:
    @at(router, page.address)
    def bladzijde(request: Request) -> Response:
        return renderer.show(request, page, make)


def _add_file(router: APIRouter, file: Address) -> None:
    @at(router, file)
    def bestand(request: Request) -> Response:
        return static(request, file)
