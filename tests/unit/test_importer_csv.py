"""How the importer reads a CSV."""

import random
from typing import Any
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.events import FACT_TYPES, Event
from schemas.parsing import EVENT_BYTES_MAX, Invalid, parse_facts
from services.importer import ImporterError, column_help
from services.importer.columns import ENVELOPE, data_columns, full_type
from services.importer.csv_rows import Csv
from services.importer.lines import CHUNK_BYTES
from services.importer.model import Batch, Group
from tests.support.importer_help import read_all
from tests.support.strategies import LAW, event_lists

SOURCE = "urn:nld:oin:00000000000000000001:systeem:proef"
BEZETTING = "nl.opvanglocaties.bezetting-gemeld.v1"


def table(text: str | bytes, constants: dict[str, str] | None = None) -> Batch:
    return read_all(Csv(constants), text.encode() if isinstance(text, str) else text)


def cells_of(event: dict[str, Any]) -> list[dict[str, str]]:
    """Returns the rows that equal an event, by the rules of the documentation. Several cijfers give several rows."""
    row = {name: event[name] for name in ("type", "id", "source", "time")} | {"onderwerp": event["subject"]}
    cijfers: list[dict[str, Any]] = [{}]
    for name, value in event["data"].items():
        if name == "plaatsen":
            row |= {f"plaatsen.{p['soort']}.{n}": str(v) for p in value for n, v in p.items() if n != "soort"}
        elif name == "cijfers":
            cijfers = value
        elif isinstance(value, list):
            row[name] = " ".join(value)
        else:
            row[name] = ("nee", "ja")[value] if isinstance(value, bool) else str(value)
    return [row | {name: str(value) for name, value in cijfer.items()} for cijfer in cijfers]


def written(rows: list[dict[str, str]], separator: str, names: list[str]) -> str:
    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if {separator, '"'} & set(text) else text

    return "\r\n".join(
        separator.join(cell(row.get(name, "")) for name in names) for row in [{n: n for n in names}, *rows]
    )


@LAW
@given(event_lists(max_size=6), st.sampled_from([",", ";"]), st.randoms(use_true_random=False))
def test_what_stands_in_a_table_comes_out_as_the_same_events(events: list[Event], separator, chance: random.Random):
    raw = [orjson.loads(event.model_dump_json(exclude_none=True)) for event in events]
    rows = [row for event in raw for row in cells_of(event)]
    names = sorted({name for row in rows for name in row} | {"type", "id", "source", "onderwerp", "time"})
    chance.shuffle(names)
    batch = table(written(rows, separator, names))
    assert batch.rejects == []
    assert list(batch.numbers) == list(range(2, len(rows) + 2))
    read = parse_facts(b"[" + b",".join(batch.events) + b"]") if rows else ()
    assert not [event.reason for event in read if isinstance(event, Invalid)]
    # the order of plaatsen has no meaning, so they come in the order of the model
    assert [sorted_places(event) for event in read] == [sorted_places(event) for event in events]


def sorted_places(event: Event) -> dict[str, Any]:
    parsed = event.model_dump(exclude_none=True)
    if "plaatsen" in parsed["data"]:
        parsed["data"]["plaatsen"].sort(key=lambda places: places["soort"])
    return parsed


def test_every_field_of_every_type_has_a_column():
    def leaves(schema: dict[str, Any], definitions: dict[str, Any], path: str = "") -> set[str]:
        schema = definitions[schema["$ref"].split("/")[-1]] if "$ref" in schema else schema
        if "properties" in schema:
            return set().union(*(leaves(part, definitions, f"{path}.{n}") for n, part in schema["properties"].items()))
        if schema.get("type") == "array":
            return leaves(schema["items"], definitions, path)
        return {path.removeprefix(".")}

    for full, model in FACT_TYPES.items():
        data = model.model_fields["data"].annotation.model_json_schema()
        fields = leaves(data, data.get("$defs", {}))
        fields = {field.removeprefix("cijfers.") for field in fields if field != "plaatsen.soort"}
        columns = {column.name for column in data_columns(full)}
        folded = {f"plaatsen.{name.split('.')[2]}" if name.startswith("plaatsen.") else name for name in columns}
        assert folded == fields, full
        assert not columns & {"type", "id", "source", "onderwerp", "subject", "time"}, full
        assert all(name in column_help(full) for name in (*ENVELOPE, *columns))


def test_column_names_of_capaciteit():
    assert ENVELOPE == ("type", "id", "source", "onderwerp", "time")
    assert [column.name for column in data_columns(full_type("capaciteit-gewijzigd"))] == [
        "bron",
        "geldigVanaf",
        "geldigTot",
        "plaatsen.regulier.aantal",
        "plaatsen.regulier.inzetbaar",
        "plaatsen.regulier.beschikbaarVanaf",
        "plaatsen.nood.aantal",
        "plaatsen.nood.inzetbaar",
        "plaatsen.nood.beschikbaarVanaf",
        "plaatsen.amv.aantal",
        "plaatsen.amv.inzetbaar",
        "plaatsen.amv.beschikbaarVanaf",
    ]
    with pytest.raises(ImporterError, match=r"'bezetting' is geen type .* bezetting-gemeld"):
        column_help("bezetting")
    with pytest.raises(ImporterError, match="alarm"):
        column_help("nl.opvangalarmen.alarm-hersteld.v1")


HEADER = "type,source,onderwerp,time,peilmoment,aanwezig"
ROW = f"bezetting-gemeld,{SOURCE},LOC-1,2026-05-26T08:00:00Z,2026-05-26,312"


def only_event(text: str | bytes, constants: dict[str, str] | None = None) -> dict[str, Any]:
    batch = table(text, constants)
    assert batch.rejects == []
    assert len(batch.events) == 1
    return orjson.loads(batch.events[0])


def test_an_id_follows_from_the_content_alone_and_never_changes():
    event = only_event(f"{HEADER}\n{ROW}")
    # If a later version gave another id, a repeated import would store the same table twice.
    assert event["id"] == "82f88119-feeb-5749-86ff-919ac9db9b37"
    assert UUID(event["id"]).version == 5
    other_order = "aanwezig;subject;time;peilmoment;type;source;bron;id"
    same = f'312; "LOC-1"; 2026-05-26T08:00:00Z;2026-05-26;{BEZETTING};{SOURCE};;'
    assert only_event(f"\n\ufeff{other_order}\r\n{same}".lstrip()) == event
    constants = {"type": "bezetting-gemeld", "source": SOURCE, "onderwerp": "LOC-1", "time": "2026-05-26T08:00:00Z"}
    assert only_event("peilmoment,aanwezig\n2026-05-26,312", constants) == event
    assert only_event(f"{HEADER}\n{ROW[:-1]}3")["id"] != event["id"]
    own = "0190163d-8694-739b-aea5-966c26f8ad91"
    assert only_event(f"{HEADER},id\n{ROW},{own}") == event | {"id": own}


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("1.200", "kolom aanwezig: '1.200' is geen geheel getal; schrijf alleen cijfers, bijvoorbeeld 1200"),
        ('"1,200"', "kolom aanwezig: '1,200' is geen geheel getal"),
        ("1 200", "kolom aanwezig: '1 200' is geen geheel getal"),
        ("12.0", "kolom aanwezig: '12.0' is geen geheel getal"),
        ("1e3", "kolom aanwezig: '1e3' is geen geheel getal"),
        ("\u0663", "is geen geheel getal"),  # an Arabic digit
        ("9" * 30, "is geen geheel getal"),
        ("312,7", "heeft 7 cellen, de kopregel 6 (scheidingsteken ,)"),
        ('"312', "een aanhalingsteken is niet gesloten; een cel mag geen regeleinde bevatten"),
        ('"3"12', "is geen geldige CSV"),
    ],
)
def test_a_bad_number_or_row_names_row_and_column(cell, reason):
    batch = table(f"{HEADER}\n{ROW}\n\n{ROW[:-3]}{cell}\n{ROW}")
    assert list(batch.numbers) == [2, 5]
    assert [reject.number for reject in batch.rejects] == [4]
    assert reason in batch.rejects[0].reason


def test_all_faults_of_a_row_are_told_at_once():
    batch = table(
        "type,source,onderwerp,time,volledig,raming,aanwezig\n"
        f"cyclus-vastgesteld,{SOURCE},2024,,misschien,veel,3\n"
        f"locatie,{SOURCE},LOC-1,2026-05-26,,,\n"
        "zo\n"
    )
    reasons = [reject.reason for reject in batch.rejects]
    for part in (
        "kolom time: is leeg",
        "kolom volledig: 'misschien' moet ja of nee zijn",
        "kolom raming: 'veel' is geen geheel",
        "kolom aanwezig: hoort niet bij nl.spreidingswet.cyclus-vastgesteld.v1",
    ):
        assert part in reasons[0]
    assert "kolom type: 'locatie' is geen type" in reasons[1]
    assert "heeft 1 cellen" in reasons[2]


@pytest.mark.parametrize(("text", "value"), [("92", 92), ("0.96", 0.96), ("-3", -3), ("1.5", 1.5), ("0.125", 0.125)])
def test_a_published_number_may_have_decimals(text, value):
    event = only_event(
        f"type,source,onderwerp,time,peildatum,bron,grootheid,waarde\n"
        f"cijfers-gepubliceerd,{SOURCE},NL,2026-05-26,2026-05-26,brief,bezetting,{text}"
    )
    assert event["data"]["cijfers"] == [{"grootheid": "bezetting", "waarde": value}]


@pytest.mark.parametrize(("text", "hint"), [("1.200", "dubbelzinnig.* 1200 .* 1.2000 "), ("0,96", "met een punt")])
def test_a_published_number_in_dutch_writing_is_refused(text, hint):
    batch = table(
        f"type;source;onderwerp;time;peildatum;bron;grootheid;waarde\n"
        f"cijfers-gepubliceerd;{SOURCE};NL;2026-05-26;2026-05-26;Kamerbrief;bezetting;{text}"
    )
    assert len(batch.rejects) == 1
    with pytest.raises(AssertionError, match=hint):
        raise AssertionError(batch.rejects[0].reason)


def test_a_row_that_is_not_utf8_is_refused_alone():
    batch = table(f"{HEADER},bron\n{ROW},Kamerbrief\n".encode() + f"{ROW},één\n".encode("cp1252") + f"{ROW},é".encode())
    assert list(batch.numbers) == [2, 4]
    assert "is geen UTF-8; bewaar het bestand als 'CSV UTF-8'" in batch.rejects[0].reason


def test_a_row_of_which_only_the_beginning_is_kept_is_not_taken_for_that():
    batch = table(f"{HEADER}\n{ROW}{' ' * 2 * CHUNK_BYTES}x\n{ROW}")
    assert list(batch.numbers) == [3]
    (reject,) = batch.rejects
    assert reject.number == 2
    assert reject.reason.startswith(f"is {len(ROW) + 2 * CHUNK_BYTES + 1} bytes;")


def test_empty_rows_and_trailing_separators_are_no_rows():
    batch = table(f"{HEADER},,\n{ROW},,\n,,,,,,,\n{ROW}\n   \n")
    assert list(batch.numbers) == [2, 4]
    assert batch.rejects == []


@pytest.mark.parametrize(
    ("header", "constants", "hints"),
    [
        (HEADER + ",naamBewoner", {}, ["kolom 'naamBewoner' is niet bekend"]),
        (HEADER + ",subject", {}, ["kolom subject staat er meer dan eens"]),
        (HEADER + ",aanwezig", {}, ["kolom aanwezig staat er meer dan eens"]),
        ("type,id", {}, ["kolom source ontbreekt", "kolom onderwerp ontbreekt", "kolom time ontbreekt"]),
        (
            "source,onderwerp,time,regime",
            {"type": "bezetting-gemeld"},
            ["'regime' is niet bekend", "kolom aanwezig on"],
        ),
        ('type,"id', {}, ["kopregel is niet te lezen: een aanhalingsteken"]),
        ("x" * EVENT_BYTES_MAX + "yz", {}, ["De kopregel is 65538 bytes"]),
    ],
)
def test_a_header_that_will_not_do_says_why(header, constants, hints):
    with pytest.raises(ImporterError) as caught:
        table(f"{header}\n{ROW}", constants)
    assert all(hint in str(caught.value) for hint in hints), caught.value


def test_constants_are_those_of_the_envelope():
    with pytest.raises(ImporterError, match="aanwezig: geen vaste waarde voor een CSV; wel: type, source"):
        Csv({"aanwezig": "3"})


def test_a_field_of_the_server_is_called_by_its_column():
    kind = Csv()
    header = "type,source,subject,time,geldigVanaf,plaatsen.amv.aantal,plaatsen.regulier.aantal,meetellendeSoorten"
    row = f"capaciteit-gewijzigd,{SOURCE},LOC-1,2026-05-26,2026-05-26,7,8,"
    (event,) = kind.read(Group(1, [header.encode(), row.encode()], {}, 0)).events
    for veld, column in {
        "data.plaatsen.0.aantal": "kolom plaatsen.regulier.aantal",
        "data.plaatsen.1.aantal": "kolom plaatsen.amv.aantal",
        "data.plaatsen.1.inzetbaar": "kolom plaatsen.amv.inzetbaar",
        "data.plaatsen": "kolommen plaatsen.…",
        "subject": "kolom subject",
        "time": "kolom time",
        "data.geldigTot": "kolom geldigTot",
        "data.plaatsen.9.aantal": "kolom plaatsen.9.aantal",
        "data": "kolom ",
        "data.x.y.z": "kolom x.y.z",
    }.items():
        assert kind.place(event, veld) == column, veld
