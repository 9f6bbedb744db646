"""What people do about alarms on the pages: plain forms, each answered with the page that it came from.

A form says where it stood (`terug`). What was done is named in that URL, and the page says it. What could not be done
is said on that page, with what was filled in. Who came from elsewhere, or may not act, is refused before this.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError
from starlette.concurrency import run_in_threadpool
from starlette.routing import compile_path

from schemas.errors import describe, field_path
from schemas.fields import AMSTERDAM, EventId, Tekst
from services.access import Caller, Right, audit, caller_of
from services.alarms.acts import Daden, pseudonym, wens_over
from services.alarms.app import alarm_of, einde_fout, stiltes_of
from services.alarms.deliver.stand import Ontvangers
from services.core.alarms.alarmen import Alarm
from services.core.alarms.stiltes import Stilte
from services.core.dutch import number
from services.dashboard.alarmen import gedaan
from services.dashboard.alarmen.keuze import SAMEN_MAX, Alarmvraag, merk
from services.dashboard.alarmen.lijst import gekozen
from services.dashboard.page import Maker, Page, Renderer, check_right
from services.dashboard.page_request import GEDAAN, Mislukt, address_of, leesbaar_moment
from services.reads.alarm_keuze import Rij
from services.reads.question import question_of_now
from services.web.addresses import (
    ALARMEN,
    EINDE_STILTES,
    OPNIEUW_STUREN,
    OPPAKKEN,
    PROEF_STUREN,
    STILLEGGEN,
    Address,
    at,
    page_of,
)
from services.web.body import read_form
from services.web.problems import ProblemError, Veldfout, invalid

ZONET = timedelta(minutes=1)
"""Who sends the same form again within this time repeats one act."""
_UREN = {"1u": 1, "4u": 4, "24u": 24}
"""How long a silence is, for those that are so many hours (`DUREN` in `woorden.py`)."""
_MORGEN_UUR = 8
_NOT_OURS = 500
"""From this status on, what was asked may have been done all the same."""
Pages = Mapping[Page[Any], Maker[Any]]
Velden = Mapping[str, str]
Daad = Callable[[Request, Velden], Awaitable[str]]
"""Does what a form asks. Returns what was done, for the URL. Raises ProblemError."""


class Terug(NamedTuple):
    """The page that a form came from."""

    page: Page[Any]
    path: str
    path_params: Mapping[str, str]
    query: Mapping[str, str]

    def met(self, done: str) -> str:
        """Returns the URL that says there what was done."""
        return address_of(self.path, {**self.query, GEDAAN: done}) + gedaan.ANKER

    def asked(self, request: Request) -> Request:
        """Returns the request for that page, by the same caller."""
        query = address_of("", self.query).removeprefix("?").encode()
        own = {"method": "GET", "path": self.path, "query_string": query, "path_params": {**self.path_params}}
        return Request({**request.scope, **own})


class Gekozen(BaseModel):
    """About which alarms a form is: one, or all of a group as it was seen."""

    model_config = ConfigDict(extra="forbid")

    terug: str = Field(default="", max_length=2000)
    doel: str = Field(default="", max_length=60)
    alarm: EventId | None = None
    keus: str = Field(default="", max_length=1000)
    gezien: str = Field(default="", max_length=12)


class Oppakken(Gekozen):
    """Somebody takes them up."""

    notitie: Tekst | None = None


class Stilleggen(Gekozen):
    """Somebody silences them."""

    duur: str = ""
    tot: str = Field(default="", max_length=40)
    reden: Tekst


class Einde(BaseModel):
    """Somebody ends silences: ids with a space between them."""

    model_config = ConfigDict(extra="forbid")

    terug: str = Field(default="", max_length=2000)
    doel: str = Field(default="", max_length=60)
    stiltes: str = Field(max_length=40 * SAMEN_MAX)


class Ontvangerform(BaseModel):
    """Somebody asks something of a receiver."""

    model_config = ConfigDict(extra="forbid")

    terug: str = Field(default="", max_length=2000)
    doel: str = Field(default="", max_length=60)
    naam: str = Field(max_length=60)


def add_acts(router: APIRouter, renderer: Renderer, pages: Pages, daden: Daden, ontvangers: Ontvangers) -> None:
    """Adds what the forms are sent to. `pages`: those that the forms may stand on, with who makes them."""
    acts = _Acts(renderer, daden, ontvangers)
    for address, act in (
        (OPPAKKEN, acts.oppakken),
        (STILLEGGEN, acts.stilleggen),
        (EINDE_STILTES, acts.beeindigen),
        (PROEF_STUREN, acts.proef),
        (OPNIEUW_STUREN, acts.opnieuw),
    ):
        _add(router, address, act, renderer, pages)


def _add(router: APIRouter, address: Address, act: Daad, renderer: Renderer, pages: Pages) -> None:
    @at(router, address)
    async def daad(request: Request) -> Response:
        try:
            for right in (Right.CONFIRM, Right.READ):  # to read too, since the answer shows a page
                check_right(request, right)
            velden = await _form(request)
        except ProblemError as problem:
            return renderer.fault(request, problem.status, problem.detail, problem.fouten)
        terug = _terug(pages, velden.get("terug", ""))
        try:
            return RedirectResponse(terug.met(await act(request, velden)), 303)
        except ProblemError as problem:
            fouten = problem.fouten or (Veldfout(veld="", melding=problem.detail),)
            failed = Mislukt(velden.get("doel", ""), velden, fouten, niets_gedaan=problem.status < _NOT_OURS)
            answer = await run_in_threadpool(renderer.show, terug.asked(request), terug.page, pages[terug.page], failed)
            if answer.status_code == 200:
                answer.status_code = problem.status
            answer.headers.update(problem.headers)
            return answer


class _Acts:
    """What each form asks."""

    def __init__(self, renderer: Renderer, daden: Daden, ontvangers: Ontvangers) -> None:
        self._renderer, self._daden, self._ontvangers = renderer, daden, ontvangers

    async def oppakken(self, request: Request, velden: Velden) -> str:
        wanted, caller = _read(Oppakken, velden), caller_of(request)
        alarmen = await run_in_threadpool(self._chosen, request, wanted, _op_te_pakken(caller, wanted.notitie))
        await self._daden.oppakken(caller, alarmen, wanted.notitie)
        for one in alarmen:
            audit.act(request, caller, "alarm bevestigd", alarm=one.id, regel=one.regel)
        return gedaan.gedaan(gedaan.OPGEPAKT, *_over(wanted, alarmen))

    async def stilleggen(self, request: Request, velden: Velden) -> str:
        wanted, tot, caller = *_silence(velden, self._daden.reader.clock()), caller_of(request)
        just_now = await run_in_threadpool(self._silenced_just_now, caller, wanted.reden)
        alarmen = await run_in_threadpool(self._chosen, request, wanted, _stil_te_leggen(just_now))
        wensen = {wens_over(one, tot, wanted.reden): None for one in alarmen}
        _, stiltes = await self._daden.stilleggen(caller, [*wensen])
        for one in stiltes:
            audit.act(request, caller, "stilte ingesteld", stilte=one.id, regel=one.regel, onderwerp=one.onderwerp)
        return gedaan.gedaan(gedaan.STIL, *_over(wanted, alarmen), f"{tot.astimezone(UTC):%Y%m%d%H%M}")

    async def beeindigen(self, request: Request, velden: Velden) -> str:
        ids, caller = _read(Einde, velden).stiltes.split()[:SAMEN_MAX], caller_of(request)
        stiltes = await run_in_threadpool(stiltes_of, self._daden.reader, caller, ids)
        await self._daden.beeindigen(caller, stiltes)
        for one in stiltes:
            audit.act(request, caller, "stilte beëindigd", stilte=one.id)
        return gedaan.gedaan(gedaan.BEEINDIGD, len(stiltes))

    async def proef(self, request: Request, velden: Velden) -> str:
        naam = _read(Ontvangerform, velden).naam
        proef = await self._ontvangers.proef(naam)
        audit.act(request, caller_of(request), "proefbericht", ontvanger=naam, bezorgd=proef.tried.taken)
        if not proef.tried.taken:
            raise ProblemError(502, f"{naam} nam het proefbericht niet aan: {proef.tried.why}.")
        return gedaan.gedaan(gedaan.PROEF, naam)

    async def opnieuw(self, request: Request, velden: Velden) -> str:
        naam, caller = _read(Ontvangerform, velden).naam, caller_of(request)
        await self._ontvangers.herzenden(naam, caller)
        audit.act(request, caller, "opnieuw sturen", ontvanger=naam)
        return gedaan.gedaan(gedaan.OPNIEUW, naam)

    def _silenced_just_now(self, caller: Caller, reden: str) -> list[Stilte]:
        now = self._daden.reader.clock()
        stiltes = self._daden.reader.stiltes(question_of_now(now, caller.audience))
        said = pseudonym(caller), reden
        return [one for one in stiltes if (one.door, one.reden) == said and now - one.ingesteld_op < ZONET]

    def _chosen(self, request: Request, wanted: Gekozen, todo: Callable[[Rij], bool | None]) -> list[Alarm]:
        """Returns the alarms that a form is about. Raises ProblemError when they are not those that were seen.

        `todo`: whether there is something to do about an alarm; None: the same form did it just now.
        """
        reader, caller = self._daden.reader, caller_of(request)
        if wanted.alarm is not None:
            return [alarm_of(reader, caller, wanted.alarm)]
        bare = Request({**request.scope, "query_string": wanted.keus.encode()})
        asked = self._renderer.asked(bare, Alarmvraag)
        # What was done a moment ago may have changed how an alarm stands, and so whether the list still asks for it.
        rijen = [(rij, todo(rij)) for rij in gekozen(asked, zonder="status")]
        rijen = [(rij, to_do) for rij, to_do in rijen if to_do is None or (to_do and asked.vraag.keuze.past(rij))]
        left = [rij.alarm for rij, to_do in rijen if to_do]
        again = [rij.alarm for rij, _ in rijen]
        found = next((some for some in (left, again) if merk(one.id for one in some) == wanted.gezien), None)
        if found is None:
            many = "is het 1 alarm" if len(left) == 1 else f"zijn het {len(left)} alarmen"
            raise ProblemError(
                409, f"Er is intussen iets veranderd: nu {many}. Er is niets gedaan; kijk en kies opnieuw."
            )
        if not 0 < len(found) <= SAMEN_MAX:
            raise ProblemError(
                400, f"Kies er minstens 1 en hoogstens {number(SAMEN_MAX)}; nu zijn het er {number(len(found))}."
            )
        return found


def _op_te_pakken(caller: Caller, notitie: str | None) -> Callable[[Rij], bool | None]:
    who = pseudonym(caller)

    def todo(rij: Rij) -> bool | None:
        held = rij.alarm.bevestiging
        if not rij.alarm.open or held is None:
            return rij.alarm.open
        return None if (held.door, held.notitie) == (who, notitie) else False

    return todo


def _stil_te_leggen(just_now: Sequence[Stilte]) -> Callable[[Rij], bool | None]:
    def todo(rij: Rij) -> bool | None:
        if rij.toestand != "stil":
            return rij.toestand != "hersteld"
        return (
            None
            if any(one.regel in rij.alarm.regels and one.onderwerp == rij.alarm.onderwerp for one in just_now)
            else False
        )

    return todo


def _over(wanted: Gekozen, alarmen: list[Alarm]) -> list[object]:
    return [len(alarmen) if wanted.alarm is None else alarmen[0].id]


def _silence(velden: Velden, now: datetime) -> tuple[Stilleggen, datetime]:
    """Returns what is asked, and until when. Raises ProblemError with all that is wrong."""
    fouten: list[Veldfout] = []
    wanted: Stilleggen | None = None
    try:
        wanted = _read(Stilleggen, velden)
    except ProblemError as problem:
        fouten += problem.fouten
    try:
        tot = _einde(velden.get("duur", ""), velden.get("tot", ""), now)
    except PydanticCustomError as error:
        fouten.append(Veldfout(veld="tot", melding=str(error.message())))
    else:
        if (melding := einde_fout(None, tot, now)) is not None:
            fouten.append(Veldfout(veld="tot", melding=melding))
    if fouten or wanted is None:
        raise invalid(fouten)
    return wanted, tot


def _einde(duur: str, tot: str, now: datetime) -> datetime:
    """Returns the end of a silence, on a whole minute. Raises PydanticCustomError for none."""
    if duur == "tot":
        if not tot.strip():
            raise PydanticCustomError("missing_end", "ontbreekt; vul in tot wanneer")
        return leesbaar_moment(tot.strip())
    if duur == "morgen":
        day = (now.astimezone(AMSTERDAM) + timedelta(days=1)).date()
        return datetime(day.year, day.month, day.day, _MORGEN_UUR, tzinfo=AMSTERDAM).astimezone(UTC)
    if duur not in _UREN:
        raise PydanticCustomError("missing_end", "ontbreekt; kies hoe lang")
    end = now + timedelta(hours=_UREN[duur], minutes=1)
    return end.replace(second=0, microsecond=0)


def _read(model: type[Any], velden: Velden) -> Any:
    """Returns a form as its model; an empty field is one that is not there. Raises ProblemError 400."""
    try:
        return model.model_validate({name: text for name, text in velden.items() if text.strip()})
    except ValidationError as error:
        raise invalid(
            Veldfout(veld=field_path(one["loc"], tagged=False), melding=describe(one)) for one in error.errors()
        ) from error


async def _form(request: Request) -> dict[str, str]:
    """Returns the fields of the form that was sent. Raises ProblemError 400, 413 or 415."""
    body = await read_form(request)
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=20, errors="strict")
    except ValueError as error:
        raise ProblemError(400, "Het formulier is niet te lezen.") from error
    return dict(pairs)


def _terug(pages: Pages, address: str) -> Terug:
    """Returns the page that a form names, or the list of alarms when it names none of those that have forms."""
    try:
        parts = urlsplit(address)
    except ValueError:  # `//[` begins an address that can't be read
        parts = urlsplit("")
    if not parts.scheme and not parts.netloc:
        query = {name: text for name, text in parse_qsl(parts.query) if name != GEDAAN}
        for page in pages:
            if (found := compile_path(page.path)[0].match(parts.path)) is not None:
                return Terug(page, parts.path, found.groupdict(), query)
    path = page_of(ALARMEN.path)
    return Terug(next(page for page in pages if page.path == path), path, {}, {})
