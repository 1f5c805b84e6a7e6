"""What the station copies: text only, in no history, and gone at the lock. GUI thread.

Nothing in the station ever puts a picture on the clipboard.
"""

from collections.abc import Callable

from PySide6.QtCore import QMimeData, QObject
from PySide6.QtGui import QClipboard, QGuiApplication

# Windows' clipboard history and cloud clipboard, and KDE's Klipper, look at these
_WINDOWS = 'application/x-qt-windows-mime;value="{}"'
_PRIVATE: dict[str, bytes] = {
    _WINDOWS.format("ExcludeClipboardContentFromMonitorProcessing"): b"\1\0\0\0",
    _WINDOWS.format("CanIncludeInClipboardHistory"): b"\0\0\0\0",
    _WINDOWS.format("CanUploadToCloudClipboard"): b"\0\0\0\0",
    "x-kde-passwordManagerHint": b"secret",
}
_MARK = "x-kde-passwordManagerHint"


class ClipboardGuard(QObject):
    """Mark whatever the station copies as private, and take it back when asked."""

    def __init__(
        self, parent: QObject | None = None, is_ours: Callable[[], bool] | None = None
    ) -> None:
        """Watch the clipboard; `is_ours` tells whether this program put there what it holds."""
        super().__init__(parent)
        self._clipboard: QClipboard = QGuiApplication.clipboard()
        self._is_ours = is_ours or self._clipboard.ownsClipboard
        self._clipboard.dataChanged.connect(self._on_changed)

    def clear(self) -> None:
        """Take back what the station copied; what other programs copied stays."""
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
