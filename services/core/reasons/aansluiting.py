"""What others published, held against ours: which figure of ours it is, and whether the two agree."""

from services.core.telregel import Cyclus

EIGEN_BRON = "Opvangpeil, rapport"
"""A figure that was recorded from a report of ours has a bron that begins like this."""


_SUMS = {"nietOfGedeeltelijk": ("gedeeltelijk", "voldoetNiet")}


def onze_namen(grootheid: str, cyclus: Cyclus | None) -> tuple[str, ...]:
    """Names the figures of ours that a published figure stands for. Several are added.

    `opgave2024` is the opgave while that cyclus is in force.
    """
    if cyclus is not None and grootheid == f"opgave{cyclus.id}":
        return ("opgave",)
    return _SUMS.get(grootheid, (grootheid,))


def klopt(onze: float, gepubliceerd: float, nauwkeurigheid: str) -> bool | None:
    """Whether ours agrees with what was said; None for 'ongeveer', which does not say how near is near enough."""
    match nauwkeurigheid:
        case "minstens":
            return onze >= gepubliceerd
        case "hoogstens":
            return onze <= gepubliceerd
        case "exact":
            return onze == gepubliceerd
    return None
