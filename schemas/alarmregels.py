"""The rules for alarms, as a file holds them. Docstrings that the JSON Schema shows are Dutch.

`TE_BEWAKEN` is the closed list of what a rule can watch (its `grootheid`). Everything else about a rule is data.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Any, Literal, NamedTuple, get_args

from pydantic import Field, GetPydanticSchema, PlainValidator, ValidationInfo, WithJsonSchema, field_validator
from pydantic_core import PydanticCustomError, core_schema

from schemas.data import Ernst, LocatieSoort, Regime
from schemas.fields import ElkOnderwerp, GetalOfTekst, Labels, Regel, Strict, Tekst
from schemas.toml_lines import Fault, read_toml

AlarmEenheid = Literal["aandeel", "personen", "regime", "seconden", "dagen", "aantal"]
"""What a value counts. A share is 1 for 100 %, and a regime is its place in REGIMES."""
SCHAAL: Mapping[AlarmEenheid, float] = {
    "aandeel": 1.0,
    "personen": 100.0,
    "regime": 1.0,
    "seconden": 86_400.0,
    "dagen": 30.0,
    "aantal": 10.0,
}
"""What weighs as much as once the threshold, where the threshold is 0 and nothing is once that."""
Over = Literal["NL", "GM", "LOC-", ""]
"""How the onderwerpen begin: the country, gemeenten, locaties, or any of them."""
_OVER_IN_WORDS: dict[Over, str] = {
    "NL": "heel Nederland (NL)",
    "GM": "gemeenten (GM0363)",
    "LOC-": "locaties (LOC-12)",
    "": "alles",
}


class TeBewaken(NamedTuple):
    """Something that a rule can watch, as far as a file of rules must know it.

    Its values, sentences and history are declared in services/core/alarms/bewaakt/, under the same name. They can't
    stand here, since schemas imports nothing of services and must judge a file of rules by itself. Import fails when
    one of the two is missing.
    """

    naam: str
    eenheid: AlarmEenheid
    over: Over
    neemt: frozenset[str] = frozenset()
    """The settings that mean something here and not everywhere. Elsewhere they are an error, not ignored."""
    alleen_toezicht: bool = False
    """Whether only the desk of toezicht may know of its alarms: the roles toezicht and beheerder, and the receivers
    that are marked so. Whatever shows or tells an alarm, or a silence of its rule, asks `van_toezicht`."""


_PER_LOCATIE = frozenset({"ernstPerSoort"})
_VAN_METINGEN = _PER_LOCATIE | {"versBinnen"}
TE_BEWAKEN: dict[str, TeBewaken] = {
    one.naam: one
    for one in (
        TeBewaken("landelijke-bezettingsgraad", "aandeel", "NL"),
        TeBewaken("locatie-bezettingsgraad", "aandeel", "LOC-", _VAN_METINGEN),
        TeBewaken("toegang", "regime", "LOC-", _PER_LOCATIE),
        TeBewaken("gesloten-met-mensen", "personen", "LOC-", _PER_LOCATIE),
        TeBewaken("personen-boven-maximum", "personen", "LOC-", _VAN_METINGEN),
        TeBewaken("stilte-van-locatie", "seconden", "LOC-", _PER_LOCATIE),
        TeBewaken("stilte-van-stroom", "seconden", "NL"),
        TeBewaken("dagen-tot-tekort", "dagen", "NL"),
        TeBewaken("naleving-verslechterd", "aantal", "GM", frozenset({"terugblik"})),
        TeBewaken("dagen-over-termijn", "dagen", "GM", alleen_toezicht=True),
        TeBewaken("teruggevallen-na-voldoet", "aantal", "GM", frozenset({"terugblik"}), alleen_toezicht=True),
        TeBewaken("dagen-tot-onder-opgave", "dagen", "GM", alleen_toezicht=True),
        TeBewaken("fte-tekort", "aantal", "", alleen_toezicht=True),
        TeBewaken("publicaties-achterhaald", "aantal", ""),
        TeBewaken("afwijking-van-publicatie", "aandeel", ""),
        TeBewaken("aandeel-onverwerkbaar", "aandeel", "NL"),
        TeBewaken("achterstand", "aantal", "NL"),
    )
}
"""Everything that a rule can watch, by name, in the order in which the JSON Schema lists it."""
AlarmGrootheid = Annotated[str, GetPydanticSchema(lambda _source, _handler: core_schema.literal_schema([*TE_BEWAKEN]))]
"""The name of one of TE_BEWAKEN."""
_DAGEN_MAX = 3_650
"""The longest duration that a file can ask for."""
REGIMES: tuple[str, ...] = get_args(Regime)
"""From free to closed: each is more restricted than the one before."""
RESERVED = frozenset({"alertname", "dienst", "regel", "onderwerp", "ernst"})
"""Labels that Opvangpeil itself sets."""
WAAKHOND = "waakhond"
"""The alarm that is always on. When a receiver stops hearing it, Opvangpeil itself is silent."""
TE_WEINIG_GEGEVENS = "te-weinig-gegevens"
"""The alarm that says that a rule can't judge, because what it watches is not known."""
_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_DUUR = re.compile(r"(\d{1,6})([smhd])")


def van_toezicht(grootheid: str | None) -> bool:
    """Whether only the desk of toezicht may know of alarms about this. What nobody watches any more is for all."""
    bewaakt = TE_BEWAKEN.get(grootheid or "")
    return bewaakt is not None and bewaakt.alleen_toezicht


def read_duur(value: object) -> timedelta:
    """Reads `24h`. Raises PydanticCustomError `duration` or `duration_range`."""
    found = _DUUR.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise PydanticCustomError("duration", "is geen duur")
    duur = timedelta(seconds=int(found[1]) * _UNITS[found[2]])
    if duur > timedelta(days=_DAGEN_MAX):
        raise PydanticCustomError("duration_range", "is te lang", {"most": _DAGEN_MAX})
    return duur


Duur = Annotated[
    timedelta, PlainValidator(read_duur), WithJsonSchema({"type": "string", "pattern": r"^\d{1,6}[smhd]$"})
]


def voorbij(
    grootheid: str | None, drempel: float | str | None, begin: float | str | None, waarde: float | str | None
) -> float | None:
    """Returns how far a value is beyond a threshold, as a part of that: 0.5 is half as much again.

    None when it is not known. `begin`: the value with which the alarm began, on the side where it goes off.
    """
    bewaakt = TE_BEWAKEN.get(grootheid or "")
    numbers = [_as_number(one) for one in (drempel, begin, waarde)]
    if bewaakt is None or None in numbers:
        return None
    at, began, now = (one for one in numbers if one is not None)
    side = -1 if began < at else 1
    return side * (now - at) / (abs(at) or SCHAAL[bewaakt.eenheid])


def _as_number(value: float | str | None) -> float | None:
    """Returns a value as an alarm shows it, as a number: a regime by its place, another word as infinite."""
    if isinstance(value, str):
        return float(REGIMES.index(value)) if value in REGIMES else math.inf
    return value


class AlarmRegel(Strict):
    """Wanneer er een alarm is, en wanneer het weer voorbij is."""

    naam: Regel
    omschrijving: Tekst
    grootheid: AlarmGrootheid
    richting: Literal["boven", "onder"] = Field("boven", description="Het alarm gaat af boven of onder de drempel")
    drempel: GetalOfTekst = Field(description="Daar voorbij gaat het alarm af: een getal, een duur (24h) of een regime")
    wisdrempel: GetalOfTekst | None = Field(
        None, description="Pas daar voorbij (bij 0 en open: daar) eindigt het; ontbreekt hij, dan op de drempel"
    )
    voor: Duur = Field(timedelta(0), description="Zo lang moet het aanhouden voordat het een alarm is")
    blijfActief: Duur = Field(timedelta(0), description="Zo lang blijft het een alarm nadat de oorzaak weg is")
    ernst: Ernst
    ernstPerSoort: dict[LocatieSoort, Ernst] = Field({}, description="Bij locaties van deze soort een andere ernst")
    geenGegevens: Literal["alarm", "houd", "niets"] = Field(
        "houd",
        description="Is de waarde niet bekend, dan begint en eindigt er niets (houd, en niets is hetzelfde); "
        f"alarm = dan gaat bovendien het alarm {TE_WEINIG_GEGEVENS} af, over deze regel en dit onderwerp",
    )
    versBinnen: Duur | None = Field(None, description="Een meting ouder dan dit telt als niet bekend")
    terugblik: Duur = Field(timedelta(days=7), description="Met hoe lang geleden wordt vergeleken")
    onderwerpen: Annotated[list[ElkOnderwerp], Field(max_length=1000)] = Field([], description="Alleen deze")
    onderdruktDoor: Annotated[list[Regel], Field(max_length=20)] = Field(
        [], description="Zolang een van deze over hetzelfde onderwerp of over NL actief is, wordt dit alarm niet gemeld"
    )
    runbook: Tekst
    labels: Labels = Field({}, description="Gaan mee naar wie het alarm ontvangt")

    @field_validator("drempel", "wisdrempel")
    @classmethod
    def _check_threshold(cls, value: Any, info: ValidationInfo) -> Any:
        if value is not None and "grootheid" in info.data:
            _number(info.data["grootheid"], value)
        return value

    @field_validator("wisdrempel")
    @classmethod
    def _check_hysteresis(cls, value: Any, info: ValidationInfo) -> Any:
        if value is None or not {"grootheid", "drempel"} <= info.data.keys():
            return value
        raised, cleared = (_number(info.data["grootheid"], one) for one in (info.data["drempel"], value))
        if cleared > raised if info.data.get("richting") == "boven" else cleared < raised:
            raise PydanticCustomError("clears_beyond", "ligt aan de verkeerde kant")
        return value

    @field_validator("versBinnen", "terugblik", "ernstPerSoort")
    @classmethod
    def _check_used(cls, value: Any, info: ValidationInfo) -> Any:
        used = [one.naam for one in TE_BEWAKEN.values() if info.field_name in one.neemt]
        if info.data.get("grootheid", "") not in {"", *used}:
            raise PydanticCustomError("not_for", "hoort er niet bij", {"expected": " of ".join(sorted(used))})
        return value

    @field_validator("onderwerpen")
    @classmethod
    def _check_onderwerpen(cls, onderwerpen: list[str], info: ValidationInfo) -> list[str]:
        over: Over = TE_BEWAKEN[info.data["grootheid"]].over if "grootheid" in info.data else ""
        for onderwerp in onderwerpen:
            if not onderwerp.startswith(over):
                context = {"onderwerp": onderwerp, "expected": _OVER_IN_WORDS[over]}
                raise PydanticCustomError("wrong_subject", "gaat daar niet over", context)
        return onderwerpen

    @field_validator("labels")
    @classmethod
    def _check_labels(cls, labels: dict[str, str]) -> dict[str, str]:
        if taken := sorted(RESERVED & labels.keys()):
            raise PydanticCustomError("reserved_label", "is bezet", {"label": taken[0]})
        return labels

    @property
    def eenheid(self) -> AlarmEenheid:
        """What the values and the thresholds of this rule count."""
        return TE_BEWAKEN[self.grootheid].eenheid

    @property
    def gaat_af(self) -> float:
        """The threshold as a number in the unit of the rule."""
        return _number(self.grootheid, self.drempel)

    @property
    def wist(self) -> float:
        """The threshold at which the alarm clears, as such a number."""
        return self.gaat_af if self.wisdrempel is None else _number(self.grootheid, self.wisdrempel)

    def ernst_bij(self, soort: str | None) -> Ernst:
        """Returns how serious an alarm is at a locatie of this soort. None stands for anything that is no locatie."""
        return next((ernst for other, ernst in self.ernstPerSoort.items() if other == soort), self.ernst)

    @property
    def getoonde_drempel(self) -> float | str | None:
        """The threshold as an answer shows it: a duration in whole seconds, anything else as in the file."""
        return int(self.gaat_af) if self.eenheid == "seconden" else self.drempel

    @property
    def alarmnaam(self) -> str:
        """The name that its alarms carry."""
        return self.naam

    @property
    def voor_regel(self) -> str | None:
        """The name of the rule that can't judge when this one is beyond its threshold; None for a rule of a file."""
        return None

    @property
    def gebrek(self) -> "Gebrekregel | None":
        """The rule that is beyond its threshold where this one can't judge; None when it does not ask for that."""
        if self.geenGegevens != "alarm":
            return None
        return Gebrekregel.model_construct(**self.__dict__ | {"runbook": f"deploy/runbook.md#{TE_WEINIG_GEGEVENS}"})


class Gebrekregel(AlarmRegel):
    """A rule that watches whether the value of another rule is known. No file holds one."""

    @property
    def alarmnaam(self) -> str:
        """The same for all of them. The rule that can't judge is named beside it."""
        return TE_WEINIG_GEGEVENS

    @property
    def getoonde_drempel(self) -> None:
        """None: it has no threshold."""

    @property
    def voor_regel(self) -> str:
        """The name of the rule that can't judge."""
        return self.naam


class Regelbestand(Strict):
    """Alle regels."""

    regel: Annotated[list[AlarmRegel], Field(min_length=1, max_length=200)]


def read_regels(text: str, name: str) -> tuple[AlarmRegel, ...]:
    """Reads a file of rules. Raises BestandError, which names the file, the line and the reason of every error."""
    return tuple(read_toml(text, name, Regelbestand, _check_together).regel)


_TELLS_OF_TOEZICHT = (
    "en die regel is alleen voor toezicht: wie zijn alarmen niet mag zien zou aan dit alarm merken dat er een is"
)


def _check_together(bestand: Regelbestand) -> Iterator[Fault]:
    names = [regel.naam for regel in bestand.regel]
    by_name = {regel.naam: regel.onderdruktDoor for regel in bestand.regel}
    of_toezicht = {regel.naam for regel in bestand.regel if van_toezicht(regel.grootheid)}
    for number, regel in enumerate(bestand.regel):
        if regel.naam == WAAKHOND:
            yield ("regel", number, "naam"), "is de naam van het alarm dat altijd aanstaat; kies een andere"
        if regel.naam == TE_WEINIG_GEGEVENS:
            yield ("regel", number, "naam"), "is de naam van het alarm over een gebrek aan gegevens; kies een andere"
        if regel.naam in names[:number]:
            yield ("regel", number, "naam"), "komt vaker voor; elke naam mag één keer"
        for unknown in sorted(set(regel.onderdruktDoor) - by_name.keys()):
            yield ("regel", number, "onderdruktDoor"), f"noemt {unknown!r}, en zo'n regel is er niet"
        if not van_toezicht(regel.grootheid):
            for above in sorted(of_toezicht & set(regel.onderdruktDoor)):
                yield ("regel", number, "onderdruktDoor"), f"noemt {above!r}, {_TELLS_OF_TOEZICHT}"
        if regel.naam in _all_above(regel.naam, by_name):
            yield ("regel", number, "onderdruktDoor"), "laat de regel zichzelf onderdrukken, misschien via een andere"


def _all_above(name: str, by_name: dict[str, list[str]]) -> set[str]:
    """Returns every rule that silences this one, directly or through another."""
    found: set[str] = set()
    new: Sequence[str] = by_name[name]
    while new:
        found |= set(new)
        new = [above for one in new for above in by_name.get(one, []) if above not in found]
    return found


def _number(grootheid: str, value: Any) -> float:
    """Returns a threshold as a number in the unit of what is watched.

    Raises PydanticCustomError when the value does not fit that unit.
    """
    eenheid = TE_BEWAKEN[grootheid].eenheid
    if eenheid == "regime":
        if value not in REGIMES:
            raise PydanticCustomError("no_regime", "is geen regime", {"expected": " of ".join(map(repr, REGIMES))})
        return float(REGIMES.index(value))
    if eenheid == "seconden":
        return read_duur(value).total_seconds()
    if isinstance(value, str):
        raise PydanticCustomError("number", "is geen getal")
    if eenheid == "dagen" and not 0 <= value <= _DAGEN_MAX:
        raise PydanticCustomError("days_range", "is te ver weg", {"most": _DAGEN_MAX})
    return float(value)
