"""Proposes a profile from a file. Each guess has its reason beside it, since a person must judge it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from charset_normalizer import from_bytes

from services.importer.bladen import Blad, Leeswijze, Rij, Waarde, kolomletter, lees, soort_van
from services.importer.bladen.tekst import SCHEIDINGSTEKENS, bom_van
from services.importer.model import ImporterError
from services.importer.profiel.herkennen import NIETS, Gevonden, cellen, herken, tijdkolom, veld_van, zoek_kop
from services.importer.profiel.kop import namen_van
from services.importer.profiel.model import IN_TE_VULLEN
from services.importer.profiel.namen import TOTAAL
from services.importer.profiel.waarden import SERIAL_MAX, SERIAL_MIN

_BEGIN_BYTES, _RIJEN, _WOORDEN_MAX = 1024 * 1024, 200, 12
_SEP = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
_GROUPED = re.compile(r"\d{1,3}(?P<sign>[.,' \u00a0\u202f])\d{3}(?:(?P=sign)\d{3})*(?:[.,]\d+)?")
_DECIMALS = re.compile(r"\d+(?P<sign>[.,])(?:\d{1,2}|\d{4,}) ?%?|\d{1,3}[.,]\d{3}(?P<after>[.,])\d+")
_DATE = re.compile(r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{2,4})(?:\D.*)?")
_KENNIS = re.compile(
    r"gepubliceerd( op)?|publicatiedatum|vastgelegd( op)?|ingevoerd( op)?|datum besluit", re.IGNORECASE
)
_IN_NAAM = (
    (re.compile(r"20\d\d-?[01]\d-?[0-3]\d"), r"(?P<jaar>20\d\d)-?(?P<maand>\d\d)-?(?P<dag>\d\d)"),
    (re.compile(r"20\d\d_[01]\d_[0-3]\d"), r"(?P<jaar>20\d\d)_(?P<maand>\d\d)_(?P<dag>\d\d)"),
    (re.compile(r"[0-3]\d[-_.][01]\d[-_.]20\d\d"), r"(?P<dag>\d\d)[-_.](?P<maand>\d\d)[-_.](?P<jaar>20\d\d)"),
)


class _Vorm(NamedTuple):
    """How a file of text is written."""

    codering: str
    waarom: str
    scheiding: str


class _Tabel(NamedTuple):
    """The table that a proposal is about."""

    blad: Blad
    kop: int
    """The first row of the heading."""
    hoogte: int
    namen: list[str]
    rijen: Sequence[Rij]
    gevonden: list[Gevonden]


def stel_voor(pad: Path) -> str:
    """Returns a profile for the file, as text in TOML. Raises ImporterError when it holds no table.

    It can be read as a profile, unless a field is missing that must be there. Then a line begins with `# velden.` or
    `# onderwerp`, and says that it must be filled in.
    """
    utf16 = _utf16(pad)
    vorm = _vorm(pad, utf16) if soort_van(pad, utf16 or "utf-8") == "tekst" else None
    wijze = Leeswijze((), vorm.codering, vorm.scheiding, _RIJEN) if vorm else Leeswijze(hoogstens=_RIJEN)
    best: _Tabel | None = None
    sheets = []
    for blad in lees(pad, wijze):
        sheets.append(blad)
        rows = [row for row, _ in zip(blad.rijen, range(_RIJEN), strict=False)]
        for found in _tabellen(blad, rows):
            if best is None or _gewicht(found) > _gewicht(best):
                best = found
    if best is None:
        raise ImporterError(
            f"{pad.name}: geen rij met koppen en een rij eronder gevonden, dus geen tabel om een profiel bij te maken."
        )
    others = [one for one in sheets if one is not best.blad]
    return "\n".join(_regels(pad, vorm, best, others)) + "\n"


def _tabellen(blad: Blad, rows: Sequence[Rij]) -> Iterator[_Tabel]:
    for at, height in zoek_kop(rows):
        names, below = namen_van(rows[at : at + height]), rows[at + height :]
        yield _Tabel(blad, rows[at].nummer, height, names, below, herken(names, below))


def _gewicht(tabel: _Tabel) -> tuple[int, int]:
    return sum(len(one.velden) for one in tabel.gevonden), len(tabel.namen)


# How the text is written ----------------------------------------------------------------------------------------------


def _utf16(pad: Path) -> str | None:
    """Returns which UTF-16 a file without a mark is, by where its zero bytes stand."""
    with pad.open("rb") as stream:
        begin = stream.read(4096)
    if bom_van(begin) is not None or len(begin) < 4 or 4 * begin.count(0) < len(begin):
        return None
    return "utf-16-le" if begin[1::2].count(0) > begin[::2].count(0) else "utf-16-be"


def _vorm(pad: Path, utf16: str | None) -> _Vorm:
    with pad.open("rb") as stream:
        begin = stream.read(_BEGIN_BYTES)
    marked = bom_van(begin)
    if marked:
        name, why = marked[0], "het bestand begint met een merkteken dat dit zegt"
    elif utf16:
        name, why = utf16, "om de andere byte is nul"
    else:
        name, why = _codering(begin)
    text = begin[marked[1] if marked else 0 :].decode(name, errors="replace")
    lines = text.splitlines()
    said = _SEP.fullmatch(lines[0].strip()) if lines else None
    return _Vorm(name, why, said[1] if said else _scheiding(lines[:50]))


def _codering(begin: bytes) -> tuple[str, str]:
    try:
        begin[: begin.rfind(b"\n") + 1 or None].decode("utf-8")
    except UnicodeDecodeError:
        guess = from_bytes(begin, cp_isolation=["cp1252", "iso8859_15"]).best()
        name = "iso-8859-15" if guess is not None and guess.encoding == "iso8859_15" else "cp1252"
        return name, "het is geen UTF-8; controleer letters met accenten"
    return "utf-8", "alle tekst tot zover is geldige UTF-8"


def _scheiding(lines: Sequence[str]) -> str:
    """Returns the sign that splits most lines into the same number of cells, more than one."""

    def weight(sign: str) -> tuple[int, int]:
        count, often = Counter(line.count(sign) for line in lines if line.count(sign)).most_common(1)[0]
        return often, count

    there = [sign for sign in SCHEIDINGSTEKENS if any(sign in line for line in lines)]
    return max(there, key=weight, default=";")


# The text of the profile ----------------------------------------------------------------------------------------------


def _regels(pad: Path, vorm: _Vorm | None, tabel: _Tabel, andere: Sequence[Blad]) -> Iterator[str]:
    yield f"# Voorstel voor een profiel, gemaakt uit {_een_regel(pad.name)}."
    yield "# Lees elke regel na: niets hiervan is zeker."
    yield "versie = 1"
    yield f"omschrijving = {_q(f'Bestanden zoals {pad.name}')}"
    yield "# Wie het vastlegde: het OIN van de organisatie en de naam van haar systeem."
    yield f"source = {_q(IN_TE_VULLEN)}"
    yield ""
    yield "[bestand]"
    yield f"naam = [{_q(_patroon(pad.name))}]"
    if vorm is not None:
        yield f"codering = {_q(vorm.codering)}  # {vorm.waarom}"
        yield f"scheiding = {_q(vorm.scheiding)}"
    yield from _bladen(tabel.blad, andere)
    said = _een_regel(", ".join(name for name in tabel.namen if name))
    yield f"kopregel = {tabel.kop}  # daar staat: {said[:200]}"
    if tabel.hoogte > 1:
        yield f"kopregels = {tabel.hoogte}  # de eerste rij alleen zegt niet welke kolom welke is"
    yield from _schrijfwijze(tabel)
    yield from _kennis(pad, tabel.namen)
    yield from _overslaan(tabel.namen, tabel.rijen)
    yield from _gebeurtenissen(tabel)


def _bladen(blad: Blad, andere: Sequence[Blad]) -> Iterator[str]:
    """Yields which sheet to read. Its name may hold a week or a year, so the next file has another one."""
    pattern = _patroon(blad.naam)
    if not andere and not blad.verborgen:
        return
    if any(fnmatchcase(one.naam.casefold(), pattern.casefold()) for one in andere):
        yield f"bladen = [{_q(blad.naam)}]  # een ander blad heet bijna zo: heet dit volgende keer nog hetzelfde?"
    else:
        yield f"bladen = [{_q(pattern)}]"


def _patroon(naam: str) -> str:
    return re.sub(r"[\[\]?]", "?", re.sub(r"\d+([-_.]\d+)*", "*", naam))


def _schrijfwijze(tabel: _Tabel) -> Iterator[str]:
    texts = [cell.strip() for row in tabel.rijen for cell in row.waarden if isinstance(cell, str)]
    yield ""
    yield "[schrijfwijze]"
    groups = {found["sign"] for text in texts if (found := _GROUPED.fullmatch(text))}
    groups = {" " if sign.isspace() else sign for sign in groups}
    decimals = {found["sign"] or found["after"] for text in texts if (found := _DECIMALS.fullmatch(text))}
    if len(groups - decimals) == 1:
        sign = (groups - decimals).pop()
        example = next(text for text in texts if (found := _GROUPED.fullmatch(text)) and _zelfde(found["sign"], sign))
        yield f"duizendtallen = {_q(sign)}  # zoals in {example}: klopt dat?"
    if len(decimals) == 1:
        sign = decimals.pop()
        example = next(text for text in texts if _DECIMALS.fullmatch(text) and sign in text)
        yield f"decimalen = {_q(sign)}  # zoals in {example}"
    yield from _datum(tabel, texts)
    if nothing := list(dict.fromkeys(text for text in texts if NIETS.fullmatch(text))):
        yield f"leeg = [{', '.join(map(_q, nothing))}]  # staat dit er als het niet bekend is?"


def _zelfde(sign: str, other: str) -> bool:
    return sign == other or (sign.isspace() and other.isspace())


def _datum(tabel: _Tabel, texts: Iterable[str]) -> Iterator[str]:
    found = [match for text in texts if (match := _DATE.fullmatch(text)) and not re.match(r"\d{4}-\d\d-\d\d", text)]
    moments = {at for one in tabel.gevonden for veld, at in one.velden.items() if _is_moment(one, veld)}
    days = [cell for at in sorted(moments) for cell in cellen(tabel.rijen, at)]
    if (serial := next(filter(_is_serieel, days), None)) is not None:
        yield f'datum = "serieel"  # {serial} is een dag zoals Excel die telt'
    elif any(re.fullmatch(r"20\d\d[01]\d[0-3]\d", str(cell)) for cell in days):
        yield 'datum = "jaarmaanddag"  # acht cijfers aaneen'
    elif found:
        yield _volgorde(found)


def _volgorde(found: Sequence[re.Match[str]]) -> str:
    if all(len(match[1]) == 4 for match in found):
        return f'datum = "jaar-maand-dag"  # zoals in {found[0][0]}'
    first, second = ({int(match[n]) for match in found} for n in (1, 2))
    if max(second) > 12 >= max(first):
        return f'datum = "maand-dag-jaar"  # het tweede getal is soms meer dan 12, zoals in {found[0][0]}'
    if max(first) > 12:
        example = next(match[0] for match in found if int(match[1]) > 12)
        return f'datum = "dag-maand-jaar"  # zoals in {example}'
    return f'datum = "dag-maand-jaar"  # dubbelzinnig: {found[0][0]} kan ook maand-dag-jaar zijn'


def _is_serieel(cell: Waarde) -> bool:
    if isinstance(cell, str) and re.fullmatch(r"\d{5}([.,]\d+)?", cell):
        cell = float(cell.replace(",", "."))
    return isinstance(cell, int | float) and not isinstance(cell, bool) and SERIAL_MIN <= cell < SERIAL_MAX


def _kennis(pad: Path, namen: Sequence[str]) -> Iterator[str]:
    yield ""
    yield "[kennis]"
    yield "# Wanneer de bron dit vastlegde. Staat dat ergens anders, in een kolom, een cel of de naam, zeg dan waar."
    in_name = next((patroon for datum, patroon in _IN_NAAM if datum.search(pad.name)), None)
    column = next((name for name in namen if _KENNIS.fullmatch(name)), None)
    if in_name is not None:
        yield 'uit = "naam"'
        yield f"patroon = '{in_name}'"
        yield '# tijd = "07:30"  # hoe laat op die dag; zonder is het middernacht, aan het begin van de dag'
    elif column is not None:
        yield 'uit = "kolom"'
        yield f"kolom = [{_q(column)}]"
    else:
        yield 'uit = "nu"'


def _overslaan(names: Sequence[str], rows: Sequence[Rij]) -> Iterator[str]:
    for n, name in enumerate(names):
        totals = [cell.strip() for cell in cellen(rows, n) if isinstance(cell, str) and TOTAAL.match(cell.strip())]
        if name and totals:
            begins = list(dict.fromkeys(total.split()[0] for total in totals))
            yield ""
            yield "[[overslaan]]"
            yield f"kolom = [{_q(name)}]"
            said = _een_regel(totals[0])[:60]
            yield f"begint = [{', '.join(map(_q, begins))}]  # een rij met '{said}' is een som van andere rijen"
            return


def _gebeurtenissen(tabel: _Tabel) -> Iterator[str]:
    if not tabel.gevonden:
        yield ""
        yield "[[gebeurtenis]]"
        yield "# Aan de koppen is niet te zien wat dit is; vul in. De velden: opvangpeil importeer --kolommen TYPE"
        yield '# type = "bezetting-gemeld"'
        yield '# onderwerp = {kolom = ["…"], namen = "locatie"}'
        yield '# velden.aanwezig = {kolom = ["…"]}'
    for one in tabel.gevonden:
        yield from _gebeurtenis(one, tabel)
    used = {at for one in tabel.gevonden for at in (*one.velden.values(), one.kolom, tijdkolom(tabel.namen))}
    rest = [
        f"{kolomletter(n)} '{name}'"
        for n, name in enumerate(tabel.namen)
        if name and n not in used and not _KENNIS.fullmatch(name)
    ]
    if rest:
        yield f"# Niet gebruikt: {_een_regel(', '.join(rest))}"


def _gebeurtenis(one: Gevonden, tabel: _Tabel) -> Iterator[str]:
    names = tabel.namen
    yield ""
    yield "[[gebeurtenis]]"
    yield f"type = {_q(one.type)}"
    if one.als is not None:
        yield f"als = {{kolom = [{_q(names[one.als])}], gevuld = true}}  # die cel is soms leeg"
    if one.onderwerp == "NL":
        yield 'onderwerp = {vast = "NL"}'
    elif one.kolom is None:
        yield '# onderwerp = {vast = "…"}  # hiervoor is geen kolom gevonden; vul in'
    else:
        yield f"onderwerp = {{kolom = [{_q(names[one.kolom])}], namen = {_q(one.onderwerp)}}}"
    for veld, at in one.velden.items():
        key = _q(veld) if "." in veld else veld
        yield f"velden.{key} = {{kolom = [{_q(names[at])}]{_erbij(veld, at, tabel)}}}"
        yield from _woorden(one, veld, cellen(tabel.rijen, at))
    for veld, value in one.vast.items():
        yield f"velden.{veld} = {{vast = {_q(value)}}}"
    for veld in one.mist:
        if veld not in one.vast:
            yield f'# velden.{veld} = {{vast = "…"}}  # hiervoor is geen kolom gevonden; vul in'


def _erbij(veld: str, at: int, tabel: _Tabel) -> str:
    """Returns what else is proposed for a field."""
    if veld == "gemeente":
        return ', namen = "gemeente"'
    clock = tijdkolom(tabel.namen)
    if veld == "peilmoment" and clock is not None and clock != at:
        return f", tijdkolom = [{_q(tabel.namen[clock])}]"
    if veld == "waarde" and any(isinstance(cell, str) and "%" in cell for cell in cellen(tabel.rijen, at)):
        return ', eenheid = "procent"'
    return ""


def _woorden(one: Gevonden, veld: str, cells: Sequence[Waarde]) -> Iterator[str]:
    """Yields which words of the file have to be translated."""
    words = veld_van(one.type, veld).words
    said = list(dict.fromkeys(str(cell).strip() for cell in cells))
    strange = [word for word in said if word.casefold() not in words]
    if words and strange:
        shown = ", ".join(f"{_q(word)} = …" for word in strange[:_WOORDEN_MAX])
        yield f"# Zet erbij: vertaal = {{{_een_regel(shown)}}}  # mag zijn: {', '.join(words)}"


def _is_moment(one: Gevonden, veld: str) -> bool:
    return veld_van(one.type, veld).kind == "moment"


def _een_regel(text: str) -> str:
    """Returns a text as it can stand in a comment."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _q(text: str) -> str:
    """Returns a text as TOML writes it."""
    escaped = "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in text.replace("\\", "\\\\"))
    return '"' + escaped.replace('"', '\\"') + '"'
