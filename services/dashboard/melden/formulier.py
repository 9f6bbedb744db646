"""What a form is: the event that it becomes, what people call it, and its fields in the order in which it asks them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from pydantic import BaseModel

from schemas.envelope import Reported
from schemas.events import type_name
from services.core.registers import Register, SubjectKind
from services.dashboard.melden.velden import DATA, RIJEN_MAX, Blok, Veld, Zeg, blokken_van, velden_van

Groep = Literal["locatie", "gemeente", "wet", "herstel"]
GROEPEN: Mapping[Groep, str] = {
    "locatie": "Over een locatie",
    "gemeente": "Over een gemeente of provincie",
    "wet": "Over de wet, het toezicht en cijfers van anderen",
    "herstel": "Een melding herstellen",
}


_EERST = ("geldigVanaf", "geldigTot", "peilmoment", "gezetOp")
GEDEELD: Mapping[str, Zeg] = {
    "geldigVanaf": Zeg("Geldig vanaf", "Wanneer het ingaat, in Nederlandse tijd; zonder tijd om 00:00"),
    "geldigTot": Zeg("Geldig tot", "Het eerste moment waarop het niet meer geldt; niet ingevuld: voor onbepaalde tijd"),
    "bron": Zeg("Bron", "Waar dit staat: een verwijzing of adres. Geen namen van mensen"),
    "cyclus": Zeg("Cyclus", "Het jaartal van de cyclus van de Spreidingswet, zoals 2024"),
}
"""What fields of several forms say."""


@dataclass(frozen=True, kw_only=True)
class Formulier:
    """A form, and the event that it becomes."""

    model: type[Reported]
    groep: Groep
    titel: str
    zin: str
    """What it says, in one sentence."""
    register: Register | None
    """The register that holds the value in force; None for a retraction, which writes none."""
    waarde: str = ""
    """The field that the value of the register is, where that is no object."""
    over: str
    """The label of the field that asks whom or what it is about."""
    hulp: str = ""
    """What helps with that field, where a name is not all that can be said."""
    zeg: Mapping[str, Zeg] = field(default_factory=dict)
    vult_in: frozenset[str] = frozenset()
    """The fields that begin with the value in force. The event overwrites all of its register, so what stays out of it
    is lost."""
    nu: str = "Nu"
    """What stands before the value in force."""
    nu_zin: str = "Bij elk veld staat wat nu geldt, sinds {}."
    """Says since when that is in force."""
    geen_gevolg: str = ""
    """Why it changes no figure of people, places or naleving; empty where it may."""

    @property
    def over_hulp(self) -> str:
        """What helps with the field that asks whom or what it is about."""
        return self.hulp or "De naam, een deel ervan, of de code"

    @cached_property
    def type(self) -> str:
        """The type of its event."""
        return type_name(self.model)

    @cached_property
    def onderwerpen(self) -> frozenset[SubjectKind]:
        """What it can be about."""
        return frozenset(SubjectKind) if self.register is None else self.register.declared.subjects

    @cached_property
    def _velden(self) -> tuple[Veld, ...]:
        """The fields in the order of the form: a moment first, and where it is said last."""
        found = list(velden_van(_data_of(self.model), {**GEDEELD, **self.zeg}))
        order = list(self.zeg)
        last = len(order)

        def rank(veld: Veld) -> tuple[int, int]:
            bare = veld.naam.removeprefix(DATA)
            place = -1 if bare in _EERST else order.index(bare) if bare in order else last
            return (1 if bare == "bron" and not veld.verplicht else 0), place

        return tuple(sorted(found, key=rank))

    @cached_property
    def sleutels(self) -> tuple[Veld, ...]:
        """The fields that decide which register is meant, in the order of its name. They are asked first."""
        parts = () if self.register is None else self.register.declared.parts
        by_name = {veld.naam: veld for veld in self._velden}
        return tuple(by_name[f"{DATA}{part}"] for part in parts if f"{DATA}{part}" in by_name)

    def blokken(self, rijen: int = RIJEN_MAX) -> tuple[Blok, ...]:
        """Returns the fields that are asked after that, with so many rows where they repeat."""
        plain = [veld for veld in self._velden if veld not in self.sleutels]
        last = [veld for veld in plain if veld.naam == f"{DATA}bron" and not veld.verplicht]
        rows = list(blokken_van(_data_of(self.model), {**GEDEELD, **self.zeg}, rijen))
        first = Blok("", "data", tuple(veld for veld in plain if veld not in last))
        return (first, *rows, *([Blok("", "data", tuple(last))] if last else []))

    @cached_property
    def repeats(self) -> bool:
        """Whether a person decides how often some of its fields are repeated."""
        return len(self.blokken(2)) > len(self.blokken(1))

    def alle_blokken(self, rijen: int = RIJEN_MAX) -> tuple[Blok, ...]:
        """Returns every field, with so many rows where they repeat."""
        return Blok("", "data", self.sleutels), *self.blokken(rijen)

    def velden(self, rijen: int = RIJEN_MAX) -> tuple[Veld, ...]:
        """Returns every field, with so many rows where they repeat."""
        return tuple(veld for blok in self.alle_blokken(rijen) for veld in blok.velden)


def _data_of(model: type[Reported]) -> type[BaseModel]:
    """Returns the model of `data`."""
    found: type[BaseModel] = model.model_fields["data"].annotation  # type: ignore[assignment]
    return found
