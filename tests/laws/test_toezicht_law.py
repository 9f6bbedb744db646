"""Toezicht per gemeente is for the roles toezicht and beheerder. To all others a log with steps looks as one without.

Both logs are walked by every address and page, and have to answer the same, byte for byte.
"""

import re
from collections.abc import Callable
from typing import Any

import httpx
import orjson
import pytest

from schemas.events import FACT_TYPES
from schemas.fields import parse_moment
from services.access import Role
from services.core.fold import writes
from services.core.registers import Register
from services.reads.question import Audience
from services.reads.reader import Reader
from services.reads.uitzoeken import Uitzoeker
from services.store.derive import bring_up_to_date
from services.store.model import Place
from services.store.store import Store
from tests.support import wire
from tests.support.alarm_help import keep, look, shipped, view
from tests.support.examples import cases
from tests.support.examples import read as read_example
from tests.support.facts import accepted
from tests.support.rondes import only_whole
from tests.support.shielded_walk import MORE, answers
from tests.support.strategies import read
from tests.support.two_worlds import asking, differs, said
from tests.support.web_events import EVENTS, event
from tests.support.web_law import LAW

pytestmark = pytest.mark.timeout(1_200)
"""Every address and page is asked of two stores."""

OTHER = "urn:nld:oin:00000000000000000009:systeem:ander"
NOW = parse_moment("2026-05-26T08:00:00Z")


def by_other(subject: str, body: wire.Body, time: str) -> dict[str, Any]:
    """An event of a source that none of the callers here sends for: a source may read back what it sent itself."""
    kind, data = body
    return event(kind, subject, time, OTHER, **data)


WRONG = by_other("GM0034", wire.step("vooraankondiging", "2024-03-01"), "2024-03-01")
OLD = by_other("GM0344", wire.step("brief", "2025-09-01"), "2025-09-01")
STEPS = [
    OLD,
    by_other("GM0344", wire.step("besluit", "2026-05-25", "PV26", "2026-07-01"), "2026-05-25"),
    by_other("GM0014", wire.step("brief", "2026-12-01"), "2026-05-20"),
    by_other("GM0037", wire.step("actief toezicht", "2025-10-01"), "2025-10-01"),
    WRONG,
    *(
        by_other(subject, ("gebeurtenissen.ingetrokken", {"gebeurtenisId": one["id"], "reden": "slip"}), "2026-05-25")
        for one, subject in ((WRONG, "GM0034"), (OLD, "NL"))
    ),
]
"""In force, announced, overtaken and retracted."""
PUBLISHED = event(
    "opvangcijfers.cijfers-gepubliceerd",
    "NL",
    "2026-05-20",
    peildatum="2026-05-01",
    bron="brief aan de Kamer",
    cijfers=[{"grootheid": "onderToezicht", "waarde": 92}],
)
CLOSED = event(
    "opvanglocaties.toegang-gewijzigd", "LOC-UTRECHT", "2026-05-01", geldigVanaf="2026-05-01", regime="beperkt"
)
WORLD = [*EVENTS, *LAW, CLOSED, PUBLISHED]
PATHS = (
    "/gemeenten?sorteer=toezicht",
    "/gemeenten?toezicht=true",
    "/gemeenten?toezicht=false",
    "/gemeenten/GM0014",
    "/gemeenten/GM0034?bekendOp=2025-01-01",
    "/gemeenten/GM0037?geldigOp=2025-11-01",
    "/gemeenten/GM0344/verklaring",
    "/gemeenten/GM0344/brief",
    "/v1/rapporten/gemeente/GM0037",
    "/verschil?metGeldigOp=2025-08-01",
    "/verschil?metGeldigOp=2025-08-01&deel=verder",
    "/v1/gebeurtenissen?type=nl.spreidingswet.toezichtstap-gezet.v1",
    "/v1/verschillen?vanGeldigOp=2025-08-01&naarGeldigOp=2031-01-01",
    "/v1/aansluiting?onderwerp=NL",
    *(f"/v1/gebeurtenissen/{one['id']}" for one in STEPS),
    *(f"/v1/rapporten/{one}?formaat={form}" for one in ("naleving", "kamerbrief") for form in ("csv", "xlsx")),
    *(f"/v1/naleving?formaat={form}" for form in ("csv", "xlsx", "parquet")),
)
_LEZER, _VERTROUWELIJK = (Role.LEZER, Role.OPERATOR, Role.INVOER), (Role.VERTROUWELIJK, Role.INVOER)
_IN_TABLES, _IN_LOG = ("in de tabellen", "chdb"), ("nog in het logboek", "http")
each_world = pytest.mark.parametrize(("worlds", "new_store"), [_IN_TABLES, only_whole(*_IN_LOG)], indirect=True)


def for_two(name: str, first: object, second: object) -> pytest.MarkDecorator:
    """Marks a test that runs for two callers: one on derived tables in this process, one on the log over HTTP."""
    cases = [pytest.param(*_IN_TABLES, first), only_whole(*_IN_LOG, second)]
    return pytest.mark.parametrize(("worlds", "new_store", name), cases, indirect=["worlds", "new_store"])


SEEN = ["LOC-UTRECHT"]
_COUNTS_EVENTS = re.compile(rb"^opvangpeil_gebeurtenissen_opgeslagen .*$", re.MULTILINE)
"""How many events there are in all says how Opvangpeil runs; it is among what only `meten` may see."""


def clock():
    return NOW


def stored(store: Store, *, steps: bool, derived: bool) -> None:
    """Stores the world. Steps lie between its other events, so the positie is the same with and without them."""
    events = [*WORLD[:-5], *STEPS, *WORLD[-5:]]
    left_out = [] if steps else STEPS
    store.insert(
        [
            accepted(one, NOW, Place(1, 0, offset))
            for offset, (raw, one) in enumerate(zip(events, read(events), strict=True))
            if raw not in left_out
        ]
    )
    keep(store, look([shipped("toegang")], view(read([*EVENTS, CLOSED]), NOW), []))
    if derived:
        bring_up_to_date(store)


@pytest.fixture
def worlds(request, new_store: Callable[[], Store]) -> tuple[Store, Store]:
    """A store with steps, and one without."""
    found = new_store(), new_store()
    for store, steps in zip(found, (True, False), strict=True):
        stored(store, steps=steps, derived=request.param == "in de tabellen")
    return found


def same(path: str, one: httpx.Response, other: httpx.Response) -> str:
    """Returns where two answers differ, apart from how many events are stored in all; empty where they don't."""
    assert one.status_code in (200, 403, 404), (path, one.text)
    mine, theirs = said(path, one), said(path, other)
    return differs(*((*each[:3], _COUNTS_EVENTS.sub(b"", each[3])) for each in (mine, theirs)))


@for_two("others", _LEZER, _VERTROUWELIJK)
def test_without_the_role_what_tells_of_steps_looks_as_if_there_were_none(worlds, others):
    with asking(worlds[0], NOW, *others) as (one, of_one), asking(worlds[1], NOW, *others) as (other, of_other):
        for path in PATHS:
            assert same(path, one.get(path, headers=of_one), other.get(path, headers=of_other)) == ""
        for path in (
            "/gemeenten",
            "/gemeenten/GM0344",
            "/v1/gemeenten/GM0344",
            "/v1/naleving",
            "/v1/gemeenten/GM0344/verklaring",
        ):
            told = one.get(path, headers=of_one).text
            assert re.search("(?<!onder)toezicht", told, re.IGNORECASE) is None, path  # others published onderToezicht
        assert one.get("/gemeenten?toezicht=true", headers=of_one).status_code == 403


@for_two("role", Role.TOEZICHT, Role.BEHEERDER)
def test_with_the_role_each_of_these_tells_of_them(worlds, role):
    with asking(worlds[0], NOW, role) as (one, of_one), asking(worlds[1], NOW, role) as (other, of_other):
        for path in PATHS:
            assert same(path, one.get(path, headers=of_one), other.get(path, headers=of_other)) != "", path
        assert one.get("/v1/gemeenten/GM0344", headers=of_one).json()["toezicht"] == "besluit"
        assert other.get("/v1/gemeenten/GM0344", headers=of_other).json()["toezicht"] is None


@pytest.mark.volledig
@pytest.mark.parametrize(("worlds", "new_store"), [("nog in het logboek", "chdb")], indirect=True)  # it takes minutes
def test_without_the_role_no_address_and_no_page_tells_the_two_apart(worlds):
    with asking(worlds[0], NOW, *_LEZER) as (one, of_one), asking(worlds[1], NOW, *_LEZER) as (other, of_other):
        paths = 0
        for mine, theirs in zip(answers(one, of_one, SEEN), answers(other, of_other, SEEN), strict=True):
            assert same(*mine, theirs[1]) == ""
            paths += 1
    assert paths > len(MORE) + 100


@each_world
def test_no_alarm_says_how_many_gemeenten_are_under_supervision(worlds):
    """Alarms are the same for everybody, and this number is not for everybody."""
    rules = [shipped("afwijking-van-publicatie"), shipped("publicatie-achterhaald")]
    found = [Uitzoeker(Reader(store, clock), rules).find(NOW) for store in worlds]
    assert found[0] == found[1]


def test_what_is_not_seen_is_the_same_as_registers_and_as_events():
    """An event that writes to an unseen register has an unseen type, and no other event has."""
    facts = [read_example(orjson.loads(path.read_bytes())) for path in cases("valid") if path.parts[-3] in FACT_TYPES]
    assert len({one.type for one in facts}) == len(FACT_TYPES)
    for audience in (Audience.LEZER, Audience.AFGESCHERMD, Audience.TOEZICHT):
        for one in facts:
            written = {Register.of_name(write.register) for write in writes(one)}
            assert (
                (one.type in audience.unseen_types)
                == bool(written & audience.unseen)
                == bool(written and written <= audience.unseen)
            )
