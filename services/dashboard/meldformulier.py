"""The form by which people report, and the event that it becomes, or what is wrong with it, field by field."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Literal, NamedTuple

import orjson
from pydantic import Field
from pydantic_core import PydanticCustomError

from schemas import events as e
from schemas.errors import Fout
from schemas.fields import AMSTERDAM, format_moment
from schemas.parsing import Invalid, parse_facts
from services.core.locaties import SOORTEN
from services.dashboard.page_request import Bladtijd, leesbaar_moment
from services.dashboard.tekst import dag, getal, moment
from services.web.problems import Veldfout

Meldsoort = Literal["bezetting", "capaciteit", "toegang", "intrekking"]
TYPES: Mapping[Meldsoort, type[e.Envelope]] = {
    "bezetting": e.BezettingGemeld,
    "capaciteit": e.CapaciteitGewijzigd,
    "toegang": e.ToegangGewijzigd,
    "intrekking": e.Ingetrokken,
}
SINDS = {soort: f"{soort}Sinds" for soort in SOORTEN}
"""Soort → the field that says since when its places are there."""
MOMENTEN = ("peilmoment", "geldigVanaf", "geldigTot", *SINDS.values())
STANDAARD_SOURCE = "urn:nld:oin:00000000000000000000:systeem:melden"
"""The source of a report by a caller who may send under any source, unless the form names another."""
_PLACES = tuple(f"{soort}{part}" for soort in SOORTEN for part in ("", "Inzetbaar", "Sinds"))
_FIELDS: Mapping[Meldsoort, tuple[str, ...]] = {
    "bezetting": ("peilmoment", "aanwezig"),
    "capaciteit": ("geldigVanaf", "geldigTot", *_PLACES),
    "toegang": ("geldigVanaf", "regime", "reden"),
    "intrekking": ("reden",),
}
_NO_MOMENT = "is geen moment van 2010 tot en met 2050; verwacht bijvoorbeeld 2026-05-26T10:00, in Nederlandse tijd"
_NO_NUMBER = "moet een geheel getal zijn, in alleen cijfers: 1234"
_NO_PLACES = "vul van minstens één soort het aantal plaatsen in"
_WHOLE = re.compile(r"-?[0-9]{1,12}")


class Meldvraag(Bladtijd):
    """The fields of the form. They are text until they are judged."""

    soort: Meldsoort = "bezetting"
    locatie: str = Field(default="", max_length=200)
    source: str = Field(default="", max_length=200)
    bron: str = Field(default="", max_length=2000)
    peilmoment: str = Field(default="", max_length=100)
    aanwezig: str = Field(default="", max_length=100)
    geldigVanaf: str = Field(default="", max_length=100)
    geldigTot: str = Field(default="", max_length=100)
    regulier: str = Field(default="", max_length=100)
    regulierInzetbaar: str = Field(default="", max_length=100)
    regulierSinds: str = Field(default="", max_length=100)
    nood: str = Field(default="", max_length=100)
    noodInzetbaar: str = Field(default="", max_length=100)
    noodSinds: str = Field(default="", max_length=100)
    amv: str = Field(default="", max_length=100)
    amvInzetbaar: str = Field(default="", max_length=100)
    amvSinds: str = Field(default="", max_length=100)
    regime: str = Field(default="", max_length=100)
    reden: str = Field(default="", max_length=2000)
    gebeurtenis: str = Field(default="", max_length=100, description="The event to retract, of those that are offered")
    andere: str = Field(default="", max_length=100, description="Another; goes before the one above")
    controleer: Literal["ja"] | None = Field(default=None, description="All is filled in, so tell what will follow")
    id: str = Field(default="", max_length=100)
    time: str = Field(default="", max_length=100)

    @property
    def doel(self) -> str:
        """The id of the event to retract."""
        return (self.andere or self.gebeurtenis).strip().lower()

    @property
    def velden(self) -> dict[str, str]:
        """The fields of this soort, with their text."""
        return {name: getattr(self, name).strip() for name in _FIELDS[self.soort]}


class Opgesteld(NamedTuple):
    """An event made from the form, before it is judged."""

    event: dict[str, Any]
    velden: Mapping[str, str]
    """Path in the event → the field of the form where it can be corrected."""
    eigen: Mapping[str, str]
    """Path → what is wrong, where the form can tell it better than the model of the event."""

    @property
    def body(self) -> bytes:
        """The event as it is sent. The same form gives the same bytes."""
        return orjson.dumps(self.event)

    def veldfout(self, fout: Fout) -> Veldfout:
        """Returns a fault of the event as a fault of the form."""
        veld = self.velden.get(fout.veld)
        named = fout.veld if veld is None and fout.veld else ""
        return Veldfout(veld=veld or "", melding=self.eigen.get(fout.veld, f"{named} {fout.melding}".strip()))

    def beoordeeld(self) -> e.Event | list[Veldfout]:
        """Returns the event as ingest will read it, or every fault."""
        (read,) = parse_facts(self.body)
        return [self.veldfout(fout) for fout in read.fouten] if isinstance(read, Invalid) else read


def stel_op(vraag: Meldvraag, locatie: str, source: str, own_id: str, time: str) -> Opgesteld:
    """Makes an event of the form."""
    made = _Data(vraag)
    event = {
        "specversion": "1.0",
        "id": own_id,
        "source": source,
        "type": e.type_name(TYPES[vraag.soort]),
        "subject": locatie,
        "time": time,
        "data": made.data,
    }
    return Opgesteld(event, {"subject": "locatie", "source": "source", "type": ""} | made.velden, made.eigen)


class _Data:
    """The fields as `data`. A text that can't be read stays as it is, so that the model refuses it."""

    def __init__(self, vraag: Meldvraag) -> None:
        self.data: dict[str, Any] = {}
        self.velden = {"data.bron": "bron"}
        self.eigen: dict[str, str] = {}
        for name, text in vraag.velden.items():
            if name not in _PLACES:
                self._put(name, text)
        if vraag.soort == "capaciteit":
            self._places(vraag.velden)
        if vraag.soort == "intrekking":
            self.velden["data.gebeurtenisId"] = "andere"
            if vraag.doel:
                self.data["gebeurtenisId"] = vraag.doel
        if vraag.bron.strip():
            self.data["bron"] = vraag.bron.strip()

    def _put(self, name: str, text: str) -> None:
        self.velden[f"data.{name}"] = name
        if text:
            self.data[name] = self._value(f"data.{name}", name, text)

    def _places(self, fields: Mapping[str, str]) -> None:
        rows: list[dict[str, Any]] = []
        for soort in SOORTEN:
            given = {"aantal": fields[soort], "inzetbaar": fields[f"{soort}Inzetbaar"]}
            at = f"data.plaatsen.{len(rows)}"
            if any(given.values()):
                self.velden |= {f"{at}.aantal": soort, f"{at}.inzetbaar": f"{soort}Inzetbaar"}
                self.velden[f"{at}.beschikbaarVanaf"] = SINDS[soort]
                row = {name: self._value(f"{at}.{name}", "aantal", text) for name, text in given.items() if text}
                if since := fields[SINDS[soort]]:
                    row["beschikbaarVanaf"] = self._value(f"{at}.beschikbaarVanaf", SINDS[soort], since)
                rows.append({"soort": soort} | row)
        self.velden["data.plaatsen"] = SOORTEN[0]
        self.eigen["data.plaatsen"] = _NO_PLACES
        self.data["plaatsen"] = rows

    def _value(self, path: str, name: str, text: str) -> Any:
        if name in MOMENTEN:
            try:
                return format_moment(leesbaar_moment(text))
            except PydanticCustomError:
                self.eigen[path] = _NO_MOMENT
        elif name in ("aanwezig", "aantal"):
            if _WHOLE.fullmatch(text):
                return int(text)
            self.eigen[path] = _NO_NUMBER
        return text


def moment_of(text: str) -> datetime | None:
    """Returns the moment in a field; None when its text is no moment."""
    try:
        return leesbaar_moment(text.strip())
    except PydanticCustomError:
        return None


def klok_verzet(text: str) -> str | None:
    """Says what is doubtful about a local time in the night when the clock changes; None on other days."""
    if "Z" in text or "+" in text or (read := moment_of(text)) is None:
        return None
    local = read.astimezone(AMSTERDAM)
    if local.fold == 0 and local.utcoffset() != local.replace(fold=1).utcoffset():
        return f"{local:%H:%M} is er die nacht twee keer; gelezen is de eerste, in zomertijd"
    if not local.replace(tzinfo=None).isoformat().startswith(text.strip()[:16]):
        return f"{text.strip()[11:16]} bestaat die nacht niet (de klok gaat vooruit): gelezen is {local:%H:%M}"
    return None


def gezegd(event: e.Event) -> str:
    """Says what an event told about a locatie, so that people recognize it."""
    tell = _SAID.get(type(event))
    return event.type if tell is None else tell(event.data)


def te_kiezen(events: Iterable[e.Event], count: int) -> list[e.Event]:
    """Returns the latest events that count in our figures and can still be retracted, latest first."""
    known = list(events)
    gone = {(one.data.gebeurtenisId, one.source) for one in known if isinstance(one, e.Ingetrokken)}
    elsewhere = (e.Ingetrokken, e.CijfersGepubliceerd)
    left: list[e.Event] = [one for one in known if not isinstance(one, elsewhere) and (one.id, one.source) not in gone]
    return sorted(left, key=lambda one: (one.time, one.id), reverse=True)[:count]


def _places_said(row: e.Plaatsen) -> str:
    usable = "" if row.inzetbaar in (None, row.aantal) else f" ({getal(row.inzetbaar)} inzetbaar)"
    return f"{getal(row.aantal)} {row.soort}{usable}"


def _capacity_said(data: e.CapaciteitData) -> str:
    until = "" if data.geldigTot is None else f" tot {dag(data.geldigTot)}"
    return f"plaatsen vanaf {dag(data.geldigVanaf)}{until}: {', '.join(map(_places_said, data.plaatsen))}"


def _registration_said(data: Any) -> str:
    return f"geregistreerd als {data.soort} in {data.gemeente} vanaf {dag(data.geldigVanaf)}: {data.naam}"


_SAID: Mapping[type[e.Envelope], Callable[[Any], str]] = {
    e.BezettingGemeld: lambda data: f"{getal(data.aanwezig)} aanwezig op {moment(data.peilmoment)}",
    e.CapaciteitGewijzigd: _capacity_said,
    e.ToegangGewijzigd: lambda data: f"toegang {data.regime} vanaf {dag(data.geldigVanaf)}",
    e.LocatieGeregistreerd: _registration_said,
    e.LocatieGesloten: lambda data: f"gesloten vanaf {dag(data.geldigVanaf)}",
    e.MaximumVastgesteld: lambda data: f"maximum {getal(data.maximum)} vanaf {dag(data.geldigVanaf)}",
    e.CijfersGepubliceerd: lambda data: f"gepubliceerd door {data.bron} over {dag(data.peildatum)}",
}
