"""A page that is asked for: at which (V, K), by whom, with what in its URL; and how it becomes HTML, or why it can not.

All that decides what a page shows stands in its URL, so it can be sent to someone, kept, and shown again.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from pydantic import Field, PlainValidator, ValidationError
from pydantic_core import PydanticCustomError

from schemas.errors import describe, field_path
from schemas.fields import AMSTERDAM, format_moment
from services.access import Caller, Right, caller_of
from services.api.params import Momenten, Tijd, parse_query_moment
from services.dashboard.kaart import Kaart
from services.dashboard.statisch import packed, versioned
from services.dashboard.tekst import FILTERS, pad_van, vast
from services.reads.cijfers import Cijfers, Totalen
from services.reads.reader import Reader
from services.store.model import StoreUnavailableError
from services.store.position import Herkomst, PositionError
from services.web.problems import ProblemError, Veldfout, invalid, repeated_parameters, unknown_parameter

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
}
MAPS_MAX = 32
"""That are kept drawn."""
MOMENTEN = ("geldigOp", "bekendOp", "positie")
_LOCAL = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?")
_AWAY = "De gegevensopslag antwoordt niet; probeer het zo weer. Er gaat niets verloren."


def leesbaar_moment(text: str) -> datetime:
    """A moment as a form or a person writes it. Raises PydanticCustomError."""
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
    """What every page may be asked: over which moment, with what knowledge, counted from which stored events."""

    geldigOp: Bladmoment | None = None
    bekendOp: Bladmoment | None = None
    positie: str | None = Field(default=None, max_length=2000)


V = TypeVar("V", bound=Bladtijd)


@dataclass(frozen=True, slots=True)
class Blad(Generic[V]):
    """A page that is asked for, and all that it takes to answer."""

    request: Request
    reader: Reader
    caller: Caller
    momenten: Momenten
    vraag: V

    @property
    def nu(self) -> bool:
        """It shows now, with all that is known now: so it is live."""
        return self.momenten.present and self.vraag.positie is None

    @property
    def mag_insturen(self) -> bool:
        """Whoever asks may report."""
        return self.caller.may(Right.SEND)

    def cijfers(self) -> Cijfers:
        """The figures at (V, K), as whoever asks may see them. Raises PositionError."""
        return self.reader.figures(self.momenten, self.caller, self.vraag.positie)

    def totalen(self) -> Totalen:
        """The sums at (V, K). Raises PositionError."""
        return self.reader.totalen(self.momenten, self.vraag.positie)

    @property
    def gevraagd(self) -> dict[str, str]:
        """What stands in the URL, without what is empty."""
        return {name: value for name, value in self.request.query_params.items() if value.strip()}

    @property
    def pad(self) -> str:
        """Where this page is."""
        return str(self.request.url.path)

    def hier(self, **other: object) -> str:
        """This page with other parameters; None takes one away."""
        return _url(self.pad, self.gevraagd | other)

    def precies(self, herkomst: Herkomst, **other: object) -> str:
        """This page, of exactly these figures, whatever comes in meanwhile."""
        exactly = {"geldigOp": vast(herkomst.geldig_op), "bekendOp": vast(herkomst.bekend_op)}
        return self.hier(**exactly, positie=herkomst.positie, **other)

    def naar(self, path: str, **parameters: object) -> str:
        """Another page, at the same (V, K), of the same stored events."""
        kept = {name: value for name, value in self.gevraagd.items() if name in MOMENTEN}
        return _url(path, kept | parameters)


class Bladen:
    """Makes pages."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._templates = Environment(
            loader=PackageLoader("services.dashboard"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,  # files of another version must not meet the code of this one
        )
        self._templates.filters |= FILTERS
        drawn = lru_cache(MAPS_MAX)(self._map)
        self._templates.globals |= {"statisch": versioned, "pad_van": pad_van, "kaart_tekening": drawn}

    def _map(self, kaart: Kaart, voor: str, na: str = "", hier: frozenset[str] = frozenset()) -> Markup:
        """The map, drawn: of all of a page it is most of the work, and it is the same for hours."""
        module = self._templates.get_template("kaart.html").module
        return Markup(module.teken(kaart, voor, na, hier))  # type: ignore[attr-defined]  # noqa: S704 - of a template

    def toon(
        self, request: Request, template: str, model: type[V], make: Callable[[Blad[V]], Mapping[str, Any] | Response]
    ) -> Response:
        """The page, or the one that says why not. `make`: what the template shows, or another response."""
        status, detail = 200, ""
        fouten: tuple[Veldfout, ...] = ()
        try:
            blad = self.gevraagd(request, model)
            made = make(blad)
            if isinstance(made, Response):
                return made
            return _page(request, self._templates.get_template(template).render(made, blad=blad))
        except ProblemError as problem:
            status, fouten, detail = problem.status, problem.fouten, problem.detail
        except PositionError as error:
            status, fouten = 400, (Veldfout(veld="positie", melding=str(error)),)
        except StoreUnavailableError:
            status, detail = 503, _AWAY
        return self.fout(request, status, detail, fouten)

    def fout(self, request: Request, status: int, detail: str, fouten: tuple[Veldfout, ...] = ()) -> Response:
        """A page that says what can't be, and what can."""
        now = self._reader.clock()
        bare = Request({**request.scope, "query_string": b""})  # what is wrong in the URL goes along nowhere
        plain = Blad(bare, self._reader, caller_of(request), Momenten(now, now, now), Bladtijd())
        page = self._templates.get_template("fout.html").render(
            blad=plain, status=status, detail=detail, fouten=fouten, terug=_url(request.url.path, {})
        )
        return _page(request, page, status)

    def gevraagd(self, request: Request, model: type[V]) -> Blad[V]:
        """What the URL asks. A form also sends empty fields, and moments without an offset. Raises ProblemError 400."""
        now = self._reader.clock()
        given = {name: value for name, value in request.query_params.items() if value.strip()}
        try:
            vraag = model.model_validate(given)
        except ValidationError as error:
            raise invalid([*_faults(error, model), *repeated_parameters(request)]) from error
        return Blad(request, self._reader, caller_of(request), Momenten.of(request, vraag, now), vraag)


def _faults(error: ValidationError, model: type[Bladtijd]) -> list[Veldfout]:
    faults = []
    for details in error.errors():
        veld = field_path(details["loc"], tagged=False)
        if details["type"] == "extra_forbidden":
            faults.append(unknown_parameter(veld, model.model_fields))
        else:
            faults.append(Veldfout(veld=veld, melding=describe(details)))
    return faults


def _page(request: Request, html: str, status: int = 200) -> Response:
    return packed(request, html.encode(), "text/html; charset=utf-8", HEADERS, status)


def _url(path: str, parameters: Mapping[str, object]) -> str:
    kept = {name: value for name, value in parameters.items() if value is not None}
    return f"{path}?{urlencode(kept)}" if kept else path
