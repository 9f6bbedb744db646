"""What the figures become once a report is stored: the registers with it, and the figures that follow from these."""

from schemas import events as e
from services.core.reasons.vooraf import ingang, met, zonder
from services.core.registers import Register, Registers
from services.core.telregel import Gevraagd, namen_van_regels
from services.dashboard.melden.formulier import Formulier
from services.dashboard.melden.formulieren import FORMULIEREN, VAN_TYPE
from services.dashboard.melden.gevolgen import Gevolgen, in_woorden
from services.dashboard.melden.intrekking import Intrekbaar
from services.dashboard.melden.vraag import Meldvraag
from services.dashboard.page_request import Blad
from services.reads.cijfers import Cijfers
from services.reads.gevolgen import gevolgen, verborgen, wissels


def vooraf(
    blad: Blad[Meldvraag],
    cijfers: Cijfers,
    event: e.Event,
    formulier: Formulier,
    intrekbaar: Intrekbaar,
    *,
    known: bool,
) -> Gevolgen | None:
    """Returns what would change; None when that can't be told, or when the report changes no figure at all.

    `known`: whether what the caller may see tells what would change.
    """
    retracts = isinstance(event, e.Ingetrokken)
    target = intrekbaar.gekozen if retracts else event
    if not known or target is None or (retracts and not intrekbaar.volledig):
        return None
    told = FORMULIEREN[VAN_TYPE[target.type]] if retracts else formulier
    if told.geen_gevolg:
        return None
    if why := verborgen(told.register, cijfers):
        return Gevolgen(None, [], [], verborgen=why)
    now, begins = blad.question.now, ingang(target)
    op = begins if begins is not None and begins > now else None
    counted = blad.question.counted_at(cijfers.herkomst.positie)
    eerst = cijfers if op is None else blad.reader.figures(counted.at_point(op, now))
    after = _registers(eerst, event, intrekbaar)
    eerst, straks, volgens = _gemeten(eerst, after, target)
    changed = [] if told.register is Register.TOEZICHT else wissels(eerst, straks)
    groepen = [in_woorden(one) for one in gevolgen(eerst, straks, event.subject, told.register)]
    return Gevolgen(op, groepen, changed, volgens)


def _registers(eerst: Cijfers, event: e.Event, intrekbaar: Intrekbaar) -> Registers:
    at = eerst.herkomst.geldig_op, eerst.herkomst.bekend_op
    if isinstance(event, e.Ingetrokken):
        return zonder(eerst.registers, {event.subject}, intrekbaar.alle, [event], *at)
    return met(eerst.registers, [event], *at)


def _gemeten(eerst: Cijfers, after: Registers, event: e.Event) -> tuple[Cijfers, Cijfers, str | None]:
    """Returns the figures before and after, and the rule by which both are counted; None: that of the cyclus.

    A rule that the cyclus doesn't name changes nothing by that of the cyclus. So then both are counted by the rule
    itself, if it was known before.
    """
    cyclus = eerst.cyclus
    if isinstance(event, e.TelregelVastgesteld) and cyclus is not None and cyclus.id == event.subject:
        naam = event.data.naam
        straks = eerst.met(after, Gevraagd(cyclus.id, naam))
        if cyclus.telregel != naam and naam in namen_van_regels(straks.wet, straks.cyclus):
            if naam not in namen_van_regels(eerst.wet, cyclus):
                return eerst, straks, naam
            return eerst.met(eerst.registers, Gevraagd(cyclus.id, naam)), straks, naam
    return eerst, eerst.met(after, eerst.gevraagd), None
