"""The live view that the rules look at, and how the values that they see in it are held.

A value is a number in the unit of what is watched: people, seconds, a regime's place in REGIMES. NaN means that it is
not known, which is neither trouble nor the end of trouble. An onderwerp that is not there, such as a closed locatie,
has no value at all, and so no alarm.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from typing import NamedTuple

import numpy as np

from services.core.bezetting import Bezetting, Overschrijding
from services.core.delen import STANDAARD, Floats, Grenzen
from services.core.history.vooruit import Vooruit
from services.core.naleving import GemeenteNaleving
from services.core.registers import LANDELIJK, Register, Registers
from services.core.standen import Standen


class Uitzoekwerk(Enum):
    """Work that takes longer than a look at the live view may take.

    services/reads/uitzoeken.py finds it out, for the alarms in the background.
    """

    ONTVANGST = auto()
    """When the last event came in."""
    TEKORT = auto()
    """When the known usable places fall below the people who are present now."""
    NALEVINGEN_TOEN = auto()
    """The class of each gemeente as long ago as a rule looks back."""
    ACHTERHAALD = auto()
    """Which of our published figures have changed since."""
    AFWIJKENDE_PUBLICATIES = auto()
    """How far our figures are from what others published."""
    TERUGBLIK = auto()
    """When each gemeente complied last."""
    VOORUIT = auto()
    """Until when each gemeente that complies has places enough."""
    ONVERWERKBAAR = auto()
    """The share of the events of the last hour that could not be processed."""


class Achterhaald(NamedTuple):
    """A figure of ours that was recorded as published, and has changed since or can't be stated any more."""

    grootheid: str
    peildatum: str
    vastgelegd: float
    nu: float | None
    """None: it can't be stated now, so nobody knows whether it still holds."""


class Afwijkend(NamedTuple):
    """A figure that others published, beside ours for the same date."""

    grootheid: str
    bron: str
    peildatum: str
    gepubliceerd: float
    onze: float | None
    """None: not known, or not to be compared."""
    nauwkeurigheid: str
    """How exact theirs was: exact, ongeveer, minstens or hoogstens."""

    @property
    def aandeel(self) -> float:
        """How far ours is from theirs, as a share of theirs; NaN where ours is not known.

        What was said to be at least or at most so much deviates only past that.
        """
        if self.onze is None:
            return np.nan
        apart = self.onze - self.gepubliceerd
        if self.nauwkeurigheid == "minstens":
            apart = min(0, apart)
        elif self.nauwkeurigheid == "hoogstens":
            apart = max(0, apart)
        if not apart:
            return 0.0
        return abs(apart) / abs(self.gepubliceerd) if self.gepubliceerd else np.inf


class Terugblik(NamedTuple):
    """When a gemeente complied last and when that was not known last, as far as was looked back.

    Each is the end of a time, which may be to come; None: there was none.
    """

    voldeed_tot: datetime | None = None
    onbekend_tot: datetime | None = None


@dataclass(frozen=True, slots=True)
class Uitgezocht:
    """What was found out a moment ago. None: not known, or not known yet."""

    laatste_ontvangst: datetime | None = None
    """When the last event came in."""
    tekort_vanaf: datetime | None = None
    """When the known usable places fall below the people who are present now."""
    tekort_bekend: bool = False
    """False when nobody's presence is known, so that a shortage can't be told."""
    nalevingen_toen: Mapping[float, Mapping[str, str]] = field(default_factory=dict)
    """Terugblik in seconds → the class of each gemeente so long ago, under the cyclus of now."""
    terugblik: Mapping[str, Terugblik] | None = None
    """Code of each gemeente → when it complied last, as far back as any rule looks."""
    vooruit: Mapping[str, Vooruit] | None = None
    """Code of each gemeente that complies → until when it has places enough, as far ahead as any rule looks."""
    achterhaald: Mapping[str, Sequence[Achterhaald]] | None = None
    """Onderwerp → its figures that changed since or can't be stated. It holds every onderwerp with recorded ones."""
    afwijkend: Mapping[str, Sequence[Afwijkend]] | None = None
    """Onderwerp → the last that others published of each figure. It holds every onderwerp of which anybody did."""
    aandeel_onverwerkbaar: float | None = None
    """The share of the events of the last hour, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Beeld:
    """The live view at one moment."""

    now: datetime
    locaties: Sequence[str]
    """The ids, in the order of the columns of `standen`."""
    standen: Standen
    registers: Registers
    landelijk: Bezetting
    """The sums over the locaties that everybody may meet: alarms about the country are for everybody."""
    naleving: Sequence[GemeenteNaleving] = ()
    geregistreerd: bool = True
    """Whether any locatie that everybody may meet is registered."""
    uitgezocht: Uitgezocht | None = None
    """None just after a start, when nothing was found out yet. Rules that need it say nothing then."""
    achterstand: int | None = None
    """How many messages on the topic are not stored yet."""
    grenzen: Grenzen = STANDAARD
    """How much must be known before a figure of an area is stated."""
    overschrijdingen: Mapping[str, Overschrijding] = field(default_factory=dict)
    """The days above the maximum, for the locaties that were asked about."""

    @property
    def gevonden(self) -> Uitgezocht:
        """What was found out. Before the first time it holds only unknowns."""
        return self.uitgezocht or Uitgezocht()

    def soort(self, onderwerp: str) -> str | None:
        """Returns the soort of a locatie; None for any other onderwerp."""
        return self._registered(onderwerp, "soort")

    def gemeente(self, onderwerp: str) -> str | None:
        """Returns the code of the gemeente in which a locatie lies; None for any other onderwerp."""
        return self._registered(onderwerp, "gemeente")

    def _registered(self, onderwerp: str, name: str) -> str | None:
        registratie = Register.REGISTRATIE.get(self.registers, onderwerp)
        return None if registratie is None else registratie.value[name]


class Waarden(NamedTuple):
    """What a rule sees: a value for each onderwerp that is there."""

    onderwerpen: Sequence[str]
    waarden: Floats


def landelijke_waarde(waarde: float | None) -> Waarden:
    """Returns one value, about the whole country. None becomes NaN."""
    return Waarden((LANDELIJK,), np.array([np.nan if waarde is None else waarde], dtype=np.float64))
