"""`namen`: which names in files wait for somebody who knows what they are, and that person's answer."""

from contextlib import closing
from typing import Annotated

import typer

from schemas.told import ToldError
from services.cli.nederlands import Opdrachten
from services.cli.plain import DEFAULT_URL, UrlOption, complain, plainly, say
from services.cli.tabel import Kolom, Rij, toon_tabel
from services.config import Config, read_config
from services.importer import Server, inlees_voortgang
from services.importer.profiel import Namen, lees_namen
from services.importer.profiel.model import Naamsoort
from services.importer.profiel.namen import NAMEN, leg_vast
from services.importer.vergelijk import VanServer

commands = Opdrachten(no_args_is_help=True)


@commands.command()
def lijst(url: UrlOption = DEFAULT_URL) -> None:
    """Welke namen wachten, en wat ze misschien zijn. Eindigt met 1 als er een wacht."""
    with plainly():
        config = read_config()
        waiting = _namen(config, url).wachten()
        rows = [
            Rij(
                (
                    one.soort,
                    one.naam,
                    "; ".join(f"{id_} ({name})" for id_, name in one.voorstellen) or "niets dat lijkt",
                )
            )
            for one in waiting
        ]
        if not rows:
            say.print("Geen naam wacht.")
            return
        toon_tabel((Kolom("soort", heel=True), Kolom("naam"), Kolom("misschien")), rows)
        say.print("Zeg welke het is: opvangpeil namen bevestig SOORT NAAM ID", markup=False)
        raise typer.Exit(1)


@commands.command()
def bevestig(
    soort: Annotated[Naamsoort, typer.Argument(help="locatie, gemeente of provincie")],
    naam: Annotated[str, typer.Argument(help="de naam, zoals die in het bestand staat")],
    id_: Annotated[str, typer.Argument(metavar="ID", help="zoals LOC-12, GM0363 of PV27")],
) -> None:
    """Vastleggen welke id een naam in bestanden is. Daarna geldt dat voor elk bestand."""
    with plainly():
        pad = read_config().profielen / NAMEN
        leg_vast(pad, {(soort, naam): id_})
        say.print(f"'{naam}' is {soort} {id_}. Lees het bestand nu nog eens in.", markup=False)


def _namen(config: Config, url: str) -> Namen:
    """Returns the table, with the names of registered locaties if a server tells them."""
    known: dict[str, str] = {}
    try:
        with inlees_voortgang() as progress, closing(Server(url, config.token, 0).verbinding(progress)) as server:
            known = VanServer(server).locaties()
    except ToldError as error:
        complain.print(f"Zonder server zijn er geen voorstellen voor locaties: {error}", markup=False)
    return lees_namen(config.profielen / NAMEN, known)
