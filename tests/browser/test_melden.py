"""Reporting by hand: with a keyboard only, without JavaScript, on a phone, in either theme."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product

import orjson
import pytest
from playwright.sync_api import Browser, Page, expect

from services.dashboard.melden.formulieren import FORMULIEREN
from tests.support.chromium import DESK, PHONE, accessibility, opened, too_wide
from tests.support.facts import capacity, moment, reading, registered
from tests.support.server import BATCH, Server

NAME = 'Azc "De Brug" <b> مأوى'


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A system to report to."""
    with Server(tmp_path_factory.mktemp("melden") / "data") as server:
        brug = registered("LOC-BRUG")
        events = [brug | {"data": brug["data"] | {"naam": NAME}}, capacity("LOC-BRUG", 100)]
        events.append(reading("LOC-BRUG", 90, moment(timedelta(hours=1))))
        answer = server.client.post(f"{server.url}/v1/gebeurtenissen", content=orjson.dumps(events), headers=BATCH)
        assert answer.status_code == 201, answer.text
        yield server


def tab_to(page: Page, name: str) -> None:
    """Presses Tab until the element with this name or text has focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()") == name:
            return
    raise AssertionError(f"met Tab is {name} niet te bereiken")


def enter(page: Page, text: str) -> None:
    """Presses Enter, and waits for the page that says this."""
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text(text)


def follow(page: Page, name: str, text: str) -> None:
    """Opens the link, or presses the button, with this text, and waits for the page that says the other."""
    tab_to(page, name)
    enter(page, text)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_reading_is_reported_with_the_keyboard_alone(browser: Browser, mine: Server, javascript: bool) -> None:
    people = "93" if javascript else "94"
    with opened(browser, mine.url, size=PHONE, javascript=javascript) as page:
        page.goto("/melden")
        follow(page, "Bezetting", "Stap 1 van 3")
        tab_to(page, "over")
        page.keyboard.type("de brug")
        enter(page, "Stap 2 van 3")
        tab_to(page, "data.aanwezig")
        page.keyboard.type("veel")
        page.keyboard.press("Enter")
        expect(page.locator("#fouten")).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        field = page.locator("[name='data.aanwezig']")
        expect(field).to_be_focused()
        expect(field).to_have_value("veel")
        page.keyboard.press("Control+A")
        page.keyboard.type(people)
        enter(page, "Stap 3 van 3")
        expect(page.get_by_role("listitem").filter(has_text="aanwezig gaat van 90").first).to_contain_text(people)
        assert mine.get("/v1/bezetting")["aanwezig"] != int(people)
        follow(page, "Verzend deze melding", "Opgeslagen")
        assert mine.get("/v1/bezetting")["aanwezig"] == int(people)
        follow(page, "Trek deze melding in", "Stap 2 van 3")
        tab_to(page, "data.reden")
        page.keyboard.type("dubbel geteld")
        enter(page, "Stap 3 van 3")
        follow(page, "Verzend deze melding", "Opgeslagen")
        assert mine.get("/v1/bezetting")["aanwezig"] == 90


def test_a_task_is_reported_from_the_page_of_a_gemeente(browser: Browser, mine: Server) -> None:
    """The subject is filled in, and the inputs are those of the browser itself."""
    with opened(browser, mine.url, javascript=False) as page:
        page.goto("/melden")
        page.get_by_role("link", name="Cyclus van de Spreidingswet").click()
        page.get_by_label("Cyclus", exact=True).fill("2026")
        page.keyboard.press("Enter")
        page.get_by_label("Geldig vanaf", exact=True).fill("2026-01-01")
        page.get_by_label("Raming", exact=True).fill("96.000")
        page.get_by_label("Regulier").check()
        page.get_by_label("Beschikbaar tot minstens").fill("2026-02-01")
        page.get_by_role("button", name="Bekijk wat er verandert").click()
        page.get_by_role("button", name="Verzend deze melding").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Opgeslagen")
        page.goto("/gemeenten/GM0344")
        page.get_by_role("link", name="Meld een wijziging").click()
        page.get_by_role("link", name="Opgave", exact=True).click()
        expect(page.get_by_label("Gemeente of provincie")).to_have_value("Utrecht")
        expect(page.get_by_label("Cyclus")).to_have_value("2026")
        page.get_by_label("Status").select_option(label="Verdeelbesluit")
        page.get_by_role("button", name="Verder").click()
        page.get_by_label("Geldig vanaf", exact=True).fill("2026-01-01")
        page.get_by_label("Opgave", exact=True).fill("100")
        page.get_by_role("button", name="Bekijk wat er verandert").click()
        expect(
            page.get_by_role("listitem").filter(has_text="Utrecht gaat van geen opgave naar voldoet niet.")
        ).to_be_visible()
        page.get_by_role("button", name="Verzend deze melding").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Opgeslagen")
        assert mine.get("/v1/gemeenten/GM0344")["naleving"] == "voldoet niet"


def test_a_step_of_toezicht_is_taken_from_the_page_of_its_gemeente_with_the_keyboard(
    browser: Browser, mine: Server
) -> None:
    """The desk, the letter about the gemeente and the page that says whether it still stands, each in both themes."""
    with opened(browser, mine.url, still=True) as page:
        page.goto("/toezicht/GM0344")
        expect(page.locator("main")).to_contain_text("In geen stap")
        follow(page, "Zet: brief", "Stap 2 van 3")
        for naam, day in (("data.gezetOp", "05052026"), ("data.termijn", "12122030")):  # alike in each order
            tab_to(page, naam)
            page.keyboard.type(day)
        enter(page, "Stap 3 van 3")
        follow(page, "Verzend deze melding", "Opgeslagen")
        page.goto("/toezicht/GM0344")
        expect(page.locator("main")).to_contain_text("Sinds 5 mei 2026")
        expect(page.locator("main")).to_contain_text("Termijn tot en met 12 dec 2030")
        assert good(page) == []
        follow(page, "Brief aan de gemeente", "Of dit nog klopt")
        expect(page.locator("#alinea")).to_contain_text("de stap ‘brief’ van kracht")
        assert good(page) == []
        code = page.locator(".opdracht code").inner_text()
        assert len(code.replace("-", "")) == 96
        box = page.locator(".opdracht code").bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= PHONE[0], "all of the code is read on a phone"
        page.locator(f"a[href$='{code}']").focus()
        enter(page, "Het rapport met deze code staat nog")
        assert good(page) == []
        page.goto("/controle")
        assert good(page) == []
        page.keyboard.press("Tab")
        page.keyboard.type(code.lower())
        enter(page, "Het rapport met deze code staat nog")


def good(page: Page) -> list[str]:
    """Returns what is wrong with a page, in both themes, on a desk and on a phone."""
    faults: list[str] = []
    for dark, size in ((False, DESK), (True, PHONE)):
        page.emulate_media(color_scheme="dark" if dark else "light")
        page.set_viewport_size({"width": size[0], "height": size[1]})
        faults += [*accessibility(page), *too_wide(page)]
    return faults


PAGES = {
    "keuze": "/melden",
    "keuze over een locatie": "/melden?over=LOC-BRUG",
    "wie": "/melden?soort=overdracht&over=bergen&gezien=wie",
    "fouten": "/melden?soort=capaciteit&over=nergens&data.geldigVanaf=ooit&data.plaatsen.nood.aantal=x&controleer=ja",
    "voorbeeld": "/melden?soort=toegang&over=LOC-BRUG&data.geldigVanaf=2030-01-01&data.regime=beperkt&controleer=ja",
    "cyclus": "/melden?soort=cyclus&over=2026&data.raming=1&controleer=ja",
    "intrekking": "/melden?soort=intrekking&over=LOC-BRUG",
    "klaar": "/melden/klaar?id=019e634c-3800-7048-afb4-e4328017e355&over=LOC-BRUG&soort=toegang&status=201",
}
_OVER = {"locatie": "LOC-BRUG", "gemeente": "GM0344", "wet": "2026", "herstel": "LOC-BRUG"}
_KEYS = (
    "data.cyclus=2026&data.status=indicatief&data.naar=Almere&data.naam=krant&data.stap=brief&data.bron=x&gezien=wie"
)


@pytest.mark.parametrize("name", PAGES)
def test_it_is_accessible_and_fits(browser: Browser, mine: Server, name: str) -> None:
    with opened(browser, mine.url, still=True) as page:
        page.goto(PAGES[name])
        for dark, size in product((False, True), (PHONE, DESK)):
            page.emulate_media(color_scheme="dark" if dark else "light")
            page.set_viewport_size({"width": size[0], "height": size[1]})
            assert [*accessibility(page), *too_wide(page)] == [], ("donker" if dark else "licht", size)


@pytest.mark.parametrize("soort", FORMULIEREN)
def test_every_form_is_accessible_and_fits_on_a_phone(browser: Browser, mine: Server, soort: str) -> None:
    over = {"inzet": "NL", "toezichtcapaciteit": "NL", "cijfers": "NL"}.get(soort, _OVER[FORMULIEREN[soort].groep])
    keys = {veld.naam for veld in FORMULIEREN[soort].sleutels}
    asked = "&".join(pair for pair in _KEYS.split("&") if pair.partition("=")[0] in keys | {"gezien"})
    with opened(browser, mine.url, still=True, size=PHONE) as page:
        page.goto(f"/melden?soort={soort}&over={over}&{asked}")
        expect(page.get_by_text("Stap 2 van 3")).to_be_visible()
        assert [*accessibility(page), *too_wide(page)] == []
