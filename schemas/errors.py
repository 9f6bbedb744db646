"""Says what is wrong with an event, in Dutch, to the person or system that sent it."""

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from schemas.fields import FORMS, NUMBER_MAX, TEXT_MAX


@dataclass(frozen=True, slots=True)
class Fout:
    """One error in a message."""

    index: int | None
    """Which event of the batch, from 0. None: the message as a whole."""
    veld: str
    """Which field, as a path with dots."""
    melding: str


_NUMBER_MAX = f"{NUMBER_MAX:,}".replace(",", ".")
TEXTS = {
    "missing": "ontbreekt; dit veld is verplicht",
    "extra_forbidden": "is geen bekend veld; weghalen (alleen beschreven velden worden aangenomen)",
    "int_type": "moet een geheel getal zijn, zonder decimalen en zonder aanhalingstekens",
    "int_parsing": "moet een geheel getal zijn",
    "int_parsing_size": "is een te groot getal",
    "int_from_float": "moet een geheel getal zijn, zonder decimalen",
    "float_type": "moet een getal zijn",
    "float_parsing": "moet een getal zijn",
    "finite_number": "moet een eindig getal zijn (geen NaN of Infinity)",
    "string_type": "moet tekst zijn",
    "bool_type": "moet true of false zijn",
    "bool_parsing": "moet true of false zijn",
    "list_type": "moet een lijst zijn",
    "dict_type": "moet een JSON-object zijn",
    "model_type": "moet een JSON-object zijn",
    "model_attributes_type": "moet een JSON-object zijn",
    "greater_than_equal": "moet minstens {ge} zijn",
    "less_than_equal": "mag hoogstens {le} zijn",
    "string_too_short": "heeft te weinig tekens; verwacht minstens {min_length}",
    "string_too_long": "heeft te veel tekens; verwacht hoogstens {max_length}",
    "too_short": "heeft te weinig onderdelen; verwacht minstens {min_length}",
    "too_long": "heeft te veel onderdelen; verwacht hoogstens {max_length}",
    "string_pattern_mismatch": "heeft niet de juiste vorm; verwacht: {form}",
    "literal_error": "moet zijn: {expected}",
    "union_tag_invalid": "is geen bekend type; wel: {expected_tags}",
    "union_tag_not_found": "ontbreekt; dit veld is verplicht",
    "moment": "is geen bestaand moment; verwacht 2026-05-26T08:00:00Z of 2026-05-26T10:00:00+02:00 "
    "(hoogstens 9 decimalen), of een datum 2026-05-26",
    "moment_range": "ligt buiten 2010 tot en met 2050",
    "number": "moet een getal zijn, zonder aanhalingstekens",
    "number_range": f"moet liggen tussen −{_NUMBER_MAX} en {_NUMBER_MAX}",
    "number_or_text": f"moet een getal zijn, of een tekst van 1 tot {TEXT_MAX} tekens",
    "unknown_code": "is geen bekende {kind}; de codes staan in /v1/gemeenten en /v1/provincies",
    "control_characters": "bevat regeleinden of andere onzichtbare tekens; gewone tekst op één regel is toegestaan",
    "reference": "is geen verwijzing; verwacht een zaaknummer (hoogstens 40 letters, cijfers, punten, streepjes en "
    "schuine strepen, waarvan minstens één cijfer), een ECLI, of een URL van hoogstens 120 tekens, met tussen twee "
    "schuine strepen hoogstens 40 letters, cijfers, punten, komma's, dubbele punten, streepjes, onderstrepen en tildes",
    "blank": "bevat alleen spaties; verwacht een tekst",
    "end_before_start": "geldigTot moet na geldigVanaf liggen",
    "usable_exceeds_total": "inzetbaar mag niet groter zijn dan aantal",
    "part_exceeds_total": "waarvanAmv mag niet groter zijn dan opgave",
    "before": "mag niet vóór {begin} liggen",
    "available_later": "beschikbaarVanaf mag niet na geldigVanaf liggen",
    "shorter_than_rest": "duurMinstensMaanden mag niet korter zijn dan nogMinstensMaanden: "
    "een plaats die er nog zo lang moet zijn, is er in totaal minstens even lang",
    "reserved_name": "mag niet cyclus zijn: zo heet de regel van de cyclus zelf",
    "fte_range": "moet liggen tussen 0 en 10.000",
    "least_exceeds": "urenMinstens mag niet groter zijn dan urenPerGemeente",
    "most_below": "urenHoogstens mag niet kleiner zijn dan urenPerGemeente",
    "repeated": "elke soort of grootheid mag er maar één keer in staan",
    "to_itself": "naar moet een andere gemeente zijn dan het onderwerp",
    "duration": 'is geen duur; verwacht een getal en s, m, h of d, tussen aanhalingstekens: "30s", "24h" of "7d"',
    "duration_range": "is te lang; verwacht hoogstens {most}d",
    "days_range": "moet liggen tussen 0 en {most} dagen",
    "not_for": "zegt niets bij deze grootheid, alleen bij {expected}",
    "wrong_subject": "noemt {onderwerp}, en deze grootheid gaat over {expected}",
    "no_regime": "is geen regime van toegang; verwacht {expected}",
    "clears_beyond": "ligt voorbij de drempel: dan zou een alarm afgaan en meteen weer eindigen; "
    "verwacht bij richting boven hoogstens de drempel, bij onder minstens",
    "filter_empty": "is leeg, en dan zou er niets worden gemeld; laat het weg om alles te krijgen",
    "url": "is geen adres; verwacht https://… met een host, zonder spaties",
    "url_secret": "bevat een naam, wachtwoord of fragment; dat hoort in geheimBestand of tokenBestand",
    "bundle": 'is geen bundel; verwacht een duur zoals "15m", of een duur per ernst: {{ waarschuwing = "15m" }}',
    "bundle_range": "is te lang; verwacht hoogstens {most}h",
    "bundle_critical": "kan niet voor kritiek: wat kritiek is wordt meteen gemeld",
    "url_plain": "is niet versleuteld; verwacht https://… (http alleen met privaat = true, voor een eigen netwerk)",
    "reserved_label": "'{label}' geeft Opvangpeil zelf; kies een andere naam",
}
"""What to say for each type of pydantic error, also those of query parameters, where pydantic is less strict. A test
walks the models to see that none is missing."""

FOUTEN_MAX = 100
"""How many errors of one event are listed. No event has so many fields, and a flood of junk must not fill an answer."""
_PART_MAX = 100
# Pydantic reports these errors one step above the field at fault.
_BELOW = {"to_itself": ("naar",), "union_tag_invalid": ("type",), "union_tag_not_found": ("type",)}


def describe(details: ErrorDetails) -> str:
    """Returns the Dutch sentence for one pydantic error."""
    context: dict[str, Any] = details.get("ctx", {})
    known = {key: str(value).replace(" or ", " of ") for key, value in context.items()}
    known["form"] = FORMS.get(pattern := known.get("pattern", ""), f"van de vorm {pattern}")
    return TEXTS.get(details["type"], "is niet geldig").format_map(known)


def field_path(location: tuple[int | str, ...], *, tagged: bool = True) -> str:
    """Returns where the error is, as the sender knows it: `data.plaatsen.0.aantal`.

    With `tagged`, pydantic has put the type of the event in front; it puts `[key]` behind a name that is wrong itself.
    Names come from outside, so a long one is cut off.
    """
    if tagged and location and str(location[0]).startswith("nl."):
        location = location[1:]
    if len(location) > 1 and location[-1] == "[key]":
        location = location[:-1]
    return ".".join(str(part)[:_PART_MAX] for part in location)


def fouten(error: ValidationError, index: int, *, tagged: bool = True) -> tuple[Fout, ...]:
    """Returns everything that is wrong with the event at `index`. See `field_path` for `tagged`."""
    found = error.errors(include_url=False, include_input=False)
    listed = [
        Fout(index, field_path((*details["loc"], *_BELOW.get(details["type"], ())), tagged=tagged), describe(details))
        for details in found[:FOUTEN_MAX]
    ]
    if len(found) > FOUTEN_MAX:
        listed.append(Fout(index, "", f"en nog {len(found) - FOUTEN_MAX} fouten"))
    return tuple(listed)
