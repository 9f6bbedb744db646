"""What the alarm rules look at through time: of each onderwerp its value from each moment on.

At every instant it is what `alarmbeeld.waarden` sees then; a law holds the two together.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from schemas.alarmregels import AlarmRegel
from schemas.moments import micros
from schemas.reference import Gemeente
from services.core.alarms.beeld import LANDELIJK, Floats, verslechtering
from services.core.gemeenten import overgangen
from services.core.history.naleving_verloop import nalevingen
from services.core.history.reeks import share
from services.core.history.sommen import Stappen, opgeteld
from services.core.history.verloop import Verloop, toestanden
from services.core.naleving import cyclus_in_force
from services.core.registers import Key, Winner
from services.core.standen import Bools, Ints

_MICROSECOND = timedelta(microseconds=1)
_OF_ALL, _TOGETHER = "plaatsenMetMeting", "aanwezigOpPlaatsen"


class Reeks(NamedTuple):
    """Of each onderwerp a value from each moment on: a row of each, in that order."""

    onderwerpen: Sequence[str]
    """Of whom, by number."""
    nummer: Ints
    moment: Ints
    er: Bools
    """It is there; what is not has no value and no alarm."""
    waarde: Floats
    """At that moment; NaN when it is not known."""
    sinds: Ints | None = None
    """Of what grows: since when it counts the seconds. None: it stays what it is until the next row."""

    def at(self, row: int, moment: int) -> float:
        """The value at a moment, by the row that speaks of it."""
        if self.sinds is None or np.isnan(self.waarde[row]):
            return float(self.waarde[row])
        return (moment - int(self.sinds[row])) / 1e6

    def until(self, tot: int) -> Ints:
        """Where each row ends: at the next of the same onderwerp, or at the end of all."""
        return ends(self.nummer, self.moment, tot)


def ends(nummer: Ints, moment: Ints, tot: int) -> Ints:
    """Until when each row holds, where rows are in order of number and moment."""
    goes_on = nummer[1:] == nummer[:-1]
    return np.append(np.where(goes_on, moment[1:], tot), tot)[: len(moment)]


# Of locaties ---------------------------------------------------------------------------------------------------------


def van_locaties(regel: AlarmRegel, found: Stappen, van: int, tot: int) -> Reeks:
    """What a rule sees of locaties. One of LOCATIE_GROOTHEDEN."""
    return _VALUES[regel.grootheid](regel, found, van, tot)


def _landelijk(_: AlarmRegel, found: Stappen, van: int, _tot: int) -> Reeks:
    both = found.telt & found.gemeten & found.geplaatst
    parts = {_TOGETHER: np.where(both, found.aanwezig, 0), _OF_ALL: np.where(both, found.inzetbaar, 0)}
    sums = opgeteld(found.nummer, found.moment, parts, van)
    moment, grade = sums.moment, share(sums.waarden[_TOGETHER], sums.waarden[_OF_ALL])
    begin = 1 if len(moment) > 1 and moment[1] == van else 0  # before it, nothing was counted yet
    moment = np.maximum(moment[begin:], van)
    return Reeks((LANDELIJK,), np.zeros(len(moment), np.int64), moment, np.ones(len(moment), np.bool_), grade[begin:])


def _locatie(regel: AlarmRegel, found: Stappen, _: int, tot: int) -> Reeks:
    found, fresh = _with_age(regel, found, tot)
    people, places = found.aanwezig, found.inzetbaar
    with np.errstate(divide="ignore", invalid="ignore"):
        grade = np.where((people == 0) & (places == 0), 0.0, people / places)
    return _reeks(found, found.telt, np.where(found.gemeten & found.geplaatst & fresh, grade, np.nan))


def _toegang(_: AlarmRegel, found: Stappen, _van: int, _tot: int) -> Reeks:
    return _reeks(found, found.telt, np.where(found.toegang >= 0, found.toegang, np.nan))


def _boven_maximum(regel: AlarmRegel, found: Stappen, _: int, tot: int) -> Reeks:
    found, fresh = _with_age(regel, found, tot)
    above = np.where(found.gemeten & fresh, found.aanwezig - found.maximum, np.nan)
    return _reeks(found, found.telt & (found.maximum >= 0), above)


def _stilte(regel: AlarmRegel, found: Stappen, _: int, tot: int) -> Reeks:
    """Between two readings it grows; so there is a row more wherever it comes to or past one of the two thresholds."""
    limits = {timedelta(seconds=limit) // _MICROSECOND for limit in (regel.gaat_af, regel.wist)}
    found = _also_at(found, {limit + past for limit in limits for past in (0, 1)}, tot)
    age = (found.moment - found.peilmoment) / 1e6
    return _reeks(found, found.telt, np.where(found.gemeten, age, np.nan))._replace(sinds=found.peilmoment)


def _reeks(found: Stappen, there: Bools, waarde: Floats) -> Reeks:
    return Reeks(found.locaties, found.nummer, found.moment, there, waarde)


def _with_age(regel: AlarmRegel, found: Stappen, tot: int) -> tuple[Stappen, Bools]:
    """Also from where a reading is too old for the rule to count as known; and whether it is young enough."""
    if regel.versBinnen is None:
        return found, np.ones(len(found.moment), np.bool_)
    limit = regel.versBinnen // _MICROSECOND
    found = _also_at(found, {limit + 1}, tot)
    return found, found.moment - found.peilmoment <= limit


def _also_at(found: Stappen, ages: set[int], tot: int) -> Stappen:
    """The same, with a row more where a reading comes to be so old (microseconds) before anything else changes."""
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
    """Of these locaties only."""
    kept = np.array([wanted(own_id) for own_id in found.locaties], dtype=np.bool_)
    return found if kept.all() else found.rows(kept[found.nummer])


_VALUES: Mapping[str, Callable[[AlarmRegel, Stappen, int, int], Reeks]] = {
    "landelijke-bezettingsgraad": _landelijk,
    "locatie-bezettingsgraad": _locatie,
    "toegang": _toegang,
    "personen-boven-maximum": _boven_maximum,
    "stilte-van-locatie": _stilte,
}
LOCATIE_GROOTHEDEN = frozenset(_VALUES)
NALEVING = "naleving-verslechterd"


# Of gemeenten --------------------------------------------------------------------------------------------------------

Klassen = Mapping[str, Sequence[tuple[datetime, str | None]]]
"""Code of a gemeente → its class from each moment on; None while it is not there."""


class Nalevingen:
    """The class of each gemeente through time, at each moment and as long before as a rule looks back.

    Then it is judged under the cyclus that is in force at the moment itself, as the live view does: where that was not
    in force yet, its class is not known. So nobody is worse off by the start of a cyclus.
    """

    def __init__(self, verloop: Verloop, table: Sequence[Gemeente]) -> None:
        """`verloop` begins as long before the first moment that is asked about as any rule looks back."""
        self._verloop, self._table = verloop, table
        self._found = toestanden(verloop, overgangen(table, verloop.van, verloop.tot))
        self._cycli = list(_cycli(verloop))
        self._under: dict[str | None, Klassen] = {}

    def verslechterd(self, regel: AlarmRegel, van: datetime) -> Reeks:
        """By how many classes each gemeente is worse than the rule's `terugblik` before, from `van` on."""
        now = self._klassen(None)
        codes = [code for code in sorted(now) if not regel.onderwerpen or code in regel.onderwerpen]
        rows = [
            (number, micros(moment), klasse is not None, verslechtering(before, klasse))
            for number, code in enumerate(codes)
            for moment, klasse, before in self._beside(code, regel.terugblik, van)
        ]
        number, moments, there, worse = (list(column) for column in zip(*rows, strict=True)) if rows else ([],) * 4
        return Reeks(
            codes,
            np.array(number, np.int64),
            np.array(moments, np.int64),
            np.array(there, np.bool_),
            np.array(worse, np.float64),
        )

    def _beside(self, code: str, back: timedelta, van: datetime) -> Iterator[tuple[datetime, str | None, str | None]]:
        """Wherever one of them may change: its class then, and so long before."""
        now = self._klassen(None)[code]
        before = {cyclus: self._klassen(cyclus).get(code, ()) for _, cyclus in self._cycli if cyclus is not None}
        turns = {van} | {moment for moment, _ in now} | {moment for moment, _ in self._cycli}
        turns |= {moment + back for steps in before.values() for moment, _ in steps}
        for moment in sorted(turns):
            if van <= moment < self._verloop.tot:
                cyclus = _at(self._cycli, moment)
                yield moment, _at(now, moment), None if cyclus is None else _at(before[cyclus], moment - back)

    def _klassen(self, cyclus: str | None) -> Klassen:
        """Under one cyclus; None: under the one in force at each moment."""
        if len({own_id for _, own_id in self._cycli} - {None}) == 1:
            cyclus = None  # with only one ever, that is the same
        if cyclus not in self._under:
            found: dict[str, list[tuple[datetime, str | None]]] = {}
            for moment, judged in nalevingen(self._verloop, self._found, self._table, cyclus):
                when = moment.astimezone(UTC)  # a day later must be 24 hours later, also when the Dutch clock changes
                for code, row in judged.items():
                    klasse, steps = None if row is None else row.naleving, found.setdefault(code, [])
                    if not steps or steps[-1][1] != klasse:
                        steps.append((when, klasse))
            self._under[cyclus] = found
        return self._under[cyclus]


def _cycli(verloop: Verloop) -> Iterator[tuple[datetime, str | None]]:
    """The cyclus in force from each moment on."""
    said = [(verloop.van, key, winner) for key, winner in verloop.begin.items() if key[1] == "cyclus"]
    said += [(winner.effective_at, key, winner) for key, winner in verloop.steps if key[1] == "cyclus"]
    law: dict[Key, Winner] = {}
    yield verloop.van, None
    for moment, together in groupby(sorted(said, key=itemgetter(0)), key=itemgetter(0)):
        law |= {key: winner for _, key, winner in together}
        in_force = cyclus_in_force(law)
        yield moment, None if in_force is None else in_force.id


def _at(steps: Sequence[tuple[datetime, str | None]], moment: datetime) -> str | None:
    """What it is at a moment; None before the first of them."""
    step = bisect_right(steps, moment, key=itemgetter(0)) - 1
    return None if step < 0 else steps[step][1]
