"""Measures the embedded form, in which everything runs in one process."""

import itertools
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from services import importer
from services.clock import system_clock
from services.importer.model import Report
from services.store.store import Store
from services.wiring import embedded_store
from tests.bench.measure import REPEATS, all_but_one, judging, median, one_accepted, probe
from tests.support.facts import capacity, reading, registered
from tests.support.server import Server


def run(source: Path) -> None:
    """Runs these measurements in order, since each uses the result of the one before."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "data"
        alone = judging(source)
        importing(folder, source, alone)
        starting(folder, "na een nette stop")
        visible(folder)
        after_kill(folder)
        reading_registers(folder)
    with tempfile.TemporaryDirectory() as temporary:
        durability(Path(temporary) / "data")


class Tenths:
    """Progress of an import that records when each tenth was done."""

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


def importing(folder: Path, source: Path, alone: float) -> None:
    """Measures an import through HTTP, broker, Faust and ClickHouse, and whether it slows down as the log grows."""
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
    """Measures the time from the command to /gereed, with the current contents of the folder."""
    started = time.perf_counter()
    with Server(folder) as server:
        print(f"start {after}: gereed na {time.perf_counter() - started:.1f} s, geheugen {memory(server):.0f} MB")


def after_kill(folder: Path) -> None:
    """Measures a start after a kill. It needs no repair: what the derived tables lack is read from the log."""
    Server(folder).kill()
    starting(folder, "na kill -9")


def visible(folder: Path) -> None:
    """Measures from the POST of an event until GET /v1/bezetting counts it, in one process."""
    with Server(folder) as server:
        server.post([registered("LOC-BENCH"), capacity("LOC-BENCH", 100), reading("LOC-BENCH", 0)])
        probe("in één proces", server.url, server.url)


def reading_registers(folder: Path) -> None:
    """Compares each way to read with the plain argMax over the whole log, in this run."""
    with embedded_store(folder) as store:
        now = system_clock()
        year = timedelta(days=365)
        moments = {
            "nu": (now, now),
            "V = K = een jaar geleden": (now - year, now - year),
            "V een jaar geleden, K nu": (now - year, now),
            "V nu, K een jaar geleden": (now, now - year),
        }
        positie = all_but_one(store.position())
        print(f"registers lezen, {store.stored_count():,} gebeurtenissen (mediaan van {REPEATS}):")
        for name, (valid_at, known_at) in moments.items():
            fast = median(lambda v=valid_at, k=known_at: store.view(v, k, now=now))
            plain = median(lambda v=valid_at, k=known_at: store.view(v, k, now=now, positie=positie))
            print(f"   {name}: {fast * 1e3:.0f} ms; hele log {plain * 1e3:.0f} ms; verhouding {fast / plain:.2f}")
        rows = store.connection.client().query("SELECT toString(event_id) FROM gebeurtenis LIMIT 2000").result_rows
        ids = [own_id for (own_id,) in rows]
        print(f"   2000 ids opzoeken: {median(lambda: Store(store.connection).known(ids)) * 1e3:.0f} ms")


def durability(folder: Path) -> None:
    """Measures what writing through to disk costs for each insert."""
    with embedded_store(folder) as store:
        places = itertools.count()
        for size in (1, 100, 5000):
            times = {}
            for fsync in (0, 1):
                settings = f"fsync_after_insert = {fsync}, fsync_part_directory = {fsync}"
                store.command(f"ALTER TABLE gebeurtenis MODIFY SETTING {settings}")
                rows = [one_accepted(next(places)) for _ in range(size)]
                times[fsync] = median(lambda r=rows: store.insert(r))
            print(
                f"fsync, {size} gebeurtenis(sen): {(times[1] - times[0]) * 1e3:+.1f} ms ({times[1] / times[0]:.2f} ×)"
            )


def memory(server: Server) -> float:
    """Returns the memory of the process and its broker, in MB."""
    pids = [server.process.pid, *server.broker_pids()]
    lines = [line for pid in pids for line in Path(f"/proc/{pid}/status").read_text().splitlines() if "VmRSS" in line]
    return sum(int(line.split()[1]) for line in lines) / 1024
