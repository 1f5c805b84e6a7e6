"""The wheel scrolls the page and never changes an answer."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent

from dermstation.ui.parts.choice import Choice, Slider

SOURCES = Path(__file__).parents[3] / "src" / "dermstation" / "ui"


def test_every_list_and_slider_leaves_the_wheel_to_its_page() -> None:
    made = re.compile(r"\bQ(ComboBox|Slider|SpinBox|DoubleSpinBox|DateEdit)\(")
    found = [
        file.name
        for file in SOURCES.rglob("*.py")
        if file.name != "choice.py" and made.search(file.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize("kind", [Choice, Slider])
def test_the_wheel_over_it_changes_nothing_and_is_the_page_s(qtbot, kind) -> None:
    over = kind()
    qtbot.addWidget(over)
    if isinstance(over, Choice):
        over.addItems(["not asked", "yes", "no"])
    with qtbot.waitExposed(over):
        over.show()
    assert over.focusPolicy() is Qt.FocusPolicy.StrongFocus
    for turned in (-240, 240):
        before = value(over)
        event = wheel(turned)
        over.wheelEvent(event)
        assert value(over) == before
        assert not event.isAccepted()


def value(widget: Choice | Slider) -> int:
    return widget.currentIndex() if isinstance(widget, Choice) else widget.value()


def wheel(turned: int) -> QWheelEvent:
    at, still = QPointF(4, 4), QPoint(0, 0)
    event = QWheelEvent(
        *(at, at, still, QPoint(0, turned)),
        *(Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier),
        *(Qt.ScrollPhase.NoScrollPhase, False),
    )
    event.accept()
    return event
