"""Decides which events a caller may send: under which source, of which type, about what, and how old. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

import orjson

from schemas.data import ToezichtData
from schemas.errors import Fout
from schemas.events import ToezichtstapGezet, type_name
from schemas.moments import micros
from services.access import Caller, Right
from services.access.roles import EVERYBODY
from services.store.entries import NO_EVENT, Entry, Said

OLD = timedelta(hours=24)
"""An event that was logged longer ago is history, and needs a role of its own."""
Targets = Mapping[str, Said]
"""The id of each stored event that is retracted, or sent once more → what that event says."""
NO_TARGETS: Targets = MappingProxyType({})
_STAP = type_name(ToezichtstapGezet)
_UNSAID: str = ToezichtData.model_fields["toezichthouder"].default
"""The toezichthouder of a step that names none."""


class ForbiddenError(Exception):
    """The caller may not send some of these events. `fouten` says which and why."""

    def __init__(self, detail: str, fouten: Sequence[Fout]) -> None:
        super().__init__(detail)
        self.fouten = tuple(fouten)


def permit(events: Sequence[Entry], caller: Caller, now: datetime, targets: Targets = NO_TARGETS) -> None:
    """Raises ForbiddenError when the caller may not send every one of these events; then nothing is accepted.

    `targets` are asked of `looked_up` first, where the caller may not write everything.
    """
    foreign = [] if caller.any_source else list(_foreign(events, caller))
    outside = list(_outside(events, caller, targets)) if caller.limited else []
    another = [
        Fout(index, "data.toezichthouder", f"mag hier niet {houder} zijn; {_houders(caller)}")
        for index, event in enumerate(events)
        if (houder := _another(event, caller)) is not None and not _stored(event, targets)
    ]
    old = too_old([event.recorded_at for event in events], caller, now)
    if not (foreign or outside or another or old):
        return
    many = f"van de {len(events)} gebeurtenissen"
    told = []
    if foreign:
        told.append(f"{len(foreign)} {many} onder een andere source: {_source(caller)}")
    if outside:
        told.append(
            f"{len({fout.index for fout in outside})} {many} van een ander type of over iets anders: {caller.writes}"
        )
    if another:
        told.append(f"{len(another)} {many} namens een andere toezichthouder: {_houders(caller)}")
    if old:
        told.append(f"{len(old)} {many} van meer dan 24 uur oud: dat vraagt de rol importeur")
    fouten = sorted([*foreign, *outside, *another, *old], key=lambda fout: fout.index or 0)
    raise ForbiddenError(f"Er is niets aangenomen. {'; en '.join(told)}.", fouten)


def too_old(recorded: Sequence[int], caller: Caller, now: datetime) -> list[Fout]:
    """Returns a fault for each event that was logged too long ago for this caller. `recorded`: when, of each."""
    if caller.may(Right.SEND_OLD):
        return []
    oldest = micros(now - OLD)
    melding = "ligt meer dan 24 uur terug; daarvoor is de rol importeur nodig"
    return [Fout(index, "time", melding) for index, moment in enumerate(recorded) if moment < oldest]


def sent_or_seen(known: Targets, caller: Caller, hides: Callable[[Said], bool]) -> dict[str, Said]:
    """Returns those of these events that the caller sent itself, and those that are not hidden from it."""
    return {own_id: said for own_id, said in known.items() if said[0] == caller.source or not hides(said)}


def free(caller: Caller) -> bool:
    """Returns whether the caller may send any event, so that no event needs a look."""
    return caller is EVERYBODY or (caller.any_source and not caller.limited and caller.may(Right.SEND_OLD))


def permit_seeing(
    events: Sequence[Entry], caller: Caller, now: datetime, known: Callable[[set[str]], Targets], hidden: frozenset[str]
) -> None:
    """Does what `permit` does, before anything is sent. Raises ForbiddenError.

    Args:
        events: what may be sent.
        caller: who would send it.
        now: when.
        known: looks up what stored events say.
        hidden: the locaties and the types of events that the caller may not see.
    """
    stored = known(looked_up(events, caller))
    permit(events, caller, now, sent_or_seen(stored, caller, lambda said: bool(hidden & {*said[1:3]})))


def looked_up(events: Sequence[Entry], caller: Caller) -> set[str]:
    """Returns the ids of the stored events that decide whether the caller may send these.

    These are what it retracts, and steps of another toezichthouder: an earlier version took them, and they may come
    once more.
    """
    if not caller.limited:
        return set()
    retracted = {event.retracts for event in events if event.retracts != NO_EVENT}
    return retracted | {event.event_id for event in events if _another(event, caller) is not None}


def _another(event: Entry, caller: Caller) -> str | None:
    """Returns the toezichthouder of a step that the caller does not take steps as; None for any other event."""
    if event.type != _STAP or caller.toezichthouders is None:
        return None
    houder: str = orjson.loads(event.data).get("toezichthouder", _UNSAID)
    return None if houder in caller.toezichthouders else houder


def _stored(event: Entry, targets: Targets) -> bool:
    """Whether an event was stored before. A dry run judges it as logged now, so its `time` is not looked at."""
    said = targets.get(event.event_id)
    return said is not None and (said[:3], said[4]) == (event.said[:3], event.said[4])


def _houders(caller: Caller) -> str:
    return f"een stap kan hier alleen namens {' of '.join(sorted(caller.toezichthouders or ()))}"


def _foreign(events: Sequence[Entry], caller: Caller) -> Iterator[Fout]:
    for index, event in enumerate(events):
        if event.source != caller.source:
            yield Fout(index, "source", _source(caller))


def _outside(events: Sequence[Entry], caller: Caller, targets: Targets) -> Iterator[Fout]:
    """The events of other types and subjects. What is retracted counts as what is sent.

    An event that nobody stored, one of another source and one that the caller may not send are answered alike.
    """
    for index, event in enumerate(events):
        if not caller.may_write_about(event.subject, event.type):
            yield Fout(
                index, "subject", f"{event.subject} is hier geen onderwerp om over in te sturen; {caller.writes}"
            )
        if event.retracts == NO_EVENT:
            if not caller.may_write_type(event.type):
                yield Fout(index, "type", f"{event.type} is hier geen type om in te sturen; {caller.writes}")
            continue
        source, type_, subject, *_ = targets.get(event.retracts, ("", "", ""))
        if source != event.source or not (caller.may_write_type(type_) and caller.may_write_about(subject, type_)):
            yield Fout(
                index,
                "data.gebeurtenisId",
                f"is geen opgeslagen gebeurtenis die u hier mag insturen, en dus ook niet intrekken; {caller.writes}",
            )


def _source(caller: Caller) -> str:
    if caller.source is None:
        return "dit token hoort bij geen enkele source; vraag de beheerder er een in te stellen"
    return f"dit token mag alleen insturen als {caller.source}"
