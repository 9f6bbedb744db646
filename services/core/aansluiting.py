"""What others published, held against ours: which figure of ours it is, and whether the two agree."""

from services.core.naleving import Cyclus

Getal = int | float


def onze_naam(grootheid: str, cyclus: Cyclus | None) -> str:
    """What a published figure is called in ours: `opgave2024` is the opgave while that cyclus is in force."""
    return "opgave" if cyclus is not None and grootheid == f"opgave{cyclus.id}" else grootheid


def klopt(onze: Getal, gepubliceerd: Getal, nauwkeurigheid: str) -> bool | None:
    """Whether ours agrees with what was said; None for 'ongeveer', which says not how near is near enough."""
    match nauwkeurigheid:
        case "minstens":
            return onze >= gepubliceerd
        case "hoogstens":
            return onze <= gepubliceerd
        case "exact":
            return onze == gepubliceerd
    return None
