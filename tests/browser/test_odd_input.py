"""Strange names, strange input and wrong addresses are shown as they are, and the visitor can go on."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from services.dashboard.woorden import veld
from tests.support.chromium import DESK, PHONE, opened, too_wide
from tests.support.facts import access, capacity, limit, reading, registered
from tests.support.server import Server

NAME = 'Azc "De Brug" \'t <b>Veer</b> مأوى'
HOSTILE = "<script>alert(1)</script>"
SPILLS = """name => {
    const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    const spilled = [];
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
        const around = text.parentElement;
        // A list to choose from and the names of drawings know no <bdi>; an alarm is one sentence, said elsewhere too.
        if (!text.data.includes(name) || around.closest("option, title, desc, .alarmlijst")) continue;
        if (!around.closest("bdi")) spilled.push(`${around.tagName}: ${text.data.trim()}`);
    }
    return spilled;
}"""
"""Finds the places where the name is not isolated from the writing direction around it."""


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A system with a locatie that has the strange name, and with events that make every page show it."""
    with Server(tmp_path_factory.mktemp("vreemd") / "data") as server:
        brug = registered("LOC-BRUG")
        events = [brug | {"data": brug["data"] | {"naam": NAME}}, capacity("LOC-BRUG", 100), reading("LOC-BRUG", 90)]
        events += [limit("LOC-BRUG", 120, "2024-03-01"), access("LOC-BRUG", "open", "2027-01-01")]
        assert server.post(events).status_code == 201
        yield server


def visit(browser: Browser, server: Server, **options: object) -> Iterator[Page]:
    """An empty page. The visit fails when injected script opens a dialog."""
    with opened(browser, server.url, **options) as page:
        ran: list[str] = []
        page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
        yield page
        assert ran == []


@pytest.fixture
def page(browser: Browser, mine: Server) -> Iterator[Page]:
    """An empty page of a visitor whose requests all succeed."""
    yield from visit(browser, mine)


@pytest.fixture
def lost(browser: Browser, mine: Server) -> Iterator[Page]:
    """An empty page of a visitor who gets errors 404 and 400."""
    yield from visit(browser, mine, expects=["404", "400"])


@pytest.mark.parametrize("path", ["/locaties", "/gemeenten"])
def test_what_is_searched_is_text(page: Page, path: str) -> None:
    page.goto(path)
    page.locator("#zoek").fill(f'"{HOSTILE}')
    page.keyboard.press("Enter")
    expect(page.get_by_text("Niets gevonden.")).to_be_visible()
    expect(page.locator("#zoek")).to_have_value(f'"{HOSTILE}')
    assert page.locator("main script").count() == 0


PAGES = {
    "/": 3,
    "/locaties?zoek=%22de+brug%22": 1,
    "/locaties/LOC-BRUG": 1,
    "/gemeenten/GM0599": 2,
    "/locaties/LOC-BRUG/verklaring": 3,
    "/verschil?metGeldigOp=2023-01-01&metBekendOp=2023-01-01": 1,
}
"""Page → the least number of times that the name appears on it."""


@pytest.mark.parametrize("path", PAGES)
def test_a_name_is_shown_as_it_is_and_keeps_to_itself(page: Page, path: str) -> None:
    page.goto(path)
    assert page.get_by_text(NAME).count() >= PAGES[path]
    assert page.evaluate(SPILLS, NAME) == []
    assert page.locator("main b", has_text="Veer").count() == 0
    for width, height in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": height})
        assert too_wide(page) == []


def test_a_name_is_that_of_its_page(page: Page) -> None:
    page.goto("/locaties")
    page.get_by_role("link", name=NAME).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    expect(page).to_have_title(f"{NAME} – Opvangpeil")
    assert page.locator("h1 bdi").evaluate("bdi => getComputedStyle(bdi).unicodeBidi") == "isolate"


def test_a_page_that_does_not_exist_leads_on_to_others(lost: Page) -> None:
    for path in ("/gemeenten/GM9999", "/provincies/x", "/alarmen/x", "/locaties/%3Cscript%3E", "/locaties/LOC-NERGENS"):
        assert status(lost, path) == 404
        expect(lost.get_by_role("heading", level=1)).to_have_text("Niet gevonden")
        assert lost.locator("main script").count() == 0
        assert lost.locator(f"main a[href='{path}']").count() == 0
        assert lost.locator(f"main a[href='/{path.split('/')[1]}']").count() == 1, "the list that it is missing from"
    lost.get_by_role("navigation").get_by_role("link", name="Locaties").click()
    expect(lost.get_by_role("heading", level=1)).to_have_text("Locaties")
    lost.go_back()
    lost.get_by_role("main").get_by_role("link", name="Overzicht").click()
    expect(lost.locator("#graad")).to_have_text("90,0 %")


SENSELESS = {
    "kleur=rood": "kleur",
    "bekendOp=2199-01-01T00:00": "bekendOp",
    "geldigOp=2026-02-30T00:00": "geldigOp",
    f"geldigOp={HOSTILE}": "geldigOp",
    "geldigOp=gisteren": "geldigOp",
}
"""Query → the field that is wrong in it."""


def test_a_question_that_makes_no_sense_is_explained(lost: Page) -> None:
    for query, field in SENSELESS.items():
        assert status(lost, f"/?{query}") == 400
        expect(lost.get_by_role("alert").locator("strong")).to_have_text([veld(field)])
    lost.get_by_role("link", name="Deze bladzijde van nu, zonder deze keuzes").click()
    expect(lost.locator("#graad")).to_have_text("90,0 %")
    expect(lost.locator("#stroom-stand")).to_have_text("Live")


def status(page: Page, path: str) -> int:
    """Opens a page and returns the status of the answer."""
    answer = page.goto(path)
    assert answer is not None
    return answer.status
