"""Reads XLSX, XLSM and ODS, by a process of its own that has little memory."""

import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any

import orjson

from services.importer.bladen.cel import Blad, Fout, Rij, Waarde
from services.importer.model import ImporterError, dutch

MEMORY_BYTES = 400 * 1024 * 1024
"""What the process may use. A workbook of 100,000 rows of five cells took 85 MB."""
XML_BYTES_MAX = 250 * 1024 * 1024
"""The most that the sheets of a workbook may be, unpacked: what is more would not fit in the memory."""
_MANIFEST_BYTES_MAX = 1024 * 1024
_ANDERS = {
    "xl/workbook.bin": "een binaire werkmap (XLSB)",
    "word/document.xml": "een Word-document",
    "ppt/presentation.xml": "een presentatie",
    "Index/Document.iwa": "een bestand van Numbers of Pages",
}
_KIND = Path(__file__).with_name("werkmap_kind.py")
_UITWEG = "Bewaar het blad als 'CSV UTF-8'; dat mag tot 300 MB groot zijn"


class GeenBladError(ImporterError):
    """A workbook without a sheet that must be read. The message is Dutch, and names those that it has."""


def lees_werkmap(pad: Path, bladen: Sequence[str], hoogstens: int = 0) -> Iterator[Blad]:
    """Yields the sheets with these names (with * for what varies), or all of them, in the order of the file.

    The rows of a sheet must be read before the next sheet. `hoogstens`: the most rows of each; 0 is all.
    Raises ImporterError: too large, damaged, locked with a password, without such a sheet, or no workbook at all.
    """
    _weiger_wat_niet_past(pad)
    with tempfile.TemporaryFile() as said, pad.open("rb") as file:
        command = [sys.executable, "-I", str(_KIND), str(MEMORY_BYTES), str(hoogstens), *bladen]
        with subprocess.Popen(command, stdin=file, stdout=subprocess.PIPE, stderr=said, env={}) as child:  # noqa: S603
            try:
                yield from _Bladen(_out(child))
            finally:
                # Whoever stops reading halfway needs no more of it.
                _out(child).close()
                if child.poll() is None and sys.exc_info()[0] is not None:
                    child.kill()
        said.seek(0)
        if child.returncode != 0:
            why = said.read(2000).decode(errors="replace")
            if child.returncode == 4:
                raise GeenBladError(f"{pad.name} {why}")
            raise ImporterError(f"{pad.name} {_waarom(child.returncode, why)}")


def _out(child: "subprocess.Popen[bytes]") -> IO[bytes]:
    if child.stdout is None:
        raise TypeError("the process has no output to read")
    return child.stdout


class _Bladen:
    """Makes sheets of the lines of the process."""

    def __init__(self, lines: IO[bytes]) -> None:
        self._lines, self._next = lines, self._head(lines.readline())
        self._at_end = False
        """Whether the rows of the sheet are behind us."""

    def __iter__(self) -> Iterator[Blad]:
        while (head := self._next) is not None:
            self._at_end = False
            yield Blad(head["blad"], verborgen=head["verborgen"], rijen=self._rijen())
            while not self._at_end:  # what the reader left, also when it closed the rows
                for _ in self._rijen():
                    continue

    def _rijen(self) -> Iterator[Rij]:
        for number, line in enumerate(self._lines, start=1):
            if line[:1] == b"{":
                self._next, self._at_end = self._head(line), True
                return
            yield Rij(number, _cells(line))
        self._next, self._at_end = None, True

    def _head(self, line: bytes) -> dict[str, Any] | None:
        return orjson.loads(line) if line else None


def _cells(line: bytes) -> list[Waarde]:
    cells = orjson.loads(line)
    if b"{" in line:
        return [_special(cell) if type(cell) is dict else cell for cell in cells]
    return cells  # type: ignore[no-any-return]


def _special(cell: dict[str, str]) -> Waarde:
    if "f" in cell:
        return Fout(cell["f"])
    text = cell["m"]
    if "T" in text:
        return datetime.fromisoformat(text)
    return time.fromisoformat(text) if ":" in text else date.fromisoformat(text)


def _weiger_wat_niet_past(pad: Path) -> None:
    try:
        with zipfile.ZipFile(pad) as book:
            parts = {part.filename: part for part in book.infolist()}
            manifest = parts.get("META-INF/manifest.xml")
            locked = any(part.flag_bits & 1 for part in parts.values())
            if manifest is not None and not locked and manifest.file_size < _MANIFEST_BYTES_MAX:
                locked = b"encryption-data" in book.read(manifest)
    except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError) as error:
        raise ImporterError(
            f"{pad.name} is beschadigd of niet compleet. Vraag het opnieuw op, of bewaar het opnieuw."
        ) from error
    if not {"xl/workbook.xml", "content.xml"} & set(parts):
        kind = next((text for name, text in _ANDERS.items() if name in parts), "een zip-bestand zonder werkmap erin")
        raise ImporterError(f"{pad.name} is {kind}. Bewaar het als 'Excel-werkmap (.xlsx)' of als 'CSV UTF-8'.")
    size = sum(part.file_size for name, part in parts.items() if name.endswith(".xml"))
    if locked:
        raise ImporterError(f"{pad.name} is beveiligd met een wachtwoord. Bewaar het zonder wachtwoord.")
    if size > XML_BYTES_MAX:
        raise ImporterError(
            f"{pad.name} is uitgepakt {dutch(size // 1024**2)} MB, meer dan de {XML_BYTES_MAX // 1024**2} MB die "
            f"in het geheugen past. {_UITWEG}."
        )


def _waarom(code: int, said: str) -> str:
    if code == 3 and "MemoryError" not in said:
        why = said.splitlines()[0] if said else "zonder uitleg"
        return f"is geen werkmap die te lezen is ({why}). Bewaar het opnieuw in Excel of LibreOffice."
    return (
        f"is niet te lezen in {MEMORY_BYTES // 1024**2} MB geheugen en twee minuten. Staat er ver onder of rechts van "
        f"de tabel nog een cel, haal die weg. {_UITWEG}."
    )
