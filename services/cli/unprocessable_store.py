"""The unprocessable as a store holds them, for the commands that open one."""

from schemas.fields import format_moment
from services.cli.unprocessable import SHOWN_BYTES, Item, ItemSource, place
from services.store.store import Store
from services.store.unprocessable import Numbered


def count_valid_now(store: Store) -> int:
    """How many of the unprocessable are valid in this version, and not in the log yet."""
    return sum(not store.known(ids).keys() >= set(ids) for _, ids in store.unprocessable.valid_now())


def of_store(store: Store) -> ItemSource:
    """Returns the source of them."""

    def page(below: int | None, reason: str, count: int) -> list[Item]:
        found = store.unprocessable.page(below=below, reason=reason, count=count, bytes_max=SHOWN_BYTES)
        return [_from_store(one) for one in found]

    def one(number: int) -> Item | None:
        found = store.unprocessable.one(number)
        return None if found is None else _from_store(found)

    return ItemSource(page, one)


def _from_store(found: Numbered) -> Item:
    item = found.item
    where = place(item.topic, item.place.partition, item.place.offset, item.index)
    return Item(found.number, format_moment(item.ontvangen_op), where, item.reason, found.length, item.raw)
