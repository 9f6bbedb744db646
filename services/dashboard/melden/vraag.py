"""What the form was sent with, and the event that it becomes, or what is wrong with it, field by field."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, NamedTuple

import orjson
from pydantic import Field, StringConstraints, model_validator

from schemas.errors import Fout
from schemas.events import Event
from schemas.parsing import Invalid, parse_facts
from services.dashboard.melden.formulier import Formulier
from services.dashboard.melden.formulieren import FORMULIEREN, NAMEN, Meldsoort
from services.dashboard.melden.lezen import lees
from services.dashboard.melden.velden import DATA, RIJEN_MAX, Blok, Veld
from services.dashboard.page_request import Bladtijd
from services.web.problems import Veldfout

STANDAARD_SOURCE = "urn:nld:oin:00000000000000000000:systeem:melden"
"""The source of a report by a caller who may send under any source, unless the form names another."""
RIJEN = 3
"""Rows that are offered at first, where a form repeats some of its fields."""
_EMPTY = {
    "plaatsen": "vul van minstens één soort het aantal plaatsen in",
    "cijfers": "vul minstens één cijfer in",
}
"""What to say of a list without rows."""
_CAMEL = re.compile(r"\b[a-z]+[A-Z][A-Za-z]*\b")


class Meldvraag(Bladtijd):
    """The form as it was sent. Its fields are text until they are judged."""

    soort: Meldsoort | None = None
    over: str = Field(default="", max_length=200, description="Whom or what it is about: a name or an id")
    source: str = Field(default="", max_length=200)
    stap: Literal["wie", "velden"] | None = Field(default=None, description="Which of its questions to ask")
    gezien: Literal["wie", "velden"] | None = Field(default=None, description="Which questions were on the form")
    rijen: int = Field(default=RIJEN, ge=1, le=RIJEN_MAX)
    controleer: Literal["ja"] | None = Field(default=None, description="All is filled in, so tell what will follow")
    id: str = Field(default="", max_length=100)
    time: str = Field(default="", max_length=100)
    velden: dict[str, Annotated[str, StringConstraints(max_length=2000)]] = Field(default_factory=dict)
    """The fields of the event, by their names."""

    @model_validator(mode="before")
    @classmethod
    def _gathered(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Sets the fields of the event apart. One that no form has stays where it is, and is refused."""
        own = {name: text for name, text in given.items() if name in NAMEN}
        rest = {name: text for name, text in given.items() if name not in NAMEN}
        return rest | ({"velden": own} if own else {})

    @property
    def teksten(self) -> dict[str, str]:
        """The fields of this form that are filled in."""
        if self.soort is None:
            return {}
        names = {name for veld in FORMULIEREN[self.soort].velden() for name in veld.namen}
        return {name: text for name, text in self.velden.items() if name in names}


class Opgesteld(NamedTuple):
    """An event made from the form, before it is judged."""

    event: dict[str, Any]
    velden: Mapping[str, str]
    """Path in the event → the field of the form where it can be corrected."""
    eigen: Mapping[str, str]
    """Field of the form → what is wrong, where the form can tell it better than the model of the event."""
    labels: Mapping[str, str]
    """Name of a field in the event → what the form calls it."""

    @property
    def body(self) -> bytes:
        """The event as it is sent. The same form gives the same bytes."""
        return orjson.dumps(self.event)

    def veldfout(self, fout: Fout) -> Veldfout:
        """Returns a fault of the event as a fault of the form."""
        veld = self.velden.get(fout.veld)
        named = fout.veld if veld is None and fout.veld else ""
        said = _CAMEL.sub(lambda found: self.labels.get(found[0], found[0]), fout.melding)
        return Veldfout(veld=veld or "", melding=self.eigen.get(veld or "", f"{named} {said}".strip()))

    def beoordeeld(self) -> Event | list[Veldfout]:
        """Returns the event as ingest will read it, or every fault."""
        (read,) = parse_facts(self.body)
        return [self.veldfout(fout) for fout in read.fouten] if isinstance(read, Invalid) else read


def stel_op(
    formulier: Formulier, teksten: Mapping[str, str], onderwerp: str, source: str, own_id: str, time: str
) -> Opgesteld:
    """Makes an event of the form."""
    made = _Data(formulier, teksten)
    event = {
        "specversion": "1.0",
        "id": own_id,
        "source": source,
        "type": formulier.type,
        "subject": onderwerp,
        "time": time,
        "data": made.data,
    }
    fixed = {"subject": "over", "source": "source", "type": ""}
    labels = {veld.naam.rpartition(".")[2]: f"'{veld.label}'" for veld in formulier.velden(1)}
    return Opgesteld(event, fixed | made.velden, made.eigen, labels)


class _Data:
    """The fields as `data`."""

    def __init__(self, formulier: Formulier, teksten: Mapping[str, str]) -> None:
        self.data: dict[str, Any] = {}
        self.velden: dict[str, str] = {}
        self.eigen: dict[str, str] = {}
        self._teksten = teksten
        self.data |= self._read(formulier.sleutels, "data")
        rows: dict[str, list[Blok]] = {}
        for blok in formulier.blokken():
            if blok.pad == "data":
                self.data |= self._read(blok.velden, "data")
            else:
                rows.setdefault(blok.pad.split(".")[1], []).append(blok)
        for listed, blokken in rows.items():
            self._rows(listed, blokken)

    def _read(self, velden: Sequence[Veld], path: str) -> dict[str, Any]:
        """Reads fields that stand at this path in the event."""
        found = {}
        for veld in velden:
            name = veld.naam.rpartition(".")[2]
            self.velden[f"{path}.{name}"] = veld.naam
            value, wrong = lees(veld, self._teksten)
            if value is not None:
                found[name] = value
            if wrong:
                self.eigen[veld.naam] = wrong
        return found

    def _rows(self, listed: str, blokken: Sequence[Blok]) -> None:
        """Adds the rows of which one of the first two fields is filled in; the others of a row are only about those.

        A fault of the list as a whole belongs to its first field, or to the last field that may have made it.
        """
        rows = self.data.setdefault(listed, [])
        at_fault = blokken[0].velden[0].naam
        for blok in blokken:
            if all(lees(veld, self._teksten).waarde is None for veld in blok.velden[:2]):
                continue
            key = blok.pad.rpartition(".")[2]
            found = self._read(blok.velden, f"{DATA}{listed}.{len(rows)}")
            at_fault = _list_fault(blok, found, rows, at_fault)
            rows.append(found if key.isdecimal() else {"soort": key} | found)
        self.velden[f"{DATA}{listed}"] = at_fault
        if not rows:
            self.eigen[at_fault] = _EMPTY[listed]


def _list_fault(blok: Blok, found: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], at_fault: str) -> str:
    """Returns the field of a row that may make a fault of its whole list: places of later, or a figure said twice."""
    if "beschikbaarVanaf" in found:
        return blok.velden[-1].naam
    twice = any(one.get("grootheid") == found.get("grootheid") for one in rows if "grootheid" in one)
    return blok.velden[0].naam if twice else at_fault
