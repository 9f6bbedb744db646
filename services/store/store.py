"""Reads and writes of Opvangpeil in ClickHouse. Every method may be called from any thread."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from clickhouse_connect.datatypes.registry import get_from_name

from schemas.events import Event
from schemas.reading import Rejected, read_alarms, read_stored
from services.core.registers import Registers, Winner
from services.store import position, queries
from services.store.connect import WRITER_SETTINGS, Connection, translated
from services.store.gate import Gate
from services.store.model import Accepted, Known, LogEntry, Place, StoreRefusedError, Unprocessable, View
from services.store.position import Position
from services.store.recent import Recent
from services.store.rows import LOG_COLUMNS, MOMENT, columns_of, log_columns, micros

_LOG_TYPES = [get_from_name(name) for name in LOG_COLUMNS.values()]
_UNPROCESSABLE_COLUMNS = {
    "topic": "LowCardinality(String)", "epoch": "UInt32", "partition": "UInt16", "offset": "UInt64",
    "position": "UInt32", "reason": "String", "received_at": MOMENT, "raw": "String",
}  # fmt: skip
_ALARM_COLUMNS = {"event_id": "UUID", "recorded_at": MOMENT, "event": "String", "priority": "Int64"}
_MASK = (1 << 64) - 1
_CALM_READS_MAX = 5


class Store:
    """The log, the registers, the alarms and the unprocessable."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._gate = Gate()
        self._recent = Recent()

    # Reading

    def view(self, geldig_op: datetime, bekend_op: datetime, *, now: datetime, positie: str | None = None) -> View:
        """The registers in force at (V, K), with the positie they were counted at.

        Raises PositionError for a positie that no answer ever carried, StoreUnavailableError.
        """
        with self._gate.reading():
            stored = self.position()
            if positie is not None:
                wanted = position.parse(positie, stored)
                return self._view(queries.AT_POSITION, geldig_op, bekend_op, wanted, stored.simulated)
            query = queries.LIVE if geldig_op == bekend_op == now else queries.AS_OF
            for _ in range(_CALM_READS_MAX):
                # Another process may insert between two reads. Equal positions before and after: none did.
                view = self._view(query, geldig_op, bekend_op, stored, stored.simulated)
                after = self.position()
                if after == stored:
                    return view
                stored = after
            return self._view(queries.AT_POSITION, geldig_op, bekend_op, stored, stored.simulated)

    def readings(
        self, locaties: Collection[str], geldig_op: datetime, bekend_op: datetime, positie: str | None = None
    ) -> dict[str, list[tuple[datetime, int]]]:
        """Of some locaties, every reading that stands at (V, K): (peilmoment, people present), oldest first."""
        found: dict[str, list[tuple[datetime, int]]] = {locatie: [] for locatie in locaties}
        if not found:
            return found
        parameters: dict[str, Any] = {"v": geldig_op, "k": bekend_op, "locaties": sorted(found)}
        query = queries.READINGS
        if positie is not None:
            query = queries.READINGS_AT_POSITION
            parameters |= position.parse(positie, self.position()).parameters()
        for subject, moment, value in self._rows(query, parameters):
            found[subject].append((moment, int(value)))
        return found

    def log(
        self, *, bekend_op: datetime, subject: str | None = None, type: str | None = None,  # noqa: A002
        source: str | None = None, na: tuple[datetime, str] | None = None, aantal: int = 100,
    ) -> list[LogEntry]:  # fmt: skip
        """A page of the log, oldest `time` first; `na` is (time, id) of the last one seen."""
        after = na or (datetime(1971, 1, 1, tzinfo=UTC), str(UUID(int=0)))
        rows = self._rows(
            queries.LOG,
            {
                "k": bekend_op, "subject": subject or "", "type": type or "", "source": source or "",
                "after_time": after[0], "after_id": after[1], "count": aantal,
            },
        )  # fmt: skip
        return [_entry(row) for row in rows]

    def event(self, id: str, bekend_op: datetime) -> LogEntry | None:  # noqa: A002
        """One event of the log; None when there is none with this id (a UUID) and `time` ≤ K."""
        rows = self._rows(queries.EVENT, {"id": id, "number": _number(id), "k": bekend_op})
        return _entry(rows[0]) if rows else None

    def events(self, type: str = "") -> Iterator[Event]:  # noqa: A002
        """Every event of the log (of one type), once, as it was accepted."""
        client = self.connection.client()
        with translated(), client.query_row_block_stream(queries.EVENTS, parameters={"type": type}) as stream:
            for block in stream:
                yield from _events(block)

    def known(self, ids: Collection[str]) -> dict[str, Known]:
        """Of these ids, those that the log holds already."""
        known, unsure = self._recent.split(ids)
        if unsure:
            # As numbers: the driver escapes texts letter by letter.
            rows = self._rows(queries.KNOWN_IDS, {"numbers": list(map(_number, unsure))})
            found = {
                str(id_): Known((source, type_, subject, time, data.encode()), received, Place(*place))
                for id_, source, type_, subject, time, data, received, *place in rows
            }
            self._recent.remember({own_id: found.get(own_id) for own_id in unsure})
            known |= found
        return known

    def position(self) -> Position:
        """How far every partition is stored."""
        return position.from_rows(self._rows(queries.POSITION, {}))

    def alarm_transitions(self, bekend_op: datetime) -> list[Event]:
        """Every transition of an alarm with `time` ≤ K, oldest first."""
        texts = [event for (event,) in self._rows(queries.ALARMS, {"k": bekend_op})]
        return [one for text in texts for one in read_alarms(text.encode()) if isinstance(one, Event)]

    def unprocessable(self, aantal: int) -> list[Unprocessable]:
        """The newest messages and events that could not be accepted."""
        return [
            Unprocessable(topic, Place(epoch, partition, offset), index, reason, received, raw)
            for topic, epoch, partition, offset, index, reason, received, raw in self._rows(
                queries.UNPROCESSABLE, {"count": aantal}, formats={"raw": "bytes"}
            )
        ]

    def stored_count(self) -> int:
        """How many events the log holds."""
        return int(self._rows("SELECT count() FROM bekend FINAL", {})[0][0])

    def unprocessable_count(self) -> int:
        """How many messages and events could not be accepted."""
        return int(self._rows("SELECT count() FROM onverwerkbaar FINAL", {})[0][0])

    def next_epoch(self) -> int:
        """The number of a life of the topic that was never used before."""
        return int(self._rows(queries.LAST_EPOCH, {})[0][0]) + 1

    def ping(self) -> None:
        """Raises StoreUnavailableError when the store does not answer."""
        self._rows("SELECT 1", {})

    # Writing

    def insert(self, accepted: Sequence[Accepted], table: str = "gebeurtenis") -> None:
        """Store events; returns when they are written. Repeating it changes nothing.

        Raises StoreRefusedError (this data will never do), StoreUnavailableError (wait and repeat).
        """
        if accepted:
            self._insert(table, log_columns(accepted), list(LOG_COLUMNS), _LOG_TYPES)
            self._recent.remember({item.event.id: item.first for item in accepted})

    def insert_unprocessable(self, items: Sequence[Unprocessable]) -> None:
        """Keep what could not be accepted, with its reason."""
        rows = [(i.topic, *i.place, i.index, i.reason, micros(i.ontvangen_op), i.raw) for i in items]
        self._insert_named("onverwerkbaar", rows, _UNPROCESSABLE_COLUMNS)

    def insert_alarms(self, transitions: Iterable[Event]) -> None:
        """Keep transitions of alarms; of two with one id the first said stays."""
        rows = [(t.id, micros(t.time), t.model_dump_json(exclude_none=True), -micros(t.time)) for t in transitions]
        self._insert_named("alarm", rows, _ALARM_COLUMNS)

    def command(self, statement: str) -> None:
        """Run one statement of DDL or maintenance."""
        with translated():
            self.connection.client().command(statement, settings=WRITER_SETTINGS)

    # How

    def registers(self, query: str, parameters: dict[str, Any]) -> Registers:
        """The registers that one of the queries of `queries` gives."""
        return {
            (subject, register): _winner(orjson.loads(value), ver)
            for register, subject, value, ver in self._rows(query, parameters)
        }

    def _view(self, query: str, geldig_op: datetime, bekend_op: datetime, at: Position, simulated: bool) -> View:
        parameters = {"v": geldig_op, "k": bekend_op}
        if query is queries.AT_POSITION:
            parameters |= at.parameters()
        return View(self.registers(query, parameters), geldig_op, bekend_op, str(at), simulated)

    def _rows(self, query: str, parameters: dict[str, Any], formats: dict[str, str] | None = None) -> Sequence[Any]:
        with translated():
            rows: Sequence[Any] = (
                self.connection.client().query(query, parameters=parameters, column_formats=formats).result_rows
            )
            return rows

    def _insert_named(self, table: str, rows: Sequence[Sequence[Any]], columns: dict[str, str]) -> None:
        if rows:
            types = [get_from_name(name) for name in columns.values()]
            self._insert(table, columns_of(rows, len(columns)), list(columns), types)

    def _insert(self, table: str, columns: list[list[Any]], names: list[str], types: list[Any]) -> None:
        with self._gate.inserting(), translated():
            try:
                self.connection.client().insert(
                    table, columns, column_names=names, column_types=types, column_oriented=True,
                    settings=WRITER_SETTINGS,
                )  # fmt: skip
            except (TypeError, ValueError, OverflowError) as error:  # a value that the driver can't write out
                raise StoreRefusedError(f"{table}: {error}") from error


def _events(block: Iterable[Sequence[Any]]) -> Iterator[Event]:
    """Rows of the log as events again. They were accepted once, so a row that is not is a fault worth stopping for."""
    envelopes = [
        b'{"specversion":"1.0","id":"%s","source":%s,"type":"%s","subject":"%s","time":"%s","data":%s}'
        % (
            str(id_).encode(), orjson.dumps(source), type_.encode(), subject.encode(),
            time.astimezone(UTC).replace(tzinfo=None).isoformat().encode() + b"Z", data.encode(),
        )
        for id_, source, type_, subject, time, data in block
    ]  # fmt: skip
    for one in read_stored(b"[" + b",".join(envelopes) + b"]") if envelopes else ():
        if isinstance(one, Rejected):
            raise StoreRefusedError(
                f"in het logboek staat een gebeurtenis die niet geldig is: {one.reason} ({one.raw!r})"
            )
        yield one


def _number(event_id: str) -> int:
    return int(event_id.replace("-", ""), 16)


def _entry(row: Sequence[Any]) -> LogEntry:
    id_, source, type_, subject, time, received, data = row
    return LogEntry(str(id_), source, type_, subject, time, received, orjson.loads(data))


def _winner(value: Any, ver: int) -> Winner:
    """The write behind a `ver`: it holds both moments and the id."""
    return Winner(value, _moment(ver >> 192), _moment(ver >> 128 & _MASK), str(UUID(int=ver & (1 << 128) - 1)))


def _moment(microseconds: int) -> datetime:
    seconds, rest = divmod(microseconds, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)
