"""Laws of delivery: deliveries follow from the stored events, so none is lost and none gets two ids."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.events import AlarmBevestigd, AlarmGemeld, Event, StilteIngesteld
from services.core.alarms.alarmen import envelope
from services.core.alarms.bezorging import SCHEDULE, settled, switch, te_bezorgen, wait_after
from services.core.alarms.boek import Alarmboek
from tests.support.bezorg_help import LANDELIJK, LOCATIE, NOW, TOEGANG, Post, receiver, run, steps, taken
from tests.support.strategies import LAW

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
HOOK = receiver()
ATTEMPTS_MAX = len(SCHEDULE) + 1


def kinds(post: Post) -> list[str]:
    """Returns the kinds of transition that arrived, in order."""
    of = {event.id: event.type.split(".")[2] for event in post.log}
    return [of[own_id].removeprefix("alarm-") for _, _, own_id in post.arrived]


# What is delivered


def test_an_alarm_is_told_when_it_begins_and_when_it_ends_once_each():
    post = Post([HOOK], taken)
    post.begin(NOW - DAY)
    first, *rest = steps(TOEGANG, "wachtend", "actief", "herstellend", "actief", "herstellend", "hersteld")
    post.log.append(first)
    post.tick(NOW)
    assert post.arrived == [], "it waits: it is no alarm"
    for n, one in enumerate(rest):
        post.log.append(one)
        post.tick(NOW + (n + 1) * MINUTE)
        post.tick(NOW + (n + 1) * MINUTE)
    assert kinds(post) == ["geactiveerd", "hersteld"]


def test_what_only_waited_is_told_to_nobody():
    post = Post([HOOK], taken)
    post.begin(NOW - DAY)
    post.log += steps(TOEGANG, "wachtend", "hersteld")
    run(post, NOW + 10 * MINUTE)
    assert post.tried == []


def test_a_new_receiver_hears_of_what_is_the_matter_and_not_of_what_was_over():
    over, still = steps(TOEGANG, "actief", "hersteld"), steps(LOCATIE, "actief")
    post = Post([HOOK], taken)
    post.log += [*over, *still]
    post.begin(NOW + DAY)
    post.tick(NOW + DAY)
    assert [own_id for _, _, own_id in post.arrived] == [still[0].id]


def test_what_began_and_ended_while_nobody_delivered_is_told_in_that_order():
    post = Post([HOOK], taken)
    post.begin(NOW - DAY)
    post.log += steps(TOEGANG, "actief", "hersteld")
    run(post, NOW + 5 * MINUTE, NOW + 2 * MINUTE)
    assert kinds(post) == ["geactiveerd", "hersteld"]


def test_who_asks_for_some_rules_or_some_ernst_hears_of_those_only():
    by_rule, by_ernst = receiver("een", regels=["toegang"]), receiver("twee", ernst=["kritiek"])
    post = Post([by_rule, by_ernst], taken)
    post.begin(NOW - DAY)
    post.log += [*steps(TOEGANG, "actief"), *steps(LANDELIJK, "actief", ernst="kritiek")]
    post.tick(NOW)
    assert Counter((naam, _subject(post, own_id)) for _, naam, own_id in post.arrived) == {
        ("een", "LOC-TER-APEL"): 1,
        ("twee", "NL"): 1,
    }


def test_an_alarm_about_what_is_afgeschermd_is_for_who_may_see_that():
    may, may_not = receiver("mag", vertrouwelijk=True), receiver("magniet")
    post = Post([may, may_not], taken, hidden=frozenset({"LOC-TER-APEL"}))
    post.begin(NOW - DAY)
    post.log += steps(TOEGANG, "actief", "hersteld")
    run(post, NOW + 5 * MINUTE)
    assert {naam for _, naam, _ in post.tried} == {"mag"}


@pytest.mark.parametrize("rest", [{}, {"voorRegel": "toegang"}], ids=["zelf", "gebrek aan gegevens"])
def test_an_alarm_that_is_only_for_toezicht_is_for_who_is_marked_so(rest):
    """And by that mark only. Nobody else is waited for, so it is settled once the marked have heard its end."""
    marked, others = receiver("toezicht", toezicht=True), [receiver("alles"), receiver("geheim", vertrouwelijk=True)]
    post = Post([marked, *others], taken)
    post.begin(NOW - DAY)
    post.log += steps(("te-laat", "GM0344"), "actief", "hersteld", grootheid="dagen-over-termijn", **rest)
    run(post, NOW + 5 * MINUTE)
    assert [naam for _, naam, _ in post.tried] == ["toezicht"] * 2
    boek = Alarmboek(post.log)
    assert [settled(alarm, boek.bezorgd, post.ontvangers) for alarm in boek.alarmen()] == [True]


def test_who_is_no_longer_marked_hears_no_more_of_it():
    post = Post([receiver("a", toezicht=True)], taken)
    post.begin(NOW - DAY)
    post.log += (made := steps(("te-laat", "GM0344"), "actief", "hersteld", grootheid="dagen-over-termijn"))[:1]
    post.tick(NOW)
    post.ontvangers = [receiver("a")]
    post.log += made[1:]
    run(post, NOW + 5 * MINUTE, NOW + MINUTE)
    assert [own_id for *_, own_id in post.tried] == [made[0].id]


def test_a_confirmation_is_told_to_who_asked_for_it():
    asks, does_not = receiver("wel", bevestigingen=True), receiver("niet")
    post = Post([asks, does_not], taken)
    post.begin(NOW - DAY)
    (alarm,) = steps(TOEGANG, "actief")
    data = {
        "alarmId": alarm.id,
        "regel": "toegang",
        "ernst": "hoog",
        "sinds": "2026-11-25T12:00:00Z",
        "bevestigdDoor": "m-7",
    }
    own_id = "00000000-0000-7000-8000-00000000beef"
    taken_up = AlarmBevestigd.model_validate(envelope(AlarmBevestigd, own_id, "LOC-TER-APEL", NOW) | {"data": data})
    post.log += [alarm, taken_up]
    run(post, NOW + 5 * MINUTE)
    assert [naam for _, naam, told in post.arrived if told == own_id] == ["wel"]


# Silences, and alarms that another alarm suppresses


def silence(tot: datetime, **about: str) -> Event:
    own_id = "00000000-0000-7000-8000-0000000051ec"
    data = {"stilteId": own_id, "vanaf": "2026-11-25T11:00:00Z", "tot": tot.isoformat().replace("+00:00", "Z")}
    said = data | about | {"reden": "onderhoud", "doorWie": "m-7"}
    return StilteIngesteld.model_validate(envelope(StilteIngesteld, own_id, "NL", NOW - DAY) | {"data": said})


def test_during_a_silence_nothing_is_told_and_after_it_what_is_still_the_matter():
    post = Post([HOOK], taken)
    post.begin(NOW - DAY)
    post.log += [silence(NOW + 10 * MINUTE, regel="toegang"), *steps(TOEGANG, "actief"), *steps(LOCATIE, "actief")]
    run(post, NOW + 9 * MINUTE)
    assert [_subject(post, own_id) for *_, own_id in post.arrived] == ["LOC-1"]
    run(post, NOW + 11 * MINUTE, NOW + 10 * MINUTE)
    assert [_subject(post, own_id) for *_, own_id in post.arrived] == ["LOC-1", "LOC-TER-APEL"]


def test_what_began_and_ended_in_silence_is_told_to_nobody():
    post = Post([HOOK], taken)
    post.begin(NOW - DAY)
    post.log += [silence(NOW + 30 * MINUTE, onderwerp="LOC-TER-APEL"), *steps(TOEGANG, "actief", "hersteld")]
    run(post, NOW + 60 * MINUTE)
    assert post.tried == []


def test_who_heard_the_beginning_hears_the_end_even_in_silence():
    post = Post([HOOK], taken)
    post.begin(NOW - DAY)
    first, end = steps(TOEGANG, "actief", "hersteld")
    post.log.append(first)
    post.tick(NOW)
    post.log += [silence(NOW + DAY, regel="toegang"), end]
    run(post, NOW + 5 * MINUTE, NOW + MINUTE)
    assert kinds(post) == ["geactiveerd", "hersteld"]


def test_the_country_inhibits_the_sites_and_what_is_left_is_told_when_it_ends():
    post = Post([HOOK], taken)
    post.begin(NOW - DAY)
    country = steps(LANDELIJK, "actief", "hersteld")
    sites = [
        steps(("locatie-bezetting", f"LOC-{n}"), "actief", onderdruktDoor=["landelijke-bezetting"]) for n in range(3)
    ]
    over = steps(("locatie-bezetting", "LOC-0"), "hersteld", begin=NOW + 2 * MINUTE, last=sites[0][0])
    post.log += [country[0], *(one[0] for one in sites)]
    run(post, NOW + 2 * MINUTE)
    assert kinds(post) == ["geactiveerd"], "only the country"
    said = [event.data for event in post.log if isinstance(event, AlarmGemeld) and event.data.uitkomst == "onderdrukt"]
    assert [one.fout for one in said] == [f"alarm {country[0].id}"] * 3, "programs read which, so it has this form"
    post.log += [*over, country[1]]
    run(post, NOW + 5 * MINUTE, NOW + 3 * MINUTE)
    told = Counter(_subject(post, own_id) for *_, own_id in post.arrived)
    assert told == {"NL": 2, "LOC-1": 1, "LOC-2": 1}, "of LOC-0 nothing was ever told"


def test_an_alertmanager_hears_all_of_it_since_it_inhibits_by_itself():
    post = Post([receiver("am", soort="alertmanager")], taken)
    post.begin(NOW - DAY)
    post.log += [*steps(LANDELIJK, "actief"), *steps(LOCATIE, "actief", onderdruktDoor=["landelijke-bezetting"])]
    post.tick(NOW)
    assert len(post.arrived) == 2


# Failing


def test_the_schedule_is_that_of_standard_webhooks():
    seconds = [int(one.total_seconds()) for one in SCHEDULE]
    assert seconds == [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]
    assert wait_after(1, 0.0) == timedelta(seconds=5)
    assert wait_after(ATTEMPTS_MAX - 1, 0.0) == DAY
    assert wait_after(ATTEMPTS_MAX, 0.0) is None


@given(st.integers(1, ATTEMPTS_MAX - 1), st.floats(0, 1), st.one_of(st.none(), st.timedeltas(timedelta(0), 400 * DAY)))
def test_a_wait_is_at_least_what_is_due_and_asked_and_never_longer_than_a_day_and_some(attempts, chance, asked):
    wait = wait_after(attempts, chance, asked)
    assert wait is not None
    assert SCHEDULE[attempts - 1] <= wait <= DAY * 1.1
    assert asked is None or asked > DAY or wait >= asked


def test_who_answers_500_for_a_day_gets_it_afterwards():
    back = NOW + DAY
    post = Post([HOOK], lambda _, now: 204 if now >= back else 500)
    post.begin(NOW - DAY)
    post.log += steps(TOEGANG, "actief")
    run(post, NOW + 3 * DAY)
    assert len(post.arrived) == 1
    assert {own_id for *_, own_id in post.tried} == {post.arrived[0][2]}, "every attempt under the same id"
    assert 5 <= len(post.tried) <= ATTEMPTS_MAX


def test_what_is_given_up_stays_to_be_seen_and_can_be_sent_again():
    post = Post([HOOK], lambda *_: 500)
    post.begin(NOW - DAY)
    (alarm,) = steps(TOEGANG, "actief")
    post.log.append(alarm)
    run(post, NOW + 6 * DAY, step=timedelta(minutes=30))
    assert len(post.tried) == ATTEMPTS_MAX
    said = Alarmboek(post.log).bezorgd.of("meldkamer", alarm.id)
    assert said is not None
    assert (said.data.uitkomst, said.data.poging) == ("opgegeven", ATTEMPTS_MAX)
    again = NOW + 7 * DAY
    own_id = "00000000-0000-7000-8000-00000000aaaa"
    post.log.append(switch("meldkamer", actief=True, reden="opnieuw", door="m-7", own_id=own_id, now=again))
    answers = iter([500, 204])
    post.answers = lambda *_: next(answers)
    run(post, again + 10 * MINUTE, again)
    assert len(post.arrived) == 1
    assert len(post.tried) == ATTEMPTS_MAX + 2, "from the beginning of the schedule"


def test_a_receiver_that_answers_410_gets_nothing_until_it_is_switched_on_again():
    post = Post([HOOK], lambda *_: 410)
    post.begin(NOW - DAY)
    post.log += [*steps(TOEGANG, "actief"), *steps(LOCATIE, "actief", begin=NOW + MINUTE)]
    run(post, NOW + 2 * DAY, step=timedelta(hours=1))
    assert len({when for when, *_ in post.tried}) == 1
    again = NOW + 3 * DAY
    own_id = "00000000-0000-7000-8000-00000000aaaa"
    post.log.append(switch("meldkamer", actief=True, reden="opnieuw", door="m-7", own_id=own_id, now=again))
    post.answers = taken
    run(post, again + MINUTE, again)
    assert {_subject(post, told) for *_, told in post.arrived} == {"LOC-TER-APEL", "LOC-1"}


def test_the_end_waits_until_the_beginning_arrived():
    back = NOW + 20 * MINUTE
    post = Post([HOOK], lambda _, now: 204 if now >= back else 503)
    post.begin(NOW - DAY)
    post.log += steps(TOEGANG, "actief", "hersteld")
    run(post, NOW + 3 * timedelta(hours=1))
    assert kinds(post) == ["geactiveerd", "hersteld"]


def test_what_failed_and_is_silenced_then_is_said_to_be_so_once():
    post = Post([HOOK], lambda *_: 500)
    post.begin(NOW - DAY)
    post.log += steps(TOEGANG, "actief")
    post.tick(NOW)
    post.log.append(silence(NOW + DAY, regel="toegang"))
    run(post, NOW + 10 * MINUTE, NOW + MINUTE)
    said = [(event.data.uitkomst, event.data.fout) for event in post.log if isinstance(event, AlarmGemeld)]
    assert said == [("uitgesteld", "500"), ("onderdrukt", "stilte 00000000-0000-7000-8000-0000000051ec")]
    post.answers = taken
    run(post, NOW + DAY + MINUTE, NOW + DAY)
    assert kinds(post) == ["geactiveerd"]


# Whatever happens

rounds = st.lists(
    st.tuples(st.sampled_from((204, 204, 500, 503)), st.booleans(), st.integers(1, 400), st.integers(0, 2)),
    min_size=1,
    max_size=25,
)
"""(status of the receivers, whether the courier dies before it reports, minutes until the next round, new events)."""


@LAW
@given(rounds)
def test_killed_at_any_instant_nothing_is_lost_and_nothing_has_two_ids(plan):
    """In the end every receiver got every alarm, each under one id, the beginning before the end."""
    post = Post([receiver("een"), receiver("twee")], taken)
    post.begin(NOW - DAY)
    coming = [
        *steps(TOEGANG, "actief", "hersteld"),
        *steps(LANDELIJK, "wachtend", "actief", "herstellend", "hersteld"),
        *steps(LOCATIE, "actief"),
    ]
    now = NOW
    for status, dies, minutes, heard in plan:
        post.answers = lambda *_, status=status: status
        post.log += coming[:heard]
        del coming[:heard]
        post.tick(now, forgets=dies)
        now += minutes * MINUTE
    post.answers = taken
    post.log += coming
    for _ in range(ATTEMPTS_MAX + 3):
        post.tick(now)
        now += 2 * DAY
    boek = Alarmboek(post.log)
    for naam in ("een", "twee"):
        order = [own_id for _, who, own_id in post.arrived if who == naam]
        first = {own_id: order.index(own_id) for own_id in order}
        for alarm in boek.alarmen():
            begun = next(one.id for one in alarm.overgangen if one.type.endswith("geactiveerd.v1"))
            assert begun in first
            if alarm.status == "hersteld":
                assert first[alarm.overgangen[-1].id] > first[begun]
            assert set(first) & {one.id for one in alarm.overgangen} <= {begun, alarm.overgangen[-1].id}
    assert te_bezorgen(boek.alarmen(), boek.bezorgd, post.ontvangers, [], (), now) == ([], [])


@LAW
@given(rounds, st.randoms(use_true_random=False))
def test_what_was_told_does_not_depend_on_the_order_in_which_it_is_heard(plan, chance):
    post = Post([HOOK], taken)
    post.begin(NOW - DAY)
    post.log += [*steps(TOEGANG, "actief", "hersteld"), *steps(LOCATIE, "actief")]
    now = NOW
    for status, dies, minutes, _ in plan:
        post.answers = lambda *_, status=status: status
        post.tick(now, forgets=dies)
        now += minutes * MINUTE
    shuffled = [*post.log, *post.log[:5]]
    chance.shuffle(shuffled)
    one, other = Alarmboek(post.log), Alarmboek(shuffled)
    assert one.alarmen() == other.alarmen()
    asked = ([HOOK], [], (), now)
    assert te_bezorgen(one.alarmen(), one.bezorgd, *asked) == te_bezorgen(other.alarmen(), other.bezorgd, *asked)


@LAW
@given(rounds)
def test_alarms_that_are_settled_have_no_deliveries_left(plan):
    post = Post([HOOK, receiver("twee", bevestigingen=True)], taken)
    post.begin(NOW - DAY)
    post.log += [
        *steps(TOEGANG, "actief", "hersteld"),
        *steps(LOCATIE, "actief", "hersteld"),
        *steps(LANDELIJK, "actief"),
    ]
    now = NOW + 10 * MINUTE
    for status, dies, minutes, _ in plan:
        post.answers = lambda *_, status=status: status
        post.tick(now, forgets=dies)
        now += minutes * MINUTE
        boek = Alarmboek(post.log)
        left, silenced = te_bezorgen(boek.alarmen(), boek.bezorgd, post.ontvangers, boek.stiltes, (), now)
        assert dies or not silenced, "what is not told was said to be so at the last look"
        unsettled = {alarm.id for alarm in boek.alarmen() if not settled(alarm, boek.bezorgd, post.ontvangers)}
        assert {one.alarm.id for one in [*left, *silenced]} <= unsettled


def _subject(post: Post, own_id: str) -> str:
    return next(event.subject for event in post.log if event.id == own_id)
