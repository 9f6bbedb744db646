"""What a row of a file becomes: an event that may be sent, or a refusal."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from schemas.parsing import Invalid, Parsed, parse_facts, parse_stored
from services.importer.bladen import Fout, Waarde
from services.importer.columns import data_columns

_ENVELOPE = {"specversion": "1.0", "id": "0190163d-8694-739b-aea5-966c26f8ad91", "time": "2026-01-01T00:00:00Z"}
"""What an event gets only when it is sent."""


class Kandidaat(NamedTuple):
    """An event that a row may become. `gebeurtenis` has no id yet, and no `time` when that is now."""

    blad: str
    rij: int
    gebeurtenis: dict[str, Any]
    plaatsen: Mapping[str, str] = {}
    """Where each field stands, by the name that a profile gives it: `kolom C 'Aanwezig'`, or nothing."""
    inhoud: str = ""
    """The row as it stood, as `als_regel` writes it."""

    @property
    def plaats(self) -> str:
        """Where it stands, for people."""
        return _plaats(self.blad, self.rij)

    def waar(self, veld: str) -> str:
        """Returns where a field stands, for people. `veld` is a path with dots, as in an error of the server.

        A field of which the place is not known comes back as it is.
        """
        head, _, path = veld.partition(".")
        field, *rest = path.split(".")
        names = [head]
        if head == "data" and len(rest) == 2:  # such as `0.aantal`: the index of an object, and its field
            items = self.gebeurtenis["data"].get(field) or []
            item = items[int(rest[0])] if rest[0].isdigit() and int(rest[0]) < len(items) else {}
            columns = [
                one for one in data_columns(self.gebeurtenis["type"]) if (one.field, one.inner) == (field, rest[1])
            ]
            names = [one.name for one in columns if one.key is None or item.get(one.key[0]) == one.key[1]]
        elif head == "data":
            names = [path]
        return next((self.plaatsen[name] for name in names if self.plaatsen.get(name)), veld)


class Geweigerd(NamedTuple):
    """A row that can't be an event, with every reason."""

    blad: str
    rij: int
    reden: str
    inhoud: str
    """The row as it stood, as `als_regel` writes it."""

    @property
    def plaats(self) -> str:
        """Where it stands, for people."""
        return _plaats(self.blad, self.rij)


def als_regel(cellen: Iterable[Waarde]) -> str:
    """Returns a row as one text for people: its cells with ; between. That takes less memory than cells do."""
    return ";".join([cell if type(cell) is str else _tekst(cell) for cell in cellen])


def _tekst(cell: Waarde) -> str:
    if cell is None:
        return ""
    return f"({cell.tekst})" if isinstance(cell, Fout) else str(cell)


def _plaats(blad: str, rij: int) -> str:
    return f"blad '{blad}', rij {rij}" if blad else f"rij {rij}"


def getoetst(rijen: Iterable[Kandidaat | Geweigerd]) -> Iterator[Kandidaat | Geweigerd]:
    """Refuses each event that the model of its type refuses, as a server would, with where in the file it stands."""
    for one in rijen:
        if isinstance(one, Kandidaat):
            said = parse_facts(orjson.dumps(_ENVELOPE | one.gebeurtenis))[0]
            if isinstance(said, Invalid):
                told = ((one.waar(fout.veld or ""), fout.melding) for fout in said.fouten)
                why = "; ".join(f"{where}: {what}".removeprefix(": ") for where, what in told)
                yield Geweigerd(one.blad, one.rij, why, one.inhoud)
                continue
        yield one


def gelezen(rijen: Sequence[Kandidaat]) -> Parsed:
    """Parses the events of some rows, at least one, as a server would. Returns an event, or what is wrong, of each."""
    return parse_stored(orjson.dumps([_ENVELOPE | one.gebeurtenis for one in rijen]))
