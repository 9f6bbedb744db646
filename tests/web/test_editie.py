"""The weekly edition of a server: what everybody may see, the same bytes again, and read by other programs."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import NamedTuple

import duckdb
import httpx
import numpy as np
import orjson
import pandas as pd
import pytest

from schemas.fields import parse_moment
from services.access import Role
from services.cli import recheck_editie
from services.cli.editie_maken import asker
from services.editie.kast import Kast
from services.editie.maken import EditieError, Plaats, Uitgave, gemaakt
from services.editie.manifest import NAAM, Bestand, Inhoud, Manifest
from services.editie.week import Week
from services.store.connect import Connection
from services.store.migrate import migrate
from services.store.store import Store
from tests.support.access_help import FakeTable, access_of, bearer, serving, token
from tests.support.html_checker import html_errors
from tests.support.html_checker import missing as no_checker
from tests.support.missing import without
from tests.support.rondes import only_whole
from tests.support.shielded_world import SECRET, STEP, WORLD
from tests.support.strategies import read
from tests.support.taal import odd_on_page
from tests.support.web_events import NOW, reading

W20, W21 = Week(2026, 20), Week(2026, 21)
LATER = parse_moment("2026-06-02T08:00:00Z")
OF_US = Uitgave("http://creativecommons.org/publicdomain/zero/1.0/deed.nl", "Proefuitgever")
TABLES = ("landelijk", "provincies", "gemeenten", "locaties")
NO_DATA = (NAAM, "index.html")
"""What says when the edition was made."""


@contextmanager
def asking(store, *roles: Role, now: datetime = NOW) -> Iterator[httpx.Client]:
    """A client of a server, with these roles; without any it is on a machine where access is not set up."""
    table = FakeTable()
    headers = bearer(token(table, lambda: now, *roles)) if roles else {}
    with serving(store, access_of(table, lambda: now), lambda: now) as client:
        client.headers.update(headers)
        yield client


def made(client: httpx.Client, week: Week = W21, **place: Manifest) -> tuple[Manifest, dict[str, bytes]]:
    where = Plaats(week, place.get("herziet"), place.get("vorige"))
    return gemaakt(asker(client), where, OF_US, getekend=False)


def data_of(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if name not in NO_DATA}


class Wereld(NamedTuple):
    """A server, two editions of it, and the folder in which they are."""

    client: httpx.Client
    """With every role."""
    vorige: Manifest
    over: Manifest
    files: Mapping[str, bytes]
    folder: Path

    @property
    def place(self) -> Path:
        return self.folder / self.over.editie


@pytest.fixture(scope="module")
def wereld(chdb_folder, fill, tmp_path_factory) -> Iterator[Wereld]:
    connection = Connection(f"chdb://{chdb_folder}?database=editie")
    migrate(connection)
    store = Store(connection)
    fill(store, read(WORLD), ontvangen_op=NOW)
    folder = tmp_path_factory.mktemp("edities")
    with asking(store) as client:
        vorige, first = made(client, W20)
        over, files = made(client, vorige=vorige)
        with Kast.opened(folder) as kast:
            kast.add(vorige, first, {})
            kast.add(over, files, {})
        yield Wereld(client, vorige, over, files, folder)
    store.command(f"DROP DATABASE `{connection.database}` SYNC")
    connection.close()


@pytest.mark.parametrize("role", [Role.LEZER, only_whole(Role.BEHEERDER)])
def test_whoever_makes_it_makes_the_public_one(wereld, store, fill, role):
    """This one was made on a machine on which everybody has every role."""
    fill(store, read(WORLD), ontvangen_op=NOW)
    with asking(store, role) as client:
        _, files = made(client, vorige=wereld.vorige)
    assert data_of(files) == data_of(wereld.files)
    at = {"aantal": "1000", "bekendOp": wereld.over.bekendOp}
    assert "LOC-GEHEIM" in wereld.client.get("/v1/locaties", params=at).text
    for file in (one for one in wereld.folder.rglob("*") if one.is_file()):
        words = ["LOC-GEHEIM", "Onderkomen", SECRET["id"], STEP["id"]]
        if file.name != "definities.json":  # It says what the figures of every step mean.
            words.append("bestuurlijk gesprek")
        for word in words:
            assert word.encode() not in file.read_bytes(), (file, word)
    assert (wereld.over.omvat, wereld.over.licentie, wereld.over.uitgever) == ("zichtbaar", *OF_US)
    assert wereld.over.positie.startswith("z"), "how much is stored is for nobody to read"


@pytest.mark.volledig
def test_it_is_the_same_again_until_something_comes_in_late(wereld, store, fill, tmp_path, capsys):
    fill(store, read(WORLD), ontvangen_op=NOW)
    fill(store, read([reading("LOC-UTRECHT", 333, "2026-05-27T08:00:00Z")]), ontvangen_op=LATER)
    with asking(store, now=LATER) as client:
        again, same = made(client, vorige=wereld.vorige, herziet=wereld.over)
    assert data_of(same) == data_of(wereld.files)
    assert (again.editie, again.herziening, again.herziet) == ("2026-W21-r2", 2, "2026-W21")
    assert (again.gewijzigd, again.nagekomen) == ([], [])
    late = reading("LOC-UTRECHT", 222, "2026-05-17T08:00:00Z", time="2026-05-17T09:00:00Z")
    fill(store, read([late]), ontvangen_op=LATER)
    with asking(store, now=LATER) as client:
        revised, other = made(client, vorige=wereld.vorige, herziet=wereld.over)
        with Kast.opened(tmp_path) as kast:
            place = kast.add(again, same, {})
        stands = recheck_editie.stands(client, place / NAAM, None)
    assert stands, "at its positie it is the same for ever"
    assert "nog precies zo" in capsys.readouterr().out
    assert other["locaties.csv"] == wereld.files["locaties.csv"], "a later reading was in force by then"
    assert revised.nagekomen == ["gemeenten", "landelijk", "locaties", "provincies"]
    assert "kwam daarna nog iets binnen" in other["index.html"].decode()
    assert revised.gewijzigd == ["verschil"]


def test_pandas_reads_the_same_in_both_formats(wereld):
    over, files = wereld.over, wereld.files
    for table in TABLES:
        rows = list(csv.DictReader(io.StringIO(files[f"{table}.csv"].decode(), newline="")))
        own = over.per_bestand[f"{table}.parquet"]
        assert (own.rijen, over.per_bestand[f"{table}.csv"].rijen) == (len(rows), len(rows))
        of_pandas = pd.read_parquet(io.BytesIO(files[f"{table}.parquet"]), dtype_backend="numpy_nullable")
        as_text = pd.read_csv(io.BytesIO(files[f"{table}.csv"]), dtype=str, keep_default_na=False)
        assert list(of_pandas.columns) == own.kolommen
        for name in own.kolommen or []:
            said = [row[name] for row in rows]
            assert [shown(value) for value in of_pandas[name]] == said, (table, name)
            assert list(as_text[name]) == said, (table, name)


def shown(value: object) -> str:
    """A value of another program, as a CSV of ours writes it."""
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return str(value).lower() if isinstance(value, bool | np.bool_) else str(value)


def test_duckdb_finds_numbers_with_what_is_not_known_and_moments_in_utc(wereld):
    place = wereld.place
    with duckdb.connect() as base:
        base.execute("SET TimeZone='UTC'")
        for table in TABLES:
            parquet, text = (f"SELECT * FROM '{place}/{table}.{form}'" for form in ("parquet", "csv"))
            columns = [name for name, *_ in base.execute(f"DESCRIBE {parquet}").fetchall()]
            named = ", ".join(f'"{name}"' for name in columns)
            exact = [tuple(map(shown, row)) for row in base.execute(f"SELECT {named} FROM ({parquet})").fetchall()]
            found = base.execute(f"SELECT {named} FROM read_csv('{place}/{table}.csv', all_varchar=true)").fetchall()
            assert [tuple(one or "" for one in row) for row in found] == exact, table
            assert base.execute(f"SELECT count(*) FROM ({text})").fetchone() == (len(exact),)
        kinds = dict(
            base.execute(f"SELECT column_name, column_type FROM (DESCRIBE FROM '{place}/locaties.parquet')").fetchall()
        )
        assert (kinds["aanwezig"], kinds["bezettingsgraad"], kinds["open"]) == ("BIGINT", "DOUBLE", "BOOLEAN")
        assert kinds["peilmoment"] == "TIMESTAMP WITH TIME ZONE"
        known = f"SELECT aanwezig, peilmoment FROM '{place}/locaties.parquet' WHERE id = ?"
        assert base.execute(known, ["LOC-UTRECHT"]).fetchone() == (310, datetime(2026, 5, 20, 8, tzinfo=UTC))
        assert base.execute(known, ["LOC-LEEG"]).fetchone() == (None, None)


def check(client: httpx.Client, path: Path, capsys) -> tuple[bool, str]:
    good = recheck_editie.stands(client, path, None)
    return good, " ".join(capsys.readouterr().out.split())


def test_an_edition_still_stands(wereld, capsys):
    good, text = check(wereld.client, wereld.place / "locaties.csv", capsys)
    assert (good, "Niet ondertekend" in text, "12 bestanden zijn zoals gemaakt" in text) == (True, True, True), text
    assert "cellen van de tabellen staan op haar positie nog precies zo" in text, text
    assert "geeft ook nu dezelfde cijfers" in text, text


def test_what_was_altered_is_named_also_where_the_manifest_agrees_with_it(wereld, tmp_path, capsys):
    over, files = wereld.over.model_copy(), dict(wereld.files)
    files["locaties.csv"] = files["locaties.csv"].replace(b",310,", b",311,", 1)
    own = over.per_bestand["locaties.csv"]
    altered = Bestand.of("locaties.csv", Inhoud(files["locaties.csv"], own.rijen, own.kolommen))
    over.bestanden = [altered if one is own else one for one in over.bestanden]
    with Kast.opened(tmp_path) as kast:
        place = kast.add(over, files | {NAAM: over.text()}, {})
    (place / "gemeenten.parquet").unlink()
    good, text = check(wereld.client, place / NAAM, capsys)
    assert (good, "gemeenten.parquet ontbreekt" in text, "locaties.csv is veranderd" in text) == (False, True, False)
    assert "LOC-UTRECHT aanwezig: 311 in het bestand, 310 volgens het logboek" in text, text
    assert re.search(r"1 van [\d.]+ cellen staat op haar positie anders", text), text
    (place / NAAM).write_bytes(b"[]")
    good, text = check(wereld.client, place / NAAM, capsys)
    assert (good, "editie.json is geen manifest van een editie" in text) == (False, True)


@pytest.mark.volledig
def test_of_a_table_that_is_not_there_nothing_good_is_said(wereld, tmp_path, capsys):
    with Kast.opened(tmp_path) as kast:
        place = kast.add(wereld.over, wereld.files, {})
    (place / "locaties.csv").unlink()
    good, text = check(wereld.client, place / NAAM, capsys)
    assert "In de tabellen die er nog zijn staat niets anders dan in het logboek" in text, text
    assert (good, "nog precies zo" in text) == (False, False), text


@pytest.mark.volledig
def test_one_of_another_meaning_of_the_figures_is_not_called_wrong(wereld, tmp_path, capsys):
    over = wereld.over.model_copy(update={"betekenis": "1"})
    with Kast.opened(tmp_path) as kast:
        place = kast.add(over, {**wereld.files, NAAM: over.text()}, {})
    good, text = check(wereld.client, place / NAAM, capsys)
    assert (good, "volgens een eerdere betekenis van de cijfers (1; nu 2)" in text) == (True, True), text


def test_a_week_of_which_nothing_is_known_is_refused_with_the_first_that_can_be(store, fill):
    with asking(store) as client, pytest.raises(EditieError, match="kent nog geen enkele gebeurtenis"):
        made(client)
    fill(store, read([reading("LOC-A", 5, "2026-05-20T08:00:00Z")]), ontvangen_op=NOW)
    with asking(store) as client:
        with pytest.raises(EditieError, match=r"De eerste week die kan is 2026-W21"):
            made(client, W20)
        over, files = made(client)
    assert over.editie == "2026-W21"
    assert orjson.loads(files["definities.json"])["items"]


@pytest.fixture
def web_server(wereld) -> Iterator[str]:
    """The web server of Python on the folder with editions."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(wereld.folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_any_web_server_can_serve_it(wereld, web_server):
    with httpx.Client(base_url=web_server, trust_env=False) as client:
        last = client.get(client.get("laatste.json").json()["manifest"]).json()
        assert last["editie"] == wereld.over.editie
        for one in last["bestanden"]:
            assert sha256(client.get(f"{last['editie']}/{one['naam']}").content).hexdigest() == one["sha256"]
        assert f"{last['editie']}/index.html" in client.get("").text


def test_its_pages_load_nothing_and_speak_dutch(wereld):
    for file in wereld.folder.rglob("*.html"):
        page = file.read_text()
        assert not re.search(r"<script|<link|src=|url\(|@import", page), file
        assert list(odd_on_page(page)) == [], file
        for name in re.findall(r'href="([^"]+)"', page):
            assert name == OF_US.licentie or (file.parent / name).is_file(), (file, name)


@pytest.mark.volledig
def test_its_pages_are_as_the_standard_says(wereld):
    if reason := no_checker():
        without("de HTML-controle", reason)
    pages = {
        file.relative_to(wereld.folder).as_posix().replace("/", "-"): file for file in wereld.folder.rglob("*.html")
    }
    assert html_errors({name: file.read_text() for name, file in pages.items()}) == []
