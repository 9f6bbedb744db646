"""All figures, and what the outlets derive from them: rows, series, formulas, what they rest on, the glossary.

A figure is declared in `opvang` or `wet`, in the form of `declaratie`. It needs a part in `delen`
when no part carries it yet. Nothing else names it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from services.core.delen import Wetsdelen
from services.core.grootheden import opvang, wet
from services.core.grootheden.declaratie import Grootheid, Soort, Stelbaar, V, Van, Waarde
from services.core.naleving import KLASSEN, GemeenteNaleving
from services.core.registers import Register

GROOTHEDEN: tuple[Grootheid, ...] = tuple(
    one for declarations in (opvang, wet) for one in vars(declarations).values() if isinstance(one, Grootheid)
)
"""In the order in which they are told."""
_LIGT = frozenset({Register.REGISTRATIE, Register.OPEN})
"""What says that a locatie is there and counts."""


class Uitleg(NamedTuple):
    """A line of the glossary."""

    naam: str
    label: str
    eenheid: str
    betekenis: str


def van(soort: Soort, among: Iterable[Grootheid] = GROOTHEDEN) -> list[tuple[Grootheid, Van[Any, Any]]]:
    """Gives the figures of a kind of subject, in the order in which they are told."""
    return [(one, found) for one in among if (found := one.van(soort)) is not None]


def in_antwoord(soort: Soort, among: Iterable[Grootheid] = GROOTHEDEN) -> list[tuple[Grootheid, Van[Any, Any]]]:
    """Gives the figures that stand in an answer, in its order. Raises LookupError where one stands after nothing."""
    every = [(one, how) for one, how in van(soort, among) if how.antwoord]
    rows = [pair for pair in every if not pair[1].na]
    for pair in every:
        if pair[1].na:
            names = [one.naam for one, _ in rows]
            if pair[1].na not in names:
                raise LookupError(f"{pair[0].naam} ({soort.value}) stands after {pair[1].na}, which is in no answer")
            rows.insert(names.index(pair[1].na) + 1, pair)
    return rows


def waarde(one: Grootheid, how: Van[V, Any], gezien: V) -> Waarde:
    """Gives a figure of what is seen of a subject; None when it is not known, or may not be stated."""
    match one.stelbaar:
        case Stelbaar.ALTIJD:
            return how.waarde(gezien)


def waarde_van(one: Grootheid, soort: Soort, gezien: Any) -> Waarde:
    """Gives the same of a figure by its kind of subject. Raises KeyError when it does not exist for that kind."""
    how = one.van(soort)
    if how is None:
        raise KeyError(f"{one.naam} van {soort.value}")
    return waarde(one, how, gezien)


def rij(soort: Soort, gezien: Any) -> dict[str, Waarde]:
    """Gives the figures of an answer."""
    return {one.naam: waarde(one, how, gezien) for one, how in _ROWS[soort]}


def alle(soort: Soort, gezien: Any) -> dict[str, Waarde]:
    """Gives every figure of a kind of subject, also what stands in no answer."""
    return {one.naam: waarde(one, how, gezien) for one, how in van(soort)}


_ROWS = {soort: in_antwoord(soort) for soort in Soort}


def genoemd(naam: str, soort: Soort) -> Grootheid:
    """Finds the figure of this name. Raises KeyError."""
    return _BY_NAME[soort][naam]


_BY_NAME: Mapping[Soort, Mapping[str, Grootheid]] = {soort: {one.naam: one for one, _ in van(soort)} for soort in Soort}


def vergeleken(soort: Soort, *, overal: bool = True) -> list[str]:
    """Names the figures that are compared between two moments. `overal`: not those that only the country tells."""
    return [one.naam for one, how in van(soort) if how.verschil and not (overal and one.loopt)]


def in_reeks(soort: Soort) -> list[str]:
    """Names the figures that can be asked through time."""
    return [one.naam for one, how in van(soort) if how.reeks and (how.sluit or how.over_gemeenten)]


def sorteerbaar() -> list[str]:
    """Names the figures by which the API sorts locaties."""
    return [one.naam for one, how in van(Soort.LOCATIE) if how.sorteer]


def sluiting(naam: str, soort: Soort) -> Callable[[Any], tuple[Any, Any]]:
    """Gives how a figure closes over parts. Raises KeyError when it doesn't."""
    how = genoemd(naam, soort).van(soort)
    found = None if how is None else how.sluit or how.over_gemeenten
    if found is None:
        raise KeyError(naam)
    return found


def rust_op(naam: str, soort: Soort) -> frozenset[Register]:
    """Gives the registers that make a figure."""
    own = genoemd(naam, soort).rust_op
    return own | _LIGT if soort is Soort.GEBIED else own


@cache
def rusten_op(soort: Soort) -> frozenset[Register]:
    """Gives the registers that any figure of a kind of subject rests on."""
    return frozenset().union(*(rust_op(one.naam, soort) for one, _ in van(soort)))


def glossary() -> list[Uitleg]:
    """Gives every figure with its meaning, in alphabetical order."""
    every = {Uitleg(one.naam, one.label, one.eenheid.value.naam, one.betekenis) for one in GROOTHEDEN}
    return sorted(every)


def meters(soort: Soort, gezien: Any) -> dict[str, list[tuple[tuple[str, ...], Any]]]:
    """Gives the gauges of a kind of subject: the name of each, with the values of its labels and the figure."""
    found: dict[str, list[tuple[tuple[str, ...], Any]]] = {}
    for one, how in van(soort):
        if how.meter is not None:
            found.setdefault(how.meter.naam, []).append((how.meter.labels, waarde(one, how, gezien)))
    return found


def opgeteld(rows: Sequence[GemeenteNaleving]) -> Wetsdelen[int]:
    """Adds the parts of gemeenten together."""
    return Wetsdelen(
        *map(sum, zip(Wetsdelen(*[0] * len(Wetsdelen._fields)), *(row.delen for row in rows), strict=True))
    )


BIJ_NAAM: Mapping[str, Grootheid] = {
    f"{soort.value}.{one.naam}" if soort is Soort.OVERSCHRIJDING else one.naam: one
    for soort in Soort
    for one, _ in van(soort)
}
"""Every figure by the name under which it is explained and compared."""
KLASSENAMEN: Mapping[str, str] = dict(zip(KLASSEN, (one.naam for one, _ in van(Soort.TOTALEN)), strict=True))
"""Class of naleving → the name of the number of gemeenten in it."""
