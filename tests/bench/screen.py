"""Measures the screen: what a page costs the server, and how a page behaves that stays open in a browser."""

import itertools
import statistics
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import orjson
from playwright.sync_api import Page

from tests.bench import budgets
from tests.bench.measure import ACCEPTED, spread
from tests.support.chromium import DESK, chromium, opened
from tests.support.facts import reading
from tests.support.server import Server

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
    """Holds the screen against its budgets, and watches an open page for so many minutes; 0: not."""
    budgets.run()
    if minutes:
        watching(minutes)


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
