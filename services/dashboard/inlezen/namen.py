"""The names in files that nobody knows yet: a person says once which id each is, and from then on every file knows."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, NamedTuple, get_args
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from services.access import Caller, audit, caller_of
from services.dashboard.alarmen import gedaan
from services.dashboard.inlezen.ontvangst import mag_sturen, weer
from services.dashboard.inlezen.proef import GETOOND_MAX, NAMEN_MAX, locaties, namen_voor
from services.dashboard.page import Maker, Page, Proces, Renderer
from services.dashboard.page_request import GEDAAN, Blad, Bladtijd, Gedaan, address_of, without_time
from services.importer import ImporterError
from services.importer.profiel import Namen, Wachtend
from services.importer.profiel.model import Naamsoort
from services.importer.profiel.namen import NAMEN, AlBevestigdError, Sleutel, genormaliseerd, leg_vast
from services.reads.reader import Reader
from services.store.model import StoreUnavailableError
from services.web import addresses
from services.web.addresses import at
from services.web.body import read_form
from services.web.problems import ProblemError, Veldfout, invalid, unavailable

SOORTEN: Sequence[Naamsoort] = get_args(Naamsoort)
"""What names can be of."""
_FIELDS = 4
"""Of each name: what it is a name of, itself, and its id, as chosen and as typed."""
_NOT_HERE = "Namen bevestigen kan hier niet: dit proces leest geen bestanden. Gebruik `opvangpeil namen`."
_VELD = re.compile(r"(soort|naam|id|anders)\.(\d{1,2})")


class Namenvraag(Bladtijd):
    """Which confirmed names to show, and what was done just now."""

    zoek: Annotated[str, Field(max_length=200)] = ""
    gedaan: Gedaan | None = None


class Bevestigd(NamedTuple):
    """A name that somebody confirmed. `heet`: how Opvangpeil calls what it is; empty where it doesn't know that."""

    soort: Naamsoort
    naam: str
    id: str
    heet: str


def of_process(proces: Proces) -> Maker[Namenvraag]:
    """Makes the page in one process, or says there that it can't confirm anything."""

    def make(blad: Blad[Namenvraag]) -> dict[str, Any]:
        return _blad(blad, proces, {})

    return without_time(make)


def _blad(blad: Blad[Namenvraag], proces: Proces, ingevuld: Mapping[Sleutel, str]) -> dict[str, Any]:
    """Returns what the template shows. `ingevuld`: the names of a form that could not be kept, with what was chosen."""
    if proces.profielen is None:
        return {"zegt": _NOT_HERE}
    pad, ziet_alles = proces.profielen / NAMEN, blad.caller.audience.sees_shielded
    known = locaties(proces.reader, blad.caller)
    try:
        namen = namen_voor(blad.caller, pad, known)
    except ImporterError as error:
        return {"zegt": _kort(error, proces.profielen)}
    # A name in the file of somebody else may be that of a locatie which the caller may not see.
    keys = [key for key, id_ in namen.tabel.items() if not id_ and (ziet_alles or key[0] != "locatie")]
    waiting = list(dict.fromkeys([*(key for key in ingevuld if not namen.tabel.get(key)), *keys]))
    found = [one for one in _bevestigd(namen) if _past(one, blad.vraag.zoek)]
    return {
        "zegt": "",
        "wachtend": [Wachtend(*key, namen.voorstellen(*key)) for key in waiting[:NAMEN_MAX]],
        "wachtend_meer": max(0, len(waiting) - NAMEN_MAX),
        "ingevuld": ingevuld,
        "ziet_alles": ziet_alles,
        "bevestigd": found[:GETOOND_MAX],
        "bevestigd_meer": max(0, len(found) - GETOOND_MAX),
    }


def _bevestigd(namen: Namen) -> Iterator[Bevestigd]:
    for (soort, naam), id_ in sorted(namen.tabel.items()):
        if id_:
            yield Bevestigd(soort, naam, id_, namen.naam_van(id_))


def _past(one: Bevestigd, zoek: str) -> bool:
    asked = genormaliseerd(zoek)
    return not asked or any(asked in genormaliseerd(text) for text in (one.naam, one.id, one.heet))


def add_namen(router: APIRouter, renderer: Renderer, page: Page[Namenvraag], proces: Proces) -> None:
    """Adds the way in for the forms with names, on this page and on that of a try."""

    @at(router, addresses.NAMEN)
    async def bevestigen(request: Request) -> Response:
        try:
            mag_sturen(request)
            if proces.profielen is None:
                raise unavailable(_NOT_HERE)
            asked = _ingevuld(await read_form(request))
        except ProblemError as problem:
            return renderer.fault(request, problem.status, problem.detail, problem.fouten)
        caller = caller_of(request)
        try:
            await run_in_threadpool(_leg_vast, proces.reader, caller, proces.profielen, asked)
        except ProblemError as problem:

            def again(blad: Blad[Namenvraag]) -> dict[str, Any]:
                return _blad(blad, proces, asked)

            return await weer(renderer, request, page, again, problem)
        given = {key: id_ for key, id_ in asked.items() if id_}
        for (soort, _naam), id_ in given.items():
            audit.act(request, caller, "naam bevestigd", soort=soort, id=id_)
        done = gedaan.gedaan(gedaan.BEVESTIGD, len(given))
        return RedirectResponse(address_of(page.path, {GEDAAN: done}) + gedaan.ANKER, 303)


def _leg_vast(reader: Reader, caller: Caller, map_: Path, asked: Mapping[Sleutel, str]) -> None:
    """Keeps what was answered. Raises ProblemError with what is wrong; then nothing is kept."""
    given = {key: id_ for key, id_ in asked.items() if id_}
    if not given:
        raise invalid([Veldfout(veld="", melding="Kies bij minstens één naam wat die is.")])
    ziet_alles = caller.audience.sees_shielded
    known: Mapping[str, str] = {}
    try:
        known = locaties(reader, caller)
        places = [id_ for (soort, _), id_ in given.items() if soort == "locatie" and not ziet_alles]
        if wrong := [id_ for id_ in places if id_ not in known]:
            raise invalid([Veldfout(veld="", melding=f"'{one}' is geen locatie die bekend is.") for one in wrong])
        leg_vast(map_ / NAMEN, given)
    except AlBevestigdError as error:
        shown = ziet_alles or error.als in known or not error.als.startswith("LOC-")
        als = f" als {error.als}" if shown else ""
        said = f"'{error.naam}' is intussen al bevestigd{als}. Een beheerder kan dat in {NAMEN} herstellen."
        raise ProblemError(409, said) from error
    except ImporterError as error:
        raise invalid([Veldfout(veld="", melding=_kort(error, map_))]) from error
    except StoreUnavailableError as error:
        raise unavailable("De gegevensopslag antwoordt niet; probeer het zo weer.") from error


def _kort(error: ImporterError, map_: Path) -> str:
    """Returns what is wrong without the folder on this machine."""
    return str(error).replace(f"{map_}/", "")


def _ingevuld(form: bytes) -> dict[Sleutel, str]:
    """Returns the names of a form, each with the id that was typed or else chosen. Raises ProblemError 400."""
    try:
        pairs = parse_qsl(form.decode(), keep_blank_values=True, max_num_fields=_FIELDS * NAMEN_MAX, errors="strict")
    except ValueError as error:
        raise ProblemError(400, "Het formulier is niet te lezen.") from error
    rows: dict[str, dict[str, str]] = {}
    for name, value in pairs:
        if (found := _VELD.fullmatch(name)) is not None:
            rows.setdefault(found[2], {})[found[1]] = " ".join(value.split())
    asked: dict[Sleutel, str] = {}
    for row in rows.values():
        soort = next((one for one in SOORTEN if one == row.get("soort")), None)
        if soort is None or not row.get("naam"):
            raise ProblemError(400, "Het formulier zegt niet om welke naam het gaat.")
        asked[soort, row["naam"]] = row.get("anders", "").upper() or row.get("id", "")
    return asked
