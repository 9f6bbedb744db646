"""What a report does to the figures: those of before and after beside each other, both made by the one `Cijfers`."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from services.core.bezetting import Bezetting
from services.core.locaties import Locatie, locatie
from services.core.naleving import GemeenteNaleving
from services.dashboard.tekst import getal, moment, procent
from services.reads.cijfers import Cijfers

Toon = Callable[[Any], str]


class Rij(NamedTuple):
    """One figure."""

    naam: str
    """As the API calls it."""
    label: str
    eerst: Any
    straks: Any
    toon: Toon

    @property
    def verandert(self) -> bool:
        """It will be another than it is."""
        return bool(self.eerst != self.straks)


class Groep(NamedTuple):
    """The figures of one subject."""

    onderwerp: str
    titel: str
    rijen: list[Rij]


class Voorbeeld(NamedTuple):
    """All figures that a report may change."""

    op: datetime | None
    """At the moment when it begins; None: now."""
    groepen: list[Groep]

    @property
    def verandert(self) -> bool:
        """Any of them will."""
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


def groepen(eerst: Cijfers, straks: Cijfers, own_id: str) -> list[Groep]:
    """The locatie, the gemeente in which it lies (two, if that is what changes), and the whole country."""
    both = [locatie(cijfers.registers, own_id, cijfers.herkomst.geldig_op) for cijfers in (eerst, straks)]
    titel = next((found.naam for found in both if found.naam), own_id)
    return [
        Groep(own_id, titel, _rijen(_VAN_LOCATIE, *both)),
        *_gemeenten(eerst, straks, both),
        Groep("NL", "Nederland", _rijen(_VAN_LAND, eerst.landelijk, straks.landelijk)),
    ]


def _gemeenten(eerst: Cijfers, straks: Cijfers, both: list[Locatie]) -> Iterator[Groep]:
    lies_in = [eerst.gemeente_of(both[0]), straks.gemeente_of(both[1])]
    rows = [{row.gemeente.code: row for row in cijfers.naleving} for cijfers in (eerst, straks)]
    for code, naam in {gemeente.code: gemeente.naam for gemeente in lies_in if gemeente is not None}.items():
        if code in rows[0]:
            yield Groep(code, f"Gemeente {naam}", _rijen(_VAN_GEMEENTE, rows[0][code], rows[1][code]))


def _rijen(figures: Mapping[str, tuple[str, Callable[[Any], Any], Toon]], eerst: Any, straks: Any) -> list[Rij]:
    return [Rij(naam, label, of(eerst), of(straks), toon) for naam, (label, of, toon) in figures.items()]
