"""Reports: the figures of one moment for people to take away. The same question gives the same report again."""

from importlib.metadata import version

from schemas.fields import Json, format_moment
from schemas.reference import PROVINCIES
from services.core.grootheden import vergeleken
from services.core.grootheden.declaratie import FigureOf
from services.core.grootheden.opvang import LOCATIES, PLAATSEN, TOTAAL_PLAATSEN
from services.core.reasons import kamerbrief
from services.core.registers import LANDELIJK
from services.reads import answers
from services.reads.cijfers import Cijfers
from services.reads.question import Question
from services.reads.reader import Reader

_SUMS = vergeleken(FigureOf.GEBIED)


def bezetting(reader: Reader, question: Question) -> Json:
    """Returns the sums of the country, of each area with open locaties, and of each open locatie."""
    cijfers = reader.figures(question)
    return _head("bezetting", cijfers, question) | {"rijen": bezetting_rows(cijfers)}


def naleving(reader: Reader, question: Question) -> Json:
    """Returns the number of gemeenten in each class, and each gemeente."""
    cijfers = reader.figures(question)
    said = answers.naleving(cijfers)
    about = {name: said[name] for name in ("cyclus", "totalen")}
    return _head("naleving", cijfers, question) | about | {"rijen": said["gemeenten"]}


def brief(reader: Reader, question: Question) -> Json:
    """Returns the figures of a paragraph to parliament, each with the number of events that it rests on."""
    cijfers = reader.figures(question)
    stand = kamerbrief.Briefstand(
        cijfers.herkomst.geldig_op,
        cijfers.herkomst.bekend_op,
        cijfers.registers,
        cijfers.locaties,
        cijfers.landelijk,
        cijfers.naleving,
        cijfers.indeling,
        cijfers.maatstaf,
        cijfers.grenzen,
        cijfers.herkomst.simulatie,
    )
    rows = [cijfer._asdict() for cijfer in kamerbrief.cijfers(stand, cijfers.shown)]
    about = {
        "cyclus": cijfers.cyclus.id if cijfers.cyclus else None,
        "alinea": kamerbrief.alinea(stand, cijfers.shown),
    }
    return _head("kamerbrief", cijfers, question) | about | {"rijen": rows}


def _head(which: str, cijfers: Cijfers, question: Question) -> Json:
    return (
        {"rapport": which}
        | answers.head(cijfers.herkomst)
        | {"gemaaktOp": format_moment(question.now), "versie": version("opvangpeil")}
    )


def bezetting_rows(cijfers: Cijfers) -> list[Json]:
    """Gives a row for the country, each provincie, each gemeente where a locatie is open, and each open locatie."""
    rows = [_area("landelijk", LANDELIJK, "Nederland", None, answers.sums(cijfers.landelijk))]
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
            also = {LOCATIES.naam: 1, PLAATSEN.naam: found[TOTAAL_PLAATSEN.naam]}
            sums_of = dict.fromkeys(_SUMS) | found | also
            rows.append(
                _area("locatie", locatie.id, locatie.naam, found["provincie"], sums_of)
                | {"gemeente": found["gemeente"], "toegang": found["toegang"], "peilmoment": found["peilmoment"]}
            )
    return rows


def _area(soort: str, code: str, naam: str | None, provincie: str | None, sums: Json) -> Json:
    gemeente = code if soort == "gemeente" else None
    about = {"soort": soort, "onderwerp": code, "naam": naam, "gemeente": gemeente, "provincie": provincie}
    return about | {name: sums[name] for name in _SUMS} | {"toegang": None, "peilmoment": None}
