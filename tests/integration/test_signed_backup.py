"""A signed backup proves who made it: without that proof it is restored only by somebody who says that it may."""

import zipfile
from pathlib import Path

import pytest

from services.store.backup import back_up, read_manifest
from services.store.backup_file import MANIFEST, SIGNATURE, BackupError, check_origin, verify
from services.store.model import Place
from services.store.signature import SignatureError, make_pair
from services.store.store import Store
from tests.support.arrivals import NOW
from tests.support.facts import accepted, reading, registered
from tests.support.server import opvangpeil
from tests.support.strategies import read

UNSIGNED = Path(__file__).parents[1] / "fixtures" / "0630fa6" / "bewaard.zip"


@pytest.fixture
def private(tmp_path: Path) -> Path:
    make_pair(tmp_path / "geheim")
    return tmp_path / "geheim"


def public_of(private: Path) -> Path:
    return private.with_name(f"{private.name}.pub")


@pytest.fixture
def signed(store: Store, private: Path, tmp_path: Path) -> Path:
    events = read([registered("LOC-A"), reading("LOC-A", 5)])
    store.insert([accepted(one, NOW, Place(1, 0, n)) for n, one in enumerate(events)])
    back_up(store, tmp_path / "a.zip", NOW, private=private)
    return tmp_path / "a.zip"


def rewritten(file: Path, into: Path, name: str, content: bytes | None) -> Path:
    """Copies a file with one part replaced, or left out."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(into, "w") as new:
        for part in old.namelist():
            kept = content if part == name else old.read(part)
            if kept is not None:
                new.writestr(part, kept)
    return into


def test_the_holder_of_the_key_made_it_and_nobody_changed_it(signed: Path, private: Path, tmp_path: Path) -> None:
    check_origin(signed, public_of(private))
    verify(signed, read_manifest(signed))
    with zipfile.ZipFile(signed) as archive:
        manifest = archive.read(MANIFEST)
    changed = rewritten(signed, tmp_path / "b.zip", MANIFEST, manifest.replace(b'"positie"', b' "positie"'))
    with pytest.raises(BackupError, match="er is na het tekenen iets veranderd"):
        check_origin(changed, public_of(private))
    make_pair(tmp_path / "ander")
    with pytest.raises(BackupError, match=r"is getekend met sleutel [0-9a-f]{16}…, en .*ander.pub is "):
        check_origin(signed, tmp_path / "ander.pub")
    without = rewritten(signed, tmp_path / "c.zip", SIGNATURE, None)
    with pytest.raises(BackupError, match="is niet getekend"):
        check_origin(without, public_of(private))
    broken = rewritten(signed, tmp_path / "d.zip", SIGNATURE, b"{}")
    with pytest.raises(BackupError, match="de handtekening is onleesbaar"):
        check_origin(broken, public_of(private))


def test_keys_are_what_they_should_be(private: Path, tmp_path: Path, store: Store) -> None:
    assert private.stat().st_mode & 0o077 == 0
    with pytest.raises(SignatureError, match="kies een andere naam"):
        make_pair(private)
    (tmp_path / "tekst").write_text("geen sleutel")
    for wrong, reason in (
        (tmp_path / "tekst", "is geen geheime sleutel"),
        (public_of(private), "is geen geheime sleutel"),
        (tmp_path / "nergens", "is niet te lezen"),
    ):
        with pytest.raises(SignatureError, match=reason):
            back_up(store, tmp_path / "a.zip", NOW, private=wrong)
        assert not [*tmp_path.glob("a.zip*")], "nothing is left of a backup that failed"


def test_on_the_command_line(tmp_path: Path) -> None:
    """Each step as an operator takes it, from a backup of before there were signatures."""
    made = opvangpeil("sleutel", str(tmp_path / "geheim"))
    assert (made.returncode, "Vingerafdruk: " in made.stdout) == (0, True), made.stderr
    file, data = tmp_path / "bewaard.zip", tmp_path / "oud"
    old = opvangpeil("herstel", str(UNSIGNED), "--ongetekend", "--data", str(data))
    assert (old.returncode, "Niet bewezen: wie dit bestand maakte" in old.stdout) == (0, True), old.stderr
    kept = opvangpeil("bewaar", str(file), "--data", str(data), "--sleutel", str(tmp_path / "geheim"))
    assert kept.returncode == 0, kept.stderr
    for options in ((), ("--ongetekend", "--sleutel", str(tmp_path / "geheim.pub"))):
        unclear = opvangpeil("herstel", str(file), "--data", str(tmp_path / "nieuw"), *options)
        assert (unclear.returncode, "--ongetekend als u het vertrouwt" in unclear.stderr) == (2, True)
    done = opvangpeil(
        "herstel", str(file), "--data", str(tmp_path / "nieuw"), "--sleutel", str(tmp_path / "geheim.pub")
    )
    assert (done.returncode, "Niet bewezen" in done.stdout) == (0, False), done.stderr
    wrong = opvangpeil("herstel", str(file), "--data", str(tmp_path / "weer"), "--sleutel", str(tmp_path / "geheim"))
    assert (wrong.returncode, "is geen publieke sleutel" in wrong.stderr) == (2, True)
