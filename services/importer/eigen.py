"""How a table that Opvangpeil wrote is known, and what it did to its texts."""

import re
from collections.abc import Sequence

_VAN_ALLES = frozenset({"geldigOp", "bekendOp", "positie"})
"""The columns that every CSV of answers has."""
_WACHT = re.compile(r"(^|;)'(?=[\s\"']*[=+\-@\t\r])")
"""What services/export puts in a CSV before a text that a spreadsheet would run."""


def is_antwoord(kop: Sequence[str]) -> bool:
    """Returns whether a CSV with this heading is an answer of Opvangpeil."""
    return set(kop) >= _VAN_ALLES


def zoals_het_was(tekst: str) -> str:
    """Returns a text of such a CSV as it was before it was written."""
    return _WACHT.sub(r"\1", tekst)
