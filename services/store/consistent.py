"""Reads of the log and of the tables that follow it, such that an answer speaks of exactly one positie."""

import time
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple, TypeVar

from services.store import position
from services.store.connect import Connection
from services.store.model import StoreUnavailableError
from services.store.position import Position, Row
from services.store.queries import RETRACTION_TYPE, Query, When, filled

T = TypeVar("T")
Ask = Callable[[Query, dict[str, Any]], Sequence[Any]]
"""Asks a query with its parameters. Gives its rows, or its columns if the query is asked by column."""
REACH = Query("derived/reach")
RETRACTIONS_HELD = Query("derived/retractions_held")
BEGUN_TO = Query("derived/begun_to")
REST_REACH = Query("derived/rest_reach")
REST_RETRACTIONS = Query("derived/rest_retractions")
_LATELY_SECONDS = 1.0
"""What was seen of the tables this long ago still serves. It only makes the rest of the log a little longer."""
_READS_MAX = 20
"""The derived tables move once in some seconds at most, and a read takes a fraction of one."""


class Derived(NamedTuple):
    """What is known of the derived tables."""

    to: Position
    """How far they are sure to follow the log."""
    retracted: bool
    """They hold a retraction."""


class ConsistentReads:
    """Reads the log and the tables that follow it at a distance together.

    Readers look at the derived tables, and at the rest of the log themselves: from where the tables are sure to reach,
    up to the positie of the answer. So an answer never waits for the tables.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._derived: tuple[float, Derived] | None = None
        """The tables as they were seen last, and when, on the monotonic clock. They only get further."""

    def _read(self, read: Callable[[Ask], T], positie: str | None = None) -> tuple[T, Position]:
        """Reads at one positie, whatever is stored or derived meanwhile.

        The tables can answer as long as none of them has moved past the positie. For an earlier one only the log can.

        Args:
            read: runs its queries by the function that it is given. It may run several times.
            positie: what an earlier answer carried; None for the present one.

        Returns:
            What was read, and the positie that all of it speaks of.
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
        """Returns what holds of the store for a query to the tables."""
        matters = {When.RETRACTED} if retracted else set()
        if rest:
            matters.add(When.REST)
            if self._rows(filled(REST_RETRACTIONS.sql(), rest=derived.beyond()), {})[0][0]:
                matters |= {When.RETRACTED, When.RETRACTED_IN_REST}
        return matters

    def _ask_log(self, upto: str, query: Query, asked: dict[str, Any]) -> Sequence[Any]:
        return self._rows(filled(query.sql({When.LOG_ALONE}), rest=upto), asked, by_column=query.by_column)

    def _ask_tables(self, rest: str, now: set[When], query: Query, asked: dict[str, Any]) -> Sequence[Any]:
        before = {When.KNOWN_BEFORE} if _month(asked["k"]) < _month(asked["v"]) else set[When]()
        return self._rows(filled(query.sql(now | before), rest=rest), asked, by_column=query.by_column)

    def _begun_to(self) -> Position:
        return position.from_rows(self._rows(BEGUN_TO.sql(), {}))

    def _shown(
        self,
        query: Query,
        parameters: dict[str, Any],
        positie: str | None,
        hidden: Collection[str],
        also: Collection[When] = (),
    ) -> tuple[Sequence[Any], Position]:
        """Reads the log as `_in_log` does, without hidden events and retractions of those.

        `also`: what else holds of the store for the query.
        """
        asked = parameters | {"hidden": sorted(hidden)}
        for when in ({When.HIDDEN}, {When.HIDDEN_RETRACTIONS}) if hidden else (set[When](),):
            rows, at = self._in_log(query, asked, positie, when | {*also})
            if not any(type_ == RETRACTION_TYPE for _, _, type_, *_ in rows):
                break
        return rows, at

    def _retractions(self) -> set[When]:
        """Returns whether the log holds any retraction, for a query up to a positie that was read before this."""
        derived, retracted = self._derived_lately()
        if retracted or self._rows(filled(REST_RETRACTIONS.sql(), rest=derived.beyond()), {})[0][0]:
            return {When.RETRACTED}
        return set()

    def _in_log(
        self, query: Query, parameters: dict[str, Any], positie: str | None, when: Collection[When] = ()
    ) -> tuple[Sequence[Any], Position]:
        """Reads rows of the log up to a positie. Its tables may run ahead of that, so each row is held against it."""
        derived, stored = self._derived_lately().to, self.position()
        at = stored if positie is None else position.parse(positie, stored)
        beyond, upto = derived.beyond(), at.upto()
        text = filled(query.sql(when), beyond=beyond, rest=f"{beyond} AND {upto}", upto=upto)
        return self._rows(text, parameters), at

    def position(self) -> Position:
        """Returns how far every partition is stored."""
        derived, _ = self._derived_lately()
        return derived.extended(self._rest(derived))

    def derived_to(self) -> Position:
        """Returns how far the derived tables are sure to follow the log."""
        self._look_again()
        return self._derived_lately().to

    def _derived_lately(self) -> Derived:
        lately = self._derived
        if lately is not None and time.monotonic() - lately[0] < _LATELY_SECONDS:
            return lately[1]
        to = position.from_rows(self._rows(REACH.sql(), {}))
        found = Derived(to, retracted=bool(self._rows(RETRACTIONS_HELD.sql(), {})[0][0]))
        self._derived = time.monotonic(), found
        return found

    def _look_again(self) -> None:
        self._derived = None

    def _rest(self, derived: Position) -> Sequence[Row]:
        """Returns the rows of a positie, of the part of the log that is not derived yet."""
        return self._rows(filled(REST_REACH.sql(), rest=derived.beyond()), {})

    def _rows(self, query: str, parameters: dict[str, Any], *, by_column: bool = False) -> Sequence[Any]:
        return self.connection.rows(query, parameters, by_column=by_column)


def _month(moment: datetime) -> tuple[int, int]:
    """Returns the month of a moment as ClickHouse counts it, in UTC."""
    there = moment.astimezone(UTC)
    return there.year, there.month
