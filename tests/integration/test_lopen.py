"""The fortnight of some locaties from the store is what the history of the core tells of them."""

import itertools
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import strategies as st

from services.core.fold import fold
from services.core.history.loop import lopen
from services.core.history.reeks import laatste_dagen
from services.core.locaties import locaties
from services.core.standen import kolom
from services.reads.lopen import DAGEN, lopen_van
from services.reads.opvallend import verschoven
from services.reads.question import Audience, question_of_now
from services.reads.reader import Reader
from services.store.store import Store
from tests.support.arrivals import deliver, deliveries, emptied, law
from tests.support.bodies import LOCATIES
from tests.support.figures import verloop_of
from tests.support.strategies import named_moments, pairs

pytestmark = pytest.mark.http_later

INSTANT, DAY = timedelta(microseconds=1), timedelta(days=1)


@law(st.data(), examples=16)
def test_some_locaties_are_read_as_the_history_tells_them(store: Store, data: Any) -> None:
    events, batches = data.draw(deliveries())
    store = emptied(store)
    posities = deliver(store, batches)
    now, known_at = data.draw(pairs(events))
    asked = data.draw(st.lists(st.sampled_from(LOCATIES), unique=True))
    borders = laatste_dagen(now, DAGEN)
    whole = verloop_of(events, borders[0] - timedelta(days=4), now + INSTANT, known_at)
    for positie in (None, posities[-1]):
        some = store.verloop_van(asked, borders[0] - timedelta(days=4), now + INSTANT, known_at, positie)
        assert lopen(some, asked, borders) == lopen(whole, asked, borders)


@law(st.data(), examples=16)
def test_the_people_of_then_are_those_of_the_last_reading_since(store: Store, data: Any) -> None:
    events, batches = data.draw(deliveries())
    store = emptied(store)
    posities = deliver(store, batches)
    then, known_at = data.draw(pairs(events))
    since = then - data.draw(st.sampled_from([timedelta(hours=26), timedelta(days=400)]))
    every = locaties(fold(events, then, known_at), then)
    wanted = {one.id: one.aanwezig for one in every if one.peilmoment is not None and one.peilmoment >= since}
    for positie in (None, posities[-1]):
        assert store.aanwezig_op(since, then, known_at, positie) == wanted


@law(st.data(), examples=8)
def test_what_is_kept_is_what_is_read_anew(store: Store, data: Any) -> None:
    events, batches = data.draw(deliveries())
    store = emptied(store)
    first, step = (
        max(named_moments(events)),
        data.draw(st.sampled_from([timedelta(0), timedelta(hours=7), timedelta(9)])),
    )
    looks = itertools.count()
    moment = [first]
    kept = Reader(store, lambda: moment[0])

    def look(_: int) -> None:
        moment[0] = first + next(looks) * step
        for audience in (Audience.EVERYTHING, Audience.LEZER):
            question, fresh = question_of_now(moment[0], audience), Reader(store, lambda: moment[0])
            cijfers = kept.figures(question)
            assert cijfers.standen.tabel.T.tolist() == [kolom(cijfers.met_id(own_id)) for own_id in cijfers.ids]
            anew = lopen_van(fresh, question, cijfers, cijfers.locaties)
            assert lopen_van(kept, question, cijfers, cijfers.locaties) == anew
            since = moment[0] - DAY
            assert verschoven(kept, question, cijfers, since) == verschoven(fresh, question, cijfers, since)

    deliver(store, batches, look)
    look(0)
