"""Bytes → physical lines, in bounded memory, and what kind of file it is."""

from collections.abc import Iterator
from pathlib import PurePath
from typing import BinaryIO, Literal

from schemas.reading import EVENT_BYTES_MAX
from services.importer.model import ImporterError

FormatName = Literal["jsonl", "csv"]

LINE_KEPT = EVENT_BYTES_MAX + 2
"""Of a longer line only this much is kept (the 2: CR and a little): it is refused, and could be of any size."""
CHUNK = 256 * 1024
_BOM = b"\xef\xbb\xbf"
_UNREADABLE = {
    b"PK\x03\x04": "is een Excel- of zip-bestand; sla het op als 'CSV UTF-8' en importeer dat",
    b"\x1f\x8b": "is met gzip ingepakt; pak het eerst uit: gunzip -c BESTAND | opvangpeil importeer -",
    b"\xff\xfe": "is UTF-16; sla het op als UTF-8",
    b"\xfe\xff": "is UTF-16; sla het op als UTF-8",
    b"PAR1": "is een Parquet-bestand; alleen JSONL en CSV kunnen worden geïmporteerd",
}


class Lines:
    """The lines of a stream as (number from 1, line without its end, its real length in bytes).

    Read it once. Raises ImporterError when reading fails, or at once when the file can't be text in UTF-8.
    """

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._stream, self._name = stream, name
        self._head = self._read_head()
        self.position = 0
        """How many bytes of the source the lines given out so far took, to within a chunk."""
        for magic, reason in _UNREADABLE.items():
            if self._head.startswith(magic):
                raise ImporterError(f"{name} {reason}.")

    def guess(self) -> FormatName:
        """The format by the name's ending, else by the first character: JSONL begins with `{`."""
        suffix = PurePath(self._name).suffix.lower()
        if suffix == ".csv":
            return "csv"
        if suffix in {".jsonl", ".ndjson", ".json"}:
            return "jsonl"
        return "jsonl" if self._head.removeprefix(_BOM).lstrip()[:1] in {b"", b"{", b"["} else "csv"

    def __iter__(self) -> Iterator[tuple[int, bytes, int]]:
        chunk, number, tail, cut = self._head, 0, b"", 0
        position, start = len(chunk), len(_BOM) if chunk.startswith(_BOM) else 0
        chunk = chunk[start:]
        while chunk:
            parts = chunk.split(b"\n")
            parts[0] = tail + parts[0]
            tail = parts.pop()
            for line in parts:
                number += 1
                yield number, line[:LINE_KEPT], len(line) + cut
                cut = 0
            self.position = position
            if len(tail) > LINE_KEPT:
                cut += len(tail) - LINE_KEPT
                tail = tail[:LINE_KEPT]
            chunk = self._read(CHUNK)
            position += len(chunk)
        if tail:
            yield number + 1, tail, len(tail) + cut
        self.position = position

    def _read_head(self) -> bytes:
        """Enough to tell what kind of file it is, also from a pipe that gives a byte at a time."""
        head = b""
        while len(head.removeprefix(_BOM).strip()) < 4 and len(head) < CHUNK and (chunk := self._read(CHUNK)):
            head += chunk
        return head

    def _read(self, size: int) -> bytes:
        # read1: of a pipe take what is there, rather than wait for a full chunk.
        read = getattr(self._stream, "read1", self._stream.read)
        try:
            return bytes(read(size))
        except OSError as error:
            raise ImporterError(f"{self._name} is niet te lezen: {error.strerror or error}.") from error


def too_long(size: int) -> str:
    """Why a line of `size` bytes is refused."""
    return f"is {size} bytes; een gebeurtenis is hoogstens {EVENT_BYTES_MAX} bytes"
