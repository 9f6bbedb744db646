"""Looks what kind of file it is, by its first bytes, and reads it as sheets."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from services.importer.bladen.cel import Blad, Rij
from services.importer.bladen.kolommen import lees_kolommen
from services.importer.bladen.tekst import bom_van, lees_tekst
from services.importer.bladen.werkmap import lees_werkmap
from services.importer.model import ImporterError, os_reason

Soort = Literal["werkmap", "tekst", "parquet"]
_NIET = {
    b"\xd0\xcf\x11\xe0": "is een Excel-bestand van vóór 2007, of een met een wachtwoord. "
    "Bewaar het als 'Excel-werkmap (.xlsx)' zonder wachtwoord.",
    b"\x1f\x8b": "is met gzip ingepakt. Pak het eerst uit.",
    b"%PDF": "is een PDF. Daarin staan geen cellen; vraag de afzender om het bestand waar hij van gemaakt is.",
    b"{\\rtf": "is een tekstdocument (RTF). Bewaar de tabel als CSV of XLSX.",
    b"PK\x05\x06": "is een leeg zip-bestand.",
}
_GEEN_TABEL = {
    b"{": "is JSON. Stuur gebeurtenissen in JSON met `opvangpeil importeer`, zonder profiel.",
    b"[{": "is JSON. Stuur gebeurtenissen in JSON met `opvangpeil importeer`, zonder profiel.",
    b"<": "is HTML of XML, ook als de naam anders zegt. Open het in Excel of LibreOffice en bewaar het als XLSX.",
}
"""With what text begins that is no table."""


class Leeswijze(NamedTuple):
    """What must be known of a file before it can be read. The last two are for text."""

    bladen: Sequence[str] = ()
    """The sheets to read, with * for what varies; none is all that are not hidden."""
    codering: str = "utf-8"
    scheiding: str = ";"
    hoogstens: int = 0
    """The most rows of each sheet that whoever asks will read; 0 is all."""


def lees(pad: Path, wijze: Leeswijze) -> Iterator[Blad]:
    """Yields the sheets of a file. The rows of a sheet must be read before the next sheet.

    A hidden sheet is read only when it is named. Raises ImporterError when it can't be read, also while its rows are.
    """
    soort = soort_van(pad, wijze.codering)
    if soort == "werkmap":
        reader = lees_werkmap(pad, wijze.bladen, wijze.hoogstens)
        for blad in reader:
            if wijze.bladen or not blad.verborgen:
                yield blad._replace(rijen=_Rijen(blad.rijen, reader))
    elif soort == "parquet":
        yield lees_kolommen(pad)
    else:
        yield lees_tekst(pad, wijze.codering, wijze.scheiding, geheel=not wijze.hoogstens)


class _Rijen:
    """The rows of a sheet. They keep what reads the file alive, also when nobody holds that any more."""

    def __init__(self, rijen: Iterable[Rij], lezer: Iterator[Blad]) -> None:
        self._rijen, self._lezer = rijen, lezer

    def __iter__(self) -> Iterator[Rij]:
        yield from self._rijen


def soort_van(pad: Path, codering: str = "utf-8") -> Soort:
    """Returns what kind of file it is. Raises ImporterError for one that holds no cells, or can't be opened.

    `codering` is that of the text which it may be.
    """
    try:
        with pad.open("rb") as stream:
            begin = stream.read(4096)
    except OSError as error:
        raise ImporterError(f"{pad.name or pad} is niet te openen: {os_reason(error)}.") from error
    if not begin:
        raise ImporterError(f"{pad.name} is leeg.")
    if begin.startswith(b"PK\x03\x04"):
        return "werkmap"
    if begin.startswith(b"PAR1"):
        return "parquet"
    why = next((text for magic, text in _NIET.items() if begin.startswith(magic)), None)
    marked = bom_van(begin)
    if why is None and marked is None and not codering.startswith("utf-16") and b"\x00" in begin:
        why = (
            "is geen tekst en geen werkmap: er staan nulbytes in. Is het UTF-16, zet dan codering = "
            "\"utf-16-le\" in het profiel, of bewaar het als 'CSV UTF-8'."
        )
    if why is None:
        text = begin[marked[1] if marked else 0 :].replace(b"\x00", b"").lstrip()
        why = next((said for start, said in _GEEN_TABEL.items() if text.startswith(start)), None)
    if why is not None:
        raise ImporterError(f"{pad.name} {why}")
    return "tekst"
