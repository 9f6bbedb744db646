"""Runs one service with an adjustable clock: `python -m tests.simulation.service KIND FILE`."""

import sys
from datetime import datetime, timedelta
from pathlib import Path

import uvloop

from services.clock import system_clock
from services.config import read_config
from services.logs import log_to_stderr
from services.wiring import Service, run_alone


def main(kind: str, step: Path) -> None:
    """Runs the service. The file holds the number of seconds that its clock is off."""

    def clock() -> datetime:
        return system_clock() + timedelta(seconds=float(step.read_text()))

    log_to_stderr()
    uvloop.run(run_alone(Service(kind), read_config(), announce=lambda url: print(url, flush=True), clock=clock))


main(sys.argv[1], Path(sys.argv[2]))
