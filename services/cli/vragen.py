"""Asks a person, field by field, what a report still needs. The server says what that is, and what is wrong.

Nothing here knows what a field means: its label, help, choices, value in force and faults come with each answer.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from schemas.fields import Json

LEEG = "-"
"""What a person types to leave a field empty that would begin filled in."""
Stand = Json
"""A form as it is filled in: an answer of `/v1/meldformulieren/{soort}`."""
Vul = Callable[[Mapping[str, str]], Stand]
"""Asks the server for the form with these texts in its fields."""
Stel = Callable[[Mapping[str, Any], str, str], str]
"""Asks a person a field, which begins with this text. The third says what is wrong; empty when nothing is."""


def door_te_vragen(gegeven: Mapping[str, str], vul: Vul, stel: Stel) -> Stand:
    """Asks until nothing is wrong, and returns the form. What was given is not asked again, unless it is wrong.

    Whoever gave no field at all is asked each of them; whoever forgot one is asked that one.

    Args:
        gegeven: name of a field → its text.
        vul: asks the server.
        stel: asks the person.
    """
    texts = dict(gegeven)
    stand = vul(texts)
    everything = not any(name.startswith("data.") for name in texts)
    asked: set[str] = set()
    while (veld := volgende(stand, texts.keys() | asked, everything=everything)) is not None:
        name = veld["naam"]
        wrong = fout_van(stand, name) if name in texts.keys() | asked else ""
        typed = stel(veld, "" if wrong else begin_van(veld), wrong)
        asked.add(name)
        if typed or name in texts:
            texts[name] = "" if typed == LEEG else typed
        stand = vul(texts)
    return stand


def volgende(stand: Stand, bekend: Collection[str], *, everything: bool) -> Mapping[str, Any] | None:
    """Returns the next field to ask; None when nothing is left to ask.

    First what says whom it is about, since the other fields begin with what is in force there. The first field of a
    row says whether there is such a row.

    Args:
        stand: the form.
        bekend: the names of the fields that were given or asked.
        everything: whether also what may stay as it is, is asked.
    """
    if not stand["toegestaan"]:
        return None
    velden = stand["velden"]
    wrong = {fout["veld"] for fout in stand["fouten"]}
    heads = {veld["blok"]: veld for veld in reversed(velden)}
    rows = everything or any(veld["blok"] and veld["naam"] in wrong for veld in velden)
    open_rows = [blok for blok, head in heads.items() if blok and head["naam"] not in bekend]
    for veld in velden:
        blok, name = veld["blok"], veld["naam"]
        if name in bekend:
            # Another row may mend what is wrong with all rows together.
            ask = name in wrong and not (blok and open_rows and not veld["tekst"])
        elif name in wrong:
            ask = True
        else:
            head = heads[blok]
            ask = name != "source" and (rows and (head is veld or bool(head["tekst"])) if blok else everything)
        if ask:
            return dict(veld)
    return None


def fout_van(stand: Stand, naam: str) -> str:
    """Returns what is wrong with a field; empty when nothing is."""
    return "; ".join(fout["melding"] for fout in stand["fouten"] if fout["veld"] == naam)


def begin_van(veld: Mapping[str, Any]) -> str:
    """Returns what a field holds when a person types nothing, in words."""
    return str(veld["woorden"] or veld["tekst"])


def gekozen(veld: Mapping[str, Any], typed: str) -> str:
    """Returns what a person chose, where a number may stand for a choice in the list; else what was typed."""
    if veld["invoer"] == "meer":
        return ", ".join(_met_nummer(veld, one.strip()) for one in typed.split(",") if one.strip())
    return _met_nummer(veld, typed)


def _met_nummer(veld: Mapping[str, Any], typed: str) -> str:
    if typed.isdecimal() and 0 < int(typed) <= len(veld["keuzes"]):
        return str(veld["keuzes"][int(typed) - 1]["waarde"])
    return typed
