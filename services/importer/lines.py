"""Cuts bytes into groups of physical lines, in bounded memory, and tells what kind of file it is."""

import select
from collections.abc import Iterator
from pathlib import PurePath
from typing import BinaryIO, Literal

from schemas.parsing import EVENT_BYTES_MAX
from services.importer.model import Group, ImporterError, os_reason

FormatName = Literal["jsonl", "csv"]

CHUNK_BYTES = 256 * 1024
"""How much to read at once, and how much is kept of a longer line. Such a line is refused, and could have any size."""
GROUP_BYTES = 4 * 1024 * 1024
"""The size of a group, give or take a chunk, so that long lines can't fill the memory or exceed a server's limit."""
PAUSE_SECONDS = 0.5
_BOM = b"\xef\xbb\xbf"
_UNREADABLE = {
    b"PK\x03\x04": "is een werkmap of een zip-bestand; geef een werkmap als bestand op, geen standaardinvoer: "
    "opvangpeil importeer BESTAND --profiel NAAM",
    b"\x1f\x8b": "is met gzip ingepakt; pak het eerst uit: gunzip -c BESTAND | opvangpeil importeer -",
    b"\xff\xfe": "is UTF-16; sla het op als UTF-8",
    b"\xfe\xff": "is UTF-16; sla het op als UTF-8",
    b"PAR1": "is een Parquet-bestand; geef het als bestand op, geen standaardinvoer: opvangpeil importeer BESTAND",
}


class Lines:
    """The lines of a stream, to read once. Raises ImporterError when reading fails or the stream can't be UTF-8."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._stream, self._name = stream, name
        self._head = self._read_head()
        for magic, reason in _UNREADABLE.items():
            if self._head.startswith(magic):
                raise ImporterError(f"{name} {reason}.")

    def guess(self) -> FormatName:
        """Guesses the format by the end of the name, else by the first character: JSONL begins with `{`."""
        suffix = PurePath(self._name).suffix.lower()
        if suffix == ".csv":
            return "csv"
        if suffix in {".jsonl", ".ndjson", ".json"}:
            return "jsonl"
        return "jsonl" if self._head.removeprefix(_BOM).lstrip()[:1] in {b"", b"{", b"["} else "csv"

    def groups(self, most: int) -> Iterator[Group]:
        """Yields all lines, in order. A group has at most `most` lines, and fewer when a live source pauses."""
        first, closed, position = 1, 0, 0
        held: list[bytes] = []
        cut: dict[int, int] = {}
        for lines, real_size, position, pauses in self._chunks():
            if lines and real_size > len(lines[0]):
                cut[first + len(held)] = real_size
            held += lines
            # Full groups are closed. The few lines that are left wait for more, unless none is coming or they are long.
            whole = pauses or position - closed >= GROUP_BYTES
            full = len(held) - (0 if whole else len(held) % most)
            for start in range(0, full, most):
                yield Group(first + start, held[start : min(start + most, full)], cut, position)
            if full:
                first, held, closed = first + full, held[full:], position
                cut = {number: size for number, size in cut.items() if number >= first}
        if held:
            yield Group(first, held, cut, position)

    def _chunks(self) -> Iterator[tuple[list[bytes], int, int, bool]]:
        """Yields for each chunk the lines that end in it, the real size of the first, and the bytes read so far.

        The last value is whether the source pauses.
        """
        chunk = self._head
        tail, size = b"", 0  # What is kept of the line that has not ended yet, and its size so far.
        position = len(chunk)
        chunk = chunk.removeprefix(_BOM)
        while chunk:
            lines = chunk.split(b"\n")
            size += len(lines[0])
            lines[0] = (tail + lines[0])[:CHUNK_BYTES]
            tail = lines.pop()
            yield lines, size, position, self._pauses()
            size = len(tail) if lines else size
            chunk = self._read(CHUNK_BYTES)
            position += len(chunk)
        if tail:
            yield [tail], size, position, False

    def _read_head(self) -> bytes:
        """Reads enough to tell what kind of file it is, also from a pipe that gives one byte at a time."""
        head = b""
        while (
            len(head.removeprefix(_BOM).strip()) < 4 and len(head) < CHUNK_BYTES and (chunk := self._read(CHUNK_BYTES))
        ):
            head += chunk
        return head

    def _pauses(self) -> bool:
        """Returns whether a live source (an open pipe) is silent for a moment. What came must not wait for it."""
        looking = select.poll()  # A select would fail beyond 1,024 open files.
        try:
            looking.register(self._stream.fileno(), select.POLLIN)
        except (OSError, AttributeError):  # It is not a file of the system, so it never waits.
            return False
        return not looking.poll(PAUSE_SECONDS * 1000)

    def _read(self, size: int) -> bytes:
        # read1 takes what a pipe has, and does not wait for a full chunk.
        read = getattr(self._stream, "read1", self._stream.read)
        try:
            return bytes(read(size))
        except OSError as error:
            raise ImporterError(f"{self._name} is niet te lezen: {os_reason(error)}.") from error


def too_long(size: int) -> str:
    """Returns why a line of `size` bytes is refused."""
    return f"is {size} bytes; een gebeurtenis is hoogstens {EVENT_BYTES_MAX} bytes"
