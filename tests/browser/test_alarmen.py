"""Acting on alarms where people look: with and without JavaScript, by keyboard, on a phone, in either theme."""

from collections.abc import Iterator
from itertools import product

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.alarm_world import World, alarm_world
from tests.support.chromium import DESK, PHONE, accessibility, opened, too_wide
from tests.support.facts import access, registered

BOTH = pytest.mark.parametrize("javascript", [True, False], ids=["met script", "zonder script"])


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with alarm_world(tmp_path_factory.mktemp("alarmen")) as world:
        yield world


def closed(world: World, locatie: str) -> str:
    """Makes a locatie that is closed. Returns the id of its alarm, which nobody took up yet."""
    world.server.post([registered(locatie), access(locatie, "gesloten")])
    asked = {"onderwerp": locatie, "regel": "toegang"}
    return str(world.server.until("/v1/alarmen", lambda found: found["items"], **asked)["items"][0]["id"])


def enter(page: Page, world: World, role: str = "operator") -> None:
    page.context.set_extra_http_headers({"Authorization": f"Bearer {world.tokens[role]}"})


@BOTH
def test_in_at_most_three_clicks_an_alarm_is_taken_up_from_the_overview(
    browser: Browser, world: World, javascript: bool
) -> None:
    with opened(browser, world.server.url, javascript=javascript) as page:
        own_id = closed(world, "LOC-OVER" if javascript else "LOC-OVER-ZONDER")
        enter(page, world)
        page.goto("/")
        row = page.locator(f"#alarm-{own_id}")
        row.locator("summary").click()
        row.get_by_role("button", name="Pak op").click()
        said = page.locator("#gedaan")
        expect(said).to_contain_text("Opgepakt: ")
        expect(said).to_be_focused()
        assert page.url.startswith(f"{world.server.url}/?gedaan=opgepakt.{own_id}")
        taken = world.of["operator"].get("/v1/alarmen?aantal=1000").json()["items"]
        assert next(one["bevestigdDoor"] for one in taken if one["id"] == own_id) == "dienst-operator"


@BOTH
@pytest.mark.parametrize("path", ["/locaties/{}", "/gemeenten/GM0599", "/"])
def test_where_an_alarm_stands_two_clicks_take_it_up_and_two_silence_it(
    browser: Browser, world: World, javascript: bool, path: str
) -> None:
    locatie = f"LOC-TWEE-{len(path)}{javascript}".upper()
    own_id, path = closed(world, locatie), path.format(locatie)
    with opened(browser, world.server.url, javascript=javascript) as page:
        enter(page, world)
        page.goto(path)
        row = page.locator(f"#alarm-{own_id}")
        row.locator("summary").click()
        row.get_by_role("button", name="Pak op").click()
        expect(page.locator("#gedaan")).to_contain_text("Opgepakt: Toegang, ")
        assert page.url.startswith(f"{world.server.url}{path}?gedaan=")
        page.goto(path if locatie in path else f"/alarmen?onderwerp={locatie}")  # those taken up may stand lower there
        row.get_by_role("link", name="Stilte").click()
        page.get_by_label("Waarom").fill("oefening")
        page.get_by_role("button", name="Leg stil").click()
        expect(page.locator("#gedaan")).to_contain_text("Stilgelegd: Toegang, ")
        assert world.alarm(locatie)["stilte"] is not None


@pytest.mark.parametrize("size", [DESK, (1440, 900), PHONE])
def test_what_goes_off_over_a_locatie_is_on_the_first_screen_above_its_figures(
    browser: Browser, world: World, size: tuple[int, int]
) -> None:
    own_id = closed(world, f"LOC-BOVEN-{size[0]}")
    with opened(browser, world.server.url, size=size) as page:
        enter(page, world)
        page.goto(f"/locaties/LOC-BOVEN-{size[0]}")
        expect(page.locator(f"#alarm-{own_id}")).to_be_in_viewport(ratio=1)
        expect(page.get_by_role("heading", name="Bezetting")).to_be_in_viewport()
        expect(page.locator("main h2").first).to_contain_text("Alarmen")


@BOTH
def test_one_is_taken_up_in_the_list_and_its_row_says_so(browser: Browser, world: World, javascript: bool) -> None:
    locatie = "LOC-8" if javascript else "LOC-9"
    own_id = world.alarm(locatie)["id"]
    with opened(browser, world.server.url, javascript=javascript) as page:
        enter(page, world)
        page.goto("/alarmen?regel=toegang")
        row = page.locator(f"#alarm-{own_id}")
        row.get_by_role("button", name="Pak op").click()
        expect(page.locator("#gedaan")).to_be_focused()
        expect(row.locator(".k-staat")).to_have_text("opgepakt")
        expect(row.get_by_role("button")).to_have_count(0)


@BOTH
def test_a_silence_needs_a_reason_is_set_shown_and_ended(browser: Browser, world: World, javascript: bool) -> None:
    locatie = "LOC-10" if javascript else "LOC-11"
    own_id, why = world.alarm(locatie)["id"], f"verbouwing van {locatie}"
    with opened(browser, world.server.url, javascript=javascript, expects=["400"]) as page:
        enter(page, world)
        page.goto(f"/alarmen/{own_id}")
        page.get_by_label("tot:", exact=True).check()
        page.get_by_label("Waarom").fill(why)
        page.get_by_role("button", name="Leg stil").click()
        expect(page.locator("#fouten")).to_contain_text("Tot ontbreekt; vul in tot wanneer")
        expect(page.get_by_label("Waarom")).to_have_value(why)
        page.get_by_label("24 uur").check()
        page.get_by_role("button", name="Leg stil").click()
        expect(page.locator("#gedaan")).to_contain_text("Stilgelegd: Toegang, ")
        assert world.alarm(locatie)["stilte"] is not None
        page.goto("/stiltes")
        row = page.get_by_role("row").filter(has_text=why)
        expect(row).to_contain_text("dienst-operator")
        row.get_by_role("button", name="Beëindig").click()
        expect(page.locator("#gedaan")).to_have_text("Beëindigd: 1 stilte.")
        assert world.alarm(locatie)["stilte"] is None


@BOTH
def test_all_of_a_group_are_taken_up_and_it_says_how_many_before(
    browser: Browser, world: World, javascript: bool
) -> None:
    with opened(browser, world.server.url, javascript=javascript) as page:
        enter(page, world, "operator" if javascript else "beheerder")
        page.goto("/alarmen?groep=regel&zoek=LOC-1")
        group = page.locator("details.groep").filter(has_text="Toegang").first
        group.locator(".samen > summary").click()
        if javascript:
            button = group.get_by_role("button", name="alarmen op")
            many = button.inner_text().split()[1]
            button.click()
            expect(page.locator("#gedaan")).to_have_text(f"Opgepakt: {many} alarmen.")
        else:
            group.locator(".samen").get_by_label("Waarom").fill("de hele groep")
            button = group.get_by_role("button", name="alarmen stil")
            many = button.inner_text().split()[1]
            button.click()
            expect(page.locator("#gedaan")).to_contain_text(f"Stilgelegd: {many} alarmen tot ")
            page.goto("/stiltes")
            page.get_by_role("row").filter(has_text="de hele groep").get_by_role("button", name="Beëindig").click()
            expect(page.locator("#gedaan")).to_contain_text("Beëindigd: ")


@BOTH
def test_a_test_message_reaches_a_receiver(browser: Browser, world: World, javascript: bool) -> None:
    world.hook.forget()
    with opened(browser, world.server.url, javascript=javascript) as page:
        enter(page, world)
        page.goto("/ontvangers")
        page.get_by_role("button", name="Stuur een proefbericht aan meldkamer").click()
        expect(page.locator("#gedaan")).to_have_text("Proefbericht aangenomen door meldkamer.")
    sent = world.hook.wait_for(lambda some: [one for one in some if one.path == "/alarm"])
    assert sent[0].json()["type"] == "nl.opvangalarmen.proef.v1"


def test_who_may_only_read_finds_nothing_to_press(browser: Browser, world: World) -> None:
    with opened(browser, world.server.url) as page:
        enter(page, world, "lezer")
        for path in ("/", "/alarmen", f"/alarmen/{world.alarm('LOC-0')['id']}", "/stiltes", "/ontvangers"):
            page.goto(path)
            assert page.locator("form[method=post]").count() == 0, path


def test_the_list_narrows_while_somebody_types(browser: Browser, world: World) -> None:
    with opened(browser, world.server.url) as page:
        enter(page, world)
        page.goto("/alarmen?regel=toegang")
        page.get_by_label("Zoek op naam of code").press_sequentially("loc-10")
        expect(page.locator(".alarmtabel tbody tr")).to_have_count(1)
        assert "zoek=loc-10" in page.url
        expect(page.get_by_label("Zoek op naam of code")).to_be_focused()


@pytest.mark.parametrize("path", ["/alarmen?regel=toegang", "/alarmen?groep=regel"])
def test_a_key_searches_and_the_arrows_go_over_the_rows(browser: Browser, world: World, path: str) -> None:
    with opened(browser, world.server.url) as page:
        enter(page, world)
        page.goto(path)
        search, links = page.get_by_label("Zoek op naam of code"), page.locator(".alarmtabel tbody th a")
        expect(page.locator(".toetsen")).to_be_visible()
        page.keyboard.press("/")
        expect(search).to_be_focused()
        for key, number in (("ArrowDown", 0), ("ArrowDown", 1), ("End", -1), ("ArrowUp", -2), ("Home", 0)):
            page.keyboard.press(key)
            expect(links.nth(number)).to_be_focused()
        page.keyboard.press("ArrowUp")
        expect(search).to_be_focused()
        if "groep" in path:  # the rows of a group that is folded are passed over
            page.locator("details.groep > summary").first.click()
            search.focus()
            links = page.locator("details.groep").nth(1).locator("tbody th a")
        page.keyboard.press("ArrowDown")
        expect(links.first).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Verloop")).to_be_visible()


def test_at_least_twenty_four_rows_of_the_list_stand_on_a_screen(browser: Browser, world: World) -> None:
    with opened(browser, world.server.url, size=(1440, 900)) as page:
        enter(page, world)
        page.goto("/alarmen?status=alle")
        heights = page.eval_on_selector_all(".alarmtabel tbody tr", "rows => rows.map(row => row.offsetHeight)")
        assert max(heights) <= 25, "one line each"
        top = page.locator(".alarmtabel tbody").bounding_box()["y"]
        assert (900 - top) / max(heights) >= 24


FEET = """() => [...document.querySelectorAll("thead tr:first-child th")].filter(({offsetWidth}) => offsetWidth)
    .map((head) => {
        const words = document.createRange();
        words.selectNodeContents(head.querySelector("a") || head);
        return Math.round(Math.max(...[...words.getClientRects()].map((box) => box.bottom)));
    })"""
"""Where the words of each head end, from above."""


def test_heads_stand_on_one_line_and_no_mark_is_cut(browser: Browser, world: World) -> None:
    with opened(browser, world.server.url) as page:
        enter(page, world)
        page.goto("/alarmen")
        for size in ((1440, 900), DESK, (900, 700), (360, 740)):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            feet = page.evaluate(FEET)
            assert max(feet) - min(feet) <= 1, (size, feet)
            cut = "cells => cells.filter((cell) => cell.scrollWidth > cell.clientWidth).length"
            assert page.eval_on_selector_all("td.k-ernst", cut) == 0, size


@BOTH
def test_on_a_phone_the_alarms_come_before_the_choices(browser: Browser, world: World, javascript: bool) -> None:
    with opened(browser, world.server.url, size=PHONE, javascript=javascript) as page:
        enter(page, world)
        page.goto("/alarmen?regel=toegang&zoek=loc")
        row, search = page.locator(".alarmtabel tbody tr").first, page.get_by_label("Zoek op naam of code")
        expect(search).to_be_hidden()
        expect(row).to_be_in_viewport()
        page.get_by_text("Zoeken en kiezen: 2 gekozen").click()
        expect(search).to_be_visible()
        page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
        page.goto("/alarmen")
        expect(search).to_be_visible()
        expect(page.get_by_text("Zoeken en kiezen")).to_be_hidden()


def test_on_a_phone_an_alarm_is_a_card_with_all_that_it_says(browser: Browser, world: World) -> None:
    with opened(browser, world.server.url, size=(360, 740)) as page:
        enter(page, world)
        page.goto("/alarmen?status=alle")
        for part in ("k-ernst", "k-regel", "k-naam", "k-afwijking", "k-sinds", "k-staat", "k-doen"):
            boxes = page.eval_on_selector_all(
                f".alarmtabel tbody .{part}",
                "parts => parts.map((one) => [...one.childNodes].length ? one.getBoundingClientRect() : {width: 1})"
                ".map(({width, right, left}) => [width, right ?? 0, left ?? 0])",
            )
            assert all(width > 0 and right <= 352 and left >= 0 for width, right, left in boxes), part
        assert page.locator(".alarmvlak").evaluate("one => one.scrollWidth <= one.clientWidth")


PAGES = ("/alarmen", "/alarmen?groep=provincie", "/alarmen/ALARM", "/stiltes", "/ontvangers", "/draaiboek")


@pytest.mark.parametrize("path", PAGES)
def test_it_is_accessible_and_fits(browser: Browser, world: World, path: str) -> None:
    with opened(browser, world.server.url, still=True) as page:
        enter(page, world)
        page.goto(path.replace("ALARM", world.alarm("LOC-3")["id"]))
        for details in page.locator("main details").all():
            details.evaluate("one => { one.open = true; }")
        for dark, size in product((False, True), (PHONE, DESK)):
            page.emulate_media(color_scheme="dark" if dark else "light")
            page.set_viewport_size({"width": size[0], "height": size[1]})
            assert [*accessibility(page), *too_wide(page)] == [], ("donker" if dark else "licht", size)


def test_what_went_wrong_is_accessible_too(browser: Browser, world: World) -> None:
    own_id = world.alarm("LOC-3")["id"]
    with opened(browser, world.server.url, still=True, javascript=True, expects=["400"]) as page:
        enter(page, world)
        page.goto(f"/alarmen/{own_id}")
        page.get_by_label("tot:", exact=True).check()
        page.get_by_label("Waarom").fill("x")
        page.get_by_role("button", name="Leg stil").click()
        expect(page.locator("#fouten")).to_be_focused()
        assert [*accessibility(page), *too_wide(page)] == []
