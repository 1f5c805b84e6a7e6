"""Lend a text to the clipboard for a short while, and keep it out of its history. GUI thread."""

from PySide6.QtCore import QMimeData, QObject, QTimer
from PySide6.QtGui import QGuiApplication

LENT_FOR_S = 60
# Windows copies the clipboard into a history and to other PCs, but for what says otherwise.
_WINDOWS_FLAGS = {
    "ExcludeClipboardContentFromMonitorProcessing": b"\x01\0\0\0",
    "CanIncludeInClipboardHistory": b"\0\0\0\0",
    "CanUploadToCloudClipboard": b"\0\0\0\0",
}
_WINDOWS_FORMAT = 'application/x-qt-windows-mime;value="{}"'
_KDE_FORMAT = "x-kde-passwordManagerHint"  # the same wish, for a history on Linux desktops


class LentText(QObject):
    """Put a text on the clipboard; take it away again unless something else is there by then."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(LENT_FOR_S * 1000)
        self._timer.timeout.connect(self.take_back)

    def lend(self, text: str) -> None:
        """Put `text` on the clipboard for a minute."""
        data = QMimeData()
        data.setText(text)
        for name, value in _WINDOWS_FLAGS.items():
            data.setData(_WINDOWS_FORMAT.format(name), value)
        data.setData(_KDE_FORMAT, b"secret")
        QGuiApplication.clipboard().setMimeData(data)
        self._text = text
        self._timer.start()

    def take_back(self) -> None:
        """Clear the clipboard if it still holds what was lent."""
        self._timer.stop()
        text, self._text = self._text, ""
        clipboard = QGuiApplication.clipboard()
        if text and clipboard.text() == text:
            clipboard.clear()
