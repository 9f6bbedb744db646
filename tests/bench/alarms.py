"""Measures alarms: from an event to the webhook, one evaluation of all rules, and many listeners to the stream."""

import asyncio
import http.client
import http.server
import statistics
import tempfile
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
from prometheus_client import CollectorRegistry

from schemas.alarmregels import read_regels
from services.alarms.watch import Watch
from services.config import DEPLOY
from services.core.alarms.overgang import overgangen
from services.eventlog.brokers import parse_brokers
from services.eventlog.producer import Producer
from services.metrics import make_metrics
from services.reads.reader import Reader
from services.store.derive import bring_up_to_date
from services.store.model import Place
from services.wiring import embedded_store
from tests.bench import many
from tests.bench.measure import ACCEPTED, RATE
from tests.support.facts import access, reading, registered
from tests.support.server import Server

LOCATIES = 10_000
READINGS = 200_000
REPEATS = 30
CROSSINGS = 100
CLIENTS = 1_000
LISTEN_SECONDS = 20
SECRET = "whsec_b3B2YW5ncGVpbC1iZW5jaC1nZWhlaW0tMzItdGVrZW5z"
NEVER = parse_brokers("kafka://127.0.0.1:9")


def run() -> None:
    """Runs these measurements, the quickest first."""
    evaluation()
    to_the_webhook()
    listening()


def evaluation() -> None:
    """Measures one look at 10,000 locaties with every shipped rule. All alarms are open, so nothing is published."""
    with tempfile.TemporaryDirectory() as temporary, embedded_store(Path(temporary)) as store:
        for _ in many.fill(store, READINGS, LOCATIES):
            pass
        bring_up_to_date(store)
        reader = Reader(store, lambda: many.UNTIL + timedelta(minutes=1))
        regels = read_regels((DEPLOY / "alarmregels.toml").read_text(encoding="utf-8"), "alarmregels.toml")
        producer = Producer(NEVER, message_bytes_max=1_000_000)  # this run sends nothing
        always = lambda: True  # noqa: E731
        watch = Watch(reader, producer, regels, lambda: 0, make_metrics(CollectorRegistry()), always, always)
        began = time.perf_counter()
        watch._uitgezocht = watch._uitzoeker.find(reader.clock())
        found_out = time.perf_counter() - began
        now = reader.clock()
        state = store.heden(now)
        assert state is not None
        opened = overgangen(regels, watch._beeld(now, state), {})
        store.alarms.insert((Place(1, 0, number), one) for number, one in enumerate(opened))
        ketens = watch._ketens
        watch._hear()
        times = []
        for n in range(REPEATS):
            moment = now + timedelta(seconds=n)
            began = time.perf_counter()
            made = watch._look(moment, state)
            times.append(time.perf_counter() - began)
            assert not [one for one in made if one.data.regel == "landelijke-bezetting"]
            for one in made:
                ketens.add(one)
        print(
            f"een blik op {LOCATIES} locaties met {len(regels)} regels, {len(ketens.last)} alarmen open: "
            f"{_spread(times)}; uitzoeken {found_out:.2f} s"
        )


def to_the_webhook() -> None:
    """Measures from the acknowledgement of the event that crosses the threshold to the arrival of the webhook."""
    arrived: dict[str, float] = {}
    receiver = _receiver(arrived)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "geheim").write_text(SECRET)
        (folder / "ontvangers.toml").write_text(
            f'[[ontvanger]]\nnaam = "proef"\nsoort = "webhook"\nprivaat = true\n'
            f'url = "http://127.0.0.1:{receiver.server_port}/"\ngeheimBestand = "geheim"\nregels = ["toegang"]\n'
        )
        with Server(folder / "data", environment={"OPVANGPEIL_ONTVANGERS": str(folder / "ontvangers.toml")}) as server:
            server.post([registered(f"LOC-{n}") for n in range(CROSSINGS)])
            stop = threading.Event()
            load = threading.Thread(target=_load, args=(server.url, stop))
            load.start()
            time.sleep(6)  # until the courier has joined its group
            waited = []
            connection = _connect(server.url)
            for n in range(CROSSINGS):
                assert _post(connection, access(f"LOC-{n}", "beperkt")) in ACCEPTED
                acknowledged = time.time()
                deadline = acknowledged + 20
                while f"LOC-{n}" not in arrived and time.time() < deadline:
                    time.sleep(0.002)
                waited.append(max(0.0, arrived[f"LOC-{n}"] - acknowledged))
                time.sleep(0.05)
            stop.set()
            load.join()
    receiver.shutdown()
    print(f"van bevestiging tot webhook bij {RATE} gebeurtenissen/s: {_spread(waited)}")


def listening() -> None:
    """Measures 1,000 listeners: the time from the acknowledgement of an event to its alarm at each, and their cost."""
    with tempfile.TemporaryDirectory() as temporary, Server(Path(temporary) / "data") as server:
        server.post([registered(f"LOC-{n}") for n in range(20)])
        before = _memory(server)
        late, heard = asyncio.run(_listen(server))
        print(
            f"{CLIENTS} lezers van /v1/stroom: van bevestiging tot alarm {_spread(late)}, {heard} berichten; "
            f"geheugen +{_memory(server) - before:.0f} MB"
        )


async def _listen(server: Server) -> tuple[list[float], int]:
    host, port = server.url.removeprefix("http://").split(":")
    sent: dict[str, float] = {}
    late: list[float] = []

    async def one() -> int:
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"GET /v1/stroom HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n")
        heard = 0
        while True:
            line = await reader.readline()
            if line.startswith(b'data: {"specversion"') and b"alarm-geactiveerd" in line:
                heard += 1
                about = line.split(b'"subject":"', 1)[1].split(b'"', 1)[0].decode()
                if about in sent:
                    late.append(time.time() - sent[about])
                if about == "LOC-19":
                    writer.close()
                    return heard

    clients = [asyncio.create_task(one()) for _ in range(CLIENTS)]
    while server.metric("opvangpeil_stroom_lezers") != CLIENTS:  # noqa: ASYNC110 - another process tells nobody
        await asyncio.sleep(0.2)
    await asyncio.sleep(2)
    for n in range(20):
        event = access(f"LOC-{n}", "beperkt")
        assert await asyncio.to_thread(server.post, [event])
        sent[f"LOC-{n}"] = time.time()
        await asyncio.sleep(LISTEN_SECONDS / 20)
    counts = await asyncio.wait_for(asyncio.gather(*clients), 60)
    return late, sum(counts)


def _receiver(arrived: dict[str, float]) -> http.server.ThreadingHTTPServer:
    class Receiver(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            now = time.time()
            body = orjson.loads(self.rfile.read(int(self.headers["content-length"])))
            arrived.setdefault(body["data"]["onderwerp"], now)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Drops the line, since nobody reads it."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def _load(url: str, stop: threading.Event) -> None:
    connection, number = _connect(url), 0
    begin = time.perf_counter()
    while not stop.is_set():
        number += 1
        assert _post(connection, reading(f"LOC-{number % CROSSINGS}", number % 500)) in ACCEPTED
        time.sleep(max(0.0, begin + number / RATE - time.perf_counter()))


def _connect(url: str) -> http.client.HTTPConnection:
    host, port = url.removeprefix("http://").split(":")
    return http.client.HTTPConnection(host, int(port))


def _post(connection: http.client.HTTPConnection, event: dict[str, Any]) -> int:
    headers = {"Content-Type": "application/cloudevents+json"}
    connection.request("POST", "/v1/gebeurtenissen", orjson.dumps(event), headers)
    response = connection.getresponse()
    response.read()
    return response.status


def _memory(server: Server) -> float:
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def _spread(seconds: list[float]) -> str:
    ordered = sorted(seconds)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return (
        f"p50 {statistics.median(ordered) * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms, hoogste {ordered[-1] * 1000:.0f} ms"
    )
