"""The parts that figures are made of, and how each figure follows from them.

A part is one whole number, or an array of whole numbers: one for each locatie, area or moment. A figure closes over the
parts by one function, so the present, another (V, K), a series and an alarm can't disagree. How the parts are gathered
may differ.

A closing function gives the value and whether it is known. Where it is not known, the value means nothing.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Reekslijn = tuple[npt.NDArray[np.int64 | np.float64], Bools]
"""A figure at each moment, and whether it is known there."""
_MICROSECOND = timedelta(microseconds=1)
G = TypeVar("G", int, Ints)
P = TypeVar("P")


class Delen(NamedTuple, Generic[G]):
    """Sums over locaties that count: those that are registered and open, or one locatie by itself."""

    locaties: G
    gemeten: G
    """Locaties with a reading."""
    geplaatst: G
    """Locaties with known places."""
    aanwezig: G
    """People, where there is a reading."""
    plaatsen: G
    """Places, where they are known."""
    inzetbaar: G
    """Usable places, where they are known."""
    aanwezig_op_plaatsen: G
    """People, where both the reading and the places are known."""
    plaatsen_met_meting: G
    """Usable places, where both are known."""
    vers: G
    """Usable places of the locaties with a fresh reading."""
    gemeld: G
    """Locaties with a reading that is recent enough for the gate of an area."""
    marge_locaties: G
    """How far the share of those locaties is above the least that is needed; below 0 it is too small.

    Each locatie adds the share that it has, 0 or 1, minus the least share, in DELEN_VAN_MARGE-ths. So a sum says at
    once on which side of the limit an area is, and needs no other number.
    """
    marge_plaatsen: G
    """The same for the share of the usable places, so each locatie adds as many times that as it has usable places."""
    aanwezig_gesloten: G
    """People in the last reading of locaties that are closed, where that reading still says something."""
    gesloten_zonder_telling: G
    """Closed locaties with people in a last reading that was too old when they closed."""


class Druk(NamedTuple, Generic[G]):
    """The two parts that a bezettingsgraad closes over, for callers that need no other figure."""

    aanwezig_op_plaatsen: G
    plaatsen_met_meting: G


class Wetsdelen(NamedTuple, Generic[G]):
    """Sums over gemeenten. The first seven are the numbers of gemeenten in each class of naleving."""

    voldoet: G
    gedeeltelijk: G
    voldoet_niet: G
    geen_opgave: G
    termijn_loopt: G
    opgeschort: G
    onbekend: G
    gemeenten: G
    geteld: G
    """Gemeenten with a rule to count their places by."""
    meetellend: G
    """Places, over these."""
    opgave: G
    """Places of the opgave that is shown of a gemeente, whatever its status."""
    opgave_bekend: G
    """Gemeenten with such an opgave."""
    verdeeld: G
    """Places, over the gemeenten with a known verdeelbesluit, also when it was suspended or annulled."""
    verdeeld_open: G
    """Gemeenten of which it is not known whether they have one."""
    tekort_minstens: G
    """Places, with the least that it can be where it can't be said."""
    tekort_open: G
    """Gemeenten where it can't be said, other than those whose verdeelbesluit was suspended or annulled."""
    tekort_hoogstens: G
    """Places, with the most that it can be where it can't be said."""
    hoogstens_open: G
    """Gemeenten of which not even that is known."""
    onvolledig: G
    """Gemeenten under a cyclus of which not all opgaven and places are known, or under none."""
    inwoners: G
    """Inhabitants, at the one date of the table of gemeenten."""
    uit_verhouding: G
    """How far the places of the gemeenten are from the shares of their opgaven together, as `uit_verhouding` gives it.

    It is 0 for one gemeente, so it is no sum: whoever adds parts computes it over all of them.
    """


class Grenzen(NamedTuple):
    """How old readings may be, and how much must be known before a figure of an area is stated."""

    vers: timedelta = timedelta(hours=26)
    """A reading is fresh until it is older than this: a daily count and its delay."""
    minimale_dekking: float = 0.8
    """The least share of the locaties, and of the usable places, with a recent reading."""

    @property
    def recent(self) -> timedelta:
        """A reading is recent until it is older than this: one late count does not shut the gate."""
        return 3 * self.vers

    def is_recent(self, peilmoment: datetime | None, op: datetime) -> bool:
        """Whether there is a reading, and it still says something of V."""
        return peilmoment is not None and op - peilmoment <= self.recent

    @property
    def marge(self) -> int:
        """The least share in DELEN_VAN_MARGE-ths."""
        return round(self.minimale_dekking * DELEN_VAN_MARGE)


STANDAARD = Grenzen()
DELEN_VAN_MARGE = 10_000
Sluiting = Callable[[Delen[Any]], tuple[Any, Any]]
"""A closing function: parts → (value, known)."""
Wetsluiting = Callable[[Wetsdelen[Any]], tuple[Any, Any]]


class Bekend(NamedTuple):
    """What is known of one locatie as plain values, or of each locatie in arrays.

    A number that is not known is ignored, whatever it is.
    """

    telt: Any
    """Whether it counts at all: it is registered and open."""
    gesloten: Any
    """Whether it is registered and closed."""
    gemeten: Any
    """Whether its reading is known."""
    geplaatst: Any
    """Whether its places are known."""
    leeftijd: Any
    """The age of its reading in microseconds."""
    leeftijd_bij_sluiting: Any
    """The age that its reading had when it closed; below 0 when it was taken later."""
    aanwezig: Any
    plaatsen: Any
    inzetbaar: Any


def per_locatie(bekend: Bekend, grenzen: Grenzen = STANDAARD) -> Delen[Any]:
    """Gives the parts of one locatie as whole numbers, or of each locatie in arrays."""
    telt, gesloten, gemeten, geplaatst, leeftijd, leeftijd_bij_sluiting, aanwezig, plaatsen, inzetbaar = bekend
    verlaten = gesloten & gemeten & (aanwezig > 0)
    geteld = verlaten & (leeftijd_bij_sluiting <= grenzen.vers // _MICROSECOND)
    gemeten, geplaatst = telt & gemeten, telt & geplaatst
    beide = gemeten & geplaatst
    gemeld = gemeten & (leeftijd <= grenzen.recent // _MICROSECOND)
    marge = gemeld * DELEN_VAN_MARGE - telt * grenzen.marge
    return Delen(
        locaties=telt * 1,
        gemeten=gemeten * 1,
        geplaatst=geplaatst * 1,
        aanwezig=gemeten * aanwezig,
        plaatsen=geplaatst * plaatsen,
        inzetbaar=geplaatst * inzetbaar,
        aanwezig_op_plaatsen=beide * aanwezig,
        plaatsen_met_meting=beide * inzetbaar,
        vers=(beide & (leeftijd <= grenzen.vers // _MICROSECOND)) * inzetbaar,
        gemeld=gemeld * 1,
        marge_locaties=marge,
        marge_plaatsen=geplaatst * inzetbaar * marge,
        aanwezig_gesloten=geteld * aanwezig,
        gesloten_zonder_telling=(verlaten & (geteld == 0)) * 1,
    )


def opgeteld(parts: Delen[Ints]) -> Delen[int]:
    """Adds the parts of all locaties together."""
    return Delen(*(int(part.sum()) for part in parts))


# Closing ------------------------------------------------------------------------------------------------------------


def nu(sluiting: Callable[[P], tuple[Any, Any]], parts: P) -> Any:
    """Gives a figure of these parts; None when it is not known."""
    waarde, bekend = sluiting(parts)
    return waarde if bekend else None


def aandeel(part: Any, whole: Any) -> tuple[Any, Any]:
    """Gives a part of a whole. It is not known where the whole is 0."""
    return part / (whole + (whole == 0)), whole != 0


def of_nan(sluiting: Callable[[P], tuple[Any, Any]], parts: P) -> Floats:
    """Gives a figure of these parts as one array, with NaN where it is not known."""
    waarde, bekend = sluiting(parts)
    found: Floats = np.where(bekend, waarde, np.nan)
    return found


def locaties(d: Delen[Any]) -> tuple[Any, Any]:
    """Locaties. Always known."""
    return d.locaties, d.locaties >= 0


def poort(d: Delen[Any]) -> Any:
    """Whether enough is known to state a figure of an area: it has a locatie, and enough of them reported recently."""
    return (d.locaties > 0) & (d.marge_locaties >= 0) & (d.marge_plaatsen >= 0)


def aanwezig(d: Delen[Any]) -> tuple[Any, Any]:
    """People in an area. Not known below the least share, or when any locatie was never measured."""
    return d.aanwezig, poort(d) & (d.gemeten == d.locaties)


def aanwezig_gemeten(d: Delen[Any]) -> tuple[Any, Any]:
    """People in the locaties with a reading, however old: a lower bound of the people in the area."""
    return d.aanwezig, d.locaties >= 0


def locaties_gemeten(d: Delen[Any]) -> tuple[Any, Any]:
    """Locaties with a reading, however old."""
    return d.gemeten, d.locaties >= 0


def aanwezig_gesloten(d: Delen[Any]) -> tuple[Any, Any]:
    """People in closed locaties, by a last reading of about when they closed, or later."""
    return d.aanwezig_gesloten, d.locaties >= 0


def gesloten_zonder_telling(d: Delen[Any]) -> tuple[Any, Any]:
    """Closed locaties with people in a last reading that was too old when they closed."""
    return d.gesloten_zonder_telling, d.locaties >= 0


def aanwezig_van_locatie(d: Delen[Any]) -> tuple[Any, Any]:
    """People in one locatie. Not known when there is no reading."""
    return d.aanwezig, d.gemeten > 0


def plaatsen(d: Delen[Any]) -> tuple[Any, Any]:
    """Known places of an area; 0 when none are known."""
    return d.plaatsen, d.locaties >= 0


def inzetbaar(d: Delen[Any]) -> tuple[Any, Any]:
    """Known usable places of an area; 0 when none are known."""
    return d.inzetbaar, d.locaties >= 0


def plaatsen_van_locatie(d: Delen[Any]) -> tuple[Any, Any]:
    """Places of one locatie. Not known when no soort was ever written."""
    return d.plaatsen, d.geplaatst > 0


def inzetbaar_van_locatie(d: Delen[Any]) -> tuple[Any, Any]:
    """Usable places of one locatie. Not known when no soort was ever written."""
    return d.inzetbaar, d.geplaatst > 0


def vrij_van_locatie(d: Delen[Any]) -> tuple[Any, Any]:
    """Usable places of one locatie that are free. Below 0 there are people without one."""
    return d.plaatsen_met_meting - d.aanwezig_op_plaatsen, (d.gemeten > 0) & (d.geplaatst > 0)


def bezettingsgraad(d: Delen[Any]) -> tuple[Any, Any]:
    """People per usable place in an area, unrounded. Not known below the least share."""
    waarde, bekend = bezettingsgraad_gemeten(d)
    return waarde, bekend & poort(d)


def bezettingsgraad_gemeten(d: Delen[Any] | Druk[Any]) -> tuple[Any, Any]:
    """People per usable place, unrounded, over the locaties where both are known, however old the reading."""
    return aandeel(d.aanwezig_op_plaatsen, d.plaatsen_met_meting)


def druk(d: Druk[Ints], bekend: Bools) -> Floats:
    """How full each locatie is, as alarms see it: infinite where there are people and no places, 0 without either.

    NaN where `bekend` says that the reading or the places are not known.
    """
    graad, met_plaatsen = bezettingsgraad_gemeten(d)
    zonder_plaatsen = np.where(d.aanwezig_op_plaatsen > 0, np.inf, 0.0)
    found: Floats = np.where(bekend, np.where(met_plaatsen, graad, zonder_plaatsen), np.nan)
    return found


def dekking(d: Delen[Any]) -> tuple[Any, Any]:
    """Share (0 to 1) of the usable places whose reading is fresh."""
    return aandeel(d.vers, d.inzetbaar)


def van_gemeenten(part: Callable[[Wetsdelen[Any]], Any]) -> Wetsluiting:
    """Makes the closing function of a part that is known wherever there are gemeenten."""
    return lambda d: (part(d), d.gemeenten > 0)


def meetellend(d: Wetsdelen[Any]) -> tuple[Any, Any]:
    """Places that count. Not known without a rule to count them by."""
    return d.meetellend, (d.gemeenten > 0) & (d.geteld == d.gemeenten)


def opgave(d: Wetsdelen[Any]) -> tuple[Any, Any]:
    """Places of the verdeelbesluiten together. Not known when that of any gemeente may be missing.

    A sum has no status beside it, so no weaker status counts in it. Of one gemeente it is the opgave that is shown,
    which stands beside its status.
    """
    one = d.gemeenten == 1
    known = (one & (d.opgave_bekend > 0)) | ((d.gemeenten > 1) & (d.verdeeld_open == 0))
    return one * d.opgave + (d.gemeenten > 1) * d.verdeeld, known


def opgave_minstens(d: Wetsdelen[Any]) -> tuple[Any, Any]:
    """Places of the verdeelbesluiten that are known: the others may add to it."""
    return d.verdeeld, d.gemeenten > 0


def tekort(d: Wetsdelen[Any]) -> tuple[Any, Any]:
    """Places short, apart from suspended and annulled opgaven.

    Not known when it is not of every other gemeente, or when there is no other.
    """
    return d.tekort_minstens, (d.gemeenten > d.opgeschort) & (d.tekort_open == 0)


def tekort_minstens(d: Wetsdelen[Any]) -> tuple[Any, Any]:
    """The least places that can be short: where it can't be said, more may be."""
    return d.tekort_minstens, d.gemeenten > 0


def tekort_hoogstens(d: Wetsdelen[Any]) -> tuple[Any, Any]:
    """The most places that can be short, suspended and annulled opgaven too."""
    return d.tekort_hoogstens, (d.gemeenten > 0) & (d.hoogstens_open == 0)


def uit_verhouding(meetellend: Any, verdeeld: Any) -> Any:
    """Gives Σ |places × all opgaven − opgave × all places|, from the places and the opgave of each gemeente.

    It is a whole number, so an array of numpy and a plain loop give the same.
    """
    return abs(meetellend * verdeeld.sum() - verdeeld * meetellend.sum()).sum()


def spreidingsindex(d: Wetsdelen[Any]) -> tuple[Any, Any]:
    """Share (0 to 1) of the places that would have to be elsewhere for each gemeente to have the share of its opgave.

    It is half of Σ |share of the places − share of the opgaven|. A gemeente without opgave has the share 0; a suspended
    decision keeps its number. Not known when a class is unknown, when the cyclus is not complete, or when there are no
    places or no opgaven.
    """
    waarde, bekend = aandeel(d.uit_verhouding, 2 * d.meetellend * d.verdeeld)
    return waarde, bekend & (d.onbekend == 0) & (d.onvolledig == 0)


def per_1000_inwoners(d: Wetsdelen[Any]) -> tuple[Any, Any]:
    """Places that count for each thousand inhabitants. Not known when a class is unknown, or without gemeenten."""
    waarde, bekend = aandeel(d.meetellend * 1000, d.inwoners)
    return waarde, bekend & (d.onbekend == 0)


def naleving_bekend(d: Wetsdelen[Any]) -> tuple[Any, Any]:
    """Share (0 to 1) of the gemeenten with a known class."""
    return aandeel(d.gemeenten - d.onbekend, d.gemeenten)
