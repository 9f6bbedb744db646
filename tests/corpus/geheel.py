"""Files that are refused as a whole, before or while they are read."""

from collections.abc import Iterator

from tests.corpus.bouw import herpakt, ingepakt, met_grootte, ods, werkmap
from tests.corpus.geval import Geval, telling
from tests.corpus.werkmappen import KOP, RIJEN, vul

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def gevallen() -> Iterator[Geval]:
    """Yields the files of this kind."""
    book = werkmap(Blad=RIJEN)

    def geval(naam: str, fout: str, inhoud: bytes, heel: str) -> Geval:
        return Geval(f"geheel/{naam}", fout, inhoud, telling(), heel=heel)

    yield geval("wachtwoord.xlsx", "een werkmap met een wachtwoord (het begin ervan)", _OLE, "met een wachtwoord")
    yield geval("oud.xls", "een werkmap van vóór 2007 (het begin ervan)", _OLE, "van vóór 2007")
    yield geval("wachtwoord.ods", "een ODS met een wachtwoord", ods(versleuteld=True, Blad=[]), "met een wachtwoord")
    yield geval(
        "afgekapt.xlsx", "een download die halverwege stopte", book[: len(book) // 2], "beschadigd of niet compleet"
    )
    yield geval(
        "te-groot.xlsx",
        "een klein bestand dat zegt uitgepakt 300 MB te zijn",
        met_grootte(book, "xl/worksheets/sheet1.xml", 300 * 1024 * 1024),
        "is uitgepakt 300 MB, meer dan de 250 MB",
    )
    yield geval(
        "word.xlsx", "een Word-document met een andere naam", ingepakt({"word/document.xml": b"<x/>"}), "Word-document"
    )
    yield geval("binair.xlsb", "een binaire werkmap", ingepakt({"xl/workbook.bin": b"\x83\x01"}), "binaire werkmap")
    yield geval("zip.xlsx", "een zip met een CSV erin", ingepakt({"telling.csv": b"Locatie"}), "zonder werkmap erin")
    yield geval("leeg.zip", "een leeg zip-bestand", ingepakt({}), "leeg zip-bestand")
    yield geval(
        "geen-xml.xlsx",
        "een blad dat geen XML is",
        herpakt(book, {"xl/worksheets/sheet1.xml": lambda _: b"<worksheet><sheetData><row><c"}),
        "geen werkmap die te lezen is",
    )
    yield geval("geen-parquet.parquet", "een afgekapt Parquet-bestand", b"PAR1\x15\x04\x15", "geen Parquet-bestand")
    yield geval("leeg-blad.xlsx", "een werkmap zonder cellen", werkmap(Blad=[]), "nergens de kopregel")

    def verborgen(blad: object) -> None:
        vul(blad, RIJEN)

    two = werkmap(Leeg=[], Telling=[KOP, *RIJEN[1:]])
    hidden = herpakt(two, {"xl/workbook.xml": lambda one: one.replace(b'state="visible"', b'state="hidden"')})
    yield geval("alles-verborgen.xlsx", "alleen verborgen bladen", hidden, "alleen verborgen bladen")
