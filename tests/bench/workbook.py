"""Measures a workbook of a source, from the command to what is stored, and how much memory reading it takes."""

import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

from xlsxwriter import Workbook

from services.importer import Server as Naar
from services.importer import lees_in
from services.importer.bladen import Leeswijze, lees
from services.importer.plan import Bron
from services.importer.profiel import Genoemd, Namen, Omzetting, read_profiel
from tests.support.server import Server

ROWS, LOCATIES = 100_000, 310
BUDGET_SECONDS = 20
PROFIEL = """
versie = 1
omschrijving = "Een telling van verzonnen locaties"
source = "urn:nld:oin:00000000000000000000:systeem:meting"
[[gebeurtenis]]
type = "bezetting-gemeld"
onderwerp = {kolom = ["Locatie"], namen = "locatie"}
velden.peilmoment = {kolom = ["Datum"]}
velden.aanwezig = {kolom = ["Aanwezig"]}
"""


class _Silent:
    def vergeleken(self, events: int) -> None: ...
    def verzonden(self, events: int) -> None: ...
    def waiting(self, reason: str, seconds: float) -> None: ...


def run() -> None:
    """Reads the same workbook three times: its cells alone, into an empty store, and once more."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        file = _workbook(folder / "telling.xlsx")
        with _timed("alleen de cellen lezen"):
            rows = sum(1 for blad in lees(file, Leeswijze()) for _ in blad.rijen)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"   {rows:,} rijen; het proces dat leest gebruikte {peak:.0f} MB (ten hoogste 400)")
        genoemd = Genoemd(naam="meting", profiel=read_profiel(PROFIEL, "meting.toml"))
        with Server(folder / "data") as server:
            for what in (f"van werkmap tot opgeslagen (ten hoogste {BUDGET_SECONDS} s)", "nog eens hetzelfde bestand"):
                with _timed(what):
                    verslag = lees_in(
                        file,
                        lambda: _bron(genoemd),
                        server=Naar(server.url),
                        rejects=folder / "afgewezen.jsonl",
                        progress=_Silent(),
                    )
                print(f"   {verslag.zin}")


def _bron(genoemd: Genoemd) -> Bron:
    return Omzetting(genoemd, Namen({}))


@contextmanager
def _timed(what: str) -> Iterator[None]:
    began, cpu = time.perf_counter(), time.process_time()
    yield
    print(f"{what}: {time.perf_counter() - began:.1f} s, waarvan {time.process_time() - cpu:.1f} s rekenen hier")


def _workbook(file: Path) -> Path:
    """Writes a workbook with one count of each locatie a day."""
    with Workbook(file, {"constant_memory": True}) as book:
        sheet, day = book.add_worksheet("Telling"), book.add_format({"num_format": "dd-mm-yyyy"})
        sheet.write_row(0, 0, ["Locatie", "Datum", "Aanwezig"])
        first = datetime.combine(date(2025, 12, 1), datetime.min.time())
        for row in range(ROWS):
            days, locatie = divmod(row, LOCATIES)
            sheet.write_string(row + 1, 0, f"LOC-{locatie}")
            sheet.write_datetime(row + 1, 1, first + timedelta(days=days), day)
            sheet.write_number(row + 1, 2, 100 + row % 50)
    return file
