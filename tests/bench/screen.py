"""Measures the screen: how long the server takes for a page, and how a page behaves that stays open in a browser."""

import itertools
import statistics
import tempfile
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import orjson
from playwright.sync_api import Page

from schemas.fields import format_moment
from services.dashboard.app import dashboard_router
from services.reads.reader import Reader
from services.store.derive import bring_up_to_date
from services.store.model import Accepted, Place
from services.web import make_app
from services.wiring import embedded_store
from tests.bench import many
from tests.bench.measure import ACCEPTED, spread
from tests.support.chromium import DESK, chromium, opened
from tests.support.facts import accepted, limit, reading
from tests.support.server import Server
from tests.support.strategies import read
from tests.support.web_client import client_of, fresh_metrics

SIZES = (300, 10_000)
PAGES = ("/", "/locaties", "/gemeenten", "/locaties/LOC-1", "/gemeenten/GM0344", "/provincies/PV26")
READINGS = 200_000
REPEATS = 50
UPDATES_A_SECOND = 10
STEADY_SECONDS = 60
"""Layout shift is added up over this time. No alarm begins or ends in it, since that may move the list."""
LOOKED = """() => {
    window.verschoven = 0; window.verfd = 0;
    new PerformanceObserver(list => { for (const one of list.getEntries()) window.verschoven += one.value; })
        .observe({type: "layout-shift", buffered: true});
    new PerformanceObserver(list => { for (const one of list.getEntries()) window.verfd = one.startTime; })
        .observe({type: "largest-contentful-paint", buffered: true});
}"""
SENT = "() => performance.getEntries().reduce((sum, one) => sum + (one.transferSize || 0), 0)"


def run(minutes: int) -> None:
    """Runs these measurements, the quickest first. `minutes` is how long a page stays open."""
    for locaties in SIZES:
        serving(locaties)
    watching(minutes)


def serving(locaties: int) -> None:
    """Measures pages through the whole ASGI stack, in this process, without a browser. An event precedes each page.

    A page is also held against `/`: that ratio says more than the time on a machine that others use too.
    """
    with tempfile.TemporaryDirectory() as temporary, embedded_store(Path(temporary)) as store:
        for _ in many.fill(store, READINGS, locaties):
            pass
        bring_up_to_date(store)
        clock, numbers = [many.UNTIL + timedelta(minutes=1)], itertools.count()
        store.insert([_stored(limit("LOC-1", 100, "2026-01-01", dwangsomPerDag=1_000), clock[0], next(numbers))])
        app = make_app(
            "Meting", [dashboard_router(Reader(store, lambda: clock[0]))], metrics=fresh_metrics(), checks={}
        )
        with client_of(app) as client:
            _page(client, "/")  # loads the present, and the past days
            overview = 0.0
            for path in PAGES:
                times = list[float]()
                for _ in range(REPEATS if path == "/" else 10):
                    clock[0] += timedelta(seconds=1)
                    store.insert([_just_read(clock[0], next(numbers))])
                    began = time.perf_counter()
                    _page(client, path)
                    times.append(time.perf_counter() - began)
                overview = overview or statistics.median(times)
                ratio = f"{statistics.median(times) / overview:.2f} × /"
                print(f"{path}, {locaties} locaties, bij elke keer een nieuwe meting: {spread(times)}, {ratio}")


def watching(minutes: int) -> None:
    """Measures an open `/` at UPDATES_A_SECOND events a second."""
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder) / "data", "--voorbeeld", "simulatie") as server:
        stop, sent = threading.Event(), list[int]()
        with chromium() as browser, opened(browser, server.url, size=DESK) as page:
            page.add_init_script(f"({LOOKED})()")
            page.goto("/")
            page.wait_for_function("() => window.verfd > 0")
            print(f"largest contentful paint {page.evaluate('window.verfd'):.0f} ms", end="; ")
            print(f"overgedragen {page.evaluate(SENT) / 1000:.0f} kB")
            _latency(page, server)
            page.evaluate("window.verschoven = 0")
            load = threading.Thread(target=_updates, args=(server.url, stop, sent))
            load.start()
            page.wait_for_timeout(STEADY_SECONDS * 1000)
            print(
                f"verschoven in {STEADY_SECONDS} s bij {UPDATES_A_SECOND}/s: {page.evaluate('window.verschoven'):.4f}"
            )
            kept = [_memory(page)]
            for _ in range(minutes - 1):
                page.wait_for_timeout(60_000)
                kept.append(_memory(page))
            stop.set()
            load.join()
        first, last = kept[0], kept[-1]
        print(f"{len(sent)} gebeurtenissen; MB na elke minuut: {' '.join(f'{one[0] / 1e6:.2f}' for one in kept)}")
        print(f"knopen {first[1]:.0f} → {last[1]:.0f}, luisteraars {first[2]:.0f} → {last[2]:.0f}")


def _latency(page: Page, server: Server) -> None:
    """Measures from the POST to the figure on the page."""
    times = []
    for number in range(20):
        before = page.inner_text(".bezetting dl")
        began = time.perf_counter()
        assert server.post([reading("LOC-TER-APEL", 3_000 + 7 * number)]).status_code in ACCEPTED
        page.wait_for_function("was => document.querySelector('.bezetting dl').innerText !== was", arg=before)
        times.append(time.perf_counter() - began)
        page.wait_for_timeout(700)
    print(f"POST → het cijfer op de open bladzijde: {spread(times)}, midden {statistics.median(times) * 1e3:.0f} ms")


def _updates(url: str, stop: threading.Event, sent: list[int]) -> None:
    begin = time.perf_counter()
    with httpx.Client() as client:
        for number in itertools.count():
            time.sleep(max(0.0, begin + number / UPDATES_A_SECOND - time.perf_counter()))
            if stop.is_set():
                return
            body = orjson.dumps(reading("LOC-TER-APEL", 2_050 + number % 250))
            headers = {"content-type": "application/cloudevents+json"}
            assert client.post(f"{url}/v1/gebeurtenissen", content=body, headers=headers).status_code in ACCEPTED
            sent.append(number)


def _memory(page: Page) -> tuple[float, float, float]:
    """Returns the bytes, nodes and listeners of the page, after garbage collection."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    session.send("HeapProfiler.collectGarbage")
    found: dict[str, Any] = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    session.detach()
    return found["JSHeapUsedSize"], found["Nodes"], found["JSEventListeners"]


def _just_read(now: datetime, number: int) -> Accepted:
    return _stored(
        reading(f"LOC-{number % 300}", 90 + number, format_moment(now), time=format_moment(now)), now, number
    )


def _stored(event: dict[str, Any], now: datetime, number: int) -> Accepted:
    (one,) = read([event])
    return accepted(one, now, Place(many.EPOCH, 7, number))


def _page(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
