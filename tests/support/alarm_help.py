"""Help for tests about alarms: rules, live views, and one look at such a view."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from schemas.alarmregels import AlarmRegel, read_regels
from schemas.events import AlarmBevestigd, Event, type_name
from schemas.parsing import parse_alarms
from schemas.reference import Gemeente, gemeenten
from services.core.alarms.alarmen import Alarm, AlarmKey, Ketens, Transition
from services.core.alarms.beeld import Beeld
from services.core.alarms.boek import Alarmboek
from services.core.alarms.overgang import overgangen
from services.core.bezetting import bezetting
from services.core.fold import fold
from services.core.locaties import locaties
from services.core.naleving import naleving
from services.core.registers import Registers, Winner
from services.core.standen import standen
from services.core.telregel import maatstaf
from services.store.alarm_log import BEFORE_FIRST
from services.store.model import Place
from services.store.store import Store
from tests.support.deploy_files import DEPLOY

RULES_FILE = DEPLOY / "alarmregels.toml"
SHIPPED = read_regels(RULES_FILE.read_text(encoding="utf-8"), "deploy/alarmregels.toml")
LIVE = tuple(
    regel
    for regel in SHIPPED
    if regel.grootheid
    in (
        "landelijke-bezettingsgraad",
        "locatie-bezettingsgraad",
        "toegang",
        "gesloten-met-mensen",
        "personen-boven-maximum",
    )
)
"""The shipped rules that need only the live view: they wait for no time and need no earlier figures."""
PLACES = 100
"""Every locatie of `crowd` has 100 places, so the number of people is a percentage."""
NOW = datetime(2026, 7, 10, 10, 0, 0, 123456, tzinfo=UTC)
_BEGIN = datetime(2024, 1, 1, tzinfo=UTC)


def shipped(naam: str) -> AlarmRegel:
    """Returns the rule of this name that Opvangpeil comes with."""
    return next(regel for regel in SHIPPED if regel.naam == naam)


def rule(**fields: Any) -> AlarmRegel:
    """Makes a rule about locaties that are too full, with other fields put in."""
    base = {
        "naam": "proef",
        "omschrijving": "Een proef",
        "grootheid": "locatie-bezettingsgraad",
        "drempel": 1.0,
        "ernst": "hoog",
        "runbook": "deploy/runbook.md#proef",
    }
    return AlarmRegel.model_validate(base | fields)


def view(events: Iterable[Event], now: datetime, table: tuple[Gemeente, ...] | None = None, **found: Any) -> Beeld:
    """Makes the live view of these events."""
    return view_of(fold(events, now, now), now, table, **found)


def view_of(registers: Registers, now: datetime, table: tuple[Gemeente, ...] | None = None, **found: Any) -> Beeld:
    """Makes the live view of these registers."""
    known = locaties(registers, now)
    stand = standen(known)
    rows = naleving(registers, stand, gemeenten() if table is None else table, now, maatstaf(registers))
    found.setdefault("geregistreerd", stand.geregistreerd)
    return Beeld(now, [one.id for one in known], stand, registers, bezetting(stand, now), rows, **found)


def live(*events: Event, now: datetime = NOW, **found: Any) -> Beeld:
    """Makes the live view of these events, by default at NOW."""
    return view(events, now, **found)


def crowd(now: datetime, people: Mapping[str, int | None]) -> Beeld:
    """Makes a view of open locaties with 100 places each, counted just now. None means that nobody ever reported."""
    registers: dict[tuple[str, str], Winner] = {}
    for own_id, aanwezig in people.items():
        said = {
            "registratie": {"naam": own_id, "gemeente": "GM0402", "soort": "azc", "zichtbaarheid": "openbaar"},
            "open": True,
            "plaatsen.regulier": {"aantal": PLACES, "inzetbaar": PLACES},
        } | ({} if aanwezig is None else {"aanwezig": aanwezig})
        since = {name: now if name == "aanwezig" else _BEGIN for name in said}
        registers |= {(own_id, name): Winner(value, since[name], _BEGIN, own_id) for name, value in said.items()}
    return view_of(registers, now, ())


def look(regels: Sequence[AlarmRegel], beeld: Beeld, log: list[Any]) -> list[Transition]:
    """Looks once at the live view, given the log, and adds the new transitions to the log."""
    made = overgangen(regels, beeld, Ketens(log).last)
    log += made
    return made


def one(regel: AlarmRegel, beeld: Beeld) -> Transition | None:
    """Returns the one transition that a rule makes at its first look at a view, or None."""
    made = look([regel], beeld, [])
    assert len(made) <= 1
    return made[0] if made else None


def shown(events: Iterable[Event], known_at: datetime) -> list[Alarm]:
    """Returns the alarms as they stood at K."""
    return list(Alarmboek(event for event in events if event.time <= known_at).alarmen())


def open_keys(events: Iterable[Event], known_at: datetime) -> set[AlarmKey]:
    """Returns the keys of the alarms that are open at K."""
    return {(alarm.regel, alarm.onderwerp) for alarm in shown(events, known_at) if alarm.open}


def confirmed(alarm: Transition, time: str, door: str, notitie: str | None = None) -> AlarmBevestigd:
    """Makes the event by which somebody takes up the alarm of this transition."""
    raw = alarm.model_dump(mode="json", exclude_none=True)
    own = {"id": str(uuid5(NAMESPACE_URL, alarm.id + time)), "type": type_name(AlarmBevestigd), "time": time}
    said = {"bevestigdDoor": door} | ({} if notitie is None else {"notitie": notitie})
    return AlarmBevestigd.model_validate(raw | own | {"data": raw["data"] | said})


def keep(store: Store, events: Iterable[Event]) -> None:
    """Stores events as if they came from the alarms topic, after the events that are there."""
    after = len(store.alarms.since(BEFORE_FIRST))
    store.alarms.insert((Place(1, 0, after + n), event) for n, event in enumerate(events))


def stored(events: Iterable[Event]) -> list[Event]:
    """Returns the events as the table returns them."""
    return [
        again
        for event in events
        for again in parse_alarms(event.model_dump_json(exclude_none=True).encode())
        if isinstance(again, Event)
    ]
