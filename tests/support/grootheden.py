"""Compares every declared figure with the outlets, and names each omission with the file it belongs in.

Each function takes declarations and returns a sentence for each figure that an outlet lacks.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, get_args

from schemas.reference import gemeenten
from services.api import params
from services.api.definities import meanings
from services.core.fold import fold
from services.core.grootheden import in_antwoord, van
from services.core.grootheden.declaratie import FigureOf, Grootheid
from services.core.reasons import formules
from services.core.registers import LANDELIJK
from services.dashboard.tabellen import gebieden, locaties
from services.dashboard.tekst import grootheid as label_of
from services.metrics import LIJST
from services.reads import answers, derived_models, models
from services.reads.cijfers import Cijfers
from services.reads.verschil import figures
from services.store.model import View
from services.store.position import Herkomst
from tests.support.make import cycle, limit, moment, places, reading, registered, stand, task

Declared = Iterable[Grootheid]
Sentences = list[str]
DECLARED_IN = "services/core/grootheden/"
AT = moment("2026-05-26T08:00:00Z")


def sample() -> Cijfers:
    """Returns the figures of one open locatie with places, a reading and a maximum.

    The decision of the first gemeente is suspended, so that all there is to say of one is said.
    """
    first = gemeenten()[0].code
    events = [registered(), places(300, 200), reading(150), limit(100)]
    events += [cycle(voor="2025-07-01"), task(5, first), stand("geschorst", first)]
    return Cijfers(View(Herkomst(AT, AT, "", False), fold(events, AT, AT)))


def unnamed(declared: Declared) -> Sentences:
    """Finds repeated names, unknown predecessors, missing meanings or labels, and comparisons without a register."""
    found = []
    for soort in FigureOf:
        names = [one.naam for one, _ in van(soort, declared)]
        for one, how in van(soort, declared):
            if names.count(one.naam) > 1:
                found.append(_said(one, soort, "is declared twice", DECLARED_IN))
            if how.na and how.na not in names:
                found.append(_said(one, soort, f"stands after {how.na}, which is no figure", DECLARED_IN))
            if not (one.betekenis and one.label):
                found.append(_said(one, soort, "has no meaning or no label", DECLARED_IN))
            if how.verschil and not one.rust_op and soort is not FigureOf.GEBIED:
                found.append(_said(one, soort, "is compared and rests on no register", DECLARED_IN))
    return found


def not_in_models(declared: Declared) -> Sentences:
    """Finds figures that an answer holds and its model lacks."""
    of_soort: Mapping[FigureOf, Any] = {
        FigureOf.GEBIED: models.Sommen,
        FigureOf.LOCATIE: models.LocatieRegel,
        FigureOf.OVERSCHRIJDING: models.Overschrijding,
        FigureOf.GEMEENTE: models.NalevingRegel,
        FigureOf.PROVINCIE: models.ProvincieRegel,
        FigureOf.TOTALEN: models.Totalen,
    }
    found = [
        _said(one, soort, f"is no field of {model.__name__}", "services/reads/models.py")
        for soort, model in of_soort.items()
        for one, _ in in_antwoord(soort, declared)
        if one.naam not in model.model_fields
    ]
    return found + [
        _said(one, FigureOf.GEBIED, "is no field of BezettingRij", "services/reads/derived_models.py")
        for one, how in van(FigureOf.GEBIED, declared)
        if how.verschil and not one.loopt and one.naam not in derived_models.BezettingRij.model_fields
    ]


def not_in_answers(declared: Declared) -> Sentences:
    """Finds figures that an answer lacks."""
    cijfers = sample()
    row, locatie = cijfers.naleving[0], cijfers.locaties[0]
    said: Mapping[FigureOf, Mapping[str, Any]] = {
        FigureOf.GEBIED: answers.sums(cijfers.landelijk),
        FigureOf.LOCATIE: answers.locatie_row(cijfers, locatie, None),
        FigureOf.GEMEENTE: answers.gemeente_row(cijfers, row),
        FigureOf.PROVINCIE: answers.provincie_row(cijfers, row.gemeente.provincie),
        FigureOf.TOTALEN: answers.totals(cijfers.naleving),
        FigureOf.TOEZICHT: cijfers.van_toezicht,
    }
    return [
        _said(one, soort, "is in no answer", "services/reads/answers.py")
        for soort, answer in said.items()
        for one, _ in in_antwoord(soort, declared)
        if one.naam not in answer
    ]


def not_compared(declared: Declared) -> Sentences:
    """Finds figures that are to be compared between moments and have no value there."""
    cijfers = sample()
    row, locatie = cijfers.naleving[0], cijfers.locaties[0]
    subjects = {
        FigureOf.GEBIED: LANDELIJK,
        FigureOf.TOTALEN: LANDELIJK,
        FigureOf.LAND: LANDELIJK,
        FigureOf.TOEZICHT: LANDELIJK,
        FigureOf.LOCATIE: locatie.id,
        FigureOf.GEMEENTE: row.gemeente.code,
        FigureOf.PROVINCIE: row.gemeente.provincie,
    }
    cells = figures(cijfers)
    return [
        _said(one, soort, "is never compared", "services/reads/verschil.py")
        for soort, subject in subjects.items()
        for one, how in van(soort, declared)
        if how.verschil and (subject, one.naam) not in cells
    ]


def not_explained(declared: Declared) -> Sentences:
    """Finds figures with a formula that no explanation shows."""
    cijfers = sample()
    row, locatie = cijfers.naleving[0], cijfers.locaties[0]
    figuren = {
        FigureOf.GEBIED: formules.van_bezetting(cijfers.locaties, cijfers.landelijk, AT),
        FigureOf.LOCATIE: formules.van_locatie(locatie, AT),
        FigureOf.GEMEENTE: formules.van_gemeente(row, None),
        FigureOf.PROVINCIE: formules.van_provincie(cijfers.stand_van(row.gemeente.provincie), cijfers.maatstaf),
        FigureOf.TOEZICHT: formules.van_toezicht(cijfers.toezicht),
    }
    return [
        _said(one, soort, "has a formula that is told nowhere", "services/core/reasons/formules.py")
        for soort, told in figuren.items()
        for one, how in van(soort, declared)
        if how.formule is not None and one.naam not in {figuur.grootheid for figuur in told}
    ]


def not_in_series(declared: Declared) -> Sentences:
    """Finds figures that have a series which the API refuses."""
    allowed = {
        FigureOf.GEBIED: params.BezettingReeksVraag,
        FigureOf.LOCATIE: params.LocatieReeksVraag,
        FigureOf.GEMEENTE: params.GebiedReeksVraag,
        FigureOf.TOTALEN: params.NalevingReeksVraag,
    }
    return [
        _said(one, soort, f"is refused by {vraag.__name__}", "services/api/params.py")
        for soort, vraag in allowed.items()
        for one, how in van(soort, declared)
        if how.reeks and (how.sluit or how.over_gemeenten)
        if one.naam not in get_args(vraag.model_fields["grootheid"].annotation)
    ]


def not_in_tables(declared: Declared) -> Sentences:
    """Finds figures that lack their column in a table on the pages."""
    tables = {
        FigureOf.LOCATIE: ("locaties", locaties.LOCATIES),
        FigureOf.GEMEENTE: ("gebieden", gebieden.GEMEENTEN),
        FigureOf.GEBIED: ("gebieden", gebieden.PROVINCIES_VELDEN),
        FigureOf.PROVINCIE: ("gebieden", gebieden.PROVINCIES_VELDEN),
        FigureOf.TOTALEN: ("gebieden", gebieden.PROVINCIES_VELDEN),
    }
    return [
        _said(one, soort, f"is no column with the head {kop!r}", f"services/dashboard/tabellen/{file}.py")
        for soort, (file, velden) in tables.items()
        for one, how in van(soort, declared)
        if how.kolom and (kop := one.kop or one.label) not in {veld.kop for veld in velden} | {"Naam"}
    ]


def not_defined(declared: Declared) -> Sentences:
    """Finds figures that have no meaning in an export, or another name on a page."""
    defined = meanings(models.Locatie) | meanings(models.Naleving) | meanings(models.Provincie)
    found = []
    for soort in (FigureOf.GEBIED, FigureOf.LOCATIE, FigureOf.OVERSCHRIJDING, FigureOf.GEMEENTE, FigureOf.TOTALEN):
        for one, _ in in_antwoord(soort, declared):
            if not defined.get(one.naam):
                found.append(_said(one, soort, "has no meaning in an export", "services/api/definities.py"))
    return found + [
        _said(one, None, f"is not called {one.label!r} on the pages", "services/dashboard/tekst.py")
        for one in declared
        if soort_of(one) is not FigureOf.OVERSCHRIJDING and label_of(one.naam) != one.label
    ]


def without_gauge(declared: Declared) -> Sentences:
    """Finds figures whose gauge `/metrics` does not have, or has with other labels."""
    known = {metric.naam: metric for metric in LIJST if metric.soort == "figuur"}
    found = []
    for soort in FigureOf:
        for one, how in van(soort, declared):
            if how.meter is not None:
                metric = known.get(how.meter.naam)
                if metric is None or len(metric.labels) != len(how.meter.labels):
                    found.append(_said(one, soort, f"has no gauge {how.meter.naam}", "services/metrics.py"))
    return found


def soort_of(one: Grootheid) -> FigureOf:
    """Returns the first kind of subject that has this figure."""
    return next(soort for soort in FigureOf if one.van(soort) is not None)


CHECKS: tuple[Callable[[Declared], Sentences], ...] = (
    unnamed,
    not_in_models,
    not_in_answers,
    not_compared,
    not_explained,
    not_in_series,
    not_in_tables,
    not_defined,
    without_gauge,
)


def _said(one: Grootheid, soort: FigureOf | None, wrong: str, where: str) -> str:
    return f"{one.naam}{'' if soort is None else f' ({soort.value})'} {wrong}: {where}"
