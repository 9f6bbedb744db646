"""The map of gemeenten: its card, its keys, another colour without a jump, and what it looks like on paper."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.chromium import NewPage, accessibility

UTRECHT = "#vak-GM0344"
"""Utrecht has neighbours on every side."""
PAGES = ["/", "/gemeenten"]


def card(page: Page) -> Locator:
    return page.get_by_role("tooltip")


def place(page: Page) -> tuple[float, float]:
    """The place of the focused hexagon: (x, y), with y downwards."""
    return tuple(page.evaluate("(({e, f}) => [e, f])(document.activeElement.transform.baseVal[0].matrix)"))


@pytest.mark.parametrize("path", PAGES)
def test_a_card_tells_of_the_gemeente_that_is_pointed_at(page: Page, path: str) -> None:
    page.goto(path)
    page.locator(UTRECHT).hover()
    expect(card(page)).to_be_visible()
    for said in ("Utrecht", "Provincie Utrecht", "Aanwezig", "Inzetbaar", "Bezettingsgraad", "Naleving", "Tekort"):
        expect(card(page)).to_contain_text(said)
    expect(card(page)).to_contain_text("niet vast te stellen")
    expect(card(page)).to_contain_text("in de laatste 78 uur")  # why it can't be stated
    assert page.locator(".kaart title").count() == 0  # the browser would show its own beside it
    card(page).hover()
    expect(card(page)).to_contain_text("Provincie Utrecht")  # one can point at the card itself
    page.mouse.move(1, 1)
    expect(card(page)).to_be_hidden()


@pytest.mark.parametrize("path", PAGES)
def test_the_card_comes_with_focus_and_goes_with_escape(page: Page, path: str) -> None:
    page.goto(path)
    page.locator(UTRECHT).focus()
    expect(card(page)).to_contain_text("Provincie Utrecht")
    expect(page.locator(UTRECHT)).to_have_accessible_description(re.compile("Utrecht.*Bezettingsgraad"))
    expect(page.locator(UTRECHT)).to_have_accessible_name(re.compile("^Utrecht: "))
    assert accessibility(page) == []
    page.keyboard.press("Escape")
    expect(card(page)).to_be_hidden()
    expect(page.locator(UTRECHT)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(card(page)).not_to_contain_text("Provincie Utrechts")
    expect(card(page)).to_be_visible()
    page.keyboard.press("Tab")
    expect(card(page)).to_be_hidden()


@pytest.mark.parametrize("path", PAGES)
def test_arrows_walk_the_map_and_enter_leads_to_the_gemeente(page: Page, path: str) -> None:
    page.goto(path)
    page.locator(UTRECHT).focus()
    first = place(page)
    page.keyboard.press("ArrowRight")
    right = place(page)
    assert right[0] > first[0]
    page.keyboard.press("ArrowDown")
    down = place(page)
    assert down[1] > right[1]
    page.keyboard.press("ArrowLeft")
    assert place(page)[0] < down[0]
    page.keyboard.press("ArrowUp")
    assert place(page)[1] < down[1]
    assert page.locator("a.vak[tabindex='0']").count() == 1
    name = (page.evaluate("document.activeElement.getAttribute('aria-label')") or "").partition(":")[0]
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/gemeenten/GM\d{4}$"))
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_another_colour_comes_without_a_jump(page: Page) -> None:
    page.goto("/gemeenten")
    page.evaluate("window.merk = true")
    page.mouse.wheel(0, 120)
    page.wait_for_function("scrollY > 0")
    link = page.get_by_role("group", name="Kleur de kaart naar").get_by_role("link", name="tekort")
    link.focus()
    before = page.evaluate("scrollY")
    page.keyboard.press("Enter")
    expect(page.locator("#kaart")).to_have_attribute("data-kleuring", "tekort")
    expect(page).to_have_url(re.compile(r"/gemeenten\?kaart=tekort$"))
    expect(link).to_be_focused()
    expect(link).to_have_attribute("aria-current", "true")
    assert page.evaluate("scrollY") == before
    page.go_back()
    expect(page.locator("#kaart")).to_have_attribute("data-kleuring", "naleving")
    expect(page).to_have_url(re.compile(r"/gemeenten$"))
    assert page.evaluate("window.merk") is True  # it was never loaded anew


def test_another_moment_comes_without_a_jump(page: Page) -> None:
    page.goto("/gemeenten?kaart=tekort")
    page.evaluate("window.merk = true")
    page.mouse.wheel(0, 120)
    page.wait_for_function("scrollY > 0")
    place_of_map = "document.querySelector('#kaart').getBoundingClientRect().top"
    before = page.evaluate(place_of_map)
    then = "document.querySelector('#tijd a[data-zacht][href*=\"geldigOp\"]')"
    page.evaluate(f"{then}.click()")
    expect(page.locator("#toen")).to_contain_text("Niet nu.")
    expect(page).to_have_url(re.compile("kaart=tekort.*geldigOp="))
    expect(page.locator("#stroom")).to_be_hidden()  # what is over does not change
    assert abs(page.evaluate(place_of_map) - before) < 60  # no more than the banner that came
    assert "geldigOp" in (page.locator(UTRECHT).get_attribute("href") or "")
    page.go_back()
    expect(page.locator("#toen")).to_have_count(0)
    expect(page.locator("#stroom")).to_be_visible()
    assert page.evaluate("window.merk") is True  # it was never loaded anew


def test_without_javascript_a_colour_leads_back_to_the_map(new_page: NewPage) -> None:
    with new_page(javascript=False) as page:
        page.goto("/gemeenten")
        page.locator(".landkaart .kies").get_by_role("link", name="bezettingsgraad").click()
        expect(page).to_have_url(re.compile(r"kaart=bezettingsgraad#landkaart$"))
        expect(page.locator("#landkaart")).to_be_in_viewport()


def test_on_paper_a_class_is_a_plain_fill(page: Page) -> None:
    page.goto("/gemeenten?kaart=tekort")
    fill = "getComputedStyle(document.querySelector('#z-trap2')).fill"
    assert "url" in page.evaluate(fill)
    page.emulate_media(media="print")
    assert "url" not in page.evaluate(fill)


@pytest.mark.parametrize("size", [(1440, 900), (1280, 800)])
def test_the_card_on_the_overview_leaves_the_map_and_its_choice_in_sight(
    new_page: NewPage, size: tuple[int, int]
) -> None:
    with new_page(size=size) as page:
        page.goto("/")
        for code in ("GM0014", "GM0310", "GM0935"):
            # When news moves the map under a card, the next card is placed right.
            assert any(spares(page, code) for _ in range(3)), code


def spares(page: Page, code: str) -> bool:
    """Whether the card of a gemeente is within the window, and beside or below the map and what chooses its colours."""
    page.locator(f"#vak-{code}").hover()
    expect(card(page)).to_be_visible()
    told, *spared, height = page.evaluate(
        """() => [...["[role=tooltip]", "#kaart", ".landkaart .kies"].map((one) => {
            const {left, right, top, bottom} = document.querySelector(one).getBoundingClientRect();
            return {left, right, top, bottom};
        }), innerHeight]"""
    )
    page.mouse.move(1, 1)
    expect(card(page)).to_be_hidden()
    beside = all(
        told["right"] <= box["left"] or box["right"] <= told["left"] or told["top"] >= box["bottom"] for box in spared
    )
    return bool(beside and told["bottom"] <= height)


def test_on_the_way_to_the_card_it_stays_and_who_stays_on_another_hexagon_gets_that(new_page: NewPage) -> None:
    with new_page(size=(1440, 900)) as page:
        page.clock.install()
        page.goto("/")
        page.locator(UTRECHT).hover()
        expect(card(page)).to_contain_text("Provincie Utrecht")
        page.clock.pause_at(page.evaluate("Date.now() / 1_000 + 2"))
        told, other = card(page).bounding_box(), page.locator("#vak-GM0935").bounding_box()
        assert told is not None
        assert other is not None
        page.mouse.move(told["x"] + told["width"] / 2, told["y"] + 9, steps=30)
        page.clock.run_for(1_000)
        expect(card(page)).to_contain_text("Provincie Utrecht")
        page.mouse.move(other["x"] + other["width"] / 2, other["y"] + other["height"] / 2, steps=30)
        expect(card(page)).to_contain_text("Provincie Utrecht")
        page.clock.run_for(150)
        expect(card(page)).to_contain_text("Provincie Limburg")
        page.clock.resume()
