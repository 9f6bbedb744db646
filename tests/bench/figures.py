"""Measures figures over 10,000 locaties: at any (V, K), now, through time, with many retractions, and over HTTP."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from rich.progress import track

from services.core.history.reeks import border_after, perioden
from services.reads import answers, telregels
from services.reads.cijfers import Totaalcijfers
from services.reads.kept import Series
from services.reads.lijnen import Compute, of_area, of_locatie, points_known_at
from services.reads.question import Audience, question_of_now
from services.reads.reader import Reader
from services.store.derive import rebuild
from services.store.store import Store
from services.wiring import embedded_store
from tests.bench import plot
from tests.bench.many import CHUNK, LOCATIES, UNTIL, YEARS, add, fill, retract
from tests.bench.measure import all_but_one, median
from tests.support.server import Server

RETRACTED = 20_000
REST = 2_500
"""Half of the events that readers may have to read from the log before the derived tables follow."""
FEW = 300
WRK_SECONDS = 10
FEW_REPEATS = 3
"""Repeats of measurements that take seconds."""
YEAR = timedelta(days=365)
NOW = UNTIL + timedelta(hours=1)
DERIVED_WRITES = ("schrijving", "cel", "ingetrokken")
Row = tuple[str, float, str]
"""(what, seconds or another number, what it is compared with)."""


def run(counts: Sequence[int], folder: Path) -> None:
    """Measures each size in a store of its own, and writes `cijfers.md` and `cijfers.png` to the folder."""
    found: dict[int, list[Row]] = {}
    for count in counts:
        with tempfile.TemporaryDirectory() as temporary:
            found[count] = _at_size(Path(temporary) / "data", count)
    with tempfile.TemporaryDirectory() as temporary:
        few = _live_of_few(Path(temporary) / "data")
    folder.mkdir(parents=True, exist_ok=True)
    table = plot.markdown(found) + f"\nMet {FEW} locaties, nu: {few}\n"
    (folder / "cijfers.md").write_text(table)
    plot.draw(found, folder / "cijfers.png")
    print(table)


def _at_size(folder: Path, count: int) -> list[Row]:
    with embedded_store(folder) as store:
        rows = _filled(store, count) + _beside_the_log(store) + _now(store) + _series(store) + _disk(store)
        add(store, count, REST, count)
        rows += [(f"{name}, {REST:,} nog alleen in het logboek", median(ask), "") for name, ask in _any_moment(store)]
        retract(store, RETRACTED)
        rows += [(f"{name}, {RETRACTED:,} intrekkingen", median(ask), "") for name, ask in _any_moment(store)]
    return rows + _over_http(folder)


def _filled(store: Store, count: int) -> list[Row]:
    chunks = -(-count // CHUNK)
    for _ in track(fill(store, count), f"{count:,} gebeurtenissen", total=chunks):
        pass
    started = time.perf_counter()
    rebuild(store)
    return [("alle afgeleide tabellen opnieuw", time.perf_counter() - started, "")]


def _any_moment(store: Store) -> list[tuple[str, Callable[..., Any]]]:
    """Returns questions in which V, K or both are in the past."""
    points = {"V = K": (NOW - YEAR, NOW - YEAR), "V < K": (NOW - YEAR, NOW), "V > K": (NOW, NOW - YEAR)}
    return [
        (f"{what}, {name}", partial(_said, store, say, *point))
        for what, say in (("bezetting", answers.landelijk), ("naleving", answers.naleving))
        for name, point in points.items()
    ]


def _beside_the_log(store: Store) -> list[Row]:
    """Compares these questions with the same ones at a positie, which read the whole log with a plain argMax."""
    rows = []
    for name, ask in _any_moment(store):
        fast, plain = median(ask), median(partial(ask, all_but_one(store.position())), FEW_REPEATS)
        rows.append((name, fast, f"hele log {_ms(plain)}; {fast / plain:.2f} ×"))
    return rows


def _said(
    store: Store,
    say: Callable[[Totaalcijfers], Any],
    valid_at: datetime,
    known_at: datetime,
    positie: str | None = None,
) -> Any:
    return say(Totaalcijfers(store.telling(valid_at, known_at, now=NOW + YEAR, positie=positie)))


def _now(store: Store) -> list[Row]:
    def live(say: Callable[[Totaalcijfers], Any]) -> None:
        say(Totaalcijfers(store.telling(NOW, NOW, now=NOW)))

    reader, now = Reader(store, lambda: NOW), question_of_now(NOW, Audience.EVERYTHING)
    one, three = median(partial(live, answers.naleving)), median(partial(telregels.naast_elkaar, reader, now))
    return [
        ("bezetting, nu", median(partial(live, answers.landelijk)), ""),
        ("naleving, nu", one, ""),
        ("naleving volgens drie telregels, nu", three, f"{three / one:.2f} × één"),
    ]


def _series(store: Store) -> list[Row]:
    """Measures series of two years of days."""
    borders = perioden(border_after(NOW - YEARS, "dag"), NOW, "dag")
    periods = list(zip(borders[:-1], [*borders[1:-1], border_after(borders[-2], "dag")], strict=True))
    country = Compute(partial(of_area, lies_in=lambda _: True))
    kept = Series(store, country)

    def one(locatie: str) -> None:
        verloop, _ = store.verloop(borders[0], borders[-1], NOW, locatie=locatie)
        found = of_locatie(verloop, locatie)
        assert found is not None
        found.points("aanwezig", borders)

    started = time.perf_counter()
    kept.points("aanwezig", periods, NOW)
    first = time.perf_counter() - started
    return [
        ("reeks van het land, nu", median(lambda: kept.points("aanwezig", periods, NOW)), f"de eerste {_ms(first)}"),
        (
            "reeks van het land, elke K",
            _once(partial(points_known_at, store, country, "aanwezig", borders, NOW - YEAR)),
            "",
        ),
        ("reeks van een locatie", median(lambda: one("LOC-1")), ""),
    ]


def _disk(store: Store) -> list[Row]:
    query = "SELECT table, sum(rows), sum(bytes_on_disk) FROM system.parts WHERE active GROUP BY table"
    of = {table: (rows, size) for table, rows, size in store.connection.client().query(query).result_rows}
    events = of["gebeurtenis"][0]
    writes = sum(of[table][1] for table in DERIVED_WRITES if table in of)
    return [
        ("bytes per gebeurtenis, de schrijvingen", writes / events, ""),
        ("bytes per gebeurtenis, alles", sum(size for _, size in of.values()) / events, ""),
    ]


def _over_http(folder: Path) -> list[Row]:
    """Measures `GET /v1/bezetting` with many clients at once."""
    if shutil.which("wrk") is None:
        print("wrk ontbreekt (apt-get install wrk): verzoeken per seconde niet gemeten")
        return []
    with Server(folder) as server:
        server.get("/v1/bezetting")
        command = ["wrk", "-t1", "-c16", f"-d{WRK_SECONDS}s", "--latency", f"{server.url}/v1/bezetting"]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    words = said.split()
    rate, slowest = float(words[words.index("Requests/sec:") + 1]), words[words.index("99%") + 1]
    return [("GET /v1/bezetting per seconde", rate, f"p99 {slowest}; {LOCATIES:,} locaties")]


def _live_of_few(folder: Path) -> str:
    with embedded_store(folder) as store:
        for _ in fill(store, CHUNK, FEW):
            pass
        rebuild(store)
        return ", ".join(f"{name} {_ms(seconds)}" for name, seconds, _ in _now(store))


def _once(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:,.0f} ms"
