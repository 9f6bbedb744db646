"""What a report would change: the figures before and after it, side by side, both made by `Cijfers`."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from services.core import genoemd
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
from services.core.grootheden.wet import (
    AMV_OPGAVE,
    GEGEVEN,
    MEETELLEND,
    NALEVING,
    ONGEDEKT,
    ONTVANGEN,
    OPGAVE,
    OPGAVE_STATUS,
    REALISEREN_VOOR,
    STAND,
    TEKORT,
    TOEZICHT,
)
from services.core.grootheden.zinnen import gezien
from services.core.locaties import locatie
from services.core.naleving import KLASSEN, totalen, wetstand
from services.core.opgaven import opgave_of
from services.core.registers import LANDELIJK, Register, SubjectKind
from services.dashboard.melden.formulier import Formulier
from services.dashboard.melden.onderwerp import naam
from services.dashboard.tekst import aantal_in, gesteld, getal, moment, van_eenheid
from services.reads.cijfers import Cijfers

Toon = Callable[[Any], str]
_NAMED = frozenset({NALEVING.naam, *KLASSEN})
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


class Wissel(NamedTuple):
    """A gemeente that comes into another class of naleving."""

    naam: str
    van: str
    naar: str
    reden: str | None
    """Why the new class is no plainer; None where it is plain."""


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
    return said if gevolgen.zinnen else [*said, "Geen enkel cijfer verandert."]


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
_VAN_TAAK = (
    _Getoond(NALEVING),
    _Getoond(OPGAVE),
    _Getoond(OPGAVE_STATUS, "Status van de opgave"),
    _Getoond(AMV_OPGAVE),
    _Getoond(STAND, "Stand van het verdeelbesluit"),
    _Getoond(REALISEREN_VOOR),
    _Getoond(MEETELLEND, "Plaatsen die meetellen"),
    _Getoond(GEGEVEN, "Plaatsen voor anderen"),
    _Getoond(ONTVANGEN, "Plaatsen van anderen"),
    _Getoond(ONGEDEKT, "Toegezegd zonder plaatsen"),
    _Getoond(TEKORT, "Tekort aan plaatsen"),
)
"""The same for a report of a gemeente."""
_VAN_TOEZICHT = (_Getoond(TOEZICHT, toon=_of_geen), _Getoond(NALEVING))
_VAN_LAND = (_Getoond(OPGAVE), _Getoond(TEKORT, "Tekort aan plaatsen"))


def gevolgen(eerst: Cijfers, straks: Cijfers, onderwerp: str, geraakt: Register | None) -> list[Onderwerpgevolgen]:
    """Returns the figures that a report about a subject may change, which writes to this register."""
    if SubjectKind.LOCATIE.holds(onderwerp):
        return _van_locatie(eerst, straks, onderwerp)
    if geraakt is Register.TOEZICHT:
        return list(_van_gemeenten(eerst, straks, [onderwerp], _VAN_TOEZICHT))
    if SubjectKind.GEMEENTE.holds(onderwerp):
        codes = dict.fromkeys([eerst.indeling.current(onderwerp), *_andere(eerst, straks, onderwerp)])
        return [*_van_gemeenten(eerst, straks, codes, _VAN_TAAK), *_van_het_land(eerst, straks)]
    if SubjectKind.PROVINCIE.holds(onderwerp):
        both = [opgave_of(one.wet, onderwerp, one.cyclus.id) if one.cyclus else None for one in (eerst, straks)]
        shown = [one.gevolg(FigureOf.PROVINCIE, *both) for one in (_Getoond(OPGAVE), _Getoond(OPGAVE_STATUS))]
        return [Onderwerpgevolgen(onderwerp, naam(eerst, onderwerp), shown)]
    return _van_het_land(eerst, straks)


def wissels(eerst: Cijfers, straks: Cijfers) -> list[Wissel]:
    """Returns every gemeente that comes into another class."""
    before = {row.gemeente.code: row.naleving for row in eerst.naleving}
    return [
        Wissel(row.gemeente.naam, before[row.gemeente.code], row.naleving, row.reden)
        for row in straks.naleving
        if before.get(row.gemeente.code, row.naleving) != row.naleving
    ]


def _van_locatie(eerst: Cijfers, straks: Cijfers, own_id: str) -> list[Onderwerpgevolgen]:
    """Returns the figures of the locatie, of its gemeente (of both, when it moves), and of the whole country."""
    both = [locatie(cijfers.registers, own_id, cijfers.herkomst.geldig_op) for cijfers in (eerst, straks)]
    seen = [gezien(found, cijfers.herkomst.geldig_op) for found, cijfers in zip(both, (eerst, straks), strict=True)]
    titel = next((found.naam for found in both if found.naam), own_id)
    lies_in = [eerst.gemeente_of(both[0]), straks.gemeente_of(both[1])]
    codes = dict.fromkeys(gemeente.code for gemeente in lies_in if gemeente is not None)
    return [
        Onderwerpgevolgen(own_id, titel, _rijen(FigureOf.LOCATIE, *seen)),
        *_van_gemeenten(eerst, straks, codes, _GETOOND[FigureOf.GEMEENTE]),
        Onderwerpgevolgen(LANDELIJK, "Nederland", _rijen(FigureOf.GEBIED, eerst.landelijk, straks.landelijk)),
    ]


def _van_gemeenten(
    eerst: Cijfers, straks: Cijfers, codes: Iterable[str], getoond: Sequence[_Getoond]
) -> Iterator[Onderwerpgevolgen]:
    rows = [{row.gemeente.code: row for row in cijfers.naleving} for cijfers in (eerst, straks)]
    for code in codes:
        if code in rows[0] and code in rows[1]:
            before, after = rows[0][code], rows[1][code]
            shown = [one.gevolg(FigureOf.GEMEENTE, before, after) for one in getoond]
            yield Onderwerpgevolgen(code, f"Gemeente {after.gemeente.naam}", shown)


def _andere(eerst: Cijfers, straks: Cijfers, onderwerp: str) -> Iterator[str]:
    """Yields the gemeenten whose places that count change by a report about another one."""
    before = {row.gemeente.code: row.meetellend for row in eerst.naleving}
    for row in straks.naleving:
        if row.gemeente.code != onderwerp and before.get(row.gemeente.code) != row.meetellend:
            yield row.gemeente.code


def _van_het_land(eerst: Cijfers, straks: Cijfers) -> list[Onderwerpgevolgen]:
    """Returns the number of gemeenten in each class, and the sums of the law."""
    before, after = totalen(eerst.naleving), totalen(straks.naleving)
    classes = [
        Gevolg(klasse, klasse.capitalize(), aantal_in(before, klasse), aantal_in(after, klasse), str)
        for klasse in KLASSEN
    ]
    both = [wetstand(one.naleving) for one in (eerst, straks)]
    sums = [one.gevolg(FigureOf.LAND, *both) for one in _VAN_LAND]
    return [Onderwerpgevolgen(LANDELIJK, "Gemeenten in Nederland", classes + sums)]


def _rijen(soort: FigureOf, eerst: Any, straks: Any) -> list[Gevolg]:
    return [one.gevolg(soort, eerst, straks) for one in _GETOOND[soort]]
