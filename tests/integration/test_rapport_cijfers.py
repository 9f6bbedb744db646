"""What a report of a running server says: its figures, what it can not state, and by which rule it counts."""

import re
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from tests.support.rapport import STRICT, WHEN, ask, command, report_server
from tests.support.server import Server
from tests.support.web_events import event

TAAK = {"cyclus": "2024", "status": "verdeelbesluit", "opgave": 70, "geldigVanaf": "2026-06-01"}
GESCHORST = {"cyclus": "2024", "stand": "geschorst", "geldigVanaf": "2026-06-02"}
HERSTELD = {"stand": "geldend"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with report_server(tmp_path_factory.mktemp("rapport") / "data") as server:
        yield server


def test_it_says_what_it_can_not_state_and_by_which_rule(server: Server) -> None:
    code, text = ask(server, "naleving", *WHEN)
    assert code == 0, text
    assert (
        "Voorbehoud: volgens de telregel van de cyclus zelf is niet bekeken of er genoeg plaatsen voor "
        "alleenstaande minderjarigen" in text
    ), text
    assert re.search(r"Nederland 60 100 0\b", text), text  # The row of totals: opgave, counted places and tekort.
    code, text = ask(server, "naleving", "--geldig-op", "2025-12-01", "--bekend-op", WHEN[-1])
    assert "Nederland – – –" in text, "before there is a cyclus nothing is added"
    code, text = ask(server, "bezetting", *WHEN)
    assert "Voorbehoud: 1 van 2 locaties meldde in de laatste 78 uur; nodig is 80 % van de locaties." in text, text
    code, text = ask(server, "bezetting", *WHEN, "--formaat", "json")
    (country,) = [row for row in orjson.loads(text)["rijen"] if row["onderwerp"] == "NL"]
    assert (country["bezettingsgraad"], country["bezettingsgraadGemeten"]) == (None, 90 / 80)
    assert [one["code"] for one in country["voorbehoud"]] == ["dekking"]


def test_a_report_by_another_rule(server: Server, tmp_path: Path) -> None:
    assert server.post([STRICT]).is_success
    path = tmp_path / "streng.json"
    code, text = ask(server, "naleving", *WHEN, "--telregel", "streng", "--formaat", "json", "--uitvoer", str(path))
    assert code == 0, text
    said = orjson.loads(path.read_bytes())
    assert (said["telregel"], said["totalen"]["voldoetNiet"], said["tekort"]) == ("streng", 1, 60)
    code, text = ask(server, "--controleer", str(path))
    assert (code, "nog precies zo" in text) == (0, True), text
    code, text = ask(server, "naleving", "--telregel", "geen")
    assert (code, "streng" in text) == (2, True), text  # The rules that there are.
    code, text = ask(server, "bezetting", "--telregel", "streng")
    assert (code, "--telregel gaat over de naleving" in text) == (2, True), text


def test_other_commands_say_too_what_can_not_be_stated_and_count_by_another_rule(server: Server) -> None:
    assert server.post([STRICT]).is_success
    code, text = command(server, "verschil", "--van", "2026-06-08", "--naar", "2026-06-08", "--naar-telregel", "streng")
    assert code == 0, text
    assert "bekend op 8 jun 2026 00:00, de telregel van de cyclus zelf naar" in text, text
    assert "bekend op 8 jun 2026 00:00, telregel streng positie" in text, text
    assert "cijfer van inzicht tussen wereld regel naar door" in text, text
    assert "telt mee 100 0 100 0 −100 0" in text, text
    assert "regel: anders geteld, door de tweede telregel" in text, text
    code, text = command(server, "verklaar", "gemeente", "GM0344", *WHEN, "--telregel", "streng")
    assert (code, "naleving voldoet niet" in text) == (0, True), text
    code, text = command(server, "verklaar", "landelijk", *WHEN)
    assert (code, "bezettingsgraad niet vast te stellen" in text) == (0, True), text
    code, text = command(server, "verklaar", "landelijk", "--telregel", "streng")
    assert (code, "--telregel gaat over de naleving" in text) == (2, True), text
    code, text = command(server, "status")
    assert "bezettingsgraad niet vast te stellen" in text, text
    assert "voorbehoud geen van de 2 open locaties meldde iets in de laatste 78 uur" in text, text


def test_a_rule_that_nobody_set_is_refused_by_every_command_also_before_there_is_a_cyclus(server: Server) -> None:
    before = ("--geldig-op", "2024-06-01", "--telregel", "niemands")
    for asked in (
        ("rapport", "naleving", *before),
        ("rapport", "naleving", *before, "--formaat", "csv"),
        ("rapport", "kamerbrief", *before),
        ("verklaar", "naleving", *before),
        ("verklaar", "gemeente", "GM0344", *before),
        ("verklaar", "provincie", "PV26", *before),
        ("verschil", "--van", "2024-06-01", "--naar", "2024-06-02", "--van-telregel", "niemands"),
        ("verschil", "--van", "2024-06-01", "--naar", "2024-06-02", "--naar-telregel", "niemands"),
    ):
        code, text = command(server, *asked)
        assert (code, "Geen telregel 'niemands'" in text, "Wel bekend: cyclus" in text) == (2, True, True), (
            asked,
            text,
        )


def test_the_paragraph_for_parliament_says_its_figures_and_on_how_many_events_they_rest(server: Server) -> None:
    code, text = ask(server, "kamerbrief", "--bekend-op", "2026-06-08")
    assert code == 0, text
    assert (
        "Er voldeed, zoals bekend aan het begin van 8 juni 2026, 1 gemeente aan haar opgave. Er hadden 341 "
        "gemeenten geen opgave. Dit gaat over cyclus 2024 van de Spreidingswet, geteld volgens de regel van cyclus "
        "2024 zelf. Daarbij is niet bekeken of er genoeg plaatsen voor alleenstaande minderjarigen (amv) zijn en "
        "hoelang plaatsen na die dag nog blijven. Onder interbestuurlijk toezicht stond 1 gemeente. "
        "De landelijke bezettingsgraad was niet vast te stellen: "
        "1 van 2 locaties meldde in de laatste 78 uur; nodig is 80 % van de locaties. "
        "Het toegangsregime van Ter Apel was ‘gecontroleerd’, sinds 1 mei 2026."
    ) in text, text
    code, text = ask(server, "kamerbrief", "--bekend-op", "2026-06-08", "--formaat", "json")
    rows = {(row["onderwerp"], row["grootheid"]): row for row in orjson.loads(text)["rijen"]}
    said = {key: (row["waarde"], row["gebeurtenissen"]) for key, row in rows.items()}
    assert said["NL", "voldoet"] == (1, 4)  # the events of the cyclus, its opgave, the locatie and its places
    assert said["NL", "onderToezicht"] == (1, 1)
    # One locatie has both places and a reading. Its events are the registration, the places and the reading.
    # The other locatie was never measured, so the rate of the country can't be stated.
    assert said["NL", "bezettingsgraad"] == (None, 3)
    assert said["LOC-TER-APEL", "toegang"] == ("gecontroleerd", 1)
    assert said["NL", "gemeenten"][0] == 342


@pytest.mark.parametrize("formaat", ["json", "csv"])
def test_a_report_of_the_toezicht_is_made_again_with_what_it_supposed(
    server: Server, tmp_path: Path, formaat: str
) -> None:
    path = tmp_path / f"toezicht.{formaat}"
    stel = ("--stel-gemeenten", "250", "--stel-stap", "brief")
    code, text = ask(server, "toezicht", *WHEN, *stel, "--formaat", formaat, "--uitvoer", str(path))
    assert code == 0, text
    assert "250" in path.read_text()
    code, text = ask(server, "--controleer", str(path))
    assert (code, "nog precies zo" in text) == (0, True), text
    code, text = ask(server, "naleving", "--stel-gemeenten", "250")
    assert (code, "horen bij het rapport toezicht" in text) == (2, True), text
    code, text = ask(server, "toezicht", *WHEN, *stel)
    assert (code, "als allen in 'brief' waren" in text) == (0, True), text


def test_what_was_said_is_held_against_what_we_know_later(server: Server) -> None:
    code, text = ask(server, "kamerbrief", "--bekend-op", "2026-06-09", "--vastleggen")
    assert code == 0, text
    rows = server.get("/v1/aansluiting", onderwerp="NL", grootheid="voldoet")["items"]
    mine = [row for row in rows if row["bron"].startswith("Opvangpeil, rapport kamerbrief")]
    assert [(row["gepubliceerd"], row["onze"], row["klopt"]) for row in mine] == [(1, 1, True)]
    for wat in ("naleving", "bezetting"):
        code, text = ask(server, wat, "--bekend-op", "2026-06-08", "--vastleggen")
        assert (code, "vastgelegd als gepubliceerd" in text) == (0, True), text
    sums = {"aanwezig", "aanwezigGemeten", "inzetbaar", "bezettingsgraad", "bezettingsgraadGemeten", "plaatsen"}
    sums |= {"locaties", "aanwezigGesloten", "locatiesGeslotenZonderTelling"}
    for subject, figures in {
        "GM0344": {"opgave", "meetellend", "tekort", "plaatsenPer1000Inwoners", *sums},
        "PV26": sums,
        "LOC-UTRECHT": {"aanwezig", "inzetbaar", "bezettingsgraad", "totaalPlaatsen"},
    }.items():
        rows = server.get("/v1/aansluiting", onderwerp=subject)["items"]
        own = [row for row in rows if row["bron"].startswith("Opvangpeil, rapport ")]
        assert {row["grootheid"] for row in own} == figures, subject
        assert all(", betekenis 2, " in row["bron"] for row in own), own
        assert all((row["vergelijkbaar"], row["klopt"]) == (True, True) for row in own), own


def test_a_bound_is_recorded_as_a_bound_and_held_against_what_it_bounds(server: Server) -> None:
    """Of a suspended decision only the most that may be short is known; later a court lifts it."""
    more = [
        event("spreidingswet.opgave-vastgesteld", "GM0014", "2026-06-09T01:00:00Z", **TAAK),
        event("spreidingswet.opgave-stand-gewijzigd", "GM0014", "2026-06-09T01:00:00Z", **GESCHORST),
    ]
    assert server.post(more).is_success
    code, text = ask(server, "naleving", "--bekend-op", "2026-06-09T02:00:00Z", "--vastleggen")
    assert code == 0, text

    def recorded(subject: str) -> dict[str, tuple[float, str, float | None, bool | None]]:
        rows = server.get("/v1/aansluiting", onderwerp=subject)["items"]
        mine = [row for row in rows if row["bron"].startswith("Opvangpeil, rapport naleving")]
        last = [row for row in mine if row["peildatum"] == "2026-06-09"]
        return {
            row["grootheid"]: (row["gepubliceerd"], row["nauwkeurigheid"], row["onze"], row["klopt"]) for row in last
        }

    assert recorded("GM0014")["tekortHoogstens"] == (70, "hoogstens", 70, True)
    assert "tekort" not in recorded("GM0014")
    assert recorded("NL")["tekort"] == (0, "exact", 0, True)
    assert recorded("NL")["tekortMinstens"] == (0, "minstens", 0, True)
    assert recorded("NL")["tekortHoogstens"] == (70, "hoogstens", 70, True)
    assert server.post(
        [event("spreidingswet.opgave-stand-gewijzigd", "GM0014", "2026-06-10T01:00:00Z", **GESCHORST | HERSTELD)]
    ).is_success
    assert recorded("GM0014")["tekortHoogstens"] == (70, "hoogstens", 70, True)  # it has a tekort now, of 70
    assert recorded("NL")["tekortMinstens"] == (0, "minstens", 70, True)
    assert recorded("NL")["tekortHoogstens"] == (70, "hoogstens", 70, True)
    assert recorded("NL")["tekort"] == (0, "exact", 70, False)


def test_a_number_of_gemeenten_is_recorded_as_a_bound_while_others_are_not_known(server: Server) -> None:
    """In 2025 no cyclus is in force here, so nothing can be said of any gemeente. The paragraph then has no number."""
    for wat in ("kamerbrief", "naleving"):
        code, text = ask(server, wat, "--geldig-op", "2025-12-01", "--bekend-op", "2026-06-09", "--vastleggen")
        assert code == 0, text
    for name, count, exactly, times in (("voldoet", 0, "minstens", 1), ("onbekend", 342, "exact", 2)):
        items = server.get("/v1/aansluiting", onderwerp="NL", grootheid=name)["items"]
        rows = [row for row in items if row["peildatum"] == "2025-12-01"]
        assert [(row["gepubliceerd"], row["nauwkeurigheid"]) for row in rows] == [(count, exactly)] * times


def test_what_is_asked_must_be_one_thing(server: Server) -> None:
    code, text = ask(server, "--controleer", "x.csv", "--vastleggen")
    assert (code, "--controleer BESTAND gaat alleen" in text) == (2, True), text
    for asked, said in (
        ([], "geef óf een rapport"),
        (["naleving", "--controleer", "x.csv"], "opvangpeil rapport --controleer x.csv"),
    ):
        code, text = ask(server, *asked)
        assert (code, said in " ".join(text.split())) == (2, True), text
    code, text = ask(server, "naleving", "--uitvoer", "x")
    assert (code, "een tabel komt op het scherm" in text) == (2, True), text
