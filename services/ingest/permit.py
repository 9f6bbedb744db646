"""Decides which events a caller may send: under which source, and how old. Pure."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from schemas.errors import Fout
from schemas.fields import format_moment
from schemas.moments import micros
from services.access import Caller, Right
from services.access.roles import EVERYBODY
from services.store.entries import Entry

OLD = timedelta(hours=24)
"""An event that was logged longer ago is history, and needs a role of its own."""


class ForbiddenError(Exception):
    """The caller may not send some of these events. `fouten` says which and why."""

    def __init__(self, detail: str, fouten: Sequence[Fout]) -> None:
        super().__init__(detail)
        self.fouten = tuple(fouten)


def permit(events: Sequence[Entry], caller: Caller, now: datetime) -> None:
    """Raises ForbiddenError when the caller may not send every one of these events; then nothing is accepted."""
    oldest = micros(now - OLD)
    own = [None if caller.any_source or event.source == caller.source else _source(caller) for event in events]
    only = caller.sends_only
    may_send_old = caller.may(Right.SEND_OLD)
    if not any(own) and only is None and (may_send_old or min(event.recorded_at for event in events) >= oldest):
        return
    fouten = [Fout(index, "source", melding) for index, melding in enumerate(own) if melding is not None]
    foreign = len(fouten)
    other = [index for index, event in enumerate(events) if only is not None and event.type not in only]
    fouten += [Fout(index, "type", _types(only or ())) for index in other]
    if not may_send_old:
        melding = f"ligt voor {format_moment(now - OLD)}, meer dan 24 uur terug; daarvoor is de rol importeur nodig"
        fouten += [Fout(index, "time", melding) for index, event in enumerate(events) if event.recorded_at < oldest]
    told = []
    if foreign:
        told.append(f"{foreign} van de {len(events)} gebeurtenissen onder een andere source: {_source(caller)}")
    if other:
        told.append(f"{len(other)} van de {len(events)} gebeurtenissen van een ander type: {_types(only or ())}")
    if old := len(fouten) - foreign - len(other):
        told.append(f"{old} van de {len(events)} gebeurtenissen van meer dan 24 uur oud: dat vraagt de rol importeur")
    if not fouten:
        return
    fouten.sort(key=lambda fout: fout.index or 0)
    raise ForbiddenError(f"Er is niets aangenomen. {'; en '.join(told)}.", fouten)


def free(caller: Caller) -> bool:
    """Returns whether the caller may send any event, so that no event needs a look."""
    return caller is EVERYBODY or (caller.any_source and caller.sends_only is None and caller.may(Right.SEND_OLD))


def _types(only: Collection[str]) -> str:
    return f"de rol hier mag alleen insturen: {', '.join(sorted(only))}"


def _source(caller: Caller) -> str:
    if caller.source is None:
        return "dit token hoort bij geen enkele source; vraag de beheerder er een in te stellen"
    return f"dit token mag alleen insturen als {caller.source}"
