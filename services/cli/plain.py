"""What the commands share: how they speak, which store they open, and how they report errors."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from typer import rich_utils

from schemas.fields import AMSTERDAM
from schemas.toml_lines import BestandError
from services.clock import system_clock
from services.config import Config, ConfigError, read_config
from services.eventlog.brokers import BrokerAddressError, BrokerUnavailableError
from services.eventlog.groups import GroupInUseError
from services.eventlog.topics import TopicError
from services.importer import ImporterError
from services.importer.model import os_reason
from services.store.backup_file import BackupError
from services.store.connect import Connection
from services.store.migrate import MigrationError
from services.store.model import StoreAddressError, StoreInUseError, StoreUnavailableError
from services.store.signature import SignatureError
from services.store.store import Store
from services.wiring import StartError, connection_of, embedded_store

rich_utils.ARGUMENTS_PANEL_TITLE = "Argumenten"
rich_utils.OPTIONS_PANEL_TITLE = "Opties"
rich_utils.COMMANDS_PANEL_TITLE = "Opdrachten"
rich_utils.ERRORS_PANEL_TITLE = "Fout"
rich_utils.DEFAULT_STRING = "[standaard: {}]"
rich_utils.RICH_HELP = "Met [blue]'{command_path} {help_option}'[/] staat hier wat er kan."

say = Console(soft_wrap=True, highlight=False)
complain = Console(stderr=True, soft_wrap=True, highlight=False)


class ServerRefusedError(Exception):
    """The server of --url does not do what is asked. The message says why."""


EXPECTED = (
    ServerRefusedError,
    StartError,
    ConfigError,
    BestandError,
    ImporterError,
    MigrationError,
    StoreAddressError,
    StoreInUseError,
    StoreUnavailableError,
    BackupError,
    SignatureError,
    BrokerAddressError,
    BrokerUnavailableError,
    GroupInUseError,
    TopicError,
)
"""The errors that are not a fault of the program. They are told in one sentence, without a traceback."""


DEFAULT_URL = "http://127.0.0.1:8080"
DataOption = Annotated[Path | None, typer.Option("--data", help="gegevensmap van de ingebouwde vorm")]
UrlOption = Annotated[str, typer.Option("--url", help="adres van de server")]


def own_files_only() -> None:
    """Sees to it that nobody else on this machine reads what this process writes: data, backups, reports."""
    os.umask(0o077)


def _complain_of(reason: str) -> None:
    complain.print(f"Fout: {reason}", style="red", markup=False)


@contextmanager
def plainly(tell: Callable[[str], object] = _complain_of) -> Iterator[None]:
    """Turns an expected error into one sentence and exit code 2."""
    try:
        yield
    except EXPECTED as error:
        tell(str(error))
        raise typer.Exit(2) from error
    except BrokenPipeError as error:  # The reader, such as `head`, has seen enough.
        raise typer.Exit(0) from error
    except OSError as error:  # A file or folder can't be used.
        where = f": {error.filename}" if error.filename else ""
        tell(f"{os_reason(error)}{where}")
        raise typer.Exit(2) from error
    except httpx.HTTPError as error:
        tell(f"de server antwoordt niet ({error}); is Opvangpeil gestart en klopt --url?")
        raise typer.Exit(2) from error


def answered(answer: httpx.Response) -> Any:
    """Returns the JSON of a good answer. Raises ServerRefusedError, with what the server says, for another one."""
    if answer.is_success:
        return _json(answer) if answer.content else None
    problem = _json(answer) if answer.headers.get("content-type", "").endswith("json") else {}
    lines = [f"{fout['veld']}: {fout['melding']}".removeprefix(": ") for fout in problem.get("fouten", [])]
    hint = "; zet een token in OPVANGPEIL_TOKEN" if answer.status_code == httpx.codes.UNAUTHORIZED else ""
    detail = str(problem.get("detail", "dit lijkt geen server van Opvangpeil")).rstrip(".")
    raise ServerRefusedError("\n  ".join([f"de server antwoordt {answer.status_code}: {detail}{hint}", *lines]))


def _json(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError as error:
        raise ServerRefusedError(f"{answer.url} antwoordt iets anders dan JSON; is dit een Opvangpeil?") from error


@contextmanager
def asking(url: str) -> Iterator[httpx.Client]:
    """Yields a client of the server at a URL, which shows the token of the environment."""
    token = read_config().token
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    # A proxy for the outside world must not get what goes to this machine.
    local = httpx.URL(url).host in {"localhost", "127.0.0.1", "::1"}
    with httpx.Client(base_url=url, timeout=30, headers=headers, trust_env=not local) as client:
        yield client


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
        raise StartError(f"in {folder} staan geen gegevens van Opvangpeil; noem de map met --data")
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


def today() -> date:
    """Returns the present day in the Netherlands."""
    return system_clock().astimezone(AMSTERDAM).date()
