"""ISO weeks on the Dutch clock. An edition holds at the moment at which its week ends."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple, Self

from schemas.fields import AMSTERDAM
from schemas.told import ToldError
from services.core.dutch import dutch_moment

_WRITTEN = re.compile(r"(20\d\d)-W(\d\d)")
_WEEK = timedelta(days=7)


class WeekError(ToldError):
    """Of this week no edition can be made. The message says why, and what would be right."""


class Week(NamedTuple):
    """A week of ISO 8601, from Monday to Sunday."""

    jaar: int
    nummer: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads `2026-W48`. Raises WeekError."""
        found = _WRITTEN.fullmatch(text)
        try:
            if found is None:
                raise ValueError(text)
            date.fromisocalendar(int(found[1]), int(found[2]), 1)
        except ValueError as error:
            raise WeekError(f"--week {text[:40]} is geen week; verwacht jaar en nummer, zoals 2026-W48") from error
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def before(cls, moment: datetime) -> Self:
        """Returns the last week that has ended at a moment."""
        jaar, nummer, _ = (moment.astimezone(AMSTERDAM).date() - _WEEK).isocalendar()
        return cls(jaar, nummer)

    @property
    def einde(self) -> datetime:
        """When it has ended: midnight of the Monday after it, in UTC."""
        monday = date.fromisocalendar(self.jaar, self.nummer, 1) + _WEEK
        return datetime.combine(monday, time(), AMSTERDAM).astimezone(UTC)

    @property
    def volgende(self) -> Self:
        """The week after it."""
        jaar, nummer, _ = self.einde.astimezone(AMSTERDAM).date().isocalendar()
        return type(self)(jaar, nummer)

    def __str__(self) -> str:
        return f"{self.jaar}-W{self.nummer:02d}"


def ended(week: Week | None, now: datetime) -> Week:
    """Returns the week that is asked for, or else the last whole one. Raises WeekError when it is not over yet."""
    last = Week.before(now)
    if week is not None and week.einde > now:
        raise WeekError(
            f"week {week} is nog niet voorbij: die eindigt op maandag {dutch_moment(week.einde)}. "
            f"De laatste hele week is {last}"
        )
    return week or last
