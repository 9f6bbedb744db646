"""The profiles that come with Opvangpeil, and their examples."""

from collections import Counter
from pathlib import Path

import pytest

from schemas.toml_lines import BestandError
from services.importer.bladen import Leeswijze, lees
from services.importer.profiel import alle_profielen, lees_namen, lees_profiel, read_profiel
from tests.corpus.alle import LEESMIJ, PROFIELEN
from tests.corpus.uitkomst import lees_met
from tests.corpus.velden import met_velden

VOORBEELDEN = sorted((PROFIELEN / "voorbeeld").iterdir())
WORDT = {
    "nachttelling": ({"bezetting-gemeld": 3}, 3),
    "locatielijst": (
        {
            "locatie-geregistreerd": 4,
            "capaciteit-gewijzigd": 5,
            "locatie-gesloten": 1,
            "maximum-vastgesteld": 1,
            "toegang-gewijzigd": 1,
        },
        1,
    ),
    "verdeelbesluiten": ({"opgave-vastgesteld": 4}, 1),
    "coa-weekcijfers": ({"cijfers-gepubliceerd": 13}, 0),
}
"""What each example becomes: how many events of each type, and how many rows are skipped."""


def profiel_van(voorbeeld: Path) -> str:
    return voorbeeld.name.split("-voorbeeld")[0]


def test_every_profile_that_comes_with_it_can_be_read():
    assert {lees_profiel(pad).naam for pad in alle_profielen(PROFIELEN)} >= set(WORDT)
    assert sorted(map(profiel_van, VOORBEELDEN)) == sorted(WORDT)


@pytest.mark.parametrize("voorbeeld", VOORBEELDEN, ids=lambda pad: pad.name)
def test_an_example_becomes_events_without_one_refusal_or_unknown_name(voorbeeld: Path):
    naam = profiel_van(voorbeeld)
    found = lees_met(voorbeeld, lees_profiel(PROFIELEN / f"{naam}.toml"), lees_namen(PROFIELEN / "namen.csv"))
    assert found["geweigerd"] == []
    assert found["wachten"] == []
    kinds = Counter(one["gebeurtenis"]["type"].split(".")[-2] for one in found["gebeurtenissen"])
    assert (dict(kinds), found["overgeslagen"]) == WORDT[naam]


@pytest.mark.parametrize("voorbeeld", VOORBEELDEN, ids=lambda pad: pad.name)
def test_an_example_says_itself_that_it_is_made_up(voorbeeld: Path):
    assert "voorbeeld" in voorbeeld.name
    profiel = lees_profiel(PROFIELEN / f"{profiel_van(voorbeeld)}.toml").profiel
    for blad in lees(voorbeeld, Leeswijze(codering=profiel.bestand.codering)):
        assert "VERZONNEN VOORBEELD" in str(next(iter(blad.rijen)).waarden[0])


def test_the_tables_of_fields_are_those_of_the_model():
    text = LEESMIJ.read_text(encoding="utf-8")
    assert met_velden(text) == text, "run `python -m tests.corpus`"


def test_the_readme_names_every_profile_and_every_example():
    text = LEESMIJ.read_text(encoding="utf-8")
    named = [pad.name for pad in (*alle_profielen(PROFIELEN), *VOORBEELDEN)]
    assert not [name for name in named if f"{name})" not in text]


def test_every_name_in_the_table_has_an_id():
    namen = lees_namen(PROFIELEN / "namen.csv")
    assert namen.tabel
    assert all(namen.tabel.values())
    assert namen.id_van("gemeente", "gemeente Den Haag") == "GM0518"


def test_what_is_missing_is_named_as_people_must_write_it():
    with pytest.raises(BestandError) as told:
        read_profiel('versie = 1\nomschrijving = "x"\n', "p.toml")
    assert "[[gebeurtenis]]: ontbreekt" in str(told.value)
    assert " source: ontbreekt" in str(told.value)
