"""The form in which a figure is declared. The declarations themselves are in `opvang` and `wet`."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Generic, Literal, NamedTuple, TypeVar

from services.core.bezetting import Bezetting, Overschrijding
from services.core.delen import Sluiting, Wetsdelen, Wetsluiting
from services.core.grootheden.wetszinnen import Beoordeeld, Ingedeeld, Provinciaal
from services.core.grootheden.zinnen import Geteld, LocatieOp, Overschreden
from services.core.kleine_aantallen import Tabel, verborgen
from services.core.naleving import GemeenteNaleving, Provinciestand, Wetstand
from services.core.registers import Register
from services.core.toezicht import Toezichtstand

Waarde = int | float | str | bool | None
Seen = TypeVar("Seen")
"""What is seen of a subject, from which the value of a figure follows."""
F = TypeVar("F")
"""What the formula in words is filled in from."""


Kolomsoort = Literal["tekst", "heel", "breuk", "waar", "moment", "datum"]
"""What a column of a table holds: text, whole numbers, fractions, yes or no, moments or days."""


class Maat(NamedTuple):
    """What a unit decides: the type of a value, what a column of them is, its bounds, and how many decimals people see.

    Those of a share are the decimals of its percentage.
    """

    naam: str
    type: type[int | float | str | bool]
    kolom: Kolomsoort
    minstens: int | None = None
    hoogstens: int | None = None
    decimalen: int = 0


class Eenheid(Enum):
    """The units of figures."""

    PERSONEN = Maat("personen", int, "heel", 0)
    PLAATSEN = Maat("plaatsen", int, "heel", 0)
    OVER = Maat("plaatsen over", int, "heel")
    """Places too many, or too few when below 0."""
    GRAAD = Maat("deel van het geheel, kan boven 1 zijn", float, "breuk", 0, decimalen=1)
    AANDEEL = Maat("deel van het geheel", float, "breuk", 0, 1, decimalen=1)
    PER_1000 = Maat("plaatsen per 1.000 inwoners", float, "breuk", 0, decimalen=2)
    SECONDEN = Maat("seconden", int, "heel", 0)
    DAGEN = Maat("dagen", int, "heel", 0)
    EURO = Maat("euro", int, "heel", 0)
    LOCATIES = Maat("locaties", int, "heel", 0)
    GEMEENTEN = Maat("gemeenten", int, "heel", 0)
    UREN = Maat("uren per jaar", int, "heel", 0)
    FTE = Maat("fte", float, "breuk", 0, decimalen=1)
    MOMENT = Maat("moment", str, "moment")
    TEKST = Maat("tekst", str, "tekst")
    KLASSE = Maat("klasse", str, "tekst")
    JA_NEE = Maat("ja of nee", bool, "waar")


class FigureOf(Enum):
    """What a figure is of. The field of `Grootheid` with the same name says how the figure follows there.

    GEBIED and LOCATIE are about people and places, and GEMEENTE, PROVINCIE, TOTALEN and LAND about the legal task. So a
    national figure of people or places goes under GEBIED, one of the law under TOTALEN or LAND, and one of the toezicht
    on that law under TOEZICHT.
    """

    GEBIED = "gebied"
    """People and places of the country, a provincie or a gemeente: sums over its locaties."""
    LOCATIE = "locatie"
    """People and places of one locatie."""
    OVERSCHRIJDING = "overschrijding"
    """The days on which a locatie was above its maximum, and what they cost."""
    GEMEENTE = "gemeente"
    """The law in one gemeente: how it stands against its opgave."""
    PROVINCIE = "provincie"
    """The law in one provincie: the opgave that it has itself, and the places in its gemeenten."""
    TOTALEN = "totalen"
    """The law in the whole country: how many gemeenten are in each class of naleving."""
    LAND = "land"
    """The law in the whole country: everything but the number of gemeenten in each class."""
    TOEZICHT = "toezicht"
    """The toezicht on the gemeenten of the whole country."""


class Meter(NamedTuple):
    """The gauge of a figure in `/metrics`, and the values of its labels."""

    naam: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Van(Generic[Seen, F]):
    """How a figure follows for one kind of subject, and where it is shown.

    The name is Dutch for "of": `one.van(FigureOf.LOCATIE)` is how a figure follows for a locatie. It has nothing to do
    with the `van` of a series, which is the moment at which that begins.
    """

    waarde: Callable[[Seen], Waarde]
    formule: Callable[[F], str | None] | None
    """Returns its formula in words, with the numbers filled in, or None where there is nothing to explain: the
    explanation then leaves the figure out. The field itself is None for a figure that is a plain fact."""
    sluit: Sluiting | None = None
    """How the figure is computed from added parts of locaties. Without it the figure has no series through time."""
    over_gemeenten: Wetsluiting | None = None
    """How the figure is computed from added parts of gemeenten."""
    bekend: bool = False
    """Whether its value is never None. A comparison such as `bovenCapaciteit` is False where a side is not known."""
    antwoord: bool = True
    """Whether it is in the answers of the API, and so in the files made of them."""
    na: str = ""
    """The name of the figure that it follows in an answer. Empty: it keeps its place in the order of declaration."""
    beschrijving: str = ""
    """The sentence about it in the OpenAPI description."""
    verschil: bool = True
    """Whether it is compared between two moments."""
    kolom: bool = True
    """Whether it is a column of the table on the pages."""
    reeks: bool = True
    """Whether it can be asked through time. That also takes `sluit` or `over_gemeenten`."""
    meter: Meter | None = None
    """Its gauge in `/metrics`. None: it has none."""


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
    """The registers that its value depends on. `rust_op` adds those that every sum over an area depends on."""
    keuze: Any = None
    """The Literal type of its values. Only for a figure whose unit is a class."""
    kop: str = ""
    """A shorter label for the head of a column. Empty: `label`."""
    geen: bool = False
    """Whether the value None means that there is none, instead of that it is not known."""
    veroudert: bool = False
    """Whether it also changes without a write, when a reading becomes older than the freshness limit."""
    loopt: bool = False
    """Whether it changes every second by itself. Only the country then shows it where moments are compared."""
    gesloten: bool = False
    """Whether it counts closed locaties instead of open ones."""
    kleinste_aantal: int | None = None
    """The least number, other than 0, that is told to whoever may only read. A lower one is None to them, and so is one
    that would give a lower one away. None: every number is told, as with places and opgaven."""
    naast: Callable[[Any], Tabel[str]] | None = None
    """Gives the counts beside which it is told, from what is seen, itself among them. None: it stands alone."""
    vertrouwelijk: bool = False
    """Whether it speaks of single subjects and so is never told to whoever may only read."""
    verraadt: Callable[[Any], bool] | None = None
    """Whether it would give away a count that is too small to tell. Then it is None to whoever may only read. None: it
    never would."""
    gebied: Van[Bezetting, Geteld] | None = None
    locatie: Van[LocatieOp, LocatieOp] | None = None
    overschrijding: Van[Overschrijding, Overschreden] | None = None
    gemeente: Van[GemeenteNaleving, Beoordeeld] | None = None
    provincie: Van[Provinciestand, Provinciaal] | None = None
    totalen: Van[Wetsdelen[int], Ingedeeld] | None = None
    land: Van[Wetstand, Any] | None = None
    toezicht: Van[Toezichtstand, Toezichtstand] | None = None

    def van(self, soort: FigureOf, *, klein: bool = False) -> Van[Any, Any] | None:
        """Returns how it follows for a kind of subject; None when it does not exist there.

        With `klein`, as it is told to who may see small numbers. Every outlet that does not ask for that is without.
        """
        found: Van[Any, Any] | None = getattr(self, soort.value)
        if found is None or klein or not self.houdt_achter:
            return found
        return self._zonder_kleine(found, self.kleinste_aantal)

    @property
    def houdt_achter(self) -> bool:
        """Whether whoever may only read is told less of it than it says."""
        return self.vertrouwelijk or self.kleinste_aantal is not None or self.verraadt is not None

    def verteld(self, unseen: frozenset[Register]) -> bool:
        """Whether whoever may not see these registers is told of it at all, be it less than it says.

        A figure of the toezicht is made from all steps for everybody, and says itself what it keeps back.
        """
        return not self.rust_op & unseen or (self.toezicht is not None and not self.vertrouwelijk)

    def _zonder_kleine(self, how: Van[Any, Any], minstens: int | None) -> Van[Any, Any]:
        def waarde(gezien: Any) -> Waarde:
            own = how.waarde(gezien)
            if own is None or self.vertrouwelijk or (self.verraadt is not None and self.verraadt(gezien)):
                return None
            if minstens is None:
                return own
            tabel = Tabel({self.naam: int(own)}) if self.naast is None else self.naast(gezien)
            return None if self.naam in verborgen(tabel, minstens) else own

        def closed(sluit: Callable[[Any], tuple[Any, Any]] | None) -> Callable[[Any], tuple[Any, Any]] | None:
            # What it is told beside, or would give away, is not known at each moment.
            if sluit is None or minstens is None or self.naast is not None:
                return None
            return lambda delen: _vanaf(minstens, *sluit(delen))

        # Its formula would tell the number, and its explanation each one that is counted.
        return replace(
            how,
            waarde=waarde,
            formule=None,
            sluit=closed(how.sluit),
            over_gemeenten=closed(how.over_gemeenten),
            bekend=False,
        )


def _vanaf(minstens: int, waarde: Any, bekend: Any) -> tuple[Any, Any]:
    """Makes a count through time not known where it is too small to tell."""
    return waarde, bekend & ((waarde == 0) | (waarde >= minstens))
