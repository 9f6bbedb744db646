"""Reads a file as a try: what each row would do, by the same function as the command line and the watched folder."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple

import orjson

from schemas.told import ToldError
from services.access import Caller
from services.core.registers import LANDELIJK
from services.dashboard.inlezen.ontvangst import ANDERS
from services.dashboard.page_request import address_of
from services.importer import ImporterError, Plan, Rijuitkomst, maak_plannen
from services.importer.logboek import Logomzetting, geen_log, kop_van, van_opvangpeil
from services.importer.plan import Bron
from services.importer.profiel import Genoemd, Namen, Omzetting, Wachtend, alle_profielen, lees_namen, lees_profiel
from services.importer.profiel.namen import NAMEN, Sleutel, noteer
from services.importer.vergelijk import Vergelijking, vergelijking_van
from services.ingest.proef import VergelijkingIn, proef
from services.reads.question import question_of_now
from services.reads.reader import Reader
from services.web.addresses import FILE_BYTES_MAX, MELDEN

GEBEURTENISSEN_MAX = 2_000
"""The most events that a page sends: they wait in its form until somebody presses the button."""
RIJEN_MAX = 20_000
"""The most rows of a file that a page reads. What has more takes long, and belongs to the command or the folder."""
GETOOND_MAX = 500
"""The most rows of one outcome that a page shows."""
NAMEN_MAX = 50
"""The most names that a page asks about at once."""
_IN_OPDRACHT = ": opvangpeil namen bevestig"
"""How a refusal tells of the command that confirms a name. On a page that stands below it."""


class Keuze(NamedTuple):
    """A profile that can be chosen. `namen`: what its files are called."""

    naam: str
    omschrijving: str
    namen: Sequence[str]


class Profielen(NamedTuple):
    """The profiles in the folder, and what is wrong with those that can't be read."""

    goed: Mapping[str, Genoemd]
    fout: Sequence[str]

    @property
    def keuzes(self) -> list[Keuze]:
        """Those that can be chosen, by name."""
        found = self.goed.items()
        return [Keuze(naam, one.profiel.omschrijving, one.profiel.bestand.naam) for naam, one in found]


class Rij(NamedTuple):
    """A row of the file, as the page shows it."""

    plaats: str
    over: str
    """About whom or what; empty for a row that is refused."""
    naam: str
    """What that is called; empty where nobody knows."""
    zin: str
    nu: Sequence[str]
    """What it replaces."""


class Groep(NamedTuple):
    """The rows with one outcome."""

    uitkomst: str
    kop: str
    aantal: int
    rijen: Sequence[Rij]
    """The first `GETOOND_MAX` of them."""


class Verdwenen(NamedTuple):
    """What is in force, and no longer in the file."""

    zin: str
    subject: str
    intrekken: str
    """The address of the form that retracts it."""


class Proef(NamedTuple):
    """What a file would do."""

    bestand: str
    profiel: str
    aantallen: Mapping[str, int]
    """Outcome → how many rows."""
    groepen: Sequence[Groep]
    cijfers: Sequence[Mapping[str, Any]] | None
    """The figures that change; None where that is not known."""
    opmerkingen: Sequence[str]
    verdwenen: Sequence[Verdwenen]
    namen: Sequence[Wachtend]
    """The names in it that nobody knows yet, at most `NAMEN_MAX`."""
    namen_meer: int
    namen_fout: str
    """Why these names could not be kept; empty when they were."""
    te_zenden: int
    gebeurtenissen: str
    """The events to send, as JSON; empty when there are none, or too many for a page."""


class VanHier:
    """Compares with what is stored here, by the function that answers `POST /v1/vergelijkingen`."""

    def __init__(self, reader: Reader, caller: Caller) -> None:
        self._reader, self._caller = reader, caller

    def __call__(
        self, events: Sequence[dict[str, Any]], *, cijfers: bool = False, volledig: dict[str, Any] | None = None
    ) -> Vergelijking:
        """Compares as that address does: of what is asked and answered, only what JSON can say goes through."""
        asked = orjson.dumps({"gebeurtenissen": events, "cijfers": cijfers, "volledig": volledig})
        _question, said = proef(self._reader, self._caller, VergelijkingIn.model_validate(orjson.loads(asked)))
        return vergelijking_van(orjson.loads(orjson.dumps(said)))


def lees_profielen(map_: Path) -> Profielen:
    """Reads the profiles in a folder."""
    good: dict[str, Genoemd] = {}
    wrong: list[str] = []
    for pad in alle_profielen(map_):
        try:
            good[pad.stem] = lees_profiel(pad)
        except ToldError as error:
            wrong.append(str(error))
    return Profielen(good, wrong)


def locaties(reader: Reader, caller: Caller) -> dict[str, str]:
    """Returns the registered locaties that the caller may see: id → name."""
    cijfers = reader.figures(question_of_now(reader.clock(), caller.audience))
    return {one.id: one.naam for one in cijfers.locaties if one.registered and one.naam}


def namen_voor(caller: Caller, pad: Path, known: Mapping[str, str]) -> Namen:
    """Reads the table of names as the caller may know it. `known`: the locaties that it may see.

    Who may not see every locatie would learn from the table which ids there are. So to it the table has only the
    locaties that it may see, and a name of another one waits like any name that nobody knows.
    """
    namen = lees_namen(pad, known)
    if caller.audience.sees_shielded:
        return namen
    return Namen({key: id_ for key, id_ in namen.tabel.items() if key[0] != "locatie" or id_ in known}, known)


def maak_proef(
    reader: Reader, caller: Caller, map_: Path, inhoud: IO[bytes], *, bestandsnaam: str, profiel: str
) -> Proef:
    """Reads a file and says what it would do.

    Args:
        reader: What is stored.
        caller: Who asks.
        map_: The folder of the profiles.
        inhoud: The file.
        bestandsnaam: What its sender calls it.
        profiel: The name of the profile; empty for the one that goes by the name of the file.

    Raises:
        ImporterError: It can't be read, or is too large.
    """
    with tempfile.NamedTemporaryFile(prefix="inlezen-") as copy:
        shutil.copyfileobj(inhoud, copy)
        copy.flush()
        if copy.tell() > FILE_BYTES_MAX:
            raise ImporterError(
                f"{bestandsnaam} is groter dan {FILE_BYTES_MAX // 1024**2} MB, het meeste dat hier past. {ANDERS}"
            )
        pad = Path(copy.name)
        try:
            namen = namen_voor(caller, map_ / NAMEN, locaties(reader, caller))
            bron = _bron(lees_profielen(map_), profiel, pad, bestandsnaam, namen)
            vergelijk = VanHier(reader, caller)
            (plan,) = maak_plannen(pad, bron, vergelijk, bestandsnaam=bestandsnaam, cijfers=True, hoogstens=RIJEN_MAX)
        except ImporterError as error:
            said = str(error).replace(pad.name, bestandsnaam).replace(f"{map_}/", "")
            raise ImporterError(f"{said} {ANDERS}" if "heeft meer dan" in said else said) from error
    return _getoond(plan, namen, _bewaard(map_, namen.nieuw))


def _bron(profielen: Profielen, gekozen: str, pad: Path, naam: str, namen: Namen) -> Bron:
    """Returns what makes events of the file. Raises ImporterError when no profile, or more than one, goes with it."""
    if gekozen:
        found = profielen.goed.get(gekozen)
        if found is None:
            raise ImporterError(f"Er is geen profiel '{gekozen}'. Kies er een uit de lijst.")
        return Omzetting(found, namen)
    kop = _kop(pad)
    fits = [one for one in profielen.goed.values() if one.profiel.bestand.naam and one.profiel.past_op(naam)]
    if not geen_log(kop) or (not fits and van_opvangpeil(kop)):
        return Logomzetting()
    if len(fits) == 1:
        return Omzetting(fits[0], namen)
    if fits:
        raise ImporterError(
            f"Bij de naam {naam} passen {len(fits)} profielen: {', '.join(one.naam for one in fits)}. Kies er een."
        )
    raise ImporterError(f"Bij de naam {naam} past geen profiel. Kies er een uit de lijst.")


def _kop(pad: Path) -> list[str]:
    """Returns the heading of a file, if it is one that Opvangpeil wrote; empty for one that can't be read as such."""
    try:
        return kop_van(pad)
    except ImporterError:
        return []


def _bewaard(map_: Path, nieuw: Mapping[Sleutel, int]) -> str:
    """Keeps the names that nobody knows yet, as the command does. Returns why that was not possible, else nothing."""
    if not nieuw:
        return ""
    try:
        noteer(map_ / NAMEN, nieuw)
    except ImporterError as error:
        return str(error).replace(f"{map_}/", "")
    return ""


_GROEPEN = {"geweigerd": "Geweigerd", "wijkt af": "Anders dan wat er staat", "nieuw": "Nieuw"}
"""Outcome → the head above its rows. Rows that change nothing are only counted."""


def _getoond(plan: Plan, namen: Namen, namen_fout: str) -> Proef:
    events = plan.te_zenden
    few = 0 < len(events) <= GEBEURTENISSEN_MAX
    names = list(namen.nieuw)
    return Proef(
        bestand=plan.bestand,
        profiel=plan.profiel,
        aantallen={one: plan.aantal(one) for one in (*_GROEPEN, "gelijk")} | {"overgeslagen": plan.overgeslagen},
        groepen=list(_groepen(plan.rijen, namen)),
        cijfers=None if plan.cijfers is None else sorted(plan.cijfers, key=_grootste_eerst),
        opmerkingen=plan.opmerkingen,
        verdwenen=[_verdwenen(one) for one in plan.verdwenen],
        namen=[Wachtend(*key, namen.voorstellen(*key)) for key in names[:NAMEN_MAX]],
        namen_meer=max(0, len(names) - NAMEN_MAX),
        namen_fout=namen_fout,
        te_zenden=len(events),
        gebeurtenissen=orjson.dumps(events).decode() if few else "",
    )


def _grootste_eerst(cijfer: Mapping[str, Any]) -> int:
    """Returns where the subject of a figure stands: the country first, then areas, then locaties."""
    return {LANDELIJK: 0, "PV": 1, "GM": 2}.get(cijfer["onderwerp"][:2], 3)


def _groepen(rijen: Sequence[Rijuitkomst], namen: Namen) -> Iterator[Groep]:
    for uitkomst, kop in _GROEPEN.items():
        own = [row for row in rijen if row.uitkomst == uitkomst]
        if own:
            yield Groep(uitkomst, kop, len(own), [_rij(row, namen) for row in own[:GETOOND_MAX]])


def _rij(row: Rijuitkomst, namen: Namen) -> Rij:
    replaced = [str(one.get("zin") or one.get("waarde")) for one in row.vervangt]
    over = "" if row.gebeurtenis is None else str(row.gebeurtenis["subject"])
    return Rij(row.plaats, over, namen.naam_van(over), row.zin.replace(_IN_OPDRACHT, " (hieronder)"), replaced)


def _verdwenen(one: Mapping[str, Any]) -> Verdwenen:
    asked: dict[str, object] = {
        "soort": "intrekking",
        "over": one["subject"],
        "data.gebeurtenisId": one["gebeurtenisId"],
    }
    return Verdwenen(str(one["zin"]), str(one["subject"]), address_of(MELDEN.path, asked))
