"""What the README promises about speed, printed: `python -m tests.bench [--gebeurtenissen N]`."""

import argparse
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import httpx

from services import importer
from services.clock import system_clock
from services.importer.model import Report
from services.store import queries
from services.store.model import Accepted, Known, Place
from services.store.store import Store
from services.voorbeeld import naar_jsonl, simulatie
from services.wiring import embedded_store
from tests.facts import ORIGIN, capacity, reading, registered
from tests.server import Server
from tests.strategies import read

LAST_DAY = date(2026, 11, 24)
RATE = 100
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
        importing(folder, source)
        starting(folder, "na een nette stop")
        visible(folder)
        after_kill(folder)
        reading_registers(folder)
    with tempfile.TemporaryDirectory() as temporary:
        durability(Path(temporary) / "data")


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


def importing(folder: Path, source: Path) -> None:
    """Through HTTP, broker, Faust and ClickHouse; does it slow down as the log grows?"""
    with Server(folder) as server:
        tenths = Tenths()
        report = importer.run(
            source, url=server.url, rejects=folder / "afgewezen.jsonl", batch_size=4000, parallel=6, progress=tenths
        )
        print(f"importeer: {report.summary}")
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
    """The derived tables are made anew from the log before /gereed."""
    Server(folder).kill()
    starting(folder, "na kill -9 (met herstel)")


def visible(folder: Path) -> None:
    """From the POST of an event until GET /v1/bezetting counts it, while RATE events a second come in."""
    with Server(folder) as server:
        server.post([registered("LOC-BENCH"), capacity("LOC-BENCH", 100), reading("LOC-BENCH", 0)])
        base = server.get("/v1/bezetting")["aanwezig"]
        stop = threading.Event()
        load = threading.Thread(target=_load, args=(server, stop))
        load.start()
        answered, seen = [], []
        for number in range(1, SECONDS * 5):
            started = time.perf_counter()
            assert server.post([reading("LOC-BENCH", number)]).status_code == 201
            answered.append(time.perf_counter() - started)
            while server.get("/v1/bezetting")["aanwezig"] - base < number:
                pass
            seen.append(time.perf_counter() - started)
            time.sleep(max(0.0, 0.2 - (time.perf_counter() - started)))
        stop.set()
        load.join()
        print(f"POST bij {RATE} gebeurtenissen/s: antwoord {spread(answered)}; zichtbaar {spread(seen)}")


def _load(server: Server, stop: threading.Event) -> None:
    """Readings of 1 person at locaties that count nowhere, RATE a second, each a POST of its own."""
    with httpx.Client(timeout=30, limits=httpx.Limits(max_connections=32)) as client, ThreadPoolExecutor(32) as pool:
        begin = time.perf_counter()
        number = 0
        while not stop.is_set():
            pool.submit(client.post, f"{server.url}/v1/gebeurtenissen", json=reading(f"LOC-LAST-{number % 50}", 1))
            number += 1
            time.sleep(max(0.0, begin + number / RATE - time.perf_counter()))


def reading_registers(folder: Path) -> None:
    """Each way to read against the plain argMax over the whole log, in this run."""
    with embedded_store(folder) as store:
        now = system_clock()
        moments = {
            "nu": (now, now, queries.LIVE),
            "V = K = een jaar geleden": (now - timedelta(days=365), now - timedelta(days=365), queries.AS_OF),
            "V een jaar geleden, K nu": (now - timedelta(days=365), now, queries.AS_OF),
            "V nu, K een jaar geleden": (now, now - timedelta(days=365), queries.AS_OF),
        }
        print(f"registers lezen, {store.stored_count():,} gebeurtenissen (mediaan van {REPEATS}):")
        for name, (valid_at, known_at, query) in moments.items():
            parameters = {"v": valid_at, "k": known_at}
            fast = median(lambda q=query, p=parameters: store.registers(q, p))
            plain = median(lambda p=parameters: store.registers(queries.WHOLE_LOG, p))
            print(f"   {name}: {fast * 1e3:.0f} ms; hele log {plain * 1e3:.0f} ms; verhouding {fast / plain:.2f}")
        ids = [
            str(row[0])
            for row in store.connection.client().query("SELECT event_id FROM gebeurtenis LIMIT 2000").result_rows
        ]
        print(f"   2000 ids opzoeken: {median(lambda: Store(store.connection).known(ids)) * 1e3:.0f} ms")


def durability(folder: Path) -> None:
    """What writing through to disk costs, per insert."""
    with embedded_store(folder) as store:
        client = store.connection.client()
        client.command("CREATE TABLE vluchtig AS gebeurtenis")
        client.command("ALTER TABLE vluchtig MODIFY SETTING fsync_after_insert = 0, fsync_part_directory = 0")
        client.command("CREATE TABLE duurzaam AS gebeurtenis")
        for size in (1, 100, 5000):
            times = {}
            for table in ("vluchtig", "duurzaam"):
                rows = [_accepted(number) for number in range(size)]
                times[table] = median(lambda t=table, r=rows: store.insert(r, table=t))
            extra = (times["duurzaam"] - times["vluchtig"]) * 1e3
            print(f"fsync, {size} gebeurtenis(sen): {extra:+.1f} ms ({times['duurzaam'] / times['vluchtig']:.2f} ×)")


def _accepted(number: int) -> Accepted:
    (event,) = read([reading(f"LOC-{number % 300}", 1)])
    return Accepted(event, Known(event.said, system_clock(), Place(1, 0, number)), ORIGIN)


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
