"""The services do what `/v1/openapi.json` says: every answer to a generated request is as described.

The whole API runs in this process, with a real store and a real broker. Every run sends the same requests.
"""

import copy
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import BaseSchema, Case, GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from schemas.reference import gemeente_codes, provincie_codes
from services.access.app import access_router
from services.api.app import api_router
from services.eventlog.producer import Producer
from services.eventlog.tansu import Tansu
from services.eventlog.topics import MESSAGE_BYTES_MAX, create_topics
from services.ingest.accept import Ingest
from services.ingest.app import ingest_router
from services.reads.reader import Reader
from services.store.connect import Connection
from services.store.migrate import migrate
from services.store.store import Store
from services.store.tokens import TokenTable
from services.web import make_app
from tests.support.access_help import access_of
from tests.support.rondes import examples, only_whole
from tests.support.strategies import read
from tests.support.web_client import fresh_metrics
from tests.support.web_events import EVENTS, NOW

DESCRIPTION = "/v1/openapi.json"
EXAMPLES = settings(max_examples=examples(12), derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
BEYOND_A_SCHEMA = ("na", "positie", "van", "tot")
"""Parameters whose valid values a schema can't describe: they come from an earlier answer, or must fit each other."""
AT_LEAST_ONE = ("vanBekendOp",)
"""Parameters of which at least one is required."""

EXISTING = {
    "gemeente": sorted(gemeente_codes()),
    "provincie": sorted(provincie_codes()),
    "cyclus": ["2024"],
    "/gemeenten/{code}": sorted(gemeente_codes()),
    "/provincies/{code}": sorted(provincie_codes()),
    "/locaties/{id}": ["LOC-TER-APEL", "LOC-UTRECHT", "LOC-LEEG", "LOC-DICHT", "LOC-NIEUW"],
}
"""Parameter, or path → the names that exist."""

_moments = st.datetimes(datetime(2010, 1, 2), NOW.replace(tzinfo=None), timezones=st.just(UTC))  # noqa: DTZ001
schemathesis.openapi.format("date-time", _moments.map(lambda moment: moment.isoformat().replace("+00:00", "Z")))
schemathesis.openapi.format("date", _moments.map(lambda moment: moment.date().isoformat()))


@pytest.fixture(scope="module")
def app(chdb_folder, fill, tmp_path_factory) -> Iterator[FastAPI]:
    connection = Connection(f"chdb://{chdb_folder}?database=beschrijving")
    migrate(connection)
    store = Store(connection)
    fill(store, read(EVENTS), ontvangen_op=NOW)
    tansu = Tansu(tmp_path_factory.mktemp("broker") / "broker.log")
    try:
        create_topics(tansu.brokers, partitions=1, replication=1)
        producer = Producer(tansu.brokers, message_bytes_max=MESSAGE_BYTES_MAX)
        metrics = fresh_metrics()
        ingest = Ingest(producer, store, lambda: NOW, metrics, None)
        access = access_of(TokenTable(connection), lambda: NOW)
        routers = [ingest_router(ingest), api_router(Reader(store, lambda: NOW)), access_router(access, lambda: NOW)]
        yield make_app("Opvangpeil", routers, metrics=metrics, checks={})
        producer.close()
    finally:
        tansu.stop()
        store.command(f"DROP DATABASE `{connection.database}` SYNC")
        connection.close()


def call_each(subtests, schema: BaseSchema, mode: GenerationMode, **checks: Any) -> None:
    """Calls every operation with generated requests, valid or invalid ones."""

    def call(case: Case) -> None:
        case.call_and_validate(**checks)

    operations = [found.ok() for found in schema.get_all_operations()]
    assert operations
    for operation in operations:
        with subtests.test(msg=f"{operation.label} {mode.value}"):
            EXAMPLES(given(operation.as_strategy(generation_mode=mode))(call))()


@pytest.mark.deel
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, only_whole(GenerationMode.NEGATIVE)])
def test_every_answer_is_as_described(subtests, app, mode):
    schema = schemathesis.openapi.from_asgi(DESCRIPTION, app)
    if mode is GenerationMode.NEGATIVE:  # these operations have no input that can be wrong
        schema = schema.exclude(path_regex="^/toegang", method=["GET", "DELETE"])
    call_each(subtests, schema, mode, excluded_checks=[positive_data_acceptance])


@pytest.mark.deel
def test_what_the_description_allows_is_answered(subtests, app):
    """Covers the reads. Leaves out parameters whose valid values a schema can't describe."""
    document = copy.deepcopy(app.openapi())
    for path, item in document["paths"].items():
        item.pop("post", None)  # its calendar rules (geldigTot after geldigVanaf …) are beyond a schema
        for operation in item.values():
            kept = [one for one in operation.get("parameters", ()) if one["name"] not in BEYOND_A_SCHEMA]
            for parameter in kept:
                name = parameter["name"] if parameter["in"] == "query" else path
                parameter["required"] = parameter["required"] or parameter["name"] in AT_LEAST_ONE
                parameter["schema"] = {"enum": EXISTING[name]} if name in EXISTING else parameter["schema"]
            operation["parameters"] = kept
    schema = schemathesis.openapi.from_dict(document)
    schema.app = app
    call_each(subtests, schema, GenerationMode.POSITIVE)
