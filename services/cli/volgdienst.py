"""Watches a folder until it is stopped, and tells how it goes in the log, at `/metrics` and at `/gereed`."""

import os
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import structlog
import uvicorn
from prometheus_client import CollectorRegistry

from services.cli.plain import CommandError, plainly, say
from services.clock import system_clock
from services.config import read_config
from services.importer import Server
from services.importer.profiel import Genoemd, vind_profiel
from services.importer.profiel.namen import NAMEN
from services.importer.volgen import Volger
from services.importer.volgstand import GEWEIGERD, VERWERKT, Oorzaak, Opzet, Stand
from services.metrics import Metrics, make_metrics
from services.web import Check, NotReadyError, make_app
from services.wiring.running import listen, reached_at

SERVER_SECONDS_MAX = 10.0
"""How long one try waits for a server that is away. After that it is told, and tried again in the next round."""
_OORZAKEN: Sequence[Oorzaak] = get_args(Oorzaak)
_HOLDS_ALL: Sequence[Oorzaak] = ("map", "schijf", "server", "namen")
"""What can keep every file waiting, and so make the service not ready. The rest holds up one file."""
log = structlog.get_logger("volg")


def volg_map(map_: Path, profielen: Sequence[str], url: str, *, elke: int, port: int) -> None:
    """Watches a folder until SIGTERM or SIGINT, and looks at it every `elke` seconds."""
    with plainly(log.error):
        config = read_config()
        known = [vind_profiel(config.profielen, naam) for naam in dict.fromkeys(profielen)]
        if every := [one.naam for one in known if not one.profiel.bestand.naam]:
            raise CommandError(
                f"Profiel {every[0]} zegt niet hoe zijn bestanden heten, en zou dus elk bestand nemen; "
                'zet bestand.naam erin, zoals naam = ["telling-*.xlsx"].'
            )
        hoort = Gehoord(make_metrics(CollectorRegistry()), known)
        server = Server(url, config.token, SERVER_SECONDS_MAX)
        one = Volger(Opzet(map_, known, config.profielen / NAMEN, server, hoort, system_clock))
        with listen(config.host, port) as listener:
            _serve(listener, hoort)
            say.print(f"volgt {map_}; {reached_at(*listener.getsockname()[:2])}/metrics zegt hoe het gaat")
            _until_stopped(one, map_, elke)


def _until_stopped(one: Volger, map_: Path, seconds: int) -> None:
    """Looks again and again. A stop is at once, also halfway a file: a kill at any instant loses nothing."""

    def stopped(_number: int, _frame: object) -> None:
        log.info("stopt")
        os._exit(0)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stopped)
    while True:
        if map_.is_dir():  # Whoever may read the files may read their reports.
            os.umask(0o777 & ~map_.stat().st_mode)
        one.ronde()
        time.sleep(seconds)


def _serve(listener: socket.socket, hoort: "Gehoord") -> None:
    """Answers at `/metrics`, `/gezond` and `/gereed`.

    These ask no token, since there is no store to look one up in. So they tell only counts, what holds up, and the
    names of profiles.
    """
    app = make_app("Opvangpeil volg", [], metrics=hoort.metrics, checks=hoort.checks())
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", server_header=False))
    threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True).start()


class Gehoord:
    """Tells what it hears in the log and in metrics."""

    def __init__(self, metrics: Metrics, profielen: Sequence[Genoemd]) -> None:
        self.metrics = metrics
        self._stand: Stand | None = None
        for one in profielen:  # A counter that begins at 1 would hide its first step.
            for outcome in (VERWERKT, GEWEIGERD):
                metrics.bestanden.labels(one.naam, outcome)
            for outcome in ("nieuw", "anders", "gelijk", "overgeslagen", "geweigerd"):
                metrics.bestand_rijen.labels(one.naam, outcome)

    def checks(self) -> Mapping[str, Check]:
        """Returns what `/gereed` asks: whether anything keeps every file waiting."""
        return {oorzaak: self._check(oorzaak) for oorzaak in _HOLDS_ALL}

    def _check(self, oorzaak: Oorzaak) -> Callable[[], None]:
        def check() -> None:
            if self._stand is None:
                raise NotReadyError("er is nog niet naar de map gekeken")
            if (oorzaak, "") in self._stand.gehinderd:
                raise NotReadyError("houdt alle bestanden op; het logboek van volg zegt waarom")

        return check

    def begonnen(self, bestand: str, profiel: str) -> None:
        """Tells that a file is taken."""
        log.info("bestand opgepakt", bestand=bestand, profiel=profiel)

    def klaar(self, verslag: Mapping[str, Any], map_: str) -> None:
        """Tells what became of a file."""
        counted = {name: verslag[name] for name in ("nieuw", "gelijk", "overgeslagen")}
        counted |= {name: len(verslag[name]) for name in ("anders", "geweigerd")}
        tell = log.info if map_ == VERWERKT and not counted["geweigerd"] else log.warning
        tell(f"bestand {map_}", bestand=verslag["bestand"], profiel=verslag["profiel"], **counted)
        if say.is_terminal:
            say.print("\n".join(verslag["samenvatting"]), markup=False)
        self.metrics.bestanden.labels(verslag["profiel"], map_).inc()
        for outcome, number in counted.items():
            self.metrics.bestand_rijen.labels(verslag["profiel"], outcome).inc(number)

    def gehinderd(self, oorzaak: Oorzaak, tekst: str) -> None:
        """Tells what holds up."""
        log.warning("wordt opgehouden", oorzaak=oorzaak, reden=tekst)

    def verder(self, oorzaak: Oorzaak, tekst: str) -> None:
        """Tells that it is over."""
        log.info("gaat verder", oorzaak=oorzaak, was=tekst)

    def onvoorzien(self, bestand: str) -> None:
        """Tells of a fault of ours."""
        log.exception("onvoorziene fout", bestand=bestand)

    def stand(self, stand: Stand) -> None:
        """Shows how things are."""
        self._stand = stand
        held = Counter(oorzaak for oorzaak, _ in stand.gehinderd)
        for oorzaak in _OORZAKEN:
            self.metrics.bestanden_gehinderd.labels(oorzaak).set(held[oorzaak])
        for profiel, moment in stand.laatste.items():
            self.metrics.bestand_laatste.labels(profiel).set(moment.timestamp())
        for profiel, moment in stand.verwacht_voor.items():
            self.metrics.bestand_verwacht_voor.labels(profiel).set(moment.timestamp())
        for soort, number in stand.namen.items():
            self.metrics.namen_wachtend.labels(soort).set(number)

    def waiting(self, reason: str, seconds: float) -> None:
        """Says nothing yet: a server that stays away is told as what holds up."""

    def vergeleken(self, events: int) -> None:
        """Says nothing: what became of the rows is told when the file is done."""

    def verzonden(self, events: int) -> None:
        """Says nothing."""
