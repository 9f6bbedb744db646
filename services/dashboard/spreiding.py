"""The page of naleving: how evenly the places are spread over the country, since when, and where they are."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from schemas.reference import PROVINCIES
from services.core.delen import Wetsdelen, nu, per_1000_inwoners
from services.core.grootheden.wet import SPREIDINGSINDEX
from services.core.history.reeks import perioden
from services.core.naleving import totalen, wetstand
from services.core.registers import LANDELIJK
from services.core.voorbehoud import waarom_geen_spreidingsindex
from services.dashboard.grafiek.grafiek import einde, grafiek
from services.dashboard.grafiek.lijnen import uitgedund, van_toen
from services.dashboard.grafiek.periode import Periode, Periodevraag, Vast, periode
from services.dashboard.grafiek.verloop import from_the_first
from services.dashboard.grafiek.vorm import Grafiek, Lijn
from services.dashboard.kaart.kaart import STIJLEN, Kleuring, kaart
from services.dashboard.page_request import Blad
from services.dashboard.tekst import per_1000_van
from services.reads import answers
from services.reads.cijfers import Cijfers
from services.reads.door_de_tijd import Loop, of_land

_DAY = timedelta(days=1)


class Nalevingvraag(Periodevraag):
    """The colouring of the map, and the period of the chart."""

    periode: Vast = "alles"
    kaart: Kleuring = "inwoners"


class Rij(NamedTuple):
    """A provincie."""

    code: str
    naam: str
    delen: Wetsdelen[int]
    per_1000: str | None
    """Its places for each thousand inhabitants; None where these can't be stated."""


class Spreiding(NamedTuple):
    """The spreidingsindex through time."""

    periode: Periode
    """With where the chart really begins and ends."""
    grafiek: Grafiek
    eerst: tuple[datetime, float]
    """The first moment at which it is known, and its value there."""


def naleving(blad: Blad[Nalevingvraag]) -> dict[str, Any]:
    """Returns what the page shows."""
    cijfers = blad.cijfers()
    land = wetstand(cijfers.naleving)
    return {
        "herkomst": cijfers.herkomst,
        "maatstaf": cijfers.maatstaf,
        "wet": answers.law_of(cijfers.naleving),
        "wet_voorbehoud": answers.naleving_reasons(cijfers),
        "geen_index": waarom_geen_spreidingsindex(land.delen, cijfers.maatstaf),
        "klassen": totalen(cijfers.naleving),
        "stijlen": STIJLEN,
        "gemeenten": len(cijfers.naleving),
        "spreiding": _through_time(blad, cijfers),
        "land": Rij(LANDELIJK, "Nederland", land.delen, per_1000_van(land.delen)),
        "rijen": _rows(cijfers),
        "kaart": kaart(cijfers, blad.vraag.kaart),
    }


def _rows(cijfers: Cijfers) -> list[Rij]:
    """The most places for each thousand inhabitants first, and last where that can't be said."""
    stands = [(code, naam, cijfers.stand_van(code).delen) for code, naam in PROVINCIES.items()]
    stands.sort(key=lambda one: -(nu(per_1000_inwoners, one[2]) or -1))
    return [Rij(code, naam, delen, per_1000_van(delen)) for code, naam, delen in stands]


def _through_time(blad: Blad[Nalevingvraag], cijfers: Cijfers) -> Spreiding | None:
    """Draws the index, by itself from the first moment at which it is known; None when it never was."""
    nu = blad.question.geldig_op
    asked = periode(blad.vraag, nu)
    loop = of_land(blad.reader, blad.question, cijfers, asked.tijdvak.tot)
    first = next(((moment, value) for moment, value in loop if value is not None and moment <= nu), None)
    if first is None:
        return None
    if asked.gekozen == "alles":
        asked = from_the_first(asked, [first[0]])
    line = Lijn(SPREIDINGSINDEX.label, "spreiding", _points([one for one in loop if one[0] >= first[0]]), trap=True)
    if asked.van < nu < asked.tot and blad.vraag.tot is None:
        asked = asked._replace(tot=einde([line], asked.van, asked.tot, nu))
    drawn = grafiek(
        "spreiding",
        "Spreidingsindex",
        [line],
        van=asked.van,
        tot=asked.tot,
        nu=nu,
        eenheid="deel van de plaatsen dat elders zou moeten zijn",
        procent=True,
    )
    return Spreiding(asked, drawn if blad.nu else van_toen(drawn, nu), first)


def _points(loop: Loop) -> Sequence[tuple[datetime, float | None]]:
    return uitgedund(loop, perioden(loop[0][0], loop[-1][0] + _DAY, "week"))
