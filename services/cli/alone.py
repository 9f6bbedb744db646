"""One service by itself, on the Kafka and ClickHouse of the environment: `python -m services.ingest` and so on."""

from functools import partial

import structlog
import typer
import uvloop

from services.cli.plain import plainly, say
from services.config import read_config, secrets
from services.logs import log_to_stderr
from services.processor.worker import SOFTWARE_FAULT
from services.wiring import Service, run_alone

log = structlog.get_logger("start")


def run_service(service: Service) -> None:
    """Run it until SIGTERM or SIGINT; settings come from the environment."""
    command = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

    @command.command(help=f"De dienst {service.value} op zichzelf; instellingen staan in de omgeving (zie README).")
    def start() -> None:
        log_to_stderr(secrets())
        try:
            with plainly(log.error):  # a program reads this, not a person
                config = read_config()
                uvloop.run(run_alone(service, config, announce=partial(_announce, service)))
        except typer.Exit:
            raise
        except Exception as error:
            log.exception("onvoorziene fout")
            raise typer.Exit(SOFTWARE_FAULT) from error

    command()


def _announce(service: Service, url: str) -> None:
    say.print(f"{service.value} is gereed: {url}/")
