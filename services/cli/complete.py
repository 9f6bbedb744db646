"""`aanvulling`: what makes a shell complete commands when somebody presses Tab."""

from enum import StrEnum
from typing import Annotated

import typer
from typer.completion import get_completion_script  # type: ignore[attr-defined]  # not in their list of exports

from services.cli.plain import say

PROGRAM = "opvangpeil"


class Shell(StrEnum):
    """The shells that can."""

    bash = "bash"
    zsh = "zsh"
    fish = "fish"


def aanvulling(shell: Annotated[Shell, typer.Argument(help="uw shell")]) -> None:
    """Writes the lines that a shell must read."""
    lines = get_completion_script(prog_name=PROGRAM, complete_var=f"_{PROGRAM.upper()}_COMPLETE", shell=shell)
    say.print(lines, markup=False)
