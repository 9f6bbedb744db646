"""Messages as Standard Webhooks has them: signed, under an id that stays the same however often they are sent."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from standardwebhooks import Webhook

from schemas.fields import Json, format_moment
from services.alarms.deliver.alertmanager import PROEFTEKST
from services.core.alarms.alarmen import as_of
from services.core.alarms.bezorging import Bezorging
from services.core.alarms.bundels import Zending
from services.reads import alarm_answers
from services.web.addresses import ALARMEN, ONTVANGERS, page_of

SECRETS_MAX = 5
BUNDEL = "nl.opvangalarmen.bundel.v1"
"""The type of a message that tells more than one thing."""


PROEF = "nl.opvangalarmen.proef.v1"
"""The type of a test message."""


class SecretError(Exception):
    """The file with the secret can't be used. The message says why, and never holds the secret."""


def read_secrets(file: Path) -> list[str]:
    """Reads the secrets of a receiver, one a line. There are two while one replaces the other. Raises SecretError."""
    try:
        lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise SecretError(f"{file.name} is niet te lezen: {type(error).__name__}") from error
    secrets = [line for line in lines if line and not line.startswith("#")]
    for number, secret in enumerate(secrets, start=1):
        try:
            good = secret.startswith("whsec_") and bool(_signer(secret))
        except ValueError:  # It is empty, or no base64.
            good = False
        if not good:
            raise SecretError(f"{file.name}: geheim {number} is geen whsec_… met base64 erachter")
    if not 1 <= len(secrets) <= SECRETS_MAX:
        raise SecretError(f"{file.name} bevat {len(secrets)} geheimen; verwacht er 1, en bij wisselen 2")
    return secrets


def message(zending: Zending, url: str | None) -> bytes:
    """Returns the body, which is the same at every attempt. `url`: where people find Opvangpeil."""
    told = [_told(one, url) for one in zending.leden]
    if len(told) == 1:
        return orjson.dumps(told[0])
    listed = [{"id": one.overgang.id} | said for one, said in zip(zending.leden, told, strict=True)]
    first, last = zending.leden[0], zending.leden[-1]
    data = {"ernst": first.alarm.ernst, "aantal": len(listed), "meldingen": listed}
    return orjson.dumps({"type": BUNDEL, "timestamp": format_moment(last.overgang.time), "data": data})


def test_message(naam: str, now: datetime, url: str | None) -> bytes:
    """Returns the body of a test message, which holds no alarm."""
    data = {"proef": True, "ontvanger": naam, "toelichting": PROEFTEKST}
    links = {} if url is None else {"url": f"{url}{page_of(ONTVANGERS.path)}"}
    return orjson.dumps({"type": PROEF, "timestamp": format_moment(now), "data": data | links})


def _told(bezorging: Bezorging, url: str | None) -> Json:
    overgang = bezorging.overgang
    alarm = as_of(bezorging.alarm, overgang.id)
    data: dict[str, Any] = alarm_answers.alarm(alarm, overgang.time)
    links = {} if url is None else {"url": f"{url}{ALARMEN.path}?onderwerp={alarm.onderwerp}"}
    return {"type": overgang.type, "timestamp": format_moment(overgang.time), "data": data | links}


def signed(own_id: str, body: bytes, secrets: Sequence[str], now: datetime) -> dict[str, str]:
    """Returns the headers of an attempt."""
    signatures = [_signer(secret).sign(own_id, now, body.decode()) for secret in secrets]
    return {
        "Content-Type": "application/json",
        "webhook-id": own_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _signer(secret: str) -> Webhook:
    try:
        return Webhook(secret)
    except Exception as error:
        raise ValueError("geen geheim") from error
