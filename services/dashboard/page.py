"""What a page is, how it becomes HTML, and how it says why it can't be shown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import CodeType
from typing import Any, Generic, Literal, NamedTuple

from fastapi import Request
from fastapi.responses import Response
from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup
from pydantic import ValidationError

from schemas.errors import describe, field_path
from schemas.reference import INWONERS_OP
from services.access import Right, caller_of
from services.access.refusals import lacks
from services.alarms.deliver.stand import Ontvangers
from services.core import genoemd
from services.core.begrippen import OORZAKEN
from services.core.dutch import bijeen, dutch_date
from services.dashboard import woorden
from services.dashboard.alarmen import gedaan
from services.dashboard.alarmen.keuze import SAMEN_MAX, merk
from services.dashboard.cel import eerder, vonk
from services.dashboard.hints import hint_van
from services.dashboard.kaart.kaart import Kaart
from services.dashboard.page_request import Asked, Blad, Bladtijd, Mislukt, address_of
from services.dashboard.statisch import packed, versioned
from services.dashboard.tekst import FILTERS, pad_van
from services.ingest.accept import Neem
from services.reads import answers
from services.reads.question import NotKnownError, QuestionError, question_of_now
from services.reads.reader import Reader
from services.store.model import StoreUnavailableError
from services.store.position import PositionError
from services.web.addresses import Address, Owner
from services.web.asked import question_of
from services.web.problems import (
    PROBLEM,
    RETRY_AFTER_SECONDS,
    ProblemError,
    Veldfout,
    invalid,
    problem_of,
    repeated_parameters,
    unknown_parameter,
)

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
}
MAPS_MAX = 32
"""How many maps are kept drawn. To draw one takes 2.7 ms, and to find it again 0.02."""
_AWAY = "De gegevensopslag antwoordt niet; probeer het zo weer. Er gaat niets verloren."
Maker = Callable[[Blad[Asked]], Mapping[str, Any] | Response]
"""What the template shows, or another response. Raises for what can't be shown."""
PathKind = Literal["locatie", "gemeente", "provincie", "alarm", "gebeurtenis", "ontvanger"]
"""What the path of a page may name."""


_FAULTS = {
    403: "Geen toegang",
    404: "Niet gevonden",
    429: "Te veel verzoeken",
    503: "Even niet beschikbaar",
}
"""The head of a page that says why another can't be shown, by its status."""


class Proces(NamedTuple):
    """What a process has to make pages with."""

    reader: Reader
    neem: Neem | None = None
    """Takes in what people report. None: this process can't write to the log."""
    ontvangers: Ontvangers | None = None
    """Those who receive alarms. None: another process tells them."""
    receivers: Callable[[], int] | None = None
    """How many receive alarms. None: only another process knows that."""
    profielen: Path | None = None
    """The folder with the profiles of files. None: this process reads no files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Asked]):
    """One page: everything that the router, the menu and the tests need to know of it."""

    path: str
    template: str
    vraag: type[Asked]
    """What its URL may ask."""
    make: Callable[[Proces], Maker[Asked]]
    """Called once for each process, so that a page may remember what it shows to everybody."""
    owner: Owner = "api"
    """The service that serves it."""
    menu: str | None = None
    """Its label in the main menu. None: it is not in the menu."""
    meer: bool = False
    """Whether it stands in the menu below 'Meer', and not in the first row."""
    telefoon: bool = False
    """Whether it stands in the first row on a phone too. There the others of that row stand below 'Meer'."""
    reached_from: str = ""
    """Where people find the link to it. Required for a page without a label in the menu, empty for the others."""
    also_needs: Right | None = None
    """The right that it asks beside the right to read. The menu shows it only to callers who have it."""
    live: bool = True
    """Whether it follows what happens while somebody looks at it."""
    costly: bool = False
    """Whether it takes so much computing that callers have to take turns."""
    path_names: PathKind | None = None
    """What the part of its path in braces is the code of. Required when the path has a brace; tests fill it in."""
    example: str = ""
    """A query that shows something. Required when the page is empty without a query; tests open the page with it."""

    @property
    def address(self) -> Address:
        """Returns its declaration beside those of the API."""
        return Address("GET", self.path, Right.READ, self.owner, "figures", costly=self.costly)


class _Compiled(BytecodeCache):
    """Keeps the compiled templates of this process. To compile all of them takes 1.5 s.

    Every renderer can use them. Renderers differ only in what they give to a template.
    """

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Gives a template what was compiled of it, if anything."""
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps what was compiled of a template."""
        if bucket.code is not None:
            self._code[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


class Renderer:
    """Makes pages for one process."""

    def __init__(self, reader: Reader, pages: Sequence[Page[Any]]) -> None:
        self._reader = reader
        self._templates = Environment(
            loader=PackageLoader("services.dashboard"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,  # files of another version must not meet the code of this one
            bytecode_cache=_COMPILED,
        )
        self._templates.filters |= {
            **FILTERS,
            "veld": woorden.veld,
            "telregel": woorden.telregel,
            "genoemd": genoemd.telregel,
        }
        self._templates.globals |= {
            "staten": woorden.STATEN,
            "statussen": woorden.STATUSSEN,
            "gemeld_als": woorden.GEMELD,
            "duren": woorden.DUREN,
            "oorzaken": OORZAKEN,
            "inwoners_op": dutch_date(INWONERS_OP),
            "toen_onbekend": woorden.TOEN_ONBEKEND,
            "zichtbaar": answers.ZICHTBAAR,
            "statisch": versioned,
            "pad_van": pad_van,
            "hint_van": hint_van,
            "gedaan": gedaan.zin,
            "merk": merk,
            "samen_max": SAMEN_MAX,
            "vonk_van": vonk,
            "eerder": eerder,
            "kaart_tekening": lru_cache(MAPS_MAX)(self._map),
            "menu": [page for page in pages if page.menu is not None and not page.meer],
            "meer": [page for page in pages if page.menu is not None and page.meer],
        }

    def _map(self, kaart: Kaart, voor: str, na: str = "") -> Markup:
        """Draws the map, which is the same until a figure of a gemeente changes."""
        module = self._templates.get_template("kaart.html").module
        return Markup(module.teken(kaart, voor, na))  # type: ignore[attr-defined]  # noqa: S704 - of a template

    def show(self, request: Request, page: Page[Asked], make: Maker[Asked], mislukt: Mislukt | None = None) -> Response:
        """Answers with the page, or with one that says why it can't be shown.

        `mislukt`: the act that was sent from this page and could not be done.
        """
        status, detail = 200, ""
        fouten: tuple[Veldfout, ...] = ()
        try:
            if page.also_needs is not None:
                check_right(request, page.also_needs)
            blad = replace(self.asked(request, page.vraag), mislukt=mislukt)
            made, live = make(blad), page.live and mislukt is None  # what was sent can't be asked again
            if isinstance(made, Response):
                return made
            return _html(request, self._templates.get_template(page.template).render(made, blad=blad, levend=live))
        except ProblemError as problem:
            status, fouten, detail = problem.status, problem.fouten, problem.detail
        except (NotKnownError, PositionError, QuestionError) as error:
            found = problem_of(error)
            status, fouten, detail = found.status, found.fouten, "" if found.fouten else found.detail
        except StoreUnavailableError:
            status, detail = 503, _AWAY
        bare_is_there = status in (400, 404) and request.query_params and self._is_there(_bare(request), page, make)
        return self.fault(request, status, detail, fouten, of_now=bool(bare_is_there))

    def _is_there(self, request: Request, page: Page[Asked], make: Maker[Asked]) -> bool:
        """Whether the page can be shown. One whose path names nothing always can, without a query."""
        if page.path_names is None:
            return True
        try:
            make(self.asked(request, page.vraag))
        except (ProblemError, NotKnownError, StoreUnavailableError):
            return False
        return True

    def fault(
        self, request: Request, status: int, detail: str, fouten: tuple[Veldfout, ...] = (), *, of_now: bool = False
    ) -> Response:
        """Answers with a page that says what can't be shown, and what can.

        `of_now`: the same page is there without what was asked of it.
        """
        request.scope.get(PROBLEM, {})["detail"] = detail  # for the audit log
        now = self._reader.clock()
        bare = _bare(request)  # what is wrong in the URL goes into no other link
        caller = caller_of(request)
        plain = Blad(bare, self._reader, caller, question_of_now(now, caller.audience), Bladtijd())
        html = self._templates.get_template("fout.html").render(
            blad=plain,
            levend=False,
            status=status,
            detail=detail,
            fouten=fouten,
            kop=_FAULTS.get(status, "Dit kan niet worden getoond"),
            opnieuw=_again(request, status, of_now=of_now),
        )
        answer = _html(request, html, status)
        if status in (429, 503):
            answer.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return answer

    def asked(self, request: Request, model: type[Asked]) -> Blad[Asked]:
        """Reads the URL. A form also sends empty fields, and moments without an offset. Raises ProblemError 400."""
        now = self._reader.clock()
        given = {name: value for name, value in request.query_params.items() if value.strip()}
        try:
            vraag = model.model_validate(given)
        except ValidationError as error:
            raise invalid([*_faults(error, model), *repeated_parameters(request)]) from error
        caller = caller_of(request)
        positie = self._reader.store.sealed.asked(vraag.positie, raw=caller.audience.sees_shielded)
        question = question_of(request, vraag, now, caller.audience, positie=positie)
        return Blad(request, self._reader, caller, question.counted_by(vraag.telregel), vraag)


def check_right(request: Request, right: Right) -> None:
    """Raises ProblemError 403 when the caller lacks a right."""
    caller = caller_of(request)
    if not caller.may(right):
        raise lacks(caller, right)


def _faults(error: ValidationError, model: type[Bladtijd]) -> list[Veldfout]:
    faults = []
    for details in error.errors():
        veld = field_path(details["loc"], tagged=False)
        if details["type"] == "extra_forbidden":
            faults.append(unknown_parameter(veld, model.model_fields))
        else:
            faults.append(Veldfout(veld=veld, melding=describe(details)))
    return faults


def _html(request: Request, html: str, status: int = 200) -> Response:
    return packed(request, bijeen(html).encode(), "text/html; charset=utf-8", HEADERS, status)


def _bare(request: Request) -> Request:
    """Returns the request without its query."""
    return Request({**request.scope, "query_string": b""})


def _again(request: Request, status: int, *, of_now: bool) -> str | None:
    """Returns the address at which the same page is there: itself later, or as it is now. None: nowhere."""
    if status in (429, 503):
        return address_of(request.url.path, dict(request.query_params))
    return address_of(request.url.path, {}) if of_now else None
