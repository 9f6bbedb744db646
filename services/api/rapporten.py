"""Reports: the figures of one moment as people take them away, also to be made again exactly (issue 5)."""

from importlib.metadata import version
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from schemas.fields import format_moment
from schemas.reference import PROVINCIES
from services.api.answering import answer, figures
from services.api.params import KLASSE_KEYS, Momenten, NalevingVraag, Vraag
from services.core.reasons import kamerbrief
from services.reads import answers
from services.reads import derived_models as models
from services.reads.cijfers import Cijfers
from services.reads.reader import Reader

Json = dict[str, Any]
_SUMS = ("locaties", "aanwezig", "plaatsen", "inzetbaar", "bezettingsgraad", "dekking")


def add_rapporten(router: APIRouter, reader: Reader) -> None:
    """The reports."""

    @router.get("/rapporten/bezetting", response_model=models.RapportBezetting, tags=["rapporten"])
    def rapport_bezetting(request: Request, vraag: Annotated[Vraag, Query()]) -> Response:
        """De bezetting landelijk, per provincie, per gemeente met open locaties en per open locatie."""
        momenten, cijfers = figures(reader, request, vraag)
        return answer(request, momenten, _head("bezetting", cijfers, momenten) | {"rijen": bezetting_rows(cijfers)})

    @router.get("/rapporten/naleving", response_model=models.RapportNaleving, tags=["rapporten"])
    def rapport_naleving(request: Request, vraag: Annotated[NalevingVraag, Query()]) -> Response:
        """De naleving van de Spreidingswet: de aantallen per klasse, en elke gemeente."""
        momenten, cijfers = figures(reader, request, vraag)
        said = answers.naleving(cijfers)
        about = {name: said[name] for name in ("cyclus", "totalen")}
        return answer(request, momenten, _head("naleving", cijfers, momenten) | about | {"rijen": said["gemeenten"]})

    @router.get("/rapporten/kamerbrief", response_model=models.RapportKamerbrief, tags=["rapporten"])
    def rapport_kamerbrief(request: Request, vraag: Annotated[Vraag, Query()]) -> Response:
        """De cijfers van een alinea aan de Tweede Kamer, elk met het aantal gebeurtenissen waarop het rust."""
        momenten, cijfers = figures(reader, request, vraag)
        herkomst = cijfers.herkomst
        stand = kamerbrief.Stand(
            herkomst.geldig_op,
            herkomst.bekend_op,
            cijfers.registers,
            cijfers.locaties,
            cijfers.landelijk,
            cijfers.naleving,
            cijfers.indeling,
            cijfers.cyclus,
        )
        rows = [
            cijfer._asdict() | {"grootheid": KLASSE_KEYS.get(cijfer.grootheid, cijfer.grootheid)}
            for cijfer in kamerbrief.cijfers(stand, cijfers.shown)
        ]
        about = {
            "cyclus": cijfers.cyclus.id if cijfers.cyclus else None,
            "alinea": kamerbrief.alinea(stand, cijfers.shown),
        }
        return answer(request, momenten, _head("kamerbrief", cijfers, momenten) | about | {"rijen": rows})


def _head(which: str, cijfers: Cijfers, momenten: Momenten) -> Json:
    return (
        {"rapport": which}
        | answers.head(cijfers.herkomst)
        | {"gemaaktOp": format_moment(momenten.now), "versie": version("opvangpeil")}
    )


def bezetting_rows(cijfers: Cijfers) -> list[Json]:
    """A row for the country, each provincie, each gemeente where a locatie is open, and each such locatie."""
    rows = [_area("landelijk", "NL", "Nederland", None, answers.sums(cijfers.landelijk))]
    for code, naam in PROVINCIES.items():
        rows.append(_area("provincie", code, naam, code, answers.sums(cijfers.in_provincie(code))))
    for row in cijfers.naleving:
        gemeente = row.gemeente
        sums = cijfers.in_gemeente(gemeente.code)
        if sums.locaties:
            rows.append(_area("gemeente", gemeente.code, gemeente.naam, gemeente.provincie, answers.sums(sums)))
    for locatie in cijfers.shown:
        if locatie.counts:
            found = answers.locatie_row(cijfers, locatie, None)
            sums_of = found | {"locaties": 1, "plaatsen": found["totaalPlaatsen"], "dekking": None}
            rows.append(
                _area("locatie", locatie.id, locatie.naam, found["provincie"], sums_of)
                | {"gemeente": found["gemeente"], "toegang": found["toegang"], "peilmoment": found["peilmoment"]}
            )
    return rows


def _area(soort: str, code: str, naam: str | None, provincie: str | None, sums: Json) -> Json:
    gemeente = code if soort == "gemeente" else None
    about = {"soort": soort, "onderwerp": code, "naam": naam, "gemeente": gemeente, "provincie": provincie}
    return about | {name: sums[name] for name in _SUMS} | {"toegang": None, "peilmoment": None}
