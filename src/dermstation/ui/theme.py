"""Say once how the station looks: palette, spacing, type, and the style sheet built of them.

Lives in the GUI thread. Holds no state of its own; `apply` dresses the application it is given.
Every text colour reaches 4.5:1 on every ground it is used on, body text 7:1 (a test counts).
"""

from enum import IntEnum, StrEnum
from importlib.resources import files
from string import Template

from PySide6.QtCore import QDir
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget


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

_SHEET = Template(
    """
* { color: $INK; }
QToolTip { background: $INK; color: $ON_DARK; border: 0; padding: 6px; }
QScrollArea, QStackedWidget { background: transparent; border: 0; }
QWidget[role="page"] { background: $GROUND; }
QWidget[role="ground"] { background: $GROUND; }
QLabel[role="sheet"] { background: $SURFACE; border: 1px solid $EDGE; }
QFrame[role="footer"] { background: $SURFACE; border: 0; border-top: 1px solid $LINE; }
QFrame[role="header"] { background: $BRAND_DEEP; border: 0; }
QFrame[role="header"] QLabel { color: $ON_DARK; }
QFrame[role="steps"] { background: $SURFACE; border: 0; border-bottom: 1px solid $LINE; }
QFrame[role="card"] { background: $SURFACE; border: 1px solid $LINE; border-radius: 6px; }
QFrame[role="band-info"] { background: $BRAND_TINT; border: 0; border-left: 6px solid $BRAND; }
QFrame[role="band-good"] { background: $GOOD_TINT; border: 0; border-left: 6px solid $GOOD; }
QFrame[role="band-warn"] { background: $FAIR_TINT; border: 0; border-left: 6px solid $FAIR; }
QFrame[role="band-error"] { background: $POOR_TINT; border: 0; border-left: 6px solid $POOR; }

QLabel { background: transparent; }
QLabel[role="title"] { font-size: ${TITLE}px; font-weight: 600; }
QLabel[role="display"] { font-size: ${DISPLAY}px; font-weight: 600; }
QLabel[role="heading"] { font-size: ${HEADING}px; font-weight: 600; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="soft"] { color: $INK_SOFT; }
QLabel[role="small"] { font-size: ${SMALL}px; color: $INK_SOFT; }
QLabel[role="mono"] { font-family: "Consolas", "DejaVu Sans Mono", monospace; }
QLabel[role="good"] { color: $GOOD; font-weight: 600; }
QLabel[role="fair"] { color: $FAIR; font-weight: 600; }
QLabel[role="poor"] { color: $POOR; font-weight: 600; }
QLabel[role="error"] { color: $POOR; font-size: ${SMALL}px; font-weight: 600; }
QLabel[role="badge"] {
    background: $FOCUS; color: $INK; font-weight: 700; border-radius: 4px; padding: 2px 10px;
}

QPushButton {
    background: $SURFACE; color: $BRAND_DEEP; border: 2px solid $EDGE; border-radius: 6px;
    min-height: 38px; padding: 1px 18px; font-weight: 600;
}
QPushButton:hover { background: $BRAND_TINT; border-color: $BRAND; }
QPushButton:pressed { background: $LINE; }
QPushButton:focus { border: 3px solid $INK; padding: 0 17px; }
QPushButton:disabled { background: $OFF; color: $OFF_INK; border-color: $OFF; }
QPushButton[role="primary"] { background: $BRAND; color: $ON_DARK; border-color: $BRAND; }
QPushButton[role="primary"]:hover { background: $BRAND_DEEP; border-color: $BRAND_DEEP; }
QPushButton[role="primary"]:pressed { background: $INK; }
QPushButton[role="primary"]:focus { border: 3px solid $FOCUS; padding: 0 17px; }
QPushButton[role="primary"]:disabled { background: $OFF; color: $OFF_INK; border-color: $OFF; }
QPushButton[role="danger"] { background: $SURFACE; color: $POOR; border-color: $POOR; }
QPushButton[role="danger"]:hover { background: $POOR_TINT; }
QPushButton[role="danger"]:focus { border: 3px solid $INK; padding: 0 17px; }
QPushButton[role="danger"]:disabled { background: $OFF; color: $OFF_INK; border-color: $OFF; }
QPushButton[tall="true"] { min-height: 50px; }
QPushButton[role="header"] {
    background: $BRAND_DEEP; color: $ON_DARK; border-color: $ON_DARK; min-height: 36px;
}
QPushButton[role="header"]:hover { background: $BRAND; }
QPushButton[role="header"]:focus { border: 3px solid $FOCUS; }
QPushButton[role="box"] { padding: 1px 8px; color: $INK; border: 2px solid $EDGE; }
QPushButton[role="box"][chosen="true"] { border: 3px solid $GOOD; background: $GOOD_TINT; }
QPushButton[role="box"][current="true"] { background: $BRAND_TINT; border: 3px solid $BRAND; }
QPushButton[role="box"]:focus { border: 3px solid $INK; }
QPushButton[role="answer"] { padding: 1px 4px; font-weight: 400; }
QPushButton[role="answer"][lit="true"] {
    background: $BRAND; color: $ON_DARK; border-color: $BRAND; font-weight: 600;
}
QPushButton[role="topic"] {
    padding: 0; min-height: 84px; border: 1px solid $EDGE; font-weight: 400;
}
QPushButton[role="topic"]:focus { border: 3px solid $INK; padding: 0; }
QFrame[role="question"] { border: 3px solid transparent; border-radius: 4px; }
QFrame[role="question"]:focus { border-color: $INK; background: $SURFACE; }
QPushButton[role="icon"] { min-width: 38px; padding: 0; background: transparent; }
QPushButton[role="icon"]:hover { background: $SURFACE; }
QPushButton[role="icon"]:focus { border: 3px solid $INK; padding: 0; }
QToolButton[role="tool"] {
    background: $SURFACE; color: $INK; border: 1px solid $EDGE; border-radius: 6px;
    font-size: ${SMALL}px; padding: 0;
}
QToolButton[role="tool"]:hover { background: $BRAND_TINT; }
QToolButton[role="tool"]:checked {
    background: $BRAND_TINT; color: $BRAND_DEEP; border: 2px solid $BRAND; padding: 0;
}
QToolButton[role="tool"]:focus { border: 3px solid $INK; padding: 0; }
QToolButton[role="tool"]:disabled { background: $GROUND; color: $OFF_INK; border-color: $LINE; }
QPushButton[role="choice"] {
    min-height: 38px; padding: 1px 6px; color: $INK; border: 1px solid $EDGE; font-weight: 400;
    font-size: ${SMALL}px;
}
QPushButton[role="choice"]:focus { border: 3px solid $INK; padding: 0 4px; }
QPushButton[role="choice"]:checked {
    background: $BRAND_TINT; color: $BRAND_DEEP; border: 2px solid $BRAND; font-weight: 600;
    padding: 0 5px;
}
QMenu { background: $SURFACE; border: 1px solid $EDGE; padding: 4px; }
QMenu::item { padding: 10px 20px; min-height: 22px; }
QMenu::item:selected { background: $BRAND; color: $ON_DARK; }
QMenu::item:disabled { color: $OFF_INK; }
QMenu::separator { height: 1px; background: $LINE; margin: 4px 8px; }
QPushButton[role="shot"] {
    text-align: left; padding: 3px 9px; min-height: 44px; color: $INK; border: 1px solid $EDGE;
    font-weight: 400;
}
QPushButton[role="shot"]:focus { border: 3px solid $INK; padding: 1px 7px; }
QPushButton[role="shot"][current="true"] {
    background: $BRAND_TINT; border: 2px solid $BRAND; font-weight: 600; padding: 2px 8px;
}
QPushButton[role="shot"][current="true"]:focus { border: 3px solid $INK; padding: 1px 7px; }
QPushButton[role="shot"]:disabled { background: $SURFACE; color: $OFF_INK; border-color: $LINE; }

QLineEdit, QPlainTextEdit, QComboBox, QListWidget {
    background: $SURFACE; border: 2px solid $EDGE; border-radius: 4px; padding: 4px 8px;
    selection-background-color: $BRAND; selection-color: $ON_DARK;
    placeholder-text-color: $INK_SOFT;
}
QLineEdit, QComboBox { min-height: 32px; }
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QListWidget:focus {
    border: 3px solid $BRAND_DEEP; padding: 3px 7px;
}
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"], QComboBox[wrong="true"] {
    border: 3px solid $POOR; padding: 3px 7px;
}
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled {
    background: $OFF; color: $OFF_INK; border-color: $OFF;
}
QComboBox::drop-down { border: 0; width: 32px; }
QComboBox::down-arrow { image: url("dermstation:chevron-ink.svg"); width: 16px; height: 16px; }
QComboBox QAbstractItemView {
    background: $SURFACE; border: 1px solid $EDGE; outline: 0; padding: 0;
    selection-background-color: $BRAND; selection-color: $ON_DARK;
}
QListWidget { outline: 0; padding: 2px; }
QListWidget::item { padding: 0 8px; }
QListWidget::item:hover { background: $BRAND_TINT; }
QListWidget::item:selected { background: $BRAND; color: $ON_DARK; }
QListWidget::item:disabled { color: $INK_SOFT; background: $GROUND; }

QTableWidget {
    background: $SURFACE; border: 1px solid $EDGE; border-radius: 4px; gridline-color: $LINE;
    selection-background-color: $BRAND_TINT; selection-color: $INK; outline: 0;
}
QTableWidget:focus { border: 3px solid $BRAND_DEEP; }
QTableWidget::item { padding: 4px 8px; }
QHeaderView { background: $GROUND; }
QHeaderView::section {
    background: $GROUND; border: 0; border-bottom: 2px solid $EDGE; padding: 8px;
    font-weight: 600;
}

QCheckBox, QRadioButton {
    spacing: 10px; min-height: 36px; border: 3px solid transparent; border-radius: 4px;
    padding: 0 8px 0 2px;
}
QCheckBox[bare="true"] { spacing: 0; padding: 0 4px; }
QCheckBox:focus, QRadioButton:focus { border: 3px solid $INK; }
QCheckBox::indicator, QRadioButton::indicator {
    width: 22px; height: 22px; border: 2px solid $EDGE; background: $SURFACE;
}
QCheckBox::indicator { border-radius: 3px; }
QRadioButton::indicator { border-radius: 13px; }
QCheckBox::indicator:checked {
    background: $BRAND; border-color: $BRAND; image: url("dermstation:tick-white.svg");
}
QRadioButton::indicator:checked {
    background: $BRAND; border-color: $BRAND; image: url("dermstation:dot-white.svg");
}
QCheckBox:disabled, QRadioButton:disabled { color: $OFF_INK; }

QSlider { min-height: 36px; border: 3px solid transparent; border-radius: 4px; }
QSlider:focus { border: 3px solid $INK; }
QSlider::groove:horizontal { height: 6px; background: $LINE; border-radius: 3px; }
QSlider::sub-page:horizontal { height: 6px; background: $BRAND; border-radius: 3px; }
QSlider::handle:horizontal {
    width: 22px; height: 22px; margin: -8px 0; background: $BRAND; border-radius: 11px;
}
QSlider::handle:horizontal:disabled { background: $EDGE; }
QSlider::sub-page:horizontal:disabled { background: $EDGE; }

QProgressBar {
    background: $OFF; border: 0; border-radius: 6px; min-height: 12px; max-height: 12px;
}
QProgressBar::chunk { background: $BRAND; border-radius: 6px; }
QScrollBar:vertical { background: $GROUND; width: 14px; margin: 0; }
QScrollBar::handle:vertical {
    background: $EDGE; min-height: 40px; border-radius: 5px; margin: 2px;
}
QScrollBar::add-line, QScrollBar::sub-line { height: 0; width: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
"""
)


def style_sheet() -> str:
    """Build the style sheet from palette and type scale."""
    tokens: dict[str, object] = {
        name: colour.value
        for name, colour in Colour.__members__.items()  # with aliases
    }
    tokens |= {size.name: int(size) for size in Type}
    return _SHEET.substitute(tokens)


def apply(app: QApplication) -> None:
    """Dress the application: Fusion below, our palette, font and style sheet above it."""
    QDir.setSearchPaths("dermstation", [str(files("dermstation.ui.resources"))])
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
