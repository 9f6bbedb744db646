"""Reports: the figures of one moment for people to take away. The same question gives the same report again."""

from importlib.metadata import version

from schemas.fields import Json, format_moment
from schemas.reference import PROVINCIES
from services.core.bezetting import Bezetting
from services.core.grootheden import vergeleken
from services.core.grootheden.declaratie import FigureOf
from services.core.grootheden.opvang import (
    AANWEZIG,
    AANWEZIG_GEMETEN,
    BEZETTINGSGRAAD,
    BEZETTINGSGRAAD_GEMETEN,
    LOCATIES,
    LOCATIES_GEMETEN,
    PLAATSEN,
    TOTAAL_PLAATSEN,
)
from services.core.reasons import kamerbrief
from services.core.reasons.aansluiting import BETEKENIS
from services.core.registers import LANDELIJK
from services.core.voorbehoud import van_naleving, voorbehoud
from services.reads import answers
from services.reads.cijfers import Cijfers
from services.reads.question import Question
from services.reads.reader import Reader
from services.reads.toezicht_models import RijToezicht

_SUMS = vergeleken(FigureOf.GEBIED)
_OVER_ALLES = ("naleving", "gemeente")
"""The reports about naleving alone, which counts every locatie."""


def bezetting(reader: Reader, question: Question) -> Json:
    """Returns the sums of the country, of each area with open locaties, and of each open locatie."""
    cijfers = reader.figures(question)
    why = {"voorbehoud": _reasons(cijfers.landelijk)}
    return head("bezetting", cijfers, question) | why | {"rijen": bezetting_rows(cijfers)}


def naleving(reader: Reader, question: Question) -> Json:
    """Returns the number of gemeenten in each class, the sums of the country, and each gemeente."""
    cijfers = reader.figures(question)
    return (
        head("naleving", cijfers, question)
        | answers.judged_by(cijfers)
        | answers.OVER_INWONERS
        | {"voorbehoud": answers.naleving_reasons(cijfers)}
        | answers.law_of(cijfers.naleving)
        | {"rijen": [answers.gemeente_row(cijfers, row) for row in cijfers.naleving]}
    )


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
        cijfers.herkomst.simulatie,
        cijfers.unseen,
    )
    rows = [cijfer._asdict() for cijfer in kamerbrief.cijfers(stand, cijfers.locaties)]
    why = _reasons(cijfers.landelijk) + answers.reasons(van_naleving(cijfers.maatstaf, cijfers.naleving))
    alinea = kamerbrief.alinea(stand, cijfers.locaties)
    if cijfers.omvat == "zichtbaar":
        alinea += f" {answers.ZICHTBAAR}"
    about = {"voorbehoud": why, "alinea": alinea}
    return head("kamerbrief", cijfers, question) | answers.judged_by(cijfers) | about | {"rijen": rows}


_RIJEN_VAN_TOEZICHT = {
    "stap": ("stappen", "stap"),
    "toezichthouder": ("toezichthouders", "toezichthouder"),
    "gemeente": ("gemeenten", "code"),
    "zonder stap": ("zonderStap", "code"),
    "termijn": ("termijnen", "code"),
    "buiten volgorde": ("buitenVolgorde", "code"),
    "raming": ("ramingen", "stap"),
    "capaciteit": ("capaciteiten", "toezichthouder"),
}
"""Of what a row is → the list of the answer that it comes from, and its field that says what it is about."""


def rijen_van_toezicht(said: Json) -> Json:
    """Returns what stands at `/v1/toezicht` with all its lists as rows of one table, with the same columns for all.

    For everybody it has rows of the steps and of what their hours and fte rest on. Those of the other kinds are for
    whoever may see steps.
    """
    rows = []
    for soort, (name, named) in _RIJEN_VAN_TOEZICHT.items():
        for row in said.get(name, ()):
            about = {"soort": soort, "onderwerp": row[named]}
            # Of a step it is how many gemeenten, and one column holds values of one type.
            own = {"termijnVerlopen" if column == "verlopen" else column: value for column, value in row.items()}
            rows.append(dict.fromkeys(RijToezicht.model_fields) | about | (row if soort == "stap" else own))
    lists = {name for name, _ in _RIJEN_VAN_TOEZICHT.values()}
    return {name: value for name, value in said.items() if name not in lists} | {"rijen": rows}


def van_toezicht(said: Json, question: Question) -> Json:
    """Returns what stands at `/v1/toezicht` as a report."""
    return {"rapport": "toezicht"} | _gemaakt(question) | rijen_van_toezicht(said)


def head(which: str, cijfers: Cijfers, question: Question) -> Json:
    """What every report begins with: which it is, of when, over what, and by what it was made."""
    return (
        {"rapport": which}
        | answers.head(cijfers.herkomst)
        | {"omvat": "alles" if which in _OVER_ALLES else cijfers.omvat}
        | _gemaakt(question)
    )


def _gemaakt(question: Question) -> Json:
    return {"gemaaktOp": format_moment(question.now), "versie": version("opvangpeil"), "betekenis": BETEKENIS}


def _reasons(bezetting: Bezetting) -> list[Json]:
    return answers.reasons(voorbehoud(bezetting))


def bezetting_rows(cijfers: Cijfers) -> list[Json]:
    """Gives a row for the country, each provincie, each gemeente where a locatie is open, and each open locatie."""
    rows = [_area("landelijk", LANDELIJK, "Nederland", None, cijfers.landelijk)]
    for code, naam in PROVINCIES.items():
        rows.append(_area("provincie", code, naam, code, cijfers.in_provincie(code)))
    for row in cijfers.naleving:
        gemeente = row.gemeente
        sums = cijfers.in_gemeente(gemeente.code)
        if sums.locaties:
            rows.append(_area("gemeente", gemeente.code, gemeente.naam, gemeente.provincie, sums))
    for locatie in cijfers.locaties:
        if locatie.counts:
            found = answers.locatie_row(cijfers, locatie, None)
            sums_of = dict.fromkeys(_SUMS) | found | _as_area(found)
            about = {name: found[name] for name in ("gemeente", "toegang", "peilmoment")}
            row_of = _row("locatie", locatie.id, locatie.naam, found["provincie"], sums_of)
            rows.append(row_of | about | {"voorbehoud": found["voorbehoud"]})
    return rows


def _as_area(found: Json) -> Json:
    """The figures that a locatie has under another name than an area: it counts as one, and is measured or not."""
    return {
        LOCATIES.naam: 1,
        LOCATIES_GEMETEN.naam: int(found[AANWEZIG.naam] is not None),
        AANWEZIG_GEMETEN.naam: found[AANWEZIG.naam],
        BEZETTINGSGRAAD_GEMETEN.naam: found[BEZETTINGSGRAAD.naam],
        PLAATSEN.naam: found[TOTAAL_PLAATSEN.naam],
    }


def _area(soort: str, code: str, naam: str, provincie: str | None, bezetting: Bezetting) -> Json:
    row = _row(soort, code, naam, provincie, answers.sums(bezetting))
    return row | {"voorbehoud": _reasons(bezetting)}


def _row(soort: str, code: str, naam: str | None, provincie: str | None, sums: Json) -> Json:
    gemeente = code if soort == "gemeente" else None
    about = {"soort": soort, "onderwerp": code, "naam": naam, "gemeente": gemeente, "provincie": provincie}
    return about | {name: sums[name] for name in _SUMS} | {"toegang": None, "peilmoment": None}
