"""Starts everything in one process (`start`), or one service by itself (`python -m services.<name>`)."""

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

import structlog
import typer
import uvloop

from services import importer
from services.cli.begin import Voorbeeldset
from services.cli.nederlands import Opdrachten
from services.cli.plain import complain, own_files_only, plainly, say, today
from services.config import address, read_config, secrets
from services.importer.model import Report
from services.logs import log_to_stderr
from services.processor.worker import SOFTWARE_FAULT
from services.voorbeeld import naar_jsonl, publiek, simulatie
from services.voorbeeld.vorm import CloudEvent
from services.wiring import Service, StartError, run_alone, run_together

log = structlog.get_logger("start")


def serve(data: Path | None, port: int | None, host: str | None, sample: Voorbeeldset | None, *, logboek: bool) -> None:
    """Runs everything in this process, until it is told to stop."""
    if logboek:
        log_to_stderr(secrets())
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
    """Imports a sample set over HTTP, as anybody would. Events that were imported before are recognised."""
    events: Iterable[CloudEvent] = (
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
    """Watches an import into our own server, and ends it when that server stops, since waiting is then useless."""

    def __init__(self, progress: importer.ImportWatcher, stopping: Callable[[], bool]) -> None:
        self.begin, self.update = progress.begin, progress.update
        self._waiting, self._stopping = progress.waiting, stopping

    def waiting(self, reason: str, seconds: float) -> None:
        """Shows that the import waits, or ends it."""
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


def run_service(service: Service) -> None:
    """Runs one service by itself until SIGTERM or SIGINT, as `python -m services.<name>` does.

    It runs on the Kafka and the ClickHouse of the environment.
    """
    command = Opdrachten()

    @command.command(help=f"De dienst {service.value} op zichzelf; instellingen staan in de omgeving (zie README).")
    def start() -> None:
        own_files_only()
        log_to_stderr(secrets())
        try:
            with plainly(log.error):  # A program reads what this says, and no person.
                config = read_config()
                uvloop.run(run_alone(service, config, announce=partial(_announce_service, service)))
        except typer.Exit:
            raise
        except Exception as error:
            log.exception("onvoorziene fout")
            raise typer.Exit(SOFTWARE_FAULT) from error

    command()


def _announce_service(service: Service, url: str) -> None:
    say.print(f"{service.value} is gereed: {url}/")
