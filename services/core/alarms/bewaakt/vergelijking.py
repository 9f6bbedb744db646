"""How a gemeente stands beside how it stood before and beside the term of its step, at one moment and through time."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise
from operator import itemgetter
from typing import TypeVar

import numpy as np

from schemas.alarmregels import AlarmRegel
from schemas.moments import day_of, micros, start_of_day
from schemas.reference import Gemeente
from services.core.alarms.beeld import Terugblik
from services.core.alarms.reeksen import Waardereeks
from services.core.gemeenten import overgangen
from services.core.history.naleving_verloop import nalevingen
from services.core.history.toezicht_verloop import toezichtstanden
from services.core.history.verloop import Verloop, toestanden
from services.core.registers import LANDELIJK, Key, Register, Winner
from services.core.stap import MINISTER, einde_van_termijn
from services.core.telregel import Gevraagd, cyclus_in_force
from services.core.toezicht import Toezichtstand, Zaak, zaak

_RANK = {"voldoet": 0, "gedeeltelijk": 1, "voldoet niet": 2}
"""From good to bad. The others are neither: no task, one that is not due yet, or one that a court suspended."""
_DAY = timedelta(days=1)
T = TypeVar("T")
Steps = Sequence[tuple[datetime, T | None]]
"""What holds from each moment on; None while there is nothing, such as before a gemeente exists."""


def verslechtering(before: str | None, after: str | None) -> float:
    """Returns by how many classes it became worse: 0 when not worse, NaN when either class is not known."""
    if before in (None, "onbekend") or after in (None, "onbekend"):
        return np.nan
    return max(0, _RANK.get(str(after), 0) - _RANK.get(str(before), 2))


def dagen_over(een: Zaak) -> float | None:
    """Returns how many days a gemeente is past the term of its step: 1 on the day after that of the term.

    0 when it is not past it, or complies; NaN when that can't be said. None when it is in no step with a term.
    """
    if een.lopend is None or een.lopend.termijn is None:
        return None
    if een.verlopen is None:  # That a term still runs is known, whatever is known of the naleving.
        return np.nan if een.op >= einde_van_termijn(een.lopend.termijn) else 0
    return (day_of(een.op) - day_of(een.lopend.termijn)).days if een.verlopen else 0


def terugval(een: Zaak, before: Terugblik, back: timedelta) -> float:
    """Returns by how many classes a gemeente is worse than `voldoet`, which it was since the desk last acted.

    That is since the last step against it, and never longer ago than `back`. 0 when it does not fall short, or did not
    comply in that time; NaN when that can't be said.
    """
    since = een.op - back if een.stap is None else max(een.op - back, een.stap.gezet_op)
    if een.naleving == "onbekend":
        return np.nan
    if not een.niet_nagekomen:
        return 0
    if before.voldeed_tot is not None and before.voldeed_tot > since:
        return _RANK[een.naleving]
    return np.nan if before.onbekend_tot is not None and before.onbekend_tot > since else 0


def fte_tekort(stand: Toezichtstand) -> dict[str, float]:
    """Returns onderwerp → how many fte the steps of a toezichthouder take beyond what he has; NaN: not known.

    0 when he has enough. That of the country is the minister's.
    """
    found = {}
    for houder in stand.houders:
        needed, there = stand.fte_nodig("urenPerGemeente", houder), stand.fte_beschikbaar(houder)
        onderwerp = LANDELIJK if houder == MINISTER else houder
        found[onderwerp] = np.nan if needed is None or there is None else round(max(0.0, needed - there), 4)
    return found


class Nalevingen:
    """How each gemeente stands through time, beside what was before: its class, and the latest step against it.

    Both classes are judged under the cyclus in force at the later moment, as in the live view. The earlier one is not
    known when that cyclus was not in force yet. So the start of a cyclus makes nobody worse off.
    """

    def __init__(self, verloop: Verloop, table: Sequence[Gemeente]) -> None:
        """`verloop` begins before the first moment asked about, by as much as any rule looks back."""
        self._verloop, self._table = verloop, table
        self._found = toestanden(verloop, overgangen(table, verloop.van, verloop.tot))
        self._cycli = list(_cycli(verloop))
        self._zaken_onder: dict[str | None, Mapping[str, Steps[Zaak]]] = {}

    def verslechterd(self, regel: AlarmRegel, van: datetime) -> Waardereeks:
        """Returns by how many classes each gemeente is worse than the rule's `terugblik` before, from `van` on."""

        def worse(code: str, een: Zaak) -> float:
            before = _at(self._then(code, een.op), een.op - regel.terugblik)
            return verslechtering(None if before is None else before.naleving, een.naleving)

        return self._series(regel, van, worse, lambda code: self._later(code, regel.terugblik))

    def teruggevallen(self, regel: AlarmRegel, van: datetime) -> Waardereeks:
        """Returns what `terugval` says of each gemeente, from `van` on."""

        def fell(code: str, een: Zaak) -> float:
            return terugval(een, self.terugblik(code, een.op), regel.terugblik)

        return self._series(regel, van, fell, lambda code: self._later(code, regel.terugblik))

    def over_termijn(self, regel: AlarmRegel, van: datetime) -> Waardereeks:
        """Returns what `dagen_over` says of each gemeente, from `van` on."""
        return self._series(regel, van, lambda _, een: dagen_over(een), self._days_over)

    def fte_tekort(self, regel: AlarmRegel, van: datetime) -> Waardereeks:
        """Returns what `fte_tekort` says of each toezichthouder, from `van` on."""
        found: dict[str, dict[datetime, float | None]] = {}
        for moment, stand, _ in toezichtstanden(self._verloop, self._found, self._table):
            now = fte_tekort(stand)
            for onderwerp in found.keys() | now.keys():
                if not regel.onderwerpen or onderwerp in regel.onderwerpen:
                    found.setdefault(onderwerp, {})[max(moment, van)] = now.get(onderwerp)
        return _reeks([(onderwerp, list(found[onderwerp].items())) for onderwerp in sorted(found)])

    @property
    def codes(self) -> Iterable[str]:
        """The gemeenten that there were at any moment."""
        return self._zaken(None).keys()

    def terugblik(self, code: str, moment: datetime) -> Terugblik:
        """Returns when a gemeente complied last, and when that was not known, under the cyclus in force at a moment."""
        last: dict[str, datetime] = {}
        for begin, end, een in self._spans(self._then(code, moment)):
            if begin <= moment:
                last[een.naleving] = end
        return Terugblik(last.get("voldoet"), last.get("onbekend"))

    def _series(
        self,
        regel: AlarmRegel,
        van: datetime,
        waarde: Callable[[str, Zaak], float | None],
        also: Callable[[str], Iterable[datetime]],
    ) -> Waardereeks:
        """`waarde`: that of a gemeente as it stands at its `op`. `also`: when that may change by the clock alone."""
        found = []
        for code in sorted(self.codes):
            if not regel.onderwerpen or code in regel.onderwerpen:
                steps = self._zaken(None)[code]
                turns = {van, *also(code), *(moment for moment, _ in steps), *(moment for moment, _ in self._cycli)}
                here = [(one, _at(steps, one)) for one in sorted(turns) if van <= one < self._verloop.tot]
                found.append((code, [(one, een and waarde(code, een._replace(op=one))) for one, een in here]))
        return _reeks(found)

    def _then(self, code: str, moment: datetime) -> Steps[Zaak]:
        """Returns how a gemeente stood through time, under the cyclus in force at a moment."""
        cyclus = _at(self._cycli, moment)
        return () if cyclus is None else self._zaken(cyclus).get(code, ())

    def _spans(self, steps: Steps[Zaak]) -> Iterator[tuple[datetime, datetime, Zaak]]:
        """Yields from when until when a gemeente stood so."""
        for (begin, een), (end, _) in pairwise([*steps, (self._verloop.tot, None)]):
            if een is not None:
                yield begin, end, een

    def _later(self, code: str, back: timedelta) -> Iterator[datetime]:
        """Yields when what changed becomes so long ago."""
        for cyclus in {cyclus for _, cyclus in self._cycli if cyclus is not None}:
            yield from (moment + back for moment, _ in self._zaken(cyclus).get(code, ()))

    def _days_over(self, code: str) -> Iterator[datetime]:
        """Yields when each day begins on which a gemeente may be past the term of its step."""
        for begin, end, een in self._spans(self._zaken(None)[code]):
            ends = None if een.lopend is None else een.lopend.verloopt_op
            if ends is not None:
                day = day_of(max(begin, ends))
                while (moment := start_of_day(day).astimezone(UTC)) < end:
                    yield moment
                    day += _DAY

    def _zaken(self, cyclus: str | None) -> Mapping[str, Steps[Zaak]]:
        """Returns how gemeenten stand under one cyclus; None: under the one in force at each moment."""
        if len({own_id for _, own_id in self._cycli} - {None}) == 1:
            cyclus = None  # With only one cyclus ever, both are the same.
        if cyclus not in self._zaken_onder:
            found: dict[str, list[tuple[datetime, Zaak | None]]] = {}
            for moment, judged in nalevingen(self._verloop, self._found, self._table, Gevraagd(cyclus, None)):
                when = moment.astimezone(UTC)  # A day later is 24 hours later, also when the Dutch clock changes.
                for code, row in judged.items():
                    een = None if row is None else zaak(row, row.stap)._replace(op=self._verloop.van)
                    steps = found.setdefault(code, [])
                    if not steps or steps[-1][1] != een:
                        steps.append((when, een))
            self._zaken_onder[cyclus] = found
        return self._zaken_onder[cyclus]


def _reeks(found: Sequence[tuple[str, Sequence[tuple[datetime, float | None]]]]) -> Waardereeks:
    """Makes a series of (onderwerp, its value from each moment on; None: it is not there)."""
    rows = [(number, micros(at), value) for number, (_, steps) in enumerate(found) for at, value in steps]
    number, moment, value = (list(column) for column in zip(*rows, strict=True)) if rows else ([],) * 3
    return Waardereeks(
        [onderwerp for onderwerp, _ in found],
        np.array(number, np.int64),
        np.array(moment, np.int64),
        np.array([one is not None for one in value], np.bool_),
        np.array([np.nan if one is None else one for one in value], np.float64),
    )


def _cycli(verloop: Verloop) -> Iterator[tuple[datetime, str | None]]:
    """Yields the id of the cyclus in force from each moment on."""
    said = [(verloop.van, key, winner) for key, winner in verloop.begin.items() if Register.of(key) is Register.CYCLUS]
    said += [(winner.effective_at, key, winner) for key, winner in verloop.steps if Register.of(key) is Register.CYCLUS]
    law: dict[Key, Winner] = {}
    yield verloop.van, None
    for moment, together in groupby(sorted(said, key=itemgetter(0)), key=itemgetter(0)):
        law |= {key: winner for _, key, winner in together}
        in_force = cyclus_in_force(law)
        yield moment, None if in_force is None else in_force.id


def _at(steps: Steps[T], moment: datetime) -> T | None:
    """Returns what holds at a moment; None before the first step."""
    step = bisect_right(steps, moment, key=itemgetter(0)) - 1
    return None if step < 0 else steps[step][1]
