"""The page of the toezicht: its figures for everybody, and the list to work from for whoever may see the steps."""

from typing import Any

from fastapi.responses import Response

from services.dashboard.page_request import Blad
from services.dashboard.toezicht.grond import gronden
from services.dashboard.toezicht.stand import stand, verloop
from services.dashboard.toezicht.werklijst import Toezichtvraag, werklijst
from services.reads.toezicht import houders


def toezicht(blad: Blad[Toezichtvraag]) -> dict[str, Any] | Response:
    """Returns the page, or a file of its list. A choice among gemeenten by who sees none raises ProblemError 403."""
    cijfers = blad.totalen()
    over = blad.caller.toezicht_over(cijfers.indeling.geldig)
    lijst = werklijst(blad, cijfers, over)
    if isinstance(lijst, Response):
        return lijst
    return {
        "herkomst": cijfers.herkomst,
        "maatstaf": cijfers.maatstaf,
        "alles": cijfers.audience.sees_toezicht,
        "werk": lijst,
        "verloop": verloop(blad, cijfers),
        "gronden": gronden(blad, cijfers),
        **stand(cijfers, blad.vraag.stel, houders(cijfers, over, blad.caller.toezichthouders or ())),
    }
