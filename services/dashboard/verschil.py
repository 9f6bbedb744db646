"""The page of what differs between two moments, as a story: what moved most, the rest, and the events behind each."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from pydantic import Field

from services.core.grootheden import BIJ_NAAM
from services.core.grootheden.opvang import AANWEZIG, AANWEZIG_GEMETEN, INZETBAAR, LOCATIES
from services.core.grootheden.wet import MEETELLEND, NALEVING, TEKORT
from services.core.reasons.verhaal import PER_LOCATIE, Rest, Verhaal, kanten
from services.core.reasons.verschil import Verandering
from services.core.registers import LANDELIJK, SubjectKind
from services.core.telregel import namen_van_regels
from services.dashboard.page_request import Blad, Bladmoment, Bladtijd
from services.dashboard.tabellen.lijst import page_of_rows
from services.dashboard.tijd import SINDS, Sinds, sinds
from services.reads.question import Question
from services.reads.verhaal import Vergelijking, Verteld
from services.web.asked import filled_in, not_known_yet
from services.web.problems import Veldfout, invalid

Deel = Literal["aanwezig", "inzetbaar", "locaties", "meetellend", "tekort", "naleving", "verder"]
"""What can be opened in full."""
PARTS = 5
"""Parts of a story that are told one by one."""
KERN = 3
"""Parts that the first sentence names."""
ROWS_MAX = 50
"""Parts on one page of a story that is opened in full."""
EVENTS_MAX = 10
"""Events that are told of one part."""
WOORDEN: Mapping[str, tuple[str, str]] = {
    AANWEZIG.naam: ("mens", "mensen"),
    AANWEZIG_GEMETEN.naam: ("gemeten mens", "gemeten mensen"),
    INZETBAAR.naam: ("inzetbare plaats", "inzetbare plaatsen"),
    LOCATIES.naam: ("open locatie", "open locaties"),
    MEETELLEND.naam: ("plaats die meetelt", "plaatsen die meetellen"),
    TEKORT.naam: ("plaats tekort", "plaatsen tekort"),
}
"""What a story counts: one, and more."""


class Verschilvraag(Bladtijd):
    """The moment to compare with, by name or by itself, the rule of each of the two, and the only subject to compare.

    Without any of these a week before is compared. `telregel` is the rule of both, where they name none themselves.
    """

    sinds: Sinds | None = None
    metGeldigOp: Bladmoment | None = None
    metBekendOp: Bladmoment | None = None
    vanTelregel: str | None = Field(default=None, max_length=40)
    naarTelregel: str | None = Field(default=None, max_length=40)
    onderwerp: str | None = Field(default=None, max_length=60)
    deel: Deel | None = None
    bladzijde: int = Field(default=1, ge=1, le=10_000)


class Regel(NamedTuple):
    """A part of a story, and the events behind it."""

    naam: str
    onderwerp: str | None
    """What its page is about; None for a term, which has none."""
    wat: Verandering
    hoe: str
    kanten: Sequence[str]
    """What changed it, where that is not the world alone."""
    gebeurtenissen: Sequence[Verteld]
    meer: int
    """How many events are not told."""


class Sectie(NamedTuple):
    """A story as a page tells it."""

    deel: str
    geheel: Verandering
    regels: Sequence[Regel]
    rest: Rest
    na_kern: Rest
    """What the parts add that the first sentence does not name."""
    gedeeld: tuple[Rest, Rest]
    """What the parts that went up add together, and what those that went down do."""
    onbepaald: int
    """Of how many parts it can't be said what they add."""
    aantal: int
    """How many parts there are."""


def verschil(blad: Blad[Verschilvraag]) -> dict[str, Any]:
    """What differs from another (V, K). Raises ProblemError 400 for a moment that can't be, or NotKnownError."""
    vraag = blad.vraag
    if fouten := _faults(vraag, blad.question):
        raise invalid(fouten)
    naar = blad.question.counted_by(vraag.naarTelregel or vraag.telregel)
    van = _compared_with(vraag, naar).counted_by(vraag.vanTelregel or vraag.telregel)
    found = Vergelijking(blad.reader, van, naar, vraag.onderwerp or LANDELIJK)
    first, last = found.cijfers[0], found.cijfers[-1]
    known = [namen_van_regels(one.wet, one.cyclus) for one in found.cijfers]
    return {
        "herkomst": last.herkomst,
        "van": van,
        "naar": naar,
        "gekozen": _chosen(vraag),
        "voorkeuzes": SINDS,
        "minder_bekend": naar.bekend_op < van.bekend_op,
        "geteld": [None if one.maatstaf.regel is None else one.maatstaf.regel.naam for one in (first, last)],
        "regels_van": [naam for naam in known[1] if naam in known[-1]],
        "regels_naar": known[-1],
        "over": None if vraag.onderwerp is None else found.naam(vraag.onderwerp),
        "onderwerp": found.onderwerp,
        "woorden": WOORDEN,
        "kern": KERN,
        "per_locatie": {AANWEZIG.naam, *PER_LOCATIE},
        **_told(found, vraag),
    }


def _told(found: Vergelijking, vraag: Verschilvraag) -> dict[str, Any]:
    """The stories: of each its largest parts, or one of them in full, by page."""
    # The people that are stated and those that were measured are the same part of the story.
    stories = {one.geheel.grootheid.removesuffix("Gemeten"): one for one in (*found.opvang(), *found.wet())}
    moved, more = found.verhuisd(), found.verder()
    bladen: dict[str, Any] = {}

    def wanted(deel: str) -> bool:
        return vraag.deel in (None, deel)

    def shown(deel: str, rows: Sequence[Any]) -> Sequence[Any]:
        if vraag.deel != deel:
            return rows[:PARTS] if vraag.deel is None else []
        page = page_of_rows(rows, vraag.bladzijde, ROWS_MAX)
        bladen.update(page._asdict())
        return page.rijen

    chosen = {deel: shown(deel, _sayable(one)) for deel, one in stories.items()}
    changed, others = shown(NALEVING.naam, moved), shown("verder", more)
    ids = {part: found.oorzaken(part) for part in [*(p for parts in chosen.values() for p in parts), *changed]}
    events = found.verteld({own_id for some in ids.values() for own_id in some[:EVENTS_MAX]} | set(others))

    def regel(part: Verandering) -> Regel:
        subject = part.onderwerp if _has_page(part.onderwerp) else None
        name = found.naam(part.onderwerp) if subject else BIJ_NAAM[part.onderwerp].label
        said = [events[own_id] for own_id in ids[part] if own_id in events]
        why = kanten(part)
        return Regel(name, subject, part, found.hoe(part), why, said, len(ids[part]) - len(said))

    return {
        "secties": [_section(deel, one, chosen[deel], regel) for deel, one in stories.items() if wanted(deel)],
        "naleving": [(regel(row), found.zin(row)) for row in changed],
        "verhuisd": len(moved),
        "klassen": found.klassen(),
        "verder": [events[one] for one in others if one in events],
        "verder_aantal": len(more),
        "waarom_gemeten": found.waarom_gemeten(),
        "eigen": _own(found.eigen) if vraag.deel is None else [],
        "bladen": bladen,
    }


def _section(deel: str, told: Verhaal, parts: Sequence[Verandering], regel: Callable[[Verandering], Regel]) -> Sectie:
    sayable = _sayable(told)
    unknown = len(told.delen) - len(sayable)
    return Sectie(
        deel,
        told.geheel,
        [regel(part) for part in parts],
        Verhaal(told.geheel, sayable).rest(len(parts)),
        Verhaal(told.geheel, sayable).rest(KERN),
        told.gedeeld(),
        unknown,
        len(sayable),
    )


def _sayable(told: Verhaal) -> list[Verandering]:
    """The parts of which it can be said what they add."""
    return [part for part in told.delen if part.geheel is not None]


def _own(rows: Sequence[Verandering]) -> list[Verandering]:
    """Leaves out what changes every second by itself, and what was measured where that is what is stated."""
    said = {f"{row.grootheid}Gemeten": row.waarden for row in rows}
    return [row for row in rows if not BIJ_NAAM[row.grootheid].loopt and said.get(row.grootheid) != row.waarden]


def _has_page(subject: str) -> bool:
    return SubjectKind.LOCATIE.holds(subject) or SubjectKind.GEMEENTE.holds(subject)


def _chosen(vraag: Verschilvraag) -> Sinds | None:
    """The named moment that is compared with; None for a free one, or the same moment by another rule."""
    free = (vraag.metGeldigOp, vraag.metBekendOp, vraag.vanTelregel, vraag.naarTelregel)
    return (vraag.sinds or "week") if vraag.sinds or not any(free) else None


def _faults(vraag: Verschilvraag, question: Question) -> list[Veldfout]:
    fouten = not_known_yet(question.now, metBekendOp=vraag.metBekendOp)
    if vraag.sinds and (vraag.metGeldigOp or vraag.metBekendOp):
        fouten.append(Veldfout(veld="sinds", melding="kan niet samen met een eigen moment; laat een van beide weg"))
    return fouten


def _compared_with(vraag: Verschilvraag, naar: Question) -> Question:
    """The moment to compare with: a week before when nothing is asked, the same moment when only rules are."""
    if vraag.metGeldigOp is not None or vraag.metBekendOp is not None:
        return naar.at_point(*filled_in(vraag.metGeldigOp, vraag.metBekendOp, naar.now))
    name = _chosen(vraag)
    if name is None:
        return naar
    before = sinds(name, min(naar.point))
    return naar.at_point(before, before)
