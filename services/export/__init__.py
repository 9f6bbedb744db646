"""Turns an answer into a file: the same figures as a table, in CSV, XLSX or Parquet.

`tabel` makes rows and columns of an answer · `formats` writes them as CSV or Parquet, and names the formats · `xlsx`
writes a workbook · `parsing` reads such files back. Each file says for which moment it holds, with what knowledge, when
it was made and from which positie.
"""

from services.export.formats import FORMATS, FileFormat
from services.export.tabel import Beschrijving, Kolom, Tabel, as_table

__all__ = ["FORMATS", "Beschrijving", "FileFormat", "Kolom", "Tabel", "as_table"]
