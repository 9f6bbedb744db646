"""Reads and writes of Opvangpeil in ClickHouse. Every method may be called from any thread."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from clickhouse_connect.datatypes.registry import get_from_name

from schemas.events import Event
from schemas.moments import from_micros, micros
from services.core.history.verloop import Verloop
from services.core.reasons.verklaring import Gelogd
from services.core.registers import Key, Winner
from services.store import position, queries
from services.store.alarm_log import AlarmLog
from services.store.connect import WRITER_SETTINGS, Connection, translated
from services.store.consistent import Ask, ConsistentReads, over
from services.store.entries import Said
from services.store.model import Accepted, LogEntry, Place, StoreRefusedError, Telling, Unprocessable, View
from services.store.position import Position
from services.store.present import NOTHING, Ahead, Arrivals, Loaded, Present, in_order
from services.store.recent import Recent
from services.store.rows import LIFE_COLUMNS, LOG_COLUMNS, UNPROCESSABLE_COLUMNS, columns_of, log_columns
from services.store.values import (
    arrived_of,
    counted_of,
    entry_of,
    events_of,
    logged_of,
    metingen_of,
    registers_of,
    steps_of,
    verloop_of,
    winner_of,
)
from services.store.wanted import in_parts, number, wanted

_LOG_TYPES = [get_from_name("String" if name == "UUID" else name) for name in LOG_COLUMNS.values()]
"""An id goes as text: ClickHouse reads it six times as fast as the driver writes a UUID."""
_FOLLOWED_MAX = 5_000
"""More events than this since the last look at the present are not folded in one by one."""
_BEFORE_ALL = datetime(1971, 1, 1, tzinfo=UTC)
_INSTANT = timedelta(microseconds=1)


class Store(ConsistentReads):
    """The log, the registers, the alarms and the unprocessable."""

    def __init__(self, connection: Connection, recent: Recent | None = None) -> None:
        super().__init__(connection)
        self._recent = recent or Recent()
        self._present = Present(self._load_present, self._since)
        self.alarms = AlarmLog(connection)

    # Reading

    def view(self, geldig_op: datetime, bekend_op: datetime, *, now: datetime, positie: str | None = None) -> View:
        """The registers in force at (V, K), with the positie they were counted at.

        Raises PositionError for a positie that no answer ever carried, StoreUnavailableError.
        """
        if positie is None and geldig_op == bekend_op == now and (state := self._present.at(now)) is not None:
            return View(state.position.herkomst(geldig_op, bekend_op), state.heden.registers, state)
        return self.views([(geldig_op, bekend_op)], positie=positie)[0]

    def views(self, points: Sequence[tuple[datetime, datetime]], *, positie: str | None = None) -> list[View]:
        """The registers in force at several (V, K), all counted from the same stored events."""
        views, at = self._read(
            lambda ask: [ask(queries.VIEW, {"v": geldig_op, "k": bekend_op}) for geldig_op, bekend_op in points],
            positie,
        )
        return [
            View(at.herkomst(geldig_op, bekend_op), registers_of(rows))
            for rows, (geldig_op, bekend_op) in zip(views, points, strict=True)
        ]

    def telling(
        self, geldig_op: datetime, bekend_op: datetime, *, now: datetime, positie: str | None = None
    ) -> Telling:
        """What sums at (V, K) are made of, many times as fast as `view` where there are thousands of locaties."""
        if positie is None and geldig_op == bekend_op == now and (state := self._present.at(now)) is not None:
            return Telling(state.position.herkomst(geldig_op, bekend_op), state.heden.wet, state.heden.standen)
        asked = {"v": geldig_op, "k": bekend_op}
        columns, at = self._read(lambda ask: ask(queries.STANDEN, asked), positie)
        return Telling(at.herkomst(geldig_op, bekend_op), *counted_of(columns))

    def heden(self, now: datetime) -> Loaded | None:
        """All that is in force now; None for a moment just before the last one that was counted."""
        return self._present.at(now)

    def shielded(self, now: datetime) -> frozenset[str]:
        """The locaties that are afgeschermd by what is known now: to be shown to a beheerder only (design §7)."""
        return self._present.shielded(now)

    def readings(
        self, locaties: Collection[str], geldig_op: datetime, bekend_op: datetime, positie: str | None = None
    ) -> dict[str, list[tuple[datetime, int]]]:
        """Of some locaties, every reading that stands at (V, K): (peilmoment, people present), oldest first."""
        found: dict[str, list[tuple[datetime, int]]] = {locatie: [] for locatie in locaties}
        if found:
            asked = {"v": geldig_op, "k": bekend_op, "after": _BEFORE_ALL} | _some(found)
            rows, _ = self._read(lambda ask: ask(queries.READINGS, asked), positie)
            for subject, moments, people in rows:
                found[subject] = list(zip(map(from_micros, moments), people, strict=True))
        return found

    def readings_count(self, van: datetime, tot: datetime) -> Sequence[tuple[int, int]]:
        """About how many readings there are in this time: of each day (microseconds since 1970) that has any."""
        return self._rows(queries.READINGS_COUNT, {"after": van, "v": tot})

    def verloop(
        self,
        van: datetime,
        tot: datetime,
        bekend_op: datetime,
        *,
        locatie: str | None = None,
        positie: str | None = None,
        metingen: Collection[str] | None = None,
    ) -> tuple[Verloop, Position]:
        """All that the registers say from `van` until `tot`, as known at K; of one locatie, or of everything.

        `metingen`: only of these locaties the readings; of others those in force at `van` alone are there.
        """
        some = {"everywhere": metingen is None, "locaties": list(metingen or ())}
        asked = {"after": van, "v": tot - _INSTANT, "k": bekend_op} | some

        def read(ask: Ask) -> tuple[Sequence[Any], ...]:
            begin = ask(queries.BEGIN, {"v": van, "k": bekend_op})
            return begin, ask(queries.STEPS, asked), ask(queries.READINGS, asked)

        if locatie is not None:
            own, at = self._read(
                lambda ask: ask(queries.OWN, asked | {"after": _BEFORE_ALL, "locatie": locatie}), positie
            )
            return verloop_of(van, tot, steps_of(own)), at
        (begin, steps, readings), at = self._read(read, positie)
        return Verloop(van, tot, registers_of(begin), steps_of(steps), metingen_of(readings)), at

    def published(
        self, geldig_op: datetime, bekend_op: datetime, positie: str | None = None
    ) -> tuple[list[tuple[Key, Winner]], Position]:
        """What others published with a peildatum ≤ V, as known at K: of each source, figure and peildatum the last."""
        asked = {"after": _BEFORE_ALL, "v": geldig_op, "k": bekend_op}
        rows, at = self._read(lambda ask: ask(queries.PUBLISHED, asked), positie)
        return steps_of(rows), at

    def log(
        self,
        *,
        bekend_op: datetime,
        subject: str | None = None,
        type: str | None = None,  # noqa: A002
        source: str | None = None,
        na: tuple[datetime, str] | None = None,
        aantal: int = 100,
        positie: str | None = None,
        hidden: Collection[str] = (),
    ) -> tuple[list[LogEntry], Position]:
        """A page of the log, oldest `time` first, and its positie; `na` is (time, id) of the last one seen.

        `hidden`: locaties to leave out, with the retractions of their events.
        """
        after = na or (_BEFORE_ALL, str(UUID(int=0)))
        parameters = {
            "k": bekend_op,
            "subject": subject or "",
            "type": type or "",
            "source": source or "",
            "after_time": after[0],
            "after_id": after[1],
            "count": aantal,
        }
        rows, at = self._shown(queries.LOG, parameters, positie, hidden)
        return [entry_of(row) for row in rows], at

    def event(
        self,
        own_id: str,
        bekend_op: datetime,
        positie: str | None = None,
        hidden: Collection[str] = (),
    ) -> tuple[LogEntry | None, Position]:
        """One event of the log; None when there is none with this id (a UUID) and `time` ≤ K, or it is hidden."""
        parameters = {"id": own_id, "number": number(own_id), "k": bekend_op}
        rows, at = self._shown(queries.EVENT, parameters, positie, hidden)
        return entry_of(rows[0]) if rows else None, at

    def behind(
        self,
        subjects: Collection[str],
        prefix: str,
        bekend_op: datetime,
        positie: str,
        count: int,
        hidden: Collection[str] = (),
    ) -> list[Gelogd]:
        """The first events about these subjects, and those that begin so ('': none), with `time` ≤ K.

        With the retractions of such events. Without those about `hidden`.
        """
        parameters = {"k": bekend_op, "subjects": sorted(subjects), "prefix": prefix, "count": count}
        rows, _ = self._shown(queries.BEHIND, parameters, positie, hidden)
        return logged_of(rows)

    def by_id(self, ids: Collection[str], positie: str) -> list[Gelogd]:
        """The events with these ids, up to a positie."""
        return self._wanted(queries.BY_ID, ids, {}, positie)

    def retractions_of(self, ids: Collection[str], bekend_op: datetime, positie: str) -> list[Gelogd]:
        """The retractions of these events with `time` ≤ K, up to a positie, oldest first; of whatever source."""
        return self._wanted(queries.RETRACTIONS, ids, {"k": bekend_op}, positie)

    def _wanted(self, query: str, ids: Collection[str], asked: dict[str, Any], positie: str) -> list[Gelogd]:
        found: list[Gelogd] = []
        for some in in_parts(list(ids)):
            clause, parameters = wanted(some)
            rows, _ = self._in_log(query.replace("{wanted}", clause), asked | parameters, positie)
            found += logged_of(rows)
        return found

    def events(self, type: str = "") -> Iterator[Event]:  # noqa: A002
        """Every event of the log (of one type), once, as it was accepted."""
        client = self.connection.client()
        with translated(), client.query_row_block_stream(queries.EVENTS, parameters={"type": type}) as stream:
            for block in stream:
                yield from events_of(block)

    def known(self, ids: Collection[str]) -> dict[str, Said]:
        """Of these ids, those that the log holds already, and what their events say."""
        unsure = self._recent.unsure(ids)
        if not unsure:
            return {}
        known: dict[str, Said] = {}
        for some in in_parts(unsure):
            known |= self._look_up(some)
        self._recent.not_found([own_id for own_id in unsure if own_id not in known])
        return known

    def _look_up(self, ids: Sequence[str]) -> dict[str, Said]:
        rest = self._derived_lately().to.beyond()
        with_ids, parameters = wanted(ids)
        any_known, known = (
            over(query.replace("{wanted}", with_ids), rest) for query in (queries.ANY_KNOWN, queries.KNOWN_IDS)
        )
        rows = self._rows(known, parameters) if self._rows(any_known, parameters) else ()
        return {
            str(id_): (source, type_, subject, micros(time), data.encode())
            for id_, source, type_, subject, time, data in rows
        }

    def position_of(self, positie: str | None) -> Position:
        """The positie that an answer carried, or the present one. Raises PositionError when none ever did."""
        stored = self.position()
        return stored if positie is None else position.parse(positie, stored)

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
        return int(self._rows(queries.COUNT, {})[0][0])

    def unprocessable_count(self) -> int:
        """How many messages and events could not be accepted."""
        return int(self._rows("SELECT count() FROM onverwerkbaar FINAL", {})[0][0])

    def arrived_since(self, moment: datetime) -> tuple[int, int]:
        """How many events were stored that came in after this, and how many could not be accepted."""
        ((stored, refused),) = self._rows(queries.ARRIVED_SINCE, {"after": moment})
        return int(stored), int(refused)

    def epoch_of(self, topic_id: str) -> int:
        """The number of this life of the topic; one that was never used before for a topic that was not seen before."""
        ((found, last),) = self._rows(queries.EPOCHS, {"topic": topic_id})
        if found:
            return int(found)
        self._insert_named("leven", [(last + 1, topic_id)], LIFE_COLUMNS)
        return self.epoch_of(topic_id)

    def ping(self) -> None:
        """Raises StoreUnavailableError when the store does not answer."""
        self._rows("SELECT 1", {})

    # Writing

    def insert(self, accepted: Sequence[Accepted]) -> None:
        """Store whole messages, all of it or nothing; returns when it is written. Repeating it changes nothing.

        Raises StoreRefusedError (this data will never do), StoreUnavailableError (wait and repeat).
        """
        if accepted:
            try:
                self._insert("gebeurtenis", log_columns(accepted), list(LOG_COLUMNS), _LOG_TYPES)
            finally:  # after an error too: it may have been stored all the same
                self._recent.stored([entry.event_id for item in accepted for entry in item.entries.values()])

    def try_out(self, accepted: Sequence[Accepted]) -> None:
        """Raises what `insert` would, and stores nothing."""
        self._insert("uitgeprobeerd", log_columns(accepted), list(LOG_COLUMNS), _LOG_TYPES)

    def insert_unprocessable(self, items: Sequence[Unprocessable]) -> None:
        """Keep what could not be accepted, with its reason."""
        rows = [(i.topic, *i.place, i.index, i.reason, micros(i.ontvangen_op), i.raw) for i in items]
        self._insert_named("onverwerkbaar", rows, UNPROCESSABLE_COLUMNS)

    def command(self, statement: str) -> None:
        """Run one statement of DDL or maintenance."""
        with translated():
            self.connection.client().command(statement, settings=WRITER_SETTINGS)

    # For `derive`, which keeps the tables near the log

    def rest_count(self) -> int:
        """How many events lie after what the derived tables are sure to hold."""
        return int(self._rows(over(queries.REST_COUNT, self.derived_to().beyond()), {})[0][0])

    def tables_being_made(self) -> set[str]:
        """Tables that a rebuild is making."""
        return {name for (name,) in self._rows(queries.BEING_MADE, {})}

    # How

    def _load_present(self, now: datetime) -> Loaded:
        """All of the present. What is read after the registers may speak of later events, which come again."""
        parameters = {"v": now, "k": now}
        registers, at = self._read(lambda ask: ask(queries.VIEW, parameters))
        ahead, _ = self._read(lambda ask: ask(queries.AHEAD, parameters))
        retracted = self._rows(over(queries.RETRACTED, self.derived_to().beyond()), {})
        shielded = self._rows(over(queries.SHIELDED, self.derived_to().beyond()), {})
        winners = [((subject, register), winner_of(value, ver)) for register, subject, value, ver in ahead]
        return Loaded(
            as_of=now,
            heden=NOTHING.after(registers_of(registers), now),
            ahead=in_order(Ahead(max(w.effective_at, w.recorded_at), key, w) for key, w in winners),
            retracted=frozenset((str(target), source) for target, source, moment in retracted if moment <= now),
            expires_at=min((moment for _, _, moment in retracted if moment > now), default=None),
            position=at,
            shielded=frozenset(subject for (subject,) in shielded),
        )

    def _since(self, at: Position) -> Arrivals | None:
        rows = self._rows(over(queries.SINCE, at.beyond()), {"count": _FOLLOWED_MAX + 1})
        if len(rows) > _FOLLOWED_MAX:
            return None
        return [arrived_of(row[2], *row[5:]) for row in rows], at.extended([row[:5] for row in rows])

    def _insert_named(self, table: str, rows: Sequence[Sequence[Any]], columns: dict[str, str]) -> None:
        if rows:
            types = [get_from_name(name) for name in columns.values()]
            self._insert(table, columns_of(rows, len(columns)), list(columns), types)

    def _insert(self, table: str, columns: Sequence[Sequence[Any]], names: list[str], types: list[Any]) -> None:
        with translated():
            try:
                self.connection.client().insert(
                    table,
                    columns,
                    column_names=names,
                    column_types=types,
                    column_oriented=True,
                    settings=WRITER_SETTINGS,
                )
            except (TypeError, ValueError, OverflowError) as error:  # a value that the driver can't write out
                raise StoreRefusedError(f"{table}: {error}") from error


def _some(locaties: Iterable[str]) -> dict[str, Any]:
    return {"everywhere": False, "locaties": sorted(locaties)}
