"""The order in which events arrive changes no answer of the store and the API."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from schemas.events import Event
from services.api.app import api_router
from services.reads.reader import Reader
from services.store.derive import bring_up_to_date
from services.store.model import Accepted, Place
from services.store.store import Store
from services.voorbeeld import publiek, simulatie
from services.web.app import make_app
from tests.support.facts import accepted, event
from tests.support.forms import OVER_HTTP_ONE_IN
from tests.support.strategies import read
from tests.support.web_client import client_of, fresh_metrics

ORDERS = 6
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
MOMENTS = (
    {},
    {"geldigOp": "2024-05-10", "bekendOp": "2024-05-10"},
    {"geldigOp": "2024-04-20", "bekendOp": "2024-04-21"},
    {"geldigOp": "2026-05-26", "bekendOp": "2026-05-22"},
    {"geldigOp": "2027-02-01"},
)
PATHS = ("bezetting", "locaties?aantal=1000", "gemeenten", "provincies", "naleving", "gebeurtenissen?aantal=1000")
MAY_DIFFER = {"positie", "ontvangenOp", "ontvangenop"}


def events() -> list[Event]:
    """Returns real events, some events of an invented network, and retractions of a few of both."""
    network = simulatie.genereer(locaties=235, zaad=3, tot=date(2022, 3, 1))
    facts = [*publiek.gebeurtenissen(), *(one for number, one in enumerate(network) if number % 9 == 0)]
    retracted = [
        event(
            "gebeurtenissen.ingetrokken",
            one["subject"],
            {"gebeurtenisId": one["id"], "reden": "proef"},
            source=one["source"],
            time="2026-06-01",
            id=f"00000000-0000-4000-8000-{number:012d}",
        )
        for number, one in enumerate(facts[::40])
    ]
    return read([*facts, *retracted])


@pytest.mark.volledig
def test_every_order_of_delivery_gives_the_same_answers(new_store: Callable[[], Store]) -> None:
    sent, store = events(), new_store()
    orders = ORDERS if store.connection.embedded else ORDERS // OVER_HTTP_ONE_IN
    stores = [store, *(new_store() for _ in range(1, orders))]
    first, *others = [answers(delivered(store, sent, random.Random(seed))) for seed, store in enumerate(stores)]
    for path, answer in first.items():
        for seed, other in enumerate(others, start=1):
            assert other[path] == answer, f"{path} differs in order {seed}"
    assert first["locaties?aantal=1000", 0]["items"], "the question would prove nothing about nothing"


def delivered(store: Store, sent: list[Event], chance: random.Random) -> Store:
    """Stores all events in a random order, in batches of random size. One in five arrives twice."""
    arriving = [*sent, *chance.sample(sent, len(sent) // 5)]
    chance.shuffle(arriving)
    first: dict[str, Accepted] = {}
    place = 0
    while arriving:
        size = chance.randint(1, 400)
        batch, arriving = arriving[:size], arriving[size:]
        received = datetime(2026, 11, 1, tzinfo=UTC).replace(day=1 + place % 20)
        where = Place(1, place % 3, place)
        store.insert([first.setdefault(e.id, accepted(e, received, where)) for e in batch])
        if chance.random() < 0.3:
            bring_up_to_date(store)
        place += 1
    return store


def answers(store: Store) -> dict[tuple[str, int], Any]:
    """Returns every answer at every moment."""
    app = make_app("Opvangpeil", [api_router(Reader(store, lambda: NOW))], metrics=fresh_metrics(), checks={})
    with client_of(app) as client:
        found = {}
        for path in PATHS:
            for number, moment in enumerate(MOMENTS):
                answer = client.get(f"/v1/{path}", params=query(path, moment))
                assert answer.status_code == 200, f"{answer.url}: {answer.text}"
                found[path, number] = _bare(answer.json())
    return found


def query(path: str, moment: dict[str, str]) -> dict[str, str]:
    """Joins the query of a path and the moment, because the client would replace one by the other."""
    own = dict(pair.split("=") for pair in path.partition("?")[2].split("&") if pair)
    asked = {name: value for name, value in moment.items() if name == "bekendOp" or "gebeurtenissen" not in path}
    return own | asked


def _bare(answer: Any) -> Any:
    if isinstance(answer, dict):
        return {name: _bare(value) for name, value in answer.items() if name not in MAY_DIFFER}
    return [_bare(value) for value in answer] if isinstance(answer, list) else answer
