"""Reporting by hand: with a keyboard only, without JavaScript, on a phone, in either theme."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product

import orjson
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.chromium import DESK, PHONE, accessibility, opened, too_wide
from tests.support.facts import capacity, moment, reading, registered
from tests.support.server import BATCH, Server

NAME = 'Azc "De Brug" <b> مأوى'


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A system to report to."""
    with Server(tmp_path_factory.mktemp("melden") / "data") as server:
        brug = registered("LOC-BRUG")
        events = [brug | {"data": brug["data"] | {"naam": NAME}}, capacity("LOC-BRUG", 100)]
        events.append(reading("LOC-BRUG", 90, moment(timedelta(hours=1))))
        answer = server.client.post(f"{server.url}/v1/gebeurtenissen", content=orjson.dumps(events), headers=BATCH)
        assert answer.status_code == 201, answer.text
        yield server


def tab_to(page: Page, name: str) -> None:
    """Presses Tab until the element with this name or text has focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name || document.activeElement.textContent") == name:
            return
    raise AssertionError(f"met Tab is {name} niet te bereiken")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_report_is_made_with_the_keyboard_alone(browser: Browser, mine: Server, javascript: bool) -> None:
    people = "93" if javascript else "94"
    with opened(browser, mine.url, size=PHONE, javascript=javascript) as page:
        page.goto("/melden")
        tab_to(page, "locatie")
        page.keyboard.type("de brug")
        tab_to(page, "aanwezig")
        page.keyboard.type("veel")
        page.keyboard.press("Enter")
        expect(page.locator("#fouten")).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("#aanwezig")).to_be_focused()
        page.keyboard.press("Control+A")
        page.keyboard.type(people)
        page.keyboard.press("Enter")
        expect(page.get_by_role("row", name="Aanwezig").first).to_contain_text(people)
        assert mine.get("/v1/bezetting")["aanwezig"] != int(people)
        tab_to(page, "Verzend deze melding")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Opgeslagen")
        assert mine.get("/v1/bezetting")["aanwezig"] == int(people)


PAGES = {
    "leeg": "/melden",
    "fouten": "/melden?soort=capaciteit&locatie=nergens&geldigVanaf=ooit&regulier=veel&controleer=ja",
    "voorbeeld": "/melden?soort=toegang&locatie=LOC-BRUG&geldigVanaf=2030-01-01T00:00&regime=beperkt&controleer=ja",
    "intrekking": "/melden?soort=intrekking&locatie=LOC-BRUG",
    "klaar": "/melden/klaar?id=019e634c-3800-7048-afb4-e4328017e355&locatie=LOC-BRUG&status=201",
}


@pytest.mark.parametrize("name", PAGES)
def test_it_is_accessible_and_fits(browser: Browser, mine: Server, name: str) -> None:
    with opened(browser, mine.url, still=True) as page:
        page.goto(PAGES[name])
        for dark, size in product((False, True), (PHONE, DESK)):
            page.emulate_media(color_scheme="dark" if dark else "light")
            page.set_viewport_size({"width": size[0], "height": size[1]})
            assert [*accessibility(page), *too_wide(page)] == [], ("donker" if dark else "licht", size)
