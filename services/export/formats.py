"""Writes a table as CSV or Parquet, and names the formats that can be asked for, by `formaat` or by Accept."""

import csv
import io
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from services.export.tabel import CelSoort, CelWaarde, Tabel, plain_text
from services.export.xlsx import as_xlsx

_FORMULA = re.compile(r"""(^|;)(?=[\s"']*[=+\-@\t\r])""")
"""Where a spreadsheet would begin to run a text (OWASP, 'CSV Injection'). A Dutch one begins a cell at a semicolon."""


def as_csv(tabel: Tabel) -> bytes:
    """Returns CSV (RFC 4180, UTF-8): numbers with a point, moments in UTC, an empty cell for an unknown value.

    The head of the table is repeated in every row, after the columns of the row itself. So a reader need not skip a
    line, and a row that is copied still says for which moment it holds. A table without rows has one line that says
    only that.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*(kolom.naam for kolom in tabel.kolommen), *tabel.kop])
    said = [text_of(value) for value in tabel.kop.values()]
    rows = tabel.rijen or [[None] * len(tabel.kolommen)]
    writer.writerows([*(text_of(value) for value in row), *said] for row in rows)
    return out.getvalue().encode()


def text_of(value: CelWaarde) -> str:
    """Returns a cell as text that no spreadsheet runs."""
    found = plain_text(value)
    return _FORMULA.sub(r"\1'", found) if isinstance(value, str) else found


def as_parquet(tabel: Tabel) -> bytes:
    """Returns a Parquet file: each column with its type, and the head of the table in the metadata of the file."""
    # A service in which nobody asks for Parquet should do without the 46 MB that pyarrow takes.
    import pyarrow as pa  # noqa: PLC0415 - see the line above
    from pyarrow import parquet  # noqa: PLC0415 - see the line above

    types = {
        "tekst": pa.string(),
        "heel": pa.int64(),
        "breuk": pa.float64(),
        "waar": pa.bool_(),
        "moment": pa.timestamp("us", tz="UTC"),
        "datum": pa.date32(),
    }
    fields = [pa.field(kolom.naam, types[kolom.soort], metadata={"uitleg": kolom.uitleg}) for kolom in tabel.kolommen]
    about = {"titel": tabel.titel} | {name: plain_text(value) for name, value in tabel.kop.items()}
    columns = [[_typed(row[n], kolom.soort) for row in tabel.rijen] for n, kolom in enumerate(tabel.kolommen)]
    out = io.BytesIO()
    parquet.write_table(pa.table(columns, schema=pa.schema(fields, metadata=about)), out, compression="zstd")
    return out.getvalue()


def _typed(value: CelWaarde, soort: CelSoort) -> Any:
    if value is None:
        return None
    match soort:
        case "moment":
            return datetime.fromisoformat(str(value))
        case "datum":
            return date.fromisoformat(str(value))
        case "tekst":
            return plain_text(value)
    return value


class FileFormat(NamedTuple):
    """A format of a file."""

    media_type: str
    extension: str
    render: Callable[[Tabel], bytes]


FORMATS: Mapping[str, FileFormat] = {
    "csv": FileFormat("text/csv", "csv", as_csv),
    "xlsx": FileFormat("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", as_xlsx),
    "parquet": FileFormat("application/vnd.apache.parquet", "parquet", as_parquet),
}
"""The formats, by the name that `formaat` takes."""
