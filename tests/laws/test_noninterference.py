"""Two worlds that differ only in locaties that are afgeschermd look the same to whoever may not meet those.

They agree on what naleving releases: the own counted places of each gemeente, and those for amv, at every (V, K) under
every telregel. Everything else of what is afgeschermd may differ: which locaties there are, their names, people,
usable places, access, limits, what others published of them, and when that was said.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from schemas.fields import parse_moment
from services.access import Role
from services.core.alarms.overgang import overgangen
from services.reads.alarm_nu import beeld_van
from services.reads.question import Audience, question_of_now
from services.reads.reader import Reader
from services.store.derive import bring_up_to_date
from services.store.model import Place
from services.store.store import Store
from services.web.addresses import CONTROLE_CODE, VERGELIJKEN
from tests.support import wire
from tests.support.alarm_help import SHIPPED, keep
from tests.support.facts import accepted
from tests.support.shielded_walk import answers
from tests.support.strategies import read
from tests.support.two_worlds import asking, differs, said, walked
from tests.support.web_events import CURRENT, SOURCE, event
from tests.support.web_law import LAW

pytestmark = pytest.mark.timeout(1_200)
"""Each example asks two stores very many questions."""

NOW = parse_moment("2026-05-26T08:00:00Z")
WORLD = [*CURRENT, *LAW]
OTHER = "urn:nld:oin:00000000000000000009:systeem:ander"
GEMEENTEN = ("GM0344", "GM0014", "GM0034", "GM1950")
DAYS = ("2024-03-01", "2024-09-15", "2025-06-30", "2026-05-20", "2026-05-25", "2026-07-01")
PAST = DAYS[:5]
OTHERS = (Role.LEZER, Role.OPERATOR, Role.INVOER, Role.TOEZICHT)
SEEN = ("LOC-UTRECHT", "LOC-A")
ONCE_SHOWN = "LOC-GEHEIM-EERST-OPEN"
"""It was openbaar for a while, in both worlds. What is known now hides its past too."""
QUICK = (
    "/v1/bezetting",
    "/v1/bezetting?geldigOp=2025-07-01",
    "/v1/bezetting/verklaring",
    "/v1/bezetting/reeks?stap=maand&van=2024-01-01",
    "/v1/bezetting/vooruitblik",
    "/v1/locaties?aantal=1000",
    "/v1/gemeenten",
    "/v1/gemeenten?sorteer=-aanwezigGemeten&aantal=9",
    "/v1/gemeenten/GM0344",
    "/v1/gemeenten/GM0344/verklaring",
    "/v1/gemeenten/GM0014/reeks?grootheid=meetellend&stap=maand&van=2024-01-01",
    "/v1/provincies/PV26",
    "/v1/naleving",
    "/v1/naleving/verklaring",
    "/v1/naleving/telregels",
    "/v1/definities",
    "/v1/catalogus",
    "/v1/verschillen?vanGeldigOp=2024-07-01",
    "/v1/verschillen?vanBekendOp=2025-01-15",
    "/v1/gebeurtenissen?aantal=1000",
    "/v1/aansluiting",
    "/v1/alarmen",
    "/v1/rapporten/kamerbrief",
    "/v1/rapporten/gemeente/GM0344",
    "/v1/rapporten/gemeente/GM0014?telregel=streng",
    "/metrics",
    "/",
    "/gemeenten/GM0344",
    "/gemeenten/GM0034/brief",
    "/provincies/PV26",
    "/verschil?metGeldigOp=2025-07-01",
    "/verschil?metGeldigOp=2025-07-01&deel=aanwezig",
    "/verschil?metGeldigOp=2025-07-01&deel=verder",
)


WAYS = {
    "a gemeente minus its visible rows": ("/v1/gemeenten/GM0344", "/v1/gemeenten", "/gemeenten/GM0344"),
    "a provincie or the country minus its visible rows": ("/v1/provincies/PV26", "/v1/bezetting", "/"),
    "a series": ("/v1/gemeenten/GM0344/reeks?stap=maand&van=2024-01-01", "/v1/bezetting/reeks?stap=dag"),
    "what is announced": ("/v1/bezetting/vooruitblik", "/v1/gemeenten/GM0344/vooruitblik"),
    "counts and ages in an explanation": ("/v1/gemeenten/GM0344/verklaring", "/v1/bezetting/verklaring"),
    "differences without events": ("/v1/verschillen?vanGeldigOp=2024-01-15", "/verschil?metGeldigOp=2024-01-15"),
    "a report": ("/v1/rapporten/bezetting", "/v1/rapporten/kamerbrief", "/v1/rapporten/bezetting?formaat=csv"),
    "metrics": ("/metrics",),
    "the log and its pages": ("/v1/gebeurtenissen?aantal=5", "/v1/gebeurtenissen?aantal=1000"),
    "what others published": ("/v1/aansluiting",),
    "alarms": ("/v1/alarmen", "/alarmen"),
}
"""How a locatie that is afgeschermd could be told from the rest → where. Ids, places in the log and delivery are tested
in `tests/integration/test_sealed.py`, `test_stroom.py`, `test_alarm_acts.py` and `test_hidden_ids.py`."""


class Counted(NamedTuple):
    """Places that count by every rule, as far as they last: naleving releases these."""

    gemeente: str
    soort: str
    aantal: int
    vanaf: str
    tot: str | None
    gesloten: str | None
    bekend: str


class Free(NamedTuple):
    """A locatie whose places count by no rule."""

    gemeente: str
    naam: str
    zichtbaar_tot: str | None
    mensen: Sequence[tuple[int, str]]
    nood: int
    regime: str


class World(NamedTuple):
    """What is afgeschermd in one of the two."""

    split: bool
    """Whether its counted places stand at two locaties each, instead of at one."""
    vrij: Sequence[Free]
    mensen: int
    """People at each locatie with counted places."""
    inzetbaar: float


counted = st.builds(
    Counted,
    st.sampled_from(GEMEENTEN),
    st.sampled_from(("regulier", "amv")),
    st.integers(2, 400),
    st.sampled_from(PAST),
    st.sampled_from((None, None, "2026-06-01", "2026-09-01", "2028-01-01")),
    st.sampled_from((None, None, "2026-05-21")),
    st.sampled_from(PAST),
)
free = st.builds(
    Free,
    st.sampled_from(GEMEENTEN),
    st.sampled_from(("Onderkomen X", "Huis Y", "Boot Z")),
    st.sampled_from((None, "2025-01-01")),
    st.lists(st.tuples(st.integers(0, 900), st.sampled_from(PAST)), max_size=3),
    st.integers(0, 500),
    st.sampled_from(("open", "beperkt", "gesloten")),
)
worlds = st.builds(
    World, st.booleans(), st.lists(free, max_size=3), st.integers(0, 900), st.sampled_from((0.0, 0.5, 1.0))
)


def about(own_id: str, time: str, body: wire.Body) -> dict[str, Any]:
    kind, data = body
    return event(kind, own_id, time, OTHER, **data)


def registered(own_id: str, gemeente: str, naam: str, zichtbaarheid: str, vanaf: str) -> dict[str, Any]:
    kind, data = wire.registration(naam, gemeente, "azc", vanaf)
    return about(own_id, vanaf, (kind, data | {"zichtbaarheid": zichtbaarheid}))


def of_counted(number: int, one: Counted, world: World) -> Iterator[dict[str, Any]]:
    parts = [one.aantal // 3, one.aantal - one.aantal // 3] if world.split else [one.aantal]
    for part, aantal in enumerate(parts):
        own_id = f"LOC-GEHEIM-{number}-{part}" if world.split else f"LOC-GEHEIM-{number}"
        yield registered(own_id, one.gemeente, f"Plek {number} {part}", "afgeschermd", "2024-01-01")
        places = wire.capacity(one.soort, aantal, int(aantal * world.inzetbaar), one.vanaf, one.tot)
        yield about(own_id, one.bekend, places)
        yield about(own_id, "2026-05-25", wire.reading(world.mensen, "2026-05-25T08:00:00Z"))
        if one.gesloten is not None:
            yield about(own_id, one.gesloten, wire.closing(one.gesloten))


def of_free(number: int, one: Free) -> Iterator[dict[str, Any]]:
    own_id = f"LOC-VRIJ-{number}-{one.naam[-1]}"
    if one.zichtbaar_tot is not None:
        yield registered(own_id, one.gemeente, one.naam, "openbaar", "2024-01-02")
    yield registered(own_id, one.gemeente, one.naam, "afgeschermd", one.zichtbaar_tot or "2024-02-02")
    yield about(own_id, "2024-02-03", wire.capacity("nood", one.nood, None, "2024-02-03"))
    yield about(own_id, "2024-02-03", wire.access(one.regime, "2024-02-03"))
    yield about(own_id, "2024-02-03", wire.limit(100, "2024-02-03"))
    for people, day in one.mensen:
        yield about(own_id, day, wire.reading(people, f"{day}T07:00:00Z"))
    said = {"peildatum": "2026-01-01", "bron": f"brief over {one.naam}"}
    figures = [{"grootheid": "aanwezig", "waarde": one.nood}]
    yield about(own_id, "2026-01-10", ("opvangcijfers.cijfers-gepubliceerd", said | {"cijfers": figures}))


def hidden(shared: Sequence[Counted], world: World) -> list[dict[str, Any]]:
    """Returns every event about what is afgeschermd in a world."""
    found = [
        registered(ONCE_SHOWN, "GM0344", "Eerst open", "openbaar", "2024-01-01"),
        registered(ONCE_SHOWN, "GM0344", "Eerst open", "afgeschermd", "2025-02-01"),
        about(ONCE_SHOWN, "2026-05-25", wire.reading(world.mensen + 7, "2026-05-25T06:00:00Z")),
    ]
    found += [one for number, places in enumerate(shared) for one in of_counted(number, places, world)]
    found += [one for number, place in enumerate(world.vrij) for one in of_free(number, place)]
    wrong = about(ONCE_SHOWN, "2026-05-21", wire.reading(world.mensen, "2026-05-21T06:00:00Z"))
    return [*found, wrong, about(ONCE_SHOWN, "2026-05-22", ("gebeurtenissen.ingetrokken", {
        "gebeurtenisId": wrong["id"], "reden": f"vergissing bij {world.mensen}",
    }))]  # fmt: skip


def filled(store: Store, secret: Sequence[dict[str, Any]], *, derived: bool) -> None:
    """Stores a world, with the alarms that all shipped rules give in it. Secrets lie between its other events."""
    events = [*WORLD[:-9], *secret, *WORLD[-9:]]
    rows = zip(events, read(events), strict=True)
    store.insert([accepted(one, NOW, Place(1, 0, offset)) for offset, (_, one) in enumerate(rows)])
    if derived:
        bring_up_to_date(store)
    reader = Reader(store, lambda: NOW, regels=SHIPPED)
    beeld = beeld_van(reader, question_of_now(NOW, Audience.EVERYTHING), SHIPPED)
    keep(store, overgangen(SHIPPED, beeld, {}))


def asked_by_id(*secrets: Sequence[dict[str, Any]]) -> list[str]:
    """Returns addresses that name what is afgeschermd in either world."""
    found = []
    for one in sorted({one["subject"] for secret in secrets for one in secret})[:4]:
        found += [
            f"/v1/locaties/{one}",
            f"/v1/locaties/{one}/verklaring",
            f"/v1/locaties/{one}/reeks",
            f"/locaties/{one}",
            f"/v1/gebeurtenissen?onderwerp={one}",
            f"/v1/verschillen?vanGeldigOp=2024-07-01&onderwerp={one}",
        ]
    return found + [f"/v1/gebeurtenissen/{one['id']}" for secret in secrets for one in secret[:3]]


def tried_out(*secrets: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Returns a dry run of all that is afgeschermd in either world, as the caller itself would send it."""
    bare = ("type", "subject", "data")
    rows = [{name: one[name] for name in bare} | {"source": SOURCE} for secret in secrets for one in secret]
    moments = ["2026-05-25T06:00:00Z", "2026-05-25T08:00:00Z"]
    whole = {"source": OTHER, "type": "nl.opvanglocaties.bezetting-gemeld.v1", "onderwerpen": [], "momenten": moments}
    return {"gebeurtenissen": rows, "cijfers": True, "volledig": whole}


Read = Callable[[httpx.Client, dict[str, str]], Iterator[tuple[str, httpx.Response]]]


def tell_apart(new_store: Callable[[], Store], shared: Sequence[Counted], pair: Sequence[World], read: Read) -> None:
    secrets = [hidden(shared, world) for world in pair]
    paths, tried = asked_by_id(*secrets), tried_out(*secrets)
    stores = [new_store(), new_store()]
    for number, (store, secret) in enumerate(zip(stores, secrets, strict=True)):
        filled(store, secret, derived=number == 0)  # Where the events lie does not matter either.

    def every(client: httpx.Client, headers: dict[str, str]) -> Iterator[tuple[str, httpx.Response]]:
        yield from ((path, client.get(path, headers=headers)) for path in paths)
        answer = client.post(VERGELIJKEN.path, json=tried, headers=headers)
        assert answer.status_code == 200, answer.text
        yield VERGELIJKEN.path, answer
        yield from read(client, headers)

    with asking(stores[0], NOW, *OTHERS) as one, asking(stores[1], NOW, *OTHERS) as other:
        told = [(path, how) for path, how in walked(every(*one), every(*other)) if how]
    assert not told, "\n".join(how for _, how in told[:3]) + f"\nand {len(told)} in all: {[path for path, _ in told]}"


def quickly(client: httpx.Client, headers: dict[str, str]) -> Iterator[tuple[str, httpx.Response]]:
    yield from ((path, client.get(path, headers=headers)) for path in QUICK)
    for gemeente in GEMEENTEN:  # letters of before, some of which no longer stand
        letter = client.get(f"/v1/rapporten/gemeente/{gemeente}?bekendOp=2025-06-30", headers=headers).json()
        yield f"/controle, of {gemeente}", client.get(CONTROLE_CODE.to(letter["code"]))


def everywhere(client: httpx.Client, headers: dict[str, str]) -> Iterator[tuple[str, httpx.Response]]:
    return answers(client, headers, SEEN)


TRIED = settings(
    max_examples=2,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],  # Each example fills two stores: to shrink would take minutes.
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@pytest.mark.volledig
@pytest.mark.parametrize("new_store", ["chdb"], indirect=True)  # over HTTP the answers are made of the same rows
@TRIED
@given(shared=st.lists(counted, max_size=4), pair=st.tuples(worlds, worlds))
def test_two_worlds_look_the_same(new_store, shared, pair):
    tell_apart(new_store, shared, pair, quickly)


@pytest.mark.volledig
@pytest.mark.parametrize("new_store", ["chdb"], indirect=True)  # over HTTP the answers are made of the same rows
@settings(TRIED, max_examples=1)
@given(shared=st.lists(counted, min_size=2, max_size=4), pair=st.tuples(worlds, worlds))
def test_two_worlds_look_the_same_at_every_address_and_page(new_store, shared, pair):
    tell_apart(new_store, shared, pair, everywhere)


@pytest.mark.parametrize("new_store", ["chdb"], indirect=True)  # over HTTP the answers are made of the same rows
def test_what_naleving_releases_does_tell_them_apart(new_store):
    """Otherwise the law would hold of worlds that look the same because nothing is in them."""
    places = Counted("GM0344", "regulier", 300, "2024-03-01", None, None, "2024-03-01")
    more = places._replace(aantal=301)
    world = World(False, (), 10, 1.0)
    stores = [new_store(), new_store()]
    for store, one in zip(stores, (places, more), strict=True):
        filled(store, hidden([one], world), derived=True)
    with asking(stores[0], NOW, Role.LEZER) as one, asking(stores[1], NOW, Role.LEZER) as other:
        told = [path for path, how in walked(quickly(*one), quickly(*other)) if how]
    assert {"/v1/naleving", "/v1/gemeenten/GM0344"} <= set(told)
    assert not {"/v1/bezetting", "/v1/locaties?aantal=1000"} & set(told)


@pytest.mark.parametrize("new_store", ["chdb"], indirect=True)  # over HTTP the answers are made of the same rows
def test_each_way_to_tell_that_something_is_there_is_closed_to_others_and_open_to_who_may(new_store):
    place = Free("GM0344", "Onderkomen X", None, [(90, "2026-05-25")], 80, "beperkt")
    stores = [new_store(), new_store()]
    for store, secret in zip(stores, ([*of_free(0, place)], []), strict=True):
        filled(store, secret, derived=True)
    for role, told in ((Role.LEZER, False), (Role.VERTROUWELIJK, True)):
        with asking(stores[0], NOW, role) as (one, of_one), asking(stores[1], NOW, role) as (other, of_other):
            for way, paths in WAYS.items():
                for path in paths:
                    answers_ = ((client.get(path, headers=who)) for client, who in ((one, of_one), (other, of_other)))
                    mine, theirs = (said(path, answer) for answer in answers_)
                    assert (mine != theirs) == told, (way, path, role, differs(mine, theirs))
