"""The words that the sentences about alarms are made of: people, days, names. All of it Dutch."""

from schemas.reference import PROVINCIES, gemeenten
from services.core.alarms.beeld import Beeld
from services.core.dutch import count, number
from services.core.naleving import GemeenteNaleving
from services.core.registers import LANDELIJK, Register


def people(many: int) -> str:
    """Writes how many people are present."""
    return count(many, "aanwezige", "aanwezigen", "geen")


def days(many: float) -> str:
    """Writes a number of days, which need not be whole."""
    return f"{number(many)} {'dag' if many == 1 else 'dagen'}"


def klasse(row: GemeenteNaleving) -> str:
    """Writes the class of a gemeente, with the places that it has for its opgave where there is one to judge by."""
    if row.besluit is None or not row.geteld:
        return f"'{row.naleving}'"
    return f"'{row.naleving}' ({number(row.meetellend)} van {number(row.besluit.opgave)} plaatsen)"


def naam(onderwerp: str, beeld: Beeld) -> str:
    """Returns what an onderwerp is called, with its code: `Utrecht (GM0344)`."""
    if onderwerp == LANDELIJK:
        return "Nederland"
    registratie = Register.REGISTRATIE.get(beeld.registers, onderwerp)
    if registratie is not None:
        return f"{registratie.value['naam']} ({onderwerp})"
    names = PROVINCIES | {gemeente.code: gemeente.naam for gemeente in gemeenten()}
    return f"{names[onderwerp]} ({onderwerp})" if onderwerp in names else onderwerp
