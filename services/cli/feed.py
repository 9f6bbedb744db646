"""`importeer` sends events from a file to a server; `simuleer` writes invented events."""

import sys
import time
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from services import importer
from services.cli.plain import DEFAULT_URL, CommandError, UrlOption, plainly, say, today
from services.clock import system_clock
from services.config import read_config
from services.importer.lines import FormatName
from services.voorbeeld import naar_jsonl, simulatie


def importeer(
    bestand: Annotated[
        str,
        typer.Argument(help="bestand met gebeurtenissen (JSONL, CSV of met --profiel); - = standaardinvoer"),
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
    profiel: Annotated[
        str | None, typer.Option(help="lees het bestand (XLSX, ODS, CSV, Parquet) met dit profiel")
    ] = None,
    proef: Annotated[bool, typer.Option("--proef", help="toon wat er zou gebeuren, en stuur niets")] = False,
) -> None:
    """Sends the events of a file to a server."""
    with plainly():
        from services.cli.inlezen import is_tabel, lees_bestand_in

        if profiel is not None or is_tabel(bestand):
            lees_bestand_in(bestand, profiel, url, afgewezen, proef=proef)
            return
        if proef:
            raise CommandError("--proef hoort bij een bestand met een profiel: voeg --profiel NAAM toe.")
        if kolommen is not None:
            say.print(importer.column_help(kolommen))
            return
        constants = {name: value for name, value in (("type", type_), ("source", source)) if value is not None}
        stream = sys.stdin.buffer if bestand == "-" else Path(bestand)
        with importer.terminal_progress() as progress:
            report = importer.run(
                stream,
                url=url,
                rejects=afgewezen,
                format=vorm,
                constants=constants,
                batch_size=per_keer,
                parallel=tegelijk,
                progress=progress,
                token=read_config().token,
            )
        say.print(report.summary)
        raise typer.Exit(1 if report.geweigerd else 0)


def simuleer(
    locaties: Annotated[int, typer.Option(help="aantal open locaties, minstens 235")] = 310,
    gebeurtenissen: Annotated[
        int | None, typer.Option(help="precies zoveel; standaard wat het netwerk nodig heeft")
    ] = None,
    zaad: Annotated[int, typer.Option(help="bepaalt al het toeval")] = 1,
    tot: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="laatste dag; standaard vandaag")] = None,
    live: Annotated[bool, typer.Option("--live", help="daarna in werkelijke tijd doorgaan, tot Ctrl-C")] = False,
) -> None:
    """Writes invented events as JSONL."""
    with plainly():
        last = tot.date() if tot else today()
        try:
            events = simulatie.genereer(locaties=locaties, gebeurtenissen=gebeurtenissen, zaad=zaad, tot=last)
        except ValueError as error:
            raise CommandError(str(error)) from error
        _write(naar_jsonl(events))
        if live:
            _go_on(simulatie.stand(locaties=locaties, zaad=zaad, tot=last))


def _go_on(stand: simulatie.SimStand) -> None:
    since = system_clock()
    while True:
        time.sleep(1)
        now = system_clock()
        _write(naar_jsonl(simulatie.vervolg(stand, sinds=since, moment=now)))
        since = now


def _write(lines: Iterable[bytes]) -> None:
    sys.stdout.buffer.writelines(lines)
    sys.stdout.buffer.flush()
