"""A stack of widgets that takes up only the space of the one shown. GUI thread.

Qt's own is as high as its highest for a width, whatever its subclass says.
"""

from PySide6.QtWidgets import QVBoxLayout, QWidget


class Stack(QWidget):
    """Widgets of which one is shown: the first, until another is chosen."""

    def __init__(self) -> None:
        super().__init__()
        self._widgets: list[QWidget] = []
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)

    def add(self, widget: QWidget) -> None:
        """Add a widget."""
        self._rows.addWidget(widget)
        if self._widgets:
            widget.hide()
        self._widgets.append(widget)

    @property
    def place(self) -> int:
        """Return the place of the widget that is shown."""
        return next(place for place, one in enumerate(self._widgets) if not one.isHidden())

    def show_place(self, place: int) -> None:
        """Show the widget at a place."""
        wanted = self._widgets[place]
        for one in self._widgets:
            if one is not wanted:
                one.hide()
        wanted.show()
