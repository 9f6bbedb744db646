"""The page of naleving: how evenly the places are spread, since when, and for each thousand inhabitants."""

import re

from schemas.reference import INWONERS_OP, PROVINCIES
from tests.support.html_page import Page, row_of
from tests.support.reads import serving_pages
from tests.support.strategies import read
from tests.support.web_events import NOW, sent
from tests.support.web_law import CYCLUS, LAW

OPEN = [*LAW, sent("2024", ("spreidingswet.cyclus-vastgesteld", CYCLUS | {"volledig": False}), "2026-05-01")]
PLACES = ("naleving", "provincies/PV20", "gemeenten/GM0014")


def dutch(value, decimals):
    return f"{value:.{decimals}f}".replace(".", ",")


def test_the_page_says_what_the_api_says(store, fill):
    fill(store, read(LAW), ontvangen_op=NOW)
    asked = "grootheid=spreidingsindex&stap=maand&van=2024-01-01"
    with serving_pages(store) as client:
        said = client.get("/v1/naleving").json()
        provincies = client.get("/v1/provincies").json()
        points = client.get(f"/v1/naleving/reeks?{asked}").json()["punten"]
        series = [client.get(f"/v1/{at}/reeks?grootheid=plaatsenPer1000Inwoners").json() for at in PLACES]
        gemeente = client.get("/v1/gemeenten/GM0014").json()
        found = Page(client.get("/naleving").text)
    index = said["spreidingsindex"]
    assert points[-1]["laatste"] == index
    assert f"Spreiding. {dutch(index * 100, 1)} % van de meetellende plaatsen" in found.text
    assert re.search(r"Voor het eerst vast te stellen aan het begin van 1 \w+ 2024: toen was het [\d,]+ %", found.text)
    assert row_of(found, "Nederland")[-1] == dutch(said["plaatsenPer1000Inwoners"], 2)
    for one in provincies["items"]:
        assert row_of(found, PROVINCIES[one["code"]])[-1] == dutch(one["plaatsenPer1000Inwoners"], 2)
    values = [said, next(one for one in provincies["items"] if one["code"] == "PV20"), gemeente]
    for one, now in zip(series, values, strict=True):
        assert one["punten"][-1]["laatste"] == now["plaatsenPer1000Inwoners"]
    assert {one["inwonersOp"] for one in (said, provincies, gemeente, *series)} == {INWONERS_OP.isoformat()}
    assert "ongeveer het aantal inwoners van 1 jan 2026; geen officieel cijfer" in found.text
    (chart,) = [one for one in found.all("figure") if one["id"] == "spreiding"]
    assert chart["data-van"]


def test_what_can_not_be_said_has_no_number_no_colour_and_a_reason(shown):
    found = shown(OPEN, "/naleving")
    assert "(de spreidingsindex) is niet vast te stellen: van cyclus 2024 is niet alles vastgelegd." in found.text
    assert row_of(found, "Nederland")[-1] == "niet vast te stellen"
    assert "niet vast te stellen 342" in found.text  # the legend of the map
    before = shown([], "/naleving?geldigOp=2023-06-01")
    assert not before.all("figure")
    assert "geen cyclus van de Spreidingswet bekend" in before.text


def test_the_line_is_that_of_the_moment_that_is_shown(shown):
    """What was learned later is not in it."""
    assert "Voor het eerst vast te stellen" in shown(OPEN, "/naleving?bekendOp=2026-04-30").text
    assert "Voor het eerst vast te stellen" not in shown([], "/naleving").text
