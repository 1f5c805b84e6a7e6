"""Cameras keep their names in any socket; drivers are queried as Linux defines."""

import errno
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dermstation.camera import discovery, v4l2
from dermstation.camera.controls import Control
from dermstation.camera.discovery import attached_devices, device_index, windows_identity
from dermstation.camera.v4l2 import OfferedMode, VideoNode

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="queries Linux devices")

MJPG, YUYV = (int.from_bytes(letters, "little") for letters in (b"MJPG", b"YUYV"))
SIZES = {MJPG: [(1600, 1200), (640, 480)], YUYV: [(640, 480)]}


class Driver:
    """Answers ioctls as linux/videodev2.h defines, with byte offsets written out here."""

    def __init__(self) -> None:
        self.values = {0x980918: 1, 0x98091A: 4600, 0x98090C: 1, 0x9A0901: 3, 0x9A0902: 156}
        self.ranges = {0x980918: (0, 2), 0x98091A: (2800, 6500), 0x9A0902: (5, 2047)}
        self.kind = 1
        self.capabilities = 0x84200001
        self.cards: dict[str, bytes] = {}  # by node
        self.format = struct.pack("=III", 640, 480, YUYV)
        self.asked: list[tuple[int, int]] = []
        self.refuses: dict[int, int] = {}  # an errno by the number of the ioctl

    def ioctl(self, descriptor: int, request: int, record: bytearray) -> int:
        number = request & 0xFF
        if number in self.refuses:
            raise OSError(self.refuses[number], "refused")
        self.node = Path(f"/proc/self/fd/{descriptor}").readlink().name
        answer: Callable[[bytearray], None] = {
            0: self.querycap,
            2: self.enum_fmt,
            4: self.g_fmt,
            5: self.s_fmt,
            8: self.reqbufs,
            27: self.g_ctrl,
            28: self.s_ctrl,
            36: self.queryctrl,
            74: self.frame_sizes,
            75: self.frame_intervals,
        }[number]
        assert request >> 16 & 0x3FFF == len(record)
        answer(record)
        return 0

    def querycap(self, record: bytearray) -> None:
        record[16:48] = self.cards.get(self.node, b"Skin Scope\x07 2").ljust(32, b"\0")
        struct.pack_into("=I", record, 84, self.capabilities)
        struct.pack_into("=I", record, 88, self.capabilities & 0x7FFFFFFF)

    def g_fmt(self, record: bytearray) -> None:
        assert struct.unpack_from("=I", record) == (1,)
        record[8:20] = self.format

    def s_fmt(self, record: bytearray) -> None:
        assert struct.unpack_from("=I", record) == (1,)
        self.format = bytes(record[8:20])

    def reqbufs(self, record: bytearray) -> None:
        count, kind, memory = struct.unpack_from("=III", record)
        self.asked.append((count, memory))
        assert kind == 1

    def enum_fmt(self, record: bytearray) -> None:
        index = struct.unpack_from("=I", record)[0]
        struct.pack_into("=I", record, 44, self._at(list(SIZES), index))

    def frame_sizes(self, record: bytearray) -> None:
        index, pixel_format = struct.unpack_from("=II", record)
        if self.kind == 1:
            size = self._at(SIZES[pixel_format], index)
            struct.pack_into("=III", record, 8, 1, *size)
        else:
            self._at([0], index)
            struct.pack_into("=IIIIIII", record, 8, 3, 16, 1920, 8, 16, 1080, 8)

    def frame_intervals(self, record: bytearray) -> None:
        index = struct.unpack_from("=I", record)[0]
        interval = self._at([(1, 15), (1, 30)], index)
        struct.pack_into("=III", record, 16, 1, *interval)

    def queryctrl(self, record: bytearray) -> None:
        number = struct.unpack_from("=I", record)[0]
        if number not in self.ranges:
            raise OSError(errno.EINVAL, "no such control")
        struct.pack_into("=iii", record, 40, *self.ranges[number], 1)

    def g_ctrl(self, record: bytearray) -> None:
        number = struct.unpack_from("=I", record)[0]
        if number not in self.values:
            raise OSError(errno.EINVAL, "no such control")
        struct.pack_into("=i", record, 4, self.values[number])

    def s_ctrl(self, record: bytearray) -> None:
        number, value = struct.unpack_from("=Ii", record)
        if number not in self.values:
            raise OSError(errno.EINVAL, "no such control")
        self.values[number] = value

    @staticmethod
    def _at(values: list[Any], index: int) -> Any:
        if index >= len(values):
            raise OSError(errno.EINVAL, "no more")
        return values[index]


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> Driver:
    made = Driver()
    monkeypatch.setattr(v4l2.fcntl, "ioctl", made.ioctl)
    return made


@pytest.fixture
def node(tmp_path: Path) -> Path:
    path = tmp_path / "video0"
    path.touch()
    return path


def test_the_requests_are_those_of_the_kernel_header() -> None:
    numbers = (v4l2.QUERYCAP, v4l2.ENUM_FMT, v4l2.G_CTRL, v4l2.S_CTRL, v4l2.QUERYCTRL)
    assert numbers == (0x80685600, 0xC0405602, 0xC008561B, 0xC008561C, 0xC0445624)
    assert (v4l2.ENUM_FRAMESIZES, v4l2.ENUM_FRAMEINTERVALS) == (0xC02C564A, 0xC034564B)
    assert (v4l2.G_FMT, v4l2.S_FMT, v4l2.REQBUFS) == (0xC0D05604, 0xC0D05605, 0xC0145608)


def test_modes_are_read_with_their_highest_rate(driver: Driver, node: Path) -> None:
    with VideoNode(node) as opened:
        assert opened.name() == "Skin Scope 2"
        assert opened.modes() == (
            OfferedMode("MJPG", 1600, 1200, 30.0),
            OfferedMode("MJPG", 640, 480, 30.0),
            OfferedMode("YUYV", 640, 480, 30.0),
        )
        driver.kind = 3
        assert opened.modes()[0] == OfferedMode("MJPG", 1920, 1080, 30.0)


def test_a_node_that_delivers_no_pictures_is_not_a_camera(driver: Driver, node: Path) -> None:
    driver.capabilities = 0x84A00000  # the metadata node of a UVC camera
    assert v4l2.describe(node) is None


def test_controls_are_read_set_and_returned_to_automatic(driver: Driver, node: Path) -> None:
    with VideoNode(node) as opened:
        states = {one.control: one for one in opened.controls()}
        assert set(states) == {Control.EXPOSURE, Control.WHITE_BALANCE, Control.POWER_LINE}
        exposure = states[Control.EXPOSURE]
        assert (exposure.value, exposure.least, exposure.most) == (156, 5, 2047)
        assert exposure.is_auto is True
        assert states[Control.POWER_LINE].is_auto is None
        assert opened.adjust(Control.EXPOSURE, 200)
        assert (driver.values[0x9A0901], driver.values[0x9A0902]) == (1, 200)
        assert opened.adjust(Control.EXPOSURE, None)
        assert driver.values[0x9A0901] == 3
        assert opened.adjust(Control.POWER_LINE, 2)
        assert not opened.adjust(Control.FOCUS, 10)


def test_the_granted_format_is_the_driver_s_word(driver: Driver, node: Path) -> None:
    with VideoNode(node) as opened:
        assert opened.granted() == "YUYV"
        driver.format = struct.pack("=III", 1600, 1200, MJPG)
        assert opened.granted() == "MJPG"


def test_asking_whether_a_device_is_in_use_changes_nothing(driver: Driver, node: Path) -> None:
    before = driver.format
    with VideoNode(node) as opened:
        assert not opened.is_in_use()
    assert driver.format == before
    assert driver.asked == [(1, 1), (0, 1)]  # a buffer, and given back


@pytest.mark.parametrize("number", [5, 8], ids=["format", "buffers"])
def test_a_device_whose_driver_answers_busy_is_in_use(
    driver: Driver, node: Path, number: int
) -> None:
    driver.refuses[number] = errno.EBUSY
    with VideoNode(node) as opened:
        assert opened.is_in_use()


@pytest.mark.parametrize(
    ("card", "name"),
    [
        ("Rig Dermatoscope: Rig Dermatosc", "Rig Dermatoscope"),
        ("Cam: Cam", "Cam"),
        ("Integrated Camera: Integrated I", "Integrated Camera: Integrated I"),
        ("A product of twenty-eight sig:", "A product of twenty-eight sig"),
        ("Skin: Scope", "Skin: Scope"),
    ],
)
def test_the_name_is_not_doubled(driver: Driver, node: Path, card: str, name: str) -> None:
    driver.cards["video0"] = card.encode()
    with VideoNode(node) as opened:
        assert opened.name() == name


def test_a_file_that_is_not_a_device_has_no_name(node: Path) -> None:
    assert v4l2.describe(node) is None


@pytest.fixture
def devices(tmp_path: Path, driver: Driver, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(discovery, "DEVICES", tmp_path)
    monkeypatch.setattr(discovery, "SYSTEM", tmp_path / "sys")
    driver.cards["video10"] = b"Another"
    for number in (0, 2, 10):
        (tmp_path / f"video{number}").touch()
    for folder, name, number in (
        ("by-path", "pci-usb-0:2:1.0-video-index0", 2),
        ("by-id", "usb-Maker_Scope_0001-video-index0", 2),
        ("by-path", "pci-usb-0:3:1.0-video-index0", 10),
    ):
        links = tmp_path / "v4l" / folder
        links.mkdir(parents=True, exist_ok=True)
        (links / name).symlink_to(tmp_path / f"video{number}")
    return tmp_path


def test_cameras_are_listed_with_the_best_name_they_have(devices: Path) -> None:
    assert [(one.index, one.camera) for one in attached_devices()] == [
        (0, "device:0"),
        (2, "device:by-id/usb-Maker_Scope_0001-video-index0"),
        (10, "device:by-path/pci-usb-0:3:1.0-video-index0"),
    ]


def test_a_camera_is_found_again_under_another_number(devices: Path) -> None:
    name = "by-id/usb-Maker_Scope_0001-video-index0"
    assert device_index(name, "v4l2") == 2
    link = devices / "v4l" / name
    link.unlink()
    assert device_index(name, "v4l2") is None
    (devices / "video2").unlink()
    link.symlink_to(devices / "video0")
    assert device_index(name, "v4l2") == 0


def test_both_windows_back_ends_give_a_camera_one_identity() -> None:
    device = r"\\?\usb#vid_046d&pid_0825&mi_00#7&2a0b&0&0000#"
    shown = windows_identity(device + r"{65e8773d-8f56-11d0-a3b9-00a0c9223196}\global")
    assert shown == "by-id/usb#vid_046d&pid_0825&mi_00#7&2a0b&0&0000"
    assert windows_identity(device.upper() + r"{e5323777-f976-4f5b-9b55-b94699c46e44}") == shown
    assert windows_identity(None) == ""
