"""The moments that people choose by name: now, yesterday, a week ago, and days that many ask about."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Literal, NamedTuple, get_args

from schemas.fields import AMSTERDAM
from schemas.moments import day_of, start_of_day
from services.core.dutch import dutch_day

Sinds = Literal["gisteren", "week", "jaar"]
"""The moments to compare with, by name."""


class Dag(NamedTuple):
    """A day that people ask about, and why."""

    dag: date
    waarom: str


DAGEN = (Dag(date(2024, 5, 10), "het voorbeeld in de handleiding"),)
"""The days that everybody may choose by name."""


def dagen_eerder(moment: datetime, days: int) -> datetime:
    """Returns the same time on the Dutch clock some days before, to the minute."""
    local = moment.astimezone(AMSTERDAM).replace(second=0, microsecond=0)
    return (local - timedelta(days=days)).astimezone(UTC)


def einde_van_dag(moment: datetime) -> datetime | None:
    """Returns the end of the day that begins at a moment, as the beginning of the next; None at any other moment."""
    day = day_of(moment)
    if start_of_day(day) != moment:
        return None
    return start_of_day(day + timedelta(days=1)).astimezone(UTC)


def begin_van_jaar(moment: datetime) -> datetime:
    """Returns the last beginning of a year before a moment, on the Dutch clock."""
    local = (moment - timedelta(microseconds=1)).astimezone(AMSTERDAM)
    return datetime(local.year, 1, 1, tzinfo=AMSTERDAM).astimezone(UTC)


class Keuze(NamedTuple):
    """A moment that can be chosen by name, both as V and as K."""

    naam: str
    moment: datetime | None
    """None: now."""
    waarom: str
    """Why people ask about it; empty where the name says so."""
    gekozen: bool


class Tijdkeuze(NamedTuple):
    """What the control of time offers: the days of which there is data, and moments by name."""

    van: date | None
    """The first whole day; None while there is no data."""
    tot: date
    """Today."""
    keuzes: Sequence[Keuze]


def tijdkeuze(now: datetime, chosen: tuple[datetime, datetime], begin: datetime | None) -> Tijdkeuze:
    """Returns what can be chosen. Named moments of before the first data are left out.

    Args:
        now: the moment of asking.
        chosen: the (V, K) that is shown.
        begin: when the first event was logged; None when there is none.
    """
    named: list[tuple[str, datetime, str]] = [
        ("gisteren", dagen_eerder(now, 1), ""),
        ("vorige week", dagen_eerder(now, 7), ""),
        ("1 jan", begin_van_jaar(now), ""),
        *((dutch_day(moment), moment, why) for day, why in DAGEN for moment in [start_of_day(day).astimezone(UTC)]),
    ]
    kept = [one for one in named if begin is not None and begin <= one[1] < now]
    return Tijdkeuze(
        None if begin is None else begin.astimezone(AMSTERDAM).date() + timedelta(days=1),
        now.astimezone(AMSTERDAM).date(),
        [
            Keuze("nu", None, "", chosen == (now, now)),
            *(Keuze(naam, moment, why, chosen == (moment, moment)) for naam, moment, why in kept),
        ],
    )


_SINDS: Mapping[Sinds, Callable[[datetime], datetime]] = {
    "gisteren": lambda moment: dagen_eerder(moment, 1),
    "week": lambda moment: dagen_eerder(moment, 7),
    "jaar": begin_van_jaar,
}
SINDS: tuple[Sinds, ...] = get_args(Sinds)


def sinds(naam: Sinds, moment: datetime) -> datetime:
    """Returns the moment of this name before another moment."""
    return _SINDS[naam](moment)
