"""What a report would change, as people read it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from services.core import genoemd
from services.core.grootheden.declaratie import FigureOf
from services.core.grootheden.opvang import MAXIMUM, PEILMOMENT
from services.core.grootheden.wet import NALEVING, TOEZICHT
from services.core.registers import LANDELIJK, Register
from services.dashboard.melden.formulier import Formulier
from services.dashboard.tekst import aantal_in, gesteld, getal, moment, van_eenheid
from services.reads.gevolgen import KLASSEN, Cijfer, Groep, Wissel

Toon = Callable[[Any], str]
_NAMED = frozenset({NALEVING.naam, *(one.naam for one in KLASSEN)})
"""What is told by naming the gemeenten that come into another class."""
WISSELS_MAX = 20
"""Gemeenten that are named one by one. A telregel may bring all of them into another class."""


class Gevolg(NamedTuple):
    """One figure, before and after a report."""

    naam: str
    """Its name in the API."""
    label: str
    eerst: Any
    straks: Any
    toon: Toon

    @property
    def verandert(self) -> bool:
        """Whether the report changes it."""
        return bool(self.eerst != self.straks)


class Onderwerpgevolgen(NamedTuple):
    """A subject, with its figures."""

    onderwerp: str
    titel: str
    rijen: list[Gevolg]


class Gevolgen(NamedTuple):
    """Every figure that a report may change."""

    op: datetime | None
    """The moment from which it would count; None: now."""
    groepen: list[Onderwerpgevolgen]
    wissels: list[Wissel]
    volgens: str | None = None
    """The telregel by which both sides are counted; None: that of the cyclus."""
    verborgen: str = ""
    """Why the caller may not see what changes; empty where it may."""

    @property
    def verandert(self) -> bool:
        """Whether the report changes any of them."""
        return bool(self.wissels) or any(rij.verandert for groep in self.groepen for rij in groep.rijen)

    @property
    def zinnen(self) -> list[str]:
        """Says what changes: first the gemeenten that come into another class, then each figure."""
        named = [
            f"{one.naam} gaat van {one.van} naar {one.naar}{f' ({one.reden})' if one.reden else ''}."
            for one in self.wissels[:WISSELS_MAX]
        ]
        if (more := len(self.wissels) - WISSELS_MAX) > 0:
            others = "1 gemeente komt" if more == 1 else f"{getal(more)} gemeenten komen"
            named.append(f"En nog {others} in een andere klasse.")
        return named + [
            f"{groep.titel}: {rij.label[:1].lower()}{rij.label[1:]} gaat van {rij.toon(rij.eerst)} "
            f"naar {rij.toon(rij.straks)}."
            for groep in self.groepen
            for rij in groep.rijen
            if rij.verandert and rij.naam not in _NAMED
        ]


def toelichting(formulier: Formulier, gevolgen: Gevolgen | None, telregel: str | None) -> list[str]:
    """Says of which moment and by which rule the figures are, or why there are none.

    `telregel`: by which rule was asked.
    """
    if formulier.geen_gevolg:
        return [formulier.geen_gevolg]
    if gevolgen is None:
        return ["Wat dit met de cijfers doet, is hier niet te zeggen."]
    if gevolgen.verborgen:
        return [gevolgen.verborgen]
    said = []
    if gevolgen.op is not None:
        at = moment(gevolgen.op)
        said.append(
            "Dit gaat later in. Tot dan verandert er niets; de cijfers hieronder zijn die van "
            f"{at}, met wat nu bekend is."
        )
    if gevolgen.volgens:
        rule = genoemd.telregel(gevolgen.volgens)
        said.append(f"Geteld volgens {rule}; de telregel die de cyclus noemt verandert niet.")
    elif telregel:
        said.append(f"Geteld volgens {genoemd.telregel(telregel)}.")
    if formulier.register is Register.TOEZICHT and all(one.onderwerp != LANDELIJK for one in gevolgen.groepen):
        said.append(
            "Hieronder staan alleen de cijfers van de gemeente. Ook de aantallen per stap, de uren en de fte van het "
            "toezicht tellen deze stap mee; die staan op de bladzijde Toezicht."
        )
        return said if gevolgen.zinnen else [*said, "Haar stap en haar naleving blijven gelijk."]
    return said if gevolgen.zinnen else [*said, "Geen enkel cijfer verandert."]


def _of_geen(value: Any) -> str:
    """Writes a maximum: without one there is none, and it is not unknown."""
    return "geen" if value is None else getal(value)


_TOON: Mapping[str, Toon] = {PEILMOMENT.naam: moment, MAXIMUM.naam: _of_geen, TOEZICHT.naam: _of_geen}
"""How a figure is written here, where that is not as its unit says."""


def in_woorden(groep: Groep) -> Onderwerpgevolgen:
    """Returns the figures of a subject with how each is written."""
    before = {one.grootheid.naam: one.eerst for one in groep.cijfers}
    after = {one.grootheid.naam: one.straks for one in groep.cijfers}

    def gevolg(one: Cijfer) -> Gevolg:
        name = one.grootheid.naam
        if one.soort is FigureOf.TOTALEN:
            return Gevolg(name, one.label, aantal_in(before, name), aantal_in(after, name), str)
        written = van_eenheid(one.grootheid.eenheid) if one.soort is FigureOf.LOCATIE else partial(gesteld, name=name)
        return Gevolg(name, one.label, one.eerst, one.straks, _TOON.get(name, written))

    return Onderwerpgevolgen(groep.onderwerp, groep.titel, [gevolg(one) for one in groep.cijfers])
