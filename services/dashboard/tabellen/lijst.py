"""Tables to search, sort, filter and page through by their URL, and to take away as a file."""

from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from operator import itemgetter
from typing import Any, Generic, Literal, NamedTuple, TypeVar

from fastapi.responses import Response
from pydantic import Field

from schemas.fields import format_moment
from services.core.dutch import plain
from services.core.grootheden.declaratie import Kolomsoort
from services.core.grootheden.velden import BETEKENISSEN, VAN_TOEZICHT, WOORDEN, eenheid_van, vorm_van
from services.core.grootheden.vormen import UNKNOWN
from services.core.grootheden.wet import PLAATSEN_PER_1000
from services.dashboard.page_request import Blad, Bladtijd
from services.dashboard.tabellen.keuze import Filter, Keuzelijst, gekozen
from services.dashboard.tekst import getal
from services.export import FORMATS, Kolom, Tabel
from services.reads import answers
from services.store.position import Herkomst
from services.web.publicatie import gebruik, publicatie_of

R = TypeVar("R")
Celwaarde = str | int | float | bool | None
ROWS_MAX = 100_000
_NAMES = {
    "gemeente": "De naam van de gemeente",
    "provincie": "De naam van de provincie",
    "bijzonderheden": "Wat er bij deze cijfers te bedenken is",
    "stap": VAN_TOEZICHT["stap"],
    "toezichthouder": "Wie de stap zet: de minister, of welke provincie",
}
"""What columns mean that hold a name here and a code in an answer, that no answer has, or whose name elsewhere means
more."""
_BAR_MIN, _BAR_MAX = 1.25, 2.0
"""A bar shows at least this much, so that its limit is not its end, and at most this: one odd count is no scale."""


class Lijstvraag(Bladtijd):
    """The rows of a table that are asked, their order, and their form."""

    zoek: str | None = Field(default=None, max_length=120)
    sorteer: str | None = Field(default=None, max_length=40)
    bladzijde: int = Field(default=1, ge=1, le=ROWS_MAX)
    aantal: int = Field(default=50, ge=1, le=ROWS_MAX)
    kolommen: Literal["alle"] | None = None
    """Whether also the columns are shown that do not fit on a screen."""
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
    rang: Callable[[R], Celwaarde] | None = None
    """By what its rows are sorted, where that is not its value: None for a row whose value says nothing of now."""
    waarom: Callable[[R], str] | None = None
    """Why there is no value."""
    cel: Literal["", "balk", "vonk", "klasse", "stap", "zet", "lang"] = ""
    """What is drawn in its cell. `stap`: a step of toezicht; `zet`: a link to take one; `lang`: several lines."""

    @property
    def rechts(self) -> bool:
        """Whether it stands at the right, as numbers do."""
        return self.soort in ("heel", "breuk")

    def geschreven(self, row: R) -> str:
        """Writes the value in a row that has one."""
        return self.vorm(self.waarde(row)) if self.in_rij is None else self.in_rij(row)


class Som(NamedTuple):
    """What stands under a column in the row of all that is found: a figure, or why it can't be said."""

    tekst: str | None
    waarom: str = ""
    deel: float | None = None
    """The same as a number, where a bar is drawn."""


class Getoond(NamedTuple):
    """A column as a page shows it."""

    veld: Veld[Any]
    breed: int
    """From which width of the table on it is there: 0 is any, and each step is wider."""


class PageOfRows(NamedTuple, Generic[R]):
    """The rows of one page, its number, and the number of the last page."""

    rijen: Sequence[R]
    totaal: int
    nummer: int
    laatste: int


class Bladzijde(NamedTuple, Generic[R]):
    """A page of a table, how it is sorted, and what can be chosen."""

    rijen: Sequence[R]
    totaal: int
    nummer: int
    laatste: int
    eerste_rij: int
    sorteer: str
    velden: Sequence[Veld[R]]
    gevonden: Sequence[R]
    """Every row that is found, on whichever page."""
    ongerangschikt: int
    """How many of these have a value that says nothing of now, so that they stand last whatever it is."""
    keuzes: Mapping[str, Keuzelijst]


def page_of_rows(rows: Sequence[R], number: int, size: int) -> PageOfRows[R]:
    """Returns the page with this number; the last page when there are fewer."""
    last = max(1, -(-len(rows) // size))
    number = min(number, last)
    return PageOfRows(rows[(number - 1) * size : number * size], len(rows), number, last)


def bladzijde(
    rows: Sequence[R],
    velden: Sequence[Veld[R]],
    vraag: Lijstvraag,
    default: str,
    text: Callable[[R], str],
    filters: Sequence[Filter[R]] = (),
) -> Bladzijde[R]:
    """Returns the page that is asked for; the last page when there are fewer. Searches in the `text` of each row.

    An unknown column sorts as `default`, so that an old address goes on working.
    """
    found, keuzes = gekozen(zoek(rows, vraag.zoek, text), filters, vraag)
    asked = vraag.sorteer or default
    by_name = {veld.naam: veld for veld in velden}
    if asked.removeprefix("-") not in by_name:
        asked = default
    veld = by_name[asked.removeprefix("-")]
    ranked, rest = in_order(found, veld.rang or veld.waarde, descending=asked.startswith("-"))
    old, unknown = in_order(rest, veld.waarde, descending=asked.startswith("-"))
    every = [*ranked, *old, *unknown]
    shown = page_of_rows(every, vraag.bladzijde, vraag.aantal)
    return Bladzijde(*shown, (shown.nummer - 1) * vraag.aantal + 1, asked, velden, every, len(old), keuzes)


def zoek(rows: Sequence[R], asked: str | None, text: Callable[[R], str]) -> Sequence[R]:
    """Returns the rows whose text has each of these words."""
    wanted = [plain(word) for word in (asked or "").split()]
    return [row for row in rows if all(word in plain(text(row)) for word in wanted)] if wanted else rows


def in_order(rows: Sequence[R], value: Callable[[R], Celwaarde], *, descending: bool) -> tuple[list[R], list[R]]:
    """Sorts by a column. Returns the rows in order, and those without a value, which stand last either way."""
    valued = [(value(row), row) for row in rows]
    known = [(_key(own), row) for own, row in valued if own is not None]
    known.sort(key=itemgetter(0), reverse=descending)
    return [row for _, row in known], [row for own, row in valued if own is None]


def schaal(rows: Sequence[R], velden: Sequence[Veld[R]]) -> float:
    """Returns the value at which the bars of these rows are full, the same for all of them."""
    drawn = [veld for veld in velden if veld.cel == "balk"][:1]
    values = [value for veld in drawn for row in rows if isinstance(value := veld.waarde(row), float)]
    return max(_BAR_MIN, min(_BAR_MAX, max(values, default=0)))


def meenemen(naam: str, formaat: str, page: Bladzijde[R], herkomst: Herkomst, blad: Blad[Any]) -> Response:
    """Returns exactly the rows and columns of a page, as a file."""
    form = FORMATS[formaat]
    question = blad.question
    kop = answers.head(herkomst._replace(positie=blad.getoond(herkomst.positie)))
    kop |= {"gemaaktOp": format_moment(question.now), "versie": version("opvangpeil")} | gebruik(blad.request)
    kop |= answers.OVER_INWONERS if any(veld.naam == PLAATSEN_PER_1000.naam for veld in page.velden) else {}
    kop |= {} if question.telregel is None else {"telregel": question.telregel}
    columns = [
        Kolom(
            veld.naam,
            veld.soort,
            uitleg_van(veld),
            veld.kop,
            vorm_van(veld.naam),
            eenheid_van(veld.naam),
        )
        for veld in page.velden
    ]
    rows = [[veld.waarde(row) for veld in page.velden] for row in page.rijen]
    herkomst_van = {"gevraagd": blad.hier(positie=None, formaat=None), "uitgever": publicatie_of(blad.request).uitgever}
    headers = {"Content-Disposition": f'attachment; filename="{naam}.{form.extension}"', "Cache-Control": "no-store"}
    return Response(
        form.render(Tabel(naam, kop, columns, rows, herkomst_van, WOORDEN)),
        headers=headers,
        media_type=form.media_type,
    )


def uitleg_van(veld: Veld[Any]) -> str:
    """Returns what a column of a file means."""
    return _NAMES.get(veld.naam) or BETEKENISSEN.get(veld.naam, veld.kop)


def _key(value: Celwaarde) -> Any:
    return plain(value) if isinstance(value, str) else value
