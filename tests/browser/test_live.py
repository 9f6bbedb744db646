"""Live pages: they follow new events, survive a broken connection, and react to what the visitor does."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from tests.support.chromium import opened
from tests.support.facts import access, capacity, limit, moment, reading, registered
from tests.support.link import Link, Links
from tests.support.server import Server

QUIET_MS = 26_000
"""After this long without a message the stream is dead."""
STREAM = "**/v1/stroom?*"
HIDE = "Object.defineProperty(document, 'hidden', {{configurable: true, get: () => {hidden}}})"


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A system with two locaties. The number of people at A changes; B has a maximum."""
    with Server(tmp_path_factory.mktemp("levend") / "data") as server:
        events = [limit("LOC-B", 60, "2024-03-01")]
        for name in ("LOC-A", "LOC-B"):
            events += [registered(name), capacity(name, 100), reading(name, 40)]
        assert server.post(events).status_code == 201
        yield server


@pytest.fixture
def link(mine: Server) -> Iterator[Link]:
    """A connection to the system that the test can break."""
    links = Links()
    link = links.to(urlsplit(mine.url).port or 0)
    yield link
    link.cut()
    links.close()


def people(server: Server, number: int) -> None:
    """Reports this number of people at A."""
    assert server.post([reading("LOC-A", number)]).status_code == 201


def figure(page: Page, name: str = "Aanwezig") -> Locator:
    """The figure with this name."""
    return page.locator("dl.cijfers > div", has=page.get_by_text(name, exact=True)).first.locator("dd")


def shown(context: BrowserContext, path: str) -> Page:
    """Opens a page and waits until its stream is live. A reload removes `merk` from the page."""
    page = context.new_page()
    with page.expect_response(lambda answer: answer.request.resource_type == "fetch"):
        page.goto(path)
    expect(page.locator("#stroom-tijd")).to_have_text(re.compile(r"^\d\d:\d\d:\d\d$"))
    page.evaluate("window.merk = true")
    return page


def status(page: Page) -> Locator:
    """The element that shows the state of the stream."""
    return page.get_by_role("status").and_(page.locator("#stroom-stand"))


def listeners(server: Server, many: int) -> None:
    """Waits until the server has this number of open streams."""
    server.until("/v1/bezetting", lambda _: server.metric("opvangpeil_stroom_lezers") == many)


def hold(page: Page, address: str) -> list[Route]:
    """Leaves requests to this address unanswered from now on. Returns the list to which they are added."""
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    page.route(address, keep)
    return held


def test_an_event_moves_the_figures_of_every_open_page(browser: Browser, mine: Server) -> None:
    with opened(browser, mine.url) as first:
        pages = [shown(first.context, path) for path in ("/", "/locaties/LOC-A", "/gemeenten?zoek=rotterdam")]
        overview, locatie, gemeenten = pages
        row = gemeenten.locator("#rij-GM0599")
        expect(row).to_contain_text("Rotterdam")
        people(mine, 77)
        now = mine.get("/v1/bezetting")
        ratio = f"{100 * now['bezettingsgraad']:.1f} %".replace(".", ",")
        expect(overview.locator("#graad")).to_have_text(ratio)
        expect(overview).to_have_title(f"Bezettingsgraad {ratio} – Opvangpeil")
        expect(figure(locatie)).to_have_text("77")
        expect(row.get_by_role("cell", name=str(now["aanwezig"]), exact=True)).to_be_visible()
        assert [page.evaluate("window.merk") for page in pages] == [True] * 3


def test_a_reading_that_grows_too_old_is_shown_so_without_any_event(browser: Browser, mine: Server) -> None:
    almost = timedelta(hours=78) - timedelta(seconds=10)
    said = [registered("LOC-OUD"), capacity("LOC-OUD", 100), reading("LOC-OUD", 40, moment(almost))]
    assert mine.post(said).status_code == 201
    with opened(browser, mine.url) as first:
        page = shown(first.context, "/locaties/LOC-OUD")
        expect(page.locator("main")).to_contain_text("Geen actuele meting")
        expect(status(page)).to_have_text("Live")
        assert page.evaluate("window.merk")


def test_what_somebody_does_with_a_page_stays_while_it_moves(browser: Browser, mine: Server) -> None:
    with opened(browser, mine.url, size=(1000, 500)) as first:
        page = shown(first.context, "/locaties/LOC-A")
        page.get_by_text("Als tabel").click()
        link = page.get_by_role("link", name="Waarom deze cijfers")
        link.focus()
        page.evaluate("scrollTo(0, 200)")
        people(mine, 55)
        expect(figure(page)).to_have_text("55")
        expect(link).to_be_focused()
        expect(page.locator("figure details")).to_have_attribute("open", "")
        assert page.evaluate("scrollY") == 200


def test_who_stands_on_a_row_that_moves_goes_with_it(browser: Browser, mine: Server) -> None:
    people(mine, 10)
    with opened(browser, mine.url) as first:
        page = shown(first.context, "/locaties?sorteer=-aanwezig")
        rows = page.locator("tbody th")
        expect(rows).to_have_text(["Proef LOC-B", "Proef LOC-A"])
        page.get_by_label("Zoek op naam").fill("Proef L")
        link = page.get_by_role("link", name="Proef LOC-A")
        link.focus()
        people(mine, 91)
        expect(rows).to_have_text(["Proef LOC-A", "Proef LOC-B"])
        expect(link).to_be_focused()
        expect(page.get_by_label("Zoek op naam")).to_have_value("Proef L")


def test_an_alarm_is_shown_and_said_and_pushes_no_other_away(browser: Browser, mine: Server) -> None:
    with opened(browser, mine.url) as first:
        page = shown(first.context, "/")
        said = page.get_by_role("status").and_(page.locator("#stroom-melding"))
        alarms = page.locator("ul.alarmlijst li")
        assert mine.post([access("LOC-B", "beperkt")]).status_code == 201
        expect(alarms.first).to_contain_text("Toegang")
        expect(said).to_have_text(re.compile("^Nieuw alarm: .*Proef LOC-B"))
        link = page.get_by_role("link", name="Toegang", exact=True)
        link.focus()
        address = link.get_attribute("href")
        assert mine.post([reading("LOC-B", 70)]).status_code == 201
        expect(alarms.first).to_contain_text("Boven maximum")
        expect(said).to_contain_text("boven het maximum")
        assert page.evaluate("document.activeElement.getAttribute('href')") == address


def test_paused_nothing_moves_until_it_goes_on(browser: Browser, mine: Server) -> None:
    people(mine, 20)
    with opened(browser, mine.url) as first:
        page, other = (shown(first.context, "/locaties/LOC-A") for _ in range(2))
        listeners(mine, 2)
        page.get_by_role("button", name="Pauzeer").click()
        expect(status(page)).to_have_text(re.compile(r"^Gepauzeerd — cijfers van \d\d:\d\d:\d\d$"))
        listeners(mine, 1)
        people(mine, 21)
        expect(figure(other)).to_have_text("21")
        expect(figure(page)).to_have_text("20")
        page.get_by_role("button", name="Hervat").click()
        expect(figure(page)).to_have_text("21")
        expect(status(page)).to_have_text("Live")


def test_a_paused_page_stays_paused_when_an_earlier_request_fails(browser: Browser, mine: Server) -> None:
    with opened(browser, mine.url, expects=["ERR_CONNECTION_RESET"]) as first:
        page = shown(first.context, "/locaties/LOC-A")
        held = hold(page, "**/locaties/LOC-A")
        with page.expect_request("**/locaties/LOC-A"):
            people(mine, 33)
        page.get_by_role("button", name="Pauzeer").click()
        with page.expect_event("requestfailed"):
            held.pop().abort("connectionreset")
        page.evaluate("() => new Promise(done => setTimeout(done))")
        expect(status(page)).to_have_text(re.compile("^Gepauzeerd"))


def test_a_fault_in_our_own_script_is_no_broken_connection_and_shows_in_the_console(
    browser: Browser, mine: Server
) -> None:
    with opened(browser, mine.url, expects=["eigen fout"]) as first:
        page = shown(first.context, "/locaties/LOC-A")
        page.evaluate("() => { wissel.plaats = () => { throw new TypeError('eigen fout'); }; }")
        with page.expect_event("pageerror") as thrown:
            people(mine, 44)
        assert thrown.value.message == "eigen fout"
        expect(status(page)).to_have_text("Live")


def test_a_stream_that_breaks_is_reported_and_nothing_is_lost(browser: Browser, mine: Server, link: Link) -> None:
    assert mine.post([access("LOC-A", "open")]).status_code == 201
    with opened(browser, f"http://127.0.0.1:{link.port}", expects=["net::ERR_"]) as first:
        page = shown(first.context, "/locaties/LOC-A")
        people(mine, 60)
        expect(figure(page)).to_have_text("60")
        link.cut()
        expect(status(page)).to_contain_text("Verbinding verbroken")
        of = datetime.fromisoformat(page.locator("#herkomst time").first.get_attribute("datetime") or "")
        clock = f"{of.astimezone(ZoneInfo('Europe/Amsterdam')):%H:%M}"
        assert status(page).text_content() == f"Verbinding verbroken — cijfers van {clock}"
        assert mine.post([access("LOC-A", "gesloten", "2024-02-02"), reading("LOC-A", 61)]).status_code == 201
        mine.until("/v1/alarmen", lambda said: any(one["onderwerp"] == "LOC-A" for one in said["items"]))
        assert figure(page).text_content() == "60"
        link.restore()
        expect(status(page)).to_have_text("Live")
        expect(figure(page)).to_have_text("61")
        expect(page.locator("#stroom-melding")).to_contain_text("Proef LOC-A")
        assert page.evaluate("window.merk")


def test_a_stream_that_goes_silent_is_reported_as_broken(browser: Browser, mine: Server, link: Link) -> None:
    people(mine, 70)
    with opened(browser, f"http://127.0.0.1:{link.port}") as first:
        first.context.clock.install()
        page = shown(first.context, "/locaties/LOC-A")
        expect(figure(page)).to_have_text("70")
        link.hang()
        people(mine, 71)
        page.clock.fast_forward(QUIET_MS)
        expect(status(page)).to_contain_text("Verbinding verbroken")
        link.restore()
        expect(figure(page)).to_have_text("71")
        expect(status(page)).to_have_text("Live")


def test_a_stream_that_never_begins_is_tried_again(browser: Browser, mine: Server) -> None:
    with opened(browser, mine.url) as page:
        page.context.clock.install()
        hold(page, STREAM)
        with page.expect_request(STREAM):
            page.goto("/locaties/LOC-A")
        page.clock.fast_forward(QUIET_MS)
        expect(status(page)).to_contain_text("Verbinding verbroken")
        page.unroute(STREAM)  # only now, or the page is live again before anybody looks
        page.clock.fast_forward(QUIET_MS)
        expect(status(page)).to_have_text("Live")


def test_who_does_not_look_has_no_stream(browser: Browser, mine: Server) -> None:
    listeners(mine, 0)
    with opened(browser, mine.url) as page:
        page.add_init_script(HIDE.format(hidden="true"))
        asked = hold(page, STREAM)
        page.goto("/locaties/LOC-A")
        expect(status(page)).to_have_text("Live")
        assert asked == []
        page.unroute(STREAM)
        for hidden, many in (("false", 1), ("true", 0), ("false", 1)):
            page.evaluate(HIDE.format(hidden=hidden))
            people(mine, 80 + many)
            page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
            listeners(mine, many)
        expect(figure(page)).to_have_text("81")


def test_the_wall_is_live_and_has_nothing_to_press(browser: Browser, mine: Server) -> None:
    with opened(browser, mine.url, size=(1920, 1080)) as first:
        page = shown(first.context, "/?weergave=wand")
        expect(page.get_by_role("navigation")).to_have_count(0)
        expect(page.get_by_role("button")).to_have_text(["Pauzeer"])  # invisible until it has keyboard focus
        before = page.locator("#graad").text_content() or ""
        people(mine, 3)
        expect(page.locator("#graad")).not_to_have_text(before)
        assert page.evaluate("window.merk")
