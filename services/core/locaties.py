"""The state of every locatie at V, as the registers say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from schemas.data import PlaatsSoort
from schemas.moments import NEVER
from services.core import delen
from services.core.beschikbaar import er_sinds
from services.core.delen import Bekend, Delen
from services.core.registers import Register, Registers, SubjectKind, Winner, end_of


@dataclass(frozen=True, slots=True)
class Plaatsen:
    """Places of one soort. They are 0 once geldigTot has passed."""

    aantal: int
    inzetbaar: int
    geldig_tot: datetime | None
    beschikbaar_vanaf: datetime
    """Since when these places are there."""


@dataclass(frozen=True, slots=True)
class Maximum:
    """The limit in force on the people present. Penalties are in euro; None where none was set."""

    maximum: int
    grondslag: str
    geldig_vanaf: datetime
    geldig_tot: datetime | None
    dwangsom_per_dag: int | None
    dwangsom_plafond: int | None

    def holds_at(self, moment: datetime) -> bool:
        """Whether it is in force: from geldig_vanaf until, and not including, geldig_tot."""
        return self.geldig_vanaf <= moment and (self.geldig_tot is None or moment < self.geldig_tot)


@dataclass(frozen=True, slots=True)
class Locatie:
    """A locatie at (V, K). None means not known. It is `registered` when its registration is known."""

    id: str
    registered: bool
    naam: str | None
    gemeente: str | None
    soort: str | None
    afgeschermd: bool
    """As registered at (V, K). Who may see its row is judged by what is known now, for any V and K."""
    open: bool
    gesloten_op: datetime | None
    """When it closed; None when it is open, or when nothing was ever said about that."""
    plaatsen: Mapping[str, Plaatsen]
    aanwezig: int | None
    peilmoment: datetime | None
    toegang: str | None
    maximum: Maximum | None

    @property
    def counts(self) -> bool:
        """Whether it is registered and open. Other locaties count in no sum."""
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
    def delen(self) -> Delen[int]:
        """Its parts by itself, open or not. Nothing in them is fresh: that depends on V."""
        return delen.per_locatie(
            Bekend(
                telt=True,
                gesloten=False,
                gemeten=self.aanwezig is not None,
                geplaatst=bool(self.plaatsen),
                leeftijd=NEVER,
                leeftijd_bij_sluiting=NEVER,
                aanwezig=self.aanwezig or 0,
                plaatsen=self.totaal_plaatsen or 0,
                inzetbaar=self.inzetbaar or 0,
            )
        )

    @property
    def bezettingsgraad(self) -> float | None:
        """People present per usable place, unrounded; None when either is unknown or there are 0 places."""
        found: float | None = delen.nu(delen.bezettingsgraad_gemeten, self.delen)
        return found

    @property
    def vrij(self) -> int | None:
        """Usable places that are free; below 0: people without one. None when either is unknown."""
        found: int | None = delen.nu(delen.vrij_van_locatie, self.delen)
        return found

    @property
    def boven_capaciteit(self) -> bool:
        """Whether more people than usable places are known to be there. With 0 places one person is enough."""
        return self.aanwezig is not None and self.inzetbaar is not None and self.aanwezig > self.inzetbaar

    @property
    def boven_maximum(self) -> bool:
        """Whether there are more people than the maximum in force."""
        return self.maximum is not None and self.aanwezig is not None and self.aanwezig > self.maximum.maximum


SOORTEN: tuple[str, ...] = get_args(PlaatsSoort)
_REGISTRATIE, _OPEN, _AANWEZIG = Register.REGISTRATIE.stored(), Register.OPEN.stored(), Register.AANWEZIG.stored()
_TOEGANG, _MAXIMUM = Register.TOEGANG.stored(), Register.MAXIMUM.stored()
_PLAATSEN = {Register.PLAATSEN.stored(soort): soort for soort in sorted(SOORTEN)}
_REGISTERS = (_REGISTRATIE, _OPEN, _AANWEZIG, _TOEGANG, _MAXIMUM, *_PLAATSEN)


def locatie(registers: Registers, own_id: str, valid_at: datetime) -> Locatie:
    """Gives a locatie, even when nothing is known of it."""
    return _locatie(
        own_id, {name: registers[own_id, name] for name in _REGISTERS if (own_id, name) in registers}, valid_at
    )


def writes_of(registers: Registers, own_id: str) -> tuple[str, ...]:
    """Gives the ids of the events that a locatie follows from: as long as these stay, so does it, but for what ends."""
    return tuple(registers[own_id, name].event_id for name in _REGISTERS if (own_id, name) in registers)


def locaties(registers: Registers, valid_at: datetime) -> list[Locatie]:
    """Gives every locatie that anything is known of, in order of id. A figure that others published is enough."""
    by_subject: dict[str, dict[str, Winner]] = {}
    start = SubjectKind.LOCATIE.value  # A call of `holds` for each register takes twice as long.
    for (subject, register), winner in registers.items():
        if subject.startswith(start):
            by_subject.setdefault(subject, {})[register] = winner
    return [_locatie(subject, by_subject[subject], valid_at) for subject in sorted(by_subject)]


def _locatie(subject: str, registers: Mapping[str, Winner], valid_at: datetime) -> Locatie:
    registratie = registers.get(_REGISTRATIE)
    about = registratie.value if registratie else {}
    aanwezig, toegang, opened = registers.get(_AANWEZIG), registers.get(_TOEGANG), registers.get(_OPEN)
    return Locatie(
        id=subject,
        registered=registratie is not None,
        naam=about.get("naam"),
        gemeente=about.get("gemeente"),
        soort=about.get("soort"),
        afgeschermd=about.get("zichtbaarheid") == "afgeschermd",
        open=opened is not None and opened.value is True,
        gesloten_op=opened.effective_at if opened is not None and opened.value is False else None,
        plaatsen={
            soort: _plaatsen(registers[name], valid_at) for name, soort in _PLAATSEN.items() if name in registers
        },
        aanwezig=aanwezig.value if aanwezig else None,
        peilmoment=aanwezig.effective_at if aanwezig else None,
        toegang=toegang.value if toegang else None,
        maximum=_maximum(registers.get(_MAXIMUM), valid_at),
    )


def _plaatsen(winner: Winner, valid_at: datetime) -> Plaatsen:
    end, since = end_of(winner), er_sinds(winner)
    if end is not None and end <= valid_at:
        return Plaatsen(0, 0, end, since)
    return Plaatsen(winner.value["aantal"], winner.value["inzetbaar"], end, since)


def _maximum(winner: Winner | None, valid_at: datetime) -> Maximum | None:
    if winner is None:
        return None
    end = end_of(winner)
    if end is not None and end <= valid_at:
        return None
    value = winner.value
    return Maximum(
        value["maximum"],
        value["grondslag"],
        winner.effective_at,
        end,
        value.get("dwangsomPerDag"),
        value.get("dwangsomPlafond"),
    )
