"""`opvangpeil toegang`: makes, lists and withdraws tokens, on a server or straight in the store."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Protocol

import typer

from schemas.fields import Json, format_moment, parse_moment
from services.cli.asking import answered, asking
from services.cli.momenten import KLOK, op_de_klok
from services.cli.nederlands import Opdrachten
from services.cli.plain import DEFAULT_URL, CommandError, DataOption, plainly, say
from services.cli.tabel import Kolom, Rij, toon_tabel
from services.config import ConfigError, read_config

_KEEP_IT = (
    "Token {id} ({naam}: {rollen}) is gemaakt. Bewaar het nu: het wordt nergens anders getoond.\n"
    "Gebruik het als `Authorization: Bearer …`, of zet het in OPVANGPEIL_TOKEN.\n"
    "Zodra er een token is vraagt elk adres erom; alleen de rol beheerder maakt er via de server meer."
)
"""Beside the token, where it does not end up in a file with it."""
_COLUMNS = (Kolom("id", heel=True), *map(Kolom, ("naam", "rollen", "mag insturen", "gemaakt", "eindigt")))
_MOMENTS = ("gemaaktOp", "geldigTot", "ingetrokkenOp")
ServerOption = Annotated[
    str | None, typer.Option("--url", help=f"adres van een draaiende server; zonder --data: {DEFAULT_URL}")
]
if TYPE_CHECKING:
    from services.access.tokens import Bereik
access = Opdrachten(no_args_is_help=True)


class Rol(StrEnum):
    """The roles of services/access/roles.py, which takes long to import. A test holds these to those."""

    lezer = "lezer"
    vertrouwelijk = "vertrouwelijk"
    toezicht = "toezicht"
    meter = "meter"
    invoer = "invoer"
    importeur = "importeur"
    operator = "operator"
    beheerder = "beheerder"


class Keeper(Protocol):
    """Keeps tokens."""

    def make(self, naam: str, rollen: list[str], source: str | None, tot: datetime | None, bereik: "Bereik") -> Json:
        """Makes a token and returns it, with its text."""

    def all(self) -> list[Json]:
        """Returns every token, without its secret."""

    def withdraw(self, own_id: str) -> None:
        """Ends a token now."""


@access.command()
def maak(
    naam: Annotated[str, typer.Option(help="naam van het systeem dat het token gebruikt; nooit die van een mens")],
    rol: Annotated[list[Rol], typer.Option(help="wat het mag; mag meer dan eens")],
    source: Annotated[str | None, typer.Option(help="de enige source van zijn gebeurtenissen; moet bij invoer")] = None,
    type_: Annotated[
        list[str] | None,
        typer.Option("--type", help="een type dat het mag insturen, en intrekken; mag meer dan eens. Zonder: alle"),
    ] = None,
    onderwerp: Annotated[
        list[str] | None,
        typer.Option(
            help="een onderwerp waarover het mag insturen: GM0344, PV26, 'LOC-*'; mag meer dan eens. Zonder: alle. Met "
            "de rol toezicht ook wiens stappen het ziet, en dan staat PV26 voor alle gemeenten van die provincie"
        ),
    ] = None,
    geldig_tot: Annotated[
        str | None, typer.Option(help="moment of dag waarop het eindigt, zoals 2027-01-01; anders eindigt het niet")
    ] = None,
    url: ServerOption = None,
    data: DataOption = None,
) -> None:
    """Een token maken. Het wordt één keer getoond, op de standaarduitvoer."""
    from services.access.tokens import Bereik

    with plainly(), _keeper(url, data) as keeper:
        bereik = Bereik(type_ or (), onderwerp or ())
        made = keeper.make(naam, [str(role) for role in rol], source, _moment(geldig_tot), bereik)
        typer.echo(made["token"])
        typer.echo(_KEEP_IT.format(**made | {"rollen": ", ".join(made["rollen"])}), err=True)


@access.command()
def lijst(url: ServerOption = None, data: DataOption = None) -> None:
    """Alle tokens, zonder hun geheim."""
    with plainly(), _keeper(url, data) as keeper:
        rows = [Rij(_row(one)) for one in keeper.all()]
        if rows:
            toon_tabel(_COLUMNS, rows)
            say.print(f"Tijden zijn {KLOK}.")
        else:
            say.print("Er zijn nog geen tokens.")


def _row(one: Json) -> tuple[str, ...]:
    may_send = ", ".join(filter(None, [one["source"], *(one["types"] or ()), *(one["onderwerpen"] or ())]))
    made, until, withdrawn = (op_de_klok(one[name] or "") for name in _MOMENTS)
    return (
        one["id"],
        one["naam"],
        ", ".join(one["rollen"]),
        may_send,
        made,
        f"ingetrokken {withdrawn}" if withdrawn else until,
    )


@access.command("trek-in")
def trek_in(
    token: Annotated[str, typer.Argument(metavar="ID", help="id van het token, uit `toegang lijst`")],
    url: ServerOption = None,
    data: DataOption = None,
) -> None:
    """Een token intrekken; binnen 5 seconden geldt het nergens meer."""
    from services.access.tokens import ANYWHERE

    with plainly(), _keeper(url, data) as keeper:
        if ANYWHERE.search(token):
            raise CommandError(
                "geef het id (het deel na ovp_), niet het hele token: dat blijft in de geschiedenis staan"
            )
        keeper.withdraw(token)
        say.print(f"Token {token} is ingetrokken.")


@dataclass(frozen=True, slots=True)
class _TokenServer:
    url: str

    def make(self, naam: str, rollen: list[str], source: str | None, tot: datetime | None, bereik: "Bereik") -> Json:
        wanted = {"naam": naam, "rollen": rollen, "source": source, "geldigTot": tot and format_moment(tot)}
        wanted |= {"types": list(bereik.types) or None, "onderwerpen": list(bereik.subjects) or None}
        with asking(self.url) as server:
            made: Json = answered(server.post("/v1/toegang", json=wanted))
        return made

    def all(self) -> list[Json]:
        with asking(self.url) as server:
            items: list[Json] = answered(server.get("/v1/toegang"))["items"]
        return items

    def withdraw(self, own_id: str) -> None:
        with asking(self.url) as server:
            answered(server.delete(f"/v1/toegang/{own_id}"))


@contextmanager
def _keeper(url: str | None, data: Path | None) -> Iterator[Keeper]:
    config = read_config()
    if url is not None and data is not None:
        raise CommandError("kies --url (een draaiende server) of --data (een gegevensmap), niet allebei")
    if data is not None or (url is None and config.clickhouse):
        from services.cli.access_store import kept_in

        with kept_in(config, data) as keeper:
            yield keeper
        return
    yield _TokenServer((url or DEFAULT_URL).rstrip("/"))


def _moment(text: str | None) -> datetime | None:
    try:
        return None if text is None else parse_moment(text)
    except ValueError as error:
        raise ConfigError(f"--geldig-tot={text!r} is geen moment; verwacht bijvoorbeeld 2027-01-01") from error
