"""Reads CSV: text with a separator, in the encoding that the profile states. It streams, so size costs no memory."""

import codecs
import csv
import re
from collections.abc import Iterator
from pathlib import Path

from services.importer.bladen.cel import Blad, Rij
from services.importer.model import ImporterError, dutch, os_reason

BYTES_MAX = 300 * 1024 * 1024
"""The largest file of text that is read."""
SCHEIDINGSTEKENS = (";", ",", "\t", "|")
_SEP = re.compile(r'^"?sep=(.)"?\s*$', re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CHUNK = 256 * 1024
_END = re.compile(r"(?<=\n)|(?<=\r)(?!\n)")
"""Where a line ends. `str.splitlines` would also split at marks that may stand inside a cell."""


def bom_van(begin: bytes) -> tuple[str, int] | None:
    """Returns the encoding that a mark at the begin of a file states, and the length of that mark."""
    return next(((name, len(mark)) for mark, name in _BOMS if begin.startswith(mark)), None)


def lees_tekst(pad: Path, codering: str, scheiding: str) -> Blad:
    """Returns the only sheet of a file of text.

    A mark at the begin of the file, or a first line `sep=;`, says for certain what it is, so that goes before the
    profile. Raises ImporterError here or while rows are read: too large, or not text in this encoding.
    """
    try:
        size = pad.stat().st_size
    except OSError as error:
        raise ImporterError(f"{pad.name} is niet te openen: {os_reason(error)}.") from error
    if size > BYTES_MAX:
        raise ImporterError(
            f"{pad.name} is {dutch(size // 1024**2)} MB; een tekstbestand is hoogstens {BYTES_MAX // 1024**2} MB. "
            "Knip het in delen, elk met de kopregel."
        )
    return Blad("", verborgen=False, rijen=_rijen(pad, codering, scheiding))


def _rijen(pad: Path, codering: str, scheiding: str) -> Iterator[Rij]:
    lines = _regels(pad, codering)
    first = next(lines, "")
    if said := _SEP.match(first):
        scheiding, skipped = said[1], 1
        lines = iter(lines)
    else:
        skipped, lines = 0, _before(first, lines)
    reader = csv.reader(lines, delimiter=scheiding)
    begin = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise ImporterError(
                f"{pad.name}, regel {begin + skipped}: {_waarom(error)}. Zet een cel met een {_named(scheiding)} "
                "of een regeleinde tussen aanhalingstekens."
            ) from error
        if cells is None:
            return
        yield Rij(begin + skipped, [cell or None for cell in cells])
        begin = reader.line_num + 1


def _before(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _regels(pad: Path, codering: str) -> Iterator[str]:
    """Yields the lines of a file, with their ends. Raises ImporterError at the first byte that is no text."""
    number, rest = 0, ""
    try:
        with pad.open("rb") as stream:
            begin = stream.read(4)
            marked = bom_van(begin)
            stream.seek(marked[1] if marked else 0)
            codering = marked[0] if marked else codering
            decoder = codecs.getincrementaldecoder(codering)(errors="strict")
            while True:
                chunk = stream.read(_CHUNK)
                text = rest + decoder.decode(chunk, final=not chunk)
                lines = _END.split(text)
                # The last line may go on in the next chunk, and its \r may be half of an end.
                rest = lines.pop() if chunk and lines else ""
                lines = [line for line in lines if line]
                number += len(lines)
                yield from lines
                if not chunk:
                    return
    except UnicodeDecodeError as error:
        byte, number = error.object[error.start], number + 1 + error.object[: error.start].count(b"\n")
        raise ImporterError(
            f"{pad.name}, regel {number}: byte {byte:#04x} is geen {codering}. Het profiel noemt de verkeerde "
            f"codering; {_andere(codering)}."
        ) from error
    except OSError as error:
        raise ImporterError(f"{pad.name} is niet te lezen: {os_reason(error)}.") from error


def _andere(codering: str) -> str:
    if codering.lower().replace("_", "-") in {"utf-8", "utf8", "ascii"}:
        return 'bestanden uit Excel zijn vaak cp1252: zet codering = "cp1252"'
    return 'probeer codering = "utf-8"'


def _named(scheiding: str) -> str:
    return "tab" if scheiding == "\t" else scheiding


def _waarom(error: csv.Error) -> str:
    if "field larger" in str(error):
        return "een cel is groter dan 131.072 tekens; mogelijk is een aanhalingsteken niet gesloten"
    return f"geen geldige CSV ({error})"
