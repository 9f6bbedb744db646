"""On what the hours and the fte of the toezicht rest: what was estimated and said, by whom, and in which event."""

from collections.abc import Mapping

from schemas.fields import Json, format_moment
from services.core.registers import LANDELIJK, Register, Winner
from services.core.stap import MINISTER
from services.core.toezicht import GRENZEN, STAPPEN
from services.reads.cijfers import Totaalcijfers
from services.reads.question import Question
from services.reads.reader import Reader


def rust_op(reader: Reader, question: Question, cijfers: Totaalcijfers) -> Json:
    """Returns the estimate of each step and what each toezichthouder has. Everybody may know these."""
    ramingen = {Register.INZET.parts(key[1])[0]: winner for key, winner in Register.INZET.among(cijfers.wet)}
    held = {
        MINISTER if key[0] == LANDELIJK else key[0]: winner
        for key, winner in Register.TOEZICHTCAPACITEIT.among(cijfers.wet)
    }
    bronnen = _bronnen(reader, question, cijfers, [*ramingen.values(), *held.values()])
    return {
        "ramingen": [
            {"stap": stap}
            | {f"urenPerGemeente{end}": ramingen[stap].value.get(grens) for grens, end in GRENZEN.items()}
            | _event(ramingen[stap], bronnen)
            for stap in STAPPEN
            if stap in ramingen
        ],
        "capaciteiten": [
            {"toezichthouder": houder}
            | {"fteBeschikbaar": held[houder].value["fte"], "urenPerFte": held[houder].value["urenPerFte"]}
            | _event(held[houder], bronnen)
            for houder in sorted(held, key=lambda houder: (houder != MINISTER, houder))
        ],
    }


def _event(winner: Winner, bronnen: Mapping[str, str | None]) -> Json:
    return {
        "geldigVanaf": format_moment(winner.effective_at),
        "bron": bronnen.get(winner.event_id),
        "gebeurtenis": winner.event_id,
    }


def _bronnen(
    reader: Reader, question: Question, cijfers: Totaalcijfers, winners: list[Winner]
) -> Mapping[str, str | None]:
    """Returns by what each of these events says that it knows it. Those of now are kept: an event never changes."""
    ids = tuple(sorted(winner.event_id for winner in winners))

    def read() -> Mapping[str, str | None]:
        found = reader.store.by_id(ids, cijfers.herkomst.positie)
        return {one.event.id: getattr(one.event.data, "bron", None) for one in found}

    return reader.memory.given("ramingen", question, ids, read) if cijfers.nu is not None else read()
