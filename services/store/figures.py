"""Reads what the registers say: at any (V, K), through time, and now."""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from schemas.moments import from_micros
from services.core.history.verloop import Verloop
from services.core.locaties import locaties
from services.core.registers import Key, Registers, Winner
from services.core.standen import standen
from services.store.connect import Connection
from services.store.consistent import Ask, ConsistentReads
from services.store.model import Telling, View
from services.store.newer import Newer
from services.store.position import Herkomst, Position
from services.store.present import NOTHING, Arrivals, Gezien, Heden, Loaded, Present, announced
from services.store.queries import Query, filled
from services.store.rows import (
    ahead_of,
    arrived_of,
    counted_of,
    metingen_of,
    registers_of,
    shield_of,
    steps_of,
    verloop_of,
)

VIEW = Query("registers/view")
STANDEN = Query("registers/standen", by_column=True)
BEGIN = Query("registers/begin")
STEPS = Query("registers/steps")
READINGS = Query("registers/readings")
LAST_READINGS = Query("registers/last_readings")
READINGS_COUNT = Query("registers/readings_count")
OWN = Query("registers/own")
HISTORY = Query("registers/history")
OF_SOME = Query("registers/of_some")
PUBLISHED = Query("registers/published")
AHEAD = Query("registers/ahead")
RETRACTED = Query("registers/retracted")
SHIELDED = Query("registers/shielded")
LOCATIES = Query("registers/locaties")
NAMED = Query("registers/named")
SINCE = Query("registers/since")
FOLLOWED_MAX = 5_000
"""More events than this since the last look at the present are not folded in one by one."""
BEFORE_ALL = datetime(1971, 1, 1, tzinfo=UTC)
"""Earlier than any moment of an event."""
_INSTANT = timedelta(microseconds=1)


class FigureReads(ConsistentReads):
    """Reads the registers. Every method may be called from any thread, and raises StoreUnavailableError."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._present = Present(self._load_present, self._since)
        self._without: tuple[Heden, frozenset[str], Gezien] | None = None
        self._newer = Newer[Position](connection, "gebeurtenis")

    def view(
        self,
        geldig_op: datetime,
        bekend_op: datetime,
        *,
        now: datetime,
        positie: str | None = None,
        hidden: frozenset[str] = frozenset(),
    ) -> View:
        """Returns the registers in force at (V, K), with the positie they were counted at.

        `hidden`: the locaties to leave out. Raises PositionError for a positie that no answer ever carried.
        """
        if positie is None and geldig_op == bekend_op == now and (state := self._present.at(now)) is not None:
            return self.view_now(state, now, hidden)
        return self.views([(geldig_op, bekend_op)], positie=positie, hidden=hidden)[0]

    def views(
        self,
        points: Sequence[tuple[datetime, datetime]],
        *,
        positie: str | None = None,
        hidden: frozenset[str] = frozenset(),
        state: Loaded | None = None,
        now: datetime | None = None,
    ) -> list[View]:
        """Returns the registers in force at several (V, K), all counted from the same stored events.

        `state`: a look at the log of `now`. The others are then counted from the events of that look.
        """
        asked = [point for point in dict.fromkeys(points) if state is None or point != (now, now)]
        upto = positie if state is None else str(state.position)
        found, at = self._read(lambda ask: [ask(VIEW, {"v": v, "k": k}) for v, k in asked], upto)
        views = {
            point: _view(at.herkomst(*point), registers_of(rows), hidden)
            for rows, point in zip(found, asked, strict=True)
        }
        if state is not None and now is not None:
            views[now, now] = self.view_now(state, now, hidden)
        return [views[point] for point in points]

    def telling(
        self,
        geldig_op: datetime,
        bekend_op: datetime,
        *,
        now: datetime,
        positie: str | None = None,
        hidden: frozenset[str] = frozenset(),
    ) -> Telling:
        """Returns what sums at (V, K) are made of. With thousands of locaties this is many times as fast as `view`.

        `hidden`: the locaties to leave out.
        """
        if positie is None and geldig_op == bekend_op == now and (state := self._present.at(now)) is not None:
            return self.telling_now(state, now, hidden)
        asked = {"v": geldig_op, "k": bekend_op, "hidden": sorted(hidden)}
        columns, at = self._read(lambda ask: ask(STANDEN, asked), positie)
        return Telling(at.herkomst(geldig_op, bekend_op), *counted_of(columns))

    def heden(self, now: datetime, asked: float | None = None) -> Loaded | None:
        """Returns all that is in force now; None for a moment just before the last one that was counted.

        `asked`: a look at the log that began after this moment of `time.monotonic` will do. None: look now.
        """
        return self._present.at(now, asked)

    def view_now(self, state: Loaded, now: datetime, hidden: frozenset[str]) -> View:
        """Returns what `view` does at V = K = now, from a look at the log."""
        seen = self.seen(state, hidden)
        return View(state.position.herkomst(now, now), seen.registers, state, seen.standen, seen.afgeschermd, seen.ids)

    def telling_now(self, state: Loaded, now: datetime, hidden: frozenset[str]) -> Telling:
        """Returns what `telling` does at V = K = now, from a look at the log."""
        seen = self.seen(state, hidden)
        return Telling(state.position.herkomst(now, now), state.heden.wet, seen.standen, seen.afgeschermd, state)

    def seen(self, state: Loaded, hidden: frozenset[str]) -> Gezien:
        """Returns what is in force now without some locaties. It stays the same until something comes in."""
        if not hidden:
            return state.heden.zonder(hidden)
        made = self._without
        if made is None or made[0] is not state.heden or made[1] != hidden:
            made = self._without = state.heden, hidden, state.heden.zonder(hidden)
        return made[2]

    def shielded(self, now: datetime) -> frozenset[str]:
        """Returns the locaties that are afgeschermd by what is known now."""
        return self._present.shielded(now)

    def latest(self, now: datetime) -> Loaded:
        """Returns what `heden` does, and never None: enough to tell which locaties are named, and which afgeschermd."""
        return self._present.latest(now)

    def named(self, codes: Collection[str]) -> frozenset[str]:
        """Who ever said something that names one of these gemeenten: locaties there, and who promised places to them.

        There may be others among them, and what they said may be retracted, or of a later K or positie.
        """
        sql = filled(NAMED.sql(), rest=self._derived_lately().to.beyond())
        return frozenset(subject for (subject,) in self._rows(sql, {"codes": sorted(codes)}))

    def readings(
        self, locaties: Collection[str], geldig_op: datetime, bekend_op: datetime, positie: str | None = None
    ) -> dict[str, list[tuple[datetime, int]]]:
        """Finds every reading of some locaties that stands at (V, K), oldest first.

        Returns:
            For each locatie the pairs (peilmoment, people present).
        """
        found: dict[str, list[tuple[datetime, int]]] = {locatie: [] for locatie in locaties}
        if found:
            asked = {"v": geldig_op, "k": bekend_op, "after": BEFORE_ALL} | _of(found)
            rows, _ = self._read(lambda ask: ask(READINGS, asked), positie)
            for subject, moments, people in rows:
                found[subject] = list(zip(map(from_micros, moments), people, strict=True))
        return found

    def readings_count(self, van: datetime, tot: datetime, hidden: Collection[str] = ()) -> Sequence[tuple[int, int]]:
        """Estimates how many readings there are from `van` until `tot`, without those of some locaties.

        Returns:
            For each day that has any (in microseconds since 1970) their count.
        """
        return self._rows(READINGS_COUNT.sql(), {"after": van, "v": tot, "hidden": sorted(hidden)})

    def verloop(
        self,
        van: datetime,
        tot: datetime,
        bekend_op: datetime,
        *,
        locatie: str | None = None,
        positie: str | None = None,
        metingen: Collection[str] | None = None,
        alleen: Collection[str] | None = None,
    ) -> tuple[Verloop, Position]:
        """Returns all that the registers say from `van` until `tot`, as known at K.

        Args:
            van: from when.
            tot: until when.
            bekend_op: the K of the answer.
            locatie: the only locatie to read; None for everything.
            positie: what an earlier answer carried; None for the present one.
            metingen: the locaties whose readings are wanted; None for all. The others have only
                the reading in force at `van`.
            alleen: the only locaties to read, beside all that is no locatie; None for every locatie.
        """
        metingen = alleen if metingen is None else metingen
        some = {"everywhere": True, "locaties": list[str]()} if metingen is None else _of(metingen)
        which = {"whole": alleen is None, "only": sorted(alleen or ())}
        asked = {"after": van, "v": tot - _INSTANT, "k": bekend_op} | some

        def read(ask: Ask) -> tuple[Sequence[Any], ...]:
            begin = ask(BEGIN, {"v": van, "k": bekend_op} | which)
            return begin, ask(STEPS, asked | which), ask(READINGS, asked)

        if locatie is not None:
            of_locatie = asked | {"after": BEFORE_ALL, "locatie": locatie}
            own, at = self._read(lambda ask: ask(OWN, of_locatie), positie)
            return verloop_of(van, tot, steps_of(own)), at
        (begin, steps, readings), at = self._read(read, positie)
        return Verloop(van, tot, registers_of(begin), steps_of(steps), metingen_of(readings)), at

    def verloop_van(
        self, locaties: Collection[str], van: datetime, tot: datetime, bekend_op: datetime, positie: str | None = None
    ) -> Verloop:
        """Returns all that the registers say of some locaties until `tot`, as known at K, with readings from `van` on.

        It costs as much as these locaties do, however many others there are.
        """
        asked = {"v": tot - _INSTANT, "k": bekend_op} | _of(locaties)

        def read(ask: Ask) -> tuple[Sequence[Any], ...]:
            return ask(OF_SOME, asked | {"after": BEFORE_ALL}), ask(READINGS, asked | {"after": van - _INSTANT})

        (others, readings), _ = self._read(read, positie)
        return Verloop(van, tot, {}, steps_of(others), metingen_of(readings))

    def aanwezig_op(
        self, since: datetime, geldig_op: datetime, bekend_op: datetime, positie: str | None = None
    ) -> dict[str, int]:
        """Returns the people present at V, of each locatie whose last reading is of `since` or later."""
        asked = {"after": since - _INSTANT, "v": geldig_op, "k": bekend_op}
        rows, _ = self._read(lambda ask: ask(LAST_READINGS, asked), positie)
        return dict(rows)

    def history(
        self,
        register: str,
        subjects: Collection[str],
        geldig_op: datetime,
        bekend_op: datetime,
        positie: str | None = None,
    ) -> list[tuple[Key, Winner]]:
        """Returns every write to a register of these subjects that takes effect until V, as known at K."""
        asked = {"after": BEFORE_ALL, "v": geldig_op, "k": bekend_op, "subjects": sorted(subjects)}
        rows, _ = self._read(lambda ask: ask(HISTORY, asked | {"register": register}), positie)
        return steps_of(rows)

    def published(
        self, geldig_op: datetime, bekend_op: datetime, positie: str | None = None
    ) -> tuple[list[tuple[Key, Winner]], Position]:
        """Returns what others published with a peildatum ≤ V, as known at K: the last by source, figure and date."""
        asked = {"after": BEFORE_ALL, "v": geldig_op, "k": bekend_op}
        rows, at = self._read(lambda ask: ask(PUBLISHED, asked), positie)
        return steps_of(rows), at

    def _load_present(self, now: datetime) -> Loaded:
        """Reads all of the present. Rows read after the registers may belong to later events, which are read again."""
        parameters = {"v": now, "k": now}
        registers, at = self._read(lambda ask: ask(VIEW, parameters))
        ahead, _ = self._read(lambda ask: ask(AHEAD, parameters))
        retracted = self._rows(filled(RETRACTED.sql(), rest=self.derived_to().beyond()), {})
        registrations, _ = self._read(lambda ask: ask(SHIELDED, parameters))
        to_come = ahead_of(ahead)
        return Loaded(
            as_of=now,
            heden=NOTHING.after(registers_of(registers), now),
            ahead=to_come,
            retracted=frozenset((str(target), source) for target, source, moment in retracted if moment <= now),
            expires_at=min((moment for _, _, moment in retracted if moment > now), default=None),
            position=at,
            shield=shield_of(registrations, announced(to_come)),
            named=frozenset(own_id for (own_id,) in self._rows(LOCATIES.sql(), {})),
        )

    def _since(self, at: Position) -> Arrivals | None:
        """Returns the events after a positie, and the positie with them; None when there are too many to fold in."""
        text = filled(SINCE.sql(), rest=at.beyond())
        rows = self._newer.after(at, lambda: self._rows(text, {"count": FOLLOWED_MAX + 1}))
        if len(rows) > FOLLOWED_MAX:
            return None
        return [arrived_of(row[2], *row[5:]) for row in rows], at.extended([row[:5] for row in rows])


def _view(herkomst: Herkomst, registers: Registers, hidden: frozenset[str]) -> View:
    """Leaves locaties out of what is in force."""
    if not hidden:
        return View(herkomst, registers)
    left_out = {key: winner for key, winner in registers.items() if key[0] in hidden}
    seen = {key: winner for key, winner in registers.items() if key[0] not in hidden}
    return View(herkomst, seen, afgeschermd=standen(locaties(left_out, herkomst.geldig_op)))


def _of(locaties: Iterable[str]) -> dict[str, Any]:
    """Returns the parameters by which `READINGS` looks at some locaties."""
    return {"everywhere": False, "locaties": sorted(locaties)}
