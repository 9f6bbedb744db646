"""Missing or old data is shown as missing, with its age. It is never shown as 0 or as 'all well'."""

from hypothesis import given

from schemas.events import BezettingGemeld, CapaciteitGewijzigd, LocatieGeregistreerd, OpgaveVastgesteld
from tests.support.figures import figures
from tests.support.strategies import LAW, asked


@LAW
@given(asked())
def test_every_number_of_people_was_reported(case):
    events, valid_at, known_at = case
    reported = {
        (event.subject, event.data.peilmoment, event.data.aanwezig)
        for event in events
        if isinstance(event, BezettingGemeld) and event.time <= known_at and event.data.peilmoment <= valid_at
    }
    for locatie in figures(events, valid_at, known_at).locaties:
        shown = (locatie.id, locatie.peilmoment, locatie.aanwezig)
        assert shown in reported or shown[1:] == (None, None)


@LAW
@given(asked())
def test_without_readings_there_are_no_people_no_rate_and_no_age(case):
    events, valid_at, known_at = case
    found = figures([event for event in events if not isinstance(event, BezettingGemeld)], valid_at, known_at)
    total = found.landelijk
    ages = total.data_ouderdom_seconden, total.data_ouderdom_mediaan_seconden
    assert (total.aanwezig, total.bezettingsgraad, *ages) == (None, None, None, None)
    assert total.dekking == (0 if total.inzetbaar else None)
    for locatie in found.locaties:
        assert (locatie.aanwezig, locatie.peilmoment, locatie.bezettingsgraad) == (None, None, None)
        assert not locatie.boven_capaciteit
        assert not locatie.boven_maximum


@LAW
@given(asked())
def test_without_places_written_their_number_is_unknown_and_not_0(case):
    events, valid_at, known_at = case
    found = figures([event for event in events if not isinstance(event, CapaciteitGewijzigd)], valid_at, known_at)
    assert (found.landelijk.bezettingsgraad, found.landelijk.dekking) == (None, None)
    for locatie in found.locaties:
        assert (locatie.totaal_plaatsen, locatie.inzetbaar, locatie.bezettingsgraad) == (None, None, None)
        assert not locatie.boven_capaciteit


@LAW
@given(asked())
def test_a_locatie_that_nobody_registered_is_listed_and_counts_nowhere(case):
    events, valid_at, known_at = case
    found = figures([event for event in events if not isinstance(event, LocatieGeregistreerd)], valid_at, known_at)
    assert not any(locatie.registered for locatie in found.locaties)
    assert found.landelijk == figures([], valid_at, known_at).landelijk
    assert not any(row.eigen for row in found.naleving)
    seen = {event.subject for event in events if not isinstance(event, LocatieGeregistreerd)}
    assert {locatie.id for locatie in found.locaties} <= seen


@LAW
@given(asked())
def test_an_incomplete_cyclus_never_says_that_a_gemeente_falls_short(case):
    found = figures(*case)
    for row in found.naleving:
        if found.cyclus is not None and not found.cyclus.volledig:
            assert row.naleving in ("voldoet", "geen opgave", "onbekend")
            assert row.naleving == "onbekend" or row.opgave is not None
        elif row.opgave is None:
            assert row.naleving == "geen opgave"


@LAW
@given(asked())
def test_without_opgaven_nobody_is_said_to_meet_one(case):
    events, valid_at, known_at = case
    found = figures([event for event in events if not isinstance(event, OpgaveVastgesteld)], valid_at, known_at)
    incomplete = found.cyclus is not None and not found.cyclus.volledig
    assert {row.naleving for row in found.naleving} == {"onbekend" if incomplete else "geen opgave"}
    assert {(row.opgave, row.tekort) for row in found.naleving} == {(None, None)}
