"""Toezicht per gemeente is for the roles toezicht and beheerder, and for a provincie about its own gemeenten.

To all others two logs look the same that differ only in which gemeenten the steps are about: as many are in each step
at every moment, since that is told. Both logs are walked by every address and page, and have to answer the same, byte
for byte.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import httpx
import orjson
import pytest

from schemas.events import FACT_TYPES
from schemas.fields import parse_moment
from services.access import Role
from services.core.alarms.bewaking import bewaking_begonnen
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
from tests.support.desk_alarms import RULE, desk_alarms, went_off
from tests.support.examples import cases
from tests.support.examples import read as read_example
from tests.support.facts import accepted
from tests.support.rondes import only_whole
from tests.support.shielded_walk import MORE, answers, answers_once
from tests.support.strategies import read
from tests.support.two_worlds import asking, differs, said
from tests.support.web_events import EVENTS, event, sent
from tests.support.web_law import LAW

pytestmark = pytest.mark.timeout(1_200)
"""Every address and page is asked of two stores."""

OTHER = "urn:nld:oin:00000000000000000009:systeem:ander"
NOW = parse_moment("2026-05-26T08:00:00Z")


def by_other(subject: str, body: wire.Body, time: str) -> dict[str, Any]:
    """An event of a source that none of the callers here sends for: a source may read back what it sent itself."""
    kind, data = body
    return event(kind, subject, time, OTHER, **data)


def steps(elders: Mapping[str, str]) -> list[dict[str, Any]]:
    """The steps of a world: in force, announced, overtaken and retracted. `elders`: the gemeente that has another's."""

    def of(code: str, body: wire.Body, time: str) -> dict[str, Any]:
        return by_other(elders.get(code, code), body, time)

    def gone(one: dict[str, Any], subject: str) -> dict[str, Any]:
        return by_other(subject, wire.retraction(one["id"]), "2026-05-25")

    wrong = of("GM0034", wire.step("vooraankondiging", "2024-03-01"), "2024-03-01")
    old = of("GM0344", wire.step("brief", "2025-09-01"), "2025-09-01")
    return [
        old,
        of("GM0344", wire.step("besluit", "2026-05-25", "PV26", "2026-07-01"), "2026-05-25"),
        of("GM0014", wire.step("brief", "2026-12-01"), "2026-05-20"),
        of("GM0047", wire.step("actief toezicht", "2025-10-01"), "2025-10-01"),
        *(of(one, wire.step("actief toezicht", "2025-11-01"), "2025-11-01") for one in ("GM0307", "GM0363", "GM0599")),
        *(of(one, wire.step("besluit", "2026-05-25"), "2026-05-25") for one in ("GM0202", "GM0268")),
        wrong,
        gone(wrong, wrong["subject"]),
        gone(old, "NL"),
    ]


BUITEN = {
    "GM0014": "GM0106",
    "GM0047": "GM0109",
    "GM0034": "GM0050",
    "GM0363": "GM0361",
    "GM0599": "GM0518",
    "GM0202": "GM0200",
    "GM0268": "GM0289",
}
"""Outside the provincie Utrecht, for gemeenten outside it."""
STEPS, BUITEN_UTRECHT, ELDERS = steps({}), steps(BUITEN), steps(BUITEN | {"GM0344": "GM0310", "GM0307": "GM0312"})
"""Of the first two, the gemeenten of Utrecht have the same steps; of the first and the last, no gemeente has."""
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
HOURS = [
    *(sent(one, wire.staff(2, 1_000, "2024-01-01")) for one in ("NL", "PV26")),
    *(sent("NL", wire.hours(stap, 100, "2024-01-01")) for stap in ("actief toezicht", "besluit")),
]
WORLD = [*EVENTS, *LAW, *HOURS, CLOSED, PUBLISHED]
PATHS = (
    "/gemeenten?sorteer=toezicht",
    "/gemeenten?toezicht=true",
    "/gemeenten?toezicht=false",
    "/toezicht?lijst=stappen",
    "/toezicht?formaat=csv",
    "/gemeenten/GM0014",
    "/gemeenten/GM0034?bekendOp=2025-01-01",
    "/gemeenten/GM0047?geldigOp=2025-11-01",
    "/gemeenten/GM0344/verklaring",
    "/gemeenten/GM0344/brief",
    "/v1/rapporten/gemeente/GM0047",
    "/verschil?metGeldigOp=2025-08-01",
    "/verschil?metGeldigOp=2025-08-01&deel=verder",
    "/v1/gebeurtenissen?type=nl.spreidingswet.toezichtstap-gezet.v1",
    "/v1/verschillen?vanGeldigOp=2025-08-01&naarGeldigOp=2031-01-01",
    *(f"/v1/gebeurtenissen/{one['id']}" for one in STEPS),
    *(f"/v1/rapporten/naleving?formaat={form}" for form in ("csv", "xlsx")),
    *(f"/v1/naleving?formaat={form}" for form in ("csv", "xlsx", "parquet")),
    "/alarmen?status=alle",
    "/alarmen?status=alle&onderwerp=PV26",
    f"/alarmen?regel={RULE}&status=alle",
    f"/alarmen/{went_off(NOW)[0].id}",
    f"/v1/alarmen?regel={RULE}",
    "/v1/alarmen?status=actief",
    "/v1/stiltes",
    "/stiltes",
    "/v1/ontvangers",
    "/ontvangers/meldkamer",
    "/v1/ontvangers/meldkamer/geschiedenis",
    "/v1/toezicht",
    "/v1/toezicht?geldigOp=2025-11-01",
    "/v1/toezicht/verklaring",
    "/v1/rapporten/toezicht?formaat=csv",
)
"""Each tells of single gemeenten to whoever may see their steps."""
TOTALS = (
    "/toezicht",
    "/toezicht?geldigOp=2026-05-24",
    *(f"/v1/rapporten/kamerbrief?formaat={form}" for form in ("csv", "xlsx")),
    "/v1/aansluiting?onderwerp=NL",
    *(
        f"/v1/toezicht/reeks?grootheid={naam}&van=2025-08-01&stap=week"
        for naam in ("onderToezicht", "actiefToezicht.gemeenten", "urenNodig", "nietInToezicht", "termijnenVerlopen")
    ),
)
"""These tell how many there are."""
_LEZER, _VERTROUWELIJK = (Role.LEZER, Role.OPERATOR, Role.INVOER), (Role.VERTROUWELIJK, Role.INVOER)
_IN_TABLES, _IN_LOG = ("in de tabellen", "chdb"), ("nog in het logboek", "http")
each_world = pytest.mark.parametrize(("world", "new_store"), [_IN_TABLES, only_whole(*_IN_LOG)], indirect=True)


def for_two(name: str, first: object, second: object) -> pytest.MarkDecorator:
    """Marks a test that runs for two callers: one on derived tables in this process, one on the log over HTTP."""
    cases = [pytest.param(*_IN_TABLES, first), only_whole(*_IN_LOG, second)]
    return pytest.mark.parametrize(("world", "new_store", name), cases, indirect=["world", "new_store"])


SEEN = ["LOC-UTRECHT"]
UTRECHT = {"subjects": ["PV26"]}


def clock():
    return NOW


def stored(store: Store, of_toezicht: Sequence[dict[str, Any]], *, derived: bool) -> Store:
    """Stores the world with these steps, or with none. They lie between its others, so the positie is the same.

    With the first of them there are alarms that are only for toezicht, too.
    """
    store.insert(
        [
            accepted(one, NOW, Place(1, 0, offset))
            for offset, one in enumerate(read([*WORLD[:-5], *(of_toezicht or STEPS), *WORLD[-5:]]))
            if of_toezicht or one.source != OTHER
        ]
    )
    before, after = desk_alarms(NOW, ["meldkamer", "uitgekozen"]) if of_toezicht is STEPS else ([], [])
    made = look([shipped("toegang")], view(read([*EVENTS, CLOSED]), NOW), [])
    keep(store, [bewaking_begonnen(NOW - timedelta(days=9)), *before, *made, *after])
    if derived:
        bring_up_to_date(store)
    return store


@pytest.fixture
def world(request, new_store: Callable[[], Store]) -> Callable[[Sequence[dict[str, Any]]], Store]:
    """Makes a store with these steps."""
    return lambda of_toezicht: stored(new_store(), of_toezicht, derived=request.param == "in de tabellen")


def same(path: str, one: httpx.Response, other: httpx.Response) -> str:
    """Returns where two answers differ; empty where they don't."""
    assert one.status_code in (200, 400, 403, 404), (path, one.text)
    return differs(said(path, one), said(path, other))


@for_two("others", _LEZER, _VERTROUWELIJK)
def test_without_the_role_nothing_tells_which_gemeenten_the_steps_are_about(world, others):
    one_world, other_world = world(STEPS), world(ELDERS)
    with asking(one_world, NOW, *others) as (one, of_one), asking(other_world, NOW, *others) as (other, of_other):
        for path in (*PATHS, *TOTALS):
            assert same(path, one.get(path, headers=of_one), other.get(path, headers=of_other)) == ""
        for path in ("/v1/gemeenten/GM0344", "/v1/naleving", "/v1/gemeenten/GM0344/verklaring"):
            told = one.get(path, headers=of_one).text
            assert re.search("(?<!onder)toezicht", told, re.IGNORECASE) is None, path  # others published onderToezicht
        assert one.get("/gemeenten?toezicht=true", headers=of_one).status_code == 403
        told = {row["stap"]: row["gemeenten"] for row in one.get("/v1/toezicht", headers=of_one).json()["stappen"]}
        assert (told["actief toezicht"], told["besluit"]) == (4, 3)


@for_two("role", Role.TOEZICHT, Role.BEHEERDER)
def test_with_the_role_each_of_these_tells_of_them(world, role):
    one_world, other_world = world(STEPS), world(ELDERS)
    with asking(one_world, NOW, role) as (one, of_one), asking(other_world, NOW, role) as (other, of_other):
        for path in PATHS:
            assert same(path, one.get(path, headers=of_one), other.get(path, headers=of_other)) != "", path
        assert one.get("/v1/gemeenten/GM0344", headers=of_one).json()["toezicht"] == "besluit"
        assert other.get("/v1/gemeenten/GM0344", headers=of_other).json()["toezicht"] is None


@each_world
def test_a_provincie_is_told_of_its_own_gemeenten_and_cannot_tell_apart_what_differs_elsewhere(world):
    one_world, other_world = world(STEPS), world(BUITEN_UTRECHT)

    def walk(client: httpx.Client, headers: dict[str, str]) -> Iterator[tuple[str, httpx.Response]]:
        return answers_once(client, headers, SEEN, *PATHS, *TOTALS)

    with (
        asking(one_world, NOW, Role.TOEZICHT, **UTRECHT) as (one, of_one),
        asking(other_world, NOW, Role.TOEZICHT, **UTRECHT) as (other, of_other),
    ):
        for mine, theirs in zip(walk(one, of_one), walk(other, of_other), strict=True):
            assert same(*mine, theirs[1]) == ""
        told = one.get("/v1/toezicht", headers=of_one).json()
        assert {row["code"]: row["stap"] for row in told["gemeenten"]} == {
            "GM0344": "besluit",
            "GM0307": "actief toezicht",
        }
        (held,) = told["toezichthouders"]
        assert (held["toezichthouder"], held["gemeenten"], held["fteNodig"]) == ("PV26", 1, 0.1)
        own, foreign = STEPS[1], STEPS[3]
        seen = [one.get(f"/v1/gebeurtenissen/{each['id']}", headers=of_one).status_code for each in (own, foreign)]
        assert seen == [200, 404]


@pytest.mark.volledig
@pytest.mark.parametrize(("world", "new_store"), [("nog in het logboek", "chdb")], indirect=True)  # it takes minutes
def test_without_the_role_no_address_and_no_page_tells_the_two_apart(world):
    one_world, other_world = world(STEPS), world(ELDERS)
    with asking(one_world, NOW, *_LEZER) as (one, of_one), asking(other_world, NOW, *_LEZER) as (other, of_other):
        paths = 0
        for mine, theirs in zip(answers(one, of_one, SEEN), answers(other, of_other, SEEN), strict=True):
            assert same(*mine, theirs[1]) == ""
            paths += 1
    assert paths > len(MORE) + 100


@each_world
def test_no_alarm_says_how_many_gemeenten_are_under_supervision(world):
    """Alarms are the same for everybody, and this number is not for everybody."""
    rules = [shipped("afwijking-van-publicatie"), shipped("publicatie-achterhaald")]
    found = [Uitzoeker(Reader(store, clock), rules).find(NOW) for store in (world(STEPS), world([]))]
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
