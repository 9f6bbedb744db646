"""A report on the screen: its fields while they are asked, and what it says and changes before it is sent."""

from collections.abc import Iterator, Mapping
from typing import Any

import typer
from rich.markup import escape

from schemas.fields import Json
from services.cli.plain import complain, say
from services.cli.tabel import Kolom, Kop, Rij, toon_tabel
from services.cli.vragen import LEEG, gekozen

_COLUMNS = (Kolom("cijfer"), Kolom("zonder"), Kolom("met"), Kolom("verandert"))


def toon_begin(stand: Json) -> None:
    """Says what is going to be asked."""
    complain.print(f"{stand['titel']}: {stand['zin']}", style="bold", markup=False)
    complain.print(f"Enter neemt over wat tussen haken staat; {LEEG} laat een veld leeg; Ctrl-C stopt.", style="dim")


def stel(veld: Mapping[str, Any], begin: str, fout: str) -> str:
    """Asks a person one field. Raises typer.Abort when there is no more input."""
    named = f"{veld['blok']}, {veld['label'][:1].lower()}{veld['label'][1:]}" if veld["blok"] else veld["label"]
    complain.print()
    if fout:
        complain.print(f"{named}: {fout}", style="red", markup=False)
    hints = [one for one in (veld["hulp"], veld["nu"]) if one]
    if hints:
        complain.print("\n".join(hints), style="dim", markup=False)
    for number, one in enumerate(veld["keuzes"], 1):
        also = "" if one["naam"].casefold() == one["waarde"].casefold() else f" ({one['waarde']})"
        complain.print(f"  {number}  {one['naam']}{also}", markup=False)
    may = "" if veld["verplicht"] or veld["blok"] else " (hoeft niet)"
    shown = f" [{begin}]" if begin else ""
    try:
        typed = complain.input(f"{escape(f'{named}{may}{shown}')}: ").strip()
    except EOFError as error:
        raise typer.Abort from error
    return gekozen(veld, typed)


def toon_melding(melding: Json) -> None:
    """Shows what is reported and what it changes, as the page does before it is sent."""
    say.print("Dit meldt u", style="bold")
    say.print(melding["zin"], markup=False)
    say.print()
    toon_tabel([Kolom(""), Kolom("")], [Rij((f"  {one['label']}", _waarde(one))) for one in melding["regels"]])
    if melding["waarschuwingen"]:
        say.print()
        say.print("Kijk dit na voordat u verzendt:", style="bold yellow")
        _lijst(melding["waarschuwingen"])
    say.print()
    say.print("Dit verandert", style="bold")
    for zin in melding["toelichting"]:
        say.print(zin, markup=False)
    _lijst(melding["verandert"])
    if melding["gevolgen"]:
        say.print()
        toon_tabel(_COLUMNS, _rijen(melding["gevolgen"]))


def _waarde(regel: Mapping[str, Any]) -> str:
    was = regel["was"]
    return regel["waarde"] if was in (None, regel["waarde"]) else f"{regel['waarde']}  (nu: {was})"


def _lijst(zinnen: list[str]) -> None:
    for zin in zinnen:
        say.print(f"  - {zin}", markup=False)


def _rijen(groepen: list[Json]) -> Iterator[Kop | Rij]:
    for groep in groepen:
        yield Kop(groep["titel"])
        for rij in groep["rijen"]:
            style = "bold" if rij["verandert"] else ""
            yield Rij((f"  {rij['label']}", rij["zonder"], rij["met"], "ja" if rij["verandert"] else "nee"), style)
