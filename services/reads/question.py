"""A question: all that decides what an answer says, in one value."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Self

from schemas.fields import format_moment

_UNDATED = datetime(1970, 1, 1, tzinfo=UTC)


class Audience(StrEnum):
    """For whom an answer is: what may be shown on its own. Totals are the same for everyone."""

    EVERYTHING = "alles"
    WITHOUT_SHIELDED = "zonder afgeschermde locaties"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, of when, and for whom. Whatever is kept or shared of an answer is kept under all of this."""

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
    def present(self) -> bool:
        """Asked of now, with the knowledge of now."""
        return self.geldig_op == self.bekend_op == self.now

    @property
    def live(self) -> bool:
        """Asked of now, and of all that is stored: so the answer moves with what comes in."""
        return self.present and self.positie is None

    @property
    def past(self) -> bool:
        """Asked with the knowledge of a moment gone by: only what comes late can still change the answer."""
        return self.bekend_op < self.now

    @property
    def point(self) -> tuple[datetime, datetime]:
        """(V, K)."""
        return self.geldig_op, self.bekend_op

    @property
    def lasting(self) -> Self:
        """The same whenever it is asked: what an answer is kept, shared or recognised under."""
        at = (_UNDATED, _UNDATED) if self.present else self.point
        return replace(self, geldig_op=at[0], bekend_op=at[1], now=_UNDATED)

    def later(self, other: Self) -> Self:
        """Of two questions, the one that was asked last."""
        return max(self, other, key=lambda question: question.now)

    def at(self, geldig_op: datetime, bekend_op: datetime) -> Self:
        """The same question about another (V, K)."""
        return replace(self, geldig_op=geldig_op, bekend_op=bekend_op)

    def of_now(self, now: datetime) -> Self:
        """The same question about now."""
        return replace(self, geldig_op=now, bekend_op=now, now=now)

    def counted_at(self, positie: str | None) -> Self:
        """The same question, of these stored events only. None: of all."""
        return replace(self, positie=positie)


def question_of_now(now: datetime, audience: Audience) -> Question:
    """What is asked of now, with all that is known."""
    return Question(now, now, now, audience)


class NotKnownError(LookupError):
    """There is none with this code at (V, K), or whoever asks may not see it. Its text says so to people."""

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
