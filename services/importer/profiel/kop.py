"""Finds the heading of a sheet, and which column is what."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from services.importer.bladen import Fout, Rij, Waarde, kolomletter
from services.importer.bladen.tekst import SCHEIDINGSTEKENS
from services.importer.model import ImporterError
from services.importer.profiel.model import Profiel

_ZOEK_RIJEN = 50
"""In how many rows the heading is looked for."""
_TEKENS = {";": "een puntkomma", ",": "een komma", "\t": "een tab", "|": "een streep"}
Koppen = Sequence[str]
"""What a column may be called, of which one."""


class Kop(NamedTuple):
    """The heading of a sheet."""

    rij: int
    """The last row of it."""
    namen: Sequence[str]
    """What stands above each column."""
    plaats: Mapping[tuple[str, ...], int | None]
    """The index of each column that the profile names. None: the file doesn't have it, and need not."""
    ervoor: Mapping[str, Waarde]
    """The cells above the data, by their place, such as B2."""

    def kolom(self, koppen: Koppen) -> int | None:
        """Returns the index of a column; None when the file doesn't have it."""
        return self.plaats[tuple(koppen)]

    def heet(self, index: int) -> str:
        """Returns how people find a column: its letter and what stands above it."""
        return f"kolom {kolomletter(index)} '{self.namen[index]}'"


class KopError(ImporterError):
    """A heading from which it doesn't follow which column is what."""


class GeenKopError(KopError):
    """A sheet without the heading that the profile asks. `gemist`: how many columns the best row lacks."""

    def __init__(self, message: str, gemist: int) -> None:
        super().__init__(message)
        self.gemist = gemist


def zoek_kop(profiel: Profiel, rijen: Iterator[Rij]) -> Kop:
    """Reads a sheet until its heading. Raises GeenKopError when there is none, KopError for one with doubles."""
    needed, optional = _koppen(profiel)
    height = profiel.bestand.kopregels
    above: dict[str, Waarde] = {}
    rows: list[Rij] = []
    best: tuple[int, int, list[Koppen], list[str]] | None = None
    for row in rijen:
        above |= {f"{kolomletter(n)}{row.nummer}": value for n, value in enumerate(row.waarden) if value is not None}
        rows = [*rows, row][-height:]
        first = row.nummer - height + 1
        fixed = profiel.bestand.kopregel
        if fixed is not None and first < fixed:
            continue
        if len(rows) == height:
            names = namen_van(rows)
            missing = [koppen for koppen in needed if not _plaatsen(names, koppen)]
            if not missing:
                return _kop(row.nummer, names, [*needed, *optional], above)
            if best is None or len(missing) < len(best[2]):
                best = (first, row.nummer, missing, names)
        if fixed is not None or row.nummer >= _ZOEK_RIJEN:
            break
    raise _geen_kop(best, needed)


def _kop(rij: int, namen: Sequence[str], koppen: Iterable[Koppen], above: Mapping[str, Waarde]) -> Kop:
    places: dict[tuple[str, ...], int | None] = {}
    for one in koppen:
        found = _plaatsen(namen, one)
        if len(found) > 1:
            letters = " en ".join(kolomletter(index) for index in found)
            raise KopError(
                f"rij {rij}: '{namen[found[0]]}' staat boven {letters}, dus welke kolom bedoeld is blijkt niet. Geef "
                "in het bestand elke kolom een eigen kop, of neem in het profiel kopregels erbij."
            )
        places[tuple(one)] = found[0] if found else None
    return Kop(rij, namen, places, above)


def _koppen(profiel: Profiel) -> tuple[list[Koppen], list[Koppen]]:
    """Returns the columns that must be there, and those that may."""
    needed: dict[tuple[str, ...], bool] = {}
    for bron in profiel.bronnen():
        if bron.kolom:
            for koppen in filter(None, (bron.kolom, bron.tijdkolom)):
                needed[tuple(koppen)] = needed.get(tuple(koppen), False) or not bron.magOntbreken
    asked = [one.kolom for one in profiel.overslaan]
    asked += [one.als.kolom for one in profiel.gebeurtenis if one.als is not None]
    asked += [profiel.kennis.kolom] if profiel.kennis.kolom else []
    # A condition on a column that may be absent is false without it, so it doesn't make the column needed.
    needed = {tuple(one): True for one in asked if tuple(one) not in needed} | needed
    return [one for one, must in needed.items() if must], [one for one, must in needed.items() if not must]


def namen_van(rows: Sequence[Rij]) -> list[str]:
    """Returns the heading of each column: what stands in each row of it, once."""
    width = max((len(row.waarden) for row in rows), default=0)
    names = []
    for column in range(width):
        parts = [_tekst(row.waarden[column]) for row in rows if column < len(row.waarden)]
        names.append(" ".join(dict.fromkeys(part for part in parts if part)))
    return names


def _tekst(value: Waarde) -> str:
    return "" if value is None or isinstance(value, Fout) else " ".join(str(value).split())


def _plaatsen(namen: Sequence[str], koppen: Koppen) -> list[int]:
    """Returns the columns with the first of these names that occurs."""
    for kop in koppen:
        wanted = vergelijkbaar(kop)
        if found := [index for index, naam in enumerate(namen) if vergelijkbaar(naam) == wanted]:
            return found
    return []


def vergelijkbaar(kop: str) -> str:
    """Returns a heading without what people write in different ways."""
    return " ".join(kop.split()).casefold().rstrip(":* ")


def _geen_kop(best: tuple[int, int, list[Koppen], list[str]] | None, needed: Sequence[Koppen]) -> GeenKopError:
    if best is None:
        return GeenKopError("er staat niets, of te weinig voor die kopregel", len(needed))
    _first, last, missing, names = best
    said = ", ".join(f"'{naam}'" for naam in names if naam)[:300] or "niets"
    lacks = ", ".join(" of ".join(f"'{kop}'" for kop in koppen) for koppen in missing)
    hint = _ander_teken([naam for naam in names if naam], len(needed) - 1)
    return GeenKopError(f"rij {last} mist {lacks}; daar staat: {said}{hint}", len(missing))


def _ander_teken(namen: Sequence[str], hoe_vaak: int) -> str:
    """Returns a question, when the whole heading stands in one cell: its columns are separated by another sign."""
    if len(namen) != 1 or not hoe_vaak:
        return ""
    sign = next((one for one in SCHEIDINGSTEKENS if namen[0].count(one) >= hoe_vaak), None)
    return f" (is het scheidingsteken {_TEKENS[sign]}?)" if sign else ""
