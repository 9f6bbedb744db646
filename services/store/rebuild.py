"""`opvangpeil herbouw`: the derived tables made anew from the log, beside the old ones, then swapped.

Readers see the old table or the new one, never a half. Events that arrive meanwhile reach both: the new table has a
view of its own before the log is read into it, and what comes in twice changes nothing (the greatest wins).
"""

from collections.abc import Callable

from services.store.queries import DERIVED, derived_select
from services.store.store import Store


def rebuild(store: Store, progress: Callable[[str], None] = lambda _: None) -> None:
    """Rebuild every derived table; `progress` is told the name of each that is done."""
    for table in DERIVED:
        fresh = f"{table}_nieuw"
        select = derived_select(table)
        store.command(f"DROP TABLE IF EXISTS mv_{fresh} SYNC")  # left by a rebuild that was cut off
        store.command(f"DROP TABLE IF EXISTS {fresh} SYNC")
        store.command(f"CREATE TABLE {fresh} AS {table}")
        store.command(f"CREATE MATERIALIZED VIEW mv_{fresh} TO {fresh} AS {select}")
        store.command(f"INSERT INTO {fresh} {select}")
        store.command(f"EXCHANGE TABLES {table} AND {fresh}")
        store.command(f"DROP TABLE mv_{fresh} SYNC")
        store.command(f"DROP TABLE {fresh} SYNC")
        progress(table)
