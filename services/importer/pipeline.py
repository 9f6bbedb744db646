"""Runs an import: from source to lines, batches and server. Refused lines go to a file of their own."""

import time
from collections import deque
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from typing import BinaryIO

from schemas.parsing import BATCH_MAX
from services.importer.csv_rows import Csv
from services.importer.jsonl import Jsonl
from services.importer.lines import FormatName, Lines
from services.importer.model import (
    Batch,
    Format,
    ImporterError,
    ImportStoppedError,
    ImportWatcher,
    Report,
    halverwege,
    os_reason,
)
from services.importer.rejects import RejectsFile
from services.importer.sender import Delivery, Sender


class _Unwatched:
    def begin(self, total_bytes: int | None) -> None: ...
    def update(self, bytes_done: int, report: Report) -> None: ...
    def waiting(self, reason: str, seconds: float) -> None: ...


def run(  # noqa: PLR0913 - these are the options of the command line
    source: BinaryIO | Path,
    *,
    url: str,
    rejects: Path,
    format: FormatName | None = None,  # noqa: A002 - it is the word of the command line
    constants: Mapping[str, str] | None = None,
    batch_size: int = 1000,
    parallel: int = 2,
    progress: ImportWatcher | None = None,
    wait_max_seconds: float = 600.0,
    token: str | None = None,
) -> Report:
    """Imports a file or stream of events into a server.

    Args:
        source: The file or stream.
        url: The address of the server.
        rejects: The file for refused lines, each as `{"regel": number from 1, "reden": text, "inhoud": the line}`. It
        is
            written anew, and removed when nothing was refused.
        format: `jsonl` or `csv`. None: it follows from the name of the source, or from its first byte.
        constants: Values of type, source, subject and time, for a CSV without those columns.
        batch_size: The most events in one batch.
        parallel: How many batches are under way at once, which also bounds the memory.
        progress: Hears how the import goes.
        wait_max_seconds: How long to wait for a server that is away.
        token: The token to show to the server.

    Raises:
        ImporterError: The import can't begin.
        ImportStoppedError: The import can't go on. It holds the report so far, and running the import again is
        harmless.
    """
    if not 1 <= batch_size <= BATCH_MAX or parallel < 1:
        raise ImporterError(f"Een batch telt 1 tot en met {BATCH_MAX} gebeurtenissen, en er is er minstens 1 onderweg.")
    progress = progress or _Unwatched()
    with ExitStack() as stack:
        stream, name, total = _open(source, stack)
        lines = Lines(stream, name)
        kind = _format(format or lines.guess(), constants)
        sender = Sender(url, kind.place, progress, wait_max_seconds=wait_max_seconds, token=token, connections=parallel)
        stack.enter_context(closing(sender))
        work = _Import(
            sender, stack.enter_context(RejectsFile(rejects, source if isinstance(source, Path) else None)), progress
        )
        progress.begin(total)
        work.run(((kind.read(group), group.end) for group in lines.groups(batch_size)), parallel)
        return work.report


class _Import:
    """The state of one import: the batches under way, oldest first, and the report so far."""

    def __init__(self, sender: Sender, rejects: RejectsFile, progress: ImportWatcher) -> None:
        self.report = Report()
        self._sender, self._rejects, self._progress = sender, rejects, progress
        self._under_way: deque[tuple[Batch, int, Future[Delivery]]] = deque()
        self._started = time.monotonic()

    def run(self, batches: Iterable[tuple[Batch, int]], parallel: int) -> None:
        """Sends all batches, each given with the bytes of the source read by then.

        They are settled in order, so that the rejects stand in the order of the source.
        """
        with ThreadPoolExecutor(parallel, "importeer") as threads:
            try:
                for batch, end in batches:
                    self._under_way.append((batch, end, threads.submit(self._sender.deliver, batch)))
                    # One more batch than can be under way waits its turn, so that no thread is ever idle.
                    while self._under_way and (len(self._under_way) > parallel or self._under_way[0][2].done()):
                        self._settle_oldest()
                while self._under_way:
                    self._settle_oldest()
            except ImporterError as fault:
                self._sender.stop()
                self._settle_what_arrived()
                if not self.report.aangeboden and not isinstance(fault, ImportStoppedError):
                    raise  # The import never began.
                stored = self.report.opgeslagen + self.report.herhaald
                raise ImportStoppedError(halverwege(fault, stored), self.report) from fault
            except BaseException:
                self._sender.stop()  # Otherwise the threads would keep the program waiting.
                raise

    def _settle_oldest(self) -> None:
        batch, end, future = self._under_way.popleft()
        self._settle(batch, end, future.result())

    def _settle_what_arrived(self) -> None:
        for batch, end, future in self._under_way:
            if isinstance(future.exception(), ImporterError):
                continue  # It stopped for the reason that is being reported.
            self._settle(batch, end, future.result())

    def _settle(self, batch: Batch, end: int, delivery: Delivery) -> None:
        refused = sorted(batch.rejects + delivery.rejects, key=lambda reject: reject.number)
        self._rejects.write(refused)
        before = self.report
        geweigerd = before.geweigerd + len(refused)
        self.report = Report(
            aangeboden=before.aangeboden + len(batch.events) + len(batch.rejects),
            opgeslagen=before.opgeslagen + delivery.opgeslagen,
            herhaald=before.herhaald + delivery.herhaald,
            geweigerd=geweigerd,
            seconden=time.monotonic() - self._started,
            rejects=self._rejects.path if geweigerd else None,
        )
        self._progress.update(end, self.report)


def _format(name: FormatName, constants: Mapping[str, str] | None) -> Format:
    if name == "csv":
        return Csv(constants)
    if constants and any(constants.values()):
        raise ImporterError("Vaste waarden (zoals een type) horen bij CSV; in JSONL staat alles in de regel zelf.")
    return Jsonl()


def _open(source: BinaryIO | Path, stack: ExitStack) -> tuple[BinaryIO, str, int | None]:
    """Returns the stream, its name for people, and its size when that is known."""
    if not isinstance(source, Path):
        return source, "de invoer", None
    try:
        stream = stack.enter_context(source.open("rb"))
        return stream, str(source), source.stat().st_size if source.is_file() else None
    except OSError as error:
        raise ImporterError(f"{source} is niet te openen: {os_reason(error)}.") from error
