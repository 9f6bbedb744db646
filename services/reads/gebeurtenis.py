"""One event, for people: what it replaced, what replaced or retracted it, and which figures it counts in."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from schemas.ids import is_uuid
from services.core.reasons.verklaring import NEEDLESS, Logregel, Rol
from services.core.registers import LANDELIJK, Key, Register, SubjectKind, Winner
from services.reads.cijfers import Cijfers
from services.reads.question import Audience, NotKnownError, Question
from services.reads.reader import Reader, ReadsBack
from services.reads.uitlegbaar import EXPLANATIONS, VAN_TOEZICHT, explained_of
from services.reads.verklaring import EVENTS_MAX, rows_of
from services.store.model import LogEntry


class Plek(NamedTuple):
    """Figures that an event could count in, and whether one of its writes does."""

    kind: str
    """A key of EXPLANATIONS."""
    code: str
    rol: Rol
    reden: str | None


class Schakel(NamedTuple):
    """One write of the event, between those before and after it in the same register."""

    register: str
    ervoor: Logregel | None
    erna: Logregel | None


class Gebeurtenis(NamedTuple):
    """An event, and what there is to tell about it."""

    entry: LogEntry
    regel: Logregel
    schakels: Sequence[Schakel]
    ingetrokken_door: Logregel | None
    trekt_in: Logregel | None
    """What it retracts, where it is a retraction of something that the caller may know."""
    plekken: Sequence[Plek]
    volledig: bool
    """Whether there were few enough events about its subject to look at all of them."""
    opgezocht: bool
    """Whether all of them were looked at, also for this caller. If not, what became of it is not known."""

    @property
    def staat(self) -> bool:
        """Whether it is known not to be retracted: what counts somewhere is not."""
        return self.ingetrokken_door is None and (self.opgezocht or any(one.rol == "telt" for one in self.plekken))


def gebeurtenis(
    reader: Reader,
    question: Question,
    own_id: str,
    reads_back: ReadsBack | None,
    audience_about: Callable[[str], Audience],
) -> tuple[Cijfers, Gebeurtenis]:
    """Returns an event that the caller may see or read back, and the figures of the moment.

    `audience_about`: what the caller may be shown of one subject. Raises NotKnownError for any other event, before
    anything else is read.
    """
    own_id = own_id.lower()
    if not is_uuid(own_id):
        raise NotKnownError("gebeurtenis", own_id, question)
    entry, at = reader.event_of(question, own_id, reads_back)
    if entry is None:
        raise NotKnownError("gebeurtenis", own_id, question)
    cijfers = reader.figures(question)
    about = reader.unhidden(
        audience_about(entry.subject),
        lambda hidden: reader.store.written_behind(
            {entry.subject} - hidden, "", question.bekend_op, str(at), EVENTS_MAX, hidden
        ),
    )
    logged = {one.id: one for one in about or ()}
    unseen = reader.hidden_from(question.audience)
    regel = logged.get(own_id) or reader.store.written_by([own_id], str(at), unseen)[0]
    gone = _retracted(logged)
    target = None if regel.intrekking is None else logged.get(regel.intrekking["gebeurtenisId"])
    return cijfers, Gebeurtenis(
        entry,
        regel,
        [_link(regel, register, logged, gone) for register, *_ in regel.schrijvingen],
        gone.get((own_id, regel.source)),
        target,
        [*_places(reader, cijfers, regel, logged)] if own_id in logged or about is None else [],
        about is not None,
        own_id in logged,
    )


def _retracted(logged: dict[str, Logregel]) -> dict[tuple[str, str], Logregel]:
    """(id, source) of what was retracted → its first retraction."""
    found = [one for one in logged.values() if one.intrekking is not None]
    found.sort(key=lambda one: (one.time, one.id), reverse=True)
    return {(one.intrekking["gebeurtenisId"], one.source): one for one in found if one.intrekking is not None}


def _link(
    regel: Logregel, register: str, logged: dict[str, Logregel], gone: dict[tuple[str, str], Logregel]
) -> Schakel:
    """The writes to the same register that come just before and just after, as far as they stand."""
    standing = [
        (Winner(value, effective_at, one.time, one.id).rank, one)
        for one in logged.values()
        for stored, effective_at, value in one.schrijvingen
        if stored == register and ((one.id, one.source) not in gone or one.id == regel.id)
    ]
    standing.sort(key=lambda pair: pair[0])
    order = [one.id for _, one in standing]
    if regel.id not in order:
        return Schakel(register, None, None)
    place = order.index(regel.id)
    before = standing[place - 1][1] if place else None
    after = standing[place + 1][1] if place + 1 < len(standing) else None
    return Schakel(register, before, after)


def _places(reader: Reader, cijfers: Cijfers, regel: Logregel, logged: dict[str, Logregel]) -> Iterator[Plek]:
    """The figures that the event could count in: those of its own subject first."""
    for kind, code in _kinds(cijfers, regel):
        found = EXPLANATIONS[kind].uitgelegd(reader, cijfers, code)
        if found is None:
            continue
        said: list[tuple[Rol, str | None]] = [
            (row.rol, row.reden)
            for row in (rows_of(cijfers, found, logged.values()) if code == regel.subject else ())
            if row.gelogd.id == regel.id and row.register is not None
        ] or [found.telt(key, winner) for key, winner in _in_force(cijfers, regel)]
        if judged := [one for one in said if one != NEEDLESS]:
            yield Plek(kind, code, *next((one for one in judged if one[0] == "telt"), judged[0]))


def _in_force(cijfers: Cijfers, regel: Logregel) -> Iterator[tuple[Key, Winner]]:
    for register, *_ in regel.schrijvingen:
        key = (regel.subject, register)
        if (winner := cijfers.registers.get(key)) is not None and winner.event_id == regel.id:
            yield key, winner


def _kinds(cijfers: Cijfers, regel: Logregel) -> Iterator[tuple[str, str]]:
    """The explanations in which a write about this subject may stand."""
    subject = regel.subject
    if (own := explained_of(subject)) is not None:
        yield own, cijfers.indeling.current(subject) if own == "gemeenten" else subject
    if SubjectKind.LOCATIE.holds(subject):
        locatie = cijfers.locatie(subject)
        gemeente = None if locatie is None else cijfers.gemeente_of(locatie)
        if gemeente is not None:
            yield from (("gemeenten", gemeente.code), ("provincies", gemeente.provincie))
        yield "bezetting", ""
    for register, _, value in regel.schrijvingen:
        other = Register.of_name(register).gemeente(register, value)
        if SubjectKind.GEMEENTE.holds(subject) and other is not None:
            yield "gemeenten", cijfers.indeling.current(other)
    if subject != LANDELIJK and not SubjectKind.PROVINCIE.holds(subject):
        yield "naleving", ""
    if any(Register.of_name(register) in VAN_TOEZICHT for register, *_ in regel.schrijvingen):
        yield "toezicht", ""
