"""A question: all that decides what an answer says, in one value."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import Flag
from time import monotonic
from typing import Literal, Self

from schemas.events import ToezichtstapGezet, type_name
from services.core.dutch import dutch_moment
from services.core.registers import Register
from services.core.telregel import Gevraagd

_UNDATED = datetime(1970, 1, 1, tzinfo=UTC)


Omvat = Literal["zichtbaar", "alles"]
"""Over which locaties figures are: those that everybody may meet, or all."""


class Audience(Flag):
    """For whom an answer is: what it may be shown beyond what every lezer sees."""

    LEZER = 0
    """Nothing more."""
    AFGESCHERMD = 1
    """It may meet locaties that are afgeschermd."""
    TOEZICHT = 2
    """It may see the toezicht on each gemeente."""
    EVERYTHING = AFGESCHERMD | TOEZICHT

    @property
    def sees_shielded(self) -> bool:
        """Whether it may meet locaties that are afgeschermd."""
        return Audience.AFGESCHERMD in self

    @property
    def omvat(self) -> Omvat:
        """Over which locaties figures of people and places are. Naleving is over all of them for everybody."""
        return "alles" if self.sees_shielded else "zichtbaar"

    @property
    def sees_toezicht(self) -> bool:
        """Whether it may see the toezicht on each gemeente."""
        return Audience.TOEZICHT in self

    @property
    def unseen(self) -> frozenset[Register]:
        """The registers that its figures are made without."""
        return frozenset() if self.sees_toezicht else _OF_TOEZICHT

    @property
    def unseen_types(self) -> frozenset[str]:
        """The types of the events that write to those registers."""
        return frozenset() if self.sees_toezicht else _TYPES_OF_TOEZICHT


_OF_TOEZICHT = frozenset({Register.TOEZICHT})
_TYPES_OF_TOEZICHT = frozenset({type_name(ToezichtstapGezet)})


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, about which moment, and for whom."""

    geldig_op: datetime
    """V: the moment in the world that it is about."""
    bekend_op: datetime
    """K: only what was known by then counts."""
    now: datetime
    """The moment of asking."""
    audience: Audience
    positie: str | None = None
    """Only the stored events that it names count; None: all that are stored."""
    cyclus: str | None = None
    """None: the cyclus in force at V."""
    telregel: str | None = None
    """None: the rule that the cyclus itself names."""
    asked: float = field(default_factory=monotonic, compare=False, repr=False)
    """When it was asked, in seconds of a clock that is never set back. A look at the log that began later will do, so
    all figures of now in one request come from one look."""

    @property
    def gevraagd(self) -> Gevraagd:
        """By what gemeenten are judged."""
        return Gevraagd(self.cyclus, self.telregel)

    @property
    def of_now(self) -> bool:
        """Whether V and K are both the moment of asking. It may still name a positie."""
        return self.geldig_op == self.bekend_op == self.now

    @property
    def follows_new_events(self) -> bool:
        """Whether it is of now and counts all that is stored, so that new events change the answer."""
        return self.of_now and self.positie is None

    @property
    def known_in_the_past(self) -> bool:
        """Whether K lies before the moment of asking. Only an event that comes in late can still change the answer.

        V does not matter here. So a question of yesterday with the knowledge of now is neither this nor `of_now`.
        """
        return self.bekend_op < self.now

    @property
    def point(self) -> tuple[datetime, datetime]:
        """(V, K)."""
        return self.geldig_op, self.bekend_op

    @property
    def cache_key(self) -> Self:
        """Returns the key under which an answer is kept, shared and recognised.

        It is the question with the moment of asking blanked, because an answer about the past does not depend on it.
        In a question of now V and K are that moment too, so they are blanked with it: whoever asks again a second
        later has the same key. A cached answer of now is therefore stored with its `source` (see `Memory`).
        """
        at = (_UNDATED, _UNDATED) if self.of_now else self.point
        return replace(self, geldig_op=at[0], bekend_op=at[1], now=_UNDATED)

    def latest(self, other: Self) -> Self:
        """Returns which of the two was asked last, by either clock: that on the wall may have been set back."""
        last = max(self, other, key=lambda question: question.now)
        return replace(last, asked=max(self.asked, other.asked))

    def at_point(self, geldig_op: datetime, bekend_op: datetime) -> Self:
        """Returns the same question about another (V, K), asked at the same moment."""
        return replace(self, geldig_op=geldig_op, bekend_op=bekend_op)

    def moved_to(self, now: datetime) -> Self:
        """Returns the same question with this moment as the moment of asking, V and K."""
        return replace(self, geldig_op=now, bekend_op=now, now=now, asked=monotonic())

    def counted_by(self, telregel: str | None) -> Self:
        """The same question, judged by this rule; None: by the one that the cyclus names."""
        return replace(self, telregel=telregel)

    def asked_at(self, now: datetime) -> Self:
        """Returns the same question, asked at another moment."""
        return replace(self, now=now, asked=monotonic())

    def counted_at(self, positie: str | None) -> Self:
        """Returns the same question about the stored events that a positie names; None: about all that are stored."""
        return replace(self, positie=positie)


def question_of_now(now: datetime, audience: Audience) -> Question:
    """Returns the question of what is so now, with all that is known."""
    return Question(now, now, now, audience)


class NotKnownError(LookupError):
    """Nothing has this code at (V, K), or the caller may not see it. Its text tells people so."""

    def __init__(
        self, kind: str, code: str, question: Question, successor: str | None = None, known: Sequence[str] = ()
    ) -> None:
        """`successor`: the gemeente that it became part of. `known`: what could be asked instead."""
        instead = f" Wel bekend: {', '.join(known)}." if known else ""
        later = f" De locaties en de opgave staan bij {successor}." if successor not in (None, code) else ""
        op, bekend = dutch_moment(question.geldig_op), dutch_moment(question.bekend_op)
        when = "bekend" if question.of_now else f"op {op}, met wat bekend was op {bekend}"
        super().__init__(f"Geen {kind} {code[:60]!r} {when}.{later}{instead}")


class UnseenError(PermissionError):
    """What is asked rests on what its audience may not see. Its text tells people who may."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is alleen voor de rollen toezicht (van het hele land) en beheerder")


class QuestionError(ValueError):
    """What is asked can't be answered. `faults`: (field, what is wrong and what would be right)."""

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{field} {said}" for field, said in faults))
        self.faults = tuple(faults)
