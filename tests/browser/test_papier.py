"""On paper: the overview on one A4, small files, and on each page of which moment it is and what was chosen."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests.support.chromium import NewPage, opened, too_wide
from tests.support.facts import access, capacity, limit, reading, registered
from tests.support.server import Server

BYTES_MAX = 1_000_000
A4 = (718, 1047)
"""What the margins leave of a page, in CSS pixels."""
PRINTED = ("/", "/locaties?zoek=ter", "/gemeenten", "/alarmen", "/locaties/LOC-TER-APEL", "/gemeenten/GM1950")
ANNOUNCED = 9
"""One more than a screen tells, and three more than paper does."""
SOON = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A network with news, maxima and locaties that are full and silent."""
    with Server(tmp_path_factory.mktemp("papier") / "data") as server:
        events = [limit("LOC-01", 900, "2024-03-01", dwangsomPerDag=1_000)]
        for n in range(30):
            own_id = f"LOC-{n:02}"
            events += [registered(own_id), capacity(own_id, 100)]
            events += [reading(own_id, 80 + n)] if n < 26 else []
        events += [access(f"LOC-{n:02}", "beperkt", SOON) for n in range(ANNOUNCED)]
        assert server.post(events).status_code == 201
        yield server


def test_the_overview_is_one_page(browser: Browser, network: Server) -> None:
    with opened(browser, network.url) as page:
        page.goto("/")
        expect(page.locator(".volste li")).to_have_count(10)
        printed = page.pdf(prefer_css_page_size=True, print_background=True)
        assert len(PAGE.findall(printed)) == 1


def test_paper_says_how_much_news_it_leaves_out(browser: Browser, network: Server) -> None:
    with opened(browser, network.url) as page:
        page.goto("/")
        news = page.get_by_role("region", name="Aangekondigd, het komende halfjaar")
        more = news.get_by_text(re.compile("niet op papier"))
        expect(more).to_be_hidden()
        page.emulate_media(media="print")
        expect(more).to_have_text("En nog 3 aankondigingen, niet op papier.")
        assert [one.is_visible() for one in news.locator("li").all()].count(True) == ANNOUNCED - 3


def test_every_page_is_small_and_says_what_it_is(new_page: NewPage) -> None:
    with new_page(size=A4) as page:
        for path in PRINTED:
            page.goto(path)
            assert len(page.pdf(prefer_css_page_size=True, print_background=True)) < BYTES_MAX, path
            page.emulate_media(media="print")
            head = page.locator(".papier")
            expect(head).to_be_visible()
            assert head.evaluate("one => getComputedStyle(one).display") == "table-header-group"  # on each page
            expect(head).to_contain_text(re.compile(r"stand van \d.* \d\d:\d\d, zoals bekend op \d.* \d\d:\d\d"))
            if "zoek" in path:
                expect(head).to_contain_text("Opvangpeil: Locaties; Gezocht op: ter")
            assert too_wide(page) == [], path
            dead = page.locator(".toen a, .meld, footer p:last-child, details.uitleg:not([open])")
            assert [one for one in dead.all() if one.is_visible()] == [], path
            page.emulate_media(media="null")
