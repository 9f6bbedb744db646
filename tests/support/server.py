"""The embedded system as its users run it: a process of its own, used only over HTTP."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any

import httpx
import orjson

from services.eventlog.tansu import Tansu
from services.eventlog.topics import create_topics
from tests.support.forked import Forked
from tests.support.kafka_node import KafkaNode

READY_SECONDS_MAX = 180
STOP_SECONDS_MAX = 30
COMMAND_SECONDS_MAX = 300
BATCH = {"content-type": "application/cloudevents-batch+json"}


def opvangpeil(*arguments: str, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end, in a process of its own."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        env = {**os.environ, **(environment or {})}
        code = Forked("services.cli", arguments, stdout=out, stderr=err, env=env).wait(COMMAND_SECONDS_MAX)
        texts = []
        for stream in (out, err):
            stream.seek(0)
            texts.append(stream.read().decode())
    return subprocess.CompletedProcess(["opvangpeil", *arguments], code, *texts)


@contextmanager
def tansu_with_topics(folder: Path) -> Iterator[Tansu]:
    """Runs the built-in broker by itself, so that a test can write to the topics of a server, as others do on Kafka."""
    tansu = Tansu(folder / "broker-buiten.log")
    try:
        create_topics(tansu.brokers, partitions=1, replication=1)
        yield tansu
    finally:
        tansu.stop()


class Server:
    """`opvangpeil start` on a data folder. It is ready when the `with` block begins."""

    def __init__(
        self,
        folder: Path,
        *options: str,
        kafka: KafkaNode | Tansu | None = None,
        environment: Mapping[str, str] = MappingProxyType({}),
        program: Sequence[str] = (),
    ) -> None:
        """Starts the server.

        Args:
            folder: Its data folder.
            options: More options of `start`.
            kafka: A broker with topics of one partition. None means the built-in one, whose messages are sealed.
            environment: More settings.
            program: The arguments of `python` that replace our own command line.
        """
        self.folder, self.kafka = folder, kafka
        outside = {} if kafka is None else {"OPVANGPEIL_KAFKA": f"kafka://{kafka.address}", "OPVANGPEIL_PARTITIES": "1"}
        folder.mkdir(parents=True, exist_ok=True)
        self.output = folder.parent / f"{folder.name}.log"
        arguments = ["start", "--data", str(folder), "--port", "0", *options]
        settings = {**os.environ, **outside, **environment}
        reading, writing = os.pipe()
        self._said = os.fdopen(reading, encoding="utf-8")
        self.process: Forked | subprocess.Popen[bytes]
        with self.output.open("ab") as output:
            if program:
                command = [sys.executable, "-u", *program, *arguments]
                self.process = subprocess.Popen(command, stdout=writing, stderr=output, env=settings)
            else:
                self.process = Forked("services.cli", arguments, stdout=writing, stderr=output, env=settings)
        os.close(writing)
        self.client = httpx.Client(timeout=30)
        self.url = self._ready()

    def __enter__(self) -> "Server":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> int:
        """Ends it as an operator does, and returns the exit code."""
        self.client.close()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(STOP_SECONDS_MAX)
        self._said.close()
        return code

    def kill(self) -> None:
        """Kills it, as a power failure does."""
        self.process.kill()
        self.process.wait()
        self.client.close()
        self._said.close()

    def get(self, path: str, **parameters: Any) -> Any:
        """Returns the JSON of an answer. The status must be 200."""
        answer = self.client.get(f"{self.url}{path}", params=parameters)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    def post(self, events: list[dict[str, Any]]) -> httpx.Response:
        """Sends a batch."""
        return self.client.post(f"{self.url}/v1/gebeurtenissen", content=orjson.dumps(events), headers=BATCH)

    def log(self) -> Iterator[dict[str, Any]]:
        """Yields every event that the server holds."""
        cursor: dict[str, str] = {}
        while True:
            page = self.get("/v1/gebeurtenissen", aantal=1000, **cursor)
            yield from page["items"]
            if page["volgende"] is None:
                return
            cursor = {"na": page["volgende"]}

    def broker_pids(self) -> set[int]:
        """Returns the children of the process: the embedded broker."""
        return {
            int(entry.name)
            for entry in Path("/proc").iterdir()
            if entry.name.isdigit() and f"PPid:\t{self.process.pid}\n" in _status(entry)
        }

    def until(self, path: str, holds: Callable[[Any], bool], seconds: float = 20, **parameters: Any) -> Any:
        """Asks until the answer is right, and returns it."""
        deadline = time.monotonic() + seconds
        while not holds(answer := self.get(path, **parameters)):
            assert time.monotonic() < deadline, f"{path} bleef: {answer}"
            time.sleep(0.05)
        return answer

    def metric(self, name: str) -> float | None:
        """Returns the value of one sample of /metrics, or None if it is absent."""
        for line in self.client.get(f"{self.url}/metrics").text.splitlines():
            if line.startswith(f"{name} "):
                return float(line.rpartition(" ")[2])
        return None

    def _ready(self) -> str:
        deadline = time.monotonic() + READY_SECONDS_MAX
        lines = []
        for line in self._said:
            lines.append(line)
            if found := re.search(r"gereed: (http://127\.0\.0\.1:\d+)/", line):
                return found[1]
            if time.monotonic() > deadline:
                break
        self.process.kill()
        code = self.process.wait()
        raise AssertionError(f"niet gereed (code {code}): {''.join(lines)}{self.output.read_text()[-3000:]}")


def _status(entry: Path) -> str:
    try:
        return (entry / "status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def alive(pid: int) -> bool:
    """Whether a process exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "State:\tZ" not in _status(Path(f"/proc/{pid}"))


def with_token(text: str, **more: str) -> dict[str, Any]:
    """Returns the option of `opvangpeil` that gives a command a token, and more settings."""
    return {"environment": {"OPVANGPEIL_TOKEN": text} | more}


def made(*arguments: str, **options: Any) -> str:
    """Makes a token with `toegang maak`, and returns the output."""
    done = opvangpeil("toegang", "maak", *arguments, **options)
    assert done.returncode == 0, done.stderr
    (text,) = done.stdout.splitlines()
    assert text.startswith("ovp_")
    assert text not in done.stderr
    return text
