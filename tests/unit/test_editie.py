"""The weekly edition without a server: its weeks, its folder, its pages, its paragraph, and what is wrong with one."""

import errno
import os
import resource
import signal
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import orjson
import pytest

from schemas.fields import parse_moment
from services.cli.editie_maken import is_heel, mislukt
from services.editie.heel import beschadigd, ondertekend, public_key
from services.editie.kast import Kast, KastError, LijstError
from services.editie.manifest import HANDTEKENING, NAAM, Bestand, Inhoud, Manifest, ManifestError, parse
from services.editie.verandering import EERSTE, alinea
from services.editie.week import Week, WeekError, ended
from services.store.signature import make_pair, public_of, sign
from tests.support.taal import odd_on_page

FILES = {"landelijk.csv": b"onderwerp\r\nNL\r\n", "verschil.json": b"{}\n", "index.html": b"<p>Een editie</p>\n"}


def at(text: str) -> datetime:
    return parse_moment(text)


# Weeks ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "last"),
    [
        ("2026-11-29T22:59:59Z", "2026-W47"),  # Sunday, a second before midnight in the Netherlands
        ("2026-11-29T23:00:00Z", "2026-W48"),
        ("2026-10-25T23:00:00Z", "2026-W43"),  # the Monday after the clock was put back
        ("2026-03-29T21:59:59Z", "2026-W12"),  # the Sunday on which it was put forward
        ("2026-03-29T22:00:00Z", "2026-W13"),
        ("2027-01-03T23:00:00Z", "2026-W53"),
        ("2027-01-05", "2026-W53"),
    ],
)
def test_a_week_ends_on_monday_at_midnight_on_the_dutch_clock(moment, last):
    assert str(Week.before(at(moment))) == last
    assert Week.parse(last).einde <= at(moment)
    assert Week.before(at(moment)).volgende.einde > at(moment)
    assert ended(None, at(moment)) == Week.parse(last)


@pytest.mark.parametrize("text", ["2026-48", "2026-W54", "2025-W53", "2026-W00", "2026-w48", "48", "", "1999-W10"])
def test_what_is_no_week_is_told(text):
    with pytest.raises(WeekError, match=r"is geen week; verwacht jaar en nummer, zoals 2026-W48"):
        Week.parse(text)


@pytest.mark.parametrize("text", ["2026-W48", "2030-W01"])
def test_a_week_that_is_not_over_is_refused_with_the_one_that_is(text):
    with pytest.raises(WeekError, match=r"is nog niet voorbij: .* De laatste hele week is 2026-W47"):
        ended(Week.parse(text), at("2026-11-29T12:00:00Z"))


# What changed ---------------------------------------------------------------------------------------------------------


def row(grootheid: str, van, naar, onderwerp: str = "NL", **parts) -> dict:
    causes = {"inzicht": None, "wereld": None, "regel": None} | parts
    return {"grootheid": grootheid, "onderwerp": onderwerp, "van": van, "naar": naar, "zin": None} | causes


def test_the_paragraph_tells_each_cause_apart():
    rows = [
        row("aanwezig", 1_000, 1_150, inzicht=-50, wereld=200, regel=0),
        row("aanwezigGemeten", 1_000, 1_150, inzicht=-50, wereld=200, regel=0),
        row("bezettingsgraad", 0.98, None),
        row("bezettingsgraadGemeten", 0.98, 0.97, wereld=-0.01),
        row("tekort", 10, 4, regel=-6),
        row("dataOuderdomSeconden", 60, 90, wereld=30),
        row("naleving", "voldoet", "gedeeltelijk", "GM0344") | {"zin": "Utrecht ging van voldoet naar gedeeltelijk."},
    ]
    assert alinea("2026-W46", {"verschillen": rows}) == (
        "Sinds editie 2026-W46: 7 cijfers over 2 onderwerpen anders. "
        "Aanwezig: van 1.000 naar 1.150 (werkelijk veranderd: +200; later bekend geworden: −50). "
        "Bezettingsgraad: van 98,0 % naar niet vast te stellen. "
        "Gemeten bezettingsgraad: van 98,0 % naar 97,0 % (werkelijk veranderd: −1,0 procentpunt). "
        "Tekort: van 10 naar 4 (anders geteld: −6). "
        "Utrecht ging van voldoet naar gedeeltelijk."
    )


def test_the_first_edition_and_one_without_a_change_say_so():
    assert alinea(None, {}) == EERSTE
    assert alinea("2026-W46", {"verschillen": []}) == "Sinds editie 2026-W46 is geen enkel cijfer anders geworden."


# The folder -----------------------------------------------------------------------------------------------------------


def edition(name: str = "2026-W48", **more) -> Manifest:
    week, _, revision = name.partition("-r")
    moment = "2026-11-29T23:00:00Z"
    about = {
        "editie": name,
        "week": week,
        "herziening": int(revision or 1),
        "geldigOp": moment,
        "bekendOp": moment,
        "positie": "zverzegeld",
        "omvat": "zichtbaar",
        "simulatie": False,
        "gemaaktOp": "2026-11-30T05:00:00Z",
        "versie": "0.1.0",
        "betekenis": "2",
        "cyclus": "2024",
        "telregel": None,
        "licentie": "geen licentie opgegeven",
        "uitgever": None,
        "vorige": None,
        "nagekomen": [],
        "herziet": None,
        "gewijzigd": [],
        "bestanden": [Bestand.of(naam, Inhoud(content)) for naam, content in FILES.items()],
    }
    return Manifest.model_validate(about | more)


def added(folder: Path, over: Manifest, files: Mapping[str, bytes] = FILES) -> Path:
    with Kast.opened(folder) as kast:
        return kast.add(over, {**files, NAAM: over.text()}, {})


def in_folder(folder: Path) -> dict[str, bytes]:
    """Everything that a reader of the folder meets."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and file.name != ".slot"
    }


def test_an_edition_is_for_everybody_to_read_and_the_folder_lists_it(tmp_path):
    before = os.umask(0o077)
    try:
        for name in ("2026-W47", "2026-W48", "2026-W48-r2", "2025-W52"):
            added(tmp_path / "map", edition(name, herziet="2026-W48" if name.endswith("r2") else None))
    finally:
        os.umask(before)
    for file in (tmp_path / "map").rglob("*"):
        assert file.name == ".slot" or file.stat().st_mode & 0o004, file
    assert orjson.loads((tmp_path / "map/laatste.json").read_bytes())["manifest"] == "2026-W48-r2/editie.json"
    page = (tmp_path / "map/index.html").read_text()
    places = [page.index(f"{name}/index.html") for name in ("2026-W48-r2", "2026-W48", "2026-W47", "2025-W52")]
    assert places == sorted(places)
    assert not list(odd_on_page(page))
    with Kast.opened(tmp_path / "map") as kast:
        assert kast.of_week("2026-W48").editie == "2026-W48-r2"
        assert kast.before("2026-W48").editie == "2026-W47"
        assert kast.before("2025-W01") is None


def test_a_list_that_was_not_made_is_made_by_the_next_run(tmp_path):
    """Whoever is killed after the edition took its place has added it without its line in the list."""
    added(tmp_path, edition("2026-W47"))
    lists = {name: (tmp_path / name).read_bytes() for name in ("index.html", "laatste.json")}
    added(tmp_path, edition())
    after = in_folder(tmp_path)
    for name, content in lists.items():
        (tmp_path / name).write_bytes(content)
    with Kast.opened(tmp_path) as kast:
        kast.list_anew()
    assert in_folder(tmp_path) == after


def test_an_edition_that_could_not_be_listed_is_there_and_listed_by_the_next_run(tmp_path):
    (tmp_path / "index.html").mkdir()
    with pytest.raises(LijstError) as failed:
        added(tmp_path, edition())
    said = mislukt(tmp_path, failed.value)
    assert said.endswith(
        "de editie is er, maar staat niet goed in de lijst; nog eens, zonder --opnieuw, maakt de lijst af"
    )
    assert (tmp_path / "2026-W48" / NAAM).is_file()
    assert "er is geen editie bijgekomen" in mislukt(tmp_path, OSError(errno.ENOSPC, "No space left on device"))
    (tmp_path / "index.html").rmdir()
    with Kast.opened(tmp_path) as kast:
        kast.list_anew()
    assert "2026-W48" in (tmp_path / "index.html").read_text()


def test_two_at_once_is_told(tmp_path):
    with Kast.opened(tmp_path), pytest.raises(KastError, match="wordt al een editie gemaakt"), Kast.opened(tmp_path):
        pass


def test_an_edition_that_can_not_be_read_is_named(tmp_path):
    place = added(tmp_path, edition())
    (place / NAAM).write_text("{")
    with (
        pytest.raises(ManifestError, match=r"2026-W48/editie.json is geen manifest van een editie"),
        Kast.opened(tmp_path),
    ):
        pass


class Killing(dict):
    """Files of which reading one kills the process."""

    def __init__(self, files: Mapping[str, bytes], after: int) -> None:
        super().__init__(files)
        self._after = after

    def items(self) -> Iterator[tuple[str, bytes]]:
        for number, pair in enumerate(super().items()):
            if number == self._after:
                os.kill(os.getpid(), signal.SIGKILL)
            yield pair


def in_child(do) -> int:
    """Does something in a process of its own. Returns its exit code; of one that was killed a negative number."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            do()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@pytest.mark.parametrize("after", range(len(FILES)))
def test_whoever_is_killed_leaves_no_half_edition(tmp_path, after):
    added(tmp_path, edition("2026-W47"))
    before = in_folder(tmp_path)

    def killed() -> None:
        with Kast.opened(tmp_path) as kast:
            kast.add(edition(), Killing(FILES, after), {})

    assert in_child(killed) == -signal.SIGKILL
    shown = {name: content for name, content in in_folder(tmp_path).items() if not name.startswith(".nieuw/")}
    assert shown == before
    added(tmp_path, edition())
    assert in_folder(tmp_path).keys() == before.keys() | {f"2026-W48/{name}" for name in (*FILES, NAAM)}


@pytest.mark.parametrize("bytes_max", [0, 10, 1_000, 3_000])
def test_a_full_disk_leaves_no_half_edition(tmp_path, bytes_max):
    """A process that may write no larger file meets it where a file would not fit; the list is the largest here."""
    added(tmp_path, edition("2026-W47"))
    before = in_folder(tmp_path)

    def full() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_max, bytes_max))
        try:
            added(tmp_path, edition())
        except OSError:
            os._exit(7)

    code = in_child(full)
    assert code == (7 if bytes_max < 3_000 else 0)
    if code:
        assert in_folder(tmp_path) == before
    added(tmp_path, edition("2026-W48-r2"))


# Whether one is whole -------------------------------------------------------------------------------------------------


@pytest.fixture
def signed(tmp_path) -> tuple[Path, Path]:
    """An edition, and the public key of whoever signed it."""
    public, _ = make_pair(tmp_path / "geheim")
    over = edition()
    pem, fingerprint = public_of(tmp_path / "geheim")
    files = {
        **FILES,
        NAAM: over.text(),
        HANDTEKENING: sign(over.text(), tmp_path / "geheim").model_dump_json().encode(),
    }
    with Kast.opened(tmp_path / "map") as kast:
        return kast.add(over, files, {public_key(fingerprint): pem}), public


def test_a_signature_says_who_and_only_the_key_of_the_publisher_proves_it(signed, tmp_path):
    place, public = signed
    text = (place / NAAM).read_bytes()
    good = ondertekend(place, text, public)
    assert (good.goed, "De handtekening klopt: wie de geheime helft van" in good.zin) == (True, True)
    beside = ondertekend(place, text, None)
    assert (beside.goed, "klopt met" in beside.zin, "blijkt alleen met --sleutel" in beside.zin) == (True, True, True)
    other, _ = make_pair(tmp_path / "ander")
    of_another = ondertekend(place, text, other)
    assert (of_another.goed, "is getekend met sleutel" in of_another.zin) == (False, True)
    changed = ondertekend(place, text.replace(b"2026-W48", b"2026-W49"), None)
    assert (changed.goed, "er is na het tekenen iets veranderd" in changed.zin) == (False, True)
    (place / HANDTEKENING).write_text("{}")
    broken = ondertekend(place, text, None)
    assert (broken.goed, "de handtekening is onleesbaar" in broken.zin) == (False, True)
    (place / HANDTEKENING).unlink()
    without = ondertekend(place, text, None)
    assert (without.goed, "Niet ondertekend" in without.zin) == (True, True)
    demanded = ondertekend(place, text, public)
    assert (demanded.goed, "deze editie is niet ondertekend, dus ook niet met" in demanded.zin) == (False, True)


def test_an_edition_that_was_asked_for_with_a_signature_and_has_none_says_so(signed, capsys):
    place, _ = signed
    assert is_heel(place.parent, edition(), getekend=True)
    assert "niet ondertekend" not in capsys.readouterr().out
    (place / HANDTEKENING).unlink()
    for getekend in (True, False):
        assert is_heel(place.parent, edition(), getekend=getekend)
        assert ("Let op: zij is niet ondertekend" in capsys.readouterr().out) == getekend


def test_each_file_that_is_not_as_it_was_made_is_named(signed):
    place, _ = signed
    assert list(beschadigd(place, edition())) == []
    (place / "landelijk.csv").write_bytes(b"onderwerp\r\nNB\r\n")
    (place / "index.html").write_bytes(b"")
    (place / "verschil.json").unlink()
    assert [one.partition("/2026-W48/")[2] for one in beschadigd(place, edition())] == [
        "landelijk.csv is veranderd nadat de editie is gemaakt",
        "verschil.json ontbreekt; volgens het manifest hoort het bij editie 2026-W48",
        "index.html is veranderd nadat de editie is gemaakt (0 bytes, en dat waren er 18)",
    ]


@pytest.mark.parametrize("naam", ["../../etc/passwd", "/etc/passwd", ".slot", "map/locaties.csv", "locaties.csv\n"])
def test_a_manifest_names_no_file_elsewhere(naam):
    text = edition().model_dump() | {
        "bestanden": [{"naam": naam, "sha256": "0" * 64, "bytes": 0, "rijen": None, "kolommen": None}]
    }
    with pytest.raises(ManifestError, match=r"bestanden\.0\.naam klopt niet"):
        parse(orjson.dumps(text))


def test_a_folder_is_served_by_any_web_server(tmp_path):
    """Its pages name only files that are there, and load nothing."""
    added(tmp_path, edition())
    page = (tmp_path / "index.html").read_text()
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")
