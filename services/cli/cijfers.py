"""The names of the figures that commands show.

The figures are declared in services/core/grootheden. That takes long to import, and a command should answer at once. A
test holds these names to those declarations.
"""

import re

_CAPITAL = re.compile("[A-Z]")
STATUS = ("aanwezig", "aanwezigGemeten", "inzetbaar", "bezettingsgraad", "bezettingsgraadGemeten", "dekking")
"""What `status` shows of the whole country."""
MEETELLEND, NALEVING, TOEZICHT = "meetellend", "naleving", "toezicht"
KOLOMMEN = {
    "bezetting": ("onderwerp", "naam", "aanwezig", "inzetbaar", "bezettingsgraad", "dekking"),
    "naleving": ("code", "naam", "opgave", MEETELLEND, "tekort", NALEVING, TOEZICHT),
    "kamerbrief": ("grootheid", "onderwerp", "waarde", "gebeurtenissen"),
    "toezicht": ("code", "naam", "stap", "dagenInStap", "termijn", NALEVING),
}
"""The columns of a report that fit on a screen. The other formats hold everything."""
PER_1000_INWONERS = "plaatsenPer1000Inwoners"
VAN_HET_LAND = (
    "opgave",
    "opgaveMinstens",
    "tekort",
    "tekortMinstens",
    "tekortHoogstens",
    "spreidingsindex",
    PER_1000_INWONERS,
)
"""What a report says of the whole country, above its rows."""
STAPPEN = ("stap", "gemeenten", "verlopen", "uren", "urenMinstens", "urenHoogstens")
"""What the report of the toezicht says of each step."""
TOEZICHTHOUDERS = ("naam", "gemeenten", "uren", "fteNodig", "fteNodigMinstens", "fteNodigHoogstens", "fteBeschikbaar")
"""What it says of each toezichthouder."""
RAMINGEN = ("stap", "urenPerGemeente", "urenPerGemeenteMinstens", "urenPerGemeenteHoogstens", "bron")
CAPACITEITEN = ("toezichthouder", "fteBeschikbaar", "urenPerFte", "bron")
"""What it says of each estimate, and of what each toezichthouder has."""
VAN_TOEZICHT = (
    "onderToezicht",
    "termijnenVerlopen",
    "nietInToezicht",
    "voldoetInToezicht",
    "urenNodig",
    "urenNodigMinstens",
    "urenNodigHoogstens",
    "fteNodig",
    "fteNodigMinstens",
    "fteNodigHoogstens",
    "fteBeschikbaar",
)
"""What it says of all steps together."""
ALS_ALLEN = (
    "gemeenten",
    "uren",
    "urenMinstens",
    "urenHoogstens",
    "fte",
    "fteMinstens",
    "fteHoogstens",
    "haalbaar",
    "haalbaarMinstens",
    "haalbaarHoogstens",
)
"""What it says of taking up all gemeenten."""
AANDELEN = frozenset({"bezettingsgraad", "bezettingsgraadGemeten", "dekking", "spreidingsindex"})
"""The figures that are a share of a whole, which people read as a percentage."""
GEEN = frozenset({"stand", "realiserenVoor", "tekortMinstens", "tekortHoogstens", "reden", "toezicht", "oudste"})
"""Of these null says that there is none, also for each step. Of every other figure it says that it can't be stated."""
EURO = frozenset({"overschrijding.dwangsom", "overschrijding.plafond"})
"""The figures that are an amount of money."""
PER_1000 = frozenset({PER_1000_INWONERS})
"""The figures with two decimals."""
DUUR = frozenset({"dataOuderdomSeconden", "dataOuderdomMediaanSeconden"})
"""The figures that are a length of time, in seconds."""
_NAMEN = {
    "locatiesGemeten": "locaties met een meting",
    "aanwezigGemeten": "gemeten aanwezig",
    "aanwezigGesloten": "aanwezig op gesloten locaties",
    "locatiesGeslotenZonderTelling": "gesloten zonder telling",
    "bezettingsgraadGemeten": "gemeten bezettingsgraad",
    "dekking": "gemeld in 26 uur",
    "dataOuderdomSeconden": "ouderdom, oudste meting",
    "dataOuderdomMediaanSeconden": "ouderdom, middelste meting",
    "totaalPlaatsen": "plaatsen",
    "bovenCapaciteit": "boven capaciteit",
    "maximumGrondslag": "grondslag van het maximum",
    "bovenMaximum": "boven maximum",
    "overschrijding.dagen": "dagen boven het maximum",
    "overschrijding.dagenMetMeting": "dagen met een meting",
    "overschrijding.dwangsom": "dwangsom daarover",
    "overschrijding.plafond": "plafond",
    "opgaveStatus": "status van de opgave",
    "realiserenVoor": "realiseren vóór",
    "meetellend": "telt mee",
    PER_1000_INWONERS: "plaatsen per 1.000 inwoners",
    "amvOpgave": "amv-opgave",
    "amvMeetellend": "amv telt mee",
    "tekortMinstens": "tekort, minstens",
    "tekortHoogstens": "tekort, hoogstens",
    "voldoetNiet": "voldoet niet",
    "geenOpgave": "geen opgave",
    "termijnLoopt": "termijn loopt",
    "opgaveMinstens": "opgave, minstens",
    "urenPerGemeente": "geraamde uren",
    "urenPerGemeenteMinstens": "minstens",
    "urenPerGemeenteHoogstens": "hoogstens",
    "urenPerFte": "uren per fte",
    "haalbaar": "gemeenten die de fte aankan",
    "haalbaarMinstens": "gemeenten die de fte aankan, minstens",
    "haalbaarHoogstens": "gemeenten die de fte aankan, hoogstens",
}
"""Figure → its name in words, where that is another."""


def naam(name: str) -> str:
    """Returns what people call a figure, or a field of an event."""
    if found := _NAMEN.get(name.removeprefix("allen.")):
        return found
    of, _, own = name.rpartition(".")
    words = _CAPITAL.sub(lambda letter: f" {letter[0].lower()}", own)
    if of:
        words += " als allen worden opgepakt" if of == "allen" else f" in de stap {naam(of)}"
    return words
