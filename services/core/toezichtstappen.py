"""The course of the toezicht on a gemeente: every step until V in order, and how each follows on the one before it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from schemas.moments import day_of
from services.core.registers import Winner
from services.core.stap import Stap, stap_van
from services.core.toezichtladder import buiten_volgorde


class Gezet(NamedTuple):
    """A step in that course."""

    stap: Stap
    tegen: str
    """The code of the gemeente that it was taken against, which may have merged since."""
    sinds: datetime
    """Since when the gemeente is in this step without a break. A new term is the same step once more."""
    buiten: str | None
    """Why it does not follow on the step before it; None when it does."""
    tot: datetime | None = None
    """When the next step was taken; None for the last one."""

    def dagen(self, op: datetime) -> int:
        """How many Dutch days the gemeente is in this step at V without a break."""
        return (day_of(op) - day_of(self.sinds)).days


Stappen = Sequence[Gezet]
"""The first step first."""


def op_volgorde(written: Iterable[tuple[str, Winner]]) -> list[Gezet]:
    """Puts the steps against a gemeente and what merged into it in order.

    `written`: the code that each was taken against, and the write.
    """
    found: list[Gezet] = []
    for tegen, winner in sorted(written, key=lambda one: one[1].rank):
        found.append(_after(found[-1] if found else None, stap_van(winner), tegen))
    return [*(one._replace(tot=after.stap.gezet_op) for one, after in pairwise(found)), *found[-1:]]


def _after(vorige: Gezet | None, stap: Stap, tegen: str) -> Gezet:
    if vorige is None:
        return Gezet(stap, tegen, stap.gezet_op, buiten_volgorde(None, stap.stap))
    sinds = vorige.sinds if vorige.stap.stap == stap.stap else stap.gezet_op
    return Gezet(stap, tegen, sinds, buiten_volgorde(vorige.stap.stap, stap.stap))


def misstappen(steps: Stappen) -> list[Gezet]:
    """Returns the steps out of order of the toezicht that still runs; none of toezicht that ended."""
    found: list[Gezet] = []
    for one in steps:
        if not one.stap.loopt:
            found = []
        elif one.buiten is not None:
            found.append(one)
    return found
