"""Brings the schema of the store up to date: applies each numbered file of schemas/clickhouse once, in order.

DDL is not transactional in ClickHouse, so every statement is safe to repeat: a migration that was cut off is run again.
A file that was applied may not change any more; a later change is a later file.
"""

import re
from collections.abc import Collection, Mapping
from hashlib import sha256
from importlib.resources import files
from string import Template

from schemas.told import ToldError
from services.store.connect import Connection, translated
from services.store.model import StoreUnavailableError
from services.store.queries import DERIVED, Query, derived_select
from services.store.sealed import make_key

TABLE = Query("schema/migratie")
APPLIED = Query("schema/applied")
RESTORING = Query("schema/restoring")
_DURABLE = "fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1"
"""The sole copy is written through to disk. A server of its own has the Kafka log and replicas for durability."""
_NOT_DURABLE = "fsync_after_insert = 0"
_REPLICATED = f"{_NOT_DURABLE}, replicated_deduplication_window = 1000, replicated_deduplication_window_seconds = 3600"
"""An insert that is repeated soon is not stored twice. Nothing rests on it: what is written twice is the same."""
_RESTORE = 0
"""The number under which the table of migrations keeps the mark of a restore."""
_CLUSTER = re.compile(r"[\w.{}-]{1,100}")


class MigrationError(ToldError):
    """The schema in the store is not what this version expects."""


def migrations() -> list[tuple[int, str, str]]:
    """(number, name, text) of every migration, in order."""
    folder = files("schemas").joinpath("clickhouse")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [(int(name[:4]), name, folder.joinpath(name).read_text(encoding="utf-8")) for name in names]


def migrate(connection: Connection, cluster: str | None = None) -> list[str]:
    """Applies what was not applied yet, and makes the key of seals.

    Args:
        connection: to the store.
        cluster: the cluster on whose replicas the tables are made; None for that of the connection, if any.

    Returns:
        The names of the files that were applied.

    Raises MigrationError when an applied file changed, or when a newer version was here.
    """
    cluster = cluster or connection.cluster
    connection.create_database(on_cluster(cluster))
    client = connection.client()
    values = _values(cluster, embedded=connection.embedded)
    with translated():
        client.command(_table(values))
        rows = client.query(APPLIED.sql()).result_rows
        done = {number: sha for number, _, sha in rows}
        known = migrations()
        _refuse_newer({number: name for number, name, _ in rows}, {number for number, _, _ in known})
        applied = []
        for number, name, text in known:
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
                    "zet het terug en maak van de wijziging een nieuw bestand. Veranderde er niets, dan is dit schema "
                    f"gemaakt met een andere ?cluster= in OPVANGPEIL_CLICKHOUSE dan nu ({cluster or 'geen'})"
                )
        make_key(client)
    return applied


def check_schema(connection: Connection) -> None:
    """Raises an error when this program can't work with the schema of the store.

    Raises MigrationError when a newer version was here: waiting will not help. Raises StoreUnavailableError while a
    restore is under way, and while migrations are not applied yet: somebody has to run `opvangpeil migreer`.
    """
    done = {number: name for number, name, _ in connection.rows(APPLIED.sql())}
    if restoring(connection):
        raise StoreUnavailableError(
            "een herstel is halverwege; maak het af met `opvangpeil herstel` en hetzelfde bestand"
        )
    known = migrations()
    _refuse_newer(done, {number for number, _, _ in known})
    missing = [name for number, name, _ in known if number not in done]
    if missing:
        raise StoreUnavailableError(
            f"het schema van ClickHouse is nog niet bij (er mist {missing[0]}); voer `opvangpeil migreer` uit"
        )


def mark_restoring(connection: Connection, mark: str) -> None:
    """Says that a restore is under way, or with an empty mark that none is, so nobody takes a half for a whole."""
    with translated():
        connection.client().insert("migratie", [[_RESTORE, "herstel", mark]], column_names=["number", "name", "sha256"])


def restoring(connection: Connection) -> str:
    """Returns the mark of the restore that is under way; empty when none is."""
    rows = connection.rows(RESTORING.sql())
    return str(rows[0][0]) if rows else ""


def rendered(cluster: str | None, *, embedded: bool = False) -> list[str]:
    """Returns every statement in the form for a cluster, for one server (None), or for the engine in this process."""
    values = _values(cluster, embedded=embedded)
    texts = [Template(text).substitute(values) for _, _, text in migrations()]
    return [_table(values), *(statement for text in texts for statement in statements(text))]


def on_cluster(cluster: str | None) -> str:
    """Returns the clause by which a statement of DDL runs on every replica; empty without a cluster.

    The name may be a macro of the servers (`{cluster}`). Raises MigrationError when it can't be a name.
    """
    if cluster is None:
        return ""
    if not _CLUSTER.fullmatch(cluster):
        raise MigrationError(f"{cluster!r} is geen naam van een cluster van ClickHouse; verwacht bijvoorbeeld opvang")
    return f" ON CLUSTER '{cluster}'"


def _table(values: Mapping[str, str]) -> str:
    """Returns the statement that makes the table of migrations."""
    return TABLE.sql(on_cluster=values["ON_CLUSTER"], replicated=values["REPLICATED"])


def _values(cluster: str | None, *, embedded: bool) -> dict[str, str]:
    durable = _DURABLE if embedded else _NOT_DURABLE
    return {
        "ON_CLUSTER": on_cluster(cluster),
        "REPLICATED": "Replicated" if cluster else "",
        "DURABLE": _REPLICATED if cluster else durable,
    }


def _refuse_newer(done: Mapping[int, str], known: Collection[int]) -> None:
    newer = [done[number] for number in sorted(done) if number not in known]
    if newer:
        raise MigrationError(
            f"de opslag is bijgewerkt door een nieuwere versie van Opvangpeil ({', '.join(newer)}), die deze versie "
            "niet kent; start die nieuwere versie, of zet een kopie van vóór het bijwerken terug"
        )


def statements(text: str) -> list[str]:
    """Returns the statements of a file: ClickHouse over HTTP takes one at a time."""
    bare = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("--"))
    return [statement.strip() for statement in bare.split(";\n") if statement.strip(" \n;")]
