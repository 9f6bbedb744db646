"""Reads our pages with Debian's Chromium, in the form that opens no windows. Any error on a page makes the test fail.

Playwright keeps an event loop in the thread that starts it. As long as a browser is open, nothing else can run one
there (`asyncio.run`), so open it for one test file, not for a whole session.
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
SECONDS_MAX = 40
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
NewPage = Callable[..., AbstractContextManager[Page]]
"""`opened` with its browser and origin filled in."""
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
    """Gives the browser. Skips the test if there is none."""
    program = shutil.which("chromium-headless-shell")
    if program is None:
        without("Chromium", "chromium-headless-shell is er niet (make setup-systeem)")
    with sync_playwright() as playwright:
        # Chromium's sandbox does not run as root.
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
    """Opens an empty page for a new visitor to `origin` (`page.goto("/")`), in Dutch and in the Netherlands.

    Afterwards it fails if the page, or one that it opened, logged an error (a breach of the Content-Security-Policy is
    one), had an exception that nothing caught, asked another host, or had a failed request.

    `still`: the visitor prefers reduced motion. `expects`: texts of the errors that may occur, such as "404" or
    "ERR_CONNECTION_REFUSED". Our own addresses have no host in these errors.
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
            # Rejections nobody catches are reported in a later task; its events arrive before the answer to this call.
            page.evaluate("() => new Promise(done => setTimeout(done))" if javascript else "0")
        unexpected = [fault for fault in faults if not any(text in fault for text in expects)]
        assert not unexpected, "\n".join(["Op de pagina ging mis:", *unexpected])


def accessibility(page: Page) -> list[str]:
    """Returns a line for each breach of WCAG 2.2 A or AA, or of the best practices of axe, on the page as it is now."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("rules => axe.run({runOnly: rules, resultTypes: ['violations']})", RULES)["violations"]
    return [_violation(rule, node) for rule in found for node in rule["nodes"]]


def too_wide(page: Page) -> list[str]:
    """Returns one line if the document scrolls sideways, with the elements that stick out. Otherwise nothing."""
    return page.evaluate(TOO_WIDE)


def _violation(rule: Mapping[str, Any], node: Mapping[str, Any]) -> str:
    # The selector of an element in a frame or a shadow tree is a list of steps.
    where = " ".join(step if isinstance(step, str) else " ".join(step) for step in node["target"])
    why = "; ".join(check["message"] for kind in ("any", "all", "none") for check in node[kind])
    return f"{rule['id']}: {where}: {rule['help']}" + (f" ({why})" if why else "")


class _Faults(list[str]):
    """The errors on the pages of one visitor so far. Our own addresses have no host in them."""

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
        # The page itself ended this request: the visitor left, or the answer became a file.
        if request.failure != "net::ERR_ABORTED":
            self._note(f"geen antwoord: {request.method} {request.url}: {request.failure}")

    def _note(self, text: str) -> None:
        self.append(text.replace(self._origin, ""))
