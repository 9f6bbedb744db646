"""The answers from ClickHouse equal the answers of the core's fold.

All examples of a test share one database, which is emptied before each.
"""

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import strategies as st

from schemas.events import Event
from services.core.bezetting import bezetting
from services.core.fold import fold, history
from services.core.registers import Registers
from services.core.standen import UNKNOWN, Standen, standen
from services.core.telregel import NIETS_GEVRAAGD, Gevraagd
from services.reads.cijfers import Cijfers, Totaalcijfers
from services.store.derive import bring_up_to_date, rebuild
from services.store.model import Telling, View
from services.store.position import PositionError
from services.store.queries import DERIVED
from services.store.store import Store
from tests.support.arrivals import (
    NOW,
    Arrival,
    Busy,
    Delivery,
    arrived_by,
    deliver,
    deliveries,
    emptied,
    happen,
    law,
)
from tests.support.bodies import CYCLI, PROVINCIES, SOORTEN, TELREGELS
from tests.support.facts import event, reading
from tests.support.rondes import only_whole
from tests.support.strategies import few_gemeenten, pairs, read

LATER = (timedelta(0), timedelta(microseconds=1), timedelta(days=38), timedelta(days=400))


WANTED = (NIETS_GEVRAAGD, *(Gevraagd(cyclus, naam) for cyclus in CYCLI for naam in ("cyclus", *TELREGELS)))


def columns(stand: Standen) -> list[tuple[int, ...]]:
    """Returns what is known of each locatie apart from the numbers of places, without those of which nothing is."""
    table = [stand.gemeente, stand.telt, stand.aanwezig, stand.peilmoment, stand.gesloten_op, *stand.vanaf]
    return sorted(column for column in zip(*(row.tolist() for row in table), strict=True) if column != NOTHING_KNOWN)


NOTHING_KNOWN = (UNKNOWN, False, UNKNOWN, 0, UNKNOWN, *([UNKNOWN] * len(SOORTEN)))


def assert_sums(telling: Telling, registers: Registers) -> None:
    """Checks that sums from the counted totals equal sums from the registers, by every rule."""
    counted = Totaalcijfers(telling, table=few_gemeenten())
    whole = Cijfers(View(telling.herkomst, registers), table=few_gemeenten())
    assert (counted.landelijk, counted.cyclus) == (whole.landelijk, whole.cyclus)
    assert columns(telling.standen) == columns(standen(whole.locaties))
    for wanted in WANTED:
        judged = Totaalcijfers(telling, wanted, few_gemeenten())
        expected = Cijfers(View(telling.herkomst, registers), wanted, few_gemeenten())
        assert (judged.maatstaf, judged.naleving) == (expected.maatstaf, expected.naleving), wanted
    for code in {gemeente.code for gemeente in few_gemeenten()}:
        here = bezetting(standen(whole.by_gemeente.get(code, [])), telling.herkomst.geldig_op)
        assert counted.in_gemeente(code) == here == whole.in_gemeente(code)
    for code in PROVINCIES:
        here = bezetting(standen(whole.of_provincie(code)), telling.herkomst.geldig_op)
        assert counted.in_provincie(code) == here == whole.in_provincie(code)


@pytest.mark.http_later
@law(st.data())
def test_every_way_to_read_gives_what_the_fold_gives(store: Store, data: st.DataObject) -> None:
    events, batches = data.draw(deliveries())
    store = emptied(store)
    deliver(store, batches)
    for valid_at, known_at in data.draw(st.lists(pairs(events), min_size=3, max_size=6)):
        expected = fold(events, valid_at, known_at)
        view = store.view(valid_at, known_at, now=NOW)
        assert view.registers == expected
        assert store.view(valid_at, known_at, now=NOW, positie=view.herkomst.positie).registers == expected
        assert_sums(store.telling(valid_at, known_at, now=NOW), expected)
        readings = {
            subject: [
                (at, w.value)
                for (s, register, at), w in sorted(history(events, valid_at, known_at).items())
                if register == "aanwezig" and s == subject
            ]
            for subject in ("LOC-1", "LOC-2")
        }
        assert store.readings(["LOC-1", "LOC-2"], valid_at, known_at) == readings


@pytest.mark.http_later
@law(deliveries())
def test_the_present_follows_from_the_set_and_the_clock_alone(store: Store, delivery: Delivery) -> None:
    """An announced change joins the live view when its moment comes, without a new event.

    The view is read after each batch, so that the next batch is added to an existing view. It is also read with a clock
    that went back.
    """
    events, arrivals = delivery
    store = emptied(store)

    def look(number: int) -> None:
        arrived = arrived_by(arrivals, number)
        for now in (NOW + number * timedelta(minutes=1), NOW - timedelta(days=200)):
            view = store.view(now, now, now=now)
            assert view.registers == fold(arrived, now, now)
            assert view.herkomst.positie == str(store.position())
            assert_sums(store.telling(now, now, now=now), view.registers)

    deliver(store, arrivals, look)
    for later in LATER:
        now = NOW + timedelta(hours=1) + later
        assert store.view(now, now, now=now).registers == fold(events, now, now)
        assert_sums(store.telling(now, now, now=now), fold(events, now, now))


@pytest.mark.http_later
@law(deliveries(), examples=10)  # merging all tables three times is slow
def test_tables_made_anew_equal_tables_kept_up_to_date(store: Store, delivery: Delivery) -> None:
    """The tables are merged first, so that the comparison does not depend on how rows are spread over parts."""
    events, batches = delivery
    store = emptied(store)
    deliver(store, batches)
    bring_up_to_date(store)
    kept = contents(store)
    rebuild(store)
    assert contents(store) == kept
    assert {event.id for event in store.events()} == {event.id for event in events}


def contents(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Returns all rows of the derived tables."""
    for table in DERIVED:
        store.command(f"OPTIMIZE TABLE {table} FINAL")
    return {
        table: sorted(map(tuple, store.connection.client().query(f"SELECT * FROM {table}").result_rows), key=str)
        for table in DERIVED
    }


@pytest.mark.http_later
@law(st.data())
def test_an_answer_asked_again_at_its_positie_is_the_same(store: Store, data: st.DataObject) -> None:
    events, batches = data.draw(deliveries())
    store = emptied(store)
    posities = deliver(store, batches)
    valid_at, known_at = data.draw(pairs(events))
    for number, positie in enumerate(posities):
        then = arrived_by(batches, number)
        view = store.view(valid_at, known_at, now=NOW + timedelta(days=900), positie=positie)
        assert view.registers == fold(then, valid_at, known_at)
        assert view.herkomst.positie == positie
        assert_sums(store.telling(valid_at, known_at, now=NOW, positie=positie), view.registers)


@pytest.mark.parametrize(
    ("new_store", "seed"),
    [("chdb", 0), *(only_whole("chdb", seed) for seed in range(1, 2)), ("http", 3)],
    indirect=["new_store"],
)
def test_an_answer_speaks_of_its_positie_whatever_happens_meanwhile(store: Store, seed: int) -> None:
    """Between the queries of one answer others store events, retract them, and update the derived tables."""
    chance = random.Random(seed)
    arrivals = [Arrival(read([one]), chance.random() < 0.4) for one in comings_and_goings(chance, 60)]
    known: dict[str, list[Event]] = {str(store.position()): []}

    def happening() -> Iterator[object]:
        for number in happen(store, arrivals):
            known[str(store.position())] = arrived_by(arrivals, number)
            while chance.random() < 0.6:
                yield  # let one query pass
            if seed % 2 == 0:
                yield  # at most one step between two queries; with other seeds sometimes more

    busy = Busy(store.connection, happening())
    now = NOW
    while len(known) <= len(arrivals):
        now += timedelta(minutes=1)
        view = busy.view(now, now, now=now)
        assert view.registers == fold(known[view.herkomst.positie], now, now)
        valid_at, known_at = NOW - timedelta(days=chance.randrange(90)), NOW - timedelta(days=chance.randrange(90))
        view = busy.view(valid_at, known_at, now=now)
        assert view.registers == fold(known[view.herkomst.positie], valid_at, known_at)
        telling = busy.telling(valid_at, known_at, now=now)
        assert_sums(telling, fold(known[telling.herkomst.positie], valid_at, known_at))


def comings_and_goings(chance: random.Random, count: int) -> Iterator[dict[str, Any]]:
    """Yields readings of one locatie in the last months, and retractions that come before or after their target."""
    promised: list[str] = []
    said: list[str] = [str(UUID(int=0))]
    for number in range(count):
        own_id = str(UUID(int=chance.getrandbits(128), version=4))
        time = (NOW - timedelta(days=chance.randrange(60))).isoformat()
        if chance.random() < 0.4:
            target = chance.choice(said)
            if chance.random() < 0.6:
                target = str(UUID(int=chance.getrandbits(128), version=4))
                promised.append(target)
            yield event(
                "gebeurtenissen.ingetrokken", "LOC-1", {"gebeurtenisId": target, "reden": "proef"}, id=own_id, time=time
            )
        else:
            own_id = promised.pop() if promised and chance.random() < 0.7 else own_id
            said.append(own_id)
            moment = (NOW - timedelta(days=chance.randrange(60))).isoformat()
            yield reading(f"LOC-{number % 2}", number, moment, id=own_id, time=time)


@pytest.mark.http_later
@pytest.mark.parametrize("positie", ["", "1", "zomaar", "1-0.99", "2-0", "1-0; DROP TABLE live", "-1-0", "7-"])
def test_a_positie_that_no_answer_carried_is_refused(store: Store, positie: str) -> None:
    with pytest.raises(PositionError, match="positie"):
        store.view(NOW, NOW, now=NOW, positie=positie)
