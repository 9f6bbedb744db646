"""Sends one batch to the server. It waits while the server is away, and splits a batch that is refused or too large."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import httpx

from schemas.parsing import BATCH
from services.importer.model import Batch, ImportStoppedError, Reject, WaitWatcher
from services.importer.verbinding import Verbinding, detail_of, json_of

_PATH = "/v1/gebeurtenissen"
_ACCEPTED = {200, 201, 202}
_REFUSED = {400, 409, 413}


@dataclass(slots=True)
class Delivery:
    """What became of the lines of one batch."""

    opgeslagen: int = 0
    herhaald: int = 0
    rejects: list[Reject] = field(default_factory=list)


class Sender:
    """Sends batches to `POST {url}/v1/gebeurtenissen`. Several threads may use it at once.

    `place` gives the name of a field for who wrote the line. Raises ImporterError when `url` is not an address.
    """

    def __init__(
        self,
        url: str,
        place: Callable[[bytes, str], str],
        progress: WaitWatcher,
        *,
        wait_max_seconds: float,
        token: str | None = None,
        connections: int = 2,
    ) -> None:
        self._place = place
        self._server = Verbinding(
            url, progress, wait_max_seconds=wait_max_seconds, token=token, connections=connections
        )

    def deliver(self, batch: Batch) -> Delivery:
        """Offers the events until each is accepted or refused. Raises ImportStoppedError when that is impossible.

        The server takes a batch as a whole or not at all. So the events that it refuses are taken out, and the rest is
        offered again.
        """
        delivery = Delivery()
        todo: list[Sequence[int]] = [range(len(batch.events))]
        while todo:
            part = todo.pop()
            if not part:
                continue
            body = b"[" + b",".join([batch.events[i] for i in part]) + b"]"
            answer = self._server.post(_PATH, body, BATCH)
            if answer.status_code in _ACCEPTED and not _is_page(answer):
                herhaald = _repeated(answer, len(part))
                delivery.opgeslagen += len(part) - herhaald
                delivery.herhaald += herhaald
            elif answer.status_code in _REFUSED:
                reasons = self._reasons(answer, [batch.events[i] for i in part])
                for index, reason in reasons.items():
                    at = part[index]
                    delivery.rejects.append(Reject(batch.numbers[at], reason, batch.originals[at]))
                rest = [at for index, at in enumerate(part) if index not in reasons]
                # When no event is named the fault is about the batch as a whole, so try its halves.
                middle = 0 if reasons else len(rest) // 2
                todo += [rest[middle:], rest[:middle]]
            else:
                raise ImportStoppedError(self._server.unexpected(answer))
        return delivery

    def stop(self) -> None:
        """Makes every `deliver` that waits for the server give up."""
        self._server.stop()

    def close(self) -> None:
        """Closes the connections."""
        self._server.close()

    def _reasons(self, answer: httpx.Response, events: list[bytes]) -> dict[int, str]:
        """Returns what the server says is wrong, by the index of the event. It is empty when no event is named."""
        found: dict[int, list[str]] = {}
        vague = True
        alone = 0 if len(events) == 1 else None
        fouten = json_of(answer).get("fouten")
        for fout in fouten if isinstance(fouten, list) else []:
            index = fout.get("index", alone) if isinstance(fout, dict) else None
            if type(index) is int and 0 <= index < len(events):
                veld, melding = _field(fout.get("veld"), index), str(fout.get("melding") or "geweigerd")
                place = f"{self._place(events[index], veld)}: " if veld else ""
                found.setdefault(index, []).append(place + melding)
                vague = vague and not veld
        if alone == 0:
            return {0: "; ".join(found.get(0, [detail_of(answer)]))}
        # A fault of the body as a whole can look like one of its first event, so this does not condemn that event yet.
        if vague and set(found) == {0}:
            return {}
        return {index: "; ".join(texts) for index, texts in found.items()}


def _is_page(answer: httpx.Response) -> bool:
    """Returns whether this is a web page. Then another server than Opvangpeil said yes, and nothing was stored."""
    return str(answer.headers.get("content-type", "")).startswith("text/html")


def _field(veld: object, index: int) -> str:
    """Returns the field within its event. In a batch a server may write `3.data.aanwezig`."""
    return "" if veld is None or str(veld) == str(index) else str(veld).removeprefix(f"{index}.")


def _repeated(answer: httpx.Response, offered: int) -> int:
    """Returns how many events the server had already: all for a 200, else all but those that it calls `nieuw`."""
    if answer.status_code == 200:
        return offered
    nieuw = json_of(answer).get("nieuw")
    return offered - nieuw if type(nieuw) is int and 0 <= nieuw <= offered else 0
