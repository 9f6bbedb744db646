"""`start`: everything in one process."""

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
import uvloop

from services import importer
from services.cli.plain import DataOption, app, complain, plainly, say, today
from services.config import address, read_config
from services.importer.model import Report
from services.voorbeeld import naar_jsonl, publiek, simulatie
from services.voorbeeld.vorm import Bericht
from services.wiring import StartError, run_together


class Voorbeeldset(StrEnum):
    """The sets of sample data."""

    publiek = "publiek"
    simulatie = "simulatie"


@app.command()
def start(
    data: DataOption = None,
    port: Annotated[int | None, typer.Option(help="poort; 0 = een vrije; anders 8080", min=0, max=65_535)] = None,
    host: Annotated[
        str | None, typer.Option(help="adres om op te luisteren; anders 127.0.0.1. Verder weg: eerst toegang instellen")
    ] = None,
    sample: Annotated[Voorbeeldset | None, typer.Option("--voorbeeld", help="voorbeeldgegevens inlezen")] = None,
) -> None:
    """Alles in één proces: broker, verwerker, ClickHouse, API, pagina en alarmen."""
    with plainly():
        config = read_config()
        if host is not None:
            config = replace(config, host=address(host, "--host"))
        folder = data or config.data / (sample.value if sample else "eigen")
        say.print(f"Opvangpeil start; de gegevens staan in {folder}")
        uvloop.run(
            run_together(
                config,
                folder,
                config.port if port is None else port,
                sample=None if sample is None else partial(_load, sample, folder),
                announce=lambda url: _announce(url, sample),
            )
        )
        say.print("Opvangpeil is netjes gestopt.")


def _load(sample: Voorbeeldset, folder: Path, url: str, token: str, stopping: Callable[[], bool]) -> None:
    """Import a sample set over HTTP, as anybody would. What was imported before is recognised."""
    events: Iterable[Bericht] = (
        publiek.gebeurtenissen() if sample is Voorbeeldset.publiek else simulatie.genereer(tot=today())
    )
    with tempfile.TemporaryFile(dir=folder) as file, importer.terminal_progress(complain) as progress:
        file.writelines(naar_jsonl(events))
        file.seek(0)
        report: Report = importer.run(
            file,
            url=url,
            token=token,
            rejects=folder / "afgewezen.jsonl",
            format="jsonl",
            batch_size=2000,
            progress=_UntilStopped(progress, stopping),
        )
    if report.geweigerd:
        raise StartError(f"van de voorbeeldgegevens is een deel geweigerd: {report.summary}")
    say.print(f"Voorbeeld {sample.value}: {report.summary}")


class _UntilStopped:
    """The progress of an import into a server of our own: no use waiting for that once it stops."""

    def __init__(self, progress: importer.ImportWatcher, stopping: Callable[[], bool]) -> None:
        self.begin, self.update = progress.begin, progress.update
        self._waiting, self._stopping = progress.waiting, stopping

    def waiting(self, reason: str, seconds: float) -> None:
        """Show that the import waits, or give up."""
        if self._stopping():
            raise importer.ImportStoppedError(
                "Opvangpeil stopt; de voorbeeldgegevens worden bij de volgende start afgemaakt"
            )
        self._waiting(reason, seconds)


def _announce(url: str, sample: Voorbeeldset | None) -> None:
    say.print(f"Opvangpeil is gereed: {url}/")
    if sample is Voorbeeldset.publiek:
        say.print(f"  zoals op 10 mei 2024: {url}/?geldigOp=2024-05-10&bekendOp=2024-05-10")
    say.print("  stoppen: Ctrl-C")
