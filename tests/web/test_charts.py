"""The small pictures: named, described, and drawn without style attributes."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.web.charts import TONES, WIDTH, Bar, bars, health_bar

BARS = st.lists(st.builds(Bar, st.text("ab <&\"'é", max_size=5), st.integers(0, 500), st.sampled_from(sorted(TONES))))


@given(BARS, st.text("ab <&\"'", min_size=1, max_size=9))
def test_every_picture_is_well_formed_named_and_free_of_styles(values: list[Bar], title: str) -> None:
    for picture in (bars(title, values), health_bar(title, values)):
        tree = ET.fromstring(picture)
        assert tree.attrib["role"] == "img"
        assert [child.tag for child in tree][:2] == ["title", "desc"]
        assert tree[0].text == title
        assert all("style" not in node.attrib for node in tree.iter())
        ids = {node.attrib["id"] for node in tree.iter() if "id" in node.attrib}
        assert set(tree.attrib["aria-labelledby"].split()) == ids


@given(st.lists(st.builds(Bar, st.just("x"), st.integers(1, 500)), min_size=1, max_size=9))
def test_the_parts_of_the_health_bar_fill_it_in_proportion(parts: list[Bar]) -> None:
    tree = ET.fromstring(health_bar("Health", parts))
    widths = [float(node.attrib["width"]) for node in tree.iter("rect")]
    total = sum(part.value for part in parts)
    assert sum(widths) == pytest.approx(WIDTH, abs=0.5)
    for width, part in zip(widths, parts, strict=True):
        assert width == pytest.approx(WIDTH * part.value / total, abs=0.06)


def test_the_health_bar_tells_its_numbers_in_words() -> None:
    picture = health_bar("Health", [Bar("in good order", 41), Bar("in breach", 2, "breach")])
    assert "41 in good order, 2 in breach." in picture
    assert "Nothing to show" in health_bar("Health", [])


def test_a_week_without_posts_draws_no_bar_and_the_tallest_fills_the_height() -> None:
    tree = ET.fromstring(bars("Posts", [Bar("May", 0), Bar("", 4), Bar("", 8)]))
    heights = [float(node.attrib["height"]) for node in tree.iter("rect")]
    assert heights == [39.0, 78.0]
    assert [node.text for node in tree.iter("text")] == ["May"]


def test_there_is_no_tone_that_nobody_named() -> None:
    with pytest.raises(KeyError):
        health_bar("Health", [Bar("odd", 1, "sparkling")])
