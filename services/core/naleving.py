"""Which gemeenten meet their opgave under the Spreidingswet at V, by the cyclus in force."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

import numpy as np

from schemas.moments import micros
from schemas.reference import Gemeente
from services.core.delen import Wetsdelen
from services.core.gemeenten import Indeling, indeling
from services.core.locaties import SOORTEN
from services.core.registers import Register, Registers, Winner, end_of
from services.core.standen import UNKNOWN, Standen

Klasse = Literal["voldoet", "gedeeltelijk", "voldoet niet", "geen opgave", "onbekend"]
KLASSEN: tuple[Klasse, ...] = get_args(Klasse)
"""The classes of naleving, in the order of the first parts of Wetsdelen."""
STATUSSEN = ("verdeelbesluit", "provinciaal", "indicatief")
"""The strongest first."""


@dataclass(frozen=True, slots=True)
class Cyclus:
    """The rule of a cycle of the Spreidingswet for which places count."""

    id: str
    raming: int
    geldig_vanaf: datetime
    beschikbaar_tot_minstens: datetime
    meetellende_soorten: frozenset[str]
    volledig: bool


@dataclass(frozen=True, slots=True)
class Opgave:
    """The strongest task known of a gemeente or provincie."""

    opgave: int
    status: str
    waarvan_amv: int | None


@dataclass(frozen=True, slots=True)
class GemeenteNaleving:
    """How a gemeente stands against its opgave. Places."""

    gemeente: Gemeente
    opgave: Opgave | None
    eigen: int
    ontvangen: int
    gegeven: int
    volledig: bool
    """Everything that decides is in the log; if not, its places are a lower bound."""
    toezicht: str | None
    """The latest step of supervision; None when there is none, or it ended."""

    @property
    def meetellend(self) -> int:
        """Places that count: its own, plus received, minus given."""
        return max(0, self.eigen + self.ontvangen - self.gegeven)

    @property
    def tekort(self) -> int | None:
        """Places short of the opgave; None when no opgave is known."""
        return None if self.opgave is None else max(0, self.opgave.opgave - self.meetellend)

    @property
    def naleving(self) -> Klasse:
        """Its class, one of KLASSEN."""
        return classify(self.opgave.opgave if self.opgave else None, self.meetellend, self.volledig)

    @property
    def delen(self) -> Wetsdelen[int]:
        """Its parts in a sum over gemeenten."""
        naleving, opgave = self.naleving, self.opgave
        return Wetsdelen(
            voldoet=int(naleving == "voldoet"),
            gedeeltelijk=int(naleving == "gedeeltelijk"),
            voldoet_niet=int(naleving == "voldoet niet"),
            geen_opgave=int(naleving == "geen opgave"),
            onbekend=int(naleving == "onbekend"),
            gemeenten=1,
            meetellend=self.meetellend,
            opgave=opgave.opgave if opgave else 0,
            opgave_bekend=int(opgave is not None),
            tekort=self.tekort or 0,
        )


def cyclus_in_force(registers: Registers, wanted: str | None = None) -> Cyclus | None:
    """The cyclus with the latest geldigVanaf ≤ V, or the one asked for; None when there is none."""
    found = {subject: winner for (subject, _), winner in Register.CYCLUS.among(registers) if wanted in (None, subject)}
    if not found:
        return None
    subject = max(found, key=lambda cyclus: (found[cyclus].effective_at, cyclus))
    value = found[subject].value
    return Cyclus(
        subject,
        value["raming"],
        found[subject].effective_at,
        datetime.fromisoformat(value["beschikbaarTotMinstens"]),
        frozenset(value["meetellendeSoorten"]),
        value["volledig"],
    )


def naleving(
    registers: Registers, stand: Standen, gemeenten: Sequence[Gemeente], valid_at: datetime, cyclus: Cyclus | None
) -> list[GemeenteNaleving]:
    """A row for every gemeente that exists at V, in order of code."""
    now = indeling(gemeenten, valid_at)
    return naleving_van(now.geldig, registers, stand, now, valid_at, cyclus)


def naleving_van(
    gemeenten: Iterable[Gemeente],
    registers: Registers,
    stand: Standen,
    now: Indeling,
    valid_at: datetime,
    cyclus: Cyclus | None,
) -> list[GemeenteNaleving]:
    """A row for each of these gemeenten. All registers and locaties that concern them must be given."""
    eigen, ontvangen, gegeven = Counter[str](), Counter[str](), Counter[str]()
    opgaven: dict[str, Opgave] = {}
    if cyclus is not None:
        eigen = _own_places(stand, now, cyclus, valid_at)
        ontvangen, gegeven = _transfers(registers, now, cyclus.id, valid_at)
        opgaven = _tasks(registers, now, cyclus)
    return [
        GemeenteNaleving(
            gemeente=gemeente,
            opgave=opgaven.get(gemeente.code),
            eigen=eigen[gemeente.code],
            ontvangen=ontvangen[gemeente.code],
            gegeven=gegeven[gemeente.code],
            volledig=cyclus is None or cyclus.volledig,
            toezicht=supervision(Register.TOEZICHT.get(registers, gemeente.code)),
        )
        for gemeente in gemeenten
    ]


def classify(opgave: int | None, meetellend: int, volledig: bool) -> Klasse:
    """The class of a gemeente. In an incomplete cyclus known places are a lower bound: only what is certain stands."""
    if opgave == 0 or (opgave is None and volledig):
        return "geen opgave"
    if opgave is not None and meetellend >= opgave:
        return "voldoet"
    if not volledig:
        return "onbekend"
    return "gedeeltelijk" if meetellend else "voldoet niet"


def opgave_of(registers: Registers, subject: str, cyclus: str) -> Opgave | None:
    """The strongest status known of a subject: verdeelbesluit, else provinciaal, else indicatief."""
    for status in STATUSSEN:
        if (winner := Register.OPGAVE.get(registers, subject, cyclus, status)) is not None:
            return Opgave(winner.value["opgave"], status, winner.value.get("waarvanAmv"))
    return None


def supervision(winner: Winner | None) -> str | None:
    """The step in force, None when there is none or supervision ended."""
    return None if winner is None or winner.value == "beëindigd" else str(winner.value)


def totalen(rows: Iterable[GemeenteNaleving]) -> dict[str, int]:
    """How many gemeenten in each class; together all that exist at V."""
    counted = Counter(row.naleving for row in rows)
    return {klasse: counted[klasse] for klasse in KLASSEN}


def _own_places(stand: Standen, now: Indeling, cyclus: Cyclus, valid_at: datetime) -> Counter[str]:
    own = stand.where(stand.telt)
    wanted = [SOORTEN.index(soort) for soort in cyclus.meetellende_soorten]
    aantal, tot = own.aantal[wanted], own.tot[wanted]
    counts = (aantal != UNKNOWN) & (tot > micros(valid_at)) & (tot >= micros(cyclus.beschikbaar_tot_minstens))
    sums = np.bincount(own.gemeente, np.where(counts, aantal, 0).sum(axis=0))  # floats, exact up to 2**53 places
    places: Counter[str] = Counter()
    for number in np.flatnonzero(sums):
        places[now.current(f"GM{number:04}")] += int(sums[number])
    return places


def _transfers(
    registers: Registers, now: Indeling, cyclus: str, valid_at: datetime
) -> tuple[Counter[str], Counter[str]]:
    received, given = Counter[str](), Counter[str]()
    for (giver, stored), winner in Register.OVERDRACHT.among(registers, cyclus):
        end = end_of(winner)
        if end is None or end > valid_at:
            _, receiver = Register.OVERDRACHT.parts(stored)
            given[now.current(giver)] += winner.value["aantal"]
            received[now.current(receiver)] += winner.value["aantal"]
    return received, given


def _tasks(registers: Registers, now: Indeling, cyclus: Cyclus) -> dict[str, Opgave]:
    """The opgave of each gemeente: its own, added to those of the gemeenten that merged into it.

    In an incomplete cyclus a sum with an unknown part says nothing: then there is no opgave.
    """
    known: dict[str, dict[str, Opgave]] = defaultdict(dict)
    for subject in {subject for (subject, _), _ in Register.OPGAVE.among(registers, cyclus.id)}:
        opgave = opgave_of(registers, subject, cyclus.id)
        if opgave is not None:
            known[now.current(subject)][subject] = opgave
    origins = {} if cyclus.volledig else now.origins(since=cyclus.geldig_vanaf)
    return {
        code: _added(list(parts.values()))
        for code, parts in known.items()
        if parts.keys() >= set(origins.get(code, ()))
    }


def _added(parts: list[Opgave]) -> Opgave:
    """Adds opgaven. The sum is as strong as its weakest part; its amv is known only when every part has one."""
    if len(parts) == 1:
        return parts[0]
    amv = [part.waarvan_amv for part in parts if part.waarvan_amv is not None]
    weakest = max(parts, key=lambda part: STATUSSEN.index(part.status)).status
    return Opgave(sum(part.opgave for part in parts), weakest, sum(amv) if len(amv) == len(parts) else None)
