"""Files that are whole or not there, also after a kill or a loss of power at any instant and on a full disk."""

import errno
import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from datetime import datetime
from io import FileIO
from pathlib import Path
from typing import Any, NamedTuple

import orjson

_TIJDELIJK = (".part", ".tmp", ".crdownload", ".filepart", ".partial")


class Blik(NamedTuple):
    """What one look at a file tells. The same twice: nobody is writing it."""

    bytes: int
    gewijzigd: int
    """In nanoseconds since 1970."""
    nummer: int
    """Of its inode: another file under the same name has another."""


def kijk(pad: Path) -> Blik:
    """Looks at a file. Raises OSError."""
    return _blik(pad.lstat())


def _blik(told: os.stat_result) -> Blik:
    return Blik(told.st_size, told.st_mtime_ns, told.st_ino)


def sha256(pad: Path) -> str:
    """Returns the SHA-256 of a file. Raises OSError when not every byte of it can be read."""
    with pad.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def leg_vast(map_: Path) -> None:
    """Returns when what was made, renamed and removed in a folder stays so after a loss of power. Raises OSError."""
    number = os.open(map_, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    except OSError as error:
        if error.errno != errno.EINVAL:  # A share of Windows can't be asked this, and writes it by itself.
            raise
    finally:
        os.close(number)


def schrijf_heel(pad: Path, inhoud: bytes) -> None:
    """Writes a file, in the place of the old one once the new one is whole. Raises OSError, and then leaves the old."""
    fresh = pad.with_name(f".{pad.name}.nieuw")
    try:
        with fresh.open("wb", buffering=0) as file:
            _schrijf(file, inhoud)
        fresh.replace(pad)
    except OSError:
        fresh.unlink(missing_ok=True)  # On a full disk it would keep the room that it has.
        raise
    leg_vast(pad.parent)


def verplaats(van: Path, naar: Path) -> None:
    """Moves a file to another folder of the same disk. Raises OSError."""
    van.rename(naar)
    leg_vast(naar.parent)
    leg_vast(van.parent)


def bestanden_in(map_: Path) -> dict[str, Blik]:
    """Looks at the files in a folder, without those that programs make while they copy or edit one. Raises OSError."""
    return {naam: _blik(told) for naam, told in _inhoud(map_) if stat.S_ISREG(told.st_mode)}


def geen_bestanden_in(map_: Path) -> dict[str, str]:
    """Returns what lies in a folder and is no file: its name, and in Dutch what it is. Raises OSError."""
    return {naam: _soort(told.st_mode) for naam, told in sorted(_inhoud(map_)) if not stat.S_ISREG(told.st_mode)}


def _soort(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "een map"
    return "een koppeling naar iets anders" if stat.S_ISLNK(mode) else "geen gewoon bestand"


def _inhoud(map_: Path) -> Iterator[tuple[str, os.stat_result]]:
    for pad in map_.iterdir():
        if pad.name.startswith((".", "~$")) or pad.name.lower().endswith(_TIJDELIJK):
            continue
        try:
            yield pad.name, pad.lstat()
        except FileNotFoundError:  # It was renamed or removed meanwhile.
            continue


def vrije_naam(map_: Path, naam: str, nu: datetime) -> str:
    """Returns a name that is free in a folder: itself, or with the moment, or with a number too.

    The name of its report is free as well.
    """
    stem, suffix = Path(naam).stem, Path(naam).suffix
    tried, number = naam, 0
    while (map_ / tried).exists() or verslag_bij(map_ / tried).exists():
        number += 1
        tried = f"{stem} {nu:%Y%m%dT%H%M%SZ}{f'-{number}' if number > 1 else ''}{suffix}"
    return tried


def verslag_bij(pad: Path) -> Path:
    """Returns where the report of a file stands."""
    return pad.with_name(f"{pad.name}.verslag.json")


def leesbaar(naam: str) -> str:
    """Returns a name of a file as text, also where it is none."""
    return naam.encode(errors="surrogateescape").decode(errors="backslashreplace")


class Journaal:
    """Lines of JSON in a file, each there as a whole or not at all."""

    def __init__(self, pad: Path) -> None:
        self.pad = pad
        self._heel = 0

    def regels(self) -> Iterator[dict[str, Any]]:
        """Yields the lines that are whole. Read all before adding one: a kill may leave half a line."""
        self._heel = 0
        try:
            file = self.pad.open("rb")
        except FileNotFoundError:
            return
        with file:
            for line in file:
                try:
                    found = orjson.loads(line)
                except orjson.JSONDecodeError:
                    return
                if not line.endswith(b"\n"):
                    return
                self._heel += len(line)
                yield found

    def schrijf(self, regel: Mapping[str, Any]) -> None:
        """Adds a line, and returns when it stays. After an OSError what is there of it counts as half a line."""
        line = orjson.dumps(regel, option=orjson.OPT_APPEND_NEWLINE)
        with self.pad.open("ab", buffering=0) as file:
            file.truncate(self._heel)
            _schrijf(file, line)
        if not self._heel:
            leg_vast(self.pad.parent)
        self._heel += len(line)

    def weg(self) -> None:
        """Removes it. Raises OSError."""
        self.pad.unlink(missing_ok=True)
        leg_vast(self.pad.parent)


def _schrijf(file: FileIO, inhoud: bytes) -> None:
    """Writes everything to the disk itself. A file with a buffer would try again while it is closed after a fault."""
    left = memoryview(inhoud)
    while left:
        left = left[file.write(left) :]
    os.fsync(file.fileno())
