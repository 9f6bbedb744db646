"""Events as they arrive at a store: in batches, in any order, some more than once. Also what the store then answers."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.events import Event
from services.store.connect import Connection
from services.store.derive import bring_up_to_date
from services.store.model import Accepted, Place
from services.store.queries import DERIVED
from services.store.store import Store
from tests.support import rondes
from tests.support.facts import accepted
from tests.support.forms import OVER_HTTP_ONE_IN
from tests.support.strategies import event_lists

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
FIRST_RECEIVED = datetime(2026, 1, 1, tzinfo=UTC)
EXAMPLES = 16
ENGINE = settings(
    derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def law(strategy: st.SearchStrategy[Any], examples: int = EXAMPLES) -> Callable[[Callable[[Store, Any], None]], Any]:
    """Makes a test that `holds` is true for every drawn example, on every store. Over HTTP there are fewer examples.

    Args:
        strategy: Draws the examples that `holds` gets, next to the store.
        examples: Their number in `make volledig`. `make test` tries a part of them.
    """

    def decorate(holds: Callable[[Store, Any], None]) -> Any:
        def test(store: Store) -> None:
            count = rondes.examples(examples if store.connection.embedded else examples // OVER_HTTP_ONE_IN)
            settings(ENGINE, max_examples=count)(given(strategy)(lambda drawn: holds(store, drawn)))()

        test.__name__, test.__doc__ = holds.__name__, holds.__doc__
        return pytest.mark.deel(test)

    return decorate


class Arrival(NamedTuple):
    """Events that are stored at once, and whether the derived tables are then brought up to date."""

    events: list[Event]
    derived: bool


Delivery = tuple[list[Event], list[Arrival]]


@st.composite
def deliveries(draw: st.DrawFn) -> Delivery:
    """Draws a set of events, and batches in which it arrives: in any order, some events more than once."""
    events = draw(event_lists())
    arriving = draw(st.permutations([*events, *draw(st.lists(st.sampled_from(events), max_size=5))] if events else []))
    borders = sorted(draw(st.lists(st.integers(0, len(arriving)), max_size=3)))
    edges = [0, *borders, len(arriving)]
    return events, [Arrival(arriving[a:b], draw(st.booleans())) for a, b in pairwise(edges)]


def happen(store: Store, arrivals: Sequence[Arrival]) -> Iterator[int]:
    """Stores each batch, repeated events included, and yields the number of the batch after each step."""
    first: dict[str, Accepted] = {}
    for number, (events, derived) in enumerate(arrivals):
        received = FIRST_RECEIVED + timedelta(days=40 * number)
        place = Place(1, number % 2, number)
        store.insert([first.setdefault(e.id, accepted(e, received, place)) for e in events])
        yield number
        if derived:
            bring_up_to_date(store)
            yield number


def deliver(store: Store, arrivals: Sequence[Arrival], look: Callable[[int], None] = lambda _: None) -> list[str]:
    """Stores all batches, calls `look` after each step, and returns the positie after each batch."""
    posities = {}
    for number in happen(store, arrivals):
        posities[number] = str(store.position())
        look(number)
    return list(posities.values())


def arrived_by(arrivals: Sequence[Arrival], number: int) -> list[Event]:
    """Returns the events of all batches up to and including this one."""
    return [event for arrival in arrivals[: number + 1] for event in arrival.events]


class Busy(Store):
    """A store in which something happens between any two of its queries."""

    def __init__(self, connection: Connection, happening: Iterator[object]) -> None:
        super().__init__(connection)
        self._happening = happening

    def _rows(self, query: str, *asked: Any, **how: Any) -> Sequence[Any]:
        next(self._happening, None)
        return super()._rows(query, *asked, **how)


def emptied(store: Store) -> Store:
    """Empties the database, and returns a new store on it, without any memory."""
    for table in ("gebeurtenis", "begonnen", *DERIVED):
        store.command(f"TRUNCATE TABLE {table}")
    return Store(store.connection)
