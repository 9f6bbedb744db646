"""Makers of valid events for tests that tell one thing: every field has a plain value, a test names what counts.

All moments are texts as on the wire. What is not said happened, and was logged, at the beginning.
"""

from itertools import count
from typing import Any
from uuid import UUID

import orjson

from schemas.events import Event
from schemas.fields import parse_moment
from schemas.parsing import Invalid, parse_facts

BEGIN = "2024-01-01T00:00:00Z"
COA = "urn:nld:oin:00000000000000000001:systeem:coa"
LOC = "LOC-1"
_numbers = count(1)

moment = parse_moment


def event(
    kind: str, subject: str, data: dict[str, Any], time: str = BEGIN, source: str = COA, own_id: str | None = None
) -> Event:
    """Read one event as ingest does; a test that makes an invalid one is wrong."""
    raw = {
        "specversion": "1.0",
        "id": own_id or str(UUID(int=next(_numbers))),
        "source": source,
        "type": f"nl.{kind}.v1",
        "subject": subject,
        "time": time,
        "data": data,
    }
    made = parse_facts(orjson.dumps(raw))[0]
    assert not isinstance(made, Invalid), f"de test maakt een ongeldige gebeurtenis: {made.reason}"
    return made


def registered(
    locatie: str = LOC,
    gemeente: str = "GM0402",
    vanaf: str = BEGIN,
    *,
    soort: str = "azc",
    naam: str | None = None,
    **head: Any,
) -> Event:
    """A locatie exists and opens."""
    data = {
        "naam": naam or locatie,
        "gemeente": gemeente,
        "soort": soort,
        "zichtbaarheid": "openbaar",
        "geldigVanaf": vanaf,
    }
    return event("opvanglocaties.locatie-geregistreerd", locatie, data, **head)


def closed(locatie: str = LOC, vanaf: str = BEGIN, **head: Any) -> Event:
    """A locatie closes."""
    return event("opvanglocaties.locatie-gesloten", locatie, {"geldigVanaf": vanaf}, **head)


def places(
    aantal: int,
    inzetbaar: int | None = None,
    *,
    locatie: str = LOC,
    soort: str = "regulier",
    vanaf: str = BEGIN,
    tot: str | None = None,
    **head: Any,
) -> Event:
    """Places of one soort."""
    row = {"soort": soort, "aantal": aantal} | ({} if inzetbaar is None else {"inzetbaar": inzetbaar})
    data = {"geldigVanaf": vanaf, "plaatsen": [row]} | _until(tot)
    return event("opvanglocaties.capaciteit-gewijzigd", locatie, data, **head)


def reading(aanwezig: int, op: str = BEGIN, *, locatie: str = LOC, **head: Any) -> Event:
    """People present."""
    return event("opvanglocaties.bezetting-gemeld", locatie, {"peilmoment": op, "aanwezig": aanwezig}, **head)


def access(regime: str, *, locatie: str = LOC, vanaf: str = BEGIN, **head: Any) -> Event:
    """The access regime."""
    return event("opvanglocaties.toegang-gewijzigd", locatie, {"geldigVanaf": vanaf, "regime": regime}, **head)


def limit(
    maximum: int,
    *,
    locatie: str = LOC,
    vanaf: str = BEGIN,
    tot: str | None = None,
    per_dag: int | None = None,
    plafond: int | None = None,
    **head: Any,
) -> Event:
    """A maximum on the people present."""
    penalty = {"dwangsomPerDag": per_dag, "dwangsomPlafond": plafond}
    data = {"geldigVanaf": vanaf, "maximum": maximum, "grondslag": "uitspraak"} | _until(tot)
    data |= {name: euro for name, euro in penalty.items() if euro is not None}
    return event("opvanglocaties.maximum-vastgesteld", locatie, data, **head)


def cycle(
    cyclus: str = "2024",
    vanaf: str = BEGIN,
    *,
    until: str = "2029-01-01",
    soorten: tuple[str, ...] = ("regulier",),
    volledig: bool | None = None,
    **head: Any,
) -> Event:
    """A cyclus, with its rule for what counts."""
    data = {
        "raming": 96_000,
        "beschikbaarTotMinstens": until,
        "meetellendeSoorten": list(soorten),
        "geldigVanaf": vanaf,
    } | ({} if volledig is None else {"volledig": volledig})
    return event("spreidingswet.cyclus-vastgesteld", cyclus, data, **head)


def task(
    opgave: int,
    subject: str = "GM0402",
    *,
    cyclus: str = "2024",
    status: str = "verdeelbesluit",
    vanaf: str = BEGIN,
    amv: int | None = None,
    **head: Any,
) -> Event:
    """An opgave."""
    data = {"cyclus": cyclus, "status": status, "opgave": opgave, "geldigVanaf": vanaf}
    return event(
        "spreidingswet.opgave-vastgesteld", subject, data | ({} if amv is None else {"waarvanAmv": amv}), **head
    )


def transfer(
    aantal: int, van: str, naar: str, *, cyclus: str = "2024", vanaf: str = BEGIN, tot: str | None = None, **head: Any
) -> Event:
    """Places of `van` that count for `naar`."""
    data = {"cyclus": cyclus, "naar": naar, "aantal": aantal, "geldigVanaf": vanaf} | _until(tot)
    return event("spreidingswet.overdracht-afgesproken", van, data, **head)


def step(stap: str, gemeente: str = "GM0402", op: str = BEGIN, **head: Any) -> Event:
    """A step of supervision."""
    return event("spreidingswet.toezichtstap-gezet", gemeente, {"stap": stap, "gezetOp": op}, **head)


def published(
    waarde: float,
    subject: str = "NL",
    *,
    peildatum: str = BEGIN,
    bron: str = "COA",
    grootheid: str = "bezetting",
    **head: Any,
) -> Event:
    """One figure that others published."""
    data = {"peildatum": peildatum, "bron": bron, "cijfers": [{"grootheid": grootheid, "waarde": waarde}]}
    return event("opvangcijfers.cijfers-gepubliceerd", subject, data, **head)


def retracted(target: Event | str, time: str = BEGIN, **head: Any) -> Event:
    """A retraction of an event, or of an id."""
    own_id = target if isinstance(target, str) else target.id
    return event("gebeurtenissen.ingetrokken", LOC, {"gebeurtenisId": own_id, "reden": "vergissing"}, time=time, **head)


def _until(tot: str | None) -> dict[str, str]:
    return {} if tot is None else {"geldigTot": tot}
