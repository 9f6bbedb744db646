"""The page of receivers: who is told of alarms, how that goes, and a test message."""

from typing import Any

from schemas.fields import Json
from services.dashboard.page import Maker, Proces
from services.dashboard.page_request import Blad, Daadvraag, without_time
from services.reads.cijfers import Cijfers

WAITING_MAX = 20
"""So many of what waits are named."""


def of_process(proces: Proces) -> Maker[Daadvraag]:
    """Makes the page in one process. Only the service that tells receivers knows them, and only those of now."""

    def make(blad: Blad[Daadvraag]) -> dict[str, Any]:
        ontvangers, cijfers = proces.ontvangers, blad.cijfers()
        stand = [] if ontvangers is None else [ontvangers.stand(one, blad.caller.audience) for one in ontvangers.namen]
        shown = [head | {"meldingen": _named(waiting, cijfers)} for head, waiting in stand]
        return {"ontvangers": shown}

    return without_time(make)


def _named(waiting: list[Json], cijfers: Cijfers) -> list[Json]:
    return [one | {"naam": cijfers.naam_van(one["onderwerp"])} for one in waiting[:WAITING_MAX]]
