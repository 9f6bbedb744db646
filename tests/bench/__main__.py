"""What the README promises about speed, printed: `python -m tests.bench [--gebeurtenissen N]`."""

import argparse
import http.client
import itertools
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import orjson

from schemas.reading import read_stored
from services import importer
from services.clock import system_clock
from services.importer.model import Report
from services.store.connect import Connection
from services.store.model import Accepted, Place
from services.store.store import Store
from services.voorbeeld import naar_jsonl, simulatie
from services.wiring import embedded_store, open_store
from tests.facts import accepted, capacity, reading, registered
from tests.front import ClickHouseFront
from tests.server import Server
from tests.strategies import read

LAST_DAY = date(2026, 11, 24)
RATE = 100
LOADERS = 25
SECONDS = 20
REPEATS = 15


def main() -> None:
    """Run everything, in an order in which each step uses what the step before made."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gebeurtenissen", type=int, default=1_000_000)
    count = parser.parse_args().gebeurtenissen
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "data"
        source = Path(temporary) / "gebeurtenissen.jsonl"
        with source.open("wb") as file:
            file.writelines(naar_jsonl(simulatie.genereer(gebeurtenissen=count, tot=LAST_DAY)))
        alone = judging(source)
        importing(folder, source, alone)
        starting(folder, "na een nette stop")
        visible(folder)
        after_kill(folder)
        reading_registers(folder)
    with tempfile.TemporaryDirectory() as temporary:
        durability(Path(temporary) / "data")
    with tempfile.TemporaryDirectory() as temporary:
        over_http(Path(temporary))


class Tenths:
    """Progress of an import that notes when each tenth was done."""

    def __init__(self) -> None:
        self.marks: list[tuple[float, int]] = []
        self._total = 1

    def begin(self, total_bytes: int | None) -> None:
        self._total = total_bytes or 1
        self.marks.append((time.perf_counter(), 0))

    def update(self, bytes_done: int, report: Report) -> None:
        if bytes_done * 10 >= self._total * len(self.marks):
            self.marks.append((time.perf_counter(), report.aangeboden))

    def waiting(self, reason: str, seconds: float) -> None:
        print(f"   wacht {seconds:.0f} s: {reason}")

    def rates(self) -> list[float]:
        return [(b[1] - a[1]) / (b[0] - a[0]) for a, b in zip(self.marks, self.marks[1:], strict=False)]


def judging(source: Path) -> float:
    """Events a second that one core reads and judges, and nothing else: what this machine can do at this moment."""
    with source.open("rb") as file:
        body = b"[" + b",".join(islice(file, 4000)) + b"]"
    return 4000 / median(lambda: read_stored(body))


def importing(folder: Path, source: Path, alone: float) -> None:
    """Through HTTP, broker, Faust and ClickHouse; does it slow down as the log grows?"""
    with Server(folder) as server:
        tenths = Tenths()
        report = importer.run(
            source, url=server.url, rejects=folder / "afgewezen.jsonl", batch_size=4000, parallel=6, progress=tenths
        )
        print(f"importeer: {report.summary}")
        share = report.per_seconde / alone
        print(f"   alleen lezen en keuren, op één kern: {alone:,.0f}/s; verhouding {share:.2f}")
        rates = tenths.rates()
        print("   per tiende deel, gebeurtenissen/s:", " ".join(f"{rate:,.0f}" for rate in rates))
        print(f"   laatste tiende / eerste tiende: {rates[-1] / rates[0]:.2f}")
        print(f"   geheugen: {memory(server):.0f} MB (opvangpeil + broker)")


def starting(folder: Path, after: str) -> None:
    """From the command to /gereed, with what the folder holds."""
    started = time.perf_counter()
    with Server(folder) as server:
        print(f"start {after}: gereed na {time.perf_counter() - started:.1f} s, geheugen {memory(server):.0f} MB")


def after_kill(folder: Path) -> None:
    """Nothing to repair: what the derived tables lack is read from the log."""
    Server(folder).kill()
    starting(folder, "na kill -9")


def visible(folder: Path) -> None:
    """From the POST of an event until GET /v1/bezetting counts it, while RATE events a second come in.

    With the plainest of clients: the instrument shares the cores with what it measures.
    """
    with Server(folder) as server:
        server.post([registered("LOC-BENCH"), capacity("LOC-BENCH", 100), reading("LOC-BENCH", 0)])
        base = server.get("/v1/bezetting")["aanwezig"]
        client = _connection(server)
        stop = threading.Event()
        loads = [threading.Thread(target=_load, args=(server, number, stop)) for number in range(LOADERS)]
        for load in loads:
            load.start()
        answered, seen = [], []
        for number in range(1, SECONDS * 5):
            started = time.perf_counter()
            assert _post(client, reading("LOC-BENCH", number)) == 201
            answered.append(time.perf_counter() - started)
            while _present(client) - base < number:
                time.sleep(0.002)
            seen.append(time.perf_counter() - started)
            time.sleep(max(0.0, 0.2 - (time.perf_counter() - started)))
        stop.set()
        for load in loads:
            load.join()
        print(f"POST bij {RATE} gebeurtenissen/s: antwoord {spread(answered)}; zichtbaar {spread(seen)}")


def _load(server: Server, number: int, stop: threading.Event) -> None:
    """Readings at locaties that count nowhere, each a POST of its own: a share of RATE a second, evenly spread."""
    client = _connection(server)
    begin = time.perf_counter() + number / RATE
    for turn in itertools.count():
        time.sleep(max(0.0, begin + turn * LOADERS / RATE - time.perf_counter()))
        if stop.is_set():
            return
        assert _post(client, reading(f"LOC-LAST-{number}", 1)) == 201


def _connection(server: Server) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=30)


def _post(client: http.client.HTTPConnection, event: dict[str, object]) -> int:
    client.request("POST", "/v1/gebeurtenissen", orjson.dumps(event), {"content-type": "application/cloudevents+json"})
    answer = client.getresponse()
    answer.read()
    return answer.status


def _present(client: http.client.HTTPConnection) -> int:
    client.request("GET", "/v1/bezetting")
    return int(orjson.loads(client.getresponse().read())["aanwezig"])


def reading_registers(folder: Path) -> None:
    """Each way to read against the plain argMax over the whole log, in this run."""
    with embedded_store(folder) as store:
        now = system_clock()
        year = timedelta(days=365)
        moments = {
            "nu": (now, now),
            "V = K = een jaar geleden": (now - year, now - year),
            "V een jaar geleden, K nu": (now - year, now),
            "V nu, K een jaar geleden": (now, now - year),
        }
        positie = str(store.position())
        print(f"registers lezen, {store.stored_count():,} gebeurtenissen (mediaan van {REPEATS}):")
        for name, (valid_at, known_at) in moments.items():
            fast = median(lambda v=valid_at, k=known_at: store.view(v, k, now=now))
            plain = median(lambda v=valid_at, k=known_at: store.view(v, k, now=now, positie=positie))
            print(f"   {name}: {fast * 1e3:.0f} ms; hele log {plain * 1e3:.0f} ms; verhouding {fast / plain:.2f}")
        rows = store.connection.client().query("SELECT toString(event_id) FROM gebeurtenis LIMIT 2000").result_rows
        ids = [own_id for (own_id,) in rows]
        print(f"   2000 ids opzoeken: {median(lambda: Store(store.connection).known(ids)) * 1e3:.0f} ms")


def durability(folder: Path) -> None:
    """What writing through to disk costs, per insert."""
    with embedded_store(folder) as store:
        places = itertools.count()
        for size in (1, 100, 5000):
            times = {}
            for fsync in (0, 1):
                settings = f"fsync_after_insert = {fsync}, fsync_part_directory = {fsync}"
                store.command(f"ALTER TABLE gebeurtenis MODIFY SETTING {settings}")
                rows = [_accepted(next(places)) for _ in range(size)]
                times[fsync] = median(lambda r=rows: store.insert(r))
            print(
                f"fsync, {size} gebeurtenis(sen): {(times[1] - times[0]) * 1e3:+.1f} ms ({times[1] / times[0]:.2f} ×)"
            )


def over_http(folder: Path) -> None:
    """What ClickHouse in a process of its own costs, by the front that the tests use."""
    front = ClickHouseFront(folder / "front")
    places = itertools.count()
    with embedded_store(folder / "data") as inside:
        outside = open_store(Connection(front.url()))
        # A server does not write through to disk either.
        inside.command("ALTER TABLE gebeurtenis MODIFY SETTING fsync_after_insert = 0, fsync_part_directory = 0")
        for size in (1, 1_000, 20_000):
            times = []
            for store in (inside, outside):
                rows = [_accepted(next(places)) for _ in range(size)]
                times.append(median(lambda s=store, r=rows: s.insert(r)))
            print(
                f"ClickHouse over HTTP, {size} gebeurtenis(sen) opslaan: {times[1] * 1e3:.1f} ms "
                f"({times[1] / times[0]:.2f} × in hetzelfde proces)"
            )
        outside.connection.close()
    front.kill()


def _accepted(number: int) -> Accepted:
    (event,) = read([reading(f"LOC-{number % 300}", 1)])
    return accepted(event, system_clock(), Place(1, 0, number))


def median(action: Callable[[], object]) -> float:
    """Seconds, after one run to warm up."""
    action()
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        action()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def spread(seconds: list[float]) -> str:
    """p50 and p99 in ms."""
    ordered = sorted(seconds)
    return f"p50 {ordered[len(ordered) // 2] * 1e3:.0f} ms, p99 {ordered[int(len(ordered) * 0.99)] * 1e3:.0f} ms"


def memory(server: Server) -> float:
    """MB in use by the process and its broker."""
    pids = [server.process.pid, *server.broker_pids()]
    lines = [line for pid in pids for line in Path(f"/proc/{pid}/status").read_text().splitlines() if "VmRSS" in line]
    return sum(int(line.split()[1]) for line in lines) / 1024


if __name__ == "__main__":
    main()
