"""`…/verklaring`: a figure, its formula with the numbers filled in, and every event behind it (design §7)."""

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from schemas.fields import format_moment
from schemas.reference import PROVINCIES
from services.access import Caller, caller_of
from services.api.answering import LocatieId, answer, figures, not_found
from services.api.params import NalevingVraag, Vraag
from services.core.locaties import Locatie
from services.core.naleving import opgave_of
from services.core.reasons.formules import (
    Figuur,
    van_bezetting,
    van_gemeente,
    van_locatie,
    van_naleving,
    van_overschrijding,
    van_provincie,
)
from services.core.reasons.verklaring import (
    Gelogd,
    Ook,
    Regel,
    Telt,
    either,
    in_bezetting,
    in_locatie,
    in_naleving,
    in_overschrijding,
    regels,
)
from services.core.registers import Register
from services.reads import answers
from services.reads import derived_models as models
from services.reads.cijfers import Cijfers
from services.reads.reader import Reader

EVENTS_MAX = 20_000
"""More events than this are not all told: of the whole country only what is in force, and the rest of each locatie."""
_ONE: dict[int | str, dict[str, Any]] = {404: {"description": "Niet bekend op dit moment, met deze kennis."}}
Json = dict[str, Any]
Code = Annotated[str, Path(description="Code van CBS", examples=["GM0344", "PV26"])]


class Onderwerp(NamedTuple):
    """What is explained."""

    figuren: list[Figuur]
    subjects: frozenset[str]
    """What its events are about …"""
    prefix: str
    """… or how that begins."""
    telt: Telt
    concerns: Callable[[str, str], bool] = lambda _subject, _register: True
    """Which registers of these have anything to do with it."""
    ook: Ook = lambda _key, _write: None
    """What else counts in it than what is in force."""


def add_verklaringen(router: APIRouter, reader: Reader) -> None:
    """The explanations, of everything that has figures."""

    def explained(
        request: Request, vraag: Vraag, find: Callable[[Cijfers], Onderwerp | None], kind: str = "", code: str = ""
    ) -> Response:
        momenten, cijfers = figures(reader, request, vraag)
        if (found := find(cijfers)) is None:
            raise not_found(kind, code, momenten, successor=cijfers.indeling.current(code))
        return answer(request, momenten, explain(reader, caller_of(request), cijfers, found))

    @router.get("/bezetting/verklaring", response_model=models.Verklaring, tags=["verklaringen"])
    def bezetting_verklaring(request: Request, vraag: Annotated[Vraag, Query()]) -> Response:
        """Waarom de landelijke bezetting is wat zij is."""
        return explained(request, vraag, of_country)

    @router.get("/naleving/verklaring", response_model=models.Verklaring, responses=_ONE, tags=["verklaringen"])
    def naleving_verklaring(request: Request, vraag: Annotated[NalevingVraag, Query()]) -> Response:
        """Waarom de aantallen gemeenten per klasse zijn wat zij zijn."""
        return explained(request, vraag, lambda c: of_naleving(c, vraag.cyclus), "cyclus", vraag.cyclus or "")

    @router.get("/locaties/{id}/verklaring", response_model=models.Verklaring, responses=_ONE, tags=["verklaringen"])
    def locatie_verklaring(request: Request, id: LocatieId, vraag: Annotated[Vraag, Query()]) -> Response:  # noqa: A002
        """Waarom de cijfers van een locatie zijn wat zij zijn."""
        return explained(request, vraag, lambda cijfers: of_locatie(reader, cijfers, id), "locatie", id)

    @router.get("/gemeenten/{code}/verklaring", response_model=models.Verklaring, responses=_ONE, tags=["verklaringen"])
    def gemeente_verklaring(request: Request, code: Code, vraag: Annotated[Vraag, Query()]) -> Response:
        """Waarom de naleving en de bezetting van een gemeente zijn wat zij zijn."""
        return explained(request, vraag, lambda cijfers: of_gemeente(cijfers, code), "gemeente", code)

    @router.get(
        "/provincies/{code}/verklaring", response_model=models.Verklaring, responses=_ONE, tags=["verklaringen"]
    )
    def provincie_verklaring(request: Request, code: Code, vraag: Annotated[Vraag, Query()]) -> Response:
        """Waarom de bezetting van een provincie is wat zij is."""
        return explained(request, vraag, lambda cijfers: of_provincie(cijfers, code), "provincie", code)


def of_country(cijfers: Cijfers) -> Onderwerp:
    """The sums over all open locaties."""
    herkomst = cijfers.herkomst
    return Onderwerp(
        van_bezetting(cijfers.locaties, cijfers.landelijk, herkomst.geldig_op),
        frozenset(),
        "LOC-",
        in_bezetting(cijfers.registers, cijfers.locaties, herkomst.geldig_op),
    )


def of_naleving(cijfers: Cijfers, wanted: str | None = None) -> Onderwerp | None:
    """The number of gemeenten in each class; None when there is no such cyclus."""
    if wanted is not None and cijfers.cyclus is None:
        return None
    codes = [row.gemeente.code for row in cijfers.naleving]
    subjects = frozenset(subject for subject, register in cijfers.registers if _of_law(register))
    return Onderwerp(
        van_naleving(cijfers.naleving, cijfers.cyclus),
        subjects,
        "LOC-",
        _naleving(cijfers, cijfers.locaties, codes),
        lambda _, register: _of_law(register) or _of_place(register),
    )


def of_locatie(reader: Reader, cijfers: Cijfers, own_id: str) -> Onderwerp | None:
    """A locatie; None when nothing is known of it."""
    found = next((locatie for locatie in cijfers.shown if locatie.id == own_id), None)
    if found is None:
        return None
    valid_at, maximum = cijfers.herkomst.geldig_op, found.maximum
    days = reader.breaches(cijfers, [found])
    above = van_overschrijding(maximum, days[own_id]) if maximum and own_id in days else []
    return Onderwerp(
        van_locatie(found, valid_at) + above,
        frozenset([own_id]),
        "",
        in_locatie(cijfers.registers, valid_at),
        ook=in_overschrijding(maximum),
    )


def of_gemeente(cijfers: Cijfers, code: str) -> Onderwerp | None:
    """A gemeente: its opgave, its places that count, and its people; None when there is none at V."""
    row = next((row for row in cijfers.naleving if row.gemeente.code == code), None)
    if row is None:
        return None
    herkomst, here = cijfers.herkomst, cijfers.by_gemeente.get(code, [])
    current = cijfers.indeling.current
    own = {locatie.id for locatie in here}
    own |= {subject for subject, _ in cijfers.registers if subject.startswith("GM") and current(subject) == code}
    rules = _cycli(cijfers)
    givers = {subject for subject, register in cijfers.registers if _received(register, code, current)}

    def concerns(subject: str, register: str) -> bool:
        return subject in own or subject in rules or _received(register, code, current)

    telt = either(
        bezetting=in_bezetting(cijfers.registers, here, herkomst.geldig_op), naleving=_naleving(cijfers, here, [code])
    )
    figuren = van_gemeente(row, cijfers.cyclus) + van_bezetting(here, cijfers.in_gemeente(code), herkomst.geldig_op)
    return Onderwerp(figuren, frozenset(own | rules | givers), "", telt, concerns)


def of_provincie(cijfers: Cijfers, code: str) -> Onderwerp | None:
    """A provincie: its people and places, and its own opgave; None when there is none."""
    if code not in PROVINCIES:
        return None
    herkomst, here, cyclus = cijfers.herkomst, cijfers.of_provincie(code), cijfers.cyclus
    opgave = opgave_of(cijfers.registers, code, cyclus.id) if cyclus else None
    rules = _cycli(cijfers)
    telt = either(
        bezetting=in_bezetting(cijfers.registers, here, herkomst.geldig_op), naleving=_naleving(cijfers, [], [code])
    )
    figuren = van_bezetting(here, cijfers.in_provincie(code), herkomst.geldig_op) + van_provincie(opgave, cyclus)
    return Onderwerp(figuren, frozenset({locatie.id for locatie in here} | {code} | rules), "", telt)


def explain(reader: Reader, caller: Caller, cijfers: Cijfers, found: Onderwerp) -> Json:
    """The answer: from the very events that the figures were counted from."""
    herkomst = cijfers.herkomst

    def behind(hidden: frozenset[str]) -> tuple[list[Gelogd], bool]:
        subjects = found.subjects - hidden
        logged = reader.store.behind(
            subjects, found.prefix, herkomst.bekend_op, herkomst.positie, EVENTS_MAX + 1, hidden
        )
        if len(logged) <= EVENTS_MAX:
            return logged, True
        in_force = {
            winner.event_id
            for (subject, register), winner in cijfers.registers.items()
            if subject not in hidden and _about(found, subject) and found.concerns(subject, register)
        }
        return reader.store.by_id(in_force, herkomst.positie), False

    logged, whole = reader.unhidden(caller, behind)
    rows = [
        _row(regel)
        for regel in regels(logged, herkomst.geldig_op, herkomst.bekend_op, found.telt, found.ook)
        if regel.register is None or found.concerns(regel.gelogd.event.subject, regel.register)
    ]
    figuren = [figuur._asdict() for figuur in found.figuren]
    return answers.head(herkomst) | {"figuren": figuren, "gebeurtenissen": rows, "volledig": whole}


def _row(regel: Regel) -> Json:
    event = regel.gelogd.event
    return {
        "id": event.id,
        "source": event.source,
        "type": event.type,
        "subject": event.subject,
        "time": format_moment(event.time),
        "ontvangenOp": format_moment(regel.gelogd.ontvangen_op),
        "register": regel.register,
        "waarde": regel.waarde,
        "rol": regel.rol,
        "reden": regel.reden,
    }


def _naleving(cijfers: Cijfers, locaties: Iterable[Locatie], codes: Sequence[str]) -> Telt:
    herkomst = cijfers.herkomst
    return in_naleving(cijfers.registers, locaties, cijfers.indeling, cijfers.cyclus, codes, herkomst.geldig_op)


def _cycli(cijfers: Cijfers) -> set[str]:
    return {subject for subject, register in cijfers.registers if Register.of_name(register) is Register.CYCLUS}


def _about(found: Onderwerp, subject: str) -> bool:
    return subject in found.subjects or bool(found.prefix and subject.startswith(found.prefix))


def _of_law(register: str) -> bool:
    return Register.of_name(register) in {Register.CYCLUS, Register.OPGAVE, Register.OVERDRACHT, Register.TOEZICHT}


def _of_place(register: str) -> bool:
    return Register.of_name(register) in {Register.REGISTRATIE, Register.OPEN, Register.PLAATSEN}


def _received(register: str, code: str, current: Callable[[str], str]) -> bool:
    return Register.of_name(register) is Register.OVERDRACHT and current(Register.OVERDRACHT.parts(register)[1]) == code
