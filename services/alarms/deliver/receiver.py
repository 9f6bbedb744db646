"""One receiver: how something is delivered to it, and how that went."""

import math
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import orjson

from schemas.ontvangers import Ontvanger
from services.alarms.deliver import alertmanager, webhook
from services.alarms.deliver.outward import Outward, RefusedAddressError, Reply, UnreachableError, check_literal
from services.alarms.deliver.webhook import SecretError, read_secrets
from services.core.alarms.alarmen import Alarm
from services.core.alarms.bundels import Zending

_BACKOFF_SECONDS = (1.0, 5.0, 15.0)
"""After how long an Alertmanager that failed is tried again. The last of these is repeated."""


class Tried(NamedTuple):
    """How an attempt went."""

    status: int | None
    """The HTTP status; None when there was no answer."""
    why: str
    """Why it failed; empty when it did not fail."""
    asked: timedelta | None = None
    """For how long the receiver asked to be left alone."""

    @property
    def taken(self) -> bool:
        """Whether the receiver has it."""
        return not self.why


class Receiver:
    """The way to one receiver."""

    def __init__(self, ontvanger: Ontvanger, folder: Path, url: str | None) -> None:
        """`folder`: what its file names are relative to. `url`: where people find Opvangpeil.

        Raises SecretError, and RefusedAddressError when the URL in the file is an address that may not be asked.
        """
        check(ontvanger, folder)
        self.ontvanger = ontvanger
        self._folder, self._url = folder, url
        self._outward = Outward(private=ontvanger.privaat)
        self._next, self._failures = -math.inf, 0
        self._since: datetime | None = None
        self._under_way = 0

    @property
    def idle(self) -> bool:
        """Whether nothing is being sent to it."""
        return not self._under_way

    async def close(self) -> None:
        """Disconnects."""
        await self._outward.close()

    async def deliver(self, zending: Zending, now: datetime) -> Tried:
        """Makes one attempt at a webhook."""
        body = webhook.message(zending, self._url)
        try:
            headers = webhook.signed(zending.id, body, self._secrets(), now)
        except SecretError as error:
            return Tried(None, str(error))
        return await self._post(self.ontvanger.url, body, headers, now)

    def due(self, monotonic: float) -> bool:
        """Whether it is time to send an Alertmanager everything again."""
        return monotonic >= self._next

    @property
    def failing(self) -> bool:
        """Whether the last attempt failed, so that the next waits until it is due."""
        return self._failures > 0

    async def deliver_together(
        self, alarmen: Sequence[Alarm], now: datetime, *, everything: bool, watchdog: bool
    ) -> Tried:
        """Makes one attempt at an Alertmanager.

        `everything`: these are all the open alarms that it knows, so the watchdog goes along when `watchdog` says so.
        """
        self._since = self._since or now
        said = [alertmanager.alert(alarm, now, self._url) for alarm in alarmen]
        if everything and watchdog:
            said.append(alertmanager.watchdog(self._since, now, self._url))
        try:
            tried = await self._post_alerts(orjson.dumps(said), now)
        except SecretError as error:
            tried = Tried(None, str(error))
        self._failures = 0 if tried.taken else self._failures + 1
        if everything or not tried.taken:
            backoff = _BACKOFF_SECONDS[min(self._failures, len(_BACKOFF_SECONDS)) - 1]
            wait = alertmanager.RESEND.total_seconds() if tried.taken else backoff
            self._next = time.monotonic() + wait
        return tried

    async def test(self, own_id: str, now: datetime) -> Tried:
        """Makes one attempt with a message that says that it is a test."""
        try:
            if self.ontvanger.soort == "webhook":
                body = webhook.test_message(self.ontvanger.naam, now, self._url)
                return await self._post(
                    self.ontvanger.url, body, webhook.signed(own_id, body, self._secrets(), now), now
                )
            body = orjson.dumps([alertmanager.test_alert(self.ontvanger.naam, own_id, now, self._url)])
            return await self._post_alerts(body, now)
        except SecretError as error:
            return Tried(None, str(error))

    async def _post_alerts(self, body: bytes, now: datetime) -> Tried:
        headers = {"Content-Type": "application/json"} | self._authorization()
        return await self._post(self.ontvanger.url.rstrip("/") + alertmanager.PATH, body, headers, now)

    async def _post(self, url: str, body: bytes, headers: dict[str, str], now: datetime) -> Tried:
        self._under_way += 1
        try:
            reply = await self._outward.post(url, body, {"User-Agent": "Opvangpeil"} | headers, now)
        except (UnreachableError, RefusedAddressError) as error:
            return Tried(None, str(error))
        finally:
            self._under_way -= 1
        return Tried(reply.status, "" if reply.taken else _why(reply), reply.retry_after)

    def _secrets(self) -> list[str]:
        return _secrets(self.ontvanger, self._folder)

    def _authorization(self) -> dict[str, str]:
        return _authorization(self.ontvanger, self._folder)


def check(ontvanger: Ontvanger, folder: Path) -> None:
    """Looks whether a receiver can be used. Raises SecretError and RefusedAddressError, as `Receiver` does."""
    if ontvanger.soort == "webhook":
        _secrets(ontvanger, folder)
    _authorization(ontvanger, folder)
    check_literal(ontvanger.url, private=ontvanger.privaat)


def _secrets(ontvanger: Ontvanger, folder: Path) -> list[str]:
    """Reads them anew each time, so that replacing a secret needs no restart."""
    return read_secrets(folder / (ontvanger.geheimBestand or ""))


def _authorization(ontvanger: Ontvanger, folder: Path) -> dict[str, str]:
    if ontvanger.tokenBestand is None:
        return {}
    file = folder / ontvanger.tokenBestand
    try:
        token = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SecretError(f"{file.name} is niet te lezen: {type(error).__name__}") from error
    if not token or not token.isprintable() or " " in token:
        raise SecretError(f"{file.name} bevat geen token op één regel")
    return {"Authorization": f"Bearer {token}"}


def _why(reply: Reply) -> str:
    if 300 <= reply.status < 400:
        return f"antwoordde {reply.status}: een omleiding wordt niet gevolgd; zet het juiste adres in het bestand"
    return f"antwoordde {reply.status}"
