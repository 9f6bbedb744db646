"""The tables of gemeenten and provincies, each with its columns and filters."""

from collections.abc import Mapping, Sequence
from functools import partial
from operator import attrgetter
from typing import Any, Literal, NamedTuple

from fastapi.responses import Response

from schemas.fields import ProvincieCode
from schemas.reference import PROVINCIES
from services.core.bezetting import Bezetting
from services.core.grootheden import rij, van
from services.core.grootheden.declaratie import FigureOf
from services.core.grootheden.opvang import AANWEZIG, BEZETTINGSGRAAD, DEKKING, INZETBAAR
from services.core.grootheden.vormen import NOT_STATED
from services.core.grootheden.wet import (
    MEETELLEND,
    NALEVING,
    OPGAVE,
    PLAATSEN_PER_1000,
    TEKORT,
    TOEZICHT,
)
from services.core.naleving import KLASSEN, GemeenteNaleving, Provinciestand, opgeteld
from services.core.voorbehoud import waarom_geen_spreidingsindex
from services.dashboard.kaart.kaart import STIJLEN, Kleuring, kaart
from services.dashboard.page_request import Blad
from services.dashboard.tabellen.keuze import Filter
from services.dashboard.tabellen.lijst import Lijstvraag, Som, Veld, bladzijde, meenemen
from services.dashboard.tabellen.velden import (
    columns,
    of_area,
    opgave_in_rij,
    sommen_van_gebied,
    sommen_van_wet,
    tabel,
    why,
)
from services.dashboard.tekst import aantal_in, getal, ondergrens, per_1000_van
from services.reads import answers
from services.reads.cijfers import Totaalcijfers
from services.web.asked import WaarOfNiet
from services.web.problems import ProblemError

NIET_OP_TOEZICHT = "Kiezen op toezicht kan alleen met de rol beheerder, of toezicht over heel Nederland."


class Gemeentenvraag(Lijstvraag):
    """The gemeenten that are asked, and the colouring of the map."""

    aantal: int = 100
    provincie: ProvincieCode | None = None
    naleving: Literal[KLASSEN] | None = None  # type: ignore[valid-type]
    toezicht: WaarOfNiet | None = None
    kaart: Kleuring = "naleving"


class Gemeenterij(NamedTuple):
    """A gemeente: how it stands against its opgave, and its people."""

    naleving: GemeenteNaleving
    bezetting: Bezetting

    @property
    def bijzonderheden(self) -> str | None:
        """What its figures do not say by themselves; None when there is nothing to tell."""
        return bijzonderheden(self.naleving, why(self.bezetting))


class Provincierij(NamedTuple):
    """A provincie: its people, its own opgave, and its gemeenten by class."""

    code: str
    bezetting: Bezetting
    stand: Provinciestand
    gemeenten: Sequence[GemeenteNaleving]


def _meetellend_in_rij(row: Gemeenterij) -> str:
    """The places that count: at least so many, by a cyclus of which not all is known."""
    one = row.naleving
    return getal(one.meetellend) if one.volledig else ondergrens(one.meetellend)


def _in_klasse(naam: str, row: Provincierij) -> str:
    """How many gemeenten of a provincie are in a class: at least so many, where others are not known."""
    return aantal_in(rij(FigureOf.TOTALEN, row.stand.delen), naam)


def _changed(veld: Veld[Gemeenterij]) -> Veld[Gemeenterij]:
    match veld.naam:
        case MEETELLEND.naam:
            return veld._replace(in_rij=_meetellend_in_rij)
        case OPGAVE.naam:
            return veld._replace(in_rij=lambda row: opgave_in_rij(row.naleving.opgave))
        case PLAATSEN_PER_1000.naam:
            return veld._replace(in_rij=lambda row: per_1000_van(row.naleving.delen) or NOT_STATED)
        case TEKORT.naam:
            return veld._replace(waarom=lambda row: row.naleving.waarom_geen_tekort or "")
        case NALEVING.naam:
            return veld._replace(cel="klasse")
    return veld


def _changed_of_provincie(veld: Veld[Provincierij]) -> Veld[Provincierij]:
    match veld.naam:
        case OPGAVE.naam:
            return veld._replace(in_rij=lambda row: opgave_in_rij(row.stand.opgave))
        case PLAATSEN_PER_1000.naam:
            return veld._replace(in_rij=lambda row: per_1000_van(row.stand.delen) or NOT_STATED)
    return veld


GEMEENTEN: Sequence[Veld[Gemeenterij]] = (
    Veld("naam", "Gemeente", lambda r: r.naleving.gemeente.naam),
    Veld("provincie", "Provincie", lambda r: PROVINCIES[r.naleving.gemeente.provincie]),
    *map(_changed, columns(FigureOf.GEMEENTE, attrgetter("naleving"), (NALEVING,))),
    Veld("bijzonderheden", "Bijzonderheden", attrgetter("bijzonderheden"), leeg="–"),
    *of_area(attrgetter("bezetting"), zonder=(DEKKING,)),
    Veld("code", "Code", lambda r: r.naleving.gemeente.code),
)
PROVINCIES_VELDEN: Sequence[Veld[Provincierij]] = (
    Veld("naam", "Provincie", lambda r: PROVINCIES[r.code]),
    *of_area(attrgetter("bezetting"), (BEZETTINGSGRAAD, AANWEZIG, INZETBAAR)),
    *map(_changed_of_provincie, columns(FigureOf.PROVINCIE, attrgetter("stand"))),
    *(
        veld._replace(in_rij=partial(_in_klasse, veld.naam))
        for veld in columns(FigureOf.TOTALEN, attrgetter("stand.delen"))
    ),
    Veld("bijzonderheden", "Bijzonderheden", lambda r: "; ".join(why(r.bezetting)) or None, leeg="–"),
    Veld("code", "Code", lambda r: r.code),
)
_BREEDTEN: Mapping[str, int] = {
    "naam": 0,
    "provincie": 3,
    NALEVING.naam: 0,
    OPGAVE.naam: 0,
    MEETELLEND.naam: 1,
    TEKORT.naam: 0,
    BEZETTINGSGRAAD.naam: 0,
    AANWEZIG.naam: 1,
    INZETBAAR.naam: 2,
    TOEZICHT.naam: 2,
}
"""The columns of gemeenten that a page shows by itself, and from which width on."""
_KLASSEN_NAMEN = tuple(one.naam for one, _ in van(FigureOf.TOTALEN))
_BREEDTEN_PROVINCIES: Mapping[str, int] = {
    "naam": 0,
    BEZETTINGSGRAAD.naam: 0,
    AANWEZIG.naam: 0,
    INZETBAAR.naam: 0,
    OPGAVE.naam: 1,
    **dict.fromkeys(_KLASSEN_NAMEN, 3),
    PLAATSEN_PER_1000.naam: 4,
}
_TOEZICHT = {"true": "onder toezicht", "false": "niet onder toezicht"}


def gemeenten(blad: Blad[Gemeentenvraag]) -> dict[str, Any] | Response:
    """Returns the page of gemeenten with the map, or a file of it."""
    cijfers, vraag = blad.totalen(), blad.vraag
    toezicht = not TOEZICHT.rust_op & cijfers.unseen
    if vraag.toezicht is not None and not toezicht:
        raise ProblemError(403, NIET_OP_TOEZICHT)
    rows = [Gemeenterij(row, cijfers.in_gemeente(row.gemeente.code)) for row in cijfers.naleving]
    velden = [one for one in GEMEENTEN if toezicht or one.naam != TOEZICHT.naam]
    page = bladzijde(rows, velden, vraag, "naam", _text_of, _filters(toezicht=toezicht))
    if vraag.formaat is not None:
        return meenemen("gemeenten", vraag.formaat, page, cijfers.herkomst, blad)
    found = [row.naleving for row in page.gevonden]
    samen = sommen_van_gemeenten(cijfers, found)
    return {
        "herkomst": cijfers.herkomst,
        **tabel(page, _BREEDTEN, samen, alle=vraag.kolommen == "alle"),
        "maatstaf": cijfers.maatstaf,
        "wet": answers.law_of(cijfers.naleving),
        "geen_index": waarom_geen_spreidingsindex(opgeteld(cijfers.naleving), cijfers.maatstaf),
        "stijlen": STIJLEN,
        "provincies": PROVINCIES,
        "kaart": kaart(cijfers, vraag.kaart, {row.gemeente.code for row in found}),
    }


def provincies(blad: Blad[Lijstvraag]) -> dict[str, Any] | Response:
    """Returns the page of provincies, or a file of it."""
    cijfers, vraag = blad.totalen(), blad.vraag
    rows = [_provincie(cijfers, code) for code in PROVINCIES]
    page = bladzijde(rows, PROVINCIES_VELDEN, vraag, "naam", lambda row: f"{PROVINCIES[row.code]} {row.code}")
    if vraag.formaat is not None:
        return meenemen("provincies", vraag.formaat, page, cijfers.herkomst, blad)
    samen = sommen_van_provincies(cijfers, page.gevonden)
    return {
        "herkomst": cijfers.herkomst,
        **tabel(page, _BREEDTEN_PROVINCIES, samen, alle=vraag.kolommen == "alle"),
        "maatstaf": cijfers.maatstaf,
    }


def sommen_van_gemeenten(cijfers: Totaalcijfers, rows: Sequence[GemeenteNaleving]) -> dict[str, Som]:
    """What stands under the columns of gemeenten, for all that is found."""
    sums = cijfers.van_gemeenten([row.gemeente.code for row in rows])
    return sommen_van_gebied(sums) | sommen_van_wet(rows, cijfers.maatstaf)


def sommen_van_provincies(cijfers: Totaalcijfers, rows: Sequence[Provincierij]) -> dict[str, Som]:
    """What stands under the columns of provincies, for all that is found. The opgaven of provincies have no sum."""
    every = [one for row in rows for one in row.gemeenten]
    parts = opgeteld(every)
    counts = rij(FigureOf.TOTALEN, parts)
    return {
        **sommen_van_gebied(cijfers.van_gemeenten([one.gemeente.code for one in every])),
        **{naam: Som(aantal_in(counts, naam)) for naam in counts},
        PLAATSEN_PER_1000.naam: Som(per_1000_van(parts), "niet van elke gemeente is de naleving bekend"),
    }


def _provincie(cijfers: Totaalcijfers, code: str) -> Provincierij:
    return Provincierij(code, cijfers.in_provincie(code), cijfers.stand_van(code), cijfers.gemeenten_van(code))


def _filters(*, toezicht: bool) -> list[Filter[Gemeenterij]]:
    """What gemeenten can be chosen by: by toezicht only for whoever may see its steps."""
    every: list[Filter[Gemeenterij]] = [
        Filter("provincie", "Provincie", lambda row: row.naleving.gemeente.provincie, PROVINCIES),
        Filter("naleving", NALEVING.label, lambda row: row.naleving.naleving, {one: one for one in KLASSEN}),
        Filter("toezicht", TOEZICHT.label, lambda row: "false" if row.naleving.toezicht is None else "true", _TOEZICHT),
    ]
    return every if toezicht else every[:-1]


def _text_of(row: Gemeenterij) -> str:
    return f"{row.naleving.gemeente.naam} {row.naleving.gemeente.code}"


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
