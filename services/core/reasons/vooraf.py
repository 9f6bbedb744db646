"""What the registers become once events are added: by the same fold as what is stored, before they are stored."""

from collections.abc import Collection, Iterable
from datetime import datetime

from schemas.events import Event
from services.core.fold import fold, writes
from services.core.registers import Register, Registers


def ingang(event: Event) -> datetime | None:
    """The first moment at which an event says something; None when it writes nothing, or counts at any moment."""
    begins = [write.effective_at for write in writes(event) if not Register.of_name(write.register).declared.lens]
    return min(begins, default=None)


def met(registers: Registers, events: Iterable[Event], valid_at: datetime, known_at: datetime) -> Registers:
    """The registers with these events too, which were not retracted before they came.

    They are folded apart from the others. That gives the same, because the greatest write wins. Of retractions among
    them only those of each other count: see `zonder`.
    """
    after = dict(registers)
    for key, winner in fold(events, valid_at, known_at).items():
        if key not in after or winner.rank > after[key].rank:
            after[key] = winner
    return after


def zonder(
    registers: Registers,
    subjects: Collection[str],
    events: Iterable[Event],
    retractions: Iterable[Event],
    valid_at: datetime,
    known_at: datetime,
) -> Registers:
    """The registers with these retractions too.

    Args:
        registers: what is in force.
        subjects: what the retracted events are about.
        events: every event about those subjects, and the retractions of those.
        retractions: what comes.
        valid_at: V.
        known_at: K.
    """
    own = fold([*events, *retractions], valid_at, known_at)
    others = {key: winner for key, winner in registers.items() if key[0] not in subjects}
    return others | {key: winner for key, winner in own.items() if key[0] in subjects}
