"""Who listens together, what they may see, and until when it stays so."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from schemas.reference import gemeenten
from services.access import Caller
from services.core.gemeenten import indeling
from services.core.history.vanzelf import verandert_vanzelf
from services.core.registers import Key, Register, Winner
from services.reads.question import Audience, question_of_now
from services.reads.reader import Reader
from services.store.present import Ahead, Loaded

Visible = tuple[Mapping[Key, Winner], Sequence[Ahead], Mapping[str, Any]]
"""What is in force, what is to come, and the figures of the toezicht as it is told them without seeing the steps."""


Seeing = tuple[Audience, frozenset[str]]
"""An audience, and the codes of the gemeenten whose steps of toezicht it sees where it does not see those of all."""


class Listeners(NamedTuple):
    """Clients that hear the same."""

    audience: Audience
    signals: bool = False
    """Whether they hear only that something changed, and no figures."""
    over: frozenset[str] = frozenset()
    """As in Seeing."""

    @property
    def seeing(self) -> Seeing:
        """What they may see."""
        return self.audience, self.over


def listeners_of(caller: Caller, now: datetime, *, signals: bool) -> Listeners:
    """Returns with whom a caller listens. The steps of a few gemeenten matter to signals only: figures tell none."""
    some = signals and not caller.audience.sees_toezicht
    over = caller.toezicht_over(indeling(gemeenten(), now).geldig) if some else frozenset[str]()
    return Listeners(caller.audience, signals, over)


class Sight(NamedTuple):
    """What those who see the same were told last of the figures."""

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


def seen_by(
    reader: Reader, audience: Audience, over: Collection[str], state: Loaded, now: datetime
) -> tuple[Visible, datetime]:
    """Returns what is seen of a state, and until when it stays so if nothing is stored or takes effect.

    `audience` and `over` are those of Seeing.
    """
    hidden, question = reader.hidden_from(audience), question_of_now(now, audience)
    seen, current = state.heden.zonder(hidden), indeling(gemeenten(), now).current

    def meets(key: Key) -> bool:
        register = Register.of(key)
        return register not in audience.unseen or (register is Register.TOEZICHT and current(key[0]) in over)

    in_force = {key: winner for key, winner in seen.registers.items() if meets(key)}
    ahead = [one for one in state.ahead if one.key[0] not in hidden and meets(one.key)]
    steps = not audience.sees_toezicht and any(Register.of(key) is Register.TOEZICHT for key in seen.registers)

    def read() -> Mapping[str, Any]:
        return reader.totalen(question).van_toezicht

    told = reader.memory.given("verteld van toezicht", question, (state.position, state.as_of), read) if steps else {}
    silences = reader.stiltes(question)
    ends = [moment for one in silences for moment in (one.vanaf, one.tot) if moment > now]
    until = verandert_vanzelf(in_force, seen.standen, now, reader.grenzen)
    return (in_force, ahead, told), min([until, *ends])
