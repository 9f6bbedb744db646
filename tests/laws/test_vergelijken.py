"""What a dry run says would be sent is what is needed, no more and no less: held against the fold itself."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from schemas.events import Event, Ingetrokken
from schemas.fields import END_OF_TIME, parse_moment
from services.core.beschikbaar import er_sinds
from services.core.fold import fold, history, writes
from services.core.reasons.vergelijken import Kandidaat, Oordeel, vergelijk
from services.core.registers import Key, Register, Winner
from tests.support import make
from tests.support.strategies import LAW, event_lists

NOW = parse_moment("2031-06-01")
"""Later than every moment that the strategies name."""
HOUR = timedelta(hours=1)
_numbers = count(10**9)


def stored_of(events: Iterable[Event]) -> dict[Key, list[Winner]]:
    """What the store gives: of each register the greatest write of each moment."""
    found: dict[Key, list[Winner]] = defaultdict(list)
    for (subject, register, _), winner in history(events, END_OF_TIME, END_OF_TIME).items():
        found[subject, register].append(winner)
    return {key: sorted(some, key=lambda one: one.rank) for key, some in found.items()}


def held(store: Sequence[Event], rows: Sequence[Event], now: datetime = NOW, own: Sequence[bool] = ()) -> list[Oordeel]:
    """Holds rows against a store. `own`: which of them say when they were logged."""
    said = [*own, *[False] * len(rows)]
    asked = [Kandidaat(n, one, one.time if said[n] else None) for n, one in enumerate(rows)]
    return vergelijk(asked, stored_of(store), now)


def sent(found: Iterable[Oordeel]) -> list[Event]:
    return [one.event.model_copy(update={"id": str(UUID(int=next(_numbers)))}) for one in found if one.zendt]


def facts(events: Iterable[Event]) -> list[Event]:
    return [one for one in events if not isinstance(one, Ingetrokken)]


def meaning(register: str, winner: Winner) -> object:
    if Register.of_name(register) is not Register.PLAATSEN:
        return winner.value
    return {**winner.value, "beschikbaarVanaf": er_sinds(winner) if winner.value["aantal"] else None}


def is_lens(event: Event) -> bool:
    return any(Register.of_name(one.register).declared.lens for one in writes(event))


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Event], list[Event], list[bool]]:
    store = draw(event_lists(max_size=8))
    rows = facts(draw(event_lists(max_size=8)))
    own = draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    return store, rows, own


@LAW
@given(cases())
def test_the_same_rows_twice_send_nothing(case):
    store, rows, own = case
    first = held(store, rows, NOW, own)
    again = held([*store, *sent(first)], rows, NOW + HOUR, own)
    assert [one.uitkomst for one in again if one.zendt] == []
    assert [one.uitkomst == "geweigerd" for one in first] == [one.uitkomst == "geweigerd" for one in again]


@LAW
@given(cases())
def test_what_is_sent_puts_each_row_in_force_at_its_moment(case):
    store, rows, own = case
    found = held(store, rows, NOW, own)
    after = [*store, *sent(found)]
    for one in found:
        if one.uitkomst == "geweigerd" or is_lens(one.event):
            continue
        for write in writes(one.event):
            there = fold(after, write.effective_at, NOW)[one.event.subject, write.register]
            said = Winner(write.value, write.effective_at, NOW, "")
            assert meaning(write.register, there) == meaning(write.register, said), (one, there)
            if Register.of_name(write.register).declared.of_moment:
                assert there.effective_at == write.effective_at


@LAW
@given(cases())
def test_what_is_equal_is_left_out_without_a_trace(case):
    """Leaving out the rows that are equal changes no register at any moment, apart from which event says it."""
    store, rows, own = case
    found = held(store, rows, NOW, own)
    only = [n for n, one in enumerate(found) if one.zendt]
    again = held(store, [rows[n] for n in only], NOW, [own[n] for n in only])
    assert [(one.uitkomst, one.event, one.vervangt) for one in again] == [
        (found[n].uitkomst, found[n].event, found[n].vervangt) for n in only
    ]


@LAW
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(case, chance):
    store, rows, own = case
    places = [(one.subject, write.register, write.effective_at) for one in rows for write in writes(one)]
    assume(len(set(places)) == len(places))  # Of two about one moment the first in the request goes before.
    order = list(range(len(rows)))
    chance.shuffle(order)
    found = held(store, rows, NOW, own)
    mixed = held(store, [rows[n] for n in order], NOW, [own[n] for n in order])
    assert mixed == [found[n] for n in order]


@LAW
@given(event_lists(max_size=8), event_lists(max_size=8))
def test_a_log_goes_in_as_it_is(store, log):
    """Each line keeps its id and its `time`, whatever is in force."""
    log = [one for one in log if one.id not in {known.id for known in store}]
    found = vergelijk([Kandidaat(n, one, one.time, vast=True) for n, one in enumerate(log)], stored_of(store), NOW)
    assert [(one.uitkomst, one.event) for one in found] == [("nieuw", one) for one in log]


# By name -------------------------------------------------------------------------------------------------------------

A_DAY, B_DAY, C_DAY = "2025-01-01T00:00:00Z", "2025-02-01T00:00:00Z", "2025-03-01T00:00:00Z"


def outcomes(found: Iterable[Oordeel]) -> list[str]:
    return [one.uitkomst for one in found]


def test_a_to_b_to_a_ends_at_a():
    """Each time the last file wins, also when its rows say that they were logged long ago."""
    store: list[Event] = []
    for n, people in enumerate((280, 310, 280)):
        found = held(store, [make.reading(people, A_DAY, time=A_DAY)], NOW + n * HOUR, [True])
        assert outcomes(found) == ["wijkt af" if n else "nieuw"]
        assert found[0].event.time == (NOW + n * HOUR if n else parse_moment(A_DAY))
        store += sent(found)
    assert fold(store, NOW, NOW + 3 * HOUR)[make.LOC, "aanwezig"].value == 280


def test_a_correction_keeps_its_own_time_where_that_is_later():
    store = [make.reading(280, A_DAY, time=A_DAY)]
    (found,) = held(store, [make.reading(310, A_DAY, time=B_DAY)], NOW, [True])
    assert (found.uitkomst, found.event.time) == ("wijkt af", parse_moment(B_DAY))
    assert [one.winner.value for one in found.vervangt] == [280]
    (found,) = held(store, [make.reading(310, A_DAY, time=A_DAY)], NOW, [True])
    assert found.event.time == NOW, "a tie is not later"


def test_rows_see_each_other_in_the_order_of_their_moments():
    store = [make.access("open", vanaf=A_DAY)]
    rows = [make.access("open", vanaf=C_DAY), make.access("gesloten", vanaf=B_DAY)]
    assert outcomes(held(store, rows)) == ["wijkt af", "wijkt af"]
    assert outcomes(held(store, rows[:1])) == ["gelijk"]


def test_a_count_is_equal_only_to_one_of_the_same_moment():
    store = [make.reading(280, A_DAY)]
    assert outcomes(held(store, [make.reading(280, B_DAY), make.reading(280, A_DAY)])) == ["nieuw", "gelijk"]


def test_what_contradicts_another_row_is_refused_and_names_it():
    rows = [make.reading(280, A_DAY), make.reading(310, A_DAY), make.reading(280, A_DAY)]
    found = held([], rows)
    assert outcomes(found) == ["nieuw", "geweigerd", "gelijk"]
    assert found[1].fout is not None
    assert "dan gebeurtenis 0 in dit verzoek" in found[1].fout[1]


def test_what_is_recorded_after_now_is_not_replaced():
    store = [make.reading(280, A_DAY, time="2031-06-01T00:02:00Z")]
    (found,) = held(store, [make.reading(310, A_DAY)])
    assert (found.uitkomst, found.fout and found.fout[0]) == ("geweigerd", "time")
    assert outcomes(held(store, [make.reading(280, A_DAY)])) == ["gelijk"]
    later = make.reading(310, A_DAY, time="2031-06-01T00:03:00Z")
    assert outcomes(held(store, [later], NOW, [True])) == ["wijkt af"]


def test_what_is_recorded_after_now_about_an_earlier_moment_stands_in_no_ones_way():
    store = [make.access("open", vanaf=A_DAY, time="2031-06-01T00:02:00Z")]
    rows = [make.access("gesloten", vanaf=B_DAY)]
    assert outcomes(held(store, rows)) == ["wijkt af"]
    assert fold([*store, *sent(held(store, rows))], NOW, NOW + HOUR)[make.LOC, "toegang"].value == "gesloten"


def test_a_row_that_is_refused_is_nothing_to_hold_others_against():
    rows = [make.access("gesloten", vanaf=A_DAY, time=A_DAY), make.access("gesloten", vanaf=B_DAY)]
    asked = [Kandidaat(0, rows[0], rows[0].time), Kandidaat(1, rows[1], None)]
    found = vergelijk(asked, {}, NOW, mag=lambda one: ("time", "is te oud") if one.time < NOW else None)
    assert [(one.uitkomst, one.fout) for one in found] == [("geweigerd", ("time", "is te oud")), ("nieuw", None)]


def test_what_follows_on_a_retraction_of_the_same_request_waits_for_it():
    target = make.reading(280, A_DAY)
    for people in (280, 310):
        asked = [Kandidaat(n, one, None) for n, one in enumerate([make.retracted(target), make.reading(people, A_DAY)])]
        found = vergelijk(asked, stored_of([target]), NOW)
        assert outcomes(found) == ["nieuw", "geweigerd"]
        assert found[1].fout is not None
        assert "gebeurtenis 0 in dit verzoek" in found[1].fout[1]


def test_places_that_are_sent_again_are_there_as_long_as_they_were():
    store = [make.places(300, vanaf=A_DAY)]
    found = held(store, [make.places(300, vanaf=B_DAY), make.places(310, vanaf=C_DAY)])
    assert outcomes(found) == ["gelijk", "wijkt af"]
    assert [one.event.data.plaatsen[0].beschikbaarVanaf for one in found] == [parse_moment(A_DAY)] * 2
    assert outcomes(held(store, [make.places(300, vanaf=B_DAY, sinds=B_DAY)])) == ["wijkt af"]


@pytest.mark.parametrize("before", [make.places(0, vanaf=A_DAY), make.places(300, vanaf=A_DAY, tot=B_DAY)], ids=str)
def test_places_that_are_gone_are_not_gone_on_with(before):
    (found,) = held([before], [make.places(300, vanaf=C_DAY)])
    assert found.uitkomst == "wijkt af"
    assert found.event.data.plaatsen[0].beschikbaarVanaf is None


def test_a_rule_that_a_later_one_overrides_is_refused():
    store = [make.rule("krant", vanaf=B_DAY)]
    first, last = make.rule("krant", soorten=("nood",), vanaf=A_DAY), make.rule("krant", soorten=("nood",), vanaf=C_DAY)
    assert outcomes(held(store, [first, last])) == ["geweigerd", "wijkt af"]
    assert outcomes(held([*store, first], [first])) == ["gelijk"]


def test_a_retraction_that_is_there_is_equal():
    target = make.reading(280, A_DAY)
    one = make.retracted(target)
    asked = [Kandidaat(0, one, None)]
    assert outcomes(vergelijk(asked, {}, NOW)) == ["nieuw"]
    assert outcomes(vergelijk(asked, {}, NOW, frozenset({(target.id, target.source)}))) == ["gelijk"]
