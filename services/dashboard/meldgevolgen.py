"""What a report would change: the figures before and after it, side by side, both made by `Cijfers`."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from services.core.bezetting import Bezetting
from services.core.locaties import Locatie, locatie
from services.core.naleving import GemeenteNaleving
from services.core.registers import LANDELIJK
from services.dashboard.tekst import getal, moment, procent
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


def _ja(value: bool) -> str:
    return "ja" if value else "nee"


def _maximum(found: Locatie) -> int | None:
    return None if found.maximum is None else found.maximum.maximum


_VAN_LOCATIE: Mapping[str, tuple[str, Callable[[Locatie], Any], Toon]] = {
    "aanwezig": ("Aanwezig", lambda found: found.aanwezig, getal),
    "peilmoment": ("Laatste meting", lambda found: found.peilmoment, moment),
    "totaalPlaatsen": ("Plaatsen", lambda found: found.totaal_plaatsen, getal),
    "inzetbaar": ("Inzetbare plaatsen", lambda found: found.inzetbaar, getal),
    "bezettingsgraad": ("Bezettingsgraad", lambda found: found.bezettingsgraad, procent),
    "bovenCapaciteit": ("Boven capaciteit", lambda found: found.boven_capaciteit, _ja),
    "toegang": ("Toegang", lambda found: found.toegang, getal),
    "maximum": ("Maximum", _maximum, lambda most: "geen" if most is None else getal(most)),
    "bovenMaximum": ("Boven maximum", lambda found: found.boven_maximum, _ja),
    "open": ("Open", lambda found: found.open, _ja),
}
_VAN_GEMEENTE: Mapping[str, tuple[str, Callable[[GemeenteNaleving], Any], Toon]] = {
    "naleving": ("Naleving", lambda row: row.naleving, getal),
    "meetellend": ("Plaatsen die meetellen", lambda row: row.meetellend, getal),
    "tekort": ("Tekort aan plaatsen", lambda row: row.tekort, getal),
}
_VAN_LAND: Mapping[str, tuple[str, Callable[[Bezetting], Any], Toon]] = {
    "aanwezig": ("Aanwezig", lambda sums: sums.aanwezig, getal),
    "inzetbaar": ("Inzetbare plaatsen", lambda sums: sums.inzetbaar, getal),
    "bezettingsgraad": ("Bezettingsgraad", lambda sums: sums.bezettingsgraad, procent),
}


def groepen(eerst: Cijfers, straks: Cijfers, own_id: str) -> list[Onderwerpgevolgen]:
    """Returns the figures of the locatie, of its gemeente (of both, when it moves), and of the whole country."""
    both = [locatie(cijfers.registers, own_id, cijfers.herkomst.geldig_op) for cijfers in (eerst, straks)]
    titel = next((found.naam for found in both if found.naam), own_id)
    return [
        Onderwerpgevolgen(own_id, titel, _rijen(_VAN_LOCATIE, *both)),
        *_gemeenten(eerst, straks, both),
        Onderwerpgevolgen(LANDELIJK, "Nederland", _rijen(_VAN_LAND, eerst.landelijk, straks.landelijk)),
    ]


def _gemeenten(eerst: Cijfers, straks: Cijfers, both: list[Locatie]) -> Iterator[Onderwerpgevolgen]:
    lies_in = [eerst.gemeente_of(both[0]), straks.gemeente_of(both[1])]
    rows = [{row.gemeente.code: row for row in cijfers.naleving} for cijfers in (eerst, straks)]
    for code, naam in {gemeente.code: gemeente.naam for gemeente in lies_in if gemeente is not None}.items():
        if code in rows[0]:
            yield Onderwerpgevolgen(code, f"Gemeente {naam}", _rijen(_VAN_GEMEENTE, rows[0][code], rows[1][code]))


def _rijen(figures: Mapping[str, tuple[str, Callable[[Any], Any], Toon]], eerst: Any, straks: Any) -> list[Gevolg]:
    return [Gevolg(naam, label, of(eerst), of(straks), toon) for naam, (label, of, toon) in figures.items()]
