"""The letter about one gemeente: a paragraph to copy or to print, what it rests on, and the code to check it by."""

from typing import Any

from services.dashboard.page_request import Blad, Bladtijd
from services.reads.controle import code_of
from services.reads.gemeentebrief import brief as gemeentebrief
from services.web.addresses import CONTROLE
from services.web.publicatie import publicatie_of


def brief(blad: Blad[Bladtijd]) -> dict[str, Any]:
    """Returns the letter. Raises NotKnownError for a gemeente that is not there at V."""
    found = gemeentebrief(blad.reader, blad.question, blad.code, blad.caller.toezicht_over)
    sealed = blad.reader.store.sealed
    code = code_of(sealed, found.uitgegeven)
    return {
        "herkomst": found.cijfers.herkomst,
        "brief": found.said | {"positie": sealed.positie(found.said["positie"])},
        "code": code,
        "pad": CONTROLE.path,
        "adres": f"{publicatie_of(blad.request).begin(blad.request)}{CONTROLE.path}",
    }
