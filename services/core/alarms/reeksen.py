"""A value through time for each onderwerp, and how such series are made from the steps of locaties."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import NamedTuple

import numpy as np

from schemas.alarmregels import AlarmRegel
from services.core.delen import Bekend, Bools, Delen, Floats, Grenzen, Ints, per_locatie
from services.core.history.sommen import Stappen

_MICROSECOND = timedelta(microseconds=1)


class Waardereeks(NamedTuple):
    """A value from each moment on. Each column has a row per step, in order of onderwerp and moment."""

    onderwerpen: Sequence[str]
    """The onderwerpen, by number."""
    nummer: Ints
    """Which onderwerp a row is about."""
    moment: Ints
    """From when a row holds, in microseconds since 1970."""
    er: Bools
    """Whether the onderwerp is there. What is not there has no value and no alarm."""
    waarde: Floats
    """The value at that moment; NaN when it is not known."""
    sinds: Ints | None = None
    """For a value that grows: from when it counts the seconds. None: it stays the same until the next row."""

    def at(self, row: int, moment: int) -> float:
        """Returns the value at a moment within a row."""
        if self.sinds is None or np.isnan(self.waarde[row]):
            return float(self.waarde[row])
        return (moment - int(self.sinds[row])) / 1e6

    def until(self, tot: int) -> Ints:
        """Returns where each row ends: at the next row of the same onderwerp, or at `tot`."""
        return ends(self.nummer, self.moment, tot)


def ends(nummer: Ints, moment: Ints, tot: int) -> Ints:
    """Returns until when each row holds. The rows are in order of number and moment."""
    goes_on = nummer[1:] == nummer[:-1]
    return np.append(np.where(goes_on, moment[1:], tot), tot)[: len(moment)]


def reeks(found: Stappen, there: Bools, waarde: Floats) -> Waardereeks:
    """Returns the series of locaties that has a row for each of their steps."""
    return Waardereeks(found.locaties, found.nummer, found.moment, there, waarde)


def delen_van_stappen(found: Stappen, grenzen: Grenzen) -> Delen[Ints]:
    """Returns the parts of each locatie, on each of its rows. Those about all its places count the usable ones only."""
    return per_locatie(
        Bekend(
            telt=found.telt,
            gesloten=found.gesloten_op >= 0,
            gemeten=found.gemeten,
            geplaatst=found.geplaatst,
            leeftijd=found.moment - found.peilmoment,
            leeftijd_bij_sluiting=found.gesloten_op - found.peilmoment,
            aanwezig=found.aanwezig,
            plaatsen=found.inzetbaar,
            inzetbaar=found.inzetbaar,
        ),
        grenzen,
    )


def with_age(regel: AlarmRegel, found: Stappen, tot: int) -> tuple[Stappen, Bools]:
    """Adds a row where a reading becomes too old for the rule (`versBinnen`).

    Returns the steps, and for each of them whether its reading is young enough to count as known.
    """
    if regel.versBinnen is None:
        return found, np.ones(len(found.moment), np.bool_)
    limit = regel.versBinnen // _MICROSECOND
    found = also_at(found, {limit + 1}, tot)
    return found, found.moment - found.peilmoment <= limit


def also_at(found: Stappen, ages: set[int], tot: int) -> Stappen:
    """Adds a row wherever a reading reaches one of these ages (microseconds) before anything else changes."""
    until, own = ends(found.nummer, found.moment, tot), np.arange(len(found.moment))
    rows, moments = [own], [found.moment]
    for age in ages:
        at = found.peilmoment + age
        inside = found.gemeten & (found.moment < at) & (at < until)
        rows.append(own[inside])
        moments.append(at[inside])
    row, moment = np.concatenate(rows), np.concatenate(moments)
    order = np.lexsort((moment, found.nummer[row]))
    return found.rows(row[order])._replace(moment=moment[order])


def of_onderwerpen(found: Stappen, wanted: Callable[[str], bool]) -> Stappen:
    """Returns the steps of these locaties only."""
    kept = np.array([wanted(own_id) for own_id in found.locaties], dtype=np.bool_)
    return found if kept.all() else found.rows(kept[found.nummer])
