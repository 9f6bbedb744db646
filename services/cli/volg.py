"""`volg` watches a folder. What does it is imported when it runs: `--help` should not wait for that."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.plain import DEFAULT_URL, UrlOption


def volg(
    map_: Annotated[Path, typer.Argument(metavar="MAP", help="de map waarin bronnen hun bestanden zetten")],
    profiel: Annotated[
        list[str], typer.Option(help="profiel van bestanden die er komen; meer dan eens mag", show_default=False)
    ],
    url: UrlOption = DEFAULT_URL,
    elke: Annotated[int, typer.Option(help="seconden tussen twee blikken op de map", min=1, max=3600)] = 10,
    port: Annotated[int, typer.Option(help="poort van /metrics en /gereed; 0 = een vrije", min=0, max=65_535)] = 9180,
) -> None:
    """Watches a folder until SIGTERM or SIGINT."""
    from services.cli.volgdienst import volg_map

    volg_map(map_, profiel, url, elke=elke, port=port)
