"""What others published, held against ours: which figure of ours it is, whether it can be compared, and by how much."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from schemas.data import Nauwkeurigheid
from schemas.fields import AMSTERDAM
from services.core import dutch
from services.core.bezetting import Bezetting, Overschrijding
from services.core.delen import Grenzen
from services.core.dutch import dutch_day, number
from services.core.grootheden.opvang import AANWEZIG, LOCATIES
from services.core.grootheden.toezicht import GROOTHEDEN as TOEZICHT
from services.core.grootheden.wet import (
    AMV_OPGAVE,
    GEDEELTELIJK,
    OPGAVE,
    OPGAVE_MINSTENS,
    TEKORT,
    TEKORT_HOOGSTENS,
    TEKORT_MINSTENS,
    VOLDOET_NIET,
)
from services.core.locaties import Locatie, Maximum
from services.core.naleving import GemeenteNaleving
from services.core.opgaven import STATUSSEN
from services.core.registers import Register, Registers
from services.core.telregel import Cyclus
from services.core.voorbehoud import waarom

EIGEN_BRON = "Opvangpeil, rapport"
"""A figure that was recorded from a report of ours has a bron that begins like this."""
BETEKENIS = "2"
"""The version of what our figures mean. A report of another version, or of none, says something else by them."""
ANDERE_BETEKENIS = "volgens eerdere betekenis"
ONBEKEND_CIJFER = "dit cijfer kent Opvangpeil niet"
NIET_VAST_TE_STELLEN = "hier niet vast te stellen"
NIET_ALLE_PLAATSEN = "niet alle plaatsen zijn bekend"

GRENZEN: Mapping[str, tuple[Nauwkeurigheid, str]] = {
    OPGAVE_MINSTENS.naam: ("minstens", OPGAVE.naam),
    TEKORT_MINSTENS.naam: ("minstens", TEKORT.naam),
    TEKORT_HOOGSTENS.naam: ("hoogstens", TEKORT.naam),
    **{one.naam: ("minstens", one.naam.removesuffix("Minstens")) for one in TOEZICHT if one.naam.endswith("Minstens")},
    **{
        one.naam: ("hoogstens", one.naam.removesuffix("Hoogstens"))
        for one in TOEZICHT
        if one.naam.endswith("Hoogstens")
    },
}
"""A figure that is a bound → how it bounds, and the figure that takes its place once that can be said.

A figure `…Gemeten` is none of these: it says exactly what was measured, under a name of its own.
"""

Opvangsoort = Literal["regulier", "nood"]
_REGULIER = frozenset({"azc", "aanmeldcentrum", "pol", "gezinslocatie", "amv"})
_NOOD = frozenset({"noodopvang", "nachtopvang", "wachtkamer", "hotel"})
"""Kinds of locatie by what COA counts them as, for a locatie of which no places are known."""


class Onze(NamedTuple):
    """Our figure beside a published one. It can be compared, or there is a reason why not."""

    waarde: int | float | None
    reden: str | None = None


NAAR_SOORT: dict[str, tuple[Opvangsoort, str]] = {
    "inRegulier": ("regulier", AANWEZIG.naam),
    "inCoaNoodopvang": ("nood", AANWEZIG.naam),
    "locatiesRegulier": ("regulier", LOCATIES.naam),
    "locatiesNoodOfTijdelijk": ("nood", LOCATIES.naam),
}
"""What COA publishes of the locaties of one kind → that kind, and what is counted of them."""
BUITEN = {
    "rechtOpOpvang": "telt ook mensen die buiten de locaties wonen",
    "buitenCoa": "telt mensen die buiten de locaties wonen",
}
"""What COA publishes of people whom no locatie reports → why we do not know it."""
_SUMS = {"nietOfGedeeltelijk": (GEDEELTELIJK.naam, VOLDOET_NIET.naam)}


def onze_namen(grootheid: str, cyclus: Cyclus | None) -> tuple[str, ...]:
    """Names the figures of ours that a published figure stands for. Several are added.

    `opgave2024` is the opgave while that cyclus is in force, whatever its status.
    """
    if cyclus is not None:
        of_cyclus = {f"opgave{cyclus.id}": OPGAVE.naam, f"opgave{cyclus.id}WaarvanAmv": AMV_OPGAVE.naam}
        if grootheid in of_cyclus:
            return (of_cyclus[grootheid],)
    return _SUMS.get(grootheid, (grootheid,))


def naar_status(registers: Registers, subject: str, grootheid: str, cyclus: Cyclus | None) -> Onze | None:
    """Our opgave of the status that the name of a published figure ends in, such as `opgave2024Indicatief`.

    None when the figure is no such opgave.
    """
    if cyclus is None:
        return None
    for status in STATUSSEN:
        for after, field in (("", "opgave"), ("WaarvanAmv", "waarvanAmv")):
            if grootheid == f"opgave{cyclus.id}{status.capitalize()}{after}":
                found = Register.OPGAVE.get(registers, subject, cyclus.id, status)
                value = None if found is None else found.value.get(field)
                return Onze(value, f"van deze opgave is geen status {status} bekend" if value is None else None)
    return None


def naar_soort(grootheid: str, locaties: Sequence[Locatie], gebied: Bezetting) -> Onze:
    """The people at, or the number of, the open locaties of one kind in an area.

    It can be compared when enough of the area is known, and when each locatie is of one kind.
    """
    soort, what = NAAR_SOORT[grootheid]
    if not gebied.vast_te_stellen:
        return Onze(None, _too_little(gebied))
    each = [(locatie, opvangsoorten(locatie)) for locatie in locaties if locatie.counts]
    unclear = sum(len(kinds) != 1 for _, kinds in each)
    if unclear:
        return Onze(None, f"{dutch.locaties(unclear)} met regulier en nood samen, of waarvan dat niet bekend is")
    own = [locatie for locatie, kinds in each if kinds == {soort}]
    if what == LOCATIES.naam:
        return Onze(len(own))
    missing = sum(locatie.aanwezig is None for locatie in own)
    if missing:
        return Onze(None, f"van {dutch.locaties(missing)} is geen meting bekend")
    return Onze(sum(locatie.aanwezig or 0 for locatie in own))


def opvangsoorten(locatie: Locatie) -> frozenset[Opvangsoort]:
    """Which kinds of reception a locatie has: by its places, else by what it is. Empty when neither tells."""
    kinds: set[Opvangsoort] = {
        "nood" if soort == "nood" else "regulier" for soort, places in locatie.plaatsen.items() if places.aantal
    }
    if not kinds and locatie.soort in _REGULIER | _NOOD:
        kinds = {"regulier" if locatie.soort in _REGULIER else "nood"}
    return frozenset(kinds)


def gerealiseerd(rows: Sequence[GemeenteNaleving]) -> Onze:
    """The counted places of these gemeenten, which others call realised."""
    if not rows or any(row.maatstaf.cyclus is None or not row.maatstaf.cyclus.volledig for row in rows):
        return Onze(None, NIET_ALLE_PLAATSEN)
    if any(row.maatstaf.regel is None for row in rows):
        return Onze(None, "de telregel is niet vastgesteld")
    if not all(row.geteld for row in rows):
        return Onze(None, rows[0].reden)
    return Onze(sum(row.meetellend for row in rows))


def verdeeld(rows: Sequence[GemeenteNaleving]) -> Onze:
    """The verdeelbesluiten of these gemeenten together."""
    if not rows or any(row.maatstaf.cyclus is None or not row.maatstaf.cyclus.volledig for row in rows):
        return Onze(None, "niet alle verdeelbesluiten zijn bekend")
    return Onze(sum(row.besluit.opgave for row in rows if row.besluit is not None))


def boven_maximum(days: Overschrijding, waarde: int | None, maximum: Maximum, valid_at: datetime) -> Onze:
    """Days above a maximum, or what they cost. It can be compared when there is a reading of every day."""
    first, last = (moment.astimezone(AMSTERDAM).date() for moment in (maximum.geldig_vanaf, valid_at))
    every = (last - first).days
    if waarde is not None and days.dagen_met_meting < every:
        return Onze(
            None, f"een ondergrens: van {number(days.dagen_met_meting)} van de {number(every)} dagen is er een meting"
        )
    return Onze(waarde, "er is geen dwangsom gesteld" if waarde is None else None)


def van_gebied(waarde: int | float | None, gebied: Bezetting) -> Onze:
    """A sum over the locaties of an area. What is not known of the area is in no sum."""
    if waarde is None or not gebied.vast_te_stellen:
        return Onze(None, _too_little(gebied))
    return Onze(waarde)


def van_meting(waarde: int | float | None, locatie: Locatie, valid_at: datetime, grenzen: Grenzen) -> Onze:
    """A figure of a locatie that rests on its last reading. An old one tells nothing of that day."""
    if waarde is None or locatie.peilmoment is None:
        return Onze(None, "daarvan is hier geen meting")
    if not grenzen.is_recent(locatie.peilmoment, valid_at):
        return Onze(None, f"onze laatste meting is van {dutch_day(locatie.peilmoment)}")
    return Onze(waarde)


def klopt(onze: float, gepubliceerd: float, nauwkeurigheid: str) -> bool | None:
    """Whether ours agrees with what was said; None for 'ongeveer', which does not say how near is near enough."""
    match nauwkeurigheid:
        case "minstens":
            return onze >= gepubliceerd
        case "hoogstens":
            return onze <= gepubliceerd
        case "exact":
            return onze == gepubliceerd
    return None


def _too_little(gebied: Bezetting) -> str:
    return waarom(gebied) or "er zijn geen inzetbare plaatsen bekend"
