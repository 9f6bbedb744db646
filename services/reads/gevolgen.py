"""What events would change: the figures before and after them, side by side, both made by `Cijfers`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from services.core.grootheden import genoemd, van, waarde_van
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
from services.core.grootheden.toezicht import NIET_IN_TOEZICHT, ONDER_TOEZICHT, VERLOPEN
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
from services.core.naleving import opgeteld, wetstand
from services.core.registers import LANDELIJK, Register, SubjectKind
from services.reads.cijfers import Cijfers


class Cijfer(NamedTuple):
    """One figure, before and after."""

    grootheid: Grootheid
    soort: FigureOf
    """What kind of subject it is of."""
    label: str
    eerst: Any
    straks: Any

    @property
    def verandert(self) -> bool:
        """Whether it is another one after."""
        return bool(self.eerst != self.straks)


class Groep(NamedTuple):
    """A subject, with its figures."""

    onderwerp: str
    titel: str
    cijfers: list[Cijfer]


class Wissel(NamedTuple):
    """A gemeente that comes into another class of naleving."""

    code: str
    naam: str
    van: str
    naar: str
    reden: str | None
    """Why the new class is no plainer; None where it is plain."""


class _Getoond(NamedTuple):
    """A figure that a report may change, as it is shown."""

    grootheid: Grootheid
    label: str = ""
    """Its label here, where the declared one says too little outside a table of such figures."""

    def cijfer(self, soort: FigureOf, eerst: Any, straks: Any) -> Cijfer:
        """Returns the figure of what is seen of a subject before and after the report."""
        one = self.grootheid
        before, after = (waarde_van(one, soort, seen) for seen in (eerst, straks))
        return Cijfer(one, soort, self.label or one.label, before, after)


_INZETBAAR = _Getoond(INZETBAAR, "Inzetbare plaatsen")
_GETOOND: Mapping[FigureOf, Sequence[_Getoond]] = {
    FigureOf.LOCATIE: (
        _Getoond(AANWEZIG),
        _Getoond(PEILMOMENT, "Laatste meting"),
        _Getoond(TOTAAL_PLAATSEN),
        _INZETBAAR,
        _Getoond(BEZETTINGSGRAAD),
        _Getoond(BOVEN_CAPACITEIT),
        _Getoond(TOEGANG),
        _Getoond(MAXIMUM),
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
_VAN_TOEZICHT = (_Getoond(TOEZICHT), _Getoond(NALEVING))
_VAN_ALLE_TOEZICHT = (
    ONDER_TOEZICHT,
    VERLOPEN,
    NIET_IN_TOEZICHT,
    *(genoemd(naam, FigureOf.TOEZICHT) for naam in ("urenNodig", "fteNodig")),
)
"""The same for a step of toezicht: how many gemeenten, and the hours and fte that they take."""
_VAN_LAND = (_Getoond(OPGAVE), _Getoond(TEKORT, "Tekort aan plaatsen"))
KLASSEN = tuple(one for one, _ in van(FigureOf.TOTALEN))
"""How many gemeenten are in each class of naleving."""


def gevolgen(eerst: Cijfers, straks: Cijfers, onderwerp: str, geraakt: Register | None) -> list[Groep]:
    """Returns the figures that a report about a subject may change, which writes to this register."""
    if SubjectKind.LOCATIE.holds(onderwerp):
        return _van_locatie(eerst, straks, onderwerp)
    if geraakt is Register.TOEZICHT:
        code = eerst.indeling.current(onderwerp)
        return [*_van_gemeenten(eerst, straks, [code], _VAN_TOEZICHT), *_van_toezicht(eerst, straks)]
    if SubjectKind.GEMEENTE.holds(onderwerp):
        codes = dict.fromkeys([eerst.indeling.current(onderwerp), *_andere(eerst, straks, onderwerp)])
        return [*_van_gemeenten(eerst, straks, codes, _VAN_TAAK), *_van_het_land(eerst, straks)]
    if SubjectKind.PROVINCIE.holds(onderwerp):
        both = [one.stand_van(onderwerp) for one in (eerst, straks)]
        shown = [one.cijfer(FigureOf.PROVINCIE, *both) for one in (_Getoond(OPGAVE), _Getoond(OPGAVE_STATUS))]
        return [Groep(onderwerp, f"Provincie {eerst.naam_van(onderwerp)}", shown)]
    return _van_het_land(eerst, straks)


def wissels(eerst: Cijfers, straks: Cijfers) -> list[Wissel]:
    """Returns every gemeente that comes into another class."""
    before = {row.gemeente.code: row.naleving for row in eerst.naleving}
    return [
        Wissel(row.gemeente.code, row.gemeente.naam, before[row.gemeente.code], row.naleving, row.reden)
        for row in straks.naleving
        if before.get(row.gemeente.code, row.naleving) != row.naleving
    ]


def verborgen(geraakt: Register | None, cijfers: Cijfers) -> str:
    """Says why the caller may not see what a write to this register would change; empty where it may.

    Naleving counts every locatie. Whoever could try one rule of what counts after another would learn which places
    there are where nobody else may look.
    """
    if geraakt in cijfers.unseen:
        return "Wat dit verandert, is te zien met de rol toezicht over deze gemeente."
    if geraakt in (Register.CYCLUS, Register.TELREGEL) and not cijfers.audience.sees_shielded:
        return "Wat dit in de naleving verandert, is vooraf alleen te zien met de rol vertrouwelijk."
    return ""


def _van_locatie(eerst: Cijfers, straks: Cijfers, own_id: str) -> list[Groep]:
    """Returns the figures of the locatie, of its gemeente (of both, when it moves), and of the whole country."""
    both = [locatie(cijfers.registers, own_id, cijfers.herkomst.geldig_op) for cijfers in (eerst, straks)]
    seen = [gezien(found, cijfers.herkomst.geldig_op) for found, cijfers in zip(both, (eerst, straks), strict=True)]
    titel = next((found.naam for found in both if found.naam), own_id)
    lies_in = [eerst.gemeente_of(both[0]), straks.gemeente_of(both[1])]
    codes = dict.fromkeys(gemeente.code for gemeente in lies_in if gemeente is not None)
    return [
        Groep(own_id, titel, _rijen(FigureOf.LOCATIE, *seen)),
        *_van_gemeenten(eerst, straks, codes, _GETOOND[FigureOf.GEMEENTE]),
        Groep(LANDELIJK, "Nederland", _rijen(FigureOf.GEBIED, eerst.landelijk, straks.landelijk)),
    ]


def _van_gemeenten(
    eerst: Cijfers, straks: Cijfers, codes: Iterable[str], getoond: Sequence[_Getoond]
) -> Iterator[Groep]:
    rows = [{row.gemeente.code: row for row in cijfers.naleving} for cijfers in (eerst, straks)]
    for code in codes:
        if code in rows[0] and code in rows[1]:
            before, after = rows[0][code], rows[1][code]
            shown = [one.cijfer(FigureOf.GEMEENTE, before, after) for one in getoond]
            yield Groep(code, f"Gemeente {after.gemeente.naam}", shown)


def _andere(eerst: Cijfers, straks: Cijfers, onderwerp: str) -> Iterator[str]:
    """Yields the gemeenten whose places that count change by a report about another one."""
    before = {row.gemeente.code: row.meetellend for row in eerst.naleving}
    for row in straks.naleving:
        if row.gemeente.code != onderwerp and before.get(row.gemeente.code) != row.meetellend:
            yield row.gemeente.code


def _van_toezicht(eerst: Cijfers, straks: Cijfers) -> Iterator[Groep]:
    """Yields figures of the toezicht on all gemeenten, for whoever may see the steps of all."""
    if eerst.audience.sees_toezicht:
        told = [
            Cijfer(one, FigureOf.TOEZICHT, one.label, *(cijfers.van_toezicht[one.naam] for cijfers in (eerst, straks)))
            for one in _VAN_ALLE_TOEZICHT
        ]
        yield Groep(LANDELIJK, "Toezicht in Nederland", told)


def _van_het_land(eerst: Cijfers, straks: Cijfers) -> list[Groep]:
    """Returns the number of gemeenten in each class, and the sums of the law."""
    counts = [opgeteld(one.naleving) for one in (eerst, straks)]
    classes = [_Getoond(one).cijfer(FigureOf.TOTALEN, *counts) for one in KLASSEN]
    both = [wetstand(one.naleving) for one in (eerst, straks)]
    return [
        Groep(LANDELIJK, "Gemeenten in Nederland", classes + [one.cijfer(FigureOf.LAND, *both) for one in _VAN_LAND])
    ]


def _rijen(soort: FigureOf, eerst: Any, straks: Any) -> list[Cijfer]:
    return [one.cijfer(soort, eerst, straks) for one in _GETOOND[soort]]
