"""Finds what does not belong in a text for people: other forms of dates and numbers, English, names of machines."""

import re
from collections.abc import Iterator, Mapping, Sequence
from html.parser import HTMLParser

from schemas.alarmregels import TE_BEWAKEN
from services.core.grootheden import BIJ_NAAM

_MAANDEN = "januari|februari|maart|april|juni|juli|augustus|september|oktober|november|december"
_ENGLISH = (
    "the|and|not|with|from|this|these|please|error|invalid|unknown|show|help|options?|usage|default|required|loading|"
    "click|search|value|values|warning|missing|failed|found|page|next|previous|update|close|none|null|true|false"
)
_MANY = "locaties|gemeenten|rijen|mensen|plaatsen|dagen|metingen|alarmen|minuten|gebeurtenissen|regels|cijfers"
_NAMES = sorted({name for name in (*BIJ_NAAM, *TE_BEWAKEN) if "-" in name or name != name.lower()})
_MACHINE = re.compile(rf"\b({'|'.join(map(re.escape, _NAMES))}|[a-z]+(?:[A-Z][a-z]+)+)\b")
_SEAM = "\u200b"
"""Where one piece of text ends and the next begins, within a block. A page may set these apart by style alone."""
FORBIDDEN: Mapping[str, re.Pattern[str]] = {
    "a month in full": re.compile(rf"\b\d{{1,2}} ({_MAANDEN})\b"),
    "a day in digits": re.compile(r"\b\d{1,2}-\d{1,2}-\d{4}\b|(?<!zoals )(?<!verwacht )(?<!of )\b\d{4}-\d\d-\d\d\b"),
    "UTC": re.compile(r"\bUTC\b|\d\dZ\b"),
    "parts of a second": re.compile(r"\d\d:\d\d:\d\d[.,]\d"),
    "a hyphen for a minus": re.compile(r"(?<![\w\-/.…])-\d+(?![\w-])"),
    "a point in a number": re.compile(r"(?<![\w.:/-])\d+\.\d{1,2}(?![\w.:/-])(?! *(jan|feb))"),
    "two spaces": re.compile(r"\S  +\S"),
    "a space before a full stop": re.compile(r"\w [.,;:](\s|$)"),
    "English": re.compile(rf"\b({_ENGLISH})\b", re.IGNORECASE),
    "None": re.compile(r"\b(None|nan|NaN|undefined)\b"),
    "1 of many": re.compile(rf"(?<![\d.,])1 ({_MANY})\b"),
    "many of 1": re.compile(r"\(e?n\)|\(s\)|\(len\)|cijfer\(s\)"),
}
"""What is wrong → how it looks."""
_QUOTES = (("“", "”"), ("‘", "’"), ("«", "»"), ("(", ")"))
_OPENS, _CLOSES = re.compile(r"(?<![\w'])'(?=[\w{])(?!s[- ]|n\b|t\b)"), re.compile(r"(?<=[\w.…}*])'(?![\w'])")


def odd(text: str) -> Iterator[str]:
    """Yields what is wrong in a text, with where."""
    marked, text = text, text.replace(_SEAM, "")
    for found in _MACHINE.finditer(marked):
        yield f"a name of a machine: {found[0]}"
    for what, pattern in FORBIDDEN.items():
        for found in pattern.finditer(text):
            yield f"{what}: …{text[max(0, found.start() - 40) : found.end() + 20]}…"
    for begin, end in _QUOTES:
        if text.count(begin) != text.count(end):
            yield f"{begin}{end} not in pairs: {text[:120]}"
    if text.count('"') % 2 or len(_OPENS.findall(text)) != len(_CLOSES.findall(text)):
        yield f"quotes not in pairs: {text[:120]}"


class Seen(HTMLParser):
    """What a page shows, or has read aloud: the text of each block, and what is only said."""

    ALOUD = ("aria-label", "title", "placeholder", "alt")
    UNSEEN = ("script", "style", "code", "pre", "bdi", "cite", "textarea")
    """`bdi` holds what others wrote, such as names, and `code` what is for machines."""
    INLINE = ("a", "strong", "em", "b", "i", "small", "span", "time", "data", "abbr", "br", "output", "mark", *UNSEEN)

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._unseen: list[str] = []
        self._block: list[str] = []
        self.feed(html)
        self._end()

    def _end(self) -> None:
        if text := "".join(self._block).strip().strip(_SEAM):
            self.texts.append(text)
        self._block = []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag in self.UNSEEN:
            self._unseen.append(tag)
            self._block.append("x")
        elif tag not in self.INLINE:
            self._end()
        self._block.append(_SEAM)
        self.texts += [value for name, value in attrs if name in self.ALOUD and value]

    def handle_endtag(self, tag: str) -> None:
        if tag in self._unseen:
            self._unseen.remove(tag)
        elif tag not in self.INLINE:
            self._end()
        self._block.append(_SEAM)

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._block.append(data)


_FOR_MACHINES = re.compile(
    r"`[^`]*`|https?://\S+|urn:\S+|--[\w-]+|\[[\w=, ]*\]\s*$"
    r"|\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b\w+\.(toml|jsonl?|csv|zip|pub|pid)\b"
    r"|\b(?:[0-9A-Z]{4}-){23}[0-9A-Z]{4}\b"
    r"|\bgepubliceerd\..*?(?=: )|(?<=positie )\S+|\b[a-z]+\.[\w.-]+(?=:)|source <\(.*\)",
    re.MULTILINE,
)
"""What a text in a terminal says to a machine: commands, options, addresses, ids, codes, files and registers."""


def odd_in_terminal(text: str) -> Iterator[str]:
    """Yields what is wrong in what a command says. Columns stand apart by spaces."""
    for line in text.splitlines():
        yield from odd(re.sub(r"\s+", " ", _FOR_MACHINES.sub("x", line)).strip(" ─┴█▄░·•"))


def odd_on_page(html: str) -> Iterator[str]:
    """Yields what is wrong in the texts of a page."""
    seen = Seen(html)
    for text in seen.texts:
        yield from odd(text)
    for apart in re.findall(r"(?:>|\n)[^<]*?(?:\d %|€ \d)[^<]*", html):
        yield f"a number apart from its sign: {apart[:120]}"
