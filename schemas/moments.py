"""The Dutch clock, and moments as whole microseconds since 1970, the form in which columns of numbers hold them."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NEVER = 2**63 - 1
"""A number later than every moment: the greatest that a column holds."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def day_of(moment: datetime) -> date:
    """Returns the day of a moment on the Dutch clock."""
    return moment.astimezone(AMSTERDAM).date()


def start_of_day(day: date) -> datetime:
    """Returns when a day begins on the Dutch clock."""
    return datetime.combine(day, time(), AMSTERDAM)


@lru_cache(maxsize=8192)  # Many events share a moment, and each moment is converted several times.
def micros(moment: datetime) -> int:
    """Returns the whole microseconds since 1970. A float would round them."""
    return (moment - _EPOCH) // _MICROSECOND


def from_micros(since: int) -> datetime:
    """Returns the moment that lies so many microseconds after the start of 1970, in UTC."""
    return _EPOCH + timedelta(microseconds=since)
