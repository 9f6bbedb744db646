"""The words that the parts of the importer share."""

import errno
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol


class Reject(NamedTuple):
    """One line of the source that was refused, by us or by the server, and why."""

    number: int
    reason: str
    original: bytes


class Group(NamedTuple):
    """Consecutive lines, without their ends. `first`: the number of the first, from 1.

    `cut`: by number, the real size of lines of which only the beginning was kept. `end`: the bytes of the source
    that were read by then.
    """

    first: int
    lines: list[bytes]
    cut: dict[int, int]
    end: int


class Batch(NamedTuple):
    """The events of a group, as three lists of one length, and the lines that are none."""

    numbers: Sequence[int]
    events: list[bytes]
    originals: list[bytes]
    rejects: list[Reject]


class ImporterError(Exception):
    """The import can't be done as asked (unreadable source, unknown column, wrong address); the text is Dutch."""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of the lines. At the end `aangeboden` = `opgeslagen` + `herhaald` + `geweigerd`.

    `aangeboden`: lines that were not blank (and not the header of a CSV). `opgeslagen`: accepted by the server;
    `herhaald`: it had them already. `geweigerd`: in the file `rejects`, which is None when nothing was refused.
    """

    aangeboden: int = 0
    opgeslagen: int = 0
    herhaald: int = 0
    geweigerd: int = 0
    seconden: float = 0.0
    rejects: Path | None = None

    @property
    def per_seconde(self) -> float:
        """Lines handled a second."""
        return self.aangeboden / self.seconden if self.seconden else 0.0

    @property
    def summary(self) -> str:
        """The outcome as one Dutch sentence."""
        parts = [f"{dutch(self.opgeslagen)} opgeslagen"]
        if self.herhaald:
            parts.append(f"{dutch(self.herhaald)} herhaald (stonden er al)")
        parts.append(f"{dutch(self.geweigerd)} geweigerd" + (f" (zie {self.rejects})" if self.rejects else ""))
        return (
            f"{dutch(self.aangeboden)} aangeboden: {', '.join(parts)};"
            f" {self.seconden:.1f} s, {dutch(round(self.per_seconde))} per seconde"
        )


class ImportStoppedError(ImporterError):
    """The import began and could not be finished. `report`: what was done by then."""

    def __init__(self, message: str, report: Report | None = None) -> None:
        super().__init__(message)
        self.report = report or Report()


class ImportWatcher(Protocol):
    """Who watches an import. `waiting` is called from other threads than the rest."""

    def begin(self, total_bytes: int | None) -> None:
        """The import starts; `total_bytes` is the size of the source, None when it can't be known."""

    def update(self, bytes_done: int, report: Report) -> None:
        """Everything up to `bytes_done` bytes of the source is settled."""

    def waiting(self, reason: str, seconds: float) -> None:
        """The server is asked again after `seconds`."""


class Format(Protocol):
    """A way in which events stand in lines."""

    def read(self, group: Group) -> Batch:
        """Every line that is not blank, as an event or a reject. Groups are read in the order of the source."""

    def place(self, event: bytes, veld: str) -> str:
        """How to call a field of an event (a path with dots, as in a server's error) to who wrote the line."""


def os_reason(error: OSError) -> str:
    """Why a file can't be used, in Dutch where it is one of the usual reasons."""
    return _OS_REASONS.get(error.errno or 0, str(error.strerror or error))


_OS_REASONS = {
    errno.ENOENT: "bestaat niet",
    errno.EACCES: "geen toegang",
    errno.EISDIR: "is een map",
    errno.ENOTDIR: "is geen map",
    errno.ENOSPC: "de schijf is vol",
    errno.EROFS: "kan alleen gelezen worden",
}


def dutch(number: int) -> str:
    """1234567 → `1.234.567`."""
    return f"{number:,}".replace(",", ".")
