"""Copied text is marked as private, and cleared again."""

from PySide6.QtGui import QGuiApplication

from dermstation.ui.system.clipboard import ClipboardGuard, private


def test_text_copied_by_the_station_is_marked_and_cleared(qapp, qtbot):
    guard = ClipboardGuard(is_ours=lambda: True)  # Qt's offscreen platform owns nothing
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("999 000 0018")
    qtbot.waitUntil(lambda: clipboard.mimeData().hasFormat("x-kde-passwordManagerHint"))
    assert clipboard.text() == "999 000 0018"
    guard.clear()
    assert clipboard.text() == ""


def test_text_copied_by_other_programs_stays(qapp, qtbot):
    guard = ClipboardGuard(is_ours=lambda: False)
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("of another program")
    guard.clear()
    assert clipboard.text() == "of another program"
    assert not clipboard.mimeData().hasFormat("x-kde-passwordManagerHint")
    clipboard.clear()


def test_lent_text_is_marked_and_cleared(qapp):
    guard = ClipboardGuard()
    guard.lend("words for the message")
    clipboard = QGuiApplication.clipboard()
    assert clipboard.text() == "words for the message"
    assert clipboard.mimeData().hasFormat("x-kde-passwordManagerHint")
    guard.take_back()
    assert clipboard.text() == ""


def test_clearing_removes_lent_text_even_if_the_owner_is_unknown(qapp):
    guard = ClipboardGuard(is_ours=lambda: False)
    guard.lend("words")
    guard.clear()
    assert QGuiApplication.clipboard().text() == ""


def test_lent_text_is_cleared_after_a_while(qtbot):
    guard = ClipboardGuard()
    guard._timer.setInterval(1)
    guard.lend("words")
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == "")


def test_text_copied_by_another_program_since_then_stays(qapp):
    guard = ClipboardGuard()
    guard.lend("words")
    QGuiApplication.clipboard().setText("another program's")
    guard.take_back()
    assert QGuiApplication.clipboard().text() == "another program's"
    guard.take_back()
    QGuiApplication.clipboard().clear()


def test_the_marks_are_those_that_clipboard_histories_respect():
    formats = " ".join(private("text").formats())
    for mark in (
        "CanIncludeInClipboardHistory",
        "CanUploadToCloudClipboard",
        "ExcludeClipboardContentFromMonitorProcessing",
        "x-kde-passwordManagerHint",
    ):
        assert mark in formats
