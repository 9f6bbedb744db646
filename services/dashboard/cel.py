"""Small drawings that stand in a cell of a table or a line of a list: how their numbers become places.

`templates/cel.html` has the macros that draw them: `balk` (a value against its limit) and `vonk` (the last days).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from services.core.dutch import count
from services.dashboard.tekst import procent

BREED, HOOG = 100, 20
"""The size of a spark. A template may stretch it."""
_LAAGST, _HOOGST = 0.9, 1.1
"""A spark shows at least this: a locatie that stays the same is a flat line near the limit, and no mountain."""


class Vonk(NamedTuple):
    """The last days of a locatie as a line, and the same in words."""

    pad: str
    """The `d` of an SVG path: a piece for each run of known days. A day alone is a piece without length."""
    grens: float
    """The height of 100 %."""
    tekst: str
    """What an eye would see. Also where nothing is known."""


def vonk(dagen: Sequence[float | None], nu: float | None = None) -> Vonk:
    """Draws how full something was at the end of each day, oldest first, and now. None leaves a gap."""
    every = [*dagen, nu]
    known = [one for one in every if one is not None]
    if not known:
        return Vonk("", 0, f"De laatste {len(dagen)} dagen: geen metingen")
    low, high = min(_LAAGST, *known), max(_HOOGST, *known)

    def height(value: float) -> float:
        return round(HOOG * (high - value) / (high - low), 1)

    pieces, drawing = [], False
    for n, value in enumerate(every):
        if value is not None:
            x, y = round(BREED * n / len(dagen), 1), height(value)
            pieces.append(f"{'L' if drawing else 'M'}{x:g} {y:g}{'' if drawing else 'h0'}")
        drawing = value is not None
    return Vonk("".join(pieces), height(1), _in_woorden(dagen, nu))


def eerder(moment: datetime, seconden: int) -> datetime:
    """Gives the moment so long before another one: what an age counts from."""
    return moment - timedelta(seconds=seconden)


def _in_woorden(dagen: Sequence[float | None], nu: float | None) -> str:
    known = [one for one in dagen if one is not None]
    if not known:
        return f"De laatste {len(dagen)} dagen: geen metingen; nu {procent(nu)}"
    missing = len(dagen) - len(known)
    gaps = f"; {count(missing, 'dag', 'dagen')} onbekend" if missing else ""
    return (
        f"De laatste {len(dagen)} dagen: eerst {procent(known[0])}, laatst {procent(known[-1])}, "
        f"laagst {procent(min(known))}, hoogst {procent(max(known))}{gaps}"
    )
