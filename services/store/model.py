"""What goes into the store and what comes out: plain values, so that no other package sees ClickHouse."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from schemas.told import ToldError
from services.core.registers import Registers
from services.core.standen import GEEN, Standen
from services.store.entries import Entry, Said
from services.store.position import Herkomst
from services.store.present import Loaded


class Place(NamedTuple):
    """Where a message stood on its topic."""

    epoch: int
    """The life of the topic: a broker without a disk begins its topics anew."""
    partition: int
    offset: int


class View(NamedTuple):
    """The registers in force at (V, K)."""

    herkomst: Herkomst
    registers: Registers
    nu: Loaded | None = None
    """All that is kept of the present; None at another (V, K) than now."""
    standen: Standen | None = None
    """Every locatie among the registers, where that is kept; None at another (V, K) than now."""
    afgeschermd: Standen = GEEN
    """The locaties that were to be left out. They are not among the registers, and have no ids here."""
    ids: Sequence[str] | None = None
    """The locatie of each column of `standen`, where these are kept."""


class Telling(NamedTuple):
    """What sums at (V, K) are made of."""

    herkomst: Herkomst
    wet: Registers
    """The registers of all subjects except locaties. Some of locaties may be among them."""
    standen: Standen
    """Every locatie that an event is about, except those that were to be left out."""
    afgeschermd: Standen = GEEN
    """Those."""
    nu: Loaded | None = None
    """All that is kept of the present; None at another (V, K) than now."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """An event as it was stored."""

    id: str
    source: str
    type: str
    subject: str
    time: datetime
    ontvangen_op: datetime
    data: dict[str, Any]


class Origin(NamedTuple):
    """A message: where it stood, and its bytes as they came.

    In binary mode the headers are part of the event, so then the bytes are the two together as one event.
    """

    topic: str
    place: Place
    body: bytes


class Accepted(NamedTuple):
    """What is to be stored of one message: its events, each by its number within the message."""

    origin: Origin
    ontvangen_op: datetime
    entries: Mapping[int, Entry]


@dataclass(frozen=True, slots=True)
class Unprocessable:
    """A message, or an event of a batch, that could not be accepted."""

    topic: str
    place: Place
    index: int
    reason: str
    ontvangen_op: datetime
    raw: bytes
    first: Said | None = None
    """What the event says that its id belongs to; None unless it failed because of that."""


class Outcome(NamedTuple):
    """What became of a message."""

    repeated: int
    """How many of its events were known already."""
    failures: tuple[Unprocessable, ...]


NOT_SEALED = "is niet verzegeld met de sleutel van dit proces: een ander programma zette het op de ingebouwde broker"
"""Why a message is not believed, whatever it says."""
IN_USE = "hoort al bij een gebeurtenis met andere inhoud; geef een nieuwe gebeurtenis een eigen id"
"""Why an event with such an id can't be stored."""


class StoreAddressError(ToldError, ValueError):
    """The address of the store can't be right. The message says what would be."""


class StoreUnavailableError(ToldError):
    """ClickHouse does not answer. Wait and try again: nothing is lost."""


class StoreDeniedError(StoreUnavailableError):
    """ClickHouse does not let us in. Waiting helps only if somebody changes that there."""


class StoreInUseError(ToldError):
    """Another process holds this data folder."""


class StoreRefusedError(Exception):
    """ClickHouse answers that this data can't be stored. Trying again will not help."""
