"""Reads a file of the corpus as the importer does, and writes down what comes of it."""

from pathlib import Path
from typing import Any

from services.importer.model import ImporterError
from services.importer.profiel import Genoemd, Geweigerd, Namen, Omzetting, getoetst, read_profiel
from tests.corpus.geval import LOCATIES, NAMEN


def lees_uit(pad: Path, profiel: str) -> dict[str, Any]:
    """Returns what comes of a file: its events and refusals by row, the rows skipped and remarks, or why it is refused.

    An event that the model of its type refuses is a refusal, as the server makes it.
    """
    return lees_met(
        pad, Genoemd(naam=pad.stem, profiel=read_profiel(profiel, f"{pad.stem}.toml")), Namen(NAMEN, LOCATIES)
    )


def lees_met(pad: Path, profiel: Genoemd, namen: Namen) -> dict[str, Any]:
    """Returns what comes of a file by this profile and these names."""
    reader = Omzetting(profiel, namen)
    events: list[dict[str, Any]] = []
    refused: list[dict[str, Any]] = []
    try:
        for one in getoetst(reader.rijen(pad)):
            at = {"plaats": one.plaats, "rij": one.rij}
            if isinstance(one, Geweigerd):
                refused.append(at | {"reden": one.reden})
            else:
                events.append(at | {"gebeurtenis": one.gebeurtenis})
    except ImporterError as error:
        return {"heel": str(error)}
    found = {"gebeurtenissen": events, "geweigerd": refused, "overgeslagen": reader.overgeslagen}
    waiting = [[one.soort, one.naam, [id_ for id_, _ in one.voorstellen]] for one in namen.wachten()]
    return found | {"opmerkingen": reader.opmerkingen, "wachten": waiting}
