"""A difference as a story: what each part adds to it, the largest first, and what the rest adds together.

A part is a locatie of a sum of people or places, a gemeente of a sum over gemeenten, or a term of one gemeente. What
the parts add is the whole, as a difference and in each of its causes (`wereld`, `inzicht` and `regel`).
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from operator import attrgetter
from typing import NamedTuple, TypeVar

from services.core.begrippen import OORZAKEN
from services.core.dutch import number
from services.core.grootheden import KLASSENAMEN
from services.core.grootheden.declaratie import Waarde
from services.core.grootheden.opvang import AANWEZIG_GEMETEN, INZETBAAR, LOCATIES
from services.core.grootheden.wet import EIGEN, GEGEVEN, MEETELLEND, NALEVING, ONBEKEND, ONTVANGEN, TEKORT
from services.core.locaties import Locatie
from services.core.naleving import GemeenteNaleving
from services.core.reasons.oorzaken import Peilpunt
from services.core.reasons.verschil import Verandering
from services.core.registers import LANDELIJK, SubjectKind

T = TypeVar("T")
M = TypeVar("M")
KANTEN = tuple(OORZAKEN)
"""The causes of a difference, in the order in which people are told of them."""
PER_LOCATIE: Mapping[str, Callable[[Locatie], int]] = {
    AANWEZIG_GEMETEN.naam: lambda one: one.aanwezig or 0,
    INZETBAAR.naam: lambda one: one.inzetbaar or 0,
    LOCATIES.naam: lambda _: 1,
}
"""The sums over locaties of which a story is told, and what a locatie that counts adds to each."""
_ONBEKEND = next(klasse for klasse, naam in KLASSENAMEN.items() if naam == ONBEKEND.naam)


_CAME = ("nieuw", "hoort nu hierbij", "ging open")
_GONE = ("niet meer bekend", "hoort hier niet meer bij", "ging dicht")
"""How a locatie came into a sum or left it: by its registration, by the area that it lies in, or by its doors."""


class Rest(NamedTuple):
    """What several parts add together. A number is None where one of them can't be said."""

    delen: int
    geheel: float | None
    wereld: float | None
    inzicht: float | None
    regel: float | None


class Verhaal(NamedTuple):
    """The difference of one figure, and what each part adds to it."""

    geheel: Verandering
    delen: Sequence[Verandering]
    """The parts that add something, or of which that can't be said: these come last. The largest comes first."""

    def gedeeld(self) -> tuple["Rest", "Rest"]:
        """Returns what the parts that went up add together, and what those that went down do."""
        up = [one for one in self.delen if one.geheel is not None and one.geheel > 0]
        down = [one for one in self.delen if one.geheel is not None and one.geheel < 0]
        return _samen(up), _samen(down)

    def rest(self, verteld: int) -> Rest:
        """Returns what all parts after the first `verteld` add together."""
        return _samen(self.delen[verteld:])


def _samen(parts: Sequence[Verandering]) -> Rest:
    return Rest(len(parts), *(som(getattr(one, name) for one in parts) for name in ("geheel", *KANTEN)))


def verhaal(onderwerp: str, grootheid: str, points: Sequence[Mapping[str, int | None]]) -> Verhaal:
    """Tells a figure that is the sum of parts. `points`: what each part adds, at each of the four points."""
    names = dict.fromkeys(name for point in points for name in point)
    adds = ((name, tuple(point.get(name, 0) for point in points)) for name in names)
    rows = [Verandering(name, grootheid, *values) for name, values in adds if _tells(values)]
    whole = Verandering(onderwerp, grootheid, *(som(point.values()) for point in points))
    return Verhaal(whole, sorted(rows, key=_size))


def som(values: Iterable[Waarde]) -> int | float | None:
    """Adds numbers; None when one of them can't be said."""
    total: int | float = 0
    for value in values:
        if value is None or isinstance(value, str):
            return None
        total += value
    return total


def van_locaties(onderwerp: str, punten: Sequence[Peilpunt]) -> list[Verhaal]:
    """Tells the sums of people and places of an area, with its locaties as parts."""
    here = _each(punten, partial(_counted, onderwerp))
    return [verhaal(onderwerp, naam, _each(here, partial(_by_id, adds))) for naam, adds in PER_LOCATIE.items()]


def van_gemeenten(onderwerp: str, points: Sequence[Sequence[GemeenteNaleving]]) -> list[Verhaal]:
    """Tells the places that count and those that are short of an area, with its gemeenten as parts.

    The parts of one gemeente are its own places, those that it gives and those that it receives.
    """
    if SubjectKind.GEMEENTE.holds(onderwerp):
        return [verhaal(onderwerp, MEETELLEND.naam, _each(points, partial(_terms, onderwerp)))]
    return [verhaal(onderwerp, naam, _each(points, partial(_by_code, adds))) for naam, adds in _PER_GEMEENTE.items()]


def van_klassen(onderwerp: str, points: Sequence[Sequence[GemeenteNaleving]]) -> dict[str, Verhaal]:
    """Tells the number of gemeenten in each class of naleving, with the gemeenten as parts.

    A gemeente whose class is not known may be in any other, so it can't be said what it adds to those.
    """
    return {
        klasse: verhaal(onderwerp, naam, _each(points, partial(_by_code, partial(_in_class, klasse))))
        for klasse, naam in KLASSENAMEN.items()
    }


def verhuisd(points: Sequence[Sequence[GemeenteNaleving]]) -> list[Verandering]:
    """Returns the gemeenten that are not in the same class at all points, in order of code."""
    said = _each(points, partial(_by_code, attrgetter("naleving")))
    codes = sorted({code for point in said for code in point})
    rows = (Verandering(code, NALEVING.naam, *(point.get(code) for point in said)) for code in codes)
    return [row for row in rows if len(set(row.waarden)) > 1]


def kanten(row: Verandering) -> list[str]:
    """Returns which causes changed a value, in the order of KANTEN."""
    van, tussen, tussen_regel, naar = row.waarden
    changed = {"inzicht": van != tussen, "wereld": tussen != tussen_regel, "regel": tussen_regel != naar}
    return [kant for kant in KANTEN if changed[kant]]


def hoe(grootheid: str, before: Locatie | None, after: Locatie | None) -> str:
    """Says what became of a locatie in one of the sums, from the first point to the last."""
    was, now = before is not None and before.counts, after is not None and after.counts
    old, new = (_number(grootheid, one) for one in (before, after))
    if was and now:
        if old == new:
            return ""
        if old is None:
            return f"eerst niet bekend, nu {new}"
        return f"eerst {old}, nu niet meer bekend" if new is None else f"van {old} naar {new}"
    if not (was or now):
        return ""
    other = after if was else before
    nothing, moved, door = _GONE if was else _CAME
    how = nothing if other is None or not other.registered else moved if other.open else door
    people = old if was else new
    return how if people is None else f"{how}, met toen {people}" if was else f"{how}, met {people}"


def _number(grootheid: str, one: Locatie | None) -> str | None:
    value = None if one is None else {AANWEZIG_GEMETEN.naam: one.aanwezig, INZETBAAR.naam: one.inzetbaar}.get(grootheid)
    return None if value is None else number(value)


def _tekort(row: GemeenteNaleving) -> int | None:
    return 0 if row.naleving == "opgeschort" else row.tekort


_PER_GEMEENTE: Mapping[str, Callable[[GemeenteNaleving], int | None]] = {
    MEETELLEND.naam: lambda row: row.meetellend if row.geteld else None,
    TEKORT.naam: _tekort,
}
"""The sums over gemeenten of which a story is told, and what a gemeente adds to each."""


def _each(points: Sequence[T], made: Callable[[T], M]) -> list[M]:
    """Makes something of each point, once for those that are the same."""
    distinct = {id(point): point for point in points}
    found = {own_id: made(point) for own_id, point in distinct.items()}
    return [found[id(point)] for point in points]


def _tells(values: Sequence[int | None]) -> bool:
    return None in values or len(set(values)) > 1


def _size(row: Verandering) -> tuple[bool, float, float, str]:
    """The order of parts: by how much they add, and where that is the same by what their causes add."""
    moved = row.geheel
    causes = sum(abs(part) for part in (row.wereld, row.inzicht, row.regel) if part is not None)
    return moved is None, -abs(moved or 0), -causes, row.onderwerp


def _counted(onderwerp: str, punt: Peilpunt) -> list[Locatie]:
    return [
        one
        for one in punt.locaties
        if one.counts and (onderwerp in (LANDELIJK, one.id) or onderwerp in punt.places_of(one))
    ]


def _terms(code: str, rows: Collection[GemeenteNaleving]) -> dict[str, int | None]:
    row = next((row for row in rows if row.gemeente.code == code), None)
    if row is None:
        return {}
    terms = {EIGEN.naam: row.eigen, GEGEVEN.naam: -row.gegeven, ONTVANGEN.naam: row.ontvangen}
    return {name: value if row.geteld else None for name, value in terms.items()}


def _by_id(adds: Callable[[Locatie], int], some: Iterable[Locatie]) -> dict[str, int | None]:
    return {one.id: adds(one) for one in some}


def _by_code(said: Callable[[GemeenteNaleving], T], rows: Iterable[GemeenteNaleving]) -> dict[str, T]:
    return {row.gemeente.code: said(row) for row in rows}


def _in_class(klasse: str, row: GemeenteNaleving) -> int | None:
    if row.naleving == _ONBEKEND and klasse != _ONBEKEND:
        return None
    return int(row.naleving == klasse)
