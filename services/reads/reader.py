"""From a question to the figures that answer it: what API, page and `/metrics` ask the store, the same way."""

from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from services.access import Caller
from services.api.params import Momenten
from services.clock import Clock
from services.core.alarms.alarmen import Alarm
from services.core.alarms.boek import Alarmboek
from services.core.alarms.stiltes import Stilte
from services.core.bezetting import Overschrijding, overschrijding
from services.core.locaties import Locatie, Maximum, locatie
from services.core.registers import Key, Register, Winner
from services.reads.cijfers import Cijfers, Totalen
from services.store.model import LogEntry
from services.store.position import Position
from services.store.store import Store

T = TypeVar("T")
About = TypeVar("About", Alarm, Stilte)


class Reader:
    """Reads of one store. Everything here blocks on it, and raises StoreUnavailableError when it is away."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock = store, clock
        self._breaches: dict[str, tuple[Hashable, Overschrijding]] = {}
        """Of each locatie as counted last, and what it then followed from."""

    def figures(
        self, momenten: Momenten, caller: Caller, positie: str | None = None, cyclus: str | None = None
    ) -> Cijfers:
        """The figures at (V, K), as this caller may see them. Raises PositionError."""
        view = self.store.view(momenten.geldig_op, momenten.bekend_op, now=momenten.now, positie=positie)
        return Cijfers(view, cyclus, hidden=self.hidden_from(caller))

    def ahead(self, cijfers: Cijfers, until: datetime) -> Sequence[tuple[Key, Winner]]:
        """What is known at (V, K) and takes effect after V and before `until`: of everything but readings at least."""
        at = cijfers.herkomst
        if cijfers.nu is not None:
            ahead = [(one.key, one.winner) for one in cijfers.nu.ahead if one.winner.recorded_at <= at.bekend_op]
            return [(key, winner) for key, winner in ahead if winner.effective_at < until]
        verloop, _ = self.store.verloop(at.geldig_op, until, at.bekend_op, positie=at.positie, metingen=())
        return verloop.steps

    def totalen(self, momenten: Momenten, positie: str | None = None, cyclus: str | None = None) -> Totalen:
        """The sums at (V, K), which are the same for everyone. Raises PositionError."""
        telling = self.store.telling(momenten.geldig_op, momenten.bekend_op, now=momenten.now, positie=positie)
        return Totalen(telling, cyclus)

    def several(
        self, points: Sequence[tuple[datetime, datetime]], caller: Caller, positie: str | None = None
    ) -> list[Cijfers]:
        """The figures at several (V, K), all from the same stored events. Raises PositionError."""
        views = self.store.views(points, positie=positie)
        hidden = self.hidden_from(caller)
        return [Cijfers(view, hidden=hidden) for view in views]

    def hidden_from(self, caller: Caller) -> frozenset[str]:
        """The locaties that this caller may meet inside totals only, by what is known now.

        To be asked after what it is held against was read: so no answer shows what came in between.
        """
        return frozenset() if caller.sees_shielded else self.store.shielded(self.clock())

    def log(self, caller: Caller, **asked: Any) -> tuple[list[LogEntry], Position]:
        """A page of the log, as `Store.log`, of what this caller may see."""
        return self.unhidden(caller, lambda hidden: self.store.log(**asked, hidden=hidden))

    def event(
        self, caller: Caller, own_id: str, bekend_op: datetime, positie: str | None
    ) -> tuple[LogEntry | None, Position]:
        """One event of the log, as `Store.event`, if this caller may see it."""
        return self.unhidden(caller, lambda hidden: self.store.event(own_id, bekend_op, positie, hidden))

    def unhidden(self, caller: Caller, read: Callable[[frozenset[str]], T]) -> T:
        """What is read without these locaties, those that this caller may meet inside totals only."""
        hidden = self.hidden_from(caller)
        while True:
            found = read(hidden)
            after = self.hidden_from(caller)
            if after <= hidden:
                return found
            hidden |= after  # hidden while it was read

    def breaches(self, cijfers: Cijfers, locaties: Sequence[Locatie]) -> dict[str, Overschrijding]:
        """Of the locaties with a maximum in force: the days above it, from the same stored events as the figures."""
        limited = {locatie.id: locatie.maximum for locatie in locaties if locatie.maximum is not None}
        of = {id_: _counted_from(cijfers, id_, maximum) for id_, maximum in limited.items()}
        held = {id_: self._breaches.get(id_, (None, None)) for id_ in limited}
        found = {id_: days for id_, (source, days) in held.items() if days is not None and source == of[id_]}
        missing = [id_ for id_ in limited if id_ not in found]
        if not missing:
            return found
        herkomst = cijfers.herkomst
        readings = self.store.readings(missing, herkomst.geldig_op, herkomst.bekend_op, herkomst.positie)
        found |= {id_: overschrijding(limited[id_], readings[id_]) for id_ in missing}
        self._breaches |= {id_: (of[id_], found[id_]) for id_ in missing if of[id_] is not None}
        return found

    def overschrijdingen(
        self, ids: Collection[str], momenten: Momenten, positie: str | None
    ) -> dict[str, Overschrijding]:
        """Of these locaties, those with a maximum in force: the days above it."""
        if not ids:
            return {}
        moment = momenten.bekend_op
        view = self.store.view(moment, moment, now=momenten.now, positie=positie)
        at = view.herkomst
        limits = {one: locatie(view.registers, one, at.geldig_op).maximum for one in ids}
        readings = self.store.readings(limits, at.geldig_op, at.bekend_op, at.positie)
        return {one: overschrijding(most, readings[one]) for one, most in limits.items() if most is not None}

    @contextmanager
    def alarmboek(self, momenten: Momenten) -> Iterator[Alarmboek]:
        """All that was said of alarms by K, to be asked while it is held."""
        with self.store.alarms.boek(None if momenten.present else momenten.bekend_op) as boek:
            yield boek

    def stiltes(self, momenten: Momenten, caller: Caller) -> list[Stilte]:
        """Every silence that there was by K, of those that this caller may see."""
        with self.alarmboek(momenten) as boek:
            found = boek.stiltes
        return self.shown(found, caller)

    def alarmen(self, momenten: Momenten, caller: Caller) -> list[Alarm]:
        """Every alarm that there was by K, as it stood then, newest first: of those that this caller may see."""
        with self.alarmboek(momenten) as boek:
            found = boek.alarmen()
        return self.shown(found, caller)

    def shown(self, found: Sequence[About], caller: Caller) -> list[About]:
        """Those that are about what this caller may see."""
        hidden = self.hidden_from(caller)
        return [one for one in found if one.onderwerp not in hidden]


def _counted_from(cijfers: Cijfers, own_id: str, maximum: Maximum) -> Hashable:
    """What the days above a maximum follow from, where that can be told without counting: now."""
    winner = Register.AANWEZIG.get(cijfers.registers, own_id)
    return None if cijfers.nu is None else (maximum, cijfers.nu.herzien, winner and winner.event_id)
