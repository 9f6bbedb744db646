"""Toezicht per gemeente is for the roles toezicht and beheerder. To all others a log with steps looks as one without.

Both logs are walked by every address and page, and have to answer the same, byte for byte.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

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
from services.store.tokens import TokenTable
from tests.laws.shielded_walk import MORE, answers, producer, receivers
from tests.support import wire
from tests.support.access_help import access_of, bearer, serving, token
from tests.support.alarm_help import keep, look, shipped, view
from tests.support.examples import cases
from tests.support.examples import read as read_example
from tests.support.facts import accepted
from tests.support.rondes import only_whole
from tests.support.strategies import read
from tests.support.web_events import EVENTS, event, sent
from tests.support.web_law import LAW

pytestmark = pytest.mark.http_later

OTHER = "urn:nld:oin:00000000000000000009:systeem:ander"
"""Who sent none of the steps: a source may read back what it sent itself."""
NOW = parse_moment("2026-05-26T08:00:00Z")
STEPS = [
    sent("GM0344", wire.step("brief", "2025-09-01"), "2025-09-01"),
    sent("GM0344", wire.step("besluit", "2026-05-25", "PV26", "2026-07-01"), "2026-05-25"),
    sent("GM0014", wire.step("brief", "2026-12-01"), "2026-05-20"),
    sent("GM0037", wire.step("actief toezicht", "2025-10-01"), "2025-10-01"),
]
WRONG = sent("GM0034", wire.step("vooraankondiging", "2024-03-01"), "2024-03-01")
STEPS += [
    WRONG,
    *(
        sent(subject, ("gebeurtenissen.ingetrokken", {"gebeurtenisId": one["id"], "reden": "vergissing"}), "2026-05-25")
        for one, subject in ((WRONG, "GM0034"), (STEPS[0], "NL"))
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
    "/verschil?metGeldigOp=2025-08-01",
    "/v1/gebeurtenissen?type=nl.spreidingswet.toezichtstap-gezet.v1",
    "/v1/verschillen?vanGeldigOp=2025-08-01&naarGeldigOp=2031-01-01",
    "/v1/aansluiting?onderwerp=NL",
    *(f"/v1/gebeurtenissen/{one['id']}" for one in STEPS),
    *(f"/v1/rapporten/{one}?formaat={form}" for one in ("naleving", "kamerbrief") for form in ("csv", "xlsx")),
    *(f"/v1/naleving?formaat={form}" for form in ("csv", "xlsx", "parquet")),
)
OTHERS = (Role.LEZER, Role.OPERATOR, Role.INVOER, Role.VERTROUWELIJK)
SEEN = ["LOC-UTRECHT"]
_CLOCKS = re.compile(r"^(process_|python_|opvangpeil_http|.*_(created|seconds\w*|bytes\w*)).*$", re.MULTILINE)
_COUNTS_EVENTS = re.compile(r"^opvangpeil_gebeurtenissen_opgeslagen .*$", re.MULTILINE)
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


@pytest.fixture(params=[True, only_whole(False)], ids=["in de tabellen", "nog in het logboek"])
def worlds(request, new_store: Callable[[], Store]) -> tuple[Store, Store]:
    """A store with steps, and one without."""
    found = new_store(), new_store()
    for store, steps in zip(found, (True, False), strict=True):
        stored(store, steps=steps, derived=request.param)
    return found


@contextmanager
def asking(store: Store, *roles: Role) -> Iterator[tuple[httpx.Client, dict[str, str]]]:
    """Gives a client, and the headers of a caller with these roles."""
    table = TokenTable(store.connection)
    headers = bearer(token(table, clock, *roles, source=OTHER if Role.INVOER in roles else None))
    with (
        producer() as nowhere,
        serving(store, access_of(table, clock), clock, receivers(store, clock, nowhere)) as client,
    ):
        yield client, headers


def said(path: str, answer: httpx.Response) -> tuple[str, int, str, bytes]:
    """Returns all that an answer says, apart from its clock."""
    head = {name: value for name, value in answer.headers.items() if name != "date"}
    body = answer.content
    if path == "/metrics":
        body = _COUNTS_EVENTS.sub("", _CLOCKS.sub("", answer.text)).encode()
        del head["content-length"]
    assert answer.status_code in (200, 403, 404), (path, answer.text)
    return path, answer.status_code, str(head), body


def test_without_the_role_what_tells_of_steps_looks_as_if_there_were_none(worlds):
    with asking(worlds[0], *OTHERS) as (one, of_one), asking(worlds[1], *OTHERS) as (other, of_other):
        for path in PATHS:
            assert said(path, one.get(path, headers=of_one)) == said(path, other.get(path, headers=of_other))
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


@pytest.mark.parametrize("role", [Role.TOEZICHT, Role.BEHEERDER])
def test_with_the_role_each_of_these_tells_of_them(worlds, role):
    with asking(worlds[0], role) as (one, of_one), asking(worlds[1], role) as (other, of_other):
        for path in PATHS:
            assert said(path, one.get(path, headers=of_one)) != said(path, other.get(path, headers=of_other)), path
        assert one.get("/v1/gemeenten/GM0344", headers=of_one).json()["toezicht"] == "besluit"
        assert other.get("/v1/gemeenten/GM0344", headers=of_other).json()["toezicht"] is None


@pytest.mark.volledig
def test_without_the_role_no_address_and_no_page_tells_the_two_apart(worlds):
    with asking(worlds[0], *OTHERS) as (one, of_one), asking(worlds[1], *OTHERS) as (other, of_other):
        paths = 0
        for mine, theirs in zip(answers(one, of_one, SEEN), answers(other, of_other, SEEN), strict=True):
            assert said(*mine) == said(*theirs), mine[0]
            paths += 1
    assert paths > len(MORE) + 100


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
