"""Notice that somebody's hand is at the station. GUI thread.

Listens at the program's top-level windows, where keys and pointer come in, and not at each widget:
a filter of all events would be asked hundreds of times a second by a live picture.
"""

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QGuiApplication, QWindow

_SIGNS = {
    QEvent.Type.KeyPress,
    QEvent.Type.KeyRelease,  # of a key that is a shortcut the press never comes
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
    QEvent.Type.TouchBegin,
}


class HandWatch(QObject):
    """Says when a key was pressed, or the pointer moved, in a window that it listens at.

    Those are the windows it is told of, and all that ever had the focus.
    """

    noticed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.connect(self.listen_at)
            self.listen_at(application.focusWindow())

    def listen_at(self, window: QWindow | None) -> None:
        """Listen at a window from now on; None is none."""
        if window is not None:
            window.installEventFilter(self)  # a second time moves it, it is not called twice

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Take any sign of a hand; nothing is filtered."""
        if event.type() in _SIGNS:
            self.noticed.emit()
        return False
