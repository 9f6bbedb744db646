"""The pages of editions: plain HTML that loads nothing else."""

from collections.abc import Mapping, Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined

from schemas.fields import parse_moment
from services.core.dutch import bijeen, dutch_moment, number
from services.editie.manifest import Inhoud, Manifest
from services.reads.answers import ZICHTBAAR

_INHOUD = {
    "landelijk": "heel Nederland: mensen, plaatsen en de Spreidingswet",
    "provincies": "de twaalf provincies",
    "gemeenten": "elke gemeente: haar opgave, naleving en bezetting",
    "locaties": "elke locatie die iedereen mag zien",
    "verschil": "wat er sinds de vorige editie veranderde, en waardoor",
    "definities": "wat elk cijfer en elke kolom betekent",
}
"""What is in a file, by its name without extension."""
_LIBRARY = Environment(
    loader=PackageLoader("services.editie"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_LIBRARY.filters |= {
    "moment": lambda text: dutch_moment(parse_moment(text)),
    "getal": number,
    "inhoud": lambda naam: _INHOUD[naam.partition(".")[0]],
}


def blad(over: Manifest, bestanden: Mapping[str, Inhoud], alinea: str, verandering: str, *, getekend: bool) -> bytes:
    """Makes the page of an edition.

    Args:
        over: its manifest, which need not name its files yet.
        bestanden: its files.
        alinea: its figures in a paragraph.
        verandering: what changed, in a paragraph.
        getekend: whether it is signed.
    """
    said = {"over": over, "bestanden": sorted(bestanden.items()), "alinea": alinea, "verandering": verandering}
    return _made("editie.html", said | {"getekend": getekend})


def inhoudsopgave(edities: Sequence[Manifest]) -> bytes:
    """Makes the page that lists all editions in a folder, in this order."""
    return _made("edities.html", {"edities": edities})


def _made(template: str, said: Mapping[str, object]) -> bytes:
    return bijeen(_LIBRARY.get_template(template).render(**said, zichtbaar=ZICHTBAAR)).encode() + b"\n"
