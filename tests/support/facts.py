"""Events as plain dicts, for tests that send them: only what a test is about needs to be named."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from schemas.events import Event
from services.store.entries import entry
from services.store.model import Accepted, Origin, Place

SOURCE = "urn:nld:oin:00000001000000000001:systeem:proef"


def event(type_: str, subject: str, data: dict[str, Any], **envelope: Any) -> dict[str, Any]:
    """An event logged just now, with an id of its own."""
    return {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": SOURCE,
        "type": f"nl.{type_}.v1",
        "subject": subject,
        "time": moment(),
        "data": data,
    } | envelope


def accepted(one: Event, received: datetime, place: Place) -> Accepted:
    """An event as if it had come alone, for tests that store without a topic."""
    return Accepted(Origin("opvang.gebeurtenissen.v1", place, b"{}"), received, {0: entry(one)})


def moment(ago: timedelta = timedelta()) -> str:
    """A moment before now."""
    return (datetime.now(UTC) - ago).isoformat().replace("+00:00", "Z")


def registered(locatie: str, gemeente: str = "GM0599", soort: str = "azc", **envelope: Any) -> dict[str, Any]:
    """A locatie that is open since 2024."""
    data = {
        "naam": f"Proef {locatie}",
        "gemeente": gemeente,
        "soort": soort,
        "zichtbaarheid": "openbaar",
        "geldigVanaf": "2024-01-01",
    }
    return event("opvanglocaties.locatie-geregistreerd", locatie, data, **envelope)


def capacity(locatie: str, aantal: int, soort: str = "regulier", **envelope: Any) -> dict[str, Any]:
    """Places of one soort since 2024."""
    data = {"geldigVanaf": "2024-01-01", "plaatsen": [{"soort": soort, "aantal": aantal}]}
    return event("opvanglocaties.capaciteit-gewijzigd", locatie, data, **envelope)


def reading(locatie: str, aanwezig: int, peilmoment: str | None = None, **envelope: Any) -> dict[str, Any]:
    """People present, by default just now."""
    data = {"peilmoment": peilmoment or moment(), "aanwezig": aanwezig}
    return event("opvanglocaties.bezetting-gemeld", locatie, data, **envelope)


def access(locatie: str, regime: str, vanaf: str = "2024-02-01", **envelope: Any) -> dict[str, Any]:
    """The access regime since a moment."""
    data = {"geldigVanaf": vanaf, "regime": regime}
    return event("opvanglocaties.toegang-gewijzigd", locatie, data, **envelope)


def limit(locatie: str, maximum: int, vanaf: str, **penalty: int) -> dict[str, Any]:
    """A maximum on the people present since a moment."""
    data = {"geldigVanaf": vanaf, "maximum": maximum, "grondslag": "uitspraak"} | penalty
    return event("opvanglocaties.maximum-vastgesteld", locatie, data)
