"""The pages: which address shows what. Made on the server, so that they need nothing but a browser."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.clock import Clock
from services.dashboard import alarmlijst, onderwerp, tabellen, uitleg
from services.dashboard.blad import Blad, Bladen, Bladtijd
from services.dashboard.lijst import Lijstvraag
from services.dashboard.melden import add_melden
from services.dashboard.overzicht import Eerder, Overzichtsvraag, Trend, overzicht
from services.dashboard.statisch import FILES, static
from services.ingest.accept import Neem
from services.reads.kept import Kept
from services.reads.reader import Reader
from services.store.store import Store
from services.web.addresses import Address, at

Make = Callable[[Blad[onderwerp.Onderwerpvraag], str], dict[str, Any]]


def dashboard_router(store: Store, clock: Clock, neem: Neem | None = None) -> APIRouter:
    """Every page, and what it loads. `neem`: takes in what people report; None: not here."""
    router = APIRouter(include_in_schema=False)
    reader = Reader(store, clock)
    bladen = Bladen(reader)
    trend, eerder = Trend(Kept(store)), Eerder()

    @router.get("/")
    def voorpagina(request: Request) -> Response:
        return bladen.toon(request, "overzicht.html", Overzichtsvraag, lambda blad: overzicht(blad, trend, eerder))

    @router.get("/locaties")
    def locaties(request: Request) -> Response:
        return bladen.toon(request, "locaties.html", tabellen.Locatiesvraag, tabellen.locaties)

    @router.get("/gemeenten")
    def gemeenten(request: Request) -> Response:
        return bladen.toon(request, "gemeenten.html", tabellen.Gemeentenvraag, tabellen.gemeenten)

    @router.get("/provincies")
    def provincies(request: Request) -> Response:
        return bladen.toon(request, "provincies.html", Lijstvraag, tabellen.provincies)

    add_melden(router, bladen, neem)

    _add_subject(router, bladen, "locaties", "locatie.html", onderwerp.locatie)
    _add_subject(router, bladen, "gemeenten", "gemeente.html", onderwerp.gemeente)
    _add_subject(router, bladen, "provincies", "provincie.html", onderwerp.provincie)
    for kind in ("bezetting", "naleving"):
        _add_explanation(router, bladen, kind, f"/{kind}/verklaring")
    _add_alarms(router, bladen)

    @router.get("/verschil")
    def verschil(request: Request) -> Response:
        return bladen.toon(request, "verschil.html", uitleg.Verschilvraag, uitleg.verschil)

    for file in FILES:
        _add_file(router, file)

    return router


def _add_file(router: APIRouter, file: Address) -> None:
    @at(router, file)
    def bestand(request: Request) -> Response:
        return static(request, file)


def _add_subject(router: APIRouter, bladen: Bladen, kind: str, template: str, make: Make) -> None:
    """Of a kind of which each has a page: that page, and why its figures are what they are."""

    @router.get(f"/{kind}/{{code}}")
    def een(request: Request, code: str) -> Response:
        return bladen.toon(request, template, onderwerp.Onderwerpvraag, lambda blad: make(blad, code))

    _add_explanation(router, bladen, kind, f"/{kind}/{{code}}/verklaring")


def _add_explanation(router: APIRouter, bladen: Bladen, kind: str, path: str) -> None:
    @router.get(path)
    def waarom(request: Request) -> Response:
        code = request.path_params.get("code", "")
        return bladen.toon(
            request, "verklaring.html", uitleg.Verklaringvraag, lambda blad: uitleg.verklaring(blad, kind, code)
        )


def _add_alarms(router: APIRouter, bladen: Bladen) -> None:
    @router.get("/alarmen")
    def alarmen(request: Request) -> Response:
        return bladen.toon(request, "alarmen.html", alarmlijst.Alarmvraag, alarmlijst.alarmen)

    @router.get("/alarmen/{id}")
    def alarm(request: Request, id: str) -> Response:  # noqa: A002
        return bladen.toon(request, "alarm.html", Bladtijd, lambda blad: alarmlijst.alarm(blad, id))
