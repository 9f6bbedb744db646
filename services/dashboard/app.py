"""The routes of the pages: one for each that is declared, one to send a report, and the files that pages load.

Pages are made on the server, so they need nothing but a browser.
"""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.dashboard.melden import add_sending
from services.dashboard.page import Maker, Page, Proces, Renderer
from services.dashboard.pages import PAGES
from services.dashboard.statisch import FILES, static
from services.ingest.accept import Neem
from services.reads.reader import Reader
from services.web.addresses import MELDEN, Address, at


def dashboard_router(reader: Reader, neem: Neem | None = None) -> APIRouter:
    """Returns every page and what it loads. `neem` takes in what people report; None: not in this process."""
    router = APIRouter(include_in_schema=False)
    proces = Proces(reader, neem)
    renderer = Renderer(proces.reader, PAGES)
    for page in PAGES:
        _add_page(router, renderer, page, page.make(proces))
    add_sending(router, renderer, next(page for page in PAGES if page.path == MELDEN.path), proces)
    for file in FILES:
        _add_file(router, file)
    return router


def _add_page(router: APIRouter, renderer: Renderer, page: Page[Any], make: Maker[Any]) -> None:
    @at(router, page.address)
    def bladzijde(request: Request) -> Response:
        return renderer.show(request, page, make)


def _add_file(router: APIRouter, file: Address) -> None:
    @at(router, file)
    def bestand(request: Request) -> Response:
        return static(request, file)
