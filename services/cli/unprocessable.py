"""`onverwerkbaar`: shows what could not be accepted, and offers it again as anybody would."""

from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import httpx
import typer
from rich.markup import escape

from services.cli.asking import answered, asking
from services.cli.momenten import KLOK, op_de_klok
from services.cli.nederlands import Opdrachten
from services.cli.plain import DEFAULT_URL, CommandError, DataOption, plainly, say
from services.cli.tabel import Kolom, Rij, toon_tabel
from services.config import read_config
from services.core.dutch import number

SHOWN_BYTES = 200

_TOPIC = "opvang.gebeurtenissen.v1, "
"""In front of nearly every place, so a list leaves it out."""
_COLUMNS = (Kolom("nummer", getal=True), Kolom("ontvangen", heel=True), Kolom("plaats", heel=True), Kolom("reden"))
_TAKEN = {200: "stond er al", 201: "opgeslagen", 202: "aangenomen"}
_NOT_TAKEN = {400, 409, 413}
Whence = Annotated[str | None, typer.Option("--url", help=f"adres van de server [standaard: {DEFAULT_URL}]")]
Reason = Annotated[str, typer.Option("--reden", help="alleen met deze tekst in de reden")]
Count = Annotated[int, typer.Option(help="hoeveel van de nieuwste", min=1, max=1000)]
commands = Opdrachten()


class Item(NamedTuple):
    """One unprocessable message or event."""

    number: int
    received: str
    place: str
    reason: str
    length: int
    raw: bytes


class ItemSource(NamedTuple):
    """Where the unprocessable are kept."""

    page: Callable[[int | None, str, int], list[Item]]
    """(below which number, text in the reason, count) → the newest of them."""
    one: Callable[[int], Item | None]
    """Number → that one, whole."""


@commands.callback(invoke_without_command=True)
def onverwerkbaar(context: typer.Context, data: DataOption = None, url: Whence = None, aantal: Count = 50) -> None:
    """Zonder meer: de lijst."""
    if context.invoked_subcommand is None:
        lijst(data, url, "", aantal)
    elif (data, url) != (None, None):
        raise typer.BadParameter(f"zet opties achter de opdracht: onverwerkbaar {context.invoked_subcommand} --data …")


@commands.command()
def lijst(data: DataOption = None, url: Whence = None, reden: Reason = "", aantal: Count = 50) -> None:
    """De nieuwste eerst, elk met nummer, reden en waar het stond."""
    with plainly(), _source(data, url) as source:
        items = source.page(None, reden, aantal)
        if items:
            toon_tabel(_COLUMNS, (_row(item) for item in items))
            say.print(f"Tijden zijn {KLOK}. Eén bericht in zijn geheel: `opvangpeil onverwerkbaar toon NUMMER`")
        else:
            say.print("Er is niets onverwerkbaar." if not reden else f"Er is niets met de reden {escape(reden)!r}.")


@commands.command()
def toon(
    nummer: Annotated[int, typer.Argument(help="nummer uit de lijst", min=1)],
    data: DataOption = None,
    url: Whence = None,
    bytes_: Annotated[bool, typer.Option("--bytes", help="alleen de oorspronkelijke bytes, zoals zij kwamen")] = False,
) -> None:
    """Eén bericht in zijn geheel."""
    with plainly(), _source(data, url) as source:
        item = _found(source, nummer)
        if bytes_:
            typer.get_binary_stream("stdout").write(item.raw)
            return
        say.print(
            f"nummer    {item.number}\nontvangen {op_de_klok(item.received)} {KLOK}\nplaats    {item.place}",
            markup=False,
        )
        say.print(f"reden     {item.reason}\nlengte    {number(item.length)} bytes\n", markup=False)
        say.print(item.raw.decode("utf-8", "backslashreplace"), markup=False)


@commands.command()
def opnieuw(
    nummers: Annotated[list[int] | None, typer.Argument(help="nummers uit de lijst")] = None,
    data: DataOption = None,
    url: Annotated[str, typer.Option("--url", help="server waaraan wordt aangeboden")] = DEFAULT_URL,
    reden: Reason = "",
    alle: Annotated[bool, typer.Option("--alle", help="alles, of alles met --reden")] = False,
    nu_bekend: Annotated[
        bool, typer.Option("--nu-bekend", help="wat deze versie wel begrijpt, zoals berichten van een nieuw type")
    ] = False,
) -> None:
    """Opnieuw aanbieden met POST /v1/gebeurtenissen, het oudste eerst; eindigt met 1 als er iets geweigerd is."""
    from schemas.parsing import ids_if_valid

    with plainly(), _source(data, None if data else url) as source, asking(url) as server:
        if bool(nummers) == (alle or nu_bekend or bool(reden)):
            raise CommandError(
                "noem nummers, of --reden TEKST, of --nu-bekend, of --alle; `opvangpeil onverwerkbaar lijst` toont ze"
            )
        wanted = nummers or [
            item.number
            for item in reversed(list(_all(source, reden)))
            if not nu_bekend or ids_if_valid(_found(source, item.number).raw) is not None
        ]
        failed = 0
        for nummer in wanted:
            status, words = _offer(server, _found(source, nummer).raw)
            failed += status in _NOT_TAKEN
            say.print(f"{nummer}: {words}", markup=False)
        say.print(f"{number(len(wanted))} aangeboden, {number(failed)} opnieuw geweigerd.")
        raise typer.Exit(1 if failed else 0)


def _row(item: Item) -> Rij:
    return Rij((str(item.number), op_de_klok(item.received), item.place.removeprefix(_TOPIC), item.reason))


def _offer(server: httpx.Client, raw: bytes) -> tuple[int, str]:
    """Offers one to the server; gives the status and the words of its answer.

    Raises ServerRefusedError when the server can't judge now: then nothing more is offered.
    """
    from schemas.parsing import BATCH, STRUCTURED

    kind = BATCH if raw.lstrip()[:1] == b"[" else STRUCTURED
    answer = server.post("/v1/gebeurtenissen", content=raw, headers={"content-type": kind})
    if answer.status_code in _TAKEN:
        return answer.status_code, _TAKEN[answer.status_code]
    if answer.status_code not in _NOT_TAKEN:
        answered(answer)
    problem: dict[str, Any] = answer.json()
    reasons = [f"{fout['veld']}: {fout['melding']}".removeprefix(": ") for fout in problem.get("fouten", [])]
    return answer.status_code, f"opnieuw geweigerd: {'; '.join(reasons) or problem.get('detail', '')}"


def _all(source: ItemSource, reason: str) -> Iterator[Item]:
    below = None
    while items := source.page(below, reason, 1000):
        yield from items
        below = items[-1].number


def _found(source: ItemSource, number: int) -> Item:
    item = source.one(number)
    if item is None:
        raise CommandError(
            f"er is geen onverwerkbaar bericht met nummer {number}; zie `opvangpeil onverwerkbaar lijst`"
        )
    return item


@contextmanager
def _source(data: Path | None, url: str | None) -> Iterator[ItemSource]:
    """Opens the data folder or server that is named, else the ClickHouse of the environment, else the usual server."""
    if data is not None or (url is None and read_config().clickhouse):
        from services.cli.stores import store_of
        from services.cli.unprocessable_store import of_store

        with store_of(data) as store:
            yield of_store(store)
        return
    with asking(url or DEFAULT_URL) as server:
        yield _of_server(server)


def _of_server(server: httpx.Client) -> ItemSource:
    def page(below: int | None, reason: str, count: int) -> list[Item]:
        asked = {"na": below, "reden": reason or None, "aantal": count}
        answer = server.get("/v1/onverwerkbaar", params={name: v for name, v in asked.items() if v is not None})
        return [_from_server(item) for item in answered(answer)["items"]]

    def one(number: int) -> Item | None:
        answer = server.get(f"/v1/onverwerkbaar/{number}")
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        return _from_server(answered(answer))

    return ItemSource(page, one)


def _from_server(item: dict[str, Any]) -> Item:
    where = place(item["topic"], item["partitie"], item["offset"], item["index"])
    raw = b64decode(item["inhoud"])
    return Item(item["nummer"], item["ontvangenOp"], where, item["reden"], item["lengte"], raw)


def place(topic: str, partition: int, offset: int, index: int) -> str:
    """Returns where a message stood."""
    return f"{topic}, partitie {partition}, offset {offset}, gebeurtenis {index}"
