"""What a person on duty does most, each from the overview in three clicks at most. To type is no click."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from services.export.parsing import read_back
from tests.support.chromium import DESK, PHONE, opened
from tests.support.facts import capacity, moment, reading, registered
from tests.support.server import Server

CLICKS_MAX = 3
FULL = {"LOC-07": 387, "LOC-03": 301, "LOC-05": 262}
"""People at locaties of 200 places, the fullest first. A week ago each locatie had 100."""
STALE = "LOC-08"
"""Had the most people of all, but nobody counted them since."""
WAYS = pytest.mark.parametrize(
    ("javascript", "size"),
    [(True, DESK), (False, DESK), (True, PHONE)],
    ids=["met script", "zonder script", "telefoon"],
)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Ten locaties of which three have more people than places, counted now and a week ago."""
    with Server(tmp_path_factory.mktemp("taken") / "data") as server:
        before, lately = moment(timedelta(days=8)), moment(timedelta(days=4))
        events = []
        for n in range(1, 11):
            own_id = f"LOC-{n:02}"
            events += [registered(own_id, time=before), capacity(own_id, 200, time=before)]
            events += [reading(own_id, 100, before, time=before)]
            events += [reading(own_id, FULL.get(own_id, 110))] if own_id != STALE else []
        events += [reading(STALE, 590, lately, time=lately)]
        assert server.post(events).status_code == 201
        server.until("/v1/alarmen", lambda said: len(said["items"]) >= len(FULL), regel="locatie-bezetting")
        yield server


class Visit:
    """A visit that begins at the overview and counts its clicks."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks = page, 0
        page.goto("/")

    def click(self, what: Locator) -> None:
        self.clicks += 1
        assert self.clicks <= CLICKS_MAX
        what.click()

    def take(self, what: Locator) -> Path:
        """Clicks on a link to a file, and returns the file."""
        with self.page.expect_download() as download:
            self.click(what)
        return Path(download.value.path())

    @property
    def worst(self) -> Locator:
        """The row of the fullest locatie."""
        return self.page.locator(".volste li").first

    def compare_with_last_week(self) -> None:
        self.click(self.page.locator("#tijd-knop"))
        group = self.page.get_by_role("group", name="Vergelijk met een ander moment")
        self.click(group.get_by_role("link", name="vorige week"))


@pytest.fixture
def visit(browser: Browser, network: Server, javascript: bool, size: tuple[int, int]) -> Iterator[Visit]:
    with opened(browser, network.url, javascript=javascript, size=size) as page:
        yield Visit(page)


@WAYS
def test_the_worst_locatie_is_the_first_that_is_named(visit: Visit) -> None:
    expect(visit.worst).to_contain_text("LOC-07")
    expect(visit.worst).to_contain_text("193,5\u00a0%")
    expect(visit.page.locator(".volste")).not_to_contain_text(STALE)
    visit.click(visit.worst.get_by_role("link", name="LOC-07"))
    expect(visit.page.locator(".groot")).to_have_text("193,5\u00a0%")


@WAYS
def test_its_alarm_is_taken_up(visit: Visit) -> None:
    free = visit.page.locator(".volste li").filter(has_text="niet opgepakt").first
    own_id = (free.get_attribute("id") or "").removeprefix("vol-")
    visit.click(free.get_by_role("link", name="niet opgepakt"))
    visit.page.get_by_label("Wat u gaat doen").fill("bel de locatie")
    visit.click(visit.page.get_by_role("button", name="Pak op"))
    expect(visit.page.locator("#gedaan")).to_contain_text("Opgepakt: ")
    expect(visit.page.locator("#gedaan")).to_contain_text(own_id)
    expect(visit.page.get_by_text("bel de locatie").first).to_be_visible()


@WAYS
@pytest.mark.parametrize("by", ["locatie", "alarm"])
def test_why_it_is_so_full_is_told_in_sentences(visit: Visit, by: str) -> None:
    if by == "locatie":
        visit.click(visit.worst.get_by_role("link", name="LOC-07"))
        visit.click(visit.page.get_by_role("link", name="Waarom deze cijfers"))
    else:
        visit.click(visit.worst.locator(".opgepakt a"))
        visit.click(visit.page.get_by_role("link", name="Waarom: de gebeurtenissen erachter"))
    told = visit.page.get_by_role("table", name="Meldingen, de nieuwste eerst")
    expect(told).to_contain_text("387 mensen aanwezig")
    expect(told).to_contain_text("200 plaatsen regulier")
    visit.click(told.get_by_role("link", name="387 mensen aanwezig", exact=True))
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Melding over Proef LOC-07")
    expect(visit.page.get_by_role("main")).to_contain_text("387 mensen aanwezig")


@WAYS
def test_the_country_is_compared_with_last_week(visit: Visit) -> None:
    visit.compare_with_last_week()
    story = visit.page.get_by_role("region", name=" mensen")
    expect(story).to_contain_text("Proef LOC-07 +287, Proef LOC-03 +201")
    expect(story).to_contain_text("van 100 naar 387")


@WAYS
def test_the_worst_locatie_is_compared_with_last_week(visit: Visit) -> None:
    visit.click(visit.worst.get_by_role("link", name="LOC-07"))
    visit.compare_with_last_week()
    expect(visit.page.get_by_role("heading", level=1)).to_contain_text("Wat er verschilt: Proef LOC-07")
    expect(visit.page.locator("main")).to_contain_text("+287")


@WAYS
@pytest.mark.parametrize("formaat", ["CSV", "XLSX"])
def test_what_is_in_the_list_is_taken_away(visit: Visit, formaat: str) -> None:
    visit.click(visit.page.locator(".volste").get_by_role("link", name="Alle locaties"))
    rows = visit.page.locator(".lijst tbody tr")
    shown = [(one or "").removeprefix("rij-") for one in rows.evaluate_all("rows => rows.map(row => row.id)")]
    assert shown[0] == "LOC-07"
    file = visit.take(visit.page.locator(".meenemen").get_by_role("link", name=formaat).first)
    taken = read_back(file.read_bytes(), formaat.lower()).regels
    assert [line.cellen["id"] for line in taken] == shown
