"""Hostile files for what reads files: an import of CSV, JSONL and tables, a file of rules, and a backup to restore."""

import io
import random
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import orjson

from schemas.alarmregels import read_regels
from schemas.parsing import parse_facts
from schemas.toml_lines import BestandError
from services.importer.bladen import Leeswijze, lees
from services.importer.csv_rows import Csv
from services.importer.jsonl import Jsonl
from services.importer.lines import Lines
from services.importer.model import ImporterError
from services.importer.profiel.voorstel import stel_voor
from services.store.backup_file import MANIFEST, VERSION, BackupError, parse_manifest, verify
from tests.attack.inputs import TEXTS, toml
from tests.support.examples import cases

SECONDS_MAX = 2.0
"""Reading one of these files takes no longer."""


class Read(NamedTuple):
    """A file that was read, and the fault if it was not refused as it should be."""

    kind: str
    fault: str | None


def read_all(count: int, seed: int, folder: Path) -> Iterator[Read]:
    """Reads `count` files, the kinds in turn."""
    chance = random.Random(seed)
    kinds: dict[str, Callable[[random.Random, Path], None]] = {
        "csv": _csv,
        "jsonl": _jsonl,
        "tabel": _table,
        "regelbestand": _rules,
        "reservekopie": _backup,
    }
    names = [*kinds]
    for number in range(count):
        kind = names[number % len(names)]
        began = time.monotonic()
        fault = None
        try:
            kinds[kind](chance, folder)
        except (ImporterError, BestandError, BackupError):
            pass  # These tell a person what is wrong with the file.
        except Exception as error:  # noqa: BLE001 - any other is what this looks for
            fault = f"{kind}: {type(error).__name__}: {error}"
        if (took := time.monotonic() - began) > SECONDS_MAX:
            fault = f"{kind}: duurde {took:.1f} s"
        yield Read(kind, fault)


def _spoilt(chance: random.Random, body: bytes) -> bytes:
    for _ in range(chance.randrange(4)):
        place = chance.randrange(len(body) + 1)
        piece = chance.choice(
            (b"", b"\x00", b'"', b"\xff", b"\n", b"\r", b";", b",", b"[", b"{", b"9" * 400, b"\xef\xbb\xbf")
        )
        body = body[:place] + piece + body[place + chance.randrange(3) :]
    return body


def _csv(chance: random.Random, _folder: Path) -> None:
    head = ["type", "source", "subject", "time", "peilmoment", "aanwezig", "plaatsen.nood.aantal", "naam", "cijfers"]
    columns = chance.sample(head, k=chance.randrange(1, len(head)))
    separator = chance.choice(",;")
    rows = [separator.join(chance.choice((*TEXTS, "bezetting-gemeld")) for _ in columns) for _ in range(9)]
    body = _spoilt(chance, "\n".join([separator.join(columns), *rows]).encode())
    format_ = Csv()
    for group in Lines(io.BytesIO(body), "proef.csv").groups(4):
        for event in format_.read(group).events:
            parse_facts(event)


def _jsonl(chance: random.Random, _folder: Path) -> None:
    body = b"\n".join(orjson.dumps(orjson.loads(path.read_bytes())) for path in chance.sample(cases("valid"), k=9))
    format_ = Jsonl()
    for group in Lines(io.BytesIO(_spoilt(chance, body)), "proef.jsonl").groups(4):
        for event in format_.read(group).events:
            parse_facts(event)


def _table(chance: random.Random, folder: Path) -> None:
    """A file of text as a profile reads it, and as a proposal for a profile is made of it."""
    rows = [["Locatie", "Datum", "Aanwezig"], *([chance.choice(TEXTS) for _ in range(3)] for _ in range(9))]
    file = folder / "telling.csv"
    file.write_bytes(_spoilt(chance, "\n".join(chance.choice(";,\t").join(row) for row in rows).encode()))
    for blad in lees(file, Leeswijze()):
        for _ in blad.rijen:
            pass
    stel_voor(file)


def _rules(chance: random.Random, _folder: Path) -> None:
    read_regels(toml(chance), "proef.toml")


def _backup(chance: random.Random, folder: Path) -> None:
    file = folder / "proef.zip"
    part = {"naam": chance.choice(("log/0", "../x", "log/0" * 99)), "rijen": 1, "sha256": "0" * 64}
    manifest = {"versie": VERSION, "schema": 1, "positie": "1-0", "tabellen": {"gebeurtenis": {"delen": [part]}}}
    for name in chance.sample([*manifest], k=chance.randrange(3)):
        manifest[name] = chance.choice((None, -1, {}, [], "x" * 900, 2**63))
    with zipfile.ZipFile(
        file, "w", chance.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_BZIP2))
    ) as made:
        made.writestr(MANIFEST, _spoilt(chance, orjson.dumps(manifest)))
        made.writestr("log/0", b"\x00" * chance.choice((0, 10, 5_000_000)))
    file.write_bytes(_spoilt(chance, file.read_bytes()) if chance.random() < 0.7 else file.read_bytes())
    verify(file, parse_manifest(file, schema=99, tables=["gebeurtenis"]))
