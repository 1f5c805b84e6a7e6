"""What is copied is marked as private, and taken back."""

from PySide6.QtGui import QGuiApplication

from dermstation.ui.system.clipboard import ClipboardGuard, private


def test_what_the_station_copies_is_marked_and_taken_back(qapp, qtbot):
    guard = ClipboardGuard(is_ours=lambda: True)  # Qt's offscreen platform owns nothing
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("999 000 0018")
    qtbot.waitUntil(lambda: clipboard.mimeData().hasFormat("x-kde-passwordManagerHint"))
    assert clipboard.text() == "999 000 0018"
    guard.clear()
    assert clipboard.text() == ""


def test_what_others_copied_stays_as_it_is(qapp, qtbot):
    guard = ClipboardGuard(is_ours=lambda: False)
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("of another program")
    guard.clear()
    assert clipboard.text() == "of another program"
    assert not clipboard.mimeData().hasFormat("x-kde-passwordManagerHint")
    clipboard.clear()


def test_a_lent_text_is_marked_and_taken_back(qapp):
    guard = ClipboardGuard()
    guard.lend("words for the message")
    clipboard = QGuiApplication.clipboard()
    assert clipboard.text() == "words for the message"
    assert clipboard.mimeData().hasFormat("x-kde-passwordManagerHint")
    guard.take_back()
    assert clipboard.text() == ""


def test_clearing_takes_a_lent_text_back_where_nobody_knows_whose_it_is(qapp):
    guard = ClipboardGuard(is_ours=lambda: False)
    guard.lend("words")
    guard.clear()
    assert QGuiApplication.clipboard().text() == ""


def test_the_time_takes_it_back(qtbot):
    guard = ClipboardGuard()
    guard._timer.setInterval(1)
    guard.lend("words")
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == "")


def test_what_somebody_copied_since_is_left(qapp):
    guard = ClipboardGuard()
    guard.lend("words")
    QGuiApplication.clipboard().setText("another program's")
    guard.take_back()
    assert QGuiApplication.clipboard().text() == "another program's"
    guard.take_back()
    QGuiApplication.clipboard().clear()


def test_the_marks_are_those_that_histories_look_at():
    formats = " ".join(private("text").formats())
    for mark in (
        "CanIncludeInClipboardHistory",
        "CanUploadToCloudClipboard",
        "ExcludeClipboardContentFromMonitorProcessing",
        "x-kde-passwordManagerHint",
    ):
        assert mark in formats
