"""Sample data: `publiek` is what was really published, `simulatie` an invented network that follows it.

Both turn the small readable sources in `deploy/voorbeeld/` into CloudEvents. They use no clock and no network.
"""

from collections.abc import Iterable, Iterator

import orjson

from services.voorbeeld.vorm import CloudEvent


def naar_jsonl(gebeurtenissen: Iterable[CloudEvent]) -> Iterator[bytes]:
    """Yields one line of compact JSON per event, with its newline."""
    for gebeurtenis in gebeurtenissen:
        yield orjson.dumps(gebeurtenis, option=orjson.OPT_APPEND_NEWLINE)
