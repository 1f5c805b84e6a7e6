"""The palette is readable by people with poor eyesight; the style sheet is complete."""

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QColor

from dermstation.resources import resource_text
from dermstation.ui import theme
from dermstation.ui.theme import (
    Colour,
    Scheme,
    Space,
    Type,
    apply,
    sized_font,
    style_sheet,
    tokens,
)

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
    )
] + [
    (Colour.INK_SOFT, Colour.GROUND),
    (Colour.INK_SOFT, Colour.SURFACE),
    (Colour.ON_DARK, Colour.DARK),
]
TEXT_PAIRS = [
    (Colour.ON_DARK, Colour.BRAND),
    (Colour.ON_DARK, Colour.BRAND_HOVER),
    (Colour.ON_DARK, Colour.POOR_FILL),
    (Colour.ON_DARK, Colour.DARK),
    (Colour.DARK, Colour.FOCUS),
    (Colour.GOOD, Colour.GOOD_TINT),
    (Colour.FAIR, Colour.FAIR_TINT),
    (Colour.INK, Colour.OFF),
    (Colour.INK_SOFT, Colour.BRAND_TINT),
    (Colour.GOOD, Colour.GROUND),
    (Colour.GOOD, Colour.SURFACE),
    (Colour.FAIR, Colour.GROUND),
    (Colour.FAIR, Colour.SURFACE),
    (Colour.POOR, Colour.GROUND),
    (Colour.POOR, Colour.SURFACE),
    (Colour.POOR, Colour.POOR_TINT),
    (Colour.BRAND_DEEP, Colour.BRAND_TINT),
    (Colour.BRAND_DEEP, Colour.SURFACE),
    (Colour.BRAND_DEEP, Colour.GROUND),
    (Colour.OFF_INK, Colour.OFF),
    (Colour.OFF_INK, Colour.SURFACE),
]
OUTLINE_PAIRS = [
    (Colour.EDGE, Colour.SURFACE),
    (Colour.EDGE, Colour.GROUND),
    (Colour.FOCUS, Colour.BRAND),
    (Colour.BRAND, Colour.GROUND),
    (Colour.BRAND, Colour.SURFACE),
    (Colour.BRAND, Colour.BRAND_TINT),
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


def too_faint(pairs: list[tuple[Colour, Colour]], scheme: Scheme, least: float) -> list[str]:
    shown = tokens(scheme)
    return [
        f"{ink.name} on {ground.name}"
        for ink, ground in pairs
        if contrast(shown[ink.name], shown[ground.name]) < least
    ]


@pytest.mark.parametrize("scheme", Scheme)
def test_texts_outlines_and_focus_rings_have_the_contrast_of_wcag(scheme: Scheme) -> None:
    assert too_faint(BODY_PAIRS, scheme, 7) == []
    assert too_faint(TEXT_PAIRS, scheme, 4.5) == []
    assert too_faint(OUTLINE_PAIRS, scheme, 3) == []


@pytest.mark.parametrize("scheme", Scheme)
def test_every_scheme_has_a_colour_for_each_purpose_and_no_other(scheme: Scheme) -> None:
    assert list(tokens(scheme)) == [colour.name for colour in Colour]
    assert all(re.fullmatch("#[0-9a-f]{6}", one) for one in tokens(scheme).values())


def test_a_colour_follows_the_scheme_that_is_shown(qapp) -> None:
    try:
        apply(qapp, Scheme.DARK)
        assert Colour.GROUND.value == str(Colour.GROUND) == tokens(Scheme.DARK)["GROUND"]
        assert tokens(Scheme.DARK)["GROUND"] in style_sheet()
    finally:
        apply(qapp, Scheme.LIGHT)


def test_no_colour_is_used_without_its_value() -> None:
    """The text of a `Colour` is its name, which Qt would take for no colour at all."""
    folder = Path(theme.__file__).parent
    found = [
        file.name
        for file in folder.rglob("*.py")
        if re.search(r"QColor\(Colour\.[A-Z_]+\)|QPen\(Colour", file.read_text("utf-8"))
    ]
    assert found == []


# what is drawn over pictures, whose colours no scheme changes, and on the demonstration
_OVER_PICTURES = {
    *("corners.py", "grid.py", "lens.py", "marks.py", "message.py", "peaking.py", "reticle.py"),
    *("ruler.py", "trouble.py", "shape_painting.py", "watermark.py"),
}


def test_pages_take_their_colours_from_the_tokens_when_they_are_drawn() -> None:
    """A number would be the same in every scheme, and so would a token that is read at import."""
    literal = r"QColor\(\d|QColor\(\"|QColor\(Qt\.|\(Qt\.GlobalColor\.(?!transparent|white)"
    at_import = r"^\w.*Colour\.[A-Z_]+\.value"
    folder = Path(theme.__file__).parent
    found = [
        file.name
        for file in folder.rglob("*.py")
        if file.name not in _OVER_PICTURES
        and re.search(f"{literal}|{at_import}", file.read_text("utf-8"), re.MULTILINE)
    ]
    assert found == []


def test_the_style_sheet_writes_with_inks_that_are_checked() -> None:
    sheet = resource_text("theme", "station.qss")
    inks = set(re.findall(r"(?<![-\w])color: \$(\w+)", sheet))
    assert inks <= {ink.name for ink, _ground in (*BODY_PAIRS, *TEXT_PAIRS)}
    assert "icons:chevron" not in sheet, "a chevron follows the scheme, as CHEVRON does"


def test_the_style_sheet_has_every_token_filled_in() -> None:
    sheet = style_sheet()
    assert "$" not in sheet
    assert set(re.findall(r"#[0-9a-f]{6}", sheet)) <= {colour.value for colour in Colour}


def test_the_scales_of_spacing_and_type_are_as_agreed() -> None:
    assert [int(space) for space in Space] == [4, 8, 12, 16, 24]
    assert [int(size) for size in Type] == [13, 16, 20, 28, 40]
    assert sized_font(Type.BODY).pixelSize() == 16
