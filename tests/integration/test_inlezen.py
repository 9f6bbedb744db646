"""A file of a source, by the commands that people use: proposed, tried, read, corrected, and read once more."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import orjson
import pytest

from services.importer import ImportStoppedError, Verslag, lees_in, plan
from services.importer import Server as To
from services.importer.profiel import Genoemd, Namen, Omzetting, read_profiel
from tests.support.server import Server, opvangpeil
from tests.support.volgt import Hoorder

SOURCE = "urn:nld:oin:00000000000000000000:systeem:nachttelling-toets"
PROFIEL = f"""
versie = 1
omschrijving = "Een telling, verzonnen voor een toets"
source = "{SOURCE}"

[bestand]
naam = ["telling*.csv"]

[schrijfwijze]
duizendtallen = "."
datum = "dag-maand-jaar"

[[gebeurtenis]]
type = "bezetting-gemeld"
onderwerp = {{kolom = ["Locatie"], namen = "locatie"}}
volledig = true
velden.peilmoment = {{kolom = ["Datum"]}}
velden.aanwezig = {{kolom = ["Aanwezig"]}}
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("inlezen") / "data", "--voorbeeld", "publiek") as running:
        yield running


@pytest.fixture
def profielen(tmp_path) -> Path:
    folder = tmp_path / "profielen"
    folder.mkdir()
    (folder / "telling.toml").write_text(PROFIEL)
    return folder


def inlezen(server: Server, profielen: Path, tmp_path: Path, rows: Sequence[str], *more: str) -> tuple[int, str, str]:
    """Reads a file of these rows. Returns the exit code, and what was said."""
    file = tmp_path / "telling-1.csv"
    file.write_text("\n".join(["Locatie;Datum;Aanwezig", *rows]) + "\n")
    done = opvangpeil(
        "importeer",
        str(file),
        "--profiel",
        "telling",
        "--url",
        server.url,
        "--afgewezen",
        str(tmp_path / "afgewezen.jsonl"),
        *more,
        environment={"OPVANGPEIL_PROFIELEN": str(profielen)},
    )
    return done.returncode, done.stdout, done.stderr


def aanwezig(server: Server, locatie: str, op: str) -> object:
    answer = server.client.get(f"{server.url}/v1/locaties/{locatie}", params={"geldigOp": op})
    return answer.json()["aanwezig"]


def test_a_correction_wins_and_what_goes_back_ends_where_the_last_file_says(server, profielen, tmp_path):
    for count, outcome in (
        ("1.500", "1 opgeslagen, 0 stonden er al zo"),
        ("1.500", "0 opgeslagen, 1 stond er al zo"),
        ("1.501", "1 opgeslagen, 0 stonden er al zo"),
        ("1.500", "1 opgeslagen, 0 stonden er al zo"),
        ("1.500", "0 opgeslagen, 1 stond er al zo"),
    ):
        code, said, _ = inlezen(server, profielen, tmp_path, [f"LOC-TER-APEL;01-11-2026;{count}"])
        assert (code, outcome in said) == (0, True), said
        assert aanwezig(server, "LOC-TER-APEL", "2026-11-01T12:00:00Z") == int(count.replace(".", ""))


def test_a_try_sends_nothing_and_shows_what_would_change(server, profielen, tmp_path):
    before = server.client.get(f"{server.url}/v1/gebeurtenissen", params={"aantal": 1000}).json()["items"]
    rows = ["LOC-TER-APEL;02-11-2026;1.600", "LOC-TER-APEL;31-02-2026;5", "AZC Nergens;02-11-2026;5"]
    code, said, noted = inlezen(server, profielen, tmp_path, rows, "--proef")
    assert code == 1
    assert "1 nieuw, 0 anders, 0 gelijk, 2 geweigerd" in said
    assert "rij 2" in said
    assert "1.600 mensen aanwezig" in said
    assert "Aanmeldcentrum" in said, "about whom it is"
    assert "Cijfers die veranderen" in said
    assert not {"None", "True", "False"} & set(said.split()), "figures as people write them"
    assert "31-02-2026" in said
    assert "opvangpeil namen lijst" in noted
    after = server.client.get(f"{server.url}/v1/gebeurtenissen", params={"aantal": 1000}).json()["items"]
    assert after == before


def test_rows_that_contradict_each_other_name_each_other_as_people_see_them(server, profielen, tmp_path):
    rows = ["LOC-UTRECHT;02-11-2026;1", "LOC-TER-APEL;05-11-2026;7", "LOC-TER-APEL;05-11-2026;8"]
    code, said, _ = inlezen(server, profielen, tmp_path, rows, "--proef")
    assert code == 1
    assert "geeft een andere waarde dan rij 3, over hetzelfde" in " ".join(said.split())
    assert "in dit verzoek" not in said


def test_a_refused_row_stops_no_other_and_stands_in_the_file_with_its_reason(server, profielen, tmp_path):
    rows = ["LOC-TER-APEL;03-11-2026;1.700", "LOC-TER-APEL;03-11-2026;17,5"]
    code, said, _ = inlezen(server, profielen, tmp_path, rows)
    assert (code, "1 opgeslagen" in said, "1 geweigerd" in said) == (1, True, True)
    (line,) = (tmp_path / "afgewezen.jsonl").read_bytes().splitlines()
    refused = orjson.loads(line)
    assert (refused["regel"], refused["inhoud"]) == (3, rows[1])
    assert "kolom C 'Aanwezig'" in refused["reden"]


PLAATSEN = f"""
versie = 1
omschrijving = "Plaatsen, verzonnen voor een toets"
source = "{SOURCE}"
[schrijfwijze]
datum = "jaar-maand-dag"
[[gebeurtenis]]
type = "capaciteit-gewijzigd"
onderwerp = {{kolom = ["Locatie"], namen = "locatie"}}
velden.geldigVanaf = {{kolom = ["Vanaf"]}}
velden."plaatsen.regulier.aantal" = {{kolom = ["Regulier"]}}
"""


def in_stukken(server: Server, tmp_path: Path, *rows: str) -> Verslag:
    """Reads a file of places, a row at a time."""
    file = tmp_path / "plaatsen.csv"
    file.write_text("\n".join(["Locatie;Vanaf;Regulier", *rows]) + "\n")
    genoemd = Genoemd(naam="plaatsen", profiel=read_profiel(PLAATSEN, "plaatsen.toml"))
    rejects = tmp_path / "afgewezen.jsonl"
    return lees_in(
        file, lambda: Omzetting(genoemd, Namen({})), server=To(server.url), rejects=rejects, progress=Hoorder()
    )


def test_a_file_in_pieces_says_in_the_end_what_it_says_and_sends_nothing_again(server, tmp_path, monkeypatch):
    monkeypatch.setattr(plan, "STUK", 1)
    rows = ["LOC-STUK;2026-05-02;90", "LOC-STUK;2026-05-01;50", "LOC-STUK;2026-05-01;51"]
    assert in_stukken(server, tmp_path, "LOC-STUK;2026-04-01;90").opgeslagen == 1
    first = in_stukken(server, tmp_path, *rows)
    assert (first.gelijk, first.opgeslagen, first.geweigerd) == (1, 2, 1), "the first row is sent after all"
    assert (
        first.opmerkingen[-1] == "1 melding is alsnog verstuurd: een latere rij veranderde waarmee die vergeleken was"
    )
    (line,) = (tmp_path / "afgewezen.jsonl").read_bytes().splitlines()
    assert orjson.loads(line)["inhoud"] == rows[2]
    places = server.client.get(f"{server.url}/v1/locaties/LOC-STUK", params={"geldigOp": "2026-05-03T00:00:00Z"}).json()
    assert places["plaatsen"]["regulier"]["aantal"] == 90
    again = in_stukken(server, tmp_path, *rows)
    assert (again.gelijk, again.opgeslagen, again.geweigerd) == (2, 0, 1)


def test_a_fault_after_something_was_stored_says_how_much(server, tmp_path, monkeypatch):
    monkeypatch.setattr(plan, "STUK", 1)
    rows = [f"LOC-HALF;2026-05-0{day};{day}" for day in range(1, 5)]
    with pytest.raises(
        ImportStoppedError, match=r"regel 5: een aanhalingsteken .* Er is minstens 1 gebeurtenis opgesl"
    ):
        in_stukken(server, tmp_path, *rows[:3], '"LOC', *rows)
    assert in_stukken(server, tmp_path, *rows[:3]).opgeslagen == 2


def test_a_name_waits_until_somebody_says_once_which_it_is(server, profielen, tmp_path):
    environment = {"OPVANGPEIL_PROFIELEN": str(profielen)}
    rows = ["Ter Apel aanmeldcentrum;04-11-2026;1.800"]
    code, _, _ = inlezen(server, profielen, tmp_path, rows)
    assert code == 1
    waiting = opvangpeil("namen", "lijst", "--url", server.url, environment=environment)
    assert waiting.returncode == 1
    assert "LOC-TER-APEL" in waiting.stdout, "it is proposed"
    told = opvangpeil(
        "namen", "bevestig", "locatie", "Ter Apel aanmeldcentrum", "LOC-TER-APEL", environment=environment
    )
    assert told.returncode == 0, told.stderr
    code, said, _ = inlezen(server, profielen, tmp_path, rows)
    assert (code, "1 opgeslagen" in said) == (0, True)
    assert aanwezig(server, "LOC-TER-APEL", "2026-11-04T12:00:00Z") == 1800


def test_what_is_no_longer_in_a_whole_list_is_proposed_and_stays(server, profielen, tmp_path):
    rows = ["LOC-TER-APEL;05-11-2026;1.900", "LOC-BUDEL;05-11-2026;800"]
    assert inlezen(server, profielen, tmp_path, rows)[0] == 0
    code, _, noted = inlezen(server, profielen, tmp_path, rows[:1])
    assert code == 0
    assert "Niet meer in het bestand" in noted
    assert "LOC-BUDEL" in noted
    assert "opvangpeil trek-in" in noted
    assert aanwezig(server, "LOC-BUDEL", "2026-11-05T12:00:00Z") == 800


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["importeer", "telling-1.csv", "--profiel", "bestaat-niet"], "Er is geen profiel 'bestaat-niet'"),
        (["importeer", "anders.csv", "--profiel", "telling"], "is geen bestand van profiel telling"),
        (["importeer", "weg-telling.csv", "--profiel", "telling"], "weg-telling.csv"),
        (["importeer", "-", "--profiel", "telling"], "geen standaardinvoer"),
        (["importeer", "anders.csv", "--proef"], "--proef hoort bij een bestand met een profiel"),
        (["namen", "bevestig", "gemeente", "X", "GM9999"], "'GM9999' is geen bekende gemeente"),
        (["namen", "bevestig", "locatie", "X", "loc 1"], "zo'n id is bijvoorbeeld LOC-12"),
    ],
)
def test_what_can_not_be_done_is_said_with_the_way_out(server, profielen, tmp_path, monkeypatch, arguments, says):
    monkeypatch.chdir(tmp_path)
    for name in ("telling-1.csv", "anders.csv"):
        (tmp_path / name).write_text("Locatie;Datum;Aanwezig\n")
    more = ["--url", server.url] if arguments[0] == "importeer" else []
    done = opvangpeil(*arguments, *more, environment={"OPVANGPEIL_PROFIELEN": str(profielen)})
    assert done.returncode == 2
    assert says in " ".join(done.stderr.split())
