"""Answers to take away: the same figures as a table, in CSV, XLSX or Parquet.

`tabel` rows and columns from an answer · `csv_text`, `xlsx`, `parquet` what that looks like · `formats` which is asked
for. Each says over which moment it is, with what knowledge, when it was made and from which positie.
"""

from services.export.formats import FORMATS, Format
from services.export.tabel import Kolom, Tabel, as_table

__all__ = ["FORMATS", "Format", "Kolom", "Tabel", "as_table"]
"""What others use of it."""
