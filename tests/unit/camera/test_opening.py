"""How an attached camera is opened, and what is said if it cannot be: a driver played at its edge.

The driver is a node whose ioctls are answered here; OpenCV's VideoCapture is played too, with its
time limits, on a clock of the test.
"""

import errno
import os
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import pytest

from dermstation.camera import discovery, v4l2
from dermstation.camera.frames import Encoding
from dermstation.camera.holders import holder_of
from dermstation.camera.sources import attached, choice, device_node, video
from dermstation.camera.sources.attached import AttachedCamera
from dermstation.camera.spec import CameraKind, CameraSpec
from dermstation.camera.windows_consent import is_camera_refused
from dermstation.domain.errors import ErrorCode, StationError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="plays a Linux driver")

OLD_S = 1_000_000_000  # a time stamp of long ago
OUT_OF_TIME_S = 1.0
Step = Callable[["Camera"], np.ndarray | None]


@dataclass
class Clock:
    now_s: float = 100.0

    def perf_counter(self) -> float:
        return self.now_s

    def perf_counter_ns(self) -> int:
        return int(self.now_s * 1e9)

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds

    def time(self) -> float:
        return OLD_S + self.now_s


@dataclass
class Camera:
    """What the driver and OpenCV do. `steps` are the reads, the last one for ever."""

    clock: Clock
    devices: Path
    steps: list[Step] = field(default_factory=list)
    coding: str = "MJPG"
    busy: frozenset[int] = frozenset()
    error: int = 0  # of every ioctl
    opens: list[bool] = field(default_factory=list)  # each opening: whether it streamed packets

    def node(self, number: int, *, age_s: float = 3600) -> Path:
        node = self.devices / f"video{number}"
        node.touch()
        appeared = self.clock.time() - age_s
        os.utime(node, (appeared, appeared))
        return node

    def ioctl(self, _descriptor: int, request: int, record: bytearray) -> int:
        number = request & 0xFF
        if self.error or number in self.busy:
            raise OSError(self.error or errno.EBUSY, "refused")
        if number == 0:
            record[16:48] = b"Scope: Scope".ljust(32, b"\0")
            struct.pack_into("=II", record, 84, 0x84200001, 0x04200001)
        elif number == 4:
            struct.pack_into("=II4s", record, 8, 160, 120, self.coding.encode())
        elif number not in (5, 8):
            raise OSError(errno.EINVAL, "no such thing")
        return 0

    def capture(self, index: int, _backend: int) -> "Capture":
        return Capture(self, is_open=(self.devices / f"video{index}").exists())


class Capture:
    def __init__(self, camera: Camera, *, is_open: bool) -> None:
        self._camera = camera
        self._is_open = is_open
        self.decodes = True

    def isOpened(self) -> bool:
        return self._is_open

    def set(self, name: int, value: float) -> bool:
        if name == cv2.CAP_PROP_CONVERT_RGB:
            self.decodes = bool(value)
            self._camera.opens.append(not value)
        return True

    def get(self, name: int) -> float:
        return 30.0 if name == cv2.CAP_PROP_FPS else 0.0

    def read(self) -> tuple[bool, np.ndarray | None]:
        steps = self._camera.steps
        image = (steps.pop(0) if len(steps) > 1 else steps[0])(self._camera)
        if image is not None and self.decodes and image.ndim < 3:
            return True, np.zeros((120, 160, 3), np.uint8)  # OpenCV fills what is missing
        return image is not None, image

    def release(self) -> None:
        self._is_open = False


PACKET = cv2.imencode(".jpg", np.full((120, 160, 3), 90, np.uint8))[1].reshape(1, -1)


def packet(_camera: Camera) -> np.ndarray:
    return PACKET


def pixels(_camera: Camera) -> np.ndarray:
    return np.zeros((120, 160, 3), np.uint8)


def rubbish(_camera: Camera) -> np.ndarray:
    return np.full((1, 500), 7, np.uint8)


def out_of_time(camera: Camera) -> None:
    camera.clock.sleep(OUT_OF_TIME_S)


def fails(_camera: Camera) -> None:
    pass


def goes(camera: Camera) -> None:
    """The device is unplugged: the reader hears of it at once, and its node is gone."""
    for node in camera.devices.glob("video*"):
        node.unlink()


@pytest.fixture
def camera(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Camera:
    clock = Clock()
    played = Camera(clock, tmp_path, [packet])
    for module in (attached, discovery):
        monkeypatch.setattr(module, "DEVICES", tmp_path)
    monkeypatch.setattr(discovery, "SYSTEM", tmp_path / "sys")
    for module in (attached, device_node, video):
        monkeypatch.setattr(module, "time", clock)
    monkeypatch.setattr(v4l2.fcntl, "ioctl", played.ioctl)
    monkeypatch.setattr(attached.cv2, "VideoCapture", played.capture)
    return played


def scope(index: int = 0) -> AttachedCamera:
    return AttachedCamera(CameraSpec(CameraKind.DEVICE, index=index), 160, 120)


def named(camera: Camera, name: str, number: int | None) -> AttachedCamera:
    """Return a camera that is known by a name, which udev links to node `number` or to none."""
    folder = camera.devices / "v4l" / "by-id"
    folder.mkdir(parents=True, exist_ok=True)
    if number is not None:
        (folder / name).symlink_to(camera.devices / f"video{number}")
    spec = CameraSpec(CameraKind.DEVICE, identity=f"by-id/{name}")
    return AttachedCamera(spec, 160, 120)


def trouble(open_one: AttachedCamera) -> StationError:
    with pytest.raises(StationError) as caught:
        open_one.open()
    return caught.value


class TestFirstPicture:
    @pytest.mark.parametrize("late", range(6))
    def test_its_own_bytes_are_kept_however_late_they_come(self, camera: Camera, late: int) -> None:
        camera.node(0)
        camera.steps = [*[out_of_time] * late, packet]
        source = scope()
        mode = source.open()
        assert (mode.coding, mode.keeps_packets, mode.width) == ("MJPG", True, 160)
        for _ in range(3):
            frame = source.read()
            assert frame is not None
            assert frame.encoding is Encoding.JPEG
            assert frame.payload.tobytes() == PACKET.tobytes()
        assert camera.opens == [True]

    def test_a_camera_that_sends_nothing_is_stalled_and_never_decoded(self, camera: Camera) -> None:
        camera.node(0)
        camera.steps = [out_of_time]
        assert trouble(scope()).code is ErrorCode.CAMERA_STALLED
        assert camera.opens == [True]

    def test_an_error_at_the_opening_does_not_lead_to_decoding(self, camera: Camera) -> None:
        camera.node(0)
        camera.steps = [fails, packet]
        source = scope()
        assert trouble(source).code is ErrorCode.CAMERA_FAILED
        assert source.open().keeps_packets  # tried again
        assert camera.opens == [True, True]

    def test_packets_that_cannot_be_read_are_never_decoded_by_opencv(self, camera: Camera) -> None:
        camera.node(0)
        camera.steps = [rubbish]
        source = scope()
        assert trouble(source).code is ErrorCode.CAMERA_TORN
        camera.steps = [packet]
        assert source.open().keeps_packets

    def test_a_camera_that_grants_pixels_is_decoded(self, camera: Camera) -> None:
        camera.node(0)
        camera.coding = "YUYV"
        camera.steps = [out_of_time, pixels]
        mode = scope().open()
        assert (mode.coding, mode.keeps_packets) == ("YUYV", False)
        assert camera.opens == [True, False]

    def test_pixels_may_take_as_long(self, camera: Camera) -> None:
        camera.node(0)
        camera.coding = "YUYV"
        camera.steps = [pixels, out_of_time, out_of_time, out_of_time, pixels]
        assert not scope().open().keeps_packets


class TestWhileStreaming:
    def test_a_time_limit_that_passes_is_a_stall(self, camera: Camera) -> None:
        camera.node(0)
        camera.steps = [packet, packet, out_of_time]
        source = scope()
        source.open()
        source.read()
        source.read()
        with pytest.raises(StationError) as caught:
            source.read()
        assert caught.value.code is ErrorCode.CAMERA_STALLED

    def test_an_unplugged_camera_is_absent(self, camera: Camera) -> None:
        camera.node(0)
        camera.steps = [packet, goes]
        source = scope()
        source.open()
        source.read()
        with pytest.raises(StationError) as caught:
            source.read()
        assert caught.value.code is ErrorCode.CAMERA_ABSENT
        source.close()
        assert trouble(source).code is ErrorCode.CAMERA_ABSENT

    def test_a_device_that_is_gone_while_its_node_remains_is_absent(self, camera: Camera) -> None:
        camera.node(0)
        camera.steps = [packet, fails]
        source = scope()
        source.open()
        source.read()
        camera.error = errno.ENODEV
        with pytest.raises(StationError) as caught:
            source.read()
        assert caught.value.code is ErrorCode.CAMERA_ABSENT

    def test_an_error_of_a_device_that_is_there_is_a_failure(self, camera: Camera) -> None:
        camera.node(0)
        camera.steps = [packet, fails]
        source = scope()
        source.open()
        source.read()
        with pytest.raises(StationError) as caught:
            source.read()
        assert caught.value.code is ErrorCode.CAMERA_FAILED


class TestWhatIsSaid:
    @pytest.mark.parametrize("number", [5, 8], ids=["format", "buffers"])
    def test_a_camera_held_by_an_account_that_cannot_be_seen_is_in_use(
        self, camera: Camera, number: int
    ) -> None:
        node = camera.node(0)
        camera.busy = frozenset({number})
        assert holder_of(node) is None
        said = trouble(scope())
        assert said.code is ErrorCode.CAMERA_BUSY
        assert not said.facts["program"]
        assert camera.opens == []  # OpenCV would wait for seconds

    @pytest.mark.parametrize("error", [errno.EACCES, errno.EPERM])
    def test_an_account_without_the_right_is_told_so(self, camera: Camera, error: int) -> None:
        camera.node(0)
        camera.error = error

        def refused(*_: object) -> int:
            raise OSError(error, "refused")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(v4l2.os, "open", refused)
            assert trouble(scope()).code is ErrorCode.CAMERA_REFUSED

    def test_another_camera_in_its_place_is_named(self, camera: Camera) -> None:
        source = named(camera, "usb-Scope_1", 0)
        camera.node(0)
        camera.steps = [packet, packet, goes]
        source.open()
        source.read()
        source.read()
        with pytest.raises(StationError) as caught:
            source.read()
        assert caught.value.code is ErrorCode.CAMERA_ABSENT
        source.close()
        camera.steps = [packet]
        (camera.devices / "v4l" / "by-id" / "usb-Scope_1").unlink()
        camera.node(0)  # another one of the model gets the number that it had
        said = trouble(source)
        assert (said.code, said.facts["other"]) == (ErrorCode.CAMERA_OTHER, "Scope")
        (camera.devices / "v4l" / "by-id" / "usb-Scope_1").symlink_to(camera.devices / "video0")
        assert source.open().keeps_packets

    def test_a_camera_that_has_just_appeared_is_not_yet_another_one(self, camera: Camera) -> None:
        source = named(camera, "usb-Scope_1", None)
        camera.node(0, age_s=1.9)
        assert trouble(source).code is ErrorCode.CAMERA_ABSENT
        camera.clock.sleep(0.2)
        assert trouble(source).code is ErrorCode.CAMERA_OTHER

    def test_without_any_camera_none_is_attached(self, camera: Camera) -> None:
        assert trouble(named(camera, "usb-Scope_1", None)).code is ErrorCode.CAMERA_ABSENT

    def test_two_cameras_of_one_name_are_not_opened(self, camera: Camera) -> None:
        source = named(camera, "usb-Scope_1", 0)
        for number in (0, 2):
            node = camera.node(number)
            link = camera.devices / "v4l" / "by-path" / f"pci-usb-0:{number}:1.0"
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(node)
        assert trouble(source).code is ErrorCode.CAMERA_ALIKE
        assert camera.opens == []

    def test_a_camera_that_has_just_appeared_is_being_opened_not_broken(
        self, camera: Camera
    ) -> None:
        camera.node(0, age_s=0.5)
        camera.steps = [fails]
        said = trouble(scope())
        assert said.facts == {"is_new": True}
        camera.clock.sleep(2)
        assert trouble(scope()).facts != {"is_new": True}

    def test_auto_says_what_is_wrong_with_the_camera_that_is_there(self, camera: Camera) -> None:
        camera.node(0)
        camera.steps = [out_of_time]
        spec = CameraSpec(CameraKind.AUTO, simulated_allowed=False)
        with pytest.raises(StationError) as caught:
            choice.open_first(spec, 160, 120)
        assert caught.value.code is ErrorCode.CAMERA_STALLED


@pytest.mark.parametrize("place", range(3))
def test_a_privacy_switch_of_windows_is_found_wherever_it_is(place: int) -> None:
    asked: list[tuple[int, str]] = []

    def read(root: int, key: str) -> str:
        asked.append((root, key))
        return "Deny" if len(asked) == place + 1 else "Allow"

    assert is_camera_refused(read)
    assert asked[-1][1].split("\\")[-1] == ("webcam", "webcam", "NonPackaged")[place]
    assert not is_camera_refused(lambda *_: "Allow")
    assert not is_camera_refused(lambda *_: "")
    assert not is_camera_refused()
