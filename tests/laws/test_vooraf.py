"""The preview of an event equals the result of folding it in afterwards."""

from hypothesis import given
from hypothesis import strategies as st

from schemas.events import Ingetrokken
from services.core.fold import fold, writes
from services.core.reasons.vooraf import ingang, met, zonder
from services.core.registers import LENSES, Register
from tests.support.figures import figures
from tests.support.strategies import LAW, asked, retractions


@LAW
@given(asked())
def test_events_more_are_as_if_they_had_been_there(case):
    events, valid_at, known_at = case
    gone = {one.data.gebeurtenisId for one in retractions(events)}
    added = [event for event in events if event.id not in gone and not isinstance(event, Ingetrokken)]
    for some in (added, added[::2], *([event] for event in added)):
        before = fold([one for one in events if one not in some], valid_at, known_at)
        assert met(before, some, valid_at, known_at) == fold(events, valid_at, known_at)


@LAW
@given(asked(), st.data())
def test_one_retraction_more_is_as_if_it_had_been_there(case, data):
    """This holds for any target: also one never in force, one already retracted, or one of another source."""
    events, valid_at, known_at = case
    facts = [event for event in events if not isinstance(event, Ingetrokken)]
    made = retractions(events)
    if not facts or not made:
        return
    target, form = data.draw(st.sampled_from(facts)), data.draw(st.sampled_from(made))
    retraction = form.model_copy(update={"data": form.data.model_copy(update={"gebeurtenisId": target.id})})
    rest = [one for one in events if one is not form]
    about = [one for one in rest if one.subject == target.subject]
    ids = {one.id for one in about}
    behind = about + [one for one in retractions(rest) if one.data.gebeurtenisId in ids and one not in about]
    told = zonder(fold(rest, valid_at, known_at), {target.subject}, behind, [retraction], valid_at, known_at)
    assert told == fold([*rest, retraction], valid_at, known_at)


@LAW
@given(asked())
def test_before_it_begins_nothing_changes(case):
    """So the preview shows the moment at which the event begins."""
    events, valid_at, known_at = case
    for event in events:
        begins = ingang(event)
        assert (begins is None) == all(Register.of_name(write.register) in LENSES for write in writes(event))
        if begins is not None and begins > valid_at:
            rest = [one for one in events if one is not event]
            assert met(fold(rest, valid_at, known_at), [event], valid_at, known_at) == fold(rest, valid_at, known_at)
            assert figures(events, valid_at, known_at) == figures(rest, valid_at, known_at)
