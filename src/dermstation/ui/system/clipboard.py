"""What the station copies: text only, in no history, and gone at the lock. GUI thread.

Nothing in the station ever puts a picture on the clipboard.
"""

from collections.abc import Callable

from PySide6.QtCore import QMimeData, QObject, QTimer
from PySide6.QtGui import QClipboard, QGuiApplication

LENT_FOR_S = 60
_MARK = "x-kde-passwordManagerHint"
# Windows' clipboard history and cloud clipboard, and KDE's Klipper, look at these
_WINDOWS = 'application/x-qt-windows-mime;value="{}"'
_PRIVATE: dict[str, bytes] = {
    _WINDOWS.format("ExcludeClipboardContentFromMonitorProcessing"): b"\1\0\0\0",
    _WINDOWS.format("CanIncludeInClipboardHistory"): b"\0\0\0\0",
    _WINDOWS.format("CanUploadToCloudClipboard"): b"\0\0\0\0",
    _MARK: b"secret",
}


class ClipboardGuard(QObject):
    """Mark whatever the station copies as private, lend texts for a while, and take both back."""

    def __init__(
        self, parent: QObject | None = None, is_ours: Callable[[], bool] | None = None
    ) -> None:
        """Watch the clipboard; `is_ours` returns whether this program put there what it holds."""
        super().__init__(parent)
        self._clipboard: QClipboard = QGuiApplication.clipboard()
        self._is_ours = is_ours or self._clipboard.ownsClipboard
        self._clipboard.dataChanged.connect(self._on_changed)
        self._lent = ""
        self._timer = QTimer(self, singleShot=True, interval=LENT_FOR_S * 1000)
        self._timer.timeout.connect(self.take_back)

    def lend(self, text: str) -> None:
        """Put `text` on the clipboard for a minute."""
        self._clipboard.setMimeData(private(text))
        self._lent = text
        self._timer.start()

    def take_back(self) -> None:
        """Clear the clipboard if it still holds what was lent."""
        self._timer.stop()
        lent, self._lent = self._lent, ""
        if lent and self._clipboard.text() == lent:
            self._clipboard.clear()

    def clear(self) -> None:
        """Take back all that the station copied; what other programs copied stays."""
        self.take_back()
        if self._is_ours():
            self._clipboard.clear()

    def _on_changed(self) -> None:
        if not self._is_ours():
            return
        text = self._clipboard.text()
        if not text or self._clipboard.mimeData().hasFormat(_MARK):
            return
        self._clipboard.setMimeData(private(text))


def private(text: str) -> QMimeData:
    """Wrap text so that no history keeps it."""
    data = QMimeData()
    data.setText(text)
    for kind, value in _PRIVATE.items():
        data.setData(kind, value)
    return data
