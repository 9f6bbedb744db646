"""Every page, declared once. The router, the menu, the tests of pages and the law of shielded places walk this list.

A new page is a row here, a template, and the function that makes what the template shows.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from services.access import Right
from services.dashboard import (
    begrippen,
    brief,
    gebeurtenis,
    onderwerp,
    overzicht,
    spreiding,
    telregels,
    uitleg,
    verschil,
)
from services.dashboard.alarmen import draaiboek, ontvangers, stiltes
from services.dashboard.alarmen import lijst as alarmlijst
from services.dashboard.alarmen.keuze import Alarmvraag
from services.dashboard.inlezen import inlezen, namen
from services.dashboard.melden import melden
from services.dashboard.melden.vraag import Meldvraag
from services.dashboard.page import Maker, Page, PathKind, Proces
from services.dashboard.page_request import Asked, Bladtijd, Daadvraag
from services.dashboard.tabellen import gebieden as tabellen
from services.dashboard.tabellen import locaties as locatielijst
from services.dashboard.tabellen.lijst import Lijstvraag
from services.dashboard.toezicht import bord
from services.dashboard.toezicht import gemeente as onder_toezicht
from services.dashboard.toezicht.werklijst import Toezichtvraag
from services.dashboard.uitleg import Verklaringvraag
from services.reads.uitlegbaar import pad_van_uitleg
from services.web.addresses import INLEZEN, MELDEN, NAMEN, ONTVANGER, ONTVANGERS, STILTES, page_of


def _on_request(make: Maker[Asked]) -> Callable[[Proces], Maker[Asked]]:
    """Wraps a maker that needs only the request, for `Page.make`, which gets what the process has."""

    def for_process(_: Proces) -> Maker[Asked]:
        return make

    return for_process


def _explanation(kind: str, path_names: PathKind | None = None) -> Page[Verklaringvraag]:
    """Returns the page that explains one figure: of one subject when its path names one, else of the country."""
    return Page(
        path=pad_van_uitleg(kind, "{code}" if path_names else ""),
        template="verklaring.html",
        vraag=Verklaringvraag,
        make=_on_request(partial(uitleg.verklaring, kind=kind)),
        reached_from="the figure that it explains",
        live=False,
        costly=True,
        path_names=path_names,
    )


PAGES: tuple[Page[Any], ...] = (
    Page(
        path="/",
        template="overzicht.html",
        vraag=overzicht.Overzichtsvraag,
        make=overzicht.of_process,
        menu="Overzicht",
        telefoon=True,
    ),
    Page(
        path="/locaties",
        template="locaties.html",
        vraag=locatielijst.Locatiesvraag,
        make=_on_request(locatielijst.locaties),
        menu="Locaties",
        telefoon=True,
    ),
    Page(
        path="/gemeenten",
        template="gemeenten.html",
        vraag=tabellen.Gemeentenvraag,
        make=_on_request(tabellen.gemeenten),
        menu="Gemeenten",
    ),
    Page(
        path="/provincies",
        template="provincies.html",
        vraag=Lijstvraag,
        make=_on_request(tabellen.provincies),
        menu="Provincies",
    ),
    Page(
        path="/toezicht",
        template="toezicht.html",
        vraag=Toezichtvraag,
        make=_on_request(bord.toezicht),
        menu="Toezicht",
    ),
    Page(
        path="/alarmen",
        template="alarmen.html",
        vraag=Alarmvraag,
        make=_on_request(alarmlijst.alarmen),
        menu="Alarmen",
        telefoon=True,
    ),
    Page(
        path="/verschil",
        template="verschil.html",
        vraag=verschil.Verschilvraag,
        costly=True,
        make=_on_request(verschil.verschil),
        menu="Verschil",
        live=False,
        example="metGeldigOp=2024-05-10&metBekendOp=2024-05-11",
    ),
    Page(
        path=MELDEN.path,
        template="melden.html",
        vraag=Meldvraag,
        make=melden.of_process,
        menu="Melden",
        also_needs=Right.SEND,
        live=False,
    ),
    Page(
        path=INLEZEN.path,
        template="inlezen.html",
        vraag=inlezen.Inleesvraag,
        make=inlezen.of_process,
        menu="Inlezen",
        meer=True,
        also_needs=Right.SEND,
        live=False,
    ),
    Page(
        path="/naleving",
        template="naleving.html",
        vraag=spreiding.Nalevingvraag,
        make=_on_request(spreiding.naleving),
        menu="Naleving",
        meer=True,
        costly=True,
    ),
    Page(
        path="/naleving/telregels",
        template="telregels.html",
        vraag=telregels.Telregelvraag,
        make=_on_request(telregels.telregels),
        menu="Telregels",
        meer=True,
        live=False,
    ),
    Page(
        path=page_of(STILTES.path),
        template="stiltes.html",
        vraag=Daadvraag,
        make=_on_request(stiltes.stiltes),
        menu="Stiltes",
        meer=True,
    ),
    Page(
        path=page_of(ONTVANGERS.path),
        template="ontvangers.html",
        vraag=Daadvraag,
        make=ontvangers.of_process,
        owner="alarms",
        menu="Ontvangers",
        meer=True,
    ),
    Page(
        path=draaiboek.PAD,
        template="draaiboek.html",
        vraag=Bladtijd,
        make=_on_request(draaiboek.draaiboek),
        menu="Draaiboek",
        meer=True,
        live=False,
    ),
    Page(
        path="/begrippen",
        template="begrippen.html",
        vraag=Bladtijd,
        make=_on_request(begrippen.begrippen),
        menu="Begrippen",
        meer=True,
        live=False,
    ),
    Page(
        path=melden.KLAAR,
        template="gemeld.html",
        vraag=melden.Klaarvraag,
        make=_on_request(melden.klaar),
        reached_from="a report that was sent",
        live=False,
        example="id=0190f1f5-6f5a-7c39-9d5c-2f9d8f4b5a10&over=LOC-TER-APEL&soort=bezetting&status=201",
    ),
    Page(
        path=NAMEN.path,
        template="namen.html",
        vraag=namen.Namenvraag,
        make=namen.of_process,
        reached_from="the page that reads a file",
        also_needs=Right.SEND,
        live=False,
    ),
    Page(
        path="/locaties/{code}",
        template="locatie.html",
        vraag=onderwerp.Onderwerpvraag,
        make=_on_request(onderwerp.locatie),
        reached_from="its name, wherever that stands",
        path_names="locatie",
    ),
    Page(
        path="/gemeenten/{code}",
        template="gemeente.html",
        vraag=onderwerp.Onderwerpvraag,
        make=_on_request(onderwerp.gemeente),
        reached_from="its name, wherever that stands, and the map",
        path_names="gemeente",
    ),
    _explanation("toezicht"),  # before the page whose path would take its last word for a code
    Page(
        path="/toezicht/{code}",
        template="toezichtgemeente.html",
        vraag=onderwerp.Onderwerpvraag,
        make=_on_request(onder_toezicht.gemeente),
        reached_from="the list of the toezicht, and the page of the gemeente",
        path_names="gemeente",
    ),
    Page(
        path="/gemeenten/{code}/brief",
        template="brief.html",
        vraag=Bladtijd,
        make=_on_request(brief.brief),
        reached_from="the page of a gemeente",
        live=False,
        costly=True,
        path_names="gemeente",
    ),
    Page(
        path="/provincies/{code}",
        template="provincie.html",
        vraag=onderwerp.Onderwerpvraag,
        make=_on_request(onderwerp.provincie),
        reached_from="its name, wherever that stands",
        path_names="provincie",
    ),
    Page(
        path="/alarmen/{id}",
        template="alarm.html",
        vraag=Daadvraag,
        make=_on_request(alarmlijst.alarm),
        reached_from="the list of alarms, and messages to receivers",
        path_names="alarm",
    ),
    Page(
        path=page_of(ONTVANGER.path),
        template="ontvanger.html",
        vraag=Daadvraag,
        make=ontvangers.een_of_process,
        owner="alarms",
        reached_from="the list of receivers",
        path_names="ontvanger",
    ),
    Page(
        path="/gebeurtenissen/{id}",
        template="gebeurtenis.html",
        vraag=Bladtijd,
        make=_on_request(gebeurtenis.gebeurtenis),
        reached_from="an explanation, and what differs between two moments",
        live=False,
        costly=True,
        path_names="gebeurtenis",
    ),
    _explanation("bezetting"),
    _explanation("naleving"),
    _explanation("locaties", "locatie"),
    _explanation("gemeenten", "gemeente"),
    _explanation("provincies", "provincie"),
)
