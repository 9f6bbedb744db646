"""A folder that is watched, on a real server: every row is stored once, whatever is killed, full, away or wrong."""

import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, get_args

import httpx
import orjson
import pytest

from schemas.fields import parse_moment
from services.importer import plan
from services.importer.volgstand import Instant
from tests.support.child import OurChild, free_port
from tests.support.rondes import only_whole
from tests.support.server import Server, opvangpeil
from tests.support.volgt import (
    BATCH,
    PROFIEL,
    ROWS,
    SENT,
    eenmaal,
    leeg,
    leg_neer,
    liggen,
    nachten,
    opgeslagen,
    schrijf_profielen,
    telling,
    verslag,
    volger,
)
from tests.support.volle_schijf import kleine_bestanden, kleine_schijf

NUMMERS = count(1)
UITKOMSTEN = ("nieuw", "anders", "gelijk", "overgeslagen", "geweigerd")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("volgen") / "data") as running:
        yield running


@pytest.fixture
def profielen(tmp_path: Path) -> Path:
    return schrijf_profielen(tmp_path / "profielen")


@pytest.fixture
def map_(tmp_path: Path) -> Path:
    folder = tmp_path / "map"
    folder.mkdir()
    return folder


@pytest.fixture
def plek() -> str:
    """A locatie of which no other test tells."""
    return f"LOC-VOLG-{next(NUMMERS)}"


def test_a_whole_file_is_taken_and_put_away_with_its_report(
    server: Server, map_: Path, profielen: Path, plek: str
) -> None:
    rows = [*nachten(plek), (plek, "2026-05-31T21:00:00Z", "veel")]
    one, heard = volger(map_, profielen, server.url)
    leg_neer(map_, "telling.csv", telling(rows))
    one.ronde()
    assert liggen(map_) == {"telling.csv"}, "one look does not show that it is whole"
    one.ronde()
    assert liggen(map_) == {"verwerkt/telling.csv", "verwerkt/telling.csv.verslag.json"}
    eenmaal(server, plek, rows[:-1])
    told = verslag(map_ / "verwerkt" / "telling.csv.verslag.json")
    assert (told["rijen"], told["nieuw"], told["gelijk"], told["overgeslagen"]) == (ROWS + 2, ROWS, 0, 1)
    (refused,) = told["geweigerd"]
    assert (refused["plaats"], "'veel'" in refused["reden"]) == ("rij 7", True)
    assert (told["profiel"], told["versie"], len(told["sha256"])) == ("telling", 3, 64)
    assert (told["geldigVan"], told["geldigTot"]) == ("2026-05-01T21:00:00Z", "2026-05-05T21:00:00Z")
    assert told["bekendOp"] <= told["klaar"]
    assert "7 rijen; 5 nieuw, 0 anders" in told["samenvatting"][0]
    assert heard.verslagen == [told]
    assert heard.gezegd == []


def test_the_command_watches_and_tells_how_it_goes(
    server: Server, map_: Path, profielen: Path, plek: str, tmp_path: Path
) -> None:
    leg_neer(map_, "telling.csv", telling([*nachten(plek), (plek, "2026-05-31T21:00:00Z", "veel")]))
    leg_neer(map_, "weekcijfers.csv", b"van een ander")
    port = free_port()
    arguments = ["volg", str(map_), "--profiel", "telling", "--url", server.url, "--elke", "1", "--port", str(port)]
    child = OurChild("services.cli", arguments, tmp_path / "log", {"OPVANGPEIL_PROFIELEN": str(profielen)})
    told: dict[str, float] = {}
    deadline = time.monotonic() + 60
    while not told.get('opvangpeil_bestanden_gehinderd{oorzaak="profiel"}'):
        child.must_run()
        assert time.monotonic() < deadline, child.said()
        time.sleep(0.1)
        with suppress(httpx.TransportError):
            lines = httpx.get(f"http://127.0.0.1:{port}/metrics").text.splitlines()
            told = {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if line[:1] != "#"}
    assert {
        naam: told[f'opvangpeil_bestand_rijen_total{{profiel="telling",uitkomst="{naam}"}}'] for naam in UITKOMSTEN
    } == {
        "nieuw": ROWS,
        "anders": 0,
        "gelijk": 0,
        "overgeslagen": 1,
        "geweigerd": 1,
    }
    assert told['opvangpeil_bestanden_total{profiel="telling",uitkomst="verwerkt"}'] == 1
    last, due = (
        told[f'opvangpeil_bestand_{name}_timestamp_seconds{{profiel="telling"}}']
        for name in ("laatste", "verwacht_voor")
    )
    assert due - last == pytest.approx(7 * 86_400)
    assert httpx.get(f"http://127.0.0.1:{port}/gereed").json()["onderdelen"] == ["map", "schijf", "server", "namen"]
    eenmaal(server, plek, nachten(plek))
    report = map_ / "verwerkt" / "telling.csv.verslag.json"
    assert report.stat().st_mode & 0o777 == map_.stat().st_mode & 0o666, "who may read the folder may read the report"
    child.process.terminate()
    assert child.process.wait(20) == 0
    said = [orjson.loads(line) for line in child.log.read_text().splitlines() if line.startswith("{")]
    assert [line["message"] for line in said] == ["bestand opgepakt", "bestand verwerkt", "wordt opgehouden", "stopt"]


@pytest.mark.parametrize(
    ("profiel", "gezegd"), [("er-niet", "Er is geen profiel 'er-niet'"), ("elk", "zou dus elk bestand nemen")]
)
def test_a_profile_that_cannot_be_watched_is_refused_at_once(
    map_: Path, tmp_path: Path, profiel: str, gezegd: str
) -> None:
    folder = schrijf_profielen(tmp_path / "profielen", elk=PROFIEL.replace('naam = ["telling*.csv"]', ""))
    done = opvangpeil("volg", str(map_), "--profiel", profiel, environment={"OPVANGPEIL_PROFIELEN": str(folder)})
    assert (done.returncode, gezegd in done.stderr) == (2, True), done.stderr


class DoodError(BaseException):
    """A kill, for a test that has no process of its own."""


def af(volger_: Any, rondes: int = 3) -> None:
    for _ in range(rondes):
        volger_.ronde()


INSTANTS = [*get_args(Instant), SENT]
QUICK = {"plan", SENT, "verslag"}


@pytest.mark.parametrize("instant", [one if one in QUICK else only_whole(one) for one in INSTANTS])
def test_a_kill_at_any_instant_loses_and_doubles_nothing(
    server: Server, map_: Path, profielen: Path, plek: str, tmp_path: Path, instant: str
) -> None:
    rows = [*nachten(plek, BATCH + 1), (plek, "2026-05-31T21:00:00Z", "veel")]
    leg_neer(map_, "telling.csv", telling(rows))
    arguments = [str(map_), str(profielen), server.url, instant]
    child = OurChild("tests.support.volgt", arguments, tmp_path / "log", {})
    assert child.process.wait(60) == -signal.SIGKILL, child.said()
    one, heard = volger(map_, profielen, server.url)
    af(one)
    eenmaal(server, plek, rows[:-1])
    assert liggen(map_) == {"verwerkt/telling.csv", "verwerkt/telling.csv.verslag.json"}
    leeg(map_)
    told = verslag(map_ / "verwerkt" / "telling.csv.verslag.json")
    assert (told["rijen"], told["nieuw"], told["gelijk"], len(told["geweigerd"])) == (BATCH + 3, BATCH + 1, 0, 1)
    assert heard.gezegd == []
    assert heard.nu.laatste["telling"] == parse_moment(told["klaar"])


def test_half_a_line_in_the_journal_is_as_if_it_was_never_written(
    server: Server, map_: Path, profielen: Path, plek: str
) -> None:
    rows = nachten(plek)
    leg_neer(map_, "telling.csv", telling(rows))
    with pytest.raises(DoodError):
        af(volger(map_, profielen, server.url, stap=_dood("plan"))[0])
    journal = map_ / "bezig" / ".telling.csv.journaal"
    journal.write_bytes(journal.read_bytes()[:-20])
    af(volger(map_, profielen, server.url)[0])
    eenmaal(server, plek, rows)
    assert verslag(map_ / "verwerkt" / "telling.csv.verslag.json")["nieuw"] == ROWS


def test_a_file_in_pieces_is_whole_after_a_kill_between_them(
    server: Server, map_: Path, profielen: Path, plek: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "STUK", 2)
    rows = nachten(plek)
    again = (plek, rows[0][1], 999)
    leg_neer(map_, "telling.csv", telling([*rows, (plek, "2026-05-31T21:00:00Z", "veel"), again]))
    for times in (2, 1, 2):  # Each process gets a little further.
        with pytest.raises(DoodError):
            af(volger(map_, profielen, server.url, stap=_dood("plan", times))[0])
    af(volger(map_, profielen, server.url)[0])
    eenmaal(server, plek, rows)
    told = verslag(map_ / "verwerkt" / "telling.csv.verslag.json")
    assert (told["rijen"], told["nieuw"], len(told["geweigerd"])) == (ROWS + 3, ROWS, 2)
    assert "geeft een andere waarde dan rij 2, over hetzelfde onderwerp" in told["geweigerd"][1]["reden"]
    assert told["geweigerd"][1]["inhoud"] == ";".join(map(str, again))


def _dood(instant: str, keer: int = 1) -> Any:
    left = [keer]

    def stap(naam: str) -> None:
        left[0] -= naam == instant
        if naam == instant and left[0] == 0:
            raise DoodError

    return stap


@pytest.mark.parametrize("schijf", [kleine_schijf, kleine_bestanden])
@pytest.mark.parametrize("instant", ["", "genomen", "verzonden", "uitslag", "verplaatst"])
def test_a_full_disk_is_said_once_and_loses_and_doubles_nothing(
    server: Server, map_: Path, profielen: Path, plek: str, schijf: Any, instant: str
) -> None:
    """Each instant comes before another write: the stand, the pieces, the outcome, the report, and the stand again."""
    rows = nachten(plek, BATCH + 1)
    wrong = [(plek, "2026-05-31T21:00:00Z", "veel" * 10)] * 60  # The outcome and the report take more than a page.
    full: list[bool] = []
    with schijf(map_) as vol:
        leg_neer(map_, "telling.csv", telling([*rows, *wrong]))

        def stap(naam: str) -> None:
            if naam == instant and not full:
                full.append(True)
                vol(True)

        one, heard = volger(map_, profielen, server.url, stap=stap)
        if not instant:
            vol(True)
        af(one, 5)
        vol(False)
        assert [oorzaak for oorzaak, _ in heard.gezegd] == ["schijf"], heard.gezegd
        assert heard.verslagen == []
        assert ("schijf", "") in heard.nu.gehinderd
        af(one)
        eenmaal(server, plek, rows)
        leeg(map_)
        told = verslag(map_ / "verwerkt" / "telling.csv.verslag.json")
        assert (told["nieuw"], told["gelijk"], len(told["geweigerd"])) == (BATCH + 1, 0, 60)
        assert heard.voorbij == heard.gezegd
        assert heard.nu.gehinderd == {}


def test_the_same_file_again_sends_nothing_and_overwrites_nothing(
    server: Server, map_: Path, profielen: Path, plek: str
) -> None:
    rows = nachten(plek)
    one, heard = volger(map_, profielen, server.url, klok=lambda: datetime(2026, 6, 1, 5, 0, 7, tzinfo=UTC))
    for _ in range(3):
        leg_neer(map_, "telling.csv", telling(rows))
        af(one)
    again, third = (f"telling 20260601T050007Z{number}.csv" for number in ("", "-2"))
    names = {f"verwerkt/{name}{end}" for name in ("telling.csv", again, third) for end in ("", ".verslag.json")}
    assert liggen(map_) == names
    eenmaal(server, plek, rows)
    told = verslag(map_ / "verwerkt" / f"{again}.verslag.json")
    assert (told["nieuw"], told["gelijk"]) == (0, ROWS)
    assert "Er is niets verstuurd: alles stond er al zo." in told["samenvatting"]
    assert (heard.mappen, heard.verstuurd) == (["verwerkt"] * 3, ROWS)


def test_a_correction_says_what_was(server: Server, map_: Path, profielen: Path, plek: str) -> None:
    one, heard = volger(map_, profielen, server.url)
    for present in (10, 20, 10):
        leg_neer(map_, "telling.csv", telling(nachten(plek, 1, present)))
        af(one)
    assert [present for _, present in opgeslagen(server, plek)] == [11, 21, 11]
    (change,) = heard.verslagen[-1]["anders"]
    assert (change["plaats"], "21" in change["was"]) == ("rij 2", True)


def test_what_is_refused_as_a_whole_goes_to_geweigerd_with_the_reason(
    server: Server, map_: Path, profielen: Path, plek: str
) -> None:
    one, heard = volger(map_, profielen, server.url)
    leg_neer(map_, "telling-1.csv", b"Plaats;Aantal\nUtrecht;3\n")
    leg_neer(map_, "telling-2.csv", telling([(plek, "2026-05-01T21:00:00Z", "veel")]))
    leg_neer(map_, "telling-3.csv", b"Locatie;Moment;Aanwezig\n")
    af(one)
    assert liggen(map_) == {
        f"{map_naam}/telling-{number}.csv{end}"
        for map_naam, number in (("geweigerd", 1), ("geweigerd", 2), ("verwerkt", 3))
        for end in ("", ".verslag.json")
    }
    why = [told["samenvatting"][0] for told in heard.verslagen]
    assert "kopregel" in why[0]
    assert why[1].endswith("is geweigerd: er is geen rij die kan worden aangenomen.")
    assert opgeslagen(server, plek) == []


def test_a_name_that_nobody_knows_waits_and_the_rest_is_taken(
    server: Server, map_: Path, profielen: Path, plek: str
) -> None:
    one, heard = volger(map_, profielen, server.url)
    leg_neer(map_, "telling.csv", telling([*nachten(plek), ("De Onbekende Hoeve", "2026-05-01T21:00:00Z", 4)]))
    af(one)
    eenmaal(server, plek, nachten(plek))
    assert heard.verslagen[0]["namen"] == [{"soort": "locatie", "naam": "De Onbekende Hoeve"}]
    assert "locatie;De Onbekende Hoeve;" in (profielen / "namen.csv").read_text()
    assert heard.nu.namen == {"locatie": 1, "gemeente": 0, "provincie": 0}
    assert "1 naam wacht" in " ".join(heard.verslagen[0]["samenvatting"])


def test_a_server_that_is_away_is_waited_for(server: Server, map_: Path, profielen: Path, plek: str) -> None:
    leg_neer(map_, "telling.csv", telling(nachten(plek)))
    gone, heard = volger(map_, profielen, f"http://127.0.0.1:{free_port()}")
    af(gone, 4)
    assert [oorzaak for oorzaak, _ in heard.gezegd] == ["server"]
    af(volger(map_, profielen, server.url)[0])
    eenmaal(server, plek, nachten(plek))
    leeg(map_)


def test_a_file_that_grows_while_it_is_read_begins_anew(server: Server, map_: Path, profielen: Path, plek: str) -> None:
    rows = nachten(plek)
    leg_neer(map_, "telling.csv", telling(rows[:2]))
    grown: list[bool] = []

    def stap(naam: str) -> None:
        if naam == "genomen" and not grown:
            grown.append(True)
            (map_ / "bezig" / "telling.csv").write_bytes(telling(rows))

    one, heard = volger(map_, profielen, server.url, stap=stap)
    af(one, 5)
    assert [oorzaak for oorzaak, _ in heard.gezegd] == ["bestand"]
    eenmaal(server, plek, rows)
    assert heard.verslagen[0]["nieuw"] == ROWS


def test_a_file_that_grew_and_came_anew_is_refused_and_holds_up_nothing(
    server: Server, map_: Path, profielen: Path, plek: str
) -> None:
    rows = nachten(plek)
    leg_neer(map_, "telling.csv", telling(rows[:2]))
    gone, _ = volger(map_, profielen, f"http://127.0.0.1:{free_port()}")
    af(gone, 2)
    (map_ / "bezig" / "telling.csv").write_bytes(telling(rows[:3]))
    leg_neer(map_, "telling.csv", telling(rows[:4]))
    leg_neer(map_, "telling-2.csv", telling(rows[4:]))
    for instant in ("uitslag", ""):
        one, heard = volger(map_, profielen, server.url, stap=_dood(instant))
        with suppress(DoodError):
            af(one)
    assert liggen(map_) == {
        f"{naam}{end}"
        for naam in ("geweigerd/telling.csv", "verwerkt/telling.csv", "verwerkt/telling-2.csv")
        for end in ("", ".verslag.json")
    }
    assert "er is al een nieuw bestand telling.csv" in heard.verslagen[0]["reden"]
    eenmaal(server, plek, rows)
    leeg(map_)


def test_what_others_put_in_verwerkt_meanwhile_stays(server: Server, map_: Path, profielen: Path, plek: str) -> None:
    def stap(naam: str) -> None:
        if naam == "uitslag":
            (map_ / "verwerkt" / "telling.csv").write_text("van een ander")

    one, _ = volger(map_, profielen, server.url, stap=stap)
    leg_neer(map_, "telling.csv", telling(nachten(plek)))
    af(one)
    assert (map_ / "verwerkt" / "telling.csv").read_text() == "van een ander"
    assert len(liggen(map_)) == 3
    eenmaal(server, plek, nachten(plek))
