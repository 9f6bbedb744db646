"""With `omvat=zichtbaar` anybody gets what everybody may see: the answers of a lezer, whatever else the caller may."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from services.access import Role
from services.web.addresses import ADDRESSES, CATALOGUS, MELDFORMULIER, STROOM, declared_at
from tests.support.access_help import FakeTable, access_of, bearer, serving, token
from tests.support.reads import READS
from tests.support.rondes import slice_of
from tests.support.shielded_world import SECRET, STEP, WORLD
from tests.support.strategies import read
from tests.support.two_worlds import said
from tests.support.web_events import NOW

ASKED = (
    *(path for path in READS if path != "/v1/gebeurtenissen"),
    "/v1/gebeurtenissen?aantal=1000",
    f"/v1/gebeurtenissen/{STEP['id']}",
    f"/v1/gebeurtenissen/{SECRET['id']}",
    "/v1/bezetting?bekendOp=2026-05-26",
    "/v1/locaties?bekendOp=2026-05-26&aantal=1000",
    "/v1/locaties/LOC-GEHEIM",
    "/v1/locaties/LOC-GEHEIM/verklaring",
    "/v1/gemeenten/GM0344",
    "/v1/gemeenten/GM0344/verklaring",
    "/v1/naleving/telregels",
    "/v1/provincies/PV26/vooruitblik",
    "/v1/verschillen?vanGeldigOp=2024-03-01",
    "/v1/verschillen?vanBekendOp=2026-05-20&onderwerp=GM0344",
    "/v1/stiltes",
    "/v1/definities",
    *(f"/v1/rapporten/{which}" for which in ("bezetting", "naleving", "toezicht", "kamerbrief", "gemeente/GM0344")),
)
TELLING = (
    "/v1/bezetting",
    "/v1/gemeenten",
    "/v1/naleving",
    "/v1/toezicht",
    "/v1/rapporten/kamerbrief",
    f"/v1/gebeurtenissen/{STEP['id']}",
)
"""Of these a beheerder gets another answer without it, so the comparison proves something."""


def clock():
    return NOW


@pytest.fixture
def filled(store, fill):
    fill(store, read(WORLD), ontvangen_op=NOW)
    return store


def as_everybody(path: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}omvat=zichtbaar"


def answers(client: httpx.Client, headers: dict[str, str], how: Callable[[str], str]) -> Iterator[tuple]:
    for path in dict.fromkeys([*TELLING, *slice_of(ASKED, 9)]):
        yield said(path, client.get(how(path), headers=headers))


@pytest.mark.deel
def test_who_may_see_all_gets_by_it_what_a_lezer_gets(filled):
    """Also on this machine before access is set up, where every caller has every role."""
    table = FakeTable()
    with serving(filled, access_of(table, clock), clock) as client:
        on_loopback = list(answers(client, {}, as_everybody))
        alone = {path: said(path, client.get(path)) for path in TELLING}
    lezer, beheerder = (bearer(token(table, clock, role)) for role in (Role.LEZER, Role.BEHEERDER))
    with serving(filled, access_of(table, clock), clock) as client:
        plain = list(answers(client, lezer, str))
        assert list(answers(client, beheerder, as_everybody)) == plain
    assert on_loopback == plain
    assert [path for path, *_ in plain if alone.get(path, "") in plain] == []


def test_every_read_of_the_api_is_asked():
    asked = {one for path in ASKED for one in declared_at(path.partition("?")[0]) if one.method == "GET"}
    reads = {one for one in ADDRESSES if (one.method, one.owner) == ("GET", "api") and one.path.startswith("/v1/")}
    told = {one for one in reads if one.about in ("figures", "events", "alarms")}
    assert told - asked == {STROOM, MELDFORMULIER, CATALOGUS}, "none of these is a read of figures to take away"
