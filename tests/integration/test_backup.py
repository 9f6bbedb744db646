"""A restored backup gives the same figures, at every (V, K) and at every older positie."""

import json
import random
import uuid
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.core.registers import Registers
from services.reads.controle import Uitgegeven, code_of, issued_by
from services.reads.question import Audience, question_of_now
from services.store import backup, backup_file
from services.store.backup import KEPT, back_up, check_empty, read_manifest, restore
from services.store.backup_file import BackupError, verify
from services.store.derive import bring_up_to_date
from services.store.migrate import check_schema, migrate, migrations, restoring
from services.store.model import Accepted, Place, StoreUnavailableError, Unprocessable
from services.store.position import PositionError
from services.store.queries import DERIVED
from services.store.store import Store
from services.wiring import StartError, open_store
from tests.support.arrivals import ENGINE, NOW, deliver, deliveries, emptied
from tests.support.facts import accepted, capacity, reading, registered
from tests.support.rondes import examples, only_whole
from tests.support.server import Server, opvangpeil
from tests.support.strategies import pairs, read

TOPIC = "opvang.gebeurtenissen.v1"


@pytest.fixture
def other(new_store: Callable[[], Store]) -> Store:
    """A second empty store."""
    return new_store()


@pytest.fixture
def kept_file(store: Store, tmp_path: Path) -> Path:
    """A backup of a small store."""
    back_up(filled(store), tmp_path / "bewaard.zip", NOW)
    return tmp_path / "bewaard.zip"


def test_a_restored_store_reads_the_codes_of_letters_that_were_issued(kept_file: Path, store: Store, other: Store):
    issued = Uitgegeven.of(question_of_now(NOW, Audience.LEZER), "GM0344", bytes(16))
    code = code_of(store.sealed, issued)
    assert issued_by(other.sealed, code) != issued
    other = emptied_whole(other)
    restore(other, kept_file, read_manifest(kept_file))
    assert issued_by(Store(other.connection).sealed, code) == issued


def emptied_whole(store: Store) -> Store:
    """Empties a store, also the tables that do not follow from the log, and the list of migrations."""
    for table in (*KEPT, "migratie"):
        store.command(f"TRUNCATE TABLE {table}")
    migrate(store.connection)
    return emptied(store)


def refused(number: int, raw: bytes = b"\xff'\\ x") -> Unprocessable:
    return Unprocessable(TOPIC, Place(1, number % 2, number), number % 3, "fout: 'x'\n", NOW, raw)


def kept(store: Store, table: str) -> list[Any]:
    rows = store.connection.client().query(
        f"SELECT * FROM {table} FINAL ORDER BY ALL", column_formats={"raw": "bytes"} if table == "onverwerkbaar" else {}
    )
    return list(rows.result_rows)


@settings(ENGINE, max_examples=examples(6), suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_is_restored_answers_as_what_was_kept(
    store: Store, other: Store, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    events, batches = data.draw(deliveries())
    store, other = emptied_whole(store), emptied_whole(other)
    earlier = deliver(store, batches)
    store.unprocessable.insert([refused(n) for n in range(data.draw(st.integers(0, 5)))])
    store.epoch_of(str(uuid.uuid4()))
    file = tmp_path_factory.mktemp("bewaard") / "alles.zip"
    manifest = back_up(store, file, NOW)
    verify(file, read_manifest(file))
    restore(other, file, manifest)
    for table in KEPT:
        assert kept(other, table) == kept(store, table)
    assert str(other.position()) == str(store.position()) == manifest.positie
    asked = data.draw(st.lists(pairs(events), min_size=2, max_size=4))
    for moment in asked:
        assert figures(other, *moment) == figures(store, *moment)
        for positie in earlier:
            assert figures(other, *moment, positie) == figures(store, *moment, positie)


def figures(store: Store, v: datetime, k: datetime, positie: str | None = None) -> tuple[Registers, str, bool]:
    view = store.view(v, k, now=NOW, positie=positie)
    return view.registers, view.herkomst.positie, view.herkomst.simulatie


def many(count: int) -> list[Accepted]:
    """Events in messages of several events, on two partitions."""
    chance = random.Random(1)
    events = read([reading(f"LOC-{n % 7}", n, "2024-01-01") for n in range(count)])
    messages, at = [], 0
    while at < len(events):
        size = chance.randint(1, 5)
        part = events[at : at + size]
        base = accepted(part[0], NOW, Place(1 + at % 2, at % 3, at))
        entries = {n: accepted(event, NOW, base.origin.place).entries[0] for n, event in enumerate(part)}
        messages.append(base._replace(entries=entries))
        at += size
    return messages


def filled(store: Store) -> Store:
    store.insert(many(300))
    bring_up_to_date(store)
    store.unprocessable.insert([refused(n, bytes([n])) for n in range(90)])
    store.epoch_of("00000000-0000-0000-0000-0000000000aa")
    return store


@pytest.mark.http_later
@pytest.mark.parametrize(("rows", "size"), [(7, 10**9), only_whole(20_000, 3000), only_whole(20_000, 10**9)])
def test_parts_hold_every_row_once(
    store: Store, other: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, size: int
) -> None:
    monkeypatch.setattr(backup, "PART_ROWS", rows)
    monkeypatch.setattr(backup, "PART_BYTES", size)
    filled(store)
    told: list[int] = []
    manifest = back_up(store, tmp_path / "a.zip", NOW, told.append)
    assert sum(told) == manifest.rows == 300 + 90 + 1 + 1, "events, alarms, the life of the topic, the key of posities"
    parts = manifest.tabellen["gebeurtenis"].delen
    assert (len(parts) > 10) == ((rows, size) != (20_000, 10**9))
    assert max(part.rijen for part in parts) < 60 or len(parts) == 1
    restore(other, tmp_path / "a.zip", manifest)
    assert [kept(other, table) for table in KEPT] == [kept(store, table) for table in KEPT]


class StoppedError(Exception):
    """Stands for a kill at this moment."""


def stop_after(count: int) -> Callable[[int], None]:
    left = [count]

    def progress(_: int) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise StoppedError

    return progress


@pytest.mark.parametrize(("new_store", "parts"), [("chdb", 35), only_whole("http", 1)], indirect=["new_store"])
def test_a_restore_that_is_cut_off_is_no_store_and_goes_on(
    store: Store, other: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parts: int
) -> None:
    monkeypatch.setattr(backup, "PART_ROWS", 7)
    monkeypatch.setattr(backup, "DERIVE_ROWS", 60)
    file = tmp_path / "a.zip"
    manifest = back_up(filled(store), file, NOW)
    with pytest.raises(StoppedError):
        restore(other, file, manifest, stop_after(parts))
    with pytest.raises(StoreUnavailableError, match="een herstel is halverwege"):
        check_schema(other.connection)
    with pytest.raises(StartError, match="halverwege"):
        open_store(other.connection)
    second = back_up(store, tmp_path / "b.zip", NOW + timedelta(seconds=1))
    with pytest.raises(BackupError, match="half hersteld uit een ander bestand"):
        check_empty(other, second)
    restore(open_store(other.connection, to_restore=True), file, manifest)
    assert restoring(other.connection) == ""
    check_schema(other.connection)
    assert [kept(other, table) for table in KEPT] == [kept(store, table) for table in KEPT]
    for moment in (NOW, datetime(2025, 1, 1, tzinfo=UTC)):
        assert figures(Store(other.connection), moment, NOW) == figures(store, moment, NOW)


def test_a_backup_that_is_cut_off_leaves_no_file(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoppedError):
        back_up(filled(store), tmp_path / "a.zip", NOW, stop_after(2))
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "a.zip").write_text("van mij")
    with pytest.raises(BackupError, match="bestaat al"):
        back_up(store, tmp_path / "a.zip", NOW)
    assert (tmp_path / "a.zip").read_text() == "van mij"


def test_what_is_stored_meanwhile_is_left_out(store: Store, tmp_path: Path) -> None:
    """The file holds the store at one positie, however long the writing takes."""
    filled(store)
    before = str(store.position())

    def somebody_stores(_: int) -> None:
        store.insert([accepted(read([reading("LOC-9", 1)])[0], NOW, Place(2, 0, 10**6 + len(seen)))])
        store.unprocessable.insert([refused(10**6 + len(seen))])
        seen.append(1)

    seen: list[int] = []
    manifest = back_up(store, tmp_path / "a.zip", NOW, somebody_stores)
    assert (manifest.positie, manifest.tabellen["gebeurtenis"].rijen) == (before, 300)
    assert seen
    verify(tmp_path / "a.zip", manifest)


def test_a_store_that_holds_anything_is_refused(store: Store, other: Store, tmp_path: Path) -> None:
    manifest = back_up(filled(store), tmp_path / "a.zip", NOW)
    other.unprocessable.insert([refused(1)])
    with pytest.raises(BackupError, match=r"niet leeg \(tabel onverwerkbaar"):
        restore(other, tmp_path / "a.zip", manifest)
    assert other.stored_count() == 0
    check_schema(other.connection)


def test_a_topic_that_was_there_first_gets_a_life_of_its_own(store: Store, other: Store, tmp_path: Path) -> None:
    """Both stores had numbered their own topic 1. After the restore the topics must not share places."""
    old_topic, new_topic = str(uuid.uuid4()), str(uuid.uuid4())
    assert (store.epoch_of(old_topic), other.epoch_of(new_topic)) == (1, 1)
    store.insert([accepted(read([reading("LOC-1", n)])[0], NOW, Place(1, 0, n)) for n in range(5)])
    manifest = back_up(store, tmp_path / "a.zip", NOW)
    restore(other, tmp_path / "a.zip", manifest)
    assert (other.epoch_of(old_topic), other.epoch_of(new_topic)) == (1, 2)
    other.insert([accepted(read([reading("LOC-1", 9)])[0], NOW, Place(2, 0, 0))])
    assert (str(other.position()), other.stored_count()) == ("2-0", 6)
    assert other.position_of(manifest.positie).offsets == (4,)


def changed(file: Path, into: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """Writes a valid zip with the same files and changed content."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(into, "w") as new:
        for name in old.namelist():
            if (content := change(name, old.read(name))) is not None:
                new.writestr(name, content)
    return into


def test_a_damaged_file_is_refused_before_anything_is_touched(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    manifest = back_up(filled(store), file, NOW)
    name = manifest.tabellen["gebeurtenis"].delen[0].naam
    whole = file.read_bytes()
    with zipfile.ZipFile(file) as archive:
        at = archive.getinfo(name).header_offset + 100
    flipped = tmp_path / "bit.zip"
    flipped.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
    other_content = changed(file, tmp_path / "ander.zip", lambda n, b: b[:-1] + b"?" if n == name else b)
    without = changed(file, tmp_path / "zonder.zip", lambda n, b: None if n == name else b)
    for damaged in (flipped, other_content, without):
        with pytest.raises(BackupError, match="beschadigd"):
            verify(damaged, read_manifest(damaged))
    (tmp_path / "half.zip").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "tekst.zip").write_text("{}")
    for unreadable in ("half.zip", "tekst.zip"):
        with pytest.raises(BackupError, match="afgekapt"):
            read_manifest(tmp_path / unreadable)


@given(at=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7), cut=st.none() | st.floats(0, 1))
@settings(max_examples=examples(300), deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_wrong_with_a_file_is_told_as_such(kept_file: Path, at: float, bit: int, cut: float | None) -> None:
    content = bytearray(kept_file.read_bytes())
    content[int(at * len(content))] ^= 1 << bit
    damaged = kept_file.with_name("beschadigd.zip")
    damaged.write_bytes(content if cut is None else content[: int(cut * len(content))])
    try:
        verify(damaged, read_manifest(damaged))
    except BackupError:
        return
    with zipfile.ZipFile(damaged) as one, zipfile.ZipFile(kept_file) as other:
        assert {name: one.read(name) for name in one.namelist()} == {
            name: other.read(name) for name in other.namelist()
        }, "what is said of a part only, such as its date, may differ"


@pytest.mark.parametrize("name", ["manifest.json", "gebeurtenis/000000.native"])
def test_a_small_file_that_unpacks_to_a_large_one_is_refused_before_it_is_unpacked(
    kept_file: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = changed(kept_file, tmp_path / "groot.zip", lambda n, b: b + b" " * 2_000_000 if n == name else b)
    for limit in ("MANIFEST_BYTES_MAX", "PART_BYTES_MAX"):
        monkeypatch.setattr(backup_file, limit, 1_000_000)
    with pytest.raises(BackupError, match=r"wordt uitgepakt \d+ bytes, en dat is nooit meer dan 1000000"):
        verify(large, read_manifest(large))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"versie": 2, "nieuw": 1}, "nieuwere Opvangpeil"),
        ({"versie": 0}, "noemt geen versie"),
        ({"schema": 9999}, "gemaakt met schema 9999"),
        ({"tabellen": {"toegang": {"kolommen": [], "rijen": 0, "delen": []}}}, "tabel die Opvangpeil niet kent"),
        ({"positie": None}, "beschadigd"),
    ],
)
def test_a_file_that_this_program_can_not_know_is_refused(
    store: Store, tmp_path: Path, change: dict[str, Any], reason: str
) -> None:
    file = tmp_path / "a.zip"
    back_up(store, file, NOW)

    def other_manifest(name: str, body: bytes) -> bytes:
        return json.dumps(json.loads(body) | change).encode() if name == "manifest.json" else body

    other = changed(file, tmp_path / "b.zip", other_manifest)
    with pytest.raises(BackupError, match=reason):
        read_manifest(other)


def test_what_was_sealed_opens_where_it_is_restored(store: Store, other: Store, tmp_path: Path) -> None:
    """The file holds the key. A file of before holds none, and then the store keeps the one that it made."""
    file = tmp_path / "a.zip"
    sealed, own = store.sealed.positie("1-5"), other.sealed.positie("1-5")
    restore(other, file, back_up(store, file, NOW))
    assert Store(other.connection).sealed.asked(sealed, raw=False) == "1-5"
    with pytest.raises(PositionError, match="van een andere opslag"):
        Store(other.connection).sealed.asked(own, raw=False)
    without = read_manifest(file).model_copy(update={"tabellen": {}})
    restore(emptied_whole(other), file, without.model_copy(update={"positie": str(other.position())}))
    assert Store(other.connection).sealed.positie("1-5")


def test_every_table_is_kept_or_follows_from_what_is(store: Store) -> None:
    """Whoever adds a table must state here what a backup does with it."""
    tables = {name for (name,) in store.connection.client().query("SHOW TABLES").result_rows}
    about_itself = {"migratie", "begonnen", "uitgeprobeerd"}
    not_to_come_back = {"toegang"}  # a restore would make withdrawn tokens valid again
    assert tables == {*KEPT, *DERIVED, *about_itself, *not_to_come_back}
    for name, table in KEPT.items():
        columns = store.connection.client().query(f"DESCRIBE TABLE {name}").result_rows
        assert table.columns == {column[0]: column[1] for column in columns}


def test_a_schema_of_a_later_version_is_refused(store: Store) -> None:
    later = migrations()[-1][0] + 1
    store.connection.client().insert("migratie", [[later, "later", "x"]], column_names=["number", "name", "sha256"])
    for step in (migrate, check_schema):
        with pytest.raises(Exception, match="bijgewerkt door een nieuwere versie"):
            step(store.connection)


def test_on_the_command_line(tmp_path: Path) -> None:
    """Does what an operator does: back up a data folder, restore into a new one, and go on with that."""
    old, new, file = tmp_path / "oud", tmp_path / "nieuw", tmp_path / "bewaard.zip"
    events = [registered("LOC-A"), capacity("LOC-A", 200), reading("LOC-A", 150)]
    with Server(old) as server:
        assert server.post(events).status_code == 201
        figures = server.get("/v1/bezetting", geldigOp="2026-01-01", bekendOp="2026-01-01")
        positie = server.get("/v1/bezetting")["positie"]
    made = opvangpeil("bewaar", str(file), "--data", str(old))
    assert (made.returncode, f"positie {positie}" in made.stdout) == (0, True), made.stderr
    for own in (old, file):
        assert own.stat().st_mode & 0o077 == 0, "nobody else on this machine can read it"
    done = opvangpeil("herstel", str(file), "--ongetekend", "--data", str(new))
    assert done.returncode == 0, done.stderr
    assert "3 in gebeurtenis" in done.stdout
    assert "Niet bewezen: wie dit bestand maakte" in done.stdout
    with Server(new) as server:
        assert server.post(events).status_code == 200
        assert server.post([reading("LOC-A", 160)]).status_code == 201
        assert server.get("/v1/bezetting", geldigOp="2026-01-01", bekendOp="2026-01-01") == figures | {
            "positie": server.get("/v1/bezetting")["positie"]
        }
        assert server.get("/v1/bezetting", positie=positie)["aanwezig"] == 150
        assert server.get("/v1/bezetting")["aanwezig"] == 160
    refused = opvangpeil("herstel", str(file), "--ongetekend", "--data", str(new))
    assert (refused.returncode, "niet leeg" in refused.stderr) == (2, True)


def test_a_server_is_not_filled_behind_the_back_of_its_processors(store: Store, tmp_path: Path) -> None:
    back_up(store, tmp_path / "a.zip", NOW)
    settings = {"OPVANGPEIL_CLICKHOUSE": "clickhouse://beheer:w8woord@127.0.0.1:9/opvang"}
    asked = opvangpeil("herstel", str(tmp_path / "a.zip"), "--ongetekend", environment=settings)
    assert (asked.returncode, "zet ook OPVANGPEIL_KAFKA" in asked.stderr) == (2, True)
    away = opvangpeil("herstel", str(tmp_path / "a.zip"), "--ongetekend", "--zonder-kafka", environment=settings)
    assert (away.returncode, "Fout: " in away.stderr, "w8woord" in away.stderr) == (2, True, False), away.stderr


def test_a_file_that_is_not_there_is_named_and_nothing_is_made(tmp_path: Path) -> None:
    refused = opvangpeil("herstel", "bestaat-niet.zip", "--data", str(tmp_path / "leeg"))
    assert (refused.returncode, "bestaat-niet.zip" in refused.stderr) == (2, True)
    assert "Traceback" not in refused.stderr
    assert not (tmp_path / "leeg").exists()
