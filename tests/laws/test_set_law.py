"""Results depend only on the set of accepted events, not on order, duplicates, batches or merges of tables."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from services.core.fold import fold, history
from tests.support.figures import figures
from tests.support.strategies import LAW, asked, delivered, event_lists, read, retractions


@LAW
@given(st.data())
def test_order_and_repeats_change_nothing(data):
    events, valid_at, known_at = data.draw(asked())
    arrived = data.draw(delivered(events))
    assert figures(arrived, valid_at, known_at) == figures(events, valid_at, known_at)


@LAW
@given(st.data())
def test_batch_borders_change_nothing(data):
    events = data.draw(event_lists())
    raw = [event.model_dump(mode="json", exclude_none=True) for event in events]
    cuts = sorted({0, len(raw), *data.draw(st.lists(st.integers(0, len(raw)), max_size=4))})
    batches = [read(raw[begin:end]) for begin, end in pairwise(cuts)]
    assert [event for batch in batches for event in batch] == events


@LAW
@given(st.data())
def test_merges_change_nothing(data):
    """A table keeps the greatest write of each merged part, and the greatest of those is the greatest of all."""
    events, valid_at, known_at = data.draw(asked())
    first = data.draw(st.lists(st.booleans(), min_size=len(events), max_size=len(events)))
    halves = [[event for event, here in zip(events, first, strict=True) if here is side] for side in (True, False)]
    hidden = retractions(events)
    for counted in (fold, history):
        one, other = (counted([*half, *hidden], valid_at, known_at) for half in halves)
        merged = {
            key: max((part[key] for part in (one, other) if key in part), key=lambda winner: winner.rank)
            for key in one.keys() | other.keys()
        }
        assert merged == counted(events, valid_at, known_at)
