"""Bringing a file in: dropped or chosen, with the keyboard, without JavaScript, on a phone, in either theme."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product

import orjson
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.chromium import DESK, PHONE, accessibility, opened, too_wide
from tests.support.facts import capacity, moment, reading, registered
from tests.support.inlees_help import profielen, telling
from tests.support.server import BATCH, Server

NAME = 'Azc "De Brug" <b> مأوى'
TRY = "Bekijk wat het doet"
DROP = """([name, text]) => {
    const held = new DataTransfer();
    held.items.add(new File([text], name, {type: "text/csv"}));
    for (const kind of ["dragover", "drop"]) {
        document.querySelector("main").dispatchEvent(
            new DragEvent(kind, {dataTransfer: held, bubbles: true, cancelable: true}));
    }
}"""


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A system to bring files in to."""
    folder = tmp_path_factory.mktemp("inlezen")
    (folder / "profielen").mkdir()
    profielen(folder / "profielen")
    with Server(folder / "data", environment={"OPVANGPEIL_PROFIELEN": str(folder / "profielen")}) as server:
        brug = registered("LOC-BRUG")
        events = [brug | {"data": brug["data"] | {"naam": NAME}}, capacity("LOC-BRUG", 100)]
        events.append(reading("LOC-BRUG", 90, moment(timedelta(hours=5))))
        answer = server.client.post(f"{server.url}/v1/gebeurtenissen", content=orjson.dumps(events), headers=BATCH)
        assert answer.status_code == 201, answer.text
        yield server


def counted(people: int, hours: int, *more: str) -> bytes:
    """A file of one count, and other rows."""
    return telling(f"LOC-BRUG;{moment(timedelta(hours=hours))};{people}", *more)


def chosen(page: Page, content: bytes, name: str = "nachttelling.csv") -> None:
    """Chooses a file, as the dialog of the browser does, and presses the button with the keyboard."""
    page.goto("/inlezen")
    page.get_by_label("Bestand", exact=True).set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name=TRY).press("Enter")


def test_a_file_that_is_dropped_shows_what_it_does_and_is_sent(browser: Browser, mine: Server) -> None:
    with opened(browser, mine.url) as page:
        page.goto("/melden")
        page.get_by_role("link", name="Lees het in").click()
        expect(page.get_by_role("button", name=TRY)).to_be_visible()  # the page has changed
        page.evaluate(DROP, ["nachttelling 1.csv", counted(93, 2, "Het klooster;2026-01-01T00:00;1").decode()])
        expect(page.get_by_text("Profiel nachttelling past bij deze naam.")).to_be_visible()
        expect(page.get_by_label("Profiel")).to_have_value("nachttelling")
        page.get_by_role("button", name=TRY).click()
        row = page.get_by_role("row").filter(has_text="93 mensen aanwezig")
        expect(row).to_contain_text(NAME)
        figure = page.get_by_role("group", name="Cijfers ervoor en erna").get_by_role("row").filter(has_text="Aanwezig")
        expect(figure.first).to_contain_text("93")
        assert mine.get("/v1/bezetting")["aanwezig"] == 90
        page.get_by_role("button", name="Verstuur 1 gebeurtenis").click()
        expect(page.get_by_role("status").filter(has_text="1 gebeurtenis opgeslagen.")).to_be_visible()
        assert mine.get("/v1/bezetting")["aanwezig"] == 93


def test_a_file_and_a_name_go_in_with_the_keyboard_and_without_javascript(browser: Browser, mine: Server) -> None:
    with opened(browser, mine.url, size=PHONE, javascript=False) as page:
        count = telling(f"De Oude Brug;{moment(timedelta(hours=1))};94")
        chosen(page, count)
        expect(page.get_by_role("heading", level=2, name="Namen die wachten")).to_be_visible()
        page.get_by_label("id, zoals LOC-12").fill("loc-brug")
        page.get_by_label("id, zoals LOC-12").press("Enter")
        expect(page.get_by_role("status")).to_contain_text("1 naam bevestigd.")
        chosen(page, count)
        page.get_by_role("button", name="Verstuur 1 gebeurtenis").press("Enter")
        expect(page.get_by_role("status").filter(has_text="1 gebeurtenis opgeslagen.")).to_be_visible()
        assert mine.get("/v1/bezetting")["aanwezig"] == 94


def test_a_file_that_is_too_large_is_told_before_it_is_sent(browser: Browser, mine: Server) -> None:
    with opened(browser, mine.url) as page:
        page.goto("/inlezen")
        field = page.get_by_label("Bestand", exact=True)
        field.evaluate("field => { field.dataset.bytes = 1024 * 1024; }")  # a real one takes the browser long to choose
        field.set_input_files({"name": "veel.csv", "mimeType": "text/csv", "buffer": b"x" * (1024 * 1024 + 1)})
        expect(
            page.get_by_role("status").filter(has_text="veel.csv is 2 MB; hier past hoogstens 1 MB.")
        ).to_be_visible()
        page.get_by_role("button", name=TRY).click()
        expect(page).to_have_url(f"{mine.url}/inlezen")
        expect(page.get_by_role("heading", level=1)).to_have_text("Bestand inlezen")


LONG = "Opvang met een naam die niet ophoudt en waarin ook de straat, de wijk, de stad en de provincie nog staan"
SHOWN = {
    "proef": counted(95, 0, f"{LONG};2026-01-01T00:00;veel", "LOC-BRUG;2026-01-01T00:00;1", "Totaal;;96"),
    "alleen geweigerd": telling(f"{LONG};2026-01-01T00:00;veel"),
    "kapot": b"PK\x03\x04kapot",
    "namen": b"",
}


@pytest.mark.parametrize("name", SHOWN)
def test_it_is_accessible_and_fits(browser: Browser, mine: Server, name: str) -> None:
    with opened(browser, mine.url, still=True, expects=("400",)) as page:
        if name == "namen":
            page.goto("/namen")
        else:
            chosen(page, SHOWN[name])
        for dark, size in product((False, True), (PHONE, DESK)):
            page.emulate_media(color_scheme="dark" if dark else "light")
            page.set_viewport_size({"width": size[0], "height": size[1]})
            assert [*accessibility(page), *too_wide(page)] == [], ("donker" if dark else "licht", size)
