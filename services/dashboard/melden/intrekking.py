"""The events that a report may retract: which are offered, what they said, and which one is meant."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from schemas.events import Event, Ingetrokken, type_name
from schemas.ids import is_uuid
from services.access import Right
from services.core.reasons.verklaring import Logregel
from services.core.reasons.zin import zin_van
from services.dashboard.melden.formulieren import FORMULIEREN, VAN_TYPE
from services.dashboard.melden.velden import DATA, ander_van
from services.dashboard.melden.vraag import Meldvraag
from services.dashboard.page_request import Blad, address_of
from services.reads.cijfers import Cijfers
from services.reads.question import Question
from services.reads.verklaring import EVENTS_MAX
from services.store.model import LogEntry
from services.web.addresses import MELDEN

DOEL = f"{DATA}gebeurtenisId"
"""The field that names the event to retract."""
CHOICES_MAX = 20
PER_TYPE_MAX = 6
"""Readings come every day. They must not hide what else there is."""


class Aangeboden(NamedTuple):
    """An event that may be retracted, as it is offered."""

    id: str
    titel: str
    gezegd: str
    vastgelegd: datetime


class Intrekbaar:
    """What can be retracted of a subject, by one caller."""

    def __init__(self, blad: Blad[Meldvraag], cijfers: Cijfers, onderwerp: str | None) -> None:
        self._blad, self._cijfers, self._onderwerp = blad, cijfers, onderwerp
        texts = blad.vraag.teksten
        self.doel_id = (texts.get(ander_van(DOEL), "").strip() or texts.get(DOEL, "").strip()).lower()

    @cached_property
    def _behind(self) -> tuple[list[Event], bool]:
        """The events about the subject that the caller may see, and whether these are all."""
        own_id = self._onderwerp
        if own_id is None:
            return [], True
        store, herkomst = self._blad.reader.store, self._cijfers.herkomst
        in_force = {winner.event_id for (subject, _), winner in self._cijfers.registers.items() if subject == own_id}

        def behind(hidden: frozenset[str]) -> tuple[list[Event], bool]:
            if own_id in hidden:
                return [], True
            logged = store.behind({own_id}, "", herkomst.bekend_op, herkomst.positie, EVENTS_MAX + 1, hidden)
            if len(logged) <= EVENTS_MAX:
                return [one.event for one in logged], True
            return [one.event for one in store.by_id(in_force, herkomst.positie)], False

        return self._blad.reader.unhidden(self._blad.caller.audience_about(own_id), behind)

    @property
    def alle(self) -> list[Event]:
        """The events about the subject; only those in force, where they are very many."""
        return self._behind[0]

    @property
    def volledig(self) -> bool:
        """Whether these are all there are."""
        return self._behind[1]

    @cached_property
    def gekozen(self) -> Event | None:
        """The event that is meant, if it is about the subject."""
        return next((one for one in self.alle if one.id == self.doel_id), None)

    @cached_property
    def doel(self) -> LogEntry | None:
        """The event that is meant, whatever it is about; None when the caller can't see it."""
        if not is_uuid(self.doel_id):
            return None
        question: Question = self._blad.question.counted_at(self._cijfers.herkomst.positie)
        reader, offered = self._blad.reader, self.gekozen
        found = reader.event(question, self.doel_id)[0]
        if found is None and offered is not None and not isinstance(offered, Ingetrokken):
            # It is offered here, about this subject, and hidden elsewhere.
            return reader.store.event(self.doel_id, question.bekend_op, question.positie)[0]
        return found

    @cached_property
    def gezegd(self) -> Logregel | None:
        """What the event that is meant says."""
        if self.doel is None:
            return None
        return self._blad.reader.store.written_by([self.doel.id], self._cijfers.herkomst.positie)[0]

    def aangeboden(self) -> list[Aangeboden]:
        """Returns the latest events that this caller may retract, and that which is meant."""
        caller = self._blad.caller
        per_type = Counter[str]()
        mine: list[Event] = []
        for one in te_kiezen(self.alle):
            own = caller.may_write_type(one.type) and (caller.any_source or one.source == caller.source)
            if own and len(mine) < CHOICES_MAX and per_type[one.type] < PER_TYPE_MAX:
                per_type[one.type] += 1
                mine.append(one)
        if self.gekozen is not None and self.gekozen not in mine:
            mine.append(self.gekozen)
        return [self._offered(one) for one in mine]

    def _offered(self, event: Event) -> Aangeboden:
        soort = VAN_TYPE.get(event.type)
        titel = event.type if soort is None else FORMULIEREN[soort].titel
        said = zin_van(event, self._cijfers.naam_van).inhoud
        return Aangeboden(event.id, titel, said, event.time)


def intrekbaar_op(blad: Blad[Any], entry: LogEntry) -> str | None:
    """Returns where this caller can retract an event; None where it may not, or where there is nothing to retract."""
    caller = blad.caller
    own = caller.any_source or entry.source == caller.source
    may = caller.may_write_type(entry.type) and caller.may_write_about(entry.subject, entry.type)
    if not (blad.nu and caller.may(Right.SEND) and own and may) or entry.type == type_name(Ingetrokken):
        return None
    asked: dict[str, object] = {"soort": "intrekking", "over": entry.subject, DOEL: entry.id}
    return address_of(MELDEN.path, asked)


def te_kiezen(events: Iterable[Event]) -> list[Event]:
    """Returns the events that can still be retracted, latest first."""
    known = list(events)
    gone = {(one.data.gebeurtenisId, one.source) for one in known if isinstance(one, Ingetrokken)}
    left: list[Event] = [one for one in known if not isinstance(one, Ingetrokken) and (one.id, one.source) not in gone]
    return sorted(left, key=lambda one: (one.time, one.id), reverse=True)
