"""The naleving of gemeenten through time. At each moment only those are judged again that a change concerns."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, time
from typing import NamedTuple

import numpy as np

from schemas.fields import AMSTERDAM
from schemas.moments import micros
from schemas.reference import Gemeente
from services.core.delen import Ints, Reekslijn, Wetsdelen
from services.core.gemeenten import Indeling, indeling, overgangen
from services.core.history.sommen import Trap
from services.core.history.verloop import Toestanden, Verloop
from services.core.locaties import Locatie
from services.core.naleving import Cyclus, GemeenteNaleving, cyclus_in_force, naleving_van, opgave_of
from services.core.registers import Key, Register, SubjectKind, Winner, end_of_write
from services.core.standen import UNKNOWN, kolom, van_kolommen


def naleving_trap(
    verloop: Verloop,
    found: Toestanden,
    table: Sequence[Gemeente],
    counts: Callable[[Gemeente], bool],
    wanted: str | None = None,
) -> Trap[Wetsdelen[Ints]]:
    """Sums the parts over the gemeenten for which `counts` is true, at each moment at which they may change.

    `wanted` is the cyclus to judge by; without it, the one in force at each moment.
    """
    rows: dict[str, Sequence[int]] = {}
    total = np.zeros(len(Wetsdelen._fields), dtype=np.int64)
    moments, sums = [micros(verloop.van) - 1], [total]
    for moment, judged in nalevingen(verloop, found, table, wanted):
        for code, row in judged.items():
            counted = row.delen if row is not None and counts(row.gemeente) else _NOTHING
            total = total + counted - np.array(rows.get(code, _NOTHING))
            rows[code] = counted
        moments.append(micros(moment))
        sums.append(total)
    return Trap(np.array(moments, dtype=np.int64), Wetsdelen(*np.array(sums, dtype=np.int64).T))


def provincie_opgave(verloop: Verloop, code: str, moment: Ints, wanted: str | None = None) -> Reekslijn:
    """Gives the opgave of a provincie itself at each of these moments. It is not the sum of its gemeenten."""
    said = [(verloop.van, key, winner) for key, winner in verloop.begin.items()]
    said += [(winner.effective_at, key, winner) for key, winner in verloop.steps]
    law: dict[Key, Winner] = {}
    begins, opgaven = [micros(verloop.van) - 1], [UNKNOWN]
    for begin, key, winner in sorted(said, key=lambda one: one[0]):
        if key[0] == code or Register.of(key) is Register.CYCLUS:
            law[key] = winner
            cyclus = cyclus_in_force(law, wanted)
            opgave = opgave_of(law, code, cyclus.id) if cyclus else None
            begins.append(micros(begin))
            opgaven.append(UNKNOWN if opgave is None else opgave.opgave)
    found = np.array(opgaven, dtype=np.int64)[np.searchsorted(begins, moment, "right") - 1]
    return found, found != UNKNOWN


_NOTHING = (0,) * len(Wetsdelen._fields)


class _Change(NamedTuple):
    """What changes at one moment."""

    law: list[tuple[Key, Winner]]
    locaties: list[Locatie]


def nalevingen(
    verloop: Verloop, found: Toestanden, table: Sequence[Gemeente], wanted: str | None = None
) -> Iterator[tuple[datetime, dict[str, GemeenteNaleving | None]]]:
    """Gives, at each moment from `van` on, the gemeenten that may have changed; None for one that is gone.

    `found` must hold the moments of `overgangen` too.
    """
    borders = {verloop.van, *overgangen(table, verloop.van, verloop.tot)}
    changes = _changes(verloop, found, borders)
    state, cyclus = _State(table), None
    for moment in sorted(changes):
        if moment >= verloop.tot:
            return
        change = changes[moment]
        stale = state.apply(change, indeling(table, moment) if moment in borders else None)
        if any(Register.of(key) is Register.CYCLUS for key, _ in change.law):
            cyclus = cyclus_in_force(state.law, wanted)
        yield moment, {code: state.judge(code, moment, cyclus) for code in stale}


def _changes(verloop: Verloop, found: Toestanden, borders: Iterable[datetime]) -> dict[datetime, _Change]:
    changes: dict[datetime, _Change] = defaultdict(lambda: _Change([], []))
    for border in borders:
        changes[border].law.extend(())
    begun = [(key, winner, verloop.van) for key, winner in verloop.begin.items()]
    for key, winner, moment in [*begun, *((key, winner, winner.effective_at) for key, winner in verloop.steps)]:
        if not SubjectKind.LOCATIE.holds(key[0]) and Register.of(key) is not Register.GEPUBLICEERD:
            changes[moment].law.append((key, winner))
            end = end_of_write(key, winner)
            if end is not None and end > moment:
                changes[end].law.append((key, winner))
    for states in found.values():
        for moment, locatie in states:
            changes[moment].locaties.append(locatie)
    return changes


class _State:
    """The registers and locaties at a moment, with an index by gemeente."""

    def __init__(self, table: Sequence[Gemeente]) -> None:
        self.law: dict[Key, Winner] = {}
        self._locaties: dict[str, Locatie] = {}
        self._columns: dict[str, list[int]] = {}
        self._now: Indeling = indeling(table, datetime.combine(table[0].geldig_vanaf, time(), AMSTERDAM))
        self._there: dict[str, Gemeente] = {}
        self._law_of: dict[str, set[Key]] = {}
        self._locaties_of: dict[str, set[str]] = {}

    def apply(self, change: _Change, now: Indeling | None) -> set[str]:
        """Takes in a change, and gives the codes that it concerns. `now` is the new division, where that changes."""
        stale: set[str] = set()
        for key, winner in change.law:
            held = self.law.get(key)
            if held is None or winner.rank >= held.rank:  # The end of a write may come after a newer write.
                self.law[key] = winner
            stale |= self._place_law(key)
        for locatie in change.locaties:
            stale |= self._place(locatie)
        if now is None and not any(Register.of(key) is Register.CYCLUS for key, _ in change.law):
            return stale & self._there.keys()
        before = set(self._there)
        if now is not None:
            self._index(now)
        return before | self._there.keys()

    def judge(self, code: str, moment: datetime, cyclus: Cyclus | None) -> GemeenteNaleving | None:
        """Judges a gemeente; None when it does not exist."""
        if code not in self._there:
            return None
        registers = {key: self.law[key] for key in self._law_of.get(code, ())}
        here = van_kolommen([self._columns[own_id] for own_id in self._locaties_of.get(code, ())])
        return naleving_van([self._there[code]], registers, here, self._now, moment, cyclus)[0]

    def _index(self, now: Indeling) -> None:
        self._now, self._there = now, {gemeente.code: gemeente for gemeente in now.geldig}
        self._law_of, self._locaties_of = defaultdict(set), defaultdict(set)
        for key in self.law:
            self._place_law(key)
        for locatie in self._locaties.values():
            self._place(locatie)

    def _place_law(self, key: Key) -> set[str]:
        subject, register = key
        codes = {subject, self._now.current(subject)}
        if Register.of_name(register) is Register.OVERDRACHT:
            _, receiver = Register.OVERDRACHT.parts(register)
            codes.add(self._now.current(receiver))
        for code in codes:
            self._law_of.setdefault(code, set()).add(key)
        return codes

    def _place(self, locatie: Locatie) -> set[str]:
        codes = set()
        before = self._locaties.get(locatie.id)
        if before is not None and before.gemeente is not None:
            code = self._now.current(before.gemeente)
            self._locaties_of.setdefault(code, set()).discard(locatie.id)
            codes.add(code)
        self._locaties[locatie.id], self._columns[locatie.id] = locatie, kolom(locatie)
        if locatie.gemeente is not None:
            code = self._now.current(locatie.gemeente)
            self._locaties_of.setdefault(code, set()).add(locatie.id)
            codes.add(code)
        return codes
