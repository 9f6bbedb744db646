"""The attack: a server of its own, with access set up, that gets hostile inputs and a greedy caller."""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import orjson

from services.clock import system_clock
from services.voorbeeld import naar_jsonl, simulatie
from services.web.addresses import GEZOND, INSTUREN, TOKEN_MAKEN
from tests.attack.client import Answer, Connection
from tests.attack.files import read_all
from tests.attack.inputs import STRUCTURED, inputs, request
from tests.attack.liveness import Peak, Times, ask, megabytes
from tests.support.access_help import bearer
from tests.support.deploy_files import DEPLOY
from tests.support.server import Server, made

P99_MS_MAX = 250.0
NOISE_MS_MAX = 20.0
"""`/gezond` takes less than 1 ms. When it takes longer than this at rest, others have the cores."""
LOAD_MAX = 3.0
"""The attack itself keeps some two processes busy for each core. When more than this wait, others do."""
MEMORY_SHARE_MAX, MEMORY_MB_MAX = 1.2, 150.0
"""Afterwards the server has no more memory than this times, or this many MB above, what it had before."""
SETTLE_SECONDS = 60
SENDERS, SLOW_SENDERS = 16, 40
SLOW_BYTES = 7_900_000
LOCATIES, BATCH = 235, 4_000

Step = Callable[[str, int, int], None]
"""Hears how far it is: what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Size:
    """How long an attack takes."""

    requests: int
    files: int
    seconds: float
    """How long simple answers are measured, before and during the greedy caller."""
    settle_seconds: float = SETTLE_SECONDS
    sample: int | None = None
    """How many events of the sample are there. None: all of them."""


@dataclass(slots=True)
class Found:
    """What an attack found."""

    inputs: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    quiet: Mapping[str, Times] = field(default_factory=dict)
    crowded: Mapping[str, Times] = field(default_factory=dict)
    crowd: Mapping[str, int] = field(default_factory=dict)
    before: float = 0.0
    peak: float = 0.0
    after: float = 0.0
    load: float = 0.0

    @property
    def memory_max(self) -> float:
        """The most memory that the server may have afterwards."""
        return max(self.before * MEMORY_SHARE_MAX, self.before + MEMORY_MB_MAX)

    @property
    def noisy(self) -> bool:
        """Whether others kept the machine so busy that how long an answer took says little."""
        return self.quiet[GEZOND.path].p99 > NOISE_MS_MAX or self.load > LOAD_MAX * (os.cpu_count() or 1)

    def slow(self) -> Iterator[str]:
        """Yields which simple answers took too long while one caller was greedy."""
        for path, one in self.crowded.items():
            if one.p99 > P99_MS_MAX:
                yield f"{path}: p99 {one.p99:.0f} ms, meer dan {P99_MS_MAX:.0f}"

    def wrong(self) -> Iterator[str]:
        """Yields what should not have been found."""
        yield from dict.fromkeys(self.faults)
        yield from () if self.noisy else self.slow()
        if self.after > self.memory_max:
            yield f"geheugen na afloop {self.after:.0f} MB, meer dan {self.memory_max:.0f}"


def attack(size: Size, seed: int, step: Step = lambda *_: None) -> Found:
    """Attacks a new server, and returns what was found."""
    found = Found()
    with tempfile.TemporaryDirectory() as folder, _server(Path(folder), size, step) as (server, token):
        host, port = urlsplit(server.url).hostname or "", urlsplit(server.url).port or 0
        callers = [_token(server, f"aanval-{number}", "beheerder") for number in range(SENDERS)]
        reader, greedy = _token(server, "lezer", "lezer"), _token(server, "gulzig", "lezer")
        pids = [server.process.pid, *server.broker_pids()]
        step("rust", 0, 1)
        _crowd(host, port, greedy, min(5.0, size.seconds))  # what is made once, is made before the memory is read
        time.sleep(2)
        found.quiet = ask(host, port, reader, size.seconds / 2)
        found.before = megabytes(pids)
        with Peak(pids) as peak:
            asyncio.run(_send(found, size.requests, seed, host, port, callers, step))
            for number, one in enumerate(read_all(size.files, seed, Path(folder))):
                found.inputs[one.kind] += 1
                found.faults += [one.fault] if one.fault else []
                step("bestanden", number, size.files)
            step("gulzig", 0, 1)
            found.load = os.getloadavg()[0]
            with _crowding(host, port, greedy, size.seconds) as crowd:
                found.crowded = ask(host, port, reader, size.seconds)
            found.crowd = orjson.loads(crowd.communicate()[0])
            _settle(size.settle_seconds, step)
        found.peak, found.after = peak.megabytes, megabytes(pids)
        found.faults += _noted(server)
        assert server.client.get(f"{server.url}/v1/bezetting", headers=bearer(token)).status_code == 200
    return found


@contextmanager
def _server(folder: Path, size: Size, step: Step) -> Iterator[tuple[Server, str]]:
    """Yields a server with sample data and access, as users start it, and a token of its beheerder."""
    data = folder / "data"
    token = made("--naam", "beheer", "--rol", "beheerder", "--data", str(data))
    profielen = {"OPVANGPEIL_PROFIELEN": str(shutil.copytree(DEPLOY / "profielen", folder / "profielen"))}
    with Server(data, program=("-m", "services.cli"), environment=profielen) as server:
        server.client.headers.update(bearer(token))
        lines = list(naar_jsonl(simulatie.genereer(locaties=LOCATIES, tot=system_clock().date())))[: size.sample]
        for begin in range(0, len(lines), BATCH):
            step("voorbeeld", begin, len(lines))
            some = lines[begin : begin + BATCH]
            answer = server.client.post(
                f"{server.url}{INSTUREN.path}",
                content=b"[" + b",".join(some) + b"]",
                headers={"content-type": "application/cloudevents-batch+json"},
            )
            assert answer.status_code in (200, 201), answer.text[:500]
        yield server, token


def _token(server: Server, name: str, role: str) -> str:
    answer = server.client.post(f"{server.url}{TOKEN_MAKEN.path}", json={"naam": name, "rollen": [role]})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["token"])


async def _send(found: Found, count: int, seed: int, host: str, port: int, tokens: list[str], step: Step) -> None:
    slow = [asyncio.create_task(_slow(host, port, tokens[0])) for _ in range(SLOW_SENDERS)]
    found.inputs["trage body"] += SLOW_SENDERS
    each = count // len(tokens)

    async def sender(number: int) -> None:
        connection = Connection(host, port)
        for one in inputs(each, seed * 1_000 + number, tokens[number]):
            answer = await connection.send(one.raw, alone=one.alone)
            _note(found, one.kind, one.raw, answer)
            step("verzoeken", sum(found.inputs.values()), count)
        await connection.close()

    await asyncio.gather(*(sender(number) for number in range(len(tokens))))
    for task in slow:
        task.cancel()
    await asyncio.gather(*slow, return_exceptions=True)


def _note(found: Found, kind: str, raw: bytes, answer: Answer) -> None:
    found.inputs[kind] += 1
    found.statuses[answer.status] += 1
    if answer.fault is not None:
        found.faults.append(f"{kind} → {answer.fault} op {raw[:160]!r}")


async def _slow(host: str, port: int, token: str) -> None:
    """Sends a large body, a little at a time."""
    head = request("POST", INSTUREN.path, token, b"", STRUCTURED).replace(b"Content-Length: 0", b"Content-Length: %d")
    try:
        _, writer = await asyncio.open_connection(host, port)
        writer.write(head % SLOW_BYTES)
        for _ in range(SLOW_BYTES // 50_000):
            writer.write(b"[" * 50_000)
            await writer.drain()
            await asyncio.sleep(0.3)
    except ConnectionError:
        return


@contextmanager
def _crowding(host: str, port: int, token: str, seconds: float) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-m", "tests.attack.crowd", host, str(port), token, str(seconds + 3)]
    crowd = subprocess.Popen(command, stdout=subprocess.PIPE)
    time.sleep(3)  # it takes a while to start
    try:
        yield crowd
    finally:
        if sys.exc_info()[0] is not None:
            crowd.kill()


def _crowd(host: str, port: int, token: str, seconds: float) -> None:
    with _crowding(host, port, token, seconds) as crowd:
        crowd.communicate()


def _settle(seconds: float, step: Step) -> None:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        step("rust", int(seconds - left), int(seconds))
        time.sleep(min(1.0, left))


def _noted(server: Server) -> Iterator[str]:
    """Yields what the server wrote of faults of its own."""
    if server.process.poll() is not None:
        yield f"de server stopte met code {server.process.poll()}"
    for line in server.output.read_text(errors="replace").splitlines():
        if '"onvoorziene fout"' in line or line.startswith("Traceback"):
            yield line[:600]
