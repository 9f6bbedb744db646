"""Which form of an answer is asked for: by `formaat`, or else by Accept (RFC 9110 §12.5.1)."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from services.export.csv_text import as_csv
from services.export.parquet import as_parquet
from services.export.tabel import Tabel
from services.export.xlsx import as_xlsx


class Format(NamedTuple):
    """A form of a table."""

    media_type: str
    extension: str
    render: Callable[[Tabel], bytes]


FORMATS: Mapping[str, Format] = {
    "csv": Format("text/csv", "csv", as_csv),
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", as_xlsx),
    "parquet": Format("application/vnd.apache.parquet", "parquet", as_parquet),
}
"""As it is called in `formaat` → what it is."""
