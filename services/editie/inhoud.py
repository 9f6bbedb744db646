"""Makes the files of an edition from the answers of a server, as everybody may see them.

Nothing in them says when they were made. So the same moment at the same positie gives the same bytes again.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import NamedTuple

import orjson
from pydantic import BaseModel

from schemas.fields import Json
from services.api.definities import kolomsoort, meanings
from services.core.grootheden.velden import BETEKENISSEN, eenheid_van, kop_van
from services.core.reasons.aansluiting import BETEKENIS
from services.core.registers import LANDELIJK
from services.editie.manifest import Inhoud, Vorige
from services.editie.verandering import alinea
from services.export import FORMATS, Tabel, as_table
from services.export.tabel import CelSoort, Kolom
from services.reads import derived_models, models
from services.web import addresses

Ask = Callable[[str, Mapping[str, str]], Json]
"""Asks a server: the path and the query, and returns its answer."""
DEFINITIES, VERSCHIL = "definities.json", "verschil.json"
_AS_EVERYBODY = {"omvat": "zichtbaar"}
_PAGE = "1000"
_NOT_IN_TABLES = ("positie", "volgende", "gepubliceerd", "gemeenten", "alinea")
"""Of an answer: what differs between two times that it is asked, and what has a file or a page of its own."""


class Opdracht(NamedTuple):
    """What an edition is made of: a moment, what was known, the stored events that count, and its licence."""

    geldig_op: str
    bekend_op: str
    positie: str
    licentie: str

    @property
    def asked(self) -> dict[str, str]:
        """As the parameters of a question."""
        return _AS_EVERYBODY | {"geldigOp": self.geldig_op, "bekendOp": self.bekend_op, "positie": self.positie}


def brief(ask: Ask, geldig_op: str, bekend_op: str, positie: str | None = None) -> Json:
    """The paragraph to Parliament of a moment: its head says from which positie an edition can be made."""
    at = {"geldigOp": geldig_op, "bekendOp": bekend_op} | ({"positie": positie} if positie else {})
    return ask(addresses.RAPPORT_KAMERBRIEF.path, _AS_EVERYBODY | at)


def oldest(ask: Ask) -> str | None:
    """Since when something is known that everybody may see; None when nothing is."""
    found = ask(addresses.LOGBOEK.path, _AS_EVERYBODY | {"aantal": "1"})["items"]
    return found[0]["time"] if found else None


def bestanden(ask: Ask, at: Opdracht, vorige: Vorige | None) -> dict[str, Inhoud]:
    """Makes the files of an edition by name: each table in each format, what changed, and what everything means."""
    made = tabellen(ask, at)
    told = _verschil(ask, at, vorige)
    verschil = _table("verschil", at.licentie, told, derived_models.Verschillen)
    return {
        **{name: one for tabel in made for name, one in in_formats(tabel)},
        VERSCHIL: Inhoud(_json(told), len(told["verschillen"])),
        "verschil.csv": _file(verschil, "csv"),
        DEFINITIES: Inhoud(_json(_definities(ask, at, [*made, verschil]))),
    }


def verteld(made: Mapping[str, Inhoud]) -> str:
    """Returns the paragraph about what changed."""
    told: str = orjson.loads(made[VERSCHIL].inhoud)["alinea"]
    return told


def tabellen(ask: Ask, at: Opdracht) -> list[Tabel]:
    """Makes the tables of a moment: the country, the provincies, the gemeenten and the locaties."""
    return [
        _landelijk(ask, at),
        _table("provincies", at.licentie, _whole(ask, addresses.PROVINCIES.path, at), models.Provincies),
        _table("gemeenten", at.licentie, _whole(ask, addresses.GEMEENTEN.path, at), models.Gemeenten),
        _table("locaties", at.licentie, _whole(ask, addresses.LOCATIES.path, at, aantal=_PAGE), models.Locaties),
    ]


def in_formats(tabel: Tabel) -> Iterable[tuple[str, Inhoud]]:
    """Yields a table as files, each with its name."""
    for formaat in ("parquet", "csv"):
        yield f"{tabel.titel}.{formaat}", _file(tabel, formaat)


def _file(tabel: Tabel, formaat: str) -> Inhoud:
    names = [kolom.naam for kolom in tabel.kolommen] + (list(tabel.kop) if formaat == "csv" else [])
    return Inhoud(FORMATS[formaat].render(tabel), len(tabel.rijen), names)


def _whole(ask: Ask, path: str, at: Opdracht, **more: str) -> Json:
    """A list with the rows of all its pages."""
    said = found = ask(path, at.asked | more)
    while found["volgende"] is not None:
        found = ask(path, at.asked | more | {"na": found["volgende"]})
        said["items"] += found["items"]
    return said


def _landelijk(ask: Ask, at: Opdracht) -> Tabel:
    """One row: people and places, and under `naleving.` the legal task, which is over all locaties."""
    people, law = (ask(address.path, at.asked) for address in (addresses.BEZETTING, addresses.NALEVING))
    head: Json = {name: people[name] for name in ("geldigOp", "bekendOp", "simulatie") if name in people}
    row = {"onderwerp": LANDELIJK, "naam": "Nederland"} | _without(people, head) | {"naleving": _without(law, head)}
    return _table("landelijk", at.licentie, head | {"items": [row]}, models.Bezetting, models.Naleving)


def _without(said: Json, head: Json) -> Json:
    return {name: value for name, value in said.items() if name not in head and name not in _NOT_IN_TABLES}


def _table(
    titel: str, licentie: str, said: Json, model: type[BaseModel], of_law: type[BaseModel] | None = None
) -> Tabel:
    """Makes a table of an answer. `of_law`: what its columns under `naleving.` are fields of."""
    meaning = {**BETEKENISSEN, **meanings(model), **(meanings(of_law) if of_law else {})}
    kept = {name: value for name, value in said.items() if name not in _NOT_IN_TABLES}
    soort = partial(kolomsoort, model) if of_law is None else partial(_of_land, model, of_law)
    made = as_table(titel, kept, meaning, soort, betekenis=BETEKENIS, licentie=licentie, definities=DEFINITIES)
    columns = [one._replace(kop=kop_van(one.naam), eenheid=eenheid_van(one.naam)) for one in made.kolommen]
    return made._replace(kolommen=columns)


def _of_land(model: type[BaseModel], of_law: type[BaseModel], path: str) -> CelSoort:
    name = path.removeprefix("items.")
    return kolomsoort(of_law, name.removeprefix("naleving.")) if "." in name else kolomsoort(model, name)


def _verschil(ask: Ask, at: Opdracht, vorige: Vorige | None) -> Json:
    """What changed since another edition, by what is known at the positie of this one."""
    if vorige is None:
        return {"vorige": None, "alinea": alinea(None, {}), "verschillen": []}
    between = {
        "vanGeldigOp": vorige.geldigOp,
        "vanBekendOp": vorige.bekendOp,
        "naarGeldigOp": at.geldig_op,
        "naarBekendOp": at.bekend_op,
        "positie": at.positie,
    }
    found = ask(addresses.VERSCHILLEN.path, _AS_EVERYBODY | between)
    told = {name: value for name, value in found.items() if name != "positie"}
    return {"vorige": vorige.editie, "alinea": alinea(vorige.editie, told)} | told


def _definities(ask: Ask, at: Opdracht, made: Iterable[Tabel]) -> Json:
    """What each figure, each word and each column means."""
    said = ask(addresses.DEFINITIES.path, at.asked)
    columns = {tabel.titel: [_column(one) for one in tabel.kolommen] for tabel in made}
    kept = {name: value for name, value in said.items() if name not in _NOT_IN_TABLES}
    return {"betekenis": BETEKENIS, "licentie": at.licentie} | kept | {"kolommen": columns}


def _column(one: Kolom) -> Json:
    about = {"kolom": one.naam, "kop": one.kop, "betekenis": one.uitleg}
    return about | {"soort": one.soort, "eenheid": one.eenheid or None}


def _json(said: Json) -> bytes:
    return orjson.dumps(said, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
