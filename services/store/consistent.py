"""Reads that speak of exactly one positie, whatever is stored or derived meanwhile."""

import time
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple, TypeVar

from services.store import position, queries
from services.store.connect import Connection, translated
from services.store.model import StoreUnavailableError
from services.store.position import Position, Row
from services.store.question import Both, When

T = TypeVar("T")
Ask = Callable[[Both, dict[str, Any]], Sequence[Any]]
"""A question with its parameters → its rows, or its columns where it is asked so."""
_LATELY_SECONDS = 1.0
"""What was seen of the tables so long ago will do, for who asks often: of the rest it is a little more."""
_READS_MAX = 20
"""The derived tables move once in some seconds at most, and a read takes a fraction of one."""


class Derived(NamedTuple):
    """The derived tables."""

    to: Position
    """How far they are sure to follow the log."""
    retracted: bool
    """They hold any retraction."""


class ConsistentReads:
    """The log, and the tables that follow it at a distance, read together."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._derived: tuple[float, Derived] | None = None
        """The tables as they were seen last, and when, on the monotonic clock: they only get further."""

    def _read(self, read: Callable[[Ask], T], positie: str | None = None) -> tuple[T, Position]:
        """What is read, and the positie that all of it speaks of exactly, whatever is stored or derived meanwhile.

        The tables speak of that as long as none of them moved past it; of less the log alone does.
        """
        for _ in range(_READS_MAX):
            derived, retracted = self._derived_lately()
            rest = self._rest(derived)
            at = derived.extended(rest)
            if positie is not None and str(at) != positie:
                at = position.parse(positie, at)
                if not self._begun_to().within(at):
                    return read(partial(self._ask_log, at.upto())), at
            matters = self._what_matters(derived, retracted=retracted, rest=bool(rest))
            found = read(partial(self._ask_tables, f"{derived.beyond()} AND {at.upto()}", matters))
            if self._begun_to().within(at):  # none of the tables moved past it
                return found, at
            self._look_again()
        raise StoreUnavailableError("de afgeleide tabellen veranderen zo vaak dat er geen moment van rust is")

    def _what_matters(self, derived: Position, *, retracted: bool, rest: bool) -> set[When]:
        """Of a question to the tables."""
        matters = {When.RETRACTED} if retracted else set()
        if rest:
            matters.add(When.REST)
            if self._rows(over(queries.REST_RETRACTIONS, derived.beyond()), {})[0][0]:
                matters |= {When.RETRACTED, When.RETRACTED_IN_REST}
        return matters

    def _ask_log(self, upto: str, both: Both, asked: dict[str, Any]) -> Sequence[Any]:
        return self._rows(over(both.log, upto), asked, by_column=both.by_column)

    def _ask_tables(self, rest: str, now: set[When], both: Both, asked: dict[str, Any]) -> Sequence[Any]:
        before = {When.KNOWN_BEFORE} if _month(asked["k"]) < _month(asked["v"]) else set[When]()
        return self._rows(over(both.of_tables(now | before), rest), asked, by_column=both.by_column)

    def _begun_to(self) -> Position:
        return position.from_rows(self._rows(queries.BEGUN_TO, {}))

    def _shown(
        self, query: str, parameters: dict[str, Any], positie: str | None, hidden: Collection[str]
    ) -> tuple[Sequence[Any], Position]:
        """As `_in_log`, without events of hidden locaties and, where there is any retraction, those of such events."""
        for shown in (queries.SHOWN, queries.SHOWN_RETRACTIONS) if hidden else ("true",):
            rows, at = self._in_log(query.replace("{shown}", shown), parameters | {"hidden": sorted(hidden)}, positie)
            if not any(type_ == queries.RETRACTION for _, _, type_, *_ in rows):
                break
        return rows, at

    def _in_log(self, query: str, parameters: dict[str, Any], positie: str | None) -> tuple[Sequence[Any], Position]:
        """Rows of the log up to a positie. Its tables may run ahead of that, so each row is held against it."""
        derived, stored = self._derived_lately().to, self.position()
        at = stored if positie is None else position.parse(positie, stored)
        beyond = derived.beyond()
        query = over(query.replace("{beyond}", beyond), f"{beyond} AND {at.upto()}", at.upto())
        return self._rows(query, parameters), at

    def position(self) -> Position:
        """How far every partition is stored."""
        derived, _ = self._derived_lately()
        return derived.extended(self._rest(derived))

    def derived_to(self) -> Position:
        """How far the derived tables are sure to follow the log."""
        self._look_again()
        return self._derived_lately().to

    def _derived_lately(self) -> Derived:
        lately = self._derived
        if lately is not None and time.monotonic() - lately[0] < _LATELY_SECONDS:
            return lately[1]
        to = position.from_rows(self._rows(queries.DERIVED_TO, {}))
        found = Derived(to, retracted=bool(self._rows(queries.RETRACTIONS_HELD, {})[0][0]))
        self._derived = time.monotonic(), found
        return found

    def _look_again(self) -> None:
        self._derived = None

    def _rest(self, derived: Position) -> Sequence[Row]:
        """Rows of a positie, of what is not derived yet."""
        return self._rows(over(queries.REST_TO, derived.beyond()), {})

    def _rows(
        self, query: str, parameters: dict[str, Any], formats: dict[str, str] | None = None, *, by_column: bool = False
    ) -> Sequence[Any]:
        with translated():
            found = self.connection.client().query(query, parameters=parameters, column_formats=formats)
            rows: Sequence[Any] = found.result_columns if by_column else found.result_rows
            return rows


def _month(moment: datetime) -> tuple[int, int]:
    """As ClickHouse counts them, in UTC."""
    there = moment.astimezone(UTC)
    return there.year, there.month


def over(query: str, rest: str, upto: str = "") -> str:
    """A query over the rest of the log, as a range that holds only our own numbers."""
    return query.replace("{rest}", rest).replace("{upto}", upto)
