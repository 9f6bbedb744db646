"""The store: all that is asked of it, and all that is written to it."""

from collections.abc import Collection, Sequence

from schemas.moments import micros
from services.store.alarm_log import AlarmLog
from services.store.connect import Connection
from services.store.entries import Said
from services.store.figures import FigureReads
from services.store.ids import Recent, in_parts, wanted
from services.store.log import LogReads
from services.store.model import Accepted
from services.store.queries import Query, filled
from services.store.rows import LIFE_COLUMNS, LOG_COLUMNS, columns_of, log_columns
from services.store.sealed import Sealed
from services.store.unprocessable import UnprocessableTable
from services.store.written import WrittenReads

ANY_KNOWN = Query("log/any_known")
KNOWN = Query("log/known")
LIVES = Query("log/lives")
REST_COUNT = Query("derived/rest_count")
BEING_MADE = Query("derived/being_made")
PING = Query("schema/ping")
_WRITTEN = {name: "String" if type_ == "UUID" else type_ for name, type_ in LOG_COLUMNS.items()}
"""An id goes as text: ClickHouse reads it six times as fast as the driver writes a UUID."""


class Store(FigureReads, LogReads, WrittenReads):
    """Reads and writes the log, with the alarms and the unprocessable beside it.

    Every method may be called from any thread, and raises StoreUnavailableError.
    """

    def __init__(self, connection: Connection, recent: Recent | None = None) -> None:
        """Asks nothing yet.

        Args:
            connection: to a database whose schema is up to date.
            recent: which ids were looked for just now; None for a memory of its own.
        """
        super().__init__(connection)
        self._recent = recent or Recent()
        self.alarms = AlarmLog(connection)
        self.unprocessable = UnprocessableTable(connection)
        self.sealed = Sealed(connection)

    def ping(self) -> None:
        """Raises StoreUnavailableError when the store does not answer."""
        self._rows(PING.sql(), {})

    def known(self, ids: Collection[str]) -> dict[str, Said]:
        """Returns id → the content of the event, for those of these ids that are already in the log."""
        unsure = self._recent.unsure(ids)
        if not unsure:
            return {}
        known: dict[str, Said] = {}
        for some in in_parts(unsure):
            known |= self._look_up(some)
        self._recent.not_found([own_id for own_id in unsure if own_id not in known])
        return known

    def insert(self, accepted: Sequence[Accepted]) -> None:
        """Stores whole messages, all of it or nothing, and returns when it is written. Repeating it changes nothing.

        Raises StoreRefusedError (this data will never do), StoreUnavailableError (wait and repeat).
        """
        if accepted:
            try:
                self.connection.insert("gebeurtenis", _WRITTEN, log_columns(accepted))
            finally:  # after an error too: it may have been stored all the same
                self._recent.stored([entry.event_id for item in accepted for entry in item.entries.values()])

    def try_out(self, accepted: Sequence[Accepted]) -> None:
        """Raises what `insert` would, and stores nothing."""
        self.connection.insert("uitgeprobeerd", _WRITTEN, log_columns(accepted))

    def epoch_of(self, topic_id: str) -> int:
        """Returns the number of this life of the topic. A topic that is new here gets a number that was never used."""
        ((found, last),) = self._rows(LIVES.sql(), {"topic": topic_id})
        if found:
            return int(found)
        self.connection.insert("leven", LIFE_COLUMNS, columns_of([(last + 1, topic_id)], len(LIFE_COLUMNS)))
        return self.epoch_of(topic_id)

    def command(self, statement: str) -> None:
        """Runs one statement of DDL or maintenance."""
        self.connection.command(statement)

    def rest_count(self) -> int:
        """Returns how many events lie after what the derived tables are sure to hold."""
        return int(self._rows(filled(REST_COUNT.sql(), rest=self.derived_to().beyond()), {})[0][0])

    def tables_being_made(self) -> set[str]:
        """Returns the tables that a rebuild is making."""
        return {name for (name,) in self._rows(BEING_MADE.sql(), {})}

    def _look_up(self, ids: Sequence[str]) -> dict[str, Said]:
        rest = self._derived_lately().to.beyond()
        when, parameters = wanted(ids)
        any_known, known = (filled(query.sql(when), rest=rest) for query in (ANY_KNOWN, KNOWN))
        rows = self._rows(known, parameters) if self._rows(any_known, parameters) else ()
        return {
            str(id_): (source, type_, subject, micros(time), data.encode())
            for id_, source, type_, subject, time, data in rows
        }
