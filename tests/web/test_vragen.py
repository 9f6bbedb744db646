"""Step by step: which field is asked, with what it begins, and when it is asked again. The server is the real one."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from services.cli.vragen import door_te_vragen, gekozen
from tests.support.meld_help import WORLD, World, fresh
from tests.support.web_client import client_of

Asked = list[tuple[str, str, str]]
"""Name of a field, what it begins with, and what was wrong, for each question."""


@pytest.fixture(scope="module")
def walk(chdb_folder, fill) -> Any:
    """Goes through a form with these fields given and these answers; returns the form and every question."""
    with fresh(chdb_folder, WORLD, fill) as store, client_of(World(store).app) as client:

        def walked(soort: str, given: Mapping[str, str], answers: Mapping[str, list[str]]) -> tuple[Any, Asked]:
            left, asked = {name: list(texts) for name, texts in answers.items()}, []

            def person(veld: Mapping[str, Any], begin: str, wrong: str) -> str:
                asked.append((veld["naam"].removeprefix("data."), begin, wrong))
                return left[veld["naam"]].pop(0) if left.get(veld["naam"]) else ""

            def server(texts: Mapping[str, str]) -> Any:
                answer = client.get(f"/v1/meldformulieren/{soort}", params=dict(texts))
                assert answer.status_code == 200, answer.text
                return answer.json()

            stand = door_te_vragen(given, server, person)
            assert not any(left.values()), "an answer was not asked for"
            return stand, asked

        yield walked


Walk = Callable[[str, Mapping[str, str], Mapping[str, list[str]]], tuple[Any, Asked]]
THERE = {"over": "LOC-UTRECHT"}


def data(stand: Any) -> Any:
    return stand["melding"]["gebeurtenis"]["data"]


def test_who_gives_nothing_is_asked_every_field_in_the_order_of_the_form(walk: Walk) -> None:
    stand, asked = walk("bezetting", {}, {"over": ["Ter Apel"], "data.aanwezig": ["1.900"]})
    assert asked == [("over", "", ""), ("peilmoment", "26 mei 2026 10:00", ""), ("aanwezig", "", ""), ("bron", "", "")]
    assert data(stand) == {"aanwezig": 1900, "peilmoment": "2026-05-26T08:00:00Z"}
    assert stand["melding"]["gebeurtenis"]["subject"] == "LOC-TER-APEL"


def test_who_forgot_one_field_is_asked_that_one(walk: Walk) -> None:
    stand, asked = walk(
        "maximum", THERE | {"data.maximum": "300"}, {"data.geldigVanaf": ["1-6-2026"], "data.grondslag": ["x"]}
    )
    assert [name for name, *_ in asked] == ["geldigVanaf", "grondslag"]
    assert data(stand) == {"geldigVanaf": "2026-05-31T22:00:00Z", "maximum": 300, "grondslag": "x"}


def test_who_forgot_nothing_is_asked_nothing(walk: Walk) -> None:
    assert walk("bezetting", THERE | {"data.aanwezig": "3"}, {})[1] == []


def test_what_is_wrong_is_asked_again_with_why(walk: Walk) -> None:
    answers = {
        "over": ["azc", "LOC-UTRECHT"],
        "data.aanwezig": ["veel", "", "3"],
        "data.peilmoment": ["31-02-2026", "26-05-2026 09:00"],
    }
    stand, asked = walk("bezetting", {}, answers)
    assert [name for name, *_ in asked] == ["over", "over", "peilmoment", "peilmoment", *["aanwezig"] * 3, "bron"]
    assert [wrong.partition(";")[0] for *_, wrong in asked if wrong] == [
        "past bij 2 namen",
        "is geen dag van 2010 tot en met 2050",
        "moet een heel getal zijn: 2104 of 2.104",
        "ontbreekt",
    ]
    assert data(stand) == {"aanwezig": 3, "peilmoment": "2026-05-26T07:00:00Z"}


def test_it_begins_with_what_is_in_force_and_a_line_takes_that_away(walk: Walk) -> None:
    stand, asked = walk(
        "maximum", {"over": "LOC-TER-APEL"}, {"data.geldigVanaf": ["2026-06-01"], "data.dwangsomPlafond": ["-"]}
    )
    begun = {name: begin for name, begin, _ in asked}
    assert (begun["maximum"], begun["grondslag"], begun["dwangsomPlafond"]) == ("2.000", "uitspraak", "20.000")
    assert data(stand) == {
        "geldigVanaf": "2026-05-31T22:00:00Z",
        "maximum": 2000,
        "grondslag": "uitspraak",
        "dwangsomPerDag": 15_000,
    }


def test_the_first_field_of_a_row_says_whether_the_others_are_asked(walk: Walk) -> None:
    stand, asked = walk("capaciteit", THERE, {"data.geldigVanaf": ["26-5-2026"], "data.plaatsen.nood.aantal": ["40"]})
    rows = [name for name, *_ in asked if name.startswith("plaatsen.")]
    assert rows == [
        "plaatsen.regulier.aantal",
        "plaatsen.nood.aantal",
        "plaatsen.nood.inzetbaar",
        "plaatsen.nood.beschikbaarVanaf",
        "plaatsen.amv.aantal",
    ]
    assert data(stand)["plaatsen"] == [{"soort": "nood", "aantal": 40}]


def test_without_any_row_the_first_is_asked_again(walk: Walk) -> None:
    given = THERE | {"data.geldigVanaf": "2026-05-26"}
    stand, asked = walk("capaciteit", given, {"data.plaatsen.regulier.aantal": ["", "9"]})
    assert [name for name, *_ in asked][:4] == [
        "plaatsen.regulier.aantal",
        "plaatsen.nood.aantal",
        "plaatsen.amv.aantal",
        "plaatsen.regulier.aantal",
    ]
    assert asked[3][2] == "vul van minstens één soort het aantal plaatsen in"
    (row,) = data(stand)["plaatsen"]
    assert (row["soort"], row["aantal"]) == ("regulier", 9)


def test_rows_are_asked_until_one_stays_empty(walk: Walk) -> None:
    answers = {
        f"data.cijfers.{row}.{name}": [text]
        for row in (0, 1)
        for name, text in (("grootheid", f"eigen-{row}"), ("waarde", "5"))
    }
    stand, asked = walk("cijfers", {"over": "NL"}, answers | {"data.bron": ["brief"], "data.peildatum": ["1-5-2026"]})
    assert [one["grootheid"] for one in data(stand)["cijfers"]] == ["eigen-0", "eigen-1"]
    assert asked[-1][0] == "cijfers.2.grootheid"


KEUZE = {"invoer": "keuze", "keuzes": [{"waarde": "open"}, {"waarde": "beperkt"}, {"waarde": "gesloten"}]}


@pytest.mark.parametrize(
    ("invoer", "typed", "meant"),
    [
        ("keuze", "2", "beperkt"),
        ("keuze", "beperkt", "beperkt"),
        ("keuze", "4", "4"),
        ("keuze", "0", "0"),
        ("keuze", "", ""),
        ("meer", "3, 1", "gesloten, open"),
        ("meer", "open,2", "open, beperkt"),
        ("meer", "", ""),
        ("onderwerp", "1", "open"),
    ],
)
def test_a_number_stands_for_a_choice(invoer: str, typed: str, meant: str) -> None:
    assert gekozen(KEUZE | {"invoer": invoer}, typed) == meant


def test_a_year_is_no_number_of_a_choice() -> None:
    assert gekozen({"invoer": "onderwerp", "keuzes": []}, "2024") == "2024"
