"""Rules held against what is recorded: when each alarm would have gone off, and when it would have been over.

It takes the same steps as the live alarms (`overgang.stap`), as if somebody looked at every instant: wherever anything
changes and, in between, exactly where something has lasted for as long as a rule wants.
"""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from math import isnan, nan
from typing import NamedTuple

import numpy as np

from schemas.alarmregels import AlarmRegel
from schemas.data import Ernst
from schemas.moments import from_micros, micros
from schemas.reference import Gemeente
from services.core.alarms.alarmen import Status
from services.core.alarms.bewaakt import BEWAAKT, getoond
from services.core.alarms.bewaakt.declaratie import GeenVerleden, Periode, VanLocaties, VanNalevingen, Verleden
from services.core.alarms.bewaakt.vergelijking import Nalevingen
from services.core.alarms.overgang import Oordeel, oordelen, stap, wachttijd
from services.core.alarms.reeksen import Waardereeks, of_onderwerpen
from services.core.delen import STANDAARD, Floats, Grenzen, Ints
from services.core.history.sommen import stappen
from services.core.history.verloop import Verloop
from services.core.registers import LANDELIJK, Register

EPISODES_MAX = 10_000
"""The episodes of one rule that are kept. All are counted."""
_OORDELEN: Sequence[Oordeel] = ("voorbij", "ertussen", "terug", "onbekend", "weg")
_BEYOND, _BETWEEN, _BACK, _UNKNOWN, _GONE = range(len(_OORDELEN))
_NOTHING: Status = "hersteld"
_TOGETHER = 50_000
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Episode:
    """An alarm as it would have been, from its first transition to its end."""

    regel: str
    voor_regel: str | None
    """The rule that could not judge, when it is about a lack of data."""
    onderwerp: str
    ernst: Ernst
    overgangen: Sequence[tuple[Status, datetime]]
    waarde: float | str | None
    """What was seen when it went off, or began to wait."""
    uiterste: float | str | None
    """The worst that was seen beyond the threshold, or what a growing value came to. None: it was never known."""

    @property
    def sinds(self) -> datetime:
        """When it began."""
        return self.overgangen[0][1]

    @property
    def wachtend_sinds(self) -> datetime | None:
        """When it began to wait. None when it went off at once."""
        return self._first("wachtend")

    @property
    def actief_sinds(self) -> datetime | None:
        """When it went off. None when it never did."""
        return self._first("actief")

    @property
    def hersteld_op(self) -> datetime | None:
        """When it was over. None when it goes on."""
        return self._first("hersteld")

    def _first(self, wanted: Status) -> datetime | None:
        return next((moment for status, moment in self.overgangen if status == wanted), None)


class Uitkomst(NamedTuple):
    """What a rule would have done."""

    regel: AlarmRegel
    aantal: int
    """How often it went off."""
    duur: timedelta
    """How long there was an alarm, all alarms added up."""
    langste: timedelta
    alleen_gewacht: int
    """How often it stopped waiting before it went off."""
    wacht: int
    """The number of onderwerpen that it waits about at the end."""
    episodes: Sequence[Episode]
    """Those that went off, or wait at the end: the first EPISODES_MAX by when they began."""


def niet_te_toetsen(regels: Iterable[AlarmRegel]) -> list[tuple[str, str]]:
    """Returns (name, reason) of each rule whose past can't be told from the log."""
    found = ((regel.naam, _verleden(regel)) for regel in regels)
    return [(naam, verleden.reden) for naam, verleden in found if isinstance(verleden, GeenVerleden)]


def _verleden(regel: AlarmRegel) -> Verleden:
    return BEWAAKT[regel.grootheid].verleden


class Toets:
    """Rules, and what they would have done so far. They are shown the time from `van` until `tot` in parts.

    A rule that asks for it is followed by the one about its lack of data.
    """

    def __init__(
        self,
        regels: Iterable[AlarmRegel],
        table: Sequence[Gemeente],
        van: datetime,
        tot: datetime,
        afgeschermd: frozenset[str] = frozenset(),
        grenzen: Grenzen = STANDAARD,
        *,
        shows_all: bool = False,
    ) -> None:
        """`afgeschermd`: the locaties that not everybody may meet. `shows_all`: whether whoever asks may.

        `grenzen`: when a figure is not known.
        """
        self._regels = [regel for regel in regels if not isinstance(_verleden(regel), GeenVerleden)]
        self._grenzen = grenzen
        self._table, self._van, self._tot = table, van, tot
        self._afgeschermd, self._shows_all = afgeschermd, shows_all
        self._of = {
            regel.naam: [_VanRegel(one, self._soort) for one in (regel, regel.gebrek) if one is not None]
            for regel in self._regels
        }
        self._registraties: dict[str, list[tuple[int, Mapping[str, str]]]] = {}

    @property
    def terugblik(self) -> timedelta | None:
        """How long before `van` the part for `see_naleving` must begin. None: no rule needs it."""
        return max(
            (regel.terugblik for regel in self._regels if isinstance(_verleden(regel), VanNalevingen)), default=None
        )

    @property
    def leest_metingen(self) -> bool:
        """Whether any rule needs `see`."""
        return any(isinstance(_verleden(regel), VanLocaties) for regel in self._regels)

    def see(self, verloop: Verloop) -> None:
        """Looks at the next part of the time, for all locaties."""
        van, tot = micros(verloop.van), micros(verloop.tot)
        self._register(verloop)
        found = stappen(verloop, self._grenzen)
        of_everybody = of_onderwerpen(found, lambda own_id: own_id not in self._afgeschermd)
        shown = found if self._shows_all else of_everybody
        for regel in self._regels:
            verleden = _verleden(regel)
            if isinstance(verleden, VanLocaties):
                about = of_everybody if verleden.van_iedereen else shown
                if regel.onderwerpen and not verleden.van_iedereen:
                    about = of_onderwerpen(shown, set(regel.onderwerpen).__contains__)
                self._show(regel, verleden.reeks(regel, about, Periode(van, tot, self._grenzen)), tot)

    def see_naleving(self, verloop: Verloop) -> None:
        """Looks at all of it at once, from `terugblik` before `van` on. It needs no readings."""
        nalevingen = Nalevingen(verloop, self._table)
        for regel in self._regels:
            verleden = _verleden(regel)
            if isinstance(verleden, VanNalevingen):
                self._show(regel, verleden.reeks(nalevingen, regel, self._van), micros(self._tot))

    def outcome(self) -> list[Uitkomst]:
        """Returns what each rule that can be tested would have done. Ask once everything was seen."""
        return [one.outcome(micros(self._tot)) for regel in self._regels for one in self._of[regel.naam]]

    def _show(self, regel: AlarmRegel, reeks: Waardereeks, tot: int) -> None:
        for one in self._of[regel.naam]:
            one.see(reeks, tot)

    def naam(self, onderwerp: str) -> str | None:
        """Returns what an onderwerp is called at the end of what was seen."""
        if onderwerp == LANDELIJK:
            return "Nederland"
        if onderwerp in self._registraties:
            return self._registraties[onderwerp][-1][1]["naam"]
        return next((gemeente.naam for gemeente in self._table if gemeente.code == onderwerp), None)

    def _register(self, verloop: Verloop) -> None:
        for key, winner in chain(verloop.begin.items(), verloop.steps):
            if Register.of(key) is Register.REGISTRATIE:
                steps = self._registraties.setdefault(key[0], [])
                steps.append((micros(winner.effective_at), winner.value))
                steps.sort(key=_begin)

    def _soort(self, onderwerp: str, moment: int) -> str | None:
        steps = self._registraties.get(onderwerp, ())
        step = bisect_right(steps, moment, key=_begin) - 1
        return steps[step][1]["soort"] if step >= 0 else None


def _begin(step: tuple[int, Mapping[str, str]]) -> int:
    return step[0]


class _VanRegel:
    """What one rule would have done so far."""

    def __init__(self, regel: AlarmRegel, soort: Callable[[str, int], str | None]) -> None:
        self._regel, self._soort = regel, soort
        self._open: dict[str, _Lopend] = {}
        self._kept: list[_Lopend] = []
        self._last: int | None = None
        """When the last of those that are kept began, once there are enough. What began later need not be kept."""
        self._aantal, self._alleen_gewacht, self._duur, self._langste = 0, 0, 0, 0

    def see(self, reeks: Waardereeks, tot: int) -> None:
        """Looks at the next part."""
        for run in _runs(self._regel, reeks, tot, self._open.keys()):
            self._look(run, run.begin)
            lopend = self._open.get(run.onderwerp)
            if lopend is None:
                continue
            if run.oordeel == "voorbij":
                lopend.uiterste = self._worst(lopend.uiterste, run.uiterste)
            due = lopend.vol_op(wachttijd(self._regel, lopend.status) // _MICROSECOND)
            if due is not None and run.begin < due < run.until:
                self._look(run, due)

    def outcome(self, tot: int) -> Uitkomst:
        """Returns what it did, with the alarms that go on at the end."""
        for lopend in self._open.values():
            self._count(lopend, tot)
        waits = sum(lopend.actief_sinds is None for lopend in self._open.values())
        self._open = {}
        self._keep_first()
        episodes = [self._episode(lopend) for lopend in self._kept]
        duur, langste = (timedelta(microseconds=total) for total in (self._duur, self._langste))
        return Uitkomst(self._regel, self._aantal, duur, langste, self._alleen_gewacht, waits, episodes)

    def _look(self, run: "_Run", moment: int) -> None:
        lopend = self._open.get(run.onderwerp)
        status, held = (_NOTHING, 0) if lopend is None else (lopend.status, lopend.gewacht(moment))
        step = stap(self._regel, run.oordeel, status, timedelta(microseconds=held))
        if step is None:
            if lopend is not None:
                lopend.wacht(moment, bekend=run.oordeel != "onbekend")
            return
        if lopend is None:
            lopend = self._open[run.onderwerp] = _Lopend(run.onderwerp, [])
        goes_off = step == "actief" and lopend.actief_sinds is None
        if goes_off or not lopend.overgangen:
            lopend.waarde = run.at(moment)
        if goes_off:
            lopend.actief_sinds = moment
        lopend.overgangen.append((step, moment))
        lopend.telt_vanaf, lopend.gewacht_tot_nu = moment, 0
        if step == "hersteld":
            del self._open[run.onderwerp]
            self._count(lopend, moment)

    def _worst(self, one: float, other: float) -> float:
        if isnan(one) or isnan(other):
            return other if isnan(one) else one
        return max(one, other) if self._regel.richting == "boven" else min(one, other)

    def _count(self, lopend: "_Lopend", end: int) -> None:
        """Counts an alarm that is over, or that goes on at the very end."""
        began = lopend.actief_sinds
        if began is not None:
            self._aantal += 1
            self._duur += end - began
            self._langste = max(self._langste, end - began)
        elif lopend.overgangen[-1][0] == "hersteld":  # It stopped waiting before it went off.
            self._alleen_gewacht += 1
            return
        if self._last is None or lopend.sinds <= self._last:
            self._kept.append(lopend)
            if len(self._kept) >= 2 * EPISODES_MAX:
                self._keep_first()

    def _keep_first(self) -> None:
        self._kept = sorted(self._kept, key=lambda lopend: (lopend.sinds, lopend.onderwerp))[:EPISODES_MAX]
        self._last = self._kept[-1].sinds if len(self._kept) == EPISODES_MAX else None

    def _episode(self, lopend: "_Lopend") -> Episode:
        regel = self._regel
        soort = self._soort(lopend.onderwerp, lopend.sinds)
        steps = [(status, from_micros(moment)) for status, moment in lopend.overgangen]
        waarde, uiterste = (getoond(regel, value) for value in (lopend.waarde, lopend.uiterste))
        ernst = regel.ernst_bij(soort)
        return Episode(regel.alarmnaam, regel.voor_regel, lopend.onderwerp, ernst, steps, waarde, uiterste)


@dataclass(slots=True)
class _Lopend:
    """An alarm under way."""

    onderwerp: str
    overgangen: list[tuple[Status, int]]
    actief_sinds: int | None = None
    waarde: float = nan
    uiterste: float = nan
    telt_vanaf: int | None = None
    """From when the time in its status counts. None while the value is not known: then none of it counts."""
    gewacht_tot_nu: int = 0
    """The time in its status that counted before `telt_vanaf`; all of it while that is None."""

    @property
    def status(self) -> Status:
        """The status that it is in."""
        return self.overgangen[-1][0]

    def gewacht(self, moment: int) -> int:
        """Returns how long the cause of its status has lasted."""
        return self.gewacht_tot_nu + (0 if self.telt_vanaf is None else moment - self.telt_vanaf)

    def vol_op(self, wachttijd: int) -> int | None:
        """Returns when its wait is over; None while its time stands still."""
        return None if self.telt_vanaf is None else self.telt_vanaf + wachttijd - self.gewacht_tot_nu

    def wacht(self, moment: int, *, bekend: bool) -> None:
        """Stops the time in its status, or lets it go on."""
        if bekend and self.telt_vanaf is None:
            self.telt_vanaf = moment
        elif not bekend and self.telt_vanaf is not None:
            self.gewacht_tot_nu, self.telt_vanaf = self.gewacht(moment), None

    @property
    def sinds(self) -> int:
        """When it began."""
        return self.overgangen[0][1]


class _Run(NamedTuple):
    """A time in which a rule judges an onderwerp the same."""

    onderwerp: str
    oordeel: Oordeel
    begin: int
    until: int
    uiterste: float
    """The worst value in it."""
    reeks: Waardereeks
    rows: slice
    """Its rows in the series."""

    def at(self, moment: int) -> float:
        """Returns the value at a moment within it."""
        if moment == self.begin:
            return self.reeks.at(self.rows.start, moment)
        row = self.rows.start + int(np.searchsorted(self.reeks.moment[self.rows], moment, "right")) - 1
        return self.reeks.at(row, moment)


def _runs(regel: AlarmRegel, reeks: Waardereeks, tot: int, still: Collection[str]) -> Iterator[_Run]:
    """Yields the runs of each onderwerp that is beyond the threshold at any time, or still an alarm (`still`)."""
    if not len(reeks.moment):
        return
    beyond, between, back = oordelen(regel, reeks.waarde)
    code = np.select([~reeks.er, beyond, between, back], [_GONE, _BEYOND, _BETWEEN, _BACK], _UNKNOWN)
    changes = (reeks.nummer[1:] != reeks.nummer[:-1]) | (code[1:] != code[:-1])
    starts = np.flatnonzero(np.append(True, changes))
    stops = np.append(starts[1:], len(code))
    until = reeks.until(tot)
    concerned = np.array([onderwerp in still for onderwerp in reeks.onderwerpen], dtype=np.bool_)
    concerned[reeks.nummer[code == _BEYOND]] = True
    wanted = np.flatnonzero(concerned[reeks.nummer[starts]])
    worst_of = _worst_of(regel, reeks, until, starts)
    columns = (reeks.nummer[starts], code[starts], reeks.moment[starts], until[stops - 1], worst_of, starts, stops)
    for first in range(0, len(wanted), _TOGETHER):  # Python's own numbers take five times the room.
        some = wanted[first : first + _TOGETHER]
        for number, judged, begin, end, worst, start, stop in zip(*(c[some].tolist() for c in columns), strict=True):
            yield _Run(reeks.onderwerpen[number], _OORDELEN[judged], begin, end, worst, reeks, slice(start, stop))


def _worst_of(regel: AlarmRegel, reeks: Waardereeks, until: Ints, starts: Ints) -> Floats:
    """Returns the worst value of each run. A growing value is at its most where the run ends."""
    if regel.richting == "onder":
        return np.fmin.reduceat(reeks.waarde, starts)
    grown = (
        reeks.waarde if reeks.sinds is None else np.where(np.isnan(reeks.waarde), np.nan, (until - reeks.sinds) / 1e6)
    )
    return np.fmax.reduceat(grown, starts)
