"""The folder with editions. An edition is there whole or not at all, and none is ever changed or removed.

All of a new edition is written beside the others first, and takes its place in one step.
"""

import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import orjson

from schemas.told import ToldError
from services.editie import manifest
from services.editie.bladen import inhoudsopgave
from services.editie.manifest import Manifest, ManifestError

_LISTS = INDEX, LAATSTE = "index.html", "laatste.json"
_BUSY, _NEW = ".slot", ".nieuw"
_FILE, _FOLDER = 0o644, 0o755
"""Everybody may read an edition: it is public, and another user runs the web server."""


class KastError(ToldError):
    """A folder can't hold the edition. The message says why, and what to do."""


class LijstError(OSError):
    """An edition took its place, but the list of editions could not be brought up to date. The next run does that."""


class Kast:
    """A folder with editions, held so that nobody else adds one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.edities = sorted(map(_read, _editions(folder)), key=_order, reverse=True)
        """What each edition says of itself, the newest first."""

    @classmethod
    @contextmanager
    def opened(cls, folder: Path) -> Iterator[Self]:
        """Opens a folder, which is made where there is none. Raises KastError, ManifestError or OSError."""
        if not folder.is_dir():
            folder.mkdir(parents=True)
            folder.chmod(_FOLDER)
        with (folder / _BUSY).open("ab") as busy:
            try:
                fcntl.flock(busy, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise KastError(f"in {folder} wordt al een editie gemaakt; wacht tot die er is") from error
            shutil.rmtree(folder / _NEW, ignore_errors=True)  # of a process that was killed
            yield cls(folder)

    def before(self, editie: str) -> Manifest | None:
        """Returns the newest edition of an earlier week than that of this one."""
        week, _ = manifest.order(editie)
        return next((one for one in self.edities if one.week < week), None)

    def of_week(self, week: str) -> Manifest | None:
        """Returns the newest edition of a week."""
        return next((one for one in self.edities if one.week == week), None)

    def add(self, over: Manifest, files: Mapping[str, bytes], beside: Mapping[str, bytes]) -> Path:
        """Adds an edition, and brings the list up to date.

        Raises LijstError when it is there and the list is not as it should be, and any other OSError when it is not.

        Args:
            over: what the edition says of itself.
            files: its files by name.
            beside: files that come in the folder itself.
        """
        new, place = self._folder / _NEW, self._folder / over.editie
        edities = sorted([*self.edities, over], key=_order, reverse=True)
        try:
            for name, content in files.items():
                _write(new / over.editie / name, content)
            _write_all(new, {**beside, **_lists(edities)})
            _sync(new / over.editie)
            self._take(new, beside)
            (new / over.editie).rename(place)
            self.edities = edities
            self._take_lists(new)
        finally:
            shutil.rmtree(new, ignore_errors=True)
        return place

    def list_anew(self) -> None:
        """Makes the list of editions again. Whoever was killed may have added one without. Raises OSError."""
        new = self._folder / _NEW
        try:
            _write_all(new, _lists(self.edities))
            self._take(new, _LISTS)
        finally:
            shutil.rmtree(new, ignore_errors=True)

    def _take_lists(self, new: Path) -> None:
        try:
            self._take(new, _LISTS)
        except OSError as error:
            raise LijstError(error.errno, error.strerror, error.filename) from error

    def _take(self, new: Path, names: Iterable[str]) -> None:
        for name in names:
            (new / name).replace(self._folder / name)
        _sync(self._folder)


def _editions(folder: Path) -> Iterator[Path]:
    for one in folder.iterdir():
        try:
            manifest.order(one.name)
        except ValueError:
            continue  # It is something else: what lies beside the editions is not ours to judge.
        yield one / manifest.NAAM


def _read(file: Path) -> Manifest:
    try:
        return manifest.parse(file.read_bytes())
    except ManifestError as error:
        raise ManifestError(f"{file} {error}; zet die map elders en maak de editie opnieuw") from error


def _order(one: Manifest) -> tuple[str, int]:
    return manifest.order(one.editie)


def _lists(edities: list[Manifest]) -> dict[str, bytes]:
    last = edities[0]
    about = {"editie": last.editie, "manifest": f"{last.editie}/{manifest.NAAM}"}
    moments = {"geldigOp": last.geldigOp, "bekendOp": last.bekendOp}
    pointer = orjson.dumps(about | moments, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    return {INDEX: inhoudsopgave(edities), LAATSTE: pointer}


def _write_all(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        _write(folder / name, content)


def _write(file: Path, content: bytes) -> None:
    """Writes a file that everybody may read, down to the disk."""
    for folder in reversed((file.parent, *file.parent.parents)):
        if not folder.exists():
            folder.mkdir()
            folder.chmod(_FOLDER)
    with file.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    file.chmod(_FILE)


def _sync(folder: Path) -> None:
    """Brings the names in a folder down to the disk."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
