"""The data folder of the embedded form, which one process at a time holds."""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import structlog

from schemas.told import ToldError
from services.store.connect import Connection
from services.store.derive import bring_up_to_date
from services.store.migrate import migrate, restoring
from services.store.store import Store

log = structlog.get_logger("start")


class StartError(ToldError):
    """Opvangpeil can't start. The message says why and what to do."""


@contextmanager
def data_folder(folder: Path) -> Iterator[None]:
    """Holds a data folder, and makes it when it is not there. Raises StartError when another process holds it.

    Only its owner can read what is in it, also when an earlier version made it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if folder.stat().st_uid == os.geteuid():
        folder.chmod(stat.S_IRWXU)
    with (folder / "slot").open("a+") as lock:
        _lock(lock, folder)
        yield


def open_store(connection: Connection, *, to_restore: bool = False) -> Store:
    """Brings schema and derived tables up to date, and returns the store.

    Raises StartError when a restore of this store is halfway; `to_restore` is for the command that continues it.
    """
    for name in migrate(connection):
        log.debug("migratie", bestand=name)
    store = Store(connection)
    if to_restore:
        return store
    if restoring(connection):
        raise StartError("een herstel van deze gegevens is halverwege; maak het af met `opvangpeil herstel`")
    bring_up_to_date(store)
    return store


@contextmanager
def embedded_store(folder: Path, *, to_restore: bool = False) -> Iterator[Store]:
    """Yields the store in a data folder, and holds that folder. See `open_store` for `to_restore`."""
    with data_folder(folder):
        connection = Connection(f"chdb://{(folder / 'clickhouse').resolve()}")
        try:
            yield open_store(connection, to_restore=to_restore)
        finally:
            connection.close()


def _lock(lock: IO[str], folder: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.seek(0)
        owner = lock.read().strip()
        raise StartError(
            f"de gegevensmap {folder} is in gebruik door een ander proces{f' ({owner})' if owner else ''}; "
            "stop dat eerst, of kies een andere map met --data"
        ) from error
    lock.truncate(0)
    lock.write(f"proces {os.getpid()}")
    lock.flush()
