"""The words that the parts of the importer share."""

import errno
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from schemas.told import ToldError


class Reject(NamedTuple):
    """A line of the source that was refused, by us or by the server, and why."""

    number: int
    reason: str
    original: bytes


class Group(NamedTuple):
    """Consecutive lines of the source, without their line ends."""

    first: int
    """The number of the first line, counted from 1."""
    lines: list[bytes]
    cut: dict[int, int]
    """The real size, by number, of the lines of which only the beginning was kept."""
    end: int
    """How many bytes of the source were read by then."""


class Batch(NamedTuple):
    """The events of a group, as three lists of equal length, and the lines that are not events."""

    numbers: Sequence[int]
    events: list[bytes]
    originals: list[bytes]
    rejects: list[Reject]


class ImporterError(ToldError):
    """The import can't be done as asked (unreadable source, unknown column, wrong address). The text is Dutch."""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of the lines. At the end `aangeboden` = `opgeslagen` + `herhaald` + `geweigerd`."""

    aangeboden: int = 0
    """Lines that were not blank, and not the header of a CSV."""
    opgeslagen: int = 0
    """Lines that the server accepted as new."""
    herhaald: int = 0
    """Lines that the server knew already."""
    geweigerd: int = 0
    """Lines that stand in the file `rejects`."""
    seconden: float = 0.0
    rejects: Path | None = None
    """The file of refused lines. None: nothing was refused."""

    @property
    def per_seconde(self) -> float:
        """How many lines were handled per second."""
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
            f" {f'{self.seconden:.1f}'.replace('.', ',')} s, {dutch(round(self.per_seconde))} per seconde"
        )


class ImportStoppedError(ImporterError):
    """The import began and could not be finished. `report` says what was done by then."""

    def __init__(self, message: str, report: Report | None = None) -> None:
        super().__init__(message)
        self.report = report or Report()


def halverwege(fault: ImporterError, stored: int) -> str:
    """Returns what is wrong with an import that stopped after so many events were stored."""
    text = str(fault) if str(fault).endswith((".", "?", "!")) else f"{fault}."
    said = "is minstens 1 gebeurtenis" if stored == 1 else f"zijn minstens {dutch(stored)} gebeurtenissen"
    return (
        f"{text} Er {said} opgeslagen. Dezelfde opdracht nog eens uitvoeren is"
        " onschadelijk: wat er al staat, telt niet nog eens."
    )


class WaitWatcher(Protocol):
    """Hears that the server is away. It is called from other threads."""

    def waiting(self, reason: str, seconds: float) -> None:
        """Hears that the server will be asked again after `seconds`, and why."""


class ImportWatcher(WaitWatcher, Protocol):
    """Hears how an import goes."""

    def begin(self, total_bytes: int | None) -> None:
        """Hears that the import starts, and the size of the source, or None when that can't be known."""

    def update(self, bytes_done: int, report: Report) -> None:
        """Hears that everything up to `bytes_done` bytes of the source is settled."""


class Format(Protocol):
    """A format of lines that hold events."""

    def read(self, group: Group) -> Batch:
        """Returns every line that is not blank, as an event or a reject. Call it in the order of the source."""

    def place(self, event: bytes, veld: str) -> str:
        """Returns the name of a field for who wrote the line. `veld` is a path with dots, as in a server's error."""


def os_reason(error: OSError) -> str:
    """Returns why a file can't be used, in Dutch for the usual reasons."""
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
    """Writes a number in the Dutch way: `1.234.567`."""
    return f"{number:,}".replace(",", ".")
