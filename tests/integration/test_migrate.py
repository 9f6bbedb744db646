"""The schema in its three forms: embedded, on a server, on a cluster. Stores of an unknown version are refused."""

import re

import pytest

from services.store.migrate import MigrationError, check_schema, migrate, migrations, rendered

APPLIED = {
    "0001_gebeurtenis.sql": "1eb4af119639e878ab47dfbe283861710701eb8e2788950595deb2d8b7cb5033",
    "0002_onverwerkbaar.sql": "5f98f4256beed4dcb54974d9fb1d3349230770f23a109bcf3471075e5687b90f",
    "0003_alarm.sql": "e5fee609dd558fa834f19bf689fb1e4b1ee9eaf52a2c02851af8b88de16e9463",
    "0004_schrijving.sql": "9c64ebeb062595faa3d2902cb767a542e3fab004a1b97f827cad6fcd40ab7441",
    "0005_cel.sql": "1be857aa94fcf399cc2e6971c18ad6460ba17f6ace77ffac2df1f8421a800e76",
    "0006_ingetrokken.sql": "d612e47465a52de8a9c49e234d2ce3772795443bba8593608d938bae3e7c5864",
    "0007_bekend.sql": "f0be42ab0904f254fa0c7ccb412010ec25864aa69e0dab1b9c8a9c038e21511b",
    "0008_volgorde.sql": "ca2ce44ae491580c7aff0fdd5a829fb668215b0c8967e3f85f241db48521ba55",
    "0009_positie.sql": "7d81ccb2ac4c2726eeea888e389c15cb920cb9b23662af1e3f2fc83a11743310",
    "0010_leven.sql": "60f2f06d6b5279e3ae5d0f1c766199ed5b99562d70074bbfe045e5d24aa96f05",
    "0011_toegang.sql": "1803a65eaced2f1da75326e83fe35104e975db37e9b9b94345248ace1124a2bb",
    "0012_alarm_plaats.sql": "7119746d16b0d69a493ecd12e96bce81b82b4c5df3a9350de71672a0d2fea9e4",
    "0013_zegel.sql": "4478df7c841320890a0d1eb8f8378bfac73cc4df6417d47dd5f204f3e8894bdf",
    "0014_toegang_bereik.sql": "df89472fbad7d55570594a5807028d128f7cad0301e807a5f6e8fb61dd0f8f8a",
}
"""Hashes of these files, as embedded stores in use have recorded them. Never change a line; a new file adds one."""
CLUSTER = "opvang"
MADE = re.compile(r"CREATE TABLE IF NOT EXISTS (\w+)")
ADDED = re.compile(r"ALTER TABLE \w+ ADD COLUMN IF NOT EXISTS ")
embedded = pytest.mark.parametrize("new_store", ["chdb"], indirect=True)


@embedded
def test_a_store_of_an_earlier_version_still_opens(store):
    rows = store.connection.client().query("SELECT name, sha256 FROM migratie FINAL ORDER BY number").result_rows
    assert dict(rows) == APPLIED
    assert [name for _, name, _ in migrations()] == list(APPLIED)


def test_to_migrate_again_changes_nothing(store):
    assert migrate(store.connection) == []


def test_a_store_of_a_newer_version_is_refused_and_left_as_it_is(store):
    client = store.connection.client()
    client.insert("migratie", [[9001, "9001_later.sql", "x"]], column_names=["number", "name", "sha256"])
    client.command("ALTER TABLE migratie DELETE WHERE number = 9", settings={"mutations_sync": 1})
    with pytest.raises(MigrationError, match=r"nieuwere versie van Opvangpeil \(9001_later\.sql\)"):
        migrate(store.connection)
    with pytest.raises(MigrationError, match="nieuwere versie"):
        check_schema(store.connection)
    assert client.command("SELECT count() FROM migratie WHERE number = 9") == 0


@embedded
def test_a_changed_file_is_refused(store):
    client = store.connection.client()
    client.insert("migratie", [[3, "0003_alarm.sql", "x"]], column_names=["number", "name", "sha256"])
    with pytest.raises(MigrationError, match=r"0003_alarm\.sql .*is veranderd"):
        migrate(store.connection)


def tables(statements: list[str]) -> dict[str, str]:
    """Returns the statement that makes each table, by name."""
    return {made[1]: statement for statement in statements if (made := MADE.match(statement))}


def test_every_statement_makes_a_table_or_adds_to_one_and_may_be_repeated():
    """Whoever adds another kind of statement must add it here, and below for a cluster."""
    assert [one for one in rendered(None) if not MADE.match(one) and not ADDED.match(one)] == []


def test_on_a_cluster_columns_are_added_on_every_replica():
    added = [one for one in rendered(CLUSTER) if not MADE.match(one)]
    assert added
    assert all(re.match(rf"ALTER TABLE \w+ ON CLUSTER '{CLUSTER}' ADD COLUMN IF NOT EXISTS ", one) for one in added)


def test_on_a_cluster_every_table_is_made_on_every_replica_and_replicated():
    made = tables(rendered(CLUSTER))
    assert {"migratie", "gebeurtenis", "uitgeprobeerd", "begonnen"} <= set(made)
    for name, statement in made.items():
        assert re.match(rf"CREATE TABLE IF NOT EXISTS {name} ON CLUSTER '{CLUSTER}' ", statement)
        (engine,) = re.findall(r"ENGINE = (\w+)", statement)
        assert engine == ("Null" if name == "uitgeprobeerd" else engine)
        assert engine == "Null" or engine.startswith("Replicated")


def test_on_a_cluster_replicas_give_durability_and_a_quick_repeat_is_dropped():
    for name, statement in tables(rendered(CLUSTER)).items():
        assert "non_replicated_deduplication_window" not in statement
        assert not re.search(r"fsync\w* = 1", statement)
        if name not in ("migratie", "uitgeprobeerd"):
            assert "fsync_after_insert = 0" in statement
            assert "replicated_deduplication_window = 1000" in statement


def test_elsewhere_nothing_is_replicated():
    for form in (rendered(None), rendered(None, embedded=True)):
        assert not re.search(r"ON CLUSTER|Replicated|replicated|\$", "\n".join(form))
    assert all("fsync_after_insert = 0" in text or "SETTINGS" not in text for text in rendered(None))
    assert "fsync_after_insert = 1" in "\n".join(rendered(None, embedded=True))


def test_a_macro_of_the_servers_may_name_the_cluster():
    assert all(" ON CLUSTER '{cluster}' " in statement for statement in rendered("{cluster}"))


@pytest.mark.parametrize("name", ["", "x' (a", "a b", "`"])
def test_what_is_no_name_of_a_cluster_is_refused(name):
    with pytest.raises(MigrationError, match="geen naam van een cluster"):
        rendered(name)
