"""Reads Parquet: columns with a type, of which each row becomes one row of a sheet."""

import math
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from schemas.fields import AMSTERDAM
from services.importer.bladen.cel import Blad, Fout, Rij, Waarde
from services.importer.model import ImporterError

_ROWS = 10_000
_BUITEN_BEREIK = (ValueError, OverflowError, KeyError)
"""What making a moment of a value raises: outside the calendar, too fine, or in a zone that nobody knows."""


def lees_kolommen(pad: Path) -> Blad:
    """Returns the only sheet of a Parquet file, with the names of its columns as first row.

    Raises ImporterError when it can't be read.
    """
    # A command should answer at once when it reads no Parquet.
    import pyarrow as pa  # noqa: PLC0415 - see the line above
    import pyarrow.parquet as pq  # noqa: PLC0415 - see the line above

    try:
        file = pq.ParquetFile(pad)
    except (pa.ArrowException, OSError) as error:
        raise ImporterError(f"{pad.name} is geen Parquet-bestand dat te lezen is ({error}).") from error
    return Blad("", verborgen=False, rijen=_rijen(pad, file))


def _rijen(pad: Path, file: Any) -> Iterator[Rij]:
    import pyarrow as pa  # noqa: PLC0415 - see above

    names = file.schema_arrow.names
    yield Rij(1, names)
    number = 1
    try:
        for batch in file.iter_batches(_ROWS):
            columns = [_cellen(column) for column in batch.columns]
            for values in zip(*columns, strict=True):
                number += 1
                yield Rij(number, values)
    except (pa.ArrowException, OSError) as error:
        raise ImporterError(f"{pad.name} is na rij {number} niet te lezen ({error}).") from error


def _cellen(column: Any) -> list[Waarde]:
    try:
        return [_waarde(value) for value in column.to_pylist()]
    except _BUITEN_BEREIK:
        return [_los(value) for value in column]


def _los(value: Any) -> Waarde:
    """Returns one value of a column in which not all can be read."""
    try:
        return _waarde(value.as_py())
    except _BUITEN_BEREIK:
        return Fout("is geen moment in de jaren 1 tot en met 9999, in een bekende tijdzone en in hele microseconden")


def _waarde(value: Any) -> Waarde:
    if isinstance(value, datetime):
        return value.astimezone(AMSTERDAM) if value.tzinfo else value
    if isinstance(value, float | Decimal):
        if not math.isfinite(value):
            return Fout("is geen getal")
        return int(value) if value == int(value) else float(value)
    if value is None or isinstance(value, str | int | date | time):
        return value or None if isinstance(value, str) else value
    return Fout(f"heeft een soort waarde die niet gelezen wordt ({type(value).__name__})")
