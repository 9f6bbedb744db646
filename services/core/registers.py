"""Every register, declared once: its name, its subjects, its value, when it ends and what it says to people.

A register is a named value of one subject, which events overwrite: `plaatsen.regulier` of LOC-12 is its number of
regular places. Code names the members of `Register` and never the stored names.
tests/unit/test_forgotten_registers.py names what a new register still lacks, with the file it belongs in.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from functools import lru_cache
from typing import Any, NamedTuple, Never, get_args

from schemas.data import PlaatsSoort, Regime, Toezichtstap
from services.core import registerzinnen as zinnen
from services.core.registerzinnen import NO_NAMES, Parts, Woorden
from services.core.values import (
    CyclusValue,
    GepubliceerdValue,
    InzetValue,
    MaximumValue,
    OpgavestandValue,
    OpgaveValue,
    OverdrachtValue,
    PlaatsenValue,
    RegistratieValue,
    TelregelValue,
    ToezichtcapaciteitValue,
    ToezichtValue,
)

Key = tuple[str, str]
"""(subject, register): the register by the name under which it is stored."""
Value = bool | int | float | str | Mapping[str, Any]
"""What a register holds, as JSON."""


class Write(NamedTuple):
    """The register of the event's subject gets this value at `effective_at`."""

    register: str
    effective_at: datetime
    value: Value


class Winner(NamedTuple):
    """The write in force in a register, and the event it comes from."""

    value: Any
    effective_at: datetime
    recorded_at: datetime
    event_id: str

    @property
    def rank(self) -> tuple[datetime, datetime, str]:
        """The order in which the greatest write wins."""
        return self.effective_at, self.recorded_at, self.event_id


Registers = Mapping[Key, Winner]
"""The write in force in each register."""


# The registers ------------------------------------------------------------------------------------------------------


class SubjectKind(Enum):
    """What a register can be about, by how the ids of such subjects begin."""

    LOCATIE = "LOC-"
    GEMEENTE = "GM"
    PROVINCIE = "PV"
    CYCLUS = "20"
    LAND = "NL"

    def holds(self, subject: str) -> bool:
        """Whether this subject is of this kind."""
        return subject.startswith(self._value_)


LANDELIJK = SubjectKind.LAND.value
"""The only subject of its kind: the whole country."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """All that is known of a register.

    Each register says its writes to people. Where these are news and end, that end is news too, and it has
    `says_at_end`. A register whose writes are no news gives the reason in `no_news`.
    """

    name: str
    """The first part of its stored name."""
    subjects: frozenset[SubjectKind]
    value: Any
    """The type of what it holds: a TypedDict, or a type of one value."""
    parts: tuple[str, ...] = ()
    """What the further parts of its stored name are. Only the first of them may have dots in it."""
    part_values: tuple[str, ...] = ()
    """Every value of its only further part, where these are fixed. Only then can its stored names be listed."""
    ends: bool = False
    """Whether what is written may end, at its `geldigTot`."""
    says: Callable[[Any, Parts, Woorden], str] | None = None
    """What a write says, in Dutch, from its value, the further parts of its stored name, and how codes are called."""
    geldt: str = "geldt vanaf"
    """How its moment in the world is said."""
    says_at_end: Callable[[Any, Parts, Woorden], str | None] | None = None
    """What it says when that ends; None when there is nothing to say, as for 0 places."""
    no_news: str = ""
    gemeente: Callable[[Any, Parts], str] | None = None
    """The gemeente that a write names besides its subject: where a locatie lies, or who receives places."""
    lens: bool = False
    """Whether a write counts from when it is known, whatever its effective_at: a way of looking, not a fact of the
    world."""
    of_moment: bool = field(kw_only=True)
    """Whether a write says what was so at one moment, as a count does, instead of what holds from then on. It has no
    default, since it decides whether a source that says the same again says something new."""


_LOCATIE = frozenset({SubjectKind.LOCATIE})
_GEMEENTE = frozenset({SubjectKind.GEMEENTE})


class Register(Enum):
    """The registers. Code names their members, so that a new one shows where it is still forgotten."""

    REGISTRATIE = Declaration(
        "registratie",
        _LOCATIE,
        RegistratieValue,
        says=zinnen.registratie,
        of_moment=False,
        gemeente=lambda value, _parts: value["gemeente"],
    )
    OPEN = Declaration("open", _LOCATIE, bool, says=zinnen.open_of_gesloten, of_moment=False)
    PLAATSEN = Declaration(
        "plaatsen",
        _LOCATIE,
        PlaatsenValue,
        ("soort",),
        get_args(PlaatsSoort),
        ends=True,
        says=zinnen.plaatsen,
        says_at_end=zinnen.plaatsen_einde,
        of_moment=False,
    )
    AANWEZIG = Declaration(
        "aanwezig",
        _LOCATIE,
        int,
        says=zinnen.aanwezig,
        geldt="geteld op",
        no_news="readings come all day",
        of_moment=True,
    )
    TOEGANG = Declaration("toegang", _LOCATIE, Regime, says=zinnen.toegang, of_moment=False)
    MAXIMUM = Declaration(
        "maximum",
        _LOCATIE,
        MaximumValue,
        ends=True,
        says=zinnen.maximum,
        says_at_end=zinnen.maximum_einde,
        of_moment=False,
    )
    CYCLUS = Declaration("cyclus", frozenset({SubjectKind.CYCLUS}), CyclusValue, says=zinnen.cyclus, of_moment=False)
    TELREGEL = Declaration(
        "telregel",
        frozenset({SubjectKind.CYCLUS}),
        TelregelValue,
        ("naam",),
        says=zinnen.telregel,
        lens=True,
        of_moment=False,
    )
    OPGAVE = Declaration(
        "opgave",
        _GEMEENTE | {SubjectKind.PROVINCIE},
        OpgaveValue,
        ("cyclus", "status"),
        says=zinnen.opgave,
        of_moment=False,
    )
    OPGAVESTAND = Declaration(
        "opgavestand",
        _GEMEENTE,
        OpgavestandValue,
        ("cyclus",),
        ends=True,
        says=zinnen.opgavestand,
        says_at_end=zinnen.opgavestand_einde,
        of_moment=False,
    )
    OVERDRACHT = Declaration(
        "overdracht",
        _GEMEENTE,
        OverdrachtValue,
        ("cyclus", "naar"),
        ends=True,
        says=zinnen.overdracht,
        says_at_end=zinnen.overdracht_einde,
        gemeente=lambda _value, parts: parts[1],
        of_moment=False,
    )
    TOEZICHT = Declaration(
        "toezicht",
        _GEMEENTE,
        ToezichtValue | Toezichtstap,
        says=zinnen.toezicht,
        geldt="gezet op",
        of_moment=True,
    )
    INZET = Declaration(
        "inzet",
        frozenset({SubjectKind.LAND}),
        InzetValue,
        ("stap",),
        get_args(Toezichtstap),
        says=zinnen.inzet,
        no_news="an estimate changes nothing in the world",
        of_moment=False,
    )
    TOEZICHTCAPACITEIT = Declaration(
        "toezichtcapaciteit",
        frozenset({SubjectKind.LAND, SubjectKind.PROVINCIE}),
        ToezichtcapaciteitValue,
        says=zinnen.toezichtcapaciteit,
        no_news="it is about the supervisor, not about a place or a gemeente",
        of_moment=False,
    )
    GEPUBLICEERD = Declaration(
        "gepubliceerd",
        frozenset(SubjectKind) - {SubjectKind.CYCLUS},
        GepubliceerdValue,
        ("bron", "grootheid"),
        says=zinnen.gepubliceerd,
        geldt="peildatum",
        no_news="what others publish changes nothing in the world",
        of_moment=True,
    )

    _value_: Declaration
    __hash__ = object.__hash__  # There is one of each, and the hash of Enum is slow.

    @property
    def declared(self) -> Declaration:
        """Its declaration. This is the same as `value`, which Enum looks up more slowly."""
        return self._value_

    @staticmethod
    @lru_cache(maxsize=65_536)
    def of_name(stored: str) -> "Register":
        """Returns the register that is stored under this name. Raises ValueError for a name that no register has."""
        first = stored.partition(".")[0]
        for register in Register:
            if register.declared.name == first:
                return register
        raise ValueError(f"{stored!r} is the name of no register: declare it in services/core/registers.py")

    @staticmethod
    def of(key: Key) -> "Register":
        """Returns the register of a key."""
        return Register.of_name(key[1])

    @lru_cache(maxsize=4_096)
    def stored(self, *parts: str) -> str:
        """Returns the name under which it is stored. Raises TypeError unless each further part has a value."""
        declared = self.declared
        if len(parts) != len(declared.parts):
            raise TypeError(f"{declared.name} has the parts {declared.parts}, not {parts}")
        return ".".join((declared.name, *parts))

    def stored_names(self) -> tuple[str, ...]:
        """Returns every name under which it is stored. Raises TypeError when the further parts may be anything."""
        declared = self.declared
        if not declared.parts:
            return (self.stored(),)
        if not declared.part_values:
            raise TypeError(
                f"the stored names of {declared.name} can't be listed, since {declared.parts} may be anything: declare "
                "`part_values` in services/core/registers.py, or add it to NOT_LISTED in services/store/queries.py and "
                "leave out its prefix in services/store/sql/registers/standen.sql"
            )
        return tuple(self.stored(part) for part in declared.part_values)

    def prefix(self, *parts: str) -> str:
        """Returns how stored names with these first further parts begin: `overdracht.2024.`."""
        return "".join(f"{part}." for part in (self.declared.name, *parts))

    def parts(self, stored: str) -> Parts:
        """Returns the further parts of a stored name."""
        names = self.declared.parts
        return tuple(stored[len(self.declared.name) + 1 :].rsplit(".", len(names) - 1)) if names else ()

    def says(self, stored: str, value: Any, woorden: Woorden = NO_NAMES) -> str:
        """Returns what a write says to people. Raises TypeError for a register without a sentence."""
        says = self.declared.says
        if says is None:
            raise TypeError(f"{self.declared.name} has no sentence: give it `says` in services/core/registers.py")
        return says(value, self.parts(stored), woorden)

    def said(self, stored: str, value: Any, woorden: Woorden = NO_NAMES) -> str | None:
        """Returns what a write says to people; None when it is no news."""
        return None if self.declared.no_news else self.says(stored, value, woorden)

    def said_at_end(self, stored: str, value: Any, woorden: Woorden = NO_NAMES) -> str | None:
        """Returns what people are told when a write ends; None when that is no news."""
        says = self.declared.says_at_end
        return None if says is None else says(value, self.parts(stored), woorden)

    def part(self, stored: str, name: str) -> str | None:
        """Returns the further part of a stored name that is declared under this name; None when it has no such part."""
        names = self.declared.parts
        return self.parts(stored)[names.index(name)] if name in names else None

    def gemeente(self, stored: str, value: Any) -> str | None:
        """Returns the gemeente that a write names besides its subject; None when it names none."""
        named = self.declared.gemeente
        return None if named is None else named(value, self.parts(stored))

    def key(self, subject: str, *parts: str) -> Key:
        """Returns the key of this register of a subject."""
        return subject, self.stored(*parts)

    def among(self, registers: Registers, *parts: str) -> Iterator[tuple[Key, Winner]]:
        """Yields the key and the write in force for each subject that has this register.

        `parts` narrows it to stored names with these first further parts.
        """
        name = self.declared.name
        if self.declared.parts:
            name = self.prefix(*parts)
            yield from ((key, winner) for key, winner in registers.items() if key[1].startswith(name))
        else:
            yield from ((key, winner) for key, winner in registers.items() if key[1] == name)

    def get(self, registers: Registers, subject: str, *parts: str) -> Winner | None:
        """Returns the write in force for a subject; None when there is none."""
        return registers.get((subject, self.stored(*parts)))


def forgotten(one: Never, where: str) -> TypeError:
    """Returns the error to raise in the last case of a `match`, which no value may reach.

    Mypy refuses the call where a value can still reach it, so a forgotten case is found before the code runs.
    """
    return TypeError(f"{getattr(one, 'name', type(one).__name__)} has no rule: add a case for it to {where}")


def end_of(winner: Winner) -> datetime | None:
    """Returns the first moment at which a write is no longer valid, its `geldigTot`; None when it names no end."""
    return moment_in(winner.value, "geldigTot")


def moment_in(value: Mapping[str, Any], field: str) -> datetime | None:
    """Returns the moment in a field of a value; None when the field is absent."""
    text = value.get(field)
    return None if text is None else datetime.fromisoformat(text)


def end_of_write(key: Key, write: Winner) -> datetime | None:
    """Returns `end_of` for a write to any register; None also for a register whose writes never end."""
    return end_of(write) if _of_name(key[1]).declared.ends else None


def counts_from(key: Key, winner: Winner) -> datetime:
    """Returns when a write begins to count: from when it is both known and in effect.

    A write of a lens is always in effect.
    """
    lens = _of_name(key[1]).declared.lens
    return winner.recorded_at if lens else max(winner.effective_at, winner.recorded_at)


_of_name = Register.of_name
LENSES: tuple[Register, ...] = tuple(register for register in Register if register.declared.lens)
"""The registers whose writes count whatever V is."""
OF_MOMENT: tuple[Register, ...] = tuple(register for register in Register if register.declared.of_moment)
"""The registers whose writes are each about one moment."""
