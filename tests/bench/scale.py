"""At scale: through a real Kafka and ClickHouse's HTTP interface, with each service in a process of its own."""

import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path

import httpx

from services.eventlog.brokers import Brokers
from services.eventlog.producer import Producer
from services.eventlog.topics import EVENTS, MESSAGE_BYTES_MAX
from services.store.connect import Connection
from services.store.recent import Recent
from services.store.store import Store
from tests.child import Child, free_port
from tests.front import ClickHouseFront
from tests.kafka_node import KafkaNode, missing
from tests.server import opvangpeil

PARTITIONS = 4
READY_SECONDS_MAX = 60


class Cluster:
    """A Kafka, a store, and processes of ours on them."""

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
        made = opvangpeil("migreer", "--kopieen", "1", environment=self.environment)
        assert made.returncode == 0, made.stderr
        connection = Connection(self.front.url())
        held.callback(connection.close)
        self.store = Store(connection, Recent(seconds=0))

    def service(self, kind: str) -> tuple[Child, str]:
        """A service that is ready, and its address."""
        port = free_port()
        environment = self.environment | {"OPVANGPEIL_PORT": str(port), "OPVANGPEIL_DATA": str(self._folder / kind)}
        child = Child([sys.executable, "-m", f"services.{kind}"], self._folder / f"{kind}-{port}.log", environment)
        self._held.callback(child.kill)
        url = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + READY_SECONDS_MAX
        while not _ready(url):
            child.must_run()
            assert time.monotonic() < deadline, child.said()
            time.sleep(0.05)
        return child, url

    def append(self, bodies: Iterable[bytes]) -> None:
        """Put messages on the topic, in turn over its partitions."""
        producer = Producer(Brokers((self.kafka.address,)), message_bytes_max=MESSAGE_BYTES_MAX)
        for body in bodies:
            producer.append(EVENTS, None, body)
        producer.close()


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A cluster of its own; all of it ends with this."""
    assert missing() is None, missing()
    with tempfile.TemporaryDirectory() as temporary, ExitStack() as held:
        yield Cluster(Path(temporary), held)


def bulk(source: Path, count: int, packed: int, alone: float) -> None:
    """Events that stand on the topic already, by one processor, into the store."""
    with cluster() as running, source.open("rb") as file:
        lines = [line.rstrip(b"\n") for line in islice(file, count)]
        running.append(_packed(lines, packed))
        began = time.perf_counter()
        running.service("processor")
        first, stored = 0.0, 0
        while stored < count:
            time.sleep(0.05)
            stored = running.store.stored_count()
            if stored and not first:
                first, already = time.perf_counter(), stored
        took = time.perf_counter() - first
        rate = (count - already) / took
        print(
            f"Kafka → ClickHouse over HTTP, één verwerker, {packed} per bericht: {rate:,.0f}/s "
            f"({count:,} in {time.perf_counter() - began:.1f} s met de start erbij); verhouding {rate / alone:.2f}"
        )


def _packed(lines: Sequence[bytes], size: int) -> Iterator[bytes]:
    for start in range(0, len(lines), size):
        yield b"[" + b",".join(lines[start : start + size]) + b"]" if size > 1 else lines[start]


def _ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/gereed", timeout=5).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False
