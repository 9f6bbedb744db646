"""Laws of alarms: any rule over any course of events, with instances that see each other's events late or never.

Every locatie here has 100 places, so the number of people is a percentage. None means that nobody ever reported. A
locatie that a view does not name is gone.
"""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.alarmregels import TE_WEINIG_GEGEVENS, AlarmRegel
from services.core.alarms.alarmen import STATUS, Ketens
from services.core.alarms.overgang import oordelen, overgangen
from tests.support.alarm_help import PLACES, crowd, look, open_keys, rule, shown, stored
from tests.support.strategies import LAW

START = datetime(2026, 5, 20, tzinfo=UTC)
LONG = timedelta(days=1)
"""Longer than any `voor` or `blijfActief` here."""
SECOND = timedelta(seconds=1)
LOCATIES = ("LOC-1", "LOC-2")
AFTER = {
    "hersteld": {"wachtend", "actief"},
    "wachtend": {"wachtend", "actief", "hersteld"},
    "actief": {"herstellend", "hersteld"},
    "herstellend": {"herstellend", "actief", "hersteld"},
}
"""The statuses that may follow each status: a wait follows itself where its time stops, and where that goes on.

The alarm code has its own table of these.
"""

Course = list[tuple[datetime, dict[str, int | None]]]
"""(moment, people by locatie), in order of time."""
_GONE = object()
_people = st.one_of(
    st.sampled_from((80, 93, 97, 99, 100, 101, 103, 107, 120)),
    st.integers(85, 115),
    st.sampled_from((90, 96, 104, 110, None, _GONE)),
)
_steps = st.tuples(st.one_of(st.sampled_from((1, 30, 60, 300)), st.integers(1, 400)), _people, _people)
_few = st.tuples(st.sampled_from((30, 90)), st.sampled_from((80, 100, 100, 120, 120, None, _GONE)), st.just(_GONE))
"""Few options, so that two instances often say different things about one moment."""
_durations = st.sampled_from(("0s", "0s", "1s", "60s", "90s", "5m"))


@st.composite
def rules(draw, missing=("alarm", "houd", "niets")) -> AlarmRegel:
    """Draws any rule: up or down, with a band of any width or without one."""
    up, raised = draw(st.booleans()), draw(st.sampled_from((98, 100, 102)))
    band = draw(st.sampled_from((None, 0, 1, 4, 8)))
    clears = {} if band is None else {"wisdrempel": (raised - band if up else raised + band) / PLACES}
    return rule(
        richting="boven" if up else "onder",
        drempel=raised / PLACES,
        voor=draw(_durations),
        blijfActief=draw(_durations),
        geenGegevens=draw(st.sampled_from(missing)),
        **clears,
    )


@st.composite
def courses(draw, steps=_steps, max_size=14) -> Course:
    moment, course = START, []
    least = draw(st.integers(1, max_size))  # lists() alone draws mostly short lists
    for seconds, *people in draw(st.lists(steps, min_size=least, max_size=max_size)):
        moment += timedelta(seconds=seconds)
        course.append((moment, {where: n for where, n in zip(LOCATIES, people, strict=True) if n is not _GONE}))
    return course


def run(regel, course, log=()):
    """Runs one instance that looks at each view in turn and starts from the events in the log."""
    log = list(log)
    for moment, people in course:
        look([regel], crowd(moment, people), log)
    return log


def settle(regel, people, log, moment):
    """Shows the same view until no wait is left."""
    for n in range(1, 4):
        look([regel], crowd(moment + n * LONG, people), log)
    return moment + 3 * LONG


def said_of(regel, people):
    """Says in plain scalars how the rule judges a number of people: gone, unknown, beyond, between or back."""
    if people is ...:
        return "gone"
    if people is None:
        return "unknown"
    value = people / PLACES
    if value > regel.gaat_af if regel.richting == "boven" else value < regel.gaat_af:
        return "beyond"
    if value == regel.wist:
        return "back" if regel.wist in (0, regel.gaat_af) else "between"
    return "back" if (value < regel.wist if regel.richting == "boven" else value > regel.wist) else "between"


def naive_step(regel, status, said, waited):
    """Returns the next status, given the current one and how long it has lasted."""
    follows = {
        "hersteld": {"beyond": "wachtend" if regel.voor else "actief"},
        "wachtend": {"between": "hersteld", "back": "hersteld", "gone": "hersteld"},
        "actief": {"back": "herstellend" if regel.blijfActief else "hersteld", "gone": "hersteld"},
        "herstellend": {"beyond": "actief", "gone": "hersteld"},
    }[status]
    if status == "wachtend" and waited >= regel.voor:
        follows["beyond"] = "actief"
    if status == "herstellend" and waited >= regel.blijfActief:
        follows |= {"between": "hersteld", "back": "hersteld"}
    return follows.get(said, status)


def naive(regel, course, locatie):
    """Follows one rule step by step and remembers the status. The alarm code must reach the same without a memory.

    What was seen at one look is taken to hold until the next. The time of a wait is the sum of the times in which the
    value was known.
    """
    status, waited, steps, before = "hersteld", timedelta(0), [], (START, "back")
    for moment, people in course:
        said = said_of(regel, people.get(locatie, ...))
        waited += moment - before[0] if before[1] != "unknown" else timedelta(0)
        after = naive_step(regel, status, said, waited)
        if after != status:
            status, waited = after, timedelta(0)
            steps.append((moment, status))
        before = moment, said
    return steps


def naive_gebrek(regel, course, locatie):
    """Follows the alarm about a lack of data: to that, not known is beyond, and anything known is back."""
    mirrored = {"unknown": "beyond", "gone": "gone"}
    status, since, steps = "hersteld", START, []
    for moment, people in course:
        said = mirrored.get(said_of(regel, people.get(locatie, ...)), "back")
        after = naive_step(regel, status, said, moment - since)
        if after != status:
            status, since = after, moment
            steps.append((moment, status))
    return steps


def chains(log, regel="proef"):
    """The transitions of each onderwerp, in order, of the alarms with this name."""
    found = defaultdict(list)
    for one in log:
        if one.data.regel == regel:
            found[one.subject].append(one)
    return found


def entered(chain):
    """The moments at which a chain came into another status, without where a wait stopped or went on."""
    found = []
    for one in chain:
        status = STATUS[type(one)]
        if not found or found[-1][1] != status:
            found.append((one.time, status))
    return found


@LAW
@given(rules(), courses())
def test_it_does_what_a_plain_step_by_step_reading_of_the_rule_does(regel, course):
    log = run(regel, course)
    for locatie in LOCATIES:
        assert entered(chains(log)[locatie]) == naive(regel, course, locatie)
        lacks = entered(chains(log, TE_WEINIG_GEGEVENS)[locatie])
        assert lacks == (naive_gebrek(regel, course, locatie) if regel.geenGegevens == "alarm" else [])


@LAW
@given(rules(), courses())
def test_a_value_that_is_not_known_neither_starts_nor_ends_an_alarm(regel, course):
    log = chains(run(regel, course))
    for locatie in LOCATIES:
        said = {moment: said_of(regel, people.get(locatie, ...)) for moment, people in course}
        at_unknown = [one for one in log[locatie] if said[one.time] == "unknown"]
        assert all(one.data.onbekendSinds == one.time and one.data.waarde is None for one in at_unknown)
        assert all(STATUS[type(one)] in ("wachtend", "herstellend") for one in at_unknown)


@LAW
@given(rules(), courses())
def test_transitions_keep_the_order_of_the_machine_and_make_one_chain(regel, course):
    log = run(regel, course)
    assert len({one.id for one in log}) == len(log)
    for chain in chains(log).values():
        statuses = ["hersteld", *(STATUS[type(one)] for one in chain)]
        assert all(after in AFTER[before] for before, after in pairwise(statuses))
        assert [one.data.vorige for one in chain] == [None, *(one.id for one in chain)][: len(chain)]
        alarms = [alarm.overgangen for alarm in shown(chain, chain[-1].time)]
        for own in alarms:
            assert {(one.data.alarmId, one.data.sinds, one.data.ernst) for one in own} == {
                (own[0].id, own[0].time, "hoog")
            }


@LAW
@given(rules(), courses())
def test_inside_the_band_nothing_begins_and_what_is_active_stays(regel, course):
    """No flapping: while the value stays inside the band, an alarm that waits or recovers may end, at most once."""
    log = chains(run(regel, course))
    for locatie in LOCATIES:
        said = [(moment, said_of(regel, people.get(locatie, ...))) for moment, people in course]
        at = {one.time: STATUS[type(one)] for one in log[locatie]}
        status = "hersteld"
        for inside, stretch in groupby(said, lambda one: one[1] == "between"):
            moments = [moment for moment, _ in stretch]
            happened = [at[moment] for moment in moments if moment in at]
            if inside:
                assert happened in ([], ["hersteld"])
                assert not happened or status in ("wachtend", "herstellend")
            status = happened[-1] if happened else status


def held(before, moment):
    """Returns how long a status lasted, without the time in which the value was not known."""
    data = before.data
    return (data.onbekendSinds or moment) - (data.teltVanaf or before.time)


@LAW
@given(rules(), courses())
def test_what_becomes_active_held_for_so_long_without_a_break(regel, course):
    """An alarm ends only after the value was back for long enough; an unknown value only stops the time of that."""
    log = chains(run(regel, course))
    for locatie in LOCATIES:
        said = {moment: said_of(regel, people.get(locatie, ...)) for moment, people in course}
        before = None
        for one in log[locatie]:
            status, was = STATUS[type(one)], before and STATUS[type(before)]
            between = {say for moment, say in said.items() if before and before.time <= moment <= one.time}
            if status == "actief" and was in (None, "hersteld"):
                assert (regel.voor, said[one.time]) == (timedelta(0), "beyond")
            if (was, status) == ("wachtend", "actief"):
                assert held(before, one.time) >= regel.voor
                assert {"beyond"} <= between <= {"beyond", "unknown"}
            if status == "hersteld" and was in ("actief", "herstellend") and said[one.time] != "gone":
                assert "beyond" not in between - ({"beyond"} if was == "actief" else set())
                assert regel.blijfActief <= (held(before, one.time) if was == "herstellend" else timedelta(0))
            before = one


@LAW
@given(rules(), courses())
def test_every_open_alarm_is_justified_and_ends_when_its_cause_is_gone(regel, course):
    log = run(regel, course)
    end, people = course[-1]
    for alarm in shown(log, end):
        known = [
            (moment, said)
            for moment, seen in course
            if (said := said_of(regel, seen.get(alarm.onderwerp, ...))) != "unknown"
        ]
        last = alarm.overgangen[-1].time
        if alarm.status == "actief":  # after it became active, the value was never back and the locatie never gone
            assert {said for moment, said in known if moment >= last} <= {"beyond", "between"}
        elif alarm.status == "herstellend":
            assert all(said == "unknown" or moment - last < regel.blijfActief for moment, said in known)
    at_rest = settle(regel, people, log, end)
    said = {locatie: said_of(regel, people.get(locatie, ...)) for locatie in LOCATIES}
    still = {onderwerp for _, onderwerp in open_keys(log, at_rest)}
    assert still >= {locatie for locatie in LOCATIES if said[locatie] == "beyond"}
    assert not still & {locatie for locatie in LOCATIES if said[locatie] in ("back", "gone")}
    settle(regel, {}, log, at_rest)
    assert open_keys(log, at_rest + 9 * LONG) == set(), "the locaties closed"


@LAW
@given(rules(), courses(), st.integers(1, 10_000))
def test_a_gap_shifts_what_follows_by_its_own_length(regel, course, seconds):
    """Half a minute of waiting is half a minute, however long the value was not known in the middle of it."""
    gap, (first, seen) = timedelta(seconds=seconds), course[0]
    later = [(moment + gap, people) for moment, people in course[1:]]
    unknown = (first + SECOND / 2, dict.fromkeys(seen))
    known_again = (first + SECOND / 2 + gap, seen)
    plain = chains(run(regel, [(first, seen), (first + SECOND / 2, seen), *course[1:]]))
    gaps = chains(run(regel, [(first, seen), unknown, known_again, *later]))
    for locatie in LOCATIES:
        shifted = [(moment if moment == first else moment + gap, status) for moment, status in entered(plain[locatie])]
        assert entered(gaps[locatie]) == shifted


@LAW
@given(rules(), courses())
def test_what_a_rule_does_about_missing_data_changes_nothing_of_its_own_alarms(regel, course):
    others = [regel.model_copy(update={"geenGegevens": one}) for one in ("alarm", "houd", "niets")]
    first, *rest = [dict(chains(run(one, course))) for one in others]
    assert all(one == first for one in rest)


@LAW
@given(rules(), courses())
def test_looking_again_changes_nothing(regel, course):
    log = run(regel, course)
    moment, people = course[-1]
    assert overgangen([regel], crowd(moment, people), Ketens(log).last) == []
    at_rest = settle(regel, people, log, moment)
    assert overgangen([regel], crowd(at_rest + LONG, people), Ketens(log).last) == []


@LAW
@given(rules(), courses(), st.integers(0, 14))
def test_a_restart_goes_on_where_it_was(regel, course, stop):
    """The stored transitions are the only memory of the past."""
    before = run(regel, course[:stop])
    assert run(regel, course[stop:], stored(before)) == run(regel, course)


@LAW
@given(rules(), st.one_of(courses(_few), courses()), st.data())
def test_second_instances_late_sight_and_replays_are_harmless(regel, course, data):
    """Instances look in any order, each with the events it has received; in the end there is one chain.

    When two instances say different things about one moment, the earlier statement and its successors stand.
    """
    draws = data.draw(st.lists(st.tuples(st.integers(0, 1), st.booleans()), min_size=14, max_size=14))
    log, held = [], defaultdict(list)
    for (moment, people), (instance, catches_up) in zip(course, draws, strict=False):
        if catches_up:
            held[instance] = list(log)
        log += look([regel], crowd(moment, people), held[instance])
    end, people = course[-1]
    at_rest = settle(regel, people, log, end)
    for key, last in Ketens(log).last.items():
        chain = Ketens(log).of(key)
        statuses = ["hersteld", *(STATUS[type(one)] for one in chain)]
        assert all(after in AFTER[before] for before, after in pairwise(statuses))
        assert [one.data.vorige for one in chain] == [None, *(one.id for one in chain)][: len(chain)]
        assert last == chain[-1]
    kinds = {(one.id, one.type, one.subject, one.data.vorige, one.data.alarmId) for one in log}
    assert len(kinds) == len({one.id for one in log}), "what is said under one id is one thing"
    alarms = shown(log, at_rest)
    assert len({alarm.id for alarm in alarms}) == len(alarms)
    assert shown(data.draw(st.permutations([*log, *log[:3]])), at_rest) == alarms
    said = {locatie: said_of(regel, people.get(locatie, ...)) for locatie in LOCATIES}
    still = {onderwerp for _, onderwerp in open_keys(log, at_rest)}
    assert still >= {locatie for locatie in LOCATIES if said[locatie] == "beyond"}
    assert not still & {locatie for locatie in LOCATIES if said[locatie] in ("back", "gone")}


@LAW
@given(rules(), courses(), st.integers(-1, 14))
def test_alarms_at_k_are_those_that_were_shown_at_k(regel, course, number):
    known_at = START if number < 0 else course[min(number, len(course) - 1)][0]
    log = run(regel, course)
    then = run(regel, [(moment, people) for moment, people in course if moment <= known_at])
    assert shown(log, known_at) == shown(then, course[-1][0] + LONG)


@pytest.mark.parametrize("size", [0, 1, 1000])
def test_many_are_judged_as_one_is(size):
    regel = rule(drempel=1.0, wisdrempel=0.9)
    people = np.random.default_rng(size).integers(80, 120, size)
    seen = {f"LOC-{n}": int(count) for n, count in enumerate(people)}
    said = [said_of(regel, count) for count in seen.values()]
    beyond, between, back = oordelen(regel, people / PLACES)
    assert [*zip(beyond, between, back, strict=True)] == [
        (one == "beyond", one == "between", one == "back") for one in said
    ]
