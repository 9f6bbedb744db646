"""`verklaar`: shows why a figure is what it is, down to its events."""

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from functools import partial
from typing import Annotated, Any

import orjson
import typer

from services.cli import cijfers
from services.cli.asking import answered, asking
from services.cli.cijfers import AANDELEN, GEEN
from services.cli.momenten import KLOK, op_de_klok, wanneer
from services.cli.pages import in_pages
from services.cli.plain import DEFAULT_URL, CommandError, UrlOption, plainly, say
from services.cli.tabel import Kolom, Rij, toon_tabel
from services.core.dutch import count, euros, length, number, percentage

GeldigOp = Annotated[
    str | None, typer.Option("--geldig-op", help="de stand van dit moment, zoals 2026-05-26 [standaard: nu]")
]
BekendOp = Annotated[str | None, typer.Option("--bekend-op", help="zoals het toen bekend was [standaard: nu]")]
Positie = Annotated[str | None, typer.Option("--positie", help="de positie uit een eerder antwoord")]
TelregelOption = Annotated[
    str | None,
    typer.Option(
        "--telregel",
        metavar="NAAM",
        help="geteld volgens deze telregel; 'cyclus' is die van de cyclus zelf [standaard: die de cyclus noemt]",
    ),
]


class TeVerklaren(StrEnum):
    """What can be explained."""

    locatie = "locatie"
    gemeente = "gemeente"
    provincie = "provincie"
    landelijk = "landelijk"
    naleving = "naleving"
    toezicht = "toezicht"


class TabelOfJson(StrEnum):
    """How an answer is shown."""

    tabel = "tabel"
    json = "json"


_PATHS = {
    TeVerklaren.locatie: "/v1/locaties/{id}/verklaring",
    TeVerklaren.gemeente: "/v1/gemeenten/{id}/verklaring",
    TeVerklaren.provincie: "/v1/provincies/{id}/verklaring",
    TeVerklaren.landelijk: "/v1/bezetting/verklaring",
    TeVerklaren.naleving: "/v1/naleving/verklaring",
    TeVerklaren.toezicht: "/v1/toezicht/verklaring",
}
_JUDGED = (TeVerklaren.gemeente, TeVerklaren.provincie, TeVerklaren.naleving, TeVerklaren.toezicht)
"""What a telregel may be named for."""
REGISTERS_EERST = ("inzet.", "toezichtcapaciteit")
"""How the registers begin whose few events decide all hours and fte of the toezicht."""
ROLLEN = {
    "telt": ("Telt mee", "bold"),
    "telt niet mee": ("Telt niet mee", ""),
    "nog niet geldig": ("Nog niet geldig", "cyan"),
    "verlopen": ("Verlopen", ""),
    "vervangen": ("Vervangen", "dim"),
    "ingetrokken": ("Ingetrokken", "red"),
}
"""What became of a write, in the order in which people are told → how that is said, and how it looks.

The words are those of services/core/reasons/zin.py, which takes long to import. A test holds these to them.
"""


def verklaar(
    wat: Annotated[TeVerklaren, typer.Argument(help="waarvan", show_choices=True)],
    id_: Annotated[str, typer.Argument(metavar="[ID]", help="id of code: LOC-…, GM…, PV…")] = "",
    geldig_op: GeldigOp = None,
    bekend_op: BekendOp = None,
    positie: Positie = None,
    telregel: TelregelOption = None,
    formaat: Annotated[TabelOfJson, typer.Option(help="hoe het getoond wordt")] = TabelOfJson.tabel,
    url: UrlOption = DEFAULT_URL,
) -> None:
    """Asks for the explanation of figures, and shows it."""
    with plainly(), asking(url) as server:
        path = _PATHS[wat]
        if ("{id}" in path) != bool(id_):
            example = {
                TeVerklaren.locatie: "LOC-TER-APEL",
                TeVerklaren.gemeente: "GM1950",
                TeVerklaren.provincie: "PV20",
            }.get(wat, "")
            raise CommandError(f"geef het zo: opvangpeil verklaar {wat.value} {example}".strip())
        if telregel is not None and wat not in _JUDGED:
            raise CommandError(f"--telregel gaat over de naleving; van {wat.value} verandert er niets door")
        asked = {"geldigOp": geldig_op, "bekendOp": bekend_op, "positie": positie, "telregel": telregel}
        if formaat is TabelOfJson.tabel:
            asked["zinnen"] = "true"
        answer = server.get(path.format(id=id_), params={name: value for name, value in asked.items() if value})
        found = answered(answer)
        if formaat is TabelOfJson.json:
            say.out(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
            return
        with in_pages():
            when = "op dat moment" if any((geldig_op, bekend_op, positie)) else "nu"
            _show(found, f"{wat.value} {id_}".strip(), _counted(found, wat, when))


def _show(found: dict[str, Any], title: str, counted: str) -> None:
    say.print(f"{title}, {wanneer(found)} ({KLOK}), positie {found['positie']}")
    if found.get("simulatie"):
        say.print("Let op: er tellen gesimuleerde gebeurtenissen mee.", style="yellow")
    say.print(counted)
    say.print()
    rows = [
        Rij((cijfers.naam(figuur["grootheid"]), _figure_text(figuur), op_de_klok(figuur["formule"])))
        for figuur in found["figuren"]
    ]
    toon_tabel([Kolom("cijfer"), Kolom("waarde"), Kolom("formule")], rows)
    for rol, (heading, style) in ROLLEN.items():
        mine = [row for row in found["gebeurtenissen"] if row["rol"] == rol]
        if mine:
            say.print(f"\n{heading} ({number(len(mine))})", style=style)
        mine.sort(key=lambda row: row["time"] or "", reverse=True)
        for row in sorted(mine, key=lambda row: not (row["register"] or "").startswith(REGISTERS_EERST)):
            _show_event(row)


def _counted(found: dict[str, Any], wat: TeVerklaren, when: str) -> str:
    """Returns how many rows follow the figures, by what became of them, and whether there are more."""
    counts = Counter(row["rol"] for row in found["gebeurtenissen"])
    each = ", ".join(f"{heading.lower()} {number(counts[rol])}" for rol, (heading, _) in ROLLEN.items() if counts[rol])
    said = count(counts.total(), "regel", "regels") + (f": {each}" if each else "")
    if found["volledig"]:
        return said
    where = "gemeente en locatie" if wat is TeVerklaren.toezicht else "locatie"
    more = "" if wat is TeVerklaren.locatie else f"; de rest staat bij elke {where} zelf"
    return f"{said}\nHet zijn er heel veel: hier staat alleen wat {when} geldt{more}."


def _show_event(row: dict[str, Any]) -> None:
    say.print(f"  {row['zin']}", markup=False, highlight=False)
    if row["reden"]:
        say.print(f"     {row['waarom']}", markup=False, highlight=False)
    if row["id"] is not None:  # Places of what is afgeschermd have no event that could be told.
        say.print(f"     {row['id']}", style="dim", markup=False, highlight=False)


def _figure_text(figuur: Mapping[str, Any]) -> str:
    if figuur["waarde"] is not None:
        return str(figuur["vorm"]).format(figure_text(figuur["grootheid"], figuur["waarde"]))
    return "geen" if figuur["grootheid"].rpartition(".")[2] in GEEN else "niet vast te stellen"


_FORMS = (
    (AANDELEN, percentage),
    (cijfers.EURO, euros),
    (cijfers.DUUR, length),
    (cijfers.PER_1000, partial(number, decimals=2)),
)
"""Figures → how a value of them is written."""


def figure_text(name: str, value: Any) -> str:
    """Returns a figure as a table shows it, in the form of its unit."""
    if value is not None:
        for names, written in _FORMS:
            if name in names:
                return written(value)
    return value_text(value)


def value_text(value: Any) -> str:
    """Returns a value as a table shows it."""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if value is None or isinstance(value, int | float):
        return number(value)
    if isinstance(value, dict):
        said = {name: cijfers.naam(one) if name == "grootheid" else value_text(one) for name, one in value.items()}
        return ", ".join(f"{cijfers.naam(name)} {one}" for name, one in said.items() if value[name] is not None)
    if isinstance(value, list):
        return ", ".join(map(value_text, value)) or "geen"
    return str(op_de_klok(value))
