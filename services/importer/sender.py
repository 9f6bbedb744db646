"""Sends one batch to the server. It waits while the server is away, and splits a batch that is refused or too large."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson

from schemas.parsing import BATCH
from services.importer.model import Batch, ImporterError, ImportStoppedError, ImportWatcher, Reject

_HEADERS = {"content-type": BATCH, "user-agent": "opvangpeil-importeer"}
_ACCEPTED = {200, 201, 202}
_REFUSED = {400, 409, 413}
_BUSY = {408, 425, 429}
_FIRST_WAIT, _LONGEST_WAIT = 0.2, 10.0
# Reading may take long, since the embedded form answers when the events are on disk.
_TIMEOUT = httpx.Timeout(connect=5.0, read=120.0, write=60.0, pool=None)


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
        progress: ImportWatcher,
        *,
        wait_max_seconds: float,
        token: str | None = None,
        connections: int = 2,
    ) -> None:
        self._url = _target(url)
        self._place, self._progress, self._wait_max = place, progress, wait_max_seconds
        self._stopped = threading.Event()
        self._client = httpx.Client(
            headers=_HEADERS | ({"authorization": f"Bearer {token}"} if token else {}),
            timeout=_TIMEOUT,
            limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
            # A proxy for the outside world must not get what goes to this machine.
            trust_env=self._url.host not in {"localhost", "127.0.0.1", "::1"},
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
            answer = self._post([batch.events[i] for i in part])
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
                raise ImportStoppedError(self._unexpected(answer))
        return delivery

    def stop(self) -> None:
        """Makes every `deliver` that waits for the server give up."""
        self._stopped.set()

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()

    def _post(self, events: list[bytes]) -> httpx.Response:
        """Asks until there is an answer about the events themselves."""
        body = b"[" + b",".join(events) + b"]"
        away_since: float | None = None
        backoff = _FIRST_WAIT
        while True:
            asked: float | None = None
            try:
                answer = self._client.post(self._url, content=body)
                if answer.status_code < 500 and answer.status_code not in _BUSY:
                    return answer
                reason = f"de server antwoordt {answer.status_code}: {_detail(answer)}"
                asked = _retry_after(answer)
            except httpx.RequestError as error:
                reason = f"geen antwoord van {self._url}: {error or type(error).__name__}"
            now = time.monotonic()
            away_since = now if away_since is None else away_since
            left = self._wait_max - (now - away_since)
            if left <= 0:
                raise ImportStoppedError(
                    f"De server is na {self._wait_max:g} seconden wachten nog niet bereikbaar ({reason})."
                )
            seconds = min(backoff if asked is None else max(asked, _FIRST_WAIT), left)
            backoff = min(backoff * 2, _LONGEST_WAIT)
            self._progress.waiting(reason, seconds)
            if self._stopped.wait(seconds):
                raise ImportStoppedError("Gestopt.")

    def _reasons(self, answer: httpx.Response, events: list[bytes]) -> dict[int, str]:
        """Returns what the server says is wrong, by the index of the event. It is empty when no event is named."""
        found: dict[int, list[str]] = {}
        vague = True
        alone = 0 if len(events) == 1 else None
        fouten = _json(answer).get("fouten")
        for fout in fouten if isinstance(fouten, list) else []:
            index = fout.get("index", alone) if isinstance(fout, dict) else None
            if type(index) is int and 0 <= index < len(events):
                veld, melding = _field(fout.get("veld"), index), str(fout.get("melding") or "geweigerd")
                place = f"{self._place(events[index], veld)}: " if veld else ""
                found.setdefault(index, []).append(place + melding)
                vague = vague and not veld
        if alone == 0:
            return {0: "; ".join(found.get(0, [_detail(answer)]))}
        # A fault of the body as a whole can look like one of its first event, so this does not condemn that event yet.
        if vague and set(found) == {0}:
            return {}
        return {index: "; ".join(texts) for index, texts in found.items()}

    def _unexpected(self, answer: httpx.Response) -> str:
        status = answer.status_code
        if status in {401, 403}:
            return f"De server geeft geen toegang ({status}): {_detail(answer)}"
        if answer.is_redirect:
            return f"{self._url} verwijst door naar {answer.headers.get('location', '?')}; geef dat adres op."
        return f"{self._url} antwoordt {status}: {_detail(answer)}. Is dit het adres van een Opvangpeil-server?"


def _target(url: str) -> httpx.URL:
    try:
        base = httpx.URL(url.rstrip("/"))
    except (httpx.InvalidURL, TypeError) as error:
        raise ImporterError(f"'{url}' is geen adres ({error}); verwacht bijvoorbeeld http://127.0.0.1:8080") from error
    if base.scheme not in {"http", "https"} or not base.host:
        raise ImporterError(f"'{url}' is geen adres; verwacht bijvoorbeeld http://127.0.0.1:8080")
    return base.copy_with(path=base.path.rstrip("/") + "/v1/gebeurtenissen", query=None, fragment=None)


def _is_page(answer: httpx.Response) -> bool:
    """Returns whether this is a web page. Then another server than Opvangpeil said yes, and nothing was stored."""
    return str(answer.headers.get("content-type", "")).startswith("text/html")


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        parsed = orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _detail(answer: httpx.Response) -> str:
    body = _json(answer)
    return str(body.get("detail") or body.get("title") or answer.reason_phrase or "zonder uitleg")[:300]


def _field(veld: object, index: int) -> str:
    """Returns the field within its event. In a batch a server may write `3.data.aanwezig`."""
    return "" if veld is None or str(veld) == str(index) else str(veld).removeprefix(f"{index}.")


def _repeated(answer: httpx.Response, offered: int) -> int:
    """Returns how many events the server had already: all for a 200, else all but those that it calls `nieuw`."""
    if answer.status_code == 200:
        return offered
    nieuw = _json(answer).get("nieuw")
    return offered - nieuw if type(nieuw) is int and 0 <= nieuw <= offered else 0


def _retry_after(answer: httpx.Response) -> float | None:
    """Returns the seconds that the server asks to wait. A date, which the header may also hold, gives None."""
    text = answer.headers.get("retry-after", "")
    return float(text) if text.isascii() and text.isdecimal() else None
