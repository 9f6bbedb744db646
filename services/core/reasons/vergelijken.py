"""Holds events that may be sent against what is in force: what each would do, without storing anything. Pure.

A source sends its whole table again and again. Only what differs from what is in force is worth an event, and that
event must win. So each row is held against the winner of every register that it writes, over the store and over the
other rows of the request, in the order of their moments.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from schemas.events import CapaciteitGewijzigd, Event, Ingetrokken
from services.core.beschikbaar import er_sinds, nog_er_sinds
from services.core.dutch import dutch_moment
from services.core.fold import writes
from services.core.registers import Key, Register, Winner, Write

Uitkomst = Literal["nieuw", "gelijk", "wijkt af", "geweigerd"]
Geschreven = Mapping[Key, Sequence[Winner]]
"""Key of a register → its writes that are stored and stand, the greatest of each effective_at, in that order."""
Bezwaar = tuple[str, str]
"""(field, what is wrong with it)."""
Mag = Callable[[Event], Bezwaar | None]
"""Says what stands in the way of sending an event as it would be sent; None when nothing does."""
Target = tuple[str, str]
"""(id, source) of an event that was retracted."""
NO_ID = ""
"""The id of a row, which gets one only when it is sent. It is less than any other, so a row wins by its `time`."""


class Kandidaat(NamedTuple):
    """A valid event that may be sent."""

    nummer: int
    """Its place in the request, from 0."""
    event: Event
    """Its own `time` counts only as far as `time` here says so."""
    time: datetime | None
    """When its source says it logged it; None where it says nothing."""
    vast: bool = False
    """Whether it goes as it is, with the id and the `time` that it has: a line of an exported log."""


class Vervangen(NamedTuple):
    """A write that would be replaced."""

    register: str
    winner: Winner
    """With `NO_ID`, it is another row of the request."""


class Oordeel(NamedTuple):
    """What an event would do."""

    uitkomst: Uitkomst
    event: Event
    """The event that is to be sent, apart from its id: with the `time` that it must carry, and filled in."""
    schrijvingen: Sequence[Write]
    """What it writes."""
    vervangt: Sequence[Vervangen] = ()
    fout: Bezwaar | None = None
    """Of one that is refused."""

    @property
    def zendt(self) -> bool:
        """Whether there is something to send."""
        return self.uitkomst in ("nieuw", "wijkt af")


def vergelijk(
    kandidaten: Sequence[Kandidaat],
    geschreven: Geschreven,
    now: datetime,
    ingetrokken: frozenset[Target] = frozenset(),
    mag: Mag = lambda _event: None,
) -> list[Oordeel]:
    """Returns what each event would do, in the order of the request.

    Args:
        kandidaten: the events.
        geschreven: what is stored of the registers that they write, whenever it was recorded.
        now: the `time` of an event that must win and is not later by itself.
        ingetrokken: what was retracted already, of what they retract.
        mag: says which events may not be sent. What is refused is nothing to hold other rows against.
    """
    found = {one.nummer: _vast(one, mag) for one in kandidaten if one.vast}
    vast = [one.event for one in found.values() if one.zendt]
    weging = _Weging(geschreven, vast, now, mag)
    others = [one for one in kandidaten if not one.vast]
    for one in others:
        if isinstance(one.event, Ingetrokken):
            found[one.nummer] = weging.intrekking(one, one.event, ingetrokken)
    rows = [(writes(one.event), one) for one in others if one.nummer not in found]
    for written, one in sorted(rows, key=lambda row: (row[0][0].effective_at, row[1].nummer)):
        found[one.nummer] = weging.oordeel(one, written)
    return [found[one.nummer] for one in kandidaten]


def _vast(kandidaat: Kandidaat, mag: Mag) -> Oordeel:
    fout = mag(kandidaat.event)
    return Oordeel("nieuw" if fout is None else "geweigerd", kandidaat.event, writes(kandidaat.event), fout=fout)


class _Verloop:
    """The writes to one register: those that are stored, and those of the rows that were weighed before."""

    def __init__(self, register: Register, stored: Sequence[Winner]) -> None:
        self.lens, self._of_moment = register.declared.lens, register.declared.of_moment
        self._steps = stored
        self._moments = [one.effective_at for one in self._steps]
        self._row: Winner | None = None
        """The last row that would be sent. Rows come in the order of their moments."""
        self.said: dict[datetime, tuple[int, Any]] = {}
        """Moment → the first row about it, and what that says."""

    def held(self, moment: datetime) -> Winner | None:
        """Returns the write that a row of this moment is held against."""
        end = len(self._steps) if self.lens else bisect_right(self._moments, moment)
        found = self._steps[end - 1] if end else None
        if self._row is not None and (found is None or self._row.rank > found.rank):
            found = self._row
        return None if found is not None and self._of_moment and found.effective_at != moment else found

    def at(self, moment: datetime) -> Winner | None:
        """Returns the stored write of exactly this moment."""
        end = bisect_right(self._moments, moment)
        return self._steps[end - 1] if end and self._moments[end - 1] == moment else None

    def add(self, winner: Winner) -> None:
        """Adds what a row writes."""
        self._row = winner


class _Weging:
    """Weighs the rows one by one, in the order of their moments."""

    def __init__(self, geschreven: Geschreven, vast: Sequence[Event], now: datetime, mag: Mag) -> None:
        self._geschreven, self._now, self._mag = geschreven, now, mag
        self._verloop: dict[Key, _Verloop] = {}
        self._vast: dict[Key, list[Winner]] = {}
        self._weg: dict[str, int] = {}
        """Id of an event that a row retracts → that row."""
        gone = {(one.data.gebeurtenisId, one.source) for one in vast if isinstance(one, Ingetrokken)}
        for event in vast:
            for write in writes(event) if (event.id, event.source) not in gone else ():
                winner = Winner(write.value, write.effective_at, event.time, event.id)
                self._vast.setdefault((event.subject, write.register), []).append(winner)

    def intrekking(self, kandidaat: Kandidaat, one: Ingetrokken, ingetrokken: frozenset[Target]) -> Oordeel:
        """Returns what a retraction would do, and remembers that for the rows."""
        event, target = _met_time(one, kandidaat.time or self._now), one.data.gebeurtenisId
        if (target, one.source) in ingetrokken:
            return Oordeel("gelijk", event, ())
        if (fout := self._mag(event)) is not None:
            return Oordeel("geweigerd", event, (), fout=fout)
        self._weg[target] = kandidaat.nummer
        return Oordeel("nieuw", event, ())

    def oordeel(self, kandidaat: Kandidaat, written: Sequence[Write]) -> Oordeel:
        """Returns what a row would do, and remembers that for the rows after it."""
        event = kandidaat.event
        if isinstance(event, CapaciteitGewijzigd) and (filled := self._filled(event)) is not event:
            event, written = filled, writes(filled)
        of_each = [(write, self._of((event.subject, write.register))) for write in written]
        held = [(write, verloop.held(write.effective_at)) for write, verloop in of_each]
        if (melding := self._against_another(kandidaat.nummer, of_each, held)) is not None:
            return Oordeel("geweigerd", event, written, fout=("data", melding))
        other_value = [(write, one) for write, one in held if one is not None and not _same(write, one)]
        changed = [Vervangen(write.register, one) for write, one in other_value]
        if not changed and all(one is not None for _, one in held):
            return Oordeel("gelijk", event, written)
        for write, verloop in of_each:
            if verloop.lens and (wrong := _behind(write, verloop)) is not None:
                fout = ("data", wrong) if wrong else None
                return Oordeel("geweigerd" if wrong else "gelijk", event, written, fout=fout)
        time = self._time(kandidaat.time, changed)
        if changed and (ahead := _ahead(time, other_value)) is not None:
            return Oordeel("geweigerd", event, written, changed, ("time", ahead))
        event = _met_time(event, time)
        if (fout := self._mag(event)) is not None:
            return Oordeel("geweigerd", event, written, changed, fout)
        for write, verloop in of_each:
            verloop.add(Winner(write.value, write.effective_at, time, NO_ID))
        uitkomst: Uitkomst = "nieuw" if all(one is None for _, one in held) else "wijkt af"
        return Oordeel(uitkomst, event, written, changed)

    def _time(self, own: datetime | None, changed: Sequence[Vervangen]) -> datetime:
        """Returns the `time` of a row: its own where that is later than what it replaces, and now otherwise."""
        if own is None or any(one.winner.recorded_at >= own for one in changed):
            return self._now
        return own

    def _of(self, key: Key) -> _Verloop:
        found = self._verloop.get(key)
        if found is None:
            stored = self._geschreven.get(key, ())
            if (vast := self._vast.get(key)) is not None:
                stored = sorted([*stored, *vast], key=lambda one: one.rank)
            found = self._verloop[key] = _Verloop(Register.of(key), stored)
        return found

    def _filled(self, event: CapaciteitGewijzigd) -> CapaciteitGewijzigd:
        """Fills in since when places are there, where the event does not say it and there are places to go on with."""
        begin, rows = event.data.geldigVanaf, list(event.data.plaatsen)
        for n, row in enumerate(rows):
            if row.beschikbaarVanaf is None:
                held = self._of((event.subject, Register.PLAATSEN.stored(row.soort))).held(begin)
                if (since := nog_er_sinds(held, begin)) is not None:
                    rows[n] = row.model_copy(update={"beschikbaarVanaf": since})
        if rows == event.data.plaatsen:
            return event
        return event.model_copy(update={"data": event.data.model_copy(update={"plaatsen": rows})})

    def _against_another(
        self, nummer: int, of_each: Sequence[tuple[Write, _Verloop]], held: Sequence[tuple[Write, Winner | None]]
    ) -> str | None:
        """Says which other row stands in the way of a row, and how; None when none does."""
        if (other := self._contradicts(nummer, of_each)) is not None:
            return (
                f"geeft een andere waarde dan gebeurtenis {other} in dit verzoek, over hetzelfde onderwerp en "
                "hetzelfde moment; laat een van de twee weg"
            )
        for _, one in held if self._weg else ():
            if one is not None and one.event_id in self._weg:  # What is in force without it is known once it is gone.
                gone = self._weg[one.event_id]
                return f"volgt op wat gebeurtenis {gone} in dit verzoek intrekt; stuur dat eerst"
        return None

    def _contradicts(self, index: int, of_each: Sequence[tuple[Write, _Verloop]]) -> int | None:
        """Returns an earlier row that says something else about the same moment of the same register."""
        said = [
            (verloop.said.get(write.effective_at), _says(write.register, write.value, write.effective_at))
            for write, verloop in of_each
        ]
        for before, value in said:
            if before is not None and before[1] != value:
                return before[0]
        for (write, verloop), (before, value) in zip(of_each, said, strict=True):
            if before is None:
                verloop.said[write.effective_at] = index, value
        return None


def _ahead(time: datetime, replaced: Iterable[tuple[Write, Winner]]) -> str | None:
    """Says why a row would not win from a stored write about the same moment; None when it would."""
    there = [
        one.recorded_at
        for write, one in replaced
        if one.event_id != NO_ID and one.effective_at == write.effective_at and one.recorded_at >= time
    ]
    if not there:
        return None
    return (
        f"vervangt wat is vastgelegd op {dutch_moment(max(there))}, en dat is niet eerder dan nu: de klok van die bron "
        "loopt voor; stuur dit na dat moment opnieuw"
    )


def _behind(write: Write, verloop: _Verloop) -> str | None:
    """Says why a write to a lens can't come into force, of which only the last counts, whatever V is.

    None when it can, and empty when it says what is said there already.
    """
    held = verloop.held(write.effective_at)
    if held is None or held.effective_at <= write.effective_at:
        return None
    there = verloop.at(write.effective_at)
    if there is not None and _same(write, there):
        return ""
    return (
        f"verandert niets: er geldt al een regel met deze naam vanaf {dutch_moment(held.effective_at)}, en de laatste "
        "geldt altijd; geef een latere geldigVanaf, of trek die eerst in"
    )


def _says(register: str, value: Any, effective_at: datetime) -> Any:
    """Returns what a write comes down to, so that two of them can be compared: 0 places are there since nothing."""
    if Register.of_name(register) is not Register.PLAATSEN:
        return value
    since = er_sinds(Winner(value, effective_at, effective_at, NO_ID)) if value["aantal"] else None
    return {**value, "beschikbaarVanaf": since}


def _same(write: Write, held: Winner) -> bool:
    now, before = (_says(write.register, one.value, one.effective_at) for one in (write, held))
    return bool(now == before)


def _met_time(event: Event, time: datetime) -> Event:
    return event if event.time == time else event.model_copy(update={"time": time})
