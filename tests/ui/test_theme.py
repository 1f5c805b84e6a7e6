"""The palette is readable by people with poor eyesight; the style sheet is complete."""

import re

import pytest
from PySide6.QtGui import QColor

from dermstation.ui.theme import Colour, Space, Type, sized_font, style_sheet

BODY_PAIRS = [
    (ink, ground)
    for ink in (Colour.INK,)
    for ground in (
        Colour.GROUND,
        Colour.SURFACE,
        Colour.BRAND_TINT,
        Colour.GOOD_TINT,
        Colour.FAIR_TINT,
        Colour.POOR_TINT,
        Colour.FOCUS,
    )
] + [
    (Colour.INK_SOFT, Colour.GROUND),
    (Colour.INK_SOFT, Colour.SURFACE),
    (Colour.ON_DARK, Colour.DARK),
    (Colour.ON_DARK, Colour.BRAND_DEEP),
    (Colour.ON_DARK, Colour.BRAND),
]
TEXT_PAIRS = [
    (Colour.GOOD, Colour.GROUND),
    (Colour.GOOD, Colour.SURFACE),
    (Colour.FAIR, Colour.GROUND),
    (Colour.FAIR, Colour.SURFACE),
    (Colour.POOR, Colour.GROUND),
    (Colour.POOR, Colour.SURFACE),
    (Colour.POOR, Colour.POOR_TINT),
    (Colour.BRAND_DEEP, Colour.BRAND_TINT),
    (Colour.BRAND_DEEP, Colour.SURFACE),
    (Colour.OFF_INK, Colour.OFF),
    (Colour.OFF_INK, Colour.SURFACE),
]
OUTLINE_PAIRS = [
    (Colour.EDGE, Colour.SURFACE),
    (Colour.EDGE, Colour.GROUND),
    (Colour.FOCUS, Colour.BRAND),
    (Colour.FOCUS, Colour.BRAND_DEEP),
    (Colour.FOCUS, Colour.DARK),
    (Colour.INK, Colour.SURFACE),
]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio as defined by WCAG 2.2."""

    def luminance(name: str) -> float:
        parts = QColor(name).getRgbF()[:3]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_calculated_as_in_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("ink", "ground"), BODY_PAIRS)
def test_body_text_reaches_seven_to_one(ink: Colour, ground: Colour) -> None:
    assert contrast(ink.value, ground.value) >= 7


@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_every_text_reaches_four_and_a_half_to_one(ink: Colour, ground: Colour) -> None:
    assert contrast(ink.value, ground.value) >= 4.5


@pytest.mark.parametrize(("line", "ground"), OUTLINE_PAIRS)
def test_outlines_and_focus_rings_reach_three_to_one(line: Colour, ground: Colour) -> None:
    assert contrast(line.value, ground.value) >= 3


def test_the_style_sheet_has_every_token_filled_in() -> None:
    sheet = style_sheet()
    assert "$" not in sheet
    assert set(re.findall(r"#[0-9a-f]{6}", sheet)) <= {colour.value for colour in Colour}


def test_the_scales_of_spacing_and_type_are_as_agreed() -> None:
    assert [int(space) for space in Space] == [4, 8, 12, 16, 24]
    assert [int(size) for size in Type] == [13, 16, 20, 28, 40]
    assert sized_font(Type.BODY).pixelSize() == 16
