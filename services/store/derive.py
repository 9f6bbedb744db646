"""Keeps the derived tables near the log, and makes them anew.

They follow it at a distance: readers look at the rest of the log themselves (`queries`), so an answer never waits for
this, and a kill at any moment costs nothing but the work. Whoever does it, and how often, changes nothing either: what
is written twice is the same (the greatest wins).
"""

from collections.abc import Callable
from string import Template

from services.store.migrate import on_cluster
from services.store.position import Position
from services.store.queries import DERIVED, derived_select
from services.store.store import Store

REST_MAX = 5_000
"""Events that readers may have to look at themselves: some milliseconds."""
BLOCK_ROWS = 4_000_000
"""At least, or BLOCK_BYTES: of smaller blocks come more parts, and those have to be merged again."""
BLOCK_BYTES = 256 * 1024 * 1024


def keep_near(store: Store) -> None:
    """Bring the tables up to date when they are far behind the log."""
    if store.rest_count() > REST_MAX:
        bring_up_to_date(store)


def bring_up_to_date(store: Store) -> None:
    """Let every derived table follow the log up to now."""
    done, upto = store.derived_to(), store.position()
    if upto.within(done):
        return
    _begin(store, upto)
    being_made = store.tables_being_made()
    for table in DERIVED:
        # The new one first: a swap in between then leaves the range in both, and not twice in the one that goes.
        for into in (*({_fresh(table)} & being_made), table):
            _derive(store, table, f"{done.beyond()} AND {upto.upto()}", into)
    store.derived_to()  # so that this store knows it at once


def rebuild(store: Store, progress: Callable[[str], None] = lambda _: None) -> None:
    """`opvangpeil herbouw`: make every derived table anew from the log, beside the old one, then swap.

    Readers see the old table or the new one, never a half. `progress` is told the name of each that is done.
    From the moment the new ones are there, whoever brings the tables up to date writes to both.
    """
    on = on_cluster(store.connection.cluster)
    for table in DERIVED:
        store.command(f"DROP TABLE IF EXISTS {_fresh(table)}{on} SYNC")  # left by a rebuild that was cut off
        store.command(f"CREATE TABLE {_fresh(table)}{on} AS {table}")
    upto = store.position()
    _begin(store, upto)
    for table in DERIVED:
        _derive(store, table, upto.upto(), _fresh(table))
        progress(table)
    for table in DERIVED:
        store.command(f"EXCHANGE TABLES {table} AND {_fresh(table)}{on}")
    for table in DERIVED:
        store.command(f"DROP TABLE {_fresh(table)}{on} SYNC")


def _begin(store: Store, upto: Position) -> None:
    rows = [f"({upto.epoch}, {partition}, {last})" for partition, last in enumerate(upto.offsets) if last >= 0]
    if rows:
        store.command(f"INSERT INTO begonnen VALUES {', '.join(rows)}")  # noqa: S608 - our own numbers


def _derive(store: Store, table: str, part: str, into: str) -> None:
    """Write what a part of the log says of a table."""
    select = Template(derived_select(table)).substitute(RANGE=part)
    store.command(
        f"INSERT INTO {into} {select} SETTINGS min_insert_block_size_rows = {BLOCK_ROWS}, "
        f"min_insert_block_size_bytes = {BLOCK_BYTES}"
    )


def _fresh(table: str) -> str:
    return f"{table}_nieuw"
