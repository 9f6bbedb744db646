"""Reads what a caller sends and wants back: Content-Type and Accept (API Design Rules, 'validate content types')."""

from collections.abc import Mapping, Sequence
from email.message import Message

from fastapi import Request

from services.web.problems import ProblemError

JSON = "application/json"


def media_type(value: str) -> tuple[str, str | None]:
    """Returns a Content-Type as (type/subtype in lower case, charset or None)."""
    message = Message()
    message["content-type"] = value
    return message.get_content_type() if "/" in value else value.strip().lower(), message.get_content_charset()


def best(accept: str, offered: Sequence[str]) -> str | None:
    """Returns the media type that an Accept header likes best, the first of equals; None when it accepts none."""
    ranges: dict[str, float] = {}
    for part in accept.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if name:
            ranges[name] = _quality(parameters)
    if not ranges:
        return offered[0]
    liked = max(offered, key=lambda one: _liked(ranges, one))
    return liked if _liked(ranges, liked) > 0 else None


def accepts(accept: str, offered: str) -> bool:
    """Whether an Accept header allows a media type."""
    return best(accept, [offered]) is not None


def _liked(ranges: Mapping[str, float], offered: str) -> float:
    """Returns the quality of a media type. The most specific range decides (RFC 9110 §12.5.1)."""
    for candidate in (offered, offered.split("/", maxsplit=1)[0] + "/*", "*/*"):
        if candidate in ranges:
            return ranges[candidate]
    return 0.0


async def require_json(request: Request) -> None:
    """Is a dependency of routes that answer only in JSON. Raises ProblemError 406."""
    if not accepts(request.headers.get("accept", ""), JSON):
        raise ProblemError(406, f"Dit adres antwoordt alleen als {JSON}; vraag dat in Accept, of laat Accept weg.")


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
