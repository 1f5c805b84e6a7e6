"""Define how the station looks: palette, spacing and type, for the sheet in resources/theme.

Lives in the GUI thread. Holds no state of its own; `apply` dresses the application it is given.
Every text colour reaches 4.5:1 on every ground it is used on, body text 7:1 (a test counts).
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
    EDGE = "#5f6e7b"  # the outline of a control: 3:1 on its ground
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
    OFF = "#dde3e8"  # a control that is switched off
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

    SMALL = 14
    BODY = 16
    HEADING = 19
    TITLE = 26
    DISPLAY = 34


TARGET_PX = 44  # height of anything that is pressed
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
    """Dress the application: Fusion below, our palette, font and style sheet above it."""
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
    """Give a widget another role of the style sheet, also after it was shown."""
    set_mark(widget, "role", role)


def set_mark(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet looks at, and dress the widget anew."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def sized_font(px: int, *, bold: bool = False) -> QFont:
    """Give the application's font at a size in px, for widgets that paint themselves."""
    font = QFont(QApplication.font())
    font.setPixelSize(px)
    font.setBold(bold)
    return font
