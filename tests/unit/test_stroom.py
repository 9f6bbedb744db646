"""The queue of a listener to the stream: it is bounded, has only the latest figures, and leaves out hidden alarms."""

import asyncio

from services.api import stroom
from services.api.sight import Listeners
from services.api.stroom import Client, First, StreamMessage, Stroom
from services.reads.question import Audience

ALL = frozenset[str]()


class Nobody(Stroom):
    """A stream without a store."""

    def __init__(self) -> None:
        self.left: list[Client] = []

    def leave(self, client: Client) -> None:
        self.left.append(client)


def alarm(number: int, onderwerp: str = "NL") -> StreamMessage:
    return StreamMessage(b"\n", (1, number), onderwerp, f"zegel{number}")


def figures(text: bytes, audience: Audience = Audience.LEZER) -> StreamMessage:
    return StreamMessage(text, listeners=Listeners(audience))


def told(client: Client, first: First, most: int = 2) -> list[bytes]:
    """Returns the first `most` messages of a stream, or fewer if it ends."""

    async def scenario() -> list[bytes]:
        sent: list[bytes] = []
        stream = stroom._told(Nobody(), client, first)
        async for text in stream:
            sent.append(text)
            if len(sent) == most:
                break
        await stream.aclose()
        return sent

    return asyncio.run(asyncio.wait_for(scenario(), 10))


NOTHING = First([], (1, 0), "zegel0", ALL)


def test_who_keeps_up_hears_all_in_order_and_of_figures_the_last() -> None:
    client = Client(Listeners(Audience.LEZER))
    for n in range(1, 4):
        client.hear(alarm(n), ALL)
        client.hear(figures(b"cijfers %d\n" % n), ALL)
    (begin, news) = told(client, NOTHING)
    assert begin.startswith(b"retry: ")
    assert news == b"id: zegel1\n\nid: zegel2\n\nid: zegel3\n\ncijfers 3\n"


def test_who_is_too_far_behind_begins_anew_and_costs_no_more() -> None:
    client = Client(Listeners(Audience.LEZER))
    for n in range(1, 5000):
        client.hear(alarm(n), ALL)
    assert len(client.news) == 0
    assert told(client, NOTHING)[-1] == b"event: opnieuw\ndata: {}\n\n"


def test_who_takes_nothing_any_more_is_let_go(monkeypatch) -> None:
    client = Client(Listeners(Audience.LEZER))
    for n in range(1, 100):
        client.hear(alarm(n), ALL)
    assert not client.stuck()
    monkeypatch.setattr(stroom, "STUCK_SECONDS_MAX", -1.0)
    assert client.stuck()
    assert not Client(Listeners(Audience.LEZER)).stuck()


def test_what_only_some_may_hear_goes_to_those() -> None:
    hidden = frozenset({"LOC-GEHEIM"})
    some, all_of_it = Client(Listeners(Audience.LEZER)), Client(Listeners(Audience.EVERYTHING))
    for client in (some, all_of_it):
        client.hear(alarm(1, "LOC-GEHEIM"), hidden)
        client.hear(figures(b"zichtbaar"), hidden)
        client.hear(figures(b"alles", Audience.EVERYTHING), hidden)
    first = First([alarm(0, "LOC-GEHEIM")], (1, 0), "zegel0", hidden)
    assert told(some, first) == [b"retry: 2000\nid: zegel0\n\n", b"zichtbaar"]
    assert told(all_of_it, first) == [b"retry: 2000\nid: 1.0\n\nid: 1.0\n\n", b"id: 1.1\n\nalles"]


def test_what_only_the_desk_of_toezicht_may_hear_goes_there() -> None:
    """Who sees only some of what is not for all gets sealed places, since true ones would show what lies between."""
    for audience, begins in (
        (Audience.LEZER, []),
        (Audience.AFGESCHERMD, []),
        (Audience.TOEZICHT, [b"id: zegel1\n\n"]),
        (Audience.EVERYTHING, [b"id: 1.1\n\n"]),
    ):
        said = alarm(1, "GM0344")._replace(toezicht=True)
        client = Client(Listeners(audience))
        client.hear(said, ALL)
        assert [one.to(audience) for one in client.news] == begins
        first = told(client, First([said], (1, 1), "zegel1", ALL), 1)[0]
        assert (b"\n\n" + begins[0] in first) if begins else first.count(b"id:") == 1


def test_what_a_client_may_not_hear_does_not_wake_it() -> None:
    """So its heartbeat comes when it would have come."""
    client = Client(Listeners(Audience.LEZER))
    client.hear(alarm(1, "LOC-GEHEIM"), frozenset({"LOC-GEHEIM"}))
    client.hear(figures(b"alles", Audience.EVERYTHING), ALL)
    assert not client.woken.is_set()
    client.hear(alarm(2), ALL)
    assert client.woken.is_set()


def test_what_was_among_the_first_is_not_said_again() -> None:
    client = Client(Listeners(Audience.EVERYTHING))
    client.hear(alarm(4), ALL)
    client.hear(alarm(5), ALL)
    sent = b"".join(told(client, First([alarm(4)], (1, 4), "zegel4", ALL)))
    assert (sent.count(b"id: 1.4\n\n"), sent.count(b"id: 1.5\n\n")) == (2, 1), "once as the id to begin from"


def test_a_stream_ends_after_a_while_so_that_who_may_no_longer_listen_does_not(monkeypatch) -> None:
    monkeypatch.setattr(stroom, "LISTEN_SECONDS_MAX", 0.0)
    assert len(told(Client(Listeners(Audience.EVERYTHING)), NOTHING)) == 1


def test_who_asks_for_signals_hears_these_and_alarms_and_no_figures() -> None:
    client = Client(Listeners(Audience.LEZER, signals=True))
    client.hear(figures(b"cijfers\n"), ALL)
    client.hear(StreamMessage(b"ander\n", listeners=Listeners(Audience.EVERYTHING, signals=True)), ALL)
    assert not client.woken.is_set()
    client.hear(StreamMessage(b"sein\n", listeners=client.listeners), ALL)
    client.hear(alarm(1), ALL)
    assert told(client, NOTHING)[1] == b"id: zegel1\n\nsein\n"


def test_the_heartbeat_of_signals_can_be_heard_by_a_script(monkeypatch) -> None:
    monkeypatch.setattr(stroom, "HEARTBEAT_SECONDS", 0.0)
    assert told(Client(Listeners(Audience.LEZER, signals=True)), NOTHING)[1] == b"event: hartslag\ndata: {}\n\n"
    assert told(Client(Listeners(Audience.LEZER)), NOTHING)[1] == b": hartslag\n\n"
