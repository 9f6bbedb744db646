"""The charts: the value at the pointer and by the arrow keys, any period, gaps, and no label over another."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.chromium import PHONE, NewPage, accessibility

TER_APEL = "/locaties/LOC-TER-APEL?geldigOp=2024-05-10T00:00"
"""A moment with a reading nearly every day before it."""
SHOWN = (
    "/?geldigOp=2024-05-10T00:00",
    "/",
    TER_APEL,
    f"{TER_APEL}&periode=week",
    "/locaties/LOC-TER-APEL?periode=alles",
    "/gemeenten/GM1950",
    "/gemeenten/GM1950?geldigOp=2024-05-10T00:00&periode=jaar",
    "/gemeenten/GM1950?van=2024-01-01&tot=2028-01-01",
    "/provincies/PV20?van=2024-03-01T06:00&tot=2024-03-02T18:00",
    "/provincies/PV20?periode=alles",
)
WIDTHS = (320, 768, 1280, 1920)
OVER = """() => [...document.querySelectorAll("svg.g-tekening")].flatMap((drawing) => {
    const boxes = [...drawing.querySelectorAll("text")]
        .map((text) => [text.textContent.trim(), text.getBoundingClientRect()])
        .filter(([text, box]) => text && box.width);
    const over = ([, a], [, b]) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0.5
        && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2; // a line of text is higher than its letters
    return boxes.flatMap((one, at) => boxes.slice(at + 1)
        .filter((other) => over(one, other)).map((other) => `${one[0]} over ${other[0]}`));
})"""
ROWS = """figure => [...figure.querySelectorAll("tbody tr")].map((row) => {
    const {van, tot} = figure.dataset;
    const [moment, ...told] = [...row.cells].map((cell) => cell.textContent);
    const op = new URL(row.querySelector("a").href).searchParams.get("geldigOp");
    return {moment, told, op, part: (Date.parse(op) - Date.parse(van)) / (Date.parse(tot) - Date.parse(van))};
})"""

UPDATED = """async () => {
    let times = 0;
    document.addEventListener("bijgewerkt", () => { times += 1; }, { once: true });
    await wissel.ga(location.pathname + location.search, { vervang: true });
    return times;
}"""
"""Fetches and places the page anew. Says whether it was placed."""


def rows(page: Page) -> list[dict[str, Any]]:
    """Returns the table of the first chart, and how far from the left each moment lies."""
    return page.locator("figure.grafiek").first.evaluate(ROWS)


def chart(page: Page) -> tuple[Locator, Locator]:
    """Returns what is read with the pointer and the keys, and where it is told."""
    return page.locator(".g-lezer").first, page.locator(".g-lees").first


def at(target: Locator, part: float) -> tuple[float, float]:
    box = target.bounding_box()
    assert box is not None
    return box["x"] + part * box["width"], box["y"] + box["height"] / 2


def test_the_pointer_reads_the_values_of_the_table(page: Page) -> None:
    page.goto(TER_APEL)
    target, told = chart(page)
    expect(told).to_contain_text("Wijs een moment aan")
    known = [row for row in rows(page) if not any("vast te stellen" in text or text == "–" for text in row["told"])]
    for row in (known[0], known[len(known) // 2], known[-1]):
        page.mouse.move(*at(target, row["part"]))
        expect(told.locator("a")).to_have_text(row["moment"])
        for value in row["told"]:
            expect(told).to_contain_text(value)
    expect(target.locator(".g-punt")).to_have_count(len(known[-1]["told"]))
    page.mouse.move(0, 0)
    expect(told).to_contain_text("Wijs een moment aan")


def test_the_arrow_keys_read_them_too_and_a_screen_reader_hears_it(page: Page) -> None:
    page.goto(TER_APEL)
    target, told = chart(page)
    found = rows(page)
    expect(target).to_have_role("slider")
    expect(told).to_have_role("status")
    target.focus()
    for key, row in (("End", -1), ("ArrowLeft", -2), ("ArrowRight", -1), ("Home", 0), ("ArrowUp", 1), ("PageUp", 11)):
        page.keyboard.press(key)
        expect(target).to_have_attribute("aria-valuetext", found[row]["moment"])
        expect(told).to_contain_text(found[row]["moment"])
    assert accessibility(page) == []
    page.keyboard.press("Escape")
    expect(told).to_contain_text("Wijs een moment aan")


def test_a_gap_says_why_and_has_no_point(page: Page) -> None:
    page.goto("/locaties/LOC-TER-APEL?periode=alles")
    target, told = chart(page)
    gap = next(row for row in rows(page) if row["told"][0].startswith("niet vast te stellen"))
    page.mouse.move(*at(target, gap["part"]))
    expect(told).to_contain_text("niet vast te stellen: langer dan 78 uur geen meting")
    expect(target.locator(".g-punt.lijn-aanwezig")).to_have_count(0)
    line = page.locator(".g-tekening .lijn-aanwezig").first.get_attribute("d") or ""
    assert line.count("M") > 1


def test_dragging_over_a_period_shows_it_and_back_leads_back(page: Page) -> None:
    page.goto(TER_APEL)
    target, _ = chart(page)
    page.mouse.move(*at(target, 0.25))
    page.mouse.down()
    page.mouse.move(*at(target, 0.4), steps=3)
    expect(target.locator(".g-sleep")).to_be_visible()
    page.mouse.move(*at(target, 0.5), steps=3)
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"geldigOp=2024-05-10.*van=.*tot="))
    figure = page.locator("figure.grafiek").first
    expect(figure).not_to_have_attribute("data-tot", "2024-05-09T22:00:00Z")
    assert figure.get_attribute("data-van") in page.url.replace("%3A", ":")
    assert all(-0.01 <= row["part"] <= 1.01 for row in rows(page))
    expect(page.locator("#toen")).to_contain_text("10 mei 2024")
    page.go_back()
    expect(figure).to_have_attribute("data-tot", "2024-05-09T22:00:00Z")


def test_the_links_zoom_by_keyboard_and_keep_the_focus(page: Page) -> None:
    page.goto(TER_APEL)
    figure = page.locator("figure.grafiek").first
    before = figure.get_attribute("data-van")
    page.get_by_role("link", name="Inzoomen").focus()
    page.keyboard.press("Enter")
    expect(figure).not_to_have_attribute("data-van", before or "")
    expect(page.get_by_role("link", name="Inzoomen")).to_be_focused()


def test_without_javascript_any_period_can_be_asked(new_page: NewPage) -> None:
    with new_page(javascript=False) as page:
        page.goto("/locaties/LOC-TER-APEL")
        form = page.get_by_role("form", name="Andere periode")
        form.get_by_label("van").fill("2024-02-01")
        form.get_by_label("tot").fill("2024-03-01")
        form.get_by_role("button").click()
        figure = page.locator("figure.grafiek").first
        expect(figure).to_have_attribute("data-van", "2024-01-31T23:00:00Z")
        expect(figure).to_have_attribute("data-tot", "2024-02-29T23:00:00Z")
        page.get_by_role("link", name="31 dagen").click()
        expect(page.get_by_role("link", name="31 dagen")).to_have_attribute("aria-current", "true")
        page.locator("summary", has_text="Als tabel").first.click()
        page.locator("figure.grafiek tbody a").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Waarom deze cijfers")


@pytest.mark.parametrize("how", ["click", "Enter"])
def test_a_click_leads_to_the_explanation_of_that_instant(page: Page, how: str) -> None:
    page.goto("/locaties/LOC-TER-APEL?geldigOp=2024-05-10T00:00&bekendOp=2026-07-01T00:00")
    target, told = chart(page)
    found = rows(page)
    nth, row = [(n, row) for n, row in enumerate(found) if row["told"][0].replace(".", "").isdigit()][1]
    if how == "click":
        page.mouse.click(*at(target, row["part"]))
    else:
        target.focus()
        for key in ("Home", *["ArrowRight"] * nth):
            page.keyboard.press(key)
        expect(told).to_contain_text(row["moment"])
        page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/locaties/LOC-TER-APEL/verklaring\?"))
    assert f"geldigOp={row['op']}" in page.url
    assert "bekendOp=2026-07-01" in page.url
    value = page.get_by_role("row", name=re.compile("^Aanwezig")).first
    expect(value).to_contain_text(row["told"][0])


def test_what_happened_is_marked_and_told(page: Page) -> None:
    page.goto("/locaties/LOC-TER-APEL?periode=alles")
    happened = page.locator(".g-gebeurd")
    happened.locator("summary").click()
    expect(happened.locator("li").first).to_be_visible()
    expect(page.locator("circle.g-merk").first).to_be_visible()
    moment = happened.locator("li").last.get_attribute("data-op")
    assert moment is not None
    why, what = happened.locator("li").last.get_by_role("link").all()
    expect(why).to_have_attribute("href", re.compile(f"geldigOp={moment}"))
    what.click()
    expect(page).to_have_url(re.compile(r"/gebeurtenissen/[^/]+$"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_an_update_keeps_the_pointer_and_the_period(page: Page) -> None:
    page.goto("/locaties/LOC-TER-APEL?van=2024-02-01&tot=2024-05-01")
    target, told = chart(page)
    target.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    said = told.inner_text()
    assert page.evaluate(UPDATED) == 1
    expect(told).to_have_text(said)
    expect(target).to_be_focused()
    expect(page.locator("figure.grafiek").first).to_have_attribute("data-tot", "2024-04-30T22:00:00Z")


@pytest.mark.parametrize("path", SHOWN)
def test_no_label_lies_over_another_at_any_width(new_page: NewPage, path: str) -> None:
    found = {}
    with new_page(still=True) as page:
        page.goto(path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            found[width] = page.evaluate(OVER)
    assert found == {width: [] for width in WIDTHS}


def test_a_finger_reads_and_does_not_zoom(new_page: NewPage) -> None:
    with new_page(size=PHONE) as page:
        page.goto(TER_APEL)
        target, told = chart(page)
        target.scroll_into_view_if_needed()
        x, y = at(target, 0.5)
        for kind in ("pointerdown", "pointermove", "pointerup"):
            target.dispatch_event(
                kind, {"pointerType": "touch", "clientX": x, "clientY": y, "pointerId": 1, "button": 0}
            )
        expect(told.locator("a")).to_be_visible()
        assert "verklaring" not in page.url


def test_paper_has_the_chart_and_nothing_to_point_at(page: Page) -> None:
    page.goto(TER_APEL)
    page.emulate_media(media="print")
    expect(page.locator("svg.g-tekening").first).to_be_visible()
    for gone in (".g-lezer", ".g-lees", ".g-periode"):
        expect(page.locator(gone).first).to_be_hidden()
