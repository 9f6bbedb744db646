"""CSV: one event a row, under the columns of `columns`. The server judges the values; here they only become JSON.

A physical line is a row: no text of an event may hold a line break, so a quote that was left open costs the rows it
spans, not the rest of the file.
"""

import csv
from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import orjson

from schemas.events import FACT_TYPES
from schemas.parsing import EVENT_BYTES_MAX
from services.importer.columns import ENVELOPE, SUBJECT_NAMES, Column, data_columns, full_type
from services.importer.lines import too_long
from services.importer.model import Batch, Group, ImporterError, Reject

_ROW_IDS = uuid5(NAMESPACE_URL, "urn:opvangpeil:importeer:csv")
"""The namespace of ids made from a row's content. Never changes: a repeat must get the same id."""
_REQUIRED = ("type", "source", "subject", "time")
_ENVELOPE = {*_REQUIRED, "id"}
_NOT_UTF8 = "is geen UTF-8; bewaar het bestand als 'CSV UTF-8'"


class _RowError(ValueError):
    """What is wrong with one row, in Dutch."""


class Csv:
    """Rows → events. `constants`: envelope values (type, source, subject, time) for cells that are absent or empty.

    Without an `id` the event gets a UUIDv5 of its content, so equal rows are one event however the columns are
    ordered, and importing the file again changes nothing.
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
        """Every row that is not blank, as an event or a reject. Raises ImporterError for a header that won't do."""
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
        """The column where a field of the event came from: `data.plaatsen.0.aantal` → `kolom plaatsen.nood.aantal`."""
        head, _, path = veld.partition(".")
        if head != "data":
            return f"kolom {self._called(head)}"
        field, *rest = path.split(".")
        parsed = orjson.loads(event)
        columns = [column for column in data_columns(parsed["type"]) if column.field == field]
        if len(rest) == 2:  # `plaatsen.0.aantal`: which of the items, and which field of it
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
            names.pop()  # a separator too many at the end, as spreadsheets write
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
            raise ImporterError(f"De kopregel klopt niet: {'; '.join(faults)}. Bekende kolommen: {known}.")

    def _read_row(self, line: bytes, size: int) -> bytes:
        """The event as JSON; nothing for a row without any text."""
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
        """The event of one row; all that is wrong with it in one _RowError, each with its column."""
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
        data: dict[str, Any] = {}
        for index, column in plan:
            if not cells[index]:
                continue
            try:
                value = column.convert(cells[index])
            except ValueError as error:
                faults.append(f"kolom {column.name}: {error}")
                continue
            if column.inner is None:
                data[column.field] = value
            else:
                item = {column.key[0]: column.key[1]} if column.key else {}
                data.setdefault(column.field, {}).setdefault(column.key, item)[column.inner] = value
        # The objects of a list were gathered by their word; `plan` is in the model's order, so that the content of
        # an event, and with it its id, does not depend on the order of the columns.
        return {field: list(value.values()) if isinstance(value, dict) else value for field, value in data.items()}

    def _plan(self, full: str) -> tuple[list[tuple[int, Column]], list[int]]:
        """For one type: the cells that it takes, in the model's order, and those that must be empty."""
        if full not in self._plans:
            where = {name: index for index, name in enumerate(self._header)}
            plan = [(where[column.name], column) for column in data_columns(full) if column.name in where]
            taken = {index for index, _ in plan}
            foreign = [i for name, i in where.items() if i not in taken and name not in {*ENVELOPE, *SUBJECT_NAMES}]
            self._plans[full] = plan, foreign
        return self._plans[full]

    def _called(self, attribute: str) -> str:
        """An attribute of the envelope by the name that the header gives it."""
        return next((name for name in self._header if _envelope_name(name) == attribute), attribute)


def _item(items: object, index: str) -> dict[str, Any]:
    """One object of a list, empty if the server named one that isn't there."""
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
        return text.split(separator)  # the common case, at a fifth of the cost
    return next(csv.reader([text.rstrip("\r")], delimiter=separator, strict=True, skipinitialspace=True), [])


def _why(error: csv.Error) -> str:
    if "unexpected end of data" in str(error):
        return "een aanhalingsteken is niet gesloten; een cel mag geen regeleinde bevatten"
    return f"is geen geldige CSV ({error})"
