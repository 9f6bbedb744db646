"""Files that imitate real ones with their faults: each gives exactly the events and refusals that it should."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from services.importer.model import ImporterError
from services.importer.profiel import Genoemd, Namen, Omzetting, lees_profiel, read_profiel
from tests.corpus.alle import HIER, PROFIELEN, alle, van_de_profielen, verwacht
from tests.corpus.bouw import uitgepakt
from tests.corpus.geval import kern
from tests.corpus.uitkomst import lees_uit

ALLE = {one.bestand: one for one in alle()}


@pytest.fixture(scope="module")
def uitkomsten() -> Mapping[str, Any]:
    return {name: lees_uit(HIER / name, one.profiel) for name, one in ALLE.items()}


def test_at_least_sixty_files_imitate_real_ones_with_their_faults():
    assert len(ALLE) == len(alle()) >= 60


@pytest.mark.parametrize("bestand", ALLE)
def test_a_file_gives_exactly_its_events_and_refusals(bestand: str, uitkomsten: Mapping[str, Any]):
    expected = dict(verwacht()[bestand])
    assert expected.pop("fout") == ALLE[bestand].fout
    assert uitkomsten[bestand] == expected


@pytest.mark.parametrize("bestand", ALLE)
def test_what_a_file_gives_is_what_its_maker_meant(bestand: str, uitkomsten: Mapping[str, Any]):
    one, found = ALLE[bestand], uitkomsten[bestand]
    if one.heel:
        assert one.heel in found["heel"]
        return
    assert "heel" not in found, found.get("heel")
    assert _by_row(found["geweigerd"], "reden").keys() == one.mis.keys()
    for row, words in one.mis.items():
        assert words in "; ".join(_by_row(found["geweigerd"], "reden")[row])
    events = _by_row(found["gebeurtenissen"], "gebeurtenis")
    assert events.keys() == one.goed.keys()
    for row, meant in one.goed.items():
        for event, part in zip(events[row], meant if isinstance(meant, list) else [meant], strict=True):
            _check(kern(event), part)
    assert found["overgeslagen"] == one.over


def test_what_is_checked_in_is_what_the_module_writes():
    made = {HIER / one.bestand: one.inhoud for one in alle()} | dict(van_de_profielen())
    stale = [pad.name for pad, content in made.items() if uitgepakt(pad.read_bytes()) != uitgepakt(content)]
    assert not stale, f"{', '.join(stale)}: run `python -m tests.corpus`"
    profiles = {HIER / f"{one.bestand}.toml": one.profiel for one in alle()}
    assert not [pad.name for pad, text in profiles.items() if pad.read_text(encoding="utf-8") != text]
    there = {pad for pad in HIER.glob("*/*") if pad.parent.name != "__pycache__"}
    assert there == set(profiles) | {HIER / one.bestand for one in alle()}


def test_every_refusal_says_where_and_in_dutch(uitkomsten: Mapping[str, Any]):
    for name, found in uitkomsten.items():
        for one in found.get("geweigerd", ()):
            assert one["plaats"].endswith(f"rij {one['rij']}")
            assert len(one["reden"]) < 500, name
            assert "Error" not in one["reden"]
            assert "None" not in one["reden"]


def _by_row(found: list[dict[str, Any]], name: str) -> dict[int, list[Any]]:
    rows: dict[int, list[Any]] = {}
    for one in found:
        rows.setdefault(one["rij"], []).append(one[name])
    return rows


def _check(event: Mapping[str, Any], part: Any) -> None:
    if isinstance(part, int):
        assert event["aanwezig"] == part
    elif isinstance(part, str):
        assert event["peilmoment"] == part
    else:
        assert {name: event.get(name) for name in part} == part


def test_what_is_wrong_is_told_under_the_name_that_its_sender_gave_the_file(tmp_path: Path):
    for name in ("geheel/json.csv", "tekst/verkeerde-codering.csv", "geheel/kolom-ontbreekt.csv"):
        kept = tmp_path / "7f3a"
        kept.write_bytes((HIER / name).read_bytes())
        profiel = Genoemd(naam="corpus", profiel=read_profiel(ALLE[name].profiel, "corpus.toml"))
        with pytest.raises(ImporterError, match=r"^gestuurd\.csv") as refused:
            list(Omzetting(profiel, Namen({})).rijen(kept, "gestuurd.csv"))
        assert "7f3a" not in str(refused.value)


def test_a_list_that_is_whole_is_asked_for_once_however_many_events_it_gives():
    profiel = lees_profiel(PROFIELEN / "locatielijst.toml")
    kinds = [kind.split(".")[-2] for _, kind in Omzetting(profiel, Namen({})).lijsten]
    assert kinds == ["locatie-geregistreerd", "capaciteit-gewijzigd"]
