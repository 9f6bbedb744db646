"""What all commands share: how they speak, how they tell an error, and the form of their help. It imports little."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from schemas.told import ToldError

say = Console(soft_wrap=True, highlight=False)
complain = Console(stderr=True, soft_wrap=True, highlight=False)

DEFAULT_URL = "http://127.0.0.1:8080"
DataOption = Annotated[Path | None, typer.Option("--data", metavar="MAP", help="gegevensmap van de ingebouwde vorm")]
UrlOption = Annotated[str, typer.Option("--url", help="adres van de server")]


class CommandError(ToldError):
    """A command can't do what is asked. The message says why and what to do."""


def own_files_only() -> None:
    """Sees to it that nobody else on this machine reads what this process writes: data, backups, reports."""
    os.umask(0o077)


def complain_of(reason: str) -> None:
    """Tells a person what is wrong."""
    complain.print(f"Fout: {reason}", style="red", markup=False)


@contextmanager
def plainly(tell: Callable[[str], object] = complain_of) -> Iterator[None]:
    """Turns an expected error into one sentence and exit code 2."""
    try:
        yield
    except ToldError as error:
        tell(str(error))
        raise typer.Exit(2) from error
    except BrokenPipeError as error:  # The reader, such as `head`, has seen enough.
        raise typer.Exit(0) from error
    except OSError as error:  # A file or folder can't be used.
        from services.importer.model import os_reason

        where = f": {error.filename}" if error.filename else ""
        tell(f"{os_reason(error)}{where}")
        raise typer.Exit(2) from error


def today() -> date:
    """Returns the present day in the Netherlands."""
    from schemas.moments import AMSTERDAM
    from services.clock import system_clock

    return system_clock().astimezone(AMSTERDAM).date()
