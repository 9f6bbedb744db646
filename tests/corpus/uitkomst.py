"""Reads a file of the corpus as the importer does, and writes down what comes of it."""

from pathlib import Path
from typing import Any

import orjson

from schemas.parsing import Invalid, parse_facts
from services.importer.model import ImporterError
from services.importer.profiel import Genoemd, Geweigerd, Kandidaat, Namen, Omzetting, read_profiel
from tests.corpus.geval import LOCATIES, NAMEN

_ENVELOPE = {"specversion": "1.0", "id": "0190163d-8694-739b-aea5-966c26f8ad91", "time": "2026-11-28T09:00:00Z"}


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
        for one in reader.rijen(pad):
            if isinstance(one, Geweigerd):
                refused.append({"plaats": one.plaats, "rij": one.rij, "reden": one.reden})
                continue
            parsed = parse_facts(orjson.dumps(_ENVELOPE | one.gebeurtenis))[0]
            if isinstance(parsed, Invalid):
                refused.append({"plaats": one.plaats, "rij": one.rij, "reden": _reden(one, parsed)})
            else:
                events.append({"plaats": one.plaats, "rij": one.rij, "gebeurtenis": one.gebeurtenis})
    except ImporterError as error:
        return {"heel": str(error)}
    found = {"gebeurtenissen": events, "geweigerd": refused, "overgeslagen": reader.overgeslagen}
    waiting = [[one.soort, one.naam, [id_ for id_, _ in one.voorstellen]] for one in namen.wachten()]
    return found | {"opmerkingen": reader.opmerkingen, "wachten": waiting}


def _reden(one: Kandidaat, said: Invalid) -> str:
    return "; ".join(f"{one.waar(fout.veld or '')}: {fout.melding}".removeprefix(": ") for fout in said.fouten)
