"""Laws of bundles: what a receiver wants together comes in one message, and nothing is lost or gets two ids."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from schemas.events import Event
from tests.support.bezorg_help import LANDELIJK, NOW, Post, receiver, run, steps, taken
from tests.support.strategies import LAW

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def _warnings(count: int, *, apart: timedelta = timedelta(seconds=1), ernst: str = "waarschuwing") -> list[Event]:
    keys = [("locatie-bezetting", f"LOC-{ernst.upper()}-{n}") for n in range(count)]
    return [one for n, key in enumerate(keys) for one in steps(key, "actief", begin=NOW + n * apart, ernst=ernst)]


def test_two_hundred_warnings_are_one_message_and_what_is_critical_comes_at_once():
    post = Post([receiver(bundel="15m")], taken)
    post.begin(NOW - DAY)
    warnings, critical = _warnings(200), steps(LANDELIJK, "actief", ernst="kritiek")
    post.log += [*warnings, *critical]
    run(post, NOW + 20 * MINUTE)
    assert [(moment - NOW, ids) for moment, _, _, ids in post.messages] == [
        (0 * MINUTE, [critical[0].id]),
        (15 * MINUTE, [one.id for one in warnings]),
    ]
    assert post.messages[0][2] == critical[0].id, "what comes by itself has the id of what it tells"


def test_a_bundle_takes_what_happened_in_so_long_after_its_first_and_one_by_itself_is_no_bundle():
    post = Post([receiver(bundel={"waarschuwing": "15m"})], taken)
    post.begin(NOW - DAY)
    first, second, third = _warnings(3, apart=10 * MINUTE)
    post.log += [first, second, third]
    run(post, NOW + 60 * MINUTE)
    assert [(moment - NOW, told) for moment, _, _, told in post.messages] == [
        (15 * MINUTE, [first.id, second.id]),
        (35 * MINUTE, [third.id]),
    ]
    assert post.messages[1][2] == third.id


@LAW
@given(st.data())
def test_in_bundles_nothing_is_lost_and_each_attempt_at_one_has_the_same_id(data):
    """The receiver fails now and then, and the courier dies now and then before it says how it went."""
    tries: list[tuple[str, frozenset[str]]] = []

    class Seen(Post):
        def _attempt(self, one, now):
            tries.append((one.id, frozenset(told.overgang.id for told in one.leden)))
            return super()._attempt(one, now)

    post = Seen([receiver(bundel="5m")], lambda *_: data.draw(st.sampled_from((204, 204, 500))))
    post.begin(NOW - DAY)
    warnings = _warnings(data.draw(st.integers(1, 6)), apart=data.draw(st.sampled_from((MINUTE, 4 * MINUTE))))
    told: list[Event] = []
    now = NOW
    while now < NOW + 30 * MINUTE:
        told += [one for one in warnings if one.time <= now and one not in told]
        post.log += [one for one in told if one not in post.log]
        post.tick(now, forgets=data.draw(st.booleans()))
        now += MINUTE
    post.answers = taken
    run(post, NOW + 10 * DAY, now, step=timedelta(hours=6))
    assert {own_id for _, _, own_id in post.arrived} == {one.id for one in warnings}
    assert len({inside for _, inside in tries}) == len(set(tries)), "what tells the same has the same id"
    assert len({own_id for own_id, _ in tries}) == len(set(tries)), "what has the same id tells the same"
    assert {one.id: one.time for one in warnings}.keys() == {own_id for _, inside in tries for own_id in inside}
    assert all(moment >= NOW + 5 * MINUTE for moment, *_ in post.messages)


def test_what_only_some_may_hear_of_moves_no_message_about_what_everybody_may():
    """Else the moment of a message about one locatie would tell that there is another."""
    seen, secret = _warnings(2, apart=8 * MINUTE)[::-1]
    desk = secret.model_copy(update={"data": secret.data.model_copy(update={"grootheid": "dagen-over-termijn"})})
    for told, hidden in ((secret, set()), (secret, {secret.subject}), (desk, set())):
        post = Post([receiver(bundel="10m", vertrouwelijk=True, toezicht=True)], taken, frozenset(hidden))
        post.begin(NOW - DAY)
        post.log += [told, seen]
        run(post, NOW + 60 * MINUTE)
        when = {own_id: moment - NOW for moment, _, _, ids in post.messages for own_id in ids}
        assert when[seen.id] == (18 if hidden or told is desk else 10) * MINUTE
