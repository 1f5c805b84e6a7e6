"""Show the attached cameras and their pictures, and which camera takes which picture. GUI thread.

A view: it is given devices, frames and figures, and signals what the operator chose.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from dermstation.camera.controls import ControlState
from dermstation.camera.discovery import AttachedDevice, SocketCause
from dermstation.domain.shots import SHOT_GUIDES, ShotKind
from dermstation.ui.cameras.controls import CameraControls
from dermstation.ui.parts.button import button
from dermstation.ui.parts.choice import Choice
from dermstation.ui.parts.folding import ScrollArea
from dermstation.ui.parts.icon import IconBox
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.text import WrapLabel, card, label
from dermstation.ui.picture.live_view import LiveView
from dermstation.ui.picture.spinner import Spinner
from dermstation.ui.theme import Colour, Space

_COLUMN_PX = 468
_DEFAULT_NAMES = {
    "auto": "Whichever camera is attached",
    "sim": "The simulated dermatoscope",
}
_SOCKET_WORDS = {
    SocketCause.ALIKE: "Another camera of this kind is attached. This PC knows each by its socket:"
    " keep it there.",
    SocketCause.NO_SERIAL: "It has no serial number. This PC knows it by its socket: keep it"
    " there.",
}
_TRY_WORDS = ("Press \u201cTry it\u201d", "to see the camera's picture and how fast it is.")


_CHART_WORDS = "Once a month: try the camera, fill the picture with the printed chart, and check."


class CamerasPage(Page):
    """The page with the picture of the camera on trial at the left, the choices at the right."""

    try_wanted = Signal(str)  # the camera's text, as in the settings; empty to stop trying

    def __init__(self, default_camera: str) -> None:
        super().__init__("Cameras", framed=False)
        self._default = default_camera
        self._devices: tuple[AttachedDevice, ...] | None = None
        self._shots: Mapping[ShotKind, str] = {}
        self._tried = ""
        self.view = LiveView()
        self.view.show_message(*_TRY_WORDS)
        self._spinner = Spinner(self.view)
        self.figures = WrapLabel(" ", "strong")
        self.rows: list[CameraRow] = []
        self._attached, self._list = card()
        self._list.addWidget(label("Attached to this PC", "heading"))
        self.nothing = _nothing(default_camera)
        self._list.addWidget(self.nothing)
        self.choices = {kind: Choice() for kind in ShotKind}
        self.controls = CameraControls()
        self.lock = QCheckBox("Same exposure and colours in an episode")
        self._make_columns()
        self.set_back()
        self.check = self.add_secondary("&Check by the colour chart")
        self.check.setToolTip(_CHART_WORDS)
        self.check.setEnabled(False)
        self.sheet = self.add_secondary("Chart to &print\u2026")

    def show_cameras(
        self, devices: Sequence[AttachedDevice], shots: Mapping[ShotKind, str], *, locks: bool
    ) -> None:
        """Show what is attached now, and the text of the camera chosen for each shot."""
        self._show_lock(locks)
        if tuple(devices) == self._devices and dict(shots) == dict(self._shots):
            return
        if tuple(devices) != self._devices:
            self._show_devices(devices)
        self._devices, self._shots = tuple(devices), dict(shots)
        names = names_of(devices)
        for kind, choice in self.choices.items():
            self._fill(choice, names, shots.get(kind, ""))

    def show_trying(self, camera: str) -> None:
        """Show that a camera is being opened, or that none is on trial if `camera` is empty."""
        self._tried = camera
        self.check.setEnabled(False)
        self.view.clear()
        self.view.show_message(*(("Opening the camera",) if camera else _TRY_WORDS))
        self._spinner.show_turning(on=bool(camera))
        self.figures.setText(" ")
        self._settings.setVisible(False)
        for row in self.rows:
            row.show_tried(is_tried=row.camera == camera)

    def show_frame(self, frame: NDArray[np.uint8]) -> None:
        """Show a picture of the camera on trial, (height, width, 3) BGR."""
        self.view.show_message()
        self._spinner.show_turning(on=False)
        self.view.show_image(frame)
        self.check.setEnabled(True)

    def show_trouble_over_picture(self, *lines: str) -> None:
        """Show over the picture why there is none."""
        self.view.show_message(*lines)
        self._spinner.show_turning(on=False)
        self.figures.setText(" ")

    def show_figures(self, asked: tuple[int, int], got: tuple[int, int], fps: float) -> None:
        """Show the picture size asked for, the size received, and the pictures per second."""
        size = f"{got[0]} \u00d7 {got[1]} px"
        if got != asked:
            size += f" (asked for {asked[0]} \u00d7 {asked[1]})"
        rate = f"{fps:.0f} pictures a second" if fps else "measuring\u2026"
        self.figures.setText(f"{size}  \u00b7  {rate}")

    def show_controls(self, states: Sequence[ControlState]) -> None:
        """Show the controls that the camera's driver offers."""
        self._settings.setVisible(bool(states))
        self.controls.show_controls(states)

    def _show_devices(self, devices: Sequence[AttachedDevice]) -> None:
        for row in self.rows:
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        names = names_of(devices)
        self.rows = [CameraRow(device, names[device.camera]) for device in devices]
        for row in self.rows:
            row.button.clicked.connect(lambda _=False, one=row: self._on_try(one.camera))
            row.show_tried(is_tried=row.camera == self._tried)
            self._list.addWidget(row)
        self.nothing.setVisible(not devices)

    def _on_try(self, camera: str) -> None:
        self.try_wanted.emit("" if camera == self._tried else camera)

    def _show_lock(self, locks: bool) -> None:
        self.lock.blockSignals(True)
        self.lock.setChecked(locks)
        self.lock.blockSignals(False)

    def _fill(self, choice: QComboBox, names: Mapping[str, str], chosen: str) -> None:
        choice.clear()
        choice.addItem(_DEFAULT_NAMES.get(self._default, "The camera in the settings"), "")
        for camera, name in names.items():
            choice.addItem(name, camera)
        if chosen and chosen not in names:
            choice.addItem("A camera that is not attached", chosen)
        choice.setCurrentIndex(max(0, choice.findData(chosen)))

    def _make_columns(self) -> None:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.M)
        column.addWidget(self._attached)
        column.addWidget(self._make_choices())
        column.addStretch(1)
        self._settings = self._make_settings()
        area = ScrollArea(side)
        area.setFixedWidth(_COLUMN_PX)
        left = QVBoxLayout()
        left.setSpacing(Space.S)
        left.addWidget(self.title)
        left.addWidget(self.view, 1)
        left.addWidget(self.figures)
        left.addWidget(self._settings)
        across = QHBoxLayout()
        across.setSpacing(Space.L)
        across.addLayout(left, 1)
        across.addWidget(area)
        self.content.addLayout(across, 1)

    def _make_choices(self) -> QWidget:
        frame, inside = card()
        inside.addWidget(label("Which camera takes which picture", "heading"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.M)
        grid.setVerticalSpacing(Space.XS)
        grid.setColumnStretch(1, 1)
        for row, (kind, choice) in enumerate(self.choices.items()):
            title = SHOT_GUIDES[kind].title
            choice.setAccessibleName(f"Camera for the {title.lower()} picture")
            choice.setMinimumContentsLength(12)
            choice.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            grid.addWidget(label(title), row, 0)
            grid.addWidget(choice, row, 1)
        inside.addLayout(grid)
        inside.addWidget(self.lock)
        return frame

    def _make_settings(self) -> QWidget:
        frame, inside = card()
        inside.addWidget(self.controls)
        frame.hide()
        return frame


class CameraRow(QWidget):
    """A camera: its name, what it offers, and the button to try it."""

    def __init__(self, device: AttachedDevice, name: str) -> None:
        super().__init__()
        self.camera = device.camera
        self._name = name
        lines = QVBoxLayout()
        lines.setSpacing(2)
        lines.addWidget(WrapLabel(name, "strong"))
        lines.addWidget(WrapLabel(offer_words(device), "small"))
        if device.by_socket is not None:
            lines.addWidget(WrapLabel(_SOCKET_WORDS[device.by_socket], "small"))
        self.button: QPushButton = button("Try it")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.M)
        layout.addWidget(IconBox("camera", Colour.BRAND, 28), 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(lines, 1)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        self.show_tried(is_tried=False)

    def show_tried(self, *, is_tried: bool) -> None:
        """Show "Stop" while this camera is on trial, otherwise "Try it"."""
        self.button.setText("Stop" if is_tried else "Try it")
        self.button.setFixedSize(QSize(96, self.button.sizeHint().height()))
        self.button.setAccessibleName(f"{self.button.text()}: {self._name}")


def names_of(devices: Sequence[AttachedDevice]) -> dict[str, str]:
    """Return a readable name for each camera's text.

    Cameras of one name are told apart by their sockets, or by a number if that does not help.
    """
    plain = [_plain(device) for device in devices]
    names: dict[str, str] = {}
    for device, name in zip(devices, plain, strict=True):
        if plain.count(name) > 1 and device.socket:
            name = f"{name}, socket {device.socket}"  # noqa: PLW2901
        count = sum(other == name or other.startswith(f"{name} (") for other in names.values())
        names[device.camera] = f"{name} ({count + 1})" if count else name
    return names


def _plain(device: AttachedDevice) -> str:
    name = "".join(sign for sign in device.name if sign.isprintable()).strip()
    return name or f"Camera {device.index}"


def offer_words(device: AttachedDevice) -> str:
    """Return the largest picture that a camera offers, and whether its own JPEGs are kept."""
    if device.modes is None:
        return "Try it to see what it offers."
    if not device.modes:
        return "It does not report what it offers."
    best = max(device.modes, key=lambda mode: (mode.width * mode.height, mode.fps))
    sizes = {(mode.width, mode.height) for mode in device.modes}
    rate = f", {best.fps:.0f} a second" if best.fps else ""
    kept = any(mode.pixel_format == "MJPG" for mode in device.modes)
    packets = " Its own JPEG is kept." if kept else " Pictures are kept without loss (PNG)."
    count = f" {len(sizes)} sizes." if len(sizes) > 1 else ""
    return f"Up to {best.width} \u00d7 {best.height} px{rate}.{count}{packets}"


def _nothing(default_camera: str) -> QWidget:
    words = "Plug one in and it appears here."
    if default_camera in _DEFAULT_NAMES:
        words += " Until then, a demonstration uses the simulated dermatoscope."
    box = QWidget()
    layout = QHBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(Space.M)
    layout.addWidget(IconBox("camera", Colour.INK_SOFT, 28), 0, Qt.AlignmentFlag.AlignTop)
    lines = QVBoxLayout()
    lines.setSpacing(2)
    lines.addWidget(label("No camera is attached", "strong"))
    lines.addWidget(WrapLabel(words))
    layout.addLayout(lines, 1)
    return box
