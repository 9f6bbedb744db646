"""`controleer` recomputes the tables, `herbouw` makes them again, and `migreer` brings them up to date."""

from pathlib import Path

import typer

from services.cli.explain import value_text
from services.cli.momenten import KLOK, op_de_klok
from services.cli.plain import complain, plainly, say
from services.cli.stores import bar, connection_to, store_of
from services.cli.unprocessable_store import count_valid_now
from services.clock import system_clock
from services.config import read_config
from services.core.dutch import count, number
from services.core.registers import Winner
from services.eventlog.topics import create_topics
from services.store.check import Difference, check
from services.store.derive import rebuild
from services.store.migrate import migrate
from services.store.queries import DERIVED
from services.store.store import Store
from services.wiring import brokers_of

DIFFERENCES_SHOWN = 20


def controleer(data: Path | None, zaad: int) -> None:
    """Recomputes everything from the log, and compares."""
    with plainly(), store_of(data) as store:
        total = store.stored_count()
        with bar("narekenen", total) as advance:
            differences = check(store, system_clock(), zaad, advance)
        if differences:
            _show(differences)
            raise typer.Exit(1)
        say.print(f"{number(total)} gebeurtenissen nagerekend: de tabellen kloppen met het logboek.")


def herbouw(data: Path | None) -> None:
    """Makes the derived tables anew."""
    with plainly(), store_of(data) as store, bar("herbouwen", len(DERIVED)) as advance:
        rebuild(store, lambda _: advance(1))
    say.print("De afgeleide tabellen zijn opnieuw gemaakt.")


def migreer(partities: int | None, kopieen: int, data: Path | None) -> None:
    """Brings schema and topics up to date."""
    with plainly():
        config = read_config()
        connection = connection_to(config, data)
        try:
            applied = migrate(connection)
            offer_again = count_valid_now(Store(connection))
        finally:
            connection.close()
        say.print(
            f"ClickHouse: {count(len(applied), 'migratie', 'migraties')} toegepast" if applied else "ClickHouse: al bij"
        )
        if offer_again:
            say.print(
                f"Nu geldig, en eerder onverwerkbaar: {count(offer_again, 'bericht', 'berichten')}. Opnieuw aanbieden: "
                "`opvangpeil onverwerkbaar opnieuw --nu-bekend`"
            )
        brokers = brokers_of(config)
        if brokers:
            made = create_topics(brokers, partitions=partities or config.partitions, replication=kopieen)
            say.print(f"Kafka: {', '.join(made)} gemaakt" if made else "Kafka: al bij")


def _show(differences: list[Difference]) -> None:
    for d in differences[:DIFFERENCES_SHOWN]:
        moments = f"stand van {op_de_klok(d.geldig_op)}, zoals bekend op {op_de_klok(d.bekend_op)}, {KLOK}"
        complain.print(f"{d.onderwerp} {d.register} ({moments})", style="bold", markup=False)
        complain.print(
            f"  volgens het logboek: {_said(d.logboek)}\n  in de tabellen:      {_said(d.tabellen)}", markup=False
        )
    complain.print(
        f"{count(len(differences), 'verschil', 'verschillen')}; `opvangpeil herbouw` maakt de tabellen opnieuw.",
        style="red",
    )


def _said(winner: Winner | None) -> str:
    if winner is None:
        return "niets"
    return f"{value_text(winner.value)} vanaf {op_de_klok(winner.effective_at)}, gebeurtenis {winner.event_id}"
