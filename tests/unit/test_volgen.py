"""What a watched folder takes and leaves, and what it says, without a server: nothing here comes to sending."""

import fcntl
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from prometheus_client import CollectorRegistry

from services.cli.volgdienst import Gehoord
from services.importer.plan import Plan, Rijuitkomst
from services.importer.schijf import Journaal, bestanden_in, schrijf_heel, vrije_naam
from services.importer.volgen import Volger
from services.importer.volgstand import Stand
from services.importer.volgverslag import Bestandsverslag, stuk_van
from services.metrics import make_metrics
from services.web import NotReadyError
from tests.support.volgt import PROFIEL, Hoorder, liggen, schrijf_profielen, volger

NERGENS = "http://127.0.0.1:1"
NU = datetime(2026, 6, 1, 5, 0, 7, tzinfo=UTC)
ROW = b"Locatie;Moment;Aanwezig\nLOC-1;2026-05-01T21:00:00Z;3\n"


@pytest.fixture
def map_(tmp_path: Path) -> Path:
    folder = tmp_path / "map"
    folder.mkdir()
    return folder


def gevolgd(map_: Path, klok: list[datetime] | None = None, **profielen: str) -> tuple[Volger, Hoorder]:
    folder = schrijf_profielen(map_.parent / "profielen", **profielen)
    return volger(map_, folder, NERGENS, klok=lambda: klok[-1] if klok else NU)


def rondes(one: Volger, hoeveel: int = 3) -> None:
    for _ in range(hoeveel):
        one.ronde()


@pytest.mark.parametrize(
    "naam", ["telling.csv.part", "telling.csv.tmp", ".telling.csv", "~$telling.csv", "telling.csv.crdownload"]
)
def test_what_a_program_still_writes_is_left(map_: Path, naam: str) -> None:
    (map_ / naam).write_bytes(ROW)
    one, heard = gevolgd(map_)
    rondes(one)
    assert (map_ / naam).exists()
    assert (heard.gezegd, heard.nu.wachtend) == ([], 0)


def test_a_file_that_grows_is_left_until_two_looks_are_the_same(map_: Path) -> None:
    one, heard = gevolgd(map_)
    for size in range(1, 4):
        (map_ / "telling.csv").write_bytes(ROW * size)
        one.ronde()
        assert heard.gezegd == []
    (map_ / "telling.csv").write_bytes(ROW[:-1] + b"4")
    os.utime(map_ / "telling.csv", ns=(1, 1))
    one.ronde()
    assert (heard.gezegd, heard.nu.wachtend) == ([], 1), "another moment: somebody wrote"
    one.ronde()
    assert [oorzaak for oorzaak, _ in heard.gezegd] == ["server"], "now it is taken"


def test_another_file_under_the_same_name_is_looked_at_twice_too(map_: Path) -> None:
    one, heard = gevolgd(map_)
    for _ in range(3):
        (map_ / "los").write_bytes(ROW)
        os.utime(map_ / "los", ns=(1, 1))
        (map_ / "los").replace(map_ / "telling.csv")
        one.ronde()
        assert heard.gezegd == []


@pytest.mark.parametrize(
    ("naam", "inhoud", "oorzaak", "gezegd"),
    [
        ("weekcijfers.csv", ROW, "profiel", "geen profiel past op die naam; wel: telling-*, telling*.csv"),
        ("telling-3.csv", ROW, "profiel", "nacht en telling passen allebei op die naam"),
        ("telling.csv", b"", "bestand", "telling.csv is leeg, en blijft liggen tot er iets in staat"),
        (f"telling{'x' * 210}.csv", ROW, "bestand", "is langer dan 200 bytes; geef het bestand een andere naam"),
        (os.fsdecode(b"telling\xff.csv"), ROW, "bestand", r"de naam telling\xff.csv is geen UTF-8"),
    ],
)
def test_what_cannot_be_taken_stays_and_is_said_once(
    map_: Path, naam: str, inhoud: bytes, oorzaak: str, gezegd: str
) -> None:
    nacht = PROFIEL.replace('"telling*.csv"', '"telling-*"')
    one, heard = gevolgd(map_, telling=PROFIEL, nacht=nacht)
    (map_ / naam).write_bytes(inhoud)
    rondes(one, 4)
    ((found, text),) = heard.gezegd
    assert (found, gezegd in text) == (oorzaak, True), text
    assert (heard.nu.wachtend, (map_ / naam).exists()) == (1, True)
    (map_ / naam).unlink()
    one.ronde()
    assert heard.voorbij == heard.gezegd


def test_folders_and_links_are_no_files_to_take_and_that_is_said(map_: Path, tmp_path: Path) -> None:
    (map_ / "telling-map.csv").mkdir()
    (map_ / "telling-weg.csv").symlink_to(tmp_path / "er-niet")
    one, heard = gevolgd(map_)
    (map_ / "telling.csv").write_bytes(ROW)
    rondes(one, 4)
    way_out = f"en wordt niet gelezen; zet de bestanden zelf in {map_}"
    assert heard.gezegd[:2] == [
        ("bestand", f"telling-map.csv is een map, {way_out}"),
        ("bestand", f"telling-weg.csv is een koppeling naar iets anders, {way_out}"),
    ]
    assert ([oorzaak for oorzaak, _ in heard.gezegd[2:]], heard.nu.wachtend) == (["server"], 0)
    assert heard.voorbij == [], "they are still there, also where a round ends early"


def test_a_folder_that_is_away_is_waited_for(map_: Path) -> None:
    one, heard = gevolgd(map_)
    map_.rmdir()
    rondes(one)
    assert heard.gezegd == [("map", f"de map {map_} is er niet")]
    map_.mkdir()
    rondes(one)
    assert heard.voorbij == heard.gezegd
    away = map_.rename(map_.with_name("weg"))
    map_.mkdir()  # As below a mount that is gone.
    rondes(one)
    assert "is dit nog dezelfde map?" in heard.gezegd[-1][1]
    assert not list(map_.iterdir()), "nothing is made in what is another folder"
    map_.rmdir()
    away.rename(map_)
    one.ronde()
    assert heard.nu.gehinderd == {}


def test_a_folder_that_is_a_file_is_said(map_: Path) -> None:
    one, heard = gevolgd(map_)
    (map_ / "verwerkt").write_text("een bestand")
    rondes(one)
    ((oorzaak, _),) = heard.gezegd
    assert oorzaak == "map"


def test_two_do_not_watch_one_folder(map_: Path) -> None:
    one, heard = gevolgd(map_)
    one.ronde()
    with (map_ / "bezig" / ".slot").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        rondes(one)
        assert heard.gezegd == [("map", f"een ander proces volgt {map_} al")]
    one.ronde()
    assert heard.nu.gehinderd == {}


def test_what_somebody_put_in_bezig_is_said_and_left(map_: Path) -> None:
    one, heard = gevolgd(map_)
    one.ronde()
    (map_ / "bezig" / "telling.csv").write_bytes(ROW)
    rondes(one)
    ((oorzaak, text),) = heard.gezegd
    assert (oorzaak, "zonder journaal" in text) == ("bestand", True)
    assert liggen(map_) == {"bezig/telling.csv"}
    (map_ / "telling.csv").write_bytes(ROW * 2)
    rondes(one)
    assert "telling.csv blijft liggen: in bezig/ ligt nog een bestand met die naam" in heard.gezegd[-1][1]
    assert (map_ / "bezig" / "telling.csv").read_bytes() == ROW, "it is not overwritten"
    assert (map_ / "telling.csv").read_bytes() == ROW * 2


def test_what_is_begun_and_taken_away_is_said(map_: Path) -> None:
    one, heard = gevolgd(map_)
    (map_ / "telling.csv").write_bytes(ROW)
    rondes(one)
    (map_ / "bezig" / "telling.csv").unlink()
    one.ronde()
    assert "is uit bezig/ gehaald voor het klaar was" in heard.gezegd[-1][1]


def test_an_expected_file_that_stays_away_is_said_once_also_after_a_restart(map_: Path) -> None:
    clock = [NU]
    one, heard = gevolgd(map_, clock)
    one.ronde()
    assert heard.nu.verwacht_voor == {"telling": NU + timedelta(days=7)}
    assert heard.nu.laatste == {}
    clock.append(NU + timedelta(days=7, seconds=1))
    rondes(one)
    assert heard.gezegd == [
        ("te laat", "van profiel telling kwam geen bestand; verwacht: uiterlijk 8 jun 2026 07:00, elke 7 dagen")
    ]
    again, later = gevolgd(map_, clock)
    again.ronde()
    assert later.gezegd == heard.gezegd


def test_a_file_of_names_with_a_fault_is_said(map_: Path) -> None:
    one, heard = gevolgd(map_)
    (map_.parent / "profielen" / "namen.csv").write_text("locatie;x\n")
    rondes(one)
    ((oorzaak, text),) = heard.gezegd
    assert (oorzaak, "regel 1" in text) == ("namen", True)
    assert heard.nu.gehinderd == {("namen", ""): text}, "it holds up every file"


def test_what_holds_up_one_file_does_not_hold_up_the_next(map_: Path) -> None:
    other = PROFIEL.replace('"telling*.csv"', '"nacht*.csv"')
    one, heard = gevolgd(map_, telling=PROFIEL, nacht=other)
    (map_ / "nacht.csv").write_bytes(ROW)
    rondes(one)
    (map_.parent / "profielen" / "nacht.toml").unlink()
    one, heard = gevolgd(map_, telling=PROFIEL)
    (map_ / "telling.csv").write_bytes(ROW)
    rondes(one)
    assert [oorzaak for oorzaak, _ in heard.gezegd] == ["profiel", "server"], "the second file is begun"
    assert "nacht.csv is begonnen met profiel nacht; volg dat ook" in heard.gezegd[0][1]
    assert liggen(map_) == {"bezig/nacht.csv", "bezig/telling.csv"}


def test_ready_tells_what_holds_up_all_and_no_name_or_path(map_: Path) -> None:
    heard = Gehoord(make_metrics(CollectorRegistry()), [])
    checks = heard.checks()
    for asked, said in ((None, "nog niet naar de map gekeken"), ("map", "houdt alle bestanden op")):
        if asked:
            heard.stand(Stand(gehinderd={("map", ""): f"{map_}: geen toegang", ("server", "x"): "x"}))
        with pytest.raises(NotReadyError, match=said) as told:
            checks["map"]()
        assert str(map_) not in str(told.value)
    checks["server"]()


def test_a_stand_that_is_damaged_is_said(map_: Path) -> None:
    one, heard = gevolgd(map_)
    one.ronde()
    (map_ / "bezig" / ".stand.json").write_bytes(b"{")
    rondes(one)
    assert "is niet te lezen; haal dat bestand weg" in heard.gezegd[0][1]


def test_what_the_server_still_refuses_is_told_once_and_counts_as_refused() -> None:
    def row(number: int, outcome: str) -> Rijuitkomst:
        return Rijuitkomst("", number, f"rij {number}", outcome, "iets", {"id": str(number), "data": {}})

    rows = [row(2, "nieuw"), row(3, "wijkt af"), row(4, "nieuw")]
    piece = stuk_van(Plan("a.csv", "telling", rijen=rows, laatste=True), [])
    report = Bestandsverslag("a.csv", "telling", 1, "", "2026-06-01T00:00:00Z")
    report.neem(orjson.loads(orjson.dumps(piece)))
    refused = [(row, "geen recht") for row in rows[:2]]
    report.weiger(refused, geteld=True)
    report.weiger(refused, geteld=False)  # A file in pieces is sent once more.
    assert (report.rijen, report.nieuw, report.anders) == (3, 1, [])
    assert [one["plaats"] for one in report.geweigerd] == ["rij 2", "rij 3"]
    assert report.iets_genomen
    assert report.json()["samenvatting"][0].endswith(
        "3 rijen; 1 nieuw, 0 anders dan wat er stond, 0 stonden er al zo, 0 overgeslagen volgens het profiel, "
        "2 geweigerd."
    )


def test_a_journal_cut_at_any_byte_has_the_lines_before_it_and_goes_on(tmp_path: Path) -> None:
    whole = Journaal(tmp_path / "heel")
    lines = [{"kop": "één"}, {"stuk": [1, "\n", {"a": None}]}, {"uitslag": "drie"}]
    for line in lines:
        whole.schrijf(line)
    text = whole.pad.read_bytes()
    ends = [0, *(at + 1 for at, sign in enumerate(text) if sign == ord("\n"))]
    for cut in range(len(text) + 1):
        journal = Journaal(tmp_path / "deel")
        journal.pad.write_bytes(text[:cut])
        known = list(journal.regels())
        assert known == lines[: sum(end <= cut for end in ends[1:])]
        journal.schrijf({"verder": True})
        assert list(Journaal(journal.pad).regels()) == [*known, {"verder": True}]


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    pad = tmp_path / "stand.json"
    schrijf_heel(pad, b"een")
    schrijf_heel(pad, b"twee")
    assert (pad.read_bytes(), [*bestanden_in(tmp_path)]) == (b"twee", ["stand.json"])
    assert list(tmp_path.iterdir()) == [pad]


def test_a_free_name_leaves_room_for_the_report(tmp_path: Path) -> None:
    assert vrije_naam(tmp_path, "a.tar.gz", NU) == "a.tar.gz"
    (tmp_path / "a.csv.verslag.json").write_bytes(orjson.dumps({}))
    assert vrije_naam(tmp_path, "a.csv", NU) == "a 20260601T050007Z.csv"
