"""What a chart is made of: the lines that are asked for, and everything that a template needs to draw them.

The drawing is WIJDTE by WIJDTE, from the left and from the top. A template may stretch it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

WIJDTE = 1_000
"""The size of the drawing."""
Grafiekpunt = tuple[datetime, float | None]
"""A moment and a value. None: not known."""


class Lijn(NamedTuple):
    """A figure over time."""

    naam: str
    soort: str
    """How it looks: `lijn-<soort>` in `grafiek.css`. An unknown soort looks by its turn among the lines."""
    punten: Sequence[Grafiekpunt]
    """The last point of a moment counts. A value of None leaves a gap."""
    trap: bool = False
    """Whether a value holds until the next one, as places do. If not, a straight line runs between them."""
    waarom: Mapping[datetime, str] = {}
    """Why it can't be stated, at a moment at which it can't. Without a reason it is not known."""


class Geval(NamedTuple):
    """Something that went on for a while, such as an alarm."""

    begin: datetime
    eind: datetime | None
    """None: it still goes on."""
    ernst: str


class Streep(NamedTuple):
    """A mark on an axis."""

    plek: float
    tekst: str
    onder: str = ""
    """The day or year, where a new one begins."""


class Baan(NamedTuple):
    """The strip of all alarms of one severity."""

    ernst: str
    pad: str
    """A piece from the beginning until the end of each, in a strip that is 1 high, as the `d` of an SVG path."""


class Merk(NamedTuple):
    """One thing that happened, or several that lie so close together that they have one mark."""

    plek: float
    aantal: int


class Getekend(NamedTuple):
    """A line as it is drawn."""

    letter: str
    """Stands for its name where there is no room."""
    naam: str
    soort: str
    pad: str
    """Its pieces as the `d` of an SVG path; empty when none has any length."""
    stippen: Sequence[tuple[float, float]]
    """Pieces that are a single point."""
    einde: float | None
    """The height of its name: where it ends, or just above or below when others end there too.

    None: nothing is drawn.
    """


class Rij(NamedTuple):
    """A row of the table: a moment, and the value of each line at it."""

    op: datetime
    moment: str
    waarden: Sequence[str]


@dataclass(frozen=True, slots=True)
class Grafiek:
    """Everything that a template needs to draw a chart."""

    id: str
    titel: str
    eenheid: str
    beschrijving: str
    """What an eye would see, in Dutch words."""
    leeg: bool
    """Whether no value is known, so that nothing is drawn."""
    van: datetime
    tot: datetime
    onder: float
    """The value at the bottom of the drawing."""
    boven: float
    """The value at its top."""
    lijnen: Sequence[Getekend]
    waarden: Sequence[Streep]
    """Marks of the vertical axis, lowest value first."""
    tijd: Sequence[Streep]
    """Marks of the horizontal axis."""
    honderd: Streep | None
    """The line of 100 %, with a text unless a mark says it already."""
    nu: float | None
    """The place of now, when that is in sight."""
    later: float | None
    """The place where announcements begin, when that is in sight."""
    rijen: Sequence[Rij]
    afgesneden: str = ""
    """Where the vertical axis begins, when that is not 0."""
    banen: Sequence[Baan] = field(default_factory=tuple)
    """The alarms, the worst first."""
    merken: Sequence[Merk] = field(default_factory=tuple)
    """What happened, in the order of time."""
    alarmen: str = ""
    """What the legend says of alarms; empty: nothing."""
    wijdte: int = WIJDTE
    nu_naam: str = "nu"
    """What stands at the place of now: another moment has its day there."""


class Kader(NamedTuple):
    """What the edges of the drawing stand for."""

    van: datetime
    tot: datetime
    onder: float
    boven: float

    def x(self, moment: datetime) -> float:
        """Returns the place of a moment, from the left."""
        return round(WIJDTE * ((moment - self.van) / (self.tot - self.van)), 1)

    def y(self, value: float) -> float:
        """Returns the place of a value, from the top."""
        return round(WIJDTE * (self.boven - value) / (self.boven - self.onder), 1)
