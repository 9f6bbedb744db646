"""The fields of a form, derived from the model of an event: which input each needs, its choices and its label.

What the model can't tell stands in a `Zeg`, which `formulieren` declares.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from schemas import fields as f
from schemas.data import Cijfer, Plaatsen, PlaatsSoort
from schemas.reference import PROVINCIES


class Invoer(Enum):
    """What a person fills in."""

    TEKST = "tekst"
    HEEL = "heel"
    """A whole number."""
    GETAL = "getal"
    """A number that may have decimals."""
    MOMENT = "moment"
    """A day, and the time where that is not midnight."""
    KEUZE = "keuze"
    """One of a few."""
    JA_NEE = "ja of nee"
    MEER = "meer"
    """Some of a few."""
    GEMEENTE = "gemeente"
    CYCLUS = "cyclusjaar"
    TELREGEL = "regelnaam"
    GROOTHEID = "grootheid"
    GEBEURTENIS = "gebeurtenis"
    """An event that was sent before."""


_OF_TYPE: tuple[tuple[Any, Invoer], ...] = (
    (f.Moment, Invoer.MOMENT),
    (f.GemeenteCode, Invoer.GEMEENTE),
    (f.CyclusId, Invoer.CYCLUS),
    (f.TelregelNaam, Invoer.TELREGEL),
    (f.Grootheidsnaam, Invoer.GROOTHEID),
    (f.EventId, Invoer.GEBEURTENIS),
    (f.Toezichthouder, Invoer.KEUZE),
    (bool, Invoer.JA_NEE),
    *((one, Invoer.HEEL) for one in (f.Aantal, f.LandelijkAantal, f.Maanden, f.Uren, f.UrenPerFte, f.Euro)),
    *((one, Invoer.GETAL) for one in (f.Getal, f.Fte)),
    *((one, Invoer.TEKST) for one in (f.Naam, f.Tekst, f.Bron, f.Verwijzing, f.Zaak)),
)
"""Type of a field → what a person fills in. A `Literal` is a choice, and a list of one is several."""
HULP = {
    Invoer.GEMEENTE: "De naam of de code (GM…)",
    Invoer.CYCLUS: "Een jaartal, zoals 2024",
    Invoer.GROOTHEID: "De naam van een cijfer, zoals bezettingsgraad",
}
"""What helps with an input whose field has no description of its own."""
WAAR = "ja"
JA_NEE = ((WAAR, "Ja"), ("nee", "Nee"))
TOEZICHTHOUDERS = (("minister", "De minister"), *PROVINCIES.items())
DATA = "data."
"""How the name of every field of an event begins, so that none is that of a parameter of the page."""
RIJEN_MAX = 50
"""Published numbers in one event."""
_CAPITAL = re.compile("[A-Z]")


@dataclass(frozen=True, slots=True)
class Zeg:
    """What the model can't tell of a field. What is absent follows from the model."""

    label: str = ""
    hulp: str = ""
    namen: Mapping[str, str] = field(default_factory=dict)
    """Value of a choice → what people call it, where that is another word."""
    dag: bool = False
    """Whether a moment is a day. Its time is only asked where there is one already."""
    nu: bool = False
    """Whether a moment begins as the present one."""


@dataclass(frozen=True, slots=True)
class Veld:
    """A field of a form."""

    naam: str
    """Its path in the event, with the soort of places where that has an index: `data.plaatsen.nood.aantal`."""
    label: str
    hulp: str
    invoer: Invoer
    verplicht: bool
    keuzes: tuple[tuple[str, str], ...] = ()
    """(value, what people call it) of each choice."""
    standaard: str = ""
    """What is chosen until somebody chooses."""
    dag: bool = False
    nu: bool = False

    @property
    def namen(self) -> tuple[str, ...]:
        """The names under which a form sends it."""
        if self.invoer is Invoer.MOMENT:
            return self.naam, tijd_van(self.naam)
        if self.invoer is Invoer.MEER:
            return self.naam, *(optie_van(self.naam, value) for value, _ in self.keuzes)
        if self.invoer is Invoer.GEBEURTENIS:
            return self.naam, ander_van(self.naam)
        return (self.naam,)


@dataclass(frozen=True, slots=True)
class Blok:
    """Fields that belong together, under a heading; an empty one for the fields of the form itself."""

    titel: str
    pad: str
    """How the names of its fields begin: `data.plaatsen.regulier`."""
    velden: tuple[Veld, ...]

    def label(self, veld: Veld) -> str:
        """Returns what people call one of its fields where no heading stands above it."""
        return f"{self.titel}, {veld.label[:1].lower()}{veld.label[1:]}" if self.titel else veld.label


def tijd_van(naam: str) -> str:
    """Returns the name of the time of day of a moment."""
    return f"{naam}.tijd"


def ander_van(naam: str) -> str:
    """Returns the name of the field for an event that is not offered. It goes before the one that is."""
    return f"{naam}.ander"


def optie_van(naam: str, value: str) -> str:
    """Returns the name of one of several choices."""
    return f"{naam}.{value}"


def velden_van(model: type[BaseModel], zeg: Mapping[str, Zeg], pad: str = DATA) -> Iterator[Veld]:
    """Yields a field for each of a model. Raises TypeError for a type that no input is for."""
    for naam, annotation in _hints(model).items():
        kind, optional = _required(annotation)
        if _row_of(kind) is not None:
            continue
        info, told = model.model_fields[naam], zeg.get(naam, Zeg())
        invoer = _input(kind, f"{model.__name__}.{naam}")
        label = told.label or _CAPITAL.sub(lambda letter: f" {letter[0].lower()}", naam)
        yield Veld(
            naam=f"{pad}{naam}",
            label=label[:1].upper() + label[1:],
            hulp=told.hulp or info.description or HULP.get(invoer, ""),
            invoer=invoer,
            verplicht=not optional,
            keuzes=_choices(kind, told.namen),
            standaard="" if info.is_required() or info.default is None else _default(info.default),
            dag=told.dag,
            nu=told.nu,
        )


def blokken_van(model: type[BaseModel], zeg: Mapping[str, Zeg], rijen: int) -> Iterator[Blok]:
    """Yields the fields of the lists of a model: a block for each soort of places, or for each row that is asked."""
    for naam, annotation in _hints(model).items():
        row = _row_of(_required(annotation)[0])
        if row is Plaatsen:
            for soort in get_args(PlaatsSoort):
                pad = f"{DATA}{naam}.{soort}"
                rest = tuple(one for one in velden_van(row, zeg, f"{pad}.") if one.naam != f"{pad}.soort")
                yield Blok(soort.capitalize(), pad, rest)
        elif row is Cijfer:
            for number in range(rijen):
                pad = f"{DATA}{naam}.{number}"
                yield Blok(f"Cijfer {number + 1}", pad, tuple(velden_van(row, zeg, f"{pad}.")))


@cache
def rijen_van(model: type[BaseModel]) -> tuple[str, ...]:
    """Returns the fields of a model that are lists of rows."""
    return tuple(naam for naam, annotation in _hints(model).items() if _row_of(_required(annotation)[0]))


@cache
def _hints(model: type[BaseModel]) -> Mapping[str, Any]:
    """Returns the type of each field, in the order of the model."""
    hints = get_type_hints(model, include_extras=True)
    return {naam: hints[naam] for naam in model.model_fields}


def _required(annotation: Any) -> tuple[Any, bool]:
    """Returns the type without None, and whether it had it."""
    if get_origin(annotation) in (Union, UnionType) and type(None) in get_args(annotation):
        (kind,) = (one for one in get_args(annotation) if one is not type(None))
        return kind, True
    return annotation, False


def _items(kind: Any) -> Any:
    """Returns the type of what a list holds; None for anything else."""
    bare = get_args(kind)[0] if hasattr(kind, "__metadata__") else kind
    return get_args(bare)[0] if get_origin(bare) is list else None


def _row_of(kind: Any) -> type[BaseModel] | None:
    """Returns the model of the rows of a list; None for anything else."""
    held = _items(kind)
    return held if isinstance(held, type) and issubclass(held, BaseModel) else None


def _input(kind: Any, where: str) -> Invoer:
    if get_origin(kind) is Literal:
        return Invoer.KEUZE
    if get_origin(_items(kind)) is Literal:
        return Invoer.MEER
    for known, invoer in _OF_TYPE:
        if kind is known:
            return invoer
    raise TypeError(f"{where} has no input: add its type to _OF_TYPE in services/dashboard/melden/velden.py")


def _choices(kind: Any, namen: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    if kind is bool:
        return tuple((value, namen.get(value, naam)) for value, naam in JA_NEE)
    if kind is f.Toezichthouder:
        return TOEZICHTHOUDERS
    of_list = _items(kind)
    values = get_args(of_list if get_origin(of_list) is Literal else kind) if _is_literal(kind, of_list) else ()
    return tuple((value, namen.get(value, value.capitalize())) for value in values)


def _is_literal(kind: Any, of_list: Any) -> bool:
    return Literal in (get_origin(kind), get_origin(of_list))


def _default(value: Any) -> str:
    if isinstance(value, bool):
        return WAAR if value else "nee"
    return str(value)
