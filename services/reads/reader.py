"""From a question to the figures that answer it. The api, the pages, the alarms and `/metrics` all ask here."""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, TypeVar

from schemas.alarmregels import AlarmRegel, van_toezicht
from services.clock import Clock
from services.core.alarms.alarmen import Alarm
from services.core.alarms.boek import Alarmboek
from services.core.alarms.stiltes import Stilte
from services.core.bezetting import Overschrijding, overschrijding
from services.core.delen import STANDAARD, Grenzen
from services.core.locaties import Locatie, Maximum, locatie
from services.core.registers import Key, Register, Winner
from services.core.telregel import namen_van_regels
from services.reads.cijfers import Cijfers, Totaalcijfers
from services.reads.kept import Kept
from services.reads.memory import Memory, revision
from services.reads.question import Audience, NotKnownError, Question, question_of_now
from services.store.model import LogEntry, View
from services.store.position import Herkomst, Position
from services.store.present import Loaded
from services.store.store import Store

DAY = timedelta(days=1)
DAY_BEFORE_MINUTES = 10
"""The sums of a day before take longer than all else on `/` together, and in ten minutes they change little."""
BEGIN_MINUTES = 15
ReadsBack = Callable[[str, str, str], bool]
"""Whether a caller may read an event that is hidden from its audience, by its source, type and subject."""
T = TypeVar("T")
F = TypeVar("F", bound=Totaalcijfers)
AlarmOrStilte = TypeVar("AlarmOrStilte", Alarm, Stilte)


class Reader:
    """Reads of one store. Everything here blocks on it, and raises StoreUnavailableError when it is away.

    A `positie` that no answer ever carried raises PositionError.
    """

    def __init__(
        self, store: Store, clock: Clock, grenzen: Grenzen = STANDAARD, regels: Sequence[AlarmRegel] = ()
    ) -> None:
        """`grenzen`: how much must be known before a figure of an area is stated. `regels`: those for alarms."""
        self.store, self.clock, self.grenzen, self.regels = store, clock, grenzen, regels
        self.memory, self.kept = Memory(), Kept(store)

    def figures(self, question: Question) -> Cijfers:
        """Returns the figures at (V, K), as this audience may see them."""
        view = self._seen(question, self.store.view_now, self.store.view)
        return _ruled(Cijfers(view, question.gevraagd, None, question, self.grenzen, question.audience), question)

    def totalen(self, question: Question) -> Totaalcijfers:
        """Returns the sums at (V, K), over what this audience may see."""
        telling = self._seen(question, self.store.telling_now, self.store.telling)
        return _ruled(Totaalcijfers(telling, question.gevraagd, None, self.grenzen, question.audience), question)

    def _seen(
        self, question: Question, now: Callable[[Loaded, datetime, frozenset[str]], T], then: Callable[..., T]
    ) -> T:
        """Reads what this audience may see: of now by `now`, and of any other moment by `then`.

        Of now, one look at the log tells both what is in force and what is afgeschermd.
        """
        state = self.store.heden(question.now, question.asked) if question.follows_new_events else None
        if state is not None:
            return now(state, question.now, _hidden_by(state, question.audience))
        asked = {"now": question.now, "positie": question.positie}
        return self.unhidden(question.audience, lambda hidden: then(*question.point, **asked, hidden=hidden))

    def check_rule(self, question: Question) -> None:
        """Raises NotKnownError for a rule that nobody set, where the answer is not made of figures at (V, K)."""
        if question.telregel is not None:
            self.totalen(question)

    def day_before(self, question: Question, cijfers: Cijfers) -> Totaalcijfers:
        """Returns the sums a day before V, as known a day before K.

        For now they are counted once in DAY_BEFORE_MINUTES, and when something that is over is revised.

        `cijfers`: those of the question, which spare a look at the log.
        """
        if not question.follows_new_events:
            return self.totalen(question.at_point(question.geldig_op - DAY, question.bekend_op - DAY))
        minute = question.now.minute // DAY_BEFORE_MINUTES * DAY_BEFORE_MINUTES
        moment = question.now.replace(minute=minute, second=0, microsecond=0) - DAY
        then = question.at_point(moment, moment)
        source = moment, self.hidden_in(cijfers, question.audience), revision(cijfers)
        return self.memory.given("a day before", question, source, lambda: self.totalen(then))

    def several(self, questions: Sequence[Question]) -> list[Cijfers]:
        """Returns the figures at several (V, K), for one audience, all from the same stored events."""
        if not questions:
            return []
        first = questions[0]
        points = [question.point for question in questions]
        of_now = any(question.follows_new_events for question in questions)

        def read(hidden: frozenset[str]) -> list[View]:
            state = self.store.heden(first.now, first.asked) if of_now else None
            return self.store.views(points, positie=first.positie, hidden=hidden, state=state, now=first.now)

        views = self.unhidden(first.audience, read)
        return [
            _ruled(Cijfers(view, one.gevraagd, grenzen=self.grenzen, audience=first.audience), one)
            for view, one in zip(views, questions, strict=True)
        ]

    def ahead(self, question: Question, cijfers: Cijfers, until: datetime) -> Sequence[tuple[Key, Winner]]:
        """Returns what this audience may know at (V, K) and takes effect after V and before `until`.

        Readings may be missing.
        """
        at = cijfers.herkomst

        def seen(steps: Iterable[tuple[Key, Winner]], hidden: frozenset[str]) -> list[tuple[Key, Winner]]:
            return [step for step in steps if step[0][0] not in hidden and Register.of(step[0]) not in cijfers.unseen]

        def read(hidden: frozenset[str]) -> list[tuple[Key, Winner]]:
            verloop, _ = self.store.verloop(at.geldig_op, until, at.bekend_op, positie=at.positie, metingen=())
            return seen(verloop.steps, hidden)

        if cijfers.nu is None:
            return self.unhidden(question.audience, read)
        ahead = [(one.key, one.winner) for one in cijfers.nu.ahead if one.winner.recorded_at <= at.bekend_op]
        soon = (step for step in ahead if step[1].effective_at < until)
        return seen(soon, self.hidden_in(cijfers, question.audience))

    def begin(self, question: Question) -> datetime | None:
        """Returns when the first event was logged that this audience may see; None when there is none.

        It is looked up once in BEGIN_MINUTES: only an import of older history makes it another.
        """
        now, nu = question.now, self.store.heden(question.now, question.asked)
        hidden = self.hidden_from(question.audience) if nu is None else _hidden_by(nu, question.audience)
        quarter = now.replace(minute=now.minute // BEGIN_MINUTES * BEGIN_MINUTES, second=0, microsecond=0)
        at = question_of_now(quarter, question.audience)
        return self.memory.given("begin", at, (quarter, hidden), lambda: self.store.first_known(hidden))

    def herkomst(self, question: Question) -> Herkomst:
        """Returns where an answer comes from that counts all that is stored, or all up to its positie."""
        return self.store.position_of(question.positie).herkomst(*question.point)

    def hidden_from(self, audience: Audience) -> frozenset[str]:
        """Returns what does not exist for this audience: ids of locaties, and types of events.

        Locaties are hidden by what is known now. Ask this after reading what it is held against: then no answer shows
        what was shielded in between.
        """
        shielded = frozenset[str]() if audience.sees_shielded else self.shielded()
        return shielded | audience.unseen_types

    def hidden_in(self, seen: Totaalcijfers | None, audience: Audience) -> frozenset[str]:
        """Returns what does not exist for this audience, by these figures of now or else by a look at the log."""
        if seen is None or seen.nu is None:
            return self.hidden_from(audience)
        return _hidden_by(seen.nu, audience)

    def shielded(self) -> frozenset[str]:
        """Returns the locaties that not everybody may meet, by what is known now."""
        return self.store.shielded(self.clock())

    def check_locatie(self, own_id: str, question: Question) -> None:
        """Raises NotKnownError for a locatie that does not exist for this audience, before anything is read.

        So an id that it may not see and one that nobody ever named are answered alike, and equally fast.
        """
        if not self.knows(own_id, question.audience):
            raise NotKnownError("locatie", own_id, question)

    def knows(self, own_id: str, audience: Audience) -> bool:
        """Whether anybody ever named this locatie, and this audience may meet it."""
        state = self.store.latest(self.clock())
        return own_id in state.named and own_id not in _hidden_by(state, audience)

    def log(self, question: Question, **asked: Any) -> tuple[list[LogEntry], Position]:
        """Returns a page of the log, as `Store.log` gives it, of what this audience may see."""
        asked |= {"bekend_op": question.bekend_op, "positie": question.positie}
        return self.unhidden(question.audience, lambda hidden: self.store.log(**asked, hidden=hidden))

    def event(self, question: Question, own_id: str) -> tuple[LogEntry | None, Position]:
        """One event of the log, as `Store.event` gives it, if this audience may see it."""
        known_at, positie = question.bekend_op, question.positie
        return self.unhidden(question.audience, lambda hidden: self.store.event(own_id, known_at, positie, hidden))

    def event_of(
        self, question: Question, own_id: str, reads_back: ReadsBack | None
    ) -> tuple[LogEntry | None, Position]:
        """One event of the log, if this audience may see it or this caller may read it back."""
        found, at = self.event(question, own_id)
        if found is not None or reads_back is None:
            return found, at
        unseen = self.hidden_from(question.audience)
        own, at = self.store.event(own_id, question.bekend_op, question.positie, unseen=unseen)
        return (own if own is not None and reads_back(own.source, own.type, own.subject) else None), at

    def unhidden(self, audience: Audience, read: Callable[[frozenset[str]], T], seen: Cijfers | None = None) -> T:
        """Reads without what does not exist for this audience; `read` is given that.

        `seen`: figures of now that were read just before, which spare a look at the log.
        """
        hidden = self.hidden_in(seen, audience)
        while True:
            found = read(hidden)
            after = self.hidden_from(audience)
            if after <= hidden:
                return found
            hidden |= after  # Something was hidden while it was read.

    def breaches(self, cijfers: Cijfers, locaties: Sequence[Locatie]) -> dict[str, Overschrijding]:
        """Returns the days above the maximum of each locatie that has one in force, from the events of the figures."""
        limited = {locatie.id: locatie.maximum for locatie in locaties if locatie.maximum is not None}
        of = {id_: _counted_from(cijfers, id_, maximum) for id_, maximum in limited.items()}
        held = {id_: self.memory.find(("breaches", id_), cijfers.question, source) for id_, source in of.items()}
        found = {id_: days for id_, days in held.items() if days is not None}
        missing = [id_ for id_ in limited if id_ not in found]
        if not missing:
            return found
        herkomst = cijfers.herkomst
        readings = self.store.readings(missing, herkomst.geldig_op, herkomst.bekend_op, herkomst.positie)
        for id_ in missing:
            found[id_] = overschrijding(limited[id_], readings[id_])
            self.memory.keep(("breaches", id_), cijfers.question, of[id_], found[id_])
        return found

    def overschrijdingen(self, ids: Collection[str], question: Question) -> dict[str, Overschrijding]:
        """Returns the days above the maximum of these locaties, as far as they have one in force at K."""
        if not ids:
            return {}
        moment = question.bekend_op
        view = self.store.view(moment, moment, now=question.now, positie=question.positie)
        at = view.herkomst
        limits = {one: locatie(view.registers, one, at.geldig_op).maximum for one in ids}
        readings = self.store.readings(limits, at.geldig_op, at.bekend_op, at.positie)
        return {one: overschrijding(most, readings[one]) for one, most in limits.items() if most is not None}

    @contextmanager
    def alarmboek(self, question: Question) -> Iterator[Alarmboek]:
        """Everything that was said about alarms by K. Ask it while it is held."""
        with self.store.alarms.boek(None if question.of_now else question.bekend_op) as boek:
            yield boek

    def stiltes(self, question: Question) -> list[Stilte]:
        """Returns every silence that there was by K and that this audience may see."""
        with self.alarmboek(question) as boek:
            found = boek.stiltes
        return self.shown(found, question.audience)

    def alarmen(self, question: Question) -> list[Alarm]:
        """Returns every alarm that there was by K and that this audience may see, as it stood then, newest first."""
        with self.alarmboek(question) as boek:
            found = boek.alarmen()
        return self.shown(found, question.audience)

    def shown(self, found: Sequence[AlarmOrStilte], audience: Audience) -> list[AlarmOrStilte]:
        """Keeps those that this audience may see."""
        hidden = self.hidden_from(audience)
        return [
            one
            for one in found
            if one.onderwerp not in hidden and (audience.sees_toezicht or not van_toezicht(one.grootheid))
        ]


def _hidden_by(state: Loaded, audience: Audience) -> frozenset[str]:
    """Returns what does not exist for this audience, by one look at the log."""
    return (frozenset() if audience.sees_shielded else state.shield.locaties) | audience.unseen_types


def _ruled(cijfers: F, question: Question) -> F:
    """The figures, if the rule that was asked for exists. Raises NotKnownError with the rules that do."""
    rule = question.telregel
    if rule is not None and rule not in (known := namen_van_regels(cijfers.wet, cijfers.cyclus)):
        raise NotKnownError("telregel", rule, question, known=known)
    return cijfers


def _counted_from(cijfers: Cijfers, own_id: str, maximum: Maximum) -> Hashable:
    """Returns what the days above a maximum follow from. None where that can't be told without counting them."""
    revised, winner = revision(cijfers), Register.AANWEZIG.get(cijfers.registers, own_id)
    return None if revised is None else (maximum, revised, winner and winner.event_id)
