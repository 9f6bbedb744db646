"""The overview after new readings: what filled up and what emptied is named, and what is silent stands apart."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.chromium import opened
from tests.support.facts import capacity, limit, moment, reading, registered
from tests.support.server import Server

LAPTOP = (1440, 900)
YESTERDAY = timedelta(hours=25)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Thirty locaties of which twenty are too full, one above its maximum, and two where much changed in a day."""
    with Server(tmp_path_factory.mktemp("eerste") / "data") as server:
        before = moment(YESTERDAY)
        events = [limit("LOC-02", 150, "2024-03-01", dwangsomPerDag=1_000)]
        for n in range(30):
            own_id = f"LOC-{n:02}"
            events += [registered(own_id), capacity(own_id, 200)]
            events += [reading(own_id, 170 + 3 * n, before, time=before)] if n < 28 else []
            events += [reading(own_id, {2: 387, 4: 60}.get(n, 171 + 3 * n))] if n < 27 else []
        assert server.post(events).status_code == 201
        server.until("/v1/alarmen", lambda said: said["items"] != [], seconds=60, regel="boven-maximum")
        yield server


@pytest.fixture
def overview(browser: Browser, network: Server) -> Iterator[Page]:
    with opened(browser, network.url, size=LAPTOP) as page:
        page.goto("/")
        yield page


def test_a_locatie_that_filled_up_is_named_with_what_came_and_what_left(overview: Page) -> None:
    worst = overview.locator(".volste li").first
    expect(worst).to_contain_text("LOC-02")
    expect(worst).to_contain_text("193,5\u00a0%")
    expect(worst).to_contain_text("niet opgepakt")
    moved = overview.locator(".bewegingen li")
    expect(moved.nth(0)).to_contain_text("LOC-02 +211 176 → 387")
    expect(moved.nth(1)).to_contain_text("LOC-04 −122 182 → 60")
    expect(overview.locator(".zwijgend")).to_contain_text("LOC-29")
    expect(overview.locator(".maxima")).to_contain_text("387 aanwezig, maximum 150")
