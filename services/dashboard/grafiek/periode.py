"""The period that the charts of a page show: one of some fixed lengths, or any other, always in the URL."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Literal, NamedTuple

from schemas.fields import EARLIEST
from schemas.moments import day_of, start_of_day
from services.core.history.reeks import Tijdstap, border_after, perioden
from services.dashboard.page_request import Bladmoment, Bladtijd
from services.reads.door_de_tijd import Tijdvak
from services.web.problems import Veldfout, invalid

Vast = Literal["week", "maand", "kwartaal", "jaar", "alles"]
VASTE: Mapping[Vast, tuple[str, int]] = {
    "week": ("7 dagen", 7),
    "maand": ("31 dagen", 31),
    "kwartaal": ("kwartaal", 92),
    "jaar": ("jaar", 366),
    "alles": ("alles", 0),
}
"""The fixed periods: what each is called, and how many days it goes back. `alles`: as far as anything is known."""
YEAR_AHEAD = timedelta(days=366)
"""How far ahead announcements are looked for."""
AHEAD_SHOWN_MAX = timedelta(days=183)
"""How far ahead they are drawn at most. A chart also looks no further ahead than back, unless it is asked to."""
KORTST = timedelta(hours=1)
"""A shorter period than this is not shown."""
DAGEN_MAX = 731
LANGST = timedelta(days=366 * 20)
_STAPPEN: tuple[tuple[timedelta, Tijdstap], ...] = (
    (timedelta(days=8), "uur"),
    (timedelta(days=400), "dag"),
    (timedelta(days=2_500), "week"),
)
"""Until which length people are counted at each step; of a longer period each month."""


class Periodevraag(Bladtijd):
    """Which period the charts show: a fixed one, or from `van` until `tot`."""

    periode: Vast = "kwartaal"
    van: Bladmoment | None = None
    tot: Bladmoment | None = None


class Stap(NamedTuple):
    """A link to another period."""

    naam: str
    van: datetime
    tot: datetime | None
    """None: until now, with what is announced."""

    def possible(self, nu: datetime) -> bool:
        """Whether there can be anything to see."""
        end = self.tot or nu
        return EARLIEST <= self.van < nu + YEAR_AHEAD and 2 * KORTST <= end - self.van < LANGST

    def rounded(self) -> "Stap":
        """The same, from a whole hour until a whole hour."""
        return self._replace(van=_hour(self.van), tot=None if self.tot is None else _hour(self.tot))


class Periode(NamedTuple):
    """The period of the charts of one page."""

    van: datetime
    tot: datetime
    nu: datetime
    """V."""
    gekozen: Vast | None
    """Which fixed period it is; None for another."""
    vaste: Mapping[Vast, tuple[str, int]] = VASTE

    @property
    def stappen(self) -> Sequence["Stap"]:
        """Where somebody may want to look from here. What ends now goes on ending now."""
        half = (self.tot - self.van) / 2
        ends_now = abs(self.tot - self.nu) < KORTST
        middle = (self.tot - half, None) if ends_now else (self.van + half / 2, self.tot - half / 2)
        wide = (self.van - 2 * half, None) if ends_now else (self.van - half, self.tot + half)
        found = [
            Stap("Eerder", self.van - half, self.tot - half),
            *([] if ends_now else [Stap("Later", self.van + half, self.tot + half)]),
            Stap("Inzoomen", *middle),
            Stap("Uitzoomen", *wide),
        ]
        return [one.rounded() for one in found if one.possible(self.nu)]

    @property
    def dagen(self) -> list[datetime]:
        """The borders of the days that are over in it: where each begins, and where the last one ends."""
        first = border_after(self.van - timedelta(microseconds=1), "dag")
        last = start_of_day(day_of(self.tot)).astimezone(UTC)
        return perioden(first, last, "dag") if first < last else []

    @property
    def tijdvak(self) -> Tijdvak:
        """What is read for it. Also what is announced after it, for the list of announcements.

        People are counted until the day of V begins: what of V itself is to be said, the figures of V say.
        """
        midnight = start_of_day(day_of(self.nu)).astimezone(UTC)
        until = max(self.tot, midnight + YEAR_AHEAD + timedelta(days=2))
        last = min(self.tot, self.nu)
        stap: Tijdstap = next((stap for longest, stap in _STAPPEN if last - self.van <= longest), "maand")
        if last <= self.van:
            return Tijdvak(self.van, until, [], over=True)
        until_now = self.nu if stap == "uur" else midnight
        end = min(last, until_now)
        borders = perioden(self.van, end, stap) if self.van < end else []
        return Tijdvak(self.van, until, list(takewhile(lambda one: one < until_now, borders)), over=stap != "uur")


def periode(vraag: Periodevraag, nu: datetime) -> Periode:
    """Returns the period that is asked for, at V. Raises ProblemError 400 when it ends before it begins."""
    gekozen = None if vraag.van or vraag.tot else vraag.periode
    days = timedelta(days=VASTE[vraag.periode][1] or VASTE["kwartaal"][1])
    tot = vraag.tot or max(nu, vraag.van or nu) + min(days, AHEAD_SHOWN_MAX)
    van = vraag.van or ((start_of_day(day_of(min(nu, tot))) - days).astimezone(UTC) if gekozen != "alles" else EARLIEST)
    if tot - van < KORTST:
        raise invalid([Veldfout(veld="van", melding="moet minstens een uur vóór tot liggen")])
    return Periode(van, tot, nu, gekozen)


def periode_van_dagen(vraag: Periodevraag, nu: datetime) -> Periode:
    """Returns the period of a figure of whole days, which are over: until V, and not longer than two years.

    Raises ProblemError 400 when it ends before it begins.
    """
    asked = periode(vraag, nu)
    tot = min(asked.tot, nu)
    van = max(asked.van, tot - DAGEN_MAX * timedelta(days=1))
    if van >= tot:
        raise invalid([Veldfout(veld="van", melding="moet vóór nu liggen: van later is niets bekend")])
    vaste: Mapping[Vast, tuple[str, int]] = {naam: what for naam, what in VASTE.items() if naam != "alles"}
    return asked._replace(van=van, tot=tot, vaste=vaste)


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
