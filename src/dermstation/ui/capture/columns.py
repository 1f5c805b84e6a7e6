"""Layout of the capture page: tools and picture left, instructions right. GUI thread."""

from collections.abc import Mapping

from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from dermstation.ui.capture.buttons import WIDTH_PX
from dermstation.ui.parts.folding import ScrollArea, narrow
from dermstation.ui.parts.page import Page
from dermstation.ui.theme import Space, set_role
from dermstation.workflow.capture_keys import Stage


class CaptureColumns:
    """The two columns: the right one has a panel for each stage, the left one stays the same."""

    def __init__(
        self,
        page: Page,
        bar: QWidget,
        band: QWidget,
        view: QWidget,
        panels: Mapping[Stage, QWidget],
    ) -> None:
        self._stack = QStackedWidget()
        self._areas: dict[QWidget, QScrollArea] = {}
        self._panels = panels
        for panel in dict.fromkeys(panels.values()):
            self._areas[panel] = ScrollArea(panel)
            self._stack.addWidget(self._areas[panel])
        set_role(page.title, "heading")
        side = QWidget()
        side.setFixedWidth(WIDTH_PX)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        column.addWidget(page.title)
        column.addWidget(self._stack, 1)
        picture = QHBoxLayout()
        picture.setSpacing(Space.S)
        picture.addWidget(narrow(bar))
        below = QVBoxLayout()
        below.setSpacing(Space.S)
        below.addWidget(band)
        below.addWidget(view, 1)
        picture.addLayout(below, 1)
        rows = QVBoxLayout()
        rows.setSpacing(Space.S)
        rows.addWidget(page.notice)
        rows.addLayout(picture, 1)
        across = QHBoxLayout()
        across.setSpacing(Space.L)
        across.addLayout(rows, 1)
        across.addWidget(side)
        page.content.addLayout(across, 1)

    def show_stage(self, stage: Stage) -> None:
        """Show the panel of a stage, scrolled to the top if it was not already shown."""
        area = self._areas[self._panels[stage]]
        if self._stack.currentWidget() is not area:
            self._stack.setCurrentWidget(area)
            area.ensureVisible(0, 0)
