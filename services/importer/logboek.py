"""Reads a log that Opvangpeil wrote as CSV, XLSX or Parquet: each row is the event that it was, under its own id."""

import csv
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from schemas.events import FACT_TYPES
from schemas.fields import format_moment
from services.importer.bladen import Fout, GeenBladError, Leeswijze, Rij, Waarde, is_leeg, lees, soort_van
from services.importer.columns import Kind, data_columns
from services.importer.eigen import is_antwoord, zoals_het_was
from services.importer.model import ImporterError
from services.importer.profiel import Geweigerd, Kandidaat, als_regel

KOP = ("id", "source", "type", "subject", "time")
"""The columns by which a table is known as a log. The fields of `data` follow, each as `data.…`."""
_WIJZE = Leeswijze(("gegevens",), "utf-8", ",")
_ELK = "utf-16"
"""The encoding in which no byte is wrong: what is no UTF-8 has no heading of ours."""
_REGEL_MAX = 64 * 1024
"""More bytes than the first line of a table of ours."""
_REEKS = ("begin", "laatste", "maximum", "gemiddelde")
"""The columns of a series."""


class Logomzetting:
    """Makes events of the rows of a log."""

    naam = "logboek"

    def __init__(self) -> None:
        self.overgeslagen = 0
        self.opmerkingen: list[str] = []

    @property
    def lijsten(self) -> Sequence[tuple[str, str]]:
        """None: what a log lacks was not retracted by that."""
        return ()

    def rijen(self, pad: Path, bestandsnaam: str | None = None) -> Iterator[Kandidaat | Geweigerd]:
        """Yields the event of each row. Raises ImporterError when it is no log."""
        naam = bestandsnaam or pad.name
        try:
            yield from self._van(pad, naam)
        except GeenBladError as error:
            raise ImporterError(f"{naam} {geen_log(())}") from error

    def _van(self, pad: Path, naam: str) -> Iterator[Kandidaat | Geweigerd]:
        restored = zoals_het_was if soort_van(pad) == "tekst" else str
        for blad in lees(pad, _WIJZE):
            rows = iter(blad.rijen)
            head = _namen(next(rows, None))
            if wrong := geen_log(head):
                raise ImporterError(f"{naam} {wrong}")
            for row in rows:
                cells = {
                    name: restored(cell) if isinstance(cell, str) else cell
                    for name, cell in zip(head, row.waarden, strict=False)
                    if not is_leeg(cell)
                }
                if not any(name in cells for name in KOP):
                    continue
                try:
                    yield Kandidaat("", row.nummer, _event(cells), inhoud=als_regel(row.waarden))
                except ValueError as error:
                    yield Geweigerd("", row.nummer, str(error), als_regel(row.waarden))


def kop_van(pad: Path) -> list[str]:
    """Returns the first row of a file: of a workbook, that of the sheet that an export has. Empty when it has none.

    Of text only its first line is read. So what is wrong further on is told by whoever reads all of it.
    """
    if soort_van(pad, _ELK) == "tekst":
        return _eerste_regel(pad)
    blad = next(lees(pad, _WIJZE._replace(hoogstens=1)), None)
    return _namen(next(iter(blad.rijen), None)) if blad is not None else []


def _eerste_regel(pad: Path) -> list[str]:
    with pad.open("rb") as stream:
        line = stream.readline(_REGEL_MAX)
    try:
        return next(csv.reader([line.removeprefix(BOM_UTF8).decode()]), [])
    except (UnicodeDecodeError, csv.Error):
        return []  # Opvangpeil writes no such line.


def _namen(row: Rij | None) -> list[str]:
    return [str(cell) if cell is not None else "" for cell in row.waarden] if row is not None else []


def van_opvangpeil(kop: Sequence[str]) -> bool:
    """Returns whether a table with this heading is one that Opvangpeil wrote: a log, or figures."""
    return not geen_log(kop) or _afgeleid(kop)


def geen_log(kop: Sequence[str]) -> str:
    """Says why a table with this heading is no log; empty when it is one."""
    if set(KOP) <= set(kop) and any(name.startswith("data.") for name in kop):
        return ""
    if _afgeleid(kop):
        return (
            "bevat cijfers die Opvangpeil uit gebeurtenissen afleidde. Die zijn niet in te lezen: lees de "
            "gebeurtenissen zelf in (/v1/gebeurtenissen), of het bestand van de bron, met een profiel. Alleen een "
            "tabel met locaties (/v1/locaties) kan wel, met profiel opvangpeil-locaties."
        )
    return f"is geen logboek van Opvangpeil: een kopregel met {', '.join(KOP)} ontbreekt. Lees het in met --profiel."


def _afgeleid(kop: Sequence[str]) -> bool:
    """Returns whether a table holds figures: it says for which moment, or has columns that only figures have."""
    # It loads numpy, which a command that only tells its options can do without.
    from services.core.grootheden import BIJ_NAAM  # noqa: PLC0415 - see the line above

    if is_antwoord(kop) or set(_REEKS) <= set(kop):
        return True
    figures = BIJ_NAAM.keys() & set(kop)
    ours = any(not name.islower() for name in figures)  # people call a column 'aanwezig' too, and none 'totaalPlaatsen'
    return "type" not in kop and len(figures) > 1 and ours


def _event(cells: Mapping[str, Waarde]) -> dict[str, Any]:
    """Returns the event that a row was. Raises ValueError, in Dutch."""
    faults = [f"kolom '{name}': {cell.tekst}" for name, cell in cells.items() if isinstance(cell, Fout)]
    faults += [f"kolom '{name}' is leeg" for name in KOP if name not in cells]
    if faults:
        raise ValueError("; ".join(faults))
    kind = _text(cells["type"])
    kinds = _kinds(kind)
    data = {
        name.removeprefix("data."): _value(cell, kinds.get(name.removeprefix("data."), "tekst"))
        for name, cell in cells.items()
        if name.startswith("data.")
    }
    return {name: _text(cells[name]) for name in KOP} | {"data": data}


@cache
def _kinds(kind: str) -> Mapping[str, Kind | None]:
    """Returns what each field of `data` holds; None for a list."""
    if kind not in FACT_TYPES:
        return {}
    return {
        column.field: None if column.inner is not None or column.kind == "woorden" else column.kind
        for column in data_columns(kind)
    }


def _text(cell: Waarde) -> str:
    """Returns the text of a cell."""
    if isinstance(cell, datetime):
        if cell.tzinfo is None:
            raise ValueError(
                f"{cell} heeft geen tijdzone; zet het moment als tekst in de cel, zoals in het logboek zelf"
            )
        return format_moment(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def _value(cell: Waarde, kind: Kind | None) -> Any:
    """Returns the JSON value of a field. What can't be read as its kind stays text: the server says what is wrong."""
    text = {True: "true", False: "false"}[cell] if isinstance(cell, bool) else _text(cell)
    reader = _READERS.get(kind)
    if reader is None:
        return text
    try:
        return reader(text)
    except ValueError:
        return text


_READERS: Mapping[Kind | None, Callable[[str], Any]] = {
    None: orjson.loads,
    "geheel": orjson.loads,
    "getal": orjson.loads,
    "waarheid": orjson.loads,
}
