"""One service by itself, on the Kafka and ClickHouse of the environment: `python -m services.ingest` and so on."""

import structlog
import typer
import uvloop

from services.cli.plain import plainly, say
from services.config import read_config, secrets
from services.logs import log_to_stderr
from services.wiring import Service, run_alone

log = structlog.get_logger("start")


def run_service(service: Service) -> None:
    """Run it until SIGTERM or SIGINT; settings come from the environment."""
    command = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

    @command.command(help=f"De dienst {service.value} op zichzelf; instellingen staan in de omgeving (zie README).")
    def start() -> None:
        log_to_stderr(secrets())
        with plainly(log.error):  # a program reads this, not a person
            config = read_config()
            uvloop.run(run_alone(service, config, announce=lambda url: say.print(f"{service.value} is gereed: {url}/")))

    command()
