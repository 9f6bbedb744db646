"""One of our processes, which a test can stop, kill or pause. It never outlives the test process."""

import ctypes
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.support.forked import Forked

STOP_SECONDS_MAX = 20
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_libc = ctypes.CDLL(None)


class Child:
    """A running process. Start it from the main thread: the kernel ends it when the thread that made it ends."""

    process: subprocess.Popen[bytes] | Forked

    def __init__(self, command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None) -> None:
        self.log = log
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                preexec_fn=_die_with_parent,  # noqa: PLW1509
                env=None if environment is None else {**os.environ, **environment},
            )

    def stop(self) -> None:
        """Ends it as an operator does, and by force if that does not work."""
        self.resume()
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """Kills it (kill -9), also when it is paused."""
        self.process.kill()
        self.process.wait()

    def pause(self) -> None:
        """Lets it hang: connections stay open and it answers nothing. Returns when all its threads stand still."""
        self.process.send_signal(signal.SIGSTOP)
        tasks = Path(f"/proc/{self.process.pid}/task")
        while self.process.poll() is None and not all(_stands_still(task) for task in tasks.iterdir()):
            time.sleep(0.001)

    def resume(self) -> None:
        """Lets it continue."""
        self.process.send_signal(signal.SIGCONT)

    def must_run(self) -> None:
        """Raises AssertionError with its output if it has ended."""
        assert self.process.poll() is None, f"code {self.process.returncode}: {self.said()}"

    def said(self) -> str:
        """Returns the end of its output."""
        return self.log.read_text(errors="replace")[-3000:]


class OurChild(Child):
    """One of our modules as a process, which starts with everything imported."""

    def __init__(self, module: str, arguments: Sequence[str], log: Path, environment: Mapping[str, str]) -> None:
        self.log = log
        with log.open("ab") as output:
            env = {**os.environ, **environment}
            self.process = Forked(module, arguments, stdout=output, stderr=output, env=env)


def _stands_still(task: Path) -> bool:
    try:
        state = (task / "stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state in "TtZX"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _die_with_parent() -> None:
    """Runs in the child before its program starts. The kernel then ends it with us, also after a kill -9."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    os.setpgrp()  # so that a Ctrl-C at the terminal reaches only us
