"""ClickHouse over HTTP: `clickhouse_front` as a process that tests can break."""

import sys
from pathlib import Path
from typing import ClassVar
from urllib.error import URLError
from urllib.request import urlopen

from tests.support.node import Node

ROOT = Path(__file__).parents[2]


class ClickHouseFront(Node):
    """One server. `stop`, `kill` and `start` again keep its data and its address."""

    name = "ClickHouse"
    environment: ClassVar = {"PYTHONPATH": str(ROOT), "TZ": "UTC"}

    def __init__(self, folder: Path, port: int = 0) -> None:
        super().__init__(folder, port)
        self._full = folder / "vol"
        self.start()

    def url(self, database: str = "opvang") -> str:
        """Returns the address for OPVANGPEIL_CLICKHOUSE."""
        return f"clickhouse://127.0.0.1:{self.port}/{database}"

    def full(self, full: bool) -> None:
        """Fills its disk, so that it refuses every insert, or makes room again."""
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

    def _command(self) -> list[str]:
        arguments = {"--folder": self.folder / "data", "--port": self.port, "--quota-file": self._full}
        options = [str(part) for option in arguments.items() for part in option]
        return [sys.executable, "-m", "tests.support.clickhouse_front", *options]
