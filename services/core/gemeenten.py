"""Which gemeenten exist at a moment, and what became of a code that ended."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from schemas.fields import AMSTERDAM
from schemas.moments import start_of_day
from schemas.reference import Gemeente


@dataclass(frozen=True, slots=True)
class Indeling:
    """The gemeenten as they are on the Dutch day of a moment."""

    geldig: tuple[Gemeente, ...]
    """The gemeenten that exist on that day, in order of code."""
    _table: dict[str, Gemeente]
    _now: dict[str, str]
    _codes: frozenset[str]
    _before: dict[str, list[tuple[str, datetime]]]

    def current(self, code: str) -> str:
        """Gives the code under which a gemeente goes on at this moment. It is its own, unless it ended by merger."""
        return self._now.get(code, code)

    def exists(self, code: str) -> bool:
        """Whether a gemeente of this code exists at this moment."""
        return code in self._codes

    def predecessors(self, code: str) -> list[tuple[str, datetime]]:
        """Gives the codes that merged into this one by this moment, each with the moment at which it did."""
        return self._before.get(code, [])

    def parts(self, code: str) -> Iterator[str]:
        """Gives a code, and all codes that by this moment merged into it, or into one of those."""
        yield code
        for before, _ in self.predecessors(code):
            yield from self.parts(before)

    def inwoners(self, code: str) -> int:
        """Gives the inhabitants of a gemeente at the one date of the table, with those of what merged into it."""
        return sum(self._table[part].inwoners for part in self.parts(code))

    def existed(self, code: str, moment: datetime) -> bool:
        """Whether a gemeente of this code existed at another moment."""
        return _exists(self._table[code], moment.astimezone(AMSTERDAM).date())


def indeling(gemeenten: Sequence[Gemeente], valid_at: datetime) -> Indeling:
    """Gives the gemeenten at V. One that ended by merger leads to its successor, or to what became of that."""
    day = valid_at.astimezone(AMSTERDAM).date()
    table = {gemeente.code: gemeente for gemeente in gemeenten}

    exists = [gemeente for gemeente in gemeenten if _exists(gemeente, day)]
    before: dict[str, list[tuple[str, datetime]]] = {}
    for gemeente in gemeenten:
        if gemeente.opvolger is not None and gemeente.geldig_tot is not None and gemeente.geldig_tot <= day:
            merged_at = start_of_day(gemeente.geldig_tot)
            before.setdefault(gemeente.opvolger, []).append((gemeente.code, merged_at))
    return Indeling(
        tuple(sorted(exists, key=lambda gemeente: gemeente.code)),
        table,
        {gemeente.code: verder_als(gemeente, day, table.__getitem__).code for gemeente in gemeenten},
        frozenset(gemeente.code for gemeente in exists),
        before,
    )


def verder_als(gemeente: Gemeente, day: date, of: Callable[[str], Gemeente]) -> Gemeente:
    """Gives the gemeente that a gemeente goes on as on a Dutch day: itself, unless it ended by merger.

    `of` gives the gemeente of a code.
    """
    while gemeente.opvolger is not None and gemeente.geldig_tot is not None and gemeente.geldig_tot <= day:
        gemeente = of(gemeente.opvolger)
    return gemeente


def overgangen(gemeenten: Iterable[Gemeente], van: datetime, tot: datetime) -> list[datetime]:
    """Gives the moments after `van` and before `tot` at which a gemeente begins or ends."""
    days: set[date] = set()
    for gemeente in gemeenten:
        days |= {gemeente.geldig_vanaf, gemeente.geldig_tot or gemeente.geldig_vanaf}
    moments = (start_of_day(day) for day in days)
    return sorted(moment for moment in moments if van < moment < tot)


def _exists(gemeente: Gemeente, day: date) -> bool:
    return gemeente.geldig_vanaf <= day and (gemeente.geldig_tot is None or day < gemeente.geldig_tot)
