"""The one idea: an event is a set of register writes, and the greatest write wins.

Of the writes to one register of one subject, the one in force at (V, K) is the greatest by
(effective_at, recorded_at, event_id) among those with effective_at ≤ V, recorded_at ≤ K and not retracted by then.
"""

from collections.abc import Iterable
from datetime import datetime

from schemas import events as e
from schemas.fields import format_moment
from services.core.registers import Key, Register, Winner, Write, forgotten
from services.core.values import (
    CyclusValue,
    GepubliceerdValue,
    InzetValue,
    MaximumValue,
    OpgavestandValue,
    OpgaveValue,
    OverdrachtValue,
    PlaatsenValue,
    RegistratieValue,
    TelregelValue,
    ToezichtcapaciteitValue,
    ToezichtValue,
)

# Made once, because readings are nearly all events. The other registers are written too seldom for it to matter.
_AANWEZIG, _OPEN = Register.AANWEZIG.stored(), Register.OPEN.stored()


def fold(events: Iterable[e.Event], valid_at: datetime, known_at: datetime) -> dict[Key, Winner]:
    """Returns the registers in force at (V, K): the specification that every table must agree with.

    A write that has ended, because its `geldigTot` lies at or before V, still wins over an older one. Whoever uses a
    winner must check `end_of`.
    """
    registers: dict[Key, Winner] = {}
    for (subject, register, _), winner in history(events, valid_at, known_at).items():
        held = registers.get((subject, register))
        if held is None or winner.rank > held.rank:
            registers[subject, register] = winner
    return registers


def history(
    events: Iterable[e.Event], valid_at: datetime, known_at: datetime
) -> dict[tuple[str, str, datetime], Winner]:
    """Returns the steps of every register through time: (subject, register, effective_at) → the winner there.

    Only writes that take effect by `valid_at` and are known at `known_at` are included. Those of a lens are included
    whenever they take effect.
    """
    known = [event for event in events if event.time <= known_at]
    retracted = {(event.data.gebeurtenisId, event.source) for event in known if isinstance(event, e.Ingetrokken)}
    steps: dict[tuple[str, str, datetime], Winner] = {}
    for event in known:
        if (event.id, event.source) in retracted:
            continue
        for write in writes(event):
            if write.effective_at > valid_at and not Register.of_name(write.register).declared.lens:
                continue
            key = (event.subject, write.register, write.effective_at)
            winner = Winner(write.value, write.effective_at, event.time, event.id)
            if key not in steps or winner.rank > steps[key].rank:
                steps[key] = winner
    return steps


def writes(event: e.Event) -> list[Write]:
    """Returns the register writes of an event.

    A retraction writes nothing: it hides its target. Alarm events write no registers.
    """
    match event:
        case e.BezettingGemeld():
            return [Write(_AANWEZIG, event.data.peilmoment, event.data.aanwezig)]
        case (
            e.CapaciteitGewijzigd()
            | e.LocatieGeregistreerd()
            | e.LocatieGesloten()
            | e.ToegangGewijzigd()
            | e.MaximumVastgesteld()
        ):
            return _of_locatie(event)
        case (
            e.OpgaveVastgesteld()
            | e.OpgaveStandGewijzigd()
            | e.OverdrachtAfgesproken()
            | e.CyclusVastgesteld()
            | e.TelregelVastgesteld()
        ):
            return _of_law(event)
        case e.ToezichtstapGezet() | e.InzetGeraamd() | e.ToezichtcapaciteitVastgesteld():
            return _of_supervision(event)
        case e.CijfersGepubliceerd():
            return _cijfers(event.data)
        case (
            e.Ingetrokken()
            | e.AlarmWachtend()
            | e.AlarmGeactiveerd()
            | e.AlarmHerstellend()
            | e.AlarmHersteld()
            | e.AlarmBevestigd()
            | e.AlarmGemeld()
            | e.StilteIngesteld()
            | e.StilteBeeindigd()
            | e.OntvangerGewijzigd()
            | e.BewakingBegonnen()
        ):
            return []
        case _:
            raise forgotten(event, "writes() in services/core/fold.py, which says what registers an event writes")


def _of_locatie(
    event: e.CapaciteitGewijzigd
    | e.LocatieGeregistreerd
    | e.LocatieGesloten
    | e.ToegangGewijzigd
    | e.MaximumVastgesteld,
) -> list[Write]:
    match event:
        case e.CapaciteitGewijzigd():
            return _capaciteit(event.data)
        case e.LocatieGeregistreerd():
            return _registratie(event.data)
        case e.LocatieGesloten():
            return [Write(_OPEN, event.data.geldigVanaf, False)]
        case e.ToegangGewijzigd():
            return [Write(Register.TOEGANG.stored(), event.data.geldigVanaf, event.data.regime)]
        case e.MaximumVastgesteld():
            return _maximum(event.data)
        case _:
            raise forgotten(event, "_of_locatie() in services/core/fold.py")


def _of_law(
    event: e.OpgaveVastgesteld
    | e.OpgaveStandGewijzigd
    | e.OverdrachtAfgesproken
    | e.CyclusVastgesteld
    | e.TelregelVastgesteld,
) -> list[Write]:
    match event:
        case e.OpgaveVastgesteld():
            return _opgave(event.data)
        case e.OpgaveStandGewijzigd():
            return _opgavestand(event.data)
        case e.OverdrachtAfgesproken():
            return _overdracht(event.data)
        case e.CyclusVastgesteld():
            return _cyclus(event.data)
        case e.TelregelVastgesteld():
            return _telregel(event.data)
        case _:
            raise forgotten(event, "_of_law() in services/core/fold.py")


def _of_supervision(
    event: e.ToezichtstapGezet | e.InzetGeraamd | e.ToezichtcapaciteitVastgesteld,
) -> list[Write]:
    match event:
        case e.ToezichtstapGezet():
            return _toezicht(event.data)
        case e.InzetGeraamd():
            return _inzet(event.data)
        case e.ToezichtcapaciteitVastgesteld():
            capacity = ToezichtcapaciteitValue(fte=event.data.fte, urenPerFte=event.data.urenPerFte)
            return [Write(Register.TOEZICHTCAPACITEIT.stored(), event.data.geldigVanaf, capacity)]
        case _:
            raise forgotten(event, "_of_supervision() in services/core/fold.py")


def _registratie(data: e.RegistratieData) -> list[Write]:
    value = RegistratieValue(naam=data.naam, gemeente=data.gemeente, soort=data.soort, zichtbaarheid=data.zichtbaarheid)
    return [Write(Register.REGISTRATIE.stored(), data.geldigVanaf, value), Write(_OPEN, data.geldigVanaf, True)]


def _capaciteit(data: e.CapaciteitData) -> list[Write]:
    found = []
    tot = None if data.geldigTot is None else format_moment(data.geldigTot)
    for regel in data.plaatsen:
        usable = regel.aantal if regel.inzetbaar is None else regel.inzetbaar
        value: PlaatsenValue = {"aantal": regel.aantal, "inzetbaar": usable}
        if tot is not None:
            value["geldigTot"] = tot
        if regel.beschikbaarVanaf is not None:
            value["beschikbaarVanaf"] = format_moment(regel.beschikbaarVanaf)
        found.append(Write(Register.PLAATSEN.stored(regel.soort), data.geldigVanaf, value))
    return found


def _maximum(data: e.MaximumData) -> list[Write]:
    value: MaximumValue = {"maximum": data.maximum, "grondslag": data.grondslag}
    if data.dwangsomPerDag is not None:
        value["dwangsomPerDag"] = data.dwangsomPerDag
    if data.dwangsomPlafond is not None:
        value["dwangsomPlafond"] = data.dwangsomPlafond
    if data.geldigTot is not None:
        value["geldigTot"] = format_moment(data.geldigTot)
    return [Write(Register.MAXIMUM.stored(), data.geldigVanaf, value)]


def _cyclus(data: e.CyclusData) -> list[Write]:
    value: CyclusValue = {
        "raming": data.raming,
        "beschikbaarTotMinstens": format_moment(data.beschikbaarTotMinstens),
        "meetellendeSoorten": sorted(data.meetellendeSoorten),
        "volledig": data.volledig,
    }
    if data.realiserenVoor is not None:
        value["realiserenVoor"] = format_moment(data.realiserenVoor)
    if data.telregel is not None:
        value["telregel"] = data.telregel
    return [Write(Register.CYCLUS.stored(), data.geldigVanaf, value)]


def _telregel(data: e.TelregelData) -> list[Write]:
    value: TelregelValue = {
        "omschrijving": data.omschrijving,
        "meetellendeSoorten": sorted(data.meetellendeSoorten),
        "zonderEinddatum": data.zonderEinddatum,
        "amvApart": data.amvApart,
        "termijn": data.termijn,
    }
    if data.beschikbaarTotMinstens is not None:
        value["beschikbaarTotMinstens"] = format_moment(data.beschikbaarTotMinstens)
    if data.nogMinstensMaanden is not None:
        value["nogMinstensMaanden"] = data.nogMinstensMaanden
    if data.duurMinstensMaanden is not None:
        value["duurMinstensMaanden"] = data.duurMinstensMaanden
    return [Write(Register.TELREGEL.stored(data.naam), data.geldigVanaf, value)]


def _opgave(data: e.OpgaveData) -> list[Write]:
    value: OpgaveValue = {"opgave": data.opgave}
    if data.waarvanAmv is not None:
        value["waarvanAmv"] = data.waarvanAmv
    if data.realiserenVoor is not None:
        value["realiserenVoor"] = format_moment(data.realiserenVoor)
    return [Write(Register.OPGAVE.stored(data.cyclus, data.status), data.geldigVanaf, value)]


def _opgavestand(data: e.OpgavestandData) -> list[Write]:
    value: OpgavestandValue = {"stand": data.stand}
    if data.zaak is not None:
        value["zaak"] = data.zaak
    if data.geldigTot is not None:
        value["geldigTot"] = format_moment(data.geldigTot)
    return [Write(Register.OPGAVESTAND.stored(data.cyclus), data.geldigVanaf, value)]


def _toezicht(data: e.ToezichtData) -> list[Write]:
    """The minister's steps without a term keep the form in which every step was stored before others existed."""
    value: ToezichtValue = {"stap": data.stap}
    if data.toezichthouder != "minister":
        value["toezichthouder"] = data.toezichthouder
    if data.termijn is not None:
        value["termijn"] = format_moment(data.termijn)
    return [Write(Register.TOEZICHT.stored(), data.gezetOp, data.stap if len(value) == 1 else value)]


def _inzet(data: e.InzetData) -> list[Write]:
    value: InzetValue = {"urenPerGemeente": data.urenPerGemeente}
    if data.urenMinstens is not None:
        value["urenMinstens"] = data.urenMinstens
    if data.urenHoogstens is not None:
        value["urenHoogstens"] = data.urenHoogstens
    return [Write(Register.INZET.stored(data.stap), data.geldigVanaf, value)]


def _overdracht(data: e.OverdrachtData) -> list[Write]:
    value: OverdrachtValue = {"aantal": data.aantal}
    if data.geldigTot is not None:
        value["geldigTot"] = format_moment(data.geldigTot)
    return [Write(Register.OVERDRACHT.stored(data.cyclus, data.naar), data.geldigVanaf, value)]


def _cijfers(data: e.CijfersData) -> list[Write]:
    found = []
    for cijfer in data.cijfers:
        value: GepubliceerdValue = {
            "grootheid": cijfer.grootheid,
            "waarde": cijfer.waarde,
            "nauwkeurigheid": cijfer.nauwkeurigheid,
            "bron": data.bron,
        }
        found.append(Write(Register.GEPUBLICEERD.stored(data.bron, cijfer.grootheid), data.peildatum, value))
    return found
