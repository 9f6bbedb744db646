"""Makes the weekly edition in a folder. `recheck_editie` holds one against its signature and the log."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import typer

from schemas.fields import parse_moment
from services.cli.asking import answered, asking
from services.cli.plain import CommandError, plainly, say
from services.cli.stores import bar
from services.clock import system_clock
from services.config import read_config
from services.core.dutch import count, dutch_moment
from services.editie.heel import beschadigd, ondertekend, public_key
from services.editie.inhoud import Ask
from services.editie.kast import Kast, LijstError
from services.editie.maken import VRAGEN, VRAGEN_PER_MOMENT, Plaats, Uitgave, gemaakt
from services.editie.manifest import HANDTEKENING, NAAM, Manifest
from services.editie.week import Week, ended
from services.importer.model import os_reason
from services.store.signature import public_of, sign


def maak(folder: Path, week: str, sleutel: Path | None, url: str, *, opnieuw: bool) -> None:
    """Makes the edition of a week, unless it is there."""
    with plainly():
        wanted = ended(Week.parse(week) if week else None, system_clock())
        key = public_of(sleutel) if sleutel else None
        try:
            with Kast.opened(folder) as kast:
                there = kast.of_week(str(wanted))
                if there is not None and not opnieuw:
                    kast.list_anew()
                    raise typer.Exit(0 if is_heel(folder, there, getekend=key is not None) else 1)
                over, files = _asked(url, Plaats(wanted, there, kast.before(str(wanted))), signed=key is not None)
                beside = {}
                if sleutel is not None and key is not None:
                    files[HANDTEKENING] = sign(files[NAAM], sleutel).model_dump_json(indent=2).encode() + b"\n"
                    beside = {public_key(key[1]): key[0]}
                place = kast.add(over, files, beside)
        except OSError as error:
            raise CommandError(mislukt(folder, error)) from error
        _tell(place, over, signed=key is not None)


def mislukt(folder: Path, error: OSError) -> str:
    """Says what an error left behind."""
    became = (
        "de editie is er, maar staat niet goed in de lijst; nog eens, zonder --opnieuw, maakt de lijst af"
        if isinstance(error, LijstError)
        else "er is geen editie bijgekomen, en geen veranderd"
    )
    return f"{error.filename or folder}: {os_reason(error)}; {became}"


def asker(server: httpx.Client, advance: Callable[[int], Any] = lambda _: None) -> Ask:
    """Returns how an edition asks this server."""

    def ask(path: str, query: Any) -> Any:
        found = answered(server.get(path, params=query))
        advance(1)
        return found

    return ask


def _asked(url: str, plaats: Plaats, *, signed: bool) -> tuple[Manifest, dict[str, bytes]]:
    questions = VRAGEN + (VRAGEN_PER_MOMENT if plaats.vorige else 0)
    with asking(url) as server, bar(f"editie {plaats.naam}", questions) as advance:
        return gemaakt(asker(server, advance), plaats, _uitgave(), getekend=signed)


def _uitgave() -> Uitgave:
    config = read_config()
    return Uitgave(config.licentie, config.uitgever)


def is_heel(folder: Path, over: Manifest, *, getekend: bool) -> bool:
    """Says how an edition is that is there already. `getekend`: whether it was asked for with a signature."""
    place = folder / over.editie
    signed = ondertekend(place, (place / NAAM).read_bytes(), None)
    wrong = [*([] if signed.goed else [signed.zin]), *beschadigd(place, over)]
    for one in wrong:
        say.print(one, style="red", markup=False)
    when, how = dutch_moment(parse_moment(over.gemaaktOp)), "niet meer heel" if wrong else "heel"
    say.print(
        f"Editie {over.editie} is er al, gemaakt op {when}, en is {how}. Er is niets veranderd; een herziening "
        "ernaast komt er met --opnieuw.",
        markup=False,
    )
    if getekend and not (place / HANDTEKENING).is_file():
        say.print("Let op: zij is niet ondertekend; met --opnieuw wordt een herziening dat wel.", style="yellow")
    return not wrong


def _tell(place: Path, over: Manifest, *, signed: bool) -> None:
    moment = dutch_moment(parse_moment(over.geldigOp))
    by = "ondertekend" if signed else "niet ondertekend"
    say.print(
        f"Editie {over.editie}: stand van {moment}, {count(len(over.bestanden), 'bestand', 'bestanden')}, {by}, in "
        f"{place}",
        markup=False,
    )
    if over.simulatie:
        say.print("Let op: er tellen gesimuleerde gebeurtenissen mee.", style="yellow")
    if over.nagekomen and over.vorige:
        say.print(
            f"Over het moment van editie {over.vorige.editie} kwam later nog iets binnen; nu zou die anders zijn in: "
            f"{', '.join(over.nagekomen)}. Een herziening komt er met --week {over.vorige.editie[:8]} --opnieuw.",
            markup=False,
        )
