"""Looking ahead: the known places of the coming months against the opgave, and when they fall short of the people."""

from collections.abc import Callable
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from schemas.fields import format_moment
from schemas.reference import PROVINCIES, Gemeente, gemeenten
from services.api.answering import answer, not_found
from services.api.params import Momenten, VooruitblikVraag
from services.api.reeksen import INSTANT, Code
from services.core.history.reeks import at_moments, border_after, dekking, first_below, perioden, van_som
from services.core.history.sommen import gebied, sommen
from services.reads import answers
from services.reads import derived_models as models
from services.reads.lijnen import gemeente_at, of_naleving
from services.reads.reader import Reader

Json = dict[str, Any]
_ONE: dict[int | str, dict[str, Any]] = {404: {"description": "Niet bekend op dit moment, met deze kennis."}}
_PLACES = ("plaatsen", "inzetbaar")
_TASK = ("meetellend", "opgave", "tekort")


def add_vooruitblik(router: APIRouter, reader: Reader) -> None:
    """What is announced, for everything that has places and an opgave."""

    def told(
        request: Request, vraag: VooruitblikVraag, lies_in: Callable[[Gemeente], bool], provincie: str | None = None
    ) -> Response:
        momenten = Momenten.of(request, vraag, reader.clock())
        return answer(request, momenten, ahead(reader, momenten, vraag, lies_in, provincie))

    @router.get("/bezetting/vooruitblik", response_model=models.Vooruitblik, tags=["reeksen"])
    def landelijk_vooruit(request: Request, vraag: Annotated[VooruitblikVraag, Query()]) -> Response:
        """De bekende plaatsen van de komende maanden, landelijk."""
        return told(request, vraag, lambda _: True)

    @router.get("/provincies/{code}/vooruitblik", response_model=models.Vooruitblik, responses=_ONE, tags=["reeksen"])
    def provincie_vooruit(request: Request, code: Code, vraag: Annotated[VooruitblikVraag, Query()]) -> Response:
        """De bekende plaatsen van de komende maanden in een provincie."""
        if code not in PROVINCIES:
            raise not_found("provincie", code, Momenten.of(request, vraag, reader.clock()))
        return told(request, vraag, lambda here: here.provincie == code, code)

    @router.get("/gemeenten/{code}/vooruitblik", response_model=models.Vooruitblik, responses=_ONE, tags=["reeksen"])
    def gemeente_vooruit(request: Request, code: Code, vraag: Annotated[VooruitblikVraag, Query()]) -> Response:
        """De bekende plaatsen van de komende maanden in een gemeente."""
        momenten = Momenten.of(request, vraag, reader.clock())
        gemeente_at(momenten.geldig_op, code, momenten)
        return told(request, vraag, lambda here: here.code == code)


def ahead(
    reader: Reader,
    momenten: Momenten,
    vraag: VooruitblikVraag,
    lies_in: Callable[[Gemeente], bool],
    provincie: str | None,
) -> Json:
    """The answer: of the rest of this month, and of so many whole ones, what is the case at its last instant."""
    van = momenten.geldig_op
    tot = border_after(van - INSTANT, "maand")
    for _ in range(vraag.maanden):
        tot = border_after(tot, "maand")
    verloop, at = reader.store.verloop(van, tot, momenten.bekend_op, positie=vraag.positie)
    table = gemeenten()
    sums = sommen(verloop, gebied(table, verloop, lies_in))
    task = of_naleving(verloop, lies_in, provincie=provincie)
    borders = perioden(van, tot, "maand")
    ends = [border - INSTANT for border in borders[1:]]
    lines = {name: at_moments(sums.moment, van_som(sums, name), ends) for name in _PLACES}
    lines |= {name: at_moments(task.moment, task.lijnen[name][0], ends) for name in _TASK}
    (people,) = at_moments(sums.moment, van_som(sums, "aanwezig"), [van])
    short = None if people is None else first_below(sums.moment, sums.waarden["inzetbaar"], people, van)
    covered = dekking(sums)
    (known,) = at_moments(sums.moment, (covered, ~np.isnan(covered)), [van])
    head = answers.head(at.herkomst(momenten.geldig_op, momenten.bekend_op))
    return head | {
        "tot": format_moment(tot),
        "aanwezig": people,
        "dekking": known,
        "tekortVanaf": None if short is None else format_moment(short),
        "maanden": [
            {"begin": format_moment(begin)} | {name: line[n] for name, line in lines.items()}
            for n, begin in enumerate(borders[:-1])
        ],
    }
