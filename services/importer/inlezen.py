"""Brings a file in: plans what to send, sends it, and tells what became of each row."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import orjson

from services.core.dutch import count
from services.importer.model import Batch, ImporterError, ImportStoppedError, Reject, WaitWatcher, dutch, halverwege
from services.importer.plan import Bron, Plan, Rijuitkomst, maak_plannen
from services.importer.rejects import RejectsFile
from services.importer.sender import Delivery, Sender
from services.importer.verbinding import Verbinding
from services.importer.vergelijk import VanServer


class InleesWatcher(WaitWatcher, Protocol):
    """Hears how it goes. Each may be called from other threads."""

    def vergeleken(self, events: int) -> None:
        """Hears that so many more events were compared with what is in force."""

    def verzonden(self, events: int) -> None:
        """Hears that so many more events were sent."""


@dataclass(slots=True)
class Verslag:
    """What became of a file."""

    bestand: str
    overgeslagen: int = 0
    gelijk: int = 0
    opgeslagen: int = 0
    herhaald: int = 0
    geweigerd: int = 0
    opmerkingen: list[str] = field(default_factory=list)
    verdwenen: list[Mapping[str, Any]] = field(default_factory=list)

    @property
    def zin(self) -> str:
        """The outcome as one Dutch sentence."""
        parts = [f"{dutch(self.opgeslagen)} opgeslagen", count(self.gelijk, "stond er al zo", "stonden er al zo")]
        parts += [f"{dutch(self.herhaald)} herhaald"] if self.herhaald else []
        parts += [f"{dutch(self.overgeslagen)} overgeslagen volgens het profiel"] if self.overgeslagen else []
        parts += [f"{dutch(self.geweigerd)} geweigerd"]
        return f"{self.bestand}: {', '.join(parts)}."


@dataclass(frozen=True, slots=True)
class Server:
    """Where to send, and how."""

    url: str
    token: str | None = None
    wait_max_seconds: float = 600.0
    """How long to wait for a server that is away."""
    batch_size: int = 5000
    """The most events that are sent at once. A group that is compared fits in it, unless one subject has many rows."""
    parallel: int = 2
    """How many batches are under way at once."""

    def verbinding(self, progress: WaitWatcher) -> Verbinding:
        """Makes a connection, to close afterwards. Raises ImporterError when the address is none."""
        return Verbinding(self.url, progress, wait_max_seconds=self.wait_max_seconds, token=self.token)

    def sender(self, progress: WaitWatcher) -> Sender:
        """Makes a sender, to close afterwards. Raises ImporterError when the address is none."""
        return Sender(
            self.url,
            lambda _event, veld: veld,
            progress,
            wait_max_seconds=self.wait_max_seconds,
            token=self.token,
            connections=self.parallel,
        )


def lees_in(
    pad: Path,
    maak_bron: Callable[[], Bron],
    *,
    server: Server,
    rejects: Path,
    progress: InleesWatcher,
    bestandsnaam: str | None = None,
) -> Verslag:
    """Brings a file in.

    Args:
        pad: The file.
        maak_bron: Makes what makes events of its rows, once for each time that the file is read.
        server: Where to send.
        rejects: The file for refused rows. It is written anew, and removed when nothing was refused.
        progress: Hears how it goes, in events.
        bestandsnaam: What its sender calls the file.

    Raises:
        ImporterError: The file is of another kind, or the rejects can't be written. Nothing was stored.
        ImportStoppedError: The server is away or gives no access, or something was stored before the fault. Doing it
        again is harmless.
    """
    with ExitStack() as stack:
        vergelijk = VanServer(stack.enter_context(closing(server.verbinding(progress))), zinnen=False)
        zender = stack.enter_context(Zender(server, progress))
        refused = stack.enter_context(RejectsFile(rejects, pad))
        verslag, pieces = Verslag(bestandsnaam or pad.name), 0

        def plannen() -> Iterator[Plan]:
            return maak_plannen(pad, maak_bron(), vergelijk, bestandsnaam=bestandsnaam, per_groep=zender.neem)

        def klaar() -> None:
            refused.write(_geweigerd(row, f"{row.plaats}: {why}") for row, why in zender.klaar(verslag))

        try:
            for plan in plannen():
                pieces += 1
                _tel(verslag, plan)
                refused.write(
                    _geweigerd(row, f"{row.plaats}: {row.zin}") for row in plan.rijen if row.uitkomst == "geweigerd"
                )
                klaar()
            if pieces > 1 and verslag.opgeslagen:
                # A piece may have changed what an earlier one was compared with, by what held at an earlier moment.
                before = verslag.opgeslagen
                for _ in plannen():
                    klaar()
                verslag.opmerkingen += alsnog(verslag.opgeslagen - before)
        except ImporterError as error:
            if stored := zender.breek_af(verslag):
                raise ImportStoppedError(halverwege(error, stored)) from error
            raise
        return verslag


def alsnog(events: int) -> list[str]:
    """Tells how many events the second look at a file sent, if any."""
    sent = count(events, "melding is", "meldingen zijn")
    return [f"{sent} alsnog verstuurd: een latere rij veranderde waarmee die vergeleken was"] if events else []


def _tel(verslag: Verslag, plan: Plan) -> None:
    verslag.gelijk += plan.aantal("gelijk")
    verslag.geweigerd += plan.aantal("geweigerd")
    verslag.overgeslagen += plan.overgeslagen
    verslag.opmerkingen += plan.opmerkingen
    verslag.verdwenen += plan.verdwenen


class Zender:
    """Sends what rows ask, while the next are compared. Use it as a context: when that fails it stops at once."""

    def __init__(self, server: Server, progress: InleesWatcher) -> None:
        self._server, self._progress = server, progress
        self._sender = server.sender(progress)
        self._threads = ThreadPoolExecutor(server.parallel, "inlezen")
        self._under_way: list[tuple[Sequence[Rijuitkomst], Future[Delivery]]] = []

    def neem(self, rijen: Sequence[Rijuitkomst]) -> None:
        """Takes rows, of which those that ask something are sent."""
        self._progress.vergeleken(len(rijen))
        rows = [row for row in rijen if row.gebeurtenis is not None]
        for at in range(0, len(rows), self._server.batch_size):
            some = rows[at : at + self._server.batch_size]
            self._under_way.append((some, self._threads.submit(self._deliver, _batch(some))))

    def klaar(self, verslag: Verslag) -> list[tuple[Rijuitkomst, str]]:
        """Waits until all is sent, adds up what became of it, and returns each row that the server refused, and why."""
        rejects: list[tuple[Rijuitkomst, str]] = []
        while self._under_way:
            rows, one = self._under_way.pop(0)
            done = one.result()
            verslag.opgeslagen += done.opgeslagen
            verslag.herhaald += done.herhaald
            verslag.geweigerd += len(done.rejects)
            rejects += [(rows[reject.number], reject.reason) for reject in done.rejects]
        return rejects

    def breek_af(self, verslag: Verslag) -> int:
        """Stops at once. Returns how many events are stored then, at least."""
        self._sender.stop()
        left = [one for _, one in self._under_way if not one.cancel() and one.exception() is None]
        arrived = sum(one.result().opgeslagen + one.result().herhaald for one in left)
        return verslag.opgeslagen + verslag.herhaald + arrived

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._sender.stop()  # Otherwise the threads would keep the program waiting.
        self._threads.shutdown(cancel_futures=kind is not None)
        self._sender.close()

    def _deliver(self, batch: Batch) -> Delivery:
        done = self._sender.deliver(batch)
        self._progress.verzonden(len(batch.events))
        return done


def _batch(rows: Sequence[Rijuitkomst]) -> Batch:
    events = [orjson.dumps(row.gebeurtenis) for row in rows]
    return Batch(range(len(rows)), events, events, [])


def _geweigerd(row: Rijuitkomst, waarom: str) -> Reject:
    return Reject(row.rij, waarom, row.inhoud.encode())
