"""How the importer reads the bytes of a file, before it sends anything, and what it shows about itself."""

import io
import tracemalloc
from pathlib import Path

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.console import Console

from schemas.parsing import EVENT_BYTES_MAX
from services.importer import ImporterError, Report, Server, lees_in, terminal_progress
from services.importer.jsonl import Jsonl
from services.importer.lines import CHUNK_BYTES, GROUP_BYTES, Lines
from services.importer.model import Batch, Reject
from services.importer.plan import Bron
from services.importer.rejects import RejectsFile
from tests.support.importer_help import read_all
from tests.support.strategies import LAW
from tests.support.volgt import Hoorder


class Pipe(io.RawIOBase):
    """A stream that gives pieces of these `sizes`, and then one byte at a time."""

    def __init__(self, data: bytes, sizes: list[int]) -> None:
        self._data, self._sizes, self._at = data, iter(sizes), 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        size = min(size, next(self._sizes, 1))
        self._at += size
        return self._data[self._at - size : self._at]


def all_lines(lines: Lines, most: int) -> list[tuple[int, bytes]]:
    groups = list(lines.groups(most))
    assert all(0 < len(group.lines) <= most for group in groups)
    return [pair for group in groups for pair in enumerate(group.lines, group.first)]


def jsonl(text: bytes, most: int = 1000) -> Batch:
    return read_all(Jsonl(), text, most)


# Lines ---------------------------------------------------------------------------------------------------------------


@LAW
@given(
    st.lists(st.sampled_from([b"a", b"bc", b"\n", b"\r", b"\xff", b" ", b"\xef\xbb\xbf", b"{"]), max_size=60),
    st.lists(st.integers(1, 9), max_size=12),
    st.integers(1, 5),
)
def test_lines_are_those_of_the_bytes_however_they_arrive(parts, sizes, most):
    data = b"".join(parts)
    expected = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    expected = expected[:-1] if expected[-1] == b"" else expected
    lines = Lines(Pipe(data, sizes), "proef")
    assert all_lines(lines, most) == list(enumerate(expected, 1))


@pytest.mark.parametrize("most", [1, 7, 1000])
def test_lines_longer_than_a_chunk_keep_their_beginning_and_real_size(most):
    long = b"x" * (5 * CHUNK_BYTES + 17)
    text = b"een\n" + long + b"\ntwee\n" + long + b"y\n\ndrie\n" + long
    groups = list(Lines(io.BytesIO(text), "proef").groups(most))
    cut = {number: size for group in groups for number, size in group.cut.items()}
    lines = dict(pair for group in groups for pair in enumerate(group.lines, group.first))
    assert [lines[n] for n in (1, 3, 5, 6)] == [b"een", b"twee", b"", b"drie"]
    assert cut == {2: len(long), 4: len(long) + 1, 7: len(long)}
    assert all(long.startswith(lines[n]) and len(lines[n]) >= EVENT_BYTES_MAX for n in (2, 4, 7))


def test_an_endless_line_does_not_fill_the_memory():
    class Endless(Pipe):
        left = 100 * 1024 * 1024

        def read(self, size: int = -1) -> bytes:
            self.left -= size
            return bytes(size) if self.left > 0 else b""

    tracemalloc.start()
    batch = read_all(Jsonl(), b"", 1000)  # a first run fills the caches
    lines = Lines(Endless(b"", []), "proef")
    batches = [Jsonl().read(group) for group in lines.groups(1000)]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert not batch.rejects
    assert [len(batch.rejects) for batch in batches] == [1]
    assert "is 104595456 bytes" in batches[0].rejects[0].reason
    assert peak < 8 * CHUNK_BYTES


def test_groups_of_long_lines_are_closed_early():
    text = (b"x" * 60_000 + b"\n") * 400
    groups = list(Lines(io.BytesIO(text), "proef").groups(1000))
    assert len(groups) > 4
    assert all(sum(map(len, group.lines)) <= GROUP_BYTES + 2 * CHUNK_BYTES for group in groups)
    assert sum(len(group.lines) for group in groups) == 400
    assert groups[-1].end == len(text)


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("a.csv", b"{", "csv"),
        ("A.CSV", b"", "csv"),
        ("a.jsonl", b"type,id", "jsonl"),
        ("a.ndjson", b"x", "jsonl"),
        ("-", b" \n\xef\xbb\xbf", "csv"),
        ("-", b"\xef\xbb\xbf \r\n {", "jsonl"),
        ("-", b"type;id", "csv"),
        ("-", b"", "jsonl"),
        ("-", b"[{", "jsonl"),
        ("gegevens.txt", b'{"id"', "jsonl"),
    ],
)
def test_format_is_guessed_from_name_or_first_character(name, head, kind):
    assert Lines(Pipe(head, []), name).guess() == kind


@pytest.mark.parametrize(
    ("head", "hint"),
    [
        (b"PK\x03\x04..", r"geen standaardinvoer: opvangpeil importeer BESTAND --profiel NAAM\."),
        (b"PAR1..", r"geen standaardinvoer: opvangpeil importeer BESTAND\."),
        (b"\x1f\x8b\x08\x00", "gunzip"),
        ("{}".encode("utf-16"), "UTF-8"),
    ],
)
def test_a_file_that_is_no_text_is_refused_with_what_to_do(head, hint):
    with pytest.raises(ImporterError, match=hint):
        Lines(io.BytesIO(head), "-")


def test_a_failing_read_is_told():
    class Broken(Pipe):
        def read(self, size: int = -1) -> bytes:  # noqa: ARG002
            raise OSError(5, "Input/output error")

    with pytest.raises(ImporterError, match="proef is niet te lezen: Input/output error"):
        Lines(Broken(b"", []), "proef")


# JSONL ---------------------------------------------------------------------------------------------------------------

PIECES = [
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b'{"a":1}',
    b'"',
    b"\\",
    b":",
    b"1",
    b" ",
    b"\t",
    b"null",
    b"\xff",
    b"\n",
    b"\r",
    b"[" * 1023,
    b"]" * 1023,
    b'{"a":',
    b"{}",
    b"\x0b",
    b"x" * EVENT_BYTES_MAX,
]


def is_object(line: bytes) -> bool:
    try:
        return isinstance(orjson.loads(line), dict) and isinstance(orjson.loads(b"[" + line + b"]"), list)
    except orjson.JSONDecodeError:
        return False


@LAW
@given(st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join), st.integers(1, 4))
@example(b'{"a":1},{"b":2}\n{"c":[1\n2]}\n{}', 1000)  # joined by commas: as many values as lines
@example(b'{"c":[{}\n{}]}\n{"a":1},{"b":2}', 1000)  # the same, and every line begins and ends like an object
@example(b'{"c":[{}\n{}]}\n{"a":1},{"x":1},{"b":2}', 1000)  # the same, with a value between the lines
@example(b'{"a":1},0,{"b":2}\n{"c":[{}\n{}]}', 1000)  # the same, with the mark of the importer guessed
@example(b" " * 3 * CHUNK_BYTES + b"{}\n{}", 1000)  # a line may begin with more blanks than are read at once
@example(b"{}\n" + b'{"a":' * 1023 + b"1" + b"}" * 1023 + b"\n{}", 1000)  # valid by itself, but too deep inside a list
def test_every_line_is_an_event_or_a_reject_and_no_line_touches_another(text, most):
    batch = jsonl(text, most)
    lines = {number: line for number, line in enumerate(text.split(b"\n"), 1) if line.strip()}
    short = {n: line for n, line in lines.items() if len(line.strip()) <= EVENT_BYTES_MAX and len(line) <= CHUNK_BYTES}
    good = {n: line for n, line in short.items() if is_object(line.strip())}
    assert dict(zip(batch.numbers, batch.originals, strict=True)) == good
    assert batch.events == [line.strip() for line in good.values()]
    assert {reject.number: reject.original for reject in batch.rejects} == {
        n: line[:CHUNK_BYTES] for n, line in lines.items() if n not in good
    }
    numbers = [reject.number for reject in batch.rejects]
    assert list(batch.numbers) == sorted(set(batch.numbers))
    assert numbers == sorted(set(numbers))
    # What is sent holds exactly these objects, in this order.
    assert orjson.loads(b"[" + b",".join(batch.events) + b"]") == [orjson.loads(line.strip()) for line in good.values()]


def test_a_clean_group_and_one_with_a_broken_line_give_the_same_events():
    lines = [orjson.dumps({"n": n}) for n in range(50)]
    clean = jsonl(b"\n".join(lines))
    mixed = jsonl(b"\n".join([*lines, b"{"]))
    assert (list(clean.numbers), clean.events, clean.originals) == (list(range(1, 51)), lines, lines)
    assert (list(mixed.numbers), mixed.events, mixed.originals) == (list(range(1, 51)), lines, lines)
    assert [reject.number for reject in mixed.rejects] == [51]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"a":1} {"b":2}', "geen geldige JSON in UTF-8 (teken 9)"),
        (b'{"a":1},{"b":2}', "bevat 2 JSON-waarden; zet iedere gebeurtenis op een eigen regel"),
        (b'[{"a":1}]', "is een JSON-lijst; zet iedere gebeurtenis op een eigen regel, zonder [ en ]"),
        (b'"tekst"', "is geen JSON-object; een gebeurtenis staat tussen { en }"),
        (b'{"a":NaN}', "geen geldige JSON in UTF-8 (teken 6)"),
        (b'{"a":"\xc3\x28"}', "geen geldige JSON in UTF-8 (byte 7)"),
        (b"[" * 2000, "te diep genest"),
        (b'{"a":"' + b"x" * EVENT_BYTES_MAX + b'"}', "is 65544 bytes; een gebeurtenis is hoogstens 65536 bytes"),
    ],
)
def test_a_line_that_is_no_event_says_why(line, reason):
    batch = jsonl(b"{}\r\n" + line + b"\r\n{}")
    assert list(batch.numbers) == [1, 3]
    assert [reject.number for reject in batch.rejects] == [2]
    assert reason in batch.rejects[0].reason


# What a person sees --------------------------------------------------------------------------------------------------


def test_a_report_is_one_dutch_sentence():
    report = Report(1_234_567, 1_234_000, 500, 67, 10.0, Path("af.jsonl"))
    assert report.summary == (
        "1.234.567 aangeboden: 1.234.000 opgeslagen, 500 herhaald (stonden er al), 67 geweigerd (zie af.jsonl);"
        " 10,0 s, 123.457 per seconde"
    )


@pytest.mark.parametrize("total", [1000, None])
@pytest.mark.parametrize("terminal", [True, False])
def test_progress_shows_events_refusals_and_waiting(terminal, total):
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=150)
    with terminal_progress(console, every_seconds=0) as progress:
        progress.begin(total)
        progress.waiting("geen antwoord van http://[::1]:8080/v1", 3)
        assert (
            terminal
            or out.getvalue() == "importeren: wacht 3 s op de server (geen antwoord van http://[::1]:8080/v1)\n"
        )
        progress.update(500, Report(1200, 1100, 0, 100, 2.0))
    assert "1.200 gebeurtenissen, 600/s, 100 geweigerd" in out.getvalue()
    assert ("50%" in out.getvalue()) == bool(total)


def test_elsewhere_than_on_a_terminal_few_lines_are_printed():
    out = io.StringIO()
    with terminal_progress(Console(file=out, force_terminal=False, width=80), every_seconds=3600) as progress:
        progress.begin(1000)
        for done in range(0, 1000, 10):
            progress.update(done, Report(done))
        progress.waiting("weg", 1)
        progress.waiting("weg", 2)
    assert out.getvalue() == "importeren: wacht 1 s op de server (weg)\n"


def test_a_file_is_never_the_file_of_its_own_refused_rows(tmp_path: Path) -> None:
    source = tmp_path / "telling.csv"
    source.write_text("Locatie;Moment\n")
    (tmp_path / "ook.csv").symlink_to(source)

    def bron() -> Bron:
        raise AssertionError("it is not read")

    for rejects in (source, tmp_path / "ook.csv"):
        with pytest.raises(ImporterError, match="moet een ander zijn dan het bestand zelf"):
            lees_in(source, bron, server=Server("http://127.0.0.1:1"), rejects=rejects, progress=Hoorder())
        assert source.read_text() == "Locatie;Moment\n"


@pytest.mark.parametrize("earlier", [False, True])
def test_nothing_is_left_behind_at_any_moment_when_nothing_was_refused(tmp_path: Path, earlier: bool) -> None:
    path = tmp_path / "afgewezen.jsonl"
    if earlier:
        path.write_text("van een vorige keer")
    with RejectsFile(path) as rejects:
        assert path.exists() is earlier
        rejects.write([])
        assert not path.exists()
    assert not path.exists()
    with RejectsFile(path) as rejects:
        for number in (1, 2):
            rejects.write([Reject(number, "leeg", b"{}")])
    assert [orjson.loads(line)["regel"] for line in path.read_bytes().splitlines()] == [1, 2]
