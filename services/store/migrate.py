"""Brings the schema of the store up to date: the numbered files of schemas/clickhouse, each once, in order.

DDL is not transactional in ClickHouse: every statement is safe to repeat, so a migration that was cut off is simply
run again. A file that was applied may not change any more; a later change is a later file.
"""

from collections.abc import Iterable
from hashlib import sha256
from importlib.resources import files
from string import Template

from services.store.connect import Connection, translated
from services.store.model import StoreUnavailableError
from services.store.queries import DERIVED, derived_select

_DONE = """CREATE TABLE IF NOT EXISTS migratie (
    number UInt32, name String, sha256 String, applied_at DateTime64(6, 'UTC') DEFAULT now64(6)
) ENGINE = ReplacingMergeTree ORDER BY number"""
_RESTORE = 0
"""The number under which the same table keeps that a restore is under way."""
_DURABLE = {
    True: "fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1",
    False: "fsync_after_insert = 0",
}
"""The sole copy is written through to disk; on a cluster replicas and the Kafka log give durability."""


class MigrationError(Exception):
    """The schema in the store is not what this version expects."""


def migrations() -> list[tuple[int, str, str]]:
    """(number, name, text) of every migration, in order."""
    folder = files("schemas").joinpath("clickhouse")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [(int(name[:4]), name, folder.joinpath(name).read_text(encoding="utf-8")) for name in names]


def migrate(connection: Connection) -> list[str]:
    """Apply what was not applied yet; returns the names. Raises MigrationError when an applied file changed."""
    connection.create_database()
    client = connection.client()
    values = {"DURABLE": _DURABLE[connection.embedded]}
    with translated():
        client.command(_DONE)
        done = dict(client.query("SELECT number, sha256 FROM migratie FINAL").result_rows)
        _refuse_newer(done)
        applied = []
        for number, name, text in migrations():
            filled = Template(text).substitute(values)
            table = name[5:].removesuffix(".sql")
            fingerprint = sha256((filled + (derived_select(table) if table in DERIVED else "")).encode()).hexdigest()
            if number not in done:
                for statement in statements(filled):
                    client.command(statement)
                client.insert("migratie", [[number, name, fingerprint]], column_names=["number", "name", "sha256"])
                applied.append(name)
            elif done[number] != fingerprint:
                raise MigrationError(
                    f"{name} (of het bestand van die naam in derived/) is veranderd nadat het is toegepast; "
                    "zet het terug en maak van de wijziging een nieuw bestand"
                )
    return applied


def check_schema(connection: Connection) -> None:
    """Raises StoreUnavailableError while migrations are not applied yet: somebody has to run `opvangpeil migreer`.

    Raises MigrationError when the schema is newer than this program.
    """
    with translated():
        done = dict(connection.client().query("SELECT number, sha256 FROM migratie FINAL").result_rows)
    _refuse_newer(done)
    if done.get(_RESTORE):
        raise StoreUnavailableError(
            "een herstel is halverwege; maak het af met `opvangpeil herstel` en hetzelfde bestand"
        )
    missing = [name for number, name, _ in migrations() if number not in done]
    if missing:
        raise StoreUnavailableError(
            f"het schema van ClickHouse is nog niet bij (er mist {missing[0]}); voer `opvangpeil migreer` uit"
        )


def mark_restoring(connection: Connection, mark: str) -> None:
    """Say that a restore is under way, or (with an empty mark) that none is: a half must not be taken for a whole."""
    with translated():
        connection.client().insert(
            "migratie", [[_RESTORE, "herstel", mark]], column_names=["number", "name", "sha256"]
        )  # fmt: skip


def restoring(connection: Connection) -> str:
    """The mark of the restore that is under way; empty when none is."""
    with translated():
        rows = connection.client().query(f"SELECT sha256 FROM migratie FINAL WHERE number = {_RESTORE}").result_rows  # noqa: S608
    return str(rows[0][0]) if rows else ""


def _refuse_newer(done: Iterable[int]) -> None:
    """Raises MigrationError when the store was migrated by a later version, of which this one knows nothing."""
    newest = migrations()[-1][0]
    if (last := max(done, default=0)) > newest:
        raise MigrationError(
            f"het schema van ClickHouse ({last}) is nieuwer dan deze Opvangpeil ({newest}); "
            "neem de versie die het heeft gemaakt, of herstel een bewaard bestand van daarvoor in een lege database"
        )


def statements(text: str) -> list[str]:
    """The statements of a file: ClickHouse over HTTP takes one at a time."""
    bare = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("--"))
    return [statement.strip() for statement in bare.split(";\n") if statement.strip(" \n;")]
