"""Which places count, and for how long they must be there: the rule by which naleving is judged.

A rule is a lens: it may be held against any moment, whenever it was set.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from schemas.fields import AMSTERDAM, OWN_RULE
from schemas.moments import NEVER, from_micros, micros, start_of_day
from services.core.delen import Bools, Ints
from services.core.dutch import dutch_day
from services.core.genoemd import telregel as genoemd
from services.core.locaties import SOORTEN
from services.core.registers import Register, Registers, Winner, moment_in
from services.core.standen import UNKNOWN
from services.core.values import TelregelValue

AMV = SOORTEN.index("amv")


@dataclass(frozen=True, slots=True)
class Cyclus:
    """A cycle of the Spreidingswet."""

    id: str
    raming: int
    geldig_vanaf: datetime
    """When its verdeelbesluiten begin to bind."""
    beschikbaar_tot_minstens: datetime
    meetellende_soorten: frozenset[str]
    volledig: bool
    """Whether all its opgaven and places are in the log. If not, what is known is a lower bound."""
    realiseren_voor: datetime | None
    """By when its opgaven must be realised; None: it has no term."""
    telregel: str | None
    """The rule that applies when none is asked for; None: its own."""


@dataclass(frozen=True, slots=True)
class Telregel:
    """A rule. None means that it makes no such demand."""

    naam: str
    omschrijving: str
    soorten: frozenset[str]
    beschikbaar_tot_minstens: datetime | None
    nog_minstens_maanden: int | None
    duur_minstens_maanden: int | None
    zonder_einddatum_telt: bool
    amv_apart: bool
    """Whether the part of the opgave for amv must be met on its own too."""
    termijn: bool
    """Whether the term of an opgave counts. If not, it is due at once."""

    @property
    def own(self) -> bool:
        """Whether it is the rule that a cyclus has of itself."""
        return self.naam == OWN_RULE

    @property
    def volledig(self) -> bool:
        """Whether it makes the two demands of the law: amv on its own, and how long a place must still be there."""
        return not self.niet_bekeken

    @property
    def niet_bekeken(self) -> list[str]:
        """What the law asks and this rule does not look at, in Dutch clauses."""
        looked_at = {
            "of er genoeg plaatsen voor alleenstaande minderjarigen (amv) zijn": self.amv_apart,
            "hoelang plaatsen na die dag nog blijven": self.nog_minstens_maanden is not None,
        }
        return [what for what, done in looked_at.items() if not done]

    def tellen(self, aantal: Ints, tot: Ints, vanaf: Ints, valid_at: datetime) -> Bools:
        """Says which places count at V. Each argument has a row for each soort, and a column for each locatie.

        Args:
            aantal: the places; UNKNOWN where never written.
            tot: when they end, in microseconds since 1970; NEVER where they do not.
            vanaf: since when they are there, in microseconds since 1970.
            valid_at: V.
        """
        wanted = np.array([soort in self.soorten for soort in SOORTEN])[:, np.newaxis]
        in_force: Bools = wanted & (aantal != UNKNOWN) & (tot > micros(valid_at))
        return in_force & np.where(tot == NEVER, self.zonder_einddatum_telt, self._lang_genoeg(tot, vanaf, valid_at))

    def te_kort(self, tot: datetime | None, vanaf: datetime, valid_at: datetime) -> str | None:
        """Says in Dutch why places with this end do not count at V; None when they last long enough."""
        if tot is None:
            return None if self.zonder_einddatum_telt else f"zonder einddatum: telt niet volgens {genoemd(self.naam)}"
        wanted = [self.beschikbaar_tot_minstens] if self.beschikbaar_tot_minstens is not None else []
        if self.nog_minstens_maanden is not None:
            wanted.append(maanden_later(valid_at, self.nog_minstens_maanden))
        if self.duur_minstens_maanden is not None:
            wanted.append(maanden_later(vanaf, self.duur_minstens_maanden))
        least = max(wanted, default=tot)
        if tot >= least:
            return None
        return f"beschikbaar tot {dutch_day(tot)}, korter dan {dutch_day(least)}"

    def telt_tot(self, tot: datetime) -> datetime | None:
        """Gives the moment from which places that end at `tot` no longer last long enough; None: until they end."""
        return None if self.nog_minstens_maanden is None else _last_day(tot, self.nog_minstens_maanden)

    def _lang_genoeg(self, tot: Ints, vanaf: Ints, valid_at: datetime) -> Bools:
        least = np.zeros_like(tot)
        if self.beschikbaar_tot_minstens is not None:
            least = np.maximum(least, micros(self.beschikbaar_tot_minstens))
        if self.nog_minstens_maanden is not None:
            least = np.maximum(least, micros(maanden_later(valid_at, self.nog_minstens_maanden)))
        if self.duur_minstens_maanden is not None:
            least = np.maximum(least, _each_later(vanaf, self.duur_minstens_maanden))
        enough: Bools = tot >= least
        return enough


class Maatstaf(NamedTuple):
    """By what gemeenten are judged."""

    cyclus: Cyclus | None
    """None when none is in force."""
    regel: Telregel | None
    """None when there is no cyclus, or when nobody set the rule that it names."""


class Gevraagd(NamedTuple):
    """By what to judge. None: the cyclus in force, and the rule that it names."""

    cyclus: str | None
    telregel: str | None


NIETS_GEVRAAGD = Gevraagd(None, None)


def maatstaf(registers: Registers, wanted: Gevraagd = NIETS_GEVRAAGD) -> Maatstaf:
    """By what gemeenten are judged at V."""
    found = cyclus_in_force(registers, wanted.cyclus)
    return Maatstaf(found, telregel_in_force(registers, found, wanted.telregel) if found else None)


def cyclus_in_force(registers: Registers, wanted: str | None = None) -> Cyclus | None:
    """The cyclus with the greatest id among those in force at V, or the one asked for; None when there is none."""
    found = {subject: winner for (subject, _), winner in Register.CYCLUS.among(registers) if wanted in (None, subject)}
    return _cyclus(max(found), found[max(found)]) if found else None


def vorige_cyclus(registers: Registers, cyclus: Cyclus) -> Cyclus | None:
    """The cyclus in force at V before this one; None when there is none."""
    before = {subject: winner for (subject, _), winner in Register.CYCLUS.among(registers) if subject < cyclus.id}
    return _cyclus(max(before), before[max(before)]) if before else None


def telregels(registers: Registers, cyclus: Cyclus) -> Mapping[str, Telregel]:
    """The rules of a cyclus by name, in order of name; its own rule first."""
    found = {
        Register.TELREGEL.parts(stored)[0]: winner.value
        for (subject, stored), winner in Register.TELREGEL.among(registers)
        if subject == cyclus.id
    }
    return {OWN_RULE: _own(cyclus)} | {naam: _telregel(naam, found[naam]) for naam in sorted(found)}


def namen_van_regels(registers: Registers, cyclus: Cyclus | None) -> list[str]:
    """The names of the rules that may be asked for: those of a cyclus, or of every one while none is in force."""
    if cyclus is not None:
        return list(telregels(registers, cyclus))
    found = {Register.TELREGEL.parts(stored)[0] for (_, stored), _ in Register.TELREGEL.among(registers)}
    return [OWN_RULE, *sorted(found)]


def telregel_in_force(registers: Registers, cyclus: Cyclus, wanted: str | None = None) -> Telregel | None:
    """The rule asked for, else the one that the cyclus names, else its own; None for a name that nobody set."""
    naam = wanted or cyclus.telregel or OWN_RULE
    if naam == OWN_RULE:
        return _own(cyclus)
    found = registers.get(Register.TELREGEL.key(cyclus.id, naam))
    return None if found is None else _telregel(naam, found.value)


def maanden_later(moment: datetime, maanden: int) -> datetime:
    """Gives 00:00 in Amsterdam of the Amsterdam day of a moment, that many months on.

    A day that its month does not have becomes the last of that month.
    """
    return start_of_day(_months_on(moment.astimezone(AMSTERDAM).date(), maanden))


@lru_cache(maxsize=65_536)
def _months_on(day: date, maanden: int) -> date:
    months = day.year * 12 + day.month - 1 + maanden
    year, month = months // 12, months % 12 + 1
    following = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=day.day - 1), following - timedelta(days=1))


def _last_day(tot: datetime, maanden: int) -> datetime:
    """The first midnight from which `maanden_later` lies after `tot`."""
    end = tot.astimezone(AMSTERDAM).date()
    day = _months_on(end, -maanden) + timedelta(days=4)  # A short month makes several days count as one.
    while start_of_day(_months_on(day, maanden)) > tot:
        day -= timedelta(days=1)
    return start_of_day(day + timedelta(days=1))


def _each_later(moments: Ints, maanden: int) -> Ints:
    distinct, which = np.unique(moments, return_inverse=True)
    later = [
        UNKNOWN if one == UNKNOWN else micros(maanden_later(from_micros(one), maanden)) for one in distinct.tolist()
    ]
    found: Ints = np.array(later, dtype=np.int64)[which].reshape(moments.shape)
    return found


def _cyclus(own_id: str, winner: Winner) -> Cyclus:
    value = winner.value
    return Cyclus(
        own_id,
        value["raming"],
        winner.effective_at,
        datetime.fromisoformat(value["beschikbaarTotMinstens"]),
        frozenset(value["meetellendeSoorten"]),
        value["volledig"],
        moment_in(value, "realiserenVoor"),
        value.get("telregel"),
    )


def _own(cyclus: Cyclus) -> Telregel:
    return Telregel(
        naam=OWN_RULE,
        omschrijving=f"de regel van cyclus {cyclus.id} zelf",
        soorten=cyclus.meetellende_soorten,
        beschikbaar_tot_minstens=cyclus.beschikbaar_tot_minstens,
        nog_minstens_maanden=None,
        duur_minstens_maanden=None,
        zonder_einddatum_telt=True,
        amv_apart=False,
        termijn=True,
    )


def _telregel(naam: str, value: TelregelValue) -> Telregel:
    return Telregel(
        naam=naam,
        omschrijving=value["omschrijving"],
        soorten=frozenset(value["meetellendeSoorten"]),
        beschikbaar_tot_minstens=moment_in(value, "beschikbaarTotMinstens"),
        nog_minstens_maanden=value.get("nogMinstensMaanden"),
        duur_minstens_maanden=value.get("duurMinstensMaanden"),
        zonder_einddatum_telt=value["zonderEinddatum"] == "telt",
        amv_apart=value["amvApart"],
        termijn=value["termijn"],
    )
