"""Keeps the derived tables near the log, and makes them anew.

They follow the log at a distance: readers look at the rest of it themselves (`consistent`). So an answer never waits
for this, and a kill at any moment costs nothing but the work. Whoever does it, and how often, changes nothing either:
what is written twice is the same (the greatest wins).
"""

from collections.abc import Callable

from services.store.migrate import on_cluster
from services.store.position import Position
from services.store.queries import DERIVED, Query, filled
from services.store.store import Store

BEGIN = Query("derived/begin")
FILL = Query("derived/fill")
DROP = Query("derived/drop")
MAKE = Query("derived/make")
SWAP = Query("derived/swap")
REST_MAX = 5_000
"""Readers may have to look at so many events themselves: that takes some milliseconds."""


def keep_near(store: Store) -> None:
    """Brings the derived tables up to date when they are far behind the log."""
    if store.rest_count() > REST_MAX:
        bring_up_to_date(store)


def bring_up_to_date(store: Store) -> None:
    """Lets every derived table follow the log up to now."""
    done, upto = store.derived_to(), store.position()
    if upto.within(done):
        return
    _begin(store, upto)
    being_made = store.tables_being_made()
    for table in DERIVED:
        # The new one first: a swap in between then leaves the range in both, and not twice in the one that goes.
        for into in (*({_beside(table)} & being_made), table):
            _derive(store, table, f"{done.beyond()} AND {upto.upto()}", into)
    store.derived_to()  # so that this store knows it at once


def rebuild(store: Store, progress: Callable[[str], None] = lambda _: None) -> None:
    """Makes every derived table anew from the log, beside the old one, and then swaps them (`opvangpeil herbouw`).

    Readers see the old table or the new one, never a half. From the moment the new ones are there, whoever brings the
    tables up to date writes to both.

    Args:
        store: the store whose tables are made.
        progress: is told the name of each table that is filled.
    """
    on = on_cluster(store.connection.cluster)
    for table in DERIVED:
        store.command(DROP.sql(table=table, on_cluster=on))  # left by a rebuild that was cut off
        store.command(MAKE.sql(table=table, on_cluster=on))
    upto = store.position()
    _begin(store, upto)
    for table in DERIVED:
        _derive(store, table, upto.upto(), _beside(table))
        progress(table)
    for table in DERIVED:
        store.command(SWAP.sql(table=table, on_cluster=on))
    for table in DERIVED:
        store.command(DROP.sql(table=table, on_cluster=on))


def _begin(store: Store, upto: Position) -> None:
    """Says how far the tables may follow the log from now on, before any of them does."""
    ends = [(partition, last) for partition, last in enumerate(upto.offsets) if last >= 0]
    if ends:
        store.command(BEGIN.sql(epoch=upto.epoch, ends=ends))


def _derive(store: Store, table: str, part: str, into: str) -> None:
    """Writes what follows from a part of the log for a table, into that table or another of its shape."""
    store.command(filled(FILL.sql(table=table, into=into), rest=part))


def _beside(table: str) -> str:
    return f"{table}_nieuw"
