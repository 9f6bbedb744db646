"""What to say of a report that was sent: on the page about it, and by the command that sent it."""

from collections.abc import Mapping
from typing import Literal

from services.dashboard.melden.formulier import Formulier

Status = Literal["200", "201", "202"]
"""What taking an event in was answered with."""
KOP: Mapping[Status, str] = {"200": "Dit was al bekend", "201": "Opgeslagen", "202": "Aangenomen"}
_ZEGT: Mapping[Status, str] = {
    "200": "Deze melding was al eerder ontvangen; er is niets veranderd.",
    "201": "De melding is opgeslagen.",
    "202": "De melding is veilig aangenomen.",
}


def ontvangen(status: Status, formulier: Formulier) -> str:
    """Says what became of a report, and what follows."""
    if status == "200":
        return _ZEGT[status]
    if formulier.geen_gevolg:
        follows = formulier.geen_gevolg
    elif status == "202":
        follows = "De cijfers volgen zo."
    elif formulier.register is None:
        follows = "Bij de intrekking staat wat zij intrekt."
    else:
        follows = "Bij de melding staat of zij meetelt, en waarin."
    return f"{_ZEGT[status]} {follows}"
