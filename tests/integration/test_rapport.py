"""Reports are downloaded from a running server, and checked against the log later with a command."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import orjson
import pyarrow as pa
import pytest
from pyarrow import parquet

from tests.support.one_june import reading
from tests.support.rapport import FORMS, WHEN, ask, report_server, taken
from tests.support.rondes import only_whole
from tests.support.server import Server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with report_server(tmp_path_factory.mktemp("rapport") / "data") as server:
        yield server


@pytest.mark.parametrize(
    ("wat", "form"),
    [
        *(("naleving", form) if form == "xlsx" else only_whole("naleving", form) for form in FORMS),
        ("bezetting", "csv"),
        only_whole("kamerbrief", "json"),
    ],
)
def test_a_report_stands_as_it_was_taken(server: Server, tmp_path: Path, wat: str, form: str) -> None:
    path = taken(server, tmp_path, wat, form)
    code, text = ask(server, "--controleer", str(path))
    assert code == 0, text
    assert re.search(r"Alle [\d.]+ cijfers staan op positie \S+ nog precies zo", text), text


LETTER = ("gemeente", "GM0344", *WHEN)


def test_a_letter_is_shown_with_the_code_by_which_anybody_can_check_it(server: Server, tmp_path: Path) -> None:
    code, text = ask(server, *LETTER)
    assert code == 0, text
    assert "De gemeente Utrecht had aan het begin van 8 juni 2026, zoals bekend aan het begin van 15 juni 2026," in text
    assert "In het interbestuurlijk toezicht was de stap ‘brief’ van kracht, gezet op 1 mei 2026" in text
    own_code = re.search(r"([0-9A-Z]{4}-){23}[0-9A-Z]{4}", text)
    assert own_code is not None, text
    assert f"{server.url}/controle/{own_code[0]}" in text
    assert server.get(f"/controle/{own_code[0]}")["uitkomst"] == "staat nog"
    for form in ("json", "csv"):
        path = tmp_path / f"brief.{form}"
        assert ask(server, *LETTER, "--formaat", form, "--uitvoer", str(path))[0] == 0
        code, text = ask(server, "--controleer", str(path))
        assert (code, "nog precies zo" in text) == (0, True), text


@pytest.mark.parametrize("wrong", [("gemeente",), ("naleving", "GM0344"), (*LETTER, "--vastleggen")])
def test_of_a_letter_that_can_not_be_made_is_said_what_would_be_right(server: Server, wrong: tuple[str, ...]) -> None:
    code, text = ask(server, *wrong)
    assert (code, "opvangpeil rapport gemeente GM0344" in text or "rapport naleving" in text) == (2, True), text


def altered_json(path: Path) -> str:
    lines = path.read_text().splitlines(keepends=True)
    row = next(n for n, line in enumerate(lines) if '"GM0344"' in line)
    line = next(n for n in range(row, len(lines)) if '"meetellend"' in lines[n])
    lines[line] = lines[line].replace("100", "101")
    path.write_text("".join(lines))
    return f"regel {line + 1}:"


def altered_csv(path: Path) -> str:
    rows = list(csv.reader(io.StringIO(path.read_text(), newline="")))
    row = next(n for n, row in enumerate(rows) if row[0] == "GM0344")
    rows[row][rows[0].index("meetellend")] = "101"
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    path.write_text(out.getvalue(), newline="")
    return f"regel {row + 1}:"


def altered_xlsx(path: Path) -> str:
    lines: list[str] = []

    def how(xml: bytes) -> bytes:
        found = re.search(rb'<c r="%s(\d+)"[^>]*><v>100</v>' % _column(path, b"meetellend"), xml)
        assert found is not None
        lines.append(found[1].decode())
        return xml.replace(found[0], found[0].replace(b">100<", b">101<"))

    rewritten(path, how)
    return f"regel {lines[0]}:"


def _column(path: Path, name: bytes) -> bytes:
    """The letters of a column of the first sheet."""
    with zipfile.ZipFile(path) as book:
        texts = re.findall(rb"<si><t[^>]*>(.*?)</t></si>", book.read("xl/sharedStrings.xml"))
        sheet = book.read("xl/worksheets/sheet1.xml")
    found = re.search(rb'<c r="([A-Z]+)1"[^>]*><v>%d</v>' % texts.index(name), sheet)
    assert found is not None
    return found[1]


def altered_parquet(path: Path) -> str:
    table = parquet.read_table(path)
    counted = table.column("meetellend").to_pylist()
    row = counted.index(100)
    column = pa.array([101 if n == row else value for n, value in enumerate(counted)], pa.int64())
    place = table.schema.get_field_index("meetellend")
    parquet.write_table(table.set_column(place, table.schema.field(place), column), path)
    return f"rij {row + 1}:"


@pytest.mark.parametrize("alter", [altered_json, altered_csv, altered_xlsx, altered_parquet])
def test_of_a_report_that_was_altered_the_line_is_named(server: Server, tmp_path: Path, alter) -> None:
    path = taken(server, tmp_path, "naleving", alter.__name__.removeprefix("altered_"))
    place = alter(path)
    code, text = ask(server, "--controleer", str(path))
    assert code == 1, text
    assert f"{place} GM0344 meetellend: 101 in het bestand, 100 volgens het logboek" in text, text
    assert "1 van" in text


@pytest.mark.parametrize(
    ("wat", "before", "after"),
    [
        ("naleving", '"geenOpgave": 341', '"geenOpgave": 340'),
        ("kamerbrief", "1 gemeente aan haar opgave", "9 gemeenten aan hun opgave"),
    ],
)
def test_what_was_altered_above_the_rows_is_named_by_its_line(
    server: Server, tmp_path: Path, wat: str, before: str, after: str
) -> None:
    path = taken(server, tmp_path, wat, "json")
    lines = path.read_text().splitlines(keepends=True)
    (line,) = [n for n, text in enumerate(lines) if before in text]
    path.write_text("".join(lines).replace(before, after))
    code, text = ask(server, "--controleer", str(path))
    assert (code, f"regel {line + 1}: " in text, "1 van" in text) == (1, True, True), text


def test_a_row_of_another_positie_is_named(server: Server, tmp_path: Path) -> None:
    path = taken(server, tmp_path, "naleving", "csv")
    rows = list(csv.reader(io.StringIO(path.read_text(), newline="")))
    rows[7][rows[0].index("positie")] = "0-7"
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    path.write_text(out.getvalue(), newline="")
    code, text = ask(server, "--controleer", str(path))
    assert (code, f"regel 8: {rows[7][0]} positie: 0-7 in het bestand" in text) == (1, True), text


def rewritten(path: Path, how) -> None:
    """Applies `how` to the first sheet of a workbook, and writes the workbook back."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = how(parts[sheet])
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)


def test_a_book_that_a_spreadsheet_saved_again_still_stands(server: Server, tmp_path: Path) -> None:
    """A spreadsheet program writes the same numbers with other digits."""
    path = taken(server, tmp_path, "bezetting", "xlsx")
    rewritten(path, lambda xml: re.sub(rb"<v>(\d+\.\d+)</v>", lambda v: b"<v>%.17g</v>" % float(v[1]), xml))
    code, text = ask(server, "--controleer", str(path))
    assert code == 0, text


def test_a_book_of_a_program_that_writes_each_text_where_it_stands_is_read(server: Server, tmp_path: Path) -> None:
    path = taken(server, tmp_path, "naleving", "xlsx")
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    shared = re.findall(rb"<si>(.*?)</si>", parts.pop("xl/sharedStrings.xml"), re.DOTALL)
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts.items():
            cell = rb' t="s"([^>]*)><v>(\d+)</v>'
            inline = re.sub(
                cell, lambda found: b' t="inlineStr"%s><is>%s</is>' % (found[1], shared[int(found[2])]), content
            )
            book.writestr(name, inline if name.startswith("xl/worksheets/") else content)
    code, text = ask(server, "--controleer", str(path))
    assert (code, "staan op positie" in text) == (0, True), text


@pytest.mark.parametrize(
    "how", [lambda xml: xml[: len(xml) // 2], lambda xml: xml.replace(b"<v>0</v>", b"<v>9999</v>")]
)
def test_a_damaged_book_is_told(server: Server, tmp_path: Path, how) -> None:
    path = taken(server, tmp_path, "bezetting", "xlsx")
    rewritten(path, how)
    code, text = ask(server, "--controleer", str(path))
    assert (code, "is geen xlsx die Opvangpeil zo maakte" in text) == (2, True), text


@pytest.mark.parametrize("form", FORMS)
def test_a_report_of_an_earlier_version_is_not_said_to_be_wrong(server: Server, tmp_path: Path, form: str) -> None:
    """It meant something else by its figures, and did not number what they mean."""
    path = taken(server, tmp_path, "naleving", form)
    earlier = {"csv": as_of_earlier_csv, "json": as_of_earlier_json, "xlsx": as_of_earlier_xlsx}.get(form)
    if earlier is None:
        table = parquet.read_table(path)
        about = {name: value for name, value in table.schema.metadata.items() if name != b"betekenis"}
        parquet.write_table(table.replace_schema_metadata(about), path)
    else:
        earlier(path)
    code, text = ask(server, "--controleer", str(path))
    assert code == 0, text
    assert "gemaakt volgens eerdere betekenis van de cijfers" in text, text
    assert "klopt niet" not in text
    assert "anders in het logboek" not in text
    if earlier is not None:
        assert "GM0344 meetellend: 101 volgens eerdere betekenis, 100 volgens die van nu" in text, text


def as_of_earlier_json(path: Path) -> None:
    altered_json(path)
    said = orjson.loads(path.read_bytes())
    new = {"betekenis", "voorbehoud", "telregel", "tekortMinstens", "tekortHoogstens", "spreidingsindex"}
    path.write_bytes(orjson.dumps({k: v for k, v in said.items() if k not in new}, option=orjson.OPT_INDENT_2))


def as_of_earlier_csv(path: Path) -> None:
    altered_csv(path)
    rows = list(csv.reader(io.StringIO(path.read_text(), newline="")))
    left_out = {rows[0].index(name) for name in ("betekenis", "ongedekt", "stand")}
    out = io.StringIO(newline="")
    csv.writer(out).writerows([cell for n, cell in enumerate(row) if n not in left_out] for row in rows)
    path.write_text(out.getvalue(), newline="")


def as_of_earlier_xlsx(path: Path) -> None:
    altered_xlsx(path)
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    shared = parts["xl/sharedStrings.xml"]
    assert shared.count(b"<t>betekenis</t>") == 1
    parts["xl/sharedStrings.xml"] = shared.replace(b"<t>betekenis</t>", b"<t>anders</t>")
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)


def test_a_line_that_was_taken_out_or_put_in_is_named(server: Server, tmp_path: Path) -> None:
    path = taken(server, tmp_path, "naleving", "csv")
    lines = path.read_text().splitlines(keepends=True)
    row = next(n for n, line in enumerate(lines) if line.startswith("GM0344"))
    path.write_text("".join([*lines[:row], *lines[row + 1 :], lines[row].replace("GM0344", "GM9999")]), newline="")
    code, text = ask(server, "--controleer", str(path))
    assert code == 1
    assert "ontbreekt: GM0344: niets in het bestand, een regel volgens het logboek" in text, text
    assert f"regel {len(lines)}: GM9999 deze regel: een regel te veel in het bestand" in text, text


def test_what_came_later_is_told_beside_it(server: Server, tmp_path: Path) -> None:
    path = taken(server, tmp_path, "bezetting", "csv")
    assert server.post([reading(77, "2026-06-07T10:00:00Z", time="2026-06-14")]).status_code == 201
    code, text = ask(server, "--controleer", str(path))
    assert code == 0, text
    assert "nog precies zo" in text
    assert "NL aanwezigGemeten: 90 toen, 77 met wat inmiddels is opgeslagen" in text, text
    server.post([reading(90, "2026-06-07T11:00:00Z", time="2026-06-14T01:00:00Z")])


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("brief.docx", b"", "moet eindigen op .json, .csv, .xlsx of .parquet"),
        ("leeg.json", b"{", "is geen json die Opvangpeil zo maakte"),
        ("ander.json", b'{"rijen": []}', "rapport, geldigOp, bekendOp, positie staat er niet (goed) in"),
        ("lijst.json", b"[1, 2]", "is geen json die Opvangpeil zo maakte"),
        ("rijen.json", b'{"rijen": [1, 2]}', "is geen json die Opvangpeil zo maakte"),
        ("haken.csv", b'a,b\r\n"1"x,2\r\n', "is geen csv die Opvangpeil zo maakte"),
        ("leeg.csv", b"a,b\r\n1,2\r\n", "rapport, geldigOp, bekendOp, positie staat er niet (goed) in"),
        ("punt.csv", b"a;b\r\n1;2\r\n", "gescheiden door ; in plaats van ,"),
        ("scheef.csv", b"a,b\r\n1,2,3\r\n", "regel 2 heeft een ander aantal kolommen"),
        ("leeg.xlsx", b"PK", "is geen xlsx die Opvangpeil zo maakte"),
        ("leeg.parquet", b"PAR1", "is geen parquet die Opvangpeil zo maakte"),
        ("weg.csv", None, "bestaat niet"),
    ],
)
def test_what_is_no_report_is_told(server: Server, tmp_path: Path, name: str, content: bytes | None, said: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    code, text = ask(server, "--controleer", str(path))
    assert (code, said in text) == (2, True), text


def test_a_positie_that_was_altered_is_told(server: Server, tmp_path: Path) -> None:
    path = taken(server, tmp_path, "naleving", "json")
    said = orjson.loads(path.read_bytes())
    path.write_bytes(orjson.dumps(said | {"positie": "7-999"}, option=orjson.OPT_INDENT_2))
    code, text = ask(server, "--controleer", str(path))
    assert (code, "positie" in text) == (2, True), text
