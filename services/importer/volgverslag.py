"""The report beside a file that was taken from a folder: what became of each of its rows, for people and programs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from schemas.fields import EARLIEST, format_known, parse_moment
from services.core.dutch import count, dutch_moment
from services.importer.model import dutch
from services.importer.plan import Plan, Rijuitkomst
from services.importer.vergelijk import wereldmoment

_NAMEN_GENOEMD = 5
_INHOUD_MAX = 1000
"""The most signs that are shown of a refused row: the file itself lies beside the report."""


@dataclass(slots=True)
class Bestandsverslag:
    """What became of a file. The names are those in its JSON, where moments are in UTC."""

    bestand: str
    profiel: str
    versie: int
    """Of the profile."""
    sha256: str
    begonnen: str
    klaar: str | None = None
    bekendOp: str | None = None
    """With what knowledge it was compared (K). None: no row of it was an event."""
    geldigVan: str | None = None
    """The first moment in the world (V) of what was sent. None: nothing was sent, or it names none."""
    geldigTot: str | None = None
    reden: str | None = None
    """Why the file as a whole is refused; None when it is not."""
    rijen: int = 0
    """How many rows were read. One row may be more than one event."""
    overgeslagen: int = 0
    """Rows that the profile says to skip."""
    nieuw: int = 0
    gelijk: int = 0
    """Events that would change nothing, so they are not sent."""
    anders: list[dict[str, Any]] = field(default_factory=list)
    """Events that differ from what was in force, each with its place, what it says, and what was."""
    geweigerd: list[dict[str, Any]] = field(default_factory=list)
    """Refused rows, each with its place, the reason, and the row as it stood."""
    namen: list[dict[str, str]] = field(default_factory=list)
    """Names in the file that nobody confirmed yet."""
    verdwenen: list[Mapping[str, Any]] = field(default_factory=list)
    """What is in force and no longer in the list. Nothing is retracted by itself."""
    opmerkingen: list[str] = field(default_factory=list)

    @property
    def iets_genomen(self) -> bool:
        """Whether anything in the file counts, or there was nothing in it to refuse."""
        return self.reden is None and bool(self.nieuw or self.anders or self.gelijk or not self.geweigerd)

    def neem(self, stuk: Mapping[str, Any]) -> None:
        """Adds what `stuk_van` says of a piece of the file."""
        sent = [Rijuitkomst(*row) for row in stuk["zenden"]]
        new = [row for row in sent if row.uitkomst == "nieuw"]
        self.nieuw += len(new)
        self.anders += [
            {"plaats": row.plaats, "zin": row.zin, "was": _was(row), "id": row.gebeurtenis["id"]}
            for row in sent
            if row.gebeurtenis is not None and row.uitkomst != "nieuw"
        ]
        self.rijen += stuk["rijen"] + stuk["overgeslagen"]
        self.overgeslagen += stuk["overgeslagen"]
        self.gelijk += stuk["gelijk"]
        self.geweigerd += stuk["geweigerd"]
        self.opmerkingen += stuk["opmerkingen"]
        self.verdwenen += stuk["verdwenen"]
        self.namen, self.bekendOp = stuk["namen"], stuk["bekendOp"] or self.bekendOp
        moments = {wereldmoment(row.gebeurtenis["data"]) for row in sent if row.gebeurtenis is not None} - {EARLIEST}
        moments |= {parse_moment(known) for known in (self.geldigVan, self.geldigTot) if known is not None}
        self.geldigVan = format_known(min(moments, default=None))
        self.geldigTot = format_known(max(moments, default=None))

    def weiger(self, rijen: Sequence[tuple[Rijuitkomst, str]], *, geteld: bool) -> None:
        """Moves the rows that the server refused, each given with why, to the refused rows.

        `geteld`: whether `neem` counted these, which it does once for each row of the file.
        """
        known = {one["plaats"] for one in self.geweigerd}
        for row, why in rijen:
            if row.gebeurtenis is None or (not geteld and row.plaats in known):
                continue
            self.geweigerd.append({"plaats": row.plaats, "reden": f"de server weigert: {why}"})
            if geteld and row.uitkomst == "nieuw":
                self.nieuw -= 1
            elif geteld:
                self.anders = [one for one in self.anders if one["id"] != row.gebeurtenis["id"]]

    def json(self) -> dict[str, Any]:
        """Returns it as it stands in the file: first what people read."""
        return {"samenvatting": list(self.zinnen()), **asdict(self)}

    def zinnen(self) -> Iterator[str]:
        """Yields the outcome in Dutch sentences."""
        what = f"{self.bestand}, gelezen met profiel {self.profiel} (versie {self.versie})"
        if self.reden is not None:
            yield f"{what}, is geweigerd: {self.reden}"
        elif not self.iets_genomen:
            yield f"{what}, is geweigerd: er is geen rij die kan worden aangenomen."
        if self.reden is None or self.rijen:
            yield (
                f"{what}: {count(self.rijen, 'rij', 'rijen')}; {dutch(self.nieuw)} nieuw, {dutch(len(self.anders))} "
                f"anders dan wat er stond, {count(self.gelijk, 'stond er al zo', 'stonden er al zo')}, "
                f"{dutch(self.overgeslagen)} overgeslagen volgens het profiel, {dutch(len(self.geweigerd))} geweigerd."
            )
        if self.gelijk and not (self.nieuw or self.anders or self.geweigerd):
            yield "Er is niets verstuurd: alles stond er al zo."
        if self.bekendOp is not None:
            yield f"Vergeleken met wat bekend was op {dutch_moment(datetime.fromisoformat(self.bekendOp))}."
        if self.namen:
            waiting = count(len(self.namen), "naam wacht", "namen wachten")
            some = ", ".join(f"'{one['naam']}'" for one in self.namen[:_NAMEN_GENOEMD])
            yield (
                f"{waiting} op iemand die het weet ({some}{' …' if len(self.namen) > _NAMEN_GENOEMD else ''}): "
                "opvangpeil namen lijst. Zet het bestand daarna nog eens in de map."
            )
        if self.verdwenen:
            gone = count(len(self.verdwenen), "melding staat", "meldingen staan")
            yield f"{gone} er niet meer in; er is niets ingetrokken."
        yield from self.opmerkingen


def stuk_van(plan: Plan, namen: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Returns a plan as it is written down before anything of it is sent."""
    return {
        "laatste": plan.laatste,
        "rijen": len({(row.blad, row.rij) for row in plan.rijen}),
        "overgeslagen": plan.overgeslagen,
        "gelijk": plan.aantal("gelijk"),
        "geweigerd": [
            {
                "plaats": row.plaats,
                "reden": row.zin,
                "inhoud": row.inhoud[:_INHOUD_MAX],
            }
            for row in plan.rijen
            if row.uitkomst == "geweigerd"
        ],
        "opmerkingen": plan.opmerkingen,
        "verdwenen": plan.verdwenen,
        "namen": [{"soort": soort, "naam": naam} for soort, naam in namen],
        "bekendOp": format_known(plan.bekend_op),
        "zenden": [row[:7] for row in plan.rijen if row.gebeurtenis is not None],
    }


def _was(row: Rijuitkomst) -> str:
    return "; ".join(str(one.get("zin") or one.get("waarde")) for one in row.vervangt)
