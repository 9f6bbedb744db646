"""Events as models. Every field has a plain default, so a test names only the fields that it is about.

All moments are texts as on the wire. By default an event happened, and was logged, at the first moment.
"""

from itertools import count
from typing import Any
from uuid import UUID

import orjson

from schemas.events import Event
from schemas.fields import parse_moment
from schemas.parsing import Invalid, parse_facts
from tests.support import wire

BEGIN = "2024-01-01T00:00:00Z"
COA = "urn:nld:oin:00000000000000000001:systeem:coa"
LOC = "LOC-1"
_numbers = count(1)

moment = parse_moment


def event(
    kind: str, subject: str, data: dict[str, Any], time: str = BEGIN, source: str = COA, own_id: str | None = None
) -> Event:
    """Reads one event as ingest does. An invalid event is an error in the test."""
    raw = wire.event(subject, (kind, data), time=time, source=source, own_id=own_id or str(UUID(int=next(_numbers))))
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
    return _read(locatie, wire.registration(naam or locatie, gemeente, soort, vanaf), head)


def closed(locatie: str = LOC, vanaf: str = BEGIN, **head: Any) -> Event:
    """A locatie closes."""
    return _read(locatie, wire.closing(vanaf), head)


def places(
    aantal: int,
    inzetbaar: int | None = None,
    *,
    locatie: str = LOC,
    soort: str = "regulier",
    vanaf: str = BEGIN,
    tot: str | None = None,
    sinds: str | None = None,
    **head: Any,
) -> Event:
    """Places of one soort, which are there since `sinds`, or else since they are valid."""
    return _read(locatie, wire.capacity(soort, aantal, inzetbaar, vanaf, tot, sinds), head)


def reading(aanwezig: int, op: str = BEGIN, *, locatie: str = LOC, **head: Any) -> Event:
    """People present."""
    return _read(locatie, wire.reading(aanwezig, op), head)


def access(regime: str, *, locatie: str = LOC, vanaf: str = BEGIN, **head: Any) -> Event:
    """The access regime."""
    return _read(locatie, wire.access(regime, vanaf), head)


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
    return _read(locatie, wire.limit(maximum, vanaf, tot, dwangsomPerDag=per_dag, dwangsomPlafond=plafond), head)


def cycle(
    cyclus: str = "2024",
    vanaf: str = BEGIN,
    *,
    until: str = "2029-01-01",
    soorten: tuple[str, ...] = ("regulier",),
    volledig: bool | None = None,
    voor: str | None = None,
    telregel: str | None = None,
    **head: Any,
) -> Event:
    """A cyclus, with its rule for what counts, by when its opgaven must be realised, and the rule that it names."""
    return _read(cyclus, wire.cycle(vanaf, until, soorten, volledig, voor=voor, telregel=telregel), head)


def rule(
    naam: str = "ministerie",
    *,
    cyclus: str = "2024",
    vanaf: str = BEGIN,
    soorten: tuple[str, ...] = ("regulier", "amv"),
    until: str | None = None,
    nog: int | None = None,
    duur: int | None = None,
    open_end: str | None = None,
    amv_apart: bool | None = None,
    termijn: bool | None = None,
    **head: Any,
) -> Event:
    """A telregel."""
    demands = {
        "beschikbaarTotMinstens": until,
        "nogMinstensMaanden": nog,
        "duurMinstensMaanden": duur,
        "zonderEinddatum": open_end,
        "amvApart": amv_apart,
        "termijn": termijn,
    }
    return _read(cyclus, wire.rule(naam, soorten, vanaf, **demands), head)


def task(
    opgave: int,
    subject: str = "GM0402",
    *,
    cyclus: str = "2024",
    status: str = "verdeelbesluit",
    vanaf: str = BEGIN,
    amv: int | None = None,
    voor: str | None = None,
    **head: Any,
) -> Event:
    """An opgave, and by when it must be realised."""
    return _read(subject, wire.task(cyclus, status, opgave, vanaf, amv, voor=voor), head)


def stand(
    what: str = "geschorst",
    gemeente: str = "GM0402",
    *,
    cyclus: str = "2024",
    vanaf: str = BEGIN,
    tot: str | None = None,
    zaak: str | None = None,
    **head: Any,
) -> Event:
    """What became of a verdeelbesluit."""
    return _read(gemeente, wire.stand(cyclus, what, vanaf, tot, zaak), head)


def transfer(
    aantal: int, van: str, naar: str, *, cyclus: str = "2024", vanaf: str = BEGIN, tot: str | None = None, **head: Any
) -> Event:
    """Places of `van` that count for `naar`."""
    return _read(van, wire.transfer(cyclus, naar, aantal, vanaf, tot), head)


def step(
    stap: str,
    gemeente: str = "GM0402",
    op: str = BEGIN,
    *,
    toezichthouder: str | None = None,
    termijn: str | None = None,
    **head: Any,
) -> Event:
    """A step of supervision."""
    return _read(gemeente, wire.step(stap, op, toezichthouder, termijn), head)


def hours(
    stap: str, uren: int, *, vanaf: str = BEGIN, minstens: int | None = None, hoogstens: int | None = None, **head: Any
) -> Event:
    """The hours a year that one gemeente takes in a step."""
    return _read("NL", wire.hours(stap, uren, vanaf, urenMinstens=minstens, urenHoogstens=hoogstens), head)


def staff(fte: float, uren: int, *, wie: str = "NL", vanaf: str = BEGIN, **head: Any) -> Event:
    """The fte of a toezichthouder, each of so many hours a year."""
    return _read(wie, wire.staff(fte, uren, vanaf), head)


def published(
    waarde: float,
    subject: str = "NL",
    *,
    peildatum: str = BEGIN,
    bron: str = "COA",
    grootheid: str = "bezetting",
    nauwkeurigheid: str | None = None,
    **head: Any,
) -> Event:
    """One figure published by others."""
    return _read(subject, wire.published(peildatum, bron, grootheid, waarde, nauwkeurigheid), head)


def retracted(target: Event | str, time: str = BEGIN, **head: Any) -> Event:
    """A retraction of an event, or of an id."""
    own_id = target if isinstance(target, str) else target.id
    return _read(LOC, wire.retraction(own_id), {"time": time} | head)


def _read(subject: str, body: wire.Body, head: dict[str, Any]) -> Event:
    kind, data = body
    return event(kind, subject, data, **head)
