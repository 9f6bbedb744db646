"""Debian's Chromium as a reader of our pages: what it meets there that is wrong makes the test fail.

Playwright holds an event loop in the thread that it is started in, so as long as a browser is there nothing else can
run one (`asyncio.run`). Let it last a file of tests, not a session.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)

from tests.support.missing import without

PHONE, DESK, WALL = (320, 640), (1280, 800), (3840, 2160)
"""Sizes of a window in CSS pixels, (width, height)."""
SECONDS_MAX = 15
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
NewPage = Callable[..., AbstractContextManager[Page]]
"""`opened` with a browser and an origin filled in."""
TOO_WIDE = """() => {
    const {scrollWidth, clientWidth} = document.scrollingElement;
    if (scrollWidth <= clientWidth) return [];
    // What an element scrolls or hides by itself does not make the document wider.
    const isCut = ({parentElement}) => parentElement !== document.body
        && (getComputedStyle(parentElement).overflowX !== "visible" || isCut(parentElement));
    const sticksOut = (element) => element.getBoundingClientRect().right > clientWidth + 0.5 && !isCut(element);
    const causes = [...document.body.querySelectorAll("*")]
        .filter((element) => sticksOut(element) && ![...element.children].some(sticksOut))
        .map((element) => element.tagName.toLowerCase() + [...element.classList].map((name) => "." + name).join(""));
    return [`${scrollWidth - clientWidth} px te breed, door ${[...new Set(causes)].slice(0, 5).join(", ")}`];
}"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, without a window; skips the test where there is none."""
    program = shutil.which("chromium")
    if program is None:
        without("Chromium", "chromium is er niet (make setup-systeem)")
    with sync_playwright() as playwright:
        # Its sandbox refuses to work for root.
        browser = playwright.chromium.launch(executable_path=program, chromium_sandbox=os.geteuid() != 0)
        expect.set_options(timeout=SECONDS_MAX * 1000)
        with closing(browser):
            yield browser


@contextmanager
def opened(
    browser: Browser,
    origin: str,
    *,
    dark: bool = False,
    size: tuple[int, int] = DESK,
    javascript: bool = True,
    still: bool = False,
    expects: Sequence[str] = (),
) -> Iterator[Page]:
    """An empty page of a new visitor to `origin` (`page.goto("/")`): Dutch, in the Netherlands.

    Afterwards it fails when the page, or one that it opened, logged an error (a breach of the
    Content-Security-Policy is one), threw what nobody caught, asked another host, or asked in vain.

    `still`: the visitor wants nothing to move. `expects`: pieces of text by which to know what may go wrong, such as
    "404" or "ERR_CONNECTION_REFUSED"; in what they are held against, our own addresses have no host.
    """
    context = browser.new_context(
        base_url=origin,
        locale="nl-NL",
        timezone_id="Europe/Amsterdam",
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce" if still else "no-preference",
        viewport={"width": size[0], "height": size[1]},
        java_script_enabled=javascript,
    )
    context.set_default_timeout(SECONDS_MAX * 1000)
    with closing(context):
        faults = _Faults(context, origin)
        try:
            yield context.new_page()
        except BaseException as error:
            error.add_note(
                "\n".join(["Op de pagina ging mis:", *faults] if faults else ["Op de pagina ging niets mis"])
            )
            raise
        for page in context.pages:
            # Who answers has told what came before; that nobody caught a promise is told in a task of its own.
            page.evaluate("() => new Promise(done => setTimeout(done))" if javascript else "0")
        unexpected = [fault for fault in faults if not any(text in fault for text in expects)]
        assert not unexpected, "\n".join(["Op de pagina ging mis:", *unexpected])


def accessibility(page: Page) -> list[str]:
    """Where the page, as it looks now, breaks WCAG 2.2 A or AA or what axe holds for good practice; a line each."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("rules => axe.run({runOnly: rules, resultTypes: ['violations']})", RULES)["violations"]
    return [_violation(rule, node) for rule in found for node in rule["nodes"]]


def too_wide(page: Page) -> list[str]:
    """One line when the document scrolls sideways, with what sticks out; otherwise nothing."""
    return page.evaluate(TOO_WIDE)


def _violation(rule: Mapping[str, Any], node: Mapping[str, Any]) -> str:
    # A selector within a frame or a shadow tree is a list of its steps.
    where = " ".join(step if isinstance(step, str) else " ".join(step) for step in node["target"])
    why = "; ".join(check["message"] for kind in ("any", "all", "none") for check in node[kind])
    return f"{rule['id']}: {where}: {rule['help']}" + (f" ({why})" if why else "")


class _Faults(list[str]):
    """What went wrong in the pages of one visitor, until now; our own addresses without the host."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        super().__init__()
        self._origin = origin
        context.on("console", self._console)
        context.on("weberror", lambda thrown: self._note(f"niet opgevangen: {thrown.error}"))
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("requestfailed", self._failed)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._note(f"console: {message.text} ({message.location['url']})")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((f"{self._origin}/", "data:", "blob:")):
            self._note(f"andere host: {request.method} {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self._note(f"antwoord {response.status}: {response.request.method} {response.url}")

    def _failed(self, request: Request) -> None:
        # The page itself ended it: it was left, or the answer became a file.
        if request.failure != "net::ERR_ABORTED":
            self._note(f"geen antwoord: {request.method} {request.url}: {request.failure}")

    def _note(self, text: str) -> None:
        self.append(text.replace(self._origin, ""))
