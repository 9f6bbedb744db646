"""Turns the names in a file into ids: by a table that people confirmed, and by names that are known for certain.

A name that is new waits, with proposals. A person says once which id it is. Nothing is guessed.
"""

import csv
import fcntl
import io
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from rapidfuzz import fuzz

from schemas.fields import TEXT_MAX
from schemas.reference import PROVINCIES, gemeenten
from services.importer.bladen import LeesError, getoond
from services.importer.model import ImporterError, dutch, os_reason
from services.importer.profiel.model import Naamsoort

_VORM: Mapping[Naamsoort, re.Pattern[str]] = {
    "locatie": re.compile(r"LOC-[A-Z0-9-]{1,40}"),
    "gemeente": re.compile(r"GM\d{4}"),
    "provincie": re.compile(r"PV\d\d"),
}
TOTAAL = re.compile(r"((sub|eind|generaal )?totaal|total|som)\b", re.IGNORECASE)
"""How the name of a row begins that is a sum of others."""
NAMEN = "namen.csv"
"""The table of names, in the folder of the profiles."""
_KOP = ("soort", "naam", "id")
_PROPOSALS, _SCORE_MIN = 3, 70.0
WACHTEN_MAX = 2_000
"""How many names may wait in the table: what is more comes of a file that is no list of names."""
NAAM_MAX = 200
"""The longest name that is kept, in signs."""
Sleutel = tuple[Naamsoort, str]
"""A name, and of what."""


class Wachtend(NamedTuple):
    """A name that nobody confirmed yet. `voorstellen`: ids that it may be, each with its name, the likeliest first."""

    soort: Naamsoort
    naam: str
    voorstellen: Sequence[tuple[str, str]]


class AlBevestigdError(ImporterError):
    """A name that stands in the table as something else. `als`: the id there. The message is Dutch."""

    def __init__(self, naam: str, als: str) -> None:
        super().__init__(f"'{naam}' is al bevestigd als {als}. Haal die regel eerst uit de tabel met namen.")
        self.naam, self.als = naam, als


class OnbekendeNaamError(LeesError):
    """A name of which the id is not known. The message is Dutch."""


class Namen:
    """The table of names, and the names that are known for certain.

    `tabel`: (soort, name) → id, or '' for a name that waits. `locaties`: id → name, as they are registered.
    """

    def __init__(self, tabel: Mapping[tuple[Naamsoort, str], str], locaties: Mapping[str, str] | None = None) -> None:
        self.tabel = dict(tabel)
        self.nieuw: dict[tuple[Naamsoort, str], int] = {}
        """The names that were met and are not known, and how often."""
        self._bekend: dict[Naamsoort, Mapping[str, str]] = {
            "locatie": locaties or {},
            "gemeente": {one.code: one.naam for one in gemeenten()},
            "provincie": dict(PROVINCIES),
        }
        registered = [
            ((soort, _netjes(name)), id_) for soort, known in self._bekend.items() for id_, name in known.items()
        ]
        confirmed = [(key, id_) for key, id_ in self.tabel.items() if id_]
        self._precies = _ids_van(registered)
        self._ongeveer = _ids_van(
            ((soort, plain), id_)
            for (soort, name), id_ in (*confirmed, *registered)
            if (plain := genormaliseerd(name, soort))
        )

    def id_van(self, soort: Naamsoort, naam: str) -> str:
        """Returns the id of a name. Raises OnbekendeNaamError, and notes the name, when it must wait."""
        if _VORM[soort].fullmatch(naam):
            return naam
        if soort == "gemeente" and _VORM[soort].fullmatch(naam.upper()):
            return naam.upper()
        if len(naam) > TEXT_MAX:
            raise LeesError(f"{getoond(naam)} is met {dutch(len(naam))} tekens te lang voor een naam")
        if soort == "gemeente" and naam.isdecimal() and f"GM{int(naam):04}" in self._bekend["gemeente"]:
            return f"GM{int(naam):04}"
        if TOTAAL.match(naam):
            raise LeesError(
                f"{getoond(naam)} lijkt een som van andere rijen; noem het in [[overslaan]] van het profiel"
            )
        if found := self.tabel.get((soort, naam)):
            return found
        ids = self._precies.get((soort, naam), [])
        if len(ids) != 1:
            ids = self._ongeveer.get((soort, genormaliseerd(naam, soort)), [])
        if len(ids) == 1:
            return ids[0]
        self.nieuw[soort, naam] = self.nieuw.get((soort, naam), 0) + 1
        more = f" (zo heten {' en '.join(ids)})" if ids else ""
        raise OnbekendeNaamError(
            f"{getoond(naam)} is geen {soort} die bekend is{more}; zeg welke het is: opvangpeil namen bevestig"
        )

    def wachten(self) -> list[Wachtend]:
        """Returns the names that wait: those in the table, and those that were met."""
        waiting = [key for key, id_ in self.tabel.items() if not id_]
        return [Wachtend(*key, self.voorstellen(*key)) for key in dict.fromkeys([*waiting, *self.nieuw])]

    def voorstellen(self, soort: Naamsoort, naam: str) -> list[tuple[str, str]]:
        """Returns the ids whose names look most like a name, the likeliest first."""
        # It loads numpy, which takes longer than a command that proposes nothing.
        from rapidfuzz import process  # noqa: PLC0415 - see the line above

        known = self._bekend[soort]
        found = process.extract(
            genormaliseerd(naam, soort),
            {id_: genormaliseerd(name, soort) for id_, name in known.items()},
            scorer=_lijkt_op,
            limit=_PROPOSALS,
            score_cutoff=_SCORE_MIN,
        )
        return [(id_, known[id_]) for _name, _score, id_ in found]

    def naam_van(self, id_: str) -> str:
        """Returns the name by which an id is known for certain; empty when it is not."""
        return next((known[id_] for known in self._bekend.values() if id_ in known), "")

    def bevestig(self, soort: Naamsoort, naam: str, id_: str) -> "Namen":
        """Returns the table with the id of a name. Raises ImporterError for no name, or what is no id of this soort."""
        if not naam:
            raise ImporterError("de naam is leeg; geef de naam zoals die in het bestand staat.")
        _toets_id(soort, id_, "")
        if self.tabel.get((soort, naam)) not in (None, "", id_):
            raise AlBevestigdError(naam, self.tabel[soort, naam])
        return Namen(self.tabel | {(soort, naam): id_}, self._bekend["locatie"])


def lees_namen(pad: Path, locaties: Mapping[str, str] | None = None) -> Namen:
    """Reads the table; an empty one when there is no file. Raises ImporterError with the line of what is wrong."""
    try:
        text = pad.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Namen({}, locaties)
    except (OSError, UnicodeDecodeError) as error:
        reason = os_reason(error) if isinstance(error, OSError) else "is geen UTF-8"
        raise ImporterError(f"{pad} is niet te lezen: {reason}.") from error
    table: dict[tuple[Naamsoort, str], str] = {}
    rows = csv.reader(io.StringIO(text), delimiter=";")
    for row in rows:
        where = f"{pad.name}, regel {rows.line_num}"
        if not any(row) or row[0].startswith("#") or tuple(row) == _KOP:
            continue
        soort = next((one for one in _VORM if row[0] == one), None)
        if len(row) != 3 or soort is None or not row[1].strip():
            raise ImporterError(f"{where}: verwacht soort;naam;id, met als soort {', '.join(_VORM)}.")
        name, id_ = _netjes(row[1]), row[2].strip()
        if id_:
            _toets_id(soort, id_, f"{where}: ")
        if table.get((soort, name), id_) != id_:
            raise ImporterError(
                f"{where}: '{name}' staat er al als {table[soort, name] or 'wachtend'}; laat één regel staan."
            )
        table[soort, name] = id_
    return Namen(table, locaties)


def noteer(pad: Path, nieuw: Iterable[Sleutel]) -> None:
    """Adds names that were met and are not known to the table, as it is by now, to wait there.

    Raises ImporterError when the table can't be read or written, or when too many wait already.
    """
    met = {(soort, _netjes(naam)) for soort, naam in nieuw if naam.strip() and len(naam) <= NAAM_MAX}
    if not met:
        return
    with _alleen(pad):
        namen = lees_namen(pad)
        added = sorted(met - namen.tabel.keys())
        if not added:
            return
        if sum(not id_ for id_ in namen.tabel.values()) + len(added) > WACHTEN_MAX:
            raise ImporterError(f"in {pad} wachten dan meer dan {WACHTEN_MAX} namen; bevestig eerst wat er wacht.")
        schrijf_namen(pad, Namen(namen.tabel | dict.fromkeys(added, "")))


def leg_vast(pad: Path, antwoorden: Mapping[Sleutel, str]) -> None:
    """Writes which id each name is to the table, as it is by now: all of them or none.

    Raises AlBevestigdError for a name that is something else there, and ImporterError for what is no id or when the
    table can't be read or written.
    """
    with _alleen(pad):
        namen = lees_namen(pad)
        for (soort, naam), id_ in antwoorden.items():
            namen = namen.bevestig(soort, _netjes(naam), id_)
        schrijf_namen(pad, namen)


def _netjes(naam: str) -> str:
    return " ".join(naam.split())


@contextmanager
def _alleen(pad: Path) -> Iterator[None]:
    """Keeps others from changing the table meanwhile. Raises ImporterError without its folder."""
    try:
        folder = os.open(pad.parent, os.O_RDONLY)
    except OSError as error:
        raise ImporterError(f"{pad} is niet te schrijven: {os_reason(error)}.") from error
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def schrijf_namen(pad: Path, namen: Namen) -> None:
    """Writes the table, with the names that wait. The old one stays until the new one is whole.

    Raises ImporterError when it can't be written.
    """
    rows = namen.tabel | {key: "" for key in namen.nieuw if key not in namen.tabel}
    out = io.StringIO()
    out.write("# Hoe een naam in een bestand heet in Opvangpeil. Zonder id wacht een naam op iemand die het weet.\n")
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(_KOP)
    writer.writerows((soort, name, id_) for (soort, name), id_ in rows.items())
    new = pad.with_name(f".{pad.name}.nieuw")
    try:
        with new.open("w", encoding="utf-8") as file:
            file.write(out.getvalue())
            file.flush()
            os.fsync(file.fileno())
        new.replace(pad)
    except OSError as error:
        raise ImporterError(f"{pad} is niet te schrijven: {os_reason(error)}.") from error


def _lijkt_op(one: str, other: str, **_: object) -> float:
    """Returns from 0 to 100 how alike two names are: by letter, and more if all words of one are in the other."""
    letters = fuzz.ratio(one, other)
    return max(letters, 0.9 * fuzz.token_set_ratio(one, other) + 0.1 * letters)


@lru_cache(maxsize=65_536)
def genormaliseerd(naam: str, soort: Naamsoort | None = None) -> str:
    """Returns a name without what people write in different ways: capitals, accents, signs and the word gemeente."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", naam.casefold()) if not unicodedata.combining(sign))
    plain = " ".join(re.sub(r"[^a-z0-9]+", " ", plain).split())
    return plain.removeprefix(f"{soort} ") if soort in {"gemeente", "provincie"} else plain


def _ids_van(known: Iterable[tuple[Sleutel, str]]) -> dict[Sleutel, list[str]]:
    """Returns all ids that each name has, each of them once."""
    found: dict[Sleutel, list[str]] = {}
    for key, id_ in known:
        ids = found.setdefault(key, [])
        if id_ not in ids:
            ids.append(id_)
    return found


def _toets_id(soort: Naamsoort, id_: str, where: str) -> None:
    if not _VORM[soort].fullmatch(id_):
        form = {"locatie": "LOC-12", "gemeente": "GM0363", "provincie": "PV27"}[soort]
        raise ImporterError(f"{where}'{id_}' is geen id van een {soort}; zo'n id is bijvoorbeeld {form}.")
    known = {"gemeente": {one.code for one in gemeenten()}, "provincie": set(PROVINCIES)}.get(soort)
    if known is not None and id_ not in known:
        raise ImporterError(f"{where}'{id_}' is geen bekende {soort}.")
