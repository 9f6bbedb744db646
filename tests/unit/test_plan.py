"""Plans what to send of a file, piece by piece, and asks a server in parts, without a server."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import httpx
import orjson
import pytest

from services.importer import plan as planning
from services.importer.logboek import Logomzetting
from services.importer.model import ImporterError
from services.importer.plan import Plan, maak_plannen
from services.importer.profiel import Genoemd, Geweigerd, Namen, Omzetting, getoetst, read_profiel
from services.importer.vergelijk import VanServer, Vergelijking
from tests.support.vergelijkend import InDitProces
from tests.support.volgt import PROFIEL

NU = datetime(2026, 6, 1, tzinfo=UTC)
PLAATSEN = """versie = 1
omschrijving = "Plaatsen, verzonnen"
source = "urn:nld:oin:00000000000000000001:systeem:proef"
[schrijfwijze]
datum = "jaar-maand-dag"
[[gebeurtenis]]
type = "capaciteit-gewijzigd"
onderwerp = {kolom = ["Locatie"], namen = "locatie"}
als = {kolom = ["Regulier"], gevuld = true}
velden.geldigVanaf = {kolom = ["Vanaf"]}
velden."plaatsen.regulier.aantal" = {kolom = ["Regulier"]}
[[gebeurtenis]]
type = "capaciteit-gewijzigd"
onderwerp = {kolom = ["Locatie"], namen = "locatie"}
als = {kolom = ["Nood"], gevuld = true}
velden.geldigVanaf = {kolom = ["Vanaf"]}
velden."plaatsen.nood.aantal" = {kolom = ["Nood"]}
"""


class Nieuw:
    """Compares with nothing: everything is new. It refuses counts of 666."""

    def __init__(self) -> None:
        self.gevraagd: list[list[dict[str, Any]]] = []

    def __call__(self, events: Sequence[dict[str, Any]], **_: object) -> Vergelijking:
        self.gevraagd.append([*events])
        return Vergelijking([self._said(one) for one in events], NU)

    def _said(self, event: dict[str, Any]) -> dict[str, Any]:
        if event["data"].get("aanwezig") == 666:
            return {"uitkomst": "geweigerd", "fouten": [{"veld": "data.aanwezig", "melding": "kan niet"}]}
        return {"uitkomst": "nieuw", "data": event["data"], "time": "2026-06-01T00:00:00Z"}


def bestand(tmp_path: Path, *rijen: str, kop: str = "Locatie;Moment;Aanwezig") -> Path:
    pad = tmp_path / "telling.csv"
    pad.write_text("\n".join([kop, *rijen, ""]))
    return pad


def omzetting(profiel: str = PROFIEL) -> Omzetting:
    return Omzetting(Genoemd(naam="proef", profiel=read_profiel(profiel, "proef.toml")), Namen({}))


def geweigerd(plannen: Sequence[Plan]) -> list[tuple[str, str, str]]:
    return [(row.plaats, row.zin, row.inhoud) for plan in plannen for row in plan.rijen if row.uitkomst == "geweigerd"]


@pytest.fixture(autouse=True)
def stuk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "STUK", 2)


def test_a_row_that_contradicts_an_earlier_piece_is_refused_and_any_other_is_not(tmp_path: Path) -> None:
    rows = [f"LOC-{n};2026-05-0{n}T21:00:00Z;{n}" for n in range(1, 4)]
    again, other = rows[0], "LOC-1;2026-05-01T21:00:00Z;9"
    pad = bestand(tmp_path, *rows, again, other, "LOC-1;2026-05-01T22:00:00Z;9", other)
    plannen = [*maak_plannen(pad, omzetting(), Nieuw())]
    why = "geeft een andere waarde dan rij 2, over hetzelfde onderwerp en hetzelfde moment; laat een van de twee weg"
    assert geweigerd(plannen) == [(f"rij {n}", why, other) for n in (6, 8)]
    assert [len(plan.te_zenden) for plan in plannen] == [2, 2, 1, 0]


def test_what_was_refused_itself_contradicts_nothing(tmp_path: Path) -> None:
    invalid, refused, right = (f"LOC-1;2026-05-01T21:00:00Z;{count}" for count in (-3, 666, 3))
    plannen = [*maak_plannen(bestand(tmp_path, invalid, refused, right), omzetting(), Nieuw())]
    assert geweigerd(plannen[1:]) == []


def test_places_of_two_sorts_at_one_moment_do_not_contradict_each_other(tmp_path: Path) -> None:
    rows = ["LOC-1;2026-05-01;100;", "LOC-2;2026-05-01;100;", "LOC-1;2026-05-01;;30", "LOC-1;2026-05-01;;31"]
    pad = bestand(tmp_path, *rows, kop="Locatie;Vanaf;Regulier;Nood")
    assert geweigerd([*maak_plannen(pad, omzetting(PLAATSEN), Nieuw())]) == []
    plannen = [
        *maak_plannen(
            bestand(tmp_path, *rows, rows[0], "LOC-1;2026-05-01;101;32", kop="Locatie;Vanaf;Regulier;Nood"),
            omzetting(PLAATSEN),
            Nieuw(),
        )
    ]
    assert [(where, why.partition(", over")[0]) for where, why, _ in geweigerd(plannen)] == [
        ("rij 7", "geeft een andere waarde dan rij 2"),
        ("rij 7", "geeft een andere waarde dan rij 4"),
    ]


def test_a_line_of_a_log_is_what_it_was_whatever_an_earlier_one_says(tmp_path: Path) -> None:
    kop = "id,source,type,subject,time,data.peilmoment,data.aanwezig"
    rows = [
        f"id-{n},urn:nld:oin:00000000000000000001:systeem:proef,nl.opvanglocaties.bezetting-gemeld.v1,LOC-1,"
        f"2026-05-0{n}T22:00:00Z,2026-05-01T21:00:00Z,{n}"
        for n in range(1, 5)
    ]
    plannen = [*maak_plannen(bestand(tmp_path, *rows, kop=kop), Logomzetting(), Nieuw())]
    assert (geweigerd(plannen), [len(plan.te_zenden) for plan in plannen]) == ([], [2, 2])


def test_the_events_of_a_row_stay_together_and_a_file_is_bound_by_its_rows(tmp_path: Path) -> None:
    rows = [f"LOC-{n};2026-05-01;100;30" for n in range(3)]
    pad = bestand(tmp_path, "LOC-9;2026-05-01;100;", *rows, kop="Locatie;Vanaf;Regulier;Nood")
    plannen = [*maak_plannen(pad, omzetting(PLAATSEN), Nieuw())]
    assert [[row.rij for row in plan.rijen] for plan in plannen] == [[2, 3, 3], [4, 4], [5, 5]]
    (plan,) = maak_plannen(pad, omzetting(PLAATSEN), Nieuw(), hoogstens=4)
    assert len(plan.rijen) == 7
    with pytest.raises(ImporterError, match="heeft meer dan 3 rijen"):
        list(maak_plannen(pad, omzetting(PLAATSEN), Nieuw(), hoogstens=3))


def test_a_refused_row_is_told_with_its_cells_whoever_refuses_it(tmp_path: Path) -> None:
    pad = bestand(tmp_path, "LOC-1;2026-05-01T21:00:00Z;veel", "LOC-1;2026-05-01T21:00:00Z;666")
    (plan,) = maak_plannen(pad, omzetting(), Nieuw())
    assert [inhoud.split(";")[2] for _, _, inhoud in geweigerd([plan])] == ["veel", "666"]
    pad = bestand(tmp_path, "LOC-1;2026-05-01T21:00:00Z;-3")
    (one,) = getoetst(omzetting().rijen(pad))
    assert isinstance(one, Geweigerd)
    assert one.inhoud == "LOC-1;2026-05-01T21:00:00Z;-3"


def test_what_is_about_one_moment_is_compared_at_once_also_where_a_subject_has_too_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "MOST", 4)
    monkeypatch.setattr(planning, "STUK", 100)
    days = [1, 2, 3, 3, 3, 4, 5, 6]
    pad = bestand(tmp_path, *(f"LOC-1;2026-05-0{day}T21:00:00Z;{day}" for day in days))
    asked = Nieuw()
    list(maak_plannen(pad, omzetting(), asked))
    assert [[one["data"]["aanwezig"] for one in group] for group in asked.gevraagd] == [[1, 2], [3, 3, 3], [4, 5, 6]]


def test_events_too_long_for_one_request_are_cut_between_subjects_and_named_by_their_place_in_the_whole() -> None:
    asked: list[list[str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        events = orjson.loads(request.content)["gebeurtenissen"]
        if len(events) > 3:
            return httpx.Response(413, json={"detail": "te groot"})
        asked.append([one["subject"] for one in events])
        other = {
            "uitkomst": "geweigerd",
            "fouten": [{"veld": "data", "melding": "anders dan gebeurtenis 0 in dit verzoek"}],
        }
        return httpx.Response(200, json={"rijen": [other for _ in events], "bekendOp": "2026-06-01T00:00:00+00:00"})

    with httpx.Client(base_url="http://hier", transport=httpx.MockTransport(answer)) as client:
        compare = VanServer(cast(Any, InDitProces(client)))
        said = compare([{"subject": one, "data": {}} for one in "AABBBCDD"])
    assert asked == [["A", "A"], ["B", "B", "B"], ["C", "D", "D"]]
    named = [row["fouten"][0]["melding"].split()[3] for row in said.rijen]
    assert named == ["0", "0", "2", "2", "2", "5", "5", "5"]
