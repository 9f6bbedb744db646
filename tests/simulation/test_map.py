"""Nothing is lost or there twice when a folder's watcher, and the server it sends to, are killed at seeded instants."""

import random
import signal
import threading
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import get_args

import orjson
import pytest

from services.importer.volgstand import Instant
from tests.support.child import OurChild, free_port
from tests.support.rondes import only_whole
from tests.support.server import Server
from tests.support.volgt import BATCH, SENT, leg_neer, liggen, schrijf_profielen, telling

Row = tuple[str, str, object]
INSTANTS = [*get_args(Instant), SENT]
SECONDS_MAX = 120
FILES = 3
"""Between two kills."""


class Bron:
    """Makes files: new rows, rows that differ from earlier ones, and whole files once more. It knows what follows."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._number = 0
        self.gezegd: dict[tuple[str, str], list[object]] = defaultdict(list)
        """What the log must hold about each locatie and moment, in this order."""
        self.bestanden: list[tuple[str, bytes]] = []

    def bestand(self) -> tuple[str, bytes]:
        """Returns the name and content of the next one."""
        if self.bestanden and self._chance.random() < 0.2:
            again = self.bestanden[-1]
        else:
            again = (self._chance.choice(("telling.csv", f"telling-{len(self.bestanden)}.csv")), telling(self._rijen()))
        self.bestanden.append(again)
        return again

    def _rijen(self) -> list[Row]:
        rows: dict[tuple[str, str], int] = {}
        for _ in range(self._chance.randint(1, 3 * BATCH)):
            if self.gezegd and self._chance.random() < 0.3:
                key = self._chance.choice(list(self.gezegd))
            else:
                self._number += 1
                key = (
                    f"LOC-{self._chance.randint(1, 4)}",
                    f"2026-05-01T{self._number // 60:02}:{self._number % 60:02}:00Z",
                )
            rows[key] = self._chance.randint(1, 500)
        for key, present in rows.items():
            if self.gezegd[key][-1:] != [present]:
                self.gezegd[key].append(present)
        return [(*key, present) for key, present in rows.items()]


def klaar(map_: Path) -> bool:
    return not any(name.startswith("bezig/") or "/" not in name for name in liggen(map_)) and not list(
        map_.glob("bezig/.*.journaal")
    )


def run(seed: int, folder: Path, *, kills: int, server_too: bool) -> None:
    """Does one run. Raises AssertionError with its seed when something is lost, there twice, or not told."""
    chance, port = random.Random(seed), str(free_port())
    map_, profielen, bron = folder / "map", schrijf_profielen(folder / "profielen"), Bron(random.Random(seed))
    map_.mkdir()
    server = Server(folder / "data", "--port", port)
    told, died = [f"zaad {seed}"], 0
    try:
        for number in range(kills + 1):
            for _ in range(FILES if number < kills else 0):
                naam, inhoud = bron.bestand()
                if not (map_ / naam).exists():
                    leg_neer(map_, naam, inhoud)
                else:
                    leg_neer(map_, f"telling-{naam}-{len(bron.bestanden)}.csv", inhoud)
            instant = [chance.choice(INSTANTS), str(chance.randint(1, 4))] if number < kills else []
            killer = threading.Timer(chance.uniform(0.5, 2.0), server.process.kill)
            if server_too and number < kills and chance.random() < 0.4:
                killer.start()
            told.append(f"  {instant or 'tot het klaar is'}{', en de server' if killer.is_alive() else ''}")
            child = OurChild(
                "tests.support.volgt", [str(map_), str(profielen), server.url, *instant], folder / "log", {}
            )
            deadline = time.monotonic() + SECONDS_MAX
            while child.process.poll() is None and not klaar(map_) and server.process.poll() is None:
                assert time.monotonic() < deadline, "\n".join([*told, str(liggen(map_)), child.said()])
                time.sleep(0.02)
            killer.cancel()
            died += child.process.poll() == -signal.SIGKILL
            child.kill()
            if server.process.poll() is not None:
                server.kill()
                server = Server(folder / "data", "--port", port)
        try:
            assert died, "no instant was reached, so this proves nothing"
            _check(server, map_, bron)
        except AssertionError as error:
            raise AssertionError("\n".join([*told, str(error)])) from error
    finally:
        server.kill()


def _check(server: Server, map_: Path, bron: Bron) -> None:
    found: dict[tuple[str, str], list[object]] = defaultdict(list)
    for event in sorted(server.log(), key=lambda event: event["time"]):
        found[event["subject"], event["data"]["peilmoment"]].append(event["data"]["aanwezig"])
    assert found == bron.gezegd
    reports = [orjson.loads(pad.read_bytes()) for pad in (map_ / "verwerkt").glob("*.verslag.json")]
    files = [pad.read_bytes() for pad in (map_ / "verwerkt").glob("*.csv")]
    assert Counter(files) == Counter(inhoud for _, inhoud in bron.bestanden)
    assert len(reports) == len(files)
    assert sum(told["nieuw"] for told in reports) == len(bron.gezegd)
    assert sum(len(told["anders"]) for told in reports) == sum(len(said) - 1 for said in bron.gezegd.values())
    assert sum(len(told["geweigerd"]) for told in reports) == 0


@pytest.mark.parametrize(
    ("seed", "kills", "server_too"), [(1, 3, False), only_whole(2, 8, True), only_whole(3, 8, True)]
)
def test_nothing_is_lost_or_there_twice(tmp_path: Path, seed: int, kills: int, server_too: bool) -> None:
    run(seed, tmp_path, kills=kills, server_too=server_too)
