"""Tables for download: every format holds the same, each cell has its own type, and no cell can run as a formula."""

import csv
import io
import re
import zipfile
from datetime import UTC, date, datetime
from functools import partial
from xml.etree import ElementTree

import orjson
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from services.api.answering import BESCHRIJVING
from services.api.definities import kolomsoort, meanings
from services.core.grootheden import GROOTHEDEN
from services.export import FORMATS, as_table
from services.export.parsing import read_back
from services.export.tabel import ROWS, CelSoort
from services.reads import derived_models, models

ANSWER = {
    "geldigOp": "2026-05-25T22:00:00Z",
    "bekendOp": "2026-05-25T22:00:00Z",
    "positie": "1-4",
    "cyclus": "2024",
    "totalen": {"voldoet": 1},
    "items": [
        {
            "code": "GM0166",
            "naam": "=KAMPEN()",
            "aanwezig": 12,
            "graad": 1,
            "maximum": {"dagen": 2},
            "vol": True,
            "peilmoment": "2026-05-25T08:00:00Z",
            "peildatum": "2026-05-25",
            "ids": ["a", "b"],
        },
        {
            "code": "GM0303",
            "naam": None,
            "aanwezig": None,
            "graad": 0.5,
            "maximum": None,
            "vol": None,
            "peilmoment": None,
            "peildatum": None,
            "ids": [],
        },
    ],
    "volgende": None,
}
SOORTEN: dict[str, CelSoort] = {
    "items.aanwezig": "heel",
    "items.graad": "breuk",
    "items.maximum.dagen": "heel",
    "items.vol": "waar",
    "items.peilmoment": "moment",
    "items.peildatum": "datum",
}


def soort(path: str) -> CelSoort:
    return SOORTEN.get(path, "tekst")


TABLE = as_table("gemeenten", ANSWER, {"aanwezig": "mensen"}, soort, gemaaktOp="2026-07-01T00:00:00Z", versie="0.1.0")
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def test_rows_of_an_answer_become_typed_columns():
    assert {kolom.naam: kolom.soort for kolom in TABLE.kolommen} == {
        "code": "tekst",
        "naam": "tekst",
        "aanwezig": "heel",
        "graad": "breuk",
        "maximum.dagen": "heel",
        "vol": "waar",
        "peilmoment": "moment",
        "peildatum": "datum",
        "ids": "tekst",
    }
    assert TABLE.kop["totalen.voldoet"] == 1
    assert [kolom.uitleg for kolom in TABLE.kolommen if kolom.naam == "aanwezig"] == ["mensen"]


def test_an_answer_without_rows_is_one_row():
    table = as_table(
        "bezetting", {"geldigOp": "2026-05-25T22:00:00Z", "positie": "1-4", "aanwezig": 3, "graad": 0.5}, {}
    )
    assert [kolom.naam for kolom in table.kolommen] == ["aanwezig", "graad"]
    assert table.rijen == [[3, 0.5]]
    assert table.kop == {"geldigOp": "2026-05-25T22:00:00Z", "positie": "1-4"}


def test_the_figures_that_rows_explain_come_along():
    said = {
        "figuren": [{"grootheid": "aanwezig", "waarde": 3, "formule": "1 + 2 = 3"}],
        "gebeurtenissen": [{"id": "a"}],
    }
    table = as_table("verklaring", said, {})
    assert orjson.loads(str(table.kop["figuren"])) == said["figuren"]
    for form in FORMATS.values():
        assert form.render(table)
    assert "1 + 2 = 3" in FORMATS["csv"].render(table).decode()


def test_every_column_of_an_answer_is_explained():
    answers = (*vars(models).values(), *vars(derived_models).values())
    for model in (m for m in answers if isinstance(m, type) and issubclass(m, models.Kop) and m is not models.Kop):
        unexplained = {name for name, meaning in meanings(model).items() if not meaning}
        assert unexplained <= {*ROWS, "items", "volgende", "bezetting", "totalen", "gepubliceerd"}, model.__name__


def test_csv_says_in_every_row_of_when_it_is():
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"].render(TABLE).decode(), newline="")))
    assert [row["code"] for row in rows] == ["GM0166", "GM0303"]
    for row in rows:
        assert (row["geldigOp"], row["positie"], row["gemaaktOp"]) == (
            "2026-05-25T22:00:00Z",
            "1-4",
            "2026-07-01T00:00:00Z",
        )
    assert (rows[0]["aanwezig"], rows[0]["vol"], rows[1]["aanwezig"], rows[1]["graad"]) == ("12", "true", "", "0.5")
    assert rows[0]["naam"] == "'=KAMPEN()"


def test_parquet_has_types_and_says_of_when_it_is():
    table = parquet.read_table(io.BytesIO(FORMATS["parquet"].render(TABLE)))
    assert table.schema.field("graad").type == pa.float64()
    assert table.column("aanwezig").to_pylist() == [12, None]
    assert table.column("peilmoment").to_pylist() == [datetime(2026, 5, 25, 8, tzinfo=UTC), None]
    assert table.column("peildatum").to_pylist() == [date(2026, 5, 25), None]
    assert table.schema.metadata[b"positie"] == b"1-4"
    assert table.schema.metadata[b"gemaaktOp"] == b"2026-07-01T00:00:00Z"


def cells(book: zipfile.ZipFile, number: int) -> dict[str, tuple[str, str]]:
    """Returns cell → (its type, its text)."""
    shared = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
    texts = ["".join(part.itertext()) for part in shared]
    found = {}
    for cell in ElementTree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml")).iter(f"{SHEET}c"):
        value, kind = cell.find(f"{SHEET}v"), cell.get("t", "n")
        text = value.text if value is not None else ""
        found[cell.get("r")] = (kind, texts[int(text)] if kind == "s" else text)
        assert cell.find(f"{SHEET}f") is None, "a formula"
    return found


def form_of(book: zipfile.ZipFile, cell: str, number: int = 1) -> str:
    """Returns the number format of a cell."""
    styles = ElementTree.fromstring(book.read("xl/styles.xml"))
    codes = {one.get("numFmtId"): one.get("formatCode") for one in styles.iter(f"{SHEET}numFmt")}
    used = [*styles.find(f"{SHEET}cellXfs").iter(f"{SHEET}xf")]
    sheet = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
    (style,) = [one.get("s", "0") for one in sheet.iter(f"{SHEET}c") if one.get("r") == cell]
    number = used[int(style)].get("numFmtId")
    return codes.get(number, f"ingebouwd {number}")


def test_a_workbook_has_typed_cells_a_frozen_header_and_definitions():
    book = zipfile.ZipFile(io.BytesIO(FORMATS["xlsx"].render(TABLE)))
    data, meaning = cells(book, 1), cells(book, 2)
    assert [data[f"{letter}1"][1] for letter in "ABC"] == ["code", "naam", "aanwezig"]
    assert (data["B2"], data["C2"], data["D2"], data["F2"]) == (("s", "=KAMPEN()"), ("n", "12"), ("n", "1"), ("b", "1"))
    assert data["G2"][0] == "n"  # a moment is stored as a number with a date format
    assert float(data["G2"][1]) == pytest.approx(46167 + 10 / 24, abs=1e-6)  # 25 May 2026, 10:00 on the Dutch clock
    assert form_of(book, "G2") == "dd-mm-yyyy hh:mm:ss"
    assert "C3" not in data
    assert b'state="frozen"' in book.read("xl/worksheets/sheet1.xml")
    said = {text for _, text in meaning.values()}
    assert {"geldigOp", "2026-05-25T22:00:00Z", "positie", "1-4", "gemaaktOp", "aanwezig", "mensen"} <= said
    assert {"tijdzone", "Europe/Amsterdam"} <= said


def test_a_workbook_shows_dutch_heads_and_keeps_the_names_for_a_machine():
    """The number format of a head is the text that it shows. Its cell holds the name of the column, as in a CSV."""
    rows = {"items": [{"bezettingsgraad": 1.3, "vrij": -12_345, "dwangsom": 5_000_000, "gemeenteNaam": "Kampen"}]}
    kinds: dict[str, CelSoort] = {"items.bezettingsgraad": "breuk", "items.vrij": "heel", "items.dwangsom": "heel"}
    table = as_table("proef", rows, meanings(models.Locaties), lambda path: kinds.get(path, "tekst"), BESCHRIJVING)
    book = zipfile.ZipFile(io.BytesIO(FORMATS["xlsx"].render(table)))
    data = cells(book, 1)
    assert [data[f"{letter}1"][1] for letter in "ABCD"] == ["bezettingsgraad", "vrij", "dwangsom", "gemeenteNaam"]
    heads = [form_of(book, f"{letter}1") for letter in "ABCD"]
    assert heads[:2] + heads[3:] == [';;;"Bezettingsgraad"', ';;;"Vrij"', ';;;"Gemeente naam"']
    assert (data["A2"][1], form_of(book, "A2")) == ("1.3", r"0.0\ %")
    assert (data["B2"][1], form_of(book, "B2")) == ("-12345", "#,##0")
    assert form_of(book, "C2") == '"€" #,##0'
    said = {text for cell, (_, text) in cells(book, 2).items() if cell[0] == "B"}
    assert any("aanwezig / inzetbaar" in text for text in said), "a definition that defines"
    sheet = book.read("xl/worksheets/sheet1.xml")
    assert b"<autoFilter" in sheet
    assert b'orientation="landscape"' in sheet
    assert b'fitToHeight="0"' in sheet


def test_no_figure_is_defined_by_its_own_name():
    for one in GROOTHEDEN:
        assert one.betekenis.casefold() not in (one.label.casefold(), one.naam.casefold()), one.naam


def test_a_workbook_says_where_it_comes_from_and_what_words_mean():
    table = TABLE._replace(
        kop=TABLE.kop | {"simulatie": True},
        herkomst={"gevraagd": "/locaties?provincie=PV20"},
        woorden=[("opgave", "wat moet")],
    )
    book = zipfile.ZipFile(io.BytesIO(FORMATS["xlsx"].render(table)))
    names = [one.get("name") for one in ElementTree.fromstring(book.read("xl/workbook.xml")).iter(f"{SHEET}sheet")]
    assert names == ["gegevens", "definities", "Herkomst", "Begrippen"]
    said = cells(book, 3)
    by_name = {text: cell.replace("A", "B") for cell, (_, text) in said.items() if cell.startswith("A")}
    assert float(said[by_name["Stand van"]][1]) == 46168, "26 May 2026, 00:00 on the Dutch clock"
    assert form_of(book, by_name["Stand van"], 3) == "dd-mm-yyyy hh:mm:ss"
    assert said[by_name["Gevraagd (filter en volgorde)"]][1] == "/locaties?provincie=PV20"
    assert said[by_name["Positie: hiermee is dit precies te herhalen"]][1] == "1-4"
    assert said[by_name["Simulatie"]][1].startswith("Ja: deze cijfers zijn verzonnen")
    assert cells(book, 4)["B2"][1] == "wat moet"


def test_both_hours_of_a_night_in_october_have_a_moment_of_their_own():
    rows = [{"begin": "2024-10-27T00:30:00Z"}, {"begin": "2024-10-27T01:30:00Z"}]  # Both 02:30 on the Dutch clock.
    table = as_table("reeks", {"punten": rows}, {}, lambda _: "moment")
    content = FORMATS["xlsx"].render(table)
    book = zipfile.ZipFile(io.BytesIO(content))
    data = cells(book, 1)
    assert data["A2"] == data["A3"]
    assert [form_of(book, cell).rpartition(" ")[2] for cell in ("A2", "A3")] == ['"zomertijd"', '"wintertijd"']
    first, second = (float(line.cellen["begin"]) for line in read_back(content, "xlsx").regels)
    assert second - first == pytest.approx(1 / 24)


def test_a_workbook_of_before_is_read_as_it_was_meant():
    """Its moments were in UTC, and the format of their cells said so."""
    table = as_table("reeks", {"punten": [{"begin": "2026-05-25T08:00:00Z"}]}, {}, lambda _: "moment")
    content = FORMATS["xlsx"].render(table)
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
        now = cells(book, 1)["A2"][1].encode()
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(now, b"%.10f" % (46167 + 8 / 24))
    parts["xl/styles.xml"] = parts["xl/styles.xml"].replace(b"hh:mm:ss", b"hh:mm:ss &quot;UTC&quot;")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        for name, part in parts.items():
            book.writestr(name, part)
    before, after = (read_back(one, "xlsx") for one in (out.getvalue(), content))
    assert [line.cellen for line in before.regels] == [line.cellen for line in after.regels]


def test_an_empty_csv_still_says_of_when_it_is():
    empty = as_table("gemeenten", ANSWER | {"items": []}, {}, gemaaktOp="2026-07-01T00:00:00Z")
    (row,) = csv.DictReader(io.StringIO(FORMATS["csv"].render(empty).decode(), newline=""))
    assert (row["geldigOp"], row["bekendOp"], row["positie"], row["gemaaktOp"]) == (
        "2026-05-25T22:00:00Z",
        "2026-05-25T22:00:00Z",
        "1-4",
        "2026-07-01T00:00:00Z",
    )
    assert set(row) == set(empty.kop), "a row that is not there has no columns"


def test_yes_and_no_are_written_alike_in_every_format():
    table = as_table("proef", {"simulatie": True, "items": [{"vol": False}]}, {})
    (row,) = csv.DictReader(io.StringIO(FORMATS["csv"].render(table).decode(), newline=""))
    assert (row["vol"], row["simulatie"]) == ("false", "true")
    assert parquet.read_table(io.BytesIO(FORMATS["parquet"].render(table))).schema.metadata[b"simulatie"] == b"true"
    for name in FORMATS:
        read = read_back(FORMATS[name].render(table), name)
        assert read.kop["simulatie"] == "true"


def test_reasons_are_sentences_and_the_head_keeps_clear_of_the_columns():
    why = [{"code": "dekking", "tekst": "te weinig"}, {"code": "onbekend", "tekst": "van 1 gemeente"}]
    said = {"positie": "1-4", "voorbehoud": why, "tekort": None, "gemeenten": [{"code": "GM0014", "tekort": 3}]}
    table = as_table("naleving", said, {})
    assert table.kop == {"positie": "1-4", "voorbehoud": "te weinig; van 1 gemeente", "totaal.tekort": None}
    (row,) = csv.DictReader(io.StringIO(FORMATS["csv"].render(table).decode(), newline=""))
    assert (row["tekort"], row["totaal.tekort"], row["voorbehoud"]) == ("3", "", "te weinig; van 1 gemeente")


def test_what_is_listed_apart_comes_along_and_says_so():
    said = {"positie": "1-4", "items": [{"id": "LOC-A"}], "onbekend": [{"id": "LOC-B"}]}
    table = as_table("locaties", said, {})
    assert [kolom.naam for kolom in table.kolommen] == ["id", "onbekend"]
    assert table.rijen == [["LOC-A", False], ["LOC-B", True]]


def test_what_a_column_holds_is_declared_and_not_guessed_from_what_a_sender_wrote():
    rows = [{"bezettingsgraad": None, "aanwezig": None, "peilmoment": None, "naam": "9999-99-99T99:99:99Z"}]
    table = as_table("locaties", {"items": rows}, {}, partial(kolomsoort, models.Locaties))
    assert {kolom.naam: kolom.soort for kolom in table.kolommen} == {
        "bezettingsgraad": "breuk",
        "aanwezig": "heel",
        "peilmoment": "moment",
        "naam": "tekst",
    }
    for form in FORMATS.values():
        assert form.render(table)


@pytest.mark.parametrize(
    ("model", "path", "soort"),
    [
        (models.Locatie, "plaatsen.regulier.aantal", "heel"),
        (models.Locatie, "plaatsen.regulier.geldigTot", "moment"),
        (models.Locatie, "open", "waar"),
        (models.Bezetting, "bezettingsgraad", "breuk"),
        (models.Bezetting, "voorbehoud", "tekst"),
        (models.Naleving, "gemeenten.naleving", "tekst"),
        (models.Naleving, "gemeenten.tekort", "heel"),
        (derived_models.Reeks, "punten.begin", "moment"),
        (derived_models.Reeks, "punten.maximum", "breuk"),
        (derived_models.Verklaring, "gebeurtenissen.waarde", "tekst"),
        (derived_models.Aansluiting, "items.peildatum", "datum"),
        (derived_models.Verschillen, "verschillen.gebeurtenissen", "tekst"),
    ],
)
def test_what_a_column_holds_follows_from_the_type_of_its_field(model, path, soort):
    assert kolomsoort(model, path) == soort


@pytest.mark.parametrize("name", ["=1+1", "AZC;=cmd|' /C calc'!A0", 'AZC; "+1"', "AZC;\u00a0@x", "-1", ";;=1"])
def test_no_program_runs_a_cell_also_one_that_splits_a_line_at_semicolons(name):
    """A Dutch spreadsheet opens a CSV as if a semicolon begins a new cell."""
    text = FORMATS["csv"].render(as_table("proef", {"items": [{"id": "LOC-A", "naam": name}]}, {})).decode()
    for separator in ",;":
        for cell in re.split(f"[{separator}\r\n]", text):
            assert not cell.lstrip('" \u00a0').startswith(("=", "+", "-", "@")), (name, cell)


@given(st.lists(st.fixed_dictionaries({"naam": st.text(max_size=20), "aantal": st.none() | st.integers(0, 10**9)})))
def test_whatever_a_name_says_every_form_can_be_read_again(rows):
    table = as_table("proef", {"positie": "1-1", "items": rows}, {})
    for form in FORMATS.values():
        assert form.render(table)
    read = list(csv.DictReader(io.StringIO(FORMATS["csv"].render(table).decode(), newline="")))
    if not rows:  # One line says of when the table is, and it has no columns.
        assert read == [{"positie": "1-1"}]
        return
    assert [row["naam"].replace("'", "") for row in read] == [row["naam"].replace("'", "") for row in rows]
