"""Makes a store with very many simulated events, inside ClickHouse: 10,000 locaties over two years.

Nine in ten events are readings. One in twenty was logged late, one in a hundred by up to 200 days. One in ten changes
of places is announced. The ids are of version 7, like those of a source that makes them with a clock.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from schemas.reference import gemeenten
from services.store.derive import bring_up_to_date
from services.store.model import Place
from services.store.store import Store
from tests.support.facts import accepted, capacity, event, registered
from tests.support.strategies import read

UNTIL = datetime(2026, 11, 24, 12, tzinfo=UTC)
LOCATIES = 10_000
YEARS = timedelta(days=730)
CHUNK = 1_000_000
SOURCE = "urn:nld:oin:00000001000000000001:systeem:proef"
EPOCH = 1
BATCH = 10_000

_ROWS = """
INSERT INTO gebeurtenis (epoch, partition, offset, event_id, source, type, subject, recorded_at, received_at, data,
                         retracts, registers, effective_at, value)
WITH
    number + {begin:UInt64} AS n,
    sipHash64(n) AS chance,
    {first:DateTime64(6, 'UTC')} + toIntervalMicrosecond(n * {step:UInt64}) AS recorded,
    chance % 100 AS kind,
    intDiv(chance, 100) % 100 AS lateness,
    intDiv(chance, 10000) AS how,
    multiIf(lateness = 0, how % (200 * 86400), lateness < 5, how % 86400, 300) AS ago,
    recorded - toIntervalSecond(ago) AS moment,
    if(kind < 92, moment, if(lateness < 10, recorded + toIntervalDay(chance % 90), moment)) AS effective,
    concat('LOC-', toString(sipHash64(n, 1) % {locaties:UInt64})) AS subject,
    intDiv(chance, 1000) % 200 AS many,
    ['regulier', 'nood', 'amv'][1 + chance % 3] AS soort,
    toString(many) AS text,
    if(kind < 92, text, concat('{"aantal":', text, ',"inzetbaar":', text, '}')) AS written,
    leftPad(hex(toUnixTimestamp64Milli(recorded)), 16, '0') AS stamp,
    leftPad(hex(sipHash64(n, 2)), 16, '0') AS noise,
    formatDateTime(effective, '%Y-%m-%dT%H:%i:%S.%fZ') AS said
SELECT
    {epoch:UInt32}, n % 4, intDiv(n, 4) + 1000000,
    toUUID(concat(substring(stamp, 5, 8), '-', substring(stamp, 13, 4), '-7', substring(noise, 1, 3), '-9',
        substring(noise, 4, 3), '-', substring(noise, 5, 12))),
    {source:String}, concat('nl.opvanglocaties.', if(kind < 92, 'bezetting-gemeld', 'capaciteit-gewijzigd'), '.v1'),
    subject, recorded, recorded + toIntervalMillisecond(200),
    if(kind < 92, concat('{"peilmoment":"', said, '","aanwezig":', written, '}'),
        concat('{"geldigVanaf":"', said, '","plaatsen":[{"soort":"', soort, '","aantal":', text, '}]}')),
    toUUID('00000000-0000-0000-0000-000000000000'),
    [if(kind < 92, 'aanwezig', concat('plaatsen.', soort))], [effective], [written]
FROM numbers({rows:UInt64})
"""

_RETRACTIONS = """
INSERT INTO gebeurtenis (epoch, partition, offset, event_id, source, type, subject, recorded_at, received_at, data,
                         retracts, registers, effective_at, value)
SELECT {epoch:UInt32}, 5, rowNumberInAllBlocks(), generateUUIDv4(), {source:String},
    'nl.gebeurtenissen.ingetrokken.v1', subject, recorded_at + toIntervalMinute(10), {now:DateTime64(6, 'UTC')},
    concat('{"gebeurtenisId":"', toString(event_id), '","reden":"proef"}'), event_id, [], [], []
FROM gebeurtenis WHERE registers = ['aanwezig'] ORDER BY sipHash64(event_id) LIMIT {count:UInt32}
"""


def fill(store: Store, count: int, locaties: int = LOCATIES, until: datetime = UNTIL) -> Iterator[int]:
    """Stores `count` events, the last recorded at `until`, and yields the number so far. Fills no derived tables."""
    first = until - YEARS
    base = [one for number in range(locaties) for one in _locatie(number, first)] + _law(first)
    for begin in range(0, len(base), BATCH):
        some = enumerate(read(base[begin : begin + BATCH]), begin)
        store.insert([accepted(one, first, Place(EPOCH, number % 4, number)) for number, one in some])
    for begin in range(0, count, CHUNK):
        add(store, begin, min(CHUNK, count - begin), count, locaties, until)
        yield min(begin + CHUNK, count)


def add(store: Store, begin: int, rows: int, count: int, locaties: int = LOCATIES, until: datetime = UNTIL) -> None:
    """Stores `rows` more events, from number `begin` on, of a log that has `count` of them at `until`."""
    store.connection.client().command(
        _ROWS,
        parameters={
            "begin": begin,
            "first": until - YEARS,
            "step": YEARS // timedelta(microseconds=1) // count,
            "locaties": locaties,
            "epoch": EPOCH,
            "source": SOURCE,
            "rows": rows,
        },
    )


def retract(store: Store, count: int, until: datetime = UNTIL) -> None:
    """Retracts `count` readings from the whole log, and brings the derived tables up to date."""
    store.connection.client().command(
        _RETRACTIONS, parameters={"count": count, "source": SOURCE, "epoch": EPOCH, "now": until}
    )
    bring_up_to_date(store)


def _locatie(number: int, first: datetime) -> list[dict[str, object]]:
    codes = [gemeente.code for gemeente in gemeenten() if gemeente.geldig_tot is None]
    own = f"LOC-{number}"
    time = {"time": first.isoformat()}
    return [registered(own, codes[number % len(codes)], **time), capacity(own, 100, **time)]


def _law(first: datetime) -> list[dict[str, object]]:
    cyclus = {
        "raming": 96_000,
        "geldigVanaf": "2024-02-01",
        "beschikbaarTotMinstens": "2027-01-01",
        "meetellendeSoorten": ["regulier", "nood"],
        "volledig": True,
    }
    time = {"time": first.isoformat()}
    tasks = [
        event(
            "spreidingswet.opgave-vastgesteld",
            gemeente.code,
            {"cyclus": "2024", "opgave": 200 + number, "status": "verdeelbesluit", "geldigVanaf": "2024-07-01"},
            **time,
        )
        for number, gemeente in enumerate(gemeenten())
        if gemeente.geldig_tot is None
    ]
    rules = [
        event(
            "spreidingswet.telregel-vastgesteld",
            "2024",
            {"naam": naam, "omschrijving": naam, "meetellendeSoorten": ["regulier"], "geldigVanaf": "2024-02-01"}
            | more,
            **time,
        )
        for naam, more in (
            ("krant", {"meetellendeSoorten": ["regulier"]}),
            ("streng", {"meetellendeSoorten": ["regulier", "amv"], "amvApart": True, "nogMinstensMaanden": 24}),
        )
    ]
    return [event("spreidingswet.cyclus-vastgesteld", "2024", cyclus, **time), *rules, *tasks]
