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


def test_the_marks_are_those_that_histories_look_at():
    formats = " ".join(private("text").formats())
    for mark in (
        "CanIncludeInClipboardHistory",
        "CanUploadToCloudClipboard",
        "ExcludeClipboardContentFromMonitorProcessing",
        "x-kde-passwordManagerHint",
    ):
        assert mark in formats
