"""Asks a server what would become of events, without storing any."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import orjson

from schemas.fields import EARLIEST, parse_moment
from services.importer.model import ImporterError, ImportStoppedError
from services.importer.verbinding import Verbinding, detail_of, json_of

MOST = 10_000
"""How many events a server compares at once."""
_PATH = "/v1/vergelijkingen"
IN_VERZOEK = re.compile(r"gebeurtenis (\d+) in dit verzoek")
"""How a server names another event that it compared at once, by its place from 0."""
_MOMENTEN = ("peilmoment", "geldigVanaf", "peildatum", "gezetOp")


@dataclass(frozen=True, slots=True)
class Vergelijking:
    """What a server says of events, each field as the API names it."""

    rijen: Sequence[dict[str, Any]]
    nu: datetime
    """The moment of asking."""
    cijfers: Sequence[dict[str, Any]] | None = None
    verdwenen: Sequence[dict[str, Any]] = field(default_factory=tuple)


class Vergelijker(Protocol):
    """Compares at most `MOST` events with what is in force, and stores nothing."""

    def __call__(
        self, events: Sequence[dict[str, Any]], *, cijfers: bool = False, volledig: dict[str, Any] | None = None
    ) -> Vergelijking:
        """Returns what would become of each event, in the order given.

        `cijfers`: also the figures before and after. `volledig`: also what a source no longer has in its list.
        """


class VanServer:
    """Compares by asking a server. Raises ImportStoppedError when that is impossible."""

    def __init__(self, verbinding: Verbinding, *, zinnen: bool = True) -> None:
        """`zinnen`: whether each event is told in a sentence too, which takes the server a while."""
        self._server, self._zinnen = verbinding, zinnen

    def __call__(
        self, events: Sequence[dict[str, Any]], *, cijfers: bool = False, volledig: dict[str, Any] | None = None
    ) -> Vergelijking:
        """Asks the server."""
        body = orjson.dumps(
            {"gebeurtenissen": events, "cijfers": cijfers, "zinnen": self._zinnen, "volledig": volledig}
        )
        answer = self._server.post(_PATH, body, "application/json")
        if answer.status_code == 413 and len(events) > 1:  # Long events: the halves may fit.
            if cijfers or volledig:
                raise ImporterError(f"De server vergelijkt dit niet in één keer: {detail_of(answer)}")
            cut = snede(events, len(events) // 2)
            before, after = self(events[:cut]), self(events[cut:])
            return Vergelijking([*before.rijen, *(_verder(row, cut) for row in after.rijen)], after.nu)
        found = json_of(answer)
        if answer.status_code != 200 or len(found.get("rijen", ())) != len(events):
            raise ImportStoppedError(self._server.unexpected(answer))
        return vergelijking_van(found)

    def locaties(self) -> dict[str, str]:
        """Returns the registered locaties that the caller may see: id → name."""
        found: dict[str, str] = {}
        after = ""
        while True:
            answer = self._server.get("/v1/locaties", aantal="1000", **({"na": after} if after else {}))
            if answer.status_code != 200:
                raise ImportStoppedError(self._server.unexpected(answer))
            page = json_of(answer)
            found |= _names(page.get("items", ()))
            after = page.get("volgende") or ""
            if not after:
                return found


def vergelijking_van(answer: Mapping[str, Any]) -> Vergelijking:
    """Reads an answer of `POST /v1/vergelijkingen`."""
    nu = datetime.fromisoformat(answer["bekendOp"])
    return Vergelijking(answer["rijen"], nu, answer.get("cijfers"), answer.get("verdwenen") or ())


def snede(events: Sequence[Mapping[str, Any]], bij: int) -> int:
    """Returns where to cut events, nearest to `bij`: between two subjects, or else two moments, if there are two.

    Only events that are compared at once see each other. They are in the order of subject and moment.
    """
    subjects = [event["subject"] for event in events]
    for about in (subjects, [wereldmoment(event["data"]) for event in events]):
        cuts = [at for at in range(1, len(events)) if about[at] != about[at - 1]]
        if cuts:
            return min(cuts, key=lambda at: abs(at - bij))
    return bij


def wereldmoment(data: Mapping[str, Any]) -> datetime:
    """Returns from when on an event holds in the world (V), by its data; EARLIEST when they name no moment."""
    for name in _MOMENTEN:
        if isinstance(said := data.get(name), str):
            try:
                return parse_moment(said)
            except ValueError:  # The server refuses it, and says why.
                return EARLIEST
    return EARLIEST


def _verder(row: dict[str, Any], places: int) -> dict[str, Any]:
    """Returns what a server says of an event of a part that begins so many places further."""
    faults = [
        fout
        | {
            "melding": IN_VERZOEK.sub(
                lambda said: f"gebeurtenis {int(said[1]) + places} in dit verzoek", fout["melding"]
            )
        }
        for fout in row.get("fouten") or ()
    ]
    return row | {"fouten": faults} if faults else row


def _names(items: Iterable[dict[str, Any]]) -> dict[str, str]:
    return {item["id"]: item["naam"] for item in items if item.get("naam")}
