"""The cameras page in every state, at both sizes: nothing is cut off."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from dermstation.camera.controls import Control, ControlState
from dermstation.camera.discovery import AttachedDevice, OfferedMode, SocketCause
from dermstation.domain.shots import ShotKind
from dermstation.ui.cameras.chart_page import ChartPage
from dermstation.ui.cameras.page import CamerasPage
from dermstation.ui.parts.page import Page
from dermstation.workflow.chart_checking import check_camera
from tests.chart_pictures import photographed
from tests.ui.framing import LONG, SIZES, bad_buttons, cut_off, framed, show

SCOPE = AttachedDevice(
    "by-id/usb-Test_Scope-video-index0",
    "Test Dermatoscope",
    0,
    (OfferedMode("MJPG", 1920, 1080, 30.0), OfferedMode("YUYV", 640, 480, 30.0)),
)
WEBCAM = AttachedDevice("", "Test Webcam", 2, (OfferedMode("YUYV", 1280, 720, 10.0),))
UNKNOWN = AttachedDevice("by-id/usb#test", "", 3)
CONTROLS = (
    ControlState(Control.EXPOSURE, 250, 3, 2047, 1, is_auto=True),
    ControlState(Control.WHITE_BALANCE, 4600, 2800, 6500, 10, is_auto=False),
    ControlState(Control.FOCUS, 30, 0, 250, 5, is_auto=True),
    ControlState(Control.POWER_LINE, 1, 0, 2),
)


def none(made: Any) -> Page:
    page = CamerasPage("auto")
    page.show_cameras((), {}, locks=False)
    return page


def listed_long(made: Any) -> Page:
    page = CamerasPage("file:/tmp")
    named = AttachedDevice("by-path/x", LONG, 5, ())
    shots = {ShotKind.DERMOSCOPIC: SCOPE.camera, ShotKind.GENERAL: "device:by-id/gone"}
    page.show_cameras((SCOPE, WEBCAM, replace(WEBCAM, index=4), UNKNOWN, named), shots, locks=True)
    return page


def tried(made: Any) -> Page:
    page = CamerasPage("auto")
    page.show_cameras((SCOPE, WEBCAM), {ShotKind.DERMOSCOPIC: SCOPE.camera}, locks=False)
    page.show_trying(SCOPE.camera)
    page.show_frame(made.skin)
    page.show_figures((1600, 1200), (1920, 1080), 29.97)
    page.show_controls(CONTROLS)
    return page


def chart_checked(made: Any) -> Page:
    pixels = photographed(matrix=np.diag([1.3, 1.0, 0.7]), shade_stops=0.9)
    result = check_camera(pixels, LONG, date(2026, 9, 4))
    first = replace(result.check, checked_on=date(2026, 1, 5), median=2.0)
    return ChartPage(result, first)


def busy(made: Any) -> Page:
    page = CamerasPage("auto")
    page.show_cameras((SCOPE, WEBCAM), {}, locks=False)
    page.show_trying(WEBCAM.camera)
    page.show_trouble_over_picture(
        "The camera is in use by another program or account.",
        "Close the other program (video call, scanner software); the picture then appears by"
        " itself.",
    )
    return page


def twin(socket: str, index: int) -> AttachedDevice:
    """Return one of two cameras that look the same to the PC."""
    name = f"by-path/pci-0000:00:14.0-usb-0:{socket}:1.0-video-index0"
    return AttachedDevice(name, WEBCAM.name, index, WEBCAM.modes, SocketCause.ALIKE)


def alike(made) -> CamerasPage:
    """Return the page with two cameras of one kind, and one without a serial number."""
    page = CamerasPage("auto")
    other = "by-path/pci-0000:00:14.0-usb-0:3:1.0-video-index0"
    lone = AttachedDevice(other, "Skin scope", 4, (), SocketCause.NO_SERIAL)
    devices = (twin("1", 0), twin("2", 2), lone)
    page.show_cameras(devices, {ShotKind.DERMOSCOPIC: devices[1].camera}, locks=False)
    return page


STATES = {build.__name__: build for build in (none, listed_long, tried, busy, alike, chart_checked)}


@pytest.mark.parametrize("state", STATES)
def test_a_state_is_whole_at_both_sizes_and_each_button_can_be_pressed(state, qtbot, made) -> None:
    page = STATES[state](made)
    frame = framed(page, "", made.patient)
    for size in SIZES:
        show(frame, f"cameras-{state}", size, qtbot)
        assert cut_off(frame) == [], f"at {size}"
        assert bad_buttons(page, least_px=36) == [], f"at {size}"


def test_two_cameras_of_one_name_are_told_apart(made) -> None:
    from dermstation.ui.cameras.page import names_of

    other = AttachedDevice("by-path/y", WEBCAM.name, 4)
    assert list(names_of((WEBCAM, other, UNKNOWN)).values()) == [
        "Test Webcam",
        "Test Webcam (2)",
        "Camera 3",
    ]


def test_two_cameras_known_by_their_sockets_are_named_by_them_in_any_order() -> None:
    from dermstation.ui.cameras.page import names_of

    morning, later = (
        names_of((twin("1", 0), twin("1.4", 2))),
        names_of((twin("1.4", 0), twin("1", 2))),
    )
    assert morning == later
    assert list(morning.values()) == ["Test Webcam, socket 1", "Test Webcam, socket 1.4"]


def test_controls_emit_the_chosen_value(qtbot, made) -> None:
    page = tried(made)
    qtbot.addWidget(page)
    told = []
    page.controls.changed.connect(lambda control, value: told.append((control, value)))
    rows = page.controls.rows
    assert not rows[Control.EXPOSURE].slider.isEnabled(), "the camera chooses it itself"
    rows[Control.EXPOSURE].automatic.setChecked(False)
    rows[Control.WHITE_BALANCE].slider.setValue(500)
    rows[Control.WHITE_BALANCE].automatic.setChecked(True)
    rows[Control.POWER_LINE].choice.activated.emit(2)
    assert told == [
        (Control.EXPOSURE, 250.0),
        (Control.WHITE_BALANCE, 5000.0),
        (Control.WHITE_BALANCE, None),
        (Control.POWER_LINE, 2.0),
    ]
