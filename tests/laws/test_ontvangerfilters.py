"""Laws of filters: what a receiver asks for may change at any instant, and nothing is lost, repeated or left open."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.events import (
    AlarmBevestigd,
    AlarmGeactiveerd,
    AlarmGemeld,
    AlarmHersteld,
    Event,
    OntvangerGewijzigd,
    StilteIngesteld,
)
from schemas.fields import format_moment
from schemas.ontvangers import NIETS, Ontvanger
from services.core.alarms.alarmen import Alarm, envelope
from services.core.alarms.bezorging import kept, nieuws, settled, switch
from services.core.alarms.boek import Alarmboek
from services.core.alarms.filter import past
from tests.support.bezorg_help import LOCATIE, NOW, TOEGANG, Post, receiver, run, steps, taken
from tests.support.strategies import LAW

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"regels": ["toegang"]},
    {"ernst": ["kritiek"]},
    {"onderwerpen": ["LOC-1", "NL"]},
    {"provincies": ["PV20"]},
    {"gemeenten": ["GM0363"], "ernst": ["hoog", "kritiek"]},
    {"locatiesoorten": ["noodopvang"]},
    {"regels": ["toegang"], "vertrouwelijk": True},
)


class File(Post):
    """A courier whose file of receivers may change. It says on the topic what each receiver gets, as `Courier` does."""

    def becomes(self, now: Any, *ontvangers: Ontvanger, forgets: bool = False) -> None:
        """Takes over a file. With `forgets` the process dies before the topic hears of it."""
        boek = Alarmboek(self.log)
        if not forgets:
            change = self.ontvangers, ontvangers, boek.stiltes, self.hidden, now
            self.log += kept(boek.alarmen(), boek.bezorgd, *change)
        self.ontvangers = list(ontvangers)
        if not forgets:
            self.say_who(now)

    def say_who(self, now: Any) -> None:
        for naam, gets, why in nieuws(self.ontvangers, Alarmboek(self.log).bezorgd):
            own_id = f"00000000-0000-7000-8002-{len(self.log):012}"
            gone = gets == NIETS
            self.log.append(switch(naam, actief=not gone, reden=why, door=None, own_id=own_id, now=now, krijgt=gets))

    def heard(self) -> list[str]:
        """What arrived, as `geactiveerd LOC-1`, in order."""
        of = {event.id: f"{event.type.split('-')[-1].split('.')[0]} {event.subject}" for event in self.log}
        return [of[own_id] for _, _, own_id in self.arrived]


def post(**fields: Any) -> File:
    made = File([], taken)
    made.becomes(NOW - DAY, receiver(**fields))
    return made


PLACES = {"gemeente": "GM1950", "locatiesoort": "aanmeldcentrum"}  # Westerwolde, in PV20


def test_who_comes_to_ask_for_an_open_alarm_is_told_of_it_and_not_of_what_was_over():
    one = post(regels=["achterstand"])
    one.log += [*steps(TOEGANG, "actief", **PLACES), *steps(LOCATIE, "actief", "hersteld")]
    run(one, NOW + 5 * MINUTE)
    assert one.heard() == []
    one.becomes(NOW + 6 * MINUTE, receiver())
    run(one, NOW + 9 * MINUTE, NOW + 7 * MINUTE)
    assert one.heard() == ["geactiveerd LOC-TER-APEL"]


def test_who_no_longer_asks_for_an_alarm_still_hears_how_it_ends_and_of_no_next_one():
    one = post(provincies=["PV20"])
    first, end = steps(TOEGANG, "actief", "hersteld", **PLACES)
    one.log.append(first)
    one.tick(NOW)
    one.becomes(NOW + MINUTE, receiver(provincies=["PV27"]))
    again = steps(TOEGANG, "actief", begin=NOW + 5 * MINUTE, last=end, **PLACES)
    one.log += [end, *again]
    run(one, NOW + 9 * MINUTE, NOW + MINUTE)
    assert one.heard() == ["geactiveerd LOC-TER-APEL", "hersteld LOC-TER-APEL"]


def test_what_was_tried_already_is_carried_through():
    """Who failed may have it all the same, so it must hear the end too."""
    one = post(regels=["toegang"])
    one.answers = lambda *_: 500
    one.log += steps(TOEGANG, "actief", "hersteld")
    one.tick(NOW)
    one.becomes(NOW + MINUTE, receiver(regels=["achterstand"]))
    one.answers = taken
    run(one, NOW + 30 * MINUTE, NOW + 2 * MINUTE)
    assert one.heard() == ["geactiveerd LOC-TER-APEL", "hersteld LOC-TER-APEL"]


def test_who_went_and_came_back_hears_what_is_the_matter_then():
    one = post()
    one.becomes(NOW)
    one.log += [*steps(TOEGANG, "actief", "hersteld"), *steps(LOCATIE, "actief")]
    run(one, NOW + 5 * MINUTE)
    assert one.heard() == []
    one.becomes(NOW + 6 * MINUTE, receiver())
    run(one, NOW + 9 * MINUTE, NOW + 7 * MINUTE)
    assert one.heard() == ["geactiveerd LOC-1"]
    said = [event.data.reden for event in one.log if isinstance(event, OntvangerGewijzigd)]
    assert said == [
        "staat nieuw in het bestand van de ontvangers",
        "staat niet meer in het bestand van de ontvangers",
        "staat nieuw in het bestand van de ontvangers",
    ]


def test_who_came_to_may_hear_of_what_is_afgeschermd_hears_nothing_of_before():
    one = post()
    one.hidden = frozenset({"LOC-TER-APEL"})
    one.log += [*steps(TOEGANG, "actief", "hersteld")]
    run(one, NOW + 5 * MINUTE)
    one.becomes(NOW + 6 * MINUTE, receiver(vertrouwelijk=True))
    run(one, NOW + 9 * MINUTE, NOW + 7 * MINUTE)
    assert one.heard() == []


def test_a_change_of_filter_switches_nobody_on_and_sends_nothing_again():
    one = post()
    one.answers = lambda *_: 410
    one.log += steps(TOEGANG, "actief")
    one.tick(NOW)
    one.answers = taken
    one.becomes(NOW + MINUTE, receiver(ernst=["hoog"]))
    run(one, NOW + DAY, NOW + MINUTE, step=timedelta(hours=1))
    assert (one.heard(), Alarmboek(one.log).bezorgd.off("meldkamer") is not None) == ([], True)


BUNDLED: dict[str, Any] = {"bundel": "1h"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"bevestigingen": True}, True),
        ({"regels": ["toegang"]}, True),
        ({"regels": ["achterstand"]}, False),
        ({"vertrouwelijk": True}, True),
    ],
)
def test_what_waits_in_a_bundle_and_is_over_is_told_also_when_the_filter_changes(change, told):
    """It was asked for before the change and still is, so it is told when it would have been. Twice changed as well."""
    one = post(**BUNDLED)
    one.log += steps(TOEGANG, "actief", "hersteld")
    run(one, NOW + 29 * MINUTE)
    for n in (30, 31):
        one.becomes(NOW + n * MINUTE, receiver(**BUNDLED, **change))
        change = change | {"ernst": ["hoog"]}
    run(one, NOW + 70 * MINUTE, NOW + 31 * MINUTE)
    assert one.heard() == (["geactiveerd LOC-TER-APEL", "hersteld LOC-TER-APEL"] if told else [])
    assert {moment for moment, *_ in one.arrived} <= {NOW + 60 * MINUTE, NOW + 61 * MINUTE}
    said = [event.data for event in one.log if isinstance(event, AlarmGemeld) and event.data.uitkomst == "uitgesteld"]
    assert {(one.poging, one.fout) for one in said} <= {(0, None)}, "no attempt was made, so none failed"


@pytest.mark.parametrize(("asks", "told"), [(True, 1), (False, 0)])
def test_that_somebody_took_an_alarm_up_waits_in_a_bundle_too(asks, told):
    one = post(**BUNDLED, bevestigingen=True)
    first, end = steps(TOEGANG, "actief", "hersteld")
    one.log.append(first)
    run(one, NOW + 60 * MINUTE)
    own_id, op = "00000000-0000-7000-8000-00000000beef", NOW + 61 * MINUTE
    data = {"alarmId": first.id, "regel": "toegang", "ernst": "hoog", "sinds": "2026-11-25T12:00:00Z"}
    said = envelope(AlarmBevestigd, own_id, "LOC-TER-APEL", op) | {"data": data | {"bevestigdDoor": "m-7"}}
    one.log += [AlarmBevestigd.model_validate(said), end.model_copy(update={"time": NOW + 62 * MINUTE})]
    one.tick(NOW + 63 * MINUTE)
    one.becomes(NOW + 64 * MINUTE, receiver(**BUNDLED, bevestigingen=asks, regels=["toegang"]))
    run(one, NOW + 130 * MINUTE, NOW + 65 * MINUTE)
    assert [told for *_, told in one.arrived].count(own_id) == told
    assert one.heard()[-1] == "hersteld LOC-TER-APEL"


@pytest.mark.parametrize("over", [True, False])
@pytest.mark.parametrize("asks", [{"regels": ["achterstand"]}, {"bevestigingen": True}])
def test_what_was_given_up_is_sent_again_when_asked_also_when_the_filter_has_changed(over, asks):
    one = post()
    one.answers = lambda *_: 410
    first, end = steps(TOEGANG, "actief", "hersteld")
    one.log.append(first)
    one.tick(NOW)
    one.log += [end] if over else []
    one.becomes(NOW + 5 * MINUTE, receiver(**asks))
    bezorgd = Alarmboek(one.log).bezorgd
    assert [said.data.overgang for said in bezorgd.given_up("meldkamer")] == [first.id]
    one.answers = taken
    own_id, again = "00000000-0000-7000-8000-00000000aaaa", NOW + DAY
    one.log.append(switch("meldkamer", actief=True, reden="opnieuw", door="m-7", own_id=own_id, now=again))
    run(one, again + 5 * MINUTE, again)
    assert one.heard() == ["geactiveerd LOC-TER-APEL", "hersteld LOC-TER-APEL"][: 1 + over]


def test_what_was_tried_and_ended_in_silence_is_carried_through():
    """Who failed may have it all the same. Else it would be left with an alarm that never ends."""
    one = post()
    one.answers = lambda *_: 500
    first, end = steps(TOEGANG, "actief", "hersteld")
    one.log.append(first)
    one.tick(NOW)
    one.log.append(silence("toegang", NOW + MINUTE))
    one.tick(NOW + MINUTE)
    one.answers = taken
    one.log.append(end.model_copy(update={"time": NOW + 2 * MINUTE}))
    run(one, NOW + 9 * MINUTE, NOW + 2 * MINUTE)
    assert one.heard() == ["geactiveerd LOC-TER-APEL", "hersteld LOC-TER-APEL"]


def test_what_an_earlier_version_said_of_a_receiver_still_counts():
    """It did not say what the receiver got. What began and ended during the upgrade is told of."""
    one = File([receiver()], taken)
    one.begin(NOW - DAY)
    one.log += steps(TOEGANG, "actief", "hersteld")
    one.say_who(NOW + 5 * MINUTE)
    run(one, NOW + 9 * MINUTE, NOW + 5 * MINUTE)
    assert one.heard() == ["geactiveerd LOC-TER-APEL", "hersteld LOC-TER-APEL"]
    said = [event.data.reden for event in one.log if isinstance(event, OntvangerGewijzigd)]
    assert said == ["nieuw", "van welke alarmen hij krijgt wordt vanaf nu vastgelegd"], "it is not new"


rounds = st.lists(
    st.tuples(
        st.integers(0, len(FILTERS)),
        st.sampled_from((204, 204, 500)),
        st.booleans(),
        st.integers(1, 400),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=20,
)
"""(filter, and the last stands for no receiver at all; status of the receiver; whether the process dies before it
reports; minutes until the next round; new events)."""


@LAW
@given(rounds)
def test_whatever_the_filter_becomes_nobody_is_left_with_an_alarm_that_never_ends(plan):
    one = File([], taken)
    coming = [
        *steps(TOEGANG, "actief", "hersteld", **PLACES),
        *steps(LOCATIE, "actief", "hersteld", gemeente="GM0363", locatiesoort="noodopvang"),
        *steps(("landelijke-bezetting", "NL"), "actief", "hersteld", ernst="kritiek"),
        *steps(("toegang", "LOC-2"), "actief", "hersteld"),
    ]
    now, asked = NOW - DAY, []
    for number, status, dies, minutes, heard in plan:
        asked = [receiver(**FILTERS[number])] if number < len(FILTERS) else []
        one.becomes(now, *asked, forgets=dies)
        one.answers = lambda *_, status=status: status
        new, coming = coming[:heard], coming[heard:]
        one.log += [event.model_copy(update={"time": now}) for event in new]
        before = len(one.tried)
        begun = {said.data.overgang for said in one.log if isinstance(said, AlarmGemeld)}
        one.tick(now, forgets=dies)
        for _, _, own_id in one.tried[before:]:
            alarm = _alarm_of(one.log, own_id)
            assert own_id in begun or past(asked[0], alarm) or own_id != _begin(alarm), "told of what was not asked for"
        now += minutes * MINUTE
    one.answers = taken
    one.becomes(now, *asked)
    one.log += [event.model_copy(update={"time": now}) for event in coming]
    run(one, now + 40 * DAY, now, step=timedelta(days=2))
    boek = Alarmboek(one.log)
    arrived = [own_id for _, _, own_id in one.arrived]
    recorded = {
        said.data.overgang for said in one.log if isinstance(said, AlarmGemeld) and said.data.uitkomst == "bezorgd"
    }
    for alarm in boek.alarmen():
        if asked and _begin(alarm) in recorded:
            assert alarm.overgangen[-1].id in arrived, "who was told of the beginning is told of the end"
        assert settled(alarm, boek.bezorgd, one.ontvangers)
    assert all(arrived.count(own_id) == 1 for own_id in recorded if not any(dies for _, _, dies, _, _ in plan))


@LAW
@given(rounds, st.randoms(use_true_random=False))
def test_since_when_a_receiver_gets_what_it_gets_does_not_depend_on_the_order_in_which_that_is_heard(plan, chance):
    one, now = File([], taken), NOW
    for number, _, dies, minutes, _ in plan:
        one.becomes(now, *([receiver(**FILTERS[number])] if number < len(FILTERS) else []), forgets=dies)
        now += minutes * MINUTE
    shuffled = [*one.log, *one.log[:3]]
    chance.shuffle(shuffled)
    mine, theirs = Alarmboek(one.log).bezorgd, Alarmboek(shuffled).bezorgd
    for fields in FILTERS:
        assert mine.since(receiver(**fields)) == theirs.since(receiver(**fields))
    assert mine.gewijzigd("meldkamer") == theirs.gewijzigd("meldkamer")
    assert nieuws(one.ontvangers, mine) == nieuws(one.ontvangers, theirs)


def silence(regel: str, now: Any) -> Event:
    own_id = "00000000-0000-7000-8000-0000000051ec"
    said = {"stilteId": own_id, "vanaf": format_moment(now), "tot": format_moment(now + DAY), "regel": regel}
    data = said | {"reden": "onderhoud", "doorWie": "m-7"}
    return StilteIngesteld.model_validate(envelope(StilteIngesteld, own_id, "NL", now) | {"data": data})


def _alarm_of(log: list[Event], own_id: str) -> Alarm:
    return next(
        alarm for alarm in Alarmboek(log).alarmen() if own_id in {transition.id for transition in alarm.overgangen}
    )


def _begin(alarm: Alarm) -> str:
    return next(one.id for one in alarm.overgangen if isinstance(one, AlarmGeactiveerd))


# Which alarms a filter lets through

WHERE: tuple[tuple[str, dict[str, Any], dict[str, bool]], ...] = (
    # onderwerp, what is said of it → per filter whether it passes
    ("NL", {}, {"provincies": False, "gemeenten": False, "locatiesoorten": False}),
    ("2024", {}, {"provincies": False, "gemeenten": False, "locatiesoorten": False}),
    ("PV27", {}, {"provincies": True, "gemeenten": False, "locatiesoorten": False}),
    ("PV20", {}, {"provincies": False, "gemeenten": False, "locatiesoorten": False}),
    ("GM0363", {}, {"provincies": True, "gemeenten": True, "locatiesoorten": False}),
    ("GM0014", {}, {"provincies": False, "gemeenten": False, "locatiesoorten": False}),
    (
        "LOC-1",
        {"gemeente": "GM0363", "locatiesoort": "azc"},
        {"provincies": True, "gemeenten": True, "locatiesoorten": True},
    ),
    (
        "LOC-1",
        {"gemeente": "GM0014", "locatiesoort": "hotel"},
        {"provincies": False, "gemeenten": False, "locatiesoorten": False},
    ),
    ("LOC-1", {}, {"provincies": True, "gemeenten": True, "locatiesoorten": True}),  # not known: never kept away
)
ASKED = {"provincies": ["PV27", "PV28"], "gemeenten": ["GM0363"], "locatiesoorten": ["azc", "amv"]}


@pytest.mark.parametrize(("onderwerp", "said", "passes"), WHERE)
def test_an_alarm_passes_a_filter_when_it_is_about_what_that_names(onderwerp, said, passes):
    (alarm,) = Alarmboek(steps(("toegang", onderwerp), "actief", **said)).of(("toegang", onderwerp))
    assert {kind: past(receiver(**{kind: ASKED[kind]}), alarm) for kind in ASKED} == passes
    assert past(receiver(**ASKED), alarm) == all(passes.values()), "kinds go together, and values of one do not"
    assert past(receiver(onderwerpen=["LOC-9", onderwerp]), alarm)
    assert not past(receiver(onderwerpen=["LOC-9"]), alarm)
    assert not past(receiver(onderwerpen=[onderwerp], ernst=["info"]), alarm)


def test_the_end_of_an_alarm_is_judged_by_what_was_known_when_it_went_off():
    begun, _ = steps(TOEGANG, "actief", "herstellend", gemeente="GM0363")
    (end,) = steps(TOEGANG, "hersteld", begin=NOW + MINUTE, last=begun, gemeente="GM0014")
    assert isinstance(end, AlarmHersteld)
    (alarm,) = Alarmboek([begun, end]).of(TOEGANG)
    assert past(receiver(gemeenten=["GM0363"]), alarm)
