"""What changed since the edition before, as a paragraph. It says nothing that the differences don't hold."""

from collections.abc import Iterator, Mapping

from schemas.fields import Json
from services.core import dutch
from services.core.begrippen import OORZAKEN
from services.core.grootheden import BIJ_NAAM
from services.core.grootheden.vormen import NOT_STATED, geschreven, verschil
from services.core.registers import LANDELIJK

_GEMETEN = "Gemeten"
"""How the name ends of a figure that says what was measured, where that may be less than the whole."""
EERSTE = "Dit is de eerste editie in deze map: er is geen eerdere om mee te vergelijken."


def alinea(vorige: str | None, told: Json) -> str:
    """Writes what changed. `vorige`: the edition before; `told`: the answer about the differences with it."""
    if vorige is None:
        return EERSTE
    rows = told["verschillen"]
    if not rows:
        return f"Sinds editie {vorige} is geen enkel cijfer anders geworden."
    national = {row["grootheid"]: row for row in rows if row["onderwerp"] == LANDELIJK}
    told_once = [row for name, row in national.items() if not _beside(name, national)]
    subjects = {row["onderwerp"] for row in rows}
    begin = (
        f"Sinds editie {vorige}: {dutch.count(len(rows), 'cijfer', 'cijfers')} over "
        f"{dutch.count(len(subjects), 'onderwerp', 'onderwerpen')} anders."
    )
    return " ".join([begin, *map(_sentence, told_once), *(row["zin"] for row in rows if row["zin"])])


def _beside(name: str, national: Mapping[str, Json]) -> bool:
    """Whether a figure need not be told: it runs on by itself, or what it measures is told as it is."""
    if BIJ_NAAM[name].loopt:
        return True
    whole = national.get(name.removesuffix(_GEMETEN))
    return name.endswith(_GEMETEN) and whole is not None and None not in (whole["van"], whole["naar"])


def _sentence(row: Json) -> str:
    one = BIJ_NAAM[row["grootheid"]]
    van, naar = (NOT_STATED if row[end] is None else geschreven(row[end], one.eenheid) for end in ("van", "naar"))
    parts = "; ".join(_parts(row))
    return f"{one.label}: van {van} naar {naar}{f' ({parts})' if parts else ''}."


def _parts(row: Json) -> Iterator[str]:
    """Yields how much of it each cause made."""
    one = BIJ_NAAM[row["grootheid"]]
    for kant, said in OORZAKEN.items():
        if row[kant]:
            yield f"{said}: {verschil(row[kant], one.eenheid)}"
