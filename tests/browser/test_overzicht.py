"""The overview: what must be seen at once is on the first screen, no column stands empty, and the header is low."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.chromium import opened
from tests.support.server import Server

LAPTOP = (1440, 900)
WIDTHS = (360, 768, 1024, 1280, 1440, 1920, 2560)
EMPTY_MAX = 0.3
FIRST = (".tellers", ".alarmen", ".bezetting", ".volste", ".zwijgend", ".bewegingen", ".maxima", ".naleving", ".kaart")
INK = """() => {
    // How far down an element is written or drawn upon.
    window.ink = (element) => {
        const bottoms = [...element.querySelectorAll("svg, hr, input, pre")].map((one) => one.getBoundingClientRect());
        const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
        for (let text = texts.nextNode(); text; text = texts.nextNode()) {
            if (!text.nodeValue.trim() || text.parentElement.closest(".verborgen, .legenda")) continue;
            const range = document.createRange();
            range.selectNode(text);
            bottoms.push(...range.getClientRects());
        }
        return Math.max(...bottoms.filter(({height}) => height > 1).map(({bottom}) => bottom + scrollY));
    };
}"""
BELOW = """([selectors, limit]) => selectors
    .flatMap((one) => [...document.querySelectorAll(`main ${one}`)].map((element) => [one, ink(element)]))
    .filter(([, bottom]) => bottom > limit)"""
"""What of these is not above a height."""
EMPTY = """() => [".eerst", ".daarna"].flatMap((name) => {
    const grid = document.querySelector(name);
    const [top, height] = [grid.getBoundingClientRect().top + scrollY, grid.clientHeight];
    const cards = [...grid.querySelectorAll(".kaartje")].map((card) => {
        const box = card.getBoundingClientRect();
        return {name: card.querySelector("h2").textContent.trim(), left: box.left, right: box.right,
            top: box.top + scrollY, bottom: Math.min(ink(card) + 16, box.bottom + scrollY)};
    });
    const wide = ({left, right}) => cards.some((one) => one.left > left - 2 && one.right < right + 2
        && one.right - one.left < 0.8 * (right - left));
    const places = new Set(cards.filter((card) => !wide(card)).map(({left, right}) => Math.round((left + right) / 2)));
    return [...places].map((x) => {
        const column = cards.filter(({left, right}) => left < x + 24 && x - 24 < right).sort((a, b) => a.top - b.top);
        let [full, until] = [0, top];
        for (const card of column) {
            full += Math.max(0, card.bottom - Math.max(card.top, until));
            until = Math.max(until, card.bottom);
        }
        return [name, column.map((card) => card.name).join(" / "), (height - full) / height];
    });
})"""
"""Of each column of cards, how much of the height of its grid is empty."""

LINES = """() => new Set([...document.querySelectorAll(".naam, .stroom, #tijd-knop, .kop nav > ul > li")]
    .filter((one) => one.offsetWidth).map((one) => one.getBoundingClientRect())
    .map(({top, bottom}) => Math.round((top + bottom) / 40))).size"""
"""On how many lines the header stands."""


@pytest.fixture(scope="module")
def simulation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A whole network, with alarms."""
    with Server(tmp_path_factory.mktemp("overzicht") / "data", "--voorbeeld", "simulatie") as server:
        server.until("/v1/alarmen", lambda said: len(said["items"]) > 3, seconds=120)
        yield server


@pytest.fixture(params=["publiek", "simulatie"])
def overview(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """The overview of each sample, in a window like a laptop."""
    server: Server = request.getfixturevalue("server" if request.param == "publiek" else "simulation")
    with opened(browser, server.url, size=LAPTOP, still=True) as page:
        page.goto("/")
        expect(page.locator("#stroom-stand")).to_have_text("Live")
        expect(page.locator(".alarmlijst li").nth(2)).to_be_visible()  # They come after the server is ready.
        page.evaluate(INK)
        yield page


def test_what_must_be_seen_at_once_is_on_the_first_screen(overview: Page) -> None:
    assert overview.evaluate(BELOW, [FIRST, LAPTOP[1]]) == []


def test_no_column_stands_empty_at_any_width(overview: Page) -> None:
    found = {}
    for width in WIDTHS:
        overview.set_viewport_size({"width": width, "height": 900})
        found[width] = [one for one in overview.evaluate(EMPTY) if one[2] > EMPTY_MAX]
    assert found == {width: [] for width in WIDTHS}


@pytest.mark.parametrize("width", [1200, 1280, 1408])
def test_on_a_small_laptop_the_header_has_one_line(overview: Page, width: int) -> None:
    overview.set_viewport_size({"width": width, "height": 800})
    assert overview.evaluate(LINES) == 1
    overview.get_by_role("button", name="Pauzeer").click()
    assert overview.evaluate(LINES) == 1
    heights = "[...document.querySelectorAll('#stroom-knop, #tijd-knop')].map((one) => one.clientHeight)"
    assert max(overview.evaluate(heights)) < 40, "no word is broken"


@pytest.mark.parametrize("width", [320, 360])
def test_on_a_phone_the_header_has_two_lines_and_the_alarms_come_first(overview: Page, width: int) -> None:
    overview.set_viewport_size({"width": width, "height": 740})
    expect(overview.get_by_role("button", name="Pauzeer")).to_be_visible()
    assert overview.evaluate(LINES) == 2
    assert overview.evaluate("document.querySelector('.kop').clientHeight") <= 90
    expect(overview.locator("main h2").first).to_contain_text("Alarmen")
    assert overview.locator(".alarmlijst li").first.evaluate("one => one.getBoundingClientRect().bottom") < 740
