"""Bytes → events: the errors about raw bytes that can't be read, and three laws about all other bytes."""

import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.events import ALARM_TYPES, FACT_TYPES, Event
from schemas.parsing import BATCH_MAX, EVENT_BYTES_MAX, Invalid, from_binary, parse_alarms, parse_facts, parse_stored
from services.store.entries import read_entries
from tests.support.examples import EXAMPLES
from tests.support.strategies import LAW

EVENT: dict[str, Any] = {
    "specversion": "1.0",
    "id": "0190163d-8694-739b-aea5-966c26f8ad91",
    "source": "urn:nld:oin:00000000000000000000:systeem:test",
    "type": "nl.opvanglocaties.bezetting-gemeld.v1",
    "subject": "LOC-TER-APEL",
    "time": "2024-05-10T07:15:00Z",
    "data": {"peilmoment": "2024-05-10", "aanwezig": 2463},
}
BODY = orjson.dumps(EVENT)
FACTS = [
    orjson.loads(path.read_bytes())
    for type_ in sorted(FACT_TYPES)
    for path in sorted((EXAMPLES / type_).glob("valid/*"))
]


def one(body: bytes) -> Event | Invalid:
    (item,) = parse_facts(body)
    return item


def errors(body: bytes) -> list[tuple[int, str, str]]:
    return [
        (fout.index, fout.veld, fout.melding)
        for item in parse_facts(body)
        if isinstance(item, Invalid)
        for fout in item.fouten
    ]


def nested(depth: int, inner: bytes = b"") -> bytes:
    return b"[" * depth + inner + b"]" * depth


def aanwezig(raw: bytes) -> bytes:
    """Returns the event with these bytes as its number of people."""
    return BODY.replace(b"2463", raw)


# Bytes that are no JSON at all ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "melding"),
    [
        (b"", "is leeg; verwacht één gebeurtenis of een batch, als JSON"),
        (b" \n\t", "is leeg; verwacht één gebeurtenis of een batch, als JSON"),
        (b'{"a":\xff}', "is geen geldige UTF-8 (byte 6)"),
        (BODY.replace(b"TER", b"T\xcbR"), f"is geen geldige UTF-8 (byte {BODY.index(b'TER') + 2})"),
        (BODY.decode().encode("utf-16"), "is geen geldige UTF-8 (byte 1)"),
        (b"{]", "is geen geldige JSON (regel 1, teken 2)"),
        (BODY[:-1], f"is geen geldige JSON (regel 1, teken {len(BODY)})"),
        (BODY + b"}", f"is geen geldige JSON (regel 1, teken {len(BODY) + 1})"),
        (BODY + b"\n" + BODY, "is geen geldige JSON (regel 2, teken 1)"),
        (b"[1,\n 2,\n x]", "is geen geldige JSON (regel 3, teken 2)"),
        (b"[" + BODY + b",]", f"is geen geldige JSON (regel 1, teken {len(BODY) + 2})"),
        (b"{'a': 1}", "is geen geldige JSON (regel 1, teken 2)"),
        (b'{"a": "\\ud800"}', "is geen geldige JSON (regel 1, teken 8)"),
        (b'{"a": "x\ny"}', "is geen geldige JSON (regel 1, teken 9)"),
        (b"\xef\xbb\xbf" + BODY, "is geen geldige JSON (regel 1, teken 1)"),
        (b'{"a": NaN}', "is geen geldige JSON (regel 1, teken 7): NaN en Infinity zijn in JSON geen getallen"),
        (b'{"a": Infinity}', "is geen geldige JSON (regel 1, teken 7): NaN en Infinity zijn in JSON geen getallen"),
        (b'{"a": -Infinity}', "is geen geldige JSON (regel 1, teken 8): NaN en Infinity zijn in JSON geen getallen"),
        (b'{"a": 1e400}', "bevat een getal dat te groot is (regel 1, teken 7)"),
        (b'{"a": ' + b"9" * 5000 + b"}", "bevat een getal dat te groot is (regel 1, teken 7)"),
        (nested(255), "is te diep genest; een gebeurtenis heeft een paar lagen"),
        (nested(100_000), "is te diep genest; een gebeurtenis heeft een paar lagen"),
        (b'{"a":' * 100_000, "is te diep genest; een gebeurtenis heeft een paar lagen"),
    ],
)
def test_what_is_not_json_is_refused_as_a_whole(body: bytes, melding: str) -> None:
    (item,) = parse_facts(body)
    assert isinstance(item, Invalid)
    assert item.raw == body
    assert [(fout.index, fout.veld, fout.melding) for fout in item.fouten] == [(None, "", melding)]
    assert item.reason == melding


# JSON that is no event -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [b"null", b"true", b"0", b"1.5", b'"tekst"', b"[[]]", b"[1]", b'["x"]', b"[null]"])
def test_what_is_no_object_is_refused(body: bytes) -> None:
    assert errors(body) == [(0, "", "moet een JSON-object zijn")]


def test_an_empty_batch_and_one_that_is_too_long_are_refused_as_a_whole() -> None:
    limits = "een batch bevat minstens één en hoogstens 10000 gebeurtenissen"
    assert errors(b"[]") == errors(b" [ ] ") == [(None, "", f"telt 0 gebeurtenissen; {limits}")]
    assert errors(b"[" + b",".join([BODY] * (BATCH_MAX + 1)) + b"]") == [
        (None, "", f"telt 10001 gebeurtenissen; {limits}")
    ]
    assert len(parse_facts(b"[" + b",".join([BODY] * BATCH_MAX) + b"]")) == BATCH_MAX


@pytest.mark.parametrize(
    ("raw", "melding"),
    [
        (b"1.5", "moet een geheel getal zijn, zonder decimalen en zonder aanhalingstekens"),
        (b"1e-2", "moet een geheel getal zijn, zonder decimalen en zonder aanhalingstekens"),
        (b'"1"', "moet een geheel getal zijn, zonder decimalen en zonder aanhalingstekens"),
        (b"null", "moet een geheel getal zijn, zonder decimalen en zonder aanhalingstekens"),
        (nested(200), "moet een geheel getal zijn, zonder decimalen en zonder aanhalingstekens"),
        (b"100001", "mag hoogstens 100000 zijn"),
        (b"18446744073709551615", "mag hoogstens 100000 zijn"),
        (b"9" * 300, "mag hoogstens 100000 zijn"),
        (b"-1", "moet minstens 0 zijn"),
    ],
)
def test_a_number_that_is_none_is_refused_alone_and_in_a_batch(raw: bytes, melding: str) -> None:
    assert errors(aanwezig(raw)) == [(0, "data.aanwezig", melding)]
    assert errors(b"[" + BODY + b"," + aanwezig(raw) + b"]") == [(1, "data.aanwezig", melding)]


def test_zero_may_have_a_sign() -> None:
    assert one(aanwezig(b"-0")) == one(aanwezig(b"0"))


@pytest.mark.parametrize("batch", [False, True])
def test_an_event_of_more_than_64_kb_is_refused_also_when_it_is_white_space(*, batch: bool) -> None:
    def padded(size: int) -> bytes:
        return BODY[:-1] + b" " * (size - len(BODY)) + b"}"

    def sent(event: bytes) -> bytes:
        return b"[" + BODY + b"," + event + b"]" if batch else event

    assert errors(sent(padded(EVENT_BYTES_MAX))) == []
    melding = "is 65537 bytes; een gebeurtenis is hoogstens 65536 bytes"
    assert errors(sent(padded(EVENT_BYTES_MAX + 1))) == [(int(batch), "", melding)]
    large = orjson.dumps(EVENT | {"data": {"x": "y" * EVENT_BYTES_MAX}})
    assert errors(sent(large)) == [(int(batch), "", f"is {len(large)} bytes; een gebeurtenis is hoogstens 65536 bytes")]


def test_a_large_batch_of_small_events_is_fine_however_it_is_written() -> None:
    batch = [EVENT] * 4000
    for body in (orjson.dumps(batch), json.dumps(batch).encode(), json.dumps(batch, indent=2).encode()):
        assert len(body) > 10 * EVENT_BYTES_MAX
        assert all(isinstance(item, Event) for item in parse_facts(body))


def test_no_valid_event_comes_near_the_limit() -> None:
    """So a batch with little white space can't hold an event that is too large."""
    cijfer = {"grootheid": "a" * 79, "waarde": -999999999999.1234, "nauwkeurigheid": "hoogstens"}
    cijfers = [cijfer | {"grootheid": "a" * 78 + f"{number:02}"} for number in range(50)]
    largest = EVENT | {
        "type": "nl.opvangcijfers.cijfers-gepubliceerd.v1",
        "dataschema": "https:" + "x" * 294,
        "data": {"peildatum": "2024-05-10T00:00:00.000001+02:00", "bron": "🏠" * 300, "cijfers": cijfers},
    }
    assert errors(orjson.dumps(largest)) == []
    assert len(orjson.dumps(largest)) < EVENT_BYTES_MAX // 4


def test_alarms_are_refused_among_facts_and_facts_among_alarms() -> None:
    for type_ in ALARM_TYPES:
        for path in (EXAMPLES / type_ / "valid").glob("*"):
            assert errors(path.read_bytes()) == [(0, "type", "is een alarm; alarmen schrijft alleen Opvangpeil zelf")]
            assert isinstance(parse_alarms(path.read_bytes())[0], Event)
    (item,) = parse_alarms(BODY)
    assert isinstance(item, Invalid)
    assert [fout.veld for fout in item.fouten] == ["type"]


def test_a_batch_keeps_its_order_and_each_bad_event_its_own_bytes() -> None:
    bad = [b'{"a" : 1}', aanwezig(b"-1"), b"5", b'{"x":1, "x":2}', BODY.replace(b"gemeld", b"gem\\u00e9ld")]
    body = b" [" + BODY + b" ,\n" + b" , ".join(bad) + b"\t," + BODY + b"]\n"
    items = parse_facts(body)
    assert [isinstance(item, Event) for item in items] == [True, False, False, False, False, False, True]
    rejected = [item for item in items if isinstance(item, Invalid)]
    assert [item.raw for item in rejected] == bad
    assert [item.index for item in rejected] == [1, 2, 3, 4, 5]
    assert all(fout.index == item.index for item in rejected for fout in item.fouten)
    assert [item.fouten[0].veld for item in rejected] == ["type", "data.aanwezig", "", "x", "type"]


# Repeated keys -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "index", "veld"),
    [
        (BODY.replace(b'"subject"', b'"id":"0190163d-8694-739b-aea5-966c26f8ad91","subject"'), 0, "id"),
        (BODY.replace(b'"aanwezig"', b'"aanwezig":2463,"aanwezig"'), 0, "data.aanwezig"),
        (BODY.replace(b'"aanwezig"', b'"aanwezig":{},"\\u0061anwezig"'), 0, "data.aanwezig"),
        (BODY.replace(b'"data"', b'"data":{"a":1,"a":2},"data"'), 0, "data"),
        (b"[" + BODY + b"," + BODY.replace(b'"aanwezig"', b'"aanwezig":1,  "aanwezig"') + b"]", 1, "data.aanwezig"),
        (b'[{"a":[0,{"b":{"":1,"":1}}]}]', 0, "a.1.b."),
    ],
)
def test_a_repeated_key_is_refused_where_it_stands(body: bytes, index: int, veld: str) -> None:
    assert errors(body) == [(index, veld, "staat meer dan eens in hetzelfde object; elke sleutel mag er één keer in")]


def test_the_same_key_in_two_objects_is_fine() -> None:
    assert errors(json.dumps([EVENT, EVENT | {"subject": "LOC-a b"}], indent=1).encode()) == [
        (1, "subject", "heeft niet de juiste vorm; verwacht: LOC- en 1 tot 40 hoofdletters, cijfers of streepjes")
    ]


# Binary mode ---------------------------------------------------------------------------------------------------------

ATTRIBUTES = [(name, value) for name, value in EVENT.items() if name != "data"]


def test_binary_mode_says_the_same_as_structured() -> None:
    assert one(from_binary(ATTRIBUTES, orjson.dumps(EVENT["data"]))) == one(BODY)
    assert one(from_binary(ATTRIBUTES, json.dumps(EVENT["data"], indent=2).encode())) == one(BODY)


@pytest.mark.parametrize(
    ("attributes", "body", "expected"),
    [
        (ATTRIBUTES, b"", [(0, "data", "ontbreekt; dit veld is verplicht")]),
        (ATTRIBUTES, b"5", [(0, "data", "moet een JSON-object zijn")]),
        (ATTRIBUTES, b'{"peilmoment":', [(None, "", "is geen geldige JSON (regel 1, teken 15)")]),
        (ATTRIBUTES, b'{},"dataschema":"urn:x:y"', [(None, "", "is geen geldige JSON (regel 1, teken 3)")]),
        (ATTRIBUTES, b"\xff", [(None, "", "is geen geldige UTF-8 (byte 1)")]),
        ([*ATTRIBUTES, ("subject", "LOC-2")], b"{}", "subject"),
        ([*ATTRIBUTES, ("data", "x")], b"{}", "data"),
        ([*ATTRIBUTES, ('a":1,"b', "x")], orjson.dumps(EVENT["data"]), 'a":1,"b'),
    ],
)
def test_binary_mode_refused(attributes: list[tuple[str, str]], body: bytes, expected: Any) -> None:
    found = errors(from_binary(attributes, body))
    assert found == expected if isinstance(expected, list) else [veld for _, veld, _ in found] == [expected]


def test_what_was_accepted_before_may_be_of_any_number() -> None:
    assert len(parse_stored(b"[" + b",".join([BODY] * (BATCH_MAX + 1)) + b"]")) == BATCH_MAX + 1


# Laws ----------------------------------------------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*EVENT, "a", ""]), inner, max_size=5),
    max_leaves=20,
)


@st.composite
def almost_json(draw: st.DrawFn) -> bytes:
    """Draws JSON, including valid events, in which some bytes are deleted, inserted or repeated."""
    value = draw(JSON | st.sampled_from(FACTS) | st.lists(st.sampled_from(FACTS) | JSON, max_size=4))
    body = json.dumps(value, ensure_ascii=draw(st.booleans()), indent=draw(st.sampled_from([None, 1])))
    encoded = body.encode("utf-8", "surrogatepass")
    for _ in range(draw(st.integers(0, 2))):
        begin = draw(st.integers(0, len(encoded)))
        end = draw(st.integers(begin, min(len(encoded), begin + 20)))
        put = draw(
            st.sampled_from([b"", b"{", b"[", b"}", b",", b'"', b"\xff", b"1e999", b"NaN"]) | st.binary(max_size=3)
        )
        encoded = encoded[:begin] + put + encoded[draw(st.sampled_from([begin, end])) :]
    return encoded


@LAW
@given(almost_json() | st.binary(max_size=50))
def test_whatever_the_bytes_reading_answers(body: bytes) -> None:
    for items in (parse_facts(body), parse_alarms(body)):
        assert items
        for index, item in enumerate(items):
            if isinstance(item, Invalid):
                assert item.fouten
                assert {fout.index for fout in item.fouten} <= {item.index, None}
                assert item.index == index
                assert item.raw in body
                assert item.reason


def shuffled(draw: st.DrawFn, value: Any) -> str:
    """Writes a value as JSON, with keys in any order, white space anywhere, and any character escaped."""
    space = st.sampled_from(["", " ", "\n", "\t \r\n"])

    def around(text: str) -> str:
        return draw(space) + text + draw(space)

    if isinstance(value, dict):
        keys = draw(st.permutations(sorted(value)))
        return (
            "{" + ",".join(around(shuffled(draw, key)) + ":" + shuffled(draw, value[key]) for key in keys) + around("}")
        )
    if isinstance(value, list):
        return "[" + ",".join(around(shuffled(draw, item)) for item in value) + around("]")
    if isinstance(value, str) and value and draw(st.booleans()):
        place = draw(st.integers(0, len(value) - 1))
        return json.dumps(value[:place])[:-1] + f"\\u{ord(value[place]):04X}" + json.dumps(value[place + 1 :])[1:]
    return json.dumps(value, ensure_ascii=draw(st.booleans()))


@LAW
@given(st.data())
def test_key_order_white_space_and_escapes_say_nothing(data: st.DataObject) -> None:
    events = data.draw(st.lists(st.sampled_from(FACTS), min_size=1, max_size=4))
    draw: st.DrawFn = data.draw
    body = shuffled(draw, events if len(events) > 1 or data.draw(st.booleans()) else events[0]).encode()
    plain = parse_facts(orjson.dumps(events))
    read = parse_facts(body)
    assert read == plain
    assert [event.content for event in read] == [event.content for event in plain if isinstance(event, Event)]


def objects(value: Any) -> list[dict[str, Any]]:
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return ([value] if isinstance(value, dict) and value else []) + [found for part in below for found in objects(part)]


class Twice(dict[str, Any]):
    """An object whose JSON repeats one of its keys."""


@LAW
@given(st.data())
def test_a_repeated_key_is_refused_wherever_it_stands(data: st.DataObject) -> None:
    events = data.draw(st.lists(st.sampled_from(FACTS), min_size=1, max_size=3))
    body = json.dumps(events, indent=data.draw(st.sampled_from([None, 2])), ensure_ascii=data.draw(st.booleans()))
    parsed = json.loads(body)
    chosen = data.draw(st.sampled_from(objects(parsed)))
    key = data.draw(st.sampled_from([*chosen]))
    value = chosen.pop(key)
    chosen |= {
        key: value,
        "EENMALIG": data.draw(st.just(value) | JSON.filter(lambda v: "Infinity" not in json.dumps(v))),
    }
    text = json.dumps(parsed, separators=data.draw(st.sampled_from([(",", ":"), (", ", ": ")])))
    twice = text.replace('"EENMALIG"', json.dumps(key))
    refused = [item for item in parse_facts(twice.encode("utf-8", "surrogatepass")) if isinstance(item, Invalid)]
    assert len(refused) == 1
    assert "NaN" in twice or "\\ud" in twice or refused[0].fouten[0].melding.startswith("staat meer dan eens")


# Extension attributes -----------------------------------------------------------------------------------------------

EXTENSIONS = {
    "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "tracestate": "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE",
    "sequence": "0000000042",
    "sequencetype": "Integer",
    "partitionkey": "LOC-TER-APEL",
    "dataref": "https://opvangpeil.example.org/gegevens/1",
}
"""Those of CloudEvents and its NL GOV profile that say how an event travels."""


@pytest.mark.parametrize("name", EXTENSIONS)
def test_an_extension_attribute_is_taken_in_every_mode(name: str) -> None:
    attributes = [(key, value) for key, value in (EVENT | EXTENSIONS).items() if key != "data"]
    for body in (
        orjson.dumps(EVENT | {name: EXTENSIONS[name]}),
        orjson.dumps(EVENT | {name: None}),
        from_binary(attributes, orjson.dumps(EVENT["data"])),
    ):
        assert not isinstance(one(body), Invalid)


def test_an_extension_attribute_is_no_part_of_what_an_event_says() -> None:
    (with_all,), (without,) = (read_entries(orjson.dumps(event)) for event in (EVENT | EXTENSIONS, EVENT))
    assert with_all == without


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("traceparent", "Jan Jansen"),
        ("traceparent", EXTENSIONS["traceparent"].upper()),
        ("tracestate", "Jan Jansen"),
        ("tracestate", "a=" + "b" * 511),
        ("sequence", ""),
        ("sequence", "1" * 61),
        ("sequence", 42),
        ("sequencetype", "Datum"),
        ("partitionkey", "Jan Jansen"),
        ("partitionkey", "k" * 61),
        ("dataref", "Jan Jansen"),
        ("dataref", "https://x/" + "y" * 300),
        ("authid", "j.jansen"),
        ("recordedtime", "2024-05-10T07:15:00Z"),
        ("comment", "Jan Jansen"),
    ],
)
def test_an_extension_attribute_in_another_form_or_of_another_name_is_refused(name: str, value: Any) -> None:
    assert [veld for _, veld, _ in errors(orjson.dumps(EVENT | {name: value}))] == [name]
