"""An announced change takes effect at its own moment, without a new event."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from schemas.events import TelregelVastgesteld
from schemas.fields import AMSTERDAM
from services.core.bezetting import delen_van
from services.core.fold import fold, writes
from services.core.history.vanzelf import verandert_vanzelf
from services.core.locaties import locaties
from services.core.registers import Register, end_of
from services.core.standen import standen
from tests.support.figures import figures
from tests.support.strategies import INSTANT, LAW, asked, named_moments, retractions

MERGER = datetime.combine(date(2027, 1, 1), time(), AMSTERDAM)
SECOND = timedelta(seconds=1)


@LAW
@given(st.data())
def test_figures_are_constant_between_the_moments_that_events_name(data):
    """The reference table names the moment of a merger. Only the age of a reading grows between these, as fast as V."""
    events, _, known_at = data.draw(asked())
    spans = list(pairwise(sorted({*named_moments(events), MERGER})))
    begin, end = data.draw(st.sampled_from([span for span in spans if span[1] - span[0] > INSTANT]))
    inside = begin + data.draw(st.integers(1, (end - begin) // INSTANT - 1)) * INSTANT
    first, just_after, later = (figures(events, moment, known_at) for moment in (begin, begin + INSTANT, inside))
    for name in ("registers", "locaties", "cyclus", "overschrijding"):
        assert getattr(first, name) == getattr(later, name), name
    assert judged(first) == judged(later)
    for name in ("locaties", "plaatsen", "inzetbaar"):
        assert getattr(first.landelijk, name) == getattr(later.landelijk, name), name
    # A reading at exactly the limit is still fresh, or recent, so these may only fall just after that moment.
    for name in ("aanwezig", "bezettingsgraad", "dekking"):
        assert getattr(just_after.landelijk, name) == getattr(later.landelijk, name), name
    passed = (inside - begin) // SECOND
    for name in ("data_ouderdom_seconden", "data_ouderdom_mediaan_seconden"):
        if (age := getattr(first.landelijk, name)) is not None:
            assert getattr(later.landelijk, name) - age - passed in (0, 1), name


def judged(found):
    """Returns each gemeente and what is said of it, apart from the moment itself."""
    return [(replace(row, op=MERGER), row.oordeel, row.tekort, row.tekort_hoogstens) for row in found.naleving]


@LAW
@given(asked())
def test_by_the_clock_alone_nothing_changes_before_the_moment_that_is_named(case):
    """So whoever looks need not ask again before that, unless something is reported or was announced."""
    events, now, known_at = case
    registers = fold(events, now, known_at)
    named = verandert_vanzelf(registers, standen(locaties(registers, now)), now)
    assert now < named <= now + timedelta(hours=25)
    announced = [write.effective_at for event in events for write in writes(event) if write.effective_at > now]
    last = min([named, *announced]) - INSTANT
    first, later = figures(events, now, known_at), figures(events, last, known_at)
    for name in ("registers", "locaties", "cyclus", "overschrijding"):
        assert getattr(first, name) == getattr(later, name), name
    assert judged(first) == judged(later)
    for before, after in zip(
        *(delen_van(standen(f.locaties), at) for f, at in ((first, now), (later, last))), strict=True
    ):
        assert before.tolist() == after.tolist()


@LAW
@given(asked())
def test_what_was_announced_takes_effect_at_its_moment_and_not_before(case):
    events, _, known_at = case
    hidden = {event.data.gebeurtenisId for event in retractions(events)}
    for event in events:
        for write in writes(event) if event.time <= known_at and event.id not in hidden else ():
            key, moment = (event.subject, write.register), write.effective_at
            if Register.of(key).declared.lens:
                continue
            before, after = fold(events, moment - INSTANT, known_at), fold(events, moment, known_at)
            assert key not in before or before[key].event_id != event.id
            assert after[key].rank >= (moment, event.time, event.id)


@LAW
@given(asked())
def test_a_rule_holds_for_every_moment_and_the_greatest_of_a_name_wins(case):
    events, valid_at, known_at = case
    hidden = {event.data.gebeurtenisId for event in retractions(events) if event.time <= known_at}
    said = defaultdict(list)
    for event in events:
        if isinstance(event, TelregelVastgesteld) and event.time <= known_at and event.id not in hidden:
            said[event.subject, f"telregel.{event.data.naam}"].append((event.data.geldigVanaf, event.time, event.id))
    found = fold(events, valid_at, known_at)
    for key, ranks in said.items():
        assert found[key].rank >= max(ranks)


@LAW
@given(asked())
def test_geldig_tot_is_the_first_moment_that_is_no_longer_valid(case):
    events, valid_at, known_at = case
    for (subject, register), winner in fold(events, valid_at, known_at).items():
        end = end_of(winner) if isinstance(winner.value, dict) else None
        if end is None or not register.startswith(("plaatsen.", "maximum")):
            continue
        last, over = (_locatie(events, subject, moment, known_at) for moment in (end - INSTANT, end))
        # Another write may have won before the end. Then that one holds.
        for moment, locatie in ((end - INSTANT, last), (end, over)):
            in_force = fold(events, moment, known_at)[subject, register]
            if in_force == winner and register == "maximum":
                assert (locatie.maximum is None) is (moment == end)
            elif in_force == winner:
                here = locatie.plaatsen[register.removeprefix("plaatsen.")]
                expected = (0, 0) if moment == end else (winner.value["aantal"], winner.value["inzetbaar"])
                assert (here.aantal, here.inzetbaar, here.geldig_tot) == (*expected, end)


@LAW
@given(asked())
def test_an_expired_write_still_wins_its_register(case):
    """The writes that lost play no part: folding only the winning events gives the same figures."""
    events, valid_at, known_at = case
    winners = {winner.event_id for winner in fold(events, valid_at, known_at).values()}
    won = figures([event for event in events if event.id in winners], valid_at, known_at)
    everything = figures(events, valid_at, known_at)
    for name in ("registers", "locaties", "landelijk", "provincies", "cyclus", "naleving"):
        assert getattr(won, name) == getattr(everything, name), name


def _locatie(events, subject, valid_at, known_at):
    found = locaties(fold(events, valid_at, known_at), valid_at)
    return next(locatie for locatie in found if locatie.id == subject)
