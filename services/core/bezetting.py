"""Sums over locaties at V: the parts of an area, the ages of its readings, and the days above a maximum."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np

from schemas.fields import AMSTERDAM
from schemas.moments import micros
from services.core import delen
from services.core.delen import STANDAARD, Bekend, Delen, Grenzen, Ints
from services.core.locaties import Locatie, Maximum
from services.core.registers import Register, Registers
from services.core.standen import UNKNOWN, Standen


@dataclass(frozen=True, slots=True)
class Bezetting:
    """The sums over the open locaties of an area, and the ages at V of the readings among them.

    The ages are whole seconds, rounded down; None when no open locatie has a reading.
    """

    delen: Delen[int]
    data_ouderdom_seconden: int | None
    """The age of the oldest reading that counts."""
    data_ouderdom_mediaan_seconden: int | None
    grenzen: Grenzen = STANDAARD
    """How much had to be known."""

    @property
    def locaties(self) -> int:
        """The number of open locaties."""
        return self.delen.locaties

    @property
    def vast_te_stellen(self) -> bool:
        """Whether enough locaties reported recently to state how full the area is."""
        return bool(delen.poort(self.delen))

    @property
    def aanwezig(self) -> int | None:
        """People; None when that can't be said."""
        found: int | None = delen.nu(delen.aanwezig, self.delen)
        return found

    @property
    def plaatsen(self) -> int:
        """Known places; 0 when none are known."""
        return self.delen.plaatsen

    @property
    def inzetbaar(self) -> int:
        """Known usable places; 0 when none are known."""
        return self.delen.inzetbaar

    @property
    def bezettingsgraad(self) -> float | None:
        """People per usable place; None when that can't be said."""
        found: float | None = delen.nu(delen.bezettingsgraad, self.delen)
        return found

    @property
    def dekking(self) -> float | None:
        """Share (0 to 1) of the usable places whose reading is fresh at V."""
        found: float | None = delen.nu(delen.dekking, self.delen)
        return found


LEEG = Bezetting(Delen(*([0] * len(Delen._fields))), None, None)
"""The sums of an area without open locaties."""


def delen_van(stand: Standen, valid_at: datetime, grenzen: Grenzen = STANDAARD) -> Delen[Ints]:
    """The parts of each locatie at V: all 0 for one that is not registered, nearly all for one that is closed."""
    now = micros(valid_at)
    lasts = (stand.aantal != UNKNOWN) & (stand.tot > now)
    return delen.per_locatie(
        Bekend(
            telt=stand.telt,
            gesloten=stand.gesloten,
            gemeten=stand.aanwezig != UNKNOWN,
            geplaatst=(stand.aantal != UNKNOWN).any(axis=0),
            leeftijd=now - stand.peilmoment,
            leeftijd_bij_sluiting=stand.gesloten_op - stand.peilmoment,
            aanwezig=stand.aanwezig,
            plaatsen=np.where(lasts, stand.aantal, 0).sum(axis=0),
            inzetbaar=np.where(lasts, stand.inzetbaar, 0).sum(axis=0),
        ),
        grenzen,
    )


def bezetting(stand: Standen, valid_at: datetime, grenzen: Grenzen = STANDAARD) -> Bezetting:
    """The sums over all of these locaties together."""
    parts = delen_van(stand, valid_at, grenzen)
    ages = (micros(valid_at) - stand.peilmoment)[parts.gemeten == 1]
    return Bezetting(
        delen.opgeteld(parts),
        data_ouderdom_seconden=int(ages.max()) // 1_000_000 if len(ages) else None,
        data_ouderdom_mediaan_seconden=int(np.median(ages) // 1_000_000) if len(ages) else None,
        grenzen=grenzen,
    )


def bezettingen(
    stand: Standen, gebied: Ints, valid_at: datetime, grenzen: Grenzen = STANDAARD
) -> Mapping[int, Bezetting]:
    """The sums of every area at once: number of the area → its sums, for the areas that have a registered locatie.

    `gebied` is the number of the area of each locatie; UNKNOWN where that is not known.
    """
    own = stand.where(gebied != UNKNOWN)
    where = gebied[gebied != UNKNOWN]
    order = np.lexsort((-own.peilmoment, where))
    parts = Delen(*(part[order] for part in delen_van(own, valid_at, grenzen)))
    numbers, first = np.unique(where[order], return_index=True)
    sums = [np.add.reduceat(part, first).tolist() if len(first) else [] for part in parts]
    # Within an area the readings stand in order of age, the youngest first.
    ages = (micros(valid_at) - own.peilmoment)[order][parts.gemeten == 1]
    until = np.cumsum(sums[Delen._fields.index("gemeten")], dtype=np.int64)
    oldest, middle = _oldest_and_middle(ages, until)
    return {
        number: _of_area(Delen(*together), old, mid, grenzen)
        for number, old, mid, *together in zip(numbers.tolist(), oldest, middle, *sums, strict=True)
    }


def _of_area(parts: Delen[int], oldest: int, middle: int, grenzen: Grenzen) -> Bezetting:
    return Bezetting(parts, oldest, middle, grenzen) if parts.gemeten else Bezetting(parts, None, None, grenzen)


def _oldest_and_middle(ages: Ints, until: Ints) -> tuple[list[int], list[int]]:
    """Gives the oldest age and the median age of each area, in whole seconds.

    The ages of an area are sorted and end at `until`. For an area without ages, the two mean nothing.
    """
    if not len(ages):
        return [0] * len(until), [0] * len(until)
    since = np.append(0, until[:-1])
    low, high = ages[(since + until - 1) // 2], ages[np.minimum((since + until) // 2, len(ages) - 1)]
    return (ages[until - 1] // 1_000_000).tolist(), ((low + high) // 2_000_000).tolist()


class Verlaten(NamedTuple):
    """A closed locatie with people in its last reading."""

    locatie: Locatie
    geteld: bool
    """Whether that reading is counted: it was fresh when the locatie closed, or taken later."""


def verlaten(found: Iterable[Locatie], grenzen: Grenzen = STANDAARD) -> list[Verlaten]:
    """The closed locaties with people in their last reading, most people first."""
    closed = [one for one in found if one.registered and one.gesloten_op is not None and one.aanwezig]
    closed.sort(key=lambda one: (-(one.aanwezig or 0), one.id))
    return [
        Verlaten(one, one.gesloten_op - one.peilmoment <= grenzen.vers)
        for one in closed
        if one.gesloten_op is not None and one.peilmoment is not None
    ]


def achtergebleven(stand: Standen, ids: Sequence[str]) -> list[str]:
    """The closed locaties with people in their last reading. `ids`: of each column of `stand`."""
    return [ids[n] for n in np.flatnonzero(stand.gesloten & (stand.aanwezig > 0)).tolist()]


class Ruimte(NamedTuple):
    """Where there is room, and where there is none: a free place in one locatie is no place in another."""

    vrij: int
    """Usable places that are free, over the open locaties that have any."""
    tekort: int
    """People for whom there is no usable place, over the open locaties that have them."""
    met_tekort: int
    """The number of those locaties."""
    geteld: int
    """The number of locaties where it is known."""


def ruimte(stand: Standen, valid_at: datetime, grenzen: Grenzen = STANDAARD) -> Ruimte | None:
    """The room over the open locaties with a recent reading and known places; None when there is no such locatie."""
    parts = delen_van(stand, valid_at, grenzen)
    free, known = delen.vrij_van_locatie(parts)
    free = free[known & (parts.gemeld > 0)]
    if not len(free):
        return None
    return Ruimte(int(free[free > 0].sum()), int(-free[free < 0].sum()), int((free < 0).sum()), len(free))


@dataclass(frozen=True, slots=True)
class Overschrijding:
    """Days above one maximum. A day without a reading is in neither count: `dagen` is a lower bound."""

    dagen: int
    dagen_met_meting: int
    dwangsom: int | None
    """Euro: dagen × dwangsomPerDag, up to the plafond; None where no penalty was set."""
    plafond: int | None

    @property
    def op_zijn_hoogst(self) -> bool:
        """Whether more days would cost nothing more."""
        return self.plafond is not None and self.dwangsom is not None and self.dwangsom >= self.plafond


def overschrijding(maximum: Maximum, readings: Iterable[tuple[datetime, int]]) -> Overschrijding:
    """Counts the breach days of one maximum: Dutch calendar days with at least one reading above it.

    `readings` are (peilmoment, aanwezig); only those on which this maximum was in force are judged by it.
    """
    judged = [
        (moment.astimezone(AMSTERDAM).date(), present) for moment, present in readings if maximum.holds_at(moment)
    ]
    dagen = len({day for day, present in judged if present > maximum.maximum})
    dwangsom = None if maximum.dwangsom_per_dag is None else dagen * maximum.dwangsom_per_dag
    if dwangsom is not None and maximum.dwangsom_plafond is not None:
        dwangsom = min(dwangsom, maximum.dwangsom_plafond)
    return Overschrijding(dagen, len({day for day, _ in judged}), dwangsom, maximum.dwangsom_plafond)


def gepubliceerd(registers: Registers, subject: str) -> list[dict[str, Any]]:
    """What others published about a subject, newest first."""
    found = [
        winner.value | {"peildatum": winner.effective_at.astimezone(AMSTERDAM).date().isoformat()}
        for (owner, stored), winner in registers.items()
        if owner == subject and Register.of_name(stored) is Register.GEPUBLICEERD
    ]
    return sorted(found, key=lambda cijfer: (cijfer["peildatum"], cijfer["grootheid"], cijfer["bron"]), reverse=True)
