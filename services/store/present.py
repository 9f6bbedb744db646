"""Keeps the present at hand: the registers at V = K = now. Each look folds in what the log got since the last one.

The fold is that of everywhere (the greatest write wins), a few events at a time. So a live figure costs one small read,
however long the log is. A retraction, or very many events at once, can't be folded in: then everything is loaded anew.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import takewhile
from time import monotonic
from typing import NamedTuple

import numpy as np

from schemas.moments import day_of, start_of_day
from services.core.locaties import locatie
from services.core.registers import Key, Register, Registers, SubjectKind, Winner, counts_from
from services.core.standen import GEEN, Standen, standen
from services.store.position import Position
from services.store.shield import Shield, says_shielded
from services.store.turns import Turns

_CLOCK_STEP = timedelta(seconds=1)
"""Two threads may ask in another order than they looked at the clock. If it differs by more, the clock was set back."""
Target = tuple[str, str]
"""(id, source) of an event that was retracted."""


class Ahead(NamedTuple):
    """A write that is not in force yet: announced, or logged by a clock that runs ahead."""

    starts_at: datetime
    key: Key
    winner: Winner
    source: str
    """Who said it."""


class Arrived(NamedTuple):
    """What an event of the log changes."""

    event: Target
    retracts: bool
    """Whether it retracts another event."""
    writes: Sequence[tuple[Key, Winner]]


class Heden(NamedTuple):
    """What is in force now, in each form in which it is asked."""

    registers: Registers
    wet: Registers
    """The registers of all subjects except locaties."""
    standen: Standen
    """What sums over locaties are made of."""
    columns: Mapping[str, int]
    """The column of each locatie in `standen`."""

    def after(self, won: Registers, now: datetime) -> "Heden":
        """Returns the same state with these writes in the place of those that they win from."""
        registers, columns = {**self.registers, **won}, dict(self.columns)
        touched = sorted({subject for subject, _ in won if SubjectKind.LOCATIE.holds(subject)})
        for subject in touched:
            columns.setdefault(subject, len(columns))
        law = {key: winner for key, winner in won.items() if not SubjectKind.LOCATIE.holds(key[0])}
        changed = {columns[own_id]: locatie(registers, own_id, now) for own_id in touched}
        return Heden(registers, {**self.wet, **law} if law else self.wet, self.standen.replaced(changed), columns)

    def zonder(self, hidden: Collection[str]) -> "Gezien":
        """Returns the same without these locaties."""
        without = np.zeros(self.standen.tabel.shape[1], dtype=np.bool_)
        without[[self.columns[own_id] for own_id in hidden if own_id in self.columns]] = True
        if not without.any():
            return Gezien(self.registers, self.standen, GEEN, list(self.columns))
        registers = {key: winner for key, winner in self.registers.items() if key[0] not in hidden}
        ids = [own_id for own_id in self.columns if own_id not in hidden]
        return Gezien(registers, self.standen.where(~without), self.standen.where(without), ids)


class Gezien(NamedTuple):
    """What is in force now for somebody who may not meet some locaties."""

    registers: Registers
    standen: Standen
    afgeschermd: Standen
    """Those locaties."""
    ids: Sequence[str]
    """The locatie of each column of `standen`."""


NOTHING = Heden({}, {}, standen([]), {})


@dataclass(frozen=True, slots=True)
class Loaded:
    """All that is known of the present, at one moment."""

    as_of: datetime
    """From when this is right: as far as the log goes, and until the next write ahead."""
    heden: Heden
    ahead: Sequence[Ahead]
    """The writes that are not in force yet, in the order in which they start."""
    retracted: frozenset[Target]
    """The events that were retracted. Some may still have to arrive."""
    expires_at: datetime | None
    """When a retraction of the future takes effect: from then on this is not right."""
    position: Position
    shield: Shield
    """Which locaties are afgeschermd."""
    named: frozenset[str] = frozenset()
    """The locaties that any stored event is about, retracted events included."""
    herzien: int = 0
    """Goes up with every change beyond which write is in force now. While it stays the same, what was
    computed about days that are over still stands, and about a register as long as the same write is in force in it."""


class _Look(NamedTuple):
    """One look at the log."""

    began: float
    now: datetime
    found: Loaded


Arrivals = tuple[Sequence[Arrived], Position]


class Present:
    """Holds the last state, and gets from it to the next."""

    def __init__(self, load: Callable[[datetime], Loaded], since: Callable[[Position], Arrivals | None]) -> None:
        """Knows nothing yet.

        Args:
            load: reads all of the present at a moment.
            since: gives the events after a positie and the positie with them; None when there are very many.
        """
        self._load, self._since = load, since
        self._state: Loaded | None = None
        self._last: _Look | None = None
        self._turns = Turns(self._look)

    def at(self, now: datetime, asked: float | None = None) -> Loaded | None:
        """Returns what is in force now; None for a moment just before the last one that was counted.

        `asked`: a monotonic moment. The last look will do when it began later. None: look now.
        """
        last = self._last
        if last is None or asked is None or last.began <= asked or last.now < now:
            state = self._turns.after(now)
        else:
            state = last.found
        return state if now >= state.as_of else None

    def shielded(self, now: datetime) -> frozenset[str]:
        """Returns the locaties that are afgeschermd by what is known now.

        A locatie is afgeschermd if the registration of any source says so or will, or if none stands and one ever
        said so.
        """
        return self.latest(now).shield.locaties

    def latest(self, now: datetime) -> Loaded:
        """Returns the state of a new look, also when `now` lies just before its `as_of`."""
        return self._turns.after(now)

    def _look(self, now: datetime) -> Loaded:
        began = monotonic()
        state = self._state and self._follow(self._state, now)
        if state is None or state.as_of - now > _CLOCK_STEP:
            before = 0 if self._state is None else self._state.herzien
            state = replace(self._load(now), herzien=before + 1)
        self._state = state
        self._last = _Look(began, now, state)
        return state

    def _follow(self, state: Loaded, now: datetime) -> Loaded | None:
        arrivals = self._since(state.position)
        return None if arrivals is None else follow(state, arrivals, now)


def follow(state: Loaded, arrivals: Arrivals, now: datetime) -> Loaded | None:
    """Returns the state after these events, at a later moment; None when everything has to be loaded anew. Pure."""
    events, position = arrivals
    if any(event.retracts for event in events) or (state.expires_at is not None and now >= state.expires_at):
        return None
    coming = [
        Ahead(counts_from(key, winner), key, winner, event.event[1])
        for event in events
        if event.event not in state.retracted
        for key, winner in event.writes
    ]
    ahead = in_order([*state.ahead, *coming]) if coming else state.ahead
    begun = list(takewhile(lambda one: one.starts_at <= now, ahead))
    shield = _shield_after(state, events, begun, ahead[len(begun) :])
    new = {key[0] for event in events for key, _ in event.writes if SubjectKind.LOCATIE.holds(key[0])} - state.named
    if new:
        state = replace(state, named=state.named | new)
    if not begun:
        return replace(state, ahead=ahead, position=position, shield=shield)
    won: dict[Key, Winner] = {}
    revises, today = False, start_of_day(day_of(now))
    for one in begun:
        held = won.get(one.key) or state.heden.registers.get(one.key)
        wins = held is None or one.winner.rank > held.rank
        lens = Register.of(one.key).declared.lens  # It changes how every day that is over is judged.
        revises = revises or lens or not wins or one.winner.effective_at < today
        if wins:
            won[one.key] = one.winner
    as_of = max(state.as_of, begun[-1].starts_at)
    return replace(
        state,
        as_of=as_of,
        heden=state.heden.after(won, as_of),
        ahead=ahead[len(begun) :],
        position=position,
        shield=shield,
        herzien=state.herzien + revises,
    )


def _shield_after(state: Loaded, events: Sequence[Arrived], begun: Sequence[Ahead], ahead: Sequence[Ahead]) -> Shield:
    registered = [one for one in begun if _registers(one.key)]
    arrived = [(key[0], winner) for event in events for key, winner in event.writes if _registers(key)]
    if not registered and not arrived:
        return state.shield
    said = frozenset(locatie for locatie, winner in arrived if says_shielded(winner.value))
    return state.shield.after(said, (((one.key[0], one.source), one.winner) for one in registered), announced(ahead))


def announced(ahead: Iterable[Ahead]) -> frozenset[str]:
    """Returns the locaties that are called afgeschermd by what is not in force yet."""
    return frozenset(one.key[0] for one in ahead if _registers(one.key) and says_shielded(one.winner.value))


def _registers(key: Key) -> bool:
    return Register.of(key) is Register.REGISTRATIE


def in_order(ahead: Iterable[Ahead]) -> list[Ahead]:
    """Sorts writes by when they start."""
    return sorted(ahead, key=lambda one: one.starts_at)
