"""Bytes → entries: what the log keeps of an event, and that a body is not parsed twice in a row."""

from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from schemas.events import Event
from schemas.parsing import Invalid, parse_facts
from services.core.fold import writes
from services.store.entries import (
    NO_EVENT,
    REMEMBERED_BYTES_MAX,
    REMEMBERED_MAX,
    entry,
    micros,
    read_again,
    read_entries,
)
from tests.support.examples import cases, name
from tests.support.facts import reading

BODY = orjson.dumps(reading("LOC-A", 1))
BATCH = b"[" + b",".join([BODY] * 1000) + b"]"
FACTS = [path for path in cases("valid") if "opvangalarmen" not in path.parts[-3]]


@pytest.mark.parametrize("path", FACTS, ids=name)
def test_an_entry_says_what_its_event_says(path: Path) -> None:
    (event,) = parse_facts(path.read_bytes())
    assert isinstance(event, Event)
    kept = entry(event)
    assert kept.said == (event.source, event.type, event.subject, micros(event.time), event.content)
    assert kept.event_id == event.id
    data = orjson.loads(kept.data)
    assert kept.retracts == (data["gebeurtenisId"] if event.type.endswith(".ingetrokken.v1") else NO_EVENT)
    assert [
        (register, effective_at, orjson.loads(value))
        for register, effective_at, value in zip(kept.registers, kept.effective_at, kept.value, strict=True)
    ] == [(register, micros(effective_at), value) for register, effective_at, value in writes(event)]


def test_a_moment_keeps_its_microsecond() -> None:
    assert micros(datetime(2050, 12, 31, 22, 59, 59, 999999, UTC)) == 2_556_140_399_999_999


@pytest.mark.parametrize("body", [BODY, BATCH], ids=["one", "batch"])
def test_what_was_just_read_is_not_read_again(body: bytes) -> None:
    read = read_entries(body)
    assert read_again(bytes(bytearray(body))) is read
    again = read_again(body)  # it is remembered for one repeat only
    assert again is not read
    assert again == read


def test_only_the_last_bodies_are_remembered() -> None:
    first = read_entries(BODY)
    for number in range(REMEMBERED_MAX):
        read_entries(orjson.dumps(reading("LOC-A", number)))
    assert read_again(BODY) is not first


def test_a_body_that_is_large_or_wrong_is_not_remembered() -> None:
    large = b"[" + b",".join([BODY] * (REMEMBERED_BYTES_MAX // len(BODY) + 1)) + b"]"
    for body in (large, b"[" + BODY + b",{}]"):
        assert read_again(body) == (read := read_entries(body))
        assert read_again(body) is not read
    assert isinstance(read_entries(b"{}")[0], Invalid)
