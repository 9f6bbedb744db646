"""Reads that speak of exactly one positie, whatever is stored or derived meanwhile."""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any, TypeVar

from services.store import position, queries
from services.store.connect import Connection, translated
from services.store.model import StoreUnavailableError
from services.store.position import Position, Row

T = TypeVar("T")
Ask = Callable[[queries.Both, dict[str, Any]], Sequence[Any]]
"""A question with its parameters → its rows; an array of them where all are numbers."""
_READS_MAX = 20
"""The derived tables move once in some seconds at most, and a read takes a fraction of one."""


class ConsistentReads:
    """The log, and the tables that follow it at a distance, read together."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def _read(self, read: Callable[[Ask], T], positie: str | None = None) -> tuple[T, Position]:
        """What is read, and the positie that all of it speaks of exactly, whatever is stored or derived meanwhile.

        The tables speak of what is stored now. Of less the log alone does, in as far as it is not all the same.
        """
        for _ in range(_READS_MAX):
            done = self._rows(queries.DERIVED_TO, {})
            derived = position.from_rows(done)
            rest = self._rest(derived)
            at = position.from_rows([*done, *(row[:5] for row in rest)])
            if positie is not None and str(at) != positie:
                at = position.parse(positie, at)
                return read(partial(self._ask_log, at.upto())), at
            retracted = queries.RETRACTED_IN_REST if any(row[5] for row in rest) else ""
            found = read(partial(self._ask_tables, f"{derived.beyond()} AND {at.upto()}", retracted))
            if self._begun_to().within(at):  # none of the tables moved past it
                return found, at
        raise StoreUnavailableError("de afgeleide tabellen veranderen zo vaak dat er geen moment van rust is")

    def _ask_log(self, upto: str, both: queries.Both, asked: dict[str, Any]) -> Sequence[Any]:
        return self._rows(over(both.log, upto), asked, numbers=both.numbers)

    def _ask_tables(self, rest: str, retracted: str, both: queries.Both, asked: dict[str, Any]) -> Sequence[Any]:
        return self._rows(over(both.tables.replace("{retracted}", retracted), rest), asked, numbers=both.numbers)

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
        done = self._rows(queries.DERIVED_TO, {})
        stored = self._reach(done)
        at = stored if positie is None else position.parse(positie, stored)
        beyond = position.from_rows(done).beyond()
        query = over(query.replace("{beyond}", beyond), f"{beyond} AND {at.upto()}", at.upto())
        return self._rows(query, parameters), at

    def _reach(self, done: Sequence[Row]) -> Position:
        """How far the log goes, from how far it was derived."""
        rest = self._rest(position.from_rows(done))
        return position.from_rows([*done, *(row[:5] for row in rest)])

    def _rest(self, derived: Position) -> Sequence[Any]:
        """Rows of a positie, each with how many retractions there are, of what is not derived yet."""
        return self._rows(over(queries.REST_TO, derived.beyond()), {})

    def _rows(
        self, query: str, parameters: dict[str, Any], formats: dict[str, str] | None = None, *, numbers: bool = False
    ) -> Sequence[Any]:
        """`numbers`: as an array, which takes far less time than rows of objects."""
        client = self.connection.client()
        with translated():
            if numbers:
                table: Sequence[Any] = client.query_np(query, parameters=parameters)
                return table
            rows: Sequence[Any] = client.query(query, parameters=parameters, column_formats=formats).result_rows
            return rows


def over(query: str, rest: str, upto: str = "") -> str:
    """A query over the rest of the log, as a range that holds only our own numbers."""
    return query.replace("{rest}", rest).replace("{upto}", upto)
