"""CSV: one event per row, under the columns of `columns`. Here the values only become JSON; the server judges them.

A row is one physical line, since no text of an event may hold a line break. So a quote that is left open spoils the
rows that it spans, and not the rest of the file.
"""

import csv
from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import orjson

from schemas.events import FACT_TYPES
from schemas.parsing import EVENT_BYTES_MAX
from services.importer.columns import ENVELOPE, SUBJECT_NAMES, Column, data_columns, data_of, full_type
from services.importer.lines import too_long
from services.importer.model import Batch, Group, ImporterError, Reject

_ROW_IDS = uuid5(NAMESPACE_URL, "urn:opvangpeil:importeer:csv")
"""The namespace of ids made from the content of a row. Never change it: a repeat must get the same id."""
_REQUIRED = ("type", "source", "subject", "time")
_ENVELOPE = {*_REQUIRED, "id"}
_NOT_UTF8 = "is geen UTF-8; bewaar het bestand als 'CSV UTF-8'"


class _RowError(ValueError):
    """A row is not an event. The message says why, in Dutch."""


class Csv:
    """Makes events of rows. `constants` are values of type, source, subject and time for absent or empty cells.

    An event without an `id` gets a UUIDv5 of its content. So equal rows are one event, whatever the order of the
    columns, and importing the file again changes nothing.
    """

    def __init__(self, constants: Mapping[str, str] | None = None) -> None:
        given = {_envelope_name(name): value for name, value in (constants or {}).items() if value}
        if unknown := set(given) - set(_REQUIRED):
            raise ImporterError(
                f"{', '.join(sorted(unknown))}: geen vaste waarde voor een CSV; wel: {', '.join(_REQUIRED)}"
            )
        if "type" in given:
            given["type"] = full_type(given["type"])
        self._constants = given
        self._header: list[str] = []
        self._separator = ","
        self._plans: dict[str, tuple[list[tuple[int, Column]], list[int]]] = {}

    def read(self, group: Group) -> Batch:
        """Returns every row that is not blank, as an event or a reject. Raises ImporterError for a wrong header."""
        numbers: list[int] = []
        batch = Batch(numbers, [], [], [])
        for number, line in enumerate(group.lines, group.first):
            size = group.cut.get(number, len(line))
            if not self._header:
                if line.strip():
                    self._read_header(line, size)
                continue
            try:
                event = self._read_row(line, size)
            except _RowError as error:
                batch.rejects.append(Reject(number, str(error), line))
                continue
            if event:
                numbers.append(number)
                batch.events.append(event)
                batch.originals.append(line)
        return batch

    def place(self, event: bytes, veld: str) -> str:
        """Returns the column of a field: for `data.plaatsen.0.aantal`, for example, `kolom plaatsen.nood.aantal`."""
        head, _, path = veld.partition(".")
        if head != "data":
            return f"kolom {self._called(head)}"
        field, *rest = path.split(".")
        parsed = orjson.loads(event)
        columns = [column for column in data_columns(parsed["type"]) if column.field == field]
        if len(rest) == 2:  # Such as `0.aantal`: the index of an object, and its field.
            item = _item(parsed["data"].get(field), rest[0])
            columns = [c for c in columns if c.inner == rest[1] and (c.key is None or item.get(c.key[0]) == c.key[1])]
        if len(columns) == 1:
            return f"kolom {columns[0].name}"
        return f"kolommen {field}.…" if columns and columns[0].key else f"kolom {path}"

    def _read_header(self, line: bytes, size: int) -> None:
        if size > EVENT_BYTES_MAX:
            raise ImporterError(f"De kopregel {too_long(size)}.")
        try:
            text = line.decode()
        except UnicodeDecodeError:
            raise ImporterError(f"De kopregel {_NOT_UTF8}.") from None
        self._separator = ";" if ";" in text else ","
        try:
            names = [name.strip() for name in _cells(text, self._separator)]
        except csv.Error as error:
            raise ImporterError(f"De kopregel is niet te lezen: {_why(error)}.") from None
        while names and not names[-1]:
            names.pop()  # Spreadsheets may write a separator too many at the end.
        self._check_header(names)
        self._header = names

    def _check_header(self, names: list[str]) -> None:
        kind = self._constants.get("type")
        data = {c.name: c for full in ([kind] if kind else FACT_TYPES) for c in data_columns(full)}
        present = [_envelope_name(name) for name in names]
        faults = [f"kolom '{name}' is niet bekend" for name in names if name not in {*ENVELOPE, *SUBJECT_NAMES, *data}]
        faults += [f"kolom {name} staat er meer dan eens" for name in _REQUIRED if present.count(name) > 1]
        faults += [f"kolom {n} staat er meer dan eens" for n in sorted({"id", *data}) if names.count(n) > 1]
        needed = [*_REQUIRED, *(c.name for c in data.values() if kind and c.required)]
        missing = [name for name in needed if name not in present and name not in self._constants]
        faults += [f"kolom {SUBJECT_NAMES[0] if name == 'subject' else name} ontbreekt" for name in missing]
        if faults:
            known = ", ".join([*ENVELOPE, *data]) if kind else f"{', '.join(ENVELOPE)} en de velden van het type"
            raise ImporterError(
                f"De kopregel klopt niet: {'; '.join(faults)}. Bekende kolommen: {known}. Heeft de bron eigen "
                "kolommen, dan zegt een profiel wat elk is: importeer met --profiel; opvangpeil profiel maak stelt er "
                "een voor."
            )

    def _read_row(self, line: bytes, size: int) -> bytes:
        """Returns the event as JSON, or nothing for a row without text."""
        cells = self._row_cells(line, size)
        if not any(cells):
            return b""
        event = orjson.dumps(self._event(cells))
        if len(event) > EVENT_BYTES_MAX:
            raise _RowError(too_long(len(event)))
        return event

    def _row_cells(self, line: bytes, size: int) -> list[str]:
        if size > EVENT_BYTES_MAX:
            raise _RowError(too_long(size))
        try:
            cells = [cell.strip() for cell in _cells(line.decode(), self._separator)]
        except UnicodeDecodeError as error:
            raise _RowError(_NOT_UTF8) from error
        except csv.Error as error:
            raise _RowError(_why(error)) from error
        width = len(self._header)
        if any(cells) and (len(cells) < width or any(cells[width:])):
            raise _RowError(f"heeft {len(cells)} cellen, de kopregel {width} (scheidingsteken {self._separator})")
        return cells[:width]

    def _event(self, cells: list[str]) -> dict[str, Any]:
        """Returns the event of one row. Raises _RowError with all of its faults, each with its column."""
        faults: list[str] = []
        event: dict[str, Any] = {"specversion": "1.0", **self._constants}
        for name, cell in zip(self._header, cells, strict=True):
            if cell and (attribute := _envelope_name(name)) in _ENVELOPE:
                event[attribute] = cell
        faults += [f"kolom {self._called(name)}: is leeg" for name in _REQUIRED if name not in event]
        try:
            event["type"] = full_type(event["type"]) if "type" in event else ""
        except ImporterError as error:
            faults.append(f"kolom type: {error}")
        else:
            event["data"] = self._data(event["type"], cells, faults) if event["type"] else {}
        if faults:
            raise _RowError("; ".join(faults))
        if "id" not in event:
            event["id"] = str(uuid5(_ROW_IDS, orjson.dumps(event, option=orjson.OPT_SORT_KEYS).decode()))
        return event

    def _data(self, full: str, cells: list[str], faults: list[str]) -> dict[str, Any]:
        plan, foreign = self._plan(full)
        faults += [f"kolom {self._header[i]}: hoort niet bij {full}; laat de cel leeg" for i in foreign if cells[i]]
        values = []
        for index, column in plan:
            if not cells[index]:
                continue
            try:
                values.append((column, column.convert(cells[index])))
            except ValueError as error:
                faults.append(f"kolom {column.name}: {error}")
        # `plan` has the order of the model, so the content of an event, and thus its id, does not depend on the order
        # of the columns.
        return data_of(values)

    def _plan(self, full: str) -> tuple[list[tuple[int, Column]], list[int]]:
        """Returns which cells a type uses, in the order of the model, and which must be empty."""
        if full not in self._plans:
            where = {name: index for index, name in enumerate(self._header)}
            plan = [(where[column.name], column) for column in data_columns(full) if column.name in where]
            taken = {index for index, _ in plan}
            foreign = [i for name, i in where.items() if i not in taken and name not in {*ENVELOPE, *SUBJECT_NAMES}]
            self._plans[full] = plan, foreign
        return self._plans[full]

    def _called(self, attribute: str) -> str:
        """Returns the name that the header gives to an attribute of the envelope."""
        return next((name for name in self._header if _envelope_name(name) == attribute), attribute)


def _item(items: object, index: str) -> dict[str, Any]:
    """Returns one object of a list, or an empty one when the server named an object that is not there."""
    if (
        isinstance(items, list)
        and index.isdecimal()
        and int(index) < len(items)
        and isinstance(items[int(index)], dict)
    ):
        return dict(items[int(index)])
    return {}


def _envelope_name(column: str) -> str:
    return "subject" if column in SUBJECT_NAMES else column


def _cells(text: str, separator: str) -> list[str]:
    if '"' not in text and "\r" not in text:
        return text.split(separator)  # The common case, at a fifth of the cost.
    return next(csv.reader([text.rstrip("\r")], delimiter=separator, strict=True, skipinitialspace=True), [])


def _why(error: csv.Error) -> str:
    if "unexpected end of data" in str(error):
        return "een aanhalingsteken is niet gesloten; een cel mag geen regeleinde bevatten"
    return f"is geen geldige CSV ({error})"
