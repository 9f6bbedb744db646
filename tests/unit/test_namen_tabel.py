"""The table of names when several change it at once, and what does not belong in it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from services.importer import ImporterError
from services.importer.profiel import Namen, lees_namen
from services.importer.profiel.namen import (
    NAAM_MAX,
    WACHTEN_MAX,
    AlBevestigdError,
    OnbekendeNaamError,
    leg_vast,
    noteer,
)


def test_whoever_changes_it_at_the_same_time_loses_nothing(tmp_path):
    table = tmp_path / "namen.csv"

    def one(n: int) -> None:
        noteer(table, [("locatie", f"Wacht {n}"), ("locatie", f"Huis {n}")])
        leg_vast(table, {("locatie", f"Huis {n}"): f"LOC-{n}"})

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(one, range(24)))
    expected = {("locatie", f"Wacht {n}"): "" for n in range(24)}
    assert lees_namen(table).tabel == expected | {("locatie", f"Huis {n}"): f"LOC-{n}" for n in range(24)}
    assert [path.name for path in tmp_path.iterdir()] == ["namen.csv"]


def test_a_name_that_was_met_never_takes_the_place_of_one_that_was_confirmed(tmp_path):
    table = tmp_path / "namen.csv"
    leg_vast(table, {("locatie", "Het  huis"): "LOC-1"})
    before = table.read_bytes()
    noteer(table, [("locatie", " Het huis "), ("locatie", "x" * (NAAM_MAX + 1))])
    assert table.read_bytes() == before
    with pytest.raises(AlBevestigdError, match="al bevestigd als LOC-1"):
        leg_vast(table, {("gemeente", "Mokum"): "GM0363", ("locatie", "Het huis"): "LOC-2"})
    assert table.read_bytes() == before, "all or none"


def test_a_file_that_is_no_list_of_names_does_not_fill_it(tmp_path):
    table = tmp_path / "namen.csv"
    with pytest.raises(ImporterError, match="wachten dan meer dan 2000 namen"):
        noteer(table, [("locatie", f"Naam {n}") for n in range(WACHTEN_MAX + 1)])
    assert not table.exists()
    with pytest.raises(ImporterError, match="is niet te schrijven: bestaat niet"):
        noteer(tmp_path / "nergens" / "namen.csv", [("locatie", "x")])


@pytest.mark.parametrize("naam", ["", " \t "])
def test_no_name_is_never_written(tmp_path, naam):
    table = tmp_path / "namen.csv"
    with pytest.raises(ImporterError, match="de naam is leeg"):
        leg_vast(table, {("locatie", naam): "LOC-1"})
    noteer(table, [("locatie", naam), ("locatie", "Het huis")])
    assert lees_namen(table).tabel == {("locatie", "Het huis"): ""}


def test_a_name_as_somebody_confirmed_it_goes_before_one_that_looks_like_it():
    namen = Namen({("locatie", "Locatie A"): "LOC-1", ("locatie", "locatie a+"): "LOC-2"})
    assert [namen.id_van("locatie", one) for one in ("Locatie A", "locatie a+")] == ["LOC-1", "LOC-2"]
    with pytest.raises(OnbekendeNaamError, match=r"zo heten LOC-1 en LOC-2"):
        namen.id_van("locatie", "LOCATIE A")


def test_a_name_as_it_is_registered_goes_before_a_confirmed_one_that_looks_like_it():
    namen = Namen({("locatie", "Locatie A+"): "LOC-2"}, {"LOC-1": "Locatie A"})
    assert [namen.id_van("locatie", one) for one in ("Locatie A", "Locatie A+")] == ["LOC-1", "LOC-2"]
    with pytest.raises(OnbekendeNaamError, match=r"zo heten LOC-2 en LOC-1"):
        namen.id_van("locatie", "locatie a")


def test_a_name_of_no_letter_that_is_compared_is_only_itself():
    namen = Namen({("locatie", "***"): "LOC-1"}, {"LOC-2": "مأوى"})
    assert [namen.id_van("locatie", one) for one in ("***", "مأوى")] == ["LOC-1", "LOC-2"]
    for other in ("ملجأ", "**"):
        with pytest.raises(OnbekendeNaamError):
            namen.id_van("locatie", other)
