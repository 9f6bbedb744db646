"""JSONL: one CloudEvent per line. A line goes to the server as it is, and the server judges what it says.

Here a line only has to be one JSON object, so that it can't be two events or break the lines around it.
"""

import secrets

import orjson

from schemas.parsing import EVENT_BYTES_MAX
from services.importer.lines import too_long
from services.importer.model import Batch, Group, Reject


class Jsonl:
    """Makes events of lines. It takes a group in one go, and goes line by line only when that fails."""

    def __init__(self) -> None:
        # A random number that no line can know is put between every two lines, and all of it is parsed as one list.
        # When all these numbers come back, with one object between every two, each line was one object.
        self._mark = secrets.randbits(62)
        self._between = b",%d," % self._mark

    def read(self, group: Group) -> Batch:
        """Returns every line that is not blank, as an event or as a reject."""
        events = [line.strip() for line in group.lines]
        if self._are_objects(events):
            return Batch(range(group.first, group.first + len(events)), events, group.lines, [])
        return _one_by_one(group, events)

    def place(self, event: bytes, veld: str) -> str:  # noqa: ARG002 - in a CSV the place depends on the event
        """Returns the field by its own name."""
        return veld

    def _are_objects(self, events: list[bytes]) -> bool:
        if max(map(len, events)) > EVENT_BYTES_MAX:
            return False
        try:
            values = orjson.loads(b"[" + self._between.join(events) + b"]")
        except orjson.JSONDecodeError:
            return False
        marks = values[1::2]
        return (
            len(values) == 2 * len(events) - 1
            and marks.count(self._mark) == len(marks)
            and set(map(type, values[::2])) == {dict}
        )


def _one_by_one(group: Group, events: list[bytes]) -> Batch:
    numbers: list[int] = []
    batch = Batch(numbers, [], [], [])
    for number, (event, line) in enumerate(zip(events, group.lines, strict=True), group.first):
        if not event and number not in group.cut:
            continue
        if (reason := _fault(event, group.cut.get(number, len(event)))) is None:
            numbers.append(number)
            batch.events.append(event)
            batch.originals.append(line)
        else:
            batch.rejects.append(Reject(number, reason, line))
    return batch


def _fault(event: bytes, size: int) -> str | None:
    if size > EVENT_BYTES_MAX:
        return too_long(size)
    try:
        # It is parsed between brackets, as it will stand in the batch. When [X] is a list of one value, X is that value
        # and nothing else, and it is not nested too deep for a batch.
        values = orjson.loads(b"[" + event + b"]")
    except orjson.JSONDecodeError as error:
        return f"is geen geldige JSON in UTF-8 ({_where(event, error)})"
    if len(values) > 1:
        return f"bevat {len(values)} JSON-waarden; zet iedere gebeurtenis op een eigen regel"
    if isinstance(values[0], list):
        return "is een JSON-lijst; zet iedere gebeurtenis op een eigen regel, zonder [ en ]"
    return None if isinstance(values[0], dict) else "is geen JSON-object; een gebeurtenis staat tussen { en }"


def _where(event: bytes, error: orjson.JSONDecodeError) -> str:
    try:
        event.decode()
    except UnicodeDecodeError as wrong:
        return f"byte {wrong.start + 1}"
    if "depth" in error.msg or "recursion" in error.msg.lower():
        return "te diep genest"
    return f"teken {max(1, error.pos)}"  # Counted from 0 with our bracket, which is from 1 without it.
