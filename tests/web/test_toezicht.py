"""`/v1/toezicht`: what stands there for whom, which gemeenten are asked for, and what if all were taken up."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import httpx
import pytest
from pyarrow import parquet as pq

from services.access import Role
from services.api.definities import kolomsoort, meanings
from services.core.grootheden.velden import kop_van
from services.dashboard.tabellen.lijst import uitleg_van
from services.dashboard.toezicht.werklijst import VELDEN
from services.reads.toezicht_models import RapportToezicht, RijToezicht
from services.store.store import Store
from tests.support import wire
from tests.support.access_help import FakeTable, access_of, bearer, serving, token
from tests.support.strategies import read
from tests.support.toezicht_world import CASELOAD, CODES, DECIDED, LETTERS
from tests.support.toezicht_world import said as event_of
from tests.support.web_client import problem_of
from tests.support.web_events import EVENTS, NOW
from tests.support.web_law import LAW

URL = "/v1/toezicht"


def clock():
    return NOW


@pytest.fixture
def caseload(store: Store, fill) -> Store:
    fill(store, read([*EVENTS, *LAW, *CASELOAD]), ontvangen_op=NOW)
    return store


@contextmanager
def asking(store: Store, *callers: tuple[Role, list[str] | None]) -> Iterator[list[Any]]:
    """Gives for each caller a function that asks an address and returns its answer."""
    table = FakeTable()
    tokens = [
        bearer(token(table, clock, role, **({} if subjects is None else {"subjects": subjects})))
        for role, subjects in callers
    ]
    with serving(store, access_of(table, clock), clock) as client:

        def as_(headers: dict[str, str]) -> Any:
            def ask(path: str, **params: Any) -> httpx.Response:
                return client.get(path, params=params, headers=headers)

            return ask

        yield [as_(headers) for headers in tokens]


def codes(said: dict[str, Any], name: str = "gemeenten") -> list[str]:
    return [row["code"] for row in said[name]]


def steps(said: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["stap"]: row for row in said["stappen"]}


def test_the_toezicht_is_told_which_gemeenten_and_others_how_many(caseload):
    callers = (Role.TOEZICHT, None), (Role.BEHEERDER, None), (Role.LEZER, None), (Role.VERTROUWELIJK, None)
    with asking(caseload, *callers) as (desk, beheerder, *others):
        said = desk(URL).json()
        assert beheerder(URL).json()["gemeenten"] == said["gemeenten"]
        assert (codes(said), said["onderToezicht"], steps(said)["brief"]["gemeenten"]) == ([*CODES], 6, 5)
        brief = steps(said)["brief"]
        assert [brief[name] for name in ("uren", "urenMinstens", "urenHoogstens")] == [200, 100, 400]
        assert (said["urenNodig"], said["fteNodig"]) == (None, None), "no estimate of a besluit is known"
        assert "van de stap 'besluit' is geen raming" in str(said["voorbehoud"])
        assert said["termijnenVerlopen"] == 1, "GM0014 did nothing, and its term passed on the 24th"
        assert [row["verlopen"] for row in said["gemeenten"]] == [True, False, False, False, False, False]
        (wrong,) = said["buitenVolgorde"]
        assert (wrong["code"], wrong["reden"]) == (
            "GM0344",
            "na een brief volgt een ambtelijk gesprek, niet een besluit",
        )
        assert [(row["code"], row["verlooptOp"]) for row in said["termijnen"]] == [("GM0344", "2026-06-30T22:00:00Z")]
        for ask in others:
            told = ask(URL).json()
            assert {"gemeenten", "zonderStap", "termijnen", "buitenVolgorde", "toezichthouders"}.isdisjoint(told)
            assert told["onderToezicht"] == 6
            assert steps(told)["brief"]["gemeenten"] is steps(told)["besluit"]["gemeenten"] is None
            hidden = [name for name in told if name.startswith(("uren", "fte", "niet", "voldoet", "termijnen"))]
            assert {told[name] for name in hidden if name != "fteBeschikbaar"} == {None}
            assert told["fteBeschikbaar"] == 4.5, "what there is of people is public"
            why = {one["code"] for one in told["voorbehoud"]}
            assert why == {"kleine-aantallen", "alleen-toezicht", "geen raming"}, "one estimate has no bounds"


def test_a_lezer_is_told_hours_where_every_step_holds_enough(store, fill):
    fill(store, read([*EVENTS, *LAW, *[one for one in CASELOAD if one is not DECIDED]]), ontvangen_op=NOW)
    with asking(store, (Role.LEZER, None)) as (lezer,):
        told = lezer(URL).json()
        assert (steps(told)["brief"]["gemeenten"], told["urenNodig"]) == (6, 240)
        assert (told["fteNodig"], told["fteNodigMinstens"], told["fteNodigHoogstens"]) == (
            240 / 1400,
            120 / 1400,
            480 / 1400,
        )
        assert told["fteBeschikbaar"] == 4.5
        assert steps(told)["brief"]["oudste"] is steps(told)["brief"]["verlopen"] is None
        by_rule = lezer(URL, telregel="streng").json()
        assert by_rule["fteNodig"] == told["fteNodig"]
        assert "telregel of cyclus" in str(by_rule["voorbehoud"]), "two rules would tell of a single gemeente"
        small = [
            "kleine-aantallen" in {one["code"] for one in lezer(URL, **asked).json()["voorbehoud"]}
            for asked in ({}, {"telregel": "streng"}, {"cyclus": "2024"})
        ]
        assert small[1:] == [False, False], "nor that this number is a small one"


def test_a_provincie_meets_its_own_gemeenten_and_for_the_rest_reads_as_a_lezer(caseload):
    with asking(caseload, (Role.TOEZICHT, ["PV20"]), (Role.LEZER, None)) as (provincie, lezer):
        said, told = provincie(URL).json(), lezer(URL).json()
        assert codes(said) == ["GM0014", "GM0037"]
        assert (said["buitenVolgorde"], said["termijnen"], said["toezichthouders"]) == ([], [], [])
        for name in told.keys() - {"positie"}:
            assert said[name] == told[name], name
        assert provincie(URL, omvat="zichtbaar").json().keys() == told.keys()


PV20 = [
    event_of("GM0014", wire.step("brief", "2026-05-25", "PV20"), "2026-05-25"),
    event_of("PV20", wire.staff(0.5, 1_000, "2026-01-01"), "2026-01-01"),
]
ELSEWHERE = event_of("GM0363", wire.step("brief", "2026-05-25", "PV20"), "2026-05-26T07:00:00Z")
"""A step of PV20 against a gemeente that does not lie there."""


def test_a_provincie_is_told_what_its_own_steps_take_and_what_it_has(caseload, fill):
    fill(caseload, read(PV20), ontvangen_op=NOW)
    callers = [(Role.TOEZICHT, None), *((Role.TOEZICHT, [one]) for one in ("PV20", "PV26", "GM0014"))]
    with asking(caseload, *callers) as (desk, provincie, *others):
        (own,) = provincie(URL).json()["toezichthouders"]
        assert [own, *desk(URL).json()["toezichthouders"][:-1]] == desk(URL).json()["toezichthouders"][::-1]
        assert (own["toezichthouder"], own["gemeenten"], own["fteNodig"]) == ("PV20", 1, 40 / 1_000)
        assert (own["fteNodigMinstens"], own["fteNodigHoogstens"], own["fteBeschikbaar"]) == (0.02, 0.08, 0.5)
        rows = provincie("/v1/rapporten/toezicht").json()["rijen"]
        assert [one["onderwerp"] for one in rows if one["soort"] == "toezichthouder"] == ["PV20"]
        assert "Per toezichthouder" in provincie("/toezicht").text
        for ask in others:
            assert ask(URL).json()["toezichthouders"] == []
            assert "Per toezichthouder" not in ask("/toezicht").text
        assert "toezichthouders" not in provincie(URL, omvat="zichtbaar").json()


def test_a_toezichthouder_without_people_or_an_estimate_says_why_its_numbers_are_missing(caseload, fill):
    fill(caseload, read(PV20[:1]), ontvangen_op=NOW)
    with asking(caseload, (Role.TOEZICHT, None), (Role.TOEZICHT, ["PV20"])) as (desk, provincie):
        for ask in (desk, provincie):
            said = ask(URL).json()
            assert [one["fteNodig"] for one in said["toezichthouders"] if one["toezichthouder"] == "PV20"] == [None]
            why = "hoeveel fte de provincie Groningen voor het toezicht heeft, is niet bekend"
            assert why in str(said["voorbehoud"])
            assert why[1:] in ask("/toezicht").text


def test_before_a_step_is_known_a_toezichthouder_has_none_and_no_estimate_is_missing(caseload, fill):
    fill(caseload, read(PV20), ontvangen_op=NOW)
    with asking(caseload, (Role.TOEZICHT, ["PV20"])) as (provincie,):
        before = {"bekendOp": "2026-05-19"}
        said = provincie(URL, **before).json()
        assert [(one["gemeenten"], one["urenMinstens"]) for one in said["toezichthouders"]] == [(None, None)]
        assert "van een stap van de provincie" not in str(said["voorbehoud"])
        assert (
            '<td class="getal" data-kop="Gemeenten">niet vast te stellen</td>' in provincie("/toezicht", **before).text
        )


def test_its_own_numbers_are_kept_from_a_provincie_that_does_not_see_all_behind_them(caseload, fill):
    fill(caseload, read([*PV20, ELSEWHERE]), ontvangen_op=NOW)
    with asking(caseload, (Role.TOEZICHT, None), (Role.TOEZICHT, ["PV20"])) as (desk, provincie):
        assert [one["gemeenten"] for one in desk(URL).json()["toezichthouders"]] == [4, 2]
        assert provincie(URL).json()["toezichthouders"] == []


ASKED: tuple[tuple[dict[str, str], list[str]], ...] = (
    ({"stap": "brief"}, ["GM0014", "GM0034", "GM0037", "GM0363", "GM0518"]),
    ({"stap": "besluit"}, ["GM0344"]),
    ({"provincie": "PV20"}, ["GM0014", "GM0037"]),
    ({"verlopen": "true"}, ["GM0014"]),
    ({"verlopen": "false", "provincie": "PV20"}, ["GM0037"]),
    ({"dagen": "6"}, ["GM0014", "GM0034", "GM0037", "GM0363", "GM0518"]),
    ({"dagen": "7"}, []),
    ({"geldigOp": "2026-05-24"}, [*CODES]),
    ({"bekendOp": "2026-05-19"}, []),
)


def test_the_rows_are_those_that_are_asked_for_and_the_figures_are_of_the_country(caseload):
    with asking(caseload, (Role.TOEZICHT, None)) as (desk,):
        for asked, found in ASKED:
            said = desk(URL, **asked).json()
            assert codes(said) == found, asked
            if asked.keys().isdisjoint({"geldigOp", "bekendOp"}):
                assert said["onderToezicht"] == 6
                for lijst, everybody in (("termijnen", ["GM0344"]), ("buitenVolgorde", ["GM0344"])):
                    assert codes(said, lijst) == [code for code in everybody if code in found]
        idle = [desk(URL, **asked).json()["zonderStap"] for asked in ({}, {"provincie": "PV20"}, {"stap": "brief"})]
        assert [row["code"] for row in idle[1]] == [row["code"] for row in idle[0] if row["provincie"] == "PV20"]
        assert idle[2] == [], "what is asked of a step holds for no gemeente in none"


ANNOUNCED = [
    event_of("GM0037", wire.step("ambtelijk gesprek", "2026-06-10", None, "2026-07-20T15:30:00+02:00"), "2026-05-25"),
    event_of("GM0344", wire.step("besluit", "2026-06-20", None, "2026-12-31"), "2026-05-25T11:00:00Z"),
]
"""Steps that begin after NOW. That of GM0344 comes before the term of the step in force passes."""


def test_a_term_to_come_is_that_of_the_step_in_force_when_it_passes(caseload, fill):
    fill(caseload, read(ANNOUNCED), ontvangen_op=NOW)
    with asking(caseload, (Role.TOEZICHT, None), (Role.TOEZICHT, ["PV20"])) as (desk, provincie):
        due = desk(URL).json()["termijnen"]
        assert [(row["code"], row["stap"], row["verlooptOp"]) for row in due] == [
            ("GM0037", "ambtelijk gesprek", "2026-07-20T22:00:00Z")
        ]
        assert provincie(URL).json()["termijnen"] == due
        assert [row["code"] for row in desk(URL, weken=52).json()["termijnen"]] == ["GM0037", "GM0344"]
        then = {"geldigOp": "2026-05-26T08:00:00Z", "bekendOp": "2026-05-26T08:00:00Z"}
        assert desk(URL, **then).json()["termijnen"] == due
        page = desk("/toezicht", lijst="termijnen").text
        assert "20 jul 2026" in page
        assert "vanaf 10 jun 2026" in page
        assert "30 jun 2026" not in page
        told = desk("/toezicht/GM0037").text
        assert "toezicht: ambtelijk gesprek, termijn tot en met 20 jul 2026" in told
        for row in desk(URL, weken=52).json()["termijnen"]:
            (late,) = (
                one for one in desk(URL, geldigOp=row["verlooptOp"]).json()["gemeenten"] if one["code"] == row["code"]
            )
            assert (late["stap"], late["termijn"]) == (row["stap"], row["termijn"])
            assert late["verlopen"] is (late["naleving"] in ("gedeeltelijk", "voldoet niet"))


def test_before_any_step_is_known_nothing_is_said_of_steps(caseload):
    with asking(caseload, (Role.TOEZICHT, None)) as (desk,):
        said = desk(URL, bekendOp="2026-05-19").json()
        about_steps = [value for name, value in said.items() if name.startswith(("onder", "uren", "fteN", "niet"))]
        assert set(about_steps) == {None}
        assert {row["gemeenten"] for row in said["stappen"]} == {None}
        assert said["fteBeschikbaar"] == 4.5, "what there is of people rests on no step"
        assert "geen toezichtstap" in {one["code"] for one in said["voorbehoud"]}


def test_what_if_so_many_were_taken_up(caseload):
    with asking(caseload, (Role.LEZER, None)) as (lezer,):
        usual = lezer(URL).json()["alsAllen"]
        assert (usual["stap"], usual["gemeenten"], usual["uren"], usual["fte"]) == ("actief toezicht", 2, 560, 0.4)
        more = lezer(URL, stelGemeenten="250", stelStap="brief").json()["alsAllen"]
        assert [more[name] for name in ("uren", "urenMinstens", "urenHoogstens")] == [10_000, 5_000, 20_000]
        assert more["formule"] == "250 gemeenten × 40 uur"
        ends = ("haalbaar", "haalbaarMinstens", "haalbaarHoogstens")
        assert [[said[name] for name in ends] for said in (usual, more)] == [[22, None, None], [157, 78, 315]]
        assert lezer(URL, stelGemeenten="250", stelStap="uitvoering").json()["alsAllen"]["uren"] is None
        for path in (URL, "/v1/rapporten/toezicht"):
            assert "hoogstens 342" in str(problem_of(lezer(path, stelGemeenten="343"), 400)["fouten"])
        assert "hoogstens 342" in lezer("/toezicht", stelGemeenten="343").text
        assert "<strong>157 gemeenten (78 tot 315)</strong>" in lezer("/toezicht", stelStap="brief").text
        fault = problem_of(lezer(URL, stelStap="beëindigd"), 400)["fouten"][0]
        assert (fault["veld"], "brief" in fault["melding"]) == ("stelStap", True)


def test_a_series_tells_at_each_moment_what_the_address_tells_of_it(caseload):
    """A term passes without an event: at the end of the 24th. From the 25th on one step holds a single gemeente."""
    reeks = {"van": "2026-05-22", "tot": "2026-05-27"}
    with asking(caseload, (Role.TOEZICHT, None), (Role.LEZER, None), (Role.TOEZICHT, ["PV20"])) as (desk, *others):
        said = desk(f"{URL}/reeks", grootheid="termijnenVerlopen", **reeks).json()
        assert [punt["laatste"] for punt in said["punten"]] == [0, 0, 0, 1, 1]
        said = desk(f"{URL}/reeks", grootheid="brief.uren", **reeks).json()
        assert [punt["laatste"] for punt in said["punten"]] == [240, 240, 240, 200, 200]
        told = {
            "onderToezicht": [6, 6, 6, 6, 6],
            "brief.gemeenten": [6, 6, 6, None, None],
            "brief.uren": [240, 240, 240, None, None],
            "besluit.gemeenten": [0, 0, 0, None, None],
            "allen.gemeenten": [2, 2, 2, 2, 2],
            "fteBeschikbaar": [4.5, 4.5, 4.5, 4.5, 4.5],
        }
        for ask in others:
            for naam, numbers in told.items():
                said = ask(f"{URL}/reeks", grootheid=naam, **reeks).json()
                assert [punt["laatste"] for punt in said["punten"]] == numbers, naam
            for asked in ({"grootheid": "termijnenVerlopen"}, {"grootheid": "nietInToezicht", "telregel": "streng"}):
                assert "rollen toezicht" in problem_of(ask(f"{URL}/reeks", **asked, **reeks), 403)["detail"]


def test_the_explanation_names_the_steps_to_who_may_see_them(caseload):
    with asking(caseload, (Role.TOEZICHT, None), (Role.LEZER, None)) as (desk, lezer):
        said, told = desk(f"{URL}/verklaring").json(), lezer(f"{URL}/verklaring").json()
        figures = {one["grootheid"]: one for one in said["figuren"]}
        assert figures["brief.uren"]["formule"] == "5 gemeenten × 40 uur"
        roles = {row["id"]: row["rol"] for row in said["gebeurtenissen"] if row["register"] == "toezicht"}
        assert [roles[one["id"]] for one in [*LETTERS, DECIDED]] == [*["telt"] * 3, "vervangen", *["telt"] * 3]
        assert {one["grootheid"].partition(".")[0] for one in told["figuren"]} == {"allen", "fteBeschikbaar"}
        assert not [row for row in told["gebeurtenissen"] if row["register"] == "toezicht"]


def test_a_file_is_one_table_with_the_same_columns_for_everybody(caseload):
    """What stands at the address, in rows that each say of what they are: the report and the address give the same."""
    many = {
        "stap": 7,
        "toezichthouder": 1,
        "gemeente": len(CODES),
        "termijn": 1,
        "buiten volgorde": 1,
    }
    rests_on = {"raming": 2, "capaciteit": 1}
    with asking(caseload, (Role.TOEZICHT, None), (Role.LEZER, None)) as (desk, lezer):
        for ask, kinds in ((desk, many | rests_on), (lezer, {"stap": 7} | rests_on)):
            tables = [parquet(ask(path, formaat="parquet")) for path in (URL, "/v1/rapporten/toezicht")]
            assert tables[0] == tables[1]
            assert Counter(row["soort"] for row in tables[0]) == kinds
            assert tables[0][0].keys() == RijToezicht.model_fields.keys()
        found = {row["soort"]: row for row in desk("/v1/rapporten/toezicht").json()["rijen"]}
        assert (found["stap"]["verlopen"], found["gemeente"]["verlopen"]) == (0, None)
        assert (found["stap"]["termijnVerlopen"], found["gemeente"]["termijnVerlopen"]) == (None, False)
        assert found["buiten volgorde"]["reden"] == desk(URL).json()["buitenVolgorde"][0]["reden"]


def parquet(response: httpx.Response) -> list[dict[str, Any]]:
    """Gives the rows of a Parquet file."""
    found: list[dict[str, Any]] = pq.read_table(BytesIO(response.content)).to_pylist()
    return found


def test_each_column_of_a_file_has_one_type_and_says_what_it_is():
    kinds = {name: kolomsoort(RapportToezicht, f"rijen.{name}") for name in RijToezicht.model_fields}
    assert [kinds[name] for name in ("verlopen", "termijnVerlopen", "dagenInStap", "sinds")] == [
        "heel",
        "waar",
        "heel",
        "moment",
    ]
    words = meanings(RapportToezicht)
    assert all(words[name] for name in kinds)
    assert not [name for name in kinds if "maximum" in words[name] or "'brief'" in words[name]]
    assert "maximum" not in kop_van("dagenInStap")
    for veld in VELDEN:
        meant = uitleg_van(veld)
        assert meant != veld.kop, veld.naam
        assert not [other for other in ("maximum", "een punt duurt") if other in meant], veld.naam
