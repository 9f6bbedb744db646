"""What the importer makes of a file, before anything is sent."""

import io
import random
import tracemalloc
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.console import Console

from schemas.events import FACT_TYPES, Event
from schemas.reading import EVENT_BYTES_MAX, Rejected, read_facts
from services.importer import ImporterError, Report, column_help, column_names, terminal_progress
from services.importer.jsonl import Jsonl
from services.importer.lines import CHUNK, GROUP_BYTES, Lines
from services.importer.model import Batch, Group
from services.importer.table import Table
from tests.strategies import LAW, event_lists

SOURCE = "urn:nld:oin:00000000000000000001:systeem:proef"
BEZETTING = "nl.opvanglocaties.bezetting-gemeld.v1"


class Pipe(io.RawIOBase):
    """A stream that gives as much at a time as `sizes` says, then a byte at a time."""

    def __init__(self, data: bytes, sizes: list[int]) -> None:
        self._data, self._sizes, self._at = data, iter(sizes), 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        size = min(size, next(self._sizes, 1))
        self._at += size
        return self._data[self._at - size : self._at]


def all_lines(lines: Lines, most: int) -> list[tuple[int, bytes]]:
    groups = list(lines.groups(most))
    assert all(0 < len(group.lines) <= most for group in groups)
    return [pair for group in groups for pair in enumerate(group.lines, group.first)]


def jsonl(text: bytes, most: int = 1000) -> Batch:
    return together(Jsonl(), text, most)


def table(text: str | bytes, constants: dict[str, str] | None = None) -> Batch:
    return together(Table(constants), text.encode() if isinstance(text, str) else text, 1000)


def together(kind: Jsonl | Table, text: bytes, most: int) -> Batch:
    total = Batch(numbers := [], [], [], [])
    for group in Lines(io.BytesIO(text), "proef").groups(most):
        batch = kind.read(group)
        assert len(batch.numbers) == len(batch.events) == len(batch.originals)
        numbers += batch.numbers
        total.events.extend(batch.events)
        total.originals.extend(batch.originals)
        total.rejects.extend(batch.rejects)
    return total


# Lines ---------------------------------------------------------------------------------------------------------------


@LAW
@given(
    st.lists(st.sampled_from([b"a", b"bc", b"\n", b"\r", b"\xff", b" ", b"\xef\xbb\xbf", b"{"]), max_size=60),
    st.lists(st.integers(1, 9), max_size=12),
    st.integers(1, 5),
)
def test_lines_are_those_of_the_bytes_however_they_arrive(parts, sizes, most):
    data = b"".join(parts)
    expected = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    expected = expected[:-1] if expected[-1] == b"" else expected
    lines = Lines(Pipe(data, sizes), "proef")
    assert all_lines(lines, most) == list(enumerate(expected, 1))


@pytest.mark.parametrize("most", [1, 7, 1000])
def test_lines_longer_than_a_chunk_keep_their_beginning_and_real_size(most):
    long = b"x" * (5 * CHUNK + 17)
    text = b"een\n" + long + b"\ntwee\n" + long + b"y\n\ndrie\n" + long
    groups = list(Lines(io.BytesIO(text), "proef").groups(most))
    cut = {number: size for group in groups for number, size in group.cut.items()}
    lines = dict(pair for group in groups for pair in enumerate(group.lines, group.first))
    assert [lines[n] for n in (1, 3, 5, 6)] == [b"een", b"twee", b"", b"drie"]
    assert cut == {2: len(long), 4: len(long) + 1, 7: len(long)}
    assert all(long.startswith(lines[n]) and len(lines[n]) >= EVENT_BYTES_MAX for n in (2, 4, 7))


def test_an_endless_line_does_not_fill_the_memory():
    class Endless(Pipe):
        left = 100 * 1024 * 1024

        def read(self, size: int = -1) -> bytes:
            self.left -= size
            return bytes(size) if self.left > 0 else b""

    tracemalloc.start()
    batch = together(Jsonl(), b"", 1000)  # warm
    lines = Lines(Endless(b"", []), "proef")
    batches = [Jsonl().read(group) for group in lines.groups(1000)]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert not batch.rejects
    assert [len(batch.rejects) for batch in batches] == [1]
    assert "is 104595456 bytes" in batches[0].rejects[0].reason
    assert peak < 8 * CHUNK


def test_groups_of_long_lines_are_closed_early():
    text = (b"x" * 60_000 + b"\n") * 400
    groups = list(Lines(io.BytesIO(text), "proef").groups(1000))
    assert len(groups) > 4
    assert all(sum(map(len, group.lines)) <= GROUP_BYTES + 2 * CHUNK for group in groups)
    assert sum(len(group.lines) for group in groups) == 400
    assert groups[-1].end == len(text)


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("a.csv", b"{", "csv"), ("A.CSV", b"", "csv"), ("a.jsonl", b"type,id", "jsonl"), ("a.ndjson", b"x", "jsonl"),
        ("-", b" \n\xef\xbb\xbf", "csv"), ("-", b"\xef\xbb\xbf \r\n {", "jsonl"), ("-", b"type;id", "csv"),
        ("-", b"", "jsonl"), ("-", b"[{", "jsonl"), ("gegevens.txt", b'{"id"', "jsonl"),
    ],
)  # fmt: skip
def test_format_is_guessed_from_name_or_first_character(name, head, kind):
    assert Lines(Pipe(head, []), name).guess() == kind


@pytest.mark.parametrize(
    ("head", "hint"),
    [(b"PK\x03\x04..", "CSV UTF-8"), (b"\x1f\x8b\x08\x00", "gunzip"), ("{}".encode("utf-16"), "UTF-8")],
)
def test_a_file_that_is_no_text_is_refused_with_what_to_do(head, hint):
    with pytest.raises(ImporterError, match=hint):
        Lines(io.BytesIO(head), "opvang.xlsx")


def test_a_failing_read_is_told():
    class Broken(Pipe):
        def read(self, size: int = -1) -> bytes:  # noqa: ARG002
            raise OSError(5, "Input/output error")

    with pytest.raises(ImporterError, match="proef is niet te lezen: Input/output error"):
        Lines(Broken(b"", []), "proef")


# JSONL ---------------------------------------------------------------------------------------------------------------

PIECES = [b"{", b"}", b"[", b"]", b",", b'{"a":1}', b'"', b"\\", b":", b"1", b" ", b"\t", b"null", b"\xff", b"\n",
          b"\r", b"[" * 1023, b"]" * 1023, b'{"a":', b"{}", b"\x0b", b"x" * EVENT_BYTES_MAX]  # fmt: skip


def is_object(line: bytes) -> bool:
    try:
        return isinstance(orjson.loads(line), dict) and isinstance(orjson.loads(b"[" + line + b"]"), list)
    except orjson.JSONDecodeError:
        return False


@LAW
@given(st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join), st.integers(1, 4))
@example(b'{"a":1},{"b":2}\n{"c":[1\n2]}\n{}', 1000)  # as many values as lines, were they only joined
@example(b'{"c":[{}\n{}]}\n{"a":1},{"b":2}', 1000)  # likewise, and every line begins and ends as an object does
@example(b'{"c":[{}\n{}]}\n{"a":1},{"x":1},{"b":2}', 1000)  # and with something between every two lines
@example(b'{"a":1},0,{"b":2}\n{"c":[{}\n{}]}', 1000)  # and with that guessed
@example(b" " * 3 * CHUNK + b"{}\n{}", 1000)  # a line of which only blanks are kept is not blank
@example(b"{}\n" + b'{"a":' * 1023 + b"1" + b"}" * 1023 + b"\n{}", 1000)  # readable, but not inside a list
def test_every_line_is_an_event_or_a_reject_and_no_line_touches_another(text, most):
    batch = jsonl(text, most)
    lines = {number: line for number, line in enumerate(text.split(b"\n"), 1) if line.strip()}
    short = {n: line for n, line in lines.items() if len(line.strip()) <= EVENT_BYTES_MAX and len(line) <= CHUNK}
    good = {n: line for n, line in short.items() if is_object(line.strip())}
    assert dict(zip(batch.numbers, batch.originals, strict=True)) == good
    assert batch.events == [line.strip() for line in good.values()]
    assert {reject.number: reject.original for reject in batch.rejects} == {
        n: line[:CHUNK] for n, line in lines.items() if n not in good
    }
    numbers = [reject.number for reject in batch.rejects]
    assert list(batch.numbers) == sorted(set(batch.numbers))
    assert numbers == sorted(set(numbers))
    # What is sent holds exactly these objects, in this order.
    assert orjson.loads(b"[" + b",".join(batch.events) + b"]") == [orjson.loads(line.strip()) for line in good.values()]


def test_a_clean_group_and_one_with_a_broken_line_give_the_same_events():
    lines = [orjson.dumps({"n": n}) for n in range(50)]
    clean = jsonl(b"\n".join(lines))
    mixed = jsonl(b"\n".join([*lines, b"{"]))
    assert (list(clean.numbers), clean.events, clean.originals) == (list(range(1, 51)), lines, lines)
    assert (list(mixed.numbers), mixed.events, mixed.originals) == (list(range(1, 51)), lines, lines)
    assert [reject.number for reject in mixed.rejects] == [51]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"a":1} {"b":2}', "geen geldige JSON in UTF-8 (teken 9)"),
        (b'{"a":1},{"b":2}', "bevat 2 JSON-waarden; zet iedere gebeurtenis op een eigen regel"),
        (b'[{"a":1}]', "is een JSON-lijst; zet iedere gebeurtenis op een eigen regel, zonder [ en ]"),
        (b'"tekst"', "is geen JSON-object; een gebeurtenis staat tussen { en }"),
        (b'{"a":NaN}', "geen geldige JSON in UTF-8 (teken 6)"),
        (b"{\"a\":\"\xc3\x28\"}", "geen geldige JSON in UTF-8 (byte 7)"),
        (b"[" * 2000, "te diep genest"),
        (b'{"a":"' + b"x" * EVENT_BYTES_MAX + b'"}', "is 65544 bytes; een gebeurtenis is hoogstens 65536 bytes"),
    ],
)  # fmt: skip
def test_a_line_that_is_no_event_says_why(line, reason):
    batch = jsonl(b"{}\r\n" + line + b"\r\n{}")
    assert list(batch.numbers) == [1, 3]
    assert [reject.number for reject in batch.rejects] == [2]
    assert reason in batch.rejects[0].reason


# CSV -----------------------------------------------------------------------------------------------------------------


def cells_of(event: dict[str, Any]) -> list[dict[str, str]]:
    """The rows that say the same as an event, by the rules of the documentation; for cijfers more than one."""
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
    read = read_facts(b"[" + b",".join(batch.events) + b"]") if rows else ()
    assert not [event.reason for event in read if isinstance(event, Rejected)]
    # plaatsen come in the order of the model; their order means nothing.
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
        columns = set(column_names(full)[5:])
        folded = {f"plaatsen.{name.split('.')[2]}" if name.startswith("plaatsen.") else name for name in columns}
        assert folded == fields, full
        assert not columns & {"type", "id", "source", "onderwerp", "subject", "time"}, full
        assert all(name in column_help(full) for name in column_names(full))


def test_column_names_of_capaciteit():
    assert column_names("capaciteit-gewijzigd") == [
        "type", "id", "source", "onderwerp", "time", "bron", "geldigVanaf", "geldigTot",
        "plaatsen.regulier.aantal", "plaatsen.regulier.inzetbaar", "plaatsen.nood.aantal", "plaatsen.nood.inzetbaar",
        "plaatsen.amv.aantal", "plaatsen.amv.inzetbaar",
    ]  # fmt: skip
    with pytest.raises(ImporterError, match=r"'bezetting' is geen type .* bezetting-gemeld"):
        column_names("bezetting")
    with pytest.raises(ImporterError, match="alarm"):
        column_names("nl.opvangalarmen.alarm-hersteld.v1")


HEADER = "type,source,onderwerp,time,peilmoment,aanwezig"
ROW = f"bezetting-gemeld,{SOURCE},LOC-1,2026-05-26T08:00:00Z,2026-05-26,312"


def only_event(text: str | bytes, constants: dict[str, str] | None = None) -> dict[str, Any]:
    batch = table(text, constants)
    assert batch.rejects == []
    assert len(batch.events) == 1
    return orjson.loads(batch.events[0])


def test_an_id_follows_from_the_content_alone_and_never_changes():
    event = only_event(f"{HEADER}\n{ROW}")
    # A later version that gave another id would store the same table twice.
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
        ("\u0663", "is geen geheel getal"),  # a digit, but not one of ours
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
        "kolom time: is leeg", "kolom volledig: 'misschien' moet ja of nee zijn", "kolom raming: 'veel' is geen geheel",
        "kolom aanwezig: hoort niet bij nl.spreidingswet.cyclus-vastgesteld.v1",
    ):  # fmt: skip
        assert part in reasons[0]
    assert "kolom type: 'locatie' is geen type" in reasons[1]
    assert "heeft 1 cellen" in reasons[2]


@pytest.mark.parametrize(
    ("text", "value"),
    [("92", 92), ("0.96", 0.96), ("-3", -3), ("1.5", 1.5), ("0.125", 0.125)],
)
def test_a_published_number_may_have_decimals(text, value):
    event = only_event(f"type,source,onderwerp,time,peildatum,bron,grootheid,waarde\n"
                       f"cijfers-gepubliceerd,{SOURCE},NL,2026-05-26,2026-05-26,brief,bezetting,{text}")  # fmt: skip
    assert event["data"]["cijfers"] == [{"grootheid": "bezetting", "waarde": value}]


@pytest.mark.parametrize(("text", "hint"), [("1.200", "dubbelzinnig.* 1200 .* 1.2000 "), ("0,96", "met een punt")])
def test_a_published_number_in_dutch_writing_is_refused(text, hint):
    batch = table(f"type;source;onderwerp;time;peildatum;bron;grootheid;waarde\n"
                  f"cijfers-gepubliceerd;{SOURCE};NL;2026-05-26;2026-05-26;Kamerbrief;bezetting;{text}")  # fmt: skip
    assert len(batch.rejects) == 1
    with pytest.raises(AssertionError, match=hint):
        raise AssertionError(batch.rejects[0].reason)


def test_a_row_that_is_not_utf8_is_refused_alone():
    batch = table(f"{HEADER},bron\n{ROW},Kamerbrief\n".encode() + f"{ROW},één\n".encode("cp1252") + f"{ROW},é".encode())
    assert list(batch.numbers) == [2, 4]
    assert "is geen UTF-8; bewaar het bestand als 'CSV UTF-8'" in batch.rejects[0].reason


def test_a_row_of_which_only_the_beginning_is_kept_is_not_taken_for_that():
    batch = table(f"{HEADER}\n{ROW}{' ' * 2 * CHUNK}x\n{ROW}")
    assert list(batch.numbers) == [3]
    (reject,) = batch.rejects
    assert reject.number == 2
    assert reject.reason.startswith(f"is {len(ROW) + 2 * CHUNK + 1} bytes;")


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
        Table({"aanwezig": "3"})


def test_a_field_of_the_server_is_called_by_its_column():
    kind = Table()
    header = "type,source,subject,time,geldigVanaf,plaatsen.amv.aantal,plaatsen.regulier.aantal,meetellendeSoorten"
    row = f"capaciteit-gewijzigd,{SOURCE},LOC-1,2026-05-26,2026-05-26,7,8,"
    (event,) = kind.read(Group(1, [header.encode(), row.encode()], {}, 0)).events
    for veld, column in {
        "data.plaatsen.0.aantal": "kolom plaatsen.regulier.aantal",
        "data.plaatsen.1.aantal": "kolom plaatsen.amv.aantal",
        "data.plaatsen.1.inzetbaar": "kolom plaatsen.amv.inzetbaar", "data.plaatsen": "kolommen plaatsen.…",
        "subject": "kolom subject", "time": "kolom time", "data.geldigTot": "kolom geldigTot",
        "data.plaatsen.9.aantal": "kolom plaatsen.9.aantal", "data": "kolom ", "data.x.y.z": "kolom x.y.z",
    }.items():  # fmt: skip
        assert kind.place(event, veld) == column, veld


# What a person sees --------------------------------------------------------------------------------------------------


def test_a_report_is_one_dutch_sentence():
    report = Report(1_234_567, 1_234_000, 500, 67, 10.0, Path("af.jsonl"))
    assert report.summary == (
        "1.234.567 aangeboden: 1.234.000 opgeslagen, 500 herhaald (stonden er al), 67 geweigerd (zie af.jsonl);"
        " 10.0 s, 123.457 per seconde"
    )


@pytest.mark.parametrize("total", [1000, None])
@pytest.mark.parametrize("terminal", [True, False])
def test_progress_shows_events_refusals_and_waiting(terminal, total):
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=150)
    with terminal_progress(console, every_seconds=0) as progress:
        progress.begin(total)
        progress.waiting("geen antwoord van http://[::1]:8080/v1", 3)
        assert (
            terminal
            or out.getvalue() == "importeren: wacht 3 s op de server (geen antwoord van http://[::1]:8080/v1)\n"
        )
        progress.update(500, Report(1200, 1100, 0, 100, 2.0))
    assert "1.200 gebeurtenissen, 600/s, 100 geweigerd" in out.getvalue()
    assert ("50%" in out.getvalue()) == bool(total)


def test_elsewhere_than_on_a_terminal_few_lines_are_printed():
    out = io.StringIO()
    with terminal_progress(Console(file=out, force_terminal=False, width=80), every_seconds=3600) as progress:
        progress.begin(1000)
        for done in range(0, 1000, 10):
            progress.update(done, Report(done))
        progress.waiting("weg", 1)
        progress.waiting("weg", 2)
    assert out.getvalue() == "importeren: wacht 1 s op de server (weg)\n"
