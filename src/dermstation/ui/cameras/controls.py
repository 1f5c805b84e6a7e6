"""Set the controls that a camera's driver offers: a slider each, and a box for automatic.

GUI thread. A value is reported when the slider is released, not at each pixel of a drag.
"""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from dermstation.camera.controls import Control, ControlState
from dermstation.ui.parts.choice import Choice, Slider
from dermstation.ui.parts.text import label
from dermstation.ui.theme import TARGET_PX, Space

_NAMES = {
    Control.EXPOSURE: "Exposure",
    Control.WHITE_BALANCE: "White balance",
    Control.FOCUS: "Focus",
    Control.POWER_LINE: "Mains flicker",
}
_MAINS = ("Off", "50 Hz (UK)", "60 Hz", "Automatic")  # V4L2_CID_POWER_LINE_FREQUENCY 0 to 3


class CameraControls(QWidget):
    """The controls that the driver offers, two side by side."""

    changed = Signal(object, object)  # Control; its value, or None if the camera chooses

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[Control, _Slide | _Mains] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Space.M)
        self._grid.setVerticalSpacing(Space.XS)
        for column in (1, 3):
            self._grid.setColumnStretch(column, 1)

    def show_controls(self, states: Sequence[ControlState]) -> None:
        """Show the controls of a camera, except one that is being moved by hand."""
        if [state.control for state in states] != list(self.rows):
            self._rebuild(states)
        for state in states:
            self.rows[state.control].show_state(state)

    def _rebuild(self, states: Sequence[ControlState]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.rows = {}
        for place, state in enumerate(states):
            tell = partial(self.changed.emit, state.control)
            is_mains = state.control is Control.POWER_LINE
            row = _Mains(state, tell) if is_mains else _Slide(state, tell)
            self.rows[state.control] = row
            line, side = divmod(place, 2)
            self._grid.addWidget(label(_NAMES[state.control]), line, 2 * side)
            self._grid.addWidget(row, line, 2 * side + 1)


class _Slide(QWidget):
    """A slider in the driver's own units, with an "Automatic" box if the camera has that."""

    def __init__(self, state: ControlState, tell: Callable[[float | None], object]) -> None:
        """Call `tell` with each value; None means that the camera chooses."""
        super().__init__()
        self._tell = tell
        name = _NAMES[state.control]
        self.slider = Slider(Qt.Orientation.Horizontal)
        self.slider.setMinimumHeight(TARGET_PX)
        self.slider.setTracking(False)  # reported when it is released
        self.slider.setAccessibleName(name)
        self.automatic = QCheckBox("Automatic")
        self.automatic.setAccessibleName(f"{name}: automatic")
        self.slider.valueChanged.connect(self._on_moved)
        self.automatic.toggled.connect(self._on_toggled)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(Space.M)
        layout.setColumnStretch(0, 1)
        layout.addWidget(self.slider, 0, 0)
        layout.addWidget(self.automatic, 0, 1)
        self._step = 1.0

    def show_state(self, state: ControlState) -> None:
        """Show the driver's value, unless the slider is being dragged."""
        if self.slider.isSliderDown():
            return
        self._step = state.step or 1.0
        for widget in (self.slider, self.automatic):
            widget.blockSignals(True)
        self.slider.setRange(round(state.least / self._step), round(state.most / self._step))
        self.slider.setValue(round(state.value / self._step))
        self.slider.setEnabled(state.least < state.most and not state.is_auto)
        self.automatic.setVisible(state.is_auto is not None)
        self.automatic.setChecked(bool(state.is_auto))
        for widget in (self.slider, self.automatic):
            widget.blockSignals(False)

    def _on_moved(self, value: int) -> None:
        self._tell(value * self._step)

    def _on_toggled(self, checked: bool) -> None:
        self._tell(None if checked else self.slider.value() * self._step)


class _Mains(QWidget):
    """The frequency of the mains, which makes lamps flicker in the picture."""

    def __init__(self, state: ControlState, tell: Callable[[float], object]) -> None:
        """Call `tell` with each value, in the driver's own numbers."""
        super().__init__()
        self.choice = Choice()
        self.choice.setAccessibleName(_NAMES[state.control])
        self.choice.addItems(_MAINS[round(state.least) : round(state.most) + 1])
        self._least = round(state.least)
        self.choice.activated.connect(lambda place: tell(float(place + self._least)))
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.choice)

    def show_state(self, state: ControlState) -> None:
        """Show the driver's choice."""
        if not self.choice.view().isVisible():
            self.choice.setCurrentIndex(round(state.value) - self._least)
