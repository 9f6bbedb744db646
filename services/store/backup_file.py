"""The file of a backup: a zip with per table some parts in ClickHouse's Native format, and `manifest.json`.

The manifest says what the parts are. Whoever reads a file learns here whether it is whole, and whether this program
can use it.
"""

import hashlib
import struct
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from schemas.told import ToldError
from services.store.signature import SignatureError, check, parse

VERSION = 1
"""The version of the form of the file. A newer program reads older ones; an older one refuses newer ones."""
MANIFEST = "manifest.json"
SIGNATURE = "handtekening.json"
"""A signature under the manifest, and so under every part, whose SHA-256 the manifest names."""
_PIECE = 1024 * 1024
SIGNATURE_BYTES_MAX = 4 * 1024
MANIFEST_BYTES_MAX = 64 * 1024 * 1024
PART_BYTES_MAX = 512 * 1024 * 1024
"""What we write is far below these. A file of anybody may claim more, and would fill the memory."""
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    EOFError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)
"""What the library raises for bytes that are not as they were."""
Progress = Callable[[int], object]
"""Is told how many more rows are done."""


class BackupError(ToldError):
    """A file can't be made or used; the message says why, and what to do."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Part(_Model):
    """One piece of a table."""

    naam: str
    rijen: int = Field(ge=1)
    sha256: str


class Table(_Model):
    """What the file holds of a table."""

    kolommen: list[str]
    rijen: int = Field(ge=0)
    delen: list[Part]


class Manifest(_Model):
    """What a file says of itself."""

    versie: int
    schema_: int = Field(alias="schema")
    """Number of the last migration of the store that the file was made from."""
    gemaaktOp: str
    positie: str
    """The positie of the log in the file."""
    tabellen: dict[str, Table]

    @property
    def rows(self) -> int:
        """Returns the rows of all tables together."""
        return sum(table.rijen for table in self.tabellen.values())

    @property
    def mark(self) -> str:
        """Names the file by what is in it."""
        return hashlib.sha256(self.model_dump_json(by_alias=True).encode()).hexdigest()


def parse_manifest(file: Path, *, schema: int, tables: Collection[str]) -> Manifest:
    """Reads what the file says of itself.

    Args:
        file: where it is.
        schema: the number of the newest migration that this program knows.
        tables: the tables that this program keeps.

    Raises:
        BackupError: the file is no backup, or one that this program can't use.
    """
    text = _manifest_text(file)
    version = _version_of(text)
    if version is None or version < 1:
        raise BackupError(f"{MANIFEST} in {file} noemt geen versie; het bestand is niet van `opvangpeil bewaar`")
    if version > VERSION:
        raise BackupError(
            f"{file} is gemaakt door een nieuwere Opvangpeil (vorm {version}; deze kent tot en met {VERSION}); "
            "herstel met die versie of een nieuwere"
        )
    try:
        manifest = Manifest.model_validate_json(text)
    except ValidationError as error:
        raise BackupError(f"{MANIFEST} in {file} is beschadigd: {error.errors()[0]['msg']}") from error
    if manifest.schema_ > schema:
        raise BackupError(
            f"{file} is gemaakt met schema {manifest.schema_}, en deze Opvangpeil kent tot en met {schema}; "
            "herstel met die versie of een nieuwere"
        )
    unknown = [name for name in manifest.tabellen if name not in tables]
    if unknown:
        raise BackupError(f"{file} bevat een tabel die Opvangpeil niet kent: {unknown[0]}")
    return manifest


def check_origin(file: Path, public: Path) -> None:
    """Raises BackupError unless the holder of this key made the file, and nobody changed what it says of its parts."""
    signed = _bytes_of(file, SIGNATURE, SIGNATURE_BYTES_MAX)
    if signed is None:
        raise BackupError(f"{file} is niet getekend; neem een ander bestand, of vertrouw het zo: --ongetekend")
    try:
        check(_manifest_text(file), parse(signed), public)
    except SignatureError as error:
        raise BackupError(f"{file}: {error}") from error


def verify(file: Path, manifest: Manifest, progress: Progress = lambda _: None) -> None:
    """Raises BackupError when anything in the file is not as it was written."""
    with opened(file) as archive:
        for part in _parts(manifest):
            try:
                found = hashlib.sha256()
                _check_size(file, archive.getinfo(part.naam), PART_BYTES_MAX)
                with archive.open(part.naam) as content:
                    while piece := content.read(_PIECE):
                        found.update(piece)
            except (KeyError, *_UNREADABLE) as error:
                raise BackupError(_damaged(file, part.naam)) from error
            if found.hexdigest() != part.sha256:
                raise BackupError(_damaged(file, part.naam))
            progress(part.rijen)


def opened(file: Path) -> zipfile.ZipFile:
    """Opens the file to read. Raises BackupError when it is no zip, or cut off."""
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError) as error:
        raise BackupError(f"{file} is geen bestand van `opvangpeil bewaar`, of het is afgekapt") from error


def _manifest_text(file: Path) -> bytes:
    text = _bytes_of(file, MANIFEST, MANIFEST_BYTES_MAX)
    if text is None:
        raise BackupError(f"{file} is een zip, maar niet van `opvangpeil bewaar`: {MANIFEST} ontbreekt")
    return text


def _bytes_of(file: Path, part: str, bytes_max: int) -> bytes | None:
    """Returns a part of the file; None when it is not there. Raises BackupError."""
    with opened(file) as archive:
        if part not in archive.namelist():
            return None
        try:
            _check_size(file, archive.getinfo(part), bytes_max)
            return archive.read(part)
        except _UNREADABLE as error:
            raise BackupError(_damaged(file, part)) from error


def _check_size(file: Path, part: zipfile.ZipInfo, bytes_max: int) -> None:
    """Raises BackupError for a part that unpacks to more than we ever write. The library reads no more than it says."""
    if part.file_size > bytes_max:
        raise BackupError(
            f"{file} is niet van `opvangpeil bewaar`: {part.filename} wordt uitgepakt {part.file_size} bytes, "
            f"en dat is nooit meer dan {bytes_max}"
        )


def _parts(manifest: Manifest) -> Iterator[Part]:
    for table in manifest.tabellen.values():
        yield from table.delen


def _version_of(text: bytes) -> int | None:
    class Versioned(BaseModel):
        versie: int

    try:
        return Versioned.model_validate_json(text).versie
    except ValidationError:
        return None


def _damaged(file: Path, part: str) -> str:
    return f"{file} is beschadigd: {part} is niet wat er bewaard is; neem een ander bestand. Er is niets hersteld"
