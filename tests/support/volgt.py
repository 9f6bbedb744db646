"""A folder that is watched, for tests: its profiles and files, who hears of it, and a process of its own to kill.

`python -m tests.support.volgt FOLDER PROFILES URL [INSTANT COUNT]` watches until it is killed. With an instant it kills
itself the COUNT-th time that it comes there.
"""

import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson

from services.clock import Clock, system_clock
from services.importer import Server
from services.importer.profiel import alle_profielen, lees_profiel
from services.importer.volgen import Volger
from services.importer.volgstand import Oorzaak, Opzet, Stand, Stap
from tests.support.server import Server as Running

SOURCE = "urn:nld:oin:00000000000000000001:systeem:proef"
SENT = "deel"
"""The instant after each batch that was sent, besides those of the watcher itself."""
BATCH = 3
ROWS = 5
PROFIEL = f"""versie = 3
omschrijving = "Telling van een nacht, verzonnen"
source = "{SOURCE}"

[bestand]
naam = ["telling*.csv"]
verwachtElke = "7d"

[schrijfwijze]
datum = "jaar-maand-dag"

[[overslaan]]
kolom = ["Locatie"]
begint = ["Totaal"]

[[gebeurtenis]]
type = "bezetting-gemeld"
onderwerp = {{ kolom = ["Locatie"], namen = "locatie" }}

[gebeurtenis.velden]
peilmoment = {{ kolom = ["Moment"] }}
aanwezig = {{ kolom = ["Aanwezig"] }}
"""


class Hoorder:
    """Records what it hears."""

    def __init__(self, stap: Stap = lambda _instant: None) -> None:
        self.verslagen: list[Mapping[str, Any]] = []
        self.mappen: list[str] = []
        self.gezegd: list[tuple[str, str]] = []
        self.voorbij: list[tuple[str, str]] = []
        self.nu = Stand()
        self.verstuurd = 0
        self._stap = stap

    def waiting(self, reason: str, seconds: float) -> None:
        pass

    def vergeleken(self, events: int) -> None:
        pass

    def verzonden(self, events: int) -> None:
        self.verstuurd += events
        self._stap(SENT)  # type: ignore[arg-type]  # an instant of this test alone

    def begonnen(self, bestand: str, profiel: str) -> None:
        pass

    def klaar(self, verslag: Mapping[str, Any], map_: str) -> None:
        self.verslagen.append(verslag)
        self.mappen.append(map_)

    def gehinderd(self, oorzaak: Oorzaak, tekst: str) -> None:
        self.gezegd.append((oorzaak, tekst))

    def verder(self, oorzaak: Oorzaak, tekst: str) -> None:
        self.voorbij.append((oorzaak, tekst))

    def onvoorzien(self, bestand: str) -> None:
        raise AssertionError(bestand) from sys.exception()

    def stand(self, stand: Stand) -> None:
        self.nu = stand


def schrijf_profielen(map_: Path, **profielen: str) -> Path:
    """Writes profiles by their names, `telling` if none is given, and returns their folder."""
    map_.mkdir(exist_ok=True)
    for naam, text in (profielen or {"telling": PROFIEL}).items():
        (map_ / f"{naam}.toml").write_text(text, encoding="utf-8")
    return map_


def volger(
    map_: Path, profielen: Path, url: str, *, klok: Clock = system_clock, stap: Stap = lambda _instant: None
) -> tuple[Volger, Hoorder]:
    """Returns a watcher of a folder with all profiles in another one, and who hears of it."""
    hoort = Hoorder(stap)
    known = [lees_profiel(pad) for pad in alle_profielen(profielen)]
    server = Server(url, wait_max_seconds=0.3, batch_size=BATCH, parallel=1)
    return Volger(Opzet(map_, known, profielen / "namen.csv", server, hoort, klok, stap)), hoort


def telling(rijen: Iterable[tuple[str, str, object]]) -> bytes:
    """Returns a CSV of rows: locatie, moment and how many were present. It ends with a total."""
    lines = ["Locatie;Moment;Aanwezig", *(";".join(map(str, row)) for row in rijen), "Totaal;;", ""]
    return "\n".join(lines).encode()


def leg_neer(map_: Path, naam: str, inhoud: bytes) -> Path:
    """Puts a file in the folder as careful programs do: under another name, and then renamed."""
    temporary = map_ / f".{naam}.part"
    temporary.write_bytes(inhoud)
    return temporary.rename(map_ / naam)


def liggen(map_: Path) -> set[str]:
    """Returns the files that people see in a folder and those below it, by their paths."""
    return {str(pad.relative_to(map_)) for pad in map_.rglob("*") if pad.is_file() and not pad.name.startswith(".")}


def leeg(map_: Path) -> None:
    """Nothing is left to be done."""
    assert not [pad for pad in liggen(map_) if not pad.startswith(("verwerkt/", "geweigerd/"))]
    assert not list((map_ / "bezig").glob(".*.journaal"))
    assert not list(map_.rglob(".*.nieuw"))


def nachten(plek: str, hoeveel: int = ROWS, aanwezig: int = 100) -> list[tuple[str, str, object]]:
    return [(plek, f"2026-05-{day:02}T21:00:00Z", aanwezig + day) for day in range(1, hoeveel + 1)]


def opgeslagen(server: Running, plek: str) -> list[tuple[str, int]]:
    """What the log has about a locatie, in its order."""
    items = server.get("/v1/gebeurtenissen", onderwerp=plek, aantal=1000)["items"]
    return [(item["data"]["peilmoment"], item["data"]["aanwezig"]) for item in items]


def eenmaal(server: Running, plek: str, rijen: list[tuple[str, str, object]]) -> None:
    """Each row is stored exactly once, and nothing else is."""
    assert Counter(opgeslagen(server, plek)) == Counter((moment, aanwezig) for _, moment, aanwezig in rijen)


def verslag(pad: Path) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(pad.read_bytes())
    return found


def _main(map_: Path, profielen: Path, url: str, instant: str = "", count: str = "1") -> None:
    left = int(count)

    def stap(naam: str) -> None:
        nonlocal left
        left -= naam == instant
        if naam == instant and left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    one, _ = volger(map_, profielen, url, stap=stap)
    while True:
        one.ronde()
        time.sleep(0.01)


if __name__ == "__main__":
    _main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
