"""What differs between two points (V1, K1) and (V2, K2), and which events did it (design §7).

Between them lies (V1, K2): up to there it is what we learned about the old moment (`inzicht`), from there on what
changed in the world (`wereld`). Together they are the whole.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from services.core.bezetting import FRESHNESS_LIMIT
from services.core.locaties import Locatie
from services.core.registers import Key, Registers, Winner, end_of_write

Waarde = int | float | str | bool | None
Cel = tuple[str, str]
"""(onderwerp, grootheid)."""
LANDELIJK = "NL"
_EXISTS = ("registratie", "open")
_PLACES = (*_EXISTS, "plaatsen.")
_BOTH = (*_PLACES, "aanwezig")
_AGED = "verouderd.aanwezig"
"""Stands for a reading that became older than the freshness limit: another `dekking`, and nothing else."""
SOMMEN: Mapping[str, tuple[str, ...]] = {
    "locaties": _EXISTS,
    "aanwezig": (*_EXISTS, "aanwezig"),
    "plaatsen": _PLACES,
    "inzetbaar": _PLACES,
    "bezettingsgraad": _BOTH,
    "dekking": (*_BOTH, _AGED),
    "dataOuderdomSeconden": (*_EXISTS, "aanwezig"),
    "dataOuderdomMediaanSeconden": (*_EXISTS, "aanwezig"),
}
"""The sums of an area → the registers of its locaties that they are made of, or how those begin."""
VAN_LOCATIE: Mapping[str, tuple[str, ...]] = {
    "naam": ("registratie",),
    "gemeente": ("registratie",),
    "soort": ("registratie",),
    "open": ("open",),
    "aanwezig": ("aanwezig",),
    "totaalPlaatsen": ("plaatsen.",),
    "inzetbaar": ("plaatsen.",),
    "bezettingsgraad": ("aanwezig", "plaatsen."),
    "bovenCapaciteit": ("aanwezig", "plaatsen."),
    "toegang": ("toegang",),
    "maximum": ("maximum",),
    "bovenMaximum": ("maximum", "aanwezig"),
}
_TASK = ("cyclus", "opgave.")
_COUNTED = ("cyclus", *_PLACES, "overdracht.")
NALEVING: Mapping[str, tuple[str, ...]] = {
    "opgave": _TASK,
    "opgaveStatus": _TASK,
    "eigen": ("cyclus", *_PLACES),
    "ontvangen": ("cyclus", "overdracht."),
    "gegeven": ("cyclus", "overdracht."),
    "meetellend": _COUNTED,
    "tekort": (*_COUNTED, "opgave."),
    "naleving": (*_COUNTED, "opgave."),
    "toezicht": ("toezicht",),
}
"""How a gemeente stands → the registers that say so: its own, those of its locaties, and those of the cyclus."""


class Verschil(NamedTuple):
    """A figure that is not the same at the three points. None: not known there, or there is no such subject."""

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
        if not all(_is_number(value) for value in (self.van, self.tussen, self.naar)):
            return None
        return after - before  # type: ignore[operator]


class Punt(NamedTuple):
    """What is the case at one (V, K), besides the figures themselves."""

    valid_at: datetime
    registers: Registers
    locaties: Sequence[Locatie]
    places_of: Callable[[Locatie], Iterable[str]]
    """The areas in which a locatie lies: gemeente, provincie, country."""
    current: Callable[[str], str]
    """The code that a gemeente has become."""


class Oorzaak(NamedTuple):
    """What made a register another: an event, or that this event is no longer there."""

    event_id: str
    vanished: bool


def verschillen(van: Mapping[Cel, Waarde], tussen: Mapping[Cel, Waarde], naar: Mapping[Cel, Waarde]) -> list[Verschil]:
    """Every figure that is not the same at all three, in the order in which they are given."""
    cells = dict.fromkeys([*van, *tussen, *naar])
    rows = (Verschil(*cel, van.get(cel), tussen.get(cel), naar.get(cel)) for cel in cells)
    return [row for row in rows if not (row.van == row.tussen == row.naar)]


def veranderd(before: Punt, after: Punt) -> dict[Key, Oorzaak]:
    """Of every register that is another after than before: what did that."""
    found: dict[Key, Oorzaak] = {}
    for key in before.registers.keys() | after.registers.keys():
        one, other = before.registers.get(key), after.registers.get(key)
        if other is not None and (one is None or other.rank > one.rank):
            found[key] = Oorzaak(other.event_id, vanished=False)
        elif one is not None and (other is None or one.rank > other.rank):
            found[key] = Oorzaak(one.event_id, vanished=True)
        elif one is not None and _over(key, one, before.valid_at) != _over(key, one, after.valid_at):
            found[(key[0], _AGED) if key[1] == "aanwezig" else key] = Oorzaak(one.event_id, vanished=False)
    return found


class Oorzaken:
    """Which events did it, of each figure that differs."""

    def __init__(self, punten: Sequence[Punt], retracted_by: Mapping[str, str], hidden: Collection[str] = ()) -> None:
        """`retracted_by`: event → its retraction. `hidden`: subjects whose events are not named."""
        self._by_subject = _causes(punten, retracted_by, hidden)
        self._everywhere = frozenset.intersection(
            *(frozenset(locatie.id for locatie in punt.locaties) for punt in punten)
        )
        self._members: dict[str, set[str]] = defaultdict(set)
        for punt in punten:
            for locatie in filter(lambda one: one.counts, punt.locaties):
                # Where it lies at any of them: a gemeente that is there at one point only has others in it too.
                for area in {area for other in punten for area in other.places_of(locatie)}:
                    self._members[area].add(locatie.id)
        self._law: dict[str, set[Key]] = defaultdict(set)
        for key in ((subject, register) for subject, causes in self._by_subject.items() for register in causes):
            for code in _concerned(*key, punten):
                self._law[code].add(key)

    def of(self, row: Verschil) -> list[str]:
        """The ids of the events that made this figure another. Empty when only time or the reference table did."""
        if row.onderwerp.startswith("LOC-"):
            appeared = row.onderwerp not in self._everywhere
            return self._of([row.onderwerp], ("",) if appeared else VAN_LOCATIE[row.grootheid])
        if row.grootheid in SOMMEN:
            return self._of(self._members[row.onderwerp], SOMMEN[row.grootheid])
        return self._of_law(row.onderwerp, NALEVING[row.grootheid])

    def by_register(self) -> dict[Key, set[str]]:
        """Of every register that is another: the events that did it."""
        return {(subject, name): ids for subject, causes in self._by_subject.items() for name, ids in causes.items()}

    def of_all(self, rows: Iterable[Verschil]) -> list[str]:
        """The same of several: of how many gemeenten there are of a class, those that changed."""
        return sorted({own_id for row in rows for own_id in self.of(row)})

    def _of(self, subjects: Iterable[str], beginnings: tuple[str, ...]) -> list[str]:
        return sorted(
            {
                own_id
                for subject in subjects
                for register, ids in self._by_subject.get(subject, {}).items()
                if register.startswith(beginnings)
                for own_id in ids
            }
        )

    def _of_law(self, code: str, beginnings: tuple[str, ...]) -> list[str]:
        found = set(self._of(self._members[code], tuple(b for b in beginnings if b in _PLACES)))
        for subject, register in self._law[code] | self._law[""]:
            if register.startswith(beginnings):
                found |= self._by_subject[subject][register]
        return sorted(found)


def _causes(
    punten: Sequence[Punt], retracted_by: Mapping[str, str], hidden: Collection[str]
) -> Mapping[str, Mapping[str, set[str]]]:
    """Subject → register → the ids of the events that made it another."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for before, after in pairwise(punten):
        for (subject, register), oorzaak in veranderd(before, after).items():
            done_by = oorzaak.event_id
            if oorzaak.vanished:
                done_by = retracted_by.get(done_by, done_by)
            if subject not in hidden:
                found[subject][register].add(done_by)
    return found


def _concerned(subject: str, register: str, punten: Sequence[Punt]) -> set[str]:
    """The codes whose naleving this register speaks of, after mergers; '' for all of them."""
    if register == "cyclus":
        return {""}
    codes = {subject} | {punt.current(subject) for punt in punten}
    if register.startswith("overdracht."):
        receiver = register.rpartition(".")[2]
        codes |= {receiver} | {punt.current(receiver) for punt in punten}
    return codes


def _over(key: Key, write: Winner, valid_at: datetime) -> bool:
    """Whether what was written has ended, or is a reading that has become old."""
    if key[1] == "aanwezig":
        return valid_at - write.effective_at > FRESHNESS_LIMIT
    end = end_of_write(key, write)
    return end is not None and end <= valid_at


def _is_number(value: Waarde) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
