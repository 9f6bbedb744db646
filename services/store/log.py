"""Reads the log: its events as they came, and how many there are."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from schemas.events import Event
from services.core.reasons.verklaring import Gelogd, Logregel
from services.store import position
from services.store.connect import translated
from services.store.consistent import ConsistentReads
from services.store.entries import STEP, retracts_in_own_words, told
from services.store.figures import BEFORE_ALL
from services.store.ids import in_parts, number, wanted
from services.store.model import LogEntry
from services.store.position import Position
from services.store.queries import Query, When, filled
from services.store.rows import entry_of, events_of, logged_of, written_of

PAGE = Query("log/page")
EVENT = Query("log/event")
BEHIND = Query("log/behind")
BEHIND_WRITES = Query("log/behind_writes")
BEHIND_MORE = Query("log/behind_more")
BY_ID = Query("log/by_id")
BY_ID_WRITES = Query("log/by_id_writes")
RETRACTIONS = Query("log/retractions")
ALL_EVENTS = Query("log/events")
COUNT = Query("log/count")
ARRIVED_SINCE = Query("log/arrived_since")
LAST_RECEIVED = Query("log/last_received")
FIRST_KNOWN = Query("log/first_known")


class LogReads(ConsistentReads):
    """Reads the log. Every method may be called from any thread, and raises StoreUnavailableError."""

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
        """Returns a page of the log, oldest `time` first, and its positie.

        Args:
            bekend_op: only events with `time` ≤ K.
            subject: only events about this subject.
            type: only events of this type.
            source: only events of this source.
            na: (time, id) of the last event that was seen.
            aantal: how many events at most.
            positie: what an earlier answer carried; None for the present one.
            hidden: locaties and types of events to leave out, with the retractions of those events.
        """
        after = na or (BEFORE_ALL, str(UUID(int=0)))
        parameters = {
            "k": bekend_op,
            "subject": subject or "",
            "type": type or "",
            "source": source or "",
            "after_time": after[0],
            "after_id": after[1],
            "count": aantal,
        }
        rows, at = self._shown(PAGE, parameters, positie, hidden)
        return [entry_of(row) for row in self._told(rows, str(at))], at

    def event(
        self,
        own_id: str,
        bekend_op: datetime,
        positie: str | None = None,
        hidden: Collection[str] = (),
        unseen: Collection[str] = (),
    ) -> tuple[LogEntry | None, Position]:
        """Returns the event with this id (a UUID), and the positie.

        None when there is no such event with `time` ≤ K, or when it is hidden. `unseen`: locaties and types of events
        of which a retraction is told as if what it retracts were not there.
        """
        parameters = {"id": own_id, "number": number(own_id), "k": bekend_op}
        rows, at = self._shown(EVENT, parameters, positie, hidden)
        return entry_of(self._told(rows, str(at), unseen)[0]) if rows else None, at

    def behind(
        self,
        subjects: Collection[str],
        prefix: str,
        bekend_op: datetime,
        positie: str,
        count: int,
        hidden: Collection[str] = (),
    ) -> list[Gelogd]:
        """Returns the first events about some subjects with `time` ≤ K, oldest first, with the retractions of those.

        Args:
            subjects: what the events are about.
            prefix: subjects that begin so are meant too; '' for none.
            bekend_op: the K of the answer.
            positie: up to where the log is read.
            count: how many events at most.
            hidden: locaties and types of events to leave out, with the retractions of those events.
        """
        parameters = {"k": bekend_op, "subjects": sorted(subjects), "prefix": prefix, "count": count}
        rows, _ = self._shown(BEHIND, parameters, positie, hidden, self._retractions())
        return logged_of(self._told(rows, positie))

    def written_behind(
        self,
        subjects: Collection[str],
        prefix: str,
        bekend_op: datetime,
        positie: str,
        count: int,
        hidden: Collection[str] = (),
    ) -> list[Logregel] | None:
        """Returns the events that `behind` gives, each with its writes; None when there are more than `count`."""
        parameters = {"k": bekend_op, "subjects": sorted(subjects), "prefix": prefix, "count": count}
        limited = parameters | {"hidden": sorted(hidden), "most": count + 1}
        retracted = self._retractions()
        counted = retracted | ({When.HIDDEN} if hidden else set())
        counted |= {When.HIDDEN_RETRACTIONS} if hidden and retracted else set()
        ((more,),), _ = self._in_log(BEHIND_MORE, limited, positie, counted)
        if more:
            return None
        rows, _ = self._shown(BEHIND_WRITES, parameters, positie, hidden, retracted)
        return written_of(self._told(rows, positie))

    def written_by(self, ids: Collection[str], positie: str, unseen: Collection[str] = ()) -> list[Logregel]:
        """Returns the events with these ids (UUIDs), each with its writes, up to a positie. `unseen`: as of `event`."""
        found: list[Logregel] = []
        for some in in_parts(list(ids)):
            when, parameters = wanted(some)
            rows, _ = self._in_log(BY_ID_WRITES, parameters, positie, when)
            found += written_of(self._told(rows, positie, unseen))
        return found

    def by_id(self, ids: Collection[str], positie: str) -> list[Gelogd]:
        """Returns the events with these ids, up to a positie."""
        return self._with_ids(BY_ID, ids, {}, positie)

    def retractions_of(self, ids: Collection[str], bekend_op: datetime, positie: str) -> list[Gelogd]:
        """Returns the retractions of these events with `time` ≤ K, of any source, up to a positie, oldest first."""
        return self._with_ids(RETRACTIONS, ids, {"k": bekend_op}, positie)

    def events(self, type: str = "") -> Iterator[Event]:  # noqa: A002
        """Yields every event of the log, or of one type, once, as it was accepted: to check by, and to tell nobody."""
        client = self.connection.client()
        with translated(), client.query_row_block_stream(ALL_EVENTS.sql(), parameters={"type": type}) as stream:
            for block in stream:
                yield from events_of(block)

    def position_of(self, positie: str | None) -> Position:
        """Returns the positie that an answer carried, or the present one. Raises PositionError if none did."""
        stored = self.position()
        return stored if positie is None else position.parse(positie, stored)

    def stored_count(self) -> int:
        """Returns how many events the log holds."""
        return int(self._rows(COUNT.sql(), {})[0][0])

    def arrived_since(self, moment: datetime) -> tuple[int, int]:
        """Returns how many events came in after this moment and were stored, and how many could not be accepted."""
        ((stored, unprocessable),) = self._rows(ARRIVED_SINCE.sql(), {"after": moment})
        return int(stored), int(unprocessable)

    def last_received(self, hidden: Collection[str] = ()) -> datetime | None:
        """Returns when the last of the stored events came in; None when there is none.

        `hidden`: the locaties whose events are left out.
        """
        ends = self.position().ends()
        if ends is None:
            return None
        sql = LAST_RECEIVED.sql({When.HIDDEN} if hidden else ())
        latest: datetime = self._rows(filled(sql, ends=ends), {"hidden": sorted(hidden)})[0][0]
        return latest if latest.year > 1970 else None

    def first_known(self, hidden: Collection[str] = ()) -> datetime | None:
        """Returns the earliest `time` of the stored events that write something; None when there is none.

        `hidden`: the locaties and the types of events that are left out.
        """
        sql = FIRST_KNOWN.sql({When.HIDDEN} if hidden else ())
        earliest: datetime = self._rows(sql, {"hidden": sorted(hidden)})[0][0]
        return earliest if earliest.year > 1970 else None

    def _with_ids(self, query: Query, ids: Collection[str], asked: dict[str, Any], positie: str) -> list[Gelogd]:
        found: list[Gelogd] = []
        for some in in_parts(list(ids)):
            when, parameters = wanted(some)
            rows, _ = self._in_log(query, asked | parameters, positie, when)
            found += logged_of(self._told(rows, positie))
        return found

    def _told(self, rows: Sequence[Any], positie: str, unseen: Collection[str] = ()) -> Sequence[Any]:
        """Returns rows of the log (id, source, type, …, data) with what is told of retractions of steps of toezicht.

        Whether something that the log does not hold yet is a step nobody knows, so then it may be one.
        """
        targets = {target for row in rows if (target := retracts_in_own_words(row[2], row[-1])) is not None}
        if not targets:
            return rows
        others: set[str] = set()
        for some in in_parts([*targets]):
            when, parameters = wanted(some)
            found, _ = self._in_log(BY_ID, parameters, positie, when)
            others |= {str(row[0]) for row in found if row[2] != STEP and not {row[2], row[3]} & {*unseen}}

        def speaks(row: Sequence[Any]) -> bool:
            target = retracts_in_own_words(row[2], row[-1])
            return target is not None and target not in others

        return [(*row[:-1], told(row[2], row[-1], retracts_step=True)) if speaks(row) else row for row in rows]
