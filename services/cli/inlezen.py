"""Reads a file that a profile describes: for real, or as a try that shows what would happen."""

from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import typer

from services.cli.explain import figure_text
from services.cli.plain import CommandError, complain, say
from services.cli.tabel import Kolom, Rij, toon_tabel
from services.config import read_config
from services.core.dutch import count, number
from services.importer import Plan, Rijuitkomst, Server, inlees_voortgang, lees_in, maak_plannen
from services.importer.bladen import soort_van
from services.importer.columns import full_type
from services.importer.logboek import Logomzetting, kop_van, van_opvangpeil
from services.importer.model import ImporterError
from services.importer.plan import Bron
from services.importer.profiel import Namen, Omzetting, lees_namen, vind_profiel
from services.importer.profiel.namen import NAMEN, noteer
from services.importer.vergelijk import VanServer

_REGISTRATIE = full_type("locatie-geregistreerd")
ROWS_SHOWN_MAX = 40
"""The most rows of one outcome that a try shows."""
_KOLOMMEN = {
    "nieuw": ("waar", "over", "wat"),
    "wijkt af": ("waar", "over", "wat", "nu"),
    "geweigerd": ("waar", "waarom"),
}


def is_tabel(bestand: str) -> bool:
    """Returns whether a file is read by its cells: a workbook, a Parquet file, or a table that Opvangpeil wrote."""
    pad = Path(bestand)
    if bestand == "-" or not pad.is_file() or _is_leeg_of_json(pad):
        return False
    # Named as UTF-16, so that a wrong byte refuses its own line of events and not the file.
    return soort_van(pad, "utf-16") != "tekst" or van_opvangpeil(kop_van(pad))


def _is_leeg_of_json(pad: Path) -> bool:
    """Returns whether a file holds nothing, or begins as events do: one a line or in a list."""
    with pad.open("rb") as stream:
        return stream.read(256).removeprefix(BOM_UTF8).lstrip()[:1] in (b"", b"{", b"[")


def lees_bestand_in(bestand: str, profiel: str | None, url: str, afgewezen: Path, *, proef: bool) -> None:
    """Brings a file in, or shows what that would do. Without a profile it is a log. Exit 1 when a row is refused."""
    if bestand == "-":
        raise CommandError("Dit moet een bestand zijn, geen standaardinvoer: ook de naam doet ertoe.")
    config, pad = read_config(), Path(bestand)
    server = Server(url, config.token)
    genoemd = None if profiel is None else vind_profiel(config.profielen, profiel)
    namen = Namen({})
    with inlees_voortgang() as progress, closing(server.verbinding(progress)) as verbinding:
        vergelijk = VanServer(verbinding)
        if genoemd is not None:
            namen = lees_namen(config.profielen / NAMEN, vergelijk.locaties())

        def bron() -> Bron:
            return Logomzetting() if genoemd is None else Omzetting(genoemd, namen)

        if proef:
            plans = list(
                maak_plannen(
                    pad, bron(), vergelijk, cijfers=True, per_groep=lambda rows: progress.vergeleken(len(rows))
                )
            )
        else:
            verslag = lees_in(pad, bron, server=server, rejects=afgewezen, progress=progress)
    if proef:
        for plan in plans:
            _toon_proef(plan, namen)
    else:
        _toon_opmerkingen(verslag.opmerkingen, verslag.verdwenen)
        say.print(verslag.zin + (f" De reden van elke weigering staat in {afgewezen}." if verslag.geweigerd else ""))
    bewaar_wachtende(config.profielen / NAMEN, namen)
    refused = sum(plan.aantal("geweigerd") for plan in plans) if proef else verslag.geweigerd
    raise typer.Exit(1 if refused else 0)


def bewaar_wachtende(pad: Path, namen: Namen) -> None:
    """Writes the names that were met and are not known to the table, and tells what to do."""
    if not namen.nieuw:
        return
    said = count(len(namen.nieuw), "naam wacht", "namen wachten")
    try:
        noteer(pad, namen.nieuw)
    except ImporterError as error:
        complain.print(f"{said} op iemand die het weet, maar {error}", markup=False)
    else:
        complain.print(f"{said} op iemand die het weet: opvangpeil namen lijst", markup=False)


def _toon_proef(plan: Plan, namen: Namen) -> None:
    read_as = "als logboek van Opvangpeil" if plan.profiel == Logomzetting.naam else f"met profiel {plan.profiel}"
    say.print(f"Proef: {plan.bestand}, gelezen {read_as}. Er is niets verstuurd.", markup=False)
    for outcome, title in (
        ("nieuw", "Nieuw"),
        ("wijkt af", "Anders dan wat er staat"),
        ("geweigerd", "Geweigerd"),
    ):
        rows = [row for row in plan.rijen if row.uitkomst == outcome]
        if rows:
            shown = rows[:ROWS_SHOWN_MAX]
            say.print(f"{title}: {number(len(rows))}", markup=False)
            toon_tabel([Kolom(name) for name in _KOLOMMEN[outcome]], [_rij(row, namen) for row in shown])
            if len(rows) > len(shown):
                say.print(f"… en nog {number(len(rows) - len(shown))}", markup=False)
    _toon_cijfers(plan.cijfers)
    _toon_opmerkingen(plan.opmerkingen, plan.verdwenen)
    told = {"nieuw": "nieuw", "wijkt af": "anders", "gelijk": "gelijk", "geweigerd": "geweigerd"}
    parts = [f"{number(plan.aantal(name))} {word}" for name, word in told.items()]
    say.print(f"{', '.join(parts)}; {number(plan.overgeslagen)} overgeslagen volgens het profiel.", markup=False)


def _rij(row: Rijuitkomst, namen: Namen) -> Rij:
    if row.gebeurtenis is None:
        return Rij((row.plaats, row.zin))
    subject = str(row.gebeurtenis["subject"])
    cells = [row.plaats, namen.naam_van(subject) or subject, row.zin]
    if row.uitkomst == "wijkt af":
        cells.append("; ".join(str(one.get("zin") or one.get("waarde")) for one in row.vervangt))
    return Rij(cells)


def _toon_cijfers(cijfers: Sequence[Mapping[str, Any]] | None) -> None:
    rows = list(_cijfers(cijfers))
    if rows:
        columns = (Kolom("over"), Kolom("cijfer"), Kolom("nu", getal=True), Kolom("straks", getal=True))
        say.print("Cijfers die veranderen:", markup=False)
        toon_tabel(columns, rows)


def _cijfers(cijfers: Sequence[Mapping[str, Any]] | None) -> Iterator[Rij]:
    for one in cijfers or ():
        van, naar = (figure_text(one["grootheid"], one[side]) for side in ("van", "naar"))
        yield Rij((str(one["onderwerpNaam"]), str(one["label"]), van, naar))


def _toon_opmerkingen(opmerkingen: Sequence[str], verdwenen: Sequence[Mapping[str, Any]]) -> None:
    for one in opmerkingen:
        complain.print(f"Let op: {one}", markup=False)
    for gone in verdwenen:
        closed = "Is de locatie dicht: opvangpeil meld sluiting. " if gone["type"] == _REGISTRATIE else ""
        complain.print(
            f"Niet meer in het bestand: {gone['zin']} ({gone['subject']}). {closed}Was het nooit zo: "
            f"opvangpeil trek-in {gone['gebeurtenisId']}",
            markup=False,
        )
