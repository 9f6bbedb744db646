"""The control of the moment: moments by name, a slider with two hands, fields, and how it closes."""

import re
from datetime import date, timedelta

from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.chromium import PHONE, NewPage, accessibility, opened, too_wide
from tests.support.server import Server

DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")


def panel(page: Page) -> Locator:
    """Opens the control."""
    page.locator("#tijd-knop").click()
    expect(page.get_by_role("group", name="Ga naar een moment")).to_be_visible()
    return page.locator("#tijd")


def hands(page: Page) -> tuple[Locator, Locator]:
    return page.get_by_role("slider", name="Dag van de stand"), page.get_by_role("slider", name="Dag waarop het bekend")


def today(page: Page) -> date:
    """The present day on the Dutch clock, as the page has it."""
    return date.fromisoformat(page.locator("#wijzers").get_attribute("data-tot") or "")


def is_closed(page: Page) -> None:
    """Checks that the control is closed, and that the focus is where it was opened."""
    expect(page.get_by_role("group", name="Ga naar een moment")).to_be_hidden()
    expect(page.locator("#tijd-knop")).to_be_focused()


def test_a_moment_by_name_shows_it_and_closes(page: Page) -> None:
    page.goto("/locaties")
    panel(page).get_by_role("link", name="gisteren", exact=True).first.click()
    expect(page.get_by_role("complementary", name="Niet nu")).to_be_visible()
    is_closed(page)
    yesterday = today(page) - timedelta(days=1)
    expect(page.locator("#tijd-knop")).to_contain_text(re.compile(rf"{yesterday.day} \w+ {yesterday.year} "))
    expect(page.locator("#toen")).to_contain_text("zoals bekend op")
    panel(page).get_by_role("link", name="nu", exact=True).click()
    expect(page.locator("#toen")).to_have_count(0)
    is_closed(page)
    assert "Op=" not in page.url


def test_the_day_of_the_handbook_says_why_it_is_there(page: Page) -> None:
    page.goto("/locaties/LOC-TER-APEL")
    panel(page).get_by_role("link", name="10 mei 2024 het voorbeeld in de handleiding").click()
    expect(page.locator("#toen")).to_contain_text("de stand aan het begin van 10 mei 2024, zoals bekend")
    assert page.get_by_text("2.463").count()


def test_both_hands_move_together_by_the_keyboard(page: Page) -> None:
    page.goto("/locaties")
    panel(page)
    stand, bekend = hands(page)
    expect(stand).to_have_attribute("aria-valuetext", "nu")
    stand.focus()
    for _ in range(3):  # the beginning of today, of yesterday, and of the day before
        page.keyboard.press("ArrowLeft")
    then = today(page) - timedelta(days=2)
    words = re.compile(rf"^{DAYS[then.weekday()]} {then.day} \w+ {then.year}$")
    for hand in (stand, bekend):
        expect(hand).to_have_attribute("aria-valuetext", words)
    expect(page.locator("#tijd-woorden")).to_contain_text("zoals toen bekend")
    expect(page.get_by_label("Stand van", exact=True)).to_have_value(f"{then}T00:00")
    assert "Op=" not in page.url  # an arrow alone goes nowhere
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"geldigOp={then}T00%3A00&bekendOp={then}T00%3A00"))
    is_closed(page)
    expect(page.get_by_role("complementary", name="Niet nu")).to_be_visible()


def test_the_hands_can_be_set_apart_by_the_mouse(page: Page) -> None:
    page.goto("/locaties?geldigOp=2026-01-01T00:00&bekendOp=2026-01-01T00:00")
    panel(page).get_by_label("Zoals het toen bekend was").uncheck()
    stand, bekend = hands(page)
    box = bekend.bounding_box()
    assert box is not None
    part = bekend.evaluate("hand => (hand.value - hand.min) / (hand.max - hand.min)")
    # A hand is 24 px wide and stays within the track; that of what was known hangs below it.
    at = box["x"] + 12 + part * (box["width"] - 24), box["y"] + box["height"] - 14
    page.mouse.move(*at)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] + 50, at[1], steps=4)
    page.mouse.up()
    expect(bekend).to_have_attribute("aria-valuetext", "nu")
    expect(stand).to_have_attribute("aria-valuetext", "donderdag 1 jan 2026")
    expect(page.locator("#tijd-woorden")).to_contain_text("met wat nu bekend is")
    page.get_by_role("button", name="Toon").click()
    expect(page).to_have_url(re.compile(r"geldigOp=2026-01-01T00%3A00$"))
    expect(page.locator("#tijd-knop")).to_contain_text("1 jan 2026, met wat nu bekend is")


def test_a_field_shows_the_moment_that_the_page_shows_and_sends_it_again(page: Page) -> None:
    page.goto("/locaties?geldigOp=2026-01-01T10:00:00.123456Z")
    panel(page)
    expect(page.get_by_label("Stand van", exact=True)).to_have_value("2026-01-01T11:00:00.123")
    page.get_by_role("button", name="Toon").click()
    expect(page).to_have_url(re.compile(r"geldigOp=2026-01-01T11%3A00%3A00\.123$"))
    page.goto(
        "/verschil?metGeldigOp=2026-01-01T10:00:00.5Z&metBekendOp=2026-01-02T10:00:00.123456Z&naarTelregel=cyclus"
    )
    before = page.get_by_role("form", name="Twee momenten vergelijken").get_by_role("group", name="Van")
    expect(before.get_by_label("Stand van")).to_have_value("2026-01-01T11:00:00.5")
    expect(before.get_by_label("Zoals bekend op")).to_have_value("2026-01-02T11:00:00.123")
    page.get_by_role("button", name="Vergelijk").click()
    expect(page).to_have_url(re.compile(r"metGeldigOp=2026-01-01T11%3A00%3A00\.5(00)?&metBekendOp=2026-01-02T11"))


def test_nothing_can_be_known_that_is_still_to_come(page: Page) -> None:
    page.goto("/locaties")
    panel(page).get_by_label("Stand van", exact=True).fill("2049-01-01T00:00")
    expect(page.get_by_label("Zoals bekend op", exact=True)).to_have_value("")
    _, bekend = hands(page)
    bekend.focus()
    page.keyboard.press("End")
    expect(bekend).to_have_attribute("aria-valuetext", "nu")
    page.get_by_role("button", name="Toon").click()
    expect(page.locator("#toen")).to_contain_text("de stand aan het begin van 1 jan 2049")


def test_escape_and_a_click_beside_it_close_it(page: Page) -> None:
    page.goto("/locaties")
    panel(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    is_closed(page)
    panel(page)
    page.get_by_role("heading", level=1).click()
    expect(page.get_by_role("group", name="Ga naar een moment")).to_be_hidden()


def test_without_javascript_the_fields_and_the_names_do_it(new_page: NewPage) -> None:
    with new_page(javascript=False) as page:
        page.goto("/locaties")
        panel(page)
        expect(page.locator("#wijzers")).to_be_hidden()
        page.get_by_label("Stand van", exact=True).fill("2025-01-01T00:00")
        page.get_by_label("Zoals bekend op", exact=True).fill("2025-02-01T00:00")
        page.get_by_role("button", name="Toon").click()
        banner = page.get_by_role("complementary", name="Niet nu")
        expect(banner).to_contain_text("aan het begin van 1 jan 2025, zoals bekend aan het begin van 1 feb 2025")
        panel(page).get_by_role("link", name="vorige week", exact=True).click()
        expect(banner).to_contain_text("zoals bekend op")
        panel(page).get_by_role("link", name="een week eerder", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Wat er verschilt")


def test_it_is_accessible_and_fits_when_open(browser: Browser, server: Server) -> None:
    for size, dark in ((PHONE, True), ((320, 640), False), ((1280, 800), False)):
        with opened(browser, server.url, size=size) as page:
            page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
            page.goto("/locaties")
            panel(page)
            assert (accessibility(page), too_wide(page)) == ([], []), size
            box = page.locator(".tijdvak").bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= size[0]
