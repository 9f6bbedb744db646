"""The command line in Dutch: its help, its kinds of values, and what is wrong with what somebody typed.

typer says these in English. Everything that it says by itself comes from its classes for commands, so those below say
it instead. `Opdrachten` is the typer.Typer that makes them.
"""

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from enum import Enum
from importlib import import_module
from inspect import cleandoc
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import typer
from typer.core import (  # type: ignore[attr-defined]  # CompletionItem is not in their list of exports
    CompletionItem,
    TyperArgument,
    TyperCommand,
    TyperGroup,
    TyperOption,
)
from typer.main import get_command

from services.cli.plain import complain, complain_of, say
from services.cli.tabel import Kolom, Rij, toon_tabel

Parameter = TyperArgument | TyperOption
_KINDS = {str: "TEKST", int: "GETAL", float: "GETAL", Path: "BESTAND"}
_TOO_MANY = re.compile(r"Got unexpected extra argument\(s\) \((.*)\)")
_HELP = "deze uitleg"
_CHOICES_MAX = 40
"""A longer list of choices stands in the text."""


class Later(NamedTuple):
    """A command that is imported when somebody asks for it. Its line in the list is known before that."""

    place: str
    """Its module and its name there, such as `look:status`."""
    help: str
    logs: bool = False
    """Whether it runs parts of Opvangpeil in its own process, which log."""

    def load(self, name: str) -> Any:
        """Imports it and makes the command of it."""
        module, _, function = self.place.partition(":")
        found = getattr(import_module(f"services.cli.{module}"), function)
        if not isinstance(found, typer.Typer):
            found, alone = Opdrachten(), found
            found.command(name, help=self.help)(alone)
        command = get_command(found)
        command.name, command.help = name, cleandoc(self.help)
        return command


if TYPE_CHECKING:
    _Command = TyperCommand
else:
    _Command = object  # What is Dutch goes before either class of typer, a command or a group.


class _Dutch(_Command):
    """Says in Dutch what every command says by itself."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Writes how the command is typed."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="Gebruik: ")

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Returns the parts of the usage line."""
        arguments = [one for one in self.get_params(ctx) if isinstance(one, TyperArgument)]
        return ["[OPTIES]", *(_placed(one) for one in arguments)]

    def get_help_option(self, ctx: Any) -> TyperOption | None:
        """Returns `--help`, with its own help in Dutch."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = _HELP
        return option

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Writes the whole help."""
        with say.capture() as written:
            say.print(self.get_usage(ctx), style="bold", markup=False)
            say.print(f"\n{self.help or ''}", markup=False)
            for title, rows in self.blocks(ctx):
                if rows:
                    say.print()
                    say.print(title, style="bold")
                    toon_tabel(
                        [Kolom(""), Kolom("")], [Rij((f"  {name}", " ".join(told.split()))) for name, told in rows]
                    )
        formatter.write("\n".join(line.rstrip() for line in written.get().splitlines()))

    def blocks(self, ctx: Any) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """Yields the parts of the help below its text: each has a title and its rows."""
        params = [one for one in self.get_params(ctx) if isinstance(one, Parameter) and not one.hidden]
        yield "Argumenten", [(_placed(one), _told(one)) for one in params if isinstance(one, TyperArgument)]
        options = [one for one in params if isinstance(one, TyperOption)]
        yield "Opties", [(f"{', '.join(one.opts)} {_kind(one)}".strip(), _told(one)) for one in options]

    def main(self, *args: Any, **options: Any) -> Any:
        """Runs the command, and tells what is wrong with it."""
        try:
            code = super().main(*args, **options | {"standalone_mode": False})
        except typer.TyperException as error:
            _tell(error)
            code = error.exit_code
        except typer.Abort:
            complain_of("afgebroken")
            code = 1
        sys.exit(code)


class Opdracht(_Dutch, TyperCommand):
    """One command."""


class Groep(_Dutch, TyperGroup):
    """Commands under one name. Those in `later` are imported when somebody asks for them."""

    later: ClassVar[Mapping[str, Later]] = {}

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Returns the parts of the usage line."""
        return [*super().collect_usage_pieces(ctx), "OPDRACHT …"]

    def list_commands(self, ctx: Any) -> list[str]:
        """Returns the names of all commands, in order."""
        return [*self.later, *super().list_commands(ctx)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Returns a command, or None when there is none of that name."""
        if cmd_name in self.later and cmd_name not in self.commands:
            return self.later[cmd_name].load(cmd_name)
        return super().get_command(ctx, cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Finds the command that is asked for."""
        names, asked = self.list_commands(ctx), args[0]
        if asked not in names and not asked.startswith("-") and not ctx.resilient_parsing:
            near = get_close_matches(asked, names)
            ctx.fail(f"er is geen opdracht {asked}" + (f"; bedoelt u {' of '.join(near)}?" if near else ""))
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: Any, incomplete: str) -> list[CompletionItem]:
        """Returns how a shell can go on, without importing what is only named."""
        if incomplete.startswith("-"):
            return super().shell_complete(ctx, incomplete)
        return [CompletionItem(name, help=said) for name, said in self._lines(ctx) if name.startswith(incomplete)]

    def blocks(self, ctx: Any) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """Yields the parts of the help below its text."""
        yield from super().blocks(ctx)
        yield "Opdrachten", self._lines(ctx)

    def _lines(self, ctx: Any) -> list[tuple[str, str]]:
        """Returns every command with the first sentence about it."""
        helps = {name: later.help for name, later in self.later.items()}
        helps |= {name: command.help or "" for name, command in self.commands.items()}
        return [(name, helps[name].partition("\n\n")[0]) for name in self.list_commands(ctx)]


class Opdrachten(typer.Typer):
    """Makes commands that speak Dutch."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"cls": Groep, "add_completion": False, "pretty_exceptions_enable": False, **options})

    def command(self, name: str | None = None, **options: Any) -> Callable[[Any], Any]:
        """Makes a command of a function."""
        return super().command(name, **{"cls": Opdracht, **options})


def _placed(argument: TyperArgument) -> str:
    """Returns an argument as the usage line shows it."""
    name = argument.metavar or argument.name.rstrip("_").upper()
    name = name.strip("[]") + ("…" if argument.nargs != 1 else "")
    return name if argument.required else f"[{name}]"


def _kind(one: Parameter) -> str:
    """Returns what is filled in, such as GETAL. Empty for an option that is only there or not."""
    if isinstance(one, TyperOption) and one.is_flag:
        return ""
    if one.metavar:
        return one.metavar
    if choices := _choices(one):
        return choices if len(choices) <= _CHOICES_MAX else "KEUZE"
    described = one.type_descriptor
    if described.is_datetime:
        return "DAG"
    element = (getattr(described.annotation, "__args__", None) or [described.annotation])[0]
    return _KINDS.get(element, "TEKST")


def _choices(one: Parameter) -> str:
    found = one.type_descriptor.choices or ()
    return "|".join(str(choice.value if isinstance(choice, Enum) else choice) for choice in found)


def _told(one: Parameter) -> str:
    """Returns what the help says of an argument or option."""
    said = [one.help or ""]
    choices = _choices(one)
    if choices and (isinstance(one, TyperArgument) or len(choices) > _CHOICES_MAX):
        said.append(f"({choices.replace('|', ', ')})")
    if one.type_descriptor.is_ranged:
        said.append(f"({_bounds(one)})")
    if one.required:
        said.append("[verplicht]")
    elif one.default is not None and not callable(one.default) and _kind(one) and one.default != "":
        said.append(f"[standaard: {one.default.value if isinstance(one.default, Enum) else one.default}]")
    return " ".join(filter(None, said))


def _bounds(one: Parameter) -> str:
    least, most = one.type_descriptor.parameter_info.min, one.type_descriptor.parameter_info.max
    if most is None:
        return f"minstens {least}"
    return f"van {least} tot en met {most}" if least is not None else f"hoogstens {most}"


def _tell(error: typer.TyperException) -> None:
    """Tells a person what is wrong with what was typed, and where the help is."""
    ctx, kind = getattr(error, "ctx", None), type(error).__name__
    if kind == "NoArgsIsHelpError":
        typer.echo(error.message)
        return
    if ctx is not None:
        complain.print(ctx.get_usage(), style="bold", markup=False)
        complain.print(f"Wat er kan: {ctx.command_path} --help", style="dim", markup=False)
    complain_of(_fault(error, kind))


def _fault(error: Any, kind: str) -> str:
    param = getattr(error, "param", None)
    if isinstance(param, Parameter):
        name = _placed(param) if isinstance(param, TyperArgument) else param.opts[0]
        described = param.type_descriptor
        day = ", zoals 2026-05-21" if described.is_datetime else ""
        must = (
            f"verwacht {_choices(param) or _kind(param)} {_bounds(param) if described.is_ranged else ''}".strip() + day
        )
        return f"{name} ontbreekt; {must}" if kind == "MissingParameter" else f"{name} klopt niet; {must}"
    if kind == "NoSuchOption":
        near = f"; bedoelt u {' of '.join(sorted(error.possibilities))}?" if error.possibilities else ""
        return f"er is geen optie {error.option_name}{near}"
    if kind == "BadOptionUsage":
        return f"{error.option_name} {'vraagt om een' if 'requires' in error.message else 'krijgt geen'} waarde"
    if extra := _TOO_MANY.fullmatch(error.message):
        return f"dit hoort er niet bij: {extra[1]}"
    return "noem een opdracht" if error.message == "Missing command." else str(error.message)
