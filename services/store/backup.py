"""Keeps a store in a file, and makes a store from one: the log, what could not be accepted, alarms, lives and seals.

What follows from the log is not in the file. Memory does not grow with the store: one part at a time is held.

A store that is being restored is marked, so that nobody takes a half for a whole; the same file goes on where it was.
"""

import hashlib
import os
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from schemas.fields import format_moment
from services.store.backup_file import (
    MANIFEST,
    SIGNATURE,
    VERSION,
    BackupError,
    Manifest,
    Part,
    Progress,
    Table,
    opened,
    parse_manifest,
)
from services.store.connect import translated
from services.store.derive import bring_up_to_date
from services.store.migrate import mark_restoring, migrations, restoring
from services.store.position import Position
from services.store.queries import Query
from services.store.rows import ALARM_COLUMNS, LIFE_COLUMNS, LOG_COLUMNS, SEAL_COLUMNS, UNPROCESSABLE_COLUMNS
from services.store.signature import sign
from services.store.store import Store

KEYS = Query("backup/keys")
COUNT = Query("backup/count")
PART = Query("backup/part")
EMPTY_LIVES = Query("backup/empty_lives")
EMPTY_SEALS = Query("backup/empty_seals")
PART_BYTES = 32 * 1024 * 1024
"""About so much of a table is one part."""
PART_ROWS = 20_000
"""A part never has more rows than this, except for rows of the same message."""
DERIVE_ROWS = 500_000
"""The derived tables follow at this distance: all at the end would take memory in proportion to the log."""


class KeptTable(NamedTuple):
    """A table that a backup keeps."""

    columns: dict[str, str]
    """The type of each column."""
    order: tuple[str, ...]
    """The columns by which the table is ordered, and so its parts."""
    size: str
    """How large a row is, in SQL."""


KEPT = {
    "zegel": KeptTable(SEAL_COLUMNS, ("key",), "length(key)"),
    "leven": KeptTable(LIFE_COLUMNS, ("topic_id", "epoch"), "20"),
    "alarm": KeptTable(ALARM_COLUMNS, ("event_id",), "length(event)"),
    "onverwerkbaar": KeptTable(
        UNPROCESSABLE_COLUMNS, ("topic", "epoch", "partition", "offset", "position"), "length(raw)"
    ),
    "gebeurtenis": KeptTable(LOG_COLUMNS, ("epoch", "partition", "offset"), "2 * length(data) + 200"),
}
"""All other tables follow from these, or are about the store itself."""


class Piece(NamedTuple):
    """The rows of a table within a condition, after one key and up to another, as far as these are given."""

    table: str
    within: str
    after: tuple[Any, ...] = ()
    last: tuple[Any, ...] = ()

    def sql(self, query: Query, **more: Any) -> str:
        """Returns a query about these rows."""
        after, last = self._typed(self.after), self._typed(self.last)
        return query.sql(table=self.table, within=self.within, after=after, last=last, **more)

    def _typed(self, key: Sequence[Any]) -> list[tuple[str, str, Any]]:
        """Returns a key as the macro `compared` takes it; no key stays empty."""
        kept = KEPT[self.table]
        names = kept.order if key else ()
        return [(name, _bare(kept.columns[name]), value) for name, value in zip(names, key, strict=True)]


def back_up(
    store: Store, file: Path, now: datetime, progress: Progress = lambda _: None, *, private: Path | None = None
) -> Manifest:
    """Keeps the store in a file, as it is at this moment; others may write to the store meanwhile.

    The file is there when it is whole, and not before. With `private`, the file of a private key, it is signed.
    Raises BackupError when it exists already, and SignatureError.
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
            said = manifest.model_dump_json(by_alias=True, indent=1)
            archive.writestr(MANIFEST, said)
            if private is not None:
                archive.writestr(SIGNATURE, sign(said.encode(), private).model_dump_json())
        with unfinished.open("rb+") as written:
            os.fsync(written.fileno())
        unfinished.rename(file)
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def kept_count(store: Store) -> int:
    """Returns about how many rows a backup will have."""
    return sum(_count(store, Piece(table, "1")) for table in KEPT)


def read_manifest(file: Path) -> Manifest:
    """Reads what the file says of itself.

    Raises BackupError for what is no backup, or one that this program can't read.
    """
    return parse_manifest(file, schema=migrations()[-1][0], tables=KEPT)


def check_empty(store: Store, manifest: Manifest) -> None:
    """Raises BackupError unless the store is empty, or half restored from this very file."""
    under_way = restoring(store.connection)
    if under_way == manifest.mark:
        return
    if under_way:
        raise BackupError("deze opslag is half hersteld uit een ander bestand; ga daarmee verder, of leeg de database")
    filled = [table for table in ("gebeurtenis", "onverwerkbaar", "alarm") if _count(store, Piece(table, "1"))]
    if filled:
        raise BackupError(
            f"deze opslag is niet leeg (tabel {filled[0]} heeft rijen); herstel alleen in een lege, "
            "bijvoorbeeld een nieuwe map met --data of een nieuwe database"
        )


def restore(store: Store, file: Path, manifest: Manifest, progress: Progress = lambda _: None) -> None:
    """Fills an empty store with what the file holds. Verify the file first.

    If it is cut off, it may be done again with the same file. Raises BackupError when the store is not empty, or when
    afterwards it does not hold what the file does.
    """
    check_empty(store, manifest)
    mark_restoring(store.connection, manifest.mark)
    store.command(EMPTY_LIVES.sql())
    if "zegel" in manifest.tabellen:  # Files of before have none: then the key of this store stays.
        store.command(EMPTY_SEALS.sql())
    with opened(file) as archive:
        waiting = 0
        for name, table in manifest.tabellen.items():
            for part in table.delen:
                store.connection.insert_native(name, table.kolommen, archive.read(part.naam))
                progress(part.rijen)
                waiting += part.rijen
                if waiting >= DERIVE_ROWS:  # Parts come in the order of the log, so the derived tables may follow.
                    bring_up_to_date(store)
                    waiting = 0
    bring_up_to_date(store)
    _compare(store, manifest)
    mark_restoring(store.connection, "")


def _compare(store: Store, manifest: Manifest) -> None:
    """Raises BackupError when the store does not hold what the file does."""
    found = {name: _count(store, Piece(name, "1")) for name in manifest.tabellen} | {"positie": str(store.position())}
    wanted = {name: table.rijen for name, table in manifest.tabellen.items()} | {"positie": manifest.positie}
    for name, value in wanted.items():
        if found[name] != value:
            raise BackupError(
                f"na het herstel is {name} {found[name]} en in het bestand {value}; "
                "schrijft er nog een dienst? Leeg de database en herstel opnieuw"
            )


def _keep(store: Store, archive: zipfile.ZipFile, name: str, upto: Position, progress: Progress) -> Table:
    parts = []
    for number, piece in enumerate(_pieces(store, name, upto.upto() if name == "gebeurtenis" else "1")):
        body, rows = _at_rest(store, piece)
        part = Part(naam=f"{name}/{number:06}.native", rijen=rows, sha256=hashlib.sha256(body).hexdigest())
        archive.writestr(part.naam, body)
        parts.append(part)
        progress(rows)
    return Table(kolommen=list(KEPT[name].columns), rijen=sum(part.rijen for part in parts), delen=parts)


def _pieces(store: Store, table: str, within: str) -> Iterator[Piece]:
    """Yields a table in pieces. Rows that share a key stay together."""
    kept, rest = KEPT[table], Piece(table, within)
    while rows := store.connection.rows(rest.sql(KEYS, keys=kept.order, size=kept.size, rows=PART_ROWS)):
        last, size = rows[0][:-1], 0
        for *key, bytes_ in rows:
            size += bytes_
            if size > PART_BYTES:
                break
            last = tuple(key)
        yield rest._replace(last=last)
        rest = rest._replace(after=last)


def _at_rest(store: Store, piece: Piece) -> tuple[bytes, int]:
    """Returns the bytes of a piece and its number of rows, read again when rows were added in between."""
    before = _count(store, piece)
    while True:
        body = _read(store, piece)
        after = _count(store, piece)
        if after == before:
            return body, after
        before = after


def _count(store: Store, piece: Piece) -> int:
    return int(store.connection.rows(piece.sql(COUNT))[0][0])


def _read(store: Store, piece: Piece) -> bytes:
    query = piece.sql(PART, columns=[*KEPT[piece.table].columns])
    with translated():
        body: bytes = store.connection.client().raw_query(query, fmt="Native")
        return body


def _bare(type_: str) -> str:
    """Returns the type that a value is compared by."""
    return "String" if type_ == "LowCardinality(String)" else type_
