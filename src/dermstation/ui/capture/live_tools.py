"""The live tools, switched on and off by button or key. Part of the capture page; GUI thread.

A tool that needs data from elsewhere (an earlier picture, a scale, areas of trouble) asks for it
by a signal; the receiver answers by calling `show_...`.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from dermstation.ui.capture.tool_bar import ToolBar
from dermstation.ui.picture.layers.layer import Layer
from dermstation.ui.picture.live_view import LiveView
from dermstation.workflow.capture_keys import Stage, Tool, row_of
from dermstation.workflow.measuring import Scale

_OPACITIES = (0.0, 0.3, 0.5, 0.7)  # of the earlier picture; each press selects the next
_KEPT = (Tool.GRID, Tool.SHARP, Tool.TROUBLE)  # for the next lesion; its first shot has no scale

Cells = NDArray[np.bool_]


class LiveTools(QObject):
    """The tools over the picture of one page."""

    trouble_wanted = Signal(bool)
    ruler_wanted = Signal(bool)
    how_wanted = Signal()

    def __init__(self, view: LiveView, bar: ToolBar) -> None:
        super().__init__(bar)
        self._view = view
        self._bar = bar
        self._on: set[Tool] = set()
        over = view.over
        self._layers: dict[Tool, Layer] = {
            Tool.GRID: over.grid,
            Tool.SHARP: over.peaking,
            Tool.LENS: over.lens,
            Tool.TROUBLE: over.trouble,
        }
        bar.pressed.connect(self.press)
        view.zoom_changed.connect(self._show_buttons)
        self.show_earlier(None)
        self.enter_live()

    @property
    def kept(self) -> frozenset[Tool]:
        """Return the tools that should stay on for the next lesion."""
        return frozenset(self._on.intersection(_KEPT))

    def is_on(self, tool: Tool) -> bool:
        """Return whether a tool is on."""
        return tool in self._on

    def restore(self, kept: Iterable[Tool]) -> None:
        """Switch on the tools that were on for the previous lesion."""
        for tool in kept:
            if tool not in self._on:
                self.press(tool)

    def press_offered(self, tool: Tool) -> bool:
        """Press a tool if it is available; return whether it is."""
        is_offered = self._bar.button(tool).isEnabled()
        if is_offered:
            self.press(tool)
        return is_offered

    def move(self, key: int, *, far: bool) -> bool:
        """Move mark, lens or enlarged picture by an arrow key; return whether anything moved."""
        return self._view.press_arrow(key, far=far)

    def press(self, tool: Tool) -> None:
        """Act on a press of a tool's button or key."""
        match tool:
            case Tool.MORE:
                self._bar.open_menu()
            case Tool.HOW:
                self.how_wanted.emit()
            case Tool.ZOOM:
                self._view.toggle_zoom()
            case Tool.EARLIER:
                ghost = self._view.over.ghost
                place = _OPACITIES.index(ghost.opacity) + 1
                self._set_opacity(_OPACITIES[place % len(_OPACITIES)])
            case _:
                self._switch(tool, on=tool not in self._on)

    def enter_live(self, stage: Stage = Stage.AIMING) -> None:
        """Offer the tools that are useful over a live picture."""
        self._offer(stage)
        self._bar.set_available(Tool.EARLIER, self._view.over.ghost.has_picture)

    def enter_still(self, stage: Stage = Stage.REVIEWING) -> None:
        """Offer the tools for a still picture, and drop the areas of trouble of the live one."""
        self._view.over.trouble.forget()
        self._offer(stage)

    def enter_marks(self) -> None:
        """Offer the tools that help to put a mark on a line."""
        for tool in (Tool.TROUBLE, Tool.RULER, Tool.SHARP, Tool.GRID):
            if tool in self._on:
                self._switch(tool, on=False)
        self._offer(Stage.MARKS)

    def show_earlier(self, picture: NDArray[np.uint8] | None) -> None:
        """Set the earlier picture of this shot; None if there is none."""
        self._view.over.ghost.show_picture(picture)
        self._bar.set_available(Tool.EARLIER, picture is not None)
        if picture is None:
            self._set_opacity(0.0)

    def show_trouble(self, soft: Cells, lost: Cells) -> None:
        """Show two arrays (rows, columns) of equal cells that cover the whole picture."""
        self._view.over.trouble.show_cells(soft, lost)
        self._view.update()

    def show_scale(self, scale: Scale | None) -> None:
        """Show the ruler at this scale; None removes it."""
        self._view.over.ruler.scale = scale
        if scale is None:
            self._on.discard(Tool.RULER)
        self._view.set_shown(self._view.over.ruler, scale is not None)
        self._view.update()
        self._show_buttons()

    def _switch(self, tool: Tool, *, on: bool) -> None:
        (self._on.add if on else self._on.discard)(tool)
        if tool in self._layers:
            self._view.set_shown(self._layers[tool], on)
        if tool is Tool.TROUBLE:
            self._view.over.trouble.forget()
            self.trouble_wanted.emit(on)
        elif tool is Tool.RULER and on:
            self.ruler_wanted.emit(True)  # the answer shows it only if there is a scale
        elif tool is Tool.RULER:
            self.show_scale(None)
        self._show_buttons()

    def _set_opacity(self, opacity: float) -> None:
        ghost = self._view.over.ghost
        ghost.opacity = opacity
        self._view.set_shown(ghost, opacity > 0)
        self._view.update()
        self._show_buttons()

    def _offer(self, stage: Stage) -> None:
        for tool in Tool:
            self._bar.set_available(tool, stage in row_of(tool).stages)
        self._show_buttons()

    def _show_buttons(self) -> None:
        for tool in (*self._layers, Tool.RULER):
            self._bar.show_on(tool, on=tool in self._on)
        self._bar.show_on(Tool.ZOOM, on=self._view.zoomed)
        percent = round(self._view.over.ghost.opacity * 100)
        word = f"{percent} %" if percent else ""
        self._bar.show_on(Tool.EARLIER, on=percent > 0, word=word)
