"""A third-party server as a process. Tests can break and restart it; it keeps its data, its port and its address."""

import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.child import Child, free_port

START_SECONDS_MAX = 120


class Node:
    """A server. A subclass says how it is started (`_command`) and when it is ready (`_answers`)."""

    name: str
    """Its name in the message that it does not start."""
    environment: dict[str, str] | None = None
    _child: Child

    def __init__(self, folder: Path, port: int = 0) -> None:
        """Takes a folder and a port of its own, without starting it."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.port = port or free_port()
        self.address = f"127.0.0.1:{self.port}"
        self.log = folder / f"{self.name}.log"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def start(self) -> None:
        """Starts it, and waits until it is ready."""
        self._child = Child(self._command(), self.log, self.environment)
        deadline = time.monotonic() + START_SECONDS_MAX
        while not self._answers():
            self._child.must_run()
            assert time.monotonic() < deadline, f"{self.name} is niet gereed: {self._child.said()}"
            time.sleep(0.02)

    def stop(self) -> None:
        """Ends it in the normal way."""
        self._child.stop()

    def kill(self) -> None:
        """Kills it (kill -9). What it acknowledged is on its disk, or at least in the page cache."""
        self._child.kill()

    def pause(self) -> None:
        """Lets it hang: connections stay open and it answers nothing."""
        self._child.pause()

    def resume(self) -> None:
        """Lets it continue."""
        self._child.resume()

    def ended(self) -> bool:
        """Whether it was stopped, or ended by itself."""
        return self._child.process.poll() is not None

    @property
    def pid(self) -> int:
        """Returns the id of its process."""
        return self._child.process.pid

    def _command(self) -> Sequence[str]:
        raise NotImplementedError

    def _answers(self) -> bool:
        raise NotImplementedError
