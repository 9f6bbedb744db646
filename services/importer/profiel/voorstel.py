"""Proposes a profile from a file. Each guess has its reason beside it, since a person must judge it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from charset_normalizer import from_bytes

from services.importer.bladen import Fout, Leeswijze, Rij, is_leeg, kolomletter, lees, soort_van
from services.importer.bladen.tekst import SCHEIDINGSTEKENS, bom_van
from services.importer.model import ImporterError

_BEGIN_BYTES, _RIJEN = 1024 * 1024, 200
_SEP = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
_GROUPED = re.compile(r"\d{1,3}(?P<sign>[.,])\d{3}(?:(?P=sign)\d{3})*(?:[.,]\d+)?")
_DECIMALS = re.compile(r"\d+(?P<sign>[.,])(?:\d{1,2}|\d{4,})|\d{1,3}[.,]\d{3}(?P<after>[.,])\d+")
_DATE = re.compile(r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?:\D.*)?")
_TOTAL = re.compile(r"(sub)?totaal|eindtotaal|som\b|total", re.IGNORECASE)


class _Veld(NamedTuple):
    """A field that a column may be, by what people call it."""

    naam: str
    koppen: re.Pattern[str]


class _Soort(NamedTuple):
    """A kind of event that a file may hold. The first whose `kenmerk` is among the columns is proposed."""

    type: str
    kenmerk: str
    onderwerp: str
    velden: Sequence[_Veld]


def _veld(naam: str, koppen: str) -> _Veld:
    return _Veld(naam, re.compile(koppen, re.IGNORECASE))


_DATUM = r"(peil)?(datum|moment)|stand( op| per)?|dag|tijdstip|geteld op"
_VANAF = _veld("geldigVanaf", rf"geldig (van|vanaf|per)|vanaf|ingang(sdatum)?|{_DATUM}")
_TOT = _veld("geldigTot", r"geldig tot|tot|eind(datum)?|looptijd tot|contract tot")
_LOCATIE = re.compile(r"(opvang|coa)?-?locatie(naam|code)?|naam( locatie)?|azc|centrum|opvangcentrum", re.IGNORECASE)
_GEMEENTE = re.compile(r"gemeente(naam|code)?|gem\.?", re.IGNORECASE)
_SOORTEN = (
    _Soort(
        "opgave-vastgesteld",
        "opgave",
        "gemeente",
        (
            _veld("opgave", r"(wettelijke )?(opgave|taakstelling)|verdeel(besluit|getal)|aantal plaatsen opgave"),
            _veld("waarvanAmv", r"(waarvan|opgave|plaatsen) amv|amv"),
            _veld("cyclus", r"cyclus|ronde"),
            _veld("status", r"status"),
            _VANAF,
        ),
    ),
    _Soort(
        "bezetting-gemeld",
        "aanwezig",
        "locatie",
        (
            _veld(
                "aanwezig", r"aanwezig(en)?|bezetting|bewoners|aantal (bewoners|aanwezig(en)?|personen)|geteld|telling"
            ),
            _veld("peilmoment", _DATUM),
        ),
    ),
    _Soort(
        "capaciteit-gewijzigd",
        "plaatsen.regulier.aantal",
        "locatie",
        (
            _veld(
                "plaatsen.regulier.aantal",
                r"(reguliere )?(capaciteit|plaatsen|plekken)( regulier)?|aantal plaatsen|bedden",
            ),
            _veld("plaatsen.regulier.inzetbaar", r"inzetbaar|beschikbaar|inzetbare plaatsen"),
            _veld("plaatsen.nood.aantal", r"(plaatsen |capaciteit )?nood(plaatsen|opvang)?"),
            _veld("plaatsen.amv.aantal", r"(plaatsen |capaciteit )?amv(-?plaatsen)?"),
            _VANAF,
            _TOT,
        ),
    ),
    _Soort(
        "locatie-geregistreerd",
        "naam",
        "locatie",
        (
            _veld("naam", r"(locatie)?naam|locatie"),
            _veld("gemeente", _GEMEENTE.pattern),
            _veld("soort", r"soort|type"),
            _veld("zichtbaarheid", r"zichtbaarheid"),
            _VANAF,
        ),
    ),
)


class _Vorm(NamedTuple):
    """How a file of text is written."""

    codering: str
    waarom: str
    scheiding: str


def stel_voor(pad: Path) -> str:
    """Returns a profile for the file, as text in TOML. Raises ImporterError when it holds no table."""
    vorm = _vorm(pad) if soort_van(pad) == "tekst" else None
    wijze = Leeswijze((), vorm.codering, vorm.scheiding, _RIJEN) if vorm else Leeswijze(hoogstens=_RIJEN)
    best: tuple[int, str, int, list[str], list[Rij]] | None = None
    for blad in lees(pad, wijze):
        rows = [row for row, _ in zip(blad.rijen, range(_RIJEN), strict=False)]
        found = _kop(rows)
        if found is not None:
            at, names = found
            score = sum(bool(_velden(names, soort)) for soort in _SOORTEN) * 100 + len(names)
            if best is None or score > best[0]:
                best = score, blad.naam, rows[at].nummer, names, rows[at + 1 :]
    if best is None:
        raise ImporterError(
            f"{pad.name}: er is geen rij met koppen gevonden, dus ook geen tabel om een profiel bij te maken."
        )
    _, blad_naam, kop, names, rows = best
    return "\n".join(_regels(pad, vorm, blad_naam, kop, names, rows)) + "\n"


def _vorm(pad: Path) -> _Vorm:
    with pad.open("rb") as stream:
        begin = stream.read(_BEGIN_BYTES)
    marked = bom_van(begin)
    if marked:
        name, why = marked[0], "het bestand begint met een merkteken dat dit zegt"
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
        count, often = Counter(line.count(sign) for line in lines if line.strip()).most_common(1)[0]
        return (often, count) if count else (0, 0)

    return max(SCHEIDINGSTEKENS, key=weight) if any(line.strip() for line in lines) else ";"


def _kop(rows: Sequence[Rij]) -> tuple[int, list[str]] | None:
    """Returns the first row of texts that has a row of as many cells below it, and those texts."""
    for at, row in enumerate(rows[:50]):
        names = ["" if is_leeg(cell) or isinstance(cell, Fout) else " ".join(str(cell).split()) for cell in row.waarden]
        filled = [n for n, name in enumerate(names) if name]
        texts = all(isinstance(row.waarden[n], str) and not _is_number(names[n]) for n in filled)
        if len(filled) < 2 or not texts or len(set(filter(None, names))) < len(filled):
            continue
        below = next((one for one in rows[at + 1 :] if not all(map(is_leeg, one.waarden))), None)
        if below is not None and sum(not is_leeg(cell) for cell in below.waarden) >= 2:
            return at, names
    return None


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[\d.,%\-/: ]+", text))


def _velden(names: Sequence[str], soort: _Soort) -> dict[str, int]:
    """Returns the column of each field of an event; nothing when the column that marks it isn't there."""
    found: dict[str, int] = {}
    for veld in soort.velden:
        at = next((n for n, name in enumerate(names) if veld.koppen.fullmatch(name) and n not in found.values()), None)
        if at is not None:
            found[veld.naam] = at
    return found if soort.kenmerk in found and _onderwerp(names, soort) is not None else {}


def _onderwerp(names: Sequence[str], soort: _Soort) -> int | None:
    pattern = _LOCATIE if soort.onderwerp == "locatie" else _GEMEENTE
    return next((n for n, name in enumerate(names) if pattern.fullmatch(name)), None)


def _regels(pad: Path, vorm: _Vorm | None, blad: str, kop: int, names: list[str], rows: Sequence[Rij]) -> Iterator[str]:
    yield f"# Voorstel voor een profiel, gemaakt uit {pad.name}. Lees elke regel na: niets hiervan is zeker."
    yield "versie = 1"
    yield f"omschrijving = {_q(f'Bestanden zoals {pad.name}')}"
    yield "# Wie het vastlegde: het OIN van de organisatie en de naam van haar systeem."
    yield 'source = "urn:nld:oin:00000000000000000000:systeem:vul-in"'
    yield ""
    yield "[bestand]"
    yield f"naam = [{_q(_patroon(pad.name))}]"
    if vorm is not None:
        yield f"codering = {_q(vorm.codering)}  # {vorm.waarom}"
        yield f"scheiding = {_q(vorm.scheiding)}"
    if blad:
        yield f"bladen = [{_q(blad)}]"
    yield f"kopregel = {kop}  # daar staat: {', '.join(name for name in names if name)[:200]}"
    yield from _schrijfwijze(rows)
    yield ""
    yield "[kennis]"
    yield "# Wanneer de bron dit vastlegde. Staat dat in een kolom, een cel of de naam van het bestand, zeg dan waar."
    yield 'uit = "nu"'
    yield from _overslaan(names, rows)
    yield from _gebeurtenis(names)


def _patroon(naam: str) -> str:
    return re.sub(r"\d+", "*", naam)


def _schrijfwijze(rows: Sequence[Rij]) -> Iterator[str]:
    texts = [cell.strip() for row in rows for cell in row.waarden if isinstance(cell, str)]
    yield ""
    yield "[schrijfwijze]"
    groups = {found["sign"] for text in texts if (found := _GROUPED.fullmatch(text))}
    decimals = {found["sign"] or found["after"] for text in texts if (found := _DECIMALS.fullmatch(text))}
    if len(groups - decimals) == 1:
        sign = (groups - decimals).pop()
        example = next(text for text in texts if _GROUPED.fullmatch(text) and sign in text)
        yield f"duizendtallen = {_q(sign)}  # zoals in {example}: klopt dat?"
    if len(decimals) == 1:
        sign = decimals.pop()
        example = next(text for text in texts if _DECIMALS.fullmatch(text) and sign in text)
        yield f"decimalen = {_q(sign)}  # zoals in {example}"
    yield from _datum(texts)


def _datum(texts: Iterable[str]) -> Iterator[str]:
    found = [match for text in texts if (match := _DATE.fullmatch(text)) and not re.match(r"\d{4}-\d\d-\d\d", text)]
    if not found:
        return
    if all(len(match[1]) == 4 for match in found):
        yield f'datum = "jaar-maand-dag"  # zoals in {found[0][0]}'
        return
    first, second = ({int(match[n]) for match in found} for n in (1, 2))
    if max(second) > 12:
        yield f'datum = "maand-dag-jaar"  # het tweede getal is soms meer dan 12, zoals in {found[0][0]}'
    elif max(first) > 12:
        example = next(match[0] for match in found if int(match[1]) > 12)
        yield f'datum = "dag-maand-jaar"  # zoals in {example}'
    else:
        yield f'datum = "dag-maand-jaar"  # dubbelzinnig: {found[0][0]} kan ook maand-dag-jaar zijn'


def _overslaan(names: Sequence[str], rows: Sequence[Rij]) -> Iterator[str]:
    for n, name in enumerate(names):
        cells = [row.waarden[n] for row in rows if n < len(row.waarden)]
        total = next((cell for cell in cells if isinstance(cell, str) and _TOTAL.match(cell.strip())), None)
        if name and total is not None:
            yield ""
            yield "[[overslaan]]"
            yield f"kolom = [{_q(name)}]"
            yield f"begint = [{_q(total.split()[0])}]  # een rij met '{total.strip()}' is een som van andere rijen"
            return


def _gebeurtenis(names: Sequence[str]) -> Iterator[str]:
    soort = next((one for one in _SOORTEN if _velden(names, one)), None)
    yield ""
    yield "[[gebeurtenis]]"
    if soort is None:
        yield "# Aan de koppen is niet te zien wat dit is. De velden: opvangpeil importeer --kolommen TYPE"
        yield '# type = "bezetting-gemeld"'
        yield '# onderwerp = {kolom = ["…"], namen = "locatie"}'
        yield '# velden.aanwezig = {kolom = ["…"]}'
    else:
        found = _velden(names, soort)
        subject = _onderwerp(names, soort)
        yield f"type = {_q(soort.type)}"
        yield f"onderwerp = {{kolom = [{_q(names[subject or 0])}], namen = {_q(soort.onderwerp)}}}"
        for veld in soort.velden:
            if veld.naam in found:
                extra = ', namen = "gemeente"' if veld.naam == "gemeente" else ""
                key = _q(veld.naam) if "." in veld.naam else veld.naam
                yield f"velden.{key} = {{kolom = [{_q(names[found[veld.naam]])}]{extra}}}"
            elif veld.naam not in {"geldigTot", "waarvanAmv"} and "." not in veld.naam:
                yield f'# velden.{veld.naam} = {{vast = "…"}}  # hiervoor is geen kolom gevonden; vul in'
    used = {*_velden(names, soort).values(), _onderwerp(names, soort)} if soort else set()
    rest = [f"{kolomletter(n)} '{name}'" for n, name in enumerate(names) if name and n not in used]
    if rest:
        yield f"# Niet gebruikt: {', '.join(rest)}"


def _q(text: str) -> str:
    """Returns a text as TOML writes it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t") + '"'
