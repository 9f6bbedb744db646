"""Numbers, amounts and moments are written in one way, wherever people read."""

from datetime import UTC, date, datetime

import pytest

from services.core import dutch
from services.core.dutch import bijeen, estimate, side_by_side
from services.core.grootheden.declaratie import Eenheid
from services.core.grootheden.vormen import geschreven, verschil

WINTER = datetime(2026, 11, 29, 4, 57, 12, 345, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 28, 23, 0, tzinfo=UTC)


def test_a_moment_is_a_short_day_and_a_time_on_the_dutch_clock():
    assert dutch.dutch_moment(WINTER) == "29 nov 2026 05:57"
    assert dutch.dutch_moment(datetime(2026, 5, 1, 22, 0, tzinfo=UTC)) == "2 mei 2026 00:00"
    assert dutch.dutch_date(WINTER) == dutch.dutch_date(date(2026, 11, 29)) == "29 nov 2026"
    assert (dutch.dutch_day(WINTER), dutch.dutch_day(MIDNIGHT)) == ("29 nov 2026 05:57", "29 nov 2026")
    assert dutch.dutch_begin(WINTER) == "op 29 nov 2026 05:57"
    assert dutch.dutch_begin(MIDNIGHT) == "aan het begin van 29 nov 2026"


def test_a_letter_writes_the_month_in_full():
    assert dutch.letter_day(WINTER) == "29 november 2026 om 05:57"
    assert dutch.letter_begin(MIDNIGHT) == "aan het begin van 29 november 2026"


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (None, None, "onbekend"),
        (0, None, "0"),
        (1234567, None, "1.234.567"),
        (-96, None, "−96"),
        (1234.0, None, "1.234"),
        (0.5, None, "0,5"),
        (2 / 3, None, "0,6667"),
        (-1234.5, None, "−1.234,5"),
        (5.5, 2, "5,50"),
        (5, 2, "5,00"),
    ],
)
def test_a_number_has_dots_a_comma_and_a_real_minus(value, decimals, text):
    assert dutch.number(value, decimals) == text


def test_a_change_has_a_sign():
    assert [dutch.signed(value) for value in (3, -4, 0)] == ["+3", "−4", "geen verschil"]
    assert [dutch.points(value) for value in (0.0123, -0.05)] == ["+1,2 procentpunt", "−5,0 procentpunt"]
    assert [dutch.points(value) for value in (0.0001, -0.0001, 0.0)] == [
        "minder dan 0,1 procentpunt hoger",
        "minder dan 0,1 procentpunt lager",
        "geen verschil",
    ]


def test_a_limit_has_no_more_decimals_than_were_chosen():
    assert [dutch.short_percentage(share) for share in (0.96, 1, 0.825)] == ["96 %", "100 %", "82,5 %"]


def test_a_number_and_its_sign_stay_together_on_a_page_but_not_in_a_field():
    html = '<p title="5 % vol">103,0 % bezet (drempel 100 %); € 1.500</p><input value="5 % van € 3">50 %'
    kept = (
        '<p title="5 % vol">103,0\u00a0% bezet (drempel 100\u00a0%); €\u00a01.500</p>'
        '<input value="5 % van € 3">50\u00a0%'
    )
    assert bijeen(html) == bijeen(kept) == kept


SAID = {
    Eenheid.PERSONEN: (1900, "1.900"),
    Eenheid.PLAATSEN: (2000, "2.000"),
    Eenheid.OVER: (-12, "−12"),
    Eenheid.GRAAD: (1.03, "103,0 %"),
    Eenheid.AANDEEL: (0.9, "90,0 %"),
    Eenheid.PER_1000: (5.5, "5,50"),
    Eenheid.SECONDEN: (7200, "2 uur"),
    Eenheid.DAGEN: (14, "14"),
    Eenheid.EURO: (15000, "€ 15.000"),
    Eenheid.LOCATIES: (340, "340"),
    Eenheid.GEMEENTEN: (342, "342"),
    Eenheid.UREN: (8920, "8.920"),
    Eenheid.FTE: (13.625, "13,6"),
    Eenheid.MOMENT: ("2025-06-30T22:00:00Z", "1 jul 2025"),
    Eenheid.TEKST: ("Ter Apel", "Ter Apel"),
    Eenheid.KLASSE: ("voldoet niet", "voldoet niet"),
    Eenheid.JA_NEE: (True, "ja"),
}


@pytest.mark.parametrize("eenheid", Eenheid, ids=lambda one: one.name)
def test_a_value_is_written_in_the_form_of_its_unit(eenheid):
    value, text = SAID[eenheid]
    assert geschreven(value, eenheid) == text
    assert geschreven(None, eenheid) == "onbekend"


def test_a_difference_is_written_in_the_form_of_its_unit():
    assert verschil(-0.04, Eenheid.GRAAD) == "−4,0 procentpunt"
    assert verschil(-7200, Eenheid.SECONDEN) == "−2 uur"
    assert verschil(0.5, Eenheid.PER_1000) == "+0,50"
    assert verschil(-96, Eenheid.PLAATSEN) == verschil(-96, None) == "−96"


@pytest.mark.parametrize(
    ("values", "written"),
    [
        ([13.6286, 8.5179, 21.8], ["13,6", "8,5", "21,8"]),
        ([0.114, 0.071, 0.186], ["0,114", "0,071", "0,186"]),
        ([0.114], ["0,11"]),
        ([0.5, 8, 0.0], ["0,5", "8,0", "0,0"]),
        ([9.5, 9.54], ["9,50", "9,54"]),
        ([2.0, 2.0, None], ["2,0", "2,0", None]),
        ([0.00004], ["0,0000"]),
    ],
)
def test_numbers_beside_each_other_never_look_the_same_unless_they_are(values, written):
    assert side_by_side(values, 1) == written


def test_an_estimate_is_told_with_the_bounds_that_are_known():
    assert estimate([None, "1", "2"], "uur") == ""
    assert estimate(["2", None, None], "uur") == estimate(["2", "2", "2"], "uur") == "2 uur"
    assert estimate(["2", "1", None], "uur") == "2 uur (minstens 1)"
    assert estimate(["2", None, "3"], "uur") == "2 uur (hoogstens 3)"
    assert estimate(["2", "1", "3"], "uur") == "2 uur (tussen 1 en 3)"
