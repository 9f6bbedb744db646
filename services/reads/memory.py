"""What was just answered about now, kept under its question for as long as what it rests on stays the same.

Without that a page would wait for each of them. On a log of 302,000 events and 1,000 locaties three of them took at
least, in ms: the days above a maximum of five locaties 108, the trend of 31 days 221 (1,647
without the series of `kept`), the sums of a day before 327. From here each takes less than 0.02.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, NamedTuple, TypeVar

from services.reads.cijfers import Totaalcijfers
from services.reads.question import Question
from services.store.turns import Turns

HELD_MAX = 20_000
T = TypeVar("T")


def revision(cijfers: Totaalcijfers) -> int | None:
    """Returns a number that changes when anything that is over is revised. None: these figures are not of now.

    It changes with a retraction, and with a write that takes effect before today or loses from one that stands. So as
    long as it is the same, what was computed about days that are over still holds; so does what was computed about a
    register, as long as the same write is in force in it. `services.store.touched` can tell which times were revised.
    It asks the store, which takes 90 ms at least, so only `kept` uses it, to mend a part of itself.
    """
    return None if cijfers.nu is None else cijfers.nu.herzien


class _Wanted(NamedTuple):
    name: Hashable
    question: Question
    source: Hashable
    make: Callable[[], Any]

    @property
    def alike(self) -> Hashable:
        return self.name, self.question.cache_key, self.source


class Memory:
    """Answers of now that were given lately."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: OrderedDict[Hashable, tuple[Hashable, Any]] = OrderedDict()
        self._turns = Turns(self._made, latest=lambda _, other: other, alike=lambda wanted: wanted.alike)

    def find(self, name: Hashable, question: Question | None, source: Hashable) -> Any | None:
        """Returns what is kept under this name and question. None when nothing is, or it rests on something else.

        `source` is what the answer follows from. None: that can't be told, so nothing is kept.
        """
        if question is None or source is None:
            return None
        with self._lock:
            rests_on, found = self._held.get((name, question.cache_key), (None, None))
        return found if rests_on == source else None

    def keep(self, name: Hashable, question: Question | None, source: Hashable, value: Any) -> None:
        """Keeps an answer, in the place of the one before. The oldest make room."""
        if question is None or source is None:
            return
        key = (name, question.cache_key)
        with self._lock:
            self._held[key] = source, value
            self._held.move_to_end(key)
            while len(self._held) > HELD_MAX:
                self._held.popitem(last=False)

    def given(self, name: Hashable, question: Question, source: Hashable, make: Callable[[], T]) -> T:
        """Returns what is kept, or else what `make` gives and keeps that. Callers at the same time share one making."""
        found: T | None = self.find(name, question, source)
        if found is not None:
            return found
        made: T = self._turns.after(_Wanted(name, question, source, make))
        return made

    def _made(self, wanted: _Wanted) -> Any:
        name, question = wanted.name, wanted.question
        found = self.find(name, question, wanted.source)
        if found is None:
            found = wanted.make()
            self.keep(name, question, wanted.source, found)
        return found
