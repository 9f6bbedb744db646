"""What answers differently today than commit 0630fa6 did on the same data, and why."""

import re
from functools import cache
from typing import NamedTuple

NUMBER = r"-?[\d.e-]+"
ANY = r".*"
SERIES = r"punten\.#\.(laatste|maximum|gemiddelde)"
WITHIN = r"(.*\.)?"
"""Any path before the name of a field."""
MOMENT_OF_BEFORE = r"(\d{4}-\d\d-\d\dT|\d\d-\d\d-\d{4}|\d{4} om \d\d:|(uari|maart|april|juni|juli|augustus|ber) \d{4})"
"""The four ways in which a moment or a day was written."""
LOG_PATHS = r"/v1/gebeurtenissen(/ID)?"
LAW_PATHS = r"/v1/(gemeenten(/ID)?|naleving|rapporten/naleving)"

NOT_ENOUGH_KNOWN = (
    "people and a bezettingsgraad of an area are only given when enough locaties reported lately; beside them stands "
    "what was measured, and why not"
)
FRESHER = "a reading is fresh for 26 hours instead of 24: a daily count and its delay"
LEFT_BEHIND = "people at a locatie that closed are counted apart"
TERMS = "an answer names by which rule, decision and term a gemeente is judged"
SPREAD = "how many places count for each thousand inhabitants is a figure, and an answer names the day of these"
COVERED = (
    "an overdracht counts as far as the giver has places of its own other than amv: GM1950 has 2,000 of the 5,000 that "
    "it promised to GM0363, and GM0166 has none but 120 that it received itself, so GM0303 gets nothing"
)
DECIDED_AFTER_MERGER = "a verdeelbesluit of GM0402 from after the merger replaces those of its parts: 470 and not 590"
STEP_OF_A_PART = "after the merger GM0402 has the latest step of supervision of both: the letter to GM1696"
NO_TASK = "a gemeente without an opgave is 0 places short; before it was unknown"
NO_CYCLUS = "before there is a cyclus of which anything is known every gemeente is onbekend"
RENAMED = "the part for amv is a number of its own: amvOpgave"
ALARMS_TELL_THE_PRESENT = "an alarm has its value and its sentence of when it began, and those of now beside them"
NO_ALARM_ON_THE_UNKNOWN = "an alarm is never about a figure that is not known"
COMPARABLE = "figures of others are only compared where that can be done, with the reason where it can't"
EXPLAINED = "an explanation names every event that once counted or was announced, and gives a formula for more figures"
UNCOVERED = "an explanation says of a promised overdracht how much of it no place covers"
BY_RULE = "a reason and a formula name the rule"
THREE_PARTS = "a difference has a third part: what a rule counts otherwise"
MEANING = "a report names the version of meaning that it was made by"
OF_ITS_USE = "a report says by which licence it may be used, and where its figures are explained"
KNOWN_THEN = "what is not known at one moment may have been reported at another, so it is not called never reported"
DECIDED_TOGETHER = (
    "the opgave of the country is the sum of its verdeelbesluiten, and it is not stated where one may be missing; "
    "beside it stands the sum of those that are known"
)
SHORT_FROM = "from when on there are too few places is not stated while the places of an open locatie are not known"
SINGULAR = "of one thing a sentence speaks in the singular"
TRUE_SENTENCES = "each sentence of the paragraph for Parliament states, bounds, or says what is not known"
AS_PEOPLE_READ = (
    "a sentence writes a moment, a day, a share and an amount in one way: 29 nov 2026 09:00, 101,2 % and not 1,0120"
)
CLOUDEVENT = "an event of the log is a CloudEvent, whose attributes have names in lower case"
OVER_WHAT = "an answer says over which locaties it is: those that everybody may meet, or all"
IN_WORDS = "a sentence names no field, and calls rules and figures by their name in words"


class Change(NamedTuple):
    """Answers that differ, and are meant to. Each pattern must match all of what it is about."""

    questions: str
    """The path of the question, with its ids as `ID`."""
    fields: str
    """The path of the field, with its numbers as `#`."""
    what: str
    """How it differs."""
    why: str


CHANGED = (
    Change(ANY, "detail", r"was \"?'?Geen .* op \d{4}-\d\d-\d\dT.*", AS_PEOPLE_READ),
    Change(ANY, rf"{WITHIN}(reden|formule|tekst)", rf"was .*{MOMENT_OF_BEFORE}.*, is .*", AS_PEOPLE_READ),
    Change(
        r".*/verklaring",
        r"figuren\.(#|bezettingsgraad)\.formule",
        r"was .* = \d,\d{4}.*, is '(?!niet vast).* %.*",
        AS_PEOPLE_READ,
    ),
    Change(r".*/verklaring", r"figuren\.(.*\.)?formule", r"was .* euro.*, is .*€ .*", AS_PEOPLE_READ),
    Change(ANY, rf"{WITHIN}omvat", "is nieuw.*", OVER_WHAT),
    Change(
        r"/v1/gebeurtenissen(/ID)?", rf"{WITHIN}(specversion|datacontenttype|ontvangenop)", "is nieuw.*", CLOUDEVENT
    ),
    Change(LOG_PATHS, rf"{WITHIN}ontvangenOp", "is weg", CLOUDEVENT),
    Change(ANY, rf"{WITHIN}(aanwezig|bezettingsgraad)Gemeten", "is nieuw.*", NOT_ENOUGH_KNOWN),
    Change(ANY, rf"{WITHIN}locatiesGemeten", "is nieuw.*", NOT_ENOUGH_KNOWN),
    Change(ANY, rf"{WITHIN}voorbehoud", "is nieuw.*", NOT_ENOUGH_KNOWN),
    Change(ANY, rf"{WITHIN}(aanwezig|bezettingsgraad)(\.waarde)?", rf"was {NUMBER}, is None", NOT_ENOUGH_KNOWN),
    Change(
        ANY, r"figuren\.(aanwezig|bezettingsgraad)\.formule", "was .*, is 'niet vast te stellen.*", NOT_ENOUGH_KNOWN
    ),
    Change(
        r".*/verklaring",
        r"figuren\.(#|bovenCapaciteit|bovenMaximum)\.formule",
        r"was '.*: niet te bepalen, dus niet', is '(niet vast te stellen: .*|er geldt geen maximum)'",
        NOT_ENOUGH_KNOWN,
    ),
    Change(
        r"/v1/(bezetting|(gemeenten|provincies)/ID)/reeks",
        SERIES,
        rf"was (?!0(\.0)?,){NUMBER}, is None",
        NOT_ENOUGH_KNOWN,
    ),
    Change(r"/v1/(bezetting|(gemeenten|provincies)/ID)/reeks", SERIES, rf"was {NUMBER}, is {NUMBER}", NOT_ENOUGH_KNOWN),
    Change(r".*/vooruitblik", "tekortVanaf", "was '.*', is None", NOT_ENOUGH_KNOWN),
    Change(r"/v1/rapporten/kamerbrief", r"rijen\.onderToezicht\.waarde", "was 0, is None", NOT_ENOUGH_KNOWN),
    Change(
        r"/v1/rapporten/kamerbrief",
        r"rijen\.(voldoet|gedeeltelijk|voldoetNiet|geenOpgave)\.waarde",
        r"was \d+, is None",
        NOT_ENOUGH_KNOWN,
    ),
    Change(ANY, rf"{WITHIN}(aanwezigGesloten|locatiesGeslotenZonderTelling)", "is nieuw.*", LEFT_BEHIND),
    Change(
        r"/v1/(bezetting|(provincies|locaties)/ID)/reeks",
        r"punten\.#\.dekking",
        rf"was {NUMBER}, is {NUMBER}",
        FRESHER,
    ),
    Change(ANY, r"figuren\.dekking\.formule", "was .*24 uur.*, is .*26 uur.*", FRESHER),
    Change(
        r"(?!/v1/aansluiting).*",
        rf"{WITHIN}(amvMeetellend|amvOpgave|ongedekt|stand|realiserenVoor|reden|tekort|tekortMinstens|tekortHoogstens"
        r"|spreidingsindex|telregel|cyclus|opgeschort|termijnLoopt|termijn loopt|eigen|gegeven|ontvangen)",
        "is nieuw.*",
        TERMS,
    ),
    Change(ANY, rf"{WITHIN}(plaatsenPer1000Inwoners|inwonersOp)", "is nieuw.*", SPREAD),
    Change(ANY, rf"{WITHIN}waarvanAmv", "is weg", RENAMED),
    Change(LAW_PATHS, rf"{WITHIN}(gegeven|ontvangen|meetellend|tekort)", rf"was {NUMBER}, is {NUMBER}", COVERED),
    Change(LAW_PATHS, rf"{WITHIN}naleving", "was 'gedeeltelijk', is 'voldoet niet'", COVERED),
    Change(ANY, rf"{WITHIN}(gedeeltelijk|voldoet|voldoet ?[nN]iet)(\.waarde)?", r"was \d, is \d", COVERED),
    Change(r".*/verklaring", r"figuren\.(meetellend|tekort|naleving)\.(waarde|formule)", ANY, COVERED),
    Change(r"/v1/bezetting/vooruitblik", r"maanden\.#\.tekort", rf"was {NUMBER}, is {NUMBER}", COVERED),
    Change(ANY, rf"{WITHIN}opgave(\.waarde|\.formule)?", "was .*590'?, is .*470'?", DECIDED_AFTER_MERGER),
    Change(r"/v1/bezetting/vooruitblik", r"maanden\.#\.opgave", "was 3690, is 3570", DECIDED_AFTER_MERGER),
    Change(LAW_PATHS, rf"{WITHIN}naleving", "was 'gedeeltelijk', is 'voldoet'", DECIDED_AFTER_MERGER),
    Change(r".*/vooruitblik", r"maanden\.#\.tekort", "was 105, is 0", DECIDED_AFTER_MERGER),
    Change(
        r".*/verklaring", r"gebeurtenissen\.#\.(rol|reden)", ".*van na de fusie.*|was 'telt'.*", DECIDED_AFTER_MERGER
    ),
    Change(ANY, rf"{WITHIN}toezicht(\.waarde)?", "was None, is 'brief'", STEP_OF_A_PART),
    Change(r".*/verklaring", r"figuren\.toezicht\.formule", "was 'geen stap van kracht'.*", STEP_OF_A_PART),
    Change(r"/v1/rapporten/kamerbrief", r"rijen\.onderToezicht\.waarde", r"was \d, is \d", STEP_OF_A_PART),
    Change(ANY, rf"{WITHIN}tekort", "was None, is 0", NO_TASK),
    Change(r"/v1/gemeenten/ID/reeks", SERIES, r"was None, is 0(\.0)?", NO_TASK),
    Change(r"/v1/gemeenten/ID/reeks", SERIES, r"was 0(\.0)?, is None", NO_CYCLUS),
    Change(r"/v1/naleving/reeks", SERIES, ANY, NO_CYCLUS),
    Change(r"/v1/(naleving|gemeenten/ID)/reeks", r"punten\.#\.dekking", r"was 1\.0, is 0\.0", NO_CYCLUS),
    Change(r"/v1/alarmen", "aantallen|bewaaktSinds", "is nieuw.*", ALARMS_TELL_THE_PRESENT),
    Change(r"/v1/alarmen", r"items\.#\.(waardeNu|toelichtingNu|onbekendSinds)", "is nieuw.*", ALARMS_TELL_THE_PRESENT),
    Change(r"/v1/alarmen", r"items\.#\.waarde", "was -60, is 10", ALARMS_TELL_THE_PRESENT),
    Change(r"/v1/alarmen", r"items\.#\.toelichting", "was .* 60 onder .*, is .* 10 boven .*", ALARMS_TELL_THE_PRESENT),
    Change(r"/v1/alarm(en|toetsen)", rf"{WITHIN}voorRegel", "is nieuw.*", NO_ALARM_ON_THE_UNKNOWN),
    Change(r"/v1/alarmtoetsen", "alarmen", ANY, NO_ALARM_ON_THE_UNKNOWN),
    Change(
        r"/v1/alarmtoetsen",
        r"regels\.#\.(aantal|duurSeconden|langsteSeconden|wacht)",
        rf"was {NUMBER}, is {NUMBER}",
        NO_ALARM_ON_THE_UNKNOWN,
    ),
    Change(r"/v1/alarmtoetsen", r"nietTeToetsen\.#\.reden", ".*bekendOp.*, is .*", IN_WORDS),
    Change(r"/v1/aansluiting", r"items\.#\.(vergelijkbaar|reden)", "is nieuw.*", COMPARABLE),
    Change(r"/v1/aansluiting", r"items\.#\.(klopt|onze|verschil)", "was .*, is None", COMPARABLE),
    Change(r".*/verklaring", r"gebeurtenissen\.#", "is nieuw.*|is weg", EXPLAINED),
    Change(r".*/verklaring", r"gebeurtenissen\.#\.reden", "was '.*telt niet in cyclus.*', is '.*telregel.*'", BY_RULE),
    Change(r".*/verklaring", r"gebeurtenissen\.#\.reden", "was None, is 'ongedekt: voor .*", UNCOVERED),
    Change(
        r"/v1/provincies/ID/verklaring",
        r"gebeurtenissen\.#\.(rol|reden)",
        r"was ('telt niet mee', is 'telt'|None, is 'niet in de (naleving|bezetting): .*)",
        SPREAD,
    ),
    Change(r"/v1/naleving/verklaring", r"figuren\..*\.formule", "was .*, is .*telregel.*", BY_RULE),
    Change(r".*/verklaring", r"figuren\.#\.formule", "was 'nooit gemeld', is 'geen melding bekend'", KNOWN_THEN),
    Change(r"/v1/verschillen", r"verschillen.*", ANY, THREE_PARTS),
    Change(r"/v1/rapporten/.*", "betekenis", "is nieuw.*", MEANING),
    Change(r"/v1/rapporten/.*", "(licentie|definities)", "is nieuw.*", OF_ITS_USE),
    Change(ANY, rf"{WITHIN}(opgave|opgaveMinstens)", "is nieuw.*", DECIDED_TOGETHER),
    Change(r".*/vooruitblik", "tekortUiterlijkVanaf", "is nieuw.*", SHORT_FROM),
    Change(
        r".*/verklaring", r"figuren\.locaties\.formule", "was .* geregistreerde locaties', is .* locatie'", SINGULAR
    ),
    Change(r"/v1/rapporten/kamerbrief", "alinea", "was 'Op basis van .*", TRUE_SENTENCES),
    Change(r"/v1/rapporten/kamerbrief", r"rijen(\..*\.gebeurtenissen)?", ANY, TRUE_SENTENCES),
)


def meant(question: str, field: str, what: str) -> list[Change]:
    """Returns the changes by which an answer may differ so: exactly one, or the difference is not explained."""
    return [change for change in CHANGED if all(map(_matches, change[:3], (question, field, what)))]


@cache
def _matches(pattern: str, text: str) -> bool:
    return re.fullmatch(pattern, text, re.DOTALL) is not None
