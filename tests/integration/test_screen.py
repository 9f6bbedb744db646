"""What somebody at a terminal sees of the command line, and what programs get."""

import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import orjson
import pytest

from tests.support.forked import Forked
from tests.support.server import Server, made
from tests.support.taal import odd_in_terminal

WAIT_SECONDS_MAX = 60


class Screen:
    """A terminal, and all that was written to it."""

    def __init__(self) -> None:
        self._master, self.own = pty.openpty()
        self.text = ""

    def __enter__(self) -> "Screen":
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._master)

    def until(self, pattern: str) -> re.Match[str]:
        """Reads until something is there."""
        while not (found := re.search(pattern, self.text)):
            self.text += os.read(self._master, 65_536).decode()
        return found

    def rest(self) -> str:
        """Returns all that was written, once nobody can write any more."""
        os.close(self.own)
        try:
            while more := os.read(self._master, 65_536):
                self.text += more.decode()
        except OSError:  # This is how a terminal says that all who wrote to it are gone.
            return self.text
        return self.text


@pytest.mark.parametrize("options", [(), ("--logboek",)], ids=" ".join)
def test_after_ready_a_person_sees_no_log_unless_asked_for(tmp_path: Path, options: tuple[str, ...]) -> None:
    with Screen() as screen:
        arguments = ["start", "--voorbeeld", "publiek", "--data", str(tmp_path), "--port", "0", *options]
        running = Forked("services.cli", arguments, stdout=screen.own, stderr=screen.own)
        url = screen.until(r"gereed: (http://\S+)/")[1]
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        while not httpx.get(f"{url}/v1/alarmen").json()["items"] and time.monotonic() < deadline:
            time.sleep(0.1)
        running.send_signal(signal.SIGTERM)
        assert running.wait(30) == 0
        logged = [orjson.loads(line) for line in screen.rest().splitlines() if line.startswith("{")]
    assert [line["message"] for line in logged if line["message"] == "alarm"][:1] == (["alarm"] if options else [])
    assert options or not logged


def on_a_wide_screen(*arguments: str, token: str) -> subprocess.CompletedProcess[str]:
    """Runs a command where no cell is folded. A forked one has taken its width from the process that it came from."""
    environment = os.environ | {"OPVANGPEIL_TOKEN": token, "COLUMNS": "500"}
    command = [sys.executable, "-m", "services.cli", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_no_command_shows_a_person_utc(tmp_path: Path) -> None:
    asked = [
        ("status",),
        ("verklaar", "landelijk"),
        ("verklaar", "gemeente", "GM0344"),
        ("verschil", "--van", "2024-05-10", "--onderwerp", "LOC-TER-APEL"),
        *(("rapport", name) for name in ("bezetting", "naleving", "kamerbrief")),
        ("rapport", "gemeente", "GM0344"),
        ("alarm", "toets", "deploy/alarmregels.toml", "--van", "2024-01-01"),
        ("toegang", "lijst"),
    ]
    with Server(tmp_path / "data", "--voorbeeld", "publiek") as server:
        at = ("--url", server.url)
        token = made("--naam", "beheer", "--rol", "beheerder", *at)
        said = {" ".join(command): on_a_wide_screen(*command, *at, token=token) for command in asked}
    for command, done in said.items():
        assert done.returncode == 0, f"{command}: {done.stderr}"
        assert not re.findall(r"\d{4}-\d\d-\d\dT\S*|UTC", done.stdout), command
        assert re.search(r"\d+ \w{3} \d{4}", done.stdout), command
        assert "Nederlandse tijd" in done.stdout, command
        odd = [one for one in odd_in_terminal(done.stdout) if "month in full" not in one]  # sources write those
        assert not odd, command
