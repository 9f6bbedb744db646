"""Every page in both themes and at every size is accessible, fits the screen and is valid HTML."""

import pytest
from playwright.sync_api import expect

from services.dashboard.page import PathKind
from services.dashboard.pages import PAGES
from tests.support.chromium import DESK, PHONE, WALL, NewPage, accessibility, too_wide
from tests.support.declared import walk
from tests.support.html_checker import html_errors
from tests.support.rondes import only_whole, slice_of
from tests.support.server import Server

NAMED: dict[PathKind, list[str]] = {
    "locatie": ["LOC-TER-APEL"],
    "gemeente": ["GM1950"],
    "provincie": ["PV20"],
    "alarm": ["EEN"],
    "ontvanger": ["meldkamer"],
    "gebeurtenis": ["MELDING"],
}
"""Pages that exist with the sample data. EEN stands for the id of the first alarm, MELDING for that of an event."""
SHOWN = (
    *walk(PAGES, NAMED),
    "/?geldigOp=2024-05-01T00:00&kaart=tekort",
    "/?weergave=wand&kaart=bezettingsgraad",
    "/gemeenten?provincie=PV20&telregel=eerste-cyclus",
    "/naleving/telregels?van=2026-05-21&naar=2026-05-26&naarTelregel=cyclus",
    "/alarmen?status=hersteld",
    "/melden?soort=capaciteit&over=LOC-TER-APEL",
    "/naleving/verklaring?rol=telt",
    "/verschil?metGeldigOp=2026-01-01&metBekendOp=2026-01-01",
    "/locaties/LOC-BESTAAT-NIET",
    "/DIT-IS-ER-NIET",
)
"""Every page, its other forms, and a page that does not exist."""
WIDTHS = (320, 768, 1024)
"""Between the sizes of LOOKS."""
LOOKS = ((False, DESK), (True, PHONE), (False, WALL))
"""(dark, size): together they cover both themes and the three layouts: usual, narrow and wall."""
PART = frozenset(SHOWN[::2]) - {"/gemeenten"} | {"/"}
"""The pages that `make test` looks at; `make volledig` looks at all of them. The list of 342 rows takes longest."""


def address(server: Server, path: str) -> str:
    """Returns the path with EEN and MELDING replaced by an id. Waits until there is an alarm."""
    if "MELDING" in path:
        logged = server.get("/v1/gebeurtenissen", onderwerp="LOC-TER-APEL")
        return path.replace("MELDING", logged["items"][0]["id"])
    if "EEN" not in path:
        return path
    alarms = server.until("/v1/alarmen", lambda answer: bool(answer["items"]), seconds=60)
    return path.replace("EEN", alarms["items"][0]["id"])


@pytest.mark.deel
@pytest.mark.parametrize("path", [path if path in PART else only_whole(path) for path in SHOWN])
def test_a_page_is_accessible_and_fits(new_page: NewPage, server: Server, path: str) -> None:
    found: dict[str, list[str]] = {}
    with new_page(still=True, expects=["404"] if "NIET" in path else []) as page:
        page.goto(address(server, path))
        for dark, size in slice_of(LOOKS, 2, SHOWN.index(path) % 2):
            page.emulate_media(color_scheme="dark" if dark else "light")
            page.set_viewport_size({"width": size[0], "height": size[1]})
            faults = [] if size == WALL and "wand" not in path else accessibility(page)
            for fault in (*faults, *too_wide(page)):
                found.setdefault(fault, []).append(f"{'donker' if dark else 'licht'} {size[0]}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            for fault in too_wide(page):
                found.setdefault(fault, []).append(f"{width} breed")
        assert not found, "\n".join(f"{fault} [{', '.join(where)}]" for fault, where in found.items())


@pytest.mark.parametrize(
    "path",
    [
        "/locaties/LOC-TER-APEL/verklaring",
        "/verschil?onderwerp=LOC-TER-APEL&metGeldigOp=2026-01-01&metBekendOp=2026-01-01",
        "/naleving/telregels?van=2026-05-21&naar=2026-05-26&naarTelregel=cyclus",
    ],
)
def test_on_a_phone_no_table_of_reasons_is_cut(new_page: NewPage, path: str) -> None:
    with new_page(size=(360, 740)) as page:
        page.goto(path)
        wide = "boxes => boxes.filter((one) => one.checkVisibility() && one.scrollWidth > one.clientWidth).length"
        assert page.locator(".kaartjes").count()
        assert page.eval_on_selector_all(".schuif:has(.kaartjes), .kaartjes td", wide) == 0


def test_an_unknown_address_has_the_menu(new_page: NewPage) -> None:
    with new_page(expects=["404"]) as page:
        page.goto("/DIT-IS-ER-NIET")
        expect(page.get_by_role("navigation", name="Hoofdmenu").get_by_role("link", name="Locaties")).to_be_visible()
        expect(page.get_by_role("alert")).to_have_text("Dit adres bestaat niet.")


def test_every_page_is_valid_html(server: Server) -> None:
    pages = {
        path: server.client.get(server.url + address(server, path), headers={"Accept": "text/html"}) for path in SHOWN
    }
    assert {path for path, answer in pages.items() if answer.status_code != (404 if "NIET" in path else 200)} == set()
    errors = html_errors({path: answer.text for path, answer in pages.items()})
    assert not errors, "\n".join(errors)
