"""Alarms, whatever happens: any ticks over any views, by any number of instances that see each other late or never."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from schemas.events import AlarmGeactiveerd, AlarmHersteld
from schemas.reading import read_alarms
from services.core.alarmen import Desired, alarmen_at, desired, latest_of, reconcile
from tests.laws.figures import figures
from tests.strategies import LAW, event_lists

START = datetime(2026, 5, 20, tzinfo=UTC)
LATE = START + timedelta(days=3650)
END = LATE + timedelta(days=1)
KEYS = (("landelijke-bezetting", "NL"), ("toegang", "LOC-1"), ("toegang", "LOC-TER-APEL"))


def _said(actief):
    return Desired(actief=actief, ernst="hoog", waarde=1.01, drempel=1.0)


views = st.lists(
    st.dictionaries(st.sampled_from(KEYS), st.sampled_from((True, False, None)).map(_said)), min_size=1, max_size=12
)


def run(seen: list[Mapping], log: Sequence = (), first: int = 0) -> list:
    """One instance that looks at each view in turn, a minute apart, and begins with what the log holds."""
    log = list(log)
    for n, view in enumerate(seen, start=first):
        now = START + timedelta(minutes=n)
        log += reconcile(view, latest_of(log, now), now)
    return log


def open_keys(log, known_at=END):
    return {(alarm.regel, alarm.onderwerp) for alarm in alarmen_at(log, known_at) if alarm.status == "actief"}


@LAW
@given(views)
def test_transitions_alternate_and_their_ids_are_unique(seen):
    log = run(seen)
    assert len({transition.id for transition in log}) == len(log)
    for key in KEYS:
        chain = [transition for transition in log if (transition.data.regel, transition.subject) == key]
        kinds = [type(transition) for transition in chain]
        assert kinds == ([AlarmGeactiveerd, AlarmHersteld] * len(kinds))[: len(kinds)]
        assert [transition.data.vorige for transition in chain] == [None, *(one.id for one in chain)][: len(chain)]


@LAW
@given(views)
def test_what_is_active_is_what_the_last_view_says_and_unknown_changes_nothing(seen):
    expected = set()
    for view in seen:
        expected = {
            key for key in KEYS if (view[key].actief if key in view else False) in (True, *_kept(key, expected))
        }
    assert open_keys(run(seen)) == expected


def _kept(key, before):
    return (None,) if key in before else ()


@LAW
@given(views)
def test_reconciling_twice_changes_nothing(seen):
    log = run(seen)
    assert reconcile(seen[-1], latest_of(log, LATE), LATE) == []


@LAW
@given(views, st.integers(0, 12))
def test_a_restart_goes_on_where_it_was(seen, stop):
    """What is known of the past is in the stored transitions alone: nothing is remembered beside them."""
    before = run(seen[:stop])
    stored = [event for one in before for event in read_alarms(one.model_dump_json(exclude_none=True).encode())]
    assert run(seen[stop:], stored, first=len(seen[:stop])) == run(seen)


@LAW
@given(views, st.data())
def test_second_instances_late_sight_and_replays_are_harmless(seen, data):
    """Instances tick in any order, each on what it has seen of the others; afterwards one tick puts all in order."""
    ticks = data.draw(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=len(seen), max_size=len(seen)))
    log, held = [], {True: [], False: []}
    for n, (view, (instance, catches_up)) in enumerate(zip(seen, ticks, strict=True)):
        now = START + timedelta(minutes=n)
        if catches_up:
            held[instance] = list(log)
        made = reconcile(view, latest_of(held[instance], now), now)
        held[instance] += made
        log += made
    log += reconcile(seen[-1], latest_of(log, LATE), LATE)
    alone = alarmen_at(log, LATE)
    assert len({alarm.id for alarm in alone}) == len(alone)
    wanted = {key for key, said in seen[-1].items() if said.actief}
    unknown = {key for key, said in seen[-1].items() if said.actief is None}
    assert wanted <= open_keys(log) <= wanted | unknown
    assert alarmen_at(data.draw(st.permutations([*log, *log[:3]])), LATE) == alone


@LAW
@given(views, st.integers(-1, 12))
def test_alarms_at_k_are_those_that_were_shown_at_k(seen, minute):
    known_at = START + timedelta(minutes=minute)
    log = run(seen)
    then = [transition for transition in log if transition.time <= known_at]
    assert alarmen_at(log, known_at) == alarmen_at(then, LATE)


@LAW
@given(event_lists(), st.data())
def test_importing_history_raises_nothing_about_the_past(events, data):
    """However the events came in, there is only what the live view calls for, and it began when that was seen."""
    parts = data.draw(st.lists(st.integers(0, len(events)), max_size=3).map(sorted))
    log = []
    for n, size in enumerate([*parts, len(events)]):
        now = LATE + timedelta(minutes=n)
        live = figures(events[:size], now, now)
        log += reconcile(desired(live.locaties, live.landelijk), latest_of(log, now), now)
        assert {transition.time for transition in log} <= {LATE + timedelta(minutes=tick) for tick in range(n + 1)}
    final = figures(events, now, now)
    said = desired(final.locaties, final.landelijk)
    assert open_keys(log) - {KEYS[0]} == {key for key, one in said.items() if one.actief} - {KEYS[0]}
    if final.landelijk.bezettingsgraad is not None:
        assert (KEYS[0] in open_keys(log)) is (final.landelijk.bezettingsgraad > 1)
