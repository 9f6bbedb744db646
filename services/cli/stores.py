"""How commands open a store, and how they show that they are busy with it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from services.cli.plain import CommandError, complain
from services.config import Config, read_config
from services.store.connect import Connection
from services.store.store import Store
from services.wiring import connection_of, embedded_store


@contextmanager
def store_of(data: Path | None) -> Iterator[Store]:
    """Yields the store of a data folder that no server holds, or the one that the environment names."""
    config = read_config()
    connection = None if data else connection_of(config)
    if connection is not None:
        try:
            yield Store(connection)
        finally:
            connection.close()
        return
    folder = data or config.data / "eigen"
    if not (folder / "clickhouse").is_dir():
        raise CommandError(f"in {folder} staan geen gegevens van Opvangpeil; noem de map met --data")
    with embedded_store(folder) as store:
        yield store


def connection_to(config: Config, data: Path | None) -> Connection:
    """Returns the ClickHouse of the environment, or the one of a data folder."""
    connection = None if data else connection_of(config)
    return connection or Connection(f"chdb://{((data or config.data / 'eigen') / 'clickhouse').resolve()}")


@contextmanager
def bar(what: str, total: int) -> Iterator[Callable[[int], Any]]:
    """Shows a progress bar on a terminal. It yields a function to call with how much more is done."""
    columns = SpinnerColumn(), TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Bar(*columns, console=complain, disable=not complain.is_terminal) as shown:
        task = shown.add_task(what, total=total)
        yield lambda done: shown.update(task, advance=done)
