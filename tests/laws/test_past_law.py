"""An event with `time` > K never changes the figures at (V, K)."""

from hypothesis import given

from schemas.events import TelregelVastgesteld
from services.core.fold import fold
from tests.support.figures import figures
from tests.support.strategies import INSTANT, LAW, asked, effective_at, retractions


def begun(event, valid_at):
    """Whether an event says something about V. A rule always does: it is a way of looking at any moment."""
    return isinstance(event, TelregelVastgesteld) or effective_at(event) <= valid_at


@LAW
@given(asked())
def test_what_was_logged_after_k_never_changes_v_k(case):
    events, valid_at, known_at = case
    known = [event for event in events if event.time <= known_at]
    assert figures(events, valid_at, known_at) == figures(known, valid_at, known_at)


@LAW
@given(asked())
def test_what_was_logged_at_k_is_known_and_an_instant_before_it_is_not(case):
    events, valid_at, _ = case
    hidden = retractions(events)
    for event in events:
        alone = [event] if event not in hidden else []
        in_force = bool(alone) and begun(event, valid_at)
        assert bool(fold(alone, valid_at, event.time)) is in_force
        assert not fold(alone, valid_at, event.time - INSTANT)


@LAW
@given(asked())
def test_without_retractions_a_write_only_gives_way_to_a_greater_one(case):
    """This holds for a later K and for a later V: either way the set of writes only grows."""
    events, valid_at, known_at = case
    facts = [event for event in events if event not in retractions(events)]
    now = fold(facts, valid_at, known_at)
    end = max([valid_at, known_at, *(event.time for event in events)])
    for later in (fold(facts, valid_at, end), fold(facts, end, known_at)):
        assert all(later[key].rank >= winner.rank for key, winner in now.items())


@LAW
@given(asked())
def test_what_begins_after_v_changes_nothing_yet(case):
    events, valid_at, known_at = case
    hidden = retractions(events)
    there = [event for event in events if event in hidden or begun(event, valid_at)]
    assert figures(events, valid_at, known_at) == figures(there, valid_at, known_at)
