"""The two forms of running: all of Opvangpeil in one process, or one service by itself.

What the settings do not name by an address is built in: the broker (tansu, a child process) and the store (chDB, in a
folder). Nowhere else does that make a difference.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from enum import StrEnum
from functools import partial
from pathlib import Path

from prometheus_client import CollectorRegistry

from schemas.alarmregels import AlarmRegel
from services.access import Access
from services.access.access import Limits
from services.access.oidc import Issuer, IssuerSettings
from services.access.session import Seals
from services.access.tokens import Tokens
from services.clock import Clock, system_clock
from services.config import Config, is_loopback
from services.core.delen import Grenzen
from services.eventlog.brokers import Brokers, parse_brokers
from services.eventlog.producer import Producer
from services.eventlog.tansu import Tansu
from services.eventlog.topics import MESSAGE_BYTES_MAX, create_topics
from services.metrics import Metrics, make_metrics
from services.processor.process import Outcomes
from services.seal import Seal
from services.store.connect import Connection
from services.store.ids import Recent
from services.store.store import Store
from services.store.tokens import TokenTable
from services.web.publicatie import Publicatie
from services.wiring import memory, parts
from services.wiring.folder import StartError, embedded_store
from services.wiring.log import Broker, Log, Topic
from services.wiring.parts import ProcessPart, read_alarmering
from services.wiring.resources import Resources
from services.wiring.running import Sample, listen, run

SESSION_SECONDS = 8
"""A processor that is silent for so long counts as dead, and the others get its partitions."""
TANSU_SESSION_SECONDS = 4
"""tansu makes a member wait half of this before it gets its partitions."""
TANSU_FETCH_WAIT_MS = 20
BROKER_CHECK_SECONDS = 0.5


class Service(StrEnum):
    """The services that can run by themselves. `python -m services.<name>` runs one."""

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
    """Runs everything in this process until SIGTERM or SIGINT. Raises StartError when it can't start.

    With the built-in broker this process has the only processor, and an answer to a POST waits until its events are
    stored.
    """
    memory.bound()
    alarmering = read_alarmering(config)
    with ExitStack() as held:
        listener = held.enter_context(listen(config.host, port))
        store = held.enter_context(_store(config, folder))
        broker, more = held.enter_context(_broker(config, folder))
        outcomes = Outcomes() if config.kafka is None else None
        shared = make_resources(store, clock, config, alarmering.regels)
        log, topic = held.enter_context(open_log(broker.brokers, shared.metrics)), Topic(broker)
        taken = parts.way_in(shared, log, outcomes)
        services = [
            parts.broker_required(shared, log, topic),
            parts.ingest(taken),
            parts.processor(shared, log, broker, topic, folder / "faust", outcomes),
            parts.alarms(shared, log, broker, folder / "faust-alarmen", alarmering),
            parts.api(shared, taken, lambda: len(alarmering.ontvangers.receivers)),
        ]
        await run(listener, shared, [*services, *more], sample=sample, announce=announce)


async def run_alone(
    service: Service, config: Config, *, announce: Callable[[str], None], clock: Clock = system_clock
) -> None:
    """Runs one service until SIGTERM or SIGINT, on the Kafka and the ClickHouse that the environment names.

    Raises StartError when it can't start. The api can do without a Kafka; then people can't report there.
    """
    memory.bound()
    connection, brokers = connection_of(config), brokers_of(config)
    if connection is None:
        raise StartError(_needs(service, "OPVANGPEIL_CLICKHOUSE=clickhouse://gebruiker:wachtwoord@host:8123/opvang"))
    make: Callable[[Resources, ExitStack], list[ProcessPart]]
    if service is Service.api:
        make = partial(_api_alone, brokers)
    elif brokers is None:
        raise StartError(_needs(service, "OPVANGPEIL_KAFKA=kafka://host1:9092,host2:9092"))
    else:
        make = partial(_member_alone, service, config, brokers)
    with ExitStack() as held:
        listener = held.enter_context(listen(config.host, config.port))
        held.callback(connection.close)
        # Other processes store events too: an id that was not in the log a moment ago may be there now.
        regels = parts.rules_to_show(config) if service is Service.api else ()
        shared = make_resources(Store(connection, Recent(seconds=0)), clock, config, regels)
        await run(listener, shared, make(shared, held), announce=announce)


def _api_alone(brokers: Brokers | None, shared: Resources, held: ExitStack) -> list[ProcessPart]:
    """The api by itself. It sends what people report to the log, and answers while the broker is away."""
    if brokers is None:
        return [parts.api(shared, None)]
    log = held.enter_context(open_log(brokers, shared.metrics))
    return [parts.broker_optional(log), parts.api(shared, parts.way_in(shared, log))]


def _member_alone(
    service: Service, config: Config, brokers: Brokers, shared: Resources, held: ExitStack
) -> list[ProcessPart]:
    """A service by itself that can't do without the broker."""
    broker, log = _kafka(brokers, config), held.enter_context(open_log(brokers, shared.metrics))
    topic, folder = Topic(broker), config.data
    if service is Service.processor:
        made = parts.processor(shared, log, broker, topic, folder / "faust")
    elif service is Service.alarms:
        made = parts.alarms(shared, log, broker, folder / "faust-alarmen", read_alarmering(config))
    else:
        made = parts.ingest(parts.way_in(shared, log))
    return [parts.broker_required(shared, log, topic), made]


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
def _broker(config: Config, folder: Path) -> Iterator[tuple[Broker, Sequence[ProcessPart]]]:
    """Yields the broker, and the parts that watch it."""
    brokers = brokers_of(config)
    if brokers is not None:
        yield _kafka(brokers, config), []
        return
    tansu = Tansu(folder / "broker.log")
    brokers = replace(tansu.brokers, seal=Seal())
    try:
        create_topics(brokers, partitions=1, replication=1)

        async def while_it_runs() -> None:
            while not tansu.ended():  # noqa: ASYNC110 - a thread that waits for the child would hold up a stop
                await asyncio.sleep(BROKER_CHECK_SECONDS)

        built_in = Broker(brokers, 1, TANSU_SESSION_SECONDS, TANSU_FETCH_WAIT_MS)
        yield built_in, [ProcessPart(tasks={"de ingebouwde broker": while_it_runs})]
    finally:
        tansu.stop()


def brokers_of(config: Config) -> Brokers | None:
    """Returns the brokers that the environment names, if it does. Raises BrokerAddressError."""
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
    """Returns the ClickHouse that the environment names, if it does. Raises StoreAddressError."""
    return None if config.clickhouse is None else Connection(config.clickhouse, ca=config.clickhouse_ca)


def _kafka(brokers: Brokers, config: Config) -> Broker:
    return Broker(brokers, config.partitions, SESSION_SECONDS)


def make_resources(store: Store, clock: Clock, config: Config, regels: Sequence[AlarmRegel] = ()) -> Resources:
    """Makes what every process has. `regels`: the rules for alarms, for a process that shows what they see."""
    access = _access(config, store.connection, clock)
    grenzen = Grenzen(minimale_dekking=config.minimale_dekking)
    metrics = make_metrics(CollectorRegistry())
    return Resources(
        store,
        metrics,
        clock,
        access,
        config.proxies,
        grenzen=grenzen,
        regels=regels,
        publicatie=Publicatie(config.licentie, config.uitgever, config.uitgever_uri, config.contact, config.url),
        profielen=config.profielen,
        cors=config.cors,
        controle_dagen=config.controle_dagen,
    )


@contextmanager
def open_log(brokers: Brokers, metrics: Metrics) -> Iterator[Log]:
    """Yields the log for a process that appends to it. It connects at the first append."""
    producer = Producer(brokers, message_bytes_max=MESSAGE_BYTES_MAX)
    try:
        yield Log(brokers, producer, metrics)
    finally:
        producer.close()


def _access(config: Config, connection: Connection, clock: Clock) -> Access:
    """Makes access from the tokens in the store, and those of an issuer when the settings name one."""
    oidc = config.oidc
    settings = oidc and IssuerSettings(oidc.issuer, oidc.audience, oidc.role_claim, oidc.client, oidc.secret)
    return Access(
        Tokens(TokenTable(connection), clock),
        Seals(config.session_secret, clock),
        Issuer(settings, clock) if settings else None,
        public_url=config.url,
        limits=Limits(per_second=config.requests_per_second),
        local_hosts=frozenset({config.host}) if is_loopback(config.host) else frozenset(),
    )
