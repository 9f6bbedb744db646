"""The system does what `/v1/openapi.json` says: every answer to a generated request is as described.

The whole of it runs as its users run it, with access set up. Every run sends the same requests.
"""

import copy
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from schemathesis import BaseSchema, Case, GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from schemas.events import FACTS, adapter
from schemas.reference import gemeente_codes, provincie_codes
from services.dashboard.melden.formulieren import FORMULIEREN
from tests.support.access_help import bearer
from tests.support.rondes import examples, only_whole
from tests.support.server import Server, made
from tests.support.web_events import EVENTS, NOW

DESCRIPTION = "/v1/openapi.json"
EXAMPLES = settings(max_examples=examples(6), derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
BEYOND_A_SCHEMA = ("na", "positie", "van", "tot", "velden")
"""Parameters whose valid values a schema can't describe: they come from an earlier answer, or must fit each other."""
AT_LEAST_ONE = ("vanBekendOp",)
"""Parameters of which at least one is required."""

EXISTING = {
    "gemeente": sorted(gemeente_codes()),
    "provincie": sorted(provincie_codes()),
    "cyclus": ["2024"],
    "/gemeenten/{code}": sorted(gemeente_codes()),
    "/provincies/{code}": sorted(provincie_codes()),
    "/meldformulieren/{soort}": sorted(FORMULIEREN),
    "/locaties/{id}": ["LOC-TER-APEL", "LOC-UTRECHT", "LOC-LEEG", "LOC-DICHT", "LOC-NIEUW"],
}
"""Parameter, or path → the names that exist."""

_moments = st.datetimes(datetime(2010, 1, 2), NOW.replace(tzinfo=None), timezones=st.just(UTC))  # noqa: DTZ001
schemathesis.openapi.format("date-time", _moments.map(lambda moment: moment.isoformat().replace("+00:00", "Z")))
schemathesis.openapi.format("date", _moments.map(lambda moment: moment.date().isoformat()))


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("beschrijving") / "data"
    token = made("--naam", "beheer", "--rol", "beheerder", "--data", str(folder))
    with Server(folder, environment={"OPVANGPEIL_VERZOEKEN": "100000"}) as server:
        server.client.headers.update(bearer(token))
        assert server.post(EVENTS).status_code == 201
        yield server


@pytest.fixture
def document(server) -> dict[str, Any]:
    return server.get(DESCRIPTION)


def described(server: Server, document: dict[str, Any]) -> BaseSchema:
    schema = schemathesis.openapi.from_dict(document)
    schema.config.update(base_url=f"{server.url}/v1", headers={"Authorization": server.client.headers["Authorization"]})
    too_large = 413  # a generated body can be wrong and too large, and the size is seen first
    checks = schema.config.checks.negative_data_rejection
    checks.expected_statuses = [*checks.expected_statuses, str(too_large)]
    return schema


def call_each(subtests, schema: BaseSchema, mode: GenerationMode, mend: Callable[[Case], None] | None = None, **checks):
    """Calls every operation with generated requests, valid or invalid ones."""

    def call(case: Case) -> None:
        if mend is not None:
            mend(case)
        case.call_and_validate(**checks)

    operations = [found.ok() for found in schema.get_all_operations()]
    assert operations
    for operation in operations:
        with subtests.test(msg=f"{operation.label} {mode.value}"):
            EXAMPLES(given(operation.as_strategy(generation_mode=mode))(call))()


@pytest.mark.deel
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, only_whole(GenerationMode.NEGATIVE)])
def test_every_answer_is_as_described(subtests, server, document, mode):
    schema = described(server, document)
    if mode is GenerationMode.NEGATIVE:  # these operations have no input that can be wrong
        schema = schema.exclude(path_regex="^/(toegang|stiltes/|ontvangers|meldformulieren$)", method=["GET", "DELETE"])
        schema = schema.exclude(path_regex="^/ontvangers/.*/(herzendingen|proefberichten)$")
        # Its events may be anything, and of that schemathesis makes nothing wrong: test_vergelijkingen.py does.
        schema = schema.exclude(path_regex="^/vergelijkingen$")
    call_each(subtests, schema, mode, excluded_checks=[positive_data_acceptance])


@pytest.mark.deel
def test_what_the_description_allows_is_answered(subtests, server, document):
    """Covers the reads. Leaves out parameters whose valid values a schema can't describe."""
    for path, item in document["paths"].items():
        item.pop("post", None)
        for operation in item.values():
            kept = [one for one in operation.get("parameters", ()) if one["name"] not in BEYOND_A_SCHEMA]
            for parameter in kept:
                name = parameter["name"] if parameter["in"] == "query" else path
                parameter["required"] = parameter["required"] or parameter["name"] in AT_LEAST_ONE
                parameter["schema"] = {"enum": EXISTING[name]} if name in EXISTING else parameter["schema"]
            operation["parameters"] = kept
    call_each(subtests, described(server, document), GenerationMode.POSITIVE)


@pytest.mark.deel
def test_an_event_that_the_description_allows_is_taken(subtests, server, document):
    """Leaves to the service what a schema can't say: which codes exist, and how two fields fit each other."""

    def mend(case: Case) -> None:
        case.body = [mended(one) for one in case.body] if isinstance(case.body, list) else mended(case.body)

    path = "/gebeurtenissen"
    document["paths"] = {path: {"post": document["paths"][path]["post"]}}
    call_each(subtests, described(server, document), GenerationMode.POSITIVE, mend)


def _left_out(within: Any, key: Any) -> None:
    del within[key]


def _with_other_code(within: Any, key: Any) -> None:
    codes = sorted(gemeente_codes() if within[key].startswith("GM") else provincie_codes())
    within[key] = codes[(int(within[key][2:]) + 1) % len(codes)]


def _plain(within: Any, key: Any) -> None:
    within[key] = "tekst"


def _first_only(within: Any, key: Any) -> None:
    del within[key][1:]


def _from_the_start(within: Any, key: Any) -> None:
    for one in within[key]:
        one.pop("beschikbaarVanaf", None)


MENDS: dict[str, Callable[[Any, Any], None]] = {
    "end_before_start": _left_out,
    "usable_exceeds_total": _left_out,
    "part_exceeds_total": _left_out,
    "before": _left_out,
    "shorter_than_rest": _left_out,
    "least_exceeds": _left_out,
    "most_below": _left_out,
    "available_later": _from_the_start,
    "repeated": _first_only,
    "to_itself": _with_other_code,
    "unknown_code": _with_other_code,
    "control_characters": _plain,
}
"""Kind of error that a schema can't express → how to undo it, given what holds the field and its name."""


def mended(event: Any) -> Any:
    """Returns a generated event without what a schema can't forbid. Any other error stays in it."""
    event = copy.deepcopy(event)
    while True:
        try:
            adapter(*FACTS).validate_python(event)
        except ValidationError as error:
            wrong = [details for details in error.errors() if details["type"] in MENDS]
            if not wrong:
                return event
            for details in wrong[:1]:
                within = event
                for part in details["loc"][1:-1]:
                    within = within[part]
                MENDS[details["type"]](within, details["loc"][-1])
        else:
            return event
