"""The naleving of gemeenten through time. At each moment only those are judged again that a change concerns."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

import numpy as np

from schemas.moments import micros, start_of_day
from schemas.reference import Gemeente
from services.core.delen import Ints, Reekslijn, Wetsdelen, uit_verhouding
from services.core.gemeenten import Indeling, indeling, overgangen
from services.core.history.sommen import Trap
from services.core.history.verloop import Toestanden, Verloop
from services.core.locaties import Locatie
from services.core.naleving import GemeenteNaleving, naleving_van
from services.core.opgaven import opgave_of
from services.core.registers import Key, Register, SubjectKind, Winner, end_of_write, moment_in
from services.core.standen import UNKNOWN, kolom, van_kolommen
from services.core.stap import laatste_stap, stap_van
from services.core.telregel import (
    NIETS_GEVRAAGD,
    Gevraagd,
    Maatstaf,
    Telregel,
    cyclus_in_force,
    maatstaf,
    telregel_in_force,
)


def naleving_trap(
    verloop: Verloop,
    found: Toestanden,
    table: Sequence[Gemeente],
    counts: Callable[[Gemeente], bool],
    wanted: Gevraagd = NIETS_GEVRAAGD,
) -> Trap[Wetsdelen[Ints]]:
    """Sums the parts over the gemeenten for which `counts` is true, at each moment at which they may change.

    `wanted` is by what to judge; without it, by the cyclus in force at each moment and the rule that it names.
    """
    place = {gemeente.code: n for n, gemeente in enumerate(table)}
    rows = np.zeros((len(table), len(Wetsdelen._fields)), dtype=np.int64)
    moments, sums = [micros(verloop.van) - 1], [rows.sum(axis=0)]
    for moment, judged in nalevingen(verloop, found, table, wanted, counts):
        for code, row in judged.items():
            rows[place[code]] = 0 if row is None else row.delen
        total = rows.sum(axis=0)
        total[_UIT_VERHOUDING] = uit_verhouding(rows[:, _MEETELLEND], rows[:, _VERDEELD])
        moments.append(micros(moment))
        sums.append(total)
    return Trap(np.array(moments, dtype=np.int64), Wetsdelen(*np.array(sums, dtype=np.int64).T))


def provincie_opgave(verloop: Verloop, code: str, moment: Ints, wanted: Gevraagd = NIETS_GEVRAAGD) -> Reekslijn:
    """Gives the opgave of a provincie itself at each of these moments. It is not the sum of its gemeenten."""
    said = [(verloop.van, key, winner) for key, winner in verloop.begin.items()]
    said += [(winner.effective_at, key, winner) for key, winner in verloop.steps]
    law: dict[Key, Winner] = {}
    begins, opgaven = [micros(verloop.van) - 1], [UNKNOWN]
    for begin, key, winner in sorted(said, key=lambda one: one[0]):
        if key[0] == code or Register.of(key) is Register.CYCLUS:
            law[key] = winner
            cyclus = cyclus_in_force(law, wanted.cyclus)
            opgave = opgave_of(law, code, cyclus.id) if cyclus else None
            begins.append(micros(begin))
            opgaven.append(UNKNOWN if opgave is None else opgave.opgave)
    found = np.array(opgaven, dtype=np.int64)[np.searchsorted(begins, moment, "right") - 1]
    return found, found != UNKNOWN


_MEETELLEND, _VERDEELD, _UIT_VERHOUDING = map(Wetsdelen._fields.index, ("meetellend", "verdeeld", "uit_verhouding"))


class _Change(NamedTuple):
    """What changes at one moment."""

    law: list[tuple[Key, Winner]]
    stappen: list[tuple[Key, Winner]]
    """Steps of toezicht, and their terms that pass: they change no place and no task."""
    locaties: list[Locatie]
    outlasted: list[str]
    """Ids of locaties with places that from here on no longer last long enough for a rule."""


def nalevingen(
    verloop: Verloop,
    found: Toestanden,
    table: Sequence[Gemeente],
    wanted: Gevraagd = NIETS_GEVRAAGD,
    counts: Callable[[Gemeente], bool] = lambda _: True,
) -> Iterator[tuple[datetime, dict[str, GemeenteNaleving | None]]]:
    """Gives, at each moment from `van` on, the gemeenten that may have changed; None for one that is gone.

    `found` must hold the moments of `overgangen` too. One for which `counts` is false is given as gone, and not judged.
    """
    borders = {verloop.van, *overgangen(table, verloop.van, verloop.tot)}
    changes = _changes(verloop, found, borders, wanted)
    state, by = _State(table), Maatstaf(None, None)
    last: dict[str, GemeenteNaleving | None] = {}
    for moment in sorted(changes):
        if moment >= verloop.tot:
            return
        change = changes[moment]
        stepped = state.take_steps(change.stappen)
        stale = state.apply(change, indeling(table, moment) if moment in borders else None)
        if any(Register.of(key) in _MAATSTAF for key, _ in change.law):
            by = maatstaf(state.law, wanted)
        rows = {code: state.judge(code, moment, by, counts) for code in stale}
        for code in stepped - stale:
            if (row := last.get(code)) is not None:
                rows[code] = state.with_step(row, moment)
        last |= rows
        yield moment, rows


_MAATSTAF = frozenset({Register.CYCLUS, Register.TELREGEL})
"""The registers that say by what gemeenten are judged. A change in one of them concerns them all."""


def _changes(
    verloop: Verloop, found: Toestanden, borders: Iterable[datetime], wanted: Gevraagd
) -> dict[datetime, _Change]:
    changes: dict[datetime, _Change] = defaultdict(lambda: _Change([], [], [], []))
    for border in borders:
        changes[border].law.extend(())
    begun = [(key, winner, verloop.van) for key, winner in verloop.begin.items()]
    for key, winner, moment in [*begun, *((key, winner, winner.effective_at) for key, winner in verloop.steps)]:
        if not SubjectKind.LOCATIE.holds(key[0]) and Register.of(key) is not Register.GEPUBLICEERD:
            of_step = Register.of(key) is Register.TOEZICHT
            for when in (moment, end_of_write(key, winner), _term(key, winner)):
                if when is not None and when >= moment:
                    change = changes[when]
                    (change.stappen if of_step else change.law).append((key, winner))
    rules = _rules(verloop, wanted)
    for states in found.values():
        for moment, locatie in states:
            changes[moment].locaties.append(locatie)
            for later in _outlasted(locatie, rules):
                if later > moment:
                    changes[later].outlasted.append(locatie.id)
    return changes


def _term(key: Key, winner: Winner) -> datetime | None:
    """Gives when the term of a task, a cyclus or a step of toezicht passes."""
    if Register.of(key) is Register.TOEZICHT:
        return stap_van(winner).verloopt_op
    return moment_in(winner.value, "realiserenVoor") if Register.of(key) in (Register.CYCLUS, Register.OPGAVE) else None


def _rules(verloop: Verloop, wanted: Gevraagd) -> list[Telregel]:
    """Gives every rule by which anything may be judged."""
    said = [*verloop.begin.items(), *verloop.steps]
    law = {key: winner for key, winner in said if Register.of(key) is Register.TELREGEL}
    rules = []
    for key, winner in said:
        if (
            Register.of(key) is Register.CYCLUS
            and (cyclus := cyclus_in_force({key: winner}, wanted.cyclus)) is not None
        ):
            rules.append(telregel_in_force(law, cyclus, wanted.telregel))
    return [rule for rule in rules if rule is not None]


def _outlasted(locatie: Locatie, rules: Sequence[Telregel]) -> set[datetime]:
    """Gives when places of a locatie stop counting because they end too soon after that."""
    ends = {places.geldig_tot for places in locatie.plaatsen.values() if places.geldig_tot is not None}
    found = {rule.telt_tot(end) for rule in rules for end in ends}
    return {moment for moment in found if moment is not None}


class _State:
    """The registers and locaties at a moment, with an index by gemeente."""

    def __init__(self, table: Sequence[Gemeente]) -> None:
        self.law: dict[Key, Winner] = {}
        self._locaties: dict[str, Locatie] = {}
        self._columns: dict[str, list[int]] = {}
        self._now: Indeling = indeling(table, start_of_day(table[0].geldig_vanaf))
        self._there: dict[str, Gemeente] = {}
        self._law_of: dict[str, set[Key]] = {}
        self._locaties_of: dict[str, set[str]] = {}

    def apply(self, change: _Change, now: Indeling | None) -> set[str]:
        """Takes in a change, and gives the codes that it concerns. `now` is the new division, where that changes."""
        stale: set[str] = set()
        for key, winner in change.law:
            stale |= self._hold(key, winner)
        for locatie in change.locaties:
            stale |= self._place(locatie)
        for own_id in change.outlasted:
            stale |= self._lies_in(own_id)
        if now is None and not any(Register.of(key) in _MAATSTAF for key, _ in change.law):
            return (stale | self._partners(stale, receiving=True)) & self._there.keys()
        before = set(self._there)
        if now is not None:
            self._index(now)
        return before | self._there.keys()

    def take_steps(self, steps: Iterable[tuple[Key, Winner]]) -> set[str]:
        """Takes in steps of toezicht, and gives the codes that they concern."""
        return {code for key, winner in steps for code in self._hold(key, winner)}

    def with_step(self, row: GemeenteNaleving, moment: datetime) -> GemeenteNaleving:
        """Judges a gemeente again of which only the step may have changed: its places and task are still the same."""
        code = row.gemeente.code
        registers = {key: self.law[key] for key in self._law_of[code]}
        return replace(row, op=moment, stap=laatste_stap(registers, code, self._now))

    def judge(
        self, code: str, moment: datetime, by: Maatstaf, counts: Callable[[Gemeente], bool]
    ) -> GemeenteNaleving | None:
        """Judges a gemeente; None when it does not exist, or does not count."""
        if code not in self._there or not counts(self._there[code]):
            return None
        needed = {code} | self._partners({code}, receiving=False)
        registers = {key: self.law[key] for one in needed for key in self._law_of.get(one, ())}
        ids = (own_id for one in needed for own_id in self._locaties_of.get(one, ()))
        here = van_kolommen([self._columns[own_id] for own_id in ids])
        return naleving_van([self._there[code]], registers, here, self._now, moment, by)[0]

    def _partners(self, codes: set[str], *, receiving: bool) -> set[str]:
        """Gives the gemeenten that these give places to, or with `receiving` false those that give them places."""
        found = set()
        for code in codes:
            for subject, stored in self._law_of.get(code, ()):
                if Register.of_name(stored) is Register.OVERDRACHT:
                    giver, receiver = self._now.current(subject), self._receiver(stored)
                    if receiving and giver == code:
                        found.add(receiver)
                    elif not receiving and receiver == code:
                        found.add(giver)
        return found

    def _receiver(self, stored: str) -> str:
        return self._now.current(Register.OVERDRACHT.parts(stored)[1])

    def _index(self, now: Indeling) -> None:
        self._now, self._there = now, {gemeente.code: gemeente for gemeente in now.geldig}
        self._law_of, self._locaties_of = defaultdict(set), defaultdict(set)
        for key in self.law:
            self._place_law(key)
        for locatie in self._locaties.values():
            self._place(locatie)

    def _hold(self, key: Key, winner: Winner) -> set[str]:
        """Takes in a write, and gives the codes that it concerns."""
        held = self.law.get(key)
        if held is None or winner.rank >= held.rank:  # The end of a write may come after a newer write.
            self.law[key] = winner
        return self._place_law(key)

    def _place_law(self, key: Key) -> set[str]:
        subject, register = key
        codes = {subject, self._now.current(subject)}
        if Register.of_name(register) is Register.OVERDRACHT:
            codes.add(self._receiver(register))
        for code in codes:
            self._law_of.setdefault(code, set()).add(key)
        return codes

    def _lies_in(self, own_id: str) -> set[str]:
        """Gives the gemeente of a locatie, if that is known."""
        held = self._locaties.get(own_id)
        return set() if held is None or held.gemeente is None else {self._now.current(held.gemeente)}

    def _place(self, locatie: Locatie) -> set[str]:
        codes = self._lies_in(locatie.id)
        for code in codes:
            self._locaties_of.setdefault(code, set()).discard(locatie.id)
        self._locaties[locatie.id], self._columns[locatie.id] = locatie, kolom(locatie)
        if locatie.gemeente is not None:
            code = self._now.current(locatie.gemeente)
            self._locaties_of.setdefault(code, set()).add(locatie.id)
            codes.add(code)
        return codes
