"""Laws of the rules that Opvangpeil ships with, over any events."""

from datetime import UTC, datetime, timedelta
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from schemas.alarmregels import TE_WEINIG_GEGEVENS
from services.core.alarms.bewaakt import waarden
from services.core.alarms.overgang import oordelen
from services.core.locaties import locaties
from services.core.registers import LANDELIJK
from tests.support.alarm_help import LIVE, SHIPPED, look, open_keys, view
from tests.support.strategies import LAW, delivered, event_lists, few_gemeenten, points

AGELESS = tuple(regel.model_copy(update={"versBinnen": None}) for regel in LIVE)
"""The same rules, for which no reading is too old: what they see changes with the events alone."""
START = datetime(2026, 5, 20, tzinfo=UTC)


LONG = timedelta(days=1)

LATE = START + timedelta(days=3650)
MINUTE = timedelta(minutes=1)


def oordelen_of(regels, beeld):
    """Returns key → beyond, back, between or unknown, for every onderwerp in the view."""
    found = {}
    for regel in chain.from_iterable((one, one.gebrek) for one in regels):
        if regel is None:
            continue
        seen = waarden(regel, beeld)
        beyond, between, back = oordelen(regel, seen.waarden)
        for n, onderwerp in enumerate(seen.onderwerpen):
            said = "beyond" if beyond[n] else "back" if back[n] else "between" if between[n] else "unknown"
            found[regel.alarmnaam, onderwerp] = said
    return found


def live(events, now):
    return view(events, now, few_gemeenten())


@LAW
@given(event_lists(), st.data())
def test_which_alarms_are_open_at_rest_depends_on_the_set_of_events_alone(events, data):
    """The order of arrival and earlier looks do not matter.

    Inside the band, and where the value is unknown, the last status stays. That is hysteresis, so it is left out here.
    """
    outcomes = []
    for _ in range(2):
        order = data.draw(delivered(events))
        parts = data.draw(st.lists(st.integers(0, len(order)), max_size=3).map(sorted))
        log = []
        for n, size in enumerate([*parts, len(order), len(order)]):
            look(AGELESS, live(order[:size], LATE + n * MINUTE), log)
        outcomes.append(open_keys(log, LATE + LONG))
    said = oordelen_of(AGELESS, live(events, LATE + LONG))
    settled = {key for key, one in said.items() if one in ("beyond", "back")}
    free = said.keys() - settled
    wanted = {key for key, one in said.items() if one == "beyond"}
    for found in outcomes:
        assert found - free == wanted
        assert found <= wanted | free, "about what is not there there is no alarm"


@LAW
@given(event_lists())
def test_importing_history_raises_nothing_about_the_past(events):
    """After an import there are only the alarms that the live view calls for, and they begin at the first look."""
    now, log = LATE, []
    made = look(SHIPPED, live(events, now), log)
    said = oordelen_of(LIVE, live(events, now))
    assert {one.time for one in made} <= {now}
    assert {one.data.sinds for one in made} <= {now}
    about = {(one.data.regel, one.subject) for one in made}
    assert {key for key in about if key in said} == {key for key, one in said.items() if one == "beyond"}
    rest = {regel for regel, _ in about - said.keys()}
    assert rest <= {"locatie-zonder-gegevens"}, "what was not found out is no alarm"


@LAW
@given(event_lists(), st.data())
def test_while_history_comes_in_nothing_is_dated_back(events, data):
    parts = data.draw(st.lists(st.integers(0, len(events)), max_size=3).map(sorted))
    log, moments = [], []
    for n, size in enumerate([*parts, len(events)]):
        moments.append(LATE + n * MINUTE)
        look(SHIPPED, live(events[:size], moments[-1]), log)
        assert {one.time for one in log} <= set(moments)
        assert {one.data.sinds for one in log} <= set(moments)


@LAW
@given(event_lists("maximum"))
def test_an_alarm_of_the_country_says_the_number_of_the_country(events):
    """An alarm gives the same number as every other outlet."""
    beeld = live(events, LATE)
    for one in look(LIVE, beeld, []):
        if one.subject == LANDELIJK:
            assert one.data.waarde == beeld.landelijk.bezettingsgraad


@LAW
@given(event_lists(), st.data())
def test_no_alarm_begins_about_what_can_not_be_stated(events, data):
    """Where a rule asks to hear of a lack of data, exactly that is told, about each onderwerp without a value."""
    moment = data.draw(st.sampled_from(points(events)))
    regels = [regel.model_copy(update={"geenGegevens": "alarm"}) for regel in LIVE]
    beeld = live(events, moment)
    said = oordelen_of(LIVE, beeld)
    made = look(regels, beeld, [])
    assert all(one.data.waarde is not None for one in made if one.data.voorRegel is None)
    lacking = {(one.data.voorRegel, one.subject) for one in made if one.data.voorRegel is not None}
    assert lacking == {key for key, oordeel in said.items() if oordeel == "unknown"}
    if beeld.landelijk.bezettingsgraad is None:
        registered = any(locatie.registered for locatie in locaties(beeld.registers, moment))
        told = {TE_WEINIG_GEGEVENS} if registered else set()
        assert {one.data.regel for one in made if one.subject == LANDELIJK} == told
