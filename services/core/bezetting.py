"""The state of every locatie at V, and its sums: aanwezig, plaatsen, bezettingsgraad, dekking (design §7)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from schemas.fields import AMSTERDAM
from services.core.registers import Registers, Winner

FRESHNESS_LIMIT = timedelta(hours=24)
"""A reading older than this no longer counts for `dekking`."""
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Plaatsen:
    """Places of one soort; 0 once geldigTot has passed."""

    aantal: int
    inzetbaar: int
    geldig_tot: datetime | None


@dataclass(frozen=True, slots=True)
class Maximum:
    """The limit in force on the people present. Euro; None where no penalty was set."""

    maximum: int
    grondslag: str
    geldig_vanaf: datetime
    geldig_tot: datetime | None
    dwangsom_per_dag: int | None
    dwangsom_plafond: int | None

    def holds_at(self, moment: datetime) -> bool:
        """From geldig_vanaf until (not including) geldig_tot."""
        return self.geldig_vanaf <= moment and (self.geldig_tot is None or moment < self.geldig_tot)


@dataclass(frozen=True, slots=True)
class Locatie:
    """A locatie at (V, K). None = not known; registered = its registration is known."""

    id: str
    registered: bool
    naam: str | None
    gemeente: str | None
    soort: str | None
    afgeschermd: bool
    """As registered at (V, K). Who may see its row is judged by what is known now, for any V and K (design §7)."""
    open: bool
    plaatsen: Mapping[str, Plaatsen]
    aanwezig: int | None
    peilmoment: datetime | None
    toegang: str | None
    maximum: Maximum | None

    @property
    def counts(self) -> bool:
        """It is registered and open: others count in no sum."""
        return self.registered and self.open

    @property
    def totaal_plaatsen(self) -> int | None:
        """Places of all soorten; None when no soort was ever written."""
        return sum(p.aantal for p in self.plaatsen.values()) if self.plaatsen else None

    @property
    def inzetbaar(self) -> int | None:
        """Usable places of all soorten; None when no soort was ever written."""
        return sum(p.inzetbaar for p in self.plaatsen.values()) if self.plaatsen else None

    @property
    def bezettingsgraad(self) -> float | None:
        """People present per usable place, unrounded; None when either is unknown or there are 0 places."""
        return self.aanwezig / self.inzetbaar if self.aanwezig is not None and self.inzetbaar else None

    @property
    def boven_capaciteit(self) -> bool:
        """More people than usable places, when both are known (also when there are 0 places)."""
        return self.aanwezig is not None and self.inzetbaar is not None and self.aanwezig > self.inzetbaar

    @property
    def boven_maximum(self) -> bool:
        """More people than the maximum in force."""
        return self.maximum is not None and self.aanwezig is not None and self.aanwezig > self.maximum.maximum


@dataclass(frozen=True, slots=True)
class Bezetting:
    """Sums over the open locaties of an area."""

    locaties: int
    aanwezig: int | None
    """People; None when no open locatie has a reading."""
    plaatsen: int
    inzetbaar: int
    """Places that are known, as is `plaatsen`: 0 over nothing."""
    bezettingsgraad: float | None
    """People per usable place, over those with a reading and known places only."""
    dekking: float | None
    """Share (0 to 1) of the usable places whose reading is fresh at V."""
    data_ouderdom_seconden: int | None
    """Age at V of the oldest reading that counts in `aanwezig`."""
    data_ouderdom_mediaan_seconden: int | None


def locaties(registers: Registers, valid_at: datetime) -> list[Locatie]:
    """Every locatie that anything is known of, even if only what others published, in order of id."""
    by_subject: dict[str, dict[str, Winner]] = {}
    for (subject, register), winner in registers.items():
        if subject.startswith("LOC-"):
            by_subject.setdefault(subject, {})[register] = winner
    return [_locatie(subject, by_subject[subject], valid_at) for subject in sorted(by_subject)]


def bezetting(counted: Iterable[Locatie], valid_at: datetime, limit: timedelta = FRESHNESS_LIMIT) -> Bezetting:
    """The sums over those of them that are registered and open. The ages are whole seconds, rounded down."""
    open_ones = [locatie for locatie in counted if locatie.counts]
    read = [locatie for locatie in open_ones if locatie.aanwezig is not None]
    both = [locatie for locatie in read if locatie.inzetbaar is not None]
    fresh = [locatie for locatie in read if locatie.peilmoment and valid_at - locatie.peilmoment <= limit]
    ages = [(valid_at - locatie.peilmoment) // _MICROSECOND for locatie in read if locatie.peilmoment]
    inzetbaar = _sum(locatie.inzetbaar for locatie in open_ones)
    return Bezetting(
        locaties=len(open_ones),
        aanwezig=_sum(locatie.aanwezig for locatie in read) if read else None,
        plaatsen=_sum(locatie.totaal_plaatsen for locatie in open_ones),
        inzetbaar=inzetbaar,
        bezettingsgraad=_ratio(_sum(loc.aanwezig for loc in both), _sum(loc.inzetbaar for loc in both)),
        dekking=_ratio(_sum(locatie.inzetbaar for locatie in fresh), inzetbaar),
        data_ouderdom_seconden=max(ages) // 1_000_000 if ages else None,
        data_ouderdom_mediaan_seconden=int(median(ages) // 1_000_000) if ages else None,
    )


@dataclass(frozen=True, slots=True)
class Overschrijding:
    """Days above one maximum. A day without a reading is in neither count: `dagen` is a lower bound."""

    dagen: int
    dagen_met_meting: int
    dwangsom: int | None
    """Euro: dagen × dwangsomPerDag, up to the plafond; None where no penalty was set."""
    plafond: int | None


def overschrijding(maximum: Maximum, readings: Iterable[tuple[datetime, int]]) -> Overschrijding:
    """Breach days of one maximum: Dutch calendar days with at least one reading above it (design §7).

    `readings` are (peilmoment, aanwezig); only those on which this maximum was in force are judged by it.
    """
    judged = [
        (moment.astimezone(AMSTERDAM).date(), present) for moment, present in readings if maximum.holds_at(moment)
    ]
    dagen = len({day for day, present in judged if present > maximum.maximum})
    dwangsom = None if maximum.dwangsom_per_dag is None else dagen * maximum.dwangsom_per_dag
    if dwangsom is not None and maximum.dwangsom_plafond is not None:
        dwangsom = min(dwangsom, maximum.dwangsom_plafond)
    return Overschrijding(dagen, len({day for day, _ in judged}), dwangsom, maximum.dwangsom_plafond)


def gepubliceerd(registers: Registers, subject: str) -> list[dict[str, Any]]:
    """What others published about a subject, newest first."""
    found = [
        winner.value | {"peildatum": winner.effective_at.astimezone(AMSTERDAM).date().isoformat()}
        for (owner, register), winner in registers.items()
        if owner == subject and register.startswith("gepubliceerd.")
    ]
    return sorted(found, key=lambda cijfer: (cijfer["peildatum"], cijfer["grootheid"], cijfer["bron"]), reverse=True)


def _locatie(subject: str, registers: Mapping[str, Winner], valid_at: datetime) -> Locatie:
    registratie = registers.get("registratie")
    about = registratie.value if registratie else {}
    aanwezig, toegang, opened = registers.get("aanwezig"), registers.get("toegang"), registers.get("open")
    return Locatie(
        id=subject,
        registered=registratie is not None,
        naam=about.get("naam"),
        gemeente=about.get("gemeente"),
        soort=about.get("soort"),
        afgeschermd=about.get("zichtbaarheid") == "afgeschermd",
        open=opened is not None and opened.value is True,
        plaatsen={
            register.removeprefix("plaatsen."): _plaatsen(registers[register], valid_at)
            for register in sorted(registers)
            if register.startswith("plaatsen.")
        },
        aanwezig=aanwezig.value if aanwezig else None,
        peilmoment=aanwezig.effective_at if aanwezig else None,
        toegang=toegang.value if toegang else None,
        maximum=_maximum(registers.get("maximum"), valid_at),
    )


def _plaatsen(winner: Winner, valid_at: datetime) -> Plaatsen:
    end = end_of(winner)
    if end is not None and end <= valid_at:
        return Plaatsen(0, 0, end)
    return Plaatsen(winner.value["aantal"], winner.value["inzetbaar"], end)


def _maximum(winner: Winner | None, valid_at: datetime) -> Maximum | None:
    if winner is None:
        return None
    end = end_of(winner)
    if end is not None and end <= valid_at:
        return None
    value = winner.value
    return Maximum(
        value["maximum"], value["grondslag"], winner.effective_at, end,
        value.get("dwangsomPerDag"), value.get("dwangsomPlafond"),
    )  # fmt: skip


def end_of(winner: Winner) -> datetime | None:
    """The first moment at which what was written is no longer valid."""
    tot = winner.value.get("geldigTot")
    return None if tot is None else datetime.fromisoformat(tot)


def _sum(numbers: Iterable[int | None]) -> int:
    return sum(number for number in numbers if number is not None)


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
