"""The one way in which commands draw a table: names, a line, and rows. It fits on the screen, and draws at once."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, groupby
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from services.cli.plain import say

_BETWEEN = "  "
_WORD_MAX = 10
"""A longer word may be broken, where the screen is narrow."""


class Kolom(NamedTuple):
    """A column. Numbers stand to the right, and they are never folded, as what is `heel` is not."""

    naam: str
    getal: bool = False
    heel: bool = False


class Rij(NamedTuple):
    """A row with a style of its own."""

    cellen: Sequence[str]
    stijl: str = ""


class Kop(NamedTuple):
    """A line above the rows that follow, over all columns."""

    tekst: str


Regel = Rij | Kop


def toon_tabel(kolommen: Sequence[Kolom], regels: Iterable[Regel], totaal: Sequence[str] | None = None) -> None:
    """Prints a table. Without names it has no head. `totaal` stands below a line of its own."""
    rows = list(regels)
    last = [] if totaal is None else [Rij(totaal, "bold")]
    names = tuple(one.naam for one in kolommen)
    head = [Rij(names, "bold")] if any(names) else []
    widths = _widths(kolommen, [row for row in chain(head, rows, last) if isinstance(row, Rij)])
    line = [("dim", "─" * (sum(widths) + len(_BETWEEN) * (len(widths) - 1)))]

    def drawn(some: Iterable[Regel]) -> Iterator[tuple[str, str]]:
        return chain.from_iterable(_lines(row, kolommen, widths) for row in some)

    everything = [drawn(head), line if head else [], drawn(rows), line if last else [], drawn(last)]
    # A call of rich takes as long as drawing ten rows, so without a terminal, where there are no styles, there is one.
    for style, same in groupby(chain.from_iterable(everything), key=lambda one: one[0] if say.is_terminal else ""):
        say.out("\n".join(text.rstrip() for _, text in same), style=style, highlight=False)


def _widths(kolommen: Sequence[Kolom], rows: Sequence[Rij]) -> list[int]:
    """Returns the width of each column: as its cells need, and less for the widest text where the screen is narrow."""
    widths = [max((cell_len(row.cellen[n]) for row in rows), default=0) for n in range(len(kolommen))]
    least = [min(_WORD_MAX, max((_longest_word(row.cellen[n]) for row in rows), default=0)) for n in range(len(widths))]
    texts = [n for n, one in enumerate(kolommen) if not one.getal and not one.heel]
    room = say.width - len(_BETWEEN) * (len(widths) - 1)
    while sum(widths) > room and (texts := [n for n in texts if widths[n] > least[n]]):
        widths[max(texts, key=lambda n: widths[n])] -= 1
    return widths


def _longest_word(text: str) -> int:
    return max(map(cell_len, text.split()), default=0)


def _lines(row: Regel, kolommen: Sequence[Kolom], widths: Sequence[int]) -> Iterator[tuple[str, str]]:
    """Yields (style, text) of each line of a row."""
    if isinstance(row, Kop):
        yield "bold", row.tekst
        return
    cells = [_folded(text, width) for text, width in zip(row.cellen, widths, strict=True)]
    for n in range(max(map(len, cells))):
        texts = [cell[n] if n < len(cell) else "" for cell in cells]
        placed = zip(texts, kolommen, widths, strict=True)
        yield row.stijl, _BETWEEN.join(_placed(text, one.getal, width) for text, one, width in placed)


@lru_cache(maxsize=1_000)
def _folded(text: str, width: int) -> Sequence[str]:
    if cell_len(text) <= width and "\n" not in text:
        return (text,)
    indent = " " * (len(text) - len(text.lstrip(" ")))
    return [f"{indent}{line.plain.rstrip()}" for line in Text(text.lstrip(" ")).wrap(say, width - len(indent))]


def _placed(text: str, to_the_right: bool, width: int) -> str:
    return " " * (width - cell_len(text)) + text if to_the_right else set_cell_size(text, width)
