"""`alarm`: tests rules for alarms on what is recorded, and tries whether a receiver takes a message."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import orjson
import typer
from rich.markup import escape

from schemas.alarmregels import TE_BEWAKEN, AlarmRegel, read_regels
from schemas.fields import Json
from schemas.toml_lines import BestandError
from services.cli.asking import answered, asking
from services.cli.explain import BekendOp
from services.cli.momenten import KLOK, op_de_klok
from services.cli.nederlands import Opdrachten
from services.cli.plain import DEFAULT_URL, CommandError, UrlOption, complain, plainly, say
from services.cli.tabel import Kolom, Kop, Rij, toon_tabel
from services.cli.tijdlijn import als_tekst, lengte, namen, tijdlijn, titel
from services.core.dutch import dutch_day, length, number, percentage, short_percentage
from services.core.registers import LANDELIJK

EPISODES_SHOWN_MAX = 20
"""The most alarms of one rule in a table."""
LINES_IN_SVG = 40
SECONDS_MAX = 600
WIDTH_MAX = 160
_COLUMNS = (Kolom("afgegaan"), Kolom("over"), *(Kolom(name, getal=True) for name in ("duur", "waarde", "uiterste")))
commands = Opdrachten(no_args_is_help=True)


class Toetsformaat(StrEnum):
    """The formats of a test."""

    tabel = "tabel"
    json = "json"
    csv = "csv"


@commands.command()
def toets(
    bestand: Annotated[Path, typer.Argument(help="bestand met regels, zoals deploy/alarmregels.toml")],
    van: Annotated[str | None, typer.Option(help="begin, zoals 2026-01-01 [standaard: 90 dagen voor tot]")] = None,
    tot: Annotated[str | None, typer.Option(help="einde, zelf niet meegeteld [standaard: bekend-op, of nu]")] = None,
    bekend_op: BekendOp = None,
    regel: Annotated[list[str] | None, typer.Option(help="alleen deze regel; mag meer dan eens")] = None,
    formaat: Annotated[Toetsformaat, typer.Option(help="in welke vorm")] = Toetsformaat.tabel,
    svg: Annotated[Path | None, typer.Option(help="de tijdlijn ook als plaatje, in dit bestand")] = None,
    url: UrlOption = DEFAULT_URL,
) -> None:
    """Wanneer elk alarm van een regelbestand zou zijn afgegaan, en wanneer het over was.

    Er wordt niets gemeld en niets vastgelegd.
    """
    with plainly(), asking(url) as server:
        text, regels = _read(bestand)
        _check_names(bestand, regels, regel or [])
        body = {"regels": text, "van": van, "tot": tot, "bekendOp": bekend_op, "alleen": regel or None}
        asked = {name: value for name, value in body.items() if value is not None}
        with _busy(f"{bestand} toetsen"):
            found = answered(server.post("/v1/alarmtoetsen", json=asked, timeout=SECONDS_MAX))
        _FORMS[formaat](found)
        if svg is not None:
            from services.cli.tijdlijn_svg import als_svg

            svg.write_bytes(als_svg(tijdlijn(found, LINES_IN_SVG), f"Toets van {bestand.name}", _summary(found)))
            complain.print(f"geschreven: {svg}", markup=False)


@commands.command()
def proef(
    ontvanger: Annotated[str, typer.Argument(help="naam van de ontvanger, zoals op de bladzijde Ontvangers")],
    url: UrlOption = DEFAULT_URL,
) -> None:
    """Een proefbericht aan een ontvanger, en wat die ermee deed. Er gaat geen alarm af.

    Dit mag met de rol operator of beheerder.
    """
    with plainly(), asking(url) as server:
        found = answered(server.post(f"/v1/ontvangers/{quote(ontvanger, safe='')}/proefberichten"))
        if found["uitkomst"] != "bezorgd":
            complain.print(f"{ontvanger} nam het proefbericht niet aan: {found['fout']}", markup=False)
            raise typer.Exit(1)
        say.print(f"{ontvanger} nam het proefbericht aan.", markup=False)


def _read(bestand: Path) -> tuple[str, tuple[AlarmRegel, ...]]:
    """Reads the rules before the server does, so that an error names the file. Raises BestandError."""
    try:
        text = bestand.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BestandError(f"{bestand} is geen tekst in UTF-8: {error}") from error
    return text, read_regels(text, str(bestand))


def _check_names(bestand: Path, regels: tuple[AlarmRegel, ...], wanted: list[str]) -> None:
    names = [regel.naam for regel in regels]
    if unknown := [name for name in wanted if name not in names]:
        raise CommandError(f"in {bestand} staat geen regel {', '.join(unknown)}; wel: {', '.join(names)}")


@contextmanager
def _busy(what: str) -> Iterator[None]:
    if not complain.is_terminal:
        yield
        return
    with complain.status(f"{escape(what)} …"):
        yield


def _as_json(found: Json) -> None:
    say.out(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode(), highlight=False)


def _as_csv(found: Json) -> None:
    """Writes a row for each alarm. Remarks go to standard error."""
    from services.export import FORMATS, as_table

    rows = [{name: value for name, value in one.items() if name != "verloop"} for one in found["alarmen"]]
    head = {name: found[name] for name in ("van", "tot", "bekendOp", "positie", "simulatie") if name in found}
    typer.get_binary_stream("stdout").write(FORMATS["csv"].render(as_table("alarmtoets", head | {"items": rows}, {})))
    for line in _remarks(found):
        complain.print(line, markup=False)


def _show(found: Json) -> None:
    van, tot, known = (dutch_day(datetime.fromisoformat(found[name])) for name in ("van", "tot", "bekendOp"))
    say.print(f"Toets van {van} tot {tot}, met wat bekend was op {known} ({KLOK})")
    say.print(f"positie {found['positie']}")
    if found.get("simulatie"):
        say.print("Let op: er tellen gesimuleerde gebeurtenissen mee.", style="yellow")
    say.print()
    if found["regels"]:
        for drawn in als_tekst(tijdlijn(found), min(say.width, WIDTH_MAX)):
            say.print(drawn)
        say.print()
    by_rule = {names: list(own) for names, own in groupby(found["alarmen"], key=namen)}
    for regel in found["regels"]:
        _show_rule(found, regel, by_rule.get(namen(regel), []))
    for line in _remarks(found):
        say.print(line, markup=False)


def _show_rule(found: Json, regel: Json, alarmen: list[Json]) -> None:
    if regel["drempel"] is None:
        say.print(f"[bold]{escape(titel(regel))}[/bold]: er zijn te weinig gegevens voor die regel")
    else:
        threshold = _threshold(regel["grootheid"], regel["drempel"])
        say.print(f"[bold]{escape(titel(regel))}[/bold]: {escape(regel['omschrijving'])}")
        say.print(f"  {regel['grootheid'].replace('-', ' ')} {regel['richting']} {threshold}", markup=False)
    say.print(f"  {_totals(regel)}", markup=False)
    if alarmen:
        _list(found, regel, alarmen[:EPISODES_SHOWN_MAX])
        if (more := regel["aantal"] + regel["wacht"] - min(EPISODES_SHOWN_MAX, len(alarmen))) > 0:
            say.print(f"  … en nog {number(more)}; met --formaat csv staan zij er ook", markup=False)
    say.print()


def _list(found: Json, regel: Json, alarmen: list[Json]) -> None:
    """Shows the alarms of each onderwerp under its name, so that 80 columns are enough."""
    lines: list[Rij | Kop] = []
    by_subject = sorted(alarmen, key=lambda one: one["onderwerp"])
    for subject, own in groupby(by_subject, key=lambda one: (one["onderwerp"], one["onderwerpNaam"], one["ernst"])):
        onderwerp, naam, ernst = subject
        also = "" if naam is None or onderwerp == LANDELIJK else f" {onderwerp}"
        lines.append(Kop(f"{naam or onderwerp}{also}, {ernst}"))
        lines += [Rij(_cells(found, regel, one)) for one in own]
    toon_tabel(_COLUMNS, lines)


def _cells(found: Json, regel: Json, one: Json) -> tuple[str, ...]:
    took = "" if one["duurSeconden"] is None else _lengte(one["duurSeconden"])
    waarde, uiterste = (_value(regel["grootheid"], one[name], regel["drempel"]) for name in ("waarde", "uiterste"))
    return _went_off(found, one), _over(one), took, waarde, uiterste


def _went_off(found: Json, one: Json) -> str:
    if one["actiefSinds"] is None:
        return "wacht nog"
    at_once = one["verloop"][0]["sinds"] == found["van"]
    return "al bij het begin" if at_once and one["wachtendSinds"] is None else str(op_de_klok(one["actiefSinds"]))


def _over(one: Json) -> str:
    return "nog niet" if one["hersteldOp"] is None else str(op_de_klok(one["hersteldOp"]))


def _value(grootheid: str, value: float | str | None, drempel: float | None = None) -> str:
    if value is None:
        return "onbekend"
    if isinstance(value, str):
        return value
    bewaakt = TE_BEWAKEN.get(grootheid)  # The server may be newer, and know more than this.
    if bewaakt is not None and bewaakt.eenheid == "aandeel":
        return percentage(value, drempel)
    return length(value) if bewaakt is not None and bewaakt.eenheid == "seconden" else number(value)


def _threshold(grootheid: str, drempel: float | str) -> str:
    """Writes a threshold as it was chosen: 96 %, and not 96,0 %."""
    bewaakt = TE_BEWAKEN.get(grootheid)
    share = bewaakt is not None and bewaakt.eenheid == "aandeel" and not isinstance(drempel, str)
    return short_percentage(float(drempel)) if share else _value(grootheid, drempel)


def _lengte(seconds: int) -> str:
    return lengte(timedelta(seconds=seconds))


def _totals(regel: Json) -> str:
    many = regel["aantal"]
    said = "nooit afgegaan"
    if many:
        longest = "" if many == 1 else f", de langste {_lengte(regel['langsteSeconden'])}"
        times = "1 keer" if many == 1 else f"{number(many)} keer"
        said = f"{times} afgegaan, {'' if many == 1 else 'samen '}{_lengte(regel['duurSeconden'])}{longest}"
    if regel["alleenGewacht"]:
        said += f"; {number(regel['alleenGewacht'])} keer gewacht zonder af te gaan"
    if regel["wacht"]:
        said += f"; {number(regel['wacht'])} wacht nog"
    return said


def _remarks(found: Json) -> Iterator[str]:
    """Yields what a reader must know besides the figures."""
    if not found["regels"]:
        yield "Geen van deze regels is te toetsen."
    elif not found["alarmen"]:
        yield "In deze tijd zou geen enkel alarm zijn afgegaan."
    if found["meer"]:
        yield f"{number(found['meer'])} alarmen staan hier niet; zij zijn wel geteld."
    for one in found["nietTeToetsen"]:
        yield f"Niet getoetst: {one['regel'].replace('-', ' ')}, want die {one['reden']}."
    if found["regels"]:
        yield (
            "Getoetst met wat op één moment bekend was: een meting telt vanaf haar peilmoment, ook als zij later "
            "binnenkwam. Wat voor het begin speelde telt niet mee. Stiltes en onderdrukking ook niet: dit zijn "
            "alarmen, geen berichten aan ontvangers."
        )
        tot, known = (datetime.fromisoformat(found[name]) for name in ("tot", "bekendOp"))
        if tot > known:
            yield f"Na {dutch_day(known)} telt alleen wat toen was aangekondigd; metingen zijn er dan niet."


def _summary(found: Json) -> str:
    """Returns the test in words, for people who can't see the picture."""
    told = [f"{titel(regel)}: {_totals(regel)}." for regel in found["regels"]]
    return " ".join([*told, *_remarks(found)])


_FORMS: Mapping[Toetsformaat, Callable[[Json], None]] = {
    Toetsformaat.tabel: _show,
    Toetsformaat.json: _as_json,
    Toetsformaat.csv: _as_csv,
}
