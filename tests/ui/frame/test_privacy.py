"""The cover over the window: one key shows it, the next takes it away and does nothing else."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from dermstation.ui.frame.privacy import PrivacyScreen


def test_one_key_covers_everything_and_the_next_only_uncovers_it(shown, qtbot) -> None:
    edit = QLineEdit()
    page = shown(edit)
    cover = PrivacyScreen(page)
    edit.setFocus()
    QTest.keyClick(edit, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(cover.isVisible)
    assert cover.geometry() == page.rect()
    page.resize(700, 300)
    qtbot.waitUntil(lambda: cover.geometry() == page.rect())
    QTest.keyClick(cover, Qt.Key.Key_Shift)
    assert cover.isVisible()
    QTest.keyClick(cover, Qt.Key.Key_X)
    assert not cover.isVisible()
    assert edit.text() == ""
    cover.turn()
    QTest.mouseClick(cover, Qt.MouseButton.LeftButton)
    assert not cover.isVisible()
