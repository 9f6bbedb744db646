"""A table as CSV (RFC 4180, UTF-8): numbers with a point, moments in UTC, unknown is empty.

What is said of the whole stands in every row, after its own columns: so no reader has to skip a line, and a row that is
copied still says of when it is.
"""

import csv
import io

from services.export.tabel import Cel, Tabel

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so would be run by a spreadsheet (OWASP, 'CSV Injection')."""


def as_csv(tabel: Tabel) -> bytes:
    """All rows, after a line with the names of the columns."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*(kolom.naam for kolom in tabel.kolommen), *tabel.kop])
    said = [text_of(value) for value in tabel.kop.values()]
    writer.writerows([*(text_of(value) for value in row), *said] for row in tabel.rijen)
    return out.getvalue().encode()


def text_of(value: Cel) -> str:
    """A cell as text."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return f"'{value}" if value.startswith(_FORMULA) else value
        case float():
            return repr(value)
    return str(value)
