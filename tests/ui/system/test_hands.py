"""Keys and pointer at any window of the program are noticed, but nothing else is."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from dermstation.ui.system.hands import HandWatch


@pytest.fixture
def noticed(qapp) -> Iterator[list[int]]:
    watch = HandWatch(qapp)
    seen: list[int] = []
    watch.noticed.connect(lambda: seen.append(1))
    yield seen
    watch.deleteLater()


def shown(qtbot) -> tuple[QWidget, QWindow]:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.resize(200, 100)
    widget.show()
    widget.activateWindow()
    qtbot.waitUntil(lambda: QGuiApplication.focusWindow() is widget.windowHandle())
    return widget, widget.windowHandle()


def test_a_key_is_noticed_once(noticed, qtbot) -> None:
    _, window = shown(qtbot)
    QTest.keyPress(window, Qt.Key.Key_Shift)
    assert noticed == [1]


def test_a_shortcut_key_is_noticed(noticed, qtbot) -> None:
    widget, window = shown(qtbot)
    pressed: list[int] = []
    QShortcut(QKeySequence("F1"), widget).activated.connect(lambda: pressed.append(1))
    QTest.keyClick(window, Qt.Key.Key_F1)
    assert pressed == [1]
    assert noticed


def test_pointer_and_button_are_noticed(noticed, qtbot) -> None:
    _, window = shown(qtbot)
    QTest.mouseMove(window, QPoint(20, 20))
    QTest.mouseClick(window, Qt.MouseButton.LeftButton, pos=QPoint(30, 30))
    assert len(noticed) >= 2


def test_a_second_window_is_watched_besides_the_first(noticed, qtbot) -> None:
    kept, first = shown(qtbot)
    _, second = shown(qtbot)
    QTest.keyPress(second, Qt.Key.Key_Shift)
    assert noticed == [1]
    QTest.mouseMove(first, QPoint(20, 20))
    assert noticed == [1, 1]
    assert kept.isVisible()


def test_a_window_without_the_focus_is_watched_once_it_is_added(qapp) -> None:
    watch = HandWatch(qapp)
    seen: list[int] = []
    watch.noticed.connect(lambda: seen.append(1))
    window = QWindow()
    window.resize(100, 100)
    window.create()
    QTest.mouseMove(window, QPoint(5, 5))
    assert seen == []
    watch.listen_at(window)
    QTest.mouseMove(window, QPoint(9, 9))
    assert seen == [1]
    watch.deleteLater()


def test_painting_does_not_count_as_activity(noticed, qtbot) -> None:
    widget, _ = shown(qtbot)
    widget.repaint()
    widget.resize(220, 120)
    qtbot.wait(20)
    assert noticed == []
