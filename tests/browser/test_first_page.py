"""What a new visitor sees with the public sample: true, and with a way to more."""

import re

from playwright.sync_api import Page, expect


def test_the_first_page_says_what_is_known_and_what_is_not(page: Page) -> None:
    page.goto("/")
    expect(page.locator("#graad")).to_have_text("Niet vast te stellen")
    last = page.get_by_role("region", name="Geen actuele metingen")
    told = dict(zip(last.locator("dt").all_inner_texts(), last.locator("dd").all_inner_texts(), strict=True))
    assert told["Bezettingsgraad"] == "minstens 100,0\u00a0%"
    assert [told[name] for name in ("Voldoet", "Gedeeltelijk", "Voldoet niet")] == ["119", "116", "107"]
    expect(last).to_contain_text("Op 26 mei 2026. Bron: Kamerbrief 10 juli 2026, kenmerk 7652296")
    expect(last).to_contain_text("gecontroleerd, sinds 10 jul 2026.")
    more = page.get_by_role("region", name="Een volledig netwerk zien")
    expect(more.locator("pre")).to_have_text("opvangpeil start --voorbeeld simulatie")
    measured = page.get_by_role("region", name="De laatste meting")
    line = measured.locator("svg.g-tekening .g-pad").get_attribute("d") or ""
    assert line.count("M") > 1  # there are gaps, and nothing is drawn over them
    expect(page.locator(".groot.vol")).to_have_count(0)


def test_a_link_leads_to_the_day_of_the_most_people(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="10 mei 2024").click()
    expect(page.locator("#toen")).to_contain_text("de stand aan het begin van 10 mei 2024")
    expect(page.get_by_role("region", name="Locaties met een maximum")).to_contain_text("2.463 aanwezig, maximum 2.000")
    expect(page.locator("#graad")).to_have_text("Niet vast te stellen")
    expect(page.locator("main")).to_contain_text("Gemeten: 123,2\u00a0% en 2.463 aanwezig over 1 locatie")
    alarms = page.get_by_role("region", name=re.compile("^Alarmen"))
    expect(alarms).to_contain_text("Toen werden alarmen niet bewaakt.")


def test_two_published_counts_are_compared_by_keyboard(page: Page) -> None:
    page.goto("/naleving/telregels")
    first, second = (page.get_by_role("group", name=name) for name in ("Eerste telling", "Tweede telling"))
    first.get_by_label("Gepubliceerd").select_option(label="92 op 21 mei 2026")
    second.get_by_label("Gepubliceerd").select_option(label="119 op 26 mei 2026")
    second.get_by_label("Telregel").select_option("cyclus")
    second.get_by_label("Telregel").press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("^Voldoet: van "))).to_be_visible()
    expect(page.locator("main")).to_contain_text(
        "zoals bekend aan het begin van 26 mei 2026; de telregel van de cyclus zelf"
    )
