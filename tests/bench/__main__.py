"""Prints the figures of deploy/measurements.md.

`python -m tests.bench ingebed|schaal|cijfers|alarmen|scherm|afscherming|werkmap|alles`
"""

import argparse
import tempfile
from datetime import date
from pathlib import Path

from services.voorbeeld import naar_jsonl, simulatie
from tests.bench import alarms, embedded, figures, scale, screen, shielded, workbook

LAST_DAY = date(2026, 11, 24)


def main() -> None:
    """Runs the measurements named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parts = ("ingebed", "schaal", "cijfers", "alarmen", "scherm", "afscherming", "werkmap", "alles")
    parser.add_argument("deel", nargs="?", choices=parts, default="ingebed")
    parser.add_argument("--gebeurtenissen", type=int, default=1_000_000)
    parser.add_argument("--groottes", type=int, nargs="+", default=[1_000_000, 10_000_000, 50_000_000])
    parser.add_argument("--naar", type=Path, default=Path("data/bench"), help="waar tabel en plaatje komen (cijfers)")
    parser.add_argument("--minuten", type=int, default=0, help="hoe lang een bladzijde openblijft (scherm)")
    asked = parser.parse_args()
    if asked.deel in ("cijfers", "alles"):
        figures.run(asked.groottes, asked.naar)
    if asked.deel in ("alarmen", "alles"):
        alarms.run()
    if asked.deel in ("scherm", "alles"):
        screen.run(asked.minuten)
    if asked.deel in ("afscherming", "alles"):
        shielded.run()
    if asked.deel in ("werkmap", "alles"):
        workbook.run()
    if asked.deel in ("cijfers", "alarmen", "scherm", "afscherming", "werkmap"):
        return
    with tempfile.TemporaryDirectory() as temporary:
        source = Path(temporary) / "gebeurtenissen.jsonl"
        with source.open("wb") as file:
            file.writelines(naar_jsonl(simulatie.genereer(gebeurtenissen=asked.gebeurtenissen, tot=LAST_DAY)))
        if asked.deel != "schaal":
            embedded.run(source)
        if asked.deel != "ingebed":
            scale.run(source, asked.gebeurtenissen)


if __name__ == "__main__":
    main()
