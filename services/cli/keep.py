"""`bewaar` writes the store to a file, `herstel` fills a store from one, and `sleutel` makes the keys to sign with."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.cli.plain import CommandError, plainly, say
from services.cli.stores import bar, store_of
from services.clock import system_clock
from services.config import read_config
from services.core.dutch import number
from services.eventlog.brokers import Brokers
from services.eventlog.groups import read_again
from services.processor.worker import GROUP
from services.store.backup import back_up, check_empty, kept_count, read_manifest, restore
from services.store.backup_file import BackupError, Manifest, check_origin, verify
from services.store.signature import make_pair
from services.store.store import Store
from services.wiring import brokers_of, connection_of, embedded_store, open_store

_ONE_OF_BOTH = (
    "zeg van wie het bestand moet zijn: --sleutel met de publieke sleutel van wie het bewaarde, of "
    "--ongetekend als u het vertrouwt zonder dat bewezen is wie het maakte"
)


def sleutel(bestand: Path) -> None:
    """Makes a pair of keys."""
    with plainly():
        public, fingerprint = make_pair(bestand)
        say.print(f"Geheim: {bestand} (alleen voor wie bewaart)\nPubliek: {public} (voor wie herstelt)", markup=False)
        say.print(f"Vingerafdruk: {fingerprint}")


def bewaar(bestand: Path, data: Path | None, sleutel: Path | None) -> None:
    """Writes the store to a file."""
    with plainly(), store_of(data) as store:
        with bar("bewaren", kept_count(store)) as advance:
            manifest = back_up(store, bestand, system_clock(), advance, private=sleutel)
        say.print(f"{bestand}: {_told(manifest)}", markup=False)


def herstel(bestand: Path, data: Path | None, sleutel: Path | None, *, ongetekend: bool, zonder_kafka: bool) -> None:
    """Fills an empty store from a file."""
    with plainly():
        manifest = read_manifest(bestand)
        if (sleutel is None) is not ongetekend:
            raise BackupError(_ONE_OF_BOTH)
        if sleutel is not None:
            check_origin(bestand, sleutel)
        with bar("nakijken", manifest.rows) as advance:
            verify(bestand, manifest, advance)
        with _store_to_fill(data, with_kafka=not zonder_kafka) as (store, kafka):
            check_empty(store, manifest)
            if kafka:
                # What came after the file was made is still on the topic, but the group has read past it.
                read_again(kafka, GROUP)
            with bar("herstellen", manifest.rows) as advance:
                restore(store, bestand, manifest, advance)
        say.print(f"Hersteld uit {bestand}: {_told(manifest)}", markup=False)
        if ongetekend:
            say.print("Niet bewezen: wie dit bestand maakte, en of iemand het daarna heeft veranderd.")


@contextmanager
def _store_to_fill(data: Path | None, *, with_kafka: bool) -> Iterator[tuple[Store, Brokers | None]]:
    """Yields the store, and the Kafka in front of it, if there is one."""
    config = read_config()
    connection, brokers = connection_of(config), brokers_of(config)
    if connection is None or data is not None:
        with embedded_store(data or config.data / "eigen", to_restore=True) as store:
            yield store, brokers if with_kafka else None
        return
    if with_kafka and brokers is None:
        raise CommandError(
            "zet ook OPVANGPEIL_KAFKA: herstel kijkt of er geen verwerker loopt, en laat ze daarna het hele topic "
            "opnieuw lezen (wat al hersteld is, wordt herkend). Is er geen Kafka meer: --zonder-kafka"
        )
    try:
        yield open_store(connection, to_restore=True), brokers if with_kafka else None
    finally:
        connection.close()


def _told(manifest: Manifest) -> str:
    counts = ", ".join(f"{number(table.rijen)} in {name}" for name, table in manifest.tabellen.items() if table.rijen)
    return f"positie {manifest.positie}; {counts or 'niets'}"
