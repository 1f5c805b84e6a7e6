"""The look of the station: palette, spacing and type, for the style sheet in resources/theme.

GUI thread. `apply` styles an application. Every text
colour has a contrast of at least 4.5:1 on every background it is used on, body text 7:1 (checked by
a test, in every scheme).
"""

import tomllib
from enum import IntEnum, StrEnum
from functools import cache
from string import Template

from PySide6.QtCore import QDir, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from dermstation.resources import resource_text, resources


class Scheme(StrEnum):
    """A set of colours, in the file of its name in `resources/theme/`."""

    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


class Colour(StrEnum):
    """The palette, by purpose; `value` is the colour in the scheme that the window shows."""

    INK = "INK"
    INK_SOFT = "INK_SOFT"
    GROUND = "GROUND"
    SURFACE = "SURFACE"
    LINE = "LINE"
    EDGE = "EDGE"  # the outline of a control: 3:1 on its background
    BRAND = "BRAND"  # a filled control, with ON_DARK on it
    BRAND_HOVER = "BRAND_HOVER"  # a filled control below the pointer
    BRAND_DEEP = "BRAND_DEEP"  # the words of a control that is not filled
    BRAND_TINT = "BRAND_TINT"
    BUTTON_EDGE = "BUTTON_EDGE"  # the outline of a button that is not filled
    FOCUS = "FOCUS"
    GOOD = "GOOD"
    GOOD_TINT = "GOOD_TINT"
    FAIR = "FAIR"
    FAIR_TINT = "FAIR_TINT"
    POOR = "POOR"
    POOR_TINT = "POOR_TINT"
    POOR_FILL = "POOR_FILL"  # a button that destroys, with ON_DARK on it
    DARK = "DARK"  # behind pictures, under ON_DARK
    ON_DARK = "ON_DARK"
    OFF = "OFF"  # a disabled control
    OFF_INK = "OFF_INK"

    @property
    def value(self) -> str:
        """Return the colour as #rrggbb."""
        return tokens(_shown)[self.name]

    def __str__(self) -> str:
        """Return the colour as #rrggbb."""
        return self.value


_shown = Scheme.LIGHT


@cache
def tokens(scheme: Scheme) -> dict[str, str]:
    """Return the colours of a scheme by the names of their purposes."""
    return tomllib.loads(resource_text("theme", f"{scheme.value}.toml"))


class Space(IntEnum):
    """The spacing scale in px."""

    XS = 4
    S = 8
    M = 12
    L = 16
    XL = 24


class Type(IntEnum):
    """The type scale in px."""

    SMALL = 13
    BODY = 16
    HEADING = 20
    TITLE = 28
    DISPLAY = 40


TARGET_PX = 44  # the height of anything that can be pressed
COLUMN_MAX_PX = 1080  # longer lines are hard to read
PAGE_MAX_PX = 1360  # in which all columns begin at the same left edge


def style_sheet() -> str:
    """Return the style sheet with the palette and the type scale filled in."""
    filled: dict[str, object] = {**tokens(_shown), **{size.name: int(size) for size in Type}}
    filled["CHEVRON"] = "chevron-ink" if _shown is Scheme.LIGHT else "chevron-white"
    return Template(resource_text("theme", "station.qss")).substitute(filled)


def system_scheme(app: QApplication, *, high_contrast: bool) -> Scheme:
    """Return the scheme that the system asks for; Qt knows of dark, but not of `high_contrast`."""
    if high_contrast:
        return Scheme.CONTRAST
    is_dark = app.styleHints().colorScheme() is Qt.ColorScheme.Dark
    return Scheme.DARK if is_dark else Scheme.LIGHT


def apply(app: QApplication, scheme: Scheme = Scheme.LIGHT) -> None:
    """Style the application: Fusion, with our palette, font and style sheet on top.

    Windows that are already shown keep parts of the colours they were made with.
    """
    global _shown  # noqa: PLW0603 - a process shows one scheme, chosen before its first window
    _shown = scheme
    QDir.setSearchPaths("icons", [str(resources() / "icons")])
    app.setStyle("Fusion")
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    font.setFamilies([font.family(), "Segoe UI", "DejaVu Sans"])
    font.setPixelSize(Type.BODY)
    app.setFont(font)
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, colour in (
        (roles.Window, Colour.GROUND),
        (roles.Base, Colour.SURFACE),
        (roles.Button, Colour.SURFACE),
        (roles.WindowText, Colour.INK),
        (roles.Text, Colour.INK),
        (roles.ButtonText, Colour.INK),
        (roles.PlaceholderText, Colour.INK_SOFT),
        (roles.Highlight, Colour.BRAND),
        (roles.HighlightedText, Colour.ON_DARK),
    ):
        palette.setColor(role, QColor(colour.value))
    app.setPalette(palette)
    app.setStyleSheet(style_sheet())


def set_role(widget: QWidget, role: str) -> None:
    """Set a widget's role in the style sheet, even after it was shown."""
    set_mark(widget, "role", role)


def set_mark(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet uses, and restyle the widget."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def sized_font(px: int, *, bold: bool = False) -> QFont:
    """Return the application's font at a size in px, for widgets that paint themselves."""
    font = QFont(QApplication.font())
    font.setPixelSize(px)
    font.setBold(bold)
    return font
