"""A council's colours must be readable (WCAG 2.2, 1.4.3)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.web.theme import Theme, contrast, css, mix, problems

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
        ("#ff0000", "#ffffff", 4.0),
        ("#0000ff", "#ffffff", 8.59),
        ("#1d70b8", "#ffffff", 5.17),
    ],
)
def test_contrast_agrees_with_the_known_values(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)


@given(COLOURS, COLOURS)
def test_contrast_is_the_same_both_ways_and_between_1_and_21(one: str, other: str) -> None:
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21.001


def test_the_colours_we_ship_can_be_read() -> None:
    theme = Theme()
    assert problems(theme.brand, theme.link) == []


def test_a_pale_colour_is_refused_with_its_ratio() -> None:
    found = problems("#ffdd00", "#1a5a96")
    assert found[0] == ("White text on the brand colour has a contrast of 1.3 to 1; it must be at least 4.5 to 1")
    assert any(line.startswith("The link colour on white") for line in problems("#1f4e79", "#77aadd"))


def test_what_is_not_a_colour_never_reaches_the_stylesheet() -> None:
    assert problems("red", "#12345") == [
        "Brand colour must be a colour like #1f4e79",
        "Link colour must be a colour like #1f4e79",
    ]
    with pytest.raises(ValueError, match="not a colour"):
        css(Theme(brand="#fff;}body{display:none"))


@given(COLOURS, COLOURS)
def test_the_stylesheet_sets_the_councils_colours_and_leaves_the_safety_ones(brand: str, link: str) -> None:
    sheet = css(Theme(brand, link))
    assert f"--govuk-brand-colour:{brand};" in sheet
    assert f"--govuk-link-colour:{link};" in sheet
    for safety in ("focus", "error", "success"):
        assert safety not in sheet


def test_mixing_goes_from_one_colour_to_the_other() -> None:
    assert mix("#000000", "#ffffff", 1) == "#000000"
    assert mix("#000000", "#ffffff", 0) == "#ffffff"
