"""Decides which events a caller may send: under which source, and how old. Pure."""

from collections.abc import Sequence
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
    may_send_old = caller.may(Right.SEND_OLD)
    if not any(own) and (may_send_old or min(event.recorded_at for event in events) >= oldest):
        return
    fouten = [Fout(index, "source", melding) for index, melding in enumerate(own) if melding is not None]
    foreign = len(fouten)
    if not may_send_old:
        melding = f"ligt voor {format_moment(now - OLD)}, meer dan 24 uur terug; daarvoor is de rol importeur nodig"
        fouten += [Fout(index, "time", melding) for index, event in enumerate(events) if event.recorded_at < oldest]
    told = []
    if foreign:
        told.append(f"{foreign} van de {len(events)} gebeurtenissen onder een andere source: {_source(caller)}")
    if len(fouten) > foreign:
        old = len(fouten) - foreign
        told.append(f"{old} van de {len(events)} gebeurtenissen van meer dan 24 uur oud: dat vraagt de rol importeur")
    fouten.sort(key=lambda fout: fout.index or 0)
    raise ForbiddenError(f"Er is niets aangenomen. {'; en '.join(told)}.", fouten)


def free(caller: Caller) -> bool:
    """Returns whether the caller may send any event, so that no event needs a look."""
    return caller is EVERYBODY or (caller.any_source and caller.may(Right.SEND_OLD))


def _source(caller: Caller) -> str:
    if caller.source is None:
        return "dit token hoort bij geen enkele source; vraag de beheerder er een in te stellen"
    return f"dit token mag alleen insturen als {caller.source}"
