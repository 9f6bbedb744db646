"""The moments that people choose by name: now, yesterday, a week ago, and days that many ask about."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple, get_args

from schemas.fields import AMSTERDAM

Sinds = Literal["gisteren", "week", "jaar"]
"""The moments to compare with, by name."""


class Dag(NamedTuple):
    """A day that people ask about, and why."""

    dag: date
    waarom: str


DAGEN = (Dag(date(2024, 5, 10), "Ter Apel tien dagen boven het maximum"),)
"""The days that everybody may choose by name."""


def dagen_eerder(moment: datetime, days: int) -> datetime:
    """Returns the same time on the Dutch clock some days before, to the minute."""
    local = moment.astimezone(AMSTERDAM).replace(second=0, microsecond=0)
    return (local - timedelta(days=days)).astimezone(UTC)


def begin_van_jaar(moment: datetime) -> datetime:
    """Returns the last beginning of a year before a moment, on the Dutch clock."""
    local = (moment - timedelta(microseconds=1)).astimezone(AMSTERDAM)
    return datetime(local.year, 1, 1, tzinfo=AMSTERDAM).astimezone(UTC)


def begin_van_dag(dag: date) -> datetime:
    """Returns the beginning of a day on the Dutch clock."""
    return datetime.combine(dag, time(), AMSTERDAM).astimezone(UTC)


_SINDS: Mapping[Sinds, Callable[[datetime], datetime]] = {
    "gisteren": lambda moment: dagen_eerder(moment, 1),
    "week": lambda moment: dagen_eerder(moment, 7),
    "jaar": begin_van_jaar,
}
SINDS: tuple[Sinds, ...] = get_args(Sinds)


def sinds(naam: Sinds, moment: datetime) -> datetime:
    """Returns the moment of this name before another moment."""
    return _SINDS[naam](moment)
