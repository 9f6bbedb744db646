"""Sentences with a number in them: of one it is said in the singular, and each number says of what it is."""

import re
from datetime import UTC, datetime

import pytest

from services.core.bezetting import Bezetting
from services.core.delen import Delen, Wetsdelen
from services.core.grootheden import wetszinnen, zinnen
from services.core.naleving import KLASSEN
from services.core.reasons.formules import Klassestand, zin_van_klasse
from services.core.telregel import Maatstaf
from services.core.voorbehoud import van_klassen, voorbehoud, zonder_plaatsen

V = datetime(2026, 5, 26, tzinfo=UTC)
PLURALS = r"(?<![\d.,])1 (open |geregistreerde |bekende )?(gemeenten|plaatsen|locaties|dagen|mensen|maanden)"
"""One of something in the plural. 'van 1 van 2 gemeenten' is not found: what is counted there is 2."""
SINGULARS = r"(?<![\d.,])(0|2) (open |geregistreerde |bekende )?(gemeente|plaats|locatie|dag|mens|maand)\b"


def area(many: int) -> Bezetting:
    """An area with so much of everything."""
    return Bezetting(Delen(*([many] * len(Delen._fields))), many, many)


def law(many: int) -> wetszinnen.Ingedeeld:
    """A country with so much of everything."""
    parts = Wetsdelen(*([many] * len(Wetsdelen._fields)))._replace(gemeenten=3 * many)
    return wetszinnen.Ingedeeld(parts, Maatstaf(None, None))


def said_of(many: int) -> list[str]:
    """Returns sentences about so many of everything."""
    sums = area(many)
    shut = Bezetting(sums.delen._replace(marge_locaties=-1, gemeld=many // 2), None, None)
    some = Bezetting(sums.delen._replace(locaties=2 * many), None, None)
    seen, ingedeeld = zinnen.Geteld(sums, many, many, None, V), law(many)
    of_area = (zinnen.locaties, zinnen.aanwezig_gemeten, zinnen.locaties_gemeten, zinnen.plaatsen, zinnen.inzetbaar)
    of_law = (wetszinnen.tekort_van_land, wetszinnen.tekort_minstens, wetszinnen.tekort_hoogstens)
    also_of_law = (wetszinnen.opgave_van_land, wetszinnen.opgave_minstens)
    stand = Klassestand(V, V, None, "gedeeltelijk", many, many)
    return [
        *(one.tekst for shown in (sums, shut, some) for one in voorbehoud(shown)),
        *(one.tekst for one in van_klassen(dict.fromkeys(KLASSEN, many))),
        zonder_plaatsen(many, V).tekst,
        *(said(seen) for said in (*of_area, zinnen.bezettingsgraad_gemeten, zinnen.ouderdom_mediaan)),
        *(said(ingedeeld) for said in (*of_law, *also_of_law)),
        zin_van_klasse("Utrecht", stand, stand._replace(naleving="voldoet"), stand, stand),
    ]


@pytest.mark.parametrize("many", [0, 1, 2])
def test_one_is_said_in_the_singular_and_none_or_two_in_the_plural(many: int) -> None:
    for sentence in said_of(many):
        assert re.search(PLURALS, sentence) is None, sentence
        assert re.search(SINGULARS, sentence) is None, sentence


def test_a_class_that_also_rests_on_places_for_amv_says_how_many_there_are() -> None:
    before = Klassestand(V, V, "ministerie", "gedeeltelijk", 100, 120, 0, 20)
    after = before._replace(naleving="voldoet", amv=20)
    said = zin_van_klasse("Utrecht", before, after, after, after)
    assert "voldeed Utrecht gedeeltelijk aan de opgave (120 van 100 plaatsen, amv 0 van 20). " in said
    assert "voldeed Utrecht aan de opgave (120 van 100 plaatsen, amv 20 van 20). " in said
    unknown = zin_van_klasse("Utrecht", before._replace(waarvan_amv=None), after, after, after)
    assert "(120 van 100 plaatsen, amv 0 van een onbekend aantal)" in unknown
