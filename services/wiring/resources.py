"""What every process has: the store, the counters, the clock, access, and which parts are not ready yet."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog

from schemas.alarmregels import AlarmRegel
from services.access import Access
from services.clock import Clock
from services.config import CONTROLE_DAGEN
from services.core.delen import STANDAARD, Grenzen
from services.eventlog.admin import BrokerDeniedError
from services.eventlog.brokers import BrokerUnavailableError
from services.metrics import Metrics
from services.reads.reader import Reader
from services.store.migrate import check_schema
from services.store.model import StoreDeniedError, StoreUnavailableError
from services.store.store import Store
from services.web.health import NotReadyError
from services.web.publicatie import Publicatie

PATIENCE_SECONDS_MAX = 5.0
log = structlog.get_logger("start")


@dataclass(slots=True)
class Resources:
    """What the parts of a process share. Nothing connects before it is used."""

    store: Store
    metrics: Metrics
    clock: Clock
    access: Access
    proxies: str = "127.0.0.1"
    """The addresses of proxies whose X-Forwarded headers are believed."""
    grenzen: Grenzen = STANDAARD
    """How much must be known before a figure of an area is stated."""
    regels: Sequence[AlarmRegel] = ()
    """The rules for alarms."""
    publicatie: Publicatie = field(default_factory=Publicatie)
    """Who publishes what is answered, and by which licence."""
    profielen: Path | None = None
    """The folder with the profiles of files."""
    cors: Sequence[str] = ()
    """The origins whose pages may read the API."""
    controle_dagen: int = CONTROLE_DAGEN
    """For how many days the report of a gemeente can be checked by its code."""
    pending: dict[str, str] = field(default_factory=dict)
    """The parts that are not ready yet, each with the reason."""
    reader: Reader = field(init=False)
    """One for all parts, so that what was just answered is kept once."""

    def __post_init__(self) -> None:
        self.reader = Reader(self.store, self.clock, self.grenzen, self.regels)

    async def prepare(self) -> None:
        """Waits until the store is there, with the right schema.

        Raises MigrationError or StoreDeniedError when waiting will not help.
        """
        await self.patiently("clickhouse", lambda: check_schema(self.store.connection))

    def check_store(self) -> None:
        """Raises NotReadyError or StoreUnavailableError while the store or its schema is not there."""
        self.check("clickhouse")
        self.store.ping()

    def check(self, part: str) -> None:
        """Raises NotReadyError while a part is not ready."""
        if part in self.pending:
            raise NotReadyError(self.pending[part])

    async def patiently(self, part: str, step: Callable[[], Any]) -> None:
        """Repeats a blocking step until it succeeds; meanwhile the part is pending.

        Raises StoreDeniedError or BrokerDeniedError, and anything but unavailability, at once.
        """
        patience = 0.1
        while True:
            try:
                await asyncio.to_thread(step)
            except (StoreDeniedError, BrokerDeniedError):
                raise
            except (StoreUnavailableError, BrokerUnavailableError) as error:
                self.pending[part] = str(error)
                log.warning("wacht", onderdeel=part, reden=str(error))
                await asyncio.sleep(patience)
                patience = min(patience * 2, PATIENCE_SECONDS_MAX)
            else:
                self.pending.pop(part, None)
                return
