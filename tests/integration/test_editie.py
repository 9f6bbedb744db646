"""The weekly edition with the command: made, made again, checked, and refused in words that say what would be right."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import orjson
import pytest

from services.editie.manifest import HANDTEKENING, NAAM
from services.store.signature import make_pair
from tests.support.rapport import command
from tests.support.server import Server, opvangpeil
from tests.support.shielded_world import WORLD
from tests.support.taal import odd_in_terminal

WEEK = "2026-W21"


class Uitgever(NamedTuple):
    """A server, a folder with an edition of it, and the keys of who signed that."""

    server: Server
    folder: Path
    private: Path
    public: Path

    def editie(self, *arguments: str) -> tuple[int, str]:
        return command(self.server, "editie", str(self.folder), *arguments)

    def check(self, file: str, *arguments: str) -> tuple[int, str]:
        return command(self.server, "rapport", "--controleer", str(self.folder / WEEK / file), *arguments)


@pytest.fixture(scope="module")
def uitgever(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Uitgever]:
    work = tmp_path_factory.mktemp("editie")
    with Server(work / "data", environment={"OPVANGPEIL_LICENTIE": "https://example.org/licentie"}) as server:
        assert server.post(WORLD).status_code == 201
        public, _ = make_pair(work / "geheim")
        found = Uitgever(server, work / "map", work / "geheim", public)
        for week in ("2026-W20", WEEK):
            code, text = found.editie("--week", week, "--sleutel", str(found.private))
            assert (code, f"Editie {week}: stand van " in text, ", ondertekend, in " in text) == (0, True, True), text
        yield found


def test_it_is_made_once_and_stands(uitgever: Uitgever) -> None:
    before = (uitgever.folder / WEEK / NAAM).read_bytes()
    code, text = uitgever.editie("--week", WEEK)
    assert (code, f"Editie {WEEK} is er al, " in text, "en is heel. Er is niets veranderd" in text) == (0, True, True)
    assert (uitgever.folder / WEEK / NAAM).read_bytes() == before
    code, text = uitgever.check(NAAM, "--sleutel", str(uitgever.public))
    assert (code, "De handtekening klopt" in text, "nog precies zo" in text) == (0, True, True), text
    assert orjson.loads(before)["licentie"] == "https://example.org/licentie"
    assert orjson.loads((uitgever.folder / "laatste.json").read_bytes())["editie"] == WEEK


@pytest.mark.volledig
def test_a_revision_comes_beside_it(uitgever: Uitgever) -> None:
    code, text = uitgever.editie("--week", "2026-W20", "--opnieuw")
    assert (code, "Editie 2026-W20-r2: " in text, "niet ondertekend" in text) == (0, True, True), text
    first, second = (uitgever.folder / name for name in ("2026-W20", "2026-W20-r2"))
    for file in first.glob("*.csv"):
        assert file.read_bytes() == (second / file.name).read_bytes()
    over = orjson.loads((second / NAAM).read_bytes())
    assert (over["herziet"], over["herziening"], over["gewijzigd"]) == ("2026-W20", 2, [])


def of_another_week(place: Path) -> None:
    file = place / NAAM
    file.write_bytes(file.read_bytes().replace(b'"simulatie": false', b'"simulatie": true'))


DAMAGE: list[tuple[Callable[[Path], object], str]] = [
    (of_another_week, "de handtekening klopt niet: er is na het tekenen iets veranderd"),
    (lambda place: (place / NAAM).write_text("{}"), "editie.json is geen manifest van een editie: editie klopt niet"),
    (lambda place: (place / HANDTEKENING).write_text("x"), "editie.json.sig: de handtekening is onleesbaar"),
    (lambda place: (place / HANDTEKENING).unlink(), "ontbreekt: deze editie is niet ondertekend, dus ook niet met"),
]


@pytest.fixture
def copy(uitgever: Uitgever, tmp_path: Path) -> Path:
    """A copy of the edition, as somebody downloaded it."""
    place = tmp_path / "map" / WEEK
    place.mkdir(parents=True)
    for file in (uitgever.folder / WEEK).iterdir():
        (place / file.name).write_bytes(file.read_bytes())
    return place


@pytest.mark.volledig
@pytest.mark.parametrize(("damage", "said"), DAMAGE, ids=range(len(DAMAGE)))
def test_what_is_wrong_with_its_manifest_or_signature_is_told(
    uitgever: Uitgever, copy: Path, damage, said: str
) -> None:
    damage(copy)
    path = str(copy / NAAM)
    code, text = command(uitgever.server, "rapport", "--controleer", path, "--sleutel", str(uitgever.public))
    assert (code, said in text) == (1, True), text
    assert "nog precies zo" not in text, "no figure is believed of what is not to be trusted"


@pytest.mark.volledig
def test_what_is_wrong_with_each_file_is_told(uitgever: Uitgever, copy: Path) -> None:
    (copy / "provincies.csv").unlink()
    for name, content in (("index.html", "x"), ("verschil.json", "{}"), ("locaties.parquet", "x")):
        (copy / name).write_text(content)
    code, text = command(uitgever.server, "rapport", "--controleer", str(copy / "verschil.csv"))
    assert code == 1
    for said in (
        "provincies.csv ontbreekt; volgens het manifest hoort het bij",
        "index.html is veranderd nadat de editie is gemaakt",
        "verschil.json zegt iets anders dan het logboek",
        "locaties.parquet is geen parquet die Opvangpeil zo maakte",
    ):
        assert said in text, text


@pytest.mark.volledig
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--week", "2026-48"), "--week 2026-48 is geen week; verwacht jaar en nummer, zoals 2026-W48"),
        (("--week", "2049-W01"), "week 2049-W01 is nog niet voorbij"),
        (("--week", "2020-W01"), "De eerste week die kan is 2024-W01"),
        (("--sleutel", "/nergens"), "/nergens is niet te lezen"),
        (("--url", "http://127.0.0.1:9"), "de server antwoordt niet op http://127.0.0.1:9"),
    ],
)
def test_what_can_not_be_is_told(uitgever: Uitgever, tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    url = () if "--url" in arguments else ("--url", uitgever.server.url)
    done = opvangpeil("editie", str(tmp_path / "map"), *arguments, *url)
    assert (done.returncode, said in " ".join(done.stderr.split())) == (2, True), done.stderr
    assert list(odd_in_terminal(done.stderr)) == []
    assert not [file for file in tmp_path.rglob("*") if file.is_file() and file.name != ".slot"]


@pytest.mark.volledig
def test_a_folder_that_can_not_be_written_is_told(uitgever: Uitgever, tmp_path: Path) -> None:
    (tmp_path / "bestand").write_text("geen map")
    done = opvangpeil("editie", str(tmp_path / "bestand"), "--week", WEEK, "--url", uitgever.server.url)
    assert (done.returncode, "geen editie bijgekomen, en geen veranderd" in done.stderr) == (2, True), done.stderr
    code, text = command(uitgever.server, "rapport", "bezetting", "--sleutel", str(uitgever.public))
    assert (code, "--sleutel hoort bij --controleer" in text) == (2, True), text
    assert [file.name for file in tmp_path.iterdir()] == ["bestand"]
