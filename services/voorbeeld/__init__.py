"""Sample data: `publiek` (what was really published) and `simulatie` (an invented network that follows it).

Both turn the small readable sources in `deploy/voorbeeld/` into CloudEvents. Pure: no clock, no network.
"""

from collections.abc import Iterable, Iterator

import orjson

from services.voorbeeld.vorm import Bericht


def naar_jsonl(gebeurtenissen: Iterable[Bericht]) -> Iterator[bytes]:
    """One line of compact JSON per event, newline included."""
    for gebeurtenis in gebeurtenissen:
        yield orjson.dumps(gebeurtenis, option=orjson.OPT_APPEND_NEWLINE)
