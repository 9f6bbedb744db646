"""Moments as whole microseconds since 1970, as columns of numbers hold them."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

NEVER = 2**63 - 1
"""After every moment, and the greatest number that a column holds."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@lru_cache(maxsize=8192)  # many events share their moments, and each is asked for several times
def micros(moment: datetime) -> int:
    """Microseconds since 1970: whole, where a float would round."""
    return (moment - _EPOCH) // _MICROSECOND


def from_micros(since: int) -> datetime:
    """The moment so many microseconds after 1970."""
    return _EPOCH + timedelta(microseconds=since)
