"""The table of locaties, with its columns and filters."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, Literal, NamedTuple, get_args

from fastapi.responses import Response

from schemas.data import Regime
from schemas.fields import GemeenteCode, ProvincieCode
from schemas.reference import PROVINCIES, Gemeente
from services.core.grootheden.declaratie import FigureOf
from services.core.grootheden.opvang import (
    AANWEZIG,
    BEZETTINGSGRAAD,
    GEMEENTE,
    INZETBAAR,
    NAAM,
    OPEN,
    PEILMOMENT,
    PLAATSEN,
    SOORT,
    TOEGANG,
    TOTAAL_PLAATSEN,
    VRIJ,
)
from services.core.grootheden.vormen import NOT_STATED
from services.core.grootheden.zinnen import LocatieOp, gezien
from services.core.locaties import Locatie
from services.dashboard.page_request import Blad
from services.dashboard.tabellen.keuze import Filter
from services.dashboard.tabellen.lijst import Lijstvraag, Som, Veld, bladzijde, meenemen
from services.dashboard.tabellen.velden import columns, sommen_van_gebied, tabel
from services.dashboard.telling import Telling
from services.reads.cijfers import Cijfers
from services.reads.lopen import lopen_van
from services.web.asked import WaarOfNiet

ONBEKEND = "onbekend"


class Locatiesvraag(Lijstvraag):
    """The locaties that are asked."""

    gemeente: GemeenteCode | None = None
    provincie: ProvincieCode | None = None
    soort: str | None = None
    toegang: Literal["open", "gecontroleerd", "beperkt", "gesloten", "onbekend"] | None = None
    open: WaarOfNiet | None = None
    vol: Literal["true", "false", "onbekend"] | None = None
    """Only locaties with more people than usable places, only those without, or those of which it is not known."""


class Locatierij(NamedTuple):
    """A locatie at V, whether its last reading is recent, and the gemeente where it lies."""

    locatie: Locatie
    actueel: bool
    gemeente: Gemeente | None
    op: datetime

    @property
    def gezien(self) -> LocatieOp:
        """The locatie at V, with its parts."""
        return gezien(self.locatie, self.op)

    @property
    def telling(self) -> Telling:
        """Its last reading, as a page tells it."""
        return Telling(self.locatie, self.actueel)

    @property
    def merk_bij(self) -> str:
        """The column beside which it says that it is full, or that its reading is old."""
        one = self.locatie
        shown = AANWEZIG if one.bezettingsgraad is None else BEZETTINGSGRAAD
        return "" if one.aanwezig is None else shown.naam


def _room(row: Locatierij) -> int | None:
    """The places that are free now; None where that is not known."""
    return row.locatie.vrij if row.actueel else None


def _vol(row: Locatierij) -> str:
    one = row.locatie
    if not row.actueel or not one.plaatsen:
        return ONBEKEND
    return "true" if one.boven_capaciteit else "false"


def _now(veld: Veld[Locatierij]) -> Veld[Locatierij]:
    """Ranks by what is so now: an old reading says nothing of that."""
    return veld._replace(rang=lambda row: veld.waarde(row) if row.actueel else None)


def _changed(veld: Veld[Locatierij]) -> Veld[Locatierij]:
    if veld.naam == VRIJ.naam:
        return veld._replace(waarde=_room, leeg=NOT_STATED)
    if veld.naam == PEILMOMENT.naam:
        return veld._replace(leeg="–")  # A reading that was never made is not there; what it would say is not known.
    return _now(veld) if veld.naam in (BEZETTINGSGRAAD.naam, AANWEZIG.naam) else veld


LOCATIES: Sequence[Veld[Locatierij]] = (
    Veld("naam", "Locatie", lambda r: r.locatie.naam),
    Veld("gemeente", "Gemeente", lambda r: r.gemeente.naam if r.gemeente else None),
    Veld("provincie", "Provincie", lambda r: PROVINCIES[r.gemeente.provincie] if r.gemeente else None),
    *(
        _changed(veld)
        for veld in columns(
            FigureOf.LOCATIE,
            attrgetter("gezien"),
            (SOORT, BEZETTINGSGRAAD, AANWEZIG, INZETBAAR, VRIJ, TOTAAL_PLAATSEN, TOEGANG, OPEN),
            zonder=(NAAM, GEMEENTE),
            named={TOTAAL_PLAATSEN: "plaatsen"},
        )
    ),
    Veld("id", "Id", lambda r: r.locatie.id),
)
_LOOP: Veld[Locatierij] = Veld("loop", "14 dagen", lambda r: r.locatie.id, cel="vonk")
"""The last fortnight. It is drawn, and in no file."""
_BREEDTEN: Mapping[str, int] = {
    "naam": 0,
    "gemeente": 2,
    "provincie": 5,
    SOORT.naam: 2,
    BEZETTINGSGRAAD.naam: 0,
    _LOOP.naam: 1,
    AANWEZIG.naam: 0,
    INZETBAAR.naam: 0,
    VRIJ.naam: 2,
    PEILMOMENT.naam: 3,
    TOEGANG.naam: 4,
}
"""The columns that a page shows by itself, and from which width on."""
_OPEN = {"true": "open locaties", "false": "gesloten locaties"}
_VOL = {"true": "meer mensen dan plaatsen", "false": "genoeg plaatsen", ONBEKEND: NOT_STATED}


def locaties(blad: Blad[Locatiesvraag]) -> dict[str, Any] | Response:
    """Returns the page of locaties, or a file of it."""
    cijfers, vraag = blad.cijfers(), blad.vraag
    op, recent = cijfers.herkomst.geldig_op, cijfers.grenzen.is_recent
    rows = [
        Locatierij(one, recent(one.peilmoment, op), cijfers.gemeente_of(one), op)
        for one in cijfers.locaties
        if one.registered
    ]
    page = bladzijde(rows, LOCATIES, vraag, "naam", _text_of, _filters(rows, vraag))
    if vraag.formaat is not None:
        return meenemen("locaties", vraag.formaat, page, cijfers.herkomst, blad)
    alle = vraag.kolommen == "alle"
    shown = [row.locatie for row in page.rijen]
    return {
        "herkomst": cijfers.herkomst,
        **tabel(page, _BREEDTEN, sommen(cijfers, page.gevonden), alle=alle, getekend=(_LOOP,)),
        "lopen": {} if alle else lopen_van(blad.reader, blad.question, cijfers, shown),
        "gemeente": None if vraag.gemeente is None else cijfers.gemeente_naam(vraag.gemeente),
        "provincies": PROVINCIES,
        "recent": cijfers.grenzen.recent // timedelta(hours=1),
        "onbekend": [one.id for one in cijfers.locaties if not one.registered],
    }


def sommen(cijfers: Cijfers, rows: Sequence[Locatierij]) -> dict[str, Som]:
    """What stands under the columns, for all that is found."""
    found = sommen_van_gebied(cijfers.van_locaties([row.locatie for row in rows]))
    return found | {"plaatsen": found[PLAATSEN.naam]}


def _filters(rows: Sequence[Locatierij], vraag: Locatiesvraag) -> list[Filter[Locatierij]]:
    """What locaties can be chosen by. One chooses a gemeente within a provincie: of the country there are too many."""
    asked = vraag.provincie, vraag.gemeente
    within = {
        one.code: one.naam
        for one in (row.gemeente for row in rows if row.gemeente)
        if one.provincie == asked[0] or one.code == asked[1]
    }
    soorten = sorted({row.locatie.soort for row in rows if row.locatie.soort})
    return [
        Filter("provincie", "Provincie", lambda row: row.gemeente.provincie if row.gemeente else "", PROVINCIES),
        Filter(
            "gemeente",
            "Gemeente",
            lambda row: row.gemeente.code if row.gemeente else "",
            dict(sorted(within.items(), key=lambda pair: pair[1])),
        ),
        Filter("soort", "Soort", lambda row: row.locatie.soort or "", {one: one for one in soorten}),
        Filter(
            "toegang",
            "Toegang",
            lambda row: row.locatie.toegang or ONBEKEND,
            {one: one for one in (*get_args(Regime), ONBEKEND)},
        ),
        Filter("open", "Open", lambda row: "true" if row.locatie.open else "false", _OPEN),
        Filter("vol", "Bezetting", _vol, _VOL),
    ]


def _text_of(row: Locatierij) -> str:
    place = "" if row.gemeente is None else f"{row.gemeente.naam} {PROVINCIES[row.gemeente.provincie]}"
    return f"{row.locatie.naam} {row.locatie.id} {place}"
