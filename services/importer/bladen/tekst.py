"""Reads CSV: text with a separator, in the encoding that the profile states. It streams, so size costs no memory."""

import codecs
import csv
import re
from collections import deque
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
_EEN_BYTE = {"cp1252", "iso-8859-15"}
"""Encodings in which any text in UTF-8 can be read, as other letters."""
_LINE_MAX = 1024 * 1024
"""The most signs of a line. What is longer has no lines, and would be searched for one again and again."""
_END = re.compile(r"(?<=\n)|(?<=\r)(?=[^\n])")
"""Where a line ends. A \\r with nothing behind it may be half of an end, so there the next piece decides.

`str.splitlines` would also split at marks that may stand inside a cell."""


def bom_van(begin: bytes) -> tuple[str, int] | None:
    """Returns the encoding that a mark at the begin of a file states, and the length of that mark."""
    return next(((name, len(mark)) for mark, name in _BOMS if begin.startswith(mark)), None)


def lees_tekst(pad: Path, codering: str, scheiding: str, *, geheel: bool = True) -> Blad:
    """Returns the only sheet of a file of text.

    `geheel`: whether all of it is checked to be text in this encoding before the first row, since whoever sends row by
    row would have sent wrong letters by the time that a later row shows it.

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
    return Blad("", verborgen=False, rijen=_rijen(pad, codering, scheiding, geheel))


def _rijen(pad: Path, codering: str, scheiding: str, geheel: bool) -> Iterator[Rij]:
    if geheel:
        deque(_regels(pad, codering), 0)
    lines = _regels(pad, codering)
    first = next(lines, "")
    if said := _SEP.match(first):
        scheiding, skipped = said[1], 1
        lines = iter(lines)
    else:
        skipped, lines = 0, _before(first, lines)
    # Strict: without it a quote that is never closed would take all later rows into its cell.
    reader = csv.reader(lines, delimiter=scheiding, strict=True)
    begin = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise ImporterError(f"{pad.name}, regel {begin + skipped}: {_waarom(error, scheiding)}") from error
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
            other = _Utf8() if codering in _EEN_BYTE else None
            while True:
                chunk = stream.read(_CHUNK)
                text = rest + decoder.decode(chunk, final=not chunk)
                if other is not None:
                    other.read(chunk)
                lines = _END.split(text)
                # The last line may go on in the next chunk.
                rest = lines.pop() if chunk and lines else ""
                lines = [line for line in lines if line]
                number += len(lines)
                yield from lines
                if len(rest) > _LINE_MAX:
                    raise ImporterError(f"{pad.name}, regel {number + 1}: is langer dan {dutch(_LINE_MAX)} tekens.")
                if not chunk:
                    break
            if other is not None and other.is_it:
                raise ImporterError(
                    f"{pad.name} is UTF-8, terwijl het profiel {codering} noemt: letters met accenten zouden verkeerd "
                    'gelezen worden. Zet codering = "utf-8" in het profiel.'
                )
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode(codering, errors="ignore")
        byte, number = error.object[error.start], number + len(_END.split(rest + before + "."))
        raise ImporterError(
            f"{pad.name}, regel {number}: byte {byte:#04x} is geen {codering}. Het profiel noemt de verkeerde "
            f"codering; {_andere(codering)}."
        ) from error
    except OSError as error:
        raise ImporterError(f"{pad.name} is niet te lezen: {os_reason(error)}.") from error


class _Utf8:
    """Looks whether bytes are UTF-8 with letters beyond ASCII. Text in another encoding never is, but for luck."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="strict")
        self._valid, self._beyond = True, False

    def read(self, chunk: bytes) -> None:
        """Reads the next bytes; none at the end."""
        self._beyond = self._beyond or not chunk.isascii()
        try:
            self._decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError:
            self._valid = False

    @property
    def is_it(self) -> bool:
        """Whether all bytes so far are such text."""
        return self._valid and self._beyond


def _andere(codering: str) -> str:
    if codering.lower().replace("_", "-") in {"utf-8", "utf8", "ascii"}:
        return 'bestanden uit Excel zijn vaak cp1252: zet codering = "cp1252"'
    return 'probeer codering = "utf-8"'


def _waarom(error: csv.Error, scheiding: str) -> str:
    said = str(error)
    if "field larger" in said:
        return "een cel is groter dan 131.072 tekens. Is een aanhalingsteken niet gesloten?"
    if "unexpected end" in said:
        return "een aanhalingsteken opent hier een cel en wordt nergens gesloten. Zet er een achter de cel."
    if "expected after" in said:
        sign = "een tab" if scheiding == "\t" else f"'{scheiding}'"
        return (
            f"na een aanhalingsteken dat een cel sluit staat geen {sign}. Hoort het bij de tekst, schrijf het dan "
            "dubbel, en de hele cel tussen aanhalingstekens."
        )
    return f"is geen geldige CSV ({error})."
