"""The explanation in an alarm: clear Dutch, with figures in Dutch notation."""

from datetime import timedelta

import numpy as np
import pytest

from schemas.events import AlarmGeactiveerd, AlarmHersteld
from schemas.fields import TEXT_MAX
from services.core.alarms.beeld import Achterhaald, Afwijkend, Uitgezocht
from services.core.alarms.bewaakt import toelichting, toelichting_nu, waarden
from services.core.bezetting import Overschrijding
from services.core.dutch import length, percentage
from tests.support import make
from tests.support.alarm_help import NOW, live, look, one, rule, shipped
from tests.support.make import LOC, limit, places, registered

DAY = timedelta(days=1)
WORSE = Achterhaald("aanwezig", "2026-05-01", 74_300, 74_310)


def reading(aanwezig, op="2026-07-10T08:00:00Z", **more):
    """People present, by default counted two hours before NOW."""
    return make.reading(aanwezig, op, **more)


def found(**what):
    return live(registered(), places(1000), reading(900, "2026-07-10"), uitgezocht=Uitgezocht(**what))


def sentence(regel, beeld):
    return one(regel, beeld).data.toelichting


@pytest.mark.parametrize(
    ("share", "besides", "text"),
    [
        (1, None, "100,0 %"),
        (0.9688, None, "96,9 %"),
        (1.0312, 1.0, "103,1 %"),
        (0, None, "0,0 %"),
        (12.5, None, "1.250,0 %"),
        (1.00001, 1.0, "100,001 %"),
        (1.0004, 1.0, "100,04 %"),
        (1.0, 1.0, "100,0 %"),
        (0.96001, 0.96, "96,001 %"),
    ],
)
def test_a_percentage_never_looks_like_the_threshold_that_it_is_beyond(share, besides, text):
    assert percentage(share, besides) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 seconden"),
        (1, "1 seconde"),
        (59.9, "59 seconden"),
        (119, "119 seconden"),
        (120, "2 minuten"),
        (3600, "60 minuten"),
        (7200, "2 uur"),
        (86_400, "24 uur"),
        (172_799, "47 uur"),
        (172_800, "2 dagen"),
        (604_800, "7 dagen"),
        (86_400 * 1000, "1.000 dagen"),
    ],
)
def test_a_length_of_time_in_words(seconds, text):
    assert length(seconds) == text


def test_a_shortage_now_and_none_in_sight():
    log = []
    (now,) = look([shipped("tekort-in-zicht")], found(tekort_bekend=True, tekort_vanaf=NOW - DAY), log)
    (never,) = look([shipped("tekort-in-zicht")], found(tekort_bekend=True), log)
    assert (type(now), now.data.waarde, type(never), never.data.waarde) == (AlarmGeactiveerd, 0, AlarmHersteld, "geen")
    people = "de 900 aanwezigen van nu"
    assert now.data.toelichting == f"Er zijn nu minder bekende inzetbare plaatsen dan {people}."
    assert never.data.toelichting == f"De komende 30 dagen blijven er genoeg bekende inzetbare plaatsen voor {people}."


@pytest.mark.parametrize(
    ("figures", "text"),
    [
        ([WORSE, WORSE], " Nog 1 ander cijfer klopt niet."),
        ([WORSE, WORSE, WORSE], " Nog 2 andere cijfers kloppen niet."),
    ],
)
def test_more_figures_that_are_others_by_now_are_counted(figures, text):
    said = sentence(shipped("publicatie-achterhaald"), found(achterhaald={"PV27": figures}))
    assert said.startswith("Van Noord-Holland (PV27) is 'aanwezig' op 1 mei 2026 vastgelegd als 74.300; ")
    assert said.endswith(f"dat 74.310.{text}")


def test_figures_that_are_right_again_end_it():
    log = []
    look([shipped("publicatie-achterhaald")], found(achterhaald={"NL": [WORSE]}), log)
    (end,) = look([shipped("publicatie-achterhaald")], found(achterhaald={"NL": []}), log)
    assert (type(end), end.data.toelichting) == (AlarmHersteld, "Van Nederland kloppen alle vastgelegde cijfers weer.")


def test_a_figure_that_can_not_be_stated_now_neither_begins_nor_ends_it():
    regel, log, unknown = shipped("publicatie-achterhaald"), [], WORSE._replace(nu=None)
    assert one(regel, found(achterhaald={"NL": [unknown]})) is None
    look([regel], found(achterhaald={"NL": [WORSE, unknown]}), log)
    assert [made.data.waarde for made in log] == [1], "one changed for sure"
    assert log[0].data.toelichting.endswith("dat 74.310."), "of the other nobody knows"
    unsure = found(achterhaald={"NL": [unknown]})
    assert look([regel], unsure, log) == []
    assert toelichting_nu(regel, "NL", np.nan, unsure, wacht=False) == (
        "Of de vastgelegde cijfers van Nederland nog kloppen, is niet bekend. Het alarm blijft zolang staan."
    )


@pytest.mark.parametrize(
    ("naam", "text"),
    [
        ("boven-maximum", "Of LOC-1 (LOC-1) boven het maximum is, is niet bekend"),
        ("locatie-bezetting", "De bezettingsgraad van LOC-1 (LOC-1) is niet bekend"),
    ],
)
def test_a_reading_that_is_too_old_is_the_reason(naam, text):
    regel, seen = shipped(naam), live(registered(), places(100), limit(100), reading(120, "2026-05-01T08:00:00Z"))
    assert toelichting_nu(regel, LOC, np.nan, seen, wacht=False) == (
        f"{text}: de laatste meting is van 1 mei 2026 10:00. Het alarm blijft zolang staan."
    )


def test_of_what_goes_on_the_present_is_told_also_where_it_is_not_known():
    regel, seen = rule(), live(registered(), places(100), reading(120))
    assert toelichting_nu(regel, LOC, 1.2, seen, wacht=False) == toelichting(regel, LOC, 1.2, seen)
    between = shipped("locatie-bezetting")
    ends = toelichting(between, LOC, 0.99, seen) + " Het alarm eindigt pas onder 98 %."
    assert toelichting_nu(between, LOC, 0.99, seen, wacht=False) == ends
    assert toelichting_nu(between, LOC, 1.01, seen, wacht=False) == toelichting(between, LOC, 1.01, seen)
    assert toelichting_nu(between, LOC, 0.97, seen, wacht=False) == toelichting(between, LOC, 0.97, seen)
    unknown = "De bezettingsgraad van LOC-1 (LOC-1) is niet bekend."
    assert toelichting_nu(regel, LOC, np.nan, seen, wacht=False) == f"{unknown} Het alarm blijft zolang staan."
    waits = toelichting_nu(regel, LOC, np.nan, seen, wacht=True)
    assert waits == f"{unknown} Zolang telt de wachttijd van het alarm niet door."


def theirs(onze, nauwkeurigheid="exact", grootheid="aanwezig", gepubliceerd=1_000):
    return Afwijkend(grootheid, "krant", "2026-05-01", gepubliceerd, onze, nauwkeurigheid)


@pytest.mark.parametrize(
    ("nauwkeurigheid", "onze", "share"),
    [
        ("exact", 1_050, 0.05),
        ("exact", 950, 0.05),
        ("exact", 1_000, 0),
        ("exact", None, np.nan),
        ("ongeveer", 1_060, 0.06),
        ("ongeveer", 940, 0.06),
        ("ongeveer", 1_010, 0.01),
        ("ongeveer", 1_000, 0),
        ("ongeveer", None, np.nan),
        ("minstens", 940, 0.06),
        ("minstens", 1_000, 0),
        ("minstens", 2_000, 0),
        ("hoogstens", 1_060, 0.06),
        ("hoogstens", 1_000, 0),
        ("hoogstens", 10, 0),
    ],
)
def test_how_far_ours_is_from_theirs_is_a_share_of_theirs_and_of_a_bound_only_past_it(nauwkeurigheid, onze, share):
    assert theirs(onze, nauwkeurigheid).aandeel == pytest.approx(share, nan_ok=True)


def test_what_others_put_at_nothing_is_off_by_all_or_by_nothing():
    assert [theirs(onze, gepubliceerd=0).aandeel for onze in (1, 0)] == [np.inf, 0]
    assert [theirs(onze, "minstens", gepubliceerd=0).aandeel for onze in (1, 0)] == [0, 0]


AFWIJKING = shipped("afwijking-van-publicatie")
DEVIATES = (
    "Van Nederland is 'aanwezig' op 1 mei 2026 volgens krant {} en volgens ons {}, een verschil van 6,0 % "
    "(drempel 5 %)."
)


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        (theirs(1_060), DEVIATES.format("1.000", "1.060")),
        (theirs(1_060, "ongeveer"), DEVIATES.format("ongeveer 1.000", "1.060")),
        (theirs(940, "minstens"), DEVIATES.format("minstens 1.000", "940")),
        (theirs(1_060, "hoogstens"), DEVIATES.format("hoogstens 1.000", "1.060")),
    ],
)
def test_a_deviation_says_how_exact_theirs_was(figure, text):
    assert sentence(AFWIJKING, found(afwijkend={"NL": [figure, theirs(1_010, "ongeveer")]})) == text


@pytest.mark.parametrize(
    ("figures", "text"),
    [
        (
            [theirs(1_010, "ongeveer"), theirs(1_000)],
            "Het grootste verschil over Nederland is 1,0 % (drempel 5 %): 'aanwezig' is op 1 mei 2026 volgens krant "
            "ongeveer 1.000 en volgens ons 1.010.",
        ),
        (
            [theirs(1_000), theirs(1_500, "minstens")],
            "Geen van de 2 cijfers die anderen over Nederland publiceerden, wijkt af van het onze.",
        ),
        ([theirs(1_000)], "Het ene cijfer dat anderen over Nederland publiceerden, wijkt niet af van het onze."),
    ],
)
def test_where_nothing_deviates_the_largest_difference_is_told(figures, text):
    beeld = found(afwijkend={"NL": figures})
    (value,) = waarden(AFWIJKING, beeld).waarden.tolist()
    assert toelichting(AFWIJKING, "NL", value, beeld) == text


@pytest.mark.parametrize("others", [[], [theirs(1_000)], [theirs(1_010)]])
def test_a_figure_that_can_not_be_compared_neither_begins_nor_ends_a_deviation(others):
    regel = rule(grootheid="afwijking-van-publicatie", drempel=0.05, geenGegevens="alarm")
    beeld = found(afwijkend={"NL": [theirs(None), *others]})
    assert np.isnan(waarden(regel, beeld).waarden).all()
    said = sentence(regel, beeld)
    assert said == (
        "Niet alles wat anderen over Nederland publiceerden is met onze cijfers te vergelijken. "
        "De regel 'proef' kan daardoor niet oordelen."
    )


def test_a_sentence_keeps_to_the_length_of_a_text():
    days = Overschrijding(99_999, 99_999, 10**11, 10**12)
    events = [registered(own_id := "LOC-" + "X" * 40, naam="W" * 120), limit(1, locatie=own_id)]
    beeld = live(*events, reading(99_999, locatie=own_id), overschrijdingen={own_id: days})
    said = sentence(shipped("boven-maximum"), beeld)
    assert len(said) == TEXT_MAX
    assert said.endswith("…")


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (Overschrijding(1, 1, None, None), "; tot nu toe minstens 1 dag erboven, van 1 dag met een meting."),
        (
            Overschrijding(12, 30, 180_000, 1_500_000),
            "; tot nu toe minstens 12 dagen erboven, van 30 dagen met een meting; dwangsom minstens € 180.000 van "
            "hoogstens € 1.500.000.",
        ),
        (
            Overschrijding(100, 130, 1_500_000, 1_500_000),
            "; tot nu toe minstens 100 dagen erboven, van 130 dagen met een meting; dwangsom € 1.500.000, het hoogste "
            "bedrag.",
        ),
        (
            Overschrijding(2, 30, 30_000, None),
            "; tot nu toe minstens 2 dagen erboven, van 30 dagen met een meting; dwangsom minstens € 30.000.",
        ),
    ],
)
def test_days_above_a_maximum_and_what_they_cost_are_said(days, text):
    beeld = live(registered(), limit(2000), reading(2101), overschrijdingen={LOC: days})
    begin = "LOC-1 (LOC-1) heeft 2.101 aanwezigen, 101 boven het maximum van 2.000"
    assert sentence(shipped("boven-maximum"), beeld) == begin + text


def test_a_warning_before_the_maximum_says_how_much_room_there_is():
    regel = rule(grootheid="personen-boven-maximum", drempel=-50)
    text = "LOC-1 (LOC-1) heeft 1.980 aanwezigen, 20 onder het maximum van 2.000."
    assert sentence(regel, live(registered(), limit(2000), reading(1980))) == text
    text = "LOC-1 (LOC-1) heeft 2.000 aanwezigen, precies het maximum van 2.000."
    assert sentence(regel, live(registered(), limit(2000), reading(2000))) == text
    assert one(regel, live(registered(), limit(2000), reading(1950))) is None
