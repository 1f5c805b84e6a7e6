"""The way to a camera's own packets on Windows, before a played OpenCV: modes, order, names."""

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from dermstation.camera import discovery
from dermstation.camera.controls import Control
from dermstation.camera.pixel_cause import PixelCause, pixel_cause
from dermstation.camera.sources import attached, direct_show, ffmpeg
from dermstation.camera.sources.attached import AttachedCamera
from dermstation.camera.spec import CameraKind, CameraSpec
from dermstation.domain.errors import ErrorCode, StationError

PATH = r"\\?\usb#vid_1234&pid_5678&mi_00#6&1&0&0000#{65e8773d}\global"
OTHER = PATH.replace("6&1&0", "6&2&0")
NAME = "@device_pnp_" + PATH
PACKET = cv2.imencode(".jpg", np.full((120, 160, 3), 90, np.uint8))[1].reshape(1, -1)
PIXELS = np.full((120, 160, 3), 90, np.uint8)


@dataclass
class Camera:
    """A camera's list of formats, first to last: letters, size and highest rate."""

    formats: list[tuple[str, tuple[int, int], int]]
    opened: list[tuple[str, str, int]] = field(default_factory=list)
    backends: list[int] = field(default_factory=list)
    name: str = NAME

    def capture(self, name: str | int, backend: int, _settings: object = None) -> "Capture":
        self.backends.append(backend)
        if backend != cv2.CAP_FFMPEG:
            return Capture("", is_open=True, gives=PIXELS)
        options = dict(
            one.split(";") for one in ffmpeg.os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"].split("|")
        )
        assert options["input_format"] == options["format_whitelist"] == "dshow"
        size, rate = options["video_size"], int(options["framerate"])
        if name != f"video={self.name}":
            return Capture("", is_open=False)
        for letters, (width, height), highest in self.formats:
            if (f"{width}x{height}", rate) == (size, min(rate, highest)):
                self.opened.append((letters, size, rate))
                return Capture(letters, is_open=True, gives=PACKET)
        return Capture("", is_open=False)


@dataclass
class Capture:
    letters: str
    is_open: bool
    gives: np.ndarray | None = None

    def isOpened(self) -> bool:
        return self.is_open

    def set(self, _name: int, _value: float) -> bool:
        return True

    def get(self, name: int) -> float:
        if name == cv2.CAP_PROP_FOURCC and self.letters:
            return float(int.from_bytes(self.letters.encode(), "little"))
        return 0.0

    def read(self) -> tuple[bool, np.ndarray | None]:
        return self.gives is not None, self.gives

    def release(self) -> None:
        self.is_open = False


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Camera]:
    monkeypatch.setenv("OPENCV_FFMPEG_CAPTURE_OPTIONS", "")
    monkeypatch.setattr(ffmpeg, "_set", ffmpeg.os.environ.__setitem__)

    def play(*formats: tuple[str, tuple[int, int], int]) -> Camera:
        camera = Camera(list(formats))
        monkeypatch.setattr(cv2, "VideoCapture", camera.capture)
        return camera

    return play


def test_the_size_that_is_wanted_comes_as_packets(played: Callable[..., Camera]) -> None:
    camera = played(("YUY2", (1600, 1200), 5), ("MJPG", (1600, 1200), 30))
    mode = direct_show.open_packets(NAME, 1600, 1200).mode
    assert camera.opened == [("MJPG", "1600x1200", 30)]
    assert (mode.coding, mode.keeps_packets, mode.adds_tables) == ("MJPG", True, False)


def test_a_lower_rate_is_taken_before_another_size(played: Callable[..., Camera]) -> None:
    camera = played(("MJPG", (1600, 1200), 15), ("MJPG", (1920, 1080), 30))
    direct_show.open_packets(NAME, 1600, 1200)
    assert camera.opened == [("MJPG", "1600x1200", 15)]


def test_the_nearest_size_is_taken_if_the_wanted_one_is_not_offered(
    played: Callable[..., Camera],
) -> None:
    camera = played(("MJPG", (1280, 720), 30), ("MJPG", (1920, 1080), 30))
    direct_show.open_packets(NAME, 1600, 1200)
    assert camera.opened == [("MJPG", "1920x1080", 30)]


def test_a_camera_without_jpeg_is_not_asked_for_every_size(played: Callable[..., Camera]) -> None:
    camera = played(("YUY2", (1600, 1200), 30), ("YUY2", (1280, 720), 30))
    with pytest.raises(StationError) as caught:
        direct_show.open_packets(NAME, 1600, 1200)
    assert (caught.value.code, caught.value.facts["coding"]) == (ErrorCode.CAMERA_FAILED, "YUY2")
    assert camera.opened == [("YUY2", "1600x1200", 30)]


def test_without_a_name_nothing_is_opened(played: Callable[..., Camera]) -> None:
    camera = played()
    with pytest.raises(StationError):
        direct_show.open_packets("", 1600, 1200)
    assert camera.backends == []


class TestInItsPlace:
    """An attached camera of Windows, its back ends in their order."""

    @pytest.fixture(autouse=True)
    def on_windows(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(attached.sys, "platform", "win32")
        listed = [
            SimpleNamespace(index=0, name="Scope", path=PATH),
            SimpleNamespace(index=1, name="Scope", path=OTHER),
        ]
        monkeypatch.setattr(discovery, "_enumerated", lambda _backend: listed)
        monkeypatch.setattr(attached, "ask_node", lambda _node: None)
        monkeypatch.setattr(attached, "is_camera_refused", lambda: False)

    def test_packets_come_before_pixels(self, played: Callable[..., Camera]) -> None:
        camera = played(("MJPG", (160, 120), 30))
        mode = AttachedCamera(CameraSpec(CameraKind.DEVICE, index=0), 160, 120).open()
        assert (mode.backend, mode.keeps_packets) == ("ffmpeg", True)
        assert camera.backends == [cv2.CAP_FFMPEG]

    def test_direct_show_s_pixels_come_next_and_it_is_known_why(
        self, played: Callable[..., Camera]
    ) -> None:
        camera = played(("YUY2", (160, 120), 30))
        mode = AttachedCamera(CameraSpec(CameraKind.DEVICE, index=0), 160, 120).open()
        assert (mode.backend, mode.keeps_packets, mode.coding) == ("dshow", False, "YUY2")
        assert cv2.CAP_MSMF not in camera.backends
        assert pixel_cause(CameraKind.DEVICE, mode) is PixelCause.CAMERA

    def test_the_second_of_two_alike_is_found_by_its_own_path(
        self, played: Callable[..., Camera]
    ) -> None:
        camera = played(("MJPG", (160, 120), 30))
        camera.name = "@device_pnp_" + OTHER
        identity = discovery.windows_identity(OTHER)
        spec = CameraSpec(CameraKind.DEVICE, index=0, identity=identity)
        assert AttachedCamera(spec, 160, 120).open().backend == "ffmpeg"

    def test_packets_that_hung_are_not_tried_again(self, played: Callable[..., Camera]) -> None:
        camera = played(("MJPG", (160, 120), 30))
        spec = CameraSpec(CameraKind.DEVICE, index=0, tries_packets=False)
        assert AttachedCamera(spec, 160, 120).open().backend == "dshow"
        assert cv2.CAP_FFMPEG not in camera.backends

    def test_set_controls_are_kept_rather_than_packets(self, played: Callable[..., Camera]) -> None:
        camera = played(("MJPG", (160, 120), 30))
        spec = CameraSpec(CameraKind.DEVICE, index=0, controls=((Control.EXPOSURE, -5.0),))
        mode = AttachedCamera(spec, 160, 120).open()
        assert (mode.backend, cv2.CAP_FFMPEG in camera.backends) == ("dshow", False)
        cause = pixel_cause(CameraKind.DEVICE, mode, has_controls_set=True)
        assert cause is PixelCause.CONTROLS


@pytest.mark.parametrize(
    ("listed", "index", "name"),
    [
        ([("Scope", PATH), ("Scope", OTHER)], 1, "@device_pnp_" + OTHER),
        ([("Scope", PATH.replace("#{", ":{"))], 0, "@device_pnp_" + PATH.replace("#{", "_{")),
        ([("Scope", PATH), ("Studio", None)], 1, "Studio"),
        ([("Studio", ""), ("Studio", None)], 0, ""),  # which of them is not known
        ([("Studio: one", None)], 0, ""),  # FFmpeg would read half of it
        ([("Scope", PATH)], 4, ""),
    ],
)
def test_a_camera_is_named_to_ffmpeg_so_that_no_other_is_opened(
    monkeypatch: pytest.MonkeyPatch, listed: list[tuple[str, str | None]], index: int, name: str
) -> None:
    cameras = [
        SimpleNamespace(index=number, name=shown, path=path)
        for number, (shown, path) in enumerate(listed)
    ]
    monkeypatch.setattr(discovery, "_enumerated", lambda _backend: cameras)
    assert discovery.direct_show_name(index) == name
