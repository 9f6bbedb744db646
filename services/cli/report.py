"""`rapport`: makes a report of the figures. `recheck` compares an earlier one with the log."""

import sys
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import httpx
import orjson
import typer

from services.cli import cijfers
from services.cli.asking import answered, asking
from services.cli.explain import BekendOp, GeldigOp, Positie, TelregelOption, figure_text
from services.cli.momenten import KLOK, op_de_dag, op_de_klok, wanneer
from services.cli.plain import DEFAULT_URL, CommandError, UrlOption, complain, plainly, say
from services.cli.tabel import Kolom, Rij, toon_tabel
from services.core.dutch import dutch_date, number

_SOURCE = "urn:nld:oin:00000000000000000000:systeem:opvangpeil"


class Rapportnaam(StrEnum):
    """The reports."""

    bezetting = "bezetting"
    naleving = "naleving"
    toezicht = "toezicht"
    kamerbrief = "kamerbrief"
    gemeente = "gemeente"


class Rapportformaat(StrEnum):
    """The formats of a report."""

    tabel = "tabel"
    json = "json"
    csv = "csv"
    xlsx = "xlsx"
    parquet = "parquet"


def rapport(
    wat: Annotated[Rapportnaam | None, typer.Argument(help="welk rapport", show_choices=True)] = None,
    code: Annotated[str | None, typer.Argument(help="bij gemeente: welke, zoals GM0344")] = None,
    geldig_op: GeldigOp = None,
    bekend_op: BekendOp = None,
    positie: Positie = None,
    telregel: TelregelOption = None,
    stel_gemeenten: Annotated[
        int | None,
        typer.Option(metavar="N", help="rapport toezicht: stel dat zoveel gemeenten worden opgepakt [standaard: alle]"),
    ] = None,
    stel_stap: Annotated[
        str | None, typer.Option(metavar="STAP", help="rapport toezicht: in welke stap [standaard: actief toezicht]")
    ] = None,
    formaat: Annotated[Rapportformaat, typer.Option(help="in welke vorm")] = Rapportformaat.tabel,
    uitvoer: Annotated[Path | None, typer.Option(help="bestand om in te schrijven [standaard: het scherm]")] = None,
    controleer: Annotated[
        Path | None,
        typer.Option(help="houd een eerder rapport (json, csv, xlsx, parquet) of een editie tegen het logboek"),
    ] = None,
    sleutel: Annotated[
        Path | None,
        typer.Option("--sleutel", help="bij --controleer van een editie: de publieke sleutel van de uitgever"),
    ] = None,
    vastleggen: Annotated[
        bool, typer.Option("--vastleggen", help="leg de cijfers vast als gepubliceerd, voor de aansluiting")
    ] = False,
    source: Annotated[str, typer.Option(help="source van wat wordt vastgelegd")] = _SOURCE,
    url: UrlOption = DEFAULT_URL,
) -> None:
    """Makes a report, or compares an earlier one with the log."""
    with plainly(), asking(url) as server:
        stel = {"stelGemeenten": None if stel_gemeenten is None else str(stel_gemeenten), "stelStap": stel_stap}
        _check(wat, {"code": code, "telregel": telregel, "vastleggen": vastleggen or None, **stel})
        if sleutel is not None and controleer is None:
            raise CommandError("--sleutel hoort bij --controleer: daarmee blijkt wie een editie ondertekende")
        if wat is not None and controleer is None:
            asked = {"geldigOp": geldig_op, "bekendOp": bekend_op, "positie": positie, "telregel": telregel}
            asked |= stel | (
                {"omvat": "zichtbaar"} if vastleggen else {}
            )  # What is recorded as published, everybody sees.
            which = path_of({"rapport": wat, "gemeente": code})
            answer = ask_report(server, which, **{name: value for name, value in asked.items() if value})
            _give(server, answer, formaat, uitvoer)
            if vastleggen:
                from services.cli.record import record

                record(server, answer, source)
        elif controleer is not None and wat is None:
            if geldig_op or bekend_op or positie or telregel or uitvoer or vastleggen:
                raise CommandError("--controleer BESTAND gaat alleen: wat het rapport zegt van wanneer te zijn geldt")
            raise typer.Exit(0 if _stands(server, controleer, sleutel) else 1)
        elif controleer is not None:
            raise CommandError(
                f"het bestand zegt zelf welk rapport het is; geef alleen: opvangpeil rapport --controleer {controleer}"
            )
        else:
            raise CommandError(f"geef óf een rapport ({', '.join(Rapportnaam)}), óf --controleer BESTAND")


def _check(wat: Rapportnaam | None, given: Mapping[str, Any]) -> None:
    """Raises CommandError for an option that does not go with a report. `given`: the options; None: not given."""
    has = {name for name, value in given.items() if value is not None}
    if wat is Rapportnaam.bezetting and "telregel" in has:
        raise CommandError("--telregel gaat over de naleving; van het rapport bezetting verandert er niets door")
    if (wat is Rapportnaam.gemeente) != ("code" in has):
        raise CommandError("een code van CBS hoort bij het rapport gemeente: opvangpeil rapport gemeente GM0344")
    if wat is not Rapportnaam.toezicht and {"stelGemeenten", "stelStap"} & has:
        raise CommandError("--stel-gemeenten en --stel-stap horen bij het rapport toezicht")
    if wat is Rapportnaam.gemeente and "vastleggen" in has:
        raise CommandError("--vastleggen gaat niet over een brief: leg de cijfers vast met het rapport naleving")
    if wat is Rapportnaam.toezicht and "vastleggen" in has:
        raise CommandError("--vastleggen gaat niet over het toezicht: niemand anders publiceert die cijfers")


def _stands(server: httpx.Client, path: Path, public: Path | None) -> bool:
    """Tells which figures of an earlier report or edition differ from the log. Returns whether none does."""
    from services.cli import recheck, recheck_editie

    if recheck_editie.is_of_edition(path):
        return recheck_editie.stands(server, path, public)
    if public is not None:
        raise CommandError(f"{path} is geen editie, en een rapport is niet ondertekend; laat --sleutel weg")
    return recheck.stands(server, path)


def path_of(kop: Mapping[str, Any]) -> str:
    """Returns what the address of a report ends with, by what it says of itself."""
    which = str(kop["rapport"])
    return f"{which}/{quote(str(kop.get('gemeente')), safe='')}" if which == Rapportnaam.gemeente else which


def ask_report(server: httpx.Client, wat: str, **asked: str) -> dict[str, Any]:
    """Returns a report, as the server answers it."""
    found: dict[str, Any] = answered(server.get(f"/v1/rapporten/{wat}", params=asked))
    return found


def rendered(server: httpx.Client, wat: str, formaat: str, **asked: str) -> bytes:
    """Returns a report in a format: indented JSON, so that each figure has a line, or else as the server makes it."""
    if formaat == Rapportformaat.json:
        return orjson.dumps(ask_report(server, wat, **asked), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    answer = server.get(f"/v1/rapporten/{wat}", params=asked | {"formaat": formaat})
    return answer.content if answer.is_success else bytes(answered(answer))


def _give(server: httpx.Client, answer: dict[str, Any], formaat: Rapportformaat, uitvoer: Path | None) -> None:
    if formaat is Rapportformaat.tabel and uitvoer is None:
        _show(answer)
        if answer["rapport"] == Rapportnaam.naleving:
            _show_provincies(server, answer)
        return
    if formaat is Rapportformaat.tabel:
        raise CommandError("een tabel komt op het scherm; kies met --formaat json, csv, xlsx of parquet voor --uitvoer")
    content = rendered(server, path_of(answer), formaat, **_exactly(answer))
    if uitvoer is not None:
        uitvoer.write_bytes(content)
        complain.print(f"geschreven: {uitvoer}", markup=False)
    elif formaat in (Rapportformaat.xlsx, Rapportformaat.parquet) and sys.stdout.isatty():
        raise CommandError(f"{formaat.value} is niet voor een scherm; noem een bestand met --uitvoer")
    else:
        sys.stdout.buffer.write(content)


def _exactly(answer: dict[str, Any]) -> dict[str, Any]:
    """What asks for the figures of an answer again."""
    exactly = {name: answer[name] for name in ("geldigOp", "bekendOp", "positie", "telregel") if answer.get(name)}
    stel = answer.get("alsAllen")
    if stel is None or stel["gemeenten"] is None:
        return exactly
    return exactly | {"stelGemeenten": stel["gemeenten"], "stelStap": stel["stap"]}


def _show_provincies(server: httpx.Client, answer: dict[str, Any]) -> None:
    """Shows the places for each thousand inhabitants of each provincie, of the same moment."""
    found = answered(server.get("/v1/provincies", params=_exactly(answer)))["items"]
    name = cijfers.PER_1000_INWONERS
    say.print()
    kolommen = [Kolom("provincie"), Kolom(cijfers.naam(name), getal=True)]
    toon_tabel(kolommen, (Rij([one["naam"], _shown(one[name], name)]) for one in found))
    day = dutch_date(date.fromisoformat(answer["inwonersOp"]))
    say.print(f"Over ongeveer het aantal inwoners van {day}; geen officieel cijfer.")


def _show(answer: dict[str, Any]) -> None:
    say.print(f"rapport {answer['rapport']}, {wanneer(answer)}")
    say.print(f"gemaakt op {op_de_klok(answer['gemaaktOp'])}, positie {answer['positie']}; tijden zijn {KLOK}")
    if answer.get("simulatie"):
        say.print("Let op: er tellen gesimuleerde gebeurtenissen mee.", style="yellow")
    if "alinea" in answer:
        say.print(f"\n{answer['alinea']}\n", markup=False)
    for reason in answer["voorbehoud"]:
        say.print(f"Voorbehoud: {reason['tekst']}.", style="yellow", markup=False)
    if answer["rapport"] == Rapportnaam.gemeente:
        _show_letter(answer)
        return
    counts = [(cijfers.naam(name), number(count)) for name, count in answer.get("totalen", {}).items()]
    of_land = [(cijfers.naam(name), _shown(answer[name], name)) for name in cijfers.VAN_HET_LAND if name in answer]
    if totals := [*counts, *of_land]:
        toon_tabel([Kolom("heel Nederland"), Kolom("", getal=True)], map(Rij, totals))
        say.print()
    if answer["rapport"] == Rapportnaam.toezicht:
        _show_supervision(answer)
    rows = answer["rijen"]
    if answer["rapport"] == Rapportnaam.toezicht:
        rows = _of(answer, "gemeente")
    columns = [name for name in cijfers.KOLOMMEN[answer["rapport"]] if not rows or name in rows[0]]
    totaal = [_total(answer, name) for name in columns] if answer["rapport"] == Rapportnaam.naleving else None
    kolommen = [Kolom(cijfers.naam(name), getal=name not in _TEXTS) for name in columns]
    if rows or answer["rapport"] != Rapportnaam.toezicht:
        toon_tabel(kolommen, (Rij([_cell(row, name) for name in columns]) for row in rows), totaal)


def _show_supervision(answer: dict[str, Any]) -> None:
    """Shows what is said of all gemeenten together: of each step, in all, and if all were taken up."""
    for soort, names in (
        ("stap", cijfers.STAPPEN),
        ("toezichthouder", cijfers.TOEZICHTHOUDERS),
        ("raming", cijfers.RAMINGEN),
        ("capaciteit", cijfers.CAPACITEITEN),
    ):
        if rows := _of(answer, soort):
            columns = [Kolom(cijfers.naam(name), getal=name not in _TEXTS) for name in names]
            toon_tabel(columns, (Rij([_shown(row[name], name) for name in names]) for row in rows))
            say.print()
    whole = [(cijfers.naam(name), _shown(answer[name], name)) for name in cijfers.VAN_TOEZICHT]
    toon_tabel([Kolom("heel Nederland"), Kolom("", getal=True)], map(Rij, whole))
    what_if = answer["alsAllen"]
    taken_up = [(cijfers.naam(name), _shown(what_if[name], name)) for name in cijfers.ALS_ALLEN]
    toon_tabel([Kolom(f"als allen in '{what_if['stap']}' waren"), Kolom("", getal=True)], map(Rij, taken_up))
    if without := _of(answer, "zonder stap"):
        which = ", ".join(row["naam"] for row in without)
        say.print(f"Niet of gedeeltelijk, en in geen stap ({number(len(without))}): {which}", markup=False)
    for row in _of(answer, "buiten volgorde"):
        say.print(
            f"Buiten volgorde: {row['naam']}, {op_de_dag(row['gezetOp'])}: {row['reden']}.",
            style="yellow",
            markup=False,
        )
    for row in _of(answer, "termijn"):
        from_ = f" (vanaf {op_de_dag(row['gezetOp'])})" if row["gezetOp"] > answer["geldigOp"] else ""
        until = op_de_dag(row["termijn"])
        say.print(f"Termijn: {row['naam']}, '{row['stap']}'{from_}, tot en met {until}.", markup=False)


def _of(answer: dict[str, Any], soort: str) -> list[dict[str, Any]]:
    return [row for row in answer["rijen"] if row["soort"] == soort]


def _show_letter(answer: dict[str, Any]) -> None:
    """Shows what a letter has beside its paragraph: the events behind it, and by what it can be checked."""
    say.print("Dit rust op:")
    for one in answer["gebeurtenissen"]:
        say.print(f"- {one['zin']}", markup=False)
        if one["id"] is not None:
            say.print(f"  {one['id']}, {one['source']}, {op_de_klok(one['time'])}", style="dim", markup=False)
    say.print("\nOf dit nog klopt is voor iedereen na te gaan, met deze code:")
    say.out(answer["code"], highlight=False)
    say.print("of op dit adres:")
    say.out(answer["controle"], highlight=False)


def _cell(row: dict[str, Any], name: str) -> str:
    """The cell of a column. In the brief for Parliament each row is one figure, under its name."""
    if name == cijfers.NALEVING and row.get("termijnVerlopen"):
        return f"{row[name]}, te laat"
    if "grootheid" not in row:
        return _shown(row[name], name)
    if name == "grootheid":
        return cijfers.naam(row[name])
    return _shown(row[name], row["grootheid"] if name == "waarde" else name)


def _total(answer: dict[str, Any], name: str) -> str:
    """The cell of a column in the row of totals."""
    if name == "naam":
        return "Nederland"
    least = answer.get(f"{name}Minstens")
    if name in answer:
        return f"minstens {_shown(least)}" if answer[name] is None and least else _shown(answer[name], name)
    if name != cijfers.MEETELLEND:
        return ""
    counted = [row[name] for row in answer["rijen"]]
    return _shown(None if None in counted else sum(counted))


def _shown(value: Any, name: str = "") -> str:
    if name in ("termijn", "gezetOp") and value is not None:
        return op_de_dag(value)
    return "–" if value is None else figure_text(name, value)


_TEXTS = (
    "onderwerp",
    "naam",
    "code",
    cijfers.NALEVING,
    cijfers.TOEZICHT,
    "grootheid",
    "stap",
    "gezetOp",
    "termijn",
    "toezichthouder",
    "bron",
)
