"""The one idea: an event is a set of register writes, and the greatest write wins.

Of the writes to one register of one subject, the one in force at (V, K) is the greatest by
(effective_at, recorded_at, event_id) among those with effective_at ≤ V, recorded_at ≤ K and not retracted by then.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import singledispatch
from typing import Any, NamedTuple

from schemas import events as e
from schemas.fields import format_moment

Key = tuple[str, str]
"""(subject, register)."""
Value = bool | int | float | str | dict[str, Any]


class Write(NamedTuple):
    """`register` of the event's subject gets `value` (JSON) at `effective_at`."""

    register: str
    effective_at: datetime
    value: Value


class Winner(NamedTuple):
    """The write in force in a register, and the event it comes from."""

    value: Any
    effective_at: datetime
    recorded_at: datetime
    event_id: str

    @property
    def rank(self) -> tuple[datetime, datetime, str]:
        """What 'greatest' means."""
        return self.effective_at, self.recorded_at, self.event_id


Registers = Mapping[Key, Winner]
"""(subject, register) → the write in force."""


def fold(events: Iterable[e.Event], valid_at: datetime, known_at: datetime) -> dict[tuple[str, str], Winner]:
    """The registers in force at (V, K): the specification that every table must agree with."""
    registers: dict[tuple[str, str], Winner] = {}
    for (subject, register, _), winner in history(events, valid_at, known_at).items():
        held = registers.get((subject, register))
        if held is None or winner.rank > held.rank:
            registers[subject, register] = winner
    return registers


def history(
    events: Iterable[e.Event], valid_at: datetime, known_at: datetime
) -> dict[tuple[str, str, datetime], Winner]:
    """Of every register, for each moment it was written at, the write that stands: its steps through time."""
    known = [event for event in events if event.time <= known_at]
    retracted = {(event.data.gebeurtenisId, event.source) for event in known if isinstance(event, e.Ingetrokken)}
    steps: dict[tuple[str, str, datetime], Winner] = {}
    for event in known:
        if (event.id, event.source) in retracted:
            continue
        for write in writes(event):
            if write.effective_at > valid_at:
                continue
            key = (event.subject, write.register, write.effective_at)
            winner = Winner(write.value, write.effective_at, event.time, event.id)
            if key not in steps or winner.rank > steps[key].rank:
                steps[key] = winner
    return steps


@singledispatch
def writes(event: e.Event) -> list[Write]:
    """The register writes of an event (design §2). A retraction writes nothing, nor does what is said of alarms."""
    raise TypeError(f"{type(event).__name__} heeft geen regel in services/core/registers.py")


@writes.register
def _(event: e.LocatieGeregistreerd) -> list[Write]:
    data = event.data
    registratie = {
        "naam": data.naam,
        "gemeente": data.gemeente,
        "soort": data.soort,
        "zichtbaarheid": data.zichtbaarheid,
    }
    return [Write("registratie", data.geldigVanaf, registratie), Write("open", data.geldigVanaf, True)]


@writes.register
def _(event: e.LocatieGesloten) -> list[Write]:
    return [Write("open", event.data.geldigVanaf, False)]


@writes.register
def _(event: e.CapaciteitGewijzigd) -> list[Write]:
    tot = _end(event.data)
    return [
        Write(
            f"plaatsen.{regel.soort}",
            event.data.geldigVanaf,
            {"aantal": regel.aantal, "inzetbaar": regel.aantal if regel.inzetbaar is None else regel.inzetbaar} | tot,
        )
        for regel in event.data.plaatsen
    ]


@writes.register
def _(event: e.BezettingGemeld) -> list[Write]:
    return [Write("aanwezig", event.data.peilmoment, event.data.aanwezig)]


@writes.register
def _(event: e.ToegangGewijzigd) -> list[Write]:
    return [Write("toegang", event.data.geldigVanaf, event.data.regime)]


@writes.register
def _(event: e.MaximumVastgesteld) -> list[Write]:
    data = event.data
    penalty = {"dwangsomPerDag": data.dwangsomPerDag, "dwangsomPlafond": data.dwangsomPlafond}
    known = {name: euro for name, euro in penalty.items() if euro is not None}
    maximum = {"maximum": data.maximum, "grondslag": data.grondslag} | known | _end(data)
    return [Write("maximum", data.geldigVanaf, maximum)]


@writes.register
def _(event: e.CyclusVastgesteld) -> list[Write]:
    data = event.data
    cyclus: dict[str, Any] = {
        "raming": data.raming,
        "beschikbaarTotMinstens": format_moment(data.beschikbaarTotMinstens),
        "meetellendeSoorten": sorted(data.meetellendeSoorten),
        "volledig": data.volledig,
    }
    return [Write("cyclus", data.geldigVanaf, cyclus)]


@writes.register
def _(event: e.OpgaveVastgesteld) -> list[Write]:
    data = event.data
    amv = {} if data.waarvanAmv is None else {"waarvanAmv": data.waarvanAmv}
    return [Write(f"opgave.{data.cyclus}.{data.status}", data.geldigVanaf, {"opgave": data.opgave} | amv)]


@writes.register
def _(event: e.OverdrachtAfgesproken) -> list[Write]:
    data = event.data
    return [Write(f"overdracht.{data.cyclus}.{data.naar}", data.geldigVanaf, {"aantal": data.aantal} | _end(data))]


@writes.register
def _(event: e.ToezichtstapGezet) -> list[Write]:
    return [Write("toezicht", event.data.gezetOp, event.data.stap)]


@writes.register
def _(event: e.CijfersGepubliceerd) -> list[Write]:
    data = event.data
    return [
        Write(
            f"gepubliceerd.{data.bron}.{cijfer.grootheid}",
            data.peildatum,
            {
                "grootheid": cijfer.grootheid,
                "waarde": cijfer.waarde,
                "nauwkeurigheid": cijfer.nauwkeurigheid,
                "bron": data.bron,
            },
        )
        for cijfer in data.cijfers
    ]


def _nothing(_event: e.Event) -> list[Write]:
    return []


_MODELS: tuple[type[e.Event], ...] = (e.Ingetrokken, *e.ALARMS)
for _model in _MODELS:
    writes.register(_model)(_nothing)


def _end(data: e.Geldig) -> dict[str, str]:
    return {} if data.geldigTot is None else {"geldigTot": format_moment(data.geldigTot)}


def end_of(winner: Winner) -> datetime | None:
    """The first moment at which what was written is no longer valid."""
    tot = winner.value.get("geldigTot")
    return None if tot is None else datetime.fromisoformat(tot)


def end_of_write(key: Key, write: Winner) -> datetime | None:
    """When what was written ends; None when it says no such thing."""
    return end_of(write) if key[1] == "maximum" or key[1].startswith(("plaatsen.", "overdracht.")) else None
