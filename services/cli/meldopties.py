"""The options of `meld`: one for each field of a form, named after it, so that `--help` and Tab know them all."""

import re
from collections.abc import Callable, Iterator, Mapping
from inspect import Parameter, Signature
from typing import Annotated, Any, NamedTuple

import typer

from services.dashboard.melden.formulier import Formulier
from services.dashboard.melden.velden import RIJEN_MAX, Blok, Invoer, Veld

OVER, SOURCE = "over", "source"
"""The fields of every form, besides those of its event."""
_CAPITAL = re.compile("[A-Z]")
_KINDS: Mapping[Invoer, str] = {Invoer.MOMENT: "MOMENT", Invoer.HEEL: "GETAL", Invoer.GETAL: "GETAL"}
VALUES_MAX = 40
"""A longer list of values stands in the help."""


class Optie(NamedTuple):
    """The option for one field."""

    naam: str
    """`--dwangsom-per-dag`"""
    veld: str
    """The name of the field."""
    hulp: str
    soort: str
    """What is filled in, such as GETAL."""
    verborgen: bool = False
    """Whether it stays out of the help: one of the later rows of a form with very many."""


def opties(formulier: Formulier) -> Iterator[Optie]:
    """Yields an option for each field of a form."""
    yield Optie("--over", OVER, f"{formulier.over}. {formulier.over_hulp}", "TEKST")
    shown = {veld.naam for veld in formulier.velden(1)}
    for blok in formulier.alle_blokken():
        for veld in blok.velden:
            values = "|".join(value for value, _ in veld.keuzes)
            kind = _KINDS.get(veld.invoer, "TEKST") if not values else values if len(values) <= VALUES_MAX else "KEUZE"
            parts = filter(None, [blok.label(veld), veld.hulp, *_hints(formulier, blok, veld, kind)])
            told = ". ".join(parts).replace("?. ", "? ")
            yield Optie(_naam(blok, veld), veld.naam, told, kind, veld.naam not in shown)
    yield Optie("--namens", SOURCE, "Namens systeem. Het systeem waarvoor u meldt, waar dat te kiezen is", "TEKST")


def _naam(blok: Blok, veld: Veld) -> str:
    own = _CAPITAL.sub(lambda letter: f"-{letter[0].lower()}", veld.naam.rpartition(".")[2])
    row = blok.titel.lower().replace(" ", "-")
    return f"--{row}-{own}" if row else f"--{own}"


def _hints(formulier: Formulier, blok: Blok, veld: Veld, kind: str) -> Iterator[str]:
    """Yields what helps with an option besides what helps with its field."""
    if kind == "KEUZE":
        yield ", ".join(value for value, _ in veld.keuzes)
    if veld.invoer is Invoer.MEER:
        yield "Meer met een komma ertussen"
    if formulier.repeats and blok.titel and veld is blok.velden[0]:
        yield f"Een tweede heeft {_naam(blok, veld).replace('-1-', '-2-')}, en zo tot {RIJEN_MAX}"


def als_functie(
    formulier: Formulier, doe: Callable[[dict[str, str], bool, str], None], url: Any, standaard: str
) -> Any:
    """Returns a function with these options as its parameters, for typer to make a command of.

    Args:
        formulier: the form.
        doe: gets the fields that were given (name → text), whether to send without asking, and the server.
        url: the type of the option for the server.
        standaard: the server when none is given.
    """
    named = {f"veld_{number}": one for number, one in enumerate(opties(formulier))}

    def run(*, ja: bool, url: str, **given: str | None) -> None:
        doe({named[name].veld: text for name, text in given.items() if text is not None}, ja, url)

    parameters = [
        Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[str | None, _declared(one)])
        for name, one in named.items()
    ]
    sure = Annotated[bool, typer.Option("--ja", help="verzend zonder te vragen of het klopt")]
    parameters.append(Parameter("ja", Parameter.KEYWORD_ONLY, default=False, annotation=sure))
    parameters.append(Parameter("url", Parameter.KEYWORD_ONLY, default=standaard, annotation=url))
    run.__signature__ = Signature(parameters)  # type: ignore[attr-defined]  # What inspect.signature looks for first.
    return run


def _declared(one: Optie) -> Any:
    return typer.Option(one.naam, help=one.hulp, metavar=one.soort, hidden=one.verborgen)
