"""The naleving by several rules over HTTP: one that is asked for, all side by side, and the cyclus before."""

import pytest

from tests.support.reads import serving
from tests.support.strategies import read
from tests.support.web_client import problem_of
from tests.support.web_events import NOW, event


def rule(naam: str, time: str = "2026-05-01", **demands: object) -> dict[str, object]:
    """An event that sets a rule."""
    about = {"naam": naam, "omschrijving": f"Regel {naam}", "meetellendeSoorten": ["regulier"]}
    return event("spreidingswet.telregel-vastgesteld", "2024", time, geldigVanaf="2025-07-01", **(about | demands))


RULES = [rule("streng", nogMinstensMaanden=24, zonderEinddatum="telt niet"), rule("krant", time="2026-05-20")]


@pytest.fixture
def ruled(filled, fill):
    """A store with two rules beside that of the cyclus itself."""
    fill(filled, read(RULES), ontvangen_op=NOW)
    with serving(filled) as client:
        yield client


def test_a_rule_that_is_asked_for_decides(ruled):
    own, strict = (ruled.get(f"/v1/naleving?telregel={naam}").json() for naam in ("cyclus", "streng"))
    assert (own["telregel"], own["totalen"]["voldoet"], own["totalen"]["gedeeltelijk"]) == ("cyclus", 1, 1)
    assert (strict["telregel"], strict["totalen"]["voldoet"], strict["totalen"]["voldoetNiet"]) == ("streng", 0, 3)
    assert ruled.get("/v1/naleving").json()["telregel"] == "cyclus"


def test_a_look_ahead_counts_by_the_rule_that_is_asked_for(ruled):
    for path in ("/v1/gemeenten/GM0344", "/v1/provincies/PV26", "/v1/bezetting"):
        ahead = f"{path}/vooruitblik?maanden=1"
        own, strict = (ruled.get(f"{ahead}&telregel={naam}").json()["maanden"] for naam in ("cyclus", "streng"))
        assert [one["meetellend"] for one in strict] == [0, 0]
        assert own == ruled.get(ahead).json()["maanden"]
        assert own[0]["meetellend"] > 0


def test_a_rule_is_known_from_when_it_was_set_whatever_it_looks_at(ruled):
    assert ruled.get("/v1/naleving?telregel=krant&geldigOp=2025-08-01").json()["telregel"] == "krant"
    problem_of(ruled.get("/v1/naleving?telregel=krant&geldigOp=2025-08-01&bekendOp=2026-05-19"), 404)


@pytest.mark.parametrize("telregel", ["A", "x" * 41, "met spatie", ""])
def test_what_can_be_no_name_of_a_rule_is_refused(ruled, telregel):
    assert problem_of(ruled.get("/v1/naleving", params={"telregel": telregel}), 400)["fouten"][0]["veld"] == "telregel"


def test_rules_stand_side_by_side_with_the_gemeenten_that_move(ruled):
    answer = ruled.get("/v1/naleving/telregels").json()
    assert ([one["naam"] for one in answer["regels"]], answer["voorbehoud"]) == (["cyclus", "krant", "streng"], [])
    before = ruled.get("/v1/naleving/telregels?geldigOp=2020-01-01").json()
    assert (before["regels"], [one["code"] for one in before["voorbehoud"]]) == ([], ["geen cyclus"])
    for one in answer["regels"]:
        assert one["totalen"] == ruled.get(f"/v1/naleving?telregel={one['naam']}").json()["totalen"]
    assert {
        "van": {"telregel": "cyclus", "naleving": "gedeeltelijk"},
        "naar": {"telregel": "streng", "naleving": "voldoet niet"},
        "gemeenten": ["GM0344"],
    } in answer["verplaatsingen"]
    assert not [
        one
        for one in answer["verplaatsingen"]
        if {"cyclus", "krant"} == {one["van"]["telregel"], one["naar"]["telregel"]}
    ]


def test_without_a_cyclus_there_are_no_rules(client):
    answer = client.get("/v1/naleving/telregels?geldigOp=2020-01-01").json()
    assert (answer["cyclus"], answer["regels"], answer["verplaatsingen"]) == (None, [], [])
    problem_of(client.get("/v1/naleving/telregels?cyclus=2030"), 404)


def test_a_rule_that_the_cyclus_names_and_nobody_set_leaves_everything_open(filled, fill):
    names = {"raming": 96_000, "beschikbaarTotMinstens": "2026-07-01", "meetellendeSoorten": ["regulier"]}
    later = event(
        "spreidingswet.cyclus-vastgesteld", "2024", "2026-05-02", geldigVanaf="2025-07-01", telregel="later", **names
    )
    fill(filled, read([later]), ontvangen_op=NOW)
    with serving(filled) as client:
        answer = client.get("/v1/naleving").json()
        assert (answer["telregel"], answer["totalen"]["onbekend"], answer["tekort"]) == (None, 342, None)
        assert answer["voorbehoud"][0]["code"] == "geen telregel"
        side_by_side = client.get("/v1/naleving/telregels").json()
        assert [one["code"] for one in side_by_side["voorbehoud"]] == ["geen telregel"]
        assert {one["voorbehoud"][0]["code"] for one in answer["gemeenten"]} == {"geen telregel"}
        assert client.get("/v1/naleving?telregel=cyclus").json()["totalen"]["onbekend"] == 0


def test_while_the_term_runs_the_cyclus_before_is_told_too(filled, fill):
    following = event(
        "spreidingswet.cyclus-vastgesteld",
        "2026",
        "2026-05-02",
        geldigVanaf="2026-05-10",
        raming=100_000,
        beschikbaarTotMinstens="2028-07-01",
        meetellendeSoorten=["regulier"],
        realiserenVoor="2026-07-01",
    )
    with serving(filled) as client:
        before = client.get("/v1/naleving").json()
        assert "vorigeCyclus" not in before
        fill(filled, read([following]), ontvangen_op=NOW)
        answer = client.get("/v1/naleving").json()
        assert answer["cyclus"] == "2026"
        assert answer["vorigeCyclus"] == {"cyclus": "2024", "totalen": before["totalen"], "tekort": before["tekort"]}
        assert "vorigeCyclus" not in client.get("/v1/naleving?geldigOp=2026-07-01").json()
