"""Parses bytes into events, and says what is wrong with those that are not valid."""

import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import orjson
from pydantic import ValidationError

from schemas.envelope import Envelope, Reported
from schemas.errors import Fout, field_path, fouten
from schemas.events import ALARM_TYPES, ALARMS, FACTS, Event, adapter, batch_adapter
from schemas.fields import TAKEN_BEFORE

STRUCTURED = "application/cloudevents+json"
"""The media type of one event."""
BATCH = "application/cloudevents-batch+json"
"""The media type of a list of events."""
EVENT_BYTES_MAX = 64 * 1024
"""The largest event that every system on the way must forward (CloudEvents 1.0, size limits)."""
BATCH_MAX = 10_000
"""The most events in one batch. A larger message would hold up all others."""


@dataclass(frozen=True, slots=True)
class Invalid:
    """An item of a message that is no valid event: its index, the reasons, and its bytes as they came."""

    index: int
    fouten: tuple[Fout, ...]
    raw: bytes

    @property
    def reason(self) -> str:
        """All errors on one line."""
        return "; ".join(f"{f.veld}: {f.melding}" if f.veld else f.melding for f in self.fouten)


Parsed = tuple[Event | Invalid, ...]
"""The items of a message, in order: each a valid event, or the reason why it is not."""


def parse_facts(body: bytes) -> Parsed:
    """Parses one event or a batch, of the types that sources may send. Returns at least one item, and never raises."""
    return _read(body, FACTS)


def parse_repeats(body: bytes) -> Parsed:
    """Does what `parse_facts` does, and also takes what only an earlier version took.

    The caller sees to it that such an event is a repeat of a stored one.
    """
    return _read(body, FACTS, context=TAKEN_BEFORE)


def ids_if_valid(body: bytes) -> list[str] | None:
    """Returns the ids of the events in a message of which every item is valid, and None for any other message."""
    items = parse_facts(body)
    return None if any(isinstance(item, Invalid) for item in items) else [item.id for item in items]  # type: ignore[union-attr]


def parse_stored(body: bytes) -> Parsed:
    """Parses a batch of any length, of events that were accepted before."""
    return _read(body, FACTS, batch_max=sys.maxsize)


def parse_alarms(body: bytes) -> Parsed:
    """Parses one event of the alarms topic, or a batch of them."""
    return _read(body, ALARMS)


def from_binary(attributes: Iterable[tuple[str, str]], body: bytes) -> bytes:
    """Makes one structured event of CloudEvents binary mode, which has attributes in headers and data in the body.

    The body is parsed here, since a text that closes `data` could otherwise add attributes of its own. A body that is
    not JSON comes back as it is, and parsing it then gives the error.
    """
    data = b""
    if body:
        try:
            orjson.loads(body)
        except orjson.JSONDecodeError:
            return body
        data = b'"data":' + body
    head = [orjson.dumps(name) + b":" + orjson.dumps(value) for name, value in attributes]
    return b"{" + b",".join(filter(None, (*head, data))) + b"}"


def _read(
    body: bytes, models: tuple[type[Envelope], ...], batch_max: int = BATCH_MAX, context: str | None = None
) -> Parsed:
    try:
        parsed = orjson.loads(body)
        plain = _is_written_back(parsed, body)
    except orjson.JSONDecodeError as error:
        return (_unreadable(not_json(error, body), body),)
    except orjson.JSONEncodeError:  # It is nested deeper than the 254 levels that orjson writes.
        return (_unreadable(_TOO_DEEP, body),)
    if not isinstance(parsed, list):
        return (_read_one(0, parsed, body, None if plain else _repeated(_pairs_kept(body)), models, context),)
    if not 1 <= len(parsed) <= batch_max:
        wrong = (
            f"telt {len(parsed)} gebeurtenissen; een batch bevat minstens één en hoogstens {batch_max} gebeurtenissen"
        )
        return (_unreadable(wrong, body),)
    return _read_batch(parsed, body, models, context, plain=plain)


def _read_batch(
    parsed: list[Any], body: bytes, models: tuple[type[Envelope], ...], context: str | None, *, plain: bool
) -> Parsed:
    items = [] if plain else list(_items(body))
    if all(repeated is None and len(raw) <= EVENT_BYTES_MAX for raw, repeated in items):
        try:
            return tuple(batch_adapter(*models).validate_python(parsed, context=context))
        except ValidationError:  # At least one is not valid. Parsing them one by one shows which, and why.
            pass
    return tuple(
        _read_one(index, parsed[index], raw, repeated, models, context)
        for index, (raw, repeated) in enumerate(items or _items(body))
    )


def _read_one(
    index: int, item: Any, raw: bytes, repeated: str | None, models: tuple[type[Envelope], ...], context: str | None
) -> Event | Invalid:
    if len(raw) > EVENT_BYTES_MAX:
        return _invalid(index, "", f"is {len(raw)} bytes; een gebeurtenis is hoogstens {EVENT_BYTES_MAX} bytes", raw)
    if repeated is not None:
        return _invalid(
            index, repeated, "staat meer dan eens in hetzelfde object; elke sleutel mag er één keer in", raw
        )
    if models is FACTS and isinstance(item, dict) and str(item.get("type")) in ALARM_TYPES:
        return _invalid(index, "type", "is een alarm; alarmen schrijft alleen Opvangpeil zelf", raw)
    try:
        event: Event = adapter(*models).validate_python(item, context=context)
    except ValidationError as error:
        return Invalid(index, fouten(error, index) + _envelope_too(error, item, index), raw)
    return event


def _envelope_too(error: ValidationError, item: Any, index: int) -> tuple[Fout, ...]:
    """Returns the errors in the envelope of an event of unknown type, so that a sender hears of all errors at once."""
    if not error.errors(include_url=False, include_input=False)[0]["type"].startswith("union_tag"):
        return ()
    try:
        adapter(Reported).validate_python(item)
    except ValidationError as more:
        return tuple(fout for fout in fouten(more, index, tagged=False) if fout.veld != "type")
    return ()


def _unreadable(melding: str, body: bytes) -> Invalid:
    """Returns the one item of a message that can't be parsed at all."""
    return Invalid(0, (Fout(None, "", melding),), body)


def _invalid(index: int, veld: str, melding: str, raw: bytes) -> Invalid:
    return Invalid(index, (Fout(index, veld, melding),), raw)


_TOO_DEEP = "is te diep genest; een gebeurtenis heeft een paar lagen"


def not_json(error: orjson.JSONDecodeError, body: bytes) -> str:
    """Returns what is wrong with bytes that orjson can't parse, in Dutch."""
    if not body.strip():
        return "is leeg; verwacht één gebeurtenis of een batch, als JSON"
    try:
        text = body.decode()
    except UnicodeDecodeError as wrong:
        return f"is geen geldige UTF-8 (byte {wrong.start + 1})"
    if "depth" in error.msg:
        return _TOO_DEEP
    place = f"regel {error.lineno}, teken {error.colno}"
    if "infinity" in error.msg:
        return f"bevat een getal dat te groot is ({place})"
    if text[error.pos :].lstrip("-+").startswith(("NaN", "Infinity")):
        return f"is geen geldige JSON ({place}): NaN en Infinity zijn in JSON geen getallen"
    return f"is geen geldige JSON ({place})"


# The rest looks for a key that an object holds twice. JSON parsers keep only the last one, so what a sender meant would
# depend on the parser.


def _is_written_back(parsed: Any, body: bytes) -> bool:
    """Returns whether orjson writes back the same bytes, apart from a little white space.

    Then no object holds a key twice, since one of the two would be missing. This is the common case, and it costs a
    tenth of looking at every key. White space within texts is left out on both sides too; that does not change how many
    keys there are.
    """
    written = orjson.dumps(parsed)
    if written == body:
        return True
    return len(body) - len(written) <= _SPACE_BYTES_MAX and written.translate(None, _SPACE) == body.translate(
        None, _SPACE
    )


_SPACE = b" \t\r\n"
_SPACE_BYTES_MAX = EVENT_BYTES_MAX // 2
"""So much white space can't make an event too large: without it, no valid event has half of the bytes allowed."""
_SPACES = re.compile(r"[ \t\r\n]*")


class _Repeated(dict[str, Any]):
    """An object that holds a key more than once. It keeps that key only."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = dict(pairs)
    if len(keys) == len(pairs):
        return keys
    seen: set[str] = set()
    for key, value in pairs:
        if key in seen:
            return _Repeated({key: value})
        seen.add(key)
    return keys


_KEEPING_PAIRS = json.JSONDecoder(object_pairs_hook=_object)


def _pairs_kept(body: bytes) -> Any:
    return _KEEPING_PAIRS.decode(body.decode())


def original(body: bytes, index: int) -> bytes:
    """Returns the bytes of one event of a message that can be parsed, as they came."""
    return next(islice(_items(body), index, None))[0] if body.lstrip()[:1] == b"[" else body


def _items(body: bytes) -> Iterator[tuple[bytes, str | None]]:
    """Yields for each item of a JSON list its bytes, as they came, and the path of a key that it holds twice."""
    text = body.decode()
    end = _after_space(text, 0)
    while text[end] != "]":
        begin = _after_space(text, end + 1)  # This skips the [ or the comma.
        item, end = _KEEPING_PAIRS.raw_decode(text, begin)
        yield text[begin:end].encode(), _repeated(item)
        end = _after_space(text, end)


def _after_space(text: str, begin: int) -> int:
    found = _SPACES.match(text, begin)
    return begin if found is None else found.end()


def _repeated(value: Any) -> str | None:
    """Returns the path of a key that an object holds twice, or None."""
    ahead: list[tuple[tuple[int | str, ...], Any]] = [((), value)]
    while ahead:
        path, part = ahead.pop()
        if isinstance(part, _Repeated):
            return field_path((*path, *part), tagged=False)
        if isinstance(part, dict):
            ahead.extend(((*path, key), below) for key, below in part.items())
        elif isinstance(part, list):
            ahead.extend(((*path, index), below) for index, below in enumerate(part))
    return None
