"""The paragraph for Parliament, read whole: each sentence must be true for someone who knows only the letter."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any

import pytest

from schemas.events import Event
from schemas.fields import parse_moment
from schemas.parsing import parse_facts
from schemas.reference import gemeenten
from services.core import bezetting, naleving
from services.core.fold import fold
from services.core.gemeenten import indeling
from services.core.locaties import locaties
from services.core.reasons import kamerbrief
from services.core.standen import standen
from services.core.telregel import Gevraagd, maatstaf
from services.voorbeeld import naar_jsonl, publiek
from services.voorbeeld.simulatie import genereer
from tests.support.one_june import EVENTS
from tests.support.strategies import read

MINISTERIE = (
    "Dit gaat over cyclus 2024 van de Spreidingswet, geteld volgens telregel ministerie: Simulatie: een plaats telt "
    "als zij er nog zeven maanden is, en voor amv is de opgave apart."
)
METING = "nl.opvanglocaties.bezetting-gemeld.v1"


def events_of(rows: Iterable[dict[str, Any]]) -> Sequence[Event]:
    found = parse_facts(b"[" + b",".join(naar_jsonl(rows)) + b"]")
    assert all(isinstance(one, Event) for one in found)
    return found  # type: ignore[return-value]


@cache
def public() -> Sequence[Event]:
    return events_of(publiek.gebeurtenissen())


@cache
def simulated() -> Sequence[Event]:
    """The simulation until 26 May 2026, with the readings of its last days: each locatie has one there."""
    rows = genereer(tot=date(2026, 5, 26))
    return events_of(row for row in rows if row["type"] != METING or row["time"] > "2026-05-19")


def paragraph(events: Sequence[Event], geldig: str, bekend: str | None = None, telregel: str | None = None) -> str:
    valid_at, known_at = parse_moment(geldig), parse_moment(bekend or geldig)
    registers = fold(events, valid_at, known_at)
    found = locaties(registers, valid_at)
    by = maatstaf(registers, Gevraagd(None, telregel))
    stand = kamerbrief.Briefstand(
        valid_at,
        known_at,
        registers,
        found,
        bezetting.bezetting(standen(found), valid_at),
        naleving.naleving(registers, standen(found), gemeenten(), valid_at, by),
        indeling(gemeenten(), valid_at),
        by,
        simulatie=events is simulated(),
    )
    return kamerbrief.alinea(stand, found)


def test_of_an_empty_store_it_says_only_what_is_missing() -> None:
    assert paragraph([], "2026-11-27") == (
        "Over de opgaven van gemeenten was, zoals bekend aan het begin van 27 november 2026, niets te zeggen, want een "
        "geldende cyclus van de Spreidingswet was niet bekend. Over het interbestuurlijk toezicht was niets bekend. "
        "De landelijke bezettingsgraad was niet vast te stellen: er is geen open locatie bekend."
    )


def test_of_the_public_set_it_states_nothing_that_is_not_known() -> None:
    brief = "Volgens Kamerbrief 10 juli 2026, kenmerk 7652296 (antwoord op Kamervragen 2026Z11366)"
    assert paragraph(public(), "2026-11-27") == (
        "Van 340 van de 342 gemeenten was, zoals bekend aan het begin van 27 november 2026, niet vast te stellen of "
        "zij aan hun opgave voldeden: niet alle verdeelbesluiten en plaatsen waren bekend. Van minstens 1 gemeente "
        "was het verdeelbesluit geschorst of vernietigd. Er had minstens 1 gemeente geen opgave. Dit gaat over cyclus "
        "2024 van de Spreidingswet, geteld volgens telregel eerste cyclus: Reguliere en amv-plaatsen die er tot "
        "1 februari 2026 zijn (zo telden Utrecht en Overijssel). Aannames van Opvangpeil, niet van het ministerie: op "
        "elke dag nog zeven maanden, en amv apart. "
        f"{brief} voldeden 119 gemeenten op 26 mei 2026 aan hun opgave, 116 gedeeltelijk en 107 niet. "
        "Over het interbestuurlijk toezicht was niets bekend. De landelijke bezettingsgraad was niet vast te stellen: "
        "geen van de 14 open locaties meldde iets in de laatste 78 uur; nodig is 80 % van de locaties. "
        f"{brief} was die op 10 juli 2026 minstens 100,0 %. Het toegangsregime van Aanmeldcentrum Ter Apel was "
        "‘gecontroleerd’, sinds 10 juli 2026."
    )


def test_of_the_simulation_it_says_the_figures_of_the_letter() -> None:
    assert paragraph(simulated(), "2026-05-26") == (
        "Let op: in deze cijfers tellen gesimuleerde gegevens mee; zij zeggen niets over de werkelijkheid. "
        "Er voldeden, zoals bekend aan het begin van "
        "26 mei 2026, 119 gemeenten aan hun opgave, 116 gedeeltelijk en 107 niet. Die 107 hadden geen enkele plaats "
        f"die meetelt. {MINISTERIE} Onder interbestuurlijk toezicht stonden 223 gemeenten. "
        "De landelijke bezettingsgraad was 104,1 %. Het toegangsregime van Aanmeldcentrum Ter Apel (simulatie) was "
        "‘gecontroleerd’, sinds 27 april 2026."
    )


@pytest.mark.parametrize(
    ("geldig", "bekend", "telregel", "said"),
    [
        (  # Another moment than that of the knowledge.
            "2026-05-21",
            "2026-05-26",
            None,
            "Er voldeden aan het begin van 21 mei 2026, zoals bekend aan het begin van 26 mei 2026, 108 gemeenten aan "
            "hun opgave, 124 gedeeltelijk en 110 niet.",
        ),
        (  # The term runs.
            "2025-03-01",
            None,
            None,
            "Er voldeden, zoals bekend aan het begin van 1 maart 2025, 27 gemeenten aan hun opgave. Voor 315 gemeenten "
            f"liep de termijn nog. {MINISTERIE} Over het interbestuurlijk toezicht was niets "
            "bekend.",
        ),
        ("2025-12-01", None, None, "Van 1 gemeente was het verdeelbesluit geschorst of vernietigd."),
        (  # A rule that asks less than the law.
            "2026-05-26",
            None,
            "krant",
            "geteld volgens telregel krant: Simulatie: zoals een krant telde: alleen plaatsen voor minstens vijf jaar, "
            "amv niet apart, zonder termijn. Daarbij is niet bekeken of er genoeg plaatsen voor alleenstaande "
            "minderjarigen (amv) zijn en hoelang plaatsen na die dag nog blijven.",
        ),
        ("2026-05-26", None, "cyclus", "geteld volgens de regel van cyclus 2024 zelf. Daarbij is niet bekeken of er"),
    ],
)
def test_of_other_moments_of_the_simulation(geldig: str, bekend: str | None, telregel: str | None, said: str) -> None:
    assert said in paragraph(simulated(), geldig, bekend, telregel)


def test_one_gemeente_is_said_in_the_singular() -> None:
    assert "voldeed, zoals bekend aan het begin van 8 juni 2026, 1 gemeente aan haar opgave. " in paragraph(
        read(EVENTS), "2026-06-08"
    )


def test_at_a_time_of_the_day_it_says_that_time() -> None:
    assert "zoals bekend op 27 november 2026 om 11:30," in paragraph([], "2026-11-27T10:30:00Z")
