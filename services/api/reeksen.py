"""Series: a figure of every hour, day, week or month, also beyond now from what is announced."""

from collections.abc import Callable, Hashable
from datetime import datetime, time, timedelta
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from schemas.fields import AMSTERDAM, format_moment
from schemas.reference import PROVINCIES, Gemeente
from services.access import caller_of
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
from services.core.history.reeks import PUNTEN_MAX, VAN_SOM, Punt, Stap, TooManyError, border_after, perioden
from services.core.history.verloop import Verloop
from services.core.registers import Register
from services.reads import answers
from services.reads import derived_models as models
from services.reads.kept import Kept, Period
from services.reads.lijnen import Compute, gemeente_at, of_area, of_locatie, of_naleving, points_known_at
from services.reads.reader import Reader
from services.store.position import Position
from services.web.problems import Veldfout, invalid

Json = dict[str, Any]
INSTANT = timedelta(microseconds=1)
Code = Annotated[str, Path(description="Code van CBS", examples=["GM0344", "PV26"])]
_ONE: dict[int | str, dict[str, Any]] = {404: {"description": "Niet bekend in deze tijd, met deze kennis."}}
_BACK: dict[Stap, timedelta] = {
    "uur": timedelta(days=2),
    "dag": timedelta(days=31),
    "week": timedelta(weeks=26),
    "maand": timedelta(days=731),
}
"""How far a series goes back when it is not said."""
_STEP_DAYS: dict[Stap, float] = {"uur": 1 / 24, "dag": 1, "week": 7, "maand": 30}
_KLASSEN = {key: klasse for klasse, key in KLASSE_KEYS.items()}


def add_reeksen(router: APIRouter, reader: Reader) -> None:
    """The series, of everything that has figures."""
    kept = Kept(reader.store)

    @router.get("/bezetting/reeks", response_model=models.Reeks, tags=["reeksen"])
    def bezetting_reeks(request: Request, vraag: Annotated[BezettingReeksVraag, Query()]) -> Response:
        """De landelijke bezetting door de tijd."""
        return Gevraagd(request, vraag, reader).of_area(kept, "NL", lambda _: True)

    @router.get("/provincies/{code}/reeks", response_model=models.Reeks, responses=_ONE, tags=["reeksen"])
    def provincie_reeks(request: Request, code: Code, vraag: Annotated[GebiedReeksVraag, Query()]) -> Response:
        """Een provincie door de tijd."""
        asked = Gevraagd(request, vraag, reader)
        if code not in PROVINCIES:
            raise not_found("provincie", code, asked.momenten)
        return asked.of_area(kept, code, lambda here: here.provincie == code)

    @router.get("/gemeenten/{code}/reeks", response_model=models.Reeks, responses=_ONE, tags=["reeksen"])
    def gemeente_reeks(request: Request, code: Code, vraag: Annotated[GebiedReeksVraag, Query()]) -> Response:
        """Een gemeente door de tijd."""
        asked = Gevraagd(request, vraag, reader)
        own = gemeente_at(asked.tot - INSTANT, code, asked.momenten)
        since = datetime.combine(own.geldig_vanaf, time(), AMSTERDAM)
        return asked.of_area(kept, code, lambda here: here.code == code, since)

    @router.get("/locaties/{id}/reeks", response_model=models.Reeks, responses=_ONE, tags=["reeksen"])
    def locatie_reeks(request: Request, id: LocatieId, vraag: Annotated[LocatieReeksVraag, Query()]) -> Response:  # noqa: A002
        """Een locatie door de tijd, ook als zij gesloten is."""
        asked = Gevraagd(request, vraag, reader)
        verloop, at = asked.of_locatie(id)
        found = of_locatie(verloop, id)
        if found is None or id in reader.hidden_from(caller_of(request)):
            raise not_found("locatie", id, asked.momenten)
        return asked.answered(found.points(vraag.grootheid, asked.borders), at)

    @router.get("/naleving/reeks", response_model=models.Reeks, responses=_ONE, tags=["reeksen"])
    def naleving_reeks(request: Request, vraag: Annotated[NalevingReeksVraag, Query()]) -> Response:
        """De naleving van de Spreidingswet door de tijd."""
        grootheid = _KLASSEN.get(vraag.grootheid, vraag.grootheid)
        asked = Gevraagd(request, vraag, reader)
        if (
            vraag.cyclus is not None
            and Register.CYCLUS.key(vraag.cyclus) not in reader.totalen(asked.momenten, vraag.positie).wet
        ):
            raise not_found("cyclus", vraag.cyclus, asked.momenten)
        return asked.of_lines(
            kept,
            ("naleving", vraag.cyclus),
            grootheid,
            partial(of_naleving, lies_in=lambda _: True, cyclus=vraag.cyclus),
        )


class Gevraagd:
    """What a question comes down to. Raises ProblemError 400."""

    def __init__(self, request: Request, vraag: ReeksVraag, reader: Reader) -> None:
        self._request, self._vraag, self._store = request, vraag, reader.store
        self.momenten = Momenten.of(request, vraag, reader.clock())
        self.tot = vraag.tot or self.momenten.geldig_op
        self.van = vraag.van or border_after(self.tot - _BACK[vraag.stap] - INSTANT, vraag.stap)
        self.borders = _borders(self.van, self.tot, vraag.stap)

    def of_area(
        self, kept: Kept, code: str, lies_in: Callable[[Gemeente], bool], since: datetime | None = None
    ) -> Response:
        """A figure of the locaties that lie in these gemeenten, or of those themselves; not known before `since`."""
        grootheid: str = self._vraag.grootheid
        if grootheid in VAN_SOM:
            return self.of_lines(kept, ("som", code), grootheid, partial(of_area, lies_in=lies_in, since=since))
        of_task = partial(of_naleving, lies_in=lies_in, provincie=code if code in PROVINCIES else None)
        return self.of_lines(kept, ("opgave", code), grootheid, of_task)

    def of_lines(self, kept: Kept, name: Hashable, grootheid: str, compute: Compute) -> Response:
        """The response: of what is kept, where it is asked of now; else computed for this question alone."""
        if self._of_now():
            series = kept.series((name, self._vraag.stap), compute)
            points, known = series.points(grootheid, self._periods(), self.momenten.now)
            now = known.known_at
            self.tot = now if self.tot == self.momenten.now else self.tot
            self.momenten = Momenten(now, now, now)
            return self.answered(points, known.at)
        known_at, positie = self.momenten.bekend_op, self._vraag.positie
        return self.answered(*points_known_at(self._store, compute, grootheid, self.borders, known_at, positie))

    def of_locatie(self, locatie: str) -> tuple[Verloop, Position]:
        """All that is known of it in the time that is asked about."""
        return self._store.verloop(
            self.van, self.tot, self.momenten.bekend_op, locatie=locatie, positie=self._vraag.positie
        )

    def answered(self, found: list[Punt], at: Position) -> Response:
        """The response."""
        momenten = self.momenten
        herkomst = at.herkomst(momenten.geldig_op, momenten.bekend_op)
        about = {
            "grootheid": self._vraag.grootheid,
            "stap": self._vraag.stap,
            "van": format_moment(self.van),
            "tot": format_moment(self.tot),
            "punten": [punt._asdict() | {"begin": format_moment(punt.begin)} for punt in found],
        }
        return answer(self._request, momenten, answers.head(herkomst) | about)

    def _of_now(self) -> bool:
        """Whole periods until now, as known now. Hours are too many to keep, and a few are soon computed."""
        vraag, now = self._vraag, self.momenten.now
        begins = border_after(self.van - INSTANT, vraag.stap) == self.van
        ends = self.tot == now or (self.tot < now and border_after(self.tot - INSTANT, vraag.stap) == self.tot)
        asked_of_now = vraag.positie is None and self.momenten.present
        return asked_of_now and vraag.stap != "uur" and begins and ends

    def _periods(self) -> list[Period]:
        begins = self.borders[:-1]
        return list(zip(begins, [*begins[1:], border_after(begins[-1], self._vraag.stap)], strict=True))


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
