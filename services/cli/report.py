"""`rapport`: makes a report of the figures, and compares an earlier report with the log."""

import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import httpx
import orjson
import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from services.cli.explain import BekendOp, GeldigOp, Positie, TelregelOption, value_text
from services.cli.plain import DEFAULT_URL, UrlOption, answered, asking, complain, plainly, say
from services.cli.record import record
from services.core.grootheden.opvang import (
    AANWEZIG,
    BEZETTINGSGRAAD,
    DEKKING,
    INZETBAAR,
)
from services.core.grootheden.wet import (
    MEETELLEND,
    NALEVING,
    OPGAVE,
    OPGAVE_MINSTENS,
    SPREIDINGSINDEX,
    TEKORT,
    TEKORT_HOOGSTENS,
    TEKORT_MINSTENS,
    TOEZICHT,
)
from services.core.reasons.aansluiting import ANDERE_BETEKENIS, BETEKENIS
from services.export import FORMATS
from services.export.parsing import FileRow, FileTable, UnreadableError, read_back
from services.importer.model import dutch
from services.store.position import SEALED
from services.wiring import StartError

DIFFERENCES_MAX = 20
_SOURCE = "urn:nld:oin:00000000000000000000:systeem:opvangpeil"
_OF_WHICH = ("rapport", "geldigOp", "bekendOp", "positie")
_OF_THE_MOMENT = ("gemaaktOp", "versie", "positie")
"""The fields that may differ between two times that a report is made. They are no figures."""


class Rapportnaam(StrEnum):
    """The reports."""

    bezetting = "bezetting"
    naleving = "naleving"
    kamerbrief = "kamerbrief"


class Rapportformaat(StrEnum):
    """The formats of a report."""

    tabel = "tabel"
    json = "json"
    csv = "csv"
    xlsx = "xlsx"
    parquet = "parquet"


def rapport(
    wat: Annotated[Rapportnaam | None, typer.Argument(help="welk rapport", show_choices=True)] = None,
    geldig_op: GeldigOp = None,
    bekend_op: BekendOp = None,
    positie: Positie = None,
    telregel: TelregelOption = None,
    formaat: Annotated[Rapportformaat, typer.Option(help="in welke vorm")] = Rapportformaat.tabel,
    uitvoer: Annotated[Path | None, typer.Option(help="bestand om in te schrijven [standaard: het scherm]")] = None,
    controleer: Annotated[
        Path | None, typer.Option(help="houd een eerder rapport (json, csv, xlsx, parquet) tegen het logboek")
    ] = None,
    vastleggen: Annotated[
        bool, typer.Option("--vastleggen", help="leg de cijfers vast als gepubliceerd, voor de aansluiting")
    ] = False,
    source: Annotated[str, typer.Option(help="source van wat wordt vastgelegd")] = _SOURCE,
    url: UrlOption = DEFAULT_URL,
) -> None:
    """De cijfers van één moment om mee te nemen; met de positie die erin staat zijn ze precies te herhalen."""
    with plainly(), asking(url) as server:
        if wat is Rapportnaam.bezetting and telregel is not None:
            raise StartError("--telregel gaat over de naleving; van het rapport bezetting verandert er niets door")
        if wat is not None and controleer is None:
            asked = {"geldigOp": geldig_op, "bekendOp": bekend_op, "positie": positie, "telregel": telregel}
            asked |= {"omvat": "zichtbaar"} if vastleggen else {}  # What is recorded as published, everybody sees.
            answer = _ask(server, wat, **{name: value for name, value in asked.items() if value})
            _give(server, answer, formaat, uitvoer)
            if vastleggen:
                record(server, answer, source)
        elif controleer is not None and wat is None:
            if geldig_op or bekend_op or positie or telregel or uitvoer or vastleggen:
                raise StartError("--controleer BESTAND gaat alleen: wat het rapport zegt van wanneer te zijn geldt")
            raise typer.Exit(0 if _stands(server, controleer) else 1)
        else:
            raise StartError("geef óf een rapport (bezetting, naleving of kamerbrief), óf --controleer BESTAND")


def _ask(server: httpx.Client, wat: str, **asked: str) -> dict[str, Any]:
    found: dict[str, Any] = answered(server.get(f"/v1/rapporten/{wat}", params=asked))
    return found


def _rendered(server: httpx.Client, wat: str, formaat: str, **asked: str) -> bytes:
    """Returns a report in a format: indented JSON, so that each figure has a line, or else as the server makes it."""
    if formaat == Rapportformaat.json:
        return orjson.dumps(_ask(server, wat, **asked), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    answer = server.get(f"/v1/rapporten/{wat}", params=asked | {"formaat": formaat})
    return answer.content if answer.is_success else bytes(answered(answer))


def _give(server: httpx.Client, answer: dict[str, Any], formaat: Rapportformaat, uitvoer: Path | None) -> None:
    if formaat is Rapportformaat.tabel and uitvoer is None:
        _show(answer)
        return
    if formaat is Rapportformaat.tabel:
        raise StartError("een tabel komt op het scherm; kies met --formaat json, csv, xlsx of parquet voor --uitvoer")
    exactly = {name: answer[name] for name in ("geldigOp", "bekendOp", "positie", "telregel") if answer.get(name)}
    content = _rendered(server, answer["rapport"], formaat, **exactly)
    if uitvoer is not None:
        uitvoer.write_bytes(content)
        complain.print(f"geschreven: {uitvoer}", markup=False)
    elif formaat in (Rapportformaat.xlsx, Rapportformaat.parquet) and sys.stdout.isatty():
        raise StartError(f"{formaat.value} is niet voor een scherm; noem een bestand met --uitvoer")
    else:
        sys.stdout.buffer.write(content)


def _show(answer: dict[str, Any]) -> None:
    say.print(f"rapport {answer['rapport']}, geldig op {answer['geldigOp']}, bekend op {answer['bekendOp']}")
    say.print(f"gemaakt op {answer['gemaaktOp']}, positie {answer['positie']}")
    if answer.get("simulatie"):
        say.print("Let op: er tellen gesimuleerde gebeurtenissen mee.", style="yellow")
    if "alinea" in answer:
        say.print(f"\n{answer['alinea']}\n", markup=False)
    for reason in answer["voorbehoud"]:
        say.print(f"Voorbehoud: {reason['tekst']}.", style="yellow", markup=False)
    for name, count in answer.get("totalen", {}).items():
        say.print(f"{name:<20}{dutch(count):>8}")
    for name in _OF_LAND:
        if name in answer:
            say.print(f"{name:<20}{_shown(answer[name]):>8}")
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    rows = answer["rijen"]
    columns = [name for name in _COLUMNS[answer["rapport"]] if not rows or name in rows[0]]
    for name in columns:
        table.add_column(name, justify="left" if name in _TEXTS else "right", no_wrap=name not in _TEXTS)
    for row in rows:
        table.add_row(*(_shown(row[name]) for name in columns))
    if answer["rapport"] == Rapportnaam.naleving:
        table.add_section()
        table.add_row(*(_total(answer, name) for name in columns), style="bold")
    say.print(table)


def _total(answer: dict[str, Any], name: str) -> str:
    """The cell of a column in the row of totals."""
    if name == "naam":
        return "Nederland"
    least = answer.get(f"{name}Minstens")
    if name in answer:
        return f"minstens {_shown(least)}" if answer[name] is None and least else _shown(answer[name])
    if name != MEETELLEND.naam:
        return ""
    counted = [row[name] for row in answer["rijen"]]
    return _shown(None if None in counted else sum(counted))


def _shown(value: Any) -> str:
    return "–" if value is None else value_text(value)


_COLUMNS = {
    "bezetting": ("onderwerp", "naam", *(one.naam for one in (AANWEZIG, INZETBAAR, BEZETTINGSGRAAD, DEKKING))),
    "naleving": ("code", "naam", *(one.naam for one in (OPGAVE, MEETELLEND, TEKORT, NALEVING, TOEZICHT))),
    "kamerbrief": ("grootheid", "onderwerp", "waarde", "gebeurtenissen"),
}
"""The columns that fit on a screen. The other formats hold everything."""
_OF_LAND = tuple(
    one.naam for one in (OPGAVE, OPGAVE_MINSTENS, TEKORT, TEKORT_MINSTENS, TEKORT_HOOGSTENS, SPREIDINGSINDEX)
)
_TEXTS = ("onderwerp", "naam", "code", NALEVING.naam, TOEZICHT.naam, "grootheid")


# Below, an earlier report is compared with the log.


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


def _stands(server: httpx.Client, path: Path) -> bool:
    """Tells which figures of an earlier report differ from the log. Returns whether none does."""
    formaat = path.suffix.removeprefix(".").lower()
    if formaat not in {"json", *FORMATS}:
        raise StartError(f"{path}: de naam moet eindigen op .json, .csv, .xlsx of .parquet")
    try:
        found = read_back(path.read_bytes(), formaat)
    except UnreadableError as error:
        raise StartError(f"{path} {error}") from error
    missing = [name for name in _OF_WHICH if not found.kop.get(name)]
    if missing or found.kop["rapport"] not in list(Rapportnaam):
        raise StartError(f"{path} is geen rapport: {', '.join(missing or ['rapport'])} staat er niet (goed) in")
    asked = {name: found.kop[name] for name in ("geldigOp", "bekendOp", "telregel") if found.kop.get(name)}
    again = _rendered(server, found.kop["rapport"], formaat, positie=found.kop["positie"], **asked)
    then = read_back(again, formaat)
    about, own = (one.kop.get("omvat") for one in (found, then))
    if about in _OMVAT and about != own:
        raise StartError(f"{path} {_OMVAT[about]}; controleer het met een rol die dezelfde locaties ziet")
    if found.kop.get("betekenis") != BETEKENIS:
        return _of_another_meaning(found, then)
    wrong = [*_of_another(found), *_differences(found, then)]
    _tell(wrong, "in het bestand", "volgens het logboek")
    if any(one.staat == _TOO_MANY or one.kolom == TOEZICHT.naam for one in wrong):
        say.print("Afgeschermde locaties en toezicht ziet niet elke rol: controleer met dezelfde rol.")
    head = _head(then)
    total = len(head) + sum(len(regel.cellen.keys() - head) for regel in then.regels)
    sealed = found.kop["positie"].startswith(SEALED)
    at = "op zijn positie" if sealed else f"op positie {found.kop['positie']}"
    if wrong:
        say.print(f"{dutch(len(wrong))} van {dutch(total)} cijfers staan {at} anders in het logboek.", style="red")
    else:
        say.print(f"Alle {dutch(total)} cijfers staan {at} nog precies zo.", style="green")
    today = read_back(_rendered(server, found.kop["rapport"], formaat, **asked), formaat)
    learned = list(_differences(then, today))
    _tell(learned, "toen", "met wat inmiddels is opgeslagen")
    if not learned:
        say.print("Hetzelfde moment met dezelfde kennis geeft ook nu dezelfde cijfers.")
    return not wrong


def _of_another_meaning(found: FileTable, then: FileTable) -> bool:
    """Tells what a report of another version says otherwise than this one. Returns whether it is one report."""
    mixed = list(_of_another(found))
    _tell(mixed, "in het bestand", "in de kop")
    known = {name for regel in found.regels for name in regel.cellen} | found.kop.keys()
    otherwise = [one for one in _differences(found, then) if one.kolom in known]
    _tell(otherwise, ANDERE_BETEKENIS, "volgens die van nu")
    said = found.kop.get("betekenis") or "die er nog geen nummer had"
    say.print(
        f"Dit rapport is gemaakt {ANDERE_BETEKENIS} van de cijfers ({said}; nu {BETEKENIS}). Wat anders is, "
        f"{dutch(len(otherwise))} cijfer(s), zegt daarom niet dat het rapport onjuist is."
    )
    return not mixed


def _tell(differences: list[Anders], before: str, after: str) -> None:
    for one in differences[:DIFFERENCES_MAX]:
        said = f"{one.staat or 'niets'} {before}, {one.is_nu or 'niets'} {after}"
        say.print(f"{one.plaats}: {one.onderwerp} {one.kolom}: {said}".replace(":  ", ": "), markup=False)
    if len(differences) > DIFFERENCES_MAX:
        say.print(f"en nog {dutch(len(differences) - DIFFERENCES_MAX)}")


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
    """Returns whether two texts are equal, or one number in two notations, as a spreadsheet may make of it."""
    try:
        return one == other or float(one) == float(other)
    except ValueError:
        return False


def _differences(one: FileTable, other: FileTable) -> Iterator[Anders]:
    """Yields each figure that differs between two tables."""
    in_rows = {name for regel in [*one.regels, *other.regels] for name in regel.cellen}
    for name in [*{**one.kop, **other.kop}]:
        before, after = one.kop.get(name, ""), other.kop.get(name, "")
        if not _same(before, after) and name not in in_rows and name not in _OF_THE_MOMENT:
            yield Anders(one.plaats_van_kop.get(name, "de kop"), "", name, before, after)
    head, told = _head(other), set[tuple[str, str]]()
    left = {_key(regel): regel for regel in other.regels}
    for regel in one.regels:
        there = left.pop(_key(regel), None)
        if there is None:
            yield Anders(regel.plaats, _key(regel), "deze regel", _TOO_MANY, "")
            continue
        for name in {**regel.cellen, **there.cellen}:
            before, after = regel.cellen.get(name, ""), there.cellen.get(name, "")
            if _same(before, after) or name in _OF_THE_MOMENT or (name, before) in told:
                continue
            if name in head:  # Every row has it, and telling it once is enough.
                told.add((name, before))
                yield Anders(regel.plaats, "", name, before, after)
            else:
                yield Anders(regel.plaats_van.get(name, regel.plaats), _key(regel), name, before, after)
    for key in left:
        yield Anders("nergens", key, "deze regel", "", "een regel")


def _key(regel: FileRow) -> str:
    """Returns what a row is about."""
    names = ("onderwerp", "code", "grootheid")
    return " ".join(regel.cellen[name] for name in names if regel.cellen.get(name))
