"""Layout of the capture page: tools, then the picture in its own proportion, then the panel.

The picture is as large as it can be, without bars beside it, and moves for nothing: neither a tip
nor a message nor another stage. The panel's upper part scrolls, its buttons never do. GUI thread.
"""

from collections.abc import Mapping

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dermstation.ui.capture.aim_panel import AimPanel
from dermstation.ui.capture.buttons import CaptureButtons
from dermstation.ui.capture.readings import Readings
from dermstation.ui.capture.tool_bar import ToolBar
from dermstation.ui.parts.folding import ScrollArea
from dermstation.ui.picture.live_view import LiveView
from dermstation.ui.theme import Space
from dermstation.workflow.capture_keys import Stage

_LEAST_PANEL_PX, _MOST_PANEL_PX = 324, 560
_SMALL_PANEL_PX = 344  # with a scroll bar
_LOWEST_PX, _LOW_PX, _NARROW_PX = 440, 600, 1000


class CaptureColumns(QWidget):
    """The three columns; the panel has contents for each stage, the others stay the same."""

    def __init__(
        self,
        pair: tuple[ToolBar, LiveView],
        notice: QWidget,
        panels: Mapping[Stage, QWidget],
        aiming: tuple[AimPanel, Readings],
        buttons: CaptureButtons,
    ) -> None:
        super().__init__()
        bar, view = pair
        self._panels = panels
        self._aim, readings = aiming
        self._readings, self._buttons = readings, buttons
        self._bar, self._view = bar, view
        self._tools = QWidget(self)
        column = QVBoxLayout(self._tools)
        column.setContentsMargins(Space.XS, Space.S, Space.XS, Space.M)
        column.setSpacing(Space.XS)
        column.addWidget(bar, 1)
        column.addWidget(buttons.back)
        view.setParent(self)
        view.proportion_changed.connect(self._place)
        self._side = QWidget(self)
        inside = QWidget()
        upper = QVBoxLayout(inside)
        upper.setContentsMargins(0, 0, 0, 0)
        upper.setSpacing(Space.S)
        for panel in dict.fromkeys(panels.values()):
            upper.addWidget(panel)
        upper.addStretch(1)
        self._upper = ScrollArea(inside)
        self._upper.setMinimumHeight(1)
        rows = QVBoxLayout(self._side)
        rows.setContentsMargins(Space.M, Space.S, Space.S, Space.M)
        rows.setSpacing(Space.S)
        rows.addWidget(self._upper, 1)
        rows.addWidget(notice)
        rows.addWidget(readings)
        rows.addWidget(buttons.row)

    def show_stage(self, stage: Stage) -> None:
        """Show the panel of a stage, scrolled to the top if it was not already shown."""
        wanted = self._panels[stage]
        self._readings.setVisible(stage in (Stage.AIMING, Stage.HOLDING, Stage.HOW_TO))
        if wanted.isHidden() or sum(not one.isHidden() for one in self._panels.values()) > 1:
            for panel in dict.fromkeys(self._panels.values()):
                panel.setVisible(panel is wanted)
            self._upper.ensureVisible(0, 0)

    def sizeHint(self) -> QSize:
        """Return the preferred size."""
        return QSize(1366, 650)

    def minimumSizeHint(self) -> QSize:
        """Return the smallest size at which nothing is lost."""
        return QSize(760, 360)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the columns."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        """Give the picture all that the other columns can do without."""
        width, height = self.width(), self.height()
        is_small = height < _LOW_PX or width < _NARROW_PX
        self._readings.set_small(small=is_small)
        self._buttons.set_small(small=is_small)
        self._aim.set_small(small=is_small, low=height < _LOWEST_PX)
        proportion = self._view.proportion
        room = width - 2 * Space.XS - (_SMALL_PANEL_PX if is_small else _LEAST_PANEL_PX)
        self._bar.fit(room - int(height * proportion), small=is_small)  # what is beside the picture
        bar_px = self._bar.width() + 2 * Space.XS
        room -= self._bar.width()
        high_px = min(height, int(room / proportion))
        picture_px = int(high_px * proportion)
        panel_px = min(width - bar_px - picture_px, _MOST_PANEL_PX)
        self._tools.setGeometry(0, 0, bar_px, height)
        self._view.setGeometry(bar_px, 0, picture_px, high_px)
        self._side.setGeometry(width - panel_px, 0, panel_px, height)
