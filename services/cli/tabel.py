"""The one way in which commands draw a table: names, a line, and rows. It fits on the screen, and draws at once."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, groupby
from typing import NamedTuple

from rich.cells import cell_len, chop_cells, set_cell_size

from services.cli.plain import say

_BETWEEN = "  "
_BREAK = re.compile(r"(?<=\s)(?=\S)|(?<=[a-zà-ÿ]-)(?=[A-Z])")
"""Where a line may break: between words, and at the hyphen in a name such as Noardeast-Fryslân."""
_SHORT = 18
"""A column of texts no longer than this, such as moments, is never folded."""


class Kolom(NamedTuple):
    """A column. Numbers stand to the right, and they are never folded, as what is `heel` is not; its name may be."""

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
    """Prints a table. Without names it has no head. `totaal` stands below a line of its own.

    A line breaks between words only. On a screen that is too narrow for that, the cells of a row stand below each
    other. Anywhere but on a screen a row is one line, however long, for whatever program reads it.
    """
    rows = list(regels)
    last = [] if totaal is None else [Rij(totaal, "bold")]
    names = tuple(one.naam for one in kolommen)
    head = [Rij(names, "bold")] if any(names) else []
    widths = _widths(kolommen, [row for row in chain(rows, last) if isinstance(row, Rij)])
    if widths is None:
        _print(chain.from_iterable(_stacked(row, names) for row in chain(rows, last)))
        return
    line = [("dim", "─" * (sum(widths) + len(_BETWEEN) * (len(widths) - 1)))]

    def drawn(some: Iterable[Regel]) -> Iterator[tuple[str, str]]:
        return chain.from_iterable(_lines(row, kolommen, widths) for row in some)

    everything = [drawn(head), line if head else [], drawn(rows), line if last else [], drawn(last)]
    _print(chain.from_iterable(everything))


def _print(lines: Iterable[tuple[str, str]]) -> None:
    """Prints each (style, text)."""
    # A call of rich takes as long as drawing ten rows, so without a terminal, where there are no styles, there is one.
    for style, same in groupby(lines, key=lambda one: one[0] if say.is_terminal else ""):
        say.out("\n".join(text.rstrip() for _, text in same), style=style, highlight=False)


def _widths(kolommen: Sequence[Kolom], rows: Sequence[Rij]) -> list[int] | None:
    """Returns the width of each column: as its cells need, and less for the widest where the screen is narrow.

    None when it is too narrow for their words.
    """
    widths, least = [], []
    for n, one in enumerate(kolommen):
        widest = max((_width(row.cellen[n]) for row in rows), default=0)
        whole = one.getal or one.heel or widest <= _SHORT
        word = widest if whole else max(_longest_word(row.cellen[n]) for row in rows)
        widths.append(max(widest, _width(one.naam)))
        least.append(max(word, _longest_word(one.naam)))
    room = say.width - len(_BETWEEN) * (len(widths) - 1)
    if not say.is_terminal or sum(widths) <= room:
        return widths
    if sum(least) > room:
        return None
    while sum(widths) > room:
        widths[max((n for n, width in enumerate(widths) if width > least[n]), key=widths.__getitem__)] -= 1
    return widths


def _width(text: str) -> int:
    return max(map(cell_len, text.split("\n")))


def _longest_word(text: str) -> int:
    return _indent(text) + max(cell_len(word.rstrip()) for word in _BREAK.split(text.lstrip(" ")))


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip(" "))


def _stacked(row: Regel, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yields (style, text) of each line of a row whose cells stand below each other, and of an empty line."""
    if isinstance(row, Kop):
        yield "bold", row.tekst
        return
    for name, cell in zip(names, row.cellen, strict=True):
        for line in _folded(f"{name}: {cell}" if name else cell, say.width) if cell else ():
            yield row.stijl, line
    yield "", ""


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
    indent = " " * _indent(text)
    room, lines = width - len(indent), list[str]()
    for said in text.lstrip(" ").split("\n"):
        lines.append("")
        for word in _BREAK.split(said):
            if lines[-1] and cell_len(f"{lines[-1]}{word.rstrip()}") > room:
                lines.append("")
            lines[-1] += word
    # Only a word that is wider than the whole screen is cut.
    return [f"{indent}{part}" for line in lines for part in chop_cells(line.rstrip(), room) or [""]]


def _placed(text: str, to_the_right: bool, width: int) -> str:
    return " " * (width - cell_len(text)) + text if to_the_right else set_cell_size(text, width)
