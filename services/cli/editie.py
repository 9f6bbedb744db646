"""`editie`: what it can be asked. `editie_maken` does it, which takes long to import."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.plain import DEFAULT_URL, UrlOption


def editie(
    folder: Annotated[Path, typer.Argument(metavar="MAP", help="de map met edities; een webserver kan die zo tonen")],
    week: Annotated[str, typer.Option(help="welke week, zoals 2026-W48 [standaard: de laatste hele week]")] = "",
    sleutel: Annotated[
        Path | None, typer.Option("--sleutel", help="onderteken met deze geheime sleutel (van `opvangpeil sleutel`)")
    ] = None,
    opnieuw: Annotated[
        bool, typer.Option("--opnieuw", help="maak van een week die er al is een herziening ernaast")
    ] = False,
    url: UrlOption = DEFAULT_URL,
) -> None:
    """Makes the edition of a week, unless it is there."""
    from services.cli.editie_maken import maak

    maak(folder, week, sleutel, url, opnieuw=opnieuw)
