"""The screen on the wall: all of it in sight, large, nothing to press, and what has no room comes in turn."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from services.voorbeeld.vorm import SIMULATIE
from tests.support.chromium import NewPage, opened
from tests.support.facts import capacity, limit, reading, registered
from tests.support.server import Server

TURN_MS = 20_000
SIZES = ((1920, 1080), (3840, 2160))
SMALLEST = """() => {
    const shown = [...document.querySelectorAll("body *")].filter((one) =>
        [...one.childNodes].some((node) => node.nodeType === 3 && node.nodeValue.trim()) && one.checkVisibility()
        && !one.closest("svg") && one.getClientRects()[0]?.width > 1);
    return Math.min(...shown.map((one) => parseFloat(getComputedStyle(one).fontSize))) / innerWidth * 1920;
}"""
"""The smallest letters in sight, in pixels of a screen 1920 wide."""
HIDDEN = """() => [...document.querySelectorAll(".tegel, .kaartje, .rijen, .alarmlijst, .muur li, footer")]
    .filter((one) => one.checkVisibility())
    .filter((one) => {
        const box = one.getBoundingClientRect();
        return box.bottom > innerHeight + 1 || box.right > innerWidth + 1
            || one.scrollHeight > one.clientHeight + 2 || one.scrollWidth > one.clientWidth + 2;
    })
    .map((one) => one.outerHTML.slice(0, 90))"""
"""What does not fit on the screen, or not in its own box."""
CUT = """() => [...document.querySelectorAll(".tegel h2, .tegelgetal, .wie, .over, .wat")]
    .filter((one) => one.checkVisibility())
    .filter((one) => one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 2)
    .map((one) => one.textContent)"""
"""What is not told to its end."""


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """More at once than is likely: thirty overfull locaties, each with a maximum, and the banner of a simulation.

    Each gives two alarms, and the country two.
    """
    with Server(tmp_path_factory.mktemp("wand") / "data") as server:
        events = []
        for n in range(30):
            own_id = f"LOC-{n:02}"
            events += [registered(own_id, source=SIMULATIE), capacity(own_id, 100), reading(own_id, 1_100 + n)]
            events += [limit(own_id, 1_050 + n, "2024-03-01", dwangsomPerDag=1_000)]
        assert server.post(events).status_code == 201
        server.until("/v1/alarmen", lambda said: len(said["items"]) >= 62, seconds=60)
        yield server


@pytest.mark.parametrize("size", SIZES)
def test_all_of_it_is_in_sight_and_can_be_read_from_five_metres(
    browser: Browser, busy: Server, size: tuple[int, int]
) -> None:
    with opened(browser, busy.url, size=size) as page:
        page.goto("/?weergave=wand")
        expect(page.locator("#stroom-stand")).to_have_text("Live")
        for panel in range(4):
            if panel:
                page.evaluate(f"document.documentElement.dataset.paneel = '{panel}'")
            expect(page.locator(".draai > *:visible")).to_have_count(1)
            assert page.evaluate(HIDDEN) == []
            assert page.evaluate(SMALLEST) >= 22
            assert page.evaluate("document.scrollingElement.scrollHeight <= innerHeight")
        assert page.get_by_role("link").count() <= 2  # the way past the header, and the name
        expect(page.locator(".volste li")).to_have_count(10)
        expect(page.locator(".volste li").first).to_contain_text("LOC-29")


def test_without_readings_it_shows_who_is_silent_and_cuts_nothing(new_page: NewPage) -> None:
    for size in SIZES:
        with new_page(size=size) as page:
            page.goto("/?weergave=wand")
            expect(page.locator(".zwijgers li")).to_have_count(9)
            expect(page.locator(".volste")).to_contain_text("nooit gemeten")
            expect(page.locator("#alarmen")).not_to_have_text("Alarmen 0")
            assert page.evaluate(HIDDEN) == []
            assert page.evaluate(CUT) == []


EDGES = """() => [...document.querySelectorAll(".alarmlijst li")].map((one) => [
    one.className, Math.round(one.querySelector(".over").getBoundingClientRect().left),
    getComputedStyle(one).borderLeftWidth, getComputedStyle(one.querySelector(".ernst")).backgroundColor,
])"""
"""Of each alarm: how serious it is, where its name begins, and how its bar and its badge look."""


def test_every_alarm_names_how_serious_it_is_in_one_column(browser: Browser, busy: Server, new_page: NewPage) -> None:
    with new_page(size=SIZES[0]) as page:
        page.goto("/?weergave=wand")
        expect(page.locator("#alarmen")).to_have_text("Alarmen 3 en hoe lang al gezien")
        naleving = page.locator(".tegel").filter(has_text="Naleving")
        expect(naleving).to_contain_text("hoeveel van de 342 gemeenten voldoen")
        rows = page.evaluate(EDGES)
        assert [row[0] for row in rows] == ["ernst-kritiek", "ernst-hoog", "ernst-waarschuwing"]
        assert len({row[1] for row in rows}) == 1
        assert rows[0][2] != rows[1][2]
        assert rows[0][3] != rows[1][3]
        assert page.locator(".alarmlijst .ernst").evaluate_all("all => all.every((one) => one.clientWidth > 20)")
        gap = "document.querySelector('.tegels').getBoundingClientRect().top - "
        assert page.evaluate(f"{gap}document.querySelector('.kop').getBoundingClientRect().bottom") > 4
    with opened(browser, busy.url, size=SIZES[0]) as page:
        page.goto("/?weergave=wand")
        many = int(page.locator("#alarmen .aantal").inner_text())
        expect(page.locator(".alarmen")).to_contain_text(f"En nog {many - 7}.")


def panel(page: Page) -> str:
    """The heading of what is shown in turn now, without how many it shows: alarms may begin and end meanwhile."""
    return re.sub(r"\d", "", page.locator(".draai > *:visible h2").first.inner_text())


def test_what_has_no_room_comes_in_turn_until_somebody_pauses(browser: Browser, busy: Server) -> None:
    with opened(browser, busy.url, size=(1920, 1080)) as page:
        page.clock.install(time=datetime.now(UTC) + timedelta(seconds=1))
        page.goto("/?weergave=wand")
        expect(page.locator("#stroom-stand")).to_have_text("Live")
        seen = [panel(page)]
        for _ in range(4):
            page.clock.run_for(TURN_MS)
            seen.append(panel(page))
        assert len(set(seen)) == 4
        assert seen[0] == seen[4]
        page.locator("#stroom-knop").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#stroom-stand")).to_contain_text("Gepauzeerd")
        page.clock.run_for(3 * TURN_MS)
        assert panel(page) == seen[4]


def test_with_reduced_motion_or_without_javascript_it_stands_still(browser: Browser, busy: Server) -> None:
    with opened(browser, busy.url, size=(1920, 1080), still=True) as page:
        page.clock.install(time=datetime.now(UTC) + timedelta(seconds=1))
        page.goto("/?weergave=wand")
        first = panel(page)
        page.clock.run_for(3 * TURN_MS)
        assert panel(page) == first
    with opened(browser, busy.url, size=(1920, 1080), javascript=False) as page:
        page.goto("/?weergave=wand")
        expect(page.locator(".draai > *:visible")).to_have_count(1)
