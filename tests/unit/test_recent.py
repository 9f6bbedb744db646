"""Ids that a lookup did not find. That result is used for a moment, and never once the event is stored."""

from services.store.ids import REMEMBERED_SECONDS, Recent


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_what_was_not_found_is_not_looked_for_again_for_a_moment() -> None:
    clock = Clock()
    recent = Recent(clock)
    recent.not_found(["a"])
    assert recent.unsure(["a", "b"]) == ["b"]
    clock.now += REMEMBERED_SECONDS + 1
    assert recent.unsure(["a", "b"]) == ["a", "b"]


def test_what_was_stored_is_looked_for() -> None:
    recent = Recent()
    recent.not_found(["a"])
    recent.stored(["a"])
    assert recent.unsure(["a"]) == ["a"]


def test_a_look_up_that_was_overtaken_by_the_store_is_not_believed() -> None:
    recent = Recent()
    recent.stored(["a"])
    recent.not_found(["a"])  # that lookup began before the event was stored
    assert recent.unsure(["a"]) == ["a"]
