"""The pages of receivers: who is told of alarms, of which, how that goes, and what each was told."""

from collections.abc import Iterator
from typing import Any

from schemas.fields import Json
from schemas.reference import PROVINCIES, gemeente_van
from services.core.dutch import number
from services.dashboard.page import Maker, Proces
from services.dashboard.page_request import Blad, Daadvraag, without_time
from services.dashboard.tekst import regelnaam
from services.reads.cijfers import Cijfers
from services.web.addresses import ONTVANGER_GESCHIEDENIS, ONTVANGERS
from services.web.problems import ProblemError

WAITING_MAX = 20
"""So many of what waits are named."""
HISTORY_MAX = 100
"""So much of what a receiver was told is shown; the API has the rest."""


def of_process(proces: Proces) -> Maker[Daadvraag]:
    """Makes the list in one process. Only the service that tells receivers knows them, and only those of now."""

    def make(blad: Blad[Daadvraag]) -> dict[str, Any]:
        ontvangers, cijfers = proces.ontvangers, blad.cijfers()
        if ontvangers is None:
            return {"ontvangers": [], "bestand": None}
        shown = [_shown(head, waiting, cijfers) for head, waiting in ontvangers.standen(blad.caller.audience)]
        return {"ontvangers": shown, "bestand": ontvangers.bestand(blad.caller)}

    return without_time(make)


def een_of_process(proces: Proces) -> Maker[Daadvraag]:
    """Makes the page of one receiver."""

    def make(blad: Blad[Daadvraag]) -> dict[str, Any]:
        ontvangers, naam = proces.ontvangers, blad.code
        if ontvangers is None:
            raise ProblemError(404, f"Er is geen ontvanger {naam[:60]!r}; zie {ONTVANGERS.path}.")
        audience = blad.caller.audience
        head, waiting = ontvangers.stand(naam, audience)
        told, more = ontvangers.geschiedenis(naam, audience, HISTORY_MAX)
        changes = ontvangers.wijzigingen(naam, audience)
        cijfers = blad.cijfers()
        return {
            "een": _shown(head, waiting, cijfers),
            "geschiedenis": [_named(one, cijfers) for one in told],
            "ouder": more is not None,
            "wijzigingen": changes,
            "programma": ONTVANGER_GESCHIEDENIS.to(naam),
        }

    return without_time(make)


def _shown(head: Json, waiting: list[Json], cijfers: Cijfers) -> Json:
    named = [_named(one, cijfers) for one in waiting[:WAITING_MAX]]
    return head | {"meldingen": named, "krijgt": [*_in_words(head, cijfers)]}


def _named(one: Json, cijfers: Cijfers) -> Json:
    return one | {"naam": cijfers.naam_van(one["onderwerp"])}


def _in_words(head: Json, cijfers: Cijfers) -> Iterator[tuple[str, str]]:
    """Yields (label, words) of what a receiver asks for. Nothing: it gets all."""
    about = [cijfers.naam_van(one) for one in head["onderwerpen"]]
    if more := head["onderwerpenNietGenoemd"]:
        about.append(f"{number(more)} {'ander onderwerp' if more == 1 else 'andere onderwerpen'}")
    for label, values in (
        ("Ernst", head["ernst"]),
        ("Regels", [regelnaam(one) for one in head["regels"]]),
        ("Onderwerpen", about),
        ("Provincies", [PROVINCIES[one] for one in head["provincies"]]),
        ("Gemeenten", [gemeente_van(one).naam for one in head["gemeenten"]]),
        ("Soorten locaties", head["locatiesoorten"]),
    ):
        if values:
            yield label, ", ".join(values)
    if head["locatiesoorten"]:
        yield "Niet", "alarmen over heel Nederland, een provincie of een gemeente"
    elif head["gemeenten"]:
        yield "Niet", "alarmen over heel Nederland of een provincie"
    elif head["provincies"]:
        yield "Niet", "alarmen over heel Nederland"
