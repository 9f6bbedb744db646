"""What rows of a table can be chosen by, and how many there are of each choice."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

R = TypeVar("R")


class Filter(NamedTuple, Generic[R]):
    """Something that rows can be chosen by. Each row has exactly one value."""

    naam: str
    """Its name in the URL."""
    label: str
    waarde: Callable[[R], str]
    """The value of a row, as it stands in the URL."""
    namen: Mapping[str, str]
    """Value → what people call it, in the order in which they are offered."""


class Keuze(NamedTuple):
    """One choice."""

    waarde: str
    naam: str
    aantal: int
    """How many rows it leaves, under what is chosen elsewhere."""


class Keuzelijst(NamedTuple):
    """The choices of one filter."""

    naam: str
    label: str
    gekozen: str | None
    totaal: int
    """How many rows there are without this filter: the sum over its choices."""
    keuzes: Sequence[Keuze]


def gekozen(rows: Iterable[R], filters: Sequence[Filter[R]], vraag: Any) -> tuple[list[R], dict[str, Keuzelijst]]:
    """Returns the rows that each filter leaves in, and the choices of each filter by its name.

    A row that one filter leaves out still counts among the choices of that one.
    """
    asked = [_asked(getattr(vraag, one.naam)) for one in filters]
    counts: list[Counter[str]] = [Counter() for _ in filters]
    kept = []
    wanted = [(n, one.waarde, asked[n]) for n, one in enumerate(filters) if asked[n] is not None]
    for row in rows:
        out = [n for n, value, want in wanted if value(row) != want]
        if not out:
            kept.append(row)
        elif len(out) == 1:
            counts[out[0]][filters[out[0]].waarde(row)] += 1
    for n, one in enumerate(filters):
        counts[n].update(map(one.waarde, kept))
    lists = zip(filters, asked, counts, strict=True)
    return kept, {one.naam: _list(one, want, many) for one, want, many in lists}


def _list(one: Filter[R], want: str | None, many: Counter[str]) -> Keuzelijst:
    namen = one.namen if want is None or want in one.namen else {**one.namen, want: want}
    choices = [Keuze(value, naam, many[value]) for value, naam in namen.items()]
    return Keuzelijst(one.naam, one.label, want, many.total(), choices)


def _asked(value: object) -> str | None:
    return str(value).lower() if isinstance(value, bool) else value  # type: ignore[return-value]
