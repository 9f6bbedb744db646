"""The receivers that are in force: those of the file when it was last right.

The file is looked at again and again, so that a change needs no restart. What can't be right is kept out: it changes
nothing, and what is wrong with it is said until it is mended.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import structlog

from schemas.ontvangers import Ontvanger, read_ontvangers
from schemas.toml_lines import BestandError
from services.alarms.deliver.outward import RefusedAddressError
from services.alarms.deliver.receiver import Receiver, check
from services.alarms.deliver.webhook import SecretError

log = structlog.get_logger("delivery")


class Lijst:
    """The receivers of one process."""

    def __init__(
        self, file: Path | None, regels: Mapping[str, str | None], url: str | None, *, required: bool = False
    ) -> None:
        """Reads the file. Raises BestandError, with every error of the file by its line.

        Args:
            file: The file; None: there is none, and nobody receives alarms.
            regels: The names that alarms can carry, each with what its rule watches.
            url: Where people find Opvangpeil.
            required: Whether the file must be there. Otherwise it may be absent at the start.
        """
        self._file, self._regels, self._url, self._required = file, regels, url, required
        self.receivers: tuple[Receiver, ...] = ()
        self.fout: str | None = None
        """What is wrong with the file as it is now; None when it is what is in force."""
        self._in_force = self._read()
        self._seen = self._in_force, ""
        """What was read at the last look, and why it could not be read."""
        self._leaving: list[Receiver] = []
        self.receivers = self._made(self._in_force)

    @property
    def ontvangers(self) -> list[Ontvanger]:
        """What the file says of each receiver in force."""
        return [one.ontvanger for one in self.receivers]

    def warning(self) -> str | None:
        """Returns what `/gereed` warns of. Anybody may read that, so it does not say what the file holds."""
        if self.fout is None or self._file is None:
            return None
        return f"{self._file.name} klopt niet: de ontvangers van daarvoor blijven gelden; zie de bladzijde Ontvangers"

    def look(self) -> bool:
        """Looks at the file. Returns whether other receivers are in force since. Blocks.

        Only what is twice the same counts, because a file may be seen half written.
        """
        if self._file is None:
            return False
        try:
            seen = self._read(), ""
        except BestandError as error:
            seen = "", str(error)
        if seen != self._seen:
            self._seen = seen
            return False
        text, why = seen
        if not why and text == self._in_force:
            self._note(None)
            return False
        try:
            if why:
                raise BestandError(why)
            made = self._made(text)
        except BestandError as error:
            self._note(str(error))
            return False
        self._leaving += [one for one in self.receivers if one not in made]
        self.receivers, self._in_force = made, text
        self._note(None)
        log.info("ontvangers gelezen", bestand=str(self._file), ontvangers=[one.naam for one in self.ontvangers])
        return True

    async def close_left(self) -> None:
        """Disconnects from receivers that are no longer in force, once nothing is being sent to them."""
        gone = [one for one in self._leaving if one.idle]
        self._leaving = [one for one in self._leaving if one not in gone]
        await _close(gone)

    async def close(self) -> None:
        """Disconnects from all of them."""
        await _close([*self.receivers, *self._leaving])

    def _note(self, fout: str | None) -> None:
        if fout is not None and fout != self.fout:
            log.error("het bestand van de ontvangers klopt niet; het vorige blijft gelden", reden=fout)
        self.fout = fout

    def _read(self) -> str:
        if self._file is None:
            return ""
        try:
            return self._file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            if isinstance(error, FileNotFoundError) and not self._required and not self.receivers:
                return ""
            raise BestandError(f"{self._file} is niet te lezen: {error}") from error

    def _made(self, text: str) -> tuple[Receiver, ...]:
        """Makes the receivers of a text. Of whom it says the same as before, the receiver stays.

        Raises BestandError, also when the text names nobody while somebody receives alarms: a full disk leaves an empty
        file, and then nobody would hear of anything.
        """
        if self._file is None:
            return ()
        ontvangers = read_ontvangers(text, str(self._file), self._regels)
        if self.receivers and not ontvangers:
            raise BestandError(
                f"{self._file} noemt geen enkele [[ontvanger]], en dan krijgt niemand meer bericht; "
                "zet er een in, of start de dienst opnieuw als dat de bedoeling is"
            )
        kept = [next((own for own in self.receivers if own.ontvanger == one), None) for one in ontvangers]
        folder = self._file.parent
        for one, own in zip(ontvangers, kept, strict=True):
            if own is None:
                try:
                    check(one, folder)
                except (SecretError, RefusedAddressError) as error:
                    raise BestandError(f"{self._file}: [[ontvanger]] {one.naam!r}: {error}") from error
        return tuple(
            Receiver(one, folder, self._url) if own is None else own for one, own in zip(ontvangers, kept, strict=True)
        )


async def _close(receivers: Sequence[Receiver]) -> None:
    for one in receivers:
        await one.close()
