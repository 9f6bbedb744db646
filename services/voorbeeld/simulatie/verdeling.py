"""Repeatable chance, and splitting a whole number into parts that add up to it exactly."""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from random import Random

_HALVERINGEN = 60
"""How often the search halves its range: enough for the last bit of a double."""


def toeval_van(zaad: int, waarvoor: str) -> Random:
    """Returns the chance for one purpose. It is the same for the same seed, whatever else is drawn."""
    return Random(f"{zaad}:{waarvoor}")  # noqa: S311 - it must be repeatable, and protects no secret


def verdeel(
    totaal: int, gewichten: Sequence[float], minimum: Sequence[int], maximum: Sequence[int] | None = None
) -> list[int]:
    """Splits `totaal` in proportion to the weights, with each part within its bounds.

    Raises ValueError when the bounds leave no room for `totaal`.
    """
    hoogste = maximum or [totaal] * len(gewichten)
    if not sum(minimum) <= totaal <= sum(hoogste):
        raise ValueError(
            f"{totaal} is niet te verdelen: er past minstens {sum(minimum)} en hoogstens {sum(hoogste)} in"
        )

    def delen(factor: float) -> list[float]:
        return [min(max(factor * w, a), b) for w, a, b in zip(gewichten, minimum, hoogste, strict=True)]

    laag, hoog = 0.0, (totaal + 1) / min(gewichten)
    for _ in range(_HALVERINGEN):
        midden = (laag + hoog) / 2
        laag, hoog = (midden, hoog) if sum(delen(midden)) <= totaal else (laag, midden)
    ruw = delen(laag)
    heel = [int(deel) for deel in ruw]
    # What rounding down leaves goes to the largest remainders, one each.
    volgorde = sorted(range(len(ruw)), key=lambda i: (heel[i] >= hoogste[i], heel[i] - ruw[i], i))
    for i in volgorde[: totaal - sum(heel)]:
        heel[i] += 1
    return heel


def verdeel_snel(totaal: int, gewichten: Sequence[int]) -> list[int]:
    """Splits `totaal` in proportion to whole weights, each part within one of its share. It is fast, without bounds."""
    grenzen = [0, *accumulate(gewichten)]
    som = grenzen[-1]
    return [b - a for a, b in pairwise([grens * totaal // som for grens in grenzen])]
