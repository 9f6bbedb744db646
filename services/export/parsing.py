"""Parses a file that was exported before, as text, so that it can be compared with how it is made now."""

import csv
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import NamedTuple
from xml.etree import ElementTree

import orjson

from schemas.fields import AMSTERDAM
from services.export.formats import text_of
from services.export.tabel import ROWS, as_table, plain_text

_UNREADABLE = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    StopIteration,
    NotImplementedError,
    OSError,
    csv.Error,
    struct.error,
    zlib.error,
    zipfile.BadZipFile,
    ElementTree.ParseError,
)
"""What parsers raise for a file that anybody may have changed."""


class UnreadableError(ValueError):
    """The file is not an export of ours. The message says what is wrong with it."""


class FileRow(NamedTuple):
    """A row of a file, and where it stands."""

    plaats: str
    """The place of the row, such as `regel 14`."""
    cellen: Mapping[str, str]
    """Text by column. An unknown value is ''."""
    plaats_van: Mapping[str, str] = {}
    """The place by column, in a file that gives each cell a line of its own."""


class FileTable(NamedTuple):
    """The contents of a file."""

    kop: Mapping[str, str]
    """What the file says about the table as a whole."""
    regels: Sequence[FileRow]
    plaats_van_kop: Mapping[str, str] = {}


def read_back(content: bytes, name: str) -> FileTable:
    """Parses a file of this format: `json`, `csv`, `xlsx` or `parquet`. Raises UnreadableError."""
    try:
        return _READERS[name](content)
    except _UNREADABLE as error:
        raise UnreadableError(f"is geen {name} die Opvangpeil zo maakte: {error}") from error


def _json(content: bytes) -> FileTable:
    said = orjson.loads(content)
    table = as_table("", said, {})
    names = [kolom.naam for kolom in table.kolommen]
    lines = content.decode().splitlines()
    place = next((name for name in ROWS if isinstance(said.get(name), list)), "")
    first = next((number for number, line in enumerate(lines) if line.startswith(f'  "{place}": [')), 0)
    begins = [number for number, line in enumerate(lines, start=1) if number > first and line.rstrip() == "    {"]
    rows = []
    for n, row in enumerate(table.rijen):
        cells = dict(zip(names, map(text_of, row), strict=True))
        places = {}
        if n < len(begins):  # It is indented, as ours are, so each figure has a line of its own.
            places = {name: f"regel {begins[n] + k}" for k, name in enumerate(said[place][n], start=1)}
        rows.append(FileRow(f"regel {begins[n]}" if n < len(begins) else f"rij {n + 1}", cells, places))
    return FileTable({name: text_of(value) for name, value in table.kop.items()}, rows, dict(_of_head(lines)))


def _of_head(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yields what stands above the rows, each name with its line, in a file that is indented as ours are."""
    above = ""
    for number, line in enumerate(lines, start=1):
        name, found, _ = line.strip().partition('": ')
        depth = len(line) - len(line.lstrip())
        if found and depth in (2, 4):
            name = name.removeprefix('"')
            yield (name if depth == 2 else f"{above}.{name}"), f"regel {number}"
            above = name if depth == 2 else above


def _csv(content: bytes) -> FileTable:
    text = content.decode()
    head = text.partition("\n")[0]
    if ";" in head and "," not in head:
        raise ValueError("de kolommen worden gescheiden door ; in plaats van ,")
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    rows = []
    for row in reader:
        if None in row or None in row.values():
            raise ValueError(f"regel {reader.line_num} heeft een ander aantal kolommen dan de kop")
        rows.append(FileRow(f"regel {reader.line_num}", row))
    return FileTable(rows[0].cellen if rows else {}, rows)


_DAY_0, _DAY = datetime(1899, 12, 30, tzinfo=UTC), 86_400
"""From when a workbook counts days, and the seconds of a day."""
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def _xlsx(content: bytes) -> FileTable:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        shared = "xl/sharedStrings.xml"  # Some programs write each text in its cell, and have no such part.
        texts = ["".join(part.itertext()) for part in _tree(book, shared)] if shared in book.namelist() else []
        folds = _moments(_tree(book, "xl/styles.xml"))
        data, meaning = (_cells(_tree(book, f"xl/worksheets/sheet{n}.xml"), texts, folds) for n in (1, 2))
    names = data.pop(1)
    rows = [
        FileRow(f"regel {line}", {name: _as_cell(cells.get(column, "")) for column, name in names.items()})
        for line, cells in sorted(data.items())
    ]
    said = [cells for line, cells in sorted(meaning.items()) if line > 1 and "A" in cells]
    kop = {cells["A"]: cells.get("B", "") for cells in takewhile(lambda cells: cells["A"] != "kolom", said)}
    kop.pop("tijdzone", None)  # it says how cells show their moments, and here they are all in UTC
    return FileTable(kop, rows)


_IN_UTC = -1
"""In the place of which of two hours it is: a moment in UTC. An earlier version wrote those, and its format said so."""


def _moments(styles: ElementTree.Element) -> dict[str, int]:
    """Returns each style of a cell that shows a moment, with which it is of two hours that look alike."""
    codes = {one.get("numFmtId"): one.get("formatCode", "").casefold() for one in styles.iter(f"{_SHEET}numFmt")}
    used = styles.find(f"{_SHEET}cellXfs")
    shown = [codes.get(one.get("numFmtId"), "") for one in used.iter(f"{_SHEET}xf")] if used is not None else []
    return {
        str(n): _IN_UTC if "utc" in code else int("wintertijd" in code)
        for n, code in enumerate(shown)
        if "hh:mm" in code
    }


_EXACT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
"""A moment that stands as text, since a cell can't hold all of it."""


def _in_days(moment: datetime) -> str:
    seconds = round((moment - _DAY_0).total_seconds(), 3)
    return repr(round(seconds / _DAY, 9))


def _in_utc(days: str, fold: int) -> str:
    """Returns a moment on the Dutch clock, in days since the beginning of 1900, as one in UTC."""
    moment = _DAY_0 + timedelta(seconds=round(float(days) * _DAY, 3))
    if fold != _IN_UTC:
        moment = moment.replace(tzinfo=AMSTERDAM, fold=fold).astimezone(UTC)
    return _in_days(moment)


def _tree(book: zipfile.ZipFile, part: str) -> ElementTree.Element:
    content = book.read(part)
    if b"<!DOCTYPE" in content:  # Our files have none, and an attacker can make one that fills the memory.
        raise ValueError(f"{part} bevat een DOCTYPE")
    return ElementTree.fromstring(content)  # noqa: S314 - without a DOCTYPE there are no entities to expand


def _cells(sheet: ElementTree.Element, texts: Sequence[str], folds: Mapping[str, int]) -> dict[int, dict[str, str]]:
    """Returns the text of each cell, by line and column; of a moment the days since the beginning of 1900, in UTC."""
    found: dict[int, dict[str, str]] = {}
    for row in sheet.iter(f"{_SHEET}row"):
        cells = found.setdefault(int(row.get("r", "0")), {})
        for cell in row.iter(f"{_SHEET}c"):
            value, inline = cell.find(f"{_SHEET}v"), cell.find(f"{_SHEET}is")
            if inline is not None:
                cells[str(cell.get("r")).rstrip("0123456789")] = "".join(inline.itertext())
            elif value is not None and value.text is not None:
                text = texts[int(value.text)] if cell.get("t") == "s" else value.text
                if cell.get("t", "n") == "n" and (fold := folds.get(cell.get("s", ""))) is not None:
                    text = _in_utc(text, fold)
                cells[str(cell.get("r")).rstrip("0123456789")] = text
    return found


def _as_cell(text: str) -> str:
    """Returns a text, or the days of a moment that stands as one. An earlier version wrote all of these as days."""
    if not _EXACT.fullmatch(text):
        return text
    try:
        return _in_days(datetime.fromisoformat(text))
    except ValueError:  # It looks like a moment, and is a text that somebody sent.
        return text


def _parquet(content: bytes) -> FileTable:
    from pyarrow import BufferReader, parquet  # noqa: PLC0415 - see `as_parquet`

    table = parquet.read_table(BufferReader(content))
    metadata: Mapping[bytes, bytes] = table.schema.metadata or {}
    rows = [
        FileRow(f"rij {n}", {name: _of_cell(value) for name, value in row.items()})
        for n, row in enumerate(table.to_pylist(), start=1)
    ]
    kop = {name.decode(): value.decode() for name, value in metadata.items() if not name.startswith(b"ARROW:")}
    return FileTable(kop, rows)


def _of_cell(value: object) -> str:
    return plain_text(value) if isinstance(value, bool) else "" if value is None else str(value)


_READERS: Mapping[str, Callable[[bytes], FileTable]] = {"json": _json, "csv": _csv, "xlsx": _xlsx, "parquet": _parquet}
