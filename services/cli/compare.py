"""`verschil`: shows what changed between two moments, and what was learned only later."""

from itertools import groupby
from typing import Annotated, Any

import orjson
import typer

from services.cli import cijfers
from services.cli.asking import answered, asking
from services.cli.cijfers import AANDELEN
from services.cli.explain import Positie, TabelOfJson, figure_text
from services.cli.momenten import KLOK, wanneer
from services.cli.plain import DEFAULT_URL, CommandError, UrlOption, plainly, say
from services.cli.tabel import Kolom, Kop, Rij, toon_tabel
from services.core.begrippen import OORZAKEN
from services.core.dutch import count, number
from services.core.registers import SubjectKind

GELDIG_BEKEND = "GELDIG/BEKEND"
_GROEPEN = {
    SubjectKind.LAND: "Nederland",
    SubjectKind.PROVINCIE: "provincies",
    SubjectKind.GEMEENTE: "gemeenten",
    SubjectKind.LOCATIE: "locaties",
}
"""The groups of subjects, in the order in which they are shown."""


def verschil(
    van: Annotated[
        str, typer.Option(metavar=GELDIG_BEKEND, help="waarmee vergeleken wordt, zoals 2026-05-21/2026-05-21")
    ] = "",
    naar: Annotated[str, typer.Option(metavar=GELDIG_BEKEND, help="wat ermee vergeleken wordt [standaard: nu]")] = "",
    onderwerp: Annotated[str, typer.Option(help="alleen hiervan: NL, LOC-…, GM… of PV… [standaard: alles]")] = "",
    positie: Positie = None,
    van_telregel: Annotated[
        str, typer.Option(metavar="NAAM", help="het eerste geteld volgens deze telregel [standaard: die van de cyclus]")
    ] = "",
    naar_telregel: Annotated[
        str, typer.Option(metavar="NAAM", help="het tweede geteld volgens deze telregel [standaard: die van de cyclus]")
    ] = "",
    formaat: Annotated[TabelOfJson, typer.Option(help="hoe het getoond wordt")] = TabelOfJson.tabel,
    url: UrlOption = DEFAULT_URL,
) -> None:
    """Asks for the differences between two moments, and shows them."""
    with plainly(), asking(url) as server:
        if not van:
            raise CommandError("geef waarmee vergeleken wordt: opvangpeil verschil --van 2026-05-21")
        rules = {"vanTelregel": van_telregel, "naarTelregel": naar_telregel}
        asked = _point("van", van) | _point("naar", naar or "/") | {"onderwerp": onderwerp, "positie": positie} | rules
        answer = server.get("/v1/verschillen", params={name: value for name, value in asked.items() if value})
        found = answered(answer)
        if formaat is TabelOfJson.json:
            say.out(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
        else:
            _show(found)
            if onderwerp:
                _name_events(found)


def _point(name: str, text: str) -> dict[str, str]:
    """Returns the parameters of a moment. Raises CommandError when the text is not one."""
    parts = [part.strip() for part in text.split("/")]
    if len(parts) > 2:
        raise CommandError(f"--{name} {text} is geen {GELDIG_BEKEND}, zoals 2026-05-21/2026-05-26")
    geldig, bekend = parts[0], parts[-1]
    return {f"{name}GeldigOp": geldig, f"{name}BekendOp": bekend}


def _show(found: dict[str, Any]) -> None:
    for name in ("van", "naar"):
        point = found[name]
        rule = f", {_rule(point['telregel'])}" if point["telregel"] else ""
        say.print(f"{name:<5} {wanneer(point)}{rule}")
    say.print(f"positie {found['positie']}; tijden zijn {KLOK}")
    if found.get("simulatie"):
        say.print("Let op: er tellen gesimuleerde gebeurtenissen mee.", style="yellow")
    rows = found["verschillen"]
    if not rows:
        say.print("Er is geen verschil.")
        return
    if told := [f"• {row['zin']}" for row in rows if row["zin"]]:
        say.out("\n".join(told), highlight=False)
    ruled = found["van"]["telregel"] != found["naar"]["telregel"]
    for kind, title in _GROEPEN.items():
        own = [row for row in rows if kind.holds(row["onderwerp"])]
        if own:
            _table(title, own, ruled=ruled)
    of_rule = f"regel: {OORZAKEN['regel']}, door de tweede telregel; " if ruled else ""
    say.print(
        f"{count(len(rows), 'verschil', 'verschillen')}. inzicht: {OORZAKEN['inzicht']} over het eerste moment; "
        f"wereld: {OORZAKEN['wereld']}; {of_rule}–: niet vast te stellen, of geen getal; door: hoeveel "
        "meldingen (welke: met --onderwerp, of --formaat json)."
    )


def _rule(naam: str) -> str:
    """Returns what a sentence calls a telregel, as `services.core.genoemd`, which takes long to import."""
    return "de telregel van de cyclus zelf" if naam == "cyclus" else f"telregel {naam.replace('-', ' ')}"


def _name_events(found: dict[str, Any]) -> None:
    for row in found["verschillen"]:
        if row["gebeurtenissen"]:
            say.print(f"\n{cijfers.naam(row['grootheid'])} van {row['onderwerp']} door:", markup=False)
        for own_id in row["gebeurtenissen"]:
            say.print(f"  {own_id}", markup=False, highlight=False)


def _table(title: str, rows: list[dict[str, Any]], *, ruled: bool) -> None:
    """Shows a table with a block for each subject, under its name, so that eighty columns are enough.

    `ruled`: the two points count by different rules.
    """
    by_rule = ["regel"] if ruled else []
    numbers = ("van", "inzicht", "tussen", "wereld", *by_rule, "naar", "door")
    lines: list[Rij | Kop] = []
    for (subject, name), own in groupby(rows, key=lambda row: (row["onderwerp"], row["onderwerpNaam"])):
        lines.append(Kop(f"{name} {subject}" if name else subject))
        lines += [Rij(_cells(row, by_rule)) for row in own]
    say.print(f"\n{title}", style="bold")
    toon_tabel([Kolom("cijfer"), *(Kolom(name, getal=True) for name in numbers)], lines)


def _cells(row: dict[str, Any], by_rule: list[str]) -> tuple[str, ...]:
    name = row["grootheid"]
    van, tussen, naar = (
        "–" if row[point] is None else figure_text(name, row[point]) for point in ("van", "tussen", "naar")
    )
    by = number(len(row["gebeurtenissen"])) if row["gebeurtenissen"] else "tijd"
    changes = [_change(name, row[part]) for part in ("wereld", *by_rule)]
    return (f"  {cijfers.naam(name)}", van, _change(name, row["inzicht"]), tussen, *changes, naar, by)


def _change(name: str, value: float | None) -> str:
    if value is None or value == 0:
        return "–" if value is None else "0"
    said = f"{number(100 * abs(value), 1)} pp" if name in AANDELEN else figure_text(name, abs(value))
    return f"{'−' if value < 0 else '+'}{said}"
