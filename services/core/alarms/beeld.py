"""What the alarm rules look at: the live view, and of each grootheid the value for every onderwerp there is.

A value is a number: people, places, seconds, a regime's place in REGIMES. NaN = not known, which is neither trouble nor
its end (law 7); what is not there at all (a closed locatie) has no value and so no alarm.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from schemas.alarmregels import IN_SECONDS, REGIMES, AlarmRegel
from schemas.moments import micros
from services.core.bezetting import Bezetting, Overschrijding
from services.core.naleving import GemeenteNaleving
from services.core.registers import Registers
from services.core.standen import UNKNOWN, Bools, Ints, Standen

Floats = npt.NDArray[np.float64]
LANDELIJK = "NL"
KLASSEN_VAN_BOVEN = ("voldoet", "gedeeltelijk", "voldoet niet")
"""From good to bad. The other classes say nothing of better or worse."""
_RANK = {klasse: rank for rank, klasse in enumerate(KLASSEN_VAN_BOVEN)}
_DAY = 86_400.0
_MICROSECOND = timedelta(microseconds=1)


class Achterhaald(NamedTuple):
    """A figure of ours that was recorded as published, and is another now."""

    grootheid: str
    peildatum: str
    vastgelegd: float
    nu: float


@dataclass(frozen=True, slots=True)
class Uitgezocht:
    """What takes longer to find out than a look may take, as it was found a moment ago. None: not known (yet)."""

    laatste_ontvangst: datetime | None = None
    """When the last event came in."""
    tekort_vanaf: datetime | None = None
    """When known usable places fall below the people who are present now."""
    tekort_bekend: bool = False
    """False: that can't be told, as nobody's presence is known."""
    nalevingen_toen: Mapping[float, Mapping[str, str]] = field(default_factory=dict)
    """Terugblik in seconds → class of each gemeente so long ago, under the cyclus of now."""
    achterhaald: Mapping[str, Sequence[Achterhaald]] | None = None
    """Onderwerp → its figures that are others by now; every onderwerp of which any was recorded."""
    aandeel_onverwerkbaar: float | None = None
    """Of what came in during the last hour."""


@dataclass(frozen=True, slots=True)
class Beeld:
    """The live view at one moment."""

    now: datetime
    locaties: Sequence[str]
    """The ids, in the order of the columns of `standen`."""
    standen: Standen
    registers: Registers
    landelijk: Bezetting
    naleving: Sequence[GemeenteNaleving] = ()
    uitgezocht: Uitgezocht | None = None
    """None: not found out yet, as just after a start; rules that need it say nothing then."""
    achterstand: int | None = None
    """Messages on the topic that are not stored yet."""
    overschrijdingen: Mapping[str, Overschrijding] = field(default_factory=dict)
    """Of the locaties above their maximum, as far as it was asked."""


class Waarden(NamedTuple):
    """Of every onderwerp that is there, its value."""

    onderwerpen: Sequence[str]
    waarden: Floats


def waarden(regel: AlarmRegel, beeld: Beeld) -> Waarden | None:
    """What a rule sees. None: that was not found out yet, which says nothing (a restart is no reason for anything)."""
    if regel.grootheid in _UITGEZOCHT and beeld.uitgezocht is None:
        return None
    found = _VALUES[regel.grootheid](regel, beeld)
    if found is None or not regel.onderwerpen:
        return found
    wanted = [n for n, onderwerp in enumerate(found.onderwerpen) if onderwerp in regel.onderwerpen]
    return Waarden([found.onderwerpen[n] for n in wanted], found.waarden[wanted])


def getoond(regel: AlarmRegel, waarde: float) -> float | str | None:
    """A value as a transition shows it."""
    if np.isnan(waarde):
        return None
    if regel.grootheid == "toegang":
        return REGIMES[int(waarde)]
    if np.isinf(waarde):
        return "geen plaatsen" if regel.grootheid == "locatie-bezettingsgraad" else "geen"
    if regel.grootheid in IN_SECONDS or float(waarde).is_integer():
        return int(waarde)
    return float(waarde)


def boven_maximum(beeld: Beeld) -> list[str]:
    """The open locaties with more people than their maximum in force."""
    limited, above = _above_maximum(beeld)
    return [beeld.locaties[n] for n, more in zip(limited, above, strict=True) if more > 0]


def _one(waarde: float | None) -> Waarden:
    return Waarden((LANDELIJK,), np.array([np.nan if waarde is None else waarde], dtype=np.float64))


def _landelijk(_: AlarmRegel, beeld: Beeld) -> Waarden:
    return _one(beeld.landelijk.bezettingsgraad)


def _locatie(regel: AlarmRegel, beeld: Beeld) -> Waarden:
    """Infinite where there are people and no places (design §7: above capacity too), 0 where there is neither."""
    stand, own = beeld.standen, np.flatnonzero(beeld.standen.telt)
    written = stand.aantal[:, own] != UNKNOWN
    lasts = written & (stand.tot[:, own] > micros(beeld.now))
    places = np.where(lasts, stand.inzetbaar[:, own], 0).sum(axis=0)
    people, read_at = stand.aanwezig[own], stand.peilmoment[own]
    known = (people != UNKNOWN) & written.any(axis=0) & _fresh(regel, beeld, read_at)
    with np.errstate(divide="ignore", invalid="ignore"):
        grade = np.where((people == 0) & (places == 0), 0.0, people / places)
    return Waarden([beeld.locaties[n] for n in own.tolist()], np.where(known, grade, np.nan))


def _toegang(_: AlarmRegel, beeld: Beeld) -> Waarden:
    open_now = [beeld.locaties[n] for n in np.flatnonzero(beeld.standen.telt).tolist()]
    found = [beeld.registers.get((own_id, "toegang")) for own_id in open_now]
    # Never reported is not 'other than open': nobody said that access is restricted.
    ranks = [np.nan if winner is None else REGIMES.index(winner.value) for winner in found]
    return Waarden(open_now, np.array(ranks, dtype=np.float64))


def _fresh(regel: AlarmRegel, beeld: Beeld, read_at: Ints) -> Bools:
    """Whether a reading is young enough for the rule to count as known."""
    if regel.versBinnen is None:
        return np.ones(read_at.shape, dtype=np.bool_)
    return micros(beeld.now) - read_at <= regel.versBinnen // _MICROSECOND


def _boven_maximum(regel: AlarmRegel, beeld: Beeld) -> Waarden:
    limited, above = _above_maximum(beeld)
    fresh = _fresh(regel, beeld, beeld.standen.peilmoment[limited])
    return Waarden([beeld.locaties[n] for n in limited], np.where(fresh, np.array(above, dtype=np.float64), np.nan))


def _above_maximum(beeld: Beeld) -> tuple[list[int], list[float]]:
    """The columns of the open locaties with a maximum in force; and how many people more, NaN without a reading."""
    stand = beeld.standen
    limited: list[int] = []
    above: list[float] = []
    for n in np.flatnonzero(stand.telt).tolist():
        winner = beeld.registers.get((beeld.locaties[n], "maximum"))
        if winner is not None:
            tot = winner.value.get("geldigTot")
            if tot is None or datetime.fromisoformat(tot) > beeld.now:
                people = int(stand.aanwezig[n])
                limited.append(n)
                above.append(np.nan if people == UNKNOWN else people - winner.value["maximum"])
    return limited, above


def _stilte_van_locatie(_: AlarmRegel, beeld: Beeld) -> Waarden:
    own = np.flatnonzero(beeld.standen.telt)
    age = (micros(beeld.now) - beeld.standen.peilmoment[own]) / 1e6
    read = beeld.standen.aanwezig[own] != UNKNOWN
    return Waarden([beeld.locaties[n] for n in own.tolist()], np.where(read, age, np.nan))


def _stilte_van_stroom(_: AlarmRegel, beeld: Beeld) -> Waarden:
    last = _found(beeld).laatste_ontvangst
    return _one(None if last is None else max(0.0, (beeld.now - last).total_seconds()))


def _dagen_tot_tekort(_: AlarmRegel, beeld: Beeld) -> Waarden:
    found = _found(beeld)
    if not found.tekort_bekend:
        return _one(None)
    short = found.tekort_vanaf
    return _one(np.inf if short is None else max(0.0, (short - beeld.now).total_seconds()) / _DAY)


def _verslechterd(regel: AlarmRegel, beeld: Beeld) -> Waarden | None:
    before = _found(beeld).nalevingen_toen.get(regel.terugblik.total_seconds())
    if before is None:
        return None
    worse = [verslechtering(before.get(row.gemeente.code), row.naleving) for row in beeld.naleving]
    return Waarden([row.gemeente.code for row in beeld.naleving], np.array(worse, dtype=np.float64))


def verslechtering(before: str | None, after: str | None) -> float:
    """How many classes; 0 when it is as good or better, NaN when one of them says nothing of that."""
    if before not in _RANK or after not in _RANK:
        return np.nan
    return max(0, _RANK[after] - _RANK[before])


def _achterhaald(_: AlarmRegel, beeld: Beeld) -> Waarden | None:
    found = _found(beeld).achterhaald
    if found is None:
        return None
    return Waarden([*found], np.array([len(figures) for figures in found.values()], dtype=np.float64))


def _onverwerkbaar(_: AlarmRegel, beeld: Beeld) -> Waarden:
    return _one(_found(beeld).aandeel_onverwerkbaar)


def _achterstand(_: AlarmRegel, beeld: Beeld) -> Waarden:
    return _one(beeld.achterstand)


def _found(beeld: Beeld) -> Uitgezocht:
    return beeld.uitgezocht or Uitgezocht()


_VALUES: Mapping[str, Callable[[AlarmRegel, Beeld], Waarden | None]] = {
    "landelijke-bezettingsgraad": _landelijk,
    "locatie-bezettingsgraad": _locatie,
    "toegang": _toegang,
    "personen-boven-maximum": _boven_maximum,
    "stilte-van-locatie": _stilte_van_locatie,
    "stilte-van-stroom": _stilte_van_stroom,
    "dagen-tot-tekort": _dagen_tot_tekort,
    "naleving-verslechterd": _verslechterd,
    "publicaties-achterhaald": _achterhaald,
    "aandeel-onverwerkbaar": _onverwerkbaar,
    "achterstand": _achterstand,
}

_UITGEZOCHT = frozenset(
    {
        "stilte-van-stroom",
        "dagen-tot-tekort",
        "naleving-verslechterd",
        "publicaties-achterhaald",
        "aandeel-onverwerkbaar",
    }
)


def soort_van(beeld: Beeld, onderwerp: str) -> str | None:
    """The soort of a locatie; None for what is none."""
    registratie = beeld.registers.get((onderwerp, "registratie"))
    return None if registratie is None else registratie.value["soort"]
