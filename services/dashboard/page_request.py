"""One request for a page: at which (V, K), by whom, and what its URL asks.

Everything that decides what a page shows stands in its URL, so it can be sent to someone, kept, and shown again.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from shlex import quote
from typing import Annotated, Any, Generic, NamedTuple, TypeVar
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from pydantic import Field, PlainValidator
from pydantic_core import PydanticCustomError

from schemas.events import FACT_TYPES, Ingetrokken, type_name
from schemas.fields import AMSTERDAM, format_moment
from services.access import Caller, Right
from services.dashboard.tekst import dag, vast
from services.dashboard.tijd import Tijdkeuze, einde_van_dag, tijdkeuze
from services.dashboard.woorden import gekozen, veld
from services.reads.cijfers import Cijfers, Totaalcijfers
from services.reads.question import Question
from services.reads.reader import Reader
from services.store.position import Herkomst
from services.web.asked import Tijd, parse_query_moment
from services.web.problems import Veldfout

KEPT = ("geldigOp", "bekendOp", "positie", "telregel")
"""The parameters that links to other pages keep."""
_MOMENT = ("geldigOp", "bekendOp", "positie")
GEDAAN = "gedaan"
"""The parameter that says what was done just now."""
DEFAULT_URL = "http://127.0.0.1:8080"
"""The server that the commands ask unless they are told another (`services/cli/plain.py`)."""
TE_MELDEN = FACT_TYPES.keys() - {type_name(Ingetrokken)}
"""The types of events that people report on the form, besides retractions of those."""
_LOCAL = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?")


def leesbaar_moment(text: str) -> datetime:
    """Reads a moment as a form or a person writes it, in Dutch time. Raises PydanticCustomError."""
    if _LOCAL.fullmatch(text):
        try:
            local = datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)
        except ValueError as error:
            raise PydanticCustomError("moment", "is geen moment") from error
        try:
            text = format_moment(local)
        except OverflowError as error:  # the very first day that Python knows
            raise PydanticCustomError("moment_range", "ligt buiten 2010 tot en met 2050") from error
    return parse_query_moment(text)


Bladmoment = Annotated[datetime, PlainValidator(leesbaar_moment)]


class Bladtijd(Tijd):
    """What every page may be asked: the moment, the knowledge, the stored events to count, and by which rule."""

    geldigOp: Bladmoment | None = None
    bekendOp: Bladmoment | None = None
    positie: str | None = Field(default=None, max_length=2000)
    telregel: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")] | None = None
    """By which rule naleving is counted. None: by the one that the cyclus names."""


Gedaan = Annotated[str, Field(pattern=r"^[a-z]{1,20}(\.[A-Za-z0-9-]{1,80}){1,2}$")]
"""What was done just now, as the URL says it."""


class Daadvraag(Bladtijd):
    """Of a page on which people act: what was done just now, to say so (`services/dashboard/alarmen/gedaan.py`)."""

    gedaan: Gedaan | None = None


class Mislukt(NamedTuple):
    """An act that was sent from a page and could not be done, to show on that page."""

    doel: str
    """Which form it came from."""
    waarden: Mapping[str, str]
    """What was filled in."""
    fouten: Sequence[Veldfout]
    """What is wrong, field by field; with an empty field for what is no field's fault."""
    niets_gedaan: bool
    """False where another system did not answer, so that it may have been done."""

    def melding(self, veld: str) -> str:
        """Returns what is wrong with a field; empty when nothing is."""
        return "; ".join(fout.melding for fout in self.fouten if fout.veld == veld)


Asked = TypeVar("Asked", bound=Bladtijd)


@dataclass(frozen=True, slots=True)
class Blad(Generic[Asked]):
    """A request for a page, and everything needed to answer it."""

    request: Request
    reader: Reader
    caller: Caller
    question: Question
    vraag: Asked
    mislukt: Mislukt | None = None
    """The act that led to this page, when it could not be done."""

    @property
    def nu(self) -> bool:
        """Whether it shows now, with everything that is known now. Only then can it be live."""
        return self.question.follows_new_events

    @property
    def code(self) -> str:
        """The locatie, gemeente, provincie or alarm that its path names; empty where it names none."""
        return str(next(iter(self.request.path_params.values()), ""))

    @property
    def mag_insturen(self) -> bool:
        """Whether the caller may report."""
        return self.mag(Right.SEND)

    def mag(self, right: Right | None) -> bool:
        """Whether the caller has a right, and on these pages something to do with it; None asks nothing."""
        if right is Right.SEND and not any(map(self.caller.may_write_type, TE_MELDEN)):
            return False
        return right is None or self.caller.may(right)

    @property
    def mag_handelen(self) -> bool:
        """Whether the caller may act on alarms here: with the right, and on what is so now."""
        return self.nu and self.caller.may(Right.CONFIRM)

    def cijfers(self) -> Cijfers:
        """Returns the figures at (V, K) that the caller may see. Raises PositionError."""
        return self.reader.figures(self.question)

    def totalen(self) -> Totaalcijfers:
        """Returns the sums at (V, K). Raises PositionError."""
        return self.reader.totalen(self.question)

    @property
    def einde_van_dag(self) -> str | None:
        """The URL of the end of the day at whose beginning it stands; None at any other moment, and of a day to come.

        A day by itself in an address means its beginning. What was known goes along, where that was of then too.
        """
        valid_at, known_at = self.question.point
        end = einde_van_dag(valid_at)
        if end is None or end > self.question.now:
            return None
        if valid_at != known_at:
            return self.hier(geldigOp=vast(end))
        return self.hier(geldigOp=vast(end), bekendOp=vast(end), positie=None)

    @property
    def tijdkeuze(self) -> Tijdkeuze:
        """The moments that its control of time offers."""
        return tijdkeuze(self.question.now, self.question.point, self.reader.begin(self.question))

    @property
    def gevraagd(self) -> dict[str, str]:
        """The parameters of the URL that are not empty. What was done just now goes into no other link."""
        found = self.request.query_params.items()
        return {name: value for name, value in found if value.strip() and name != GEDAAN}

    @property
    def keuzes(self) -> list[tuple[str, str]]:
        """What its URL chooses beside the moment, as people say it. What is being reported is no choice."""
        found = self.gevraagd.items()
        return [(veld(name), _gekozen(name, value)) for name, value in found if name not in _MOMENT and "." not in name]

    @property
    def elders(self) -> str | None:
        """The address by which this server was asked; None for the one that the commands ask by themselves."""
        asked = f"{self.request.url.scheme}://{self.request.url.netloc}"
        return None if asked == DEFAULT_URL else quote(asked)

    @property
    def pad(self) -> str:
        """The path of this page."""
        return str(self.request.url.path)

    def hier(self, **other: object) -> str:
        """Returns the URL of this page with other parameters; None takes one away."""
        return address_of(self.pad, self.gevraagd | other)

    def precies(self, herkomst: Herkomst, **other: object) -> str:
        """Returns the URL that shows exactly these figures, whatever is stored later."""
        exactly = {"geldigOp": vast(herkomst.geldig_op), "bekendOp": vast(herkomst.bekend_op)}
        return self.hier(**exactly, positie=self.getoond(herkomst.positie), **other)

    def getoond(self, positie: str) -> str:
        """Returns a positie as the caller may have it: sealed, unless it may see all that it counts."""
        return positie if self.question.audience.sees_shielded else self.reader.store.sealed.positie(positie)

    def tot_geldig_op(self, path: str) -> str:
        """Returns the URL of another page by the same knowledge and the same rule, to be followed by its `geldigOp`."""
        kept = {name: value for name, value in self.gevraagd.items() if name in KEPT and name != "geldigOp"}
        return f"{path}?{urlencode({**kept, 'geldigOp': ''})}"

    def naar(self, path: str, **parameters: object) -> str:
        """Returns the URL of another page at the same (V, K), counted from the same stored events by the same rule."""
        kept = {name: value for name, value in self.gevraagd.items() if name in KEPT}
        return address_of(path, kept | parameters)

    def programma(self, path: str, *, telregel: bool = False) -> str:
        """Returns the URL of an answer for programs at the same (V, K). `telregel`: it can be counted by a rule."""
        geldig_op, bekend_op = map(vast, self.question.point)
        at = {} if self.nu else {"geldigOp": geldig_op, "bekendOp": bekend_op, "positie": self.vraag.positie}
        return address_of(path, at | ({"telregel": self.vraag.telregel} if telregel else {}))


def without_time(make: Callable[[Blad[Asked]], dict[str, Any]]) -> Callable[[Blad[Asked]], dict[str, Any] | Response]:
    """Leads to now whoever followed a link from another moment: what the page shows, or takes in, is always of now.

    Links on these pages keep the telregel of their URL, so one that nobody set raises NotKnownError here too.
    """

    def made(blad: Blad[Asked]) -> dict[str, Any] | Response:
        blad.reader.check_rule(blad.question)
        if blad.gevraagd.keys() & {*_MOMENT}:
            return RedirectResponse(blad.hier(**dict.fromkeys(_MOMENT)), 303)
        return make(blad)

    return made


def address_of(path: str, parameters: Mapping[str, object]) -> str:
    """Returns a path with its parameters; those that are None are left out."""
    kept = {name: value for name, value in parameters.items() if value is not None}
    return f"{path}?{urlencode(kept)}" if kept else path


def _gekozen(name: str, value: str) -> str:
    """Writes a value of a URL, moments on the Dutch clock."""
    try:
        return dag(leesbaar_moment(value))
    except PydanticCustomError:
        return gekozen(name, value)
