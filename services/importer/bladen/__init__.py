"""Reads files as people make them, as sheets of rows of cells: workbooks, text with separators, and Parquet.

`cel` says what a cell holds · `tekst` reads CSV · `werkmap` reads XLSX, XLSM and ODS in a process of its own,
`werkmap_kind` · `kolommen` reads Parquet · `bestand` looks which of these a file is.

Nothing here gives a value a meaning. Text stays text, since only a profile knows what `2.104` or `01-02-2026` means.
"""

from services.importer.bladen.bestand import Leeswijze, lees, soort_van
from services.importer.bladen.cel import (
    Blad,
    Fout,
    LeesError,
    Rij,
    Waarde,
    getoond,
    is_leeg,
    kolomletter,
    zonder_schijn,
)
from services.importer.bladen.werkmap import GeenBladError

__all__ = [
    "Blad",
    "Fout",
    "GeenBladError",
    "LeesError",
    "Leeswijze",
    "Rij",
    "Waarde",
    "getoond",
    "is_leeg",
    "kolomletter",
    "lees",
    "soort_van",
    "zonder_schijn",
]
