"""`profiel`: lists profiles, proposes one from a file, and shows what each row of a file becomes by one."""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from schemas.told import ToldError
from services.cli.momenten import KLOK, op_de_klok
from services.cli.nederlands import Opdrachten
from services.cli.plain import CommandError, complain, plainly, say
from services.cli.tabel import Kolom, Rij, toon_tabel
from services.config import read_config
from services.core.dutch import count, number
from services.importer.profiel import (
    Geweigerd,
    Kandidaat,
    Omzetting,
    alle_profielen,
    getoetst,
    lees_namen,
    lees_profiel,
    stel_voor,
    vind_profiel,
)
from services.importer.profiel.namen import NAMEN

commands = Opdrachten(no_args_is_help=True)
_BESTAND = typer.Argument(help="bestand van een bron: XLSX, XLSM, ODS, CSV of Parquet", exists=False)


@commands.command()
def lijst() -> None:
    """Welke profielen er zijn, van welke bron, en hoe hun bestanden heten."""
    with plainly():
        rows, wrong = [], []
        for pad in alle_profielen(read_config().profielen):
            try:
                one = lees_profiel(pad).profiel
            except ToldError as error:
                wrong.append(str(error))
                continue
            rows.append(Rij((pad.stem, ", ".join(one.bestand.naam) or "elke naam", one.omschrijving)))
        toon_tabel((Kolom("profiel", heel=True), Kolom("bestand"), Kolom("wat")), rows)
        for said in wrong:
            complain.print(said, markup=False)
        raise typer.Exit(1 if wrong else 0)


@commands.command()
def maak(
    bestand: Annotated[Path, _BESTAND],
    uitvoer: Annotated[Path | None, typer.Option(help="bestand voor het profiel; zonder: op het scherm")] = None,
) -> None:
    """Een voorstel voor een profiel, gemaakt uit een bestand. Lees het na: niets ervan is zeker."""
    with plainly():
        text = stel_voor(bestand)
        if uitvoer is None:
            say.print(text, markup=False, end="")
            return
        try:
            with uitvoer.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError as error:
            raise CommandError(f"{uitvoer} bestaat al; kies een andere naam.") from error
        complain.print(
            f"{uitvoer} is een voorstel. Lees het na, en zie wat het doet: opvangpeil profiel toets", markup=False
        )


@commands.command()
def toets(
    bestand: Annotated[Path, _BESTAND],
    profiel: Annotated[str, typer.Option(help="naam of bestand van het profiel")],
    rijen: Annotated[int, typer.Option(help="hoeveel rijen te tonen", min=1)] = 50,
) -> None:
    """Elke rij als de gebeurtenis die ze wordt. Zonder server; eindigt met 1 als er een geweigerd is."""
    with plainly():
        config = read_config()
        genoemd = vind_profiel(config.profielen, profiel)
        omzetting = Omzetting(genoemd, lees_namen(config.profielen / NAMEN))
        found = getoetst(omzetting.rijen(bestand))
        shown = list(islice(found, rijen))
        toon_tabel((Kolom("waar", heel=True), Kolom("over", heel=True), Kolom("wordt")), [_rij(one) for one in shown])
        rest = list(found)
        everything = [*shown, *rest]
        refused = sum(isinstance(one, Geweigerd) for one in everything)
        if rest:
            said = sum(isinstance(one, Geweigerd) for one in rest)
            say.print(f"… en nog {number(len(rest))}, waarvan {number(said)} geweigerd", markup=False)
        if omzetting.namen.nieuw:
            complain.print(
                "Let op: deze toets vraagt geen server, dus alleen namen uit namen.csv zijn bekend. Bij het inlezen "
                "zijn ook de namen van geregistreerde locaties bekend.",
                markup=False,
            )
        for one in [*omzetting.opmerkingen, *_waarschuwingen(everything)]:
            complain.print(f"Let op: {one}", markup=False)
        made = count(len(everything) - refused, "gebeurtenis", "gebeurtenissen")
        say.print(
            f"{made}, {number(refused)} geweigerd, {number(omzetting.overgeslagen)} overgeslagen. Tijden zijn {KLOK}.",
            markup=False,
        )
        raise typer.Exit(1 if refused else 0)


def _rij(one: Kandidaat | Geweigerd) -> Rij:
    if isinstance(one, Geweigerd):
        return Rij((one.plaats, "geweigerd", one.reden), "red")
    event = one.gebeurtenis
    kind = str(event["type"]).split(".")[-2]
    said = ", ".join(f"{name} = {_waarde(value)}" for name, value in event["data"].items())
    time = f"; vastgelegd {op_de_klok(event['time'])}" if "time" in event else ""
    return Rij((one.plaats, str(event["subject"]), f"{kind}: {said}{time}"))


def _waarde(value: Any) -> str:
    if isinstance(value, list):
        return " en ".join(_waarde(one) for one in value)
    if isinstance(value, dict):
        return f"({', '.join(f'{name} = {_waarde(one)}' for name, one in value.items())})"
    return {True: "ja", False: "nee"}[value] if isinstance(value, bool) else str(op_de_klok(value))


def _waarschuwingen(found: Sequence[Kandidaat | Geweigerd]) -> list[str]:
    """Says what the rows can't tell, and what that means."""
    places = [
        one
        for event in found
        if isinstance(event, Kandidaat)
        for one in event.gebeurtenis["data"].get("plaatsen", ())
        if isinstance(one, dict)
    ]
    if places and not any("beschikbaarVanaf" in one for one in places):
        return [
            "geen rij zegt sinds wanneer plaatsen er zijn (beschikbaarVanaf). Waar er al plaatsen van die soort zijn, "
            "blijft hun begin staan; nieuwe tellen vanaf geldigVanaf."
        ]
    return []
