"""The naleving by every rule of a cyclus, side by side: which gemeenten are in another class by another rule."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations

from schemas.fields import Json
from services.core.naleving import Klasse
from services.core.telregel import Gevraagd, telregels
from services.core.voorbehoud import van_maatstaf
from services.reads import answers
from services.reads.cijfers import Totaalcijfers
from services.reads.question import NotKnownError, Question
from services.reads.reader import Reader

Klassen = Mapping[str, Klasse]
"""Code of each gemeente → its class."""


def naast_elkaar(reader: Reader, question: Question) -> Json:
    """`/v1/naleving/telregels`. Raises NotKnownError when there is no cyclus as asked for."""
    cijfers = reader.totalen(question)
    cyclus = cijfers.cyclus
    if cyclus is None and question.cyclus is not None:
        raise NotKnownError("cyclus", question.cyclus, question)
    rules = {} if cyclus is None else telregels(cijfers.wet, cyclus)
    by_rule = {naam: cijfers.volgens_regel(Gevraagd(cijfers.gevraagd.cyclus, naam)) for naam in rules}
    regels = [
        {"naam": naam, "omschrijving": rules[naam].omschrijving}
        | {"voorbehoud": answers.naleving_reasons(found)}
        | answers.law_of(found.naleving)
        for naam, found in by_rule.items()
    ]
    moved = _verplaatsingen({naam: _klassen(found) for naam, found in by_rule.items()})
    return (
        answers.head(cijfers.herkomst)
        | answers.judged_by(cijfers)
        | {"omvat": "alles", "voorbehoud": answers.reasons(van_maatstaf(cijfers.maatstaf))}
        | {"regels": regels, "verplaatsingen": list(moved)}
    )


def _klassen(cijfers: Totaalcijfers) -> Klassen:
    return {row.gemeente.code: row.naleving for row in cijfers.naleving}


def _verplaatsingen(by_rule: Mapping[str, Klassen]) -> Iterator[Json]:
    """Each pair of rules and of classes between which gemeenten move."""
    for van, naar in combinations(by_rule, 2):
        moved: dict[tuple[Klasse, Klasse], list[str]] = defaultdict(list)
        for code, klasse in by_rule[van].items():
            if by_rule[naar][code] != klasse:
                moved[klasse, by_rule[naar][code]].append(code)
        for (before, after), codes in sorted(moved.items()):
            yield {"van": _end(van, before), "naar": _end(naar, after), "gemeenten": sorted(codes)}


def _end(telregel: str, klasse: Klasse) -> Json:
    return {"telregel": telregel, "naleving": klasse}
