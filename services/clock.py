"""The only call of now()."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""The present moment, in UTC."""


def system_clock() -> datetime:
    """The clock of this machine."""
    return datetime.now(UTC)
