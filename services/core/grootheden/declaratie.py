"""What the declaration of a figure says. The declarations themselves stand in `grootheden`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, Literal, NamedTuple, TypeVar

from services.core.bezetting import Bezetting, Overschrijding
from services.core.delen import Sluiting, Wetsdelen, Wetsluiting
from services.core.grootheden.zinnen import Beoordeeld, Geteld, Ingedeeld, LocatieOp, Overschreden, Taak
from services.core.naleving import GemeenteNaleving, Opgave
from services.core.registers import Register

Waarde = int | float | str | bool | None
V = TypeVar("V")
F = TypeVar("F")


Kolomsoort = Literal["tekst", "heel", "breuk", "waar", "moment", "datum"]
"""What a column of a table holds: text, whole numbers, fractions, yes or no, moments or days."""


class Maat(NamedTuple):
    """What a unit decides: the type of a value, what a column of them is, and between which bounds they lie."""

    naam: str
    type: type[int | float | str | bool]
    kolom: Kolomsoort
    minstens: int | None = None
    hoogstens: int | None = None


class Eenheid(Enum):
    """The units of figures."""

    PERSONEN = Maat("personen", int, "heel", 0)
    PLAATSEN = Maat("plaatsen", int, "heel", 0)
    OVER = Maat("plaatsen over", int, "heel")
    """Places too many, or too few when below 0."""
    GRAAD = Maat("deel van het geheel, kan boven 1 zijn", float, "breuk", 0)
    AANDEEL = Maat("deel van het geheel", float, "breuk", 0, 1)
    SECONDEN = Maat("seconden", int, "heel", 0)
    DAGEN = Maat("dagen", int, "heel", 0)
    EURO = Maat("euro", int, "heel", 0)
    LOCATIES = Maat("locaties", int, "heel", 0)
    GEMEENTEN = Maat("gemeenten", int, "heel", 0)
    MOMENT = Maat("moment", str, "moment")
    TEKST = Maat("tekst", str, "tekst")
    KLASSE = Maat("klasse", str, "tekst")
    JA_NEE = Maat("ja of nee", bool, "waar")


class Soort(Enum):
    """The kinds of subject that have figures."""

    GEBIED = "gebied"
    """The country, a provincie or a gemeente: sums over its locaties."""
    LOCATIE = "locatie"
    OVERSCHRIJDING = "overschrijding"
    """The days above the maximum of a locatie."""
    GEMEENTE = "gemeente"
    """How a gemeente stands against its opgave."""
    PROVINCIE = "provincie"
    """The opgave of a provincie itself."""
    TOTALEN = "totalen"
    """The gemeenten by class."""
    LAND = "land"
    """Of all gemeenten together, beside the classes."""


class Stelbaar(Enum):
    """When a figure may be stated. Whatever may not be stated is None on every outlet."""

    ALTIJD = "altijd"


class Meter(NamedTuple):
    """The gauge of a figure in `/metrics`, and the values of its labels."""

    naam: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Van(Generic[V, F]):
    """How a figure follows for one kind of subject, and where it is shown."""

    waarde: Callable[[V], Waarde]
    formule: Callable[[F], str | None] | None
    """Its formula in words, with the numbers filled in; None for a figure that is plain fact. A formula that gives
    None leaves the figure out: nothing can be said of it there."""
    sluit: Sluiting | None = None
    """How it closes over the parts of locaties: what makes a series of it possible."""
    over_gemeenten: Wetsluiting | None = None
    """The same over the parts of gemeenten."""
    bekend: bool = False
    """It is never unknown."""
    antwoord: bool = True
    """It stands in the answers of the API, and so in what is taken away."""
    na: str = ""
    """In an answer it stands after this figure, instead of in the order of declaration."""
    beschrijving: str = ""
    """What the description of the API says of it."""
    verschil: bool = True
    """It is compared between two moments."""
    kolom: bool = True
    """It is a column of the table on the pages."""
    reeks: bool = True
    """It can be asked through time, if it closes over parts."""
    sorteer: bool = False
    """The API sorts by it."""
    meter: Meter | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grootheid:
    """A figure."""

    naam: str
    """Its name in JSON."""
    eenheid: Eenheid
    label: str
    betekenis: str
    """What it means, in one Dutch sentence."""
    rust_op: frozenset[Register] = frozenset()
    """The registers that make it. A sum over an area rests on which locaties are there and open too."""
    keuze: Any = None
    """The Literal of its values, where its unit is a class."""
    kop: str = ""
    """A shorter label, for the head of a column."""
    geen: bool = False
    """None says that there is none, and not that it is unknown."""
    veroudert: bool = False
    """It changes too when a reading passes the freshness limit, without a write."""
    loopt: bool = False
    """It changes all the time by itself, so only the country tells it where moments are compared or reported."""
    stelbaar: Stelbaar = Stelbaar.ALTIJD
    gebied: Van[Bezetting, Geteld] | None = None
    locatie: Van[LocatieOp, LocatieOp] | None = None
    overschrijding: Van[Overschrijding, Overschreden] | None = None
    gemeente: Van[GemeenteNaleving, Beoordeeld] | None = None
    provincie: Van[Opgave | None, Taak] | None = None
    totalen: Van[Wetsdelen[int], Ingedeeld] | None = None
    land: Van[Sequence[GemeenteNaleving], Any] | None = None

    def van(self, soort: Soort) -> Van[Any, Any] | None:
        """How it follows for a kind of subject; None when it does not exist there."""
        found: Van[Any, Any] | None = getattr(self, soort.value)
        return found
