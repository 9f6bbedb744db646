"""Runs our modules in processes of their own that have imported everything already.

Importing Opvangpeil takes a core almost two seconds, and the tests start it hundreds of times. One process per worker
imports it once. Each process that a test asks for is a fork of that one, with its own arguments, environment and
streams. After that it runs as `python -m MODULE` does, until it exits or is killed.
"""

import ctypes
import gc
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_MESSAGE_BYTES_MAX = 1 << 20
_PRELOADED = (
    "services.cli",
    *(f"services.cli.{name}" for name in ("serve", "tables", "keep", "access_store", "recheck", "record", "alarm")),
    "services.processor.worker",
    "services.wiring",
    "httpcore",
)
"""The imports that all of them need. None of these starts a thread, since a fork would lose it."""


class Forked:
    """A running module, with the part of `subprocess.Popen` that tests use."""

    def __init__(
        self,
        module: str,
        arguments: Sequence[str],
        *,
        stdin: IO[bytes] | int | None = None,
        stdout: IO[bytes] | int | None = None,
        stderr: IO[bytes] | int | None = None,
        env: Mapping[str, str] | None = None,
    ) -> None:
        """Starts `python -m module arguments`. A stream that is not given is /dev/null."""
        with Path(os.devnull).open("r+b") as nothing:
            streams = [nothing if stream is None else stream for stream in (stdin, stdout, stderr)]
            numbers = [stream if isinstance(stream, int) else stream.fileno() for stream in streams]
            self._origin = _origin()
            self.pid = self._origin.fork(module, arguments, os.environ if env is None else env, numbers)
        self.args = [module, *arguments]
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Returns the exit code (minus the signal that ended it), or None while it runs."""
        if self.returncode is None:
            self.returncode = self._origin.code_of(self.pid, 0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Waits for its end. Raises subprocess.TimeoutExpired."""
        if self.returncode is None:
            self.returncode = self._origin.code_of(self.pid, timeout)
        if self.returncode is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Sends a signal to it, unless it has ended."""
        if self.poll() is None:
            try:
                os.kill(self.pid, number)
            except ProcessLookupError:
                self.wait(10)

    def terminate(self) -> None:
        """Asks it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Kills it."""
        self.send_signal(signal.SIGKILL)


class _Origin:
    """The test side of the process that has imported everything."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
            self._socket.setsockopt(socket.SOL_SOCKET, option, _MESSAGE_BYTES_MAX)
        command = [sys.executable, "-m", "tests.support.forked", str(theirs.fileno()), str(os.getpid())]
        self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], start_new_session=True)
        theirs.close()
        self._turn = threading.Lock()
        self._changed = threading.Condition()
        self._codes: dict[int, int] = {}
        self._started: list[int] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def fork(self, module: str, arguments: Sequence[str], env: Mapping[str, str], streams: list[int]) -> int:
        """Starts a new process, and returns its pid."""
        asked = {"module": module, "arguments": [*arguments], "env": dict(env), "cwd": str(Path.cwd())}
        with self._turn:
            socket.send_fds(self._socket, [json.dumps(asked).encode()], streams)
            with self._changed:
                assert self._changed.wait_for(lambda: self._started or self._gone(), 60), "no fork within a minute"
                assert self._started, "the process that forks has ended"
                pid = self._started.pop()
        return pid

    def code_of(self, pid: int, timeout: float | None) -> int | None:
        """Returns the exit code of a forked process, or None if it does not end in time."""
        with self._changed:
            self._changed.wait_for(lambda: pid in self._codes or self._gone(), timeout)
            return -signal.SIGKILL if pid not in self._codes and self._gone() else self._codes.get(pid)

    def _gone(self) -> bool:
        return self._process.poll() is not None

    def _listen(self) -> None:
        while said := self._socket.recv(_MESSAGE_BYTES_MAX):
            told = json.loads(said)
            with self._changed:
                if "started" in told:
                    # Here and not in `fork`: it may have ended before `fork` wakes up, and that code must stay.
                    self._codes.pop(told["started"], None)
                    self._started.append(told["started"])
                else:
                    self._codes[told["ended"]] = told["code"]
                self._changed.notify_all()


@cache
def _origin() -> _Origin:
    return _Origin()


def die_with_parent(parent: int) -> None:
    """Makes the kernel end this process together with the one that made it, also after a kill -9."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # the parent ended before this call
        os._exit(1)


def _serve(channel: socket.socket) -> tuple[str, list[str]]:
    """Forks on request and reports ends to the tests. In a fork it returns the module and arguments to run."""
    own_pid = os.getpid()
    awake, waker = socket.socketpair()
    for end in (awake, waker):
        end.setblocking(False)
    signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    poll = select.poll()
    for end in (channel, awake):
        poll.register(end, select.POLLIN | select.POLLHUP)
    while True:
        ready = {number for number, _ in poll.poll()}
        if awake.fileno() in ready:
            awake.recv(4096)
            _tell_of_ends(channel)
        if channel.fileno() not in ready:
            continue
        said, streams, _, _ = socket.recv_fds(channel, _MESSAGE_BYTES_MAX, 3)
        if not said:
            sys.exit(0)
        if pid := os.fork():
            for stream in streams:
                os.close(stream)
            channel.send(json.dumps({"started": pid}).encode())
            continue
        die_with_parent(own_pid)
        _forget(channel, awake, waker)
        return _become(json.loads(said), streams)


def _forget(*ends: socket.socket) -> None:
    """Closes the channel to the tests and restores the signal handlers, since a fork must not act as its origin."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for end in ends:
        end.close()


def _tell_of_ends(channel: socket.socket) -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        channel.send(json.dumps({"ended": pid, "code": os.waitstatus_to_exitcode(status)}).encode())


def _become(asked: dict[str, object], streams: list[int]) -> tuple[str, list[str]]:
    """Takes its own streams, environment, folder and process group."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.setpgrp()  # so that a Ctrl-C at the terminal reaches only the tests
    env, cwd = asked["env"], asked["cwd"]
    assert isinstance(env, dict)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    os.chdir(str(cwd))
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(write_through=True)
    arguments = asked["arguments"]
    assert isinstance(arguments, list)
    return str(asked["module"]), arguments


def _main() -> None:
    number, parent = (int(text) for text in sys.argv[1:])
    die_with_parent(parent)
    for module in _PRELOADED:
        import_module(module)
    gc.freeze()  # otherwise the garbage collector of a fork touches, and so copies, all shared memory
    with socket.socket(fileno=number) as channel:
        module, sys.argv[1:] = _serve(channel)
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _main()
