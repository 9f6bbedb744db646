"""A profile: what a file of one source looks like, and which events its rows are. It stands in a file of TOML.

Docstrings of fields and models are Dutch, since people who write a profile read them in errors and in `profiel maak`.
"""

import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from schemas.alarmregels import Duur
from schemas.fields import Source, Strict
from schemas.toml_lines import Fault, read_toml
from services.importer.bladen import Leeswijze
from services.importer.columns import Column, data_columns, full_type
from services.importer.model import ImporterError, os_reason

Naamsoort = Literal["locatie", "gemeente", "provincie"]
Datumvorm = Literal["dag-maand-jaar", "maand-dag-jaar", "jaar-maand-dag", "jaarmaanddag", "serieel"]
Kop = Annotated[str, Field(min_length=1, max_length=200)]
_TIJD = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_CEL = r"^[A-Z]{1,3}[1-9][0-9]{0,3}$"
IN_TE_VULLEN = "urn:nld:oin:00000000000000000000:systeem:vul-in"
"""The source in a proposal, until a person says whose files these are."""
_GROEPEN = {"jaar", "maand", "dag", "uur", "minuut"}


def _een_tijd(text: str) -> str:
    if not _TIJD.fullmatch(text):
        raise PydanticCustomError("clock", "is geen tijd", {"expected": "uu:mm, zoals 23:59"})
    return text


Tijd = Annotated[str, AfterValidator(_een_tijd)]


class Bestand(Strict):
    """Hoe het bestand heet en hoe het te lezen is."""

    naam: list[str] = Field(default_factory=list, description="Namen van het bestand, met * voor wat wisselt")
    bladen: list[str] = Field(
        default_factory=list,
        description="De bladen die gelezen worden, met * voor wat wisselt; zonder: elk zichtbaar blad met de kop",
    )
    codering: Literal["utf-8", "cp1252", "utf-16-le", "utf-16-be", "iso-8859-15"] = Field(
        "utf-8", description="Van tekst; anders utf-8. Een merkteken aan het begin van het bestand gaat voor"
    )
    scheiding: Literal[";", ",", "\t", "|"] = Field(
        ";", description="Van tekst; anders ;. Een eerste regel als sep=, gaat voor"
    )
    kopregel: int | None = Field(None, ge=1, le=1000, description="De rij met de koppen; zonder: de eerste die past")
    kopregels: int = Field(default=1, ge=1, le=4, description="Hoeveel rijen samen de kop vormen; anders 1")
    verwachtElke: Duur | None = Field(None, description="Blijft er zo lang geen bestand komen, dan is dat een alarm")


class Schrijfwijze(Strict):
    """Wat dubbelzinnig is als het als tekst in een cel staat."""

    duizendtallen: Literal[".", ",", " ", "'"] | None = Field(None, description="Wat tussen duizendtallen staat")
    decimalen: Literal[".", ","] | None = Field(None, description="Wat voor de decimalen staat")
    datum: Datumvorm | None = Field(
        None, description="De volgorde van een datum in cijfers; 'serieel' is het getal waarmee Excel dagen telt"
    )
    leeg: list[str] = Field(default_factory=list, description="Wat er staat als er niets is, zoals - of n.v.t.")

    @model_validator(mode="after")
    def _verschillend(self) -> Self:
        if self.duizendtallen is not None and self.duizendtallen == self.decimalen:
            raise PydanticCustomError("same_signs", "scheidt duizendtallen en decimalen met hetzelfde teken")
        return self


class Kennis(Strict):
    """Wanneer de bron het vastlegde: de `time` van de gebeurtenissen."""

    uit: Literal["nu", "kolom", "cel", "naam"] = Field(
        "nu", description="Waar het staat; 'nu', als er niets staat, is het moment van inlezen"
    )
    kolom: list[Kop] = Field(default_factory=list, description="Hoe de kolom kan heten, bij uit = 'kolom'")
    cel: str | None = Field(None, pattern=_CEL, description="De cel boven de kop, zoals B2, bij uit = 'cel'")
    patroon: str | None = Field(
        None,
        max_length=300,
        description="Reguliere expressie bij uit = 'naam': vindt (?P<jaar>…), (?P<maand>…) en (?P<dag>…) in de naam "
        "van het bestand, en als het er staat (?P<uur>…) en (?P<minuut>…)",
    )
    tijd: Tijd | None = Field(None, description="Hoe laat het is als er alleen een datum staat; anders 00:00")

    @model_validator(mode="after")
    def _volledig(self) -> Self:
        need = {"nu": None, "kolom": "kolom", "cel": "cel", "naam": "patroon"}[self.uit]
        if need is not None and not getattr(self, need):
            raise PydanticCustomError("needs", f"met uit = {self.uit!r} moet ook {need} er staan")
        if self.patroon is not None:
            self._toets_patroon(self.patroon)
        return self

    @staticmethod
    def _toets_patroon(patroon: str) -> None:
        try:
            groups = set(re.compile(patroon).groupindex)
        except re.error as error:
            raise PydanticCustomError("pattern", f"patroon is niet te lezen ({error})") from error
        if not {"jaar", "maand", "dag"} <= groups or groups - _GROEPEN:
            raise PydanticCustomError("pattern", "patroon moet jaar, maand en dag vinden, en mag ook uur en minuut")


class Overslaan(Strict):
    """Rijen die geen gegevens zijn, zoals een totaal."""

    kolom: list[Kop] = Field(min_length=1, description="Hoe de kolom kan heten waaraan het te zien is")
    leeg: bool = Field(default=False, description="Sla over als de cel leeg is")
    iss: list[str] = Field(default_factory=list, alias="is", description="Sla over als dit er staat")
    begint: list[str] = Field(default_factory=list, description="Sla over als het zo begint, met hele woorden")

    @model_validator(mode="after")
    def _iets(self) -> Self:
        if not (self.leeg or self.iss or self.begint):
            raise PydanticCustomError("needs", "moet zeggen wat er in de kolom staat: leeg, is of begint")
        return self


class Als(Strict):
    """Wanneer een rij deze gebeurtenis is."""

    kolom: list[Kop] = Field(min_length=1, description="Hoe de kolom kan heten waaraan het te zien is")
    iss: list[str] = Field(default_factory=list, alias="is", description="Als dit er staat")
    niet: list[str] = Field(default_factory=list, description="Als dit er niet staat")
    gevuld: bool | None = Field(None, description="Als er iets staat; false: als er niets staat")

    @model_validator(mode="after")
    def _iets(self) -> Self:
        if not (self.iss or self.niet) and self.gevuld is None:
            raise PydanticCustomError("needs", "moet zeggen wat er in de kolom staat: is, niet of gevuld")
        return self


class Waardebron(Strict):
    """Waar de waarde van een veld staat: in een kolom, in een cel boven de kop, vast, of als de `time`."""

    kolom: list[Kop] = Field(default_factory=list, description="Hoe de kolom kan heten; de eerste die er is telt")
    cel: str | None = Field(None, pattern=_CEL, description="De cel boven de kop, zoals B2")
    vast: str | int | float | bool | None = Field(None, description="Altijd deze waarde")
    kennis: bool = Field(default=False, description="Het moment van [kennis]")
    vertaal: dict[str, str | int | bool] = Field(
        default_factory=dict, description="Wat de woorden van de bron hier heten, zoals {gedoseerd = 'gecontroleerd'}"
    )
    namen: Naamsoort | None = Field(None, description="De cel is een naam; de id staat in de tabel met namen")
    eenheid: Literal["procent", "breuk"] | None = Field(
        None,
        description="Van een getal met decimalen: is 85 85%, of is 0,85 dat? Een cel van een werkmap die 85% laat zien "
        "bevat 0,85: breuk",
    )
    tijd: Tijd | None = Field(None, description="Hoe laat het is als er alleen een datum staat")
    tijdkolom: list[Kop] = Field(default_factory=list, description="De kolom met de tijd, als kolom alleen de datum is")
    magOntbreken: bool = Field(default=False, description="De kolom staat niet in elk bestand")
    anders: str | int | float | bool | None = Field(None, description="De waarde als de cel leeg is")

    @model_validator(mode="after")
    def _een_bron(self) -> Self:
        given = [name for name in ("kolom", "cel") if getattr(self, name)]
        given += ["vast"] * (self.vast is not None) + ["kennis"] * self.kennis
        if len(given) != 1:
            raise PydanticCustomError("one_source", "moet precies één hebben van kolom, cel, vast en kennis")
        if self.tijdkolom and not self.kolom:
            raise PydanticCustomError("needs", "met tijdkolom moet ook kolom er staan, met de datum")
        return self


class Gebeurtenis(Strict):
    """Welke gebeurtenis een rij is."""

    type: str = Field(description="Kort of lang: bezetting-gemeld")
    onderwerp: Waardebron = Field(description="Waar het over gaat, zoals een locatie")
    als: Als | None = Field(None, description="Alleen dan is een rij dit; zonder: altijd")
    volledig: bool = Field(
        default=False,
        description="Het bestand is de hele lijst: wat er niet meer in staat, wordt als in te trekken getoond",
    )
    velden: dict[str, Waardebron] = Field(
        min_length=1, description="Elk veld, met zijn bron. Welke er zijn: opvangpeil importeer --kolommen TYPE"
    )


class Profiel(Strict):
    """Eén soort bestand van één bron."""

    versie: int = Field(ge=1, description="Hoog dit op als wat hier staat verandert")
    omschrijving: str = Field(min_length=1, max_length=500, description="Wat voor bestand dit is")
    source: Source = Field(description="Wie het vastlegde: urn:nld:oin:<OIN van 20 cijfers>:systeem:<naam>")
    bestand: Bestand = Field(Bestand(), description="Hoe het heet en te lezen is")
    schrijfwijze: Schrijfwijze = Field(Schrijfwijze(), description="Hoe getallen en datums geschreven zijn")
    kennis: Kennis = Field(Kennis(), description="Wanneer het werd vastgelegd")
    overslaan: list[Overslaan] = Field(default_factory=list, description="Welke rijen geen gegevens zijn")
    gebeurtenis: list[Gebeurtenis] = Field(min_length=1, max_length=60, description="Wat een rij is; een of meer")

    def past_op(self, naam: str) -> bool:
        """Returns whether a file of this name is one of this profile."""
        return not self.bestand.naam or any(fnmatchcase(naam.lower(), one.lower()) for one in self.bestand.naam)

    @property
    def leeswijze(self) -> Leeswijze:
        """How to read its files."""
        return Leeswijze(self.bestand.bladen, self.bestand.codering, self.bestand.scheiding)

    def bronnen(self) -> Iterator[Waardebron]:
        """Yields where each value stands."""
        for one in self.gebeurtenis:
            yield one.onderwerp
            yield from one.velden.values()


class Genoemd(Strict):
    """A profile and its name: that of its file, without `.toml`."""

    naam: str
    profiel: Profiel


def kolommen_van(gebeurtenis: Gebeurtenis) -> dict[str, Column]:
    """Returns the fields that an event has, by name."""
    return {column.name: column for column in data_columns(full_type(gebeurtenis.type))}


def lees_profiel(pad: Path) -> Genoemd:
    """Reads a profile.

    Raises BestandError with every error and its line, ImporterError when it can't be opened or doesn't say yet whose
    files these are: what is sent stays in the log, under that source.
    """
    try:
        text = pad.read_text(encoding="utf-8")
    except OSError as error:
        raise ImporterError(f"{pad} is niet te openen: {os_reason(error)}.") from error
    except UnicodeDecodeError as error:
        raise ImporterError(f"{pad} is geen UTF-8; bewaar het profiel als UTF-8.") from error
    profiel = read_profiel(text, pad.name)
    if profiel.source == IN_TE_VULLEN:
        raise ImporterError(
            f"{pad.name}: source is nog die van het voorstel. Vul in wie het vastlegde: het OIN van de organisatie en "
            "de naam van haar systeem."
        )
    return Genoemd(naam=pad.stem, profiel=profiel)


def read_profiel(text: str, naam: str) -> Profiel:
    """Reads the text of a profile. Raises BestandError with every error and its line."""
    return read_toml(text, naam, Profiel, _toets)


def alle_profielen(map_: Path) -> list[Path]:
    """Returns the profiles in a folder, by name."""
    return sorted(path for path in map_.glob("*.toml") if path.is_file())


def vind_profiel(map_: Path, naam: str) -> Genoemd:
    """Reads the profile with this name, or this file. Raises ImporterError when it isn't there."""
    is_pad = naam.endswith(".toml")
    pad = Path(naam) if is_pad else map_ / f"{naam}.toml"
    if not pad.is_file():
        if is_pad:
            raise ImporterError(f"{pad} bestaat niet. Een naam zonder .toml wordt gezocht in {map_}.")
        known = ", ".join(path.stem for path in alle_profielen(map_)) or "geen"
        raise ImporterError(
            f"Er is geen profiel '{naam}' in {map_}; wel: {known}. Maak er een met `opvangpeil profiel maak`."
        )
    return lees_profiel(pad)


def _toets(profiel: Profiel) -> Iterator[Fault]:
    for number, one in enumerate(profiel.gebeurtenis):
        at: Sequence[int | str] = ("gebeurtenis", number)
        try:
            columns = kolommen_van(one)
        except ImporterError as error:
            yield (*at, "type"), str(error)
            continue
        for name, bron in one.velden.items():
            if name not in columns:
                yield (*at, "velden", name), f"is geen veld van {one.type}; wel: {', '.join(columns)}"
            elif why := _past_niet(bron, columns[name]):
                yield (*at, "velden", name), why
        missing = [name for name, column in columns.items() if column.required and name not in one.velden]
        if missing:
            yield (*at, "velden"), f"mist {', '.join(missing)}, en dat is verplicht"


def _past_niet(bron: Waardebron, column: Column) -> str:
    if (bron.tijd is not None or bron.tijdkolom) and column.kind != "moment":
        return "heeft een tijd, en die hoort alleen bij een moment"
    if bron.kennis and column.kind != "moment":
        return "neemt de kennis, en die hoort alleen bij een moment"
    if bron.eenheid is not None and column.kind != "getal":
        return "heeft een eenheid, en die hoort alleen bij een getal met decimalen"
    if bron.namen is not None and column.kind != "tekst":
        return "zoekt een naam op, en dat kan alleen bij een code"
    fixed = [bron.vast, bron.anders, *bron.vertaal.values()]
    wrong = [value for value in fixed if isinstance(value, str) and column.words and value not in column.words]
    if wrong and column.kind == "woord":
        return f"geeft {wrong[0]!r}; dat moet een zijn van {', '.join(column.words)}"
    return ""
