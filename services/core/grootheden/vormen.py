"""How people read the value of a figure: in the form of its unit, which `declaratie` declares."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from schemas.fields import parse_moment
from services.core import dutch
from services.core.grootheden.declaratie import Eenheid

UNKNOWN = "onbekend"
NOT_STATED = "niet vast te stellen"
"""Stands in the place of a figure that what is known can't carry."""


def geschreven(waarde: Any, eenheid: Eenheid | None) -> str:
    """Writes a value of a unit, or of none."""
    if waarde is None:
        return UNKNOWN
    return dutch.number(waarde) if eenheid is None else _VORMEN[eenheid](waarde)


def naast_elkaar(waarden: Sequence[float | None], eenheid: Eenheid) -> list[str | None]:
    """Writes numbers of a unit that are read beside each other, so that those that differ do not look the same."""
    return dutch.side_by_side(waarden, eenheid.value.decimalen)


def verschil(waarde: float, eenheid: Eenheid | None) -> str:
    """Writes the difference between two values of a unit, with its sign."""
    match eenheid:
        case Eenheid.GRAAD | Eenheid.AANDEEL:
            return dutch.points(waarde)
        case Eenheid.EURO if waarde:
            return f"{'+' if waarde > 0 else '−'}{dutch.euros(abs(waarde))}"
        case Eenheid.FTE if waarde:
            return f"{'+' if waarde > 0 else '−'}{geschreven(abs(waarde), eenheid)}"
        case Eenheid.SECONDEN if waarde:
            return f"{'+' if waarde > 0 else '−'}{dutch.length(abs(waarde))}"
        case None:
            return dutch.signed(waarde)
    return dutch.signed(waarde, eenheid.value.decimalen)


def _getal(eenheid: Eenheid) -> Callable[[float], str]:
    return lambda waarde: dutch.number(waarde, eenheid.value.decimalen)


_VORMEN: Mapping[Eenheid, Callable[[Any], str]] = {one: _getal(one) for one in Eenheid} | {
    Eenheid.GRAAD: dutch.percentage,
    Eenheid.AANDEEL: dutch.percentage,
    Eenheid.SECONDEN: dutch.length,
    Eenheid.EURO: dutch.euros,
    Eenheid.FTE: lambda waarde: str(naast_elkaar([waarde], Eenheid.FTE)[0]),
    Eenheid.JA_NEE: lambda waarde: "ja" if waarde else "nee",
    Eenheid.MOMENT: lambda waarde: dutch.dutch_day(parse_moment(waarde) if isinstance(waarde, str) else waarde),
    Eenheid.TEKST: lambda waarde: waarde or UNKNOWN,
    Eenheid.KLASSE: lambda waarde: waarde or UNKNOWN,
}
