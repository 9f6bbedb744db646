"""Whom or what a report is about: found by name or by id, among what the caller may see."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from schemas.reference import PROVINCIES, gemeente_codes
from services.access import Caller
from services.core.registers import LANDELIJK, Register, SubjectKind
from services.reads.cijfers import Cijfers

LIST_MAX = 500
"""Longer lists of locaties are not offered to choose from. Then a part of the name finds one."""
FOUND_MAX = 20
_ID = re.compile(r"LOC-[A-Z0-9-]{1,40}")
_JAAR = re.compile(r"20[0-9]{2}")
_TUSSEN_HAAKJES = re.compile(r".*\((?P<id>LOC-[A-Z0-9-]{1,40})\)")
LAND = "Nederland"
_SOORTEN: Mapping[SubjectKind, str] = {
    SubjectKind.LOCATIE: "een locatie",
    SubjectKind.GEMEENTE: "een gemeente",
    SubjectKind.PROVINCIE: "een provincie",
    SubjectKind.CYCLUS: "een cyclus (een jaartal)",
    SubjectKind.LAND: "Nederland",
}


class Onderwerp(NamedTuple):
    """Something that a report may be about."""

    id: str
    naam: str

    @property
    def tekst(self) -> str:
        """What to type for it. Locaties may share a name, so theirs has the id with it."""
        return f"{self.naam} ({self.id})" if SubjectKind.LOCATIE.holds(self.id) else self.naam


class Gevonden(NamedTuple):
    """What is meant, also when nothing is known of it; else None, and what the text may mean."""

    id: str | None
    kandidaten: list[Onderwerp]


def zoek(soorten: Collection[SubjectKind], cijfers: Cijfers, text: str) -> Gevonden:
    """Finds what a text means among subjects of these kinds. A kind of which there is one needs no text."""
    text = text.strip()
    if not text:
        return Gevonden(LANDELIJK if set(soorten) == {SubjectKind.LAND} else None, [])
    inside = _TUSSEN_HAAKJES.fullmatch(text)
    own_id = inside["id"] if inside else text.upper()
    if any(kind.holds(own_id) for kind in soorten) and _exists(own_id):
        return Gevonden(own_id, [])
    known, part = list(_known(soorten, cijfers)), text.casefold()
    exactly = [one for one in known if one.naam.casefold() == part]
    found = exactly or [one for one in known if part in one.naam.casefold() or part in one.id.casefold()]
    return Gevonden(found[0].id, []) if len(found) == 1 else Gevonden(None, found)


def te_kiezen(type_: str, soorten: Collection[SubjectKind], cijfers: Cijfers, caller: Caller) -> list[Onderwerp]:
    """Returns what to offer beside the field, for an event of this type: not the locaties, where they are very many."""
    if len(cijfers.locaties) > LIST_MAX:
        soorten = [kind for kind in soorten if kind is not SubjectKind.LOCATIE]
    return [one for one in _known(soorten, cijfers) if caller.may_write_about(one.id, type_)]


def waarom_niet(soorten: Collection[SubjectKind], gevonden: Gevonden, text: str) -> str:
    """Says why nothing is meant by a text, and what would be right."""
    wanted = " of ".join(said for kind, said in _SOORTEN.items() if kind in soorten)
    if not text.strip():
        return f"ontbreekt; noem {wanted}, met een naam of een id"
    if gevonden.kandidaten:
        return f"past bij {len(gevonden.kandidaten)} namen; kies er één"
    return f"komt in geen enkele naam voor; noem {wanted}, met een naam of een id"


def naam(cijfers: Cijfers, own_id: str) -> str:
    """Returns what people call a subject."""
    if own_id in PROVINCIES:
        return provincienaam(own_id)
    return f"cyclus {own_id}" if SubjectKind.CYCLUS.holds(own_id) else cijfers.naam_van(own_id)


def provincienaam(code: str) -> str:
    """Returns the name of a provincie, so that nobody takes it for the gemeente of that name."""
    return f"Provincie {PROVINCIES[code]}"


def kan_over(caller: Caller, type_: str, soorten: Collection[SubjectKind]) -> bool:
    """Whether it may send such an event about a subject of these kinds, by how those that it may write begin."""
    if caller.subjects is None:
        return True
    begins = [kind.value for kind in soorten]
    if SubjectKind.GEMEENTE in soorten and caller.widens(type_):
        begins.append(SubjectKind.PROVINCIE.value)
    return any(
        one.startswith(begin) or (one.endswith("*") and begin.startswith(one[:-1]))
        for one in caller.subjects
        for begin in begins
    )


def _exists(own_id: str) -> bool:
    """Whether a text has the form of an id; of a gemeente or provincie also whether there is one."""
    if SubjectKind.LOCATIE.holds(own_id):
        return _ID.fullmatch(own_id) is not None
    return own_id in gemeente_codes() or own_id in PROVINCIES or own_id == LANDELIJK or bool(_JAAR.fullmatch(own_id))


def _known(soorten: Collection[SubjectKind], cijfers: Cijfers) -> Iterator[Onderwerp]:
    if SubjectKind.LAND in soorten:
        yield Onderwerp(LANDELIJK, LAND)
    if SubjectKind.PROVINCIE in soorten:
        yield from (Onderwerp(code, provincienaam(code)) for code in PROVINCIES)
    if SubjectKind.GEMEENTE in soorten:
        yield from (Onderwerp(one.code, one.naam) for one in cijfers.indeling.geldig)
    if SubjectKind.CYCLUS in soorten:
        yield from (Onderwerp(subject, subject) for (subject, _), _ in Register.CYCLUS.among(cijfers.registers))
    if SubjectKind.LOCATIE in soorten:
        yield from (Onderwerp(one.id, one.naam or one.id) for one in cijfers.locaties)
