"""Watches a folder: takes each file that is whole, sends what it asks, and puts it away with a report beside it.

What a file asks is written to a journal before anything of it is sent. So after a kill at any instant the same events
are sent again, under the same ids, and none is lost or there twice.
"""

import errno
import fcntl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import orjson

from schemas.fields import format_moment, parse_moment
from services.core.dutch import dutch_moment, length
from services.importer.model import ImporterError, ImportStoppedError, os_reason
from services.importer.profiel import Genoemd, lees_namen
from services.importer.schijf import Blik, bestanden_in, geen_bestanden_in, kijk, leesbaar, schrijf_heel, sha256
from services.importer.volgbestand import Afwerker
from services.importer.volgstand import BEZIG, GEWEIGERD, VERWERKT, GehinderdError, Oorzaak, Opzet, Stand

_STAND = ".stand.json"
_NAAM_BYTES_MAX = 200
"""A name of 255 bytes is the longest, and the report and the journal add to it."""
_VAN_EEN_BESTAND = {errno.EACCES, errno.EPERM, errno.ENOENT}
"""Faults that say something of one file, and nothing of the disk."""
_VOL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Volger:
    """Watches one folder. A person or a program calls `ronde` again and again."""

    def __init__(self, opzet: Opzet) -> None:
        self._opzet, self._map = opzet, opzet.map
        self._profielen = {one.naam: one for one in opzet.profielen}
        self._afwerker = Afwerker(opzet, genomen=self._onthoud, hinder=self._hinder)
        self._blikken: dict[str, Blik] = {}
        self._ingericht = False
        self._gezegd: dict[tuple[Oorzaak, str], str] = {}
        self._nu = Stand()
        self._stand: dict[str, dict[str, str]] = {}

    def ronde(self) -> None:
        """Looks at the folder once, and takes what was whole in this look and the one before.

        What holds up is told, and tried again in the next round.
        """
        self._nu = Stand()
        try:
            with self._alleen():
                self._lees_stand()
                whole = self._kijk()
                for naam in self._afwerker.begonnen():
                    self._maak_af(naam)
                self._neem(whole)
        except GehinderdError as error:
            self._hinder(error.oorzaak, error.tekst, error.onderwerp)
        except ImportStoppedError as error:
            self._hinder("server", str(error))
        except OSError as error:
            where = f" ({Path(error.filename).name})" if isinstance(error.filename, str) else ""
            self._hinder("schijf" if error.errno in _VOL else "map", f"{self._map}: {os_reason(error)}{where}")
        self._vertel()

    # What lies in the folder.

    @contextmanager
    def _alleen(self) -> Iterator[None]:
        """Holds the folder, since two that plan the same file at once would both send it."""
        if not self._map.is_dir():
            raise GehinderdError("map", f"de map {self._map} is er niet")
        if self._ingericht and not (self._map / BEZIG).is_dir():
            raise GehinderdError(
                "map",
                f"in {self._map} is {BEZIG}/ er niet meer: is dit nog dezelfde map? "
                "Herstel de koppeling, of herstart als zij nieuw is",
            )
        for naam in (BEZIG, VERWERKT, GEWEIGERD):
            (self._map / naam).mkdir(exist_ok=True)
        self._ingericht = True
        with (self._map / BEZIG / ".slot").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise GehinderdError("map", f"een ander proces volgt {self._map} al") from None
            yield

    def _kijk(self) -> list[tuple[str, Genoemd]]:
        """Returns the files that are whole and can be taken, each with its profile. Tells of what else lies there."""
        found = bestanden_in(self._map)
        whole = [naam for naam, blik in found.items() if self._blikken.get(naam) == blik]
        self._blikken = found
        self._nu.wachtend = len(found)
        for naam, soort in sorted(geen_bestanden_in(self._map).items()):
            if naam not in (BEZIG, VERWERKT, GEWEIGERD):
                said = f"{leesbaar(naam)} is {soort}, en wordt niet gelezen; zet de bestanden zelf in {self._map}"
                self._hinder("bestand", said, naam)
        for left in sorted(bestanden_in(self._map / BEZIG).keys() - {*self._afwerker.begonnen()}):
            shown = leesbaar(left)
            said = f"{shown} ligt in {BEZIG}/ zonder journaal; zet het terug in {self._map}, onder een naam die vrij is"
            self._hinder("bestand", said, f"{BEZIG}/{left}")
        empty = [naam for naam in whole if found[naam].bytes == 0]
        for naam in empty:
            self._hinder("bestand", f"{leesbaar(naam)} is leeg, en blijft liggen tot er iets in staat", naam)
        known = [(naam, self._profiel_van(naam)) for naam in whole if naam not in empty]
        return [(naam, genoemd) for naam, genoemd in known if genoemd is not None]

    def _neem(self, whole: Sequence[tuple[str, Genoemd]]) -> None:
        """Takes the files that are whole, the oldest first: of two about the same, the later one counts."""
        for naam, genoemd in sorted(whole, key=lambda one: (self._blikken[one[0]].gewijzigd, one[0])):
            if (self._map / BEZIG / naam).exists():
                said = f"{naam} blijft liggen: in {BEZIG}/ ligt nog een bestand met die naam"
                self._hinder("bestand", said, naam)
            elif self._pak(naam, genoemd, self._blikken[naam]):
                self._nu.wachtend -= 1
                self._maak_af(naam)

    def _profiel_van(self, naam: str) -> Genoemd | None:
        """Returns the profile of a file. None, and tells why, when it stays where it is."""
        shown = leesbaar(naam)
        if shown != naam or len(naam.encode()) > _NAAM_BYTES_MAX:
            long = f"langer dan {_NAAM_BYTES_MAX} bytes" if shown == naam else "geen UTF-8"
            self._hinder("bestand", f"de naam {shown} is {long}; geef het bestand een andere naam", naam)
            return None
        fit = [one for one in self._profielen.values() if one.profiel.past_op(naam)]
        if len(fit) == 1:
            return fit[0]
        if fit:
            both = " en ".join(one.naam for one in fit)
            self._hinder("profiel", f"{naam} blijft liggen: {both} passen allebei op die naam", naam)
        else:
            known = ", ".join(pattern for one in self._profielen.values() for pattern in one.profiel.bestand.naam)
            self._hinder("profiel", f"{naam} blijft liggen: geen profiel past op die naam; wel: {known}", naam)
        return None

    def _pak(self, naam: str, genoemd: Genoemd, blik: Blik) -> bool:
        """Takes a file. Returns whether it is away from the folder."""
        bron = self._map / naam
        try:
            content = sha256(bron)
        except OSError as error:
            if error.errno not in _VAN_EEN_BESTAND:
                raise
            self._hinder("bestand", f"{naam} is niet te lezen: {os_reason(error)}", naam)
            return False
        if kijk(bron) != blik:  # Somebody went on writing.
            return False
        self._afwerker.begin(bron, genoemd, blik, content)
        return True

    def _maak_af(self, naam: str) -> None:
        """Finishes what was begun, now or in an earlier round. What holds up this file alone does not end the round."""
        try:
            self._afwerker.maak_af(naam)
        except GehinderdError as error:
            if not error.onderwerp:
                raise
            self._hinder(error.oorzaak, error.tekst, error.onderwerp)

    # How things are.

    def _lees_stand(self) -> None:
        """Reads when the last file of each profile came. A profile that is new is expected from now on."""
        path = self._map / BEZIG / _STAND
        try:
            self._stand = orjson.loads(path.read_bytes())
        except FileNotFoundError:
            self._stand = {}
        except orjson.JSONDecodeError:
            raise GehinderdError("map", f"{path} is niet te lezen; haal dat bestand weg") from None
        for naam in self._profielen.keys() - self._stand.keys():
            self._bewaar_stand(naam, {"sinds": format_moment(self._opzet.klok())})

    def _onthoud(self, profiel: str, moment: str) -> None:
        self._bewaar_stand(profiel, self._stand.get(profiel, {}) | {"laatste": moment})

    def _bewaar_stand(self, profiel: str, stand: Mapping[str, str]) -> None:
        self._stand[profiel] = dict(stand)
        schrijf_heel(self._map / BEZIG / _STAND, orjson.dumps(self._stand))

    def _hinder(self, oorzaak: Oorzaak, tekst: str, onderwerp: str = "") -> None:
        self._nu.gehinderd[oorzaak, onderwerp] = tekst

    def _vertel(self) -> None:
        """Tells what is new about what is held up, and how things are."""
        now = self._nu
        for naam, genoemd in self._profielen.items():
            known, every = self._stand.get(naam, {}), genoemd.profiel.bestand.verwachtElke
            if "laatste" in known:
                now.laatste[naam] = parse_moment(known["laatste"])
            if every is not None and known:
                now.verwacht_voor[naam] = parse_moment(known.get("laatste") or known["sinds"]) + every
                if self._opzet.klok() > now.verwacht_voor[naam]:
                    due = f"uiterlijk {dutch_moment(now.verwacht_voor[naam])}, elke {length(every.total_seconds())}"
                    self._hinder("te laat", f"van profiel {naam} kwam geen bestand; verwacht: {due}", naam)
        try:
            waiting = [soort for (soort, _naam), id_ in lees_namen(self._opzet.namen).tabel.items() if not id_]
            now.namen = {soort: waiting.count(soort) for soort in ("locatie", "gemeente", "provincie")}
        except ImporterError as error:
            self._hinder("namen", str(error))
        for key, text in now.gehinderd.items():
            if key not in self._gezegd:
                self._opzet.hoort.gehinderd(key[0], text)
        for key in self._gezegd.keys() - now.gehinderd.keys():
            self._opzet.hoort.verder(key[0], self._gezegd[key])
        self._gezegd = now.gehinderd
        self._opzet.hoort.stand(now)
