"""The look of the station: palette, spacing and type, for the style sheet in resources/theme.

GUI thread; no state of its own. `apply` styles an application. Every text colour has a contrast of
at least 4.5:1 on every background it is used on, body text 7:1 (checked by a test).
"""

from enum import IntEnum, StrEnum
from string import Template

from PySide6.QtCore import QDir
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from dermstation.resources import resource_text, resources


class Colour(StrEnum):
    """The palette, by purpose."""

    INK = "#16222e"
    INK_SOFT = "#3d4b58"
    GROUND = "#f1f4f6"
    SURFACE = "#ffffff"
    LINE = "#c5ced6"
    EDGE = "#5f6e7b"  # the outline of a control: 3:1 on its background
    BRAND = "#0a4f78"
    BRAND_DEEP = "#073a59"
    BRAND_TINT = "#e3eff6"
    FOCUS = "#ffc23d"
    GOOD = "#176239"
    GOOD_TINT = "#e4f2e9"
    FAIR = "#7d4700"
    FAIR_TINT = "#fff2d9"
    POOR = "#9c1c17"
    POOR_TINT = "#fbe8e6"
    DARK = "#0f161c"  # behind pictures
    ON_DARK = "#ffffff"
    OFF = "#dde3e8"  # a disabled control
    OFF_INK = "#4e5b67"


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


def style_sheet() -> str:
    """Return the style sheet with the palette and the type scale filled in."""
    tokens: dict[str, object] = {
        name: colour.value
        for name, colour in Colour.__members__.items()  # with aliases
    }
    tokens |= {size.name: int(size) for size in Type}
    return Template(resource_text("theme", "station.qss")).substitute(tokens)


def apply(app: QApplication) -> None:
    """Style the application: Fusion, with our palette, font and style sheet on top."""
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
