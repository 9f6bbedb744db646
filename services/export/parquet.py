"""A table as Parquet: each column with its type, and what is said of the whole in the metadata of the file."""

import io
from datetime import date, datetime
from typing import Any

from services.export.tabel import Cel, Soort, Tabel


def as_parquet(tabel: Tabel) -> bytes:
    """All rows, as one file."""
    import pyarrow as pa  # noqa: PLC0415 - 46 MB, that a service in which nobody asks for Parquet does without
    from pyarrow import parquet  # noqa: PLC0415

    types = {
        "tekst": pa.string(),
        "heel": pa.int64(),
        "breuk": pa.float64(),
        "waar": pa.bool_(),
        "moment": pa.timestamp("us", tz="UTC"),
        "datum": pa.date32(),
    }
    fields = [pa.field(kolom.naam, types[kolom.soort], metadata={"uitleg": kolom.uitleg}) for kolom in tabel.kolommen]
    about = {"titel": tabel.titel} | {name: "" if value is None else str(value) for name, value in tabel.kop.items()}
    columns = [[_value(row[n], kolom.soort) for row in tabel.rijen] for n, kolom in enumerate(tabel.kolommen)]
    out = io.BytesIO()
    parquet.write_table(pa.table(columns, schema=pa.schema(fields, metadata=about)), out, compression="zstd")
    return out.getvalue()


def _value(value: Cel, soort: Soort) -> Any:
    if value is None:
        return None
    match soort:
        case "moment":
            return datetime.fromisoformat(str(value))
        case "datum":
            return date.fromisoformat(str(value))
        case "tekst":
            return str(value)
    return value
