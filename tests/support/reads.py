"""The read addresses of the API, and servers for them."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime

import httpx
from fastapi import APIRouter

from schemas.alarmregels import AlarmRegel
from services.alarms.acts import Daden
from services.alarms.deliver.lijst import Lijst
from services.alarms.deliver.receiver import Receiver
from services.alarms.deliver.stand import Ontvangers
from services.api.app import api_router
from services.api.gauges import live_figures
from services.dashboard.app import alarm_pages_router, dashboard_router
from services.eventlog.brokers import parse_brokers
from services.eventlog.producer import Producer
from services.metrics import Metrics
from services.reads.reader import Reader
from services.store.store import Store
from services.web import make_app
from services.web.health import Scraped
from tests.support.bezorg_help import lijst_of
from tests.support.web_client import client_of, fresh_metrics
from tests.support.web_events import NOW

READS = (
    "/v1/bezetting",
    "/v1/naleving",
    "/v1/toezicht",
    "/v1/gemeenten",
    "/v1/gemeenten/GM1950",
    "/v1/provincies",
    "/v1/provincies/PV20",
    "/v1/locaties",
    "/v1/locaties/LOC-TER-APEL",
    "/v1/gebeurtenissen",
    "/v1/alarmen",
    "/v1/bezetting/verklaring",
    "/v1/naleving/verklaring",
    "/v1/toezicht/verklaring",
    "/v1/locaties/LOC-TER-APEL/verklaring",
    "/v1/gemeenten/GM1950/verklaring",
    "/v1/provincies/PV20/verklaring",
    "/v1/bezetting/reeks",
    "/v1/naleving/reeks",
    "/v1/toezicht/reeks",
    "/v1/locaties/LOC-TER-APEL/reeks",
    "/v1/gemeenten/GM1950/reeks",
    "/v1/provincies/PV20/reeks",
    "/v1/bezetting/vooruitblik",
    "/v1/gemeenten/GM1950/vooruitblik",
    "/v1/provincies/PV20/vooruitblik",
    "/v1/aansluiting",
    "/v1/definities",
)
"""One id of each kind, taken from the events of `web_events`."""


@contextmanager
def serving(store: Store, metrics: Metrics | None = None) -> Iterator[httpx.Client]:
    """Serves the API of a store, at the moment NOW."""
    metrics = metrics or fresh_metrics()
    reader = Reader(store, lambda: NOW)
    app = make_app(
        "Proef",
        [api_router(reader)],
        metrics=metrics,
        checks={"clickhouse": store.ping},
        scraped=Scraped(live_figures(reader)),
    )
    with client_of(app) as client:
        yield client


def serving_pages(
    store: Store, now: datetime = NOW, regels: Sequence[AlarmRegel] = (), receivers: Sequence[Receiver] = ()
) -> AbstractContextManager[httpx.Client]:
    """Serves the API and the pages of a store, at a moment."""
    reader = Reader(store, lambda: now, regels=regels)
    routers = [api_router(reader), dashboard_router(reader), alarm_pages(reader, receivers)]
    return client_of(make_app("Proef", routers, metrics=fresh_metrics(), checks={}))


def alarm_pages(reader: Reader, receivers: Sequence[Receiver] = ()) -> APIRouter:
    """Returns the pages of the service that tells receivers, in a process that reaches no broker."""
    return alarm_pages_router(Daden(reader, _nowhere(), {}), ontvangers_of(reader, lijst_of(*receivers)))


def ontvangers_of(reader: Reader, lijst: Lijst) -> Ontvangers:
    """Returns how receivers stand, in a process that reaches no broker."""
    return Ontvangers(reader, _nowhere(), lijst)


def _nowhere() -> Producer:
    return Producer(parse_brokers("kafka://127.0.0.1:9"), message_bytes_max=1)
