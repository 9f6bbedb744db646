"""`start`: what it can be asked. `serve` does it, which takes long to import, and help should come at once."""

from enum import StrEnum
from typing import Annotated

import typer

from services.cli.plain import DataOption


class Voorbeeldset(StrEnum):
    """The sets of sample data."""

    publiek = "publiek"
    simulatie = "simulatie"


def start(
    data: DataOption = None,
    port: Annotated[int | None, typer.Option(help="poort; 0 = een vrije; anders 8080", min=0, max=65_535)] = None,
    host: Annotated[
        str | None, typer.Option(help="adres om op te luisteren; anders 127.0.0.1. Verder weg: eerst toegang instellen")
    ] = None,
    sample: Annotated[Voorbeeldset | None, typer.Option("--voorbeeld", help="voorbeeldgegevens inlezen")] = None,
    logboek: Annotated[
        bool, typer.Option("--logboek", help="toon ook op het scherm elke logregel, als JSON; in een bestand altijd")
    ] = False,
) -> None:
    """Runs everything in this process."""
    from services.cli.serve import serve

    serve(data, port, host, sample, logboek=logboek)
