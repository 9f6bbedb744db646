"""Makes an edition: asks everything at one positie, and describes what came of it."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from schemas.fields import format_moment, parse_moment
from schemas.told import ToldError
from services.core.dutch import dutch_date
from services.core.reasons.aansluiting import BETEKENIS
from services.editie import inhoud
from services.editie.bladen import blad
from services.editie.inhoud import Ask, Opdracht
from services.editie.manifest import NAAM, Bestand, Inhoud, Manifest
from services.editie.week import Week

VRAGEN, VRAGEN_PER_MOMENT = 9, 5
"""About how many questions an edition takes, and the tables of one moment."""
_BLAD = "index.html"


class EditieError(ToldError):
    """This edition can't be made. The message says why, and what would be right."""


class Uitgave(NamedTuple):
    """What whoever publishes says of every edition."""

    licentie: str | None
    """The URI of its licence; None: what the server says."""
    uitgever: str | None
    """The name of the organisation; None: it does not say so."""


class Plaats(NamedTuple):
    """Where an edition comes among the others in its folder."""

    week: Week
    herziet: Manifest | None
    """The edition of the same week in whose place it comes."""
    vorige: Manifest | None
    """The newest edition of an earlier week."""

    @property
    def naam(self) -> str:
        """The name of the edition, and of its folder."""
        return f"{self.week}-r{self.herziening}" if self.herziet else str(self.week)

    @property
    def herziening(self) -> int:
        """The number of the edition among those of its week."""
        return self.herziet.herziening + 1 if self.herziet else 1


def gemaakt(ask: Ask, plaats: Plaats, uitgave: Uitgave, *, getekend: bool) -> tuple[Manifest, dict[str, bytes]]:
    """Makes an edition: what it says of itself, and its files by name, with that manifest among them.

    Raises EditieError when of its week nothing is known, or when the server counts by another meaning of the figures.
    """
    moment = format_moment(plaats.week.einde)
    _check_known(ask, plaats.week)
    brief = inhoud.brief(ask, moment, moment)
    check_meaning(brief["betekenis"])
    licentie = uitgave.licentie or brief["licentie"]
    at, before = Opdracht(moment, moment, brief["positie"], licentie), plaats.vorige
    made = inhoud.bestanden(ask, at, before.punt if before else None)
    over = Manifest(
        editie=plaats.naam,
        week=str(plaats.week),
        herziening=plaats.herziening,
        geldigOp=moment,
        bekendOp=moment,
        positie=at.positie,
        omvat="zichtbaar",
        simulatie=brief.get("simulatie", False),
        gemaaktOp=brief["gemaaktOp"],
        versie=brief["versie"],
        betekenis=brief["betekenis"],
        cyclus=brief["cyclus"],
        telregel=brief["telregel"],
        licentie=licentie,
        uitgever=uitgave.uitgever,
        vorige=before.punt if before else None,
        nagekomen=_late(ask, before, at.positie, brief["versie"]) if before else [],
        herziet=plaats.herziet.editie if plaats.herziet else None,
        gewijzigd=_other(made, plaats.herziet) if plaats.herziet else [],
        bestanden=[],
    )
    page = blad(over, made, brief["alinea"], inhoud.verteld(made), getekend=getekend)
    files = {**made, _BLAD: Inhoud(page)}
    over.bestanden = [Bestand.of(naam, one) for naam, one in sorted(files.items())]
    return over, {**{naam: one.inhoud for naam, one in files.items()}, NAAM: over.text()}


def check_meaning(betekenis: str) -> None:
    """Raises EditieError when a server counts by another meaning of the figures than this program describes."""
    if betekenis != BETEKENIS:
        raise EditieError(
            f"de server rekent volgens betekenis {betekenis[:20]} van de cijfers, en deze opdracht volgens "
            f"{BETEKENIS}; neem van beide dezelfde versie"
        )


def _check_known(ask: Ask, week: Week) -> None:
    since = inhoud.oldest(ask)
    if since is None:
        raise EditieError("de server kent nog geen enkele gebeurtenis; er valt niets uit te geven")
    first = Week.before(parse_moment(since)).volgende
    if parse_moment(since) > week.einde:
        raise EditieError(
            f"aan het einde van week {week} was nog niets bekend: de oudste gebeurtenis is van "
            f"{dutch_date(parse_moment(since))}. De eerste week die kan is {first}"
        )


def _late(ask: Ask, vorige: Manifest, positie: str, versie: str) -> list[str]:
    """Returns the tables of an earlier edition that would be other ones by what is stored by now.

    None of those that another version made: its files may have another form.
    """
    if versie != vorige.versie:
        return []
    again = inhoud.tabellen(ask, Opdracht(vorige.geldigOp, vorige.bekendOp, positie, vorige.licentie))
    return _other({naam: one for tabel in again for naam, one in inhoud.in_formats(tabel)}, vorige)


def _other(made: Mapping[str, Inhoud], over: Manifest) -> list[str]:
    """Returns the tables that differ from those of an edition, without extension."""
    return sorted(set(_tables_that_differ(made, over)))


def _tables_that_differ(made: Mapping[str, Inhoud], over: Manifest) -> Iterable[str]:
    for naam, one in made.items():
        table, _, formaat = naam.partition(".")
        there = over.per_bestand.get(naam)
        if formaat == "csv" and (there is None or there.sha256 != Bestand.of(naam, one).sha256):
            yield table
