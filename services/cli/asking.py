"""How commands ask a running server."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from services.cli.plain import DEFAULT_URL, CommandError
from services.config import read_config


class ServerRefusedError(CommandError):
    """The server of --url does not do what is asked. The message says why."""


@contextmanager
def asking(url: str) -> Iterator[httpx.Client]:
    """Yields a client of the server at a URL, which shows the token of the environment.

    Raises ServerRefusedError when the server does not answer.
    """
    token = read_config().token
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    # A proxy for the outside world must not get what goes to this machine.
    parts = httpx.URL(url)
    local = parts.host in {"localhost", "127.0.0.1", "::1"}
    secure = parts.scheme == "https"  # Without it, reading all certificates of the world is wasted.
    try:
        with httpx.Client(base_url=url, timeout=30, headers=headers, trust_env=not local, verify=secure) as client:
            yield client
    except httpx.HTTPError as error:
        raise ServerRefusedError(_away(url, error)) from error


def _away(url: str, error: httpx.HTTPError) -> str:
    if isinstance(error, httpx.UnsupportedProtocol):
        return f"--url {url} is geen adres van een server; verwacht bijvoorbeeld {DEFAULT_URL}"
    late = " op tijd" if isinstance(error, httpx.TimeoutException) else ""
    return f"de server antwoordt niet{late} op {url}; is Opvangpeil gestart en klopt --url?"


def answered(answer: httpx.Response) -> Any:
    """Returns the JSON of a good answer. Raises ServerRefusedError, with what the server says, for another one."""
    if answer.is_success:
        return _json(answer) if answer.content else None
    problem = _json(answer) if answer.headers.get("content-type", "").endswith("json") else {}
    lines = [f"{fout['veld']}: {fout['melding']}".removeprefix(": ") for fout in problem.get("fouten", [])]
    hint = "; zet een token in OPVANGPEIL_TOKEN" if answer.status_code == httpx.codes.UNAUTHORIZED else ""
    detail = str(problem.get("detail", "dit lijkt geen server van Opvangpeil")).rstrip(".")
    raise ServerRefusedError("\n  ".join([f"de server antwoordt {answer.status_code}: {detail}{hint}", *lines]))


def _json(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError as error:
        raise ServerRefusedError(f"{answer.url} antwoordt iets anders dan JSON; is dit een Opvangpeil?") from error
