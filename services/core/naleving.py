"""Which gemeenten meet their opgave under the Spreidingswet at V, by the cyclus in force and a rule of what counts."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple, get_args

import numpy as np

from schemas.data import Toezichtstap
from schemas.reference import Gemeente
from services.core.delen import Wetsdelen, uit_verhouding
from services.core.dutch import dutch_day
from services.core.gemeenten import Indeling, indeling
from services.core.genoemd import telregel as genoemd
from services.core.once import once
from services.core.opgaven import Besluit, Opgave, besluit_of, getoond
from services.core.overdrachten import Toezegging, gedekt, overgedragen
from services.core.registers import Registers
from services.core.standen import Standen
from services.core.stap import Stap, laatste_stap
from services.core.telregel import AMV, Cyclus, Maatstaf, Telregel

Klasse = Literal["voldoet", "gedeeltelijk", "voldoet niet", "geen opgave", "termijn loopt", "opgeschort", "onbekend"]
KLASSEN: tuple[Klasse, ...] = get_args(Klasse)
"""The classes of naleving, in the order of the first parts of Wetsdelen."""

NIET_NAGEKOMEN: frozenset[Klasse] = frozenset({"gedeeltelijk", "voldoet niet"})
"""The classes of a gemeente that does not do what it must, as far as is known."""
AMV_OPGAVE_ONBEKEND = "amv-opgave onbekend"
"""Why the class or the tekort of a gemeente is not known by a rule that asks for places for amv apart."""


class Oordeel(NamedTuple):
    """A class, and why the answer is no plainer; an empty reason where it is plain."""

    klasse: Klasse
    reden: str = ""


@dataclass(frozen=True)
class GemeenteNaleving:
    """How a gemeente stands against its opgave at V. Places. What follows from its parts is computed once."""

    gemeente: Gemeente
    maatstaf: Maatstaf
    op: datetime
    """V."""
    opgave: Opgave | None
    """The task that is shown, whatever its status."""
    besluit: Besluit | None
    """The verdeelbesluit by which it is judged."""
    eigen: int
    amv: int
    """Own places for amv, which are among `eigen`."""
    gegeven: int
    ontvangen: int
    ongedekt: int
    """Promised to others, without places of its own to cover it."""
    stap: Stap | None
    """The latest step of supervision, also when that ended it; None when none is known."""
    inwoners: int
    """Its inhabitants at the one date of the table of gemeenten."""

    @property
    def toezicht(self) -> Toezichtstap | None:
        """The step of supervision in force; None when there is none, or it ended."""
        return self.stap.stap if self.stap is not None and self.stap.loopt else None

    @property
    def geteld(self) -> bool:
        """Whether there is a rule to count its places by. Without one the numbers of places mean nothing."""
        return self.maatstaf.regel is not None

    @property
    def amv_apart(self) -> bool:
        """Whether the rule asks for places for amv apart."""
        return self.maatstaf.regel is not None and self.maatstaf.regel.amv_apart

    @property
    def volledig(self) -> bool:
        """Whether all opgaven and places of the cyclus are known. Without a cyclus they are not."""
        return self.maatstaf.cyclus is not None and self.maatstaf.cyclus.volledig

    @once
    def meetellend(self) -> int:
        """Places that count: its own, minus given, plus received."""
        return self.eigen - self.gegeven + self.ontvangen

    @once
    def oordeel(self) -> Oordeel:
        """Its class, and why it is no plainer."""
        return _judged(self)

    @property
    def naleving(self) -> Klasse:
        """Its class."""
        return self.oordeel.klasse

    @property
    def reden(self) -> str | None:
        """Why its class is `onbekend`, `opgeschort` or `termijn loopt`; None for the other classes."""
        return self.oordeel.reden or None

    @once
    def tekort(self) -> int | None:
        """Places short of the opgave; None when that can't be said."""
        klasse = self.naleving
        if klasse == "geen opgave":
            return 0
        if klasse in ("onbekend", "opgeschort") or self._amv_opgave_onbekend:
            return None
        return self._short

    @property
    def tekort_hoogstens(self) -> int | None:
        """The most that it can be short, where `tekort` is None; None also without a verdeelbesluit."""
        return None if self.besluit is None or self.tekort is not None else self._short

    @property
    def tekort_minstens(self) -> int | None:
        """The least that it can be short, where `tekort` is None; None also without a verdeelbesluit."""
        if self.besluit is None or self.tekort is not None:
            return None
        settled = self.naleving not in ("onbekend", "opgeschort")
        return max(0, self.besluit.opgave - self.meetellend) if settled else 0

    @property
    def tekort_wacht_op_amv(self) -> bool:
        """Whether its tekort also rests on an amv number that the verdeelbesluit does not give."""
        return self.tekort is None and self.naleving not in ("onbekend", "opgeschort")

    @property
    def waarom_geen_tekort(self) -> str | None:
        """Why its tekort can't be said; None when it can."""
        if self.tekort is not None:
            return None
        return AMV_OPGAVE_ONBEKEND if self.tekort_wacht_op_amv else self.reden

    @once
    def delen(self) -> Wetsdelen[int]:
        """Its parts in a sum over gemeenten."""
        klasse, tekort, hoogstens = self.naleving, self.tekort, self.tekort_hoogstens
        minstens = self.tekort_minstens if tekort is None else tekort
        return Wetsdelen(
            voldoet=int(klasse == "voldoet"),
            gedeeltelijk=int(klasse == "gedeeltelijk"),
            voldoet_niet=int(klasse == "voldoet niet"),
            geen_opgave=int(klasse == "geen opgave"),
            termijn_loopt=int(klasse == "termijn loopt"),
            opgeschort=int(klasse == "opgeschort"),
            onbekend=int(klasse == "onbekend"),
            gemeenten=1,
            geteld=int(self.geteld),
            meetellend=self.meetellend,
            opgave=self.opgave.opgave if self.opgave else 0,
            opgave_bekend=int(self.opgave is not None),
            verdeeld=self.besluit.opgave if self.besluit else 0,
            verdeeld_open=int(self.besluit is None and not self.volledig),
            tekort_minstens=minstens or 0,
            tekort_open=int(tekort is None and klasse != "opgeschort"),
            tekort_hoogstens=(hoogstens or 0) if tekort is None else tekort,
            hoogstens_open=int(tekort is None and hoogstens is None),
            onvolledig=int(not self.volledig),
            inwoners=self.inwoners,
            uit_verhouding=0,
        )

    @property
    def _amv_opgave_onbekend(self) -> bool:
        return self.amv_apart and self.besluit is not None and self.besluit.waarvan_amv is None

    @property
    def _short(self) -> int:
        """Places short of the verdeelbesluit; at most, when it does not say how many of them are for amv."""
        if self.besluit is None:
            return 0
        short = max(0, self.besluit.opgave - self.meetellend)
        if self.amv_apart:
            amv = self.besluit.opgave if self.besluit.waarvan_amv is None else self.besluit.waarvan_amv
            short = max(short, amv - self.amv)
        return short


def naleving(
    registers: Registers, stand: Standen, gemeenten: Sequence[Gemeente], valid_at: datetime, maatstaf: Maatstaf
) -> list[GemeenteNaleving]:
    """A row for every gemeente that exists at V, in order of code."""
    now = indeling(gemeenten, valid_at)
    return naleving_van(now.geldig, registers, stand, now, valid_at, maatstaf)


def naleving_van(
    gemeenten: Iterable[Gemeente],
    registers: Registers,
    stand: Standen,
    now: Indeling,
    valid_at: datetime,
    maatstaf: Maatstaf,
) -> list[GemeenteNaleving]:
    """A row for each of these gemeenten.

    All registers and locaties that concern them must be given, and those of the gemeenten that give them places.
    """
    cyclus, regel = maatstaf
    eigen, amv = Counter[str](), Counter[str]()
    if regel is not None:
        eigen, amv = eigen_plaatsen(stand, now, regel, valid_at)
    te_geven = {code: many - amv[code] for code, many in eigen.items()}
    given = overgedragen(registers, now, cyclus.id if cyclus and regel else "", valid_at, te_geven)
    rows = []
    for gemeente in gemeenten:
        code = gemeente.code
        besluit = besluit_of(registers, code, now, cyclus, valid_at) if cyclus else None
        rows.append(
            GemeenteNaleving(
                gemeente=gemeente,
                maatstaf=maatstaf,
                op=valid_at,
                opgave=getoond(registers, code, now, cyclus, besluit) if cyclus else None,
                besluit=besluit,
                eigen=eigen[code],
                amv=amv[code],
                gegeven=given.gegeven[code],
                ontvangen=given.ontvangen[code],
                ongedekt=given.ongedekt[code],
                stap=laatste_stap(registers, code, now),
                inwoners=now.inwoners(code),
            )
        )
    return rows


def toezeggingen(
    registers: Registers, now: Indeling, valid_at: datetime, maatstaf: Maatstaf, rows: Iterable[GemeenteNaleving]
) -> Iterator[Toezegging]:
    """The promises in force at V, each with how much of it is covered. `rows`: all gemeenten at V."""
    if maatstaf.cyclus is None or maatstaf.regel is None:
        return iter(())
    te_geven = {row.gemeente.code: row.eigen - row.amv for row in rows}
    return gedekt(registers, now, maatstaf.cyclus.id, valid_at, te_geven)


def onder_toezicht(rows: Iterable[GemeenteNaleving]) -> int | None:
    """How many gemeenten are under supervision; None when no step is known of any."""
    steps = [row.toezicht for row in rows if row.stap is not None]
    return sum(step is not None for step in steps) if steps else None


class Wetstand(NamedTuple):
    """Gemeenten together."""

    rijen: Sequence[GemeenteNaleving]
    delen: Wetsdelen[int]
    """Their parts, added."""


class Provinciestand(NamedTuple):
    """A provincie."""

    opgave: Opgave | None
    """Its own, which is not the sum of those of its gemeenten."""
    delen: Wetsdelen[int]
    """The parts of its gemeenten, added."""


def wetstand(rows: Sequence[GemeenteNaleving]) -> Wetstand:
    """Takes gemeenten together."""
    return Wetstand(rows, opgeteld(rows))


def opgeteld(rows: Iterable[GemeenteNaleving]) -> Wetsdelen[int]:
    """The parts of gemeenten, added together."""
    parts = [row.delen for row in rows]
    places, tasks = np.array([(one.meetellend, one.verdeeld) for one in parts], dtype=np.int64).reshape(-1, 2).T
    return Wetsdelen(*map(sum, zip(Wetsdelen(*[0] * len(Wetsdelen._fields)), *parts, strict=True)))._replace(
        uit_verhouding=int(uit_verhouding(places, tasks))
    )


def totalen(rows: Iterable[GemeenteNaleving]) -> dict[Klasse, int]:
    """How many gemeenten in each class; together all that exist at V."""
    return dict(zip(KLASSEN, opgeteld(rows), strict=False))


def _judged(row: GemeenteNaleving) -> Oordeel:
    """The first that holds: what keeps it from being judged, then what its places say."""
    (cyclus, regel), besluit = row.maatstaf, row.besluit
    if cyclus is None:
        return Oordeel("onbekend", "geen cyclus van kracht")
    if regel is None:
        return Oordeel("onbekend", f"{genoemd(cyclus.telregel)} is niet vastgesteld")
    if besluit is None and not cyclus.volledig:
        return Oordeel("onbekend", "geen verdeelbesluit bekend")
    if besluit is None or besluit.opgave == 0:
        return Oordeel("geen opgave")
    if not besluit.bindt:
        return Oordeel("opgeschort", besluit.stand if besluit.zaak is None else f"{besluit.stand} ({besluit.zaak})")
    return _by_places(row, cyclus, regel, besluit)


def _by_places(row: GemeenteNaleving, cyclus: Cyclus, regel: Telregel, besluit: Besluit) -> Oordeel:
    if row.meetellend >= besluit.opgave:
        if regel.amv_apart and besluit.waarvan_amv is None:
            return Oordeel("onbekend", AMV_OPGAVE_ONBEKEND)
        if not regel.amv_apart or row.amv >= (besluit.waarvan_amv or 0):
            return Oordeel("voldoet")
    if not cyclus.volledig:
        return Oordeel("onbekend", "niet alle plaatsen zijn bekend")
    if regel.termijn and besluit.realiseren_voor is not None and row.op < besluit.realiseren_voor:
        return Oordeel("termijn loopt", f"te realiseren vóór {dutch_day(besluit.realiseren_voor)}")
    return Oordeel("gedeeltelijk" if row.meetellend else "voldoet niet")


def eigen_plaatsen(
    stand: Standen, now: Indeling, regel: Telregel, valid_at: datetime
) -> tuple[Counter[str], Counter[str]]:
    """The counted places in each gemeente: all of them, and those for amv."""
    own = stand.where(stand.telt)
    counted = np.where(regel.tellen(own.aantal, own.tot, own.vanaf, valid_at), own.aantal, 0)
    together, amv = Counter[str](), Counter[str]()
    for found, places in ((together, counted.sum(axis=0)), (amv, counted[AMV])):
        sums = np.bincount(own.gemeente, places)  # floats, exact up to 2**53 places
        for number in np.flatnonzero(sums):
            found[now.current(f"GM{number:04}")] += int(sums[number])
    return together, amv
