"""The words of a folder that is watched: what may hold it up, how it is doing, and who hears of that."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol

from services.importer.inlezen import InleesWatcher, Server
from services.importer.profiel import Genoemd

BEZIG, VERWERKT, GEWEIGERD = "bezig", "verwerkt", "geweigerd"
"""The folders beside the files: what is being worked on, what was taken, and what was refused as a whole."""

Oorzaak = Literal["map", "schijf", "server", "bestand", "profiel", "namen", "te laat"]
"""What holds up: the folder, a full disk, the server, one file, which profile it is, the table of names, or that an
expected file stays away."""
Instant = Literal["kop", "genomen", "plan", "verzonden", "uitslag", "verslag", "verplaatst", "stand", "klaar"]
"""The instants of one file, in their order. At each the disk has what it is named after: the head of the journal, the
file in `bezig`, a piece of what it asks, that this was sent, where the file goes, its report, its move, that it came;
at the last one the journal is gone."""
Stap = Callable[[Instant], None]


class VolgWatcher(InleesWatcher, Protocol):
    """Hears how it goes. What is held up is told once, and once more when that is over."""

    def begonnen(self, bestand: str, profiel: str) -> None:
        """Hears that a file is taken."""

    def klaar(self, verslag: Mapping[str, Any], map_: str) -> None:
        """Hears what became of a file, and in which folder it is now."""

    def gehinderd(self, oorzaak: Oorzaak, tekst: str) -> None:
        """Hears, in Dutch, what is held up and why. It is tried again by itself."""

    def verder(self, oorzaak: Oorzaak, tekst: str) -> None:
        """Hears that what was told is over."""

    def onvoorzien(self, bestand: str) -> None:
        """Hears of a fault of ours, from within the handling of its exception. The file is refused."""

    def stand(self, stand: "Stand") -> None:
        """Hears how things are after each round."""


@dataclass(slots=True)
class Stand:
    """How things are after a round. Each mapping by profile, or as its comment says."""

    gehinderd: dict[tuple[Oorzaak, str], str] = field(default_factory=dict)
    """By what holds up and about which file or profile ('' for all): what that is, in Dutch."""
    wachtend: int = 0
    """Files in the folder that were not taken."""
    laatste: dict[str, datetime] = field(default_factory=dict)
    """When the last file was taken."""
    verwacht_voor: dict[str, datetime] = field(default_factory=dict)
    """By when the next file is expected."""
    namen: dict[str, int] = field(default_factory=dict)
    """By soort: how many names wait for somebody who knows them."""


class GehinderdError(Exception):
    """A file can't go on, or without `onderwerp` none can. It is tried again in the next round."""

    def __init__(self, oorzaak: Oorzaak, tekst: str, onderwerp: str = "") -> None:
        super().__init__(tekst)
        self.oorzaak, self.tekst, self.onderwerp = oorzaak, tekst, onderwerp


@dataclass(frozen=True, slots=True)
class Opzet:
    """What a folder is watched with."""

    map: Path
    """The folder. `bezig`, `verwerkt` and `geweigerd` are made in it."""
    profielen: Sequence[Genoemd]
    """The profiles of the files that come."""
    namen: Path
    """The table of names. Names that are not known are added to it."""
    server: Server
    """Where to send. One that is away for longer than it waits is asked again in the next round."""
    hoort: VolgWatcher
    klok: Callable[[], datetime]
    """Tells the present moment."""
    stap: Stap = lambda _instant: None
    """Hears each named instant, for tests of what a kill does."""
