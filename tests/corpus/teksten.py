"""Files of text: separators, encodings, line ends and quotes."""

import codecs
import gzip
from collections.abc import Iterator

from tests.corpus.bouw import tekst
from tests.corpus.geval import Geval, telling

KOP = ["Locatie", "Datum", "Aanwezig"]
RIJEN = [KOP, ["Azc De Linde", "28-11-2026", 312], ["Café Zuid", "28-11-2026", 87]]
GOED = {2: 312, 3: 87}
KOMMA, TAB, STREEP = ('scheiding = ","', 'scheiding = "\\t"', 'scheiding = "|"')


def gevallen() -> Iterator[Geval]:
    """Yields the files of this kind."""
    yield from _scheidingen()
    yield from _coderingen()
    yield from _aanhalingstekens()
    yield from _geen_tabel()


def _scheidingen() -> Iterator[Geval]:
    def geval(naam: str, fout: str, scheiding: str, bestand: str = "", **meer: str) -> Geval:
        return Geval(f"tekst/{naam}", fout, tekst(RIJEN, scheiding, **meer), telling(bestand), GOED)

    yield geval("puntkomma.csv", "gewoon, zoals Excel in Nederland het bewaart", ";")
    yield geval("komma.csv", "gescheiden door komma's", ",", KOMMA)
    yield geval("tab.txt", "gescheiden door tabs", "\t", TAB)
    yield geval("streep.csv", "gescheiden door strepen", "|", STREEP)
    yield geval("cr.csv", "regels eindigen op CR, zoals van een oude Mac", ";", einde="\r")
    yield geval("lf.csv", "regels eindigen op LF, en de laatste ook", ";", einde="\n")
    yield Geval(
        "tekst/sep.csv",
        "de eerste regel zegt welk scheidingsteken het is, en niet dat van het profiel",
        tekst(RIJEN, ",", voor="sep=,\r\n"),
        telling(),
        {3: 312, 4: 87},
    )
    yield Geval(
        "tekst/ander-scheidingsteken.csv",
        "de bron ging van puntkomma naar komma",
        tekst(RIJEN, ","),
        telling(),
        heel="is het scheidingsteken een komma?",
    )
    yield Geval(
        "tekst/komma-in-getal.csv",
        "een komma in een getal knipt de rij in te veel cellen",
        tekst([KOP, ["Azc De Linde", "28-11-2026", "1,234"], ["Café Zuid", "28-11-2026", 87]], ","),
        telling(KOMMA),
        {3: 87},
        {2: "heeft 4 cellen en de kop 3: '234' staat in kolom D"},
    )
    yield Geval(
        "tekst/te-korte-rij.csv",
        "lege cellen aan het eind van een rij zijn weggelaten, ook waar een waarde hoort",
        b"Locatie;Aanwezig;Datum;Opmerking\nAzc De Linde;312;28-11-2026\nCaf\xc3\xa9 Zuid;87\n",
        telling(),
        {2: 312},
        {3: "kolom C 'Datum': is leeg"},
    )


def _coderingen() -> Iterator[Geval]:
    euro = [["Verzonnen: stand per 28 november, dwangsom € 15.000"], [], *RIJEN]
    later = {4: 312, 5: 87}
    yield Geval("tekst/bom.csv", "UTF-8 met een merkteken", tekst(RIJEN, codering="utf-8-sig"), telling(), GOED)
    yield Geval(
        "tekst/utf16-le.csv",
        "UTF-16 met een merkteken, zoals 'Unicode-tekst' uit Excel",
        codecs.BOM_UTF16_LE + tekst(RIJEN, "\t", codering="utf-16-le"),
        telling(TAB),
        GOED,
    )
    yield Geval(
        "tekst/utf16-be.csv",
        "UTF-16, met de bytes andersom",
        codecs.BOM_UTF16_BE + tekst(RIJEN, codering="utf-16-be"),
        telling(),
        GOED,
    )
    yield Geval(
        "tekst/utf16-zonder-merkteken.csv",
        "UTF-16 zonder merkteken, en het profiel zegt het",
        tekst(RIJEN, codering="utf-16-le"),
        telling('codering = "utf-16-le"'),
        GOED,
    )
    yield Geval(
        "tekst/utf16-ongezegd.csv",
        "UTF-16 zonder merkteken, en het profiel zegt het niet",
        tekst(RIJEN, codering="utf-16-le"),
        telling(),
        heel="er staan nulbytes in",
    )
    yield Geval(
        "tekst/cp1252.csv",
        "cp1252, met € en é",
        tekst(euro, codering="cp1252"),
        telling('codering = "cp1252"'),
        later,
    )
    yield Geval(
        "tekst/verkeerde-codering.csv",
        "cp1252, terwijl het profiel utf-8 zegt",
        tekst(RIJEN, codering="cp1252"),
        telling(),
        heel="regel 3: byte 0xe9 is geen utf-8",
    )
    yield Geval(
        "tekst/utf8-als-cp1252.csv",
        "de bron ging over naar UTF-8: elke letter met een accent zou er twee worden",
        tekst(RIJEN),
        telling('codering = "cp1252"'),
        heel="is UTF-8, terwijl het profiel cp1252 noemt",
    )


def _aanhalingstekens() -> Iterator[Geval]:
    yield Geval(
        "tekst/regeleinde-in-cel.csv",
        "een kop en een cel van twee regels, en een puntkomma in een cel",
        b'Locatie;Datum;"Aantal\r\naanwezig";Opmerking\r\n'
        b'Azc De Linde;28-11-2026;312;"brand;\r\nmelding"\r\nAzc De Linde;29-11-2026;313;\r\n',
        telling(wissel=lambda one: one.replace('["Aanwezig"]', '["Aantal aanwezig"]')),
        {3: 312, 5: 313},
    )
    yield Geval(
        "tekst/aanhalingsteken-open.csv",
        "een aanhalingsteken dat nergens sluit, en alle rijen erna zou meenemen",
        b'Locatie;Datum;Aanwezig;Opmerking\r\nAzc De Linde;28-11-2026;312;"let op\r\nAzc De Linde;29-11-2026;313;\r\n',
        telling(),
        heel="regel 2: een aanhalingsteken opent hier een cel en wordt nergens gesloten",
    )
    yield Geval(
        "tekst/aanhalingsteken-in-tekst.csv",
        "aanhalingstekens midden in een cel, en een die dubbel staan",
        b'Locatie;Datum;Aanwezig;Opmerking\r\nAzc De Linde;28-11-2026;312;zaal "Noord" dicht\r\n'
        b'"Azc De Linde";29-11-2026;313;"zaal ""Noord"" open"\r\n',
        telling(),
        {2: 312, 3: 313},
    )
    yield Geval(
        "tekst/aanhalingsteken-los.csv",
        "een aanhalingsteken te vroeg in een cel die ermee begint",
        b'Locatie;Datum;Aanwezig\r\n"Azc "De Linde";28-11-2026;312\r\n',
        telling(),
        heel="regel 2: na een aanhalingsteken dat een cel sluit staat geen ';'",
    )
    yield Geval(
        "tekst/lange-cel.csv",
        "een cel van 5.000 tekens waar een naam hoort",
        tekst([KOP, ["bla " * 1250, "28-11-2026", 1], ["Azc De Linde", "28-11-2026", 312]]),
        telling(),
        {3: 312},
        {2: "is met 4.999 tekens te lang voor een naam"},
    )


def _geen_tabel() -> Iterator[Geval]:
    def geval(naam: str, fout: str, inhoud: bytes, heel: str) -> Geval:
        return Geval(f"geheel/{naam}", fout, inhoud, telling(), heel=heel)

    yield geval("leeg.csv", "nul bytes", b"", "is leeg")
    yield geval("alleen-witregels.csv", "alleen witregels", b"\r\n\r\n \r\n", "nergens de kopregel")
    yield geval(
        "json.csv", "JSON met de naam van een CSV", b'[{"Locatie": "Azc De Linde", "Aanwezig": 312}]', "is JSON"
    )
    yield geval(
        "html.xls",
        "een tabel in HTML die zich werkmap noemt, zoals veel webprogramma's bewaren",
        b"<html><body><table><tr><td>Locatie</td></tr></table></body></html>",
        "is HTML of XML",
    )
    yield geval("rtf.csv", "een tekstdocument", b"{\\rtf1\\ansi Locatie}", "is een tekstdocument (RTF)")
    yield geval("pdf.xlsx", "een PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "is een PDF")
    yield geval("ingepakt.csv.gz", "ingepakt met gzip", gzip.compress(tekst(RIJEN), mtime=0), "is met gzip ingepakt")
    yield geval("nulbytes.csv", "bytes die geen tekst zijn", b"Locatie;Datum\x00\x01\x02\xff", "er staan nulbytes in")
    yield geval("zonder-kop.csv", "geen kopregel", tekst(RIJEN[1:]), "nergens de kopregel")
    yield geval(
        "dubbele-kop.csv",
        "twee kolommen met dezelfde kop",
        tekst([["Locatie", "Datum", "Aanwezig", "Aanwezig"], ["Azc De Linde", "28-11-2026", 312, 300]]),
        "'Aanwezig' staat boven C en D",
    )
    yield geval(
        "kolom-ontbreekt.csv",
        "een kolom die het profiel nodig heeft is er niet meer",
        tekst([["Locatie", "Datum", "Bezetting"], ["Azc De Linde", "28-11-2026", 312]]),
        "rij 1 mist 'Aanwezig'; daar staat: 'Locatie', 'Datum', 'Bezetting'",
    )
    yield Geval(
        "geheel/andere-naam.csv",
        "een bestand van een andere bron, met dezelfde koppen",
        tekst(RIJEN),
        telling('naam = ["nachttelling*.csv"]'),
        heel="dat heet nachttelling*.csv",
    )
