"""A ClickHouse to connect to over HTTP: `clickhouse_front` as a process that tests can break."""

import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.support.child import Child, Node, free_port

ROOT = Path(__file__).parents[2]
START_SECONDS_MAX = 60


class ClickHouseFront(Node):
    """One server. `stop`, `kill` and `start` again keep its data and its address."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.port = port or free_port()
        self._full = folder / "vol"
        self.start()

    def url(self, database: str = "opvang") -> str:
        """The address for OPVANGPEIL_CLICKHOUSE."""
        return f"clickhouse://127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start it; returns when it answers."""
        self._child = Child(
            [
                sys.executable,
                "-m",
                "tests.support.clickhouse_front",
                "--folder",
                str(self.folder / "data"),
                "--port",
                str(self.port),
                "--quota-file",
                str(self._full),
            ],
            self.folder / "front.log",
            {"PYTHONPATH": str(ROOT), "TZ": "UTC"},
        )
        deadline = time.monotonic() + START_SECONDS_MAX
        while not self._answers():
            self._child.must_run()
            assert time.monotonic() < deadline, f"de voorkant antwoordt niet: {self._child.said()}"
            time.sleep(0.02)

    def full(self, full: bool) -> None:
        """Whether its disk is full: every insert is refused."""
        if full:
            self._full.touch()
        else:
            self._full.unlink(missing_ok=True)

    def _answers(self) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/ping", timeout=2) as answer:
                return answer.status == 200
        except (URLError, OSError):
            return False
