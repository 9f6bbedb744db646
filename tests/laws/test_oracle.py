"""The figures of the core equal those of a naive implementation that follows the rules as people state them."""

from hypothesis import given
from hypothesis import strategies as st

from services.core import delen, naleving
from services.core.delen import bezettingsgraad_gemeten, nu
from services.core.fold import fold
from services.core.locaties import locaties
from services.core.telregel import Gevraagd
from tests.laws import law_oracle, oracle
from tests.support.bodies import CYCLI, PROVINCIES, TELREGELS
from tests.support.figures import figures
from tests.support.strategies import LAW, asked, few_gemeenten


@LAW
@given(asked())
def test_the_last_statement_stands_in_every_register(case):
    events, valid_at, known_at = case
    in_force = {key: winner.event_id for key, winner in fold(events, valid_at, known_at).items()}
    assert in_force == oracle.world(events, valid_at, known_at).wrote


@LAW
@given(asked())
def test_every_locatie_is_as_the_sentences_say(case):
    events, valid_at, known_at = case
    world = oracle.world(events, valid_at, known_at)
    found = locaties(fold(events, valid_at, known_at), valid_at)
    assert [locatie.id for locatie in found] == sorted(s for s in world.held if s.startswith("LOC-"))
    for locatie in found:
        assert oracle.row(world, locatie.id) == {
            "bekend": locatie.registered,
            "open": locatie.open,
            "gemeente": locatie.gemeente,
            "soorten": {soort: (p.aantal, p.inzetbaar) for soort, p in locatie.plaatsen.items()},
            "totaal": locatie.totaal_plaatsen,
            "inzetbaar": locatie.inzetbaar,
            "aanwezig": locatie.aanwezig,
            "peilmoment": locatie.peilmoment,
            "graad": locatie.bezettingsgraad,
            "bovenCapaciteit": locatie.boven_capaciteit,
            "toegang": locatie.toegang,
            "maximum": locatie.maximum.maximum if locatie.maximum else None,
            "bovenMaximum": locatie.boven_maximum,
        }


@LAW
@given(asked())
def test_the_national_sums_are_as_the_sentences_say(case):
    events, valid_at, known_at = case
    landelijk = figures(events, valid_at, known_at).landelijk
    ours = {
        "locaties": landelijk.locaties,
        "locatiesGemeten": landelijk.delen.gemeten,
        "aanwezig": landelijk.aanwezig,
        "aanwezigGemeten": landelijk.delen.aanwezig,
        "plaatsen": landelijk.plaatsen,
        "inzetbaar": landelijk.inzetbaar,
        "graad": landelijk.bezettingsgraad,
        "graadGemeten": nu(bezettingsgraad_gemeten, landelijk.delen),
        "dekking": landelijk.dekking,
        "oudste": landelijk.data_ouderdom_seconden,
        "mediaan": landelijk.data_ouderdom_mediaan_seconden,
        "aanwezigGesloten": landelijk.delen.aanwezig_gesloten,
        "zonderTelling": landelijk.delen.gesloten_zonder_telling,
    }
    assert ours == oracle.national(oracle.world(events, valid_at, known_at))


@LAW
@given(asked("spreidingswet"), st.sampled_from((None, *CYCLI)), st.sampled_from((None, None, "cyclus", *TELREGELS)))
def test_naleving_by_a_rule_is_as_the_sentences_say(case, wanted_cyclus, wanted_rule):
    events, valid_at, known_at = case
    world = oracle.world(events, valid_at, known_at)
    table = {gemeente.code: gemeente for gemeente in few_gemeenten()}
    wanted = wanted_cyclus, wanted_rule
    found = figures(events, valid_at, known_at, wanted=Gevraagd(*wanted))
    assert (found.cyclus.id if found.cyclus else None) == law_oracle.cyclus(world, wanted_cyclus)
    rows = {
        row.gemeente.code: law_oracle.municipality(world, row.gemeente.code, table, wanted) for row in found.naleving
    }
    for row in found.naleving:
        assert rows[row.gemeente.code] == {
            "opgave": (row.opgave.opgave, row.opgave.status, row.opgave.waarvan_amv) if row.opgave else None,
            "eigen": row.eigen,
            "amv": row.amv,
            "gegeven": row.gegeven,
            "ontvangen": row.ontvangen,
            "ongedekt": row.ongedekt,
            "meetellend": row.meetellend,
            "naleving": row.naleving,
            "tekort": row.tekort,
            "tekortMinstens": row.tekort_minstens,
            "tekortHoogstens": row.tekort_hoogstens,
            "toezicht": row.toezicht,
        }
        assert (row.reden is None) != (row.naleving in ("onbekend", "opgeschort", "termijn loopt"))
    together = naleving.opgeteld(found.naleving)
    now = law_oracle.cyclus(world, wanted_cyclus)
    decided = [
        one["opgave"] if (one := now and law_oracle.decision(world, code, now, table)) else None for code in rows
    ]
    whole = now is not None and world[now]["cyclus"]["volledig"]
    assert law_oracle.country([*rows.values()], decided, whole) == {
        "opgave": nu(delen.opgave, together),
        "opgaveMinstens": nu(delen.opgave_minstens, together),
        "totalen": naleving.totalen(found.naleving),
        "tekort": nu(delen.tekort, together),
        "tekortMinstens": nu(delen.tekort_minstens, together),
        "tekortHoogstens": nu(delen.tekort_hoogstens, together),
    }
    assert nu(delen.spreidingsindex, together) == rounded(law_oracle.spread(world, rows, now, table))
    for provincie in (None, *PROVINCIES):
        here = [row for row in found.naleving if provincie in (None, row.gemeente.provincie)]
        said = {row.gemeente.code: rows[row.gemeente.code] for row in here}
        many = law_oracle.per_thousand(world, said, table)
        assert nu(delen.per_1000_inwoners, naleving.opgeteld(here)) == rounded(many)
        for row in here:
            own = law_oracle.per_thousand(world, {row.gemeente.code: rows[row.gemeente.code]}, table)
            assert nu(delen.per_1000_inwoners, row.delen) == rounded(own)


def rounded(exact):
    """Returns the nearest float of a fraction: a figure is rounded once."""
    return None if exact is None else float(exact)


@LAW
@given(asked("maximum"))
def test_breach_days_and_penalty_are_as_the_sentences_say(case):
    events, valid_at, known_at = case
    world = oracle.world(events, valid_at, known_at)
    found = figures(events, valid_at, known_at).overschrijding
    for locatie in world.held:
        counted = found.get(locatie)
        expected = oracle.breaches(world, locatie)
        assert expected == ((counted.dagen, counted.dagen_met_meting, counted.dwangsom) if counted else None)
