"""The services as parts of a process, which runs one of them or all of them together."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import Response

from schemas.alarmregels import TE_WEINIG_GEGEVENS, AlarmRegel, read_regels
from schemas.toml_lines import BestandError
from services.access.app import access_router
from services.access.browser import browser_router
from services.alarms.acts import Daden
from services.alarms.app import alarm_router
from services.alarms.deliver.app import receivers_router
from services.alarms.deliver.courier import DELIVERY_GROUP, Courier, hearing
from services.alarms.deliver.lijst import Lijst
from services.alarms.deliver.stand import Ontvangers
from services.alarms.watch import Watch
from services.api.app import api_router
from services.api.controle import controle_router
from services.api.gauges import live_figures
from services.api.stroom import Stroom, stroom_router
from services.api.unprocessable import unprocessable_router
from services.config import Config
from services.dashboard.app import alarm_pages_router, dashboard_router, missing_page
from services.eventlog.topics import ALARMS, EVENTS
from services.ingest.accept import Ingest
from services.ingest.app import ingest_router
from services.metrics import Figuren
from services.processor.process import Outcomes, Processor, append_unprocessable
from services.processor.worker import GROUP, Handler, Worker
from services.reads.question import Audience
from services.store.derive import keep_near
from services.store.model import StoreUnavailableError
from services.store.store import Store
from services.web.health import Check, NotReadyError
from services.wiring.log import Broker, Log, Topic
from services.wiring.resources import Resources

DERIVE_SECONDS = 0.5
STOP_SECONDS_MAX = 3
RECEIVERS_FILE = "ontvangers.toml"
"""The file of receivers, beside that of the rules, when the settings name none."""

Handlers = Mapping[str, Handler[Any, Any]]
"""For each topic, what is done with its messages."""
_log = structlog.get_logger("start")


async def _nothing() -> None:
    """Stands for a step that a part does not have."""


@dataclass(frozen=True, slots=True)
class ProcessPart:
    """What a service, or something that services need, adds to the process that runs it."""

    routers: Sequence[APIRouter] = ()
    checks: Mapping[str, Check] = field(default_factory=dict)
    at_once: Sequence[Callable[[], Coroutine[Any, Any, None]]] = ()
    """Tasks that begin at once and run as long as the process."""
    prepare: Callable[[], Awaitable[None]] = _nothing
    """The tasks of all parts begin after this has returned for every part."""
    tasks: Mapping[str, Callable[[], Coroutine[Any, Any, None]]] = field(default_factory=dict)
    """Tasks by name. When one ends, the process ends."""
    stop: Callable[[], Awaitable[None]] = _nothing
    figures: Callable[[Audience], Figuren] | None = None
    """What it adds to `/metrics`."""
    missing: Callable[[Request], Response] | None = None
    """What makes the page of an address that does not exist."""


def broker_optional(log: Log) -> ProcessPart:
    """The log, for a process that can also work while the broker is away."""
    return ProcessPart(at_once=[log.measure_lag])


def broker_required(shared: Resources, log: Log, topic: Topic) -> ProcessPart:
    """The log, for a process that waits for the broker."""

    def check() -> None:
        shared.check("broker")
        log.check()

    return ProcessPart(
        checks={"broker": check},
        at_once=[log.measure_lag],
        prepare=lambda: shared.patiently("broker", topic.examine),
    )


def way_in(shared: Resources, log: Log, outcomes: Outcomes | None = None) -> Ingest:
    """The way in for events. With the outcomes of the only processor, an answer waits until its events are stored."""
    outcome_of = None if outcomes is None else outcomes.outcome
    return Ingest(log.producer, shared.store, shared.clock, shared.metrics, outcome_of)


def ingest(taken: Ingest) -> ProcessPart:
    """Takes events in over HTTP."""
    return ProcessPart(routers=[ingest_router(taken)])


def processor(
    shared: Resources, log: Log, broker: Broker, topic: Topic, folder: Path, outcomes: Outcomes | None = None
) -> ProcessPart:
    """Takes events from the topics to the store."""
    handling = Processor(
        shared.store, partial(append_unprocessable, log.producer), outcomes or Outcomes(), shared.clock, shared.metrics
    )

    async def prepare() -> tuple[int, Handlers]:
        return await asyncio.to_thread(shared.store.epoch_of, topic.id), {
            EVENTS: Handler(handling.parse, handling.decide, handling.store),
            ALARMS: Handler(handling.as_it_is, handling.as_it_is, handling.store_alarms),
        }

    member = Member(broker, folder, GROUP, prepare)
    return ProcessPart(
        checks={"verwerker": member.check},
        tasks={
            "verwerker": member.run,
            "afgeleide tabellen": partial(_keep_near, shared.store),
            "het topic": topic.lasts,
        },
        stop=member.stop,
    )


def alarms(shared: Resources, log: Log, broker: Broker, folder: Path, alarmering: "Alarmering") -> ProcessPart:
    """Watches the live view, publishes what changed and delivers it. Of several, the one with the partition does so."""
    reader = shared.reader

    async def prepare() -> tuple[int, Handlers]:
        return 0, {ALARMS: hearing(courier)}

    member = Member(broker, folder, DELIVERY_GROUP, prepare)
    watch = Watch(reader, log.producer, alarmering.regels, lambda: log.lag, shared.metrics, member.holds_any, log.near)
    lijst = alarmering.ontvangers
    courier = Courier(reader, log.producer, lijst, shared.metrics, member.holds_any, watch.alive)
    tasks = {"alarmen": watch.run, "bezorging": member.run, "bezorger": courier.run}
    daden = Daden(reader, log.producer, names_of(alarmering.regels))
    ontvangers = Ontvangers(reader, log.producer, lijst)
    routers = [
        alarm_router(daden),
        receivers_router(ontvangers),
        alarm_pages_router(daden, ontvangers),
    ]
    return ProcessPart(
        routers=routers,
        checks={"alarmen": watch.warning, "ontvangers": lijst.warning},
        tasks=tasks,
        stop=member.stop,
        missing=missing_page(reader),
    )


def api(shared: Resources, taken: Ingest | None, receivers: Callable[[], int] | None = None) -> ProcessPart:
    """Serves the figures, over HTTP and in `/metrics`, and the pages. Without `taken`, people can't report here.

    `receivers`: how many receive alarms; None: only another process knows that.
    """
    stroom = Stroom(shared.reader, shared.metrics)
    return ProcessPart(
        figures=live_figures(shared.reader),
        missing=missing_page(shared.reader),
        tasks={"stroom": stroom.run},
        routers=[
            stroom_router(stroom),
            api_router(shared.reader),
            controle_router(shared.reader, shared.controle_dagen),
            unprocessable_router(shared.store),
            dashboard_router(shared.reader, None if taken is None else taken.accept, receivers, shared.profielen),
            access_router(shared.access, shared.clock),
            browser_router(shared.access),
        ],
    )


async def _keep_near(store: Store) -> None:
    while True:
        began = time.monotonic()
        try:
            await asyncio.to_thread(keep_near, store)
        except StoreUnavailableError as error:
            _log.warning("afgeleide tabellen blijven achter", reden=str(error))
        took = time.monotonic() - began
        await asyncio.sleep(max(DERIVE_SECONDS, 3 * took))  # During an import each turn does more, which costs less.


class Member:
    """A member of a consumer group: it joins, stays and leaves."""

    def __init__(
        self, broker: Broker, folder: Path, group: str, prepare: Callable[[], Awaitable[tuple[int, Handlers]]]
    ) -> None:
        """`prepare` returns the number of the topic's life and the handlers. It is called when the store is there."""
        self._broker, self._folder, self._group, self._prepare = broker, folder, group, prepare
        self._worker: Worker | None = None

    async def run(self) -> None:
        """Joins and stays. Returns when Faust gave up."""
        epoch, handlers = await self._prepare()
        worker = self._worker = Worker(
            self._broker.brokers,
            group=self._group,
            epoch=epoch,
            handlers=handlers,
            session_seconds=self._broker.session_seconds,
            fetch_wait_ms=self._broker.fetch_wait_ms,
            folder=self._folder,
        )
        await worker.start()
        while not worker.crashed():  # noqa: ASYNC110 - Faust has no event for it
            await asyncio.sleep(0.5)

    def check(self) -> None:
        """Raises NotReadyError while it is not a member yet."""
        if self._worker is None or not self._worker.ready():
            raise NotReadyError("de verwerker heeft zijn partities nog niet")

    def holds_any(self) -> bool:
        """Returns whether it has a partition to consume, which makes it this member's turn."""
        return self._worker is not None and self._worker.holds_any()

    async def stop(self) -> None:
        """Leaves the group."""
        if self._worker is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._worker.stop(), STOP_SECONDS_MAX)


class Alarmering(NamedTuple):
    """What to watch, and who receives the alarms."""

    regels: tuple[AlarmRegel, ...]
    ontvangers: Lijst


def read_alarmering(config: Config) -> Alarmering:
    """Reads the files of rules and receivers. Raises BestandError, with every error of a file by its line."""
    regels = read_rules(config)
    file = config.receivers or config.alarm_rules.parent / RECEIVERS_FILE
    return Alarmering(regels, Lijst(file, names_of(regels), config.url, required=config.receivers is not None))


def names_of(regels: Iterable[AlarmRegel]) -> Mapping[str, str | None]:
    """Returns the names that alarms by these rules can carry, each with what its rule watches.

    A lack of data is about any rule, so of that it is None.
    """
    return {regel.naam: regel.grootheid for regel in regels} | {TE_WEINIG_GEGEVENS: None}


def read_rules(config: Config) -> tuple[AlarmRegel, ...]:
    """Reads the file of rules. Raises BestandError, with every error by its line."""
    return read_regels(_text(config.alarm_rules), str(config.alarm_rules))


def rules_to_show(config: Config) -> tuple[AlarmRegel, ...]:
    """Reads the same for a process that only shows what the rules see now. Without the file it does not show that."""
    try:
        return read_rules(config)
    except BestandError as error:
        _log.warning("alarmen zonder waardeNu: de regels zijn hier niet te lezen", reden=str(error))
        return ()


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BestandError(f"{file} is niet te lezen: {error}") from error
