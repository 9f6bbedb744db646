"""The checks that other tests use find the mistakes that they exist for, and find none in a good page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.support.chromium import PHONE, accessibility, opened, too_wide
from tests.support.html_checker import html_errors

ORIGIN = "http://127.0.0.1:1"
POLICY = {"Content-Security-Policy": "default-src 'self'; img-src 'self' data:"}
GOOD = (
    '<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>Proef</title>'
    '<link rel="icon" href="data:,"></head>'
    "<body><main><h1>Een proef</h1>{}</main></body></html>"
)


def shown(page: Page, body: str = "", javascript: str = "", status: int = 200) -> None:
    """Shows a page of `ORIGIN` with this content. No server runs there: the test answers the browser's requests."""

    def answer(route: Route) -> None:
        if route.request.url.endswith("/eigen.js"):
            route.fulfill(body=javascript, content_type="text/javascript")
        elif route.request.resource_type == "document":
            route.fulfill(body=GOOD.format(body), content_type="text/html", headers=POLICY, status=status)
        else:
            route.continue_()

    page.context.route("**", answer)
    page.goto(f"{ORIGIN}/")


def said(browser: Browser, show: Callable[[Page], object], **options: object) -> str:
    """Returns the error that a test of such a page would raise, or an empty text."""
    try:
        with opened(browser, ORIGIN, **options) as page:
            show(page)
    except AssertionError as error:
        return str(error)
    return ""


OWN = '<script src="/eigen.js"></script>'
FAULTS = {
    "log": (OWN, "console.error('kapot')", "console: kapot (/eigen.js)"),
    "thrown": (OWN, "throw new Error('kapot')", "niet opgevangen: kapot"),
    "rejected": (OWN, "Promise.reject(new Error('kapot'))", "niet opgevangen: kapot"),
    "inline script": ("<script>1</script>", "", "Content Security Policy"),
    "inline style": ('<p style="color: red">x</p>', "", "Content Security Policy"),
    "style element": ("<style>p { color: red }</style>", "", "Content Security Policy"),
    "no answer": ('<img src="/weg.png" alt="">', "", "geen antwoord: GET /weg.png: net::ERR_"),
}


@pytest.mark.parametrize("kind", FAULTS)
def test_what_goes_wrong_in_a_page_is_heard(browser: Browser, kind: str) -> None:
    body, javascript, expected = FAULTS[kind]
    assert expected in said(browser, lambda page: shown(page, body, javascript))


def test_a_question_to_another_host_is_heard(browser: Browser) -> None:
    image = '<img src="http://127.0.0.1:2/weg.png" alt="">'
    assert "andere host: GET http://127.0.0.1:2/weg.png" in said(browser, lambda page: page.set_content(image))


def test_a_bad_answer_is_heard_unless_it_is_expected(browser: Browser) -> None:
    assert "antwoord 404: GET /" in said(browser, lambda page: shown(page, status=404))
    assert said(browser, lambda page: shown(page, status=404), expects=["404"]) == ""


def test_without_javascript_it_is_heard_too(browser: Browser) -> None:
    style = '<p style="color: red">x</p>'
    assert "Content Security Policy" in said(browser, lambda page: shown(page, style), javascript=False)
    assert said(browser, lambda page: shown(page, OWN, "throw new Error('kapot')"), javascript=False) == ""


def test_what_a_test_found_comes_with_what_went_wrong(browser: Browser) -> None:
    def fail(page: Page) -> None:
        shown(page, status=500)
        raise RuntimeError("bevinding")

    with pytest.raises(RuntimeError, match="bevinding") as caught:
        said(browser, fail)
    assert "antwoord 500: GET /" in caught.value.__notes__[0]


@pytest.mark.parametrize("on", [False, True])
def test_a_visitor_is_as_asked(browser: Browser, on: bool) -> None:
    with opened(browser, ORIGIN, dark=on, still=on, size=PHONE) as page:
        shown(page)
        assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") is on
        assert page.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches") is on
        assert page.evaluate("[innerWidth, innerHeight]") == list(PHONE)
        assert page.evaluate("new Date(Date.UTC(2026, 6, 1, 12)).toLocaleString()") == "1-7-2026, 14:00:00"
        assert page.evaluate("navigator.language") == "nl-NL"


BARRIERS = {
    "image-alt": '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
    "color-contrast": '<p><font color="#999999">Slecht te lezen</font></p>',
    "target-size": "<button>.</button><button>.</button>",
    "heading-order": "<h4>Te diep</h4>",
    "scrollable-region-focusable": '<div class="rol"><p>lang</p></div>',
}
"""Rule of axe → a page that breaks it. The rules are of WCAG 2.0 A and AA, of WCAG 2.2, and of good practice."""
STYLE = "button { width: 9px; height: 9px; padding: 0 } .rol { height: 9px; overflow: auto }"


def test_accessibility_names_what_stands_in_the_way(browser: Browser) -> None:
    with opened(browser, ORIGIN) as page:
        page.set_content(GOOD.format("".join(BARRIERS.values()) + f"<style>{STYLE}</style>"))
        found = accessibility(page)
        assert {line.partition(":")[0] for line in found} == set(BARRIERS)
        assert any(line.startswith("color-contrast: font: ") and "4.5:1" in line for line in found)


def test_accessibility_finds_nothing_where_nothing_is(browser: Browser) -> None:
    with opened(browser, ORIGIN) as page:
        shown(page, "<p>Goed te lezen</p>")
        assert accessibility(page) == []


def test_what_sticks_out_is_named(browser: Browser) -> None:
    with opened(browser, ORIGIN, size=PHONE) as page:
        style = "<style>.breed { width: 400px } .rol { overflow: auto }</style>"
        page.set_content(GOOD.format(f'<div class="rol"><b><p class="breed">x</p></b></div>{style}'))
        assert too_wide(page) == []
        page.set_content(
            GOOD.format(f'<div><p class="breed">x</p></div><div class="rol"><i>{"x" * 99}</i></div>{style}')
        )
        (line,) = too_wide(page)
        assert line.endswith(" px te breed, door p.breed")
        page.set_viewport_size({"width": 1000, "height": 600})
        assert too_wide(page) == []


def test_html_errors_are_those_of_each_page() -> None:
    pages = {"/goed": GOOD.format("<p>x</p>"), "/fout": GOOD.format('<p>\n<img src="x.png"></p>')}
    (error,) = html_errors(pages)
    assert error.startswith("/fout:2: error: ")
    assert "“alt”" in error


def test_html_that_is_doubtful_is_an_error_too() -> None:
    (warning,) = html_errors({"/": GOOD.format("<section><p>x</p></section>")})
    assert "/:1: warning: Section lacks heading" in warning
