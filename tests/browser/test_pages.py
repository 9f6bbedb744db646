"""Every page, in either theme and at every size: for who cannot see well, on a phone, and as HTML."""

import pytest

from tests.support.chromium import DESK, PHONE, WALL, NewPage, accessibility, too_wide
from tests.support.html_checker import html_errors
from tests.support.server import Server

PAGES = (
    "/",
    "/?geldigOp=2024-05-01T00:00&kaart=tekort",
    "/?weergave=wand&kaart=bezettingsgraad",
    "/locaties",
    "/gemeenten?provincie=PV20",
    "/provincies",
    "/alarmen?status=hersteld",
    "/alarmen",
    "/melden?soort=capaciteit&locatie=LOC-TER-APEL",
    "/locaties/LOC-TER-APEL",
    "/gemeenten/GM1950",
    "/provincies/PV20",
    "/locaties/LOC-TER-APEL/verklaring",
    "/naleving/verklaring?rol=telt",
    "/bezetting/verklaring",
    "/melden/klaar?locatie=LOC-TER-APEL&status=201&id=0190f1f5-6f5a-7c39-9d5c-2f9d8f4b5a10",
    "/locaties/LOC-BESTAAT-NIET",
    "/DIT-IS-ER-NIET",
    "/alarmen/EEN",
    "/verschil?metGeldigOp=2026-01-01&metBekendOp=2026-01-01",
)


def address(server: Server, path: str) -> str:
    """With the id of an alarm that is there."""
    return path.replace("EEN", server.get("/v1/alarmen")["items"][0]["id"]) if "EEN" in path else path


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_and_fits(new_page: NewPage, server: Server, path: str) -> None:
    found: dict[str, list[str]] = {}
    with new_page(still=True, expects=["404"] if "NIET" in path else []) as page:
        page.goto(address(server, path))
        for dark, size in ((False, DESK), (True, PHONE), (False, WALL)):
            page.emulate_media(color_scheme="dark" if dark else "light")
            page.set_viewport_size({"width": size[0], "height": size[1]})
            # Rules look at the theme and at the narrow and the usual layout; on a wall all is larger, and must fit.
            faults = [] if size == WALL and "wand" not in path else accessibility(page)
            for fault in (*faults, *too_wide(page)):
                found.setdefault(fault, []).append(f"{'donker' if dark else 'licht'} {size[0]}")
        assert not found, "\n".join(f"{fault} [{', '.join(where)}]" for fault, where in found.items())


def test_every_page_is_valid_html(server: Server) -> None:
    pages = {
        path: server.client.get(server.url + address(server, path), headers={"Accept": "text/html"}) for path in PAGES
    }
    assert {path for path, answer in pages.items() if answer.status_code != (404 if "NIET" in path else 200)} == set()
    errors = html_errors({path: answer.text for path, answer in pages.items()})
    assert not errors, "\n".join(errors)
