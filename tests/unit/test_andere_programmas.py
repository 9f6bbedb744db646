"""Other programs read the tables that are written here, each value as what it is."""

import shutil
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pandas as pd
import pytest

from services.export import FORMATS, as_table
from services.export.tabel import CelSoort
from services.importer.bladen import Leeswijze, lees
from tests.support import missing

SOORTEN: dict[str, CelSoort] = {
    "items.aanwezig": "heel",
    "items.graad": "breuk",
    "items.vol": "waar",
    "items.peilmoment": "moment",
    "items.peildatum": "datum",
}
ROWS = [
    {
        "code": "0166",
        "naam": "Súdwest; café, hoek",
        "aanwezig": 2104,
        "graad": 0.965,
        "vol": True,
        "peilmoment": "2026-05-25T08:00:00Z",
        "peildatum": "2026-05-25",
    },
    {
        "code": "GM0303",
        "naam": "Dronten",
        "aanwezig": None,
        "graad": 1,
        "vol": False,
        "peilmoment": None,
        "peildatum": None,
    },
]
HEAD = {"geldigOp": "2026-05-25T22:00:00Z", "bekendOp": "2026-05-25T22:00:00Z", "positie": "1-4"}
NAMES = list(ROWS[0])
TABLE = as_table("gemeenten", HEAD | {"items": ROWS}, {}, lambda path: SOORTEN.get(path, "tekst"))
MOMENT, DAY = datetime(2026, 5, 25, 8, tzinfo=UTC), date(2026, 5, 25)
FIRST = ["0166", "Súdwest; café, hoek", 2104, 0.965, True, MOMENT, DAY]
SECOND = ["GM0303", "Dronten", None, 1, False, None, None]


def written(extension: str, folder: Path) -> Path:
    pad = folder / f"gemeenten.{extension}"
    pad.write_bytes(FORMATS[extension].render(TABLE))
    return pad


def test_openpyxl_finds_numbers_truths_and_moments_in_a_workbook(tmp_path: Path):
    sheet = openpyxl.load_workbook(written("xlsx", tmp_path))["gegevens"]
    rows = list(sheet.iter_rows(values_only=True))
    assert list(rows[0]) == NAMES
    wall = datetime(2026, 5, 25, 10)  # noqa: DTZ001 - on the Dutch clock, as the workbook says
    assert list(rows[1]) == [*FIRST[:5], wall, datetime(2026, 5, 25)]  # noqa: DTZ001 - openpyxl has no dates
    assert list(rows[2]) == SECOND
    assert {cell.data_type for cell in sheet[2]} == {"s", "n", "b", "d"}


def test_duckdb_finds_the_types_of_the_columns(tmp_path: Path):
    with duckdb.connect() as base:
        base.execute("SET TimeZone = 'UTC'")
        columns = ", ".join(NAMES)
        found = base.sql(f"SELECT {columns} FROM read_parquet('{written('parquet', tmp_path)}')")
        assert list(map(str, found.types)) == [
            "VARCHAR",
            "VARCHAR",
            "BIGINT",
            "DOUBLE",
            "BOOLEAN",
            "TIMESTAMP WITH TIME ZONE",
            "DATE",
        ]
        assert [list(row) for row in found.fetchall()] == [FIRST, SECOND]
        guessed = base.sql(f"SELECT {columns} FROM read_csv('{written('csv', tmp_path)}')")
        assert list(map(str, guessed.types))[2:5] == ["BIGINT", "DOUBLE", "BOOLEAN"]
        assert [row[1:5] for row in guessed.fetchall()] == [tuple(FIRST[1:5]), tuple(SECOND[1:5])]


def test_pandas_reads_the_same_from_every_format(tmp_path: Path):
    frames: dict[str, pd.DataFrame] = {
        "parquet": pd.read_parquet(written("parquet", tmp_path), dtype_backend="numpy_nullable"),
        "csv": pd.read_csv(written("csv", tmp_path), dtype={"code": str}, parse_dates=["peilmoment", "peildatum"]),
        "xlsx": pd.read_excel(written("xlsx", tmp_path), sheet_name="gegevens", dtype={"code": str}),
    }
    for name, frame in frames.items():
        assert list(frame["code"]) == ["0166", "GM0303"], name
        assert list(frame["naam"]) == [FIRST[1], SECOND[1]], name
        assert frame["aanwezig"][0] == 2104, name
        assert pd.isna(frame["aanwezig"][1]), name
        assert list(frame["graad"]) == [0.965, 1], name
        assert list(frame["vol"]) == [True, False], name
        assert pd.isna(frame["peilmoment"][1]), name
        assert pd.Timestamp(frame["peildatum"][0]).date() == DAY, name
    for name in ("parquet", "csv"):
        assert pd.Timestamp(frames[name]["peilmoment"][0]) == MOMENT


def test_libreoffice_reads_a_workbook_and_the_ods_that_it_makes_of_it_is_read_here(tmp_path: Path):
    program = shutil.which("soffice")
    if program is None:
        # Not one of the programs that every run must have: it is large, and the others read the same file.
        missing.skipped["LibreOffice"] = "soffice is er niet; apt-get install libreoffice-calc-nogui"
        pytest.skip("OVERGESLAGEN, LibreOffice ontbreekt: soffice is er niet")
    profile = f"-env:UserInstallation=file://{tmp_path}/profiel"
    command = [
        program,
        profile,
        "--headless",
        "--convert-to",
        "ods",
        "--outdir",
        str(tmp_path),
        str(written("xlsx", tmp_path)),
    ]
    subprocess.run(command, check=True, timeout=120, capture_output=True)
    rows = [
        cells(row.waarden) for blad in lees(tmp_path / "gemeenten.ods", Leeswijze(("gegevens",))) for row in blad.rijen
    ]
    assert rows[0] == NAMES
    assert rows[1][:5] == FIRST[:5]
    assert rows[2][:5] == SECOND[:5]


def cells(row: Any) -> list[Any]:
    return [*row, *[None] * len(NAMES)][: len(NAMES)]


def test_what_is_written_here_is_read_here_with_the_same_types(tmp_path: Path):
    for name in ("xlsx", "parquet"):
        blad = next(lees(written(name, tmp_path), Leeswijze(("gegevens",))))
        rows = [cells(row.waarden) for row in blad.rijen]
        assert rows[1][:5] == FIRST[:5], name
        assert rows[2][:5] == SECOND[:5], name
        assert rows[1][6] == DAY, name
