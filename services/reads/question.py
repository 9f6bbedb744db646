"""A question: all that decides what an answer says, in one value."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Self

from schemas.fields import format_moment
from services.core.telregel import Gevraagd

_UNDATED = datetime(1970, 1, 1, tzinfo=UTC)


class Audience(StrEnum):
    """For whom an answer is: what may be shown on its own. Totals are the same for everyone."""

    EVERYTHING = "alles"
    WITHOUT_SHIELDED = "zonder afgeschermde locaties"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, about which moment, and for whom. A kept or shared answer is found again by its `cache_key`."""

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

    @property
    def gevraagd(self) -> Gevraagd:
        """By what gemeenten are judged."""
        return Gevraagd(self.cyclus, self.telregel)

    @property
    def present(self) -> bool:
        """Whether it is asked of now, with the knowledge of now."""
        return self.geldig_op == self.bekend_op == self.now

    @property
    def follows_new_events(self) -> bool:
        """Whether it is asked of now and counts all that is stored, so that new events change the answer."""
        return self.present and self.positie is None

    @property
    def past(self) -> bool:
        """Whether K has passed. Only an event that comes in late can still change the answer."""
        return self.bekend_op < self.now

    @property
    def point(self) -> tuple[datetime, datetime]:
        """(V, K)."""
        return self.geldig_op, self.bekend_op

    @property
    def cache_key(self) -> Self:
        """What an answer is kept, shared and recognised under.

        It is the question with the moment of asking blanked, because an answer about the past does not depend on it.
        In a question of now V and K are that moment too, so they are blanked with it: whoever asks again a second
        later has the same key. What is kept of now must therefore also name what it rests on.
        """
        at = (_UNDATED, _UNDATED) if self.present else self.point
        return replace(self, geldig_op=at[0], bekend_op=at[1], now=_UNDATED)

    def later(self, other: Self) -> Self:
        """The later of two questions."""
        return max(self, other, key=lambda question: question.now)

    def at(self, geldig_op: datetime, bekend_op: datetime) -> Self:
        """The same question about another (V, K)."""
        return replace(self, geldig_op=geldig_op, bekend_op=bekend_op)

    def asked_again_at(self, now: datetime) -> Self:
        """Returns the same question, asked of this moment as its now, V and K."""
        return replace(self, geldig_op=now, bekend_op=now, now=now)

    def counted_at(self, positie: str | None) -> Self:
        """The same question about these stored events only; None: about all."""
        return replace(self, positie=positie)


def question_of_now(now: datetime, audience: Audience) -> Question:
    """Returns the question of what is so now, with all that is known."""
    return Question(now, now, now, audience)


class NotKnownError(LookupError):
    """Nothing has this code at (V, K), or the caller may not see it. Its text tells people so."""

    def __init__(self, kind: str, code: str, question: Question, successor: str | None = None) -> None:
        """`successor`: the gemeente that it became part of."""
        later = f" De locaties en de opgave staan bij {successor}." if successor not in (None, code) else ""
        super().__init__(
            f"Geen {kind} {code[:60]!r} op {format_moment(question.geldig_op)}, "
            f"met wat bekend was op {format_moment(question.bekend_op)}.{later}"
        )


class QuestionError(ValueError):
    """What is asked can't be answered. `faults`: (field, what is wrong and what would be right)."""

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{field} {said}" for field, said in faults))
        self.faults = tuple(faults)
