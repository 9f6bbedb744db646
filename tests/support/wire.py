"""Events as they are on the wire, with each type in one place.

`make` gives them as models, `facts` as sent just now, and `web_events` and `one_june` as sent at a fixed moment. Those
modules have their own defaults; this one has the form of each type. A function that makes an event takes its subject
first, unless that has a default; then what is counted, and then moments.
"""

from collections.abc import Sequence
from typing import Any

from schemas.fields import Json

Body = tuple[str, Json]
"""(type without `nl.` and `.v1`, data)."""


def event(subject: str, body: Body, *, time: str, source: str, own_id: str) -> Json:
    """The whole event."""
    kind, data = body
    return {
        "specversion": "1.0",
        "id": own_id,
        "source": source,
        "type": f"nl.{kind}.v1",
        "subject": subject,
        "time": time,
        "data": data,
    }


def registration(naam: str, gemeente: str, soort: str, vanaf: str) -> Body:
    """A locatie that everybody may see exists and opens."""
    about = {"naam": naam, "gemeente": gemeente, "soort": soort, "zichtbaarheid": "openbaar", "geldigVanaf": vanaf}
    return "opvanglocaties.locatie-geregistreerd", about


def closing(vanaf: str) -> Body:
    """A locatie closes."""
    return "opvanglocaties.locatie-gesloten", {"geldigVanaf": vanaf}


def capacity(
    soort: str, aantal: int, inzetbaar: int | None, vanaf: str, tot: str | None = None, sinds: str | None = None
) -> Body:
    """Places of one soort, which are there since `sinds`, or else since they are valid."""
    row = {"soort": soort, "aantal": aantal} | _given(inzetbaar=inzetbaar, beschikbaarVanaf=sinds)
    return "opvanglocaties.capaciteit-gewijzigd", {"geldigVanaf": vanaf, "plaatsen": [row]} | _given(geldigTot=tot)


def reading(aanwezig: int, peilmoment: str) -> Body:
    """People present."""
    return "opvanglocaties.bezetting-gemeld", {"peilmoment": peilmoment, "aanwezig": aanwezig}


def access(regime: str, vanaf: str) -> Body:
    """An access regime."""
    return "opvanglocaties.toegang-gewijzigd", {"geldigVanaf": vanaf, "regime": regime}


def limit(maximum: int, vanaf: str, tot: str | None = None, **penalty: int | None) -> Body:
    """A maximum on the people present, with `dwangsomPerDag` and `dwangsomPlafond` if given."""
    data = {"geldigVanaf": vanaf, "maximum": maximum, "grondslag": "uitspraak"}
    return "opvanglocaties.maximum-vastgesteld", data | _given(geldigTot=tot, **penalty)


def cycle(
    vanaf: str,
    until: str,
    soorten: Sequence[str],
    volledig: bool | None = None,
    *,
    voor: str | None = None,
    telregel: str | None = None,
) -> Body:
    """A cyclus, with its rule for what counts, by when its opgaven must be realised, and the rule that it names."""
    data = {
        "raming": 96_000,
        "beschikbaarTotMinstens": until,
        "meetellendeSoorten": list(soorten),
        "geldigVanaf": vanaf,
    }
    return "spreidingswet.cyclus-vastgesteld", data | _given(volledig=volledig, realiserenVoor=voor, telregel=telregel)


def rule(naam: str, soorten: Sequence[str], vanaf: str, **demands: Any) -> Body:
    """A telregel. A demand that is None is not made."""
    data = {"naam": naam, "omschrijving": f"de telregel {naam}", "meetellendeSoorten": list(soorten)}
    return "spreidingswet.telregel-vastgesteld", data | {"geldigVanaf": vanaf} | _given(**demands)


def task(cyclus: str, status: str, opgave: int, vanaf: str, amv: int | None = None, *, voor: str | None = None) -> Body:
    """An opgave, and by when it must be realised."""
    data = {"cyclus": cyclus, "status": status, "opgave": opgave, "geldigVanaf": vanaf}
    return "spreidingswet.opgave-vastgesteld", data | _given(waarvanAmv=amv, realiserenVoor=voor)


def stand(cyclus: str, stand: str, vanaf: str, tot: str | None = None, zaak: str | None = None) -> Body:
    """What became of a verdeelbesluit."""
    data = {"cyclus": cyclus, "stand": stand, "geldigVanaf": vanaf}
    return "spreidingswet.opgave-stand-gewijzigd", data | _given(geldigTot=tot, zaak=zaak)


def transfer(cyclus: str, naar: str, aantal: int, vanaf: str, tot: str | None = None) -> Body:
    """Places that count for another gemeente."""
    data = {"cyclus": cyclus, "naar": naar, "aantal": aantal, "geldigVanaf": vanaf}
    return "spreidingswet.overdracht-afgesproken", data | _given(geldigTot=tot)


def step(stap: str, op: str, toezichthouder: str | None = None, termijn: str | None = None) -> Body:
    """A step of supervision."""
    data = {"stap": stap, "gezetOp": op}
    return "spreidingswet.toezichtstap-gezet", data | _given(toezichthouder=toezichthouder, termijn=termijn)


def hours(stap: str, uren: int, vanaf: str, **bounds: int | None) -> Body:
    """The hours that a step of supervision takes, with `urenMinstens` and `urenHoogstens` if given."""
    return "spreidingswet.inzet-geraamd", {"stap": stap, "urenPerGemeente": uren, "geldigVanaf": vanaf} | _given(
        **bounds
    )


def staff(fte: float, uren: int, vanaf: str) -> Body:
    """The people that a supervisor has."""
    return "spreidingswet.toezichtcapaciteit-vastgesteld", {"fte": fte, "urenPerFte": uren, "geldigVanaf": vanaf}


def published(peildatum: str, bron: str, grootheid: str, waarde: float, nauwkeurigheid: str | None = None) -> Body:
    """One figure published by others."""
    figure = {"grootheid": grootheid, "waarde": waarde} | _given(nauwkeurigheid=nauwkeurigheid)
    return "opvangcijfers.cijfers-gepubliceerd", {"peildatum": peildatum, "bron": bron, "cijfers": [figure]}


def retraction(target: str) -> Body:
    """Hides the event with this id."""
    return "gebeurtenissen.ingetrokken", {"gebeurtenisId": target, "reden": "vergissing"}


def _given(**fields: Any) -> Json:
    return {name: value for name, value in fields.items() if value is not None}
