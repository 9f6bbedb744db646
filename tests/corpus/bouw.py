"""Makes the bytes of files as other programs write them: text, workbooks, Parquet.

They are the same each time, but for how a zip is packed: `uitgepakt` gives what can be compared.
"""

import io
import re
import struct
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl.worksheet.worksheet import Worksheet

Rijen = Iterable[Sequence[Any]]
_MADE = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_DAY_0 = (1980, 1, 1, 0, 0, 0)


def tekst(rijen: Rijen, scheiding: str = ";", einde: str = "\r\n", codering: str = "utf-8", voor: str = "") -> bytes:
    """Returns rows as text, each cell as it is given: what must stand between quotes brings these itself."""
    lines = [scheiding.join("" if cell is None else str(cell) for cell in row) for row in rijen]
    return (voor + "".join(line + einde for line in lines)).encode(codering)


def werkmap(**bladen: Rijen | Callable[[Worksheet], None]) -> bytes:
    """Returns an XLSX with these sheets, each of rows or made by a function."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for naam, inhoud in bladen.items():
        sheet = book.create_sheet(naam.replace("_", " "))
        if callable(inhoud):
            inhoud(sheet)
        else:
            vul(sheet, inhoud)
    return bewaar(book)


def vul(blad: Worksheet, rijen: Rijen, rij: int = 1, kolom: int = 1) -> None:
    """Puts rows on a sheet, with the first cell at a row and column."""
    for m, row in enumerate(rijen):
        for n, cell in enumerate(row):
            blad.cell(rij + m, kolom + n, cell)


def bewaar(book: openpyxl.Workbook) -> bytes:
    """Returns the bytes of a workbook, without when it was made."""
    out = io.BytesIO()
    book.save(out)
    return herpakt(out.getvalue())


def herpakt(inhoud: bytes, anders: Mapping[str, Callable[[bytes], bytes]] | None = None, **erbij: bytes) -> bytes:
    """Returns a zip without moments, with some parts changed or added (`_` in a name stands for a dot)."""
    with zipfile.ZipFile(io.BytesIO(inhoud)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    for name, change in (anders or {}).items():
        parts[name] = change(parts[name])
    return ingepakt(parts | {name.replace("__", "/").replace("_", "."): part for name, part in erbij.items()})


def ingepakt(parts: Mapping[str, bytes]) -> bytes:
    """Returns a zip of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            kept = _MADE.sub(rb"\g<1>2026-11-28T08:00:00Z", content)
            how = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            book.writestr(zipfile.ZipInfo(name, _DAY_0), kept, how)
    return out.getvalue()


def uitgepakt(inhoud: bytes) -> dict[str, bytes] | bytes:
    """Returns the parts of a zip, or the bytes of what can't be read as one."""
    try:
        with zipfile.ZipFile(io.BytesIO(inhoud)) as book:
            return {part.filename: book.read(part) for part in book.infolist()}
    except (zipfile.BadZipFile, RuntimeError, struct.error):
        return inhoud


def met_grootte(inhoud: bytes, deel: str, grootte: int) -> bytes:
    """Returns a zip that says that a part is so large when it is unpacked."""
    at = inhoud.rindex(deel.encode()) - 46 + 24
    return inhoud[:at] + struct.pack("<I", grootte) + inhoud[at + 4 :]


# ODS ------------------------------------------------------------------------------------------------------------------

_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_NS = "urn:oasis:names:tc:opendocument:xmlns"
_SPACES = (
    f'xmlns:office="{_NS}:office:1.0" xmlns:table="{_NS}:table:1.0" xmlns:text="{_NS}:text:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)


def ods(versleuteld: bool = False, **bladen: Iterable[str]) -> bytes:
    """Returns an ODS with these sheets, each of rows as `ods_rij` makes them."""
    tables = "".join(
        f'<table:table table:name="{naam}">{"".join(rijen)}</table:table>' for naam, rijen in bladen.items()
    )
    entry = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS}">'
    lock = '<manifest:encryption-data manifest:checksum="x"/>' if versleuteld else ""
    entry = f"{entry}{lock}</manifest:file-entry>"
    manifest = f'<manifest:manifest xmlns:manifest="{_NS}:manifest:1.0">{entry}</manifest:manifest>'
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_SPACES}><office:body>'
        f"<office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    body = b"\x93\x1f\x07 versleuteld" if versleuteld else content.encode()
    return ingepakt({"mimetype": _ODS.encode(), "META-INF/manifest.xml": manifest.encode(), "content.xml": body})


def ods_rij(*cellen: Any, keer: int = 1) -> str:
    """Returns a row; a text that begins with `<` is a cell as it is."""
    made = "".join(cell if isinstance(cell, str) and cell.startswith("<") else ods_cel(cell) for cell in cellen)
    return f'<table:table-row table:number-rows-repeated="{keer}">{made}</table:table-row>'


def ods_cel(waarde: Any, eigen: str = "") -> str:
    """Returns a cell, with attributes of its own."""
    match waarde:
        case None:
            return f"<table:table-cell {eigen}/>"
        case bool():
            kind = f'office:value-type="boolean" office:boolean-value="{str(waarde).lower()}"'
        case int() | float():
            kind = f'office:value-type="float" office:value="{waarde}"'
        case date():
            kind = f'office:value-type="date" office:date-value="{waarde.isoformat()}"'
        case _:
            kind = 'office:value-type="string"'
    shown = waarde.strftime("%d-%m-%Y %H:%M") if isinstance(waarde, datetime) else str(waarde)
    return f"<table:table-cell {kind} {eigen}><text:p>{escape(shown)}</text:p></table:table-cell>"


def parquet(kolommen: Mapping[str, pa.Array]) -> bytes:
    """Returns a Parquet file with these columns."""
    out = io.BytesIO()
    pq.write_table(pa.table(dict(kolommen)), out)
    return out.getvalue()
