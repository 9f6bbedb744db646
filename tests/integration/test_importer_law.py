"""Whatever the bytes, the importer stores or refuses every line, and a bad line affects no other line."""

from collections.abc import Iterator

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.importer import ImporterError, run
from tests.support.importer_server import Server, counts, event
from tests.support.rondes import examples

GOOD = st.integers(0, 30).map(lambda n: orjson.dumps(event(n)))
SPACED = st.integers(0, 30).map(
    lambda n: b" " + orjson.dumps(event(n), option=orjson.OPT_INDENT_2).replace(b"\n", b" ")
)
OTHER = st.integers(0, 30).map(lambda n: orjson.dumps(event(n, subject="LOC-ANDERS")))
WRONG = st.integers(0, 30).map(lambda n: orjson.dumps(event(n, subject="loc")))
BROKEN = st.tuples(GOOD, st.integers(1, 200)).map(lambda drawn: drawn[0][: drawn[1]])
TWO = st.tuples(GOOD, GOOD).map(b",".join)
DEEP = st.integers(1, 1100).map(lambda n: orjson.dumps(event(5))[:-2] + b',"x":' + b"[" * n + b"]" * n + b"}}")
TWICE = GOOD.map(lambda line: line.replace(b'"subject"', b'"subject":"LOC-1","subject"'))
LINE = st.one_of(GOOD, GOOD, GOOD, SPACED, OTHER, WRONG, BROKEN, TWO, DEEP, TWICE, st.binary(max_size=20), st.just(b""))


def takes(server: Server, line: bytes) -> bool:
    try:
        return len(orjson.loads(b"[" + line + b"]")) == 1 and server.accept(b"[" + line + b"]").status_code < 400
    except orjson.JSONDecodeError:
        return False


@pytest.fixture(scope="module")
def shared() -> Iterator[Server]:
    server = Server()
    yield server
    server.stop()


@settings(
    max_examples=examples(100),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(LINE, max_size=25), st.sampled_from([b"\n", b"\r\n"]), st.booleans(), st.integers(1, 12))
def test_every_line_is_stored_or_refused_and_only_that_line(shared, tmp_path, lines, end, last, most):
    shared.events.clear()
    text = end.join(lines) + end * last
    source, rejects = tmp_path / "in", tmp_path / "uit"
    source.write_bytes(text)
    try:
        report = run(source, url=shared.url, rejects=rejects, format="jsonl", batch_size=most, parallel=1)
    except ImporterError:
        assert text.startswith((b"\xff\xfe", b"\xfe\xff", b"\x1f\x8b", b"PK\x03\x04", b"PAR1"))  # not a text file
        return
    physical = dict(enumerate(text.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1))
    offered = {number for number, line in physical.items() if line.strip()}
    bad = [orjson.loads(line) for line in rejects.read_bytes().splitlines()] if rejects.exists() else []
    numbers = [line["regel"] for line in bad]
    assert numbers == sorted(set(numbers))
    assert set(numbers) <= offered
    assert [line["inhoud"] for line in bad] == [
        physical[n].decode(errors="backslashreplace").rstrip("\r") for n in numbers
    ]
    assert counts(report)[::3] == (len(offered), len(bad))
    assert report.opgeslagen + report.herhaald + report.geweigerd == report.aangeboden
    # Stored are exactly the lines that the server accepts when they are sent one by one in this order.
    alone = Server.__new__(Server)
    alone.events = {}
    taken = {n for n in sorted(offered) if takes(alone, physical[n].strip())}
    assert offered - set(numbers) == taken
    assert shared.events == alone.events


@settings(
    max_examples=examples(60),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=200).map(str.encode)), st.booleans())
def test_no_bytes_under_a_good_header_crash_a_csv(shared, tmp_path, data, last):
    header = b"type,source,subject,time,peilmoment,aanwezig\n"
    (tmp_path / "in.csv").write_bytes(header + data + b"\n" * last)
    report = run(tmp_path / "in.csv", url=shared.url, rejects=tmp_path / "uit")
    rows = [line for line in data.split(b"\n") if line.decode(errors="replace").strip(" ,\r\t")]
    assert report.aangeboden <= len(data.split(b"\n"))
    assert report.geweigerd == report.aangeboden
    assert report.aangeboden >= len([row for row in rows if row.isalnum()])
