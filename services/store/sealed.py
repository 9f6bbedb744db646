"""Places in the log, sealed for whoever may not see all of it.

A positie says how many events are stored, and so says the place of an alarm on its topic. Of either, events about
locaties that are afgeschermd are part. So for others they are sealed, anew for each answer and in one length. The code
of a report is sealed too, so that nobody else can make one, and no list of them is kept.
"""

import base64
import binascii
import threading
import time

from clickhouse_connect.driver.client import Client

from services.seal import Seal, SealError, new_key
from services.store.connect import WRITER_SETTINGS, Connection
from services.store.model import StoreUnavailableError
from services.store.position import SEALED, PositionError, numbers_of, text_of
from services.store.queries import Query

SEALS = Query("access/seals")
_RELOAD_SECONDS = 1.0
"""Another process may have made a key. What no key opens asks for the keys again, at most this often."""
_CODE = "controle"
_OFFSET_BYTES = 5
_PARTITIONS = (16, 64, 256, 1024)
"""A positie has room for so many partitions: the least that suffice. So its length says nothing of what is stored."""
_RAW = (
    "is niet verzegeld: zo'n antwoord is alleen na te rekenen door een beheerder; "
    "neem de positie over uit een antwoord dat u zelf kreeg"
)
_BROKEN = "is beschadigd of van een andere opslag; neem het veld positie van een eerder antwoord over"
Place = tuple[int, int]
"""The life of the alarms topic, and the offset on it."""


class Sealed:
    """Seals and opens with the keys of one store, which every process with this store shares."""

    def __init__(self, connection: Connection) -> None:
        """Asks nothing yet."""
        self._connection = connection
        self._lock = threading.Lock()
        self._seals: tuple[Seal, ...] = ()
        self._loaded_at = 0.0

    def load(self) -> None:
        """Reads the keys, unless they are here. Raises StoreUnavailableError."""
        if not self._seals:
            self._reload()

    def positie(self, text: str) -> str:
        """Seals a positie."""
        epoch, offsets = numbers_of(text)
        room = next((count for count in _PARTITIONS if count >= len(offsets)), len(offsets))
        filled = [*offsets, *[-1] * (room - len(offsets))]
        parts = [_bytes(epoch, 4), _bytes(len(offsets), 2), *(_bytes(offset + 1, _OFFSET_BYTES) for offset in filled)]
        return self._close("positie", b"".join(parts))

    def asked(self, text: str | None, *, raw: bool) -> str | None:
        """Returns the positie that somebody asks with: sealed, or as it is from whoever may see all (`raw`).

        Raises PositionError for what is neither.
        """
        if text is None or (raw and not text.startswith(SEALED)):
            return text
        if not text.startswith(SEALED):
            raise PositionError(_RAW)
        packed = self._open("positie", text)
        if packed is None:
            raise PositionError(_BROKEN)
        epoch, count = int.from_bytes(packed[:4]), int.from_bytes(packed[4:6])
        begins = range(6, 6 + count * _OFFSET_BYTES, _OFFSET_BYTES)
        return text_of(epoch, [int.from_bytes(packed[at : at + _OFFSET_BYTES]) - 1 for at in begins])

    def place(self, place: Place) -> str:
        """Seals a place on the alarms topic."""
        return self._close("plaats", _bytes(place[0], 4) + _bytes(place[1], 8))

    def opened_place(self, text: str) -> Place | None:
        """Returns a place that was sealed; None for any other text."""
        packed = self._open("plaats", text)
        return None if packed is None else (int.from_bytes(packed[:4]), int.from_bytes(packed[4:]))

    def code(self, value: bytes) -> bytes:
        """Seals what a report says of itself for whoever checks it later."""
        self.load()
        return self._seals[0].close(_CODE, value)

    def opened_code(self, sealed: bytes) -> bytes | None:
        """Returns what a report said of itself; None for all else.

        The keys are read again beforehand, and not because one did not fit: it costs as much whatever comes of it.
        """
        if not self._seals or time.monotonic() - self._loaded_at > _RELOAD_SECONDS:
            self._reload()
        return _opened(self._seals, _CODE, sealed)

    def _close(self, purpose: str, value: bytes) -> str:
        self.load()
        return SEALED + base64.urlsafe_b64encode(self._seals[0].close(purpose, value)).decode().rstrip("=")

    def _open(self, purpose: str, text: str) -> bytes | None:
        try:
            value = base64.b64decode(text[1:] + "=" * (-len(text[1:]) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        self.load()
        opened = _opened(self._seals, purpose, value)
        if opened is None and time.monotonic() - self._loaded_at > _RELOAD_SECONDS:
            self._reload()
            opened = _opened(self._seals, purpose, value)
        return opened

    def _reload(self) -> None:
        with self._lock:
            keys = self._connection.rows(SEALS.sql())
            if not keys:
                raise StoreUnavailableError("er is nog geen sleutel voor posities; voer `opvangpeil migreer` uit")
            self._seals = tuple(Seal(bytes.fromhex(key)) for (key,) in keys)
            self._loaded_at = time.monotonic()


def make_key(client: Client) -> None:
    """Makes a key for a store that has none."""
    if not client.query(SEALS.sql()).result_rows:
        client.insert("zegel", [[new_key().hex()]], column_names=["key"], settings=WRITER_SETTINGS)


def _opened(seals: tuple[Seal, ...], purpose: str, value: bytes) -> bytes | None:
    for seal in seals:
        try:
            return seal.open(purpose, value)
        except SealError:
            continue
    return None


def _bytes(number: int, count: int) -> bytes:
    return number.to_bytes(count)
