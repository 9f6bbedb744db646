"""The page that holds the telregels side by side, and takes the difference between two counts apart.

The difference between two counts has three parts: what changed in the world, what was learned about the first moment,
and what was counted otherwise. They add up, in the whole country and for each class. Where the class of a gemeente is
unknown at an end the numbers are bounds, and a difference of bounds has no parts.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from pydantic import Field

from schemas.fields import Json
from schemas.reference import Gemeente
from services.core.begrippen import OORZAKEN, Kant
from services.core.bezetting import gepubliceerd
from services.core.grootheden import KLASSENAMEN
from services.core.naleving import KLASSEN, GemeenteNaleving, Klasse, totalen
from services.core.registers import LANDELIJK
from services.core.telregel import namen_van_regels
from services.dashboard.kaart.kaart import STIJLEN
from services.dashboard.page_request import Blad, Bladmoment, Bladtijd, leesbaar_moment
from services.dashboard.tabellen.gebieden import bijzonderheden
from services.dashboard.tabellen.lijst import page_of_rows
from services.dashboard.tekst import aantal_in
from services.reads import telregels as side_by_side
from services.reads.cijfers import Cijfers
from services.reads.question import Question
from services.reads.verschil import points_of
from services.web.asked import filled_in, not_known_yet
from services.web.problems import invalid

ROWS_MAX = 100
ONBEKEND: Klasse = "onbekend"


class Telregelvraag(Bladtijd):
    """Two counts: each a moment, the knowledge of a moment, and a rule. `klasse`: the class that is taken apart.

    Of a published count its day is asked: that is the moment, and the knowledge too.
    """

    van: Bladmoment | None = None
    naar: Bladmoment | None = None
    vanGeldigOp: Bladmoment | None = None
    vanBekendOp: Bladmoment | None = None
    vanTelregel: str | None = Field(default=None, max_length=40)
    naarGeldigOp: Bladmoment | None = None
    naarBekendOp: Bladmoment | None = None
    naarTelregel: str | None = Field(default=None, max_length=40)
    klasse: Literal[KLASSEN] = "voldoet"  # type: ignore[valid-type]
    bladzijde: int = Field(default=1, ge=1, le=10_000)


class Gepubliceerd(NamedTuple):
    """A count that others published: how many gemeenten were in a class on a day."""

    klasse: Klasse
    waarde: int
    nauwkeurigheid: str
    peildatum: str
    bron: str
    op: datetime
    """The begin of that day."""


class Stap(NamedTuple):
    """How the class of a gemeente went from the first count to the second."""

    gemeente: Gemeente
    van: Klasse | None
    """None: the gemeente did not exist."""
    tussen: Klasse | None
    """At the first moment, with the knowledge of the second."""
    tussen_regel: Klasse | None
    """At the second moment, by the first rule."""
    naar: Klasse | None
    bijzonderheden: str | None

    def delta(self, klasse: Klasse) -> dict[Kant, int]:
        """Returns what each cause adds to the number of gemeenten in a class: -1, 0 or 1."""
        van, tussen, regel, naar = (int(one == klasse) for one in (self.van, self.tussen, self.tussen_regel, self.naar))
        return {"wereld": regel - tussen, "inzicht": tussen - van, "regel": naar - regel}

    @property
    def onbepaald(self) -> bool:
        """Whether its class is unknown at an end, so that nobody can tell what changed it."""
        return ONBEKEND in (self.van, self.naar)


class Uitsplitsing(NamedTuple):
    """A row of the table: the number of gemeenten in a class at each end, and the parts of the difference."""

    klasse: Klasse
    van: int
    naar: int
    delen: Mapping[Kant, int]
    einden: tuple[str, str]
    """The two numbers as the page writes them: bounds, where the class of other gemeenten is not known."""


class Vergelijking(NamedTuple):
    """Two counts beside each other."""

    van: Question
    naar: Question
    regels: tuple[str | None, str | None]
    """The names of the rules by which they were counted."""
    rijen: Sequence[Uitsplitsing]
    gepubliceerd: tuple[Gepubliceerd | None, Gepubliceerd | None]
    """What others published of the class that is asked for, on the day of each count."""
    onbepaald: int
    """Of how many gemeenten the class is unknown at an end. The difference can be taken apart only at 0."""
    stappen: Sequence[Stap]
    """The gemeenten that came into the class that is asked for, or left it, on the way from the one to the other."""

    def rij(self, klasse: Klasse) -> Uitsplitsing:
        """Returns the row of a class."""
        return next(row for row in self.rijen if row.klasse == klasse)


def telregels(blad: Blad[Telregelvraag]) -> dict[str, Any]:
    """Returns what the page shows. Raises ProblemError 400 for what can't be compared, or NotKnownError."""
    vraag = blad.vraag
    cijfers = blad.totalen()
    said = side_by_side.naast_elkaar(blad.reader, blad.question)
    published = _published(gepubliceerd(cijfers.wet, LANDELIJK))
    compared = _compared(blad, [one for one in published if one.klasse == vraag.klasse])
    stappen = [] if compared is None else compared.stappen
    return {
        "herkomst": cijfers.herkomst,
        "maatstaf": cijfers.maatstaf,
        "regels": said["regels"],
        "verplaatsingen": said["verplaatsingen"],
        "namen": {row.gemeente.code: row.gemeente.naam for row in cijfers.naleving},
        "klassen": KLASSENAMEN,
        "stijlen": STIJLEN,
        "namen_van_regels": namen_van_regels(cijfers.wet, cijfers.cyclus),
        "gepubliceerd": [one for one in published if one.klasse == "voldoet"],
        "vergelijking": compared,
        "rij_van": compared and compared.rij(vraag.klasse),
        "onbekend": compared and compared.rij(ONBEKEND),
        "klasse": vraag.klasse,
        **page_of_rows(stappen, vraag.bladzijde, ROWS_MAX)._asdict(),
    }


def _published(rows: Sequence[Json]) -> list[Gepubliceerd]:
    """Returns every published number of gemeenten in a class, the newest first."""
    by_name: Mapping[str, Klasse] = {KLASSENAMEN[klasse]: klasse for klasse in KLASSEN}
    return [
        Gepubliceerd(
            by_name[row["grootheid"]],
            row["waarde"],
            row["nauwkeurigheid"],
            row["peildatum"],
            row["bron"],
            leesbaar_moment(f"{row['peildatum']}T00:00"),
        )
        for row in rows
        if row["grootheid"] in by_name
    ]


def _compared(blad: Blad[Telregelvraag], published: Sequence[Gepubliceerd]) -> Vergelijking | None:
    """Compares the two counts that are asked for; None when none is. `published`: counts of the same class."""
    vraag, now = blad.vraag, blad.question.now
    asked = {name: getattr(vraag, name) for name in Telregelvraag.model_fields if name.startswith(("van", "naar"))}
    if not any(asked.values()):
        return None
    if fouten := not_known_yet(
        now, van=vraag.van, naar=vraag.naar, vanBekendOp=vraag.vanBekendOp, naarBekendOp=vraag.naarBekendOp
    ):
        raise invalid(fouten)
    plain = blad.question.counted_by(None)
    first = filled_in(vraag.vanGeldigOp or vraag.van, vraag.vanBekendOp or vraag.van, now)
    second = filled_in(vraag.naarGeldigOp or vraag.naar, vraag.naarBekendOp or vraag.naar, now)
    van = plain.at_point(*first).counted_by(vraag.vanTelregel)
    naar = plain.at_point(*second).counted_by(vraag.naarTelregel)
    that_day = {one.op: one for one in reversed(published)}
    said = that_day.get(van.geldig_op), that_day.get(naar.geldig_op)
    return _side_by_side(van, naar, points_of(blad.reader, van, naar), vraag.klasse, said)


def _side_by_side(
    van: Question,
    naar: Question,
    counted: Sequence[Cijfers],
    klasse: Klasse,
    published: tuple[Gepubliceerd | None, Gepubliceerd | None],
) -> Vergelijking:
    stappen = list(_steps(counted))
    first, last = totalen(counted[0].naleving), totalen(counted[-1].naleving)
    rows = []
    for one in KLASSEN:
        deltas = [stap.delta(one) for stap in stappen]
        parts = {oorzaak: sum(delta[oorzaak] for delta in deltas) for oorzaak in OORZAKEN}
        rows.append(Uitsplitsing(one, first[one], last[one], parts, (aantal_in(first, one), aantal_in(last, one))))
    moved = [stap for stap in stappen if any(stap.delta(klasse).values())]
    moved.sort(key=lambda stap: stap.gemeente.naam)
    regels = tuple(None if one.maatstaf.regel is None else one.maatstaf.regel.naam for one in (counted[0], counted[-1]))
    onbepaald = sum(stap.onbepaald for stap in stappen)
    return Vergelijking(van, naar, (regels[0], regels[1]), rows, published, onbepaald, moved)


def _steps(counted: Sequence[Cijfers]) -> Iterator[Stap]:
    """Returns the way of every gemeente that exists at one of the points."""
    by_code = [{row.gemeente.code: row for row in one.naleving} for one in counted]
    for code in sorted(set().union(*by_code)):
        rows = [rows.get(code) for rows in by_code]
        known = next(row for row in reversed(rows) if row is not None)
        last = rows[-1]
        van, tussen, tussen_regel, naar = map(_klasse, rows)
        told = None if last is None else bijzonderheden(last)
        yield Stap(known.gemeente, van, tussen, tussen_regel, naar, told)


def _klasse(row: GemeenteNaleving | None) -> Klasse | None:
    return None if row is None else row.naleving
