"""Every page, declared once. The router, the menu, the tests of pages and the law of shielded places walk this list.

A new page is a row here, a template, and the function that makes what the template shows.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from services.access import Right
from services.dashboard import alarmlijst, melden, onderwerp, overzicht, tabellen, uitleg
from services.dashboard.blad import Bladtijd, V
from services.dashboard.lijst import Lijstvraag
from services.dashboard.meldformulier import Meldvraag
from services.dashboard.onderwerp import Onderwerpvraag
from services.dashboard.pagina import Maker, Page, PathKind, Proces
from services.dashboard.uitleg import Verklaringvraag
from services.web.addresses import MELDEN


def _by(make: Maker[V]) -> Callable[[Proces], Maker[V]]:
    """A page that is made from its request alone, whatever the process."""

    def of_process(_: Proces) -> Maker[V]:
        return make

    return of_process


def _explanation(kind: str, of: PathKind | None = None) -> Page[Verklaringvraag]:
    return Page(
        path=f"/{kind}/{{code}}/verklaring" if of else f"/{kind}/verklaring",
        template="verklaring.html",
        vraag=Verklaringvraag,
        make=_by(partial(uitleg.verklaring, kind=kind)),
        reached_from="the figure that it explains",
        live=False,
        of=of,
    )


PAGES: tuple[Page[Any], ...] = (
    Page(
        path="/",
        template="overzicht.html",
        vraag=overzicht.Overzichtsvraag,
        make=_by(overzicht.overzicht),
        menu="Overzicht",
    ),
    Page(
        path="/locaties",
        template="locaties.html",
        vraag=tabellen.Locatiesvraag,
        make=_by(tabellen.locaties),
        menu="Locaties",
    ),
    Page(
        path="/gemeenten",
        template="gemeenten.html",
        vraag=tabellen.Gemeentenvraag,
        make=_by(tabellen.gemeenten),
        menu="Gemeenten",
    ),
    Page(
        path="/provincies",
        template="provincies.html",
        vraag=Lijstvraag,
        make=_by(tabellen.provincies),
        menu="Provincies",
    ),
    Page(
        path="/alarmen",
        template="alarmen.html",
        vraag=alarmlijst.Alarmvraag,
        make=_by(alarmlijst.alarmen),
        menu="Alarmen",
    ),
    Page(
        path=MELDEN.path,
        template="melden.html",
        vraag=Meldvraag,
        make=melden.of_process,
        menu="Melden",
        besides=Right.SEND,
        live=False,
    ),
    Page(
        path="/melden/klaar",
        template="gemeld.html",
        vraag=melden.Klaarvraag,
        make=_by(melden.klaar),
        reached_from="a report that was sent",
        live=False,
        example="id=0190f1f5-6f5a-7c39-9d5c-2f9d8f4b5a10&locatie=LOC-TER-APEL&status=201",
    ),
    Page(
        path="/locaties/{code}",
        template="locatie.html",
        vraag=Onderwerpvraag,
        make=_by(onderwerp.locatie),
        reached_from="its name, wherever that stands",
        of="locatie",
    ),
    Page(
        path="/gemeenten/{code}",
        template="gemeente.html",
        vraag=Onderwerpvraag,
        make=_by(onderwerp.gemeente),
        reached_from="its name, wherever that stands, and the map",
        of="gemeente",
    ),
    Page(
        path="/provincies/{code}",
        template="provincie.html",
        vraag=Onderwerpvraag,
        make=_by(onderwerp.provincie),
        reached_from="its name, wherever that stands",
        of="provincie",
    ),
    Page(
        path="/alarmen/{id}",
        template="alarm.html",
        vraag=Bladtijd,
        make=_by(alarmlijst.alarm),
        reached_from="the list of alarms, and messages to receivers",
        of="alarm",
    ),
    _explanation("bezetting"),
    _explanation("naleving"),
    _explanation("locaties", "locatie"),
    _explanation("gemeenten", "gemeente"),
    _explanation("provincies", "provincie"),
    Page(
        path="/verschil",
        template="verschil.html",
        vraag=uitleg.Verschilvraag,
        make=_by(uitleg.verschil),
        reached_from="the form in the header of every page",
        live=False,
        example="metGeldigOp=2024-05-10&metBekendOp=2024-05-11",
    ),
)
