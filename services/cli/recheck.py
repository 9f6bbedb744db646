"""Compares an earlier report with the log."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import chain
from math import isclose
from pathlib import Path
from typing import NamedTuple

import httpx

from services.cli.cijfers import TOEZICHT
from services.cli.momenten import op_de_klok
from services.cli.plain import CommandError, say
from services.cli.report import Rapportnaam, path_of, rendered
from services.core.dutch import count, number
from services.core.reasons.aansluiting import ANDERE_BETEKENIS, BETEKENIS
from services.export import FORMATS
from services.export.parsing import FileRow, FileTable, UnreadableError, read_back
from services.store.position import SEALED

DIFFERENCES_MAX = 20
_OF_WHICH = ("rapport", "geldigOp", "bekendOp", "positie")
_OF_THE_MOMENT = ("gemaaktOp", "versie", "positie", "licentie", "definities")
"""The fields that may differ between two times that a report is made. They are no figures."""
_ANEW = ("code", "controle")
"""The fields of a letter that are sealed anew each time that it is made."""
_TOO_MANY = "een regel te veel"
_OMVAT = {"zichtbaar": "gaat over de locaties die ieder mag zien", "alles": "gaat ook over afgeschermde locaties"}
"""What a report says that it covers."""


class Anders(NamedTuple):
    """A figure that differs."""

    plaats: str
    onderwerp: str
    kolom: str
    staat: str
    is_nu: str


def stands(server: httpx.Client, path: Path) -> bool:
    """Tells which figures of an earlier report differ from the log. Returns whether none does."""
    formaat = path.suffix.removeprefix(".").lower()
    if formaat not in {"json", *FORMATS}:
        raise CommandError(f"{path}: de naam moet eindigen op .json, .csv, .xlsx of .parquet")
    try:
        found = _parsed(path.read_bytes(), formaat)
    except UnreadableError as error:
        raise CommandError(f"{path} {error}") from error
    missing = [name for name in _OF_WHICH if not found.kop.get(name)]
    if missing or found.kop["rapport"] not in list(Rapportnaam):
        raise CommandError(f"{path} is geen rapport: {', '.join(missing or ['rapport'])} staat er niet (goed) in")
    which = path_of(found.kop)
    asked = {name: found.kop[name] for name in ("geldigOp", "bekendOp", "telregel") if found.kop.get(name)}
    stel = {"stelGemeenten": "alsAllen.gemeenten", "stelStap": "alsAllen.stap"}
    asked |= {name: str(found.kop[field]) for name, field in stel.items() if found.kop.get(field)}
    again = rendered(server, which, formaat, positie=found.kop["positie"], **asked)
    then = _parsed(again, formaat)
    about, own = (one.kop.get("omvat") for one in (found, then))
    if about in _OMVAT and about != own:
        raise CommandError(f"{path} {_OMVAT[about]}; controleer het met een rol die dezelfde locaties ziet")
    if found.kop.get("betekenis") != BETEKENIS:
        return _of_another_meaning(found, then)
    wrong = [*_of_another(found), *differences(found, then)]
    tell(wrong, "in het bestand", "volgens het logboek")
    if any(one.staat == _TOO_MANY or one.kolom == TOEZICHT for one in wrong):
        say.print("Afgeschermde locaties en toezicht ziet niet elke rol: controleer met dezelfde rol.")
    head = _head(then)
    total = len(head) + sum(len(regel.cellen.keys() - head) for regel in then.regels)
    sealed = found.kop["positie"].startswith(SEALED)
    at = "op zijn positie" if sealed else f"op positie {found.kop['positie']}"
    if wrong:
        verb = "staat" if len(wrong) == 1 else "staan"
        say.print(f"{number(len(wrong))} van {number(total)} cijfers {verb} {at} anders in het logboek.", style="red")
    else:
        say.print(f"Alle {number(total)} cijfers staan {at} nog precies zo.", style="green")
    today = _parsed(rendered(server, which, formaat, **asked), formaat)
    learned = list(differences(then, today))
    tell(learned, "toen", "met wat inmiddels is opgeslagen")
    if not learned:
        say.print("Hetzelfde moment met dezelfde kennis geeft ook nu dezelfde cijfers.")
    return not wrong


def _parsed(content: bytes, formaat: str) -> FileTable:
    """Parses a report, without what is sealed in a letter."""
    found = read_back(content, formaat)
    if found.kop.get("rapport") != Rapportnaam.gemeente:
        return found
    rows = [row._replace(cellen=_without_seals(row.cellen)) for row in found.regels]
    return found._replace(kop=_without_seals(found.kop), regels=rows)


def _without_seals(said: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in said.items() if name not in _ANEW}


def _of_another_meaning(found: FileTable, then: FileTable) -> bool:
    """Tells what a report of another version says otherwise than this one. Returns whether it is one report."""
    mixed = list(_of_another(found))
    tell(mixed, "in het bestand", "in de kop")
    known = {name for regel in found.regels for name in regel.cellen} | found.kop.keys()
    otherwise = [one for one in differences(found, then) if one.kolom in known]
    tell(otherwise, ANDERE_BETEKENIS, "volgens die van nu")
    said = found.kop.get("betekenis") or "die er nog geen nummer had"
    say.print(
        f"Dit rapport is gemaakt {ANDERE_BETEKENIS} van de cijfers ({said}; nu {BETEKENIS}). Wat anders is, "
        f"{count(len(otherwise), 'cijfer', 'cijfers')}, zegt daarom niet dat het rapport onjuist is."
    )
    return not mixed


def tell(found: list[Anders], before: str, after: str) -> None:
    """Says which figures differ, up to a number that a person reads."""
    for one in found[:DIFFERENCES_MAX]:
        staat, is_nu = (op_de_klok(text) or "niets" for text in (one.staat, one.is_nu))
        said = f"{staat} {before}, {is_nu} {after}"
        which = " ".join(filter(None, (one.onderwerp, one.kolom)))
        say.print(": ".join(filter(None, (one.plaats, which, said))), markup=False)
    if len(found) > DIFFERENCES_MAX:
        say.print(f"en nog {number(len(found) - DIFFERENCES_MAX)}")


def _head(found: FileTable) -> set[str]:
    """Returns the columns with one value in all rows. Other formats have these above the table."""
    if len(found.regels) < 2:
        return set()
    first = found.regels[0].cellen
    return {name for name in first if all(regel.cellen.get(name) == first[name] for regel in found.regels)}


def _of_another(found: FileTable) -> Iterator[Anders]:
    """Yields the rows that say that they belong to another report."""
    for regel in found.regels:
        for name in _OF_WHICH:
            said = regel.cellen.get(name, found.kop[name])
            if said != found.kop[name]:
                yield Anders(regel.plaats, _key(regel), name, said, found.kop[name])


def _same(one: str, other: str) -> bool:
    """Returns whether two texts are equal, or one number in two notations, as a spreadsheet may make of it.

    A version of ours may round a share otherwise in its last bit. No two counts are as near as that.
    """
    try:
        return one == other or isclose(float(one), float(other), rel_tol=1e-14)
    except ValueError:
        return False


def differences(one: FileTable, other: FileTable) -> Iterator[Anders]:
    """Yields each figure that differs between two tables."""
    in_rows = {name for regel in [*one.regels, *other.regels] for name in regel.cellen}
    for name in [*{**one.kop, **other.kop}]:
        before, after = one.kop.get(name, ""), other.kop.get(name, "")
        if not _same(before, after) and name not in in_rows and name not in _OF_THE_MOMENT:
            yield Anders(one.plaats_van_kop.get(name, "de kop"), "", name, before, after)
    head, told = _head(other), set[tuple[str, str]]()
    left = defaultdict[str, list[FileRow]](list)
    for regel in other.regels:
        left[_about(regel)].append(regel)
    for regel in one.regels:
        alike = left[_about(regel)]
        if not alike:
            yield Anders(regel.plaats, _key(regel), "deze regel", _TOO_MANY, "")
            continue
        there = alike.pop(0)
        for name in {**regel.cellen, **there.cellen}:
            before, after = regel.cellen.get(name, ""), there.cellen.get(name, "")
            if _same(before, after) or name in _OF_THE_MOMENT or (name, before) in told:
                continue
            if name in head:  # Every row has it, and telling it once is enough.
                told.add((name, before))
                yield Anders(regel.plaats, "", name, before, after)
            else:
                yield Anders(regel.plaats_van.get(name, regel.plaats), _key(regel), name, before, after)
    for regel in chain.from_iterable(left.values()):
        yield Anders("ontbreekt", _key(regel), "", "", "een regel")


def _about(regel: FileRow) -> str:
    """Returns which rows stand for each other in two tables. Rows that are alike in this do so in their order."""
    return f"{regel.cellen.get('soort', '')} {_key(regel)}"


def _key(regel: FileRow) -> str:
    """Returns what people call the subject of a row."""
    names = ("onderwerp", "code", "id", "grootheid")
    return " ".join(dict.fromkeys(regel.cellen[name] for name in names if regel.cellen.get(name)))
