"""The step of interbestuurlijk toezicht that a gemeente is in."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from schemas.data import Toezichtstap
from schemas.moments import day_of, start_of_day
from services.core.gemeenten import Indeling
from services.core.registers import Register, Registers, Winner, moment_in
from services.core.values import stap_of

BEEINDIGD: Toezichtstap = "beëindigd"
"""The step that ends the toezicht."""
MINISTER = "minister"
"""The toezichthouder of a step that names no other."""
_DAY = timedelta(days=1)


class Stap(NamedTuple):
    """A step against a gemeente."""

    stap: Toezichtstap
    gezet_op: datetime
    toezichthouder: str
    """`minister`, or the code of a provincie."""
    termijn: datetime | None
    """The Dutch day by whose end the gemeente must have acted, as its first moment; None without a term."""

    @property
    def loopt(self) -> bool:
        """Whether the gemeente is under toezicht by it."""
        return self.stap != BEEINDIGD

    @property
    def verloopt_op(self) -> datetime | None:
        """The first moment after the whole day of its term; None without a term."""
        return None if self.termijn is None else einde_van_termijn(self.termijn)


def einde_van_termijn(termijn: datetime) -> datetime:
    """Gives the first moment after the whole Dutch day of a term."""
    return start_of_day(day_of(termijn) + _DAY)


def stap_van(winner: Winner) -> Stap:
    """Gives the step that a write to `toezicht` says."""
    value: Any = winner.value
    more = {} if isinstance(value, str) else value
    term = moment_in(more, "termijn")
    last_day = None if term is None else start_of_day(day_of(term))
    return Stap(stap_of(value), winner.effective_at, more.get("toezichthouder", MINISTER), last_day)


def laatste_stap(registers: Registers, code: str, now: Indeling) -> Stap | None:
    """Gives the latest step against a gemeente, or against one that merged into it; None when none is known."""
    steps = [winner for part in now.parts(code) if (winner := Register.TOEZICHT.get(registers, part)) is not None]
    return stap_van(max(steps, key=lambda winner: winner.rank)) if steps else None
