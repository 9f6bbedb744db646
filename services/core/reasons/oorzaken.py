"""Which events made a figure another between two points, as `verschil` compares them."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from schemas.events import Event, Ingetrokken
from services.core.delen import Grenzen
from services.core.fold import history, writes
from services.core.gemeenten import Indeling
from services.core.grootheden import genoemd, rust_op, rusten_op, van
from services.core.grootheden.declaratie import FigureOf
from services.core.locaties import Locatie, Maximum
from services.core.overdrachten import toezeggingen
from services.core.reasons.verschil import Verandering
from services.core.registers import LANDELIJK, Key, Register, Registers, SubjectKind, Winner, end_of_write
from services.core.telregel import Maatstaf

_PLACES = frozenset(one for one in rusten_op(FigureOf.GEMEENTE) if SubjectKind.LOCATIE in one.declared.subjects)
"""The registers of locaties that say how a gemeente stands."""
_SUMS = frozenset(one.naam for one, _ in van(FigureOf.GEBIED))
_OF_LAW = {
    SubjectKind.GEMEENTE: (FigureOf.GEMEENTE,),
    SubjectKind.PROVINCIE: (FigureOf.PROVINCIE,),
    SubjectKind.LAND: (FigureOf.TOTALEN, FigureOf.LAND, FigureOf.TOEZICHT),
}
_LAW_RESTS_ON: Mapping[tuple[SubjectKind, str], frozenset[Register]] = {
    (kind, one.naam): rust_op(one.naam, soort)
    for kind, soorten in _OF_LAW.items()
    for soort in soorten
    for one, _ in van(soort)
}
"""What each figure of the law rests on, by the kind of its subject and its name."""


_OVER_GEMEENTEN = frozenset(one.naam for one, how in van(FigureOf.PROVINCIE) if how.over_gemeenten is not None)
"""The figures of a provincie that are sums over its gemeenten."""


class Peilpunt(NamedTuple):
    """What is the case at one (V, K), apart from the figures."""

    valid_at: datetime
    known_at: datetime
    registers: Registers
    locaties: Sequence[Locatie]
    places_of: Callable[[Locatie], Iterable[str]]
    """The areas in which a locatie lies by its gemeente: gemeente, provincie, country."""
    indeling: Indeling
    maatstaf: Maatstaf
    grenzen: Grenzen


class Oorzaak(NamedTuple):
    """What made a register say something else than before."""

    event_id: str
    vanished: bool = False
    """The event did it because it is no longer there."""
    aged: bool = False
    """The same reading stands, and it became too old for some figures."""


class Intrekking(NamedTuple):
    """A retraction that took effect between the two moments of knowledge."""

    event: Event
    """What it hides."""
    door: str
    """Its own id."""


def intrekkingen(events: Iterable[Event], after: datetime, until: datetime) -> list[Intrekking]:
    """The retractions that took effect after one K and by another, of events that are given too."""
    known = {event.id: event for event in events if event.time <= until}
    first: dict[str, Ingetrokken] = {}
    for event in sorted(known.values(), key=lambda one: (one.time, one.id)):
        if isinstance(event, Ingetrokken):
            target = known.get(event.data.gebeurtenisId)
            if target is not None and target.source == event.source:
                first.setdefault(target.id, event)
    return [Intrekking(known[target], one.id) for target, one in first.items() if one.time > after]


def veranderd(before: Peilpunt, after: Peilpunt) -> dict[Key, Oorzaak]:
    """What made each register say something else at the second point than at the first."""
    found: dict[Key, Oorzaak] = {}
    later = before.valid_at != after.valid_at
    for key in before.registers.keys() | after.registers.keys():
        one, other = before.registers.get(key), after.registers.get(key)
        done_by = None if one is other else _replaced(one, other)
        if done_by is not None:
            found[key] = done_by
        elif later and one is not None and _over(key, one, before) != _over(key, one, after):
            found[key] = Oorzaak(one.event_id, aged=Register.of(key) is Register.AANWEZIG)
    return found


class Oorzaken:
    """The events that made each figure another."""

    def __init__(
        self,
        punten: Sequence[Peilpunt],
        ingetrokken: Iterable[Intrekking] = (),
    ) -> None:
        """Takes the four points, and the retractions between them."""
        self._punten = punten
        ingetrokken = list(ingetrokken)
        self._retracted_by = {one.event.id: one.door for one in ingetrokken}
        self._by_subject: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._aged: dict[str, set[str]] = defaultdict(set)
        for (subject, register), done_by, aged in self._causes(ingetrokken):
            (self._aged[subject] if aged else self._by_subject[subject][register]).add(done_by)
        self._everywhere = frozenset.intersection(
            *(frozenset(locatie.id for locatie in punt.locaties) for punt in punten)
        )
        self._open, self._gesloten = self._members()
        self._judged_by = {
            (punt.maatstaf.cyclus.id, _rule_of(punt.maatstaf)) for punt in punten if punt.maatstaf.cyclus is not None
        }
        self._law: dict[str, set[Key]] = defaultdict(set)
        for key in self.by_register():
            for code in self._concerned(key):
                self._law[code].add(key)
        self._givers = self._giving()
        self._rule = self._rule_events()

    def of(self, row: Verandering) -> list[str]:
        """The ids of the events that made this figure another. Empty when only time or the reference table did."""
        if SubjectKind.LOCATIE.holds(row.onderwerp):
            if row.onderwerp not in self._everywhere:
                return sorted(self._of([row.onderwerp], frozenset(Register)) | self._aged[row.onderwerp])
            return sorted(self._of([row.onderwerp], rust_op(row.grootheid, FigureOf.LOCATIE)))
        if row.grootheid not in _SUMS:
            return sorted(self._of_law(row) | self._counted_otherwise(row))
        figure = genoemd(row.grootheid, FigureOf.GEBIED)
        members = (self._gesloten if figure.gesloten else self._open)[row.onderwerp]
        found = self._of(members, rust_op(row.grootheid, FigureOf.GEBIED))
        if figure.veroudert:
            found |= {own_id for subject in members for own_id in self._aged.get(subject, ())}
        return sorted(found)

    def of_part(self, own_id: str, grootheid: str) -> list[str]:
        """The ids of the events that made a locatie add another number to this sum over an area."""
        return sorted(self._of([own_id], rust_op(grootheid, FigureOf.GEBIED)))

    def of_days_above(self, own_id: str, events: Iterable[Event]) -> list[str]:
        """The ids for the days of a locatie above its maximum. `events` are those about it, with their retractions."""
        known = list(events)
        readings = [
            {
                moment: winner
                for (subject, register, moment), winner in history(known, punt.valid_at, punt.known_at).items()
                if (subject, register) == Register.AANWEZIG.key(own_id)
            }
            for punt in self._punten
        ]
        limits = [limit for punt in self._punten if (limit := _maximum(punt, own_id)) is not None]
        first, last = self._punten[0], self._punten[-1]
        gone = {one.event.id: one.door for one in intrekkingen(known, first.known_at, last.known_at)}
        found = self._of([own_id], frozenset({Register.MAXIMUM}))
        for before, after in pairwise(readings):
            for moment in before.keys() | after.keys():
                done_by = _replaced(before.get(moment), after.get(moment))
                if done_by is not None and any(limit.holds_at(moment) for limit in limits):
                    found |= _named(done_by, gone)
        for one in intrekkingen(known, first.known_at, last.known_at):
            if any(register == Register.AANWEZIG.stored() for register, *_ in writes(one.event)):
                found |= {one.door} if _outranks(one.event, readings[-1]) else set()
        return sorted(found)

    def by_register(self) -> dict[Key, set[str]]:
        """The events that made each register say something else. Leaves out readings that only became old."""
        return {(subject, name): ids for subject, causes in self._by_subject.items() for name, ids in causes.items()}

    def of_class(
        self,
        rows: Iterable[Verandering],
        at_end: Mapping[str, str],
        klasse: str,
        with_keys: Callable[[Collection[Key]], Mapping[str, str]],
    ) -> list[str]:
        """The ids for the number of gemeenten in a class: those of the gemeenten that entered or left it.

        Where these events alone would move another gemeente in or out as well, the events of that one are named too.

        Args:
            rows: the naleving of each gemeente that entered or left it.
            at_end: the class of each gemeente at the last point.
            klasse: the class.
            with_keys: the class of each gemeente at the last point, if since the first point only these registers had
                changed.
        """
        naleving = {row.onderwerp: row for row in rows}
        named = {own_id for row in naleving.values() for own_id in self.of(row)}
        codes = set(naleving)
        while True:
            keys = {key for key, ids in self.by_register().items() if ids & named}
            found = with_keys(keys)
            wrong = {code for code, one in at_end.items() if (found.get(code) == klasse) != (one == klasse)} - codes
            if not wrong:
                return sorted(named)
            codes |= wrong
            registers = rusten_op(FigureOf.GEMEENTE)
            named |= {own_id for code in wrong for own_id in self._of_gemeente(code, registers)}

    def _causes(self, ingetrokken: Iterable[Intrekking]) -> Iterator[tuple[Key, str, bool]]:
        """Yields the key of each register that changed, an event that did it, and whether a reading only aged."""
        punten = self._punten
        first, last = punten[0], punten[-1]
        for before, after in pairwise(punten):
            if before.registers is after.registers and before.valid_at == after.valid_at:
                continue
            for key, oorzaak in veranderd(before, after).items():
                for event_id in _named(oorzaak, self._retracted_by):
                    yield key, event_id, oorzaak.aged
        for key, winner in last.registers.items():
            if _came_after(first, key, winner):
                yield key, winner.event_id, False
        # What was known at first and would stand at last, had it not been retracted since.
        for event, door in ingetrokken:
            for register, effective_at, value in writes(event):
                key = event.subject, register
                winner = Winner(value, effective_at, event.time, event.id)
                standing = last.registers.get(key)
                lens = Register.of(key).declared.lens
                there = event.time <= first.known_at and (lens or effective_at <= min(first.valid_at, last.valid_at))
                if there and (standing is None or winner.rank > standing.rank):
                    yield key, door, False

    def _members(self) -> tuple[Mapping[str, set[str]], Mapping[str, set[str]]]:
        """The locaties of each area that are open at any of the points, and those that are closed at any."""
        together: dict[tuple[str | None, bool], tuple[Locatie, set[str]]] = {}
        for some in {id(punt.locaties): punt.locaties for punt in self._punten}.values():
            for locatie in some:
                if locatie.registered:
                    together.setdefault((locatie.gemeente, locatie.open), (locatie, set()))[1].add(locatie.id)
        open_, closed = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
        for one, ids in together.values():
            # A gemeente may be there at one point only. So it counts where it lies by the borders of any.
            for area in {area for punt in self._punten for area in punt.places_of(one)}:
                (open_ if one.open else closed)[area] |= ids
        return open_, closed

    def _giving(self) -> Mapping[str, set[str]]:
        """The gemeenten that promise places to each gemeente at any of the points."""
        found = defaultdict[str, set[str]](set)
        for punt in self._punten:
            if punt.maatstaf.cyclus is not None:
                promises = toezeggingen(punt.registers, punt.indeling, punt.maatstaf.cyclus.id, punt.valid_at)
                for giver, promised_to in promises.items():
                    for _, receiver in promised_to:
                        found[receiver].add(giver)
        return found

    def _rule_events(self) -> set[str]:
        """The events that set the two rules, when the last point is judged by another than the one before it."""
        before, after = (punt.maatstaf for punt in self._punten[-2:])
        if before.regel == after.regel or after.cyclus is None:
            return set()
        keys = [Register.TELREGEL.key(after.cyclus.id, one.regel.naam) for one in (before, after) if one.regel]
        registers = self._punten[-1].registers
        return {registers[key].event_id for key in keys if key in registers}

    def _counted_otherwise(self, row: Verandering) -> set[str]:
        return self._rule if row.tussen_regel != row.naar else set()

    def _of(self, subjects: Iterable[str], registers: frozenset[Register]) -> set[str]:
        return {
            own_id
            for subject in subjects
            for register, ids in self._by_subject.get(subject, {}).items()
            if Register.of_name(register) in registers
            for own_id in ids
        }

    def _of_law(self, row: Verandering) -> set[str]:
        kind = next(kind for kind in _OF_LAW if kind.holds(row.onderwerp))
        registers = _LAW_RESTS_ON[kind, row.grootheid]
        if row.onderwerp != LANDELIJK:
            return {own_id for code in self._counted_in(row) for own_id in self._of_gemeente(code, registers)}
        keys = {key for code, keys in self._law.items() if not SubjectKind.PROVINCIE.holds(code) for key in keys}
        return self._of(self._open[LANDELIJK], registers & _PLACES) | self._of_keys(keys, registers)

    def _counted_in(self, row: Verandering) -> set[str]:
        """The subject of a figure; of one of a provincie that is a sum over its gemeenten, these at any point."""
        own = row.onderwerp
        if not SubjectKind.PROVINCIE.holds(own) or row.grootheid not in _OVER_GEMEENTEN:
            return {own}
        return {one.code for punt in self._punten for one in punt.indeling.geldig if one.provincie == own}

    def _of_gemeente(self, code: str, registers: frozenset[Register]) -> set[str]:
        found = self._of(self._open[code], registers & _PLACES) | self._of_keys(
            self._law[code] | self._law[""], registers
        )
        if Register.OVERDRACHT in registers:
            for giver in self._givers[code]:
                promised = {key for key in self._law[giver] if giver in self._codes(key[0])}
                found |= self._of(self._open[giver], registers & _PLACES)
                found |= self._of_keys(promised, frozenset({Register.OVERDRACHT}))
        return found

    def _of_keys(self, keys: Iterable[Key], registers: frozenset[Register]) -> set[str]:
        return {
            own_id
            for subject, register in keys
            if Register.of_name(register) in registers
            for own_id in self._by_subject[subject][register]
        }

    def _concerned(self, key: Key) -> set[str]:
        """The codes of the gemeenten whose naleving a register speaks of, after mergers; '' stands for all gemeenten.

        Empty when it is about a cyclus or a rule by which they are not judged at any of the points.
        """
        subject, stored = key
        register = Register.of_name(stored)
        if SubjectKind.CYCLUS in register.declared.subjects:
            naam = register.part(stored, "naam")
            return {""} if any(subject == of and naam in (None, by) for of, by in self._judged_by) else set()
        if SubjectKind.LOCATIE in register.declared.subjects:
            return set()  # A locatie is found by the area that it lies in. What others published is no figure of ours.
        cyclus = register.part(stored, Register.CYCLUS.stored())
        if cyclus is not None and all(cyclus != of for of, _ in self._judged_by):
            return set()
        concerned = (subject, register.part(stored, "naar"))
        return {code for one in concerned if one is not None for code in self._codes(one)}

    def _codes(self, code: str) -> set[str]:
        """A gemeente's code, and those that it becomes by mergers at any of the points."""
        return {code} | {punt.indeling.current(code) for punt in self._punten}


def _replaced(one: Winner | None, other: Winner | None) -> Oorzaak | None:
    """What put another write in the place of the first; None when it is the same."""
    if other is not None and (one is None or other.rank > one.rank):
        return Oorzaak(other.event_id)
    if one is not None and (other is None or one.rank > other.rank):
        return Oorzaak(one.event_id, vanished=True)
    return None


def _came_after(first: Peilpunt, key: Key, winner: Winner) -> bool:
    """Whether a write in force is not that of the first point, and was learned or took effect after it."""
    held, lens = first.registers.get(key), Register.of(key).declared.lens
    # A rule that is asked for may be there before it was known: it is read at the last K.
    if not lens and held is not None and held.event_id == winner.event_id:
        return False
    return winner.recorded_at > first.known_at or (not lens and winner.effective_at > first.valid_at)


def _named(oorzaak: Oorzaak, retracted_by: Mapping[str, str]) -> set[str]:
    event_id = oorzaak.event_id
    return {retracted_by.get(event_id, event_id) if oorzaak.vanished else event_id}


def _over(key: Key, write: Winner, punt: Peilpunt) -> tuple[bool, ...]:
    """Whether what was written has ended, or is a reading that is no longer fresh, or no longer recent."""
    if Register.of(key) is Register.AANWEZIG:
        age = punt.valid_at - write.effective_at
        return age > punt.grenzen.vers, age > punt.grenzen.recent
    end = end_of_write(key, write)
    return (end is not None and end <= punt.valid_at,)


def _rule_of(maatstaf: Maatstaf) -> str | None:
    """The name of the rule that is used, or that would be used if anybody had set it."""
    cyclus, regel = maatstaf
    if regel is not None:
        return regel.naam
    return cyclus.telregel if cyclus is not None else None


def _maximum(punt: Peilpunt, own_id: str) -> Maximum | None:
    return next((locatie.maximum for locatie in punt.locaties if locatie.id == own_id), None)


def _outranks(event: Event, standing: Mapping[datetime, Winner]) -> bool:
    """Whether this reading would stand, had it not been retracted."""
    for _, moment, _value in writes(event):
        held = standing.get(moment)
        return held is None or (event.time, event.id) > (held.recorded_at, held.event_id)
    return False
