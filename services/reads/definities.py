"""What every figure means, as it is declared: its sentence, its unit, its registers, and how the country is counted."""

from collections.abc import Mapping

from schemas.fields import Json
from services.core.begrippen import BEGRIPPEN
from services.core.grootheden import GROOTHEDEN, KLASSENAMEN
from services.core.grootheden.declaratie import FigureOf, Grootheid
from services.core.grootheden.velden import VELDEN
from services.core.reasons.formules import van_bezetting, van_naleving, van_toezicht
from services.core.registers import Register
from services.reads import answers
from services.reads.cijfers import Cijfers


def definities(cijfers: Cijfers) -> Json:
    """Returns every figure that the audience may be told of, every other field of an answer, and every word."""
    formules = formules_van_het_land(cijfers)
    seen = [one for one in GROOTHEDEN if one.verteld(cijfers.unseen)]
    return (
        answers.head(cijfers.herkomst)
        | {"omvat": cijfers.omvat}
        | {"items": [_definitie(one, formules.get(one.naam)) for one in seen], "volgende": None}
        | {"velden": [{"veld": naam, "betekenis": text} for naam, text in VELDEN.items()]}
        | {"begrippen": [{"woord": one.woord, "betekenis": one.betekenis} for one in BEGRIPPEN]}
    )


def formules_van_het_land(cijfers: Cijfers) -> Mapping[str, str]:
    """Returns how each figure of the country is counted, with the numbers filled in, by the name of the figure."""
    land = van_bezetting(cijfers.locaties, cijfers.landelijk, cijfers.herkomst.geldig_op)
    wet = van_naleving(cijfers.naleving, cijfers.maatstaf)
    toezicht = van_toezicht(cijfers.toezicht, cijfers.unseen)
    return {KLASSENAMEN.get(one.grootheid, one.grootheid): one.formule for one in (*land, *wet, *toezicht)}


def _definitie(one: Grootheid, formule: str | None) -> Json:
    return {
        "grootheid": one.naam,
        "label": one.label,
        "betekenis": one.betekenis,
        "eenheid": one.eenheid.value.naam,
        "van": [soort.value for soort in FigureOf if one.van(soort) is not None],
        "registers": [found.value.name for found in Register if found in one.rust_op],
        "formule": formule,
    }
