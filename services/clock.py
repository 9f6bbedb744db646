"""The only place that asks for the present moment."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns the present moment, in UTC."""


def system_clock() -> datetime:
    """Returns the present moment by the clock of this machine."""
    return datetime.now(UTC)
