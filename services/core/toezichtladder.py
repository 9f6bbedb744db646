"""Says of a step of toezicht whether it follows on the former one. Any step is accepted; this only tells about it."""

from collections.abc import Mapping

from schemas.data import Toezichtstap
from schemas.reference.toezichtladder import toezichtladder

_IN_ZIN: Mapping[Toezichtstap, str] = {
    "brief": "een brief",
    "ambtelijk gesprek": "een ambtelijk gesprek",
    "bestuurlijk gesprek": "een bestuurlijk gesprek",
    "actief toezicht": "actief toezicht",
    "vooraankondiging": "een vooraankondiging",
    "besluit": "een besluit",
    "uitvoering": "de uitvoering",
    "beëindigd": "het einde van het toezicht",
}
"""What a sentence calls each step."""


def buiten_volgorde(vorige: Toezichtstap | None, stap: Toezichtstap) -> str | None:
    """Says why a step is out of order, in a sentence without capital or full stop; None when it is in order.

    Args:
        vorige: the step in force before it; None when there was none. The same step once more is in order.
        stap: the step that follows.
    """
    ladder = toezichtladder()
    if vorige is None:
        if ladder[stap].eerste:
            return None
        return f"het toezicht begint met {_of(*(s for s in ladder if ladder[s].eerste))}, niet met {_IN_ZIN[stap]}"
    volgende = ladder[vorige].volgende
    if stap == vorige or stap in volgende:
        return None
    # The end may follow every step, so it is only named where nothing else may.
    higher = [one for one in volgende if one != "beëindigd"]
    return f"na {_IN_ZIN[vorige]} volgt {_of(*(higher or volgende))}, niet {_IN_ZIN[stap]}"


def _of(*stappen: Toezichtstap) -> str:
    return " of ".join(_IN_ZIN[stap] for stap in stappen)
