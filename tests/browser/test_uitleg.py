"""What explains can be followed by click, and a hint that was closed stays away, with and without JavaScript."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.support.chromium import DESK, PHONE, accessibility, opened, too_wide
from tests.support.server import Server

TER_APEL = "/locaties/LOC-TER-APEL"


def test_from_a_figure_to_the_event_behind_it_and_back(browser: Browser, server: Server) -> None:
    with opened(browser, server.url) as page:
        page.goto(f"{TER_APEL}/verklaring?rol=telt")
        page.locator("main .uitleg tbody td a[href*='/gebeurtenissen/']").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Melding over")
        page.get_by_role("link", name="de cijfers van").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Waarom deze cijfers")
        page.locator(".begrip").first.click()
        expect(page).to_have_url(re.compile("/begrippen#cijfer-"))


@pytest.mark.parametrize(("size", "dark"), [(DESK, False), (PHONE, True), ((320, 800), False)])
@pytest.mark.parametrize("path", [f"{TER_APEL}/verklaring", "/begrippen", "MELDING"])
def test_what_explains_is_accessible_and_fits(
    browser: Browser, server: Server, path: str, size: tuple[int, int], dark: bool
) -> None:
    if path == "MELDING":
        logged = server.get("/v1/gebeurtenissen", onderwerp="LOC-TER-APEL")["items"]
        path = f"/gebeurtenissen/{logged[0]['id']}"
    with opened(browser, server.url, dark=dark, size=size, still=True) as page:
        page.goto(path)
        for details in page.locator("main details").all():
            details.evaluate("one => { one.open = true; }")
        assert [*accessibility(page), *too_wide(page)] == []


def test_a_hint_that_was_closed_stays_away(browser: Browser, server: Server) -> None:
    with opened(browser, server.url) as page:
        page.goto("/alarmen")
        expect(page.locator(".hint")).to_be_visible()
        page.locator(".hint summary").click()
        expect(page.locator(".hint p")).not_to_be_visible()
        page.reload()
        expect(page.locator(".hint")).not_to_be_visible()
        assert page.context.cookies() == []


def test_without_javascript_a_hint_can_be_closed(browser: Browser, server: Server) -> None:
    with opened(browser, server.url, javascript=False) as page:
        page.goto("/alarmen")
        page.locator(".hint summary").click()
        expect(page.locator(".hint p")).not_to_be_visible()
