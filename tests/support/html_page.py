"""Reads an HTML page: its elements in order, and its text."""

from html.parser import HTMLParser


class Page(HTMLParser):
    """A parsed page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.rows: list[list[str]] = []
        """The cells of each row of each table, as text."""
        self._cell: list[str] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self._cell = []

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._cell is not None:
            self.rows[-1].append(" ".join(self._cell))
            self._cell = None

    def handle_data(self, data: str) -> None:
        self.words += data.split()
        if self._cell is not None:
            self._cell += data.split()

    @property
    def text(self) -> str:
        return " ".join(self.words)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def links(self) -> list[str]:
        return [attributes.get("href") or "" for attributes in self.all("a")]


def headline(found: Page) -> str | None:
    """Returns what stands in the largest letters of the overview."""
    (words,) = [one for tag, one in found.elements if tag == "data" and one.get("id") == "graad"]
    return words["value"]


def row_of(found: Page, *begin: str) -> list[str]:
    """Returns the cells of the only row that begins with these."""
    (row,) = [row for row in found.rows if row[: len(begin)] == list(begin)]
    return row
