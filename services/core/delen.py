"""The parts that figures are made of, and how each figure follows from them.

A part is one whole number, or an array of whole numbers: one for each locatie, area or moment. A figure closes over the
parts by one function, so the present, another (V, K), a series and an alarm can't disagree. How the parts are gathered
may differ.

A closing function gives the value and whether it is known. Where it is not known, the value means nothing.
"""

from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar, overload

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Reekslijn = tuple[npt.NDArray[np.int64 | np.float64], Bools]
"""A figure at each moment, and whether it is known there."""
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


class Druk(NamedTuple, Generic[G]):
    """The two parts that a bezettingsgraad closes over, for callers that need no other figure."""

    aanwezig_op_plaatsen: G
    plaatsen_met_meting: G


class Wetsdelen(NamedTuple, Generic[G]):
    """Sums over gemeenten. The first five are the numbers of gemeenten in each class of naleving."""

    voldoet: G
    gedeeltelijk: G
    voldoet_niet: G
    geen_opgave: G
    onbekend: G
    gemeenten: G
    meetellend: G
    """Places."""
    opgave: G
    """Places, over the gemeenten with a known opgave."""
    opgave_bekend: G
    """Gemeenten with a known opgave."""
    tekort: G
    """Places, over the same gemeenten."""


Sluiting = Callable[[Delen[Any]], tuple[Any, Any]]
"""A closing function: parts → (value, known)."""
Wetsluiting = Callable[[Wetsdelen[Any]], tuple[Any, Any]]


@overload
def per_locatie(
    *, telt: bool, gemeten: bool, geplaatst: bool, vers: bool, aanwezig: int, plaatsen: int, inzetbaar: int
) -> Delen[int]: ...
@overload
def per_locatie(
    *, telt: Bools, gemeten: Bools, geplaatst: Bools, vers: Bools, aanwezig: Ints, plaatsen: Ints, inzetbaar: Ints
) -> Delen[Ints]: ...
def per_locatie(
    *, telt: Any, gemeten: Any, geplaatst: Any, vers: Any, aanwezig: Any, plaatsen: Any, inzetbaar: Any
) -> Delen[Any]:
    """Gives the parts of one locatie, or of each in arrays.

    `telt` says whether it counts at all, `gemeten` and `geplaatst` whether its reading and its places are known, and
    `vers` whether its reading is fresh. A number that is not known is ignored, whatever it is.
    """
    gemeten, geplaatst = telt & gemeten, telt & geplaatst
    beide = gemeten & geplaatst
    return Delen(
        locaties=telt * 1,
        gemeten=gemeten * 1,
        geplaatst=geplaatst * 1,
        aanwezig=gemeten * aanwezig,
        plaatsen=geplaatst * plaatsen,
        inzetbaar=geplaatst * inzetbaar,
        aanwezig_op_plaatsen=beide * aanwezig,
        plaatsen_met_meting=beide * inzetbaar,
        vers=(beide & vers) * inzetbaar,
    )


def opgeteld(parts: Delen[Ints]) -> Delen[int]:
    """Adds the parts of all locaties together."""
    return Delen(*(int(part.sum()) for part in parts))


# Closing ------------------------------------------------------------------------------------------------------------


def nu(sluiting: Sluiting, parts: Delen[int]) -> Any:
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


def aanwezig(d: Delen[Any]) -> tuple[Any, Any]:
    """People. Not known when there is no reading."""
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


def bezettingsgraad(d: Delen[Any] | Druk[Any]) -> tuple[Any, Any]:
    """People per usable place, unrounded, over the locaties where both are known."""
    return aandeel(d.aanwezig_op_plaatsen, d.plaatsen_met_meting)


def druk(d: Druk[Ints], bekend: Bools) -> Floats:
    """How full each locatie is, as alarms see it: infinite where there are people and no places, 0 without either.

    NaN where `bekend` says that the reading or the places are not known.
    """
    graad, met_plaatsen = bezettingsgraad(d)
    zonder_plaatsen = np.where(d.aanwezig_op_plaatsen > 0, np.inf, 0.0)
    found: Floats = np.where(bekend, np.where(met_plaatsen, graad, zonder_plaatsen), np.nan)
    return found


def dekking(d: Delen[Any]) -> tuple[Any, Any]:
    """Share (0 to 1) of the usable places whose reading is fresh."""
    return aandeel(d.vers, d.inzetbaar)


def van_gemeenten(part: Callable[[Wetsdelen[Any]], Any]) -> Wetsluiting:
    """Makes the closing function of a part that is known wherever there are gemeenten."""
    return lambda d: (part(d), d.gemeenten > 0)


def opgave(d: Wetsdelen[Any]) -> tuple[Any, Any]:
    """Places of the known opgaven. Not known when no opgave is."""
    return d.opgave, d.opgave_bekend > 0


def tekort(d: Wetsdelen[Any]) -> tuple[Any, Any]:
    """Places short of the known opgaven. Not known when no opgave is."""
    return d.tekort, d.opgave_bekend > 0


def naleving_bekend(d: Wetsdelen[Any]) -> tuple[Any, Any]:
    """Share (0 to 1) of the gemeenten with a known class."""
    return aandeel(d.gemeenten - d.onbekend, d.gemeenten)
