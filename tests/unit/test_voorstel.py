"""What `profiel maak` proposes: a profile that fits the file, or that names what a person must fill in."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.toml_lines import BestandError
from services.importer.model import ImporterError
from services.importer.profiel import Genoemd, Namen, Profiel, lees_profiel, read_profiel, stel_voor
from tests.corpus.alle import HIER, PROFIELEN, alle
from tests.corpus.bouw import ods, ods_rij, tekst, werkmap
from tests.corpus.geval import LOCATIES, NAMEN
from tests.corpus.uitkomst import lees_met

LEESBAAR = [one.bestand for one in alle() if not one.heel]
TEKST = [name for name in LEESBAAR if not name.startswith("werkmap/")]
WERKMAPPEN = [name for name in LEESBAAR if name.startswith("werkmap/")]
VOORBEELD = PROFIELEN / "voorbeeld"


@pytest.mark.parametrize("bestand", TEKST)
def test_a_proposal_for_text_fits_the_file_or_says_what_must_be_filled_in(bestand: str):
    check(HIER / bestand)


@pytest.mark.parametrize("bestand", WERKMAPPEN[:4])
def test_a_proposal_for_a_workbook_fits_it(bestand: str):
    check(HIER / bestand)


@pytest.mark.volledig
@pytest.mark.parametrize("bestand", WERKMAPPEN[4:])
def test_a_proposal_for_every_other_workbook_fits_it_too(bestand: str):
    check(HIER / bestand)


def check(pad: Path) -> None:
    text = stel_voor(pad)
    tomllib.loads(text)
    try:
        profiel = read_profiel(text, "voorstel.toml")
    except BestandError as error:
        missing = str(error).splitlines()
    else:
        found = lees_met(pad, Genoemd(naam="voorstel", profiel=profiel), Namen(NAMEN, LOCATIES))
        assert "heel" not in found, found.get("heel")
        return
    assert "; vul in" in text
    assert all("mist " in line or "ontbreekt" in line for line in missing)


@pytest.mark.parametrize("naam", ["locatielijst-voorbeeld.xlsx", "nachttelling-voorbeeld-2026-11-28.xlsx"])
def test_for_an_example_it_proposes_the_events_of_the_profile_that_comes_with_it(naam: str):
    proposed = read_profiel(stel_voor(VOORBEELD / naam), "voorstel.toml")
    shipped = lees_profiel(PROFIELEN / f"{naam.split('-voorbeeld', maxsplit=1)[0]}.toml").profiel
    assert set(_velden(shipped)) <= set(_velden(proposed))


def _velden(profiel: Profiel) -> Iterator[tuple[str, str, str]]:
    """Yields each field with a column of the file, whatever else that column may be called."""
    for one in profiel.gebeurtenis:
        for veld, bron in one.velden.items():
            yield one.type, veld, " ".join([*bron.kolom[:1], *bron.tijdkolom[:1]])


def test_figures_that_others_publish_are_an_event_for_each_column():
    text = stel_voor(VOORBEELD / "coa-weekcijfers-voorbeeld.csv")
    kinds = Counter(line for line in text.splitlines() if line.startswith("type = "))
    assert kinds == {'type = "cijfers-gepubliceerd"': 7}
    assert 'velden.grootheid = {vast = "inReguliereOpvang"}' in text
    assert 'kolom = ["Gepubliceerd op"]' in text


def test_what_is_ambiguous_is_proposed_with_the_reason(tmp_path: Path):
    rows = [["Locatie", "Datum", "Aanwezig"], ["Azc Een", "01-02-2026", "2.104"], ["Azc Twee", "03-04-2026", "n.b."]]
    pad = tmp_path / "telling 2026-02-04.csv"
    pad.write_bytes(tekst([*rows, ["Totaal", "", "2.104"]], codering="cp1252"))
    text = stel_voor(pad)
    assert 'naam = ["telling *.csv"]' in text
    assert 'duizendtallen = "."  # zoals in 2.104: klopt dat?' in text
    assert "dubbelzinnig: 01-02-2026 kan ook maand-dag-jaar zijn" in text
    assert 'leeg = ["n.b."]' in text
    assert "(?P<jaar>20" in text
    assert 'begint = ["Totaal"]' in text


def test_a_total_that_is_one_word_leaves_out_no_gemeente_that_begins_with_it(tmp_path: Path):
    pad = tmp_path / "telling.csv"
    pad.write_text("Locatie;Datum;Aanwezig\nSomeren;2026-01-01;7\nSom;;7\nSom: alles;;7\n", encoding="utf-8")
    text = stel_voor(pad)
    assert 'begint = ["Som", "Som:"]' in text
    profiel = Genoemd(naam="voorstel", profiel=read_profiel(text, "voorstel.toml"))
    found = lees_met(pad, profiel, Namen({("locatie", "Someren"): "LOC-1"}))
    assert [one["rij"] for one in found["gebeurtenissen"]] == [2], found
    assert (found["overgeslagen"], found["geweigerd"]) == (2, [])


@pytest.mark.parametrize(
    ("kop", "rij", "hoort"),
    [
        ("Locatie;Maximum;Grondslag;Per", "Azc Een;300;besluit;01-01-2026", 'type = "maximum-vastgesteld"'),
        ("Locatie;Toegang;Per", "Azc Een;gedoseerd;01-01-2026", '# Zet erbij: vertaal = {"gedoseerd" = …}'),
        ("Gemeente;Opgave;Datum besluit", "Utrecht;100;01-01-2026", 'type = "opgave-vastgesteld"'),
        ("Locatie;Gesloten per", "Azc Een;01-01-2026", 'type = "locatie-gesloten"'),
        ("Locatie;Datum;Tijd;Aanwezig", "Azc Een;01-01-2026;7:30;300", 'tijdkolom = ["Tijd"]'),
        ("Locatie;Datum;Aanwezig", "Azc Een;46354;300", 'datum = "serieel"'),
        ("Locatie;Datum;Aanwezig", "Azc Een;20261128;300", 'datum = "jaarmaanddag"'),
        ("Datum;Bezettingsgraad", "2026-11-28;96,5%", 'eenheid = "procent"'),
        ("Iets;Anders", "a;b", "# Aan de koppen is niet te zien wat dit is; vul in."),
    ],
)
def test_it_knows_a_table_by_its_heading(kop: str, rij: str, hoort: str, tmp_path: Path):
    pad = tmp_path / "tabel.csv"
    pad.write_text(f"{kop}\n{rij}\n", encoding="utf-8")
    assert hoort in stel_voor(pad)


@pytest.mark.parametrize(
    ("bladen", "hoort"),
    [
        (["Week 21"], None),
        (["Toelichting", "Week 21"], ["Week *"]),
        (["Week 20", "Week 21"], ["Week 21"]),
    ],
)
def test_a_sheet_is_named_only_where_that_is_needed_and_without_what_changes(
    bladen: list[str], hoort: list[str] | None, tmp_path: Path
):
    table = [["Locatie", "Datum", "Aanwezig"], ["Azc Een", "2026-05-20", 300]]
    pad = tmp_path / "telling.xlsx"
    pad.write_bytes(werkmap(**{naam: table if naam == "Week 21" else [["los"]] for naam in bladen}))
    assert tomllib.loads(stel_voor(pad))["bestand"].get("bladen") == hoort


def test_a_name_or_heading_with_signs_of_toml_stays_valid_toml(tmp_path: Path):
    pad = tmp_path / 'te"lling [1].csv'
    pad.write_text('"Loc""atie\\";Datum;Aanwezig;"x\ty\nz"\nAzc Een;2026-01-01;3;4\n', encoding="utf-8")
    assert tomllib.loads(stel_voor(pad))["bestand"]["naam"] == ['te"lling ?*?.csv']


def test_a_file_without_a_table_is_refused(tmp_path: Path):
    for name, content in (
        ("een.csv", b"los\nbriefje\n"),
        ("een.xlsx", werkmap(Blad=[["los"]])),
        ("een.ods", ods(A=[ods_rij("los")])),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ImporterError, match="geen rij met koppen en een rij eronder gevonden"):
            stel_voor(tmp_path / name)


def test_a_proposal_is_no_profile_until_it_says_whose_files_these_are(tmp_path: Path):
    table = tmp_path / "telling.csv"
    table.write_text("Locatie;Datum;Aanwezig\nLOC-1;2026-01-01;3\n", encoding="utf-8")
    proposal = tmp_path / "telling.toml"
    proposal.write_text(stel_voor(table), encoding="utf-8")
    with pytest.raises(ImporterError, match="source is nog die van het voorstel"):
        lees_profiel(proposal)
