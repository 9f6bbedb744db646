"""A spark shows what is known and nothing else, and its words say the same."""

import re

import pytest
from jinja2 import Environment, PackageLoader

from services.dashboard.cel import BREED, HOOG, vonk
from services.dashboard.tekst import FILTERS, procent


def places(pad):
    return [tuple(map(float, place)) for place in re.findall(r"[ML]([\d.]+) ([\d.-]+)", pad)]


def test_each_known_day_has_its_place_and_a_gap_is_a_gap():
    shown = vonk([0.95, 1.0, None, None, 1.2], 1.1)
    assert places(shown.pad) == [(0, 16.7), (20, 13.3), (80, 0), (100, 6.7)]
    assert shown.pad.count("M") == 2
    assert shown.grens == 13.3


def test_a_day_alone_is_drawn_too():
    assert vonk([None, 0.9, None]).pad == "M33.3 20h0"


@pytest.mark.parametrize("dagen", [[0.0] * 14, [7.5] * 14, [0.4, None, 9.0]])
def test_it_stays_within_its_frame_whatever_the_values_are(dagen):
    shown = vonk(dagen, 1.0)
    assert all(0 <= x <= BREED and 0 <= y <= HOOG for x, y in places(shown.pad))
    assert 0 <= shown.grens <= HOOG


def test_higher_is_more_and_what_stays_the_same_is_flat():
    heights = [y for _, y in places(vonk([0.9, 1.0, 1.1, 1.1]).pad)]
    assert heights == sorted(heights, reverse=True)
    assert heights[-1] == heights[-2]


def test_the_words_say_what_an_eye_would_see():
    low, high = procent(0.9), procent(1.3)
    known = f"eerst {low}, laatst {high}, laagst {low}, hoogst {high}"
    assert vonk([0.9, None, 1.3], 1.2).tekst == f"De laatste 3 dagen: {known}; 1 dag onbekend"
    assert vonk([None] * 14).tekst == "De laatste 14 dagen: geen metingen"
    assert vonk([None] * 14).pad == ""
    assert vonk([None] * 14, 1.0).tekst == f"De laatste 14 dagen: geen metingen; nu {procent(1)}"


@pytest.mark.parametrize(
    ("deel", "klasse"),
    [
        (0.9, "goed"),
        (1.0, "goed"),
        (1.001, "graad4"),
        (1.05, "graad4"),
        (1.06, "graad5"),
        (1.15, "graad5"),
        (2.0, "graad6"),
    ],
)
def test_a_bar_has_the_colours_of_the_map_and_a_mark_where_a_class_ends(deel, klasse):
    environment = Environment(loader=PackageLoader("services.dashboard"), autoescape=True)
    environment.filters |= FILTERS
    drawn = str(environment.get_template("cel.html").module.balk(deel, procent(deel), 1.25))
    assert f'<rect class="{klasse}"' in drawn
    assert "M84.0 7v5M92.0 7v5" in drawn
    assert "M80.0 0V12" in drawn
