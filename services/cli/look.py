"""`status` and `onverwerkbaar`: how it goes, and what could not be taken."""

from typing import Annotated

import httpx
import typer
from rich.table import Table

from schemas.fields import format_moment
from services.cli.plain import (
    DEFAULT_URL,
    DataOption,
    UrlOption,
    answered,
    app,
    complain,
    plainly,
    say,
    server,
    store_of,
)

ORIGINAL_SHOWN = 200


@app.command()
def status(url: UrlOption = DEFAULT_URL) -> None:
    """Is de server gereed, en wat weet hij nu? Eindigt met 1 als hij niet gereed is."""
    with plainly():
        client = server(url)
        ready = client.get("/gereed")
        answer = ready.json()
        if ready.status_code != httpx.codes.OK:
            complain.print(f"Niet gereed: {answer.get('detail', ready.status_code)}", style="red")
            for fout in answer.get("fouten", []):
                complain.print(f"  {fout['veld']}: {fout['melding']}")
            raise typer.Exit(1)
        figures = answered(client.get("/v1/bezetting"))
        table = Table("gegeven", "waarde", title="Opvangpeil is gereed")
        for name in (
            "geldigOp",
            "locaties",
            "aanwezig",
            "plaatsen",
            "inzetbaar",
            "bezettingsgraad",
            "dekking",
            "positie",
        ):
            value = figures.get(name)
            table.add_row(name, "onbekend" if value is None else str(value))
        say.print(table)


@app.command()
def onverwerkbaar(
    data: DataOption = None,
    aantal: Annotated[int, typer.Option(help="hoeveel van de nieuwste", min=1, max=10_000)] = 50,
) -> None:
    """Wat niet aangenomen kon worden, met de reden en waar het stond."""
    with plainly(), store_of(data) as store:
        items = store.unprocessable(aantal)
        for item in items:
            place = f"partitie {item.place.partition}, offset {item.place.offset}, nummer {item.index}"
            say.print(f"{format_moment(item.ontvangen_op)}  {item.topic}  {place}", style="bold", markup=False)
            say.print(f"  {item.reason}", markup=False)
            say.print(f"  {item.raw[:ORIGINAL_SHOWN].decode('utf-8', 'replace')!r}", markup=False, style="dim")
        if not items:
            say.print("Er is niets onverwerkbaar.")
