"""The tables of locaties, gemeenten and provincies, each with its columns and filters."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from fastapi.responses import Response

from schemas.fields import GemeenteCode, ProvincieCode
from schemas.reference import PROVINCIES, Gemeente
from services.core.bezetting import Bezetting
from services.core.delen import Wetsdelen
from services.core.grootheden import rij, van, waarde_van
from services.core.grootheden.declaratie import FigureOf, Grootheid
from services.core.grootheden.opvang import (
    AANWEZIG,
    BEZETTINGSGRAAD,
    DEKKING,
    GEMEENTE,
    INZETBAAR,
    NAAM,
    OPEN,
    SOORT,
    TOEGANG,
    TOTAAL_PLAATSEN,
    VRIJ,
)
from services.core.grootheden.vormen import NOT_STATED, UNKNOWN
from services.core.grootheden.wet import MEETELLEND, NALEVING, PLAATSEN_PER_1000, TEKORT, TOEZICHT
from services.core.grootheden.zinnen import LocatieOp, gezien
from services.core.locaties import Locatie
from services.core.naleving import KLASSEN, GemeenteNaleving, opgeteld, plaatsen_per_1000_inwoners
from services.core.opgaven import Opgave, opgave_of
from services.core.voorbehoud import voorbehoud, waarom_geen_spreidingsindex
from services.dashboard.kaart import Kleuring, kaart
from services.dashboard.lijst import Celwaarde, Lijstvraag, R, Veld, bladzijde, meenemen
from services.dashboard.page_request import Blad
from services.dashboard.tekst import aantal_in, getal, ondergrens, per_1000, van_eenheid
from services.dashboard.telling import Telling, telling
from services.reads import answers
from services.reads.cijfers import Totaalcijfers
from services.web.asked import WaarOfNiet
from services.web.problems import ProblemError

NIET_OP_TOEZICHT = "Kiezen op toezicht kan alleen met de rol toezicht of beheerder."


class Locatiesvraag(Lijstvraag):
    """The locaties that are asked."""

    gemeente: GemeenteCode | None = None
    provincie: ProvincieCode | None = None
    soort: str | None = None
    toegang: Literal["open", "gecontroleerd", "beperkt", "gesloten"] | None = None
    open: WaarOfNiet | None = None
    vol: WaarOfNiet | None = None
    """Only locaties with more people than usable places, or only the others."""


class Gemeentenvraag(Lijstvraag):
    """The gemeenten that are asked, and the colouring of the map."""

    aantal: int = 500
    provincie: ProvincieCode | None = None
    naleving: Literal[KLASSEN] | None = None  # type: ignore[valid-type]
    toezicht: WaarOfNiet | None = None
    kaart: Kleuring = "naleving"


class Locatierij(NamedTuple):
    """A locatie, its last reading, and the gemeente where it lies at V."""

    gezien: LocatieOp
    telling: Telling
    gemeente: Gemeente | None

    @property
    def locatie(self) -> Locatie:
        """The locatie itself."""
        return self.gezien.locatie


class Gemeenterij(NamedTuple):
    """A gemeente: how it stands against its opgave, and its people."""

    naleving: GemeenteNaleving
    bezetting: Bezetting
    voorbehoud: Sequence[str]
    """Why figures of its people can't be stated."""


class Provincierij(NamedTuple):
    """A provincie: its people, its own opgave, and its gemeenten by class."""

    code: str
    bezetting: Bezetting
    opgave: Opgave | None
    totalen: Wetsdelen[int]
    per_1000: float | None
    """Places that count for each thousand inhabitants."""
    volledig: bool
    """Whether all places of the cyclus are known."""
    voorbehoud: Sequence[str]


def _columns(
    soort: FigureOf,
    seen: Callable[[R], Any],
    eerst: Sequence[Grootheid] = (),
    zonder: Sequence[Grootheid] = (),
    named: Mapping[Grootheid, str] = MappingProxyType({}),
) -> list[Veld[R]]:
    """The columns of the figures of a kind of subject: `eerst` these, then the others in the order of declaration.

    `seen` gives what a figure follows from, of a row. `named` are those that have another name in the address.
    """
    shown = [one for one, how in van(soort) if how.kolom and one not in zonder]
    return [
        Veld(
            named.get(one, one.naam),
            one.kop or one.label,
            partial(_value, one, soort, seen),
            one.eenheid.value.kolom,
            van_eenheid(one.eenheid),
            "–" if one.geen else NOT_STATED if soort is FigureOf.GEBIED or one is TEKORT else UNKNOWN,
        )
        for one in dict.fromkeys((*eerst, *shown))
    ]


def _value(one: Grootheid, soort: FigureOf, seen: Callable[[R], Any], row: R) -> Celwaarde:
    return waarde_van(one, soort, seen(row))


def _room(row: Locatierij) -> int | None:
    """The places that are free now; None where that is not known."""
    return row.locatie.vrij if row.telling.actueel else None


def _of_area(eerst: Sequence[Grootheid] = (), zonder: Sequence[Grootheid] = ()) -> list[Veld[Any]]:
    """The columns of the people and places of an area. Usable places are told as far as they are known."""
    return [
        veld._replace(waarde=_inzetbaar, in_rij=_inzetbaar_in_rij) if veld.naam == INZETBAAR.naam else veld
        for veld in _columns(FigureOf.GEBIED, attrgetter("bezetting"), eerst, zonder)
    ]


def _inzetbaar(row: Gemeenterij | Provincierij) -> int | None:
    """The known usable places of an area; None where it has open locaties and nothing is known of their places."""
    sums = row.bezetting
    return None if sums.locaties and not sums.delen.geplaatst else sums.inzetbaar


def _inzetbaar_in_rij(row: Gemeenterij | Provincierij) -> str:
    sums = row.bezetting
    return f"{'minstens ' if sums.delen.geplaatst < sums.locaties else ''}{getal(sums.inzetbaar)}"


def _meetellend_in_rij(row: Gemeenterij) -> str:
    """The places that count: at least so many, by a cyclus of which not all is known."""
    one = row.naleving
    return getal(one.meetellend) if one.volledig else ondergrens(one.meetellend)


def _per_1000_in_rij(row: Provincierij) -> str:
    return per_1000(row.per_1000) if row.volledig else ondergrens(row.per_1000 or 0, per_1000)


def _in_klasse(naam: str, row: Provincierij) -> str:
    """How many gemeenten of a provincie are in a class: at least so many, where others are not known."""
    return aantal_in(rij(FigureOf.TOTALEN, row.totalen), naam)


LOCATIES: Sequence[Veld[Locatierij]] = (
    Veld("naam", "Locatie", lambda r: r.locatie.naam),
    Veld("gemeente", "Gemeente", lambda r: r.gemeente.naam if r.gemeente else None),
    Veld("provincie", "Provincie", lambda r: PROVINCIES[r.gemeente.provincie] if r.gemeente else None),
    *(
        veld._replace(waarde=_room, leeg=NOT_STATED) if veld.naam == VRIJ.naam else veld
        for veld in _columns(
            FigureOf.LOCATIE,
            attrgetter("gezien"),
            (SOORT, BEZETTINGSGRAAD, AANWEZIG, INZETBAAR, VRIJ, TOTAAL_PLAATSEN, TOEGANG, OPEN),
            zonder=(NAAM, GEMEENTE),
            named={TOTAAL_PLAATSEN: "plaatsen"},
        )
    ),
    Veld("id", "Id", lambda r: r.locatie.id),
)
GEMEENTEN: Sequence[Veld[Gemeenterij]] = (
    Veld("naam", "Gemeente", lambda r: r.naleving.gemeente.naam),
    Veld("provincie", "Provincie", lambda r: PROVINCIES[r.naleving.gemeente.provincie]),
    *(
        veld._replace(in_rij=_meetellend_in_rij) if veld.naam == MEETELLEND.naam else veld
        for veld in _columns(FigureOf.GEMEENTE, attrgetter("naleving"), (NALEVING,))
    ),
    Veld("bijzonderheden", "Bijzonderheden", lambda r: bijzonderheden(r.naleving, r.voorbehoud), leeg="–"),
    *_of_area(zonder=(DEKKING,)),
    Veld("code", "Code", lambda r: r.naleving.gemeente.code),
)
PROVINCIES_VELDEN: Sequence[Veld[Provincierij]] = (
    Veld("naam", "Provincie", lambda r: PROVINCIES[r.code]),
    *_of_area((BEZETTINGSGRAAD, AANWEZIG, INZETBAAR)),
    *_columns(FigureOf.PROVINCIE, attrgetter("opgave")),
    *(
        veld._replace(in_rij=partial(_in_klasse, veld.naam))
        for veld in _columns(FigureOf.TOTALEN, attrgetter("totalen"))
    ),
    Veld(
        PLAATSEN_PER_1000.naam,
        PLAATSEN_PER_1000.label,
        lambda r: r.per_1000,
        PLAATSEN_PER_1000.eenheid.value.kolom,
        per_1000,
        NOT_STATED,
        _per_1000_in_rij,
    ),
    Veld("bijzonderheden", "Bijzonderheden", lambda r: "; ".join(r.voorbehoud) or None, leeg="–"),
    Veld("code", "Code", lambda r: r.code),
)


def locaties(blad: Blad[Locatiesvraag]) -> dict[str, Any] | Response:
    """Returns the page of locaties, or a file of it."""
    cijfers, vraag = blad.cijfers(), blad.vraag
    op = cijfers.herkomst.geldig_op
    every = [
        Locatierij(gezien(one, op), telling(one, op, cijfers.grenzen), cijfers.gemeente_of(one))
        for one in cijfers.locaties
    ]
    registered = [row for row in every if row.locatie.registered]
    asked = [row for row in registered if _wanted(row, vraag)]
    rows = [row for row in asked if vraag.vol is None or (_room(row) is not None and vraag.vol == row.telling.vol)]
    page = bladzijde(rows, LOCATIES, vraag, "naam", _text_of)
    if vraag.formaat is not None:
        return meenemen("locaties", vraag.formaat, page, cijfers.herkomst, blad)
    return {
        "herkomst": cijfers.herkomst,
        "bladzijde": page,
        "soorten": sorted({row.locatie.soort for row in registered if row.locatie.soort}),
        "provincies": PROVINCIES,
        "ongeteld": 0 if vraag.vol is None else sum(_room(row) is None for row in asked),
        "recent": cijfers.grenzen.recent // timedelta(hours=1),
        "onbekend": [row.locatie.id for row in every if not row.locatie.registered],
    }


def gemeenten(blad: Blad[Gemeentenvraag]) -> dict[str, Any] | Response:
    """Returns the page of gemeenten with the map, or a file of it."""
    cijfers, vraag = blad.totalen(), blad.vraag
    toezicht = not TOEZICHT.rust_op & cijfers.unseen
    if vraag.toezicht is not None and not toezicht:
        raise ProblemError(403, NIET_OP_TOEZICHT)
    asked = [
        row
        for row in cijfers.naleving
        if vraag.provincie in (None, row.gemeente.provincie) and vraag.toezicht in (None, row.toezicht is not None)
    ]
    rows = [_gemeente(cijfers, row) for row in asked if vraag.naleving in (None, row.naleving)]
    columns = [one for one in GEMEENTEN if toezicht or one.naam != TOEZICHT.naam]
    page = bladzijde(rows, columns, vraag, "naam", lambda r: f"{r.naleving.gemeente.naam} {r.naleving.gemeente.code}")
    if vraag.formaat is not None:
        return meenemen("gemeenten", vraag.formaat, page, cijfers.herkomst, blad)
    return {
        "herkomst": cijfers.herkomst,
        "bladzijde": page,
        "maatstaf": cijfers.maatstaf,
        "wet": answers.law_of(cijfers.naleving, cijfers.audience),
        "geen_index": waarom_geen_spreidingsindex(opgeteld(cijfers.naleving), cijfers.maatstaf),
        "onbekend": sum(row.naleving == "onbekend" for row in asked),
        "klassen": KLASSEN,
        "provincies": PROVINCIES,
        "toezicht": toezicht,
        "kaart": kaart(cijfers, vraag.kaart),
    }


def provincies(blad: Blad[Lijstvraag]) -> dict[str, Any] | Response:
    """Returns the page of provincies, or a file of it."""
    cijfers, vraag = blad.totalen(), blad.vraag
    rows = [_provincie(cijfers, code) for code in PROVINCIES]
    page = bladzijde(rows, PROVINCIES_VELDEN, vraag, "naam", lambda row: f"{PROVINCIES[row.code]} {row.code}")
    if vraag.formaat is not None:
        return meenemen("provincies", vraag.formaat, page, cijfers.herkomst, blad)
    return {"herkomst": cijfers.herkomst, "bladzijde": page, "maatstaf": cijfers.maatstaf}


def _provincie(cijfers: Totaalcijfers, code: str) -> Provincierij:
    opgave = opgave_of(cijfers.wet, code, cijfers.cyclus.id) if cijfers.cyclus else None
    rows = [row for row in cijfers.naleving if row.gemeente.provincie == code]
    sums = cijfers.in_provincie(code)
    volledig = all(row.volledig for row in rows)
    return Provincierij(code, sums, opgave, opgeteld(rows), plaatsen_per_1000_inwoners(rows), volledig, _why(sums))


def _gemeente(cijfers: Totaalcijfers, row: GemeenteNaleving) -> Gemeenterij:
    sums = cijfers.in_gemeente(row.gemeente.code)
    return Gemeenterij(row, sums, _why(sums))


def _why(sums: Bezetting) -> list[str]:
    """Why figures of an area can't be stated, and who was left behind. Without a locatie there is nothing to tell."""
    found = [one.tekst for one in voorbehoud(sums)] if sums.locaties else []
    if sums.delen.aanwezig_gesloten:
        found.append(f"{getal(sums.delen.aanwezig_gesloten)} mensen op gesloten locaties")
    return found


def bijzonderheden(row: GemeenteNaleving, why: Sequence[str] = ()) -> str | None:
    """Tells what the class of a gemeente does not say by itself; None when there is nothing to tell."""
    besluit, regel = row.besluit, row.maatstaf.regel
    found = [row.reden] if row.reden else []
    if besluit is not None and besluit.bindt and besluit.stand != "geldend":
        found.append(f"in {besluit.stand}" if besluit.zaak is None else f"in {besluit.stand} ({besluit.zaak})")
    amv = besluit.waarvan_amv if besluit is not None and regel is not None and regel.amv_apart else None
    if amv is not None and row.amv < amv:
        least = "" if row.volledig else "minstens "
        many = f"{least}{getal(row.amv)}" if row.amv or row.volledig else "niet bekend hoeveel"
        found.append(f"amv {many} van {getal(amv)}")
    if row.ongedekt:
        found.append(f"{getal(row.ongedekt)} toegezegd en niet gedekt")
    if row.tekort_wacht_op_amv and row.waarom_geen_tekort:
        found.append(row.waarom_geen_tekort)
    if row.tekort_hoogstens is not None:
        least = f"minstens {getal(row.tekort_minstens)}, " if row.tekort_minstens else ""
        found.append(f"tekort {least}hoogstens {getal(row.tekort_hoogstens)}")
    return "; ".join([*found, *why]) or None


def _text_of(row: Locatierij) -> str:
    place = "" if row.gemeente is None else f"{row.gemeente.naam} {PROVINCIES[row.gemeente.provincie]}"
    return f"{row.locatie.naam} {row.locatie.id} {place}"


def _wanted(row: Locatierij, vraag: Locatiesvraag) -> bool:
    one, where = row.locatie, row.gemeente
    return (
        vraag.open in (None, one.open)
        and vraag.soort in (None, one.soort)
        and vraag.toegang in (None, one.toegang)
        and vraag.gemeente in (None, where and where.code)
        and vraag.provincie in (None, where and where.provincie)
    )
