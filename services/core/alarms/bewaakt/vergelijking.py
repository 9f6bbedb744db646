"""Whether a gemeente meets its task worse than some time before: at one moment, and through time."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter

import numpy as np

from schemas.alarmregels import AlarmRegel
from schemas.moments import micros
from schemas.reference import Gemeente
from services.core.alarms.reeksen import Waardereeks
from services.core.gemeenten import overgangen
from services.core.history.naleving_verloop import nalevingen
from services.core.history.verloop import Verloop, toestanden
from services.core.registers import Key, Register, Winner
from services.core.telregel import Gevraagd, cyclus_in_force

_RANK = {"voldoet": 0, "gedeeltelijk": 1, "voldoet niet": 2}
"""From good to bad. The others are neither: no task, one that is not due yet, or one that a court suspended."""
Klassen = Mapping[str, Sequence[tuple[datetime, str | None]]]
"""Code of a gemeente → its class from each moment on; None while the gemeente does not exist."""


def verslechtering(before: str | None, after: str | None) -> float:
    """Returns by how many classes it became worse: 0 when not worse, NaN when either class is not known."""
    if before in (None, "onbekend") or after in (None, "onbekend"):
        return np.nan
    return max(0, _RANK.get(str(after), 0) - _RANK.get(str(before), 2))


class Nalevingen:
    """The class of each gemeente through time, beside its class as long before as a rule looks back.

    Both are judged under the cyclus in force at the later moment, as in the live view. The earlier class is not known
    when that cyclus was not in force yet. So the start of a cyclus makes nobody worse off.
    """

    def __init__(self, verloop: Verloop, table: Sequence[Gemeente]) -> None:
        """`verloop` begins before the first moment asked about, by as much as any rule looks back."""
        self._verloop, self._table = verloop, table
        self._found = toestanden(verloop, overgangen(table, verloop.van, verloop.tot))
        self._cycli = list(_cycli(verloop))
        self._under: dict[str | None, Klassen] = {}

    def verslechterd(self, regel: AlarmRegel, van: datetime) -> Waardereeks:
        """Returns by how many classes each gemeente is worse than the rule's `terugblik` before, from `van` on."""
        now = self._klassen(None)
        codes = [code for code in sorted(now) if not regel.onderwerpen or code in regel.onderwerpen]
        rows = [
            (number, micros(moment), klasse is not None, verslechtering(before, klasse))
            for number, code in enumerate(codes)
            for moment, klasse, before in self._beside(code, regel.terugblik, van)
        ]
        number, moments, there, worse = (list(column) for column in zip(*rows, strict=True)) if rows else ([],) * 4
        return Waardereeks(
            codes,
            np.array(number, np.int64),
            np.array(moments, np.int64),
            np.array(there, np.bool_),
            np.array(worse, np.float64),
        )

    def _beside(self, code: str, back: timedelta, van: datetime) -> Iterator[tuple[datetime, str | None, str | None]]:
        """Yields (moment, class then, class before) wherever one of the two may change."""
        now = self._klassen(None)[code]
        before = {cyclus: self._klassen(cyclus).get(code, ()) for _, cyclus in self._cycli if cyclus is not None}
        turns = {van} | {moment for moment, _ in now} | {moment for moment, _ in self._cycli}
        turns |= {moment + back for steps in before.values() for moment, _ in steps}
        for moment in sorted(turns):
            if van <= moment < self._verloop.tot:
                cyclus = _at(self._cycli, moment)
                yield moment, _at(now, moment), None if cyclus is None else _at(before[cyclus], moment - back)

    def _klassen(self, cyclus: str | None) -> Klassen:
        """Returns the classes under one cyclus; None: under the one in force at each moment."""
        if len({own_id for _, own_id in self._cycli} - {None}) == 1:
            cyclus = None  # With only one cyclus ever, both are the same.
        if cyclus not in self._under:
            found: dict[str, list[tuple[datetime, str | None]]] = {}
            for moment, judged in nalevingen(self._verloop, self._found, self._table, Gevraagd(cyclus, None)):
                when = moment.astimezone(UTC)  # A day later is 24 hours later, also when the Dutch clock changes.
                for code, row in judged.items():
                    klasse, steps = None if row is None else row.naleving, found.setdefault(code, [])
                    if not steps or steps[-1][1] != klasse:
                        steps.append((when, klasse))
            self._under[cyclus] = found
        return self._under[cyclus]


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


def _at(steps: Sequence[tuple[datetime, str | None]], moment: datetime) -> str | None:
    """Returns what holds at a moment; None before the first step."""
    step = bisect_right(steps, moment, key=itemgetter(0)) - 1
    return None if step < 0 else steps[step][1]
