"""Every declared figure is at every outlet. A forgotten one is named, with the file in which it is missing."""

from dataclasses import replace

import numpy as np
import pytest

from services.api.gauges import check_gauges
from services.core import delen
from services.core.fold import fold
from services.core.grootheden import BIJ_NAAM, GROOTHEDEN, alle, in_antwoord, names_of_classes, rust_op, te_klein
from services.core.grootheden.declaratie import Eenheid, FigureOf, Grootheid, Meter, Van
from services.core.grootheden.opvang import AANWEZIG, BEZETTINGSGRAAD, LOCATIES
from services.core.grootheden.toezicht import ONDER_TOEZICHT
from services.core.kleine_aantallen import Som, Tabel
from services.core.naleving import KLASSEN
from services.core.reasons.aansluiting import GRENZEN
from services.core.registers import LANDELIJK, Register
from services.metrics import LIJST
from services.reads.cijfers import Cijfers
from services.reads.question import Audience
from services.reads.toezicht import redenen
from services.reads.verschil import figures
from services.store.model import View
from services.store.position import Herkomst
from tests.support import grootheden as checks
from tests.support.make import step

NOWHERE = Van(
    waarde=lambda _: 1,
    formule=lambda _: "één",
    sluit=delen.locaties,
    meter=Meter("opvangpeil_proef"),
)
PROEF = Grootheid(
    naam="proef",
    eenheid=Eenheid.PLAATSEN,
    label="Proefcijfer",
    betekenis="",
    gebied=NOWHERE,
    locatie=NOWHERE,
    overschrijding=NOWHERE,
    gemeente=NOWHERE,
    provincie=NOWHERE,
    totalen=NOWHERE,
    land=NOWHERE,
    toezicht=NOWHERE,
)
"""A figure that uses every part, and that no outlet has."""
WHERE = {
    checks.unnamed: ["services/core/grootheden/"],
    checks.not_in_models: ["services/reads/models.py", "services/reads/derived_models.py"],
    checks.not_in_answers: ["services/reads/answers.py"],
    checks.not_compared: ["services/reads/verschil.py"],
    checks.not_explained: ["services/core/reasons/formules.py"],
    checks.not_in_series: ["services/api/params.py"],
    checks.not_in_tables: [f"services/dashboard/tabellen/{name}.py" for name in ("gebieden", "locaties")],
    checks.not_defined: ["services/api/definities.py", "services/dashboard/tekst.py"],
    checks.without_gauge: ["services/metrics.py"],
}


@pytest.mark.parametrize("check", checks.CHECKS, ids=lambda check: check.__name__)
def test_no_outlet_forgets_a_figure(check):
    found = check(GROOTHEDEN)
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize("check", checks.CHECKS, ids=lambda check: check.__name__)
def test_a_figure_that_is_forgotten_is_named_with_the_file(check):
    found = check((*GROOTHEDEN, PROEF))
    assert found
    assert all(sentence.startswith("proef") for sentence in found)
    for file in WHERE[check]:
        assert any(sentence.endswith(file) for sentence in found), (file, found)


def test_every_kind_of_subject_is_looked_at():
    """If no check looked at a kind, its figures could be forgotten."""
    said = " ".join(sentence for check in checks.CHECKS for sentence in check((PROEF,)))
    assert {soort for soort in FigureOf if f"({soort.value})" in said} == set(FigureOf)


def test_a_figure_of_one_name_is_declared_once():
    twice = replace(AANWEZIG, label="Ook aanwezig")
    assert any("is declared twice" in sentence for sentence in checks.unnamed((*GROOTHEDEN, twice)))


def test_what_a_figure_stands_after_is_a_figure():
    lost = replace(AANWEZIG, naam="proef", locatie=replace(AANWEZIG.locatie, na="weg"))
    assert any("stands after weg" in sentence for sentence in checks.unnamed((*GROOTHEDEN, lost)))
    with pytest.raises(LookupError, match=r"proef .* stands after weg"):
        in_antwoord(FigureOf.LOCATIE, (*GROOTHEDEN, lost))


def test_an_answer_keeps_the_order_that_was_promised():
    names = [one.naam for one, _ in in_antwoord(FigureOf.LOCATIE)]
    at = names.index("totaalPlaatsen")
    assert names[at : at + 5] == ["totaalPlaatsen", "inzetbaar", "aanwezig", "peilmoment", "dataOuderdomSeconden"]


def test_a_sum_over_an_area_rests_on_which_locaties_are_open():
    alone = rust_op(BEZETTINGSGRAAD.naam, FigureOf.LOCATIE)
    assert alone == {Register.AANWEZIG, Register.PLAATSEN}
    assert rust_op(BEZETTINGSGRAAD.naam, FigureOf.GEBIED) == alone | {Register.REGISTRATIE, Register.OPEN}
    assert rust_op(LOCATIES.naam, FigureOf.GEBIED) == {Register.REGISTRATIE, Register.OPEN}


def test_a_count_with_a_least_number_is_told_from_that_number_on_and_in_full_to_who_may_see_it():
    counted = replace(PROEF, land=replace(NOWHERE, waarde=lambda many: many, bekend=True), kleinste_aantal=3)
    closed, full = counted.van(FigureOf.LAND), counted.van(FigureOf.LAND, klein=True)
    assert [closed.waarde(many) for many in (None, 0, 1, 2, 3, 40)] == [None, 0, None, None, 3, 40]
    assert [full.waarde(many) for many in (None, 0, 1, 2, 3, 40)] == [None, 0, 1, 2, 3, 40]
    assert (closed.formule, closed.bekend) == (None, False), "a formula would tell the number"
    assert (full.formule, full.bekend) == (NOWHERE.formule, True)
    assert [te_klein(FigureOf.LAND, many, [counted]) for many in (None, 0, 3)] == [[], [], []]
    (why,) = te_klein(FigureOf.LAND, 2, [counted])
    assert why.code == "kleine-aantallen"
    assert "onder de 3" in why.tekst


def test_a_count_with_a_least_number_is_not_known_in_a_series_where_it_is_too_small():
    counted = replace(PROEF, land=replace(NOWHERE, over_gemeenten=lambda d: (d, d < 40)), kleinste_aantal=3)
    value, known = counted.van(FigureOf.LAND).over_gemeenten(np.array([0, 1, 2, 3, 40]))
    assert list(value[known]) == [0, 3]
    assert delen.nu(counted.van(FigureOf.LAND).over_gemeenten, 2) is None


def test_a_count_that_would_give_another_away_is_left_out_too():
    def beside(counts):
        return Tabel({**counts, "samen": sum(counts.values())}, [Som("samen", tuple(counts))])

    def declared(naam):
        how = replace(NOWHERE, waarde=lambda counts: beside(counts).cellen[naam], over_gemeenten=NOWHERE.sluit)
        return replace(PROEF, naam=naam, land=how, kleinste_aantal=3, naast=beside).van(FigureOf.LAND)

    counts = {"brief": 1, "besluit": 4, "uitvoering": 9}
    found = {naam: declared(naam) for naam in (*counts, "samen")}
    told = {naam: how.waarde(counts) for naam, how in found.items()}
    assert told == {"brief": None, "besluit": None, "uitvoering": 9, "samen": 14}
    assert not any(how.over_gemeenten or how.sluit for how in found.values()), "through time its table is not known"


def test_how_many_gemeenten_are_under_toezicht_is_told_in_full_to_who_may_see_their_steps():
    registers = fold([step("brief"), step("besluit", "GM0034")], checks.AT, checks.AT)

    def told(audience):
        found = Cijfers(View(Herkomst(checks.AT, checks.AT, "", False), registers), audience=audience)
        whole = found.van_toezicht
        assert figures(found).get((LANDELIJK, ONDER_TOEZICHT.naam)) == (2 if audience.sees_toezicht else None)
        return whole[ONDER_TOEZICHT.naam], whole["brief.gemeenten"], {one["code"] for one in redenen(found, [])}

    assert (
        told(Audience.TOEZICHT)
        == told(Audience.EVERYTHING)
        == (2, 1, {"geen cyclus", "geen raming", "geen capaciteit"})
    )
    assert told(Audience.LEZER) == told(Audience.AFGESCHERMD)
    withheld = {"geen cyclus", "geen raming", "geen capaciteit", "kleine-aantallen", "alleen-toezicht"}
    assert told(Audience.LEZER) == (None, None, withheld)
    # An outlet that does not say for whom it is, tells no small number.
    stand = Cijfers(View(Herkomst(checks.AT, checks.AT, "", False), registers)).toezicht
    assert alle(FigureOf.TOEZICHT, stand)[ONDER_TOEZICHT.naam] is None
    assert alle(FigureOf.TOEZICHT, stand, klein=True)[ONDER_TOEZICHT.naam] == 2


def test_a_least_number_is_for_people_and_gemeenten_and_told_where_a_reason_is_given():
    """Places and opgaven are public. Only the answers of the toezicht ask who may see small numbers."""
    for one in GROOTHEDEN:
        if one.houdt_achter:
            assert one.kleinste_aantal is None or one.eenheid in {Eenheid.PERSONEN, Eenheid.GEMEENTEN}, one.naam
            others = [soort for soort in FigureOf if soort is not FigureOf.TOEZICHT and one.van(soort)]
            assert not others, f"{one.naam}: services/reads/answers.py gives no reason for a small number there"


def test_every_gauge_of_a_sum_is_declared_by_a_figure():
    """The values in /metrics about people, places and gemeenten come from the declarations."""
    named = {how.meter.naam for one in GROOTHEDEN for soort in FigureOf if (how := one.van(soort)) and how.meter}
    other = (
        "alarmen",
        "simulatie",
        "opgeslagen",
        "timestamp",
        "onverwerkbaar",
        "bereikbaar",
        "vast_te_stellen",
    )
    figures = {meting.naam for meting in LIJST if meting.soort == "figuur"}
    assert {naam for naam in figures if not any(word in naam for word in other)} == named


def test_a_gauge_that_metrics_does_not_show_is_named():
    with pytest.raises(LookupError) as error:
        check_gauges((*GROOTHEDEN, PROEF))
    lines = str(error.value).splitlines()
    shown = {FigureOf.GEBIED, FigureOf.TOTALEN}
    assert [line.partition(" has ")[0] for line in lines] == [
        f"proef ({kind.value})" for kind in FigureOf if kind not in shown
    ]
    assert all("services/api/gauges.py" in line for line in lines)


def test_a_class_of_naleving_without_its_figure_is_named():
    for klassen, among in (((*KLASSEN, "nieuw"), GROOTHEDEN), (KLASSEN, (*GROOTHEDEN, PROEF))):
        with pytest.raises(
            LookupError, match=r"KLASSEN in services/core/naleving\.py lists .*grootheden/wet\.py declares"
        ):
            names_of_classes(klassen, among)
    assert list(names_of_classes(KLASSEN)) == list(KLASSEN)


def test_every_figure_named_as_a_bound_is_recorded_as_one():
    for naam in BIJ_NAAM:
        for end in ("minstens", "hoogstens"):
            assert (GRENZEN.get(naam, ("", ""))[0] == end) == naam.endswith(end.capitalize()), naam
    assert all(bounded in BIJ_NAAM for _, bounded in GRENZEN.values())
