"""What listeners of one audience may see, and until when it stays so."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from services.core.history.vanzelf import verandert_vanzelf
from services.core.registers import Key, Register, Winner
from services.reads.question import Audience, question_of_now
from services.reads.reader import Reader
from services.store.present import Ahead, Loaded

Visible = tuple[Mapping[Key, Winner], Sequence[Ahead]]
"""What is in force, and what is to come."""


class Sight(NamedTuple):
    """What clients of one audience were told last of the figures."""

    said_at: float = 0.0
    """When, on the monotonic clock."""
    looked: str = ""
    """How far the store was when it was looked at last."""
    saw: Visible | None = None
    """What was in force and to come then, as far as this audience may see it."""
    until: datetime | None = None
    """When that next changes by the clock alone."""


class Due(NamedTuple):
    """Whether it is time to tell an audience."""

    why: Literal["nieuws", "tijd"] | None
    """None: it is not."""
    sight: Sight
    """What it was told last, once it is told."""


def seen_by(reader: Reader, audience: Audience, state: Loaded, now: datetime) -> tuple[Visible, datetime]:
    """Returns what an audience sees of a state, and until when it stays so if nothing is stored or takes effect."""
    hidden = reader.hidden_from(audience)
    seen = state.heden.zonder(hidden)
    in_force = {key: winner for key, winner in seen.registers.items() if Register.of(key) not in audience.unseen}
    ahead = [one for one in state.ahead if one.key[0] not in hidden and Register.of(one.key) not in audience.unseen]
    silences = reader.stiltes(question_of_now(now, audience))
    ends = [moment for one in silences for moment in (one.vanaf, one.tot) if moment > now]
    until = verandert_vanzelf(in_force, seen.standen, now, reader.grenzen)
    return (in_force, ahead), min([until, *ends])
