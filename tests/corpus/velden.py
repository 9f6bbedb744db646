"""Writes the fields of a profile as tables, from its model, for `deploy/profielen/README.md`."""

from collections.abc import Iterator
from datetime import timedelta
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from services.importer.profiel.model import (
    Als,
    Bestand,
    Gebeurtenis,
    Kennis,
    Overslaan,
    Profiel,
    Schrijfwijze,
    Tijd,
    Waardebron,
)

BEGIN, EINDE = "<!-- velden: gemaakt door python -m tests.corpus -->", "<!-- einde velden -->"
_MODELLEN = (
    ("Bovenaan", Profiel),
    ("`[bestand]`", Bestand),
    ("`[schrijfwijze]`", Schrijfwijze),
    ("`[kennis]`", Kennis),
    ("`[[overslaan]]`", Overslaan),
    ("`[[gebeurtenis]]`", Gebeurtenis),
    ("`als`", Als),
    ("`onderwerp`, en elk van `velden`", Waardebron),
)
_WOORD = {str: "tekst", int: "heel getal", float: "getal", bool: "`true` of `false`", timedelta: "duur, zoals `26h`"}


def met_velden(tekst: str) -> str:
    """Returns the text of the README with its tables as the model has them now."""
    before, rest = tekst.split(BEGIN)
    return "\n".join([before + BEGIN, *_regels(), EINDE + rest.split(EINDE)[1]])


def _regels() -> Iterator[str]:
    for titel, model in _MODELLEN:
        yield f"\n### {titel}\n\n{model.__doc__}\n"
        yield "| veld | wat er staat | betekenis |\n|---|---|---|"
        for name, field in model.model_fields.items():
            shown = f"`{field.alias or name}`" + (" (verplicht)" if field.is_required() else "")
            yield f"| {shown} | {_vorm(field.annotation)} | {(field.description or '').replace('<', '&lt;')} |"


def _vorm(soort: Any) -> str:
    """Returns what may stand in a field, in Dutch."""
    origin, inner = get_origin(soort), [one for one in get_args(soort) if one is not type(None)]
    if origin is Annotated:
        return "`uu:mm`" if soort == Tijd else _vorm(inner[0])
    if origin in {Union, UnionType}:
        return " of ".join(map(_vorm, inner))
    if origin is Literal:
        return ", ".join(f"`{one}`" for one in inner).replace("|", "\\|").replace("\t", "\\t")
    if origin is list:
        return "tabellen" if _is_model(inner[0]) else f"lijst van {_vorm(inner[0])}en"
    return "namen met waarden" if origin is dict else "tabel" if _is_model(soort) else _WOORD[soort]


def _is_model(soort: Any) -> bool:
    return isinstance(soort, type) and issubclass(soort, BaseModel)
