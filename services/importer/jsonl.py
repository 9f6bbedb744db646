"""JSONL: one CloudEvent a line. The line goes to the server as it stands; the server is the judge of what it says."""

from collections.abc import Iterable, Iterator

import orjson

from schemas.reading import EVENT_BYTES_MAX
from services.importer.lines import too_long
from services.importer.model import Line, Reject


class Jsonl:
    """Lets a line through if it is one JSON object, so that it can't be two events or break its neighbours."""

    def read(self, lines: Iterable[tuple[int, bytes, int]]) -> Iterator[Line | Reject]:
        """One item for every line that is not blank, in order."""
        loads = orjson.loads
        for number, line, size in lines:
            event = line.strip()
            cut = size > len(line)
            if not event and not cut:
                continue
            if cut or len(event) > EVENT_BYTES_MAX:
                yield Reject(number, too_long(size), line)
                continue
            try:
                # Between brackets, as it will stand in the batch: a text X for which [X] is a list of one value
                # holds that value and nothing else, and is nested no deeper than the server can read.
                values = loads(b"[" + event + b"]")
            except orjson.JSONDecodeError as error:
                yield Reject(number, _why_unreadable(event, error), line)
                continue
            if len(values) == 1 and type(values[0]) is dict:
                yield Line(number, event, line)
            else:
                yield Reject(number, _why_not_one(values), line)

    def place(self, line: Line, veld: str) -> str:  # noqa: ARG002  (a column of a CSV does depend on the line)
        """The field by its own name."""
        return veld


def _why_unreadable(event: bytes, error: orjson.JSONDecodeError) -> str:
    try:
        orjson.loads(event)
    except orjson.JSONDecodeError as plain:
        error = plain  # counts its columns without our bracket
    return f"is geen geldige JSON in UTF-8 ({error})"


def _why_not_one(values: list[object]) -> str:
    if len(values) > 1:
        return f"bevat {len(values)} JSON-waarden; zet iedere gebeurtenis op een eigen regel"
    if isinstance(values[0], list):
        return "is een JSON-lijst; zet iedere gebeurtenis op een eigen regel, zonder [ en ]"
    return "is geen JSON-object; een gebeurtenis begint met { en eindigt met }"
