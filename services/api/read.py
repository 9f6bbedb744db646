"""From a question to the figures that answer it: what API, page and `/metrics` ask the store, the same way."""

from collections.abc import Sequence

from services.api.cijfers import Cijfers
from services.api.params import Momenten
from services.clock import Clock
from services.core.alarmen import Alarm, alarmen_at
from services.core.bezetting import Locatie, Overschrijding, overschrijding
from services.store.store import Store


class Reader:
    """Reads of one store. Everything here blocks on it, and raises StoreUnavailableError when it is away."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock = store, clock

    def figures(self, momenten: Momenten, positie: str | None = None, cyclus: str | None = None) -> Cijfers:
        """The figures at (V, K). Raises PositionError."""
        view = self.store.view(momenten.geldig_op, momenten.bekend_op, now=momenten.now, positie=positie)
        return Cijfers(view, cyclus)

    def breaches(self, cijfers: Cijfers, locaties: Sequence[Locatie]) -> dict[str, Overschrijding]:
        """Of the locaties with a maximum in force: the days above it, from the same stored events as the figures."""
        limited = {locatie.id: locatie.maximum for locatie in locaties if locatie.maximum is not None}
        if not limited:
            return {}
        view = cijfers.view
        readings = self.store.readings(list(limited), view.geldig_op, view.bekend_op, view.positie)
        return {id_: overschrijding(maximum, readings[id_]) for id_, maximum in limited.items()}

    def alarmen(self, momenten: Momenten) -> list[Alarm]:
        """Every alarm that there was by K, as it stood then, newest first."""
        return alarmen_at(self.store.alarm_transitions(momenten.bekend_op), momenten.bekend_op)
