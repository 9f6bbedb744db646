"""What commands about the whole store can be asked. `keep` and `tables` do it, which take long to import.

`bewaar` writes the store to a file, `herstel` fills a store from one, `sleutel` makes the keys to sign with.
`controleer` recomputes the tables, `herbouw` makes them again, and `migreer` brings them up to date.
"""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.plain import DataOption

FileArgument = Annotated[Path, typer.Argument(help="het bestand, bijvoorbeeld opvangpeil-2026-11-24.zip")]


def sleutel(
    bestand: Annotated[Path, typer.Argument(help="waar de geheime sleutel komt; de publieke komt ernaast, in ….pub")],
) -> None:
    """Makes a pair of keys."""
    from services.cli.keep import sleutel as do

    do(bestand)


def bewaar(
    bestand: FileArgument,
    data: DataOption = None,
    sleutel: Annotated[
        Path | None, typer.Option("--sleutel", help="onderteken met deze geheime sleutel (van `opvangpeil sleutel`)")
    ] = None,
) -> None:
    """Writes the store to a file."""
    from services.cli.keep import bewaar as do

    do(bestand, data, sleutel)


def herstel(
    bestand: FileArgument,
    data: DataOption = None,
    sleutel: Annotated[
        Path | None, typer.Option("--sleutel", help="alleen een bestand dat met de geheime helft is getekend")
    ] = None,
    ongetekend: Annotated[
        bool, typer.Option("--ongetekend", help="ook een bestand waarvan niet bewezen is wie het maakte")
    ] = False,
    zonder_kafka: Annotated[
        bool, typer.Option("--zonder-kafka", help="er is geen Kafka meer, en er loopt geen enkele dienst")
    ] = False,
) -> None:
    """Fills an empty store from a file."""
    from services.cli.keep import herstel as do

    do(bestand, data, sleutel, ongetekend=ongetekend, zonder_kafka=zonder_kafka)


def controleer(
    data: DataOption = None, zaad: Annotated[int, typer.Option(help="bepaalt welke momenten worden nagerekend")] = 1
) -> None:
    """Recomputes everything from the log, and compares."""
    from services.cli.tables import controleer as do

    do(data, zaad)


def herbouw(data: DataOption = None) -> None:
    """Makes the derived tables anew."""
    from services.cli.tables import herbouw as do

    do(data)


def migreer(
    partities: Annotated[
        int | None, typer.Option(help="partities van nieuwe topics; anders OPVANGPEIL_PARTITIES", min=1)
    ] = None,
    kopieen: Annotated[int, typer.Option(help="kopieën van nieuwe topics", min=1)] = 3,
    data: DataOption = None,
) -> None:
    """Brings schema and topics up to date."""
    from services.cli.tables import migreer as do

    do(partities, kopieen, data)
