"""Series: a figure of every hour, day, week or month, also beyond now from what is announced."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from schemas.fields import AMSTERDAM, format_moment
from schemas.reference import PROVINCIES, Gemeente, gemeenten
from services.access import caller_of
from services.api import answers
from services.api import derived_models as models
from services.api.answering import LocatieId, answer, not_found
from services.api.params import (
    KLASSE_KEYS,
    BezettingReeksVraag,
    GebiedReeksVraag,
    LocatieReeksVraag,
    Momenten,
    NalevingReeksVraag,
    ReeksVraag,
)
from services.api.read import Reader
from services.core.bezetting import Locatie
from services.core.gemeenten import indeling, indelingen, overgangen
from services.core.naleving_verloop import naleving_trap
from services.core.reeks import (
    PUNTEN_MAX,
    VAN_SOM,
    Punt,
    Stap,
    TooManyError,
    border_after,
    dekking,
    only_since,
    perioden,
    punten,
    share,
    van_gemeenten,
    van_locatie,
    van_som,
)
from services.core.verloop import Counts, Trap, micros, sommen, toestanden
from services.store.model import View
from services.web.problems import Veldfout, invalid

Json = dict[str, Any]
INSTANT = timedelta(microseconds=1)
Code = Annotated[str, Path(description="Code van CBS", examples=["GM0344", "PV26"])]
_ONE: dict[int | str, dict[str, Any]] = {404: {"description": "Niet bekend in deze tijd, met deze kennis."}}
_BACK: dict[Stap, timedelta] = {
    "uur": timedelta(days=2), "dag": timedelta(days=31), "week": timedelta(weeks=26), "maand": timedelta(days=731),
}  # fmt: skip
"""How far a series goes back when it is not said."""
_STEP_DAYS: dict[Stap, float] = {"uur": 1 / 24, "dag": 1, "week": 7, "maand": 30}
_KLASSEN = {key: klasse for klasse, key in KLASSE_KEYS.items()}


def add_reeksen(router: APIRouter, reader: Reader) -> None:
    """The series, of everything that has figures."""

    @router.get("/bezetting/reeks", response_model=models.Reeks, tags=["reeksen"])
    def bezetting_reeks(request: Request, vraag: Annotated[BezettingReeksVraag, Query()]) -> Response:
        """De landelijke bezetting door de tijd."""
        asked = Gevraagd(request, vraag, reader)
        return asked.answered(vraag.grootheid, of_area(asked, vraag.grootheid, lambda _: True))

    @router.get("/provincies/{code}/reeks", response_model=models.Reeks, responses=_ONE, tags=["reeksen"])
    def provincie_reeks(request: Request, code: Code, vraag: Annotated[GebiedReeksVraag, Query()]) -> Response:
        """Een provincie door de tijd."""
        asked = Gevraagd(request, vraag, reader)
        if code not in PROVINCIES:
            raise not_found("provincie", code, asked.momenten)
        return asked.answered(vraag.grootheid, of_area(asked, vraag.grootheid, lambda here: here.provincie == code))

    @router.get("/gemeenten/{code}/reeks", response_model=models.Reeks, responses=_ONE, tags=["reeksen"])
    def gemeente_reeks(request: Request, code: Code, vraag: Annotated[GebiedReeksVraag, Query()]) -> Response:
        """Een gemeente door de tijd."""
        asked = Gevraagd(request, vraag, reader)
        own = gemeente_at(asked.tot - INSTANT, code, asked.momenten)
        since = datetime.combine(own.geldig_vanaf, time(), AMSTERDAM)
        return asked.answered(vraag.grootheid, of_area(asked, vraag.grootheid, lambda here: here.code == code, since))

    @router.get("/locaties/{id}/reeks", response_model=models.Reeks, responses=_ONE, tags=["reeksen"])
    def locatie_reeks(request: Request, id: LocatieId, vraag: Annotated[LocatieReeksVraag, Query()]) -> Response:  # noqa: A002
        """Een locatie door de tijd, ook als zij gesloten is."""
        asked = Gevraagd(request, vraag, reader, locatie=id)
        found = of_locatie(asked, vraag.grootheid, id)
        if found is None or id in reader.hidden_from(caller_of(request)):
            raise not_found("locatie", id, asked.momenten)
        return asked.answered(vraag.grootheid, found)

    @router.get("/naleving/reeks", response_model=models.Reeks, tags=["reeksen"])
    def naleving_reeks(request: Request, vraag: Annotated[NalevingReeksVraag, Query()]) -> Response:
        """De naleving van de Spreidingswet door de tijd."""
        asked = Gevraagd(request, vraag, reader)
        return asked.answered(vraag.grootheid, of_naleving(asked, vraag.grootheid, vraag.cyclus))


class Gevraagd:
    """What a question comes down to, and all that is known of it. Raises ProblemError 400."""

    def __init__(self, request: Request, vraag: ReeksVraag, reader: Reader, locatie: str | None = None) -> None:
        self._request = request
        self.momenten = Momenten.of(request, vraag, reader.clock())
        self.stap = vraag.stap
        self.tot = vraag.tot or self.momenten.geldig_op
        self.van = vraag.van or border_after(self.tot - _BACK[vraag.stap] - INSTANT, vraag.stap)
        self.borders = _borders(self.van, self.tot, vraag.stap)
        self.verloop, self._at = reader.store.verloop(
            self.van, self.tot, self.momenten.bekend_op, locatie=locatie, positie=vraag.positie
        )

    def answered(self, grootheid: str, found: list[Punt]) -> Response:
        """The response."""
        momenten = self.momenten
        view = View({}, momenten.geldig_op, momenten.bekend_op, str(self._at), self._at.simulated)
        about = {
            "grootheid": grootheid,
            "stap": self.stap,
            "van": format_moment(self.van),
            "tot": format_moment(self.tot),
            "punten": [punt._asdict() | {"begin": format_moment(punt.begin)} for punt in found],
        }
        return answer(self._request, momenten, answers.head(view) | about)


def of_area(
    asked: Gevraagd, grootheid: str, lies_in: Callable[[Gemeente], bool], since: datetime | None = None
) -> list[Punt]:
    """A figure of the locaties that lie in these gemeenten, or of those themselves; not known before `since`."""
    verloop, table = asked.verloop, gemeenten()
    found = toestanden(verloop, overgangen(table, asked.van, asked.tot))
    if grootheid not in VAN_SOM:
        stairs = naleving_trap(verloop, found, table, lies_in)
        return punten(stairs.moment, van_gemeenten(stairs, grootheid), _known(stairs), asked.borders)
    sums = sommen(verloop, found, lies_where(lies_in, asked.van, asked.tot))
    if since is not None:
        sums = only_since(since, sums)
    waarde, known = van_som(sums, grootheid)
    if since is not None:
        known = known & (sums.moment >= micros(since))
    return punten(sums.moment, (waarde, known), dekking(sums), asked.borders)


def lies_where(lies_in: Callable[[Gemeente], bool], van: datetime, tot: datetime) -> Counts:
    """Whether a locatie is open and lies in such a gemeente, at any moment from `van` until `tot`."""
    table = gemeenten()
    at, by_code = indelingen(table, van, tot), {gemeente.code: gemeente for gemeente in table}

    def counts(locatie: Locatie, moment: datetime) -> bool:
        code = locatie.gemeente
        return code is not None and locatie.counts and lies_in(by_code[at(moment).current(code)])

    return counts


def gemeente_at(moment: datetime, code: str, momenten: Momenten) -> Gemeente:
    """The gemeente of this code at a moment. Raises ProblemError 404, that names what it became."""
    there = indeling(gemeenten(), moment)
    own = next((gemeente for gemeente in there.geldig if gemeente.code == code), None)
    if own is None:
        raise not_found("gemeente", code, momenten, successor=there.current(code))
    return own


def of_locatie(asked: Gevraagd, grootheid: str, own_id: str) -> list[Punt] | None:
    """A figure of a locatie by itself; None when nothing is known of it."""
    found = {subject: states for subject, states in toestanden(asked.verloop).items() if subject == own_id}
    if not any(found.values()) and own_id not in asked.verloop.metingen.locaties:
        return None
    sums = sommen(asked.verloop, found)
    return punten(sums.moment, van_locatie(sums, grootheid), dekking(sums), asked.borders)


def of_naleving(asked: Gevraagd, grootheid: str, cyclus: str | None) -> list[Punt]:
    """How many gemeenten are of a class, or a sum over all of them."""
    table = gemeenten()
    found = toestanden(asked.verloop, overgangen(table, asked.van, asked.tot))
    stairs = naleving_trap(asked.verloop, found, table, lambda _: True, cyclus)
    lijn = van_gemeenten(stairs, _KLASSEN.get(grootheid, grootheid))
    return punten(stairs.moment, lijn, _known(stairs), asked.borders)


def _known(stairs: Trap) -> npt.NDArray[np.float64]:
    """The share of the gemeenten of which the class is known."""
    return share(stairs.waarden["gemeenten"] - stairs.waarden["onbekend"], stairs.waarden["gemeenten"])


def _borders(van: datetime, tot: datetime, stap: Stap) -> list[datetime]:
    if van >= tot:
        melding = f"moet na het begin van de reeks liggen, {format_moment(van)}"
        raise invalid([Veldfout(veld="tot", melding=melding)])
    try:
        return perioden(van, tot, stap)
    except TooManyError as error:
        longest = int(PUNTEN_MAX * _STEP_DAYS[stap])
        melding = (
            f"geeft meer dan {PUNTEN_MAX} punten; per {stap} kan hoogstens {longest} dagen, dus vanaf "
            f"{format_moment(tot - timedelta(days=longest))}"
        )
        raise invalid([Veldfout(veld="van", melding=melding)]) from error
