"""The texts of commands, errors and reasons are Dutch, and write dates, numbers and signs in one way."""

import re
from datetime import timedelta

import numpy as np
import pytest

from schemas.alarmregels import TE_BEWAKEN
from schemas.errors import TEXTS
from services.core.alarms.beeld import Achterhaald, Afwijkend, Uitgezocht
from services.core.alarms.bewaakt import BEWAAKT, toelichting, toelichting_nu, verdwenen, waarden
from services.core.alarms.bewaakt.declaratie import GeenVerleden
from tests.support.alarm_help import SHIPPED, rule, view
from tests.support.strategies import read
from tests.support.taal import odd, odd_in_terminal, odd_on_page
from tests.support.web_events import EVENTS, NOW

_WEEK = timedelta(days=7)
_NAME_OF_OTHERS = "9999-99-99T99:99:99Z"
"""What somebody called a locatie of the small world."""
_THEIRS = [
    Afwijkend(name, "krant", "2026-05-01", 1_000, ours, how)
    for name, ours, how in (
        ("inRegulier", 1_060, "exact"),
        ("bezettingsgraadGemeten", 900, "ongeveer"),
        ("opgave2024Indicatief", 990, "minstens"),
        ("dwangsomTotaalBeideReeksen", None, "exact"),
    )
]
BEELDEN = {
    "now": view(
        read(EVENTS),
        NOW,
        uitgezocht=Uitgezocht(
            laatste_ontvangst=NOW - timedelta(days=2),
            tekort_vanaf=NOW + timedelta(days=9),
            tekort_bekend=True,
            nalevingen_toen={_WEEK.total_seconds(): {"GM0344": "voldoet"}},
            achterhaald={"NL": [Achterhaald("voldoetNiet", "2026-05-01", 100, 90)], "PV20": []},
            afwijkend={"NL": _THEIRS[:3], "PV20": _THEIRS[:1], "PV21": _THEIRS[3:]},
            aandeel_onverwerkbaar=0.07,
        ),
        achterstand=1_234,
    ),
    "long after": view(read(EVENTS), NOW + 9 * _WEEK),
}


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


@pytest.mark.parametrize("beeld", BEELDEN.values(), ids=BEELDEN)
@pytest.mark.parametrize("regel", SHIPPED, ids=lambda regel: regel.naam)
def test_an_alarm_is_said_in_dutch(regel, beeld):
    found = waarden(regel, beeld)
    seen = [] if found is None else [*zip(found.onderwerpen, found.waarden.tolist(), strict=True)]
    told = [toelichting(regel, onderwerp, waarde, beeld) for onderwerp, waarde in seen if not _unsaid(regel, onderwerp)]
    for onderwerp in {"NL", "GM0344", "LOC-TER-APEL", *(onderwerp for onderwerp, _ in seen)}:
        told += [toelichting_nu(regel, onderwerp, np.nan, beeld, wacht=wacht) for wacht in (True, False)]
        told.append(verdwenen(onderwerp, beeld))
    assert not [wrong for text in told for wrong in odd(text.replace(_NAME_OF_OTHERS, "x"))]


def _unsaid(regel, onderwerp):
    """Whether the sample holds no class of before for a gemeente: a rule says nothing of it."""
    return regel.grootheid == "naleving-verslechterd" and onderwerp != "GM0344"


@pytest.mark.parametrize("naam", TE_BEWAKEN)
def test_why_a_rule_can_not_be_tried_on_the_past_is_said_in_dutch(naam):
    verleden = BEWAAKT[naam].verleden
    assert not list(odd(verleden.reden if isinstance(verleden, GeenVerleden) else ""))


def test_a_rule_that_lacks_data_is_named_in_words():
    regel = rule(naam="te-weinig-gegevens", grootheid="locatie-bezettingsgraad")
    assert not list(odd(toelichting(regel, "LOC-LEEG", np.nan, BEELDEN["now"])))


def test_what_a_terminal_says_to_machines_is_left_alone():
    said = "Wat er kan: `opvangpeil status` --help, positie 1-61\n  gemeten    1.234  https://example.org/error.html"
    assert not list(odd_in_terminal(said))
    assert list(odd_in_terminal("  aanwezigGemeten      1.234"))
