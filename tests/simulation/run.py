"""One run: a world of processes gets a seeded stream of events during seeded faults. Afterwards laws are checked."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path

import httpx
import orjson
from kafka import KafkaConsumer, TopicPartition

from services.clock import system_clock
from services.core.alarms.alarmen import Ketens, Transition, sleutel
from services.core.alarms.overgang import overgangen
from services.core.bezetting import bezetting
from services.core.fold import fold
from services.core.locaties import locaties
from services.core.standen import standen
from services.eventlog.brokers import Brokers, BrokerUnavailableError
from services.eventlog.producer import Producer
from services.eventlog.topics import ALARMS, EVENTS, MESSAGE_BYTES_MAX, key_of
from services.store.connect import Connection
from services.store.ids import Recent
from services.store.model import StoreUnavailableError
from services.store.store import Store
from tests.simulation.faults import Fault, plan
from tests.simulation.stream import Batch, as_delivered, stream
from tests.simulation.told import all_told, check_ids
from tests.simulation.world import VICTIMS, World, world
from tests.support.alarm_help import LIVE, view_of
from tests.support.server import BATCH
from tests.support.strategies import read

SECONDS = 10.0
FAULTS = 12
BATCHES = 120
SENDERS = 3
SETTLE_SECONDS_MAX = 120
ACCEPTED = (200, 201, 202)
END = datetime(2050, 1, 1, tzinfo=UTC)


def simulate(seed: int, folder: Path, say: Callable[[str], None] = print, *, share: int = 1) -> None:
    """Runs one seed: sends a stream of events while things fail, and checks that nothing was lost.

    Args:
        seed: Decides the events, the faults and their moments.
        folder: Where every process keeps its data.
        say: Receives the seed and the plan.
        share: Divides the time, the events and the faults. With 3, the run does a third.

    Raises:
        AssertionError: A law does not hold. The message names the seed and the plan.
    """
    chance = random.Random(seed)
    batches = stream(chance, BATCHES // share)
    delivered = as_delivered(chance, batches)
    with world(folder) as running:
        faults = plan(chance, running.possible(), victims=VICTIMS, count=FAULTS // share, seconds=SECONDS / share)
        told = f"zaad {seed}\n" + "\n".join(f"  {fault}" for fault in faults)
        say(told)
        try:
            _run(running, delivered, faults)
            _check(running, batches)
        except AssertionError as error:
            raise AssertionError(f"{told}\n{error}\n{running.said()}") from error


class Sender(threading.Thread):
    """Sends its share of the batches to the ingests in turn, and repeats each one until it is acknowledged."""

    def __init__(self, running: World, share: list[tuple[float, Batch]], *, by_topic: bool) -> None:
        super().__init__(daemon=True)
        self._share = share
        self._urls = cycle([f"{ingest.url}/v1/gebeurtenissen" for ingest in running.all_of("ingest")])
        brokers = Brokers((f"127.0.0.1:{running.kafka_link.port}",))
        self._producer = Producer(brokers, message_bytes_max=MESSAGE_BYTES_MAX) if by_topic else None
        self.wrong: list[str] = []

    def run(self) -> None:
        """Sends until all batches are acknowledged, or until one answer is wrong."""
        began = time.monotonic()
        for moment, batch in self._share:
            time.sleep(max(0.0, began + moment - time.monotonic()))
            while not self.wrong and not self._accepted(batch):
                time.sleep(0.2)
        if self._producer is not None:
            self._producer.close()

    def _accepted(self, batch: Batch) -> bool:
        body = orjson.dumps(batch)
        if self._producer is not None:
            try:
                self._producer.append(EVENTS, key_of([event["subject"] for event in batch], batch[0]["id"]), body)
            except BrokerUnavailableError:
                return False
            return True
        try:
            answer = httpx.post(next(self._urls), content=body, headers=BATCH, timeout=20)
        except httpx.HTTPError:
            return False
        if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            if "retry-after" not in answer.headers:  # an assertion would end only this thread
                self.wrong.append("503 zonder Retry-After")
            return False
        if answer.status_code not in ACCEPTED:
            self.wrong.append(f"{answer.status_code} {answer.text}")
        return True


def _run(running: World, delivered: list[Batch], faults: list[Fault]) -> None:
    timed = [(SECONDS * number / len(delivered), batch) for number, batch in enumerate(delivered)]
    senders = [Sender(running, timed[number::SENDERS], by_topic=number == 0) for number in range(SENDERS)]
    for sender in senders:
        sender.start()
    began = time.monotonic()
    steps = [(fault.begin, fault, running.begin) for fault in faults]
    steps += [(fault.end, fault, running.end) for fault in faults]
    steps.sort(key=lambda step: step[0])
    for moment, fault, do in steps:
        while (left := began + moment - time.monotonic()) > 0:
            time.sleep(min(left, 0.1))
            running.watch(besides=frozenset(f.target for f in faults if f.kind == "kill"))
        do(fault)
    running.until(lambda: not any(sender.is_alive() for sender in senders), "het versturen", SETTLE_SECONDS_MAX)
    wrong = [one for sender in senders for one in sender.wrong]
    assert not wrong, f"ingest gaf een verkeerd antwoord: {wrong}"


def _check(running: World, batches: list[Batch]) -> None:
    events = read([event for batch in batches for event in batch])
    wanted = {event.id for event in events}
    with ExitStack() as held:
        connection = Connection(running.store_url)
        held.callback(connection.close)
        store = Store(connection, Recent(seconds=0))
        running.until(running.all_ready, "het herstel", SETTLE_SECONDS_MAX)
        running.until(lambda: {e.id for e in store.events()} >= wanted, "het opslaan", SETTLE_SECONDS_MAX)
        # 1. The store and the log have every acknowledged event exactly once, and nothing else.
        for where, found in (("de opslag", [event.id for event in store.events()]), ("het logboek", _log(running))):
            assert Counter(found) == Counter(wanted), f"in {where} staat ook {Counter(found) - Counter(wanted)}"
        assert store.unprocessable.count() == 0, [one.item.reason for one in store.unprocessable.page()]
        # 2. The tables agree with the log, and the figures with the fold of the sent events.
        running.command("controleer")
        now = system_clock()
        expected = bezetting(standen(locaties(fold(events, now, now), now)), now)
        want = (expected.locaties, expected.aanwezig, expected.inzetbaar, expected.bezettingsgraad)
        for api in running.all_of("api"):
            answer = httpx.get(f"{api.url}/v1/bezetting", timeout=30).json()
            got = (answer["locaties"], answer["aanwezig"], answer["inzetbaar"], answer["bezettingsgraad"])
            assert got == want, f"/v1/bezetting van {api.name} zegt {got}, de som van het verstuurde is {want}"
        # 3. The open alarms are those that the figures call for. Each transition is stored once, in one chain.
        running.until(lambda: _alarms_settled(store), "het bijwerken van de alarmen", SETTLE_SECONDS_MAX)
        _check_alarms(running, store)
        # 4. Receivers got those alarms, under the stored ids.
        running.until(lambda: all_told(store, running.hook), "het melden van de alarmen", SETTLE_SECONDS_MAX)
        check_ids(store, running.hook)


def _log(running: World) -> list[str]:
    ids: list[str] = []
    after: dict[str, str] = {}
    while True:
        answer = httpx.get(
            f"{running.services['api-1'].url}/v1/gebeurtenissen", params={"aantal": 1000, **after}, timeout=30
        ).json()
        ids += [item["id"] for item in answer["items"]]
        if answer["volgende"] is None:
            return ids
        after = {"na": answer["volgende"]}


def _alarms_settled(store: Store) -> bool:
    """Whether the stored alarms are those that the shipped rules give for the log."""
    now = system_clock()
    names = {sleutel(one.alarmnaam, one.voor_regel, "")[0] for regel in LIVE for one in (regel, regel.gebrek) if one}
    try:
        beeld = view_of(store.view(now, now, now=now).registers, now)
        last = Ketens(store.alarms.known(now)).last
    except StoreUnavailableError:
        return False
    return not overgangen(LIVE, beeld, {key: one for key, one in last.items() if key[0] in names})


def _check_alarms(running: World, store: Store) -> None:
    stored = store.alarms.known(END)
    assert stored, "er was niets om alarm over te slaan: de proef bewijst niets"
    assert len(stored) == len({event.id for event in stored}), "een overgang staat er twee keer"
    running.until(  # repeated, since reports about deliveries keep coming
        lambda: _alarm_ids_on_topic(running) == {event.id for event in store.alarms.known(END)},
        "dat topic en tabel dezelfde overgangen noemen",
        SETTLE_SECONDS_MAX,
    )
    steps = [event for event in stored if isinstance(event, Transition)]
    assert {regel.naam for regel in LIVE} & {event.data.regel for event in steps}
    before = Counter((event.data.regel, event.subject, event.data.vorige) for event in steps)
    assert max(before.values()) == 1, "een overgang heeft twee opvolgers"
    orphans = {vorige for _, _, vorige in before} - {event.id for event in stored} - {None}
    assert not orphans, f"overgangen waarvan de vorige er niet is: {orphans}"


def _alarm_ids_on_topic(running: World) -> set[str]:
    consumer = KafkaConsumer(bootstrap_servers=running.kafka.address, request_timeout_ms=10_000)
    partition = TopicPartition(ALARMS, 0)
    consumer.assign([partition])
    consumer.seek_to_beginning(partition)
    (end,) = consumer.end_offsets([partition]).values()
    found: set[str] = set()
    while consumer.position(partition) < end:
        for records in consumer.poll(1000).values():
            found |= {orjson.loads(record.value)["id"] for record in records}
    consumer.close()
    return found
