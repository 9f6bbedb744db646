"""What a log holds of some events, and what of it counts in an explanation."""

from datetime import UTC, datetime

from schemas.events import Ingetrokken
from services.core.reasons.verklaring import Gelogd, logregel

RECEIVED = datetime(2026, 1, 1, tzinfo=UTC)


def logged_of(events, about=None):
    """Returns what the log holds of these events: all, or those about one locatie and every retraction."""
    wanted = [event for event in events if about in (None, event.subject) or is_retraction(event)]
    return [logregel(Gelogd(event, RECEIVED)) for event in wanted]


def is_retraction(event):
    return isinstance(event, Ingetrokken)


def counted(rows):
    """Returns register → the event that counts for it. A later row replaces an earlier one, and is greater."""
    return {(row.gelogd.subject, row.register): row.gelogd.id for row in rows if row.rol == "telt"}


def only(registers, rows):
    """Returns the registers in force for which a row counts."""
    said = counted(rows)
    assert said.items() <= {key: winner.event_id for key, winner in registers.items()}.items()
    return {key: registers[key] for key in said}
