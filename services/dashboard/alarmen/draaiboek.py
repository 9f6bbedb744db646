"""The runbook in pages: what to do about an alarm stands where the alarm stands.

The text comes with Opvangpeil (deploy/runbook.md). It is read as CommonMark without HTML and without pictures. A link
leads to https, or to another section of the runbook.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import structlog
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from services.dashboard.page_request import Blad, Bladtijd

FILE = Path(__file__).parents[3] / "deploy" / "runbook.md"
NAAM = "deploy/runbook.md"
"""How rules name it."""
PAD = "/draaiboek"
_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
_log = structlog.get_logger("draaiboek")


class WatTeDoen(NamedTuple):
    """What to do about an alarm."""

    tekst: Markup | None
    """The section of the runbook. None: it stands elsewhere."""
    elders: str | None
    """An address on the web."""
    naam: str
    """How the rule names it."""
    anker: str = ""


class Stuk(NamedTuple):
    """A section of the runbook."""

    anker: str
    titel: str
    tekst: Markup


def wat_te_doen(runbook: str | None) -> WatTeDoen | None:
    """Returns what a rule says to do; None when it says nothing."""
    if runbook is None:
        return None
    file, _, anchor = runbook.partition("#")
    found = _by_anchor().get(anchor) if file == NAAM else None
    elsewhere = runbook if runbook.startswith("https://") else None
    return WatTeDoen(found and found.tekst, elsewhere, runbook, anchor if found else "")


def draaiboek(_: Blad[Bladtijd]) -> dict[str, Any]:
    """Returns the whole runbook."""
    return {"stukken": [*_by_anchor().values()]}


def anker(titel: str) -> str:
    """Returns the anchor of a heading, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", titel.strip().lower()).replace(" ", "-")


@cache
def _by_anchor() -> Mapping[str, Stuk]:
    """Reads the runbook. Without the file no alarm says what to do, and everything else goes on."""
    try:
        text = FILE.read_text(encoding="utf-8")
    except OSError as error:
        _log.warning("het draaiboek is hier niet te lezen", reden=str(error))
        return {}
    parts = _SECTION.split(text)
    named = zip(parts[1::2], parts[2::2], strict=True)
    return {anker(title): Stuk(anker(title), title.strip(), _html(body)) for title, body in named}


def _html(text: str) -> Markup:
    return Markup(_reader().render(text))  # noqa: S704 - the reader lets no HTML through


@cache
def _reader() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["image", "html_block", "html_inline"])
    made.validateLink = _allowed  # type: ignore[method-assign]
    made.add_render_rule("link_open", _link)
    made.add_render_rule("heading_open", _heading)
    made.add_render_rule("table_open", _table)
    made.add_render_rule("table_close", _table_end)
    made.add_render_rule("th_open", _th)
    made.add_render_rule("code_block", _code)
    made.add_render_rule("fence", _code)
    return made


def _allowed(url: str) -> bool:
    """Whether a link may lead there. To a file beside the runbook it may not: that is not on this server."""
    return url.startswith(("https://", "#"))


def _link(renderer: Any, tokens: Sequence[Token], number: int, options: Any, env: Any) -> str:
    token = tokens[number]
    href = str(token.attrs["href"])
    token.attrs["href"] = f"{PAD}{href}" if href.startswith("#") else href
    if not href.startswith("#"):
        token.attrs["rel"] = "noreferrer"
    return str(renderer.renderToken(tokens, number, options, env))


def _heading(renderer: Any, tokens: Sequence[Token], number: int, options: Any, env: Any) -> str:
    tokens[number].attrs["id"] = anker(tokens[number + 1].content)
    return str(renderer.renderToken(tokens, number, options, env))


def _table(_renderer: Any, _tokens: Sequence[Token], _number: int, _options: Any, _env: Any) -> str:
    return '<div class="schuif" tabindex="0" role="group" aria-label="Tabel in het draaiboek"><table>\n'


def _table_end(_renderer: Any, _tokens: Sequence[Token], _number: int, _options: Any, _env: Any) -> str:
    return "</table></div>\n"


def _th(renderer: Any, tokens: Sequence[Token], number: int, options: Any, env: Any) -> str:
    tokens[number].attrs = {"scope": "col"}
    return str(renderer.renderToken(tokens, number, options, env))


def _code(_renderer: Any, tokens: Sequence[Token], number: int, _options: Any, _env: Any) -> str:
    return f'<pre class="opdracht"><code>{Markup.escape(tokens[number].content.rstrip())}</code></pre>\n'
