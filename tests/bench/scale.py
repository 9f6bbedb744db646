"""Measures at scale: with a real Kafka, ClickHouse's HTTP interface, and each service in a process of its own."""

import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path

import httpx
import orjson
from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient

from services.eventlog.topics import EVENTS, MESSAGE_BYTES_MAX
from services.processor.worker import GROUP
from services.store.connect import Connection
from services.store.ids import Recent
from services.store.store import Store
from services.wiring import embedded_store, open_store
from tests.bench.measure import judging, median, one_accepted, probe
from tests.support.child import Child, free_port
from tests.support.facts import capacity, reading, registered
from tests.support.front import ClickHouseFront
from tests.support.kafka_node import KafkaNode, missing
from tests.support.server import BATCH, opvangpeil

PARTITIONS = 4
PACKED = 500
STEADY_EVENTS = 5_000_000
READY_SECONDS_MAX = 60
SHARE = 0.25
TURN_SECONDS = 0.08


def run(source: Path, count: int) -> None:
    """Runs all measurements, each in a cluster of its own."""
    with tempfile.TemporaryDirectory() as temporary:
        over_http(Path(temporary))
    alone = judging(source)
    one = bulk(source, count, PACKED, alone)
    two = bulk(source, count, PACKED, alone, processors=2)
    print(f"   twee verwerkers tegen één: {two / one:.2f}, op {os.cpu_count()} kernen samen met Kafka en de opslag")
    one, two = (bulk(source, count, PACKED, alone, processors=number, share=SHARE) for number in (1, 2))
    print(f"   twee verwerkers tegen één, als er kernen over zijn: {two / one:.2f}")
    one_a_message(source, count // 5, alone)
    visible()
    takeover()
    steady(source, STEADY_EVENTS, PACKED)


class Cluster:
    """A Kafka, a store, and our services as processes."""

    def __init__(self, folder: Path, held: ExitStack) -> None:
        self._held, self._folder = held, folder
        self.kafka = KafkaNode(folder / "kafka")
        held.callback(self.kafka.kill)
        self.front = ClickHouseFront(folder / "clickhouse")
        held.callback(self.front.kill)
        self.environment = {
            "OPVANGPEIL_KAFKA": f"kafka://{self.kafka.address}",
            "OPVANGPEIL_CLICKHOUSE": self.front.url(),
            "OPVANGPEIL_PARTITIES": str(PARTITIONS),
        }
        self.admin = KafkaAdminClient(bootstrap_servers=self.kafka.address)
        held.callback(self.admin.close)
        made = opvangpeil("migreer", "--kopieen", "1", environment=self.environment)
        assert made.returncode == 0, made.stderr
        connection = Connection(self.front.url())
        held.callback(connection.close)
        self.store = Store(connection, Recent(seconds=0))

    def service(self, kind: str, *, ready: bool = True) -> tuple[Child, str]:
        """Starts a service, by default waits until it is ready, and returns it with its address."""
        port = free_port()
        environment = self.environment | {"OPVANGPEIL_PORT": str(port), "OPVANGPEIL_DATA": str(self._folder / kind)}
        child = Child([sys.executable, "-m", f"services.{kind}"], self._folder / f"{kind}-{port}.log", environment)
        self._held.callback(child.kill)
        url = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + READY_SECONDS_MAX
        while ready and not _ready(url):
            child.must_run()
            assert time.monotonic() < deadline, child.said()
            time.sleep(0.05)
        return child, url

    def rows(self) -> int:
        """Returns the number of rows in the log. ClickHouse knows it from its parts, so asking costs nothing."""
        return int(self.store.connection.client().query("SELECT count() FROM gebeurtenis").result_rows[0][0])

    def when_stored(self, count: int) -> tuple[float, int]:
        """Waits until the log has at least `count` rows. Returns that moment and the number of rows."""
        while (rows := self.rows()) < count:
            time.sleep(0.05)
        return time.perf_counter(), rows

    def append(self, bodies: Iterable[bytes]) -> None:
        """Puts messages on the topic, in turn over its partitions."""
        producer = KafkaProducer(
            bootstrap_servers=self.kafka.address,
            compression_type="lz4",
            max_request_size=MESSAGE_BYTES_MAX,
            linger_ms=5,
        )
        for body in bodies:
            producer.send(EVENTS, body)
        producer.flush()
        producer.close()


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Gives a cluster, and ends all its processes afterwards."""
    assert missing() is None, missing()
    with tempfile.TemporaryDirectory() as temporary, ExitStack() as held:
        yield Cluster(Path(temporary), held)


def over_http(folder: Path) -> None:
    """Measures what ClickHouse in a process of its own costs, with the test server for its HTTP interface."""
    front = ClickHouseFront(folder / "front")
    places = itertools.count()
    with embedded_store(folder / "data") as inside:
        outside = open_store(Connection(front.url()))
        # A ClickHouse server does not write through to disk either.
        inside.command("ALTER TABLE gebeurtenis MODIFY SETTING fsync_after_insert = 0, fsync_part_directory = 0")
        for size in (1, 1_000, 20_000):
            times = []
            for store in (inside, outside):
                rows = [one_accepted(next(places)) for _ in range(size)]
                times.append(median(lambda s=store, r=rows: s.insert(r)))
            print(
                f"ClickHouse over HTTP, {size} gebeurtenis(sen) opslaan: {times[1] * 1e3:.1f} ms "
                f"({times[1] / times[0]:.2f} × in hetzelfde proces)"
            )
        outside.connection.close()
    front.kill()


def visible() -> None:
    """Measures the time until an event is visible over Kafka, with each service in a process of its own."""
    with cluster() as running:
        (_, ingest), _, _, (_, api) = (running.service(kind) for kind in ("ingest", "processor", "alarms", "api"))
        events = [registered("LOC-BENCH"), capacity("LOC-BENCH", 100), reading("LOC-BENCH", 0)]
        assert httpx.post(f"{ingest}/v1/gebeurtenissen", content=orjson.dumps(events), headers=BATCH).is_success
        probe("over Kafka", ingest, api)


def bulk(source: Path, count: int, packed: int, alone: float, processors: int = 1, share: float = 1) -> float:
    """Measures how fast events on the topic reach the store, per second, without the begin and the end.

    `share` is the part of the time that each processor may run, so that the cores are not the limit.
    """
    with cluster() as running, ExitStack() as held:
        running.append(_packed(_fresh(source, count), packed))
        children = [running.service("processor", ready=False)[0] for _ in range(processors)]
        if share < 1:
            held.enter_context(_held_back(children, share))
        first, already = running.when_stored(count // 4)
        last, stored = running.when_stored(count * 9 // 10)
        rate = (stored - already) / (last - first)
        part = "" if share == 1 else f", elk {share:.0%} van de tijd aan het werk"
        print(
            f"Kafka → ClickHouse over HTTP, {processors} verwerker(s){part}, {packed} per bericht: {rate:,.0f}/s; "
            f"verhouding tot alleen keuren {rate / alone:.2f}"
        )
        return rate


def one_a_message(source: Path, count: int, alone: float) -> None:
    """Measures messages of one event each, and compares this with Faust that does nothing with them."""
    with cluster() as running:
        running.append(_packed(_fresh(source, count), 1))
        command = [sys.executable, "-m", "tests.bench.plain_faust", running.kafka.address, EVENTS, str(count)]
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([*command, folder], capture_output=True, text=True, timeout=300, check=True)
        plain = float(done.stdout)
    ours = bulk(source, count, 1, alone)
    print(f"   Faust zonder ons werk, één per bericht: {plain:,.0f}/s; verhouding {ours / plain:.2f}")


def takeover() -> None:
    """Kills one of two processors (kill -9), and measures how long until the other has every partition."""
    with cluster() as running:
        first, _ = running.service("processor")
        running.service("processor")
        while sum(_shares(running.admin)) < PARTITIONS + 1 or len(_shares(running.admin)) < 2:
            time.sleep(0.1)
        first.kill()
        began = time.perf_counter()
        while _shares(running.admin) != [PARTITIONS + 1]:
            time.sleep(0.05)
        print(f"kill -9 van één van twee verwerkers: de ander heeft alles na {time.perf_counter() - began:.1f} s")


def steady(source: Path, count: int, packed: int) -> None:
    """Measures the memory of a processor while it works through a long log."""
    with cluster() as running:
        running.append(_packed(_fresh(source, count), packed))
        child, _ = running.service("processor", ready=False)
        measured: list[float] = []
        while (stored := running.rows()) < count:
            if stored > count / 5:
                measured.append(_resident(child.process.pid))
            time.sleep(0.5)
        middle = statistics.median(measured)
        print(
            f"geheugen van een verwerker over {count:,} gebeurtenissen: mediaan {middle:.0f} MB, "
            f"van {min(measured) / middle - 1:+.1%} tot {max(measured) / middle - 1:+.1%}"
        )


@contextmanager
def _held_back(children: Iterable[Child], share: float) -> Iterator[None]:
    """Lets processes run for only a part of the time."""
    over = threading.Event()

    def hold_back(child: Child) -> None:
        while not over.wait(share * TURN_SECONDS):
            child.pause()
            time.sleep((1 - share) * TURN_SECONDS)
            child.resume()

    threads = [threading.Thread(target=hold_back, args=[child]) for child in children]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def _shares(admin: KafkaAdminClient) -> list[int]:
    """Returns how many partitions each member of the group has."""
    group = admin.describe_groups([GROUP])[GROUP]
    return [
        sum(len(topic["partitions"]) for topic in member["member_assignment"]["assigned_partitions"])
        for member in group["members"]
        if member["member_assignment"]
    ]


def _fresh(source: Path, count: int) -> Iterator[bytes]:
    """Yields `count` events: those of a file, repeated, each time with new ids."""
    given = 0
    for turn in itertools.count():
        with source.open("rb") as file:
            for line in file:
                if given == count:
                    return
                given += 1
                head, _, rest = line.rstrip(b"\n").partition(b'"id":"')
                yield head + b'"id":"%08x' % (int(rest[:8], 16) ^ turn) + rest[8:] if turn else line.rstrip(b"\n")


def _packed(lines: Iterable[bytes], size: int) -> Iterator[bytes]:
    remaining = iter(lines)
    while chunk := list(islice(remaining, size)):
        yield b"[" + b",".join(chunk) + b"]" if size > 1 else chunk[0]


def _resident(pid: int) -> float:
    """Returns the resident memory in MB."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096 / 1e6


def _ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/gereed", timeout=5).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False
