"""The station's clipboard: text only, kept out of histories, and cleared at the lock. GUI thread.

The station never puts a picture on the clipboard.
"""

from collections.abc import Callable

from PySide6.QtCore import QMimeData, QObject, QTimer
from PySide6.QtGui import QClipboard, QGuiApplication

LENT_FOR_S = 60
_MARK = "x-kde-passwordManagerHint"
# respected by Windows' clipboard history and cloud clipboard, and by KDE's Klipper
_WINDOWS = 'application/x-qt-windows-mime;value="{}"'
_PRIVATE: dict[str, bytes] = {
    _WINDOWS.format("ExcludeClipboardContentFromMonitorProcessing"): b"\1\0\0\0",
    _WINDOWS.format("CanIncludeInClipboardHistory"): b"\0\0\0\0",
    _WINDOWS.format("CanUploadToCloudClipboard"): b"\0\0\0\0",
    _MARK: b"secret",
}


class ClipboardGuard(QObject):
    """The guard that marks copied text as private, lends text for a while, and clears both."""

    def __init__(
        self, parent: QObject | None = None, is_ours: Callable[[], bool] | None = None
    ) -> None:
        """Watch the clipboard; `is_ours` returns whether its content came from this program."""
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
        """Clear the clipboard if it still holds the lent text."""
        self._timer.stop()
        lent, self._lent = self._lent, ""
        if lent and self._clipboard.text() == lent:
            self._clipboard.clear()

    def clear(self) -> None:
        """Clear whatever the station copied; content of other programs stays."""
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
    """Return text as clipboard data that no history keeps."""
    data = QMimeData()
    data.setText(text)
    for kind, value in _PRIVATE.items():
        data.setData(kind, value)
    return data
