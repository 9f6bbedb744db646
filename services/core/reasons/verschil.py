"""What differs between two points (V1, K1) and (V2, K2), each with a rule of what counts.

Between them lie (V1, K2), and (V2, K2) by the first rule. Up to the first the difference is what we learned about the
old moment (`inzicht`). From there to the second it is what changed in the world (`wereld`), and the rest is what is
counted otherwise (`regel`). Together they are the whole difference. Which events did it stands in `oorzaken`.
"""

from collections.abc import Mapping
from typing import NamedTuple, TypeGuard

from services.core.grootheden.declaratie import Waarde

Cel = tuple[str, str]
"""(onderwerp, grootheid)."""


class Verandering(NamedTuple):
    """A figure that is not the same at all points. None where it is not known or its subject is not there."""

    onderwerp: str
    grootheid: str
    van: Waarde
    tussen: Waarde
    tussen_regel: Waarde
    naar: Waarde

    @property
    def inzicht(self) -> int | float | None:
        """What we learned about the old moment; None where an end of it can't be subtracted."""
        return step(self.van, self.tussen)

    @property
    def wereld(self) -> int | float | None:
        """What changed in the world; None where an end of it can't be subtracted."""
        return step(self.tussen, self.tussen_regel)

    @property
    def regel(self) -> int | float | None:
        """What is counted otherwise; None where an end of it can't be subtracted."""
        return step(self.tussen_regel, self.naar)

    @property
    def geheel(self) -> int | float | None:
        """The whole difference; None where an end of it can't be subtracted."""
        return step(self.van, self.naar)

    @property
    def waarden(self) -> tuple[Waarde, ...]:
        """Its value at each point."""
        return self.van, self.tussen, self.tussen_regel, self.naar


def verschillen(
    van: Mapping[Cel, Waarde],
    tussen: Mapping[Cel, Waarde],
    tussen_regel: Mapping[Cel, Waarde],
    naar: Mapping[Cel, Waarde],
) -> list[Verandering]:
    """The figures that are not the same at all points, in the order in which they are given."""
    points = (van, tussen, tussen_regel, naar)
    cells = dict.fromkeys(cel for point in points for cel in point)
    rows = (Verandering(*cel, *(point.get(cel) for point in points)) for cel in cells)
    return [row for row in rows if len(set(row.waarden)) > 1]


def step(before: Waarde, after: Waarde) -> int | float | None:
    """Returns how much was added; None where one of the two is no number."""
    return after - before if _is_number(before) and _is_number(after) else None


def _is_number(value: Waarde) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
