"""All figures, and what the outlets derive from them: rows, series, formulas and what they rest on.

A figure is declared in `opvang`, `wet` or `toezicht`, in the form of `declaratie`. Some figures need more:

* one that is a sum of something new needs a part in services/core/delen.py;
* one with a `meter` needs a row in LIJST of services/metrics.py;
* one in a new unit needs a way to write that unit, in services/core/grootheden/vormen.py.

All other outlets derive it. tests/unit/test_grootheden.py names what is forgotten, with the file.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from services.core.grootheden import opvang, toezicht, wet
from services.core.grootheden.declaratie import FigureOf, Grootheid, Van, Waarde
from services.core.naleving import KLASSEN
from services.core.registers import Register
from services.core.toezicht import KLEINSTE
from services.core.voorbehoud import Voorbehoud, van_kleine_aantallen

GROOTHEDEN: tuple[Grootheid, ...] = (
    *(one for one in vars(opvang).values() if isinstance(one, Grootheid)),
    *(one for one in vars(wet).values() if isinstance(one, Grootheid)),
    *toezicht.GROOTHEDEN,
)
"""Every figure, in the order of declaration: first those of `opvang`, then those of `wet`, then those of `toezicht`."""
_LIGT = frozenset({Register.REGISTRATIE, Register.OPEN})
"""The registers that decide which locaties count in a sum over an area."""


def van(
    soort: FigureOf, among: Iterable[Grootheid] = GROOTHEDEN, *, klein: bool = False
) -> list[tuple[Grootheid, Van[Any, Any]]]:
    """Returns the figures of a kind of subject, each with how it follows there, in the order of declaration.

    With `klein` as they are told to who may see small numbers.
    """
    return [(one, found) for one in among if (found := one.van(soort, klein=klein)) is not None]


def in_antwoord(
    soort: FigureOf, among: Iterable[Grootheid] = GROOTHEDEN, *, klein: bool = False
) -> list[tuple[Grootheid, Van[Any, Any]]]:
    """Returns the figures in an answer, in the order of that answer. With `klein` for who may see small numbers.

    Raises LookupError when a figure asks for a place after one that is not in the answer.
    """
    every = [(one, how) for one, how in van(soort, among, klein=klein) if how.antwoord]
    rows = [pair for pair in every if not pair[1].na]
    for pair in every:
        if pair[1].na:
            names = [one.naam for one, _ in rows]
            if pair[1].na not in names:
                raise LookupError(f"{pair[0].naam} ({soort.value}) stands after {pair[1].na}, which is in no answer")
            rows.insert(names.index(pair[1].na) + 1, pair)
    return rows


def waarde_van(one: Grootheid, soort: FigureOf, gezien: Any) -> Waarde:
    """Returns the value of a figure for a kind of subject. Raises KeyError when that kind does not have the figure."""
    how = one.van(soort)
    if how is None:
        raise KeyError(f"{one.naam} van {soort.value}")
    return how.waarde(gezien)


def rij(
    soort: FigureOf, gezien: Any, unseen: frozenset[Register] = frozenset(), *, klein: bool = False
) -> dict[str, Waarde]:
    """Returns the values of the figures in an answer, by name, without those that rest on an unseen register.

    With `klein` as they are told to who may see small numbers.
    """
    return {naam: waarde(gezien) for naam, waarde in _rows(soort, unseen, klein)}


def alle(
    soort: FigureOf, gezien: Any, unseen: frozenset[Register] = frozenset(), *, klein: bool = False
) -> dict[str, Waarde]:
    """Returns the values of all figures of a kind of subject, by name, also of those in no answer.

    Those that rest on an unseen register are left out. With `klein` as they are told to who may see small numbers.
    """
    return {one.naam: how.waarde(gezien) for one, how in van(soort, klein=klein) if not one.rust_op & unseen}


@cache
def _rows(soort: FigureOf, unseen: frozenset[Register], klein: bool) -> list[tuple[str, Callable[[Any], Waarde]]]:
    """The figures in each answer. A list of 342 gemeenten asks some 4,000 values, so each takes one call."""
    return [(one.naam, how.waarde) for one, how in in_antwoord(soort, klein=klein) if not one.rust_op & unseen]


def te_klein(soort: FigureOf, gezien: Any, among: Iterable[Grootheid] = GROOTHEDEN) -> list[Voorbehoud]:
    """Returns why numbers that are known are not told to whoever may only read; empty when all are."""
    least = {
        one.kleinste_aantal or KLEINSTE
        for one, known in van(soort, among, klein=True)
        if one.houdt_achter
        and not one.vertrouwelijk
        and known.waarde(gezien) is not None
        and waarde_van(one, soort, gezien) is None
    }
    return [van_kleine_aantallen(minstens) for minstens in sorted(least)]


def genoemd(naam: str, soort: FigureOf) -> Grootheid:
    """Returns the figure of this name. Raises KeyError."""
    return _BY_NAME[soort][naam]


_BY_NAME: Mapping[FigureOf, Mapping[str, Grootheid]] = {
    soort: {one.naam: one for one, _ in van(soort)} for soort in FigureOf
}


def vergeleken(soort: FigureOf, *, overal: bool = True, unseen: frozenset[Register] = frozenset()) -> list[str]:
    """Returns the names of the figures that are compared between two moments.

    With `overal` only those that are compared everywhere: figures that change every second are compared for the
    country alone. Those that rest on an unseen register are left out.
    """
    seen = [(one, how) for one, how in van(soort) if not one.rust_op & unseen]
    return [one.naam for one, how in seen if how.verschil and not (overal and one.loopt)]


def in_reeks(soort: FigureOf) -> list[str]:
    """Returns the names of the figures that can be asked through time."""
    if soort is FigureOf.TOEZICHT:  # What is seen of it at each moment is made whole, so it closes over no parts.
        return [one.naam for one, how in van(soort, klein=True) if how.reeks]
    return [one.naam for one, how in van(soort) if how.reeks and (how.sluit or how.over_gemeenten)]


def sorteerbaar(*soorten: FigureOf, unseen: frozenset[Register] = frozenset()) -> list[str]:
    """Returns the names of the figures by which the API sorts rows: every number in an answer of these kinds.

    Those that rest on an unseen register are left out: their order would tell them. So are those that change every
    second: a cursor would name a place that has moved.
    """
    return [
        one.naam
        for soort in soorten
        for one, _ in in_antwoord(soort)
        if one.eenheid.value.kolom in ("heel", "breuk") and not one.loopt and not one.rust_op & unseen
    ]


def sluiting(naam: str, soort: FigureOf) -> Callable[[Any], tuple[Any, Any]]:
    """Returns how a figure is computed from added parts. Raises KeyError when it can't be computed from parts."""
    how = genoemd(naam, soort).van(soort)
    found = None if how is None else how.sluit or how.over_gemeenten
    if found is None:
        raise KeyError(naam)
    return found


def rust_op(naam: str, soort: FigureOf) -> frozenset[Register]:
    """Returns the registers that a figure depends on. A sum over an area also depends on which locaties are open."""
    own = genoemd(naam, soort).rust_op
    return own | _LIGT if soort is FigureOf.GEBIED else own


@cache
def rusten_op(soort: FigureOf) -> frozenset[Register]:
    """Returns the registers that the figures of a kind of subject depend on, all together."""
    return frozenset().union(*(rust_op(one.naam, soort) for one, _ in van(soort)))


def meters(soort: FigureOf, gezien: Any) -> dict[str, list[tuple[tuple[str, ...], Any]]]:
    """Returns the samples of a kind of subject: the name of each gauge → (values of its labels, figure)."""
    found: dict[str, list[tuple[tuple[str, ...], Any]]] = {}
    for _, how in van(soort):
        if how.meter is not None:
            found.setdefault(how.meter.naam, []).append((how.meter.labels, how.waarde(gezien)))
    return found


def vast_te_stellen(soort: FigureOf, gezien: Any) -> dict[str, bool]:
    """Returns whether each figure with a gauge can be stated, by name. Those that always can are left out."""
    return {
        one.naam: how.waarde(gezien) is not None for one, how in van(soort) if how.meter is not None and not how.bekend
    }


BIJ_NAAM: Mapping[str, Grootheid] = {
    f"{soort.value}.{one.naam}" if soort is FigureOf.OVERSCHRIJDING else one.naam: one
    for soort in FigureOf
    for one, _ in van(soort)
}
"""Every figure by the name under which it is explained and compared. Those of days above a maximum have a prefix."""


def names_of_classes(klassen: Sequence[str], among: Iterable[Grootheid] = GROOTHEDEN) -> Mapping[str, str]:
    """Returns class of naleving → name of the figure that counts its gemeenten.

    The two lists are paired by their order. Raises LookupError when one of them is longer.
    """
    names = [one.naam for one, _ in van(FigureOf.TOTALEN, among)]
    if len(names) != len(klassen):
        raise LookupError(
            f"KLASSEN in services/core/naleving.py lists {len(klassen)} classes ({', '.join(klassen)}) and "
            f"services/core/grootheden/wet.py declares {len(names)} figures with `totalen` ({', '.join(names)}): "
            "give each class one figure, in the same order"
        )
    return dict(zip(klassen, names, strict=True))


KLASSENAMEN = names_of_classes(KLASSEN)
"""Class of naleving → the name of the number of gemeenten in it."""
