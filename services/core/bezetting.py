"""Sums over locaties at V: aanwezig, plaatsen, bezettingsgraad, dekking (design §7)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import numpy as np

from schemas.fields import AMSTERDAM
from schemas.moments import micros
from services.core.locaties import Maximum
from services.core.registers import Register, Registers
from services.core.standen import UNKNOWN, Ints, Standen

FRESHNESS_LIMIT = timedelta(hours=24)
"""A reading older than this no longer counts for `dekking`."""
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Bezetting:
    """Sums over the open locaties of an area."""

    locaties: int
    aanwezig: int | None
    """People; None when no open locatie has a reading."""
    plaatsen: int
    inzetbaar: int
    """Places that are known, as is `plaatsen`: 0 over nothing."""
    bezettingsgraad: float | None
    """People per usable place, over those with a reading and known places only."""
    dekking: float | None
    """Share (0 to 1) of the usable places whose reading is fresh at V."""
    data_ouderdom_seconden: int | None
    """Age at V of the oldest reading that counts in `aanwezig`."""
    data_ouderdom_mediaan_seconden: int | None


def bezetting(stand: Standen, valid_at: datetime, limit: timedelta = FRESHNESS_LIMIT) -> Bezetting:
    """The sums over those of them that are registered and open. The ages are whole seconds, rounded down."""
    now, own = micros(valid_at), stand.where(stand.telt)
    lasts = (own.aantal != UNKNOWN) & (own.tot > now)
    plaatsen = np.where(lasts, own.aantal, 0).sum(axis=0)
    inzetbaar = np.where(lasts, own.inzetbaar, 0).sum(axis=0)
    read, placed = own.aanwezig != UNKNOWN, (own.aantal != UNKNOWN).any(axis=0)
    ages = (now - own.peilmoment)[read]
    fresh = read & (now - own.peilmoment <= limit // _MICROSECOND)
    people = np.where(read, own.aanwezig, 0)
    return Bezetting(
        locaties=len(read),
        aanwezig=int(people.sum()) if len(ages) else None,
        plaatsen=int(plaatsen.sum()),
        inzetbaar=int(inzetbaar.sum()),
        bezettingsgraad=_ratio(people[placed], inzetbaar[read]),
        dekking=_ratio(inzetbaar[fresh], inzetbaar),
        data_ouderdom_seconden=int(ages.max()) // 1_000_000 if len(ages) else None,
        data_ouderdom_mediaan_seconden=int(np.median(ages) // 1_000_000) if len(ages) else None,
    )


class Ruimte(NamedTuple):
    """Where there is room, and where there is none: a free place here is none there."""

    vrij: int
    """Usable places that are free, over the open locaties that have any."""
    tekort: int
    """People for whom there is no usable place, over the open locaties that have them."""
    met_tekort: int
    """How many locaties these are."""
    geteld: int
    """How many locaties there are of which that is known: over these the bezettingsgraad is, too."""


def ruimte(stand: Standen, valid_at: datetime) -> Ruimte | None:
    """Over the open locaties with a reading and known places; None when there is none."""
    own = stand.where(stand.telt)
    lasts = (own.aantal != UNKNOWN) & (own.tot > micros(valid_at))
    known = (own.aanwezig != UNKNOWN) & (own.aantal != UNKNOWN).any(axis=0)
    if not known.any():
        return None
    free = (np.where(lasts, own.inzetbaar, 0).sum(axis=0) - own.aanwezig)[known]
    return Ruimte(int(free[free > 0].sum()), int(-free[free < 0].sum()), int((free < 0).sum()), len(free))


@dataclass(frozen=True, slots=True)
class Overschrijding:
    """Days above one maximum. A day without a reading is in neither count: `dagen` is a lower bound."""

    dagen: int
    dagen_met_meting: int
    dwangsom: int | None
    """Euro: dagen × dwangsomPerDag, up to the plafond; None where no penalty was set."""
    plafond: int | None


def overschrijding(maximum: Maximum, readings: Iterable[tuple[datetime, int]]) -> Overschrijding:
    """Breach days of one maximum: Dutch calendar days with at least one reading above it (design §7).

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
        for (owner, _), winner in Register.GEPUBLICEERD.among(registers)
        if owner == subject
    ]
    return sorted(found, key=lambda cijfer: (cijfer["peildatum"], cijfer["grootheid"], cijfer["bron"]), reverse=True)


def _ratio(part: Ints, whole: Ints) -> float | None:
    over = int(whole.sum())
    return int(part.sum()) / over if over else None
