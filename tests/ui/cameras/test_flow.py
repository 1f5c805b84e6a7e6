"""The cameras page shows attached cameras without a press, and choices are saved and used."""

import cv2
import pytest

from dermstation.camera.controls import Control
from dermstation.camera.discovery import AttachedDevice, OfferedMode
from dermstation.camera.pixel_cause import PixelCause
from dermstation.camera.spec import CameraKind, parse_camera
from dermstation.domain.chart_check import GOOD_DIFFERENCE
from dermstation.domain.shots import ShotKind
from dermstation.ui.cameras import flow
from dermstation.ui.cameras.chart_page import ChartPage
from dermstation.ui.cameras.page import CamerasPage
from dermstation.ui.capture.page import CapturePage
from dermstation.ui.home.page import HomePage
from dermstation.workflow.camera_setup import CameraSetup, load_setup
from tests.chart_pictures import photographed
from tests.ui.camera_size import HEIGHT, WIDTH
from tests.ui.desk import Desk
from tests.unit.workflow.conftest import an_episode

SCOPE = AttachedDevice("", "Test Dermatoscope", 63, (OfferedMode("MJPG", 1600, 1200, 30.0),))
NAME = "Test Dermatoscope"


@pytest.fixture
def attached(monkeypatch: pytest.MonkeyPatch) -> list[AttachedDevice]:
    """The attached devices; the page looks for them often enough for a test."""
    devices: list[AttachedDevice] = []
    monkeypatch.setattr(flow, "attached_devices", lambda: tuple(devices))
    monkeypatch.setattr(flow, "LOOK_EVERY_MS", 50)
    return devices


def at_the_cameras(desk: Desk) -> CamerasPage:
    desk.set_up(an_episode)
    desk.open()
    desk.sign_in()
    desk.page(HomePage).cameras.click()
    return desk.page(CamerasPage)


def choose(page: CamerasPage, shot: ShotKind, camera: str) -> None:
    place = page.choices[shot].findData(camera)
    page.choices[shot].setCurrentIndex(place)
    page.choices[shot].activated.emit(place)


def test_a_camera_comes_and_goes_by_itself(desk, attached) -> None:
    page = at_the_cameras(desk)
    assert page.nothing.isVisible()
    attached.append(SCOPE)
    desk.until(lambda: [row.camera for row in page.rows] == [SCOPE.camera])
    assert not page.nothing.isVisible()
    assert "Up to 1600 \u00d7 1200 px" in desk.texts()
    attached.clear()
    desk.until(lambda: page.rows == [] and page.nothing.isVisible())


def test_the_camera_of_a_shot_is_kept_and_the_viewfinder_uses_it(desk, attached) -> None:
    attached.append(SCOPE)
    page = at_the_cameras(desk)
    desk.until(lambda: page.rows)
    choose(page, ShotKind.DERMOSCOPIC, SCOPE.camera)
    page.lock.setChecked(True)
    desk.until(desk.paths.cameras.exists)
    desk.until(lambda: load_setup(desk.paths.cameras).locks_controls)
    assert load_setup(desk.paths.cameras).shots == {ShotKind.DERMOSCOPIC: SCOPE.camera}
    viewfinder = desk.station.viewfinder
    viewfinder.aim(ShotKind.GENERAL)
    assert viewfinder.opened.kind is CameraKind.SIMULATED
    viewfinder.aim(ShotKind.DERMOSCOPIC)
    assert (viewfinder.opened.kind, viewfinder.opened.index) == (CameraKind.DEVICE, 63)
    viewfinder.close()
    choose(page, ShotKind.DERMOSCOPIC, "")
    desk.until(lambda: load_setup(desk.paths.cameras).shots == {})


def test_a_camera_that_is_not_attached_stays_chosen(desk, attached) -> None:
    attached.append(SCOPE)
    page = at_the_cameras(desk)
    desk.until(lambda: page.rows)
    choose(page, ShotKind.CLOSEUP, SCOPE.camera)
    attached.clear()
    desk.until(lambda: not page.rows)
    assert page.choices[ShotKind.CLOSEUP].currentData() == SCOPE.camera
    assert "not attached" in page.choices[ShotKind.CLOSEUP].currentText()


def test_a_camera_is_tried_with_its_picture_its_size_and_its_rate(
    desk, attached, monkeypatch
) -> None:
    spec_of = lambda setup, camera: parse_camera("sim")  # noqa: E731 - no camera is attached here
    monkeypatch.setattr(CameraSetup, "spec_of", spec_of)
    monkeypatch.setattr(flow, "_MEASURED_AFTER_TICKS", 5)
    attached.append(SCOPE)
    page = at_the_cameras(desk)
    desk.until(lambda: page.rows)
    page.rows[0].button.click()
    assert page.rows[0].button.text() == "Stop"
    asked = (desk.station.settings.stream_width, desk.station.settings.stream_height)
    desk.until(lambda: "pictures a second" in page.figures.text())
    assert f"{asked[0]} \u00d7 {asked[1]}" in page.figures.text()
    assert asked != (WIDTH, HEIGHT)
    desk.until(lambda: load_setup(desk.paths.cameras).cameras)
    remembered = load_setup(desk.paths.cameras).cameras[SCOPE.camera]
    assert all(rate > 0 for rate in remembered.fps.values())
    assert remembered.pictures == PixelCause.SOURCE  # a simulated camera without packets
    trial = desk.window.walk._cameras._trial
    page.rows[0].button.click()
    assert page.rows[0].button.text() == "Try it"
    assert trial.link is None
    trial.wait_closed()


def test_a_camera_that_does_not_answer_says_so_over_the_picture(desk, attached) -> None:
    attached.append(SCOPE)  # there is no device 63
    page = at_the_cameras(desk)
    desk.until(lambda: page.rows)
    page.rows[0].button.click()
    desk.until(lambda: "No camera is attached" in page.view.accessibleDescription())
    trial = desk.window.walk._cameras._trial
    page.back_pressed.emit()
    desk.page(HomePage)
    assert trial.link is None, "a camera is not held by a page that is gone"
    trial.wait_closed()


def test_a_camera_on_trial_that_stalls_says_so_over_its_last_picture(
    desk, attached, monkeypatch
) -> None:
    attached.append(SCOPE)
    simulated = parse_camera("sim")
    monkeypatch.setattr(CameraSetup, "spec_of", lambda *_: simulated)
    page = at_the_cameras(desk)
    desk.until(lambda: page.rows)
    page.rows[0].button.click()
    trial = desk.window.walk._cameras._trial
    desk.until(lambda: "pictures a second" in page.figures.text())
    trial.link.set_knobs(fault="stall")
    desk.until(lambda: "stopped sending pictures" in " ".join(page.view.message))
    assert page.figures.text() == " "
    trial.link.set_knobs(fault="none")
    desk.until(lambda: page.view.message == ())


def test_a_control_is_set_and_remembered(desk, attached, monkeypatch) -> None:
    spec_of = lambda setup, camera: parse_camera("sim")  # noqa: E731
    monkeypatch.setattr(CameraSetup, "spec_of", spec_of)
    attached.append(SCOPE)
    page = at_the_cameras(desk)
    desk.until(lambda: page.rows)
    page.controls.changed.emit(Control.FOCUS, 30.0)
    assert not load_setup(desk.paths.cameras).cameras, "nothing is set while none is tried"
    page.rows[0].button.click()
    page.controls.changed.emit(Control.FOCUS, 30.0)
    page.controls.changed.emit(Control.EXPOSURE, None)
    wanted = {Control.FOCUS: 30.0, Control.EXPOSURE: None}
    desk.until(lambda: SCOPE.camera in load_setup(desk.paths.cameras).cameras)
    desk.until(
        lambda: dict(load_setup(desk.paths.cameras).cameras[SCOPE.camera].controls) == wanted
    )
    trial = desk.window.walk._cameras._trial
    page.back_pressed.emit()
    trial.wait_closed()


def test_a_setup_that_cannot_be_saved_is_reported(desk, attached) -> None:
    page = at_the_cameras(desk)
    desk.paths.cameras.with_suffix(".json.part").mkdir()
    page.lock.setChecked(True)
    desk.said("could not be")


def test_a_lock_releases_the_camera_on_trial(desk, attached, monkeypatch) -> None:
    spec_of = lambda setup, camera: parse_camera("sim")  # noqa: E731
    monkeypatch.setattr(CameraSetup, "spec_of", spec_of)
    attached.append(SCOPE)
    page = at_the_cameras(desk)
    desk.until(lambda: page.rows)
    page.rows[0].button.click()
    trial = desk.window.walk._cameras._trial
    desk.window.lock()
    assert trial.link is None
    trial.wait_closed()
    desk.sign_in()
    desk.page(HomePage).rows[0].go_on.click()
    desk.page(CapturePage)


def test_a_camera_is_checked_by_the_chart_and_the_result_is_kept(
    desk, attached, monkeypatch, tmp_path
) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    cv2.imwrite(str(folder / "chart.png"), photographed())
    of_file = parse_camera(f"file:{folder}")
    monkeypatch.setattr(CameraSetup, "spec_of", lambda *_: of_file)
    attached.append(SCOPE)
    page = at_the_cameras(desk)
    desk.until(lambda: page.rows)
    assert not page.check.isEnabled()
    page.rows[0].button.click()
    desk.until(page.check.isEnabled)
    page.check.click()
    result = desk.page(ChartPage)
    assert "The colours are right." in desk.texts()
    result.keep.click()
    desk.page(CamerasPage)
    desk.said("The check is kept.")
    (kept,) = desk.in_vault(lambda vault: vault.chart_checks.all())
    assert kept.camera == NAME
    assert kept.median < GOOD_DIFFERENCE


def test_without_the_chart_in_the_picture_nothing_is_measured(desk, attached, monkeypatch) -> None:
    simulated = parse_camera("sim")
    monkeypatch.setattr(CameraSetup, "spec_of", lambda *_: simulated)
    attached.append(SCOPE)
    page = at_the_cameras(desk)
    desk.until(lambda: page.rows)
    page.rows[0].button.click()
    desk.until(page.check.isEnabled)
    page.check.click()
    desk.said("The colour chart was not found in the picture.")
    assert desk.shell.page is page
