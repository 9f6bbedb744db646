"""The table of names when several change it at once, and what does not belong in it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from services.importer import ImporterError
from services.importer.profiel import lees_namen
from services.importer.profiel.namen import NAAM_MAX, WACHTEN_MAX, AlBevestigdError, leg_vast, noteer


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
