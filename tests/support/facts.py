"""Events as if they were sent just now. A test names only the fields that it is about."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from schemas.events import Event
from services.store.entries import entry
from services.store.model import Accepted, Origin, Place
from tests.support import wire

SOURCE = "urn:nld:oin:00000001000000000001:systeem:proef"


def event(type_: str, subject: str, data: dict[str, Any], **envelope: Any) -> dict[str, Any]:
    """Makes an event logged just now, with its own id."""
    made = wire.event(subject, (type_, data), time=moment(), source=SOURCE, own_id=str(uuid4()))
    return made | envelope


def accepted(one: Event, received: datetime, place: Place) -> Accepted:
    """Accepts an event as if it came alone, for tests that store without a topic."""
    return Accepted(Origin("opvang.gebeurtenissen.v1", place, b"{}"), received, {0: entry(one)})


def moment(ago: timedelta = timedelta()) -> str:
    """Returns a moment before now, as text."""
    return (datetime.now(UTC) - ago).isoformat().replace("+00:00", "Z")


def registered(locatie: str, gemeente: str = "GM0599", soort: str = "azc", **envelope: Any) -> dict[str, Any]:
    """A locatie that is open since 2024."""
    return _sent(locatie, wire.registration(f"Proef {locatie}", gemeente, soort, "2024-01-01"), envelope)


def capacity(locatie: str, aantal: int, soort: str = "regulier", **envelope: Any) -> dict[str, Any]:
    """Places of one soort since 2024."""
    return _sent(locatie, wire.capacity(soort, aantal, None, "2024-01-01"), envelope)


def reading(locatie: str, aanwezig: int, peilmoment: str | None = None, **envelope: Any) -> dict[str, Any]:
    """People present, by default counted just now."""
    return _sent(locatie, wire.reading(aanwezig, peilmoment or moment()), envelope)


def access(locatie: str, regime: str, vanaf: str = "2024-02-01", **envelope: Any) -> dict[str, Any]:
    """The access regime from a moment on."""
    return _sent(locatie, wire.access(regime, vanaf), envelope)


def limit(locatie: str, maximum: int, vanaf: str, **penalty: int) -> dict[str, Any]:
    """A maximum on the people present from a moment on."""
    return _sent(locatie, wire.limit(maximum, vanaf, **penalty), {})


def _sent(subject: str, body: wire.Body, envelope: dict[str, Any]) -> dict[str, Any]:
    kind, data = body
    return event(kind, subject, data, **envelope)
