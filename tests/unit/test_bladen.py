"""Files are read as sheets of rows, within bounds on memory, and whatever can't be read is told in Dutch."""

import random
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from services.importer.bladen import Fout, Leeswijze, kolomletter, lees, soort_van
from services.importer.bladen.tekst import BYTES_MAX
from services.importer.bladen.werkmap import MEMORY_BYTES
from services.importer.logboek import Logomzetting
from services.importer.model import ImporterError
from tests.corpus.bouw import herpakt, ods, ods_rij, werkmap
from tests.corpus.werkmappen import RIJEN

ROWS = 100_000
MB = 1024 * 1024
READ = """
import resource, sys
from pathlib import Path
from services.importer.bladen import Leeswijze, lees
rows = sum(1 for blad in lees(Path(sys.argv[1]), Leeswijze()) for _ in blad.rijen)
# What rusage says of this process counts also what it was before it became this program.
own = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(rows, own // 1024, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


def read_apart(pad: Path) -> tuple[int, int, int]:
    """Reads a file in a process of its own. Returns its rows, and the most MB that it and its child held."""
    done = subprocess.run(
        [sys.executable, "-c", READ, str(pad)], capture_output=True, text=True, check=True, timeout=280
    )
    rows, own, child = map(int, done.stdout.split())
    return rows, own, child


def all_rows(pad: Path, wijze: Leeswijze = Leeswijze()) -> list[list[object]]:  # noqa: B008 - it never changes
    return [list(row.waarden) for blad in lees(pad, wijze) for row in blad.rijen]


def large(pad: Path) -> Path:
    book = xlsxwriter.Workbook(str(pad), {"constant_memory": True})
    sheet = book.add_worksheet("Telling")
    sheet.write_row(0, 0, ["Locatie", "Datum", "Aanwezig", "Plaatsen", "Opmerking", "Nummer"])
    for n in range(1, ROWS + 1):
        sheet.write_row(
            n, 0, [f"Azc Verzonnen {n % 300}", 46_000 + n % 300, n % 900, 900, f"een opmerking, de {n}e", n / 7]
        )
    book.close()
    return pad


@pytest.mark.volledig
def test_a_workbook_of_100_000_rows_is_read_within_400_mb(tmp_path: Path):
    rows, own, child = read_apart(large(tmp_path / "groot.xlsx"))
    assert rows == ROWS + 1
    assert child <= MEMORY_BYTES // MB == 400
    assert own <= 400


@pytest.mark.volledig
def test_text_is_read_within_300_mb_whatever_its_size(tmp_path: Path):
    pad = tmp_path / "groot.csv"
    with pad.open("w", encoding="utf-8") as file:
        file.writelines(f"Azc Verzonnen {n % 300};2026-11-28;{n};{'opmerking ' * 20}\n" for n in range(200_000))
    assert pad.stat().st_size > 40 * MB
    rows, own, _ = read_apart(pad)
    assert rows == 200_000
    assert own <= 300


def test_a_workbook_that_does_not_fit_is_refused_with_the_way_out(tmp_path: Path):
    def ver_weg(sheet: bytes) -> bytes:  # the rectangle around the cells has 17 milliard of them
        return sheet.replace(b'<row r="3"', b'<row r="1048576"').replace(b'r="C3"', b'r="XFD1048576"')

    (tmp_path / "ver.xlsx").write_bytes(herpakt(werkmap(Blad=RIJEN), {"xl/worksheets/sheet1.xml": ver_weg}))
    with pytest.raises(ImporterError, match=r"haal die weg\. Bewaar het blad als 'CSV UTF-8'; dat mag tot 300 MB"):
        all_rows(tmp_path / "ver.xlsx")


def test_text_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path):
    pad = tmp_path / "groot.csv"
    pad.write_bytes(b"Locatie;Datum\n" + b"Azc;2026-11-28\n" * 400)
    with pad.open("r+b") as file:
        file.truncate(BYTES_MAX + 1)
    with pytest.raises(ImporterError, match=r"is 300 MB; een tekstbestand is hoogstens 300 MB\. Knip het in delen"):
        all_rows(pad)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"Locatie;Datum\nAzc;" + b"x" * 140_000 + b"\n", "regel 2: een cel is groter dan 131.072 tekens"),
        (b"Locatie;Datum\n" + b"x" * 2_000_000, "regel 2: is langer dan 1.048.576 tekens"),
        (b"Locatie;Datum\nAzc;\xff\n", "regel 2: byte 0xff is geen utf-8"),
        ("Locatie;Datum\nAzc €;\n".encode("utf-16-le")[:-1], "nulbytes"),
    ],
)
def test_text_that_is_no_table_is_refused_with_the_line(content: bytes, said: str, tmp_path: Path):
    (tmp_path / "een.csv").write_bytes(content)
    with pytest.raises(ImporterError, match=said):
        all_rows(tmp_path / "een.csv")


@pytest.mark.parametrize(
    ("last", "codering", "said"), [(b"\xff\n", "utf-8", "regel 40002"), ("é\n".encode(), "cp1252", "is UTF-8, terwijl")]
)
def test_text_in_another_encoding_is_refused_before_its_first_row(
    last: bytes, codering: str, said: str, tmp_path: Path
):
    (tmp_path / "een.csv").write_bytes(b"Locatie;Datum\n" + b"Azc;2026-11-28\n" * 40_000 + last)
    (blad,) = lees(tmp_path / "een.csv", Leeswijze(codering=codering))
    with pytest.raises(ImporterError, match=said):
        next(iter(blad.rijen))
    (head,) = lees(tmp_path / "een.csv", Leeswijze(codering=codering, hoogstens=1))
    assert next(iter(head.rijen)).waarden == ["Locatie", "Datum"], "who asks for the heading alone gets it"


@pytest.mark.parametrize("size", [5, 256 * 1024 - 1, 256 * 1024, 256 * 1024 + 1])
def test_where_a_piece_of_the_file_ends_changes_nothing(size: int, tmp_path: Path):
    content = "é" * (size // 2) + ";a\r\n" + "b;" + '"c\r\nd"\r\n'
    (tmp_path / "een.csv").write_bytes(content.encode())
    # A cell may hold 131,072 signs, so the first line is in two.
    (tmp_path / "een.csv").write_bytes(content.replace("é" * 60_000, "é" * 59_999 + ";").encode())
    rows = all_rows(tmp_path / "een.csv")
    assert rows[0][-1] == "a"
    assert rows[1] == ["b", "c\r\nd"]


def test_an_end_of_a_line_that_is_cut_in_two_makes_no_row(tmp_path: Path):
    (tmp_path / "een.csv").write_bytes(b"abc\r\n" * 60_000)  # the first piece ends between \r and \n
    (blad,) = lees(tmp_path / "een.csv", Leeswijze())
    numbers = [row.nummer for row in blad.rijen]
    assert (len(numbers), numbers[-1]) == (60_000, 60_000)


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_every_end_of_a_line_is_one(end: str, tmp_path: Path):
    (tmp_path / "een.csv").write_bytes(f"a{end}b{end}".encode())
    assert all_rows(tmp_path / "een.csv") == [["a"], ["b"]]


@pytest.mark.parametrize(
    ("kind", "whole", "told"),
    [
        (pa.timestamp("ms", "UTC"), [0, 4 * 10**15, None], "geen moment in de jaren 1 tot en met 9999"),
        (pa.timestamp("us", "UTC"), [0, 253_402_300_799_999_999, None], "geen moment in de jaren 1 tot en met 9999"),
        (pa.timestamp("s", "Nergens/Hier"), [None, 0, None], "in een bekende tijdzone"),
    ],
)
def test_a_moment_that_no_calendar_has_is_refused_alone(kind: pa.DataType, whole: list[int], told: str, tmp_path: Path):
    table = pa.table({"wanneer": pa.array(whole, pa.int64()).view(kind), "aantal": [1, 2, 3]})
    pq.write_table(table, tmp_path / "een.parquet")
    _, first, wrong, last = all_rows(tmp_path / "een.parquet")
    assert (first[1], wrong[1], last) == (1, 2, [None, 3])
    assert not isinstance(first[0], Fout)
    assert isinstance(wrong[0], Fout)
    assert told in wrong[0].tekst


def test_a_workbook_that_is_no_log_says_how_it_can_be_read(tmp_path: Path):
    for name, book in (("telling.xlsx", werkmap(Blad1=RIJEN)), ("leeg.xlsx", werkmap(gegevens=[]))):
        (tmp_path / name).write_bytes(book)
        with pytest.raises(ImporterError, match=rf"^{name} is geen logboek .* Lees het in met --profiel\."):
            list(Logomzetting().rijen(tmp_path / name))


def test_who_reads_a_part_of_a_workbook_gets_that_part(tmp_path: Path):
    (tmp_path / "een.xlsx").write_bytes(werkmap(Een=RIJEN, Twee=RIJEN))
    first = next(iter(next(lees(tmp_path / "een.xlsx", Leeswijze())).rijen))
    assert first.waarden == RIJEN[0]
    sheets = [
        (blad.naam, [row.nummer for row in blad.rijen]) for blad in lees(tmp_path / "een.xlsx", Leeswijze(hoogstens=2))
    ]
    assert sheets == [("Een", [1, 2]), ("Twee", [1, 2])]
    assert [blad.naam for blad in lees(tmp_path / "een.xlsx", Leeswijze())] == ["Een", "Twee"]
    heads = [next(iter(blad.rijen)).waarden for blad in lees(tmp_path / "een.xlsx", Leeswijze())]
    assert heads == [RIJEN[0], RIJEN[0]]


def test_a_file_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(ImporterError, match=r"weg\.csv is niet te openen: bestaat niet"):
        soort_van(tmp_path / "weg.csv")


def test_columns_are_named_as_people_see_them():
    assert [kolomletter(n) for n in (0, 25, 26, 51, 52, 701, 702, 16_383)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
        "XFD",
    ]


@pytest.mark.volledig
@pytest.mark.parametrize("seed", range(30))
def test_a_damaged_workbook_is_refused_or_read_and_does_nothing_else(seed: int, tmp_path: Path):
    dice = random.Random(seed)
    whole = werkmap(Telling=RIJEN) if seed % 2 else ods(Telling=[ods_rij(*row) for row in RIJEN])
    content = bytearray(whole)
    for _ in range(dice.randint(1, 12)):
        content[dice.randrange(4, len(content))] = dice.randrange(256)
    pad = tmp_path / "stuk.xlsx"
    pad.write_bytes(content[: dice.choice([len(content), dice.randrange(100, len(content))])])
    try:
        rows = all_rows(pad)
    except ImporterError as error:
        said = str(error)
        assert said.startswith("stuk.xlsx")
        assert "Traceback" not in said
    else:
        assert len(rows) <= 1_048_576
