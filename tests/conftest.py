"""Fixtures for tests that need a real store or broker, in the forms in which Opvangpeil runs.

chDB holds one folder per process, so every test has its own database.
"""

import itertools
import tempfile
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

from schemas.events import Event
from services.eventlog.tansu import Tansu
from services.eventlog.topics import create_topics
from services.store.model import Place
from services.store.store import Store
from tests.support.facts import accepted
from tests.support.front import ClickHouseFront
from tests.support.kafka_node import KafkaNode
from tests.support.kafka_node import missing as kafka_missing
from tests.support.missing import skipped, without
from tests.support.order import Durations, SharedFixtures, in_order
from tests.support.rondes import of_round
from tests.support.stores import stores

NAME_MAX = 200
"""The longest text that may be part of the name of a test."""
_offsets = itertools.count()
settings.register_profile("zonder klok", deadline=None)  # How fast an example runs says how busy the machine is.
settings.load_profile("zonder klok")


@pytest.fixture(scope="session")
def chdb_folder() -> Iterator[Path]:
    """Gives the one folder of this process. It is in memory if possible, since few tests are about the disk."""
    with _short_lived() as folder:
        yield folder


@contextmanager
def _short_lived() -> Iterator[Path]:
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def front() -> Iterator[ClickHouseFront]:
    """Runs ClickHouse over HTTP, in a process of its own."""
    with _short_lived() as folder:
        front = ClickHouseFront(folder / "front")
        yield front
        front.kill()


@pytest.fixture(params=["chdb", "http"])
def new_store(request: pytest.FixtureRequest) -> Iterator[Callable[[], Store]]:
    """Makes empty stores with the whole schema, each in its own database: in this process, or over HTTP."""
    if request.param == "chdb":
        folder = request.getfixturevalue("chdb_folder")
        with stores(lambda name: f"chdb://{folder}?database={name}") as make:
            yield make
    else:
        with stores(request.getfixturevalue("front").url) as make:
            yield make


@pytest.fixture
def store(new_store: Callable[[], Store]) -> Store:
    """An empty store."""
    return new_store()


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaNode]:
    """Runs a real Kafka. Skips the test where that is impossible."""
    if reason := kafka_missing():
        without("Apache Kafka", reason)
    node = KafkaNode(tmp_path_factory.mktemp("kafka"))
    yield node
    node.kill()


@pytest.fixture(params=["tansu", "kafka"])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Tansu | KafkaNode]:
    """A broker without topics. A test may stop it."""
    if request.param == "tansu":
        tansu = Tansu(tmp_path / "broker.log")
        yield tansu
        tansu.stop()
    else:
        node = request.getfixturevalue("kafka")
        node.empty()
        yield node


@pytest.fixture(params=["tansu", "kafka"])
def outside(request: pytest.FixtureRequest) -> KafkaNode | None:
    """The broker of a server: the built-in one (None), or a Kafka with new topics."""
    return None if request.param == "tansu" else with_topics(request.getfixturevalue("kafka"))


def with_topics(node: KafkaNode) -> KafkaNode:
    """Gives the node new topics, of one partition each."""
    node.empty()
    create_topics(node.brokers, partitions=1, replication=1)
    return node


@pytest.hookimpl(wrapper=True, tryfirst=True)  # before xdist decides which tests belong together
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Generator[None, None, None]:
    """Selects the tests of this round, and puts the longest first.

    Raises pytest.UsageError when xdist does not see which tests belong together: then each would start its own server.
    """
    wanted = of_round(items)
    kept = {item.nodeid for item in wanted}
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in kept])
    items[:] = in_order(wanted)
    yield
    if config.getoption("loadgroup", default=False) and any("@" not in item.nodeid for item in items):
        raise pytest.UsageError("xdist verdeelt de tests niet in groepen: past deze pytest wel bij deze xdist?")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Names a case after the length of a long text. The name of a test goes to each process that it starts."""
    return f"{argname} of {len(val)}" if isinstance(val, str | bytes) and len(val) > NAME_MAX else None


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the option that `make meet` uses to record durations, which decide the order of later runs."""
    parser.addoption("--meet", action="store_true", help="onthoud hoe lang elke test duurde, in tests/duur.json")


def pytest_configure(config: pytest.Config) -> None:
    """Records durations. Workers of xdist say what they took, and the process that gets all reports writes it down."""
    if config.getoption("--meet"):
        config.pluginmanager.register(SharedFixtures())
        if not hasattr(config, "workerinput"):
            config.pluginmanager.register(Durations())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Reports clearly what was not tested. Otherwise such a run looks as green as a complete one."""
    for what, reason in skipped.items():
        terminalreporter.section("NIET GETEST", red=True, bold=True)
        terminalreporter.line(f"{what} ontbreekt: {reason}", red=True)


Fill = Callable[..., None]


@pytest.fixture(scope="session")
def fill() -> Fill:
    """Inserts events as the processor would: `fill(store, events, ontvangen_op=now)`."""

    def insert(store: Store, events: Iterable[Event], ontvangen_op: datetime | None = None) -> None:
        received = ontvangen_op or datetime.now(UTC)
        store.insert([accepted(event, received, Place(1, 0, next(_offsets))) for event in events])

    return insert
