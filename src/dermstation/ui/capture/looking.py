"""The time for which a good picture is shown large before it is used without a question.

Any press, scroll or touch ends it, and so does another window: then the page asks. GUI thread.
"""

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, Signal
from PySide6.QtWidgets import QWidget

from dermstation.ui.system.timers import timer

LOOK_MS = 2000
_ENDS = frozenset(
    (
        QEvent.Type.KeyPress,
        QEvent.Type.ShortcutOverride,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.WindowDeactivate,
    )
)


class Look(QObject):
    """One look at a time at what `view` shows."""

    passed = Signal()
    ended = Signal()  # before it had passed

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._view = view
        self._clock = timer(self, LOOK_MS, once=True)
        self._clock.timeout.connect(self._on_passed)

    @property
    def goes_on(self) -> bool:
        """Return whether the picture will be used by itself."""
        return self._clock.isActive()

    def begin(self) -> None:
        """Begin, unless the picture is covered or the window is not the one being used."""
        window = self._view.window()
        middle = self._view.mapTo(window, self._view.rect().center())
        if window.isActiveWindow() and self._is_shown_at(window, middle):
            self._clock.start()
            _application().installEventFilter(self)

    def end(self) -> None:
        """End it without any use of the picture."""
        if self.goes_on:
            self._stop()
            self.ended.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """End it at whatever the operator does, and let that do what it always does."""
        if event.type() in _ENDS:
            self.end()
        return super().eventFilter(watched, event)

    def _is_shown_at(self, window: QWidget, place: QPoint) -> bool:
        found = window.childAt(place)
        return found is not None and (found is self._view or self._view.isAncestorOf(found))

    def _stop(self) -> None:
        self._clock.stop()
        _application().removeEventFilter(self)

    def _on_passed(self) -> None:
        self._stop()
        self.passed.emit()


def _application() -> QCoreApplication:
    application = QCoreApplication.instance()
    if application is None:
        raise RuntimeError("there is no application")
    return application
