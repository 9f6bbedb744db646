"""What differs between two moments, told as a story whose parts add up."""

import re

import pytest

from schemas.fields import parse_moment
from services.core.begrippen import BEGRIPPEN, OORZAKEN
from services.core.dutch import number
from services.core.grootheden import BIJ_NAAM
from services.dashboard.tekst import gesteld, grootheid, verschil_van
from services.dashboard.tijd import sinds
from services.dashboard.verschil import EVENTS_MAX, PARTS, ROWS_MAX
from services.dashboard.woorden import TOEN_ONBEKEND
from tests.support import wire
from tests.support.html_page import Page, row_of
from tests.support.reads import serving_pages
from tests.support.strategies import read
from tests.support.web_events import CURRENT, EVENTS, NOW, event, places, reading, registered, sent
from tests.support.web_law import CYCLUS, LAW

MANY = [f"LOC-VEEL-{number:02}" for number in range(12)]
GROWN = [
    *CURRENT,
    *(registered(one, f"Locatie {n:02}", "GM0363") for n, one in enumerate(MANY)),
    *(places(one, 400, 400) for one in MANY),
    *(reading(one, 100, "2026-05-18T06:00:00Z") for one in MANY),
    *(reading(one, 100 + 3 * n, "2026-05-26T06:00:00Z") for n, one in enumerate(MANY)),
]
"""Twelve locaties of which the last gained most, and the first nothing."""


def parts(found):
    """Returns the name of each part that is told, with what it adds."""
    told = re.findall(r"▸? ?(Locatie \d\d) ([+−]\d+) van", found.text)
    return [(name, int(many.replace("−", "-"))) for name, many in told]


def test_the_largest_parts_and_the_rest_are_the_whole(shown):
    found = shown(GROWN, "/verschil?onderwerp=GM0363")
    grown = {f"Locatie {n:02}": 3 * n for n in range(1, 12)}
    told = sorted(grown.items(), key=lambda one: -one[1])
    assert parts(found) == told[:PARTS]
    rest = sum(many for _, many in told[PARTS:])
    assert f"De andere {len(told) - PARTS} samen +{rest} Bekijk alle {len(told)}" in found.text
    assert f"+{sum(grown.values())} mensen" in found.text
    first = ", ".join(f"{name} +{many}" for name, many in told[:3])
    assert f"{first}, de andere {len(told[3:])} samen +{sum(many for _, many in told[3:])}." in found.text
    (every,) = [link for link in found.links() if "deel=aanwezig" in link]
    assert parts(shown([], every)) == told


@pytest.mark.parametrize(("query", "learned"), [("", "later bekend geworden"), ("&bekendOp=2025-06-01", TOEN_ONBEKEND)])
def test_a_cause_has_one_name_at_the_head_of_a_column_in_a_cell_and_in_the_list_of_words(shown, query, learned):
    found = shown(EVENTS, f"/verschil?metGeldigOp=2024-07-01&metBekendOp=2026-05-26T08:00{query}")
    (heads,) = [row for row in found.rows if row and row[0] == "Grootheid"]
    assert heads[3:] == ["Werkelijk veranderd", learned.capitalize(), "Anders geteld"]
    named = {one["data-kop"] for one in found.all("td") if "data-kop" in one}
    assert named == {*heads[1:]}
    assert any(one.woord == ", ".join(OORZAKEN.values()) for one in BEGRIPPEN)


def test_a_story_in_full_has_pages(shown):
    more = [f"LOC-MEER-{n}" for n in range(ROWS_MAX + 7)]
    events = [
        *(registered(one, f"Meer {one}", "GM0363") for one in more),
        *(reading(one, 9, "2026-05-26T06:00:00Z") for one in more),
    ]
    found = shown([*CURRENT, *events], "/verschil?deel=aanwezig&bladzijde=2&onderwerp=GM0363")
    assert f"{len(more)} rijen, bladzijde 2 van 2." in found.text
    assert len([one for one in found.all("details") if one.get("class") == "deelregel"]) == 7


def test_each_part_unfolds_to_its_events(shown):
    found = shown(GROWN, "/verschil?onderwerp=GM0363")
    assert "133 mensen aanwezig" in found.text
    assert "geteld op 26 mei 2026" in found.text
    assert "Gemeld door" in found.text
    linked = [link for link in found.links() if "gebeurtenissen/" in link]
    assert PARTS <= len(linked) <= PARTS * EVENTS_MAX


def test_what_was_learned_later_is_told_apart_from_what_changed(shown):
    late = event(
        "opvanglocaties.bezetting-gemeld", MANY[0], "2026-05-25", peilmoment="2026-05-18T07:00:00Z", aanwezig=140
    )
    found = shown([*GROWN, late], "/verschil?onderwerp=GM0363")
    assert re.search(r"\+198 mensen .*\+158 werkelijk veranderd \+40 later bekend geworden", found.text)
    back = shown(
        [],
        "/verschil?onderwerp=GM0363&geldigOp=2026-05-19T10:00&bekendOp=2026-05-19T10:00&metGeldigOp=2026-05-26T10:00",
    )
    assert "toen nog niet bekend" in back.text


def test_what_can_not_be_stated_is_told_of_what_was_measured(shown):
    found = shown(EVENTS, "/verschil?metGeldigOp=2026-05-01&metBekendOp=2026-05-01")
    assert "gemeten mensen" in found.text
    assert "is niet op beide momenten vast te stellen: " in found.text
    assert re.search(r"[+−][\d.]+ mensen ", found.text) is None


@pytest.mark.parametrize("onderwerp", ["LOC-TER-APEL", "GM1950", "PV20", "NL"])
def test_the_figures_of_a_subject_are_those_of_the_api(store, fill, onderwerp):
    fill(store, read(EVENTS), ontvangen_op=NOW)
    with serving_pages(store) as client:
        asked = f"vanGeldigOp=2024-05-10&vanBekendOp=2024-05-11&onderwerp={onderwerp}"
        said = client.get(f"/v1/verschillen?{asked}").json()["verschillen"]
        page = client.get(f"/verschil?metGeldigOp=2024-05-10&metBekendOp=2024-05-11&onderwerp={onderwerp}")
    found = {row[0]: row[1:] for row in Page(page.text).rows[1:]}
    told = {one["grootheid"]: one for one in said if not BIJ_NAAM[one["grootheid"]].loopt}
    assert len(found) > 1
    for name, one in told.items():
        kept = found.get(grootheid(name))
        if kept is None:  # What was measured is what is stated.
            assert name.endswith("Gemeten")
            assert told[name.removesuffix("Gemeten")]["naar"] == one["naar"]
        else:
            shown_parts = [verschil_van(one[part], name) for part in ("wereld", "inzicht", "regel")]
            assert kept == [
                cell.replace("\xa0", " ")
                for cell in [gesteld(one["van"], name), gesteld(one["naar"], name), *shown_parts]
            ]
    assert len(found) <= len(told)


def test_without_a_question_a_week_is_compared(shown):
    """NOW is 26 May 2026, 10:00 on the Dutch clock."""
    plain = shown(GROWN, "/verschil")
    asked = shown([], "/verschil?metGeldigOp=2026-05-19T10:00&metBekendOp=2026-05-19T10:00")
    assert plain.rows == asked.rows
    assert [one["href"] for one in plain.all("a") if one.get("aria-current") == "true" and "sinds" in one["href"]] == [
        "/verschil?sinds=week"
    ]
    assert not [one for one in asked.all("a") if one.get("aria-current") == "true" and "sinds" in one["href"]]
    before = shown([], "/verschil?geldigOp=2024-05-11T00:00&bekendOp=2024-05-12T00:00&sinds=gisteren")
    assert "Van 10 mei 2024 00:00 zoals bekend aan het begin van 10 mei 2024" in before.text


def test_nothing_that_differs_is_said_so(shown):
    found = shown(CURRENT, "/verschil?metGeldigOp=2026-05-26T10:00&metBekendOp=2026-05-26T10:00")
    assert "Er verschilt niets." in found.text
    assert f"Gelijk gebleven: {number(2_250)} mensen" in found.text


@pytest.mark.parametrize(
    ("name", "of", "before"),
    [
        ("gisteren", "2026-03-29T10:00:30Z", "2026-03-28T11:00:00Z"),
        ("week", "2026-05-26T08:00:00Z", "2026-05-19T08:00:00Z"),
        ("jaar", "2026-05-26T08:00:00Z", "2025-12-31T23:00:00Z"),
        ("jaar", "2025-12-31T23:00:00Z", "2024-12-31T23:00:00Z"),
    ],
)
def test_a_named_moment_is_by_the_dutch_clock(name, of, before):
    """On 29 March 2026 the clock went an hour forward."""
    assert sinds(name, parse_moment(of)) == parse_moment(before)


def test_a_gemeente_that_changed_class_says_why(shown):
    gone = sent("LOC-B", wire.capacity("regulier", 0, None, "2026-05-26T00:00:00Z"), "2026-05-26T00:00:00Z")
    found = shown([*LAW[:-1], gone], "/verschil")
    assert "1 gemeente kwam in een andere klasse van naleving" in found.text
    assert "Almere voldoet → voldoet niet werkelijk veranderd" in found.text
    assert "Dat komt door wat er in de wereld veranderde." in found.text
    assert re.search(r"voldoet: \d+ → \d+ \( −1 \) .*voldoet niet: \d+ → \d+ \( \+1 \)", found.text)


def test_two_rules_are_compared_by_the_form_alone(store, fill):
    fill(store, read(LAW), ontvangen_op=NOW)
    with serving_pages(store) as client:
        form = Page(client.get("/verschil").text)
        names = [one["name"] for one in form.all("select")]
        offered = [one["value"] for one in form.all("option")]
        fields = {one["name"]: "" for one in form.all("input") if "name" in one} | dict.fromkeys(names, "")
        moment = {"metGeldigOp": "2026-05-26T10:00", "metBekendOp": "2026-05-26T10:00"}
        rules = {"vanTelregel": "cyclus", "naarTelregel": "streng"}
        found = client.get("/verschil", params=fields | moment | rules)
        almere = client.get("/verschil", params=moment | rules | {"onderwerp": "GM0034"})
        asked = "vanGeldigOp=2026-05-26T08:00:00Z&vanBekendOp=2026-05-26T08:00:00Z"
        said = client.get(f"/v1/verschillen?{asked}&vanTelregel=cyclus&naarTelregel=streng").json()["verschillen"]
        lens = client.get("/verschil", params=moment | {"telregel": "streng"})
        unknown = client.get("/verschil", params=moment | {"naarTelregel": "niemands"})
    assert names == ["vanTelregel", "naarTelregel"]
    assert offered == ["", "cyclus", "streng"] * 2
    assert row_of(Page(almere.text), "Eigen")[1:] == ["30", "0", "0", "0", "−30"]
    assert len([one for one in said if one["onderwerp"] == "GM0034"]) == len(Page(almere.text).rows) - 1
    assert "−30 anders geteld" in Page(almere.text).text
    assert [one["value"] for one in Page(found.text).all("option") if "selected" in one] == ["cyclus", "streng"]
    assert "Er verschilt niets." in Page(lens.text).text
    assert (unknown.status_code, "Wel bekend: cyclus, streng." in unknown.text) == (404, True)


def test_a_change_of_the_rule_that_a_cyclus_names_can_be_told_apart(shown):
    other = sent("2024", ("spreidingswet.cyclus-vastgesteld", CYCLUS | {"telregel": "streng"}), "2026-05-25T20:00:00Z")
    found = shown([*LAW[:-1], other], "/verschil?sinds=gisteren&onderwerp=GM0034")
    told = "De cyclus noemde eerst de telregel van de cyclus zelf en daarna telregel streng"
    assert f"{told}; dat zit hier in 'werkelijk veranderd' en 'later bekend geworden'." in found.text
    (apart,) = [link for link in found.links() if "vanTelregel=cyclus" in link]
    split = shown([], apart)
    assert row_of(split, "Eigen")[1:] == ["30", "0", "0", "0", "−30"]
    assert "dat zit hier in wereld en inzicht" not in split.text


def test_a_locatie_tells_what_happened_there(shown):
    found = shown(GROWN, f"/verschil?onderwerp={MANY[11]}")
    assert "Wat er gebeurde +33 mensen : 100 → 133. +33 werkelijk veranderd" in found.text
    assert "133 mensen aanwezig (geteld op 26 mei 2026" in found.text


@pytest.mark.parametrize(("onderwerp", "status"), [("LOC-WEG", 404), ("GM9999", 404), ("x" * 61, 400)])
def test_an_unknown_subject_is_said_to_be_so(shown, onderwerp, status):
    assert shown(CURRENT, f"/verschil?onderwerp={onderwerp}", status=status).text
