"""Keeps a store in one file, and makes a store from one: the log, what could not be accepted, alarms and lives.

A file is a zip: per table some parts in ClickHouse's own Native format, and `manifest.json` that says what they are.
What follows from the log is not in it. Memory does not grow with the store: one part at a time is held.

A store that is being restored is marked, so that nobody takes a half for a whole; the same file goes on where it was.
"""

import hashlib
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from schemas.fields import format_moment
from services.store.connect import WRITER_SETTINGS, translated
from services.store.derive import bring_up_to_date
from services.store.migrate import mark_restoring, migrations, restoring
from services.store.position import Position
from services.store.rows import ALARM_COLUMNS, LIFE_COLUMNS, LOG_COLUMNS, UNPROCESSABLE_COLUMNS
from services.store.store import Store

VERSION = 1
"""Of the form of the file. A newer program reads older ones; an older one refuses newer ones."""
MANIFEST = "manifest.json"
PART_BYTES = 32 * 1024 * 1024
"""About so much of a table is one part."""
PART_ROWS = 20_000
"""And never more rows than this, but for those of the same message."""
DERIVE_ROWS = 500_000
"""The derived tables follow at this distance: all at the end would take memory in proportion to the log."""
_PIECE = 1024 * 1024
_UNREADABLE = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError)
"""What the library raises for bytes that are not as they were."""
Progress = Callable[[int], object]
"""Is told how many rows more are done."""


class Kept(NamedTuple):
    """A table that a backup keeps: its columns, the order of its parts, and how large a row is."""

    columns: dict[str, str]
    order: dict[str, str]
    size: str


KEPT = {
    "leven": Kept(LIFE_COLUMNS, {"topic_id": "UUID", "epoch": "UInt32"}, "20"),
    "alarm": Kept(ALARM_COLUMNS, {"event_id": "UUID"}, "length(event)"),
    "onverwerkbaar": Kept(
        UNPROCESSABLE_COLUMNS,
        {"topic": "String", "epoch": "UInt32", "partition": "UInt16", "offset": "UInt64", "position": "UInt32"},
        "length(raw)",
    ),
    "gebeurtenis": Kept(
        LOG_COLUMNS, {"epoch": "UInt32", "partition": "UInt16", "offset": "UInt64"}, "2 * length(data) + 200"
    ),
}
"""All other tables follow from these, or are about the store itself."""


class BackupError(Exception):
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
    """Number of the last migration of the store that it was made from."""
    gemaaktOp: str
    positie: str
    """Of the log that is in it."""
    tabellen: dict[str, Table]

    @property
    def rows(self) -> int:
        """Of all tables together."""
        return sum(table.rijen for table in self.tabellen.values())


def back_up(store: Store, file: Path, now: datetime, progress: Progress = lambda _: None) -> Manifest:
    """Keep the store in a file, as it is at this moment; others may write to the store meanwhile.

    The file is there when it is whole, and not before. Raises BackupError when it exists already.
    """
    if file.exists():
        raise BackupError(f"{file} bestaat al; kies een andere naam, of haal het eerst weg")
    upto = store.position()
    unfinished = file.with_name(f"{file.name}.deel")
    try:
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            tables = {name: _keep(store, archive, name, upto, progress) for name in KEPT}
            manifest = Manifest(
                versie=VERSION,
                schema=migrations()[-1][0],
                gemaaktOp=format_moment(now),
                positie=str(upto),
                tabellen=tables,
            )
            archive.writestr(MANIFEST, manifest.model_dump_json(by_alias=True, indent=1))
        with unfinished.open("rb+") as written:
            os.fsync(written.fileno())
        unfinished.rename(file)
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def kept_count(store: Store) -> int:
    """About how many rows a backup will have."""
    return sum(_count(store, table, "1") for table in KEPT)


def read_manifest(file: Path) -> Manifest:
    """What the file says of itself. Raises BackupError for what is no backup, or one that this program can't read."""
    with _opened(file) as archive:
        try:
            text = archive.read(MANIFEST)
        except KeyError as error:
            raise BackupError(f"{file} is een zip, maar niet van `opvangpeil bewaar`: {MANIFEST} ontbreekt") from error
        except _UNREADABLE as error:
            raise BackupError(_damaged(file, MANIFEST)) from error
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
    newest = migrations()[-1][0]
    if manifest.schema_ > newest:
        raise BackupError(
            f"{file} is gemaakt met schema {manifest.schema_}, en deze Opvangpeil kent tot en met {newest}; "
            "herstel met die versie of een nieuwere"
        )
    unknown = [name for name in manifest.tabellen if name not in KEPT]
    if unknown:
        raise BackupError(f"{file} bevat een tabel die Opvangpeil niet kent: {unknown[0]}")
    return manifest


def verify(file: Path, manifest: Manifest, progress: Progress = lambda _: None) -> None:
    """Raises BackupError when anything in the file is not as it was written."""
    with _opened(file) as archive:
        for part in _parts(manifest):
            try:
                found = hashlib.sha256()
                with archive.open(part.naam) as content:
                    while piece := content.read(_PIECE):
                        found.update(piece)
            except (KeyError, *_UNREADABLE) as error:
                raise BackupError(_damaged(file, part.naam)) from error
            if found.hexdigest() != part.sha256:
                raise BackupError(_damaged(file, part.naam))
            progress(part.rijen)


def check_empty(store: Store, manifest: Manifest) -> None:
    """Raises BackupError unless the store is empty, or half restored from this very file."""
    under_way = restoring(store.connection)
    if under_way == _mark(manifest):
        return
    if under_way:
        raise BackupError("deze opslag is half hersteld uit een ander bestand; ga daarmee verder, of leeg de database")
    filled = [table for table in ("gebeurtenis", "onverwerkbaar", "alarm") if _count(store, table, "1")]
    if filled:
        raise BackupError(
            f"deze opslag is niet leeg (tabel {filled[0]} heeft rijen); herstel alleen in een lege, "
            "bijvoorbeeld een nieuwe map met --data of een nieuwe database"
        )


def restore(store: Store, file: Path, manifest: Manifest, progress: Progress = lambda _: None) -> None:
    """Make an empty store what the file holds. Verify the file first.

    Cut off, it may be done again with the same file. Raises BackupError when the store is not empty, or when afterwards
    it does not hold what the file does.
    """
    check_empty(store, manifest)
    mark_restoring(store.connection, _mark(manifest))
    # A service on the empty store gave its topic a number. No event has it, and the file may use it for another topic.
    store.command("TRUNCATE TABLE leven")
    with _opened(file) as archive:
        waiting = 0
        for name, table in manifest.tabellen.items():
            for part in table.delen:
                _insert(store, name, table.kolommen, archive.read(part.naam))
                progress(part.rijen)
                waiting += part.rijen
                if waiting >= DERIVE_ROWS:  # parts come in the order of the log, so what follows from it may follow
                    bring_up_to_date(store)
                    waiting = 0
    bring_up_to_date(store)
    _compare(store, manifest)
    mark_restoring(store.connection, "")


def _compare(store: Store, manifest: Manifest) -> None:
    """Raises BackupError when the store does not hold what the file does."""
    found = {name: _count(store, name, "1") for name in manifest.tabellen} | {"positie": str(store.position())}
    wanted = {name: table.rijen for name, table in manifest.tabellen.items()} | {"positie": manifest.positie}
    for name, value in wanted.items():
        if found[name] != value:
            raise BackupError(
                f"na het herstel is {name} {found[name]} en in het bestand {value}; "
                "schrijft er nog een dienst? Leeg de database en herstel opnieuw"
            )


def _mark(manifest: Manifest) -> str:
    """Names a file by what is in it."""
    return hashlib.sha256(manifest.model_dump_json(by_alias=True).encode()).hexdigest()


def _keep(store: Store, archive: zipfile.ZipFile, name: str, upto: Position, progress: Progress) -> Table:
    kept, parts = KEPT[name], []
    within = upto.upto() if name == "gebeurtenis" else "1"
    for number, condition in enumerate(_ranges(store, name, kept, within)):
        body, rows = _at_rest(store, name, kept, condition)
        part = Part(naam=f"{name}/{number:06}.native", rijen=rows, sha256=hashlib.sha256(body).hexdigest())
        archive.writestr(part.naam, body)
        parts.append(part)
        progress(rows)
    return Table(kolommen=list(kept.columns), rijen=sum(part.rijen for part in parts), delen=parts)


def _ranges(store: Store, name: str, kept: Kept, within: str) -> Iterator[str]:
    """The table in pieces, as conditions on its key; what shares a key is not divided."""
    keys, after = ", ".join(kept.order), within
    while True:
        rows = _rows(store, f"SELECT {keys}, {kept.size} FROM {name} WHERE {after} ORDER BY {keys} LIMIT {PART_ROWS}")
        if not rows:
            return
        last, size = rows[0][:-1], 0
        for *key, bytes_ in rows:
            size += bytes_
            if size > PART_BYTES:
                break
            last = key
        yield f"{after} AND {_compared(kept, last, '<=')}"
        after = f"{within} AND {_compared(kept, last, '>')}"


def _compared(kept: Kept, key: Sequence[Any], sign: str) -> str:
    """Whether a row comes after a key, or not: spelled out, so that the index of the table serves it."""
    names = list(kept.order)
    literals = [f"'{_escaped(str(value))}'" if isinstance(value, str) else f"'{value}'" for value in key]
    typed = [f"CAST({literal}, '{kept.order[name]}')" for literal, name in zip(literals, names, strict=True)]
    clause = f"{names[-1]} {sign} {typed[-1]}"
    for name, literal in zip(reversed(names[:-1]), reversed(typed[:-1]), strict=True):
        clause = f"({name} {sign[0]} {literal} OR ({name} = {literal} AND {clause}))"
    return clause


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")


def _at_rest(store: Store, name: str, kept: Kept, condition: str) -> tuple[bytes, int]:
    """A piece of a table, and of how many rows it is: read again when rows were added in between."""
    before = _count(store, name, condition)
    while True:
        body = _read(store, name, kept, condition)
        after = _count(store, name, condition)
        if after == before:
            return body, after
        before = after


def _rows(store: Store, query: str) -> Sequence[Any]:
    with translated():
        rows: Sequence[Any] = store.connection.client().query(query).result_rows
        return rows


def _count(store: Store, table: str, condition: str) -> int:
    return int(_rows(store, f"SELECT count() FROM {table} FINAL WHERE {condition}")[0][0])


def _read(store: Store, table: str, kept: Kept, condition: str) -> bytes:
    columns = ", ".join(f"`{column}`" for column in kept.columns)
    with translated():
        body: bytes = store.connection.client().raw_query(
            f"SELECT {columns} FROM {table} FINAL WHERE {condition}", fmt="Native"
        )
        return body


def _insert(store: Store, table: str, columns: Sequence[str], body: bytes) -> None:
    with translated():
        store.connection.client().raw_insert(
            table, columns, body, settings={**WRITER_SETTINGS, "insert_deduplicate": 0}, fmt="Native"
        )


def _opened(file: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except zipfile.BadZipFile as error:
        raise BackupError(f"{file} is geen bestand van `opvangpeil bewaar`, of het is afgekapt") from error


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
