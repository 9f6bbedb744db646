"""Holds an edition against its signature, its manifest and the log."""

from collections.abc import Mapping
from pathlib import Path

import httpx

from services.cli.editie_maken import asker
from services.cli.momenten import op_de_klok
from services.cli.plain import say
from services.cli.recheck import differences, tell
from services.core.dutch import count, number
from services.core.reasons.aansluiting import BETEKENIS
from services.editie import inhoud
from services.editie.heel import beschadigd, ondertekend
from services.editie.inhoud import DEFINITIES, VERSCHIL, Ask, Opdracht
from services.editie.manifest import HANDTEKENING, NAAM, Inhoud, Manifest, ManifestError, parse
from services.export.parsing import UnreadableError, read_back

_A_ROW = "deze regel"


def is_of_edition(path: Path) -> bool:
    """Whether a file is part of an edition: its manifest, the signature, or a file that the manifest names."""
    manifest = path.with_name(NAAM)
    if path.name in (NAAM, HANDTEKENING):
        return True
    try:
        return path.name in parse(manifest.read_bytes()).per_bestand
    except FileNotFoundError:
        return False
    except ManifestError:  # A damaged manifest is told of by who looks closer.
        return True


def stands(server: httpx.Client, path: Path, public: Path | None) -> bool:
    """Tells whether the edition that a file is part of still stands. Returns whether nothing is wrong with it."""
    folder, file = path.parent, path.with_name(NAAM)
    text = file.read_bytes()
    try:
        over = parse(text)
    except ManifestError as error:
        say.print(f"{file} {error}", style="red", markup=False)
        return False
    say.print(f"Editie {over.editie}: stand van {op_de_klok(over.geldigOp)}, gemaakt op {op_de_klok(over.gemaaktOp)}.")
    signed = ondertekend(folder, text, public)
    say.print(signed.zin, style=None if signed.goed else "red", markup=False)
    if not signed.goed:
        say.print("De cijfers zijn niet nagerekend: wat het manifest zegt is niet te vertrouwen.")
        return False
    damaged = list(beschadigd(folder, over))
    for one in damaged:
        say.print(one, style="red", markup=False)
    if not damaged:
        files = count(len(over.bestanden), "bestand is", "bestanden zijn")
        say.print(f"{files} zoals gemaakt.", style="green")
    return _figures_stand(asker(server), folder, over, whole=not damaged) and not damaged


def _figures_stand(ask: Ask, folder: Path, over: Manifest, *, whole: bool) -> bool:
    """Tells what the log says of the figures of an edition. Returns whether nothing in its files is otherwise.

    Args:
        ask: how to ask the server.
        folder: the edition.
        over: its manifest.
        whole: whether all of its files are as they were made. If not, not all of it was held against the log.
    """
    at = Opdracht(over.geldigOp, over.bekendOp, over.positie, over.licentie)
    again = inhoud.bestanden(ask, at, over.vorige)
    total = sum(_tell_wrong(folder / naam, one) for naam, one in again.items() if naam in over.per_bestand)
    if over.betekenis != BETEKENIS:
        say.print(
            f"Deze editie is gemaakt volgens een eerdere betekenis van de cijfers ({over.betekenis}; nu {BETEKENIS}). "
            f"Wat anders is, {count(total, 'cijfer', 'cijfers')}, zegt daarom niet dat de editie onjuist is."
        )
        return True
    cells = number(_cells(again))
    if total:
        verb = "staat" if total == 1 else "staan"
        say.print(f"{number(total)} van {cells} cellen {verb} op haar positie anders in het logboek.", style="red")
    elif whole:
        say.print(f"Alle {cells} cellen van de tabellen staan op haar positie nog precies zo.", style="green")
    else:
        say.print("In de tabellen die er nog zijn staat niets anders dan in het logboek.")
    _tell_learned(ask, over, again)
    return not total


def _tell_wrong(file: Path, made: Inhoud) -> int:
    """Tells what a file says otherwise than it does when it is made again. Returns in how many places.

    A file that is not there says nothing. What words mean may be said otherwise by another version.
    """
    if not file.is_file() or (content := file.read_bytes()) == made.inhoud or file.name == DEFINITIES:
        return 0
    if file.name == VERSCHIL:
        say.print(f"{file.name} zegt iets anders dan het logboek; verschil.csv heeft dezelfde regels.", style="red")
        return 1
    formaat = file.suffix.removeprefix(".")
    try:
        found = read_back(content, formaat)
    except UnreadableError as error:
        say.print(f"{file.name} {error}", style="red", markup=False)
        return 1
    known = {name for regel in found.regels for name in regel.cellen} | {*found.kop, _A_ROW}
    wrong = [one for one in differences(found, read_back(made.inhoud, formaat)) if one.kolom in known]
    if wrong:
        say.print(f"{file.name}:")
    tell(wrong, "in het bestand", "volgens het logboek")
    return len(wrong)


def _cells(made: Mapping[str, Inhoud]) -> int:
    """Counts the cells: figures, and the names and codes beside them. Two files that hold one table count once."""
    of_tables = (one for naam, one in made.items() if naam.endswith(".parquet") or naam == "verschil.csv")
    return sum((one.rijen or 0) * len(one.kolommen or ()) for one in of_tables)


def _tell_learned(ask: Ask, over: Manifest, then: Mapping[str, Inhoud]) -> None:
    """Says what the same moment with the same knowledge gives by all that is stored by now."""
    today = inhoud.brief(ask, over.geldigOp, over.bekendOp)["positie"]
    learned = 0
    for tabel in inhoud.tabellen(ask, Opdracht(over.geldigOp, over.bekendOp, today, over.licentie)):
        for naam, one in inhoud.in_formats(tabel):
            if naam.endswith(".csv"):
                found = list(differences(read_back(then[naam].inhoud, "csv"), read_back(one.inhoud, "csv")))
                learned += len(found)
                tell(found, f"in {naam}", "met wat inmiddels is opgeslagen")
    if not learned:
        say.print("Hetzelfde moment met dezelfde kennis geeft ook nu dezelfde cijfers.")
