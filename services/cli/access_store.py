"""The tokens as a store holds them, for the commands that open one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from schemas.fields import Json
from services.access import audit, tokens
from services.access.app import described
from services.access.roles import known_roles
from services.access.tokens import Bereik
from services.cli.access import Keeper
from services.cli.plain import CommandError
from services.clock import system_clock
from services.config import Config
from services.store.tokens import TokenTable
from services.wiring import connection_of, embedded_store


@dataclass(frozen=True, slots=True)
class _Store:
    table: TokenTable

    def make(self, naam: str, rollen: list[str], source: str | None, tot: datetime | None, bereik: Bereik) -> Json:
        now = system_clock()
        if fouten := tokens.faults(naam, rollen, source, tot, now, bereik):
            raise CommandError("; ".join(f"{fout.veld} {fout.melding}" for fout in fouten))
        row, text = tokens.make(naam, known_roles(rollen), source, tot, now, bereik)
        self.table.add(row)
        audit.act_at_the_console("token gemaakt", **audit.about(row))
        return described(row) | {"token": text}

    def all(self) -> list[Json]:
        return [described(row) for row in self.table.all()]

    def withdraw(self, own_id: str) -> None:
        row = self.table.withdraw(own_id, system_clock())
        if row is None:
            raise CommandError(f"er is geen token {own_id}; `opvangpeil toegang lijst` noemt ze")
        audit.act_at_the_console("token ingetrokken", **audit.about(row))


@contextmanager
def kept_in(config: Config, data: Path | None) -> Iterator[Keeper]:
    """Yields the keeper of a data folder, or of the ClickHouse of the environment."""
    if data is not None:
        with embedded_store(data) as store:
            yield _Store(TokenTable(store.connection))
        return
    connection = connection_of(config)
    if connection is None:
        raise CommandError("zet OPVANGPEIL_CLICKHOUSE, of noem --data of --url")
    try:
        yield _Store(TokenTable(connection))
    finally:
        connection.close()
