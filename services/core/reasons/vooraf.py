"""What the registers will be once an event is added, told before it is: by the same fold as what is stored."""

from collections.abc import Iterable
from datetime import datetime

from schemas.events import Event
from services.core.fold import fold, writes
from services.core.registers import Registers


def ingang(event: Event) -> datetime | None:
    """When in the world an event begins to say something; None for one that writes nothing."""
    return min((write.effective_at for write in writes(event)), default=None)


def met(registers: Registers, event: Event, valid_at: datetime, known_at: datetime) -> Registers:
    """With one event more, that is no retraction and was not retracted beforehand.

    The greatest write wins, so it makes no difference that the two are folded apart.
    """
    after = dict(registers)
    for key, winner in fold([event], valid_at, known_at).items():
        if key not in after or winner.rank > after[key].rank:
            after[key] = winner
    return after


def zonder(
    registers: Registers,
    subject: str,
    events: Iterable[Event],
    retraction: Event,
    valid_at: datetime,
    known_at: datetime,
) -> Registers:
    """With a retraction more. `events`: all about the subject of what it retracts, with the retractions of those."""
    own = fold([*events, retraction], valid_at, known_at)
    others = {key: winner for key, winner in registers.items() if key[0] != subject}
    return others | {key: winner for key, winner in own.items() if key[0] == subject}
