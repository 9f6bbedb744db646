"""The pages without a mouse, without JavaScript, on a narrow screen, with reduced motion, and on paper."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from services.dashboard.pages import PAGES
from tests.support.chromium import PHONE, NewPage, too_wide

PRINTED = ("/", "/locaties", "/gemeenten", "/alarmen", "/locaties/LOC-TER-APEL")
STOPS_MAX = 200
FOCUS = """() => {
    const element = document.activeElement;
    if (element === document.body) return null;
    const {outlineStyle, outlineWidth} = getComputedStyle(element);
    const [box] = element.getClientRects();
    const middle = (begin, end, most) => (Math.max(begin, 0) + Math.min(end, most)) / 2;
    const [x, y] = [middle(box.left, box.right, innerWidth), middle(box.top, box.bottom, innerHeight)];
    const at = document.elementFromPoint(x, y);
    return {
        number: element.number ??= window.numbers = (window.numbers ?? 0) + 1,
        name: element.outerHTML.slice(0, 120),
        isMap: element.matches("a.vak"),
        // The button of a calendar lies within its field: the browser itself shows that.
        seen: element.matches(":focus-within:not(:focus)") || (outlineStyle !== "none" && outlineWidth !== "0px"),
        bare: at !== null && (element.contains(at) || at.contains(element)),
    };
}"""
"""Describes the focused element: what it is, whether focus shows, and whether it is uncovered. None: no focus."""


def stops(page: Page, key: str) -> list[dict[str, object]]:
    """Every element that repeated presses of a key reach. A field with several stops counts once."""
    found: list[dict[str, object]] = []
    for _ in range(STOPS_MAX):
        page.keyboard.press(key)
        stop = page.evaluate(FOCUS)
        if stop is None:
            return found
        if not found or found[-1] != stop:
            found.append(stop)
        if key == "Shift+Tab" and stop["number"] == 1:
            return found
    raise AssertionError(f"na {STOPS_MAX} keer {key} nog niet rond: {found[-1]}")


@pytest.mark.parametrize(("path", "maps"), [("/", 1), ("/?geldigOp=2026-05-26T00:00", 1), ("/alarmen", 0)])
def test_the_focused_element_is_always_visible(new_page: NewPage, path: str, maps: int) -> None:
    with new_page(size=(1000, 700)) as page:
        # The page follows what happens. When something appears while a round is made, the next round sees it all.
        for last in (False, True):
            page.goto(path)
            there, back = stops(page, "Tab"), stops(page, "Shift+Tab")
            hidden = [stop for stop in there + back if not (stop["seen"] and stop["bare"])]
            known = [
                stop for stop in back if stop["number"] <= len(there)
            ]  # leave out an alarm that appeared meanwhile
            same = [stop["number"] for stop in known] == [stop["number"] for stop in reversed(there)]
            if last or (same and not hidden):
                break
        assert len(there) > 15
        assert sum(1 for stop in there if stop["isMap"]) == maps
        assert hidden == []
        assert same, (known, there)


def test_the_first_key_goes_past_the_header(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Naar de inhoud")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_a_header_sorts(page: Page) -> None:
    page.goto("/gemeenten?provincie=PV20")
    header = page.get_by_role("columnheader", name="Opgave")
    for order, signed in (("descending", -1), ("ascending", 1)):
        header.get_by_role("link").focus()
        page.keyboard.press("Enter")
        expect(header).to_have_attribute("aria-sort", order)
        texts = page.locator("tbody td:nth-child(4)").all_text_contents()
        column = [int(text.partition(" ")[0].replace(".", "")) for text in texts if text != "onbekend"]
        assert len(column) == 2
        assert column == sorted(column, key=lambda value: signed * value)
        assert texts[len(column) :] == ["onbekend"] * (len(texts) - len(column))


def test_without_javascript_every_page_and_form_works(new_page: NewPage) -> None:
    with new_page(javascript=False) as page:
        page.goto("/")
        expect(page.locator("#stroom")).to_be_hidden()
        names = page.get_by_role("navigation", name="Hoofdmenu").get_by_role("link").all_text_contents()
        assert names == [one.menu for one in PAGES if one.menu and not one.meer]
        for one in [one for one in PAGES if one.menu]:
            if one.meer:
                page.locator("#meer > summary").click()
            menu(page, one.menu).click()
            expect(page.locator(".kop nav li:not(.smal) > a[aria-current='page']")).to_have_text(one.menu)
            expect(page.get_by_role("heading", level=1)).to_be_visible()
        menu(page, "Locaties").click()
        page.get_by_label("Zoek op naam of plaats").fill("ter apel")
        page.get_by_role("button", name="Zoek").click()
        expect(page.locator("tbody tr")).to_have_count(1)
        page.locator("summary", has_text="Nu").click()
        page.get_by_label("Stand van", exact=True).fill("2025-01-01T00:00")
        page.get_by_role("button", name="Toon").click()
        expect(page.get_by_text("Niet nu")).to_be_visible()
        expect(page.locator("tbody tr")).to_have_count(1)
        assert "zoek=ter+apel" in page.url


def menu(page: Page, name: str) -> Locator:
    """The link with this name in the main menu."""
    return page.get_by_role("navigation", name="Hoofdmenu").get_by_role("link", name=name)


@pytest.mark.parametrize("size", [PHONE, (1280, 800)])
def test_the_rest_of_the_menu_opens_by_keyboard_and_closes_by_itself(new_page: NewPage, size: tuple[int, int]) -> None:
    with new_page(size=size) as page:
        page.goto("/locaties")
        more, last = page.locator("#meer > summary"), menu(page, "Telregels")
        first = menu(page, "Gemeenten" if size == PHONE else "Inlezen")
        expect(last).to_be_hidden()
        more.focus()
        page.keyboard.press("Enter")
        expect(last).to_be_in_viewport(ratio=1)
        assert too_wide(page) == []
        page.keyboard.press("Tab")
        expect(first).to_be_focused()
        page.keyboard.press("Escape")
        expect(last).to_be_hidden()
        expect(more).to_be_focused()
        page.keyboard.press("Enter")
        page.locator("h1").click()
        expect(last).to_be_hidden()
        more.click()
        last.click()
        expect(page).to_have_url(re.compile("/naleving/telregels"))


def test_on_a_phone_the_menu_is_within_reach(new_page: NewPage) -> None:
    with new_page(size=PHONE) as page:
        for path, name in (("/", "Locaties"), ("/locaties", "Alarmen")):
            page.goto(path)
            assert too_wide(page) == []
            expect(menu(page, name)).to_be_in_viewport(ratio=1)
            menu(page, name).click()
            expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_reduced_motion_is_respected(new_page: NewPage) -> None:
    with new_page(still=True) as page:
        page.goto("/")
        page.get_by_role("link", name="Locaties", exact=True).hover()
        page.locator("summary", has_text="Nu").click()
        assert page.evaluate("document.getAnimations().filter(one => one.playState === 'running').length") == 0


def test_paper_has_nothing_to_press(page: Page) -> None:
    page.emulate_media(media="print")
    for path in PRINTED:
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        for role in ("navigation", "button", "textbox", "combobox", "search", "form"):
            assert page.get_by_role(role).count() == 0, (path, role)
