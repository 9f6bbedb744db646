"""A whole Opvangpeil in processes: Kafka, ClickHouse over HTTP and every service, with connections that can be cut."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from tests.simulation.faults import HOLDERS, Fault, Kind, Possible
from tests.simulation.told import FILE, SECRET
from tests.support.child import OurChild, free_port
from tests.support.front import ClickHouseFront
from tests.support.kafka_node import KafkaNode
from tests.support.link import Link, Links
from tests.support.server import opvangpeil
from tests.support.webhook_receiver import WebhookReceiver

KINDS = ("ingest", "processor", "alarms", "api")
SERVICES = tuple(f"{kind}-{number}" for kind in KINDS for number in (1, 2))
WAYS: tuple[Kind, ...] = ("cut", "hang")
VICTIMS = (*SERVICES, *HOLDERS)
"""The processors count twice, since a kill of these puts events at risk."""
READY_SECONDS_MAX = 240
"""Nine processes start at once, and on a busy machine beside those of other tests."""
PARTITIONS = 4


class Service:
    """One service as a process. It keeps its port after a restart."""

    def __init__(self, name: str, folder: Path, environment: dict[str, str]) -> None:
        self.name = name
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = folder / name
        self._folder.mkdir()
        self._clock = self._folder / "klok"
        self.step_clock(0)
        self._environment = environment | {"OPVANGPEIL_PORT": str(self.port), "OPVANGPEIL_DATA": str(self._folder)}
        self.log = self._folder / "log"
        self.start()

    def start(self) -> None:
        """Starts the process. It may take some seconds before it is ready."""
        kind = self.name.partition("-")[0]
        arguments = [kind, str(self._clock)]
        self.child = OurChild("tests.simulation.service", arguments, self.log, self._environment)

    def kill(self) -> None:
        """Kills the running process (kill -9)."""
        self.child.kill()

    def step_clock(self, seconds: float) -> None:
        """Sets how many seconds its clock is off from now on."""
        fresh = self._clock.with_suffix(".nieuw")
        fresh.write_text(str(seconds))
        fresh.replace(self._clock)

    def ready(self) -> bool:
        """Whether the service reports that it is ready."""
        try:
            return httpx.get(f"{self.url}/gereed", timeout=10).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    def ended(self) -> bool:
        """Whether the process ended by itself."""
        return self.child.process.poll() is not None


class World:
    """All running processes, and the ways to break them."""

    def __init__(self, folder: Path, held: ExitStack) -> None:
        links = Links()
        held.callback(links.close)
        kafka_port = free_port()
        self.kafka_link = links.to(kafka_port)
        self.kafka = KafkaNode(folder / "kafka", kafka_port, advertised=self.kafka_link.port)
        held.callback(self.kafka.kill)
        self.front = ClickHouseFront(folder / "clickhouse")
        held.callback(self.front.kill)
        self.store_url = self.front.url("opvang")
        self._environment = {
            "OPVANGPEIL_KAFKA": f"kafka://127.0.0.1:{self.kafka_link.port}",
            "OPVANGPEIL_CLICKHOUSE": self.store_url,
            "OPVANGPEIL_PARTITIES": str(PARTITIONS),
        }
        self.hook = held.enter_context(WebhookReceiver())
        """The receiver of alarms."""
        (folder / "geheim").write_text(SECRET)
        (folder / "ontvangers.toml").write_text(FILE.format(url=self.hook.url))
        self._environment["OPVANGPEIL_ONTVANGERS"] = str(folder / "ontvangers.toml")
        self.command("migreer", "--kopieen", "1")
        self.store_links: dict[str, Link] = {}
        self.services: dict[str, Service] = {}
        self.left: list[str] = []
        """Services that ended by themselves and were started again."""
        for name in SERVICES:
            link = self.store_links[name] = links.to(self.front.port)
            way = {"OPVANGPEIL_CLICKHOUSE": self.store_url.replace(str(self.front.port), str(link.port))}
            self.services[name] = Service(name, folder, self._environment | way)
            held.callback(self.services[name].kill)

    def all_of(self, kind: str) -> list[Service]:
        """Returns the services of one kind."""
        return [service for name, service in self.services.items() if name.startswith(kind)]

    def command(self, *arguments: str) -> str:
        """Runs a command of `opvangpeil` on this world and returns its output. The command must succeed."""
        done = opvangpeil(*arguments, environment=self._environment)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @staticmethod
    def possible() -> Possible:
        """Returns the possible faults: of the store, the broker, the way to either, a service, or a clock."""
        ways: list[tuple[Kind, str]] = [(kind, name) for name in SERVICES for kind in WAYS]
        return (
            [("kill", "front"), ("pause", "front"), ("full", "front"), *ways],
            [("kill", "kafka"), ("pause", "kafka"), ("cut", "kafka"), ("hang", "kafka")],
            [*(("kill", name) for name in SERVICES), *(("pause", name) for name in SERVICES)],
            [("clock", name) for name in SERVICES],
        )

    def begin(self, fault: Fault) -> None:
        """Starts a fault."""
        part = self.kafka if fault.target == "kafka" else self.front if fault.target == "front" else None
        match fault.kind:
            case "kill":
                (part or self.services[fault.target].child).kill()
            case "pause":
                (part or self.services[fault.target].child).pause()
            case "cut":
                self._way(fault.target).cut()
            case "hang":
                self._way(fault.target).hang()
            case "full":
                self.front.full(True)
            case "clock":
                self.services[fault.target].step_clock(fault.size)

    def end(self, fault: Fault) -> None:
        """Ends a fault."""
        part = self.kafka if fault.target == "kafka" else self.front if fault.target == "front" else None
        match fault.kind:
            case "kill":
                (part or self.services[fault.target]).start()
            case "pause":
                (part or self.services[fault.target].child).resume()
            case "cut" | "hang":
                self._way(fault.target).restore()
            case "full":
                self.front.full(False)
            case "clock":
                self.services[fault.target].step_clock(0)

    def watch(self, besides: frozenset[str] = frozenset()) -> None:
        """Restarts services that ended by themselves, as a supervisor does."""
        for name, service in self.services.items():
            if name not in besides and service.ended():
                self.left.append(name)
                service.start()

    def must_all_run(self) -> None:
        """Raises AssertionError when a service ended by itself."""
        for service in self.services.values():
            service.child.must_run()

    def until(self, holds: Callable[[], bool], what: str, seconds: float = READY_SECONDS_MAX) -> None:
        """Waits until a condition holds, and meanwhile restarts services that ended by themselves."""
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, f"{what} duurde langer dan {seconds} s\n{self.said()}"
            self.watch()
            time.sleep(0.1)

    def all_ready(self) -> bool:
        """Whether every service reports that it is ready."""
        return all(service.ready() for service in self.services.values())

    def said(self) -> str:
        """Returns the end of the log of every service."""
        return "\n".join(f"--- {name}\n{service.child.said()[-1200:]}" for name, service in self.services.items())

    def _way(self, target: str) -> Link:
        return self.kafka_link if target == "kafka" else self.store_links[target]


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """Gives a world that is ready, and ends all its processes afterwards."""
    with ExitStack() as held:
        made = World(folder, held)
        made.until(made.all_ready, "het begin")
        yield made
