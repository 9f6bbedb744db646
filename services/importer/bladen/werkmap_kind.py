"""Reads one workbook and writes it as lines of JSON. It runs as a program of its own, with little memory.

Workbooks come from anybody. Whatever one does to the library that reads it, it does to this process alone. It gets
the file as standard input, and as arguments the bytes of memory and the most rows per sheet (0 is all), and then the
names of the sheets to read, with * for what varies (none is all). It imports nothing of Opvangpeil, so that it starts
at once.

Each sheet is a line `{"blad": name, "verborgen": bool}`, then a line per row, as a list of cells. A text, number, truth
or null stands as it is. `{"m": text}` is a moment, date or time; `{"f": text}` is a cell with an error.
"""

import math
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from fnmatch import fnmatchcase
from typing import Any
from xml.parsers import expat

import orjson
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

_SECONDS = 120
_CHUNK = 1024 * 1024
_SUSPECT = re.compile(rb't="e"|<(?:\w+:)?f[ />]|formula=|-spanned=')
_OVERLAP = 32
"""More than what is looked for, since it may stand across the border of two pieces."""
_EXACT = 2**53
"""From here on a number of a workbook is no longer exact."""
_REPEATS_MAX = 1000
"""Of a cell that is repeated, the most of which an error is told."""
Bad = dict[tuple[int, int], str]
Merged = list[tuple[tuple[int, int], tuple[int, int]]]
"""The first and last (row, column) of merged cells."""
Kept = list[tuple[int, int, int, Any]]
"""Merged cells that go on in the next row: first and last column, last row, and what they hold."""


def main() -> None:
    """Reads standard input and writes standard output.

    Exit 3: not a workbook that can be read. Exit 4: it lacks a sheet. The reason stands on standard error.
    """
    memory, most, *wanted = int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:]
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    out = sys.stdout.buffer
    try:
        book = CalamineWorkbook.from_filelike(sys.stdin.buffer)
        sheets = [(n, one) for n, one in enumerate(book.sheets_metadata) if one.typ == SheetTypeEnum.WorkSheet]
        _need([sheet.name for _, sheet in sheets], wanted)
        for index, sheet in sheets:
            if not wanted or any(_is_called(sheet.name, one) for one in wanted):
                hidden = sheet.visible != SheetVisibleEnum.Visible
                out.write(orjson.dumps({"blad": sheet.name, "verborgen": hidden}) + b"\n")
                _write(out, book.get_sheet_by_index(index), *_look(index, sheet.name), most)
    except (CalamineError, zipfile.BadZipFile, expat.ExpatError, KeyError, ValueError, OSError) as error:
        sys.stderr.write(f"{type(error).__name__}: {error}")
        sys.exit(3)
    out.flush()


def _need(names: list[str], wanted: list[str]) -> None:
    for one in wanted:
        if not any(_is_called(name, one) for name in names):
            sys.stderr.write(f"heeft geen blad dat '{one}' heet; wel: {', '.join(names)}.")
            sys.exit(4)


def _is_called(name: str, wanted: str) -> bool:
    return fnmatchcase(name.strip().casefold(), wanted.strip().casefold())


def _write(out: Any, sheet: Any, bad: Bad, merged: Merged, most: int) -> None:
    merged = sheet.merged_cell_ranges or merged
    kept: Kept = []
    before = [None] * (sheet.start[1] if sheet.start else 0)
    for number, row in enumerate(sheet.iter_rows()):
        if most and number >= most:
            return
        cells = [*before, *map(_cell, row)]
        if merged or kept:
            kept = _fill(cells, number, merged, kept)
        out.write(orjson.dumps(_with_faults(cells, bad, number) if bad else cells) + b"\n")


def _with_faults(cells: list[Any], bad: Bad, row: int) -> list[Any]:
    return [{"f": bad[row, column]} if (row, column) in bad else cell for column, cell in enumerate(cells)]


def _fill(cells: list[Any], row: int, merged: Merged, kept: Kept) -> Kept:
    """Gives each cell of a merged one its text or date, and returns the merged cells that go on in the next row.

    A heading above several columns is the heading of each of them. A number is not repeated: there would be more of it.
    """
    for (top, left), (bottom, right) in merged:
        if top == row and left < len(cells) and isinstance(cells[left], str | dict):
            kept = [*kept, (left, right, bottom, cells[left])]
    for left, right, _bottom, text in kept:
        for column in range(left, min(right + 1, len(cells))):
            cells[column] = text
    return [one for one in kept if one[2] > row]


def _cell(value: Any) -> Any:
    kind = type(value)
    if kind is str:
        return value or None
    if kind is float:
        if not math.isfinite(value):
            return {"f": "is geen getal"}
        return int(value) if value.is_integer() and abs(value) < _EXACT else value
    if kind is datetime or kind is date or kind is time:
        return {"m": value.isoformat()}
    return str(value) if kind is timedelta else value


# What the library does not tell ---------------------------------------------------------------------------------------
# It gives an empty text for a cell with an error, and for a formula that was never computed, and of ODS it does not say
# which cells are merged. So these are looked up in the file itself, if there are any.


def _look(index: int, name: str) -> tuple[Bad, Merged]:
    sys.stdin.buffer.seek(0)
    with zipfile.ZipFile(sys.stdin.buffer) as book:
        names = set(book.namelist())
        if "content.xml" in names:
            ods = _Ods(name)
            _look_in(book, "content.xml", ods)
            return ods.bad, ods.merged
        xlsx = _Xlsx()
        part = _part_of(book, index)
        if part in names:
            _look_in(book, part, xlsx)
        return xlsx.bad, []


def _part_of(book: zipfile.ZipFile, index: int) -> str:
    """Returns the part of an XLSX that holds a sheet, given its place among the sheets."""
    ids: list[str] = []
    targets: dict[str, str] = {}

    def sheets(tag: str, of: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "sheet":
            ids.append(next((value for key, value in of.items() if key.endswith(":id")), ""))

    def relations(tag: str, of: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "Relationship":
            targets[of.get("Id", "")] = of.get("Target", "")

    _parse(book.read("xl/workbook.xml"), sheets)
    _parse(book.read("xl/_rels/workbook.xml.rels"), relations)
    target = targets.get(ids[index], "") if index < len(ids) else ""
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _parse(content: bytes, start: Any) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.Parse(content, True)


def _look_in(book: zipfile.ZipFile, part: str, finder: "_Xlsx | _Ods") -> None:
    if not _is_suspect(_chunks(book, part)):
        return
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = finder.start, finder.end
    parser.CharacterDataHandler = finder.text
    for chunk in _chunks(book, part):
        parser.Parse(chunk)
    parser.Parse(b"", True)


def _is_suspect(chunks: Iterator[bytes]) -> bool:
    end = b""
    for chunk in chunks:
        if _SUSPECT.search(end + chunk):
            return True
        end = chunk[-_OVERLAP:]
    return False


def _chunks(book: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    with book.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


class _Xlsx:
    """Finds cells `t="e"`, and formulas without a value."""

    def __init__(self) -> None:
        self.bad: Bad = {}
        self._row, self._column, self._next = -1, -1, 0
        self._error = self._formula = self._text = self._in_value = False
        self._value = ""

    def start(self, tag: str, of: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "row":
            self._row = int(of["r"]) - 1 if "r" in of else self._row + 1
            self._next = 0
        elif tag == "c":
            self._column = _column(of["r"]) if "r" in of else self._next
            self._next = self._column + 1
            self._error, self._text = of.get("t") == "e", of.get("t") == "str"
            self._formula, self._value = False, ""
        elif tag == "f":
            self._formula = True
        elif tag in {"v", "t"}:
            self._in_value = True

    def text(self, text: str) -> None:
        if self._in_value:
            self._value += text

    def end(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if tag in {"v", "t"}:
            self._in_value = False
        elif tag == "c" and self._error:
            self.bad[self._row, self._column] = f"de formule geeft {self._value.strip() or 'een fout'}"
        elif tag == "c" and self._formula and not self._value and not self._text:  # an empty text is a result
            self.bad[self._row, self._column] = "de formule is nooit uitgerekend; open en bewaar het bestand eerst"


class _Ods:
    """Finds formulas of one sheet that gave an error, or nothing at all, and merged cells."""

    def __init__(self, sheet: str) -> None:
        self.bad: Bad = {}
        self.merged: Merged = []
        self._sheet, self._inside = sheet, False
        self._row = self._column = 0
        self._rows = self._columns = 1
        self._look, self._said = False, ""

    def start(self, tag: str, of: dict[str, str]) -> None:
        if tag == "table:table":
            self._inside, self._row = of.get("table:name") == self._sheet, 0
        elif tag == "table:table-row":
            self._column, self._rows = 0, int(of.get("table:number-rows-repeated", 1))
        elif tag in {"table:table-cell", "table:covered-table-cell"}:
            self._columns = int(of.get("table:number-columns-repeated", 1))
            down, right = (int(of.get(f"table:number-{way}-spanned", 1)) for way in ("rows", "columns"))
            if self._inside and (down > 1 or right > 1):
                at = self._row, self._column
                self.merged.append((at, (at[0] + down - 1, at[1] + right - 1)))
            error = of.get("calcext:value-type") == "error"
            self._look = self._inside and (error or ("table:formula" in of and "office:value-type" not in of))
            self._said = ""

    def text(self, text: str) -> None:
        if self._look:
            self._said += text

    def end(self, tag: str) -> None:
        if tag == "table:table":
            self._inside = False
        elif tag == "table:table-row":
            self._row += self._rows
        elif tag in {"table:table-cell", "table:covered-table-cell"}:
            if self._look:
                why = f"de formule geeft {self._said.strip() or 'een fout'}"
                rows, columns = (range(min(many, _REPEATS_MAX)) for many in (self._rows, self._columns))
                self.bad |= {(self._row + m, self._column + n): why for m in rows for n in columns}
            self._look = False
            self._column += self._columns


def _column(place: str) -> int:
    """Returns the index of the column in a place such as `AB12`."""
    index = 0
    for letter in place:
        if letter.isdigit():
            break
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


main()
