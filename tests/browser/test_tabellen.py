"""The tables: what is seen at once, what stays in sight, searching while typing, and the keys."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.chromium import PHONE, NewPage, accessibility, too_wide

LAPTOP, NARROWEST_DESK = (1440, 900), (1280, 800)
SEEN = """() => [...document.querySelectorAll(".lijst-vlak tbody tr")].filter((row) => {
    const {top, bottom} = row.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
}).length"""
"""How many rows are wholly in sight."""
TALLEST = "() => Math.max(...[...document.querySelectorAll('.lijst-vlak tbody tr')].map((row) => row.offsetHeight))"


def rows(page: Page) -> int:
    return page.locator(".lijst-vlak tbody tr").count()


@pytest.mark.parametrize("path", ["/locaties", "/gemeenten"])
def test_twenty_rows_of_one_line_are_seen_at_once(new_page: NewPage, path: str) -> None:
    with new_page(size=LAPTOP) as page:
        page.goto(path)
        assert page.evaluate(SEEN) >= 20
        assert page.evaluate(TALLEST) <= 32  # of one line each


@pytest.mark.parametrize("path", ["/locaties", "/gemeenten", "/provincies"])
def test_nothing_goes_sideways(new_page: NewPage, path: str) -> None:
    with new_page(size=NARROWEST_DESK) as page:
        page.goto(path)
        for size in (NARROWEST_DESK, LAPTOP, (1000, 700), (768, 1024), PHONE):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            assert too_wide(page) == [], size
            inside = "({scrollWidth, clientWidth}) => scrollWidth - clientWidth"
            assert page.locator(".lijst-vlak").evaluate(inside) <= 0, size
        label = "getComputedStyle(document.querySelector('.lijst-vlak tbody td'), '::before').content"
        assert page.evaluate(label) != "none"  # on a phone each figure has its name beside it
        assert accessibility(page) == []


def test_with_all_columns_no_name_lies_over_its_neighbour(new_page: NewPage) -> None:
    with new_page(size=LAPTOP) as page:
        page.goto("/locaties?kolommen=alle")
        seen = """(cells) => cells.map((cell) => {
            const {left, top, height} = cell.getBoundingClientRect();
            return top + height < innerHeight ? document.elementFromPoint(left + 8, top + height / 2) === cell : true;
        })"""
        assert all(page.eval_on_selector_all(".lijst-vlak tbody td:nth-child(2)", seen))


EDGES = """(parts) => parts.filter((one) => one.checkVisibility()).map((part) => {
    const words = document.createRange();
    words.selectNodeContents(part);
    return Math.round(words.getBoundingClientRect().right);
})"""
"""Where the words of each of these end."""


def test_the_head_the_row_of_all_and_the_bars_stand_in_line(new_page: NewPage) -> None:
    with new_page(size=LAPTOP) as page:
        for path in ("/locaties", "/locaties?kolommen=alle"):
            page.goto(path)
            column = page.locator("thead tr:first-child th").evaluate_all(
                "heads => heads.findIndex((head) => head.matches('.met-naast')) + 1"
            )
            head = page.eval_on_selector_all(".met-naast a", EDGES)
            bars = page.eval_on_selector_all(".lijst-vlak tbody .cel-tekst", EDGES)
            samen = page.locator(f".samen > :nth-child({column}) > :first-child").bounding_box()
            none = page.locator(f"tbody td:nth-child({column}) .niets").first.bounding_box()
            assert bars
            assert samen is not None
            assert none is not None
            edges = [*head, *bars, samen["x"] + samen["width"], none["x"] + none["width"]]
            assert max(edges) - min(edges) <= 2, (path, edges)


def test_on_a_phone_each_value_of_a_card_stands_at_the_right(new_page: NewPage) -> None:
    ends = """(cells) => cells.filter((cell) => cell.checkVisibility()).map((cell) => {
        const inside = document.createRange();
        inside.selectNodeContents(cell);
        const boxes = [...inside.getClientRects()].filter(({width}) => width > 0);
        return Math.round(cell.getBoundingClientRect().right - Math.max(...boxes.map(({right}) => right)));
    })"""
    with new_page(size=(360, 740)) as page:
        for path in ("/locaties", "/gemeenten"):
            page.goto(path)
            assert set(page.eval_on_selector_all(".lijst-vlak tbody td", ends)) <= {0, 1}, path


def test_the_head_and_the_row_of_all_stay_in_sight(new_page: NewPage) -> None:
    with new_page(size=LAPTOP) as page:
        for path in ("/gemeenten", "/gemeenten?geldigOp=2026-05-26T08:00"):
            page.goto(path)
            page.evaluate("scrollTo(0, 1500)")
            page.wait_for_function("scrollY > 1000")
            for name in ("thead tr:first-child th:first-child", "thead .samen th"):
                box = page.locator(f".lijst-vlak {name}").bounding_box()
                assert box is not None
                assert 0 <= box["y"] < 120, path
                at = [box["x"] + 5, box["y"] + box["height"] / 2]
                seen = "([x, y]) => Boolean(document.elementFromPoint(x, y).closest('.lijst thead'))"
                assert page.evaluate(seen, at), path


def test_the_map_stands_beside_the_table_and_stays(new_page: NewPage) -> None:
    with new_page(size=NARROWEST_DESK) as page:
        page.goto("/gemeenten")
        drawn, table = page.locator("#kaart"), page.locator(".lijst-vlak")
        for down in (0, 900):
            page.evaluate(f"scrollTo(0, {down})")
            left, right = table.bounding_box(), drawn.bounding_box()
            assert left is not None
            assert right is not None
            assert right["x"] >= left["x"] + left["width"]
            assert 0 <= right["y"] < 400
        page.set_viewport_size({"width": 1000, "height": 800})
        above, below = table.bounding_box(), drawn.bounding_box()
        assert above is not None
        assert below is not None
        assert below["y"] >= above["y"] + above["height"]
        page.get_by_role("link", name="Naar de kaart").click()
        expect(page.locator("#landkaart")).to_be_in_viewport()


def test_what_a_filter_leaves_out_is_dimmed_on_the_map(page: Page) -> None:
    page.goto("/gemeenten")
    assert page.locator("#kaart .vak.uit").count() == 0
    page.get_by_label("Provincie", exact=True).select_option("PV20")
    expect(page.locator(".lijst-vlak tbody tr")).to_have_count(10)
    assert page.locator("#kaart .vak:not(.uit)").count() == 10
    expect(page.locator("#vak-GM0344")).to_have_accessible_name(re.compile(r"\(niet in de keuze\)$"))
    assert float(page.locator("#vak-GM0344").evaluate("(vak) => getComputedStyle(vak).opacity")) < 0.5
    expect(page).to_have_url(re.compile(r"/gemeenten\?provincie=PV20$"))
    expect(page.get_by_role("navigation", name="Kruimelpad")).to_contain_text("Nederland")
    expect(page.get_by_role("navigation", name="Kruimelpad").get_by_role("link", name="Groningen")).to_be_visible()


def test_search_finds_while_somebody_types(page: Page) -> None:
    page.goto("/locaties")
    page.evaluate("window.merk = true")
    every = rows(page)
    field = page.get_by_label("Zoek op naam of plaats")
    field.click()
    page.keyboard.type("ter ap")
    expect(page.locator(".lijst-vlak tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/locaties\?zoek=ter\+ap$"))
    expect(field).to_be_focused()
    expect(field).to_have_value("ter ap")
    expect(page.get_by_role("status").filter(has_text="Rij 1")).to_have_text("Rij 1 tot en met 1 van 1.")
    assert page.locator("#f-provincie option").all_text_contents()[1].endswith("(1)")  # the choices are counted anew
    field.fill("")
    expect(page.locator(".lijst-vlak tbody tr")).to_have_count(every)
    expect(page).to_have_url(re.compile(r"/locaties$"))
    assert page.evaluate("window.merk") is True  # it was never loaded anew


def test_a_search_and_a_choice_can_be_taken_back(page: Page) -> None:
    page.goto("/gemeenten")
    page.get_by_label("Provincie", exact=True).select_option("PV20")
    expect(page).to_have_url(re.compile("provincie=PV20"))
    page.get_by_role("columnheader", name="Opgave").get_by_role("link").click()
    expect(page).to_have_url(re.compile("sorteer=-opgave"))
    page.go_back()
    page.go_back()
    expect(page).to_have_url(re.compile(r"/gemeenten$"))
    expect(page.get_by_label("Provincie", exact=True)).to_have_value("")
    expect(page.locator(".lijst-vlak tbody tr")).to_have_count(100)


def test_a_key_searches_and_the_arrows_go_over_the_rows(page: Page) -> None:
    page.goto("/gemeenten")
    links = page.locator(".lijst-vlak tbody th a")
    page.keyboard.press("/")
    expect(page.get_by_label("Zoek op naam of code")).to_be_focused()
    for key, number in (
        ("ArrowDown", 0),
        ("ArrowDown", 1),
        ("PageDown", 11),
        ("ArrowUp", 10),
        ("End", 99),
        ("PageUp", 89),
        ("Home", 0),
    ):
        page.keyboard.press(key)
        expect(links.nth(number)).to_be_focused()
        expect(links.nth(number)).to_be_in_viewport(ratio=1)
        covered = (
            "(link) => { const {left, top} = link.getBoundingClientRect();"
            " return !link.contains(document.elementFromPoint(left + 4, top + 8)); }"
        )
        assert not links.nth(number).evaluate(covered), key  # not behind the head
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("Zoek op naam of code")).to_be_focused()
    page.keyboard.press("ArrowDown")
    name = links.first.text_content() or ""
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.get_by_role("navigation", name="Kruimelpad")).to_contain_text(name)


def test_the_keys_are_told_and_those_without_ctrl_can_be_switched_off(page: Page) -> None:
    page.goto("/locaties")
    page.keyboard.press("?")
    told = page.get_by_role("dialog", name="Toetsen in een tabel")
    expect(told).to_be_visible()
    expect(told).to_contain_text("naar het zoekveld")
    assert accessibility(page) == []
    told.get_by_label("De toetsen / en ? gebruiken").uncheck()
    page.keyboard.press("Escape")
    expect(told).to_be_hidden()
    page.keyboard.press("/")
    expect(page.get_by_label("Zoek op naam of plaats")).not_to_be_focused()
    page.reload()
    page.keyboard.press("?")
    expect(told).to_be_hidden()
    page.get_by_role("button", name="Toetsen").click()  # found without a key
    expect(told.get_by_label("De toetsen / en ? gebruiken")).not_to_be_checked()
