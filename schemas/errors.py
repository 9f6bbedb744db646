"""What is wrong with an event, in Dutch, for the person or system that sent it."""

from dataclasses import dataclass
from typing import Any

from pydantic_core import ErrorDetails


@dataclass(frozen=True, slots=True)
class Fout:
    """One error: which event of the batch, which field (a path with dots), what is wrong and what is right."""

    index: int
    veld: str
    melding: str


_TEXTS = {
    "missing": "ontbreekt; dit veld is verplicht",
    "extra_forbidden": "is geen bekend veld; weghalen (alleen beschreven velden worden aangenomen)",
    "int_type": "moet een geheel getal zijn",
    "int_parsing": "moet een geheel getal zijn",
    "int_from_float": "moet een geheel getal zijn, zonder decimalen",
    "float_type": "moet een getal zijn",
    "finite_number": "moet een eindig getal zijn (geen NaN of Infinity)",
    "string_type": "moet tekst zijn",
    "bool_type": "moet true of false zijn",
    "list_type": "moet een lijst zijn",
    "dict_type": "moet een JSON-object zijn",
    "model_type": "moet een JSON-object zijn",
    "model_attributes_type": "moet een JSON-object zijn",
    "greater_than_equal": "moet minstens {ge} zijn",
    "less_than_equal": "mag hoogstens {le} zijn",
    "string_too_short": "moet minstens {min_length} teken(s) hebben",
    "string_too_long": "mag hoogstens {max_length} tekens hebben",
    "too_short": "moet minstens {min_length} regel(s) hebben",
    "too_long": "mag hoogstens {max_length} regels hebben",
    "string_pattern_mismatch": "heeft niet de vorm {pattern}",
    "literal_error": "moet zijn: {expected}",
    "union_tag_invalid": "is geen bekend type; wel: {expected_tags}",
    "union_tag_not_found": "type ontbreekt; dit veld is verplicht",
    "moment": "is geen moment; verwacht 2026-05-26T08:00:00Z, met een offset, of een datum 2026-05-26",
    "moment_range": "ligt buiten 2010 tot en met 2050",
    "unknown_code": "is geen bekende {kind}; zie schemas/reference",
    "control_characters": "bevat regeleinden of andere onzichtbare tekens; gewone tekst op één regel is toegestaan",
    "end_before_start": "geldigTot moet na geldigVanaf liggen",
    "usable_exceeds_total": "inzetbaar mag niet groter zijn dan aantal",
    "part_exceeds_total": "waarvanAmv mag niet groter zijn dan opgave",
    "repeated": "elke soort of grootheid mag er maar één keer in staan",
    "to_itself": "naar moet een andere gemeente zijn dan het onderwerp",
}


def describe(details: ErrorDetails) -> str:
    """The Dutch sentence for one pydantic error; pydantic's own where a kind of error was not foreseen."""
    template = _TEXTS.get(details["type"], details["msg"])
    context: dict[str, Any] = details.get("ctx", {})
    return template.format_map({key: str(value).replace(" or ", " of ") for key, value in context.items()})


def field_path(location: tuple[int | str, ...]) -> str:
    """`data.plaatsen.0.aantal`: where the error is, as a path with dots, without the tag of the union."""
    return ".".join(str(part) for part in location if not str(part).startswith("nl."))
