"""What differs between two points (V1, K1) and (V2, K2), and which events did it.

Between them lies (V1, K2). Up to there the difference is what we learned about the old moment (`inzicht`); from there
on it is what changed in the world (`wereld`). Together they are the whole difference.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple, TypeGuard

from services.core.delen import STANDAARD
from services.core.grootheden import genoemd, rust_op, van
from services.core.grootheden.declaratie import FigureOf, Waarde
from services.core.locaties import Locatie
from services.core.registers import Key, Register, Registers, SubjectKind, Winner, end_of_write

Cel = tuple[str, str]
"""(onderwerp, grootheid)."""
_PLACES = frozenset({Register.REGISTRATIE, Register.OPEN, Register.PLAATSEN})
"""The registers of locaties that say how a gemeente stands."""
_SUMS = frozenset(one.naam for one, _ in van(FigureOf.GEBIED))


class Verandering(NamedTuple):
    """A figure that is not the same at the three points. None where it is not known or its subject is not there."""

    onderwerp: str
    grootheid: str
    van: Waarde
    tussen: Waarde
    naar: Waarde

    @property
    def inzicht(self) -> int | float | None:
        """What we learned about the old moment; None for what can't be subtracted."""
        return self._step(self.van, self.tussen)

    @property
    def wereld(self) -> int | float | None:
        """What changed in the world; None for what can't be subtracted."""
        return self._step(self.tussen, self.naar)

    def _step(self, before: Waarde, after: Waarde) -> int | float | None:
        said = (self.van, self.tussen, self.naar)
        return after - before if _is_number(before) and _is_number(after) and all(map(_is_number, said)) else None


class Peilpunt(NamedTuple):
    """What is the case at one (V, K), apart from the figures."""

    valid_at: datetime
    registers: Registers
    locaties: Sequence[Locatie]
    places_of: Callable[[Locatie], Iterable[str]]
    """The areas in which a locatie lies: gemeente, provincie, country."""
    current: Callable[[str], str]
    """The code that a gemeente has become."""


class Oorzaak(NamedTuple):
    """What made a register say something else than before."""

    event_id: str
    vanished: bool = False
    """The event did it because it is no longer there."""
    aged: bool = False
    """The same reading stands, and it became older than the freshness limit."""


def verschillen(
    van: Mapping[Cel, Waarde], tussen: Mapping[Cel, Waarde], naar: Mapping[Cel, Waarde]
) -> list[Verandering]:
    """The figures that are not the same at all three points, in the order in which they are given."""
    cells = dict.fromkeys([*van, *tussen, *naar])
    rows = (Verandering(*cel, van.get(cel), tussen.get(cel), naar.get(cel)) for cel in cells)
    return [row for row in rows if not (row.van == row.tussen == row.naar)]


def veranderd(before: Peilpunt, after: Peilpunt) -> dict[Key, Oorzaak]:
    """What made each register say something else at the second point than at the first."""
    found: dict[Key, Oorzaak] = {}
    for key in before.registers.keys() | after.registers.keys():
        one, other = before.registers.get(key), after.registers.get(key)
        if other is not None and (one is None or other.rank > one.rank):
            found[key] = Oorzaak(other.event_id)
        elif one is not None and (other is None or one.rank > other.rank):
            found[key] = Oorzaak(one.event_id, vanished=True)
        elif one is not None and _over(key, one, before.valid_at) != _over(key, one, after.valid_at):
            found[key] = Oorzaak(one.event_id, aged=Register.of(key) is Register.AANWEZIG)
    return found


class Oorzaken:
    """The events that made each figure another."""

    def __init__(
        self, punten: Sequence[Peilpunt], retracted_by: Mapping[str, str], hidden: Collection[str] = ()
    ) -> None:
        """Takes the points, each event's retraction, and the subjects whose events are not named."""
        self._by_subject: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._aged: dict[str, set[str]] = defaultdict(set)
        for (subject, register), done_by, aged in _causes(punten, retracted_by):
            if subject not in hidden:
                (self._aged[subject] if aged else self._by_subject[subject][register]).add(done_by)
        self._everywhere = frozenset.intersection(
            *(frozenset(locatie.id for locatie in punt.locaties) for punt in punten)
        )
        self._members: dict[str, set[str]] = defaultdict(set)
        for punt in punten:
            for locatie in filter(lambda one: one.counts, punt.locaties):
                # A gemeente may be there at one point only. So it counts where it lies by the borders of any of them.
                for area in {area for other in punten for area in other.places_of(locatie)}:
                    self._members[area].add(locatie.id)
        self._law: dict[str, set[Key]] = defaultdict(set)
        for key in self.by_register():
            for code in _concerned(key, punten):
                self._law[code].add(key)

    def of(self, row: Verandering) -> list[str]:
        """The ids of the events that made this figure another. Empty when only time or the reference table did."""
        if SubjectKind.LOCATIE.holds(row.onderwerp):
            if row.onderwerp not in self._everywhere:
                return sorted(self._of([row.onderwerp], frozenset(Register)) | self._aged[row.onderwerp])
            return sorted(self._of([row.onderwerp], rust_op(row.grootheid, FigureOf.LOCATIE)))
        if row.grootheid not in _SUMS:
            return sorted(self._of_law(row.onderwerp, rust_op(row.grootheid, FigureOf.GEMEENTE)))
        members = self._members[row.onderwerp]
        found = self._of(members, rust_op(row.grootheid, FigureOf.GEBIED))
        if genoemd(row.grootheid, FigureOf.GEBIED).veroudert:
            found |= {own_id for subject in members for own_id in self._aged.get(subject, ())}
        return sorted(found)

    def by_register(self) -> dict[Key, set[str]]:
        """The events that made each register say something else. Leaves out readings that only became old."""
        return {(subject, name): ids for subject, causes in self._by_subject.items() for name, ids in causes.items()}

    def of_all(self, rows: Iterable[Verandering]) -> list[str]:
        """The ids for several figures together, as for a count of gemeenten: those of the gemeenten that changed."""
        return sorted({own_id for row in rows for own_id in self.of(row)})

    def _of(self, subjects: Iterable[str], registers: frozenset[Register]) -> set[str]:
        return {
            own_id
            for subject in subjects
            for register, ids in self._by_subject.get(subject, {}).items()
            if Register.of_name(register) in registers
            for own_id in ids
        }

    def _of_law(self, code: str, registers: frozenset[Register]) -> set[str]:
        found = self._of(self._members[code], registers & _PLACES)
        for subject, register in self._law[code] | self._law[""]:
            if Register.of_name(register) in registers:
                found |= self._by_subject[subject][register]
        return found


def _causes(punten: Sequence[Peilpunt], retracted_by: Mapping[str, str]) -> Iterator[tuple[Key, str, bool]]:
    """Yields the key of each register that changed, the event that did it, and whether a reading only aged."""
    for before, after in pairwise(punten):
        for key, oorzaak in veranderd(before, after).items():
            event_id = oorzaak.event_id
            yield key, retracted_by.get(event_id, event_id) if oorzaak.vanished else event_id, oorzaak.aged


def _concerned(key: Key, punten: Sequence[Peilpunt]) -> set[str]:
    """The codes of the gemeenten whose naleving a register speaks of, after mergers; '' stands for all gemeenten."""
    subject, stored = key
    register = Register.of_name(stored)
    if register is Register.CYCLUS:
        return {""}
    if SubjectKind.LOCATIE in register.declared.subjects:
        return set()  # a locatie is found by the area that it lies in, and what others published is no figure of ours
    receivers = register.parts(stored)[1:] if register is Register.OVERDRACHT else ()
    return {code for one in (subject, *receivers) for code in _codes(one, punten)}


def _codes(code: str, punten: Sequence[Peilpunt]) -> set[str]:
    """A gemeente's code, and those that it becomes by mergers at any of the points."""
    return {code} | {punt.current(code) for punt in punten}


def _over(key: Key, write: Winner, valid_at: datetime) -> bool:
    """Whether what was written has ended, or is a reading that has become old."""
    if Register.of(key) is Register.AANWEZIG:
        return valid_at - write.effective_at > STANDAARD.vers
    end = end_of_write(key, write)
    return end is not None and end <= valid_at


def _is_number(value: Waarde) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
