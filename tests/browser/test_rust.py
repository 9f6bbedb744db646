"""An open page at rest: it asks next to nothing, its clock and ages go on, and news is shown at once and marked."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.support.chromium import opened
from tests.support.facts import capacity, moment, reading, registered
from tests.support.link import Links
from tests.support.server import Server

MINUTE, DAY = 60, 86_400
BYTES_MAX = 2_000
"""In a minute, of everything: requests, answers and the stream, with their headers."""

BEATING = """window.EventSource = class extends EventTarget {
    static CLOSED = 2;
    readyState = 1;
    beats = setInterval(() => this.dispatchEvent(new Event("hartslag")), 15_000);
    opens = setTimeout(() => this.onopen());
    close() { clearInterval(this.beats); clearTimeout(this.opens); }
};"""
"""A stream that goes by the clock of the page, and says only that it is there."""


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A system of its own in which nothing happens unless a test says so."""
    with Server(tmp_path_factory.mktemp("rust") / "data") as server:
        events = [one for n in range(5) for one in (registered(f"LOC-{n}"), capacity(f"LOC-{n}", 100))]
        assert server.post([*events, *(reading(f"LOC-{n}", 90 + n) for n in range(5))]).status_code == 201
        yield server


def at_rest(page: Page, path: str) -> list[Request]:
    """Opens a page and waits until it fetched itself anew. Returns the requests from then on."""
    with page.expect_response(lambda answer: answer.request.resource_type == "fetch"):
        page.goto(path)
    expect(page.locator("#stroom-stand")).to_have_text("Live")
    return asked_from_now(page)


def asked_from_now(page: Page) -> list[Request]:
    """Returns a list to which each request is added."""
    asked: list[Request] = []

    def keep(request: Request) -> None:
        asked.append(request)

    page.on("request", keep)
    return asked


@pytest.mark.volledig
def test_a_page_that_nobody_touches_takes_less_than_two_kilobytes_a_minute(browser: Browser, mine: Server) -> None:
    paths = ("/", "/?weergave=wand", "/locaties/LOC-1")
    links = Links()
    with ExitStack() as stack:
        stack.callback(links.close)
        own = [links.to(urlsplit(mine.url).port or 0) for _ in paths]
        for link in own:
            stack.callback(link.cut)
        pages = [stack.enter_context(opened(browser, f"http://127.0.0.1:{link.port}")) for link in own]
        for page, path in zip(pages, paths, strict=True):
            at_rest(page, path)
        pages[0].wait_for_timeout(3_000)  # what was asked while they opened has come by then
        before = [link.passed for link in own]
        pages[0].wait_for_timeout(MINUTE * 1_000)
        taken = {path: link.passed - passed for path, link, passed in zip(paths, own, before, strict=True)}
        assert max(taken.values()) < BYTES_MAX, taken
        for page in pages:
            expect(page.locator("#stroom-stand")).to_have_text("Live")


@pytest.mark.volledig
def test_a_reading_that_grows_too_old_is_shown_so_without_any_event(browser: Browser, mine: Server) -> None:
    """The others keep the country from an alarm at that moment, which would be an event."""
    almost = timedelta(hours=78) - timedelta(seconds=45)
    said = [registered("LOC-OUD"), capacity("LOC-OUD", 100), reading("LOC-OUD", 40, moment(almost))]
    assert mine.post(said).status_code == 201
    mine.until("/v1/alarmen", lambda found: found["items"], onderwerp="LOC-OUD")
    with opened(browser, mine.url) as page:
        at_rest(page, "/locaties/LOC-OUD")
        main = page.locator("main")
        expect(main).not_to_contain_text("Geen actuele meting")
        expect(main).to_contain_text("Geen actuele meting", timeout=75_000)
        expect(page.locator("#stroom-stand")).to_have_text("Live")


def test_news_comes_at_once_and_is_marked_for_a_while(browser: Browser, mine: Server) -> None:
    with opened(browser, mine.url) as page:
        at_rest(page, "/")
        row = page.locator("#vol-LOC-1")
        assert mine.post([reading("LOC-1", 140)]).status_code == 201
        expect(row).to_contain_text("140,0")
        expect(page.locator("#vol-LOC-1[data-net], #vol-LOC-1 [data-net]").first).to_be_attached()
        assert page.locator("time[data-net], footer [data-net], #stroom [data-net]").count() == 0
        expect(page.locator("[data-net]")).to_have_count(0)
        said = page.locator("#stroom [role=status]").all_inner_texts()
        assert said[0] == "Live"
        assert len(said) == 2  # that it is live, and at most one message


def test_with_reduced_motion_nothing_is_marked(browser: Browser, mine: Server) -> None:
    with opened(browser, mine.url, still=True) as page:
        at_rest(page, "/")
        page.evaluate("""() => { window.gemerkt = 0; new MutationObserver((all) => { window.gemerkt += all.length; })
            .observe(document.body, {subtree: true, attributes: true, attributeFilter: ["data-net"]}); }""")
        assert mine.post([reading("LOC-2", 150)]).status_code == 201
        expect(page.locator("#vol-LOC-2")).to_contain_text("150,0")
        assert page.evaluate("window.gemerkt") == 0


def test_in_a_minute_the_clock_and_the_ages_go_on_without_a_question(browser: Browser, mine: Server) -> None:
    with opened(browser, mine.url) as page:
        page.clock.install()
        page.add_init_script(BEATING)
        at_rest(page, "/")
        clock, age = page.locator("#stroom-tijd"), page.locator("main time[data-leeftijd]").first
        expect(age).to_have_text(re.compile(r"^\d+ \w+$"))
        page.clock.pause_at(page.evaluate("Date.now() / 1_000 + 10"))  # its own time stands still from here on
        asked = asked_from_now(page)
        before = clock.text_content() or ""
        page.clock.run_for(MINUTE * 1_000)
        assert seconds(clock.text_content() or "") - seconds(before) in (MINUTE, MINUTE - DAY)
        page.evaluate(
            "moment => document.querySelectorAll('time[data-leeftijd]').forEach((one) => { one.dateTime = moment; })",
            "2020-01-01T00:00:00.000Z",
        )
        page.clock.run_for(1_000)
        expect(age).to_have_text(re.compile(r"^\d\.\d{3} dagen$"))
        assert [one.url for one in asked] == []
        expect(page.locator("#stroom-stand")).to_have_text("Live")
        page.clock.resume()


def seconds(clock: str) -> int:
    """Returns how many seconds of the day are over by a clock that shows 12:34:56."""
    hours, minutes, rest = (int(part) for part in clock.split(":"))
    return 3_600 * hours + 60 * minutes + rest
