"""Tables to search, sort, filter and page through by their URL, and to take away as a file."""

from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Any, Generic, Literal, NamedTuple, TypeVar

from fastapi.responses import Response
from pydantic import Field

from schemas.fields import format_moment
from services.core.dutch import plain
from services.core.grootheden.declaratie import Kolomsoort
from services.core.grootheden.velden import BETEKENISSEN, WOORDEN, eenheid_van, vorm_van
from services.core.grootheden.vormen import UNKNOWN
from services.dashboard.page_request import Blad, Bladtijd
from services.dashboard.tekst import getal
from services.export import FORMATS, Kolom, Tabel
from services.reads import answers
from services.store.position import Herkomst

R = TypeVar("R")
Celwaarde = str | int | float | bool | None
ROWS_MAX = 100_000
_NAMES = {
    "gemeente": "De naam van de gemeente",
    "provincie": "De naam van de provincie",
    "bijzonderheden": "Wat er bij deze cijfers te bedenken is",
}
"""What columns mean that hold a name here and a code in an answer, or that no answer has."""


class Lijstvraag(Bladtijd):
    """The rows of a table that are asked, their order, and their form."""

    zoek: str | None = Field(default=None, max_length=120)
    sorteer: str | None = Field(default=None, max_length=40)
    bladzijde: int = Field(default=1, ge=1, le=ROWS_MAX)
    aantal: int = Field(default=50, ge=1, le=ROWS_MAX)
    formaat: Literal[tuple(FORMATS)] | None = None  # type: ignore[valid-type]


class Veld(NamedTuple, Generic[R]):
    """A column: its name in the URL and in files, its header, its value, and how that is written."""

    naam: str
    kop: str
    waarde: Callable[[R], Celwaarde]
    soort: Kolomsoort = "tekst"
    vorm: Callable[[Any], str] = getal
    """How a value is written."""
    leeg: str = UNKNOWN
    """What stands there without a value."""
    in_rij: Callable[[R], str] | None = None
    """How a value is written where that takes more of its row than the value. None: by `vorm`."""

    @property
    def rechts(self) -> bool:
        """Whether it stands at the right, as numbers do."""
        return self.soort in ("heel", "breuk")

    def geschreven(self, row: R) -> str:
        """Writes the value in a row that has one."""
        return self.vorm(self.waarde(row)) if self.in_rij is None else self.in_rij(row)


class PageOfRows(NamedTuple, Generic[R]):
    """The rows of one page, its number, and the number of the last page."""

    rijen: Sequence[R]
    totaal: int
    nummer: int
    laatste: int


class Bladzijde(NamedTuple, Generic[R]):
    """A page of a table, and how it is sorted."""

    rijen: Sequence[R]
    totaal: int
    nummer: int
    laatste: int
    eerste_rij: int
    sorteer: str
    velden: Sequence[Veld[R]]


def page_of_rows(rows: Sequence[R], number: int, size: int) -> PageOfRows[R]:
    """Returns the page with this number; the last page when there are fewer."""
    last = max(1, -(-len(rows) // size))
    number = min(number, last)
    return PageOfRows(rows[(number - 1) * size : number * size], len(rows), number, last)


def bladzijde(
    rows: Sequence[R], velden: Sequence[Veld[R]], vraag: Lijstvraag, default: str, text: Callable[[R], str]
) -> Bladzijde[R]:
    """Returns the page that is asked for; the last page when there are fewer. Searches in the `text` of each row.

    An unknown column sorts as `default`, so that an old address goes on working.
    """
    wanted = [plain(word) for word in (vraag.zoek or "").split()]
    found = [row for row in rows if all(word in plain(text(row)) for word in wanted)] if wanted else list(rows)
    asked = vraag.sorteer or default
    by_name = {veld.naam: veld for veld in velden}
    if asked.removeprefix("-") not in by_name:
        asked = default
    found = in_order(found, by_name[asked.removeprefix("-")].waarde, descending=asked.startswith("-"))
    shown = page_of_rows(found, vraag.bladzijde, vraag.aantal)
    return Bladzijde(*shown, (shown.nummer - 1) * vraag.aantal + 1, asked, velden)


def in_order(rows: Sequence[R], value: Callable[[R], Celwaarde], *, descending: bool) -> list[R]:
    """Sorts by a column. Unknown values stand last in either direction."""
    known = [row for row in rows if value(row) is not None]
    known.sort(key=lambda row: _key(value(row)), reverse=descending)
    return known + [row for row in rows if value(row) is None]


def meenemen(naam: str, formaat: str, page: Bladzijde[R], herkomst: Herkomst, blad: Blad[Any]) -> Response:
    """Returns exactly the rows and columns of a page, as a file."""
    form = FORMATS[formaat]
    question = blad.question
    kop = answers.head(herkomst._replace(positie=blad.getoond(herkomst.positie)))
    kop |= {"gemaaktOp": format_moment(question.now), "versie": version("opvangpeil")}
    kop |= {} if question.telregel is None else {"telregel": question.telregel}
    columns = [
        Kolom(
            veld.naam,
            veld.soort,
            _NAMES.get(veld.naam) or BETEKENISSEN.get(veld.naam, veld.kop),
            veld.kop,
            vorm_van(veld.naam),
            eenheid_van(veld.naam),
        )
        for veld in page.velden
    ]
    rows = [[veld.waarde(row) for veld in page.velden] for row in page.rijen]
    asked = blad.hier(positie=None, formaat=None)
    headers = {"Content-Disposition": f'attachment; filename="{naam}.{form.extension}"', "Cache-Control": "no-store"}
    return Response(
        form.render(Tabel(naam, kop, columns, rows, {"gevraagd": asked}, WOORDEN)),
        headers=headers,
        media_type=form.media_type,
    )


def _key(value: Celwaarde) -> Any:
    return plain(value) if isinstance(value, str) else value
