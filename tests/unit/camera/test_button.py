"""The camera's own button: found in a fake /sys, and read from a pipe in place of the device."""

import os
import threading
from pathlib import Path

import pytest

from dermstation.camera.button import (
    EVENT,
    KEY_CAMERA,
    ButtonListener,
    find_button,
    has_closed_button,
)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs Linux input events")


def a_camera(root: Path, *, keys: str, node: str = "event7") -> tuple[Path, Path]:
    """Make the parts of /sys and /dev for a USB camera with a button; return both folders."""
    usb = root / "sys" / "devices" / "usb1" / "1-1"
    interface = usb / "1-1:1.0"
    event = interface / "input" / "input12" / node
    event.mkdir(parents=True)
    (event / "device").symlink_to("..")
    capabilities = event.parent / "capabilities"
    capabilities.mkdir()
    (capabilities / "key").write_text(keys + "\n", encoding="ascii")
    video = root / "sys" / "class" / "video4linux"
    (video / "video0").mkdir(parents=True)
    (video / "video0" / "device").symlink_to(interface)
    inputs = root / "dev" / "input"
    inputs.mkdir(parents=True)
    (inputs / node).write_bytes(b"")
    return video, inputs


def bits(*keys: int) -> str:
    """Return key numbers as the kernel writes them: hexadecimal 64-bit words, highest first."""
    whole = sum(1 << key for key in keys)
    words = [whole >> shift & (1 << 64) - 1 for shift in (192, 128, 64, 0)]
    return " ".join(f"{word:x}" for word in words)


def test_the_button_of_the_camera_is_found(tmp_path: Path) -> None:
    video, inputs = a_camera(tmp_path, keys=bits(KEY_CAMERA))
    assert find_button(0, video, inputs) == inputs / "event7"


@pytest.mark.parametrize("keys", [bits(30, 31), "0", "", bits(KEY_CAMERA - 1)])
def test_an_input_device_without_that_key_is_not_a_button(tmp_path: Path, keys: str) -> None:
    video, inputs = a_camera(tmp_path, keys=keys)
    assert find_button(0, video, inputs) is None


def test_another_camera_has_no_button(tmp_path: Path) -> None:
    video, inputs = a_camera(tmp_path, keys=bits(KEY_CAMERA))
    assert find_button(1, video, inputs) is None


def test_a_device_that_this_account_may_not_read_is_left_alone(tmp_path: Path, monkeypatch) -> None:
    video, inputs = a_camera(tmp_path, keys=bits(KEY_CAMERA))
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert find_button(0, video, inputs) is None


def test_a_button_that_this_account_may_not_read_is_told_to_it(tmp_path: Path, monkeypatch) -> None:
    video, inputs = a_camera(tmp_path, keys=bits(KEY_CAMERA))
    assert not has_closed_button(video, inputs)
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert has_closed_button(video, inputs)
    assert not has_closed_button(tmp_path / "none", inputs)


def test_the_rule_of_the_package_opens_buttons_of_cameras_alone() -> None:
    rules = Path(__file__).parents[3] / "packaging" / "linux"
    (file,) = rules.glob("*.rules")
    assert int(file.name[:2]) < 73, "it would come after the tag is read"
    lines = file.read_text(encoding="ascii").splitlines()
    (rule,) = (line for line in lines if line and not line.startswith("#"))
    parts = [part.strip() for part in rule.split(",")]
    assert {'SUBSYSTEM=="input"', 'DRIVERS=="uvcvideo"', 'SUBSYSTEMS=="usb"'} <= set(parts)
    assert [part for part in parts if "==" not in part and "!=" not in part] == ['TAG+="uaccess"']


class Presses:
    def __init__(self) -> None:
        self.count = 0
        self.one = threading.Event()

    def __call__(self) -> None:
        self.count += 1
        self.one.set()


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    node = tmp_path / "event7"
    os.mkfifo(node)
    return node


def events(*values: tuple[int, int, int]) -> bytes:
    return b"".join(EVENT.pack(1, 2, *one) for one in values)


def test_a_press_counts_once_and_other_events_do_not(pipe: Path) -> None:
    presses = Presses()
    listener = ButtonListener(pipe, presses)
    writer = os.open(pipe, os.O_RDWR)
    listener.start()
    pressed = events((4, 4, 1), (1, 30, 1), (1, KEY_CAMERA, 1), (1, KEY_CAMERA, 2), (0, 0, 0))
    os.write(writer, pressed[:30])  # a read may end in the middle of an event
    os.write(writer, pressed[30:])
    assert presses.one.wait(20)
    os.write(writer, events((1, KEY_CAMERA, 0)))
    listener.finish()
    os.close(writer)
    assert presses.count == 1


def test_finish_ends_it_even_if_the_button_is_never_pressed(pipe: Path) -> None:
    writer = os.open(pipe, os.O_RDWR)
    listener = ButtonListener(pipe, Presses())
    listener.start()
    listener.finish()
    os.close(writer)
    assert not listener.is_alive()


def test_a_device_that_goes_away_ends_it(tmp_path: Path) -> None:
    listener = ButtonListener(tmp_path / "absent", Presses())
    listener.start()
    listener.join(20)
    assert not listener.is_alive()
    listener.finish()
