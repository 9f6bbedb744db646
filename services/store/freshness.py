"""How fresh the log is."""

from datetime import datetime

from services.store.connect import translated
from services.store.store import Store


def last_received(store: Store) -> datetime | None:
    """When the last of the stored events came in; None for an empty log. Of each partition only the end is read."""
    at = store.position()
    ends = [f"(partition = {partition} AND offset = {last})" for partition, last in enumerate(at.offsets) if last >= 0]
    if not ends:
        return None
    query = f"SELECT max(received_at) FROM gebeurtenis WHERE epoch = {at.epoch} AND ({' OR '.join(ends)})"  # noqa: S608
    with translated():
        latest: datetime = store.connection.client().query(query).result_rows[0][0]
    return latest
