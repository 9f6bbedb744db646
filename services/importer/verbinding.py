"""The connection with a server of Opvangpeil. It waits while the server is away or busy."""

import threading
import time
from typing import Any

import httpx
import orjson

from services.importer.model import ImporterError, ImportStoppedError, WaitWatcher

_BUSY = {408, 425, 429}
_FIRST_WAIT, _LONGEST_WAIT = 0.2, 10.0
# Reading may take long, since the embedded form answers when the events are on disk.
_TIMEOUT = httpx.Timeout(connect=5.0, read=120.0, write=60.0, pool=None)


class Verbinding:
    """A connection. Several threads may use it at once. Raises ImporterError when `url` is not an address."""

    def __init__(
        self,
        url: str,
        progress: WaitWatcher,
        *,
        wait_max_seconds: float,
        token: str | None = None,
        connections: int = 2,
    ) -> None:
        self._base = _base(url)
        self._progress, self._wait_max = progress, wait_max_seconds
        self._stopped = threading.Event()
        self._client = httpx.Client(
            headers={"user-agent": "opvangpeil-importeer"} | ({"authorization": f"Bearer {token}"} if token else {}),
            timeout=_TIMEOUT,
            limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
            # A proxy for the outside world must not get what goes to this machine.
            trust_env=self._base.host not in {"localhost", "127.0.0.1", "::1"},
        )

    def post(self, path: str, body: bytes, kind: str) -> httpx.Response:
        """Asks until there is an answer about what was sent. Raises ImportStoppedError after the longest wait."""
        return self._ask("POST", path, body, {"content-type": kind})

    def get(self, path: str, **query: str) -> httpx.Response:
        """Asks until there is an answer. Raises ImportStoppedError after the longest wait."""
        return self._ask("GET", path, None, {}, query)

    def stop(self) -> None:
        """Makes everything that waits for the server give up."""
        self._stopped.set()

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()

    def unexpected(self, answer: httpx.Response) -> str:
        """Returns what is wrong when the server gives another answer than one about what was sent."""
        status, url = answer.status_code, answer.request.url
        if status in {401, 403}:
            return f"De server geeft geen toegang ({status}): {detail_of(answer)}"
        if answer.is_redirect:
            return f"{url} verwijst door naar {answer.headers.get('location', '?')}; geef dat adres op."
        return f"{url} antwoordt {status}: {detail_of(answer)}. Is dit het adres van een Opvangpeil-server?"

    def _ask(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str], query: dict[str, str] | None = None
    ) -> httpx.Response:
        url = self._base.copy_with(path=self._base.path.rstrip("/") + path)
        away_since: float | None = None
        backoff = _FIRST_WAIT
        while True:
            asked: float | None = None
            try:
                answer = self._client.request(method, url, content=body, headers=headers, params=query)
                if answer.status_code < 500 and answer.status_code not in _BUSY:
                    return answer
                reason = f"de server antwoordt {answer.status_code}: {detail_of(answer)}"
                asked = _retry_after(answer)
            except httpx.RequestError as error:
                reason = f"geen antwoord van {url}: {error or type(error).__name__}"
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


def json_of(answer: httpx.Response) -> dict[str, Any]:
    """Returns the object that an answer holds; an empty one when it holds none."""
    try:
        parsed = orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def detail_of(answer: httpx.Response) -> str:
    """Returns what an answer says is wrong."""
    body = json_of(answer)
    return str(body.get("detail") or body.get("title") or answer.reason_phrase or "zonder uitleg")[:300]


def _base(url: str) -> httpx.URL:
    try:
        base = httpx.URL(url.rstrip("/"))
    except (httpx.InvalidURL, TypeError) as error:
        raise ImporterError(f"'{url}' is geen adres ({error}); verwacht bijvoorbeeld http://127.0.0.1:8080") from error
    if base.scheme not in {"http", "https"} or not base.host:
        raise ImporterError(f"'{url}' is geen adres; verwacht bijvoorbeeld http://127.0.0.1:8080")
    return base.copy_with(query=None, fragment=None)


def _retry_after(answer: httpx.Response) -> float | None:
    """Returns the seconds that the server asks to wait. A date, which the header may also hold, gives None."""
    text = answer.headers.get("retry-after", "")
    return float(text) if text.isascii() and text.isdecimal() else None
