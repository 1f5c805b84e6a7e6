from PySide6.QtGui import QGuiApplication

from dermstation.ui.hand_over.lent_text import LentText


def test_a_lent_text_is_taken_back_and_kept_out_of_histories(qtbot) -> None:
    lent = LentText()
    lent.lend("words for the message")
    clipboard = QGuiApplication.clipboard()
    assert clipboard.text() == "words for the message"
    formats = " ".join(clipboard.mimeData().formats())
    for wish in ("CanIncludeInClipboardHistory", "CanUploadToCloudClipboard", "kde"):
        assert wish in formats
    lent.take_back()
    assert clipboard.text() == ""


def test_the_time_takes_it_back(qtbot) -> None:
    lent = LentText()
    lent._timer.setInterval(1)
    lent.lend("words")
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == "")


def test_what_somebody_copied_since_is_left(qtbot) -> None:
    lent = LentText()
    lent.lend("words")
    QGuiApplication.clipboard().setText("another program's")
    lent.take_back()
    assert QGuiApplication.clipboard().text() == "another program's"
    lent.take_back()
