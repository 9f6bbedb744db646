"""`opvangpeil`, the command line. Its texts are Dutch and for people, and every error says what to do.

`serve` starts everything or one service · `feed` sends events in, and `inlezen` the files that a profile describes ·
`volg` watches a folder for these, with `volgdienst` · `profiel` and `namen` manage those · `melden` sends one event
that a person reports (`meldopties` has its options, `vragen` asks, `meldscherm` shows) · `look`, `explain`, `compare`,
`report` and `alarm` ask a server, with `asking` (`recheck` and `record` do more with a report; `tijdlijn` and
`tijdlijn_svg` draw) · `editie` (`editie_maken`) makes the weekly edition, and `recheck_editie` checks one ·
`unprocessable`,
`tables`, `keep` and `access` manage what is stored, with `stores` · `nederlands` makes typer speak Dutch · `complete`
is for shells · `plain` has what all share.

A module is imported when its command is asked for. So this list says what each command is for, and its function only
how it works.
"""

from typing import Annotated, Any, ClassVar

import typer
from typer.completion import completion_init  # type: ignore[attr-defined]  # not in their list of exports

from services.cli.nederlands import Groep, Later, Opdrachten
from services.cli.plain import complain, own_files_only, say


class _Alle(Groep):
    """All commands, in the order in which `--help` lists them."""

    later: ClassVar = {
        "start": Later(
            "begin:start", "Alles in één proces: broker, verwerker, ClickHouse, API, pagina en alarmen.", logs=True
        ),
        "importeer": Later(
            "feed:importeer", "Gebeurtenissen inlezen. Nog eens doen is onschadelijk: wat er al staat wordt herkend."
        ),
        "volg": Later(
            "volg:volg",
            "Een map volgen: elk heel bestand inlezen en wegzetten, met een verslag ernaast, tot het wordt gestopt.",
            logs=True,
        ),
        "profiel": Later("profiel:commands", "Profielen: hoe de bestanden van een bron gebeurtenissen worden."),
        "namen": Later("namen:commands", "Namen in bestanden: welke op iemand wachten, en welke het is."),
        "meld": Later(
            "melden:commands",
            "Iets melden zoals op de pagina Melden: met opties, of stap voor stap gevraagd. Eerst staat er wat er "
            "verandert; pas daarna wordt er verzonden.\n\n"
            "Eindigt met 0 als de melding is verzonden, met 1 als dat niet is gebeurd, en met 2 als wat er is getypt "
            "niet klopt.",
        ),
        "trek-in": Later(
            "melden:trek_in",
            "Een melding intrekken. Eerst staat er welke dat is en wat er verandert; wat erin stond blijft in het "
            "logboek.\n\nDat mag alleen het systeem dat de melding deed, of een beheerder.",
        ),
        "simuleer": Later(
            "feed:simuleer", "Een verzonnen netwerk als JSONL op de standaarduitvoer, voor `opvangpeil importeer -`."
        ),
        "status": Later("look:status", "Hoe het gaat, op één scherm. Eindigt met 1 als de server niet gereed is."),
        "verklaar": Later(
            "explain:verklaar",
            "Waarom een cijfer is wat het is: de formule met de getallen, en de gebeurtenissen erachter.",
        ),
        "verschil": Later(
            "compare:verschil",
            "Wat er tussen twee momenten verschilt: wat er veranderde, wat pas later bekend werd, en wat anders geteld "
            "is.\n\nEén moment geldt voor allebei: 2026-05-21 is de stand van die dag, zoals bekend op die dag.",
        ),
        "rapport": Later(
            "report:rapport",
            "De cijfers van één moment om mee te nemen; met de positie die erin staat zijn ze precies te herhalen.",
        ),
        "editie": Later(
            "editie:editie",
            "De openbare cijfers van een week als bestanden in een map die elke webserver kan tonen: Parquet, CSV, "
            "definities en wat er veranderde. Na te rekenen met `rapport --controleer`.",
        ),
        "controleer": Later(
            "upkeep:controleer",
            "Alles narekenen uit het logboek en vergelijken met de tabellen; eindigt met 1 als er verschil is.",
            logs=True,
        ),
        "herbouw": Later(
            "upkeep:herbouw",
            "De afgeleide tabellen opnieuw maken uit het logboek, naast de oude, en dan omwisselen.",
            logs=True,
        ),
        "migreer": Later(
            "upkeep:migreer", "Schema van ClickHouse en topics van Kafka bijwerken; veilig te herhalen.", logs=True
        ),
        "sleutel": Later("upkeep:sleutel", "Een sleutelpaar maken om te tekenen wat Opvangpeil bewaart."),
        "bewaar": Later(
            "upkeep:bewaar", "Het logboek, de alarmen en wat onverwerkbaar was in één bestand bewaren.", logs=True
        ),
        "herstel": Later(
            "upkeep:herstel",
            "Een lege opslag vullen uit een bewaard bestand; daarna klopt elk cijfer weer, ook op een oudere positie.",
            logs=True,
        ),
        "alarm": Later("alarm:commands", "Alarmen: regels toetsen aan de geschiedenis, voordat iemand erop vertrouwt."),
        "onverwerkbaar": Later(
            "unprocessable:commands",
            "Wat niet aangenomen kon worden: bekijken en opnieuw aanbieden. Er wordt niets gewist.",
            logs=True,
        ),
        "toegang": Later(
            "access:access",
            "Tokens: wie wat mag. Zonder --url of --data: de ClickHouse van de omgeving, of de server.",
            logs=True,
        ),
        "aanvulling": Later(
            "complete:aanvulling",
            "Opdrachten, opties en hun waarden laten aanvullen met Tab.\n\n"
            "bash, in ~/.bashrc: source <(opvangpeil aanvulling bash)\n"
            "zsh, in ~/.zshrc na compinit: source <(opvangpeil aanvulling zsh)\n"
            "fish, in ~/.config/fish/config.fish: opvangpeil aanvulling fish | source",
        ),
    }

    def main(self, *args: Any, **options: Any) -> Any:
        """Runs a command, or tells a shell how one can go on."""
        completion_init()
        return super().main(*args, **options)


app = Opdrachten(
    cls=_Alle, help="Opvangpeil: hoe vol de asielopvang is en welke gemeenten hun taak vervullen.", no_args_is_help=True
)


def _tell_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        say.print(f"opvangpeil {version('opvangpeil')}")
        raise typer.Exit


@app.callback()
def _every_command(
    context: typer.Context,
    _version: Annotated[
        bool, typer.Option("--version", help="welke versie dit is", is_eager=True, callback=_tell_version)
    ] = False,
) -> None:
    own_files_only()
    if _Alle.later[str(context.invoked_subcommand)].logs:
        from services.config import secrets
        from services.logs import log_to_stderr

        log_to_stderr(secrets(), for_people=complain.is_terminal)
