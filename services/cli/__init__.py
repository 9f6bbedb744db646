"""`opvangpeil`, the command line. Its texts are Dutch and for people, and every error says what to do.

`serve` starts everything or one service · `feed` sends events in · `look`, `explain`, `compare`, `report` and `alarm`
ask a server (`tijdlijn` and `tijdlijn_svg` draw for the last) · `unprocessable`, `tables`, `keep` and `access` manage
what is stored · `plain` has what they share.
"""

import typer

from services.cli import access, alarm, compare, explain, feed, keep, look, report, serve, tables, unprocessable
from services.cli.plain import complain, own_files_only
from services.config import secrets
from services.logs import log_to_stderr

app = typer.Typer(
    help="Opvangpeil: hoe vol de asielopvang is en welke gemeenten hun taak vervullen.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def _every_command() -> None:
    own_files_only()
    log_to_stderr(secrets(), for_people=complain.is_terminal)


# In the order in which `--help` lists them.
for _command in (
    serve.start,
    feed.importeer,
    feed.simuleer,
    look.status,
    explain.verklaar,
    compare.verschil,
    report.rapport,
    tables.controleer,
    tables.herbouw,
    tables.migreer,
    keep.sleutel,
    keep.bewaar,
    keep.herstel,
):
    app.command()(_command)
app.add_typer(alarm.commands, name="alarm", no_args_is_help=True)
app.add_typer(unprocessable.commands, name="onverwerkbaar")
app.add_typer(access.access, name="toegang", no_args_is_help=True)
