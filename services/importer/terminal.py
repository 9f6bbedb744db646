"""Shows the progress of an import: as a bar on a terminal, and elsewhere as a line every few seconds."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

from services.importer import model
from services.importer.inlezen import InleesWatcher
from services.importer.model import Report, dutch


@contextmanager
def terminal_progress(console: Console | None = None, *, every_seconds: float = 5.0) -> Iterator[model.ImportWatcher]:
    """Yields what to give to `run` as its progress. Without a console it writes to standard error.

    A terminal shows a bar, which pulses while the size of the source is unknown. Elsewhere at most one line appears
    every `every_seconds`.
    """
    console = console or Console(stderr=True)
    if not console.is_terminal:
        yield _Printed(console, every_seconds)
        return
    columns = (
        SpinnerColumn(),
        TextColumn("importeren"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[note]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as progress:
        yield _Bar(progress)


@contextmanager
def inlees_voortgang(console: Console | None = None) -> Iterator[InleesWatcher]:
    """Yields what hears how a file of a profile goes. A terminal shows it; elsewhere only a wait is told."""
    console = console or Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.fields[note]}"))
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        yield _Telling(progress, _Printed(console, every_seconds=5.0))


class _Telling:
    """Shows how many events were compared and sent."""

    def __init__(self, progress: Progress, printed: "_Printed") -> None:
        self._progress, self._printed = progress, printed
        self._task = progress.add_task("inlezen", total=None, note="leest het bestand")
        self._compared = self._sent = 0

    def vergeleken(self, events: int) -> None:
        self._compared += events
        self._show()

    def verzonden(self, events: int) -> None:
        self._sent += events
        self._show()

    def waiting(self, reason: str, seconds: float) -> None:
        if self._progress.disable:
            self._printed.waiting(reason, seconds)
        else:
            self._progress.update(self._task, note=_waiting(reason, seconds))

    def _show(self) -> None:
        note = f"{dutch(self._compared)} vergeleken, {dutch(self._sent)} verzonden"
        self._progress.update(self._task, note=note)


class _Bar:
    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: TaskID | None = None

    def begin(self, total_bytes: int | None) -> None:
        self._task = self._progress.add_task("", total=total_bytes or None, note="")

    def update(self, bytes_done: int, report: Report) -> None:
        if self._task is not None:
            self._progress.update(self._task, completed=bytes_done, note=_note(report))

    def waiting(self, reason: str, seconds: float) -> None:
        if self._task is not None:
            self._progress.update(self._task, note=_waiting(reason, seconds))


class _Printed:
    def __init__(self, console: Console, every_seconds: float) -> None:
        self._console, self._every = console, every_seconds
        self._total: int | None = None
        self._last = time.monotonic()
        self._last_wait = float("-inf")
        self._lock = threading.Lock()

    def begin(self, total_bytes: int | None) -> None:
        self._total = total_bytes

    def update(self, bytes_done: int, report: Report) -> None:
        with self._lock:
            self._last_wait = float("-inf")  # The server is back, so a next wait is news again.
            if time.monotonic() - self._last < self._every:
                return
            self._last = time.monotonic()
        share = f"{bytes_done / self._total:.0%}, " if self._total else ""
        self._show(f"importeren: {share}{_note(report)}")

    def waiting(self, reason: str, seconds: float) -> None:
        with self._lock:
            if time.monotonic() - self._last_wait < self._every:
                return
            self._last_wait = time.monotonic()
        self._show(f"importeren: {_waiting(reason, seconds)}")

    def _show(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)


def _note(report: Report) -> str:
    note = f"{dutch(report.aangeboden)} gebeurtenissen, {dutch(round(report.per_seconde))}/s"
    return note + (f", {dutch(report.geweigerd)} geweigerd" if report.geweigerd else "")


def _waiting(reason: str, seconds: float) -> str:
    shown = f"{seconds:.0f}" if seconds >= 1 else f"{seconds:.1f}".replace(".", ",")
    return f"wacht {shown} s op de server ({reason})"
