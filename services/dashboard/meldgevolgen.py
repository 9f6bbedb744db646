"""What a report would change: the figures before and after it, side by side, both made by `Cijfers`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from services.core.grootheden import waarde_van
from services.core.grootheden.declaratie import FigureOf, Grootheid
from services.core.grootheden.opvang import (
    AANWEZIG,
    BEZETTINGSGRAAD,
    BOVEN_CAPACITEIT,
    BOVEN_MAXIMUM,
    INZETBAAR,
    MAXIMUM,
    OPEN,
    PEILMOMENT,
    TOEGANG,
    TOTAAL_PLAATSEN,
)
from services.core.grootheden.wet import MEETELLEND, NALEVING, TEKORT
from services.core.grootheden.zinnen import gezien
from services.core.locaties import Locatie, locatie
from services.core.registers import LANDELIJK
from services.dashboard.tekst import gesteld, getal, moment, van_eenheid
from services.reads.cijfers import Cijfers

Toon = Callable[[Any], str]


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

    @property
    def verandert(self) -> bool:
        """Whether the report changes any of them."""
        return any(rij.verandert for groep in self.groepen for rij in groep.rijen)


class _Getoond(NamedTuple):
    """A figure that a report may change, as this table shows it."""

    grootheid: Grootheid
    label: str = ""
    """Its label here, where the declared one says too little outside a table of such figures."""
    toon: Toon | None = None
    """How it is written here, where that is not as its unit says."""

    def gevolg(self, soort: FigureOf, eerst: Any, straks: Any) -> Gevolg:
        """Returns the figure of what is seen of a subject before and after the report."""
        one = self.grootheid
        before, after = (waarde_van(one, soort, seen) for seen in (eerst, straks))
        written = van_eenheid(one.eenheid) if soort is FigureOf.LOCATIE else partial(gesteld, name=one.naam)
        return Gevolg(one.naam, self.label or one.label, before, after, self.toon or written)


def _of_geen(value: Any) -> str:
    """Writes a maximum: without one there is none, and it is not unknown."""
    return "geen" if value is None else getal(value)


_INZETBAAR = _Getoond(INZETBAAR, "Inzetbare plaatsen")
_GETOOND: Mapping[FigureOf, Sequence[_Getoond]] = {
    FigureOf.LOCATIE: (
        _Getoond(AANWEZIG),
        _Getoond(PEILMOMENT, "Laatste meting", moment),
        _Getoond(TOTAAL_PLAATSEN),
        _INZETBAAR,
        _Getoond(BEZETTINGSGRAAD),
        _Getoond(BOVEN_CAPACITEIT),
        _Getoond(TOEGANG),
        _Getoond(MAXIMUM, toon=_of_geen),
        _Getoond(BOVEN_MAXIMUM),
        _Getoond(OPEN),
    ),
    FigureOf.GEMEENTE: (
        _Getoond(NALEVING),
        _Getoond(MEETELLEND, "Plaatsen die meetellen"),
        _Getoond(TEKORT, "Tekort aan plaatsen"),
    ),
    FigureOf.GEBIED: (_Getoond(AANWEZIG), _INZETBAAR, _Getoond(BEZETTINGSGRAAD)),
}
"""The figures that a report of a locatie can change and that people want to see before they send it."""


def groepen(eerst: Cijfers, straks: Cijfers, own_id: str) -> list[Onderwerpgevolgen]:
    """Returns the figures of the locatie, of its gemeente (of both, when it moves), and of the whole country."""
    both = [locatie(cijfers.registers, own_id, cijfers.herkomst.geldig_op) for cijfers in (eerst, straks)]
    seen = [gezien(found, cijfers.herkomst.geldig_op) for found, cijfers in zip(both, (eerst, straks), strict=True)]
    titel = next((found.naam for found in both if found.naam), own_id)
    return [
        Onderwerpgevolgen(own_id, titel, _rijen(FigureOf.LOCATIE, *seen)),
        *_gemeenten(eerst, straks, both),
        Onderwerpgevolgen(LANDELIJK, "Nederland", _rijen(FigureOf.GEBIED, eerst.landelijk, straks.landelijk)),
    ]


def _gemeenten(eerst: Cijfers, straks: Cijfers, both: list[Locatie]) -> Iterator[Onderwerpgevolgen]:
    lies_in = [eerst.gemeente_of(both[0]), straks.gemeente_of(both[1])]
    rows = [{row.gemeente.code: row for row in cijfers.naleving} for cijfers in (eerst, straks)]
    for code, naam in {gemeente.code: gemeente.naam for gemeente in lies_in if gemeente is not None}.items():
        if code in rows[0]:
            yield Onderwerpgevolgen(code, f"Gemeente {naam}", _rijen(FigureOf.GEMEENTE, rows[0][code], rows[1][code]))


def _rijen(soort: FigureOf, eerst: Any, straks: Any) -> list[Gevolg]:
    return [one.gevolg(soort, eerst, straks) for one in _GETOOND[soort]]
