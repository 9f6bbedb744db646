"""What people call the things that figures are about."""

from schemas.reference import PROVINCIES
from services.core.reasons.verschil import LANDELIJK
from services.core.registers import Register, SubjectKind
from services.reads.cijfers import Cijfers


def naam_van(cijfers: Cijfers, subject: str) -> str:
    """The name as it is at V; the code of what has none."""
    if SubjectKind.LOCATIE.holds(subject):
        winner = Register.REGISTRATIE.get(cijfers.registers, subject)
        return str(winner.value["naam"]) if winner else subject
    if subject == LANDELIJK:
        return "Nederland"
    return PROVINCIES.get(subject) or cijfers.gemeente_naam(subject) or subject
