"""The reads over HTTP from a real store: parameters, answers and caching."""

import csv
import io
import re
from datetime import timedelta

import pytest

from schemas.fields import format_moment
from services.api.params import SORTERINGEN
from tests.support.reads import READS, serving
from tests.support.rondes import on_both_stores
from tests.support.strategies import read
from tests.support.web_client import problem_of
from tests.support.web_events import EVENTS, NOW, SOURCE, reading, registered

BEZETTING = {
    "geldigOp",
    "bekendOp",
    "positie",
    "voorbehoud",
    "locaties",
    "locatiesGemeten",
    "aanwezig",
    "aanwezigGemeten",
    "aanwezigGesloten",
    "locatiesGeslotenZonderTelling",
    "plaatsen",
    "inzetbaar",
    "bezettingsgraad",
    "bezettingsgraadGemeten",
    "dekking",
    "dataOuderdomSeconden",
    "dataOuderdomMediaanSeconden",
    "gepubliceerd",
}
LOCATIE = {
    "id",
    "naam",
    "gemeente",
    "provincie",
    "soort",
    "open",
    "plaatsen",
    "totaalPlaatsen",
    "inzetbaar",
    "aanwezig",
    "peilmoment",
    "bezettingsgraad",
    "bovenCapaciteit",
    "toegang",
    "maximum",
    "bovenMaximum",
    "overschrijding",
}


def test_bezetting(client):
    answer = client.get("/v1/bezetting").json()
    assert set(answer) >= BEZETTING
    assert (answer["locaties"], answer["plaatsen"], answer["inzetbaar"]) == (3, 2300, 2290)
    assert (answer["aanwezig"], answer["bezettingsgraad"]) == (None, None)
    assert answer["voorbehoud"] == [
        {
            "code": "dekking",
            "tekst": "1 van 3 locaties meldde in de laatste 78 uur; nodig is 80 % van de locaties",
        }
    ]
    assert (answer["locatiesGemeten"], answer["aanwezigGemeten"]) == (2, 1900 + 310)
    assert answer["bezettingsgraadGemeten"] == (1900 + 310) / 2290
    assert answer["dekking"] == 2000 / 2290
    assert answer["dataOuderdomSeconden"] == 6 * 86_400
    assert answer["dataOuderdomMediaanSeconden"] == (6 * 86_400 + 86_400) / 2
    assert answer["gepubliceerd"] == [
        {
            "grootheid": "aanwezig",
            "waarde": 70_000,
            "nauwkeurigheid": "ongeveer",
            "peildatum": "2026-01-01",
            "bron": "Kamerbrief",
        }
    ]
    assert "simulatie" not in answer


def test_a_locatie_at_a_moment_gone_by_with_what_was_known_then(client):
    answer = client.get("/v1/locaties/LOC-TER-APEL?geldigOp=2024-05-10&bekendOp=2024-05-11").json()
    assert set(answer) >= LOCATIE | {"gemeenteNaam", "provincieNaam"}
    assert (answer["geldigOp"], answer["bekendOp"]) == ("2024-05-09T22:00:00Z", "2024-05-10T22:00:00Z")
    assert (answer["aanwezig"], answer["peilmoment"]) == (2001, "2024-05-09T21:59:59Z")
    assert (answer["maximum"], answer["bovenMaximum"]) == (2000, True)
    assert answer["overschrijding"] == {"dagen": 1, "dagenMetMeting": 1, "dwangsom": 15_000, "plafond": 20_000}
    assert answer["toegang"] is None
    assert (answer["gemeente"], answer["gemeenteNaam"], answer["provincieNaam"]) == (
        "GM1950",
        "Westerwolde",
        "Groningen",
    )


def test_breach_days_follow_what_is_known(client):
    def breach(bekend_op: str) -> dict[str, int]:
        return client.get(f"/v1/locaties/LOC-TER-APEL?geldigOp=2024-05-20&bekendOp={bekend_op}").json()[
            "overschrijding"
        ]

    assert breach("2024-05-11")["dagen"] == 1
    assert breach("2024-05-20") == {"dagen": 2, "dagenMetMeting": 2, "dwangsom": 20_000, "plafond": 20_000}


def test_absent_moments_are_filled_in_as_designed(client):
    def asked(query: str) -> tuple[str, str]:
        answer = client.get(f"/v1/bezetting{query}").json()
        return answer["geldigOp"], answer["bekendOp"]

    now = format_moment(NOW)
    assert asked("") == (now, now)
    assert asked("?bekendOp=2025-01-01T00:00:00Z") == ("2025-01-01T00:00:00Z", "2025-01-01T00:00:00Z")
    assert asked("?geldigOp=2030-01-01T00:00:00Z") == ("2030-01-01T00:00:00Z", now)
    assert asked(f"?bekendOp={now}") == (now, now)
    assert asked("?geldigOp=2026-05-26T08:00:00+02:00") == ("2026-05-26T06:00:00Z", now)


@pytest.mark.parametrize("path", READS)
def test_what_nobody_can_know_yet_is_refused_together_with_all_else_that_is_wrong(client, path):
    ahead = format_moment(NOW + timedelta(microseconds=1))
    fouten = problem_of(client.get(f"{path}?bekendOp={ahead}&geldigOp=2026-01-01&geldigOp=2026-01-01"), 400)["fouten"]
    assert {fout["veld"] for fout in fouten} == {"bekendOp", "geldigOp"}


@pytest.mark.parametrize("path", READS)
def test_an_unknown_parameter_is_named_beside_the_known_ones(client, path):
    fouten = problem_of(client.get(f"{path}?peilmoment=2026-01-01&geldigOp=gisteren"), 400)["fouten"]
    assert {fout["veld"] for fout in fouten} == {"peilmoment", "geldigOp"}
    told = next(fout["melding"] for fout in fouten if fout["veld"] == "peilmoment")
    assert "geldigOp, bekendOp" in told


@pytest.mark.parametrize("path", READS)
def test_only_an_answer_for_a_past_k_may_be_kept_and_only_when_asked_again(client, path):
    now = client.get(path)
    assert now.headers["cache-control"] == "no-store"
    assert "etag" not in now.headers
    past = client.get(f"{path}?bekendOp=2026-05-26T07:59:59Z")
    assert past.headers["cache-control"] == "private, no-cache"
    tag = past.headers["etag"]
    for held in (tag, f'"anders", {tag}', tag.removeprefix("W/"), "*"):
        again = client.get(f"{path}?bekendOp=2026-05-26T07:59:59Z", headers={"If-None-Match": held})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    other = client.get(f"{path}?bekendOp=2026-05-26T07:59:59Z", headers={"If-None-Match": '"anders"'})
    assert other.json() == past.json()


@on_both_stores
def test_what_comes_late_changes_the_etag_but_not_the_answer_at_its_positie(filled, fill):
    path = "/v1/bezetting?geldigOp=2026-05-20&bekendOp=2026-05-25"
    with serving(filled) as client:
        before = client.get(path)
        held = {"If-None-Match": before.headers["etag"]}
        fill(filled, read([reading("LOC-UTRECHT", 5, "2026-06-19T08:00:00Z")]), ontvangen_op=NOW)
        assert client.get(path, headers=held).status_code == 304  # the new event is about another moment
        fill(filled, read([reading("LOC-UTRECHT", 5, "2026-05-19T08:00:00Z")]), ontvangen_op=NOW)
        after = client.get(path, headers=held)
        assert after.status_code == 200
        assert after.json()["aanwezigGemeten"] != before.json()["aanwezigGemeten"]
        assert client.get(f"{path}&positie={before.json()['positie']}").json() == before.json()


@pytest.mark.parametrize("positie", ["", "x", "99-1", "1-99999999"])
def test_a_positie_that_no_answer_carried_is_refused(client, positie):
    assert problem_of(client.get(f"/v1/bezetting?positie={positie}"), 400)["fouten"][0]["veld"] == "positie"


@pytest.mark.parametrize(
    "path",
    [
        "/v1/locaties/LOC-ONBEKEND",
        "/v1/locaties/%00",
        "/v1/gemeenten/GM9999",
        "/v1/gemeenten/Utrecht",
        "/v1/provincies/PV99",
        "/v1/naleving?cyclus=2030",
        "/v1/locaties/LOC-TER-APEL?bekendOp=2023-01-01",
        "/v1/locaties/",
        "/v1",
    ],
)
def test_what_is_not_there_is_404(client, path):
    problem_of(client.get(path), 404)


def test_locaties_can_be_searched_and_sorted(client):
    def ids(query: str) -> list[str]:
        return [item["id"] for item in client.get(f"/v1/locaties?{query}").json()["items"]]

    assert ids("") == ["LOC-DICHT", "LOC-LEEG", "LOC-TER-APEL", "LOC-UTRECHT"]
    assert ids("zoek=TER%20apel") == ["LOC-TER-APEL"]
    assert ids("gemeente=GM0344") == ["LOC-DICHT", "LOC-UTRECHT"]
    assert ids("gemeente=GM0344&open=false") == ["LOC-DICHT"]
    assert ids("provincie=PV20&open=true") == ["LOC-LEEG", "LOC-TER-APEL"]
    assert ids("sorteer=-bezettingsgraad") == ["LOC-UTRECHT", "LOC-TER-APEL", "LOC-DICHT", "LOC-LEEG"]


@pytest.mark.parametrize("sorteer", SORTERINGEN[::3])
def test_pages_go_on_past_what_is_not_known(client, sorteer):
    whole = client.get(f"/v1/locaties?sorteer={sorteer}").json()["items"]
    seen, cursor = [], ""
    while cursor is not None:
        answer = client.get(f"/v1/locaties?sorteer={sorteer}&aantal=1{cursor and '&na=' + cursor}").json()
        seen += answer["items"]
        cursor = answer["volgende"]
        assert len(seen) <= len(whole)
    assert seen == whole
    assert len(whole) == 4


@pytest.mark.parametrize(
    ("path", "sorteer"),
    [("gemeenten", "-meetellend"), ("gemeenten", "bezettingsgraadGemeten"), ("provincies", "-naam")],
)
def test_lists_of_areas_go_on_where_a_page_ended(client, path, sorteer):
    whole = client.get(f"/v1/{path}?sorteer={sorteer}").json()["items"]
    first = client.get(f"/v1/{path}?sorteer={sorteer}&aantal=5").json()
    rest = client.get(f"/v1/{path}?sorteer={sorteer}&aantal=1000&na={first['volgende']}").json()
    assert (first["items"] + rest["items"], rest["volgende"]) == (whole, None)


def test_gemeenten_and_provincies_can_be_searched_and_chosen(client):
    def codes(query: str) -> list[str]:
        return [item["code"] for item in client.get(f"/v1/{query}").json()["items"]]

    assert codes("gemeenten?zoek=WESTERW") == ["GM1950"]
    assert codes("gemeenten?naleving=gedeeltelijk") == ["GM0344"]
    assert codes("gemeenten?naleving=voldoet&provincie=PV26") == []
    assert codes("gemeenten?opgaveStatus=verdeelbesluit&sorteer=-tekort")[:2] == ["GM0344", "GM0014"]
    assert codes("gemeenten?sorteer=-aanwezigGemeten&aantal=2") == ["GM1950", "GM0344"]
    assert codes("provincies?zoek=holland") == ["PV27", "PV28"]
    assert codes("provincies?sorteer=-naam&aantal=1") == ["PV28"]
    rows = list(csv.DictReader(io.StringIO(client.get("/v1/gemeenten?zoek=WESTERW&formaat=csv").text, newline="")))
    assert [row["code"] for row in rows] == ["GM1950"], "a file follows the filter"


@pytest.mark.parametrize("path", ["locaties", "gemeenten", "provincies"])
def test_lists_refuse_in_the_same_words(client, path):
    wrong = "sorteer=kleur&aantal=0&zoek=&na=x"
    said = {fout["veld"]: fout["melding"] for fout in problem_of(client.get(f"/v1/{path}?{wrong}"), 400)["fouten"]}
    assert set(said) == {"sorteer", "aantal", "zoek"}
    assert (
        problem_of(client.get(f"/v1/{path}?na=x"), 400)["fouten"]
        == problem_of(client.get("/v1/locaties?na=x"), 400)["fouten"]
    )


def test_a_locatie_without_a_known_registration_is_listed_apart_and_counts_nowhere(client):
    answer = client.get("/v1/locaties").json()
    (unknown,) = answer["onbekend"]
    assert (unknown["id"], unknown["naam"], unknown["gemeente"], unknown["open"]) == ("LOC-NIEUW", None, None, False)
    assert unknown["aanwezig"] == 12
    assert "LOC-NIEUW" not in [item["id"] for item in answer["items"]]
    assert client.get("/v1/locaties/LOC-NIEUW").json()["aanwezig"] == 12


def test_what_is_not_known_is_null_and_what_is_closed_keeps_its_places(client):
    empty = client.get("/v1/locaties/LOC-LEEG").json()
    assert [empty[field] for field in ("totaalPlaatsen", "inzetbaar", "aanwezig", "bezettingsgraad")] == [None] * 4
    assert empty["plaatsen"] == {}
    closed = client.get("/v1/locaties/LOC-DICHT").json()
    assert (closed["open"], closed["totaalPlaatsen"]) == (False, 50)


def test_naleving(client):
    answer = client.get("/v1/naleving").json()
    assert answer["cyclus"] == "2024"
    assert answer["totalen"] == {
        "voldoet": 1,
        "gedeeltelijk": 1,
        "voldoetNiet": 1,
        "geenOpgave": 339,
        "termijnLoopt": 0,
        "opgeschort": 0,
        "onbekend": 0,
    }
    assert (answer["tekort"], answer["tekortMinstens"], answer["tekortHoogstens"]) == (1505 + 969,) * 3
    assert (answer["telregel"], [one["code"] for one in answer["voorbehoud"]]) == ("cyclus", ["telregel-onvolledig"])
    rows = {row["code"]: row for row in answer["gemeenten"]}
    assert rows["GM0344"]["naleving"] == "gedeeltelijk"
    assert (rows["GM0344"]["meetellend"], rows["GM0344"]["tekort"]) == (300, 1505)
    assert rows["GM0014"]["naleving"] == "voldoet niet"
    assert (rows["GM0034"]["naleving"], rows["GM0034"]["opgave"]) == ("geen opgave", 0)
    assert (rows["GM0518"]["naleving"], rows["GM0518"]["opgave"]) == ("geen opgave", None)
    assert rows["GM1950"]["opgaveStatus"] == "verdeelbesluit"
    assert client.get("/v1/naleving?cyclus=2024").json() == answer
    before = client.get("/v1/naleving?geldigOp=2025-06-30").json()
    assert before["cyclus"] is None


def test_a_gemeente_and_a_provincie_tell_what_their_locaties_tell(client):
    gemeente = client.get("/v1/gemeenten/GM0344").json()
    assert set(gemeente["bezetting"]) >= BEZETTING
    assert (gemeente["bezetting"]["locaties"], gemeente["bezetting"]["aanwezigGemeten"]) == (1, 310)
    provincie = client.get("/v1/provincies/PV20").json()
    assert set(provincie) >= BEZETTING
    assert (provincie["locaties"], provincie["aanwezigGemeten"], provincie["inzetbaar"]) == (2, 1900, 2000)
    listed = client.get("/v1/gemeenten").json()
    assert len(listed["items"]) == 342
    assert listed["volgende"] is None


def test_the_log_is_paged_whole_and_in_order(client):
    seen, cursor = [], ""
    while cursor is not None:
        answer = client.get(f"/v1/gebeurtenissen?aantal=4{cursor and '&na=' + cursor}").json()
        seen += answer["items"]
        cursor = answer["volgende"]
    stored = read(EVENTS)
    assert sorted(item["id"] for item in seen) == sorted(one.id for one in stored)
    assert [item["time"] for item in seen] == sorted(format_moment(one.time) for one in stored)
    assert {item["ontvangenop"] for item in seen} == {format_moment(NOW)}
    by_id = {one.id: one for one in stored}
    for item in seen:
        assert item["data"] == by_id[item["id"]].model_dump(mode="json", exclude_none=True)["data"]


def test_an_item_of_the_log_is_a_cloudevent_that_says_what_its_source_said(client):
    for item in client.get("/v1/gebeurtenissen?aantal=1000").json()["items"]:
        assert all(re.fullmatch("[a-z0-9]{1,20}", name) for name in item), "CloudEvents 1.0, §3.1.1"
        assert item.pop("ontvangenop")
        (said,) = read([item])
        assert (said.specversion, said.datacontenttype) == ("1.0", "application/json")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("onderwerp=LOC-DICHT", 3),
        ("type=nl.opvanglocaties.bezetting-gemeld.v1", 6),
        ("onderwerp=LOC-TER-APEL&type=nl.opvanglocaties.bezetting-gemeld.v1", 4),
        (f"bron={SOURCE}", len(EVENTS)),
        ("bron=urn:nld:oin:00000000000000000009:systeem:ander", 0),
        ("bekendOp=2024-02-01", 9),
    ],
)
def test_the_log_can_be_filtered(client, query, expected):
    assert len(client.get(f"/v1/gebeurtenissen?aantal=1000&{query}").json()["items"]) == expected


@pytest.mark.parametrize("path", ["/v1/gebeurtenissen", "/v1/locaties", "/v1/gemeenten", "/v1/alarmen"])
@pytest.mark.parametrize("cursor", ["x", "W10", "WyJpZCIse30sMV0", "WyIyMDI2LTAxLTAxIiwieCJd", "%00", ""])
def test_a_cursor_that_no_answer_carried_is_refused(client, path, cursor):
    assert [fout["veld"] for fout in problem_of(client.get(f"{path}?na={cursor}"), 400)["fouten"]] == ["na"]


@pytest.mark.parametrize("aantal", ["0", "1001", "-1", "1.5", "veel", ""])
def test_a_page_has_bounds(client, aantal):
    assert [fout["veld"] for fout in problem_of(client.get(f"/v1/locaties?aantal={aantal}"), 400)["fouten"]] == [
        "aantal"
    ]


def test_without_a_store_there_are_no_figures_and_no_old_ones(away):
    with serving(away) as client:
        for path in READS:
            assert int(client.get(path).headers["retry-after"]) > 0
            problem_of(client.get(path), 503)
        assert problem_of(client.get("/gereed"), 503)["fouten"][0]["veld"] == "clickhouse"
        told = client.get("/metrics").text
    assert "opvangpeil_store_bereikbaar 0.0" in told
    assert "\nopvangpeil_bezettingsgraad" not in told


@on_both_stores
def test_every_answer_made_from_a_simulation_says_so(filled, fill):
    simulated = SOURCE.replace(":proef", ":simulatie")
    with serving(filled) as client:
        assert all("simulatie" not in client.get(path).json() for path in READS)
        fill(filled, read([registered("LOC-SIM", "Simulatie", "GM0344") | {"source": simulated}]), ontvangen_op=NOW)
        assert all(client.get(path).json()["simulatie"] is True for path in READS)
