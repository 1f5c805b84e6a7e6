"""Detection of activity at the station: keys, pointer, touch. GUI thread.

It filters events of the program's top-level windows, where keys and pointer arrive, and not of
every widget: a live picture would call a filter of all events hundreds of times a second.
"""

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QGuiApplication, QWindow

_SIGNS = {
    QEvent.Type.KeyPress,
    QEvent.Type.KeyRelease,  # the press of a shortcut key never arrives
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
    QEvent.Type.TouchBegin,
}


class HandWatch(QObject):
    """A watch that signals when a key is pressed or the pointer moves in one of its windows.

    These are the windows passed to `listen_at` and all that ever had the focus.
    """

    noticed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.connect(self.listen_at)
            self.listen_at(application.focusWindow())

    def listen_at(self, window: QWindow | None) -> None:
        """Start watching a window; None does nothing."""
        if window is not None:
            window.installEventFilter(self)  # installing it again does not make it run twice

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Signal any activity; no event is filtered out."""
        if event.type() in _SIGNS:
            self.noticed.emit()
        return False
