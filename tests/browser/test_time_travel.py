"""Choosing another moment on the screen, and the wall view, with an invented network of realistic size."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.chromium import PHONE, opened
from tests.support.server import Server

PUBLISHED = {"2026-05-26T00:00": (119, 116, 107), "2026-05-21T00:00": (92, 140, 110)}
"""Moment → gemeenten that comply, in part, and not at all, as published then."""


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The system with the simulation, only to read from."""
    with Server(tmp_path_factory.mktemp("tijdreis") / "data", "--voorbeeld", "simulatie") as server:
        yield server


@pytest.fixture
def page(browser: Browser, network: Server) -> Iterator[Page]:
    """An empty page with the size of a desktop."""
    with opened(browser, network.url) as page:
        yield page


def travel(page: Page, moment: str) -> None:
    """Chooses a moment on the page, both as validity and as knowledge."""
    page.locator("#tijd-knop").click()
    page.get_by_label("Stand van", exact=True).fill(moment)
    expect(page.get_by_label("Zoals bekend op", exact=True)).to_have_value(moment)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"bekendOp={moment.replace(':', '%3A')}"))
    expect(page.locator("#tijd")).not_to_have_attribute("open", "")


def is_then(page: Page, day: str) -> None:
    """Checks that the page and its address say clearly that this is not now."""
    banner = page.get_by_role("complementary", name="Niet nu")
    expect(banner).to_be_in_viewport()
    expect(page.locator("#toen")).to_contain_text(f"de stand aan het begin van {day}, zoals bekend")
    expect(page.locator("#stroom")).to_be_hidden()
    assert "geldigOp=" in page.url
    assert "bekendOp=" in page.url


def classes(page: Page) -> tuple[int, ...]:
    """Returns the number of gemeenten in each class, as the table shows them."""
    cells = page.get_by_role("table", name="Gemeenten per klasse").locator("tbody td:nth-child(2)")
    return tuple(int(text) for text in cells.all_text_contents())


def test_the_published_figures_come_back(page: Page) -> None:
    page.goto("/")
    for moment, published in PUBLISHED.items():
        travel(page, moment)
        is_then(page, f"{moment[8:10]} mei 2026")
        assert classes(page) == (*published, 0, 0, 0, 0)


def test_the_moment_goes_along_until_one_goes_back_to_now(page: Page) -> None:
    day = "26 mei 2026"
    page.goto("/?geldigOp=2026-05-26T00:00&bekendOp=2026-05-26T00:00")
    page.get_by_role("table", name="Gemeenten per klasse").get_by_role("link", name="gedeeltelijk").click()
    expect(page.get_by_text("van 116.")).to_be_visible()
    is_then(page, day)
    page.get_by_role("navigation", name="Hoofdmenu").get_by_role("link", name="Gemeenten").click()
    expect(page.locator("#zoek")).to_be_visible()
    is_then(page, day)
    page.locator("#zoek").fill("Westerwolde")
    page.get_by_role("row").get_by_role("link", name="Westerwolde").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Westerwolde")
    is_then(page, day)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gemeenten")
    is_then(page, day)
    page.get_by_role("link", name="Naar nu").click()
    expect(page.locator("#stroom")).to_be_visible()
    expect(page.get_by_text("Niet nu")).to_have_count(0)
    assert "Op=" not in page.url


def test_another_moment_has_no_stream(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/locaties/LOC-TER-APEL?geldigOp=2025-01-01T00:00")
    expect(page.get_by_text("Niet nu")).to_be_visible()
    assert not [url for url in asked if "/v1/stroom" in url]


def test_two_moments_are_compared(page: Page) -> None:
    page.goto("/gemeenten/GM1950?geldigOp=2026-05-26T00:00&bekendOp=2026-05-26T00:00")
    page.locator("#tijd-knop").click()
    page.get_by_role("link", name="een ander moment").click()
    form = page.get_by_role("form", name="Twee momenten vergelijken")
    for label in ("Stand van", "Zoals bekend op"):
        form.get_by_role("group", name="Van").get_by_label(label).fill("2026-05-21T00:00")
    form.get_by_role("button", name="Vergelijk").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Wat er verschilt: Westerwolde")
    van, naar = (page.locator("dl.cijfers dd").nth(n) for n in range(2))
    for side, day in ((van, "21"), (naar, "26")):
        expect(side).to_contain_text(re.compile(f"^{day} mei 2026 00:00.*bekend aan het begin van {day} mei 2026"))
    page.get_by_role("link", name="Van heel Nederland").click()
    moved = page.get_by_role("region", name=re.compile("gemeenten kwamen in een andere klasse"))
    expect(moved.locator("details")).to_have_count(5)
    is_then(page, "26 mei 2026")
    moved.get_by_role("link", name=re.compile("^Bekijk alle")).click()
    expect(page.get_by_text(re.compile("rijen, bladzijde 1 van"))).to_be_visible()
    page.locator("details.deelregel summary").first.click()
    expect(page.get_by_text("Gemeld door").first).to_be_visible()


@pytest.mark.parametrize("start", ["/", "/locaties/LOC-TER-APEL"])
def test_last_week_is_two_clicks_away(page: Page, start: str) -> None:
    page.goto(start)
    page.locator("#tijd-knop").click()
    page.get_by_role("group", name="Vergelijk met een ander moment").get_by_role("link", name="vorige week").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Wat er verschilt")
    expect(page.get_by_role("link", name="vorige week", exact=True)).to_have_attribute("aria-current", "true")
    assert ("onderwerp=LOC-TER-APEL" in page.url) == (start != "/")


def test_why_is_one_click_away(page: Page) -> None:
    page.goto("/locaties/LOC-TER-APEL?geldigOp=2026-05-26T00:00&bekendOp=2026-05-26T00:00")
    page.get_by_role("link", name="Waarom deze cijfers").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile(r"Waarom deze cijfers: .*\(simulatie\)"))
    is_then(page, "26 mei 2026")
    table = page.get_by_role("table", name=re.compile("^Meldingen"))
    events = table.locator("tbody tr")
    assert events.count() > 10
    page.get_by_role("group", name="Wat ervan werd").get_by_role("link", name=re.compile("^Telt mee")).click()
    expect(page).to_have_url(re.compile("rol=telt"))
    said = table.locator("a[href*='/gebeurtenissen/']").first
    path = (said.get_attribute("href") or "").partition("?")[0]
    assert page.request.get(f"/v1{path}").json()["id"] == path.rpartition("/")[2]


def test_on_the_wall_a_keyboard_still_finds_the_pause_button(browser: Browser, network: Server) -> None:
    """What moves by itself can be stopped (WCAG 2.2.2)."""
    with opened(browser, network.url, size=(1920, 1080)) as page:
        page.goto("/?weergave=wand")
        expect(page.locator("#stroom-stand")).to_have_text("Live")
        page.locator("#stroom-knop").focus()
        expect(page.locator("#stroom-knop")).to_be_in_viewport(ratio=1)
        page.keyboard.press("Enter")
        expect(page.locator("#stroom-stand")).to_contain_text("Gepauzeerd")


def test_on_a_phone_the_banner_comes_first_and_stays(browser: Browser, network: Server) -> None:
    with opened(browser, network.url, size=PHONE) as page:
        page.goto("/?geldigOp=2026-05-26T00:00")
        banner = page.locator("#toen")
        box = banner.bounding_box()
        assert box is not None
        assert box["y"] == 0
        assert box["height"] < PHONE[1] / 3
        page.evaluate("scrollTo(0, 2000)")
        expect(banner).to_be_in_viewport(ratio=1)
