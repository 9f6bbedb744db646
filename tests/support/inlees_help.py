"""Files and profiles for tests of the pages that bring files in, made up for that, and what those pages show."""

import html
import io
from pathlib import Path
from typing import Any

import httpx
import orjson
import xlsxwriter

from tests.support.html_page import Page

TELLING = """
versie = 1
omschrijving = "Nachttelling, verzonnen voor de toetsen"
source = "urn:nld:oin:00000000000000000001:systeem:proef"

[bestand]
naam = ["nachttelling*.csv", "nachttelling*.xlsx"]

[schrijfwijze]
datum = "jaar-maand-dag"

[kennis]
uit = "kolom"
kolom = ["geteld op"]

[[overslaan]]
kolom = ["locatie"]
begint = ["totaal"]

[[gebeurtenis]]
type = "bezetting-gemeld"
onderwerp = { kolom = ["locatie"], namen = "locatie" }

[gebeurtenis.velden]
peilmoment = { kolom = ["geteld op"] }
aanwezig = { kolom = ["aanwezig"] }
"""
LIJST = """
versie = 1
omschrijving = "Plaatsen per locatie: de hele lijst, verzonnen voor de toetsen"
source = "urn:nld:oin:00000000000000000001:systeem:proef"

[bestand]
naam = ["plaatsen*.csv"]

[schrijfwijze]
datum = "jaar-maand-dag"

[[gebeurtenis]]
type = "capaciteit-gewijzigd"
volledig = true
onderwerp = { kolom = ["locatie"], namen = "locatie" }

[gebeurtenis.velden]
geldigVanaf = { kolom = ["vanaf"] }
"plaatsen.regulier.aantal" = { kolom = ["plaatsen"] }
"""
KOP = "locatie;geteld op;aanwezig"
FILE = "nachttelling mei.csv"


def telling(*rows: str) -> bytes:
    """A file of a night count. Each row is `name;moment;people`."""
    return "\n".join([KOP, *rows, ""]).encode()


def telling_xlsx(*rows: str, blad: str = "nacht") -> bytes:
    """The same as a workbook."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet(blad)
        for number, row in enumerate([KOP, *rows]):
            place, moment, people = row.split(";")
            sheet.write_row(number, 0, [place, moment, int(people) if people.isdecimal() else people])
    return out.getvalue()


def profielen(folder: Path, **texts: str) -> Path:
    """Writes profiles to a folder: each by its name; those of above by default."""
    for name, text in (texts or {"nachttelling": TELLING, "plaatsen": LIJST}).items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def drop(client: httpx.Client, content: bytes, name: str = FILE, profiel: str = "", **options: Any) -> httpx.Response:
    """Sends a file to the page, as a browser does."""
    return client.post("/inlezen", files={"bestand": (name, content)}, data={"profiel": profiel}, **options)


def events_of(answer: httpx.Response) -> list[dict[str, Any]]:
    """Returns the events that the button of a try would send; none without that button."""
    found = next((one for one in Page(answer.text).all("input") if one.get("name") == "gebeurtenissen"), None)
    return [] if found is None else orjson.loads(found["value"] or "")


def send(client: httpx.Client, answer: httpx.Response, **options: Any) -> httpx.Response:
    """Presses the button of a try."""
    body = orjson.dumps(events_of(answer)).decode()
    return client.post("/inlezen/versturen", files={"gebeurtenissen": (None, body)}, **options)


def words(answer: httpx.Response) -> str:
    """Returns the text of a page."""
    return html.unescape(Page(answer.text).text).replace("\xa0", " ")
