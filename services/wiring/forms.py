"""The two forms: all of Opvangpeil in one process, or one service of it by itself.

What is not named by an address is built in: the broker (tansu, a child) and the store (chDB, in a folder). This is the
only place where that makes a difference.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from pathlib import Path

from prometheus_client import CollectorRegistry

from services.clock import Clock, system_clock
from services.config import Config
from services.eventlog.brokers import Brokers, parse_brokers
from services.eventlog.producer import Producer
from services.eventlog.tansu import Tansu
from services.eventlog.topics import MESSAGE_BYTES_MAX, create_topics
from services.metrics import make_metrics
from services.processor.progress import Progress
from services.store.connect import Connection
from services.store.recent import Recent
from services.store.store import Store
from services.wiring import parts
from services.wiring.admission import make_access
from services.wiring.alarmering import read_alarmering
from services.wiring.folder import StartError, embedded_store
from services.wiring.parts import Part
from services.wiring.resources import Broker, Resources
from services.wiring.running import Sample, listen, run

SESSION_SECONDS = 8
"""A processor that is silent for so long is taken for dead, and the others get its partitions."""
TANSU_SESSION_SECONDS = 4
"""tansu lets a member wait half of this before it gets its partitions."""
TANSU_FETCH_WAIT_MS = 20
BROKER_CHECK_SECONDS = 0.5


class Service(StrEnum):
    """The services that can run by themselves."""

    ingest = "ingest"
    processor = "processor"
    alarms = "alarms"
    api = "api"


async def run_together(
    config: Config,
    folder: Path,
    port: int,
    *,
    sample: Sample | None,
    announce: Callable[[str], None],
    clock: Clock = system_clock,
) -> None:
    """Run everything in this process until SIGTERM or SIGINT. Raises StartError when it can't start.

    An answer to a POST waits for the store where this process holds the only processor.
    """
    alarmering = read_alarmering(config)
    with ExitStack() as held:
        listener = held.enter_context(listen(config.host, port))
        store = held.enter_context(_store(config, folder))
        broker, more = held.enter_context(_broker(config, folder))
        progress = Progress() if config.kafka is None else None
        shared = held.enter_context(_resources(store, broker, clock, config, broker.brokers))
        taken = parts.way_in(shared, progress)
        services = [
            parts.ingest(shared, taken),
            parts.processor(shared, folder / "faust", progress),
            parts.alarms(shared, folder / "faust-alarmen", alarmering),
            parts.api(shared, taken),
        ]
        await run(listener, shared, [*services, *more], sample=sample, announce=announce)


async def run_alone(
    service: Service, config: Config, *, announce: Callable[[str], None], clock: Clock = system_clock
) -> None:
    """Run one service until SIGTERM or SIGINT, on the Kafka and the ClickHouse that the environment names.

    Raises StartError when it can't start.
    """
    connection, brokers = connection_of(config), brokers_of(config)
    if connection is None:
        raise StartError(_needs(service, "OPVANGPEIL_CLICKHOUSE=clickhouse://gebruiker:wachtwoord@host:8123/opvang"))
    if brokers is None and service is not Service.api:
        raise StartError(_needs(service, "OPVANGPEIL_KAFKA=kafka://host1:9092,host2:9092"))
    with ExitStack() as held:
        listener = held.enter_context(listen(config.host, config.port))
        held.callback(connection.close)
        broker = None if service is Service.api or brokers is None else _kafka(brokers, config)
        # Others store events too: what was not in the log a moment ago may be there now.
        shared = held.enter_context(_resources(Store(connection, Recent(seconds=0)), broker, clock, config, brokers))
        made = {
            Service.ingest: lambda: parts.ingest(shared, parts.way_in(shared)),
            Service.processor: lambda: parts.processor(shared, config.data / "faust"),
            Service.alarms: lambda: parts.alarms(shared, config.data / "faust-alarmen", read_alarmering(config)),
            Service.api: lambda: parts.api(shared, parts.way_in(shared) if shared.producer else None),
        }[service]()
        await run(listener, shared, [made], announce=announce)


def _needs(service: Service, setting: str) -> str:
    return (
        f"python -m services.{service.value} draait op een Kafka en een ClickHouse van buiten: zet {setting}; "
        "alles in één proces, zonder die twee, is `opvangpeil start`"
    )


@contextmanager
def _store(config: Config, folder: Path) -> Iterator[Store]:
    connection = connection_of(config)
    if connection is None:
        with embedded_store(folder) as store:
            yield store
        return
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield Store(connection, Recent(seconds=0))
    finally:
        connection.close()


@contextmanager
def _broker(config: Config, folder: Path) -> Iterator[tuple[Broker, Sequence[Part]]]:
    """The broker, and what watches it."""
    brokers = brokers_of(config)
    if brokers is not None:
        yield _kafka(brokers, config), []
        return
    tansu = Tansu(folder / "broker.log")
    try:
        create_topics(tansu.brokers, partitions=1, replication=1)

        async def while_it_runs() -> None:
            while not tansu.ended():  # noqa: ASYNC110 - a child process tells nobody
                await asyncio.sleep(BROKER_CHECK_SECONDS)

        built_in = Broker(tansu.brokers, 1, TANSU_SESSION_SECONDS, TANSU_FETCH_WAIT_MS)
        yield built_in, [Part(tasks={"de ingebouwde broker": while_it_runs})]
    finally:
        tansu.stop()


def brokers_of(config: Config) -> Brokers | None:
    """The brokers of the environment. Raises BrokerAddressError."""
    if config.kafka is None:
        return None
    return parse_brokers(
        config.kafka,
        mechanism=config.kafka_sasl,
        ca=config.kafka_ca,
        certificate=config.kafka_certificate,
        key=config.kafka_key,
    )


def connection_of(config: Config) -> Connection | None:
    """The ClickHouse of the environment. Raises StoreAddressError."""
    return None if config.clickhouse is None else Connection(config.clickhouse, ca=config.clickhouse_ca)


def _kafka(brokers: Brokers, config: Config) -> Broker:
    return Broker(brokers, config.partitions, SESSION_SECONDS)


@contextmanager
def _resources(
    store: Store, broker: Broker | None, clock: Clock, config: Config, lag_of: Brokers | None
) -> Iterator[Resources]:
    # Also where no part waits for the broker: the api sends what people report, and answers while the broker is away.
    producer = None if lag_of is None else Producer(lag_of, message_bytes_max=MESSAGE_BYTES_MAX)
    try:
        access = make_access(config, store.connection, clock)
        yield Resources(
            store, broker, lag_of, producer, make_metrics(CollectorRegistry()), clock, access, config.proxies
        )
    finally:
        if producer is not None:
            producer.close()
