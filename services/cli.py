"""`opvangpeil`: the command line. Texts in Dutch, for people; every error says what to do."""

import logging
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import httpx
import structlog
import typer
import uvloop
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.table import Table
from typer import rich_utils

from schemas.fields import AMSTERDAM, format_moment
from services import importer
from services.clock import system_clock
from services.config import Config, ConfigError, read_config
from services.core.registers import Winner
from services.eventlog.producer import BrokerUnavailableError
from services.eventlog.topics import create_topics
from services.importer import ImporterError
from services.importer.lines import FormatName
from services.importer.model import Report, dutch, os_reason
from services.store.check import Difference, check
from services.store.connect import Connection
from services.store.derive import rebuild
from services.store.migrate import MigrationError, migrate
from services.store.model import StoreAddressError, StoreInUseError, StoreUnavailableError
from services.store.queries import DERIVED
from services.store.store import Store
from services.voorbeeld import naar_jsonl, publiek, simulatie
from services.voorbeeld.vorm import Gebeurtenis
from services.wiring import StartError, embedded_store, run_embedded

rich_utils.ARGUMENTS_PANEL_TITLE = "Argumenten"
rich_utils.OPTIONS_PANEL_TITLE = "Opties"
rich_utils.COMMANDS_PANEL_TITLE = "Opdrachten"
rich_utils.ERRORS_PANEL_TITLE = "Fout"
rich_utils.DEFAULT_STRING = "[standaard: {}]"
rich_utils.RICH_HELP = "Met [blue]'{command_path} {help_option}'[/] staat hier wat er kan."
app = typer.Typer(
    help="Opvangpeil: hoe vol de asielopvang is en welke gemeenten hun taak vervullen.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
say = Console(soft_wrap=True, highlight=False)
complain = Console(stderr=True, soft_wrap=True, highlight=False)
EXPECTED = (
    StartError, ConfigError, ImporterError, MigrationError, StoreAddressError, StoreInUseError, StoreUnavailableError,
    BrokerUnavailableError,
)  # fmt: skip
"""What can go wrong outside the program: said in a sentence, without a trace."""
DIFFERENCES_SHOWN = 20
ORIGINAL_SHOWN = 200

DEFAULT_URL = "http://127.0.0.1:8080"
DataOption = Annotated[Path | None, typer.Option("--data", help="gegevensmap van de ingebouwde vorm")]
UrlOption = Annotated[str, typer.Option("--url", help="adres van de server")]


class Voorbeeld(StrEnum):
    """The sets of sample data."""

    publiek = "publiek"
    simulatie = "simulatie"


@app.command()
def start(
    data: DataOption = None,
    port: Annotated[
        int | None, typer.Option(help="poort op 127.0.0.1; 0 = een vrije; anders 8080", min=0, max=65_535)
    ] = None,
    sample: Annotated[Voorbeeld | None, typer.Option("--voorbeeld", help="voorbeeldgegevens inlezen")] = None,
) -> None:
    """Alles in één proces: broker, verwerker, ClickHouse, API, pagina en alarmen."""
    with plainly():
        config = read_config()
        folder = data or config.data / (sample.value if sample else "eigen")
        _log_to_stderr()
        say.print(f"Opvangpeil start; de gegevens staan in {folder}")
        uvloop.run(
            run_embedded(
                folder,
                config.port if port is None else port,
                sample=None if sample is None else partial(_load, sample, folder),
                announce=lambda url: _announce(url, sample),
            )
        )
        say.print("Opvangpeil is netjes gestopt.")


@app.command()
def importeer(
    bestand: Annotated[
        str, typer.Argument(help="bestand met gebeurtenissen (JSONL of CSV); - = standaardinvoer")
    ] = "-",
    url: UrlOption = DEFAULT_URL,
    vorm: Annotated[FormatName | None, typer.Option(help="jsonl of csv; anders volgt het uit de naam")] = None,
    afgewezen: Annotated[Path, typer.Option(help="waar komt wat geweigerd is, met de reden")] = Path("afgewezen.jsonl"),
    per_keer: Annotated[int, typer.Option(help="gebeurtenissen per batch", min=1, max=10_000)] = 4000,
    tegelijk: Annotated[int, typer.Option(help="batches tegelijk onderweg", min=1, max=32)] = 6,
    type_: Annotated[
        str | None, typer.Option("--type", help="type van alle regels van een CSV zonder die kolom")
    ] = None,
    source: Annotated[str | None, typer.Option(help="source van alle regels van een CSV zonder die kolom")] = None,
    kolommen: Annotated[str | None, typer.Option(help="toon de kolommen van een CSV van dit type")] = None,
) -> None:
    """Gebeurtenissen inlezen. Nog eens doen is onschadelijk: wat er al staat wordt herkend."""
    with plainly():
        if kolommen is not None:
            say.print(importer.column_help(kolommen))
            return
        constants = {name: value for name, value in (("type", type_), ("source", source)) if value is not None}
        stream = sys.stdin.buffer if bestand == "-" else Path(bestand)
        with importer.terminal_progress() as progress:
            report = importer.run(
                stream, url=url, rejects=afgewezen, format=vorm, constants=constants,
                batch_size=per_keer, parallel=tegelijk, progress=progress,
            )  # fmt: skip
        say.print(report.summary)
        raise typer.Exit(1 if report.geweigerd else 0)


@app.command()
def simuleer(
    locaties: Annotated[int, typer.Option(help="aantal open locaties, minstens 235")] = 310,
    gebeurtenissen: Annotated[
        int | None, typer.Option(help="precies zoveel; standaard wat het netwerk nodig heeft")
    ] = None,
    zaad: Annotated[int, typer.Option(help="bepaalt al het toeval")] = 1,
    tot: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="laatste dag; standaard vandaag")] = None,
    live: Annotated[bool, typer.Option("--live", help="daarna in werkelijke tijd doorgaan, tot Ctrl-C")] = False,
) -> None:
    """Een verzonnen netwerk als JSONL op de standaarduitvoer, voor `opvangpeil importeer -`."""
    with plainly():
        last = tot.date() if tot else _today()
        try:
            events = simulatie.genereer(locaties=locaties, gebeurtenissen=gebeurtenissen, zaad=zaad, tot=last)
        except ValueError as error:
            raise StartError(str(error)) from error
        _write(naar_jsonl(events))
        if live:
            _go_on(simulatie.stand(locaties=locaties, zaad=zaad, tot=last))


@app.command()
def controleer(
    data: DataOption = None, zaad: Annotated[int, typer.Option(help="bepaalt welke momenten worden nagerekend")] = 1
) -> None:
    """Alles narekenen uit het logboek en vergelijken met de tabellen; eindigt met 1 als er verschil is."""
    with plainly(), _store(data) as store:
        total = store.stored_count()
        with _bar("narekenen", total) as advance:
            differences = check(store, system_clock(), zaad, advance)
        if differences:
            _show(differences)
            raise typer.Exit(1)
        say.print(f"{dutch(total)} gebeurtenissen nagerekend: de tabellen kloppen met het logboek.")


@app.command()
def herbouw(data: DataOption = None) -> None:
    """De afgeleide tabellen opnieuw maken uit het logboek, naast de oude, en dan omwisselen."""
    with plainly(), _store(data) as store, _bar("herbouwen", len(DERIVED)) as advance:
        rebuild(store, lambda _: advance(1))
    say.print("De afgeleide tabellen zijn opnieuw gemaakt.")


@app.command()
def migreer(
    partities: Annotated[int, typer.Option(help="partities van nieuwe topics", min=1)] = 8,
    kopieen: Annotated[int, typer.Option(help="kopieën van nieuwe topics", min=1)] = 3,
    data: DataOption = None,
) -> None:
    """Schema van ClickHouse en topics van Kafka bijwerken; veilig te herhalen."""
    with plainly():
        config = read_config()
        connection = _connection(config, data)
        try:
            applied = migrate(connection)
        finally:
            connection.close()
        say.print(f"ClickHouse: {len(applied)} migratie(s) toegepast" if applied else "ClickHouse: al bij")
        if config.kafka:
            made = create_topics(config.kafka, partitions=partities, replication=kopieen)
            say.print(f"Kafka: {', '.join(made)} gemaakt" if made else "Kafka: al bij")


@app.command()
def status(url: UrlOption = DEFAULT_URL) -> None:
    """Is de server gereed, en wat weet hij nu? Eindigt met 1 als hij niet gereed is."""
    with plainly():
        ready = httpx.get(f"{url}/gereed", timeout=10)
        answer = ready.json()
        if ready.status_code != httpx.codes.OK:
            complain.print(f"Niet gereed: {answer.get('detail', ready.status_code)}", style="red")
            for fout in answer.get("fouten", []):
                complain.print(f"  {fout['veld']}: {fout['melding']}")
            raise typer.Exit(1)
        figures = httpx.get(f"{url}/v1/bezetting", timeout=10).raise_for_status().json()
        table = Table("gegeven", "waarde", title="Opvangpeil is gereed")
        for name in (
            "geldigOp",
            "locaties",
            "aanwezig",
            "plaatsen",
            "inzetbaar",
            "bezettingsgraad",
            "dekking",
            "positie",
        ):
            value = figures.get(name)
            table.add_row(name, "onbekend" if value is None else str(value))
        say.print(table)


@app.command()
def onverwerkbaar(
    data: DataOption = None,
    aantal: Annotated[int, typer.Option(help="hoeveel van de nieuwste", min=1, max=10_000)] = 50,
) -> None:
    """Wat niet aangenomen kon worden, met de reden en waar het stond."""
    with plainly(), _store(data) as store:
        items = store.unprocessable(aantal)
        for item in items:
            place = f"partitie {item.place.partition}, offset {item.place.offset}, nummer {item.index}"
            say.print(f"{format_moment(item.ontvangen_op)}  {item.topic}  {place}", style="bold", markup=False)
            say.print(f"  {item.reason}", markup=False)
            say.print(f"  {item.raw[:ORIGINAL_SHOWN].decode('utf-8', 'replace')!r}", markup=False, style="dim")
        if not items:
            say.print("Er is niets onverwerkbaar.")


@contextmanager
def plainly() -> Iterator[None]:
    """Turn what can go wrong into one sentence and exit code 2."""
    try:
        yield
    except EXPECTED as error:
        complain.print(f"Fout: {error}", style="red", markup=False)
        raise typer.Exit(2) from error
    except BrokenPipeError as error:  # `| head` has seen enough
        raise typer.Exit(0) from error
    except OSError as error:  # a file or folder that can't be used
        where = f": {error.filename}" if error.filename else ""
        complain.print(f"Fout: {os_reason(error)}{where}", style="red", markup=False)
        raise typer.Exit(2) from error
    except httpx.HTTPError as error:
        complain.print(f"Fout: de server antwoordt niet ({error}); is Opvangpeil gestart en klopt --url?", style="red")
        raise typer.Exit(2) from error


def _load(sample: Voorbeeld, folder: Path, url: str, stopping: Callable[[], bool]) -> None:
    """Import a sample set over HTTP, as anybody would. What was imported before is recognised."""
    events: Iterable[Gebeurtenis] = (
        publiek.gebeurtenissen() if sample is Voorbeeld.publiek else simulatie.genereer(tot=_today())
    )
    with tempfile.TemporaryFile(dir=folder) as file, importer.terminal_progress(complain) as progress:
        file.writelines(naar_jsonl(events))
        file.seek(0)
        report: Report = importer.run(
            file,
            url=url,
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

    def __init__(self, progress: importer.Progress, stopping: Callable[[], bool]) -> None:
        self.begin, self.update = progress.begin, progress.update
        self._waiting, self._stopping = progress.waiting, stopping

    def waiting(self, reason: str, seconds: float) -> None:
        """Show that the import waits, or give up."""
        if self._stopping():
            raise importer.ImportStoppedError(
                "Opvangpeil stopt; de voorbeeldgegevens worden bij de volgende start afgemaakt"
            )
        self._waiting(reason, seconds)


def _announce(url: str, sample: Voorbeeld | None) -> None:
    say.print(f"Opvangpeil is gereed: {url}/")
    if sample is Voorbeeld.publiek:
        say.print(f"  zoals op 10 mei 2024: {url}/?geldigOp=2024-05-10&bekendOp=2024-05-10")
    say.print("  stoppen: Ctrl-C")


def _go_on(stand: simulatie.Stand) -> None:
    since = system_clock()
    while True:
        time.sleep(1)
        now = system_clock()
        _write(naar_jsonl(simulatie.vervolg(stand, sinds=since, moment=now)))
        since = now


def _write(lines: Iterable[bytes]) -> None:
    sys.stdout.buffer.writelines(lines)
    sys.stdout.buffer.flush()


@contextmanager
def _store(data: Path | None) -> Iterator[Store]:
    """The store of a data folder that no server holds, or the one that the environment names."""
    config = read_config()
    if config.clickhouse and data is None:
        connection = Connection(config.clickhouse)
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


def _connection(config: Config, data: Path | None) -> Connection:
    if config.clickhouse and data is None:
        return Connection(config.clickhouse)
    return Connection(f"chdb://{((data or config.data / 'eigen') / 'clickhouse').resolve()}")


def _show(differences: list[Difference]) -> None:
    for d in differences[:DIFFERENCES_SHOWN]:
        moments = f"geldig op {format_moment(d.geldig_op)}, bekend op {format_moment(d.bekend_op)}"
        complain.print(f"{d.onderwerp} {d.register} ({moments})", style="bold", markup=False)
        complain.print(
            f"  volgens het logboek: {_said(d.logboek)}\n  in de tabellen:      {_said(d.tabellen)}", markup=False
        )
    complain.print(
        f"{dutch(len(differences))} verschil(len); `opvangpeil herbouw` maakt de tabellen opnieuw.", style="red"
    )


def _said(winner: Winner | None) -> str:
    if winner is None:
        return "niets"
    return f"{winner.value} vanaf {format_moment(winner.effective_at)}, gebeurtenis {winner.event_id}"


@contextmanager
def _bar(what: str, total: int) -> Iterator[Callable[[int], Any]]:
    columns = SpinnerColumn(), TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Bar(*columns, console=complain, disable=not complain.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, advance=done)


def _today() -> date:
    return system_clock().astimezone(AMSTERDAM).date()


def _log_to_stderr() -> None:
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


if __name__ == "__main__":
    app()
