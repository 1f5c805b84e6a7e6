"""Each camera has a lasting identity without any credential; a mere number is not one."""

from dataclasses import replace
from pathlib import Path

import pytest

from dermstation.camera.discovery import AttachedDevice, SocketCause
from dermstation.camera.spec import CameraKind, parse_camera
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.workflow import camera_facts
from dermstation.workflow.camera_facts import facts_of


def test_the_simulated_dermatoscope_is_known_by_its_label() -> None:
    assert facts_of(parse_camera("sim"), "Simulated dermatoscope").identity == (
        "Simulated dermatoscope"
    )


def test_network_cameras_differ_by_address_and_give_none_of_it_away() -> None:
    one, other = "rtsp://test:secret@camera-1/live", "rtsp://test:secret@camera-2/live"
    names = [facts_of(parse_camera(text), "Network camera").identity for text in (one, other)]
    assert names[0] != names[1]
    other_password = facts_of(parse_camera("rtsp://test:new@camera-1/live"), "Network camera")
    assert other_password.identity == names[0]  # so that nobody can guess it from the identity
    assert all(name.startswith("network:") and len(name) == 24 for name in names)
    assert not any(part in name for name in names for part in ("secret", "camera-", "live"))


DEVICES = {
    0: AttachedDevice("by-id/usb-Test_scope-7", "Test scope", 0),
    2: AttachedDevice("", "Nameless", 2),
    4: AttachedDevice("by-path/pci-usb-0:2:1.0", "Test scope", 4, by_socket=SocketCause.ALIKE),
}


@pytest.fixture
def attached(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three cameras; the name "by-id/old" is that of number 4, and "by-id/two" of two of them."""

    def attached_as(identity: str, index: int, _backend: str) -> AttachedDevice | None:
        if identity == "by-id/two":
            raise StationError(ErrorCode.CAMERA_ALIKE)
        names = {one.identity: one.index for one in DEVICES.values()} | {"by-id/old": 4}
        return DEVICES.get(names.get(identity, -1) if identity else index)

    monkeypatch.setattr(camera_facts, "attached_as", attached_as)
    buttons = {0: Path("/dev/input/event7")}
    monkeypatch.setattr(camera_facts, "find_button", buttons.get)


@pytest.mark.usefixtures("attached")
@pytest.mark.parametrize("text", ["device:0", "device:by-id/usb-Test_scope-7"])
@pytest.mark.parametrize("label", ["Test scope", "Camera 0", "Camera"])
def test_a_device_has_the_name_of_the_system_however_it_was_asked_for(
    text: str, label: str
) -> None:
    facts = facts_of(parse_camera(text), label)
    assert facts.identity == "by-id/usb-Test_scope-7"
    assert facts.button == Path("/dev/input/event7")


@pytest.mark.usefixtures("attached")
@pytest.mark.parametrize("text", ["device:2", "device:9", "auto", "device:by-id/two"])
def test_a_device_that_no_name_stands_for_alone_has_none(text: str) -> None:
    facts = facts_of(parse_camera(text), "Test scope")
    assert facts.identity == ""
    assert facts.button is None


@pytest.mark.usefixtures("attached")
def test_a_camera_asked_for_by_the_name_of_its_model_has_the_name_of_its_socket() -> None:
    assert facts_of(parse_camera("device:by-id/old"), "Test scope").identity == (
        "by-path/pci-usb-0:2:1.0"
    )


@pytest.mark.usefixtures("attached")
def test_the_device_that_auto_chose_is_the_device() -> None:
    chosen = replace(parse_camera("auto"), kind=CameraKind.DEVICE, index=4)
    assert facts_of(chosen, "Test scope").identity == "by-path/pci-usb-0:2:1.0"
