"""Figures → the JSON that the API answers with. Pure. Field names are promises."""

from collections.abc import Iterable, Mapping, Sequence

from schemas.fields import Json, format_known, format_moment
from schemas.reference import INWONERS_OP, PROVINCIES, Gemeente
from services.core import bezetting as core
from services.core.bezetting import Bezetting, Overschrijding
from services.core.grootheden import rij
from services.core.grootheden.declaratie import FigureOf
from services.core.grootheden.wet import TEKORT
from services.core.grootheden.zinnen import gezien
from services.core.locaties import Locatie
from services.core.naleving import GemeenteNaleving, opgeteld, wetstand
from services.core.registers import LANDELIJK
from services.core.voorbehoud import (
    Voorbehoud,
    van_gemeente,
    van_land,
    van_locatie,
    van_naleving,
    van_provincie,
    voorbehoud,
)
from services.reads.cijfers import Cijfers, Totaalcijfers
from services.store.model import LogEntry
from services.store.position import Herkomst

ZICHTBAAR = "Mensen en plaatsen zijn geteld over de locaties die iedereen mag zien."
"""What `omvat: zichtbaar` means, where people read it."""


OVER_INWONERS: Json = {"inwonersOp": INWONERS_OP.isoformat()}
"""What every answer with places for each thousand inhabitants says of these."""


def head(herkomst: Herkomst) -> Json:
    """What every answer carries: its (V, K), the events that it counts, and whether it is a simulation."""
    moments: Json = {
        "geldigOp": format_moment(herkomst.geldig_op),
        "bekendOp": format_moment(herkomst.bekend_op),
        "positie": herkomst.positie,
    }
    return moments | ({"simulatie": True} if herkomst.simulatie else {})


def landelijk(cijfers: Totaalcijfers) -> Json:
    """`/v1/bezetting`."""
    return _area(cijfers, cijfers.landelijk, LANDELIJK)


def stroom(cijfers: Totaalcijfers) -> Json:
    """The figures in `/v1/stroom`."""
    return landelijk(cijfers) | {"naleving": totals(cijfers.naleving)}


def _area(cijfers: Totaalcijfers, bezetting: Bezetting, subject: str) -> Json:
    return head(cijfers.herkomst) | _stated(cijfers, bezetting) | published(cijfers, subject)


def _stated(cijfers: Totaalcijfers, bezetting: Bezetting) -> Json:
    """The sums of an area, over what they are, and why some of them can't be stated."""
    return {"omvat": cijfers.omvat, "voorbehoud": reasons(voorbehoud(bezetting))} | sums(bezetting)


def reasons(found: Iterable[Voorbehoud]) -> list[Json]:
    """Why figures can't be stated, or what they leave out."""
    return [one._asdict() for one in found]


def sums(bezetting: Bezetting) -> Json:
    """The sums of an area."""
    return dict(rij(FigureOf.GEBIED, bezetting))


def published(cijfers: Totaalcijfers, subject: str) -> Json:
    """What others published about it."""
    return {"gepubliceerd": core.gepubliceerd(cijfers.about(subject), subject)}


def days_above(found: Overschrijding) -> Json:
    """The days above a maximum."""
    return dict(rij(FigureOf.OVERSCHRIJDING, found))


def locatie(cijfers: Cijfers, found: Locatie, overschrijding: Overschrijding | None) -> Json:
    """`/v1/locaties/{id}`."""
    return head(cijfers.herkomst) | locatie_row(cijfers, found, overschrijding) | published(cijfers, found.id)


def locatie_row(cijfers: Cijfers, found: Locatie, overschrijding: Overschrijding | None) -> Json:
    """A locatie, in a list or alone. `overschrijding` is about the maximum in force; None without one."""
    about: Json = {
        "id": found.id,
        "naam": found.naam,
        **_place(cijfers.gemeente_of(found)),
        "soort": found.soort,
        "zichtbaarheid": _visibility(found),
        "open": found.open,
        "plaatsen": {
            soort: {"aantal": p.aantal, "inzetbaar": p.inzetbaar, "geldigTot": format_known(p.geldig_tot)}
            for soort, p in found.plaatsen.items()
        },
    }
    figures = rij(FigureOf.LOCATIE, gezien(found, cijfers.herkomst.geldig_op))
    # Its gemeente is the one in which it lies at V, which after a merger is not the one that it was registered in.
    return (
        about
        | {name: value for name, value in figures.items() if name not in about}
        | {"overschrijding": None if overschrijding is None else days_above(overschrijding)}
        | {"voorbehoud": reasons(van_locatie(found))}
    )


def gemeenten(cijfers: Totaalcijfers, rows: Iterable[GemeenteNaleving], volgende: str | None = None) -> Json:
    """`/v1/gemeenten`, with these rows and the cursor of the next page."""
    items = [
        gemeente_row(cijfers, row) | {"bezetting": _stated(cijfers, cijfers.in_gemeente(row.gemeente.code))}
        for row in rows
    ]
    return _head_of_law(cijfers) | {"items": items, "volgende": volgende}


def gemeente(cijfers: Totaalcijfers, row: GemeenteNaleving) -> Json:
    """`/v1/gemeenten/{code}`. Its `bezetting` has every field of `/v1/bezetting`."""
    code = row.gemeente.code
    return (
        _head_of_law(cijfers)
        | gemeente_row(cijfers, row)
        | {"bezetting": _area(cijfers, cijfers.in_gemeente(code), code)}
    )


def gemeente_row(cijfers: Totaalcijfers, row: GemeenteNaleving) -> Json:
    """How a gemeente stands against its opgave."""
    about = {
        "code": row.gemeente.code,
        "naam": row.gemeente.naam,
        "provincie": row.gemeente.provincie,
        "provincieNaam": PROVINCIES[row.gemeente.provincie],
    }
    return about | rij(FigureOf.GEMEENTE, row, cijfers.unseen) | {"voorbehoud": reasons(van_gemeente(row))}


def provincies(cijfers: Totaalcijfers, codes: Iterable[str] = PROVINCIES, volgende: str | None = None) -> Json:
    """`/v1/provincies`, with these rows and the cursor of the next page."""
    items = [provincie_row(cijfers, code) for code in codes]
    return _head_of_law(cijfers) | {"items": items, "volgende": volgende}


def provincie(cijfers: Totaalcijfers, code: str) -> Json:
    """`/v1/provincies/{code}`."""
    return _head_of_law(cijfers) | provincie_row(cijfers, code) | published(cijfers, code)


def provincie_row(cijfers: Totaalcijfers, code: str) -> Json:
    """The sums of a provincie, its own opgave, and how its gemeenten stand."""
    stand, bezetting, by = cijfers.stand_van(code), cijfers.in_provincie(code), cijfers.maatstaf
    rows = cijfers.gemeenten_van(code)
    why = [*voorbehoud(bezetting), *van_provincie(by, stand.opgave), *van_naleving(by, rows)]
    about = {"code": code, "naam": PROVINCIES[code], "omvat": cijfers.omvat, "voorbehoud": reasons(why)}
    law = rij(FigureOf.PROVINCIE, stand) | {"totalen": dict(rij(FigureOf.TOTALEN, stand.delen))}
    return about | sums(bezetting) | law


def naleving(cijfers: Totaalcijfers) -> Json:
    """`/v1/naleving`."""
    return (
        _head_of_law(cijfers)
        | {"omvat": "alles", "voorbehoud": naleving_reasons(cijfers)}
        | law_of(cijfers.naleving)
        | _before(cijfers)
        | {"gemeenten": [gemeente_row(cijfers, row) for row in cijfers.naleving]}
        | published(cijfers, LANDELIJK)
    )


def naleving_reasons(cijfers: Totaalcijfers) -> list[Json]:
    """What the figures of all gemeenten leave out."""
    return reasons(van_land(cijfers.maatstaf, wetstand(cijfers.naleving)))


def _head_of_law(cijfers: Totaalcijfers) -> Json:
    """What every answer about gemeenten carries."""
    return head(cijfers.herkomst) | judged_by(cijfers) | OVER_INWONERS


def judged_by(cijfers: Totaalcijfers) -> Json:
    """The cyclus and the rule by which gemeenten are judged."""
    cyclus, regel = cijfers.maatstaf
    return {"cyclus": cyclus.id if cyclus else None, "telregel": regel.naam if regel else None}


def law_of(rows: Sequence[GemeenteNaleving]) -> Json:
    """The classes and the sums of the country."""
    land = wetstand(rows)
    return {"totalen": rij(FigureOf.TOTALEN, land.delen)} | rij(FigureOf.LAND, land)


def _before(cijfers: Totaalcijfers) -> Json:
    """The cyclus before this one, while the term of this one runs."""
    vorige = cijfers.vorige
    if vorige is None:
        return {}
    law = law_of(vorige.naleving)
    return {"vorigeCyclus": {"cyclus": vorige.gevraagd.cyclus, "totalen": law["totalen"], "tekort": law[TEKORT.naam]}}


def totals(rows: Sequence[GemeenteNaleving]) -> Json:
    """How many gemeenten in each class."""
    return dict(rij(FigureOf.TOTALEN, opgeteld(rows)))


def log_entry(entry: LogEntry) -> Json:
    """An event of the log, as a CloudEvent."""
    return {
        "specversion": "1.0",
        "id": entry.id,
        "source": entry.source,
        "type": entry.type,
        "subject": entry.subject,
        "time": format_moment(entry.time),
        "datacontenttype": "application/json",
        "ontvangenop": format_moment(entry.ontvangen_op),
        "data": entry.data,
    }


def _place(gemeente: Gemeente | None) -> Mapping[str, str | None]:
    return {
        "gemeente": gemeente.code if gemeente else None,
        "gemeenteNaam": gemeente.naam if gemeente else None,
        "provincie": gemeente.provincie if gemeente else None,
        "provincieNaam": PROVINCIES[gemeente.provincie] if gemeente else None,
    }


def _visibility(found: Locatie) -> str | None:
    if not found.registered:
        return None
    return "afgeschermd" if found.afgeschermd else "openbaar"
