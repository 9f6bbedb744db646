"""Bytes → events: what can be read of them, and what is wrong with the rest."""

import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import orjson
from pydantic import ValidationError

from schemas.errors import Fout, field_path, fouten
from schemas.events import ALARM_TYPES, ALARMS, FACT_TYPES, FACTS, Envelope, Event, adapter, batch_adapter

EVENT_BYTES_MAX = 64 * 1024
"""The largest event that everyone on the way must forward (CloudEvents 1.0, size limits)."""
BATCH_MAX = 10_000
"""Events in one batch: more would make one message hold up all others."""


@dataclass(frozen=True, slots=True)
class Invalid:
    """An event that can't be accepted: where it stood in the message, why, and its bytes as they came."""

    index: int
    fouten: tuple[Fout, ...]
    raw: bytes

    @property
    def reason(self) -> str:
        """All errors on one line."""
        return "; ".join(f"{f.veld}: {f.melding}" if f.veld else f.melding for f in self.fouten)


Parsed = tuple[Event | Invalid, ...]
"""What a message says, in its order: each item an event, or why it is none."""


def parse_facts(body: bytes) -> Parsed:
    """Read one event or a batch of the types that sources may send. Never raises, never returns nothing."""
    return _read(body, FACTS)


def parse_stored(body: bytes) -> Parsed:
    """Read a batch of events that were accepted before, however many."""
    return _read(body, FACTS, batch_max=sys.maxsize)


def parse_alarms(body: bytes) -> Parsed:
    """Read one transition of an alarm, or a batch of them."""
    return _read(body, ALARMS)


def from_binary(attributes: Iterable[tuple[str, str]], body: bytes) -> bytes:
    """CloudEvents binary mode (attributes in headers, data in the body) as one structured event.

    A body that is not JSON comes back as it is, since reading it will say so. It is looked at here, or text
    could close `data` and add attributes of its own.
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


def _read(body: bytes, models: tuple[type[Envelope], ...], batch_max: int = BATCH_MAX) -> Parsed:
    try:
        parsed = orjson.loads(body)
        plain = _is_written_back(parsed, body)
    except orjson.JSONDecodeError as error:
        return (_unreadable(not_json(error, body), body),)
    except orjson.JSONEncodeError:  # nested deeper than orjson writes: 254
        return (_unreadable(_TOO_DEEP, body),)
    if not isinstance(parsed, list):
        return (_read_one(0, parsed, body, None if plain else _repeated(_pairs_kept(body)), models),)
    if not 1 <= len(parsed) <= batch_max:
        wrong = (
            f"telt {len(parsed)} gebeurtenissen; een batch bevat minstens één en hoogstens {batch_max} gebeurtenissen"
        )
        return (_unreadable(wrong, body),)
    return _read_batch(parsed, body, models, plain=plain)


def _read_batch(parsed: list[Any], body: bytes, models: tuple[type[Envelope], ...], *, plain: bool) -> Parsed:
    items = [] if plain else list(_items(body))
    if all(repeated is None and len(raw) <= EVENT_BYTES_MAX for raw, repeated in items):
        try:
            return tuple(batch_adapter(*models).validate_python(parsed))
        except ValidationError:  # at least one is wrong: which, and how, is for the slow way
            pass
    return tuple(
        _read_one(index, parsed[index], raw, repeated, models)
        for index, (raw, repeated) in enumerate(items or _items(body))
    )


def _read_one(
    index: int, item: Any, raw: bytes, repeated: str | None, models: tuple[type[Envelope], ...]
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
        return adapter(*models).validate_python(item)  # type: ignore[no-any-return]
    except ValidationError as error:
        return Invalid(index, fouten(error, index) + _envelope_too(error, item, index), raw)


def _envelope_too(error: ValidationError, item: Any, index: int) -> tuple[Fout, ...]:
    """What else is wrong with an event whose type is not known: a sender hears of all errors at once."""
    if not error.errors(include_url=False, include_input=False)[0]["type"].startswith("union_tag"):
        return ()
    try:
        adapter(Envelope).validate_python(item)
    except ValidationError as more:
        return tuple(fout for fout in fouten(more, index, tagged=False) if fout.veld != "type")
    return ()


def _unreadable(melding: str, body: bytes) -> Invalid:
    """The message as a whole."""
    return Invalid(0, (Fout(None, "", melding),), body)


def _invalid(index: int, veld: str, melding: str, raw: bytes) -> Invalid:
    return Invalid(index, (Fout(index, veld, melding),), raw)


# What is wrong with bytes --------------------------------------------------------------------------------------------

_TOO_DEEP = "is te diep genest; een gebeurtenis heeft een paar lagen"


def not_json(error: orjson.JSONDecodeError, body: bytes) -> str:
    """What is wrong with bytes that orjson can't read, in Dutch."""
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


# A key that stands twice in one object -------------------------------------------------------------------------------


def _is_written_back(parsed: Any, body: bytes) -> bool:
    """Whether orjson writes back what it read, a little white space apart: then no key can have stood twice.

    One that did would be missing. The common case, at a tenth of the cost of looking at every key. White space
    inside texts goes too, on both sides, which is harmless: it doesn't change how many keys there are.
    """
    written = orjson.dumps(parsed)
    if written == body:
        return True
    return len(body) - len(written) <= _SPACE_BYTES_MAX and written.translate(None, _SPACE) == body.translate(
        None, _SPACE
    )


_SPACE = b" \t\r\n"
_SPACE_BYTES_MAX = EVENT_BYTES_MAX // 2
"""So much white space can't make a valid event of a batch too large: none has more than half the bytes allowed."""
_SPACES = re.compile(r"[ \t\r\n]*")


class _Repeated(dict[str, Any]):
    """An object in which a key stood more than once; that key is its last."""


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
    """The bytes of one event of a message that could be read, as they came."""
    return next(islice(_items(body), index, None))[0] if body.lstrip()[:1] == b"[" else body


def _items(body: bytes) -> Iterator[tuple[bytes, str | None]]:
    """Each item of a JSON list: its bytes as they came, and the path of a key that it holds twice."""
    text = body.decode()
    end = _after_space(text, 0)
    while text[end] != "]":
        begin = _after_space(text, end + 1)  # past [ or ,
        item, end = _KEEPING_PAIRS.raw_decode(text, begin)
        yield text[begin:end].encode(), _repeated(item)
        end = _after_space(text, end)


def _after_space(text: str, begin: int) -> int:
    return _SPACES.match(text, begin).end()  # type: ignore[union-attr]  # it matches nothing, too


def _repeated(value: Any) -> str | None:
    """The path of a key that stands twice in one object, or None."""
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


__all__ = [
    "ALARM_TYPES",
    "BATCH_MAX",
    "EVENT_BYTES_MAX",
    "FACT_TYPES",
    "Event",
    "Fout",
    "Invalid",
    "from_binary",
    "not_json",
    "original",
    "parse_alarms",
    "parse_facts",
    "parse_stored",
]
